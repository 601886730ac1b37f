/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-world - the options of a scenario that say where things are and where the channel comes from.
 *
 * Texts are borrowed from the command line. What fits together is in iscc-option-scope.h. */
#ifndef ISCC_WORLD_H
#define ISCC_WORLD_H

#include <argp.h>
#include <stdbool.h>

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

/* As iscc_scenario_options and iscc_scenario_set(), which knows these. */
extern const struct argp_option iscc_world_options[];
bool iscc_world_set(iscc_world *world, int key, const char *text, const struct argp_state *state);

#ifdef __cplusplus
}
#endif
#endif
