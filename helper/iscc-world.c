/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-world.h"

#include <math.h>
#include <string.h>

#include "iscc-options.h"

enum { /* beyond those of the scenario */
       OPTION_MOVEMENT = 512,
       OPTION_CHANNEL,
       OPTION_BUILDINGS,
       OPTION_SERVER_POSITION,
       OPTION_NODE_HEIGHT,
       OPTION_NOISE_FIGURE
};

static const struct argp_option options[] = {
    {NULL, 0, NULL, 0, "World", 3},
    {"mobility-trace", OPTION_MOVEMENT, "FILE", 0,
     "ns-2 movements, as SUMO, BonnMotion and setdest write them: node k of the run is $node_(k) of the "
     "file; "
     "--distance, --radius and --node-height do not apply",
     0},
    {"server-position", OPTION_SERVER_POSITION, "X:Y:Z", 0, "where the server is, m (default 0:0:0)", 0},
    {"node-height", OPTION_NODE_HEIGHT, "M", 0, "Z of the nodes, m (default 0)", 0},
    {"buildings", OPTION_BUILDINGS, "LIST", 0,
     "\"ns3::Building[Boundaries=x0|x1|y0|y1|z0|z1|...];...\", m, for loss models and channel conditions "
     "that know of "
     "buildings",
     0},
    {"noise-figure", OPTION_NOISE_FIGURE, "DB", 0,
     "noise is thermal, 290 K, with this noise figure, and --propagation alone makes the SNR: --snr-db does "
     "not apply",
     0},
    {"channel-trace", OPTION_CHANNEL, "FILE", 0,
     "lines of a time in s and the SNR g/(B N_0) at 1 W from then on in dB, one for all nodes or one for "
     "each; "
     "--snr-db and --coherence do not apply",
     0},
    {0}};

void iscc_world_defaults(iscc_world *world) {
  memset(world, 0, sizeof *world);
  world->noise_figure_db = (double)NAN;
}

static void parse_position(const struct argp_state *state, const char *text, double position_m[3]) {
  const char *rest = text;
  for (int i = 0; i < 3; i++) {
    char item[32];
    const size_t length = strcspn(rest, ":");
    if (length >= sizeof item || (rest[length] == ':') != (i < 2))
      iscc_option_refuse(state, "--server-position: '%s' is not X:Y:Z", text);
    memcpy(item, rest, length);
    item[length] = '\0';
    position_m[i] = iscc_option_real(state, "server-position", item, -1e7, 1e7);
    rest += length + 1;
  }
}

static error_t parse(int key, char *arg, struct argp_state *state) {
  iscc_world *w = state->input;
  switch (key) {
  case OPTION_MOVEMENT:
    w->movement_file = arg;
    break;
  case OPTION_CHANNEL:
    w->channel_file = arg;
    break;
  case OPTION_BUILDINGS:
    w->buildings = arg;
    break;
  case OPTION_SERVER_POSITION:
    parse_position(state, arg, w->server_position_m);
    break;
  case OPTION_NODE_HEIGHT:
    w->node_height_m = iscc_option_real(state, "node-height", arg, -1e7, 1e7);
    break;
  case OPTION_NOISE_FIGURE:
    w->noise_figure_db = iscc_option_real(state, "noise-figure", arg, 0, 100);
    break;
  default:
    return ARGP_ERR_UNKNOWN;
  }
  return 0;
}

const struct argp iscc_world_argp = {.options = options, .parser = parse};

void iscc_world_json(const iscc_world *w, json_t *o) {
  const double *at = w->server_position_m;
  if (w->movement_file) json_object_set_new(o, "mobility_trace", json_string(w->movement_file));
  if (w->channel_file) json_object_set_new(o, "channel_trace", json_string(w->channel_file));
  if (w->buildings) json_object_set_new(o, "buildings", json_string(w->buildings));
  json_object_set_new(o, "server_position_m", json_pack("[f,f,f]", at[0], at[1], at[2]));
  json_object_set_new(o, "node_height_m", json_real(w->node_height_m));
  if (!isnan(w->noise_figure_db)) json_object_set_new(o, "noise_figure_db", json_real(w->noise_figure_db));
}
