/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-host - what an edge node or a server needs from the world it runs in.
 *
 * A host is a table of functions with one context pointer. ns-3 fills it in model/ns3, tests fill it with a
 * fake of some dozens of lines. Times are integer nanoseconds; equal times fire in the order they were
 * scheduled. */
#ifndef ISCC_HOST_H
#define ISCC_HOST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "iscc-random.h"
#include "iscc-status.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { ISCC_LINK_RATES_MAX = 32 };

typedef struct {       /* the radio link to the peer, as it is now */
  int rates;           /* 0: Shannon's, of the next two; else the rates that the radio has */
  double bandwidth_hz; /* B of the node's own band */
  double snr_per_w;    /* g/(B N_0), 1/W */
  double fading;       /* of g: the power gain of block fading, mean 1; 0: there is none */
  double shadowing;    /* of g: first random number of sight and shadowing, 0..1; 0: there are none */
  double rate_bps[ISCC_LINK_RATES_MAX], power_w[ISCC_LINK_RATES_MAX]; /* increasing; the least P_c of each */
  double air_share[ISCC_LINK_RATES_MAX]; /* of the time each rate is of, in which the radio sends; 0: all */
  double access_s; /* of each transfer, beside its bits at the rate: waiting, preamble, acknowledgement */
  double propagation_s;        /* one way */
  double answer_access_s;      /* of the peer's answers to the node, beside their bits, */
  double answer_rate_bps;      /* and their rate */
  int datagram_overhead_bytes; /* UDP, IP and link headers of one datagram */
  int datagram_max_bytes;      /* largest application payload of one datagram */
  int answer_ahead_bytes;      /* that the answer waits for, such as an acknowledgement; 0: none */
} iscc_link;

typedef struct {     /* one datagram to send */
  uint32_t peer;     /* a server's: which node it is for; a node has one peer: 0 */
  const void *bytes; /* copied before send returns; NULL: n_bytes zero bytes */
  size_t n_bytes;
  double power_w;      /* transmit power P_c; <= 0: the device's own */
  double charged_bits; /* bits that cost airtime; < 0: all that is really sent, headers included */
  uint64_t token;      /* given back with the transmission's end */
} iscc_transmission;

typedef enum {
  ISCC_LOAD_SENSING,
  ISCC_LOAD_COMPUTE
} iscc_load; /* what a node draws power for, the radio aside */
enum { ISCC_LOAD_COUNT = 2 };

typedef struct iscc_host {
  void *ctx;
  int64_t (*now_ns)(void *ctx); /* never decreases */
  /* Calls fn(arg) at now + delay_ns (delay_ns >= 0). Returns an id > 0 for cancel; 0 when it cannot. */
  uint64_t (*schedule)(void *ctx, int64_t delay_ns, void (*fn)(void *arg), void *arg);
  void (*cancel)(void *ctx, uint64_t id); /* of an event that has not fired; a fired or 0 id is ignored */
  /* Hands a datagram to the network. Its end is told by ..._on_transmitted(), its arrival by
   * ..._on_receive(). Each datagram of a node that send accepted is told of exactly once, those the radio
   * drops too (airtime and energy 0); on_transmitted comes before, or at the same simulated time as, the
   * datagram's arrival. */
  iscc_status (*send)(void *ctx, const iscc_transmission *transmission, iscc_error *error);
  iscc_status (*link)(void *ctx, iscc_link *link, iscc_error *error); /* nodes only; servers leave it NULL */
  /* This node's stream, from its start. Nodes only; servers draw nothing. */
  void (*random)(void *ctx, iscc_purpose purpose, iscc_random *stream);
  /* The node draws power_w for load from now on; 0: no longer. Over time it is the energy that the task is
   * charged. Nodes only; NULL: nobody wants to know. */
  void (*draw)(void *ctx, iscc_load load, double power_w);
  /* What send is given arrives whole, once and in order, or the connection is lost, which is told by
   * ..._on_disconnected(). A message's end is told when the last of it is acknowledged, with no energy; the
   * energy is of the transport's frames. */
  bool reliable;
  /* The node serves task `token`, of which it will send something at power_w, from now on; power_w 0: no
   * longer, and what is not acknowledged yet is of no use any more. A reliable host's frames in between are the
   * task's: ..._on_sending() tells each, and one more ..._on_transmitted() its end. Nodes only; NULL: nobody
   * wants to know. */
  void (*serve)(void *ctx, uint64_t token, double power_w);
  /* Switches the node's radio off: what was handed over and is not told of yet is told of before this
   * returns, with what it cost so far. Nodes only; NULL: it cannot be. */
  void (*silence)(void *ctx);
} iscc_host;

#ifdef __cplusplus
}
#endif
#endif
