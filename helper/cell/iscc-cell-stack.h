/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-cell-stack - the radio stack of a scenario: its medium, and its devices on nodes. */
#ifndef ISCC_CELL_STACK_H
#define ISCC_CELL_STACK_H

#include "iscc-cell-world.h"
#include "iscc-ns3.h"
#include "iscc-scenario.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A channel, or network, of the scenario's stack with its settings. */
iscc_status iscc_cell_stack_create(const iscc_scenario *scenario, iscc_ns3_handle *channel,
                                   iscc_error *error);

/* Makes room for as many nodes as the scenario has by now, where they must be known before the first: LTE. */
iscc_status iscc_cell_stack_resize(const iscc_scenario *scenario, iscc_ns3_handle channel, iscc_error *error);

/* A device on that channel. settings are of the Shannon channel; of them other stacks take hub alone. */
iscc_status iscc_cell_stack_install(const iscc_scenario *scenario, iscc_ns3_handle channel,
                                    iscc_ns3_handle node, const iscc_ns3_device_settings *settings,
                                    iscc_ns3_handle *device, iscc_error *error);

/* The settings of node id's device. */
void iscc_cell_stack_device(const iscc_scenario *scenario, const iscc_cell_world *world, uint32_t id,
                            iscc_ns3_device_settings *settings);

/* What only the Shannon channel has, once all devices have their place: of the channel and its hub, then of node id's
 * device. */
iscc_status iscc_cell_stack_tune(const iscc_scenario *scenario, iscc_ns3_handle channel, iscc_ns3_handle hub,
                                 iscc_error *error);
iscc_status iscc_cell_stack_tune_device(const iscc_scenario *scenario, const iscc_cell_world *world,
                                        uint32_t id, iscc_ns3_handle device, iscc_ns3_handle hub,
                                        iscc_error *error);

#ifdef __cplusplus
}
#endif
#endif
