/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-world.h"

#include <math.h>
#include <string.h>

#include "iscc-option-scope.h"
#include "iscc-options.h"

const struct argp_option iscc_world_options[] = {
    {"noise-figure", ISCC_OPTION_NOISE_FIGURE, "DB", 0,
     "noise is thermal, 290 K, with this noise figure, and --propagation alone makes the SNR, in place of "
     "--snr-db",
     3},
    {"channel-trace", ISCC_OPTION_CHANNEL, "FILE", 0,
     "lines of a time in s and the SNR g/(B N_0) at 1 W from then on in dB, one for all nodes or one for "
     "each, in "
     "place of --snr-db, --coherence and --propagation",
     3},
    {"mobility-trace", ISCC_OPTION_MOVEMENT, "FILE", 0,
     "ns-2 movements, as SUMO, BonnMotion and setdest write them: node k of the run is $node_(k) of the "
     "file; in "
     "place of --mobility, --distance, --radius and --node-height",
     4},
    {"server-position", ISCC_OPTION_SERVER_POSITION, "X:Y:Z", 0, "where the server is, m (default 0:0:0)", 4},
    {"node-height", ISCC_OPTION_NODE_HEIGHT, "M", 0, "Z of the nodes, m (default 0)", 4},
    {"buildings", ISCC_OPTION_BUILDINGS, "LIST", 0,
     "for loss models and channel conditions that know of them: ns3::Building[Boundaries=x0|x1|y0|y1|z0|z1], "
     "m, "
     "several separated by ;",
     4},
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

bool iscc_world_set(iscc_world *w, int key, const char *arg, const struct argp_state *state) {
  switch (key) {
  case ISCC_OPTION_MOVEMENT:
    w->movement_file = arg;
    break;
  case ISCC_OPTION_CHANNEL:
    w->channel_file = arg;
    break;
  case ISCC_OPTION_BUILDINGS:
    if (!*arg) iscc_option_refuse(state, "--buildings: is empty; leave it out");
    w->buildings = arg;
    break;
  case ISCC_OPTION_SERVER_POSITION:
    parse_position(state, arg, w->server_position_m);
    break;
  case ISCC_OPTION_NODE_HEIGHT:
    w->node_height_m = iscc_option_real(state, "node-height", arg, -1e7, 1e7);
    break;
  case ISCC_OPTION_NOISE_FIGURE:
    w->noise_figure_db = iscc_option_real(state, "noise-figure", arg, 0, 100);
    break;
  default:
    return false;
  }
  return true;
}
