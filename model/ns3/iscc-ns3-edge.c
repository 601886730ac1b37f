/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-ns3-edge.h"

#include <stdlib.h>

#include "iscc-ns3-energy.h"
#include "iscc-ns3-stream.h"

typedef struct { /* a node's TCP connection at the server */
  iscc_ns3_server *server;
  uint32_t peer;
  iscc_ns3_handle connection; /* index 0: none */
  iscc_framing in;
} server_stream;

struct iscc_ns3_server {
  iscc_ns3_handle device, socket, listener;
  iscc_server *machine;
  server_stream *stream;        /* by peer number; NULL: UDP */
  iscc_ns3_handle *node_device; /* by peer number */
  uint32_t *peer_of_handle;     /* by handle index: peer + 1, 0 for none */
  uint32_t node_max, handle_max;
  bool off;
};

struct iscc_ns3_edge {
  iscc_ns3_handle device, socket, battery; /* none: 0, 0 */
  iscc_ns3_server *server;
  iscc_edge_node *machine;
  iscc_ns3_stream stream; /* with TCP */
  uint64_t random_id;
  iscc_task_sink sink; /* the caller's */
  void (*idle)(void *ctx);
  void *idle_ctx;
  uint64_t look; /* event that looks whether it is idle; 0: none */
};

/* ---- what both hosts share ---- */

static int64_t host_now(void *ctx) {
  (void)ctx;
  return iscc_ns3_now_ns();
}

static uint64_t host_schedule(void *ctx, int64_t delay_ns, void (*fn)(void *arg), void *arg) {
  (void)ctx;
  return iscc_ns3_schedule(delay_ns, fn, arg);
}

static void host_cancel(void *ctx, uint64_t id) {
  (void)ctx;
  iscc_ns3_cancel(id);
}

static iscc_status send_datagram(iscc_ns3_handle socket, iscc_ns3_handle to, uint16_t port,
                                 const iscc_transmission *t, iscc_error *error) {
  const iscc_ns3_send_options options = {
      .power_w = t->power_w, .charged_bits = t->charged_bits, .token = t->token};
  return iscc_ns3_udp_send(socket, to, port, t->bytes, t->n_bytes, &options, error);
}

/* ---- server ---- */

static iscc_status server_send(void *ctx, const iscc_transmission *t, iscc_error *error) {
  iscc_ns3_server *s = ctx;
  if (s->off) return ISCC_OK;
  if (t->peer >= s->node_max || s->node_device[t->peer].index == 0)
    return iscc_fail(error, ISCC_EINVAL, "server: no node %u to answer", t->peer);
  if (!s->stream) return send_datagram(s->socket, s->node_device[t->peer], ISCC_NS3_NODE_PORT, t, error);
  uint8_t head[ISCC_FRAMING_HEAD_BYTES];
  iscc_framing_head(head, t->n_bytes);
  const iscc_ns3_handle connection = s->stream[t->peer].connection;
  if (!connection.index) return ISCC_OK; /* it is gone, and the node has given the task up */
  return iscc_ns3_tcp_send(connection, head, sizeof head, t->bytes, t->n_bytes, error);
}

static void server_received(void *ctx, iscc_ns3_handle from, const void *bytes, size_t n_bytes) {
  iscc_ns3_server *s = ctx;
  if (s->off) return;
  const uint32_t peer = from.index < s->handle_max ? s->peer_of_handle[from.index] : 0;
  if (peer > 0) iscc_server_on_receive(s->machine, peer - 1, bytes, n_bytes);
}

iscc_status iscc_ns3_server_create(iscc_ns3_handle hub, const iscc_server_settings *settings,
                                   const iscc_model *model, iscc_ns3_server **out, iscc_error *error) {
  *out = NULL;
  iscc_ns3_server *s = calloc(1, sizeof *s);
  if (!s) return iscc_fail(error, ISCC_ENOMEM, "server: out of memory");
  s->device = hub;
  s->node_max = settings->node_max;
  s->node_device = calloc((size_t)settings->node_max + 1, sizeof *s->node_device);
  const iscc_host host = {
      .ctx = s, .now_ns = host_now, .schedule = host_schedule, .cancel = host_cancel, .send = server_send};
  iscc_status status = s->node_device ? ISCC_OK : iscc_fail(error, ISCC_ENOMEM, "server: out of memory");
  if (!status) status = iscc_server_create(&host, settings, model, &s->machine, error);
  if (!status) status = iscc_ns3_udp_open(hub, ISCC_NS3_SERVER_PORT, server_received, s, &s->socket, error);
  if (status) {
    iscc_ns3_server_destroy(s);
    return status;
  }
  *out = s;
  return ISCC_OK;
}

void iscc_ns3_server_destroy(iscc_ns3_server *s) {
  if (!s) return;
  iscc_server_destroy(s->machine);
  for (uint32_t i = 0; s->stream && i < s->node_max; i++) {
    iscc_ns3_tcp_watch(s->stream[i].connection, NULL, NULL, NULL);
    iscc_framing_clear(&s->stream[i].in);
  }
  free(s->stream);
  free(s->node_device);
  free(s->peer_of_handle);
  free(s);
}

iscc_server *iscc_ns3_server_machine(iscc_ns3_server *s) {
  return s->machine;
}

static iscc_status check_new(const iscc_ns3_server *s, uint32_t id, iscc_ns3_handle device,
                             iscc_error *error) {
  if (id >= s->node_max)
    return iscc_fail(error, ISCC_EINVAL, "node id: %u is not below the server's node_max %u", id,
                     s->node_max);
  if (s->node_device[id].index) return iscc_fail(error, ISCC_EINVAL, "node id: %u is taken", id);
  if (device.index < s->handle_max && s->peer_of_handle[device.index])
    return iscc_fail(error, ISCC_EINVAL, "node id: %u's device is that of node %u already", id,
                     s->peer_of_handle[device.index] - 1);
  return ISCC_OK;
}

/* Makes a node known to the server: peer number and handle, both ways. */
static iscc_status introduce(iscc_ns3_server *s, uint32_t id, iscc_ns3_handle device, iscc_error *error) {
  if (device.index >= s->handle_max) {
    const uint32_t wanted = 2 * device.index + 16;
    uint32_t *grown = realloc(s->peer_of_handle, sizeof *grown * wanted);
    if (!grown) return iscc_fail(error, ISCC_ENOMEM, "server: out of memory");
    for (uint32_t i = s->handle_max; i < wanted; i++) grown[i] = 0;
    s->peer_of_handle = grown;
    s->handle_max = wanted;
  }
  s->node_device[id] = device;
  s->peer_of_handle[device.index] = id + 1;
  return ISCC_OK;
}

/* ---- the server's TCP ---- */

static void stream_message(void *ctx, const void *bytes, size_t n_bytes) {
  const server_stream *s = ctx;
  iscc_server_on_receive(s->server->machine, s->peer, bytes, n_bytes);
}

static void stream_closed(void *ctx) {
  server_stream *s = ctx;
  s->connection = (iscc_ns3_handle){0, 0};
  iscc_framing_restart(&s->in);
}

static void stream_received(void *ctx, const void *bytes, size_t n_bytes) {
  server_stream *s = ctx;
  if (iscc_framing_feed(&s->in, bytes, n_bytes, stream_message, s, NULL) == ISCC_OK) return;
  iscc_ns3_tcp_reset(s->connection);
  stream_closed(s);
}

/* A node that connects anew has given its former connection up. */
static void stream_accepted(void *ctx, iscc_ns3_handle from, iscc_ns3_handle connection) {
  static const iscc_ns3_tcp_events events = {.received = stream_received, .closed = stream_closed};
  iscc_ns3_server *s = ctx;
  const uint32_t peer = from.index < s->handle_max ? s->peer_of_handle[from.index] : 0;
  if (peer == 0 || s->off) {
    iscc_ns3_tcp_reset(connection);
    return;
  }
  server_stream *stream = &s->stream[peer - 1];
  if (stream->connection.index) iscc_ns3_tcp_reset(stream->connection);
  stream_closed(stream);
  stream->connection = connection;
  iscc_ns3_tcp_watch(connection, &events, stream, NULL);
}

iscc_status iscc_ns3_server_use_tcp(iscc_ns3_server *s, iscc_error *error) {
  if (s->stream) return iscc_fail(error, ISCC_ESTATE, "server: uses TCP already");
  s->stream = calloc((size_t)s->node_max + 1, sizeof *s->stream);
  if (!s->stream) return iscc_fail(error, ISCC_ENOMEM, "server: out of memory");
  for (uint32_t i = 0; i < s->node_max; i++) s->stream[i] = (server_stream){.server = s, .peer = i};
  return iscc_ns3_tcp_listen(s->device, ISCC_NS3_SERVER_PORT, stream_accepted, s, &s->listener, error);
}

void iscc_ns3_server_stop(iscc_ns3_server *s) {
  s->off = true;
  for (uint32_t i = 0; s->stream && i < s->node_max; i++) {
    if (!s->stream[i].connection.index) continue;
    iscc_ns3_tcp_reset(s->stream[i].connection);
    stream_closed(&s->stream[i]);
  }
}

/* ---- edge node ---- */

static iscc_status edge_send(void *ctx, const iscc_transmission *t, iscc_error *error) {
  iscc_ns3_edge *e = ctx;
  if (e->server->stream) return iscc_ns3_stream_send(&e->stream, t, error);
  return send_datagram(e->socket, e->server->device, ISCC_NS3_SERVER_PORT, t, error);
}

static iscc_status edge_link(void *ctx, iscc_link *link, iscc_error *error) {
  const iscc_ns3_edge *e = ctx;
  const iscc_status status = iscc_ns3_uplink(e->device, e->server->device, link, error);
  if (!status && e->server->stream) iscc_ns3_tcp_link(link, ISCC_FRAMING_HEAD_BYTES);
  return status;
}

static void edge_serve(void *ctx, uint64_t token, double power_w) {
  iscc_ns3_edge *e = ctx;
  if (power_w > 0) iscc_ns3_device_expect(e->device, power_w, NULL);
  if (e->server->stream) iscc_ns3_stream_serve(&e->stream, token, power_w);
}

static void edge_random(void *ctx, iscc_purpose purpose, iscc_random *stream) {
  const iscc_ns3_edge *e = ctx;
  iscc_random_seed(stream, iscc_ns3_seed(), iscc_ns3_run_number(), e->random_id, purpose);
}

static void edge_draw(void *ctx, iscc_load load, double power_w) {
  const iscc_ns3_edge *e = ctx;
  if (e->battery.index > 0) iscc_ns3_battery_draw(e->battery, load, power_w);
}

static void look_at_idle(void *ctx) {
  iscc_ns3_edge *e = ctx;
  void (*const idle)(void *) = e->idle;
  e->look = 0;
  if (!idle || !iscc_edge_node_idle(e->machine)) return;
  e->idle = NULL;
  idle(e->idle_ctx);
}

/* The node is in the midst of it. */
static void look_later(iscc_ns3_edge *e) {
  if (e->idle && !e->look) e->look = iscc_ns3_schedule(0, look_at_idle, e);
}

static void edge_task_ended(void *ctx, const iscc_task *task) {
  iscc_ns3_edge *e = ctx;
  if (e->sink.task_ended) e->sink.task_ended(e->sink.ctx, task);
  look_later(e);
}

static void edge_task_event(void *ctx, iscc_task_event event, const iscc_task *task) {
  const iscc_ns3_edge *e = ctx;
  e->sink.task_event(e->sink.ctx, event, task);
}

static void edge_silence(void *ctx) {
  iscc_ns3_edge *e = ctx;
  iscc_ns3_device_off(e->device, NULL);
  iscc_ns3_stream_reset(&e->stream);
  look_later(e);
}

static void edge_received(void *ctx, iscc_ns3_handle from, const void *bytes, size_t n_bytes) {
  iscc_ns3_edge *e = ctx;
  if (from.index == e->server->device.index) iscc_edge_node_on_receive(e->machine, bytes, n_bytes);
}

static void edge_transmitted(void *ctx, uint64_t token, int64_t start_ns, int64_t airtime_ns, double bits,
                             double energy_j) {
  iscc_ns3_edge *e = ctx;
  iscc_ns3_stream_transmitted(&e->stream, start_ns + airtime_ns);
  iscc_edge_node_on_transmitted(e->machine, token, start_ns, airtime_ns, bits, energy_j);
}

static iscc_status check_charge(iscc_charge charge, iscc_ns3_handle device, bool tcp, iscc_error *error) {
  if (charge != ISCC_CHARGE_PAYLOAD) return ISCC_OK;
  if (!iscc_ns3_device_charges_as_told(device))
    return iscc_fail(error, ISCC_EINVAL,
                     "charge: payload is for the Shannon channel; other radios charge all that they send");
  if (tcp)
    return iscc_fail(error, ISCC_EINVAL,
                     "charge: payload is for datagrams; the segments of TCP are charged with all they hold");
  return ISCC_OK;
}

static iscc_status open_transport(iscc_ns3_edge *e, iscc_host *host, iscc_error *error) {
  if (!e->server->stream)
    return iscc_ns3_udp_open(e->device, ISCC_NS3_NODE_PORT, edge_received, e, &e->socket, error);
  host->reliable = true;
  e->stream = (iscc_ns3_stream){.device = e->device, .hub = e->server->device, .port = ISCC_NS3_SERVER_PORT};
  return ISCC_OK;
}

iscc_status iscc_ns3_edge_create(iscc_ns3_handle device, iscc_ns3_server *server,
                                 const iscc_node_settings *settings, const iscc_model *model,
                                 const iscc_task_sink *sink, iscc_ns3_edge **out, iscc_error *error) {
  *out = NULL;
  iscc_status status = check_charge(settings->charge, device, server->stream != NULL, error);
  if (!status) status = check_new(server, settings->id, device, error);
  if (status) return status;
  iscc_ns3_edge *e = calloc(1, sizeof *e);
  if (!e) return iscc_fail(error, ISCC_ENOMEM, "edge node: out of memory");
  e->device = device;
  e->server = server;
  e->random_id = settings->id + settings->first_stream;
  e->sink = *sink;
  const iscc_task_sink own = {
      .ctx = e, .task_ended = edge_task_ended, .task_event = sink->task_event ? edge_task_event : NULL};
  iscc_host host = {.ctx = e,
                    .now_ns = host_now,
                    .schedule = host_schedule,
                    .cancel = host_cancel,
                    .send = edge_send,
                    .link = edge_link,
                    .random = edge_random,
                    .serve = edge_serve,
                    .draw = edge_draw,
                    .silence = edge_silence};
  status = open_transport(e, &host, error);
  if (!status) status = iscc_edge_node_create(&host, settings, model, &own, &e->machine, error);
  if (!status) status = iscc_ns3_device_on_transmitted(device, edge_transmitted, e, error);
  if (!status) status = introduce(server, settings->id, device, error);
  e->stream.machine = e->machine;
  if (status) {
    iscc_ns3_edge_destroy(e);
    return status;
  }
  *out = e;
  return ISCC_OK;
}

void iscc_ns3_edge_destroy(iscc_ns3_edge *e) {
  if (!e) return;
  iscc_ns3_cancel(e->look);
  iscc_ns3_device_on_transmitted(e->device, NULL, NULL, NULL);
  iscc_ns3_stream_end(&e->stream);
  iscc_edge_node_destroy(e->machine);
  free(e);
}

void iscc_ns3_edge_power(iscc_ns3_edge *e, iscc_ns3_handle battery) {
  e->battery = battery;
}

iscc_edge_node *iscc_ns3_edge_machine(iscc_ns3_edge *e) {
  return e->machine;
}

/* ---- the end of a run ---- */

void iscc_ns3_edge_on_idle(iscc_ns3_edge *e, void (*fn)(void *ctx), void *ctx) {
  e->idle = fn;
  e->idle_ctx = ctx;
  look_later(e);
}

static void count_idle(void *ctx) {
  size_t *left = ctx;
  if (--*left == 0) iscc_ns3_stop();
}

iscc_status iscc_ns3_run_until_idle(iscc_ns3_edge *const *edges, size_t count, int64_t stop_ns,
                                    iscc_error *error) {
  size_t left = count;
  for (size_t i = 0; i < count; i++) iscc_ns3_edge_on_idle(edges[i], count_idle, &left);
  const iscc_status status = iscc_ns3_run(stop_ns, error);
  for (size_t i = 0; i < count; i++) iscc_ns3_edge_on_idle(edges[i], NULL, NULL);
  return status;
}
