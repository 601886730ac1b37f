/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-cell-world - where the nodes of a cell are, and what a file says of their channels. */
#ifndef ISCC_CELL_WORLD_H
#define ISCC_CELL_WORLD_H

#include "iscc-channel-trace.h"
#include "iscc-fingerprint.h"
#include "iscc-movement.h"
#include "iscc-ns3.h"
#include "iscc-scenario.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
  iscc_movement *movement;    /* NULL: none */
  iscc_channel_trace *trace;  /* NULL: none; must outlive the simulation */
  iscc_fingerprint positions; /* of what was drawn to place nodes */
} iscc_cell_world;

/* Refuses options that do not go together (ISCC_EINVAL) and reads the files. */
iscc_status iscc_cell_world_read(const iscc_scenario *scenario, iscc_cell_world *world, iscc_error *error);
void iscc_cell_world_free(iscc_cell_world *world); /* zeros are fine */

/* Where node id is at first, m. Nodes are placed in the order of their ids. */
iscc_status iscc_cell_world_place(iscc_cell_world *world, const iscc_scenario *scenario, uint32_t id,
                                  double position_m[3], iscc_error *error);
/* Puts it there, to move as the scenario says. */
iscc_status iscc_cell_world_install(const iscc_cell_world *world, const iscc_scenario *scenario, uint32_t id,
                                    iscc_ns3_handle node, const double position_m[3], iscc_error *error);

/* The channel of node id's Shannon device. */
void iscc_cell_world_tune(const iscc_cell_world *world, const iscc_scenario *scenario, uint32_t id,
                          iscc_ns3_device_settings *device);
/* SNR at 1 W over the whole bandwidth that the device's noise is to be set by; NAN: the noise stays. */
double iscc_cell_world_snr(const iscc_cell_world *world, const iscc_scenario *scenario);

#ifdef __cplusplus
}
#endif
#endif
