/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-fake-host - a world for tests: an event queue, radios of rate eq. (7), and faults on demand.
 *
 * Each node has its own band to the server and back. Airtime is rounded up to nanoseconds and follows the
 * fading blocks it passes; energy is power times the exact airtime. Equal times fire in the order they were
 * scheduled. */
#ifndef ISCC_FAKE_HOST_H
#define ISCC_FAKE_HOST_H

#include "iscc-edge-node.h"
#include "iscc-fading.h"
#include "iscc-server.h"
#include "iscc-wire.h"

enum { ISCC_FAKE_NODES_MAX = 16, ISCC_FAKE_KINDS = ISCC_MESSAGE_ANSWER + 1 };

typedef struct iscc_fake_world iscc_fake_world;

typedef struct {
  int copies;       /* 0: lost on its way, 1, 2: duplicated */
  int64_t delay_ns; /* beyond the propagation: reorders */
} iscc_fake_fate;

typedef struct {
  iscc_link link; /* snr_per_w before fading */
  iscc_fading fading;
  iscc_edge_node *node;
} iscc_fake_band;

typedef struct {
  double power_w, energy_j; /* what the node draws now and drew so far */
  int64_t since_ns;
} iscc_fake_load;

struct iscc_fake_world {
  uint64_t seed, run;
  iscc_fake_band band[ISCC_FAKE_NODES_MAX];
  iscc_server *server;
  bool link_fails, send_fails;
  /* What becomes of a datagram; NULL: it arrives. up: towards the server. */
  iscc_fake_fate (*fate)(void *ctx, uint32_t node, bool up, const uint8_t *bytes, size_t n_bytes);
  void *fate_ctx;
  /* counts */
  uint64_t sent[ISCC_FAKE_KINDS]; /* by kind of message */
  double energy_j[ISCC_FAKE_NODES_MAX];
  iscc_fake_load load[ISCC_FAKE_NODES_MAX][ISCC_LOAD_COUNT];
  uint64_t events;
  struct iscc_fake_clock *clock; /* private */
};

/* Bands: 100 kHz, 100 per W, no propagation, answers at 1 Mbit/s, 28 bytes of headers, datagrams of 1472
 * bytes. */
iscc_fake_world *iscc_fake_world_create(uint64_t seed);
void iscc_fake_world_destroy(iscc_fake_world *world); /* not the nodes and the server */

iscc_host iscc_fake_node_host(iscc_fake_world *world, uint32_t node);
iscc_host iscc_fake_server_host(iscc_fake_world *world);

int64_t iscc_fake_now_ns(const iscc_fake_world *world);

/* Runs all events up to and at end_ns; the clock stands at end_ns then. */
void iscc_fake_run_until(iscc_fake_world *world, int64_t end_ns);
/* Runs until nothing is left to happen; false: more than events_max happened. */
bool iscc_fake_run_out(iscc_fake_world *world, uint64_t events_max);

/* Calls fn(arg) at time_ns. */
void iscc_fake_call_at(iscc_fake_world *world, int64_t time_ns, void (*fn)(void *arg), void *arg);

#endif
