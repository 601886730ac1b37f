/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-ns3-stream.h"

#include <stdlib.h>

static const int64_t LOOK_NS = 10000000;
static const uint64_t NO_TASK = UINT64_MAX; /* the token of frames that no task in service has */

static void on_message(void *ctx, const void *bytes, size_t n_bytes) {
  iscc_ns3_stream *s = ctx;
  if (s->machine) iscc_edge_node_on_receive(s->machine, bytes, n_bytes);
}

static void on_sending(void *ctx, bool repeated) {
  iscc_ns3_stream *s = ctx;
  if (s->serving && s->machine) iscc_edge_node_on_sending(s->machine, s->token, repeated);
}

/* The oldest message is at its end. */
static void end_message(iscc_ns3_stream *s) {
  const uint64_t token = s->message[s->first].token;
  s->first = (s->first + 1) % s->capacity;
  s->messages--;
  if (s->machine) iscc_edge_node_on_transmitted(s->machine, token, s->last_end_ns, 0, 0, 0);
}

static void on_acknowledged(void *ctx, uint64_t n_bytes) {
  iscc_ns3_stream *s = ctx;
  while (s->messages > 0 && s->message[s->first].end <= n_bytes) end_message(s);
}

/* Ends a connection's state; messages that are not acknowledged never will be. */
static void forget_connection(iscc_ns3_stream *s) {
  s->connection = (iscc_ns3_handle){0, 0};
  s->sent = 0;
  iscc_framing_restart(&s->in);
  for (size_t lost = s->messages; lost > 0; lost--) end_message(s);
}

static void on_closed(void *ctx) {
  iscc_ns3_stream *s = ctx;
  forget_connection(s);
  if (s->machine) iscc_edge_node_on_disconnected(s->machine);
}

static void on_received(void *ctx, const void *bytes, size_t n_bytes) {
  iscc_ns3_stream *s = ctx;
  if (iscc_framing_feed(&s->in, bytes, n_bytes, on_message, s, NULL) == ISCC_OK) return;
  iscc_ns3_tcp_reset(s->connection);
  on_closed(s);
}

static iscc_ns3_send_options options_of(const iscc_ns3_stream *s) {
  return (iscc_ns3_send_options){
      .power_w = s->power_w, .charged_bits = -1, .token = s->serving ? s->token : NO_TASK};
}

static iscc_status connect_to_hub(iscc_ns3_stream *s, iscc_error *error) {
  static const iscc_ns3_tcp_events events = {
      .received = on_received, .acknowledged = on_acknowledged, .sending = on_sending, .closed = on_closed};
  if (s->connection.index) return ISCC_OK;
  const iscc_ns3_send_options options = options_of(s);
  const iscc_status status =
      iscc_ns3_tcp_connect(s->device, s->hub, s->port, &options, &events, s, &s->connection, error);
  if (status) s->connection = (iscc_ns3_handle){0, 0};
  return status;
}

static void look_whether_joined(void *arg);

/* Before the device has joined its network, a SYN would be lost and not be sent again for seconds. */
static void connect_when_joined(iscc_ns3_stream *s) {
  if (iscc_ns3_device_joined(s->device))
    connect_to_hub(s, NULL); /* what is wrong shows when something is to be sent */
  else if (!s->look)
    s->look = iscc_ns3_schedule(LOOK_NS, look_whether_joined, s);
}

static void look_whether_joined(void *arg) {
  iscc_ns3_stream *s = arg;
  s->look = 0;
  if (s->serving) connect_when_joined(s);
}

static void apply_options(const iscc_ns3_stream *s) {
  const iscc_ns3_send_options options = options_of(s);
  if (s->connection.index) iscc_ns3_tcp_set_options(s->connection, &options, NULL);
}

void iscc_ns3_stream_reset(iscc_ns3_stream *s) {
  iscc_ns3_tcp_reset(s->connection);
  s->serving = false;
  forget_connection(s);
}

void iscc_ns3_stream_serve(iscc_ns3_stream *s, uint64_t token, double power_w) {
  if (power_w > 0) {
    s->serving = true;
    s->token = token;
    s->power_w = power_w;
    apply_options(s);
    connect_when_joined(s);
    return;
  }
  if (s->messages > 0) { /* the task has been given up */
    iscc_ns3_stream_reset(s);
    return; /* being told of it, the node may serve another task already */
  }
  s->serving = false;
  apply_options(s);
}

static iscc_status make_room(iscc_ns3_stream *s, iscc_error *error) {
  if (s->messages < s->capacity) return ISCC_OK;
  const size_t capacity = s->capacity ? 2 * s->capacity : 8;
  iscc_ns3_stream_message *grown = malloc(capacity * sizeof *grown);
  if (!grown) return iscc_fail(error, ISCC_ENOMEM, "stream: out of memory");
  for (size_t i = 0; i < s->messages; i++) grown[i] = s->message[(s->first + i) % s->capacity];
  free(s->message);
  s->message = grown;
  s->first = 0;
  s->capacity = capacity;
  return ISCC_OK;
}

iscc_status iscc_ns3_stream_send(iscc_ns3_stream *s, const iscc_transmission *t, iscc_error *error) {
  uint8_t head[ISCC_FRAMING_HEAD_BYTES];
  iscc_status status = connect_to_hub(s, error);
  if (!status) status = make_room(s, error);
  if (status) return status;
  iscc_framing_head(head, t->n_bytes);
  status = iscc_ns3_tcp_send(s->connection, head, sizeof head, t->bytes, t->n_bytes, error);
  if (status) return status;
  s->sent += sizeof head + t->n_bytes;
  s->message[(s->first + s->messages++) % s->capacity] =
      (iscc_ns3_stream_message){.end = s->sent, .token = t->token};
  return ISCC_OK;
}

void iscc_ns3_stream_transmitted(iscc_ns3_stream *s, int64_t end_ns) {
  if (end_ns > s->last_end_ns) s->last_end_ns = end_ns;
}

void iscc_ns3_stream_end(iscc_ns3_stream *s) {
  iscc_ns3_cancel(s->look);
  iscc_ns3_tcp_watch(s->connection, NULL, NULL, NULL);
  iscc_framing_clear(&s->in);
  free(s->message);
  *s = (iscc_ns3_stream){0};
}
