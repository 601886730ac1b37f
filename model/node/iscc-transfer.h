/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-transfer - the uplink of one task at a time, from the first fragment to the server's answer.
 *
 * All fragments are handed to the host at once. When the last one has left and no answer comes within a
 * patience (planned server time, answer, both propagations, a margin; doubled with every round), the server
 * is asked: it names the fragments it lacks, which are sent again, or says that it is at work. Sending again
 * and an asking without reply are rounds; the task is lost when it needs one more than retry_limit of them,
 * or at the time limit.
 *
 * Over a reliable host nothing is asked for or sent again: the answer comes, or the connection or the time
 * limit ends it.
 *
 * Memory: the caller's struct and buffers; nothing is allocated. */
#ifndef ISCC_TRANSFER_H
#define ISCC_TRANSFER_H

#include "iscc-planner.h"
#include "iscc-wire.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct iscc_transfer {
  /* for good */
  iscc_host host;
  iscc_charge charge;
  int retry_limit;
  int64_t limit_ns;       /* 0: none */
  int64_t max_latency_ns; /* of an answer after the task's arrival */
  const uint8_t *payload; /* of the task under way; zeros with modelled inference */
  uint8_t *datagram;      /* work space */
  size_t datagram_capacity;
  void *ctx;
  void (*answered)(void *ctx, const iscc_message *answer); /* both after the transfer's end */
  void (*lost)(void *ctx);
  /* of the task under way */
  bool active;
  iscc_task *task; /* its counts go up */
  iscc_payload_plan plan;
  int split, bits;
  double power_w;
  int64_t start_ns, last_end_ns, patience_ns;
  int outstanding; /* datagrams handed over, frames of a reliable host too, whose end was not told yet */
  int rounds;
  uint8_t asked_round; /* of the latest asking */
  bool asked;          /* no reply to it yet */
  uint64_t timer, limit;
  /* counts */
  uint64_t send_failures;
  iscc_error send_error; /* the latest one */
} iscc_transfer;

/* split, bits and transmit power of decision; plan: its payload; server_s: planned time at the server. */
void iscc_transfer_begin(iscc_transfer *t, iscc_task *task, const iscc_decision *decision,
                         const iscc_payload_plan *plan, const iscc_link *link);

/* A datagram of the task under way has left (or was dropped by the radio) at end_ns. */
void iscc_transfer_transmitted(iscc_transfer *t, int64_t end_ns);

/* A message of the server about the task under way. false: it makes no sense. */
bool iscc_transfer_message(iscc_transfer *t, const iscc_message *message);

/* The connection of a reliable host is lost. */
void iscc_transfer_disconnected(iscc_transfer *t);

/* Ends without a callback; events are cancelled. Harmless when nothing is under way. */
void iscc_transfer_end(iscc_transfer *t);

#ifdef __cplusplus
}
#endif
#endif
