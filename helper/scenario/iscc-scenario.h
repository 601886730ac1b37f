/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-scenario - what every example scenario is made of: task, channel, world, node, server, files, and the options
 * that set it. Defaults: Table II of the paper, with block fading around 10 dB. */
#ifndef ISCC_SCENARIO_H
#define ISCC_SCENARIO_H

#include <argp.h>
#include <stdbool.h>

#include "iscc-node-settings.h"
#include "iscc-ready-queue.h"
#include "iscc-world.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum {
  ISCC_BAND_OWN,   /* each node has a band of bandwidth_hz to itself */
  ISCC_BAND_SHARED /* one band of bandwidth_hz, of which each node has an equal part */
} iscc_band;

typedef enum { ISCC_STACK_SHANNON, ISCC_STACK_WIFI, ISCC_STACK_LR_WPAN, ISCC_STACK_LTE } iscc_stack;

typedef struct {
  iscc_stack uplink;
  bool tcp;                  /* messages go over TCP, else UDP */
  const char *wifi_standard; /* 802.11n, 802.11ac, 802.11ax */
  const char *propagation;   /* chain of ns-3's loss models; NULL: none (Shannon), log-distance (others) */
  const char *mobility;      /* ns-3 type of the nodes\' movement; NULL: they stand still */
  uint32_t nodes;            /* 1..ISCC_SCENARIO_NODES_MAX */
  iscc_band band;
  iscc_node_settings node; /* arrivals.count: tasks of each node; id is set for each */
  int server_cores;
  iscc_queue_discipline server_queue;
  double bandwidth_hz;                 /* B */
  double snr_db;                       /* mean g/(B N_0), dB at 1 W */
  double coherence_s;                  /* of block fading; 0: a static channel */
  double loss;                         /* share of packets lost */
  double distance_m;                   /* node to server; several stand on a circle */
  double radius_m;                     /* > 0: nodes stand anywhere in this disc instead */
  uint32_t seed;                       /* RngSeed */
  uint64_t run;                        /* RngRun */
  double stop_s;                       /* when the run ends, whatever is left; 0: with the last task */
  iscc_world world;                    /* the rest of places and channels */
  const char *battery;                 /* of each node: joules, or an ns-3 energy source; NULL: none */
  const char *harvester;               /* ns-3 type that feeds it; NULL: none */
  double idle_power_w;                 /* what a node with a battery always draws */
  const char *database, *model, *pcap; /* model NULL: the default one; pcap NULL: none */
} iscc_scenario;

enum { ISCC_SCENARIO_NODES_MAX = 100000 };

void iscc_scenario_defaults(iscc_scenario *scenario);

/* The stack of a word of --uplink; ISCC_EINVAL names those there are. */
iscc_status iscc_stack_find(const char *word, iscc_stack *stack, iscc_error *error);

const char *iscc_stack_word(iscc_stack stack);

/* ---- options; iscc-scenario-read.h reads a command line of them ---- */

/* With keys of iscc-option-scope.h; iscc_world_options are the rest of them. */
extern const struct argp_option iscc_scenario_options[];

/* Sets what one option of either table says; its text is borrowed. A wrong one ends the program with status 2. false:
 * the key is of no option. */
bool iscc_scenario_set(iscc_scenario *scenario, int key, const char *text, const struct argp_state *state);

/* Without dashes; NULL: the key is of no option. */
const char *iscc_scenario_option_name(int key);

#ifdef __cplusplus
}
#endif
#endif
