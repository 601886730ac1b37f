/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-transfer.h"

#include <math.h>

static const int64_t PATIENCE_LEAST_NS = 20000000; /* beyond the planned time: 20 ms, */
enum { PATIENCE_RTTS = 4, DOUBLINGS_MAX = 6 };     /* or this many round trips if they are longer */
static const int64_t BUSY_MOST_NS =
    3600000000000; /* a server that claims to need longer is asked again after 1 h */

static void on_timer(void *arg);
static void on_limit(void *arg);

static void cancel(iscc_transfer *t, uint64_t *event) {
  if (*event) t->host.cancel(t->host.ctx, *event);
  *event = 0;
}

static void arm(iscc_transfer *t, int64_t extra_ns) {
  if (t->host.reliable) return; /* nothing needs to be asked for */
  cancel(t, &t->timer);
  const int doublings = t->rounds < DOUBLINGS_MAX ? t->rounds : DOUBLINGS_MAX;
  t->timer =
      t->host.schedule(t->host.ctx, extra_ns + t->patience_ns * ((int64_t)1 << doublings), on_timer, t);
}

/* Hands one datagram over; a refused one is as good as lost on the air. */
static void hand_over(iscc_transfer *t, size_t n_bytes, double payload_bits) {
  const iscc_transmission transmission = {.bytes = t->datagram,
                                          .n_bytes = n_bytes,
                                          .power_w = t->power_w,
                                          .charged_bits =
                                              t->charge == ISCC_CHARGE_PAYLOAD ? payload_bits : -1.0,
                                          .token = t->task->number};
  if (!t->host.reliable) t->task->datagrams++; /* its frames are counted instead */
  t->outstanding++;                            /* before: the host may tell the end at once */
  if (t->host.send(t->host.ctx, &transmission, &t->send_error) == ISCC_OK) return;
  t->outstanding--;
  t->send_failures++;
}

static void send_fragment(iscc_transfer *t, int fragment) {
  const iscc_payload_plan *plan = &t->plan;
  const size_t offset = (size_t)fragment * (size_t)plan->chunk_bytes;
  const bool last = fragment == plan->fragments - 1;
  const size_t n_bytes = last ? plan->payload_bytes - offset : (size_t)plan->chunk_bytes;
  const iscc_message message = {.kind = ISCC_MESSAGE_FEATURES,
                                .round = t->asked_round,
                                .task = (uint32_t)t->task->number,
                                .split = t->split,
                                .bits = t->bits,
                                .fragment = fragment,
                                .fragments = plan->fragments,
                                .chunk_bytes = plan->chunk_bytes,
                                .deadline_us = iscc_wire_deadline_us(t->task->arrival_ns + t->max_latency_ns),
                                .body = t->payload + offset,
                                .body_bytes = n_bytes};
  const double payload_bits = last ? plan->payload_bits - 8.0 * (double)offset : 8.0 * (double)n_bytes;
  hand_over(t, iscc_wire_encode(&message, t->datagram, t->datagram_capacity), payload_bits);
}

static void send_probe(iscc_transfer *t) {
  t->asked = true;
  t->asked_round++;
  const iscc_message message = {
      .kind = ISCC_MESSAGE_PROBE, .round = t->asked_round, .task = (uint32_t)t->task->number};
  hand_over(t, iscc_wire_encode(&message, t->datagram, t->datagram_capacity), 0.0);
}

static void lose(iscc_transfer *t) {
  iscc_transfer_end(t);
  t->lost(t->ctx);
}

/* One more round is needed. false: it is one too many, and the task is lost. */
static bool count_round(iscc_transfer *t) {
  if (t->rounds == t->retry_limit) {
    lose(t);
    return false;
  }
  t->rounds++;
  return true;
}

static void on_limit(void *arg) {
  iscc_transfer *t = arg;
  t->limit = 0;
  lose(t);
}

static void on_timer(void *arg) {
  iscc_transfer *t = arg;
  t->timer = 0;
  if (t->outstanding > 0) return;          /* still sending: the end of it arms the timer */
  if (t->asked && !count_round(t)) return; /* nothing was heard of the last asking */
  send_probe(t);
  if (t->outstanding == 0) arm(t, 0);
}

void iscc_transfer_begin(iscc_transfer *t, iscc_task *task, const iscc_decision *decision,
                         const iscc_payload_plan *plan, const iscc_link *link) {
  t->active = true;
  t->task = task;
  t->plan = *plan;
  t->split = plan->wire_split;
  t->bits = decision->bits;
  t->power_w = decision->transmit_power_w;
  t->start_ns = t->last_end_ns = t->host.now_ns(t->host.ctx);
  if (!t->host.reliable) t->outstanding = 0; /* else frames of the connection may be under way */
  t->rounds = 0;
  t->asked = false;
  t->asked_round = 0;
  const double answer_s =
      link->answer_access_s +
      8.0 * (ISCC_WIRE_ANSWER_BYTES + link->datagram_overhead_bytes + link->answer_ahead_bytes) /
          link->answer_rate_bps;
  const double trip_s = 2.0 * link->propagation_s + answer_s;
  const double planned_ns = ceil((trip_s + decision->latency.server) * 1e9);
  const double margin_ns = fmax(PATIENCE_RTTS * trip_s * 1e9, (double)PATIENCE_LEAST_NS);
  t->patience_ns = (int64_t)fmin(planned_ns + margin_ns, (double)BUSY_MOST_NS);
  if (t->limit_ns > 0) t->limit = t->host.schedule(t->host.ctx, t->limit_ns, on_limit, t);
  const uint64_t failures = t->send_failures;
  for (int i = 0; i < plan->fragments && t->active; i++) send_fragment(t, i);
  if (t->active && t->host.reliable && t->send_failures > failures) lose(t);
  if (t->active && t->outstanding == 0) arm(t, 0);
}

void iscc_transfer_transmitted(iscc_transfer *t, int64_t end_ns) {
  if (end_ns > t->last_end_ns) t->last_end_ns = end_ns;
  if (t->outstanding > 0) t->outstanding--;
  if (!t->active || t->outstanding > 0) return;
  const int64_t ahead_ns = end_ns - t->host.now_ns(t->host.ctx);
  arm(t, ahead_ns > 0 ? ahead_ns : 0);
}

static bool resend(iscc_transfer *t, const iscc_message *m) {
  if (m->fragments != 0 && m->fragments != t->plan.fragments) return false;
  if (!count_round(t)) return true;
  t->asked = false;
  cancel(t, &t->timer);
  for (int i = 0; i < t->plan.fragments && t->active; i++) {
    if (m->fragments > 0 && !iscc_wire_bit(m->body, i)) continue;
    t->task->retransmissions++;
    send_fragment(t, i);
  }
  if (t->active && t->outstanding == 0) arm(t, 0);
  return true;
}

bool iscc_transfer_message(iscc_transfer *t, const iscc_message *m) {
  if (m->kind == ISCC_MESSAGE_ANSWER) {
    iscc_transfer_end(t);
    t->answered(t->ctx, m);
    return true;
  }
  if (t->host.reliable || (m->kind != ISCC_MESSAGE_MISSING && m->kind != ISCC_MESSAGE_BUSY)) return false;
  if (!t->asked || m->round != t->asked_round) return true; /* an old or repeated reply */
  if (m->kind == ISCC_MESSAGE_MISSING) return resend(t, m);
  t->asked = false;
  arm(t, m->busy_ns < BUSY_MOST_NS ? m->busy_ns : BUSY_MOST_NS);
  return true;
}

void iscc_transfer_disconnected(iscc_transfer *t) {
  if (t->active) lose(t);
}

void iscc_transfer_end(iscc_transfer *t) {
  if (!t->active) return;
  t->active = false;
  cancel(t, &t->timer);
  cancel(t, &t->limit);
}
