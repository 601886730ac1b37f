/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-world - the options of a scenario that say where things are and where the channel comes from.
 *
 * Texts are borrowed from the command line. What must fit together is checked where the world is made. */
#ifndef ISCC_WORLD_H
#define ISCC_WORLD_H

#include <argp.h>
#include <jansson.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
  const char *movement_file; /* ns-2 movements of the nodes (iscc-movement.h); NULL: none */
  const char *channel_file;  /* SNR over time (iscc-channel-trace.h); NULL: none */
  const char *buildings;     /* ns3::Building[...];...; NULL: none */
  double server_position_m[3];
  double node_height_m;   /* Z of nodes that no file places */
  double noise_figure_db; /* the SNR is that of the loss models over thermal noise; NAN: it is given */
} iscc_world;

void iscc_world_defaults(iscc_world *world);

/* Options and parser, a child of the scenario's; the input is an iscc_world. */
extern const struct argp iscc_world_argp;

/* Adds all that was given, units in the names. */
void iscc_world_json(const iscc_world *world, json_t *object);

#ifdef __cplusplus
}
#endif
#endif
