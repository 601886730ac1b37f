/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-server.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "iscc-inference.h"
#include "iscc-wire.h"

typedef enum { PEER_NEW, PEER_COLLECTING, PEER_WAITING, PEER_COMPUTING, PEER_ANSWERED } peer_state;

enum { NOBODY = ISCC_READY_NOBODY, PEERS_MAX = 1 << 20 };

typedef struct { /* the latest task of one node */
  peer_state state;
  uint32_t task;
  int split, bits, fragments, chunk_bytes;
  int received;
  uint8_t have[ISCC_WIRE_FRAGMENTS_MAX / 8];
  size_t payload_bytes;
  int64_t complete_ns, wait_ns, compute_ns, end_ns;
  int64_t deadline_ns;
  int answer_class;
} peer_task;

typedef struct {
  struct iscc_server *server;
  int peer; /* whose task it computes, or NOBODY */
  uint32_t task;
  int answer_class;
  int64_t end_ns;
  uint64_t event; /* its end */
} core;

struct iscc_server {
  iscc_host host;
  iscc_server_settings settings;
  const iscc_model *model;
  iscc_inference *inference;
  double remaining_flops[ISCC_LAYERS_MAX + 1]; /* [l]: layers l+1..L */
  peer_task *peer;
  uint8_t *payload; /* payload_capacity for each peer; NULL with modelled inference */
  size_t payload_capacity;
  iscc_ready_queue *ready; /* peers whose tasks are complete */
  int64_t queued_ns;       /* compute time of all of them */
  core *cores;
  int *idle, idle_count; /* cores without a task */
  double ends_ns;        /* sum of the ends of all tasks in service */
  uint64_t malformed, send_failures;
  iscc_error fault;
};

static iscc_status check_settings(const iscc_server_settings *s, iscc_error *error) {
  if (!isfinite(s->speed_flops) || s->speed_flops <= 0.0)
    return iscc_fail(error, ISCC_EINVAL, "server speed: %g FLOP/s is not > 0", s->speed_flops);
  if (s->node_max < 1 || s->node_max > PEERS_MAX)
    return iscc_fail(error, ISCC_EINVAL, "server: %u nodes are not within 1..%d", (unsigned)s->node_max,
                     PEERS_MAX);
  if (s->charge != ISCC_CHARGE_ALL && s->charge != ISCC_CHARGE_PAYLOAD)
    return iscc_fail(error, ISCC_EINVAL, "charge: %d is neither all nor payload", (int)s->charge);
  if (s->cores < 0 || s->cores > ISCC_SERVER_CORES_MAX)
    return iscc_fail(error, ISCC_EINVAL, "server: %d cores are not within 1..%d", s->cores,
                     ISCC_SERVER_CORES_MAX);
  return ISCC_OK;
}

static iscc_status allocate_cores(iscc_server *server, iscc_error *error) {
  const int count = server->settings.cores;
  server->cores = calloc((size_t)count, sizeof *server->cores);
  server->idle = calloc((size_t)count, sizeof *server->idle);
  if (!server->cores || !server->idle)
    return iscc_fail(error, ISCC_ENOMEM, "server: no memory for %d cores", count);
  for (int i = 0; i < count; i++) {
    server->cores[i] = (core){.server = server, .peer = NOBODY};
    server->idle[server->idle_count++] = count - 1 - i; /* the first one is taken first */
  }
  return iscc_ready_queue_create(server->settings.queue, (int)server->settings.node_max, &server->ready,
                                 error);
}

static iscc_status allocate(iscc_server *server, iscc_error *error) {
  const iscc_network *net = &server->model->network;
  size_t most = 0;
  for (int l = 0; l < net->layers; l++)
    if (net->layer[l].features > most) most = net->layer[l].features;
  server->payload_capacity = 2 * most; /* at most 16 bits each */
  server->peer = calloc(server->settings.node_max, sizeof *server->peer);
  if (server->settings.inference == ISCC_INFERENCE_REAL)
    server->payload = calloc(server->settings.node_max, server->payload_capacity);
  if (!server->peer || (server->settings.inference == ISCC_INFERENCE_REAL && !server->payload))
    return iscc_fail(error, ISCC_ENOMEM, "server: no memory for %u nodes",
                     (unsigned)server->settings.node_max);
  return allocate_cores(server, error);
}

iscc_status iscc_server_create(const iscc_host *host, const iscc_server_settings *settings,
                               const iscc_model *model, iscc_server **out, iscc_error *error) {
  *out = NULL;
  iscc_status status = check_settings(settings, error);
  if (status != ISCC_OK) return status;
  iscc_server *server = calloc(1, sizeof *server);
  if (!server) return iscc_fail(error, ISCC_ENOMEM, "server: out of memory");
  server->host = *host;
  server->settings = *settings;
  server->model = model;
  if (settings->cores == 0) server->settings.cores = 1;
  for (int l = 0; l < model->network.layers; l++)
    server->remaining_flops[l] = iscc_network_server_flops(&model->network, l);
  status = allocate(server, error);
  if (status == ISCC_OK)
    status = iscc_inference_create(settings->inference, model, NULL, &server->inference, error);
  if (status != ISCC_OK) {
    iscc_server_destroy(server);
    return status;
  }
  *out = server;
  return ISCC_OK;
}

void iscc_server_destroy(iscc_server *server) {
  if (!server) return;
  for (int i = 0; server->cores && i < server->settings.cores; i++)
    if (server->cores[i].peer != NOBODY) server->host.cancel(server->host.ctx, server->cores[i].event);
  iscc_ready_queue_destroy(server->ready);
  free(server->cores);
  free(server->idle);
  iscc_inference_destroy(server->inference);
  free(server->peer);
  free(server->payload);
  free(server);
}

static int64_t now_ns(const iscc_server *server) {
  return server->host.now_ns(server->host.ctx);
}

static void note_fault(iscc_server *server, const iscc_error *error) {
  if (!server->fault.text[0]) server->fault = *error;
}

/* ---- messages to a node ---- */

static void send_message(iscc_server *server, int peer, const iscc_message *message) {
  uint8_t bytes[ISCC_WIRE_MISSING_BYTES_MAX];
  const iscc_transmission transmission = {.peer = (uint32_t)peer,
                                          .bytes = bytes,
                                          .n_bytes = iscc_wire_encode(message, bytes, sizeof bytes),
                                          .charged_bits =
                                              server->settings.charge == ISCC_CHARGE_PAYLOAD ? 0.0 : -1.0,
                                          .token = message->task};
  iscc_error error;
  error.text[0] = '\0';
  if (server->host.send(server->host.ctx, &transmission, &error) == ISCC_OK) return;
  server->send_failures++; /* as good as lost on the air: the node will ask */
  note_fault(server, &error);
}

static void send_answer(iscc_server *server, int peer, uint8_t round) {
  const peer_task *task = &server->peer[peer];
  const iscc_message message = {.kind = ISCC_MESSAGE_ANSWER,
                                .round = round,
                                .task = task->task,
                                .wait_ns = task->wait_ns,
                                .compute_ns = task->compute_ns,
                                .answer_class = task->answer_class};
  send_message(server, peer, &message);
}

static void send_missing(iscc_server *server, int peer, const iscc_message *probe) {
  const peer_task *task = &server->peer[peer];
  uint8_t lacks[ISCC_WIRE_FRAGMENTS_MAX / 8] = {0};
  iscc_message message = {
      .kind = ISCC_MESSAGE_MISSING, .round = probe->round, .task = probe->task, .body = lacks};
  if (task->state == PEER_COLLECTING && task->task == probe->task) {
    message.fragments = task->fragments;
    message.body_bytes = ((size_t)task->fragments + 7) / 8;
    for (int i = 0; i < task->fragments; i++)
      if (!iscc_wire_bit(task->have, i)) iscc_wire_bit_set(lacks, i);
  }
  send_message(server, peer, &message);
}

/* ---- queue and compute ---- */

static void append(iscc_server *server, int peer) {
  iscc_ready_queue_add(server->ready, peer, server->peer[peer].deadline_ns);
  server->queued_ns += server->peer[peer].compute_ns;
}

static void take_out(iscc_server *server, int peer) {
  iscc_ready_queue_remove(server->ready, peer);
  server->queued_ns -= server->peer[peer].compute_ns;
}

static int class_of(iscc_server *server, int peer) {
  if (iscc_inference_mode_of(server->inference) == ISCC_INFERENCE_MODEL) return ISCC_WIRE_CLASS_UNKNOWN;
  const peer_task *task = &server->peer[peer];
  iscc_error error;
  int class_found = ISCC_WIRE_CLASS_UNKNOWN;
  if (iscc_inference_server(server->inference, task->split, task->bits,
                            server->payload + (size_t)peer * server->payload_capacity, task->payload_bytes,
                            &class_found, &error) != ISCC_OK)
    note_fault(server, &error);
  return class_found;
}

static void on_computed(void *arg);

/* Gives idle cores what is ready. */
static void serve(iscc_server *server) {
  while (server->idle_count > 0) {
    const int peer = iscc_ready_queue_next(server->ready);
    if (peer == NOBODY) return;
    core *c = &server->cores[server->idle[--server->idle_count]];
    peer_task *task = &server->peer[peer];
    server->queued_ns -= task->compute_ns;
    task->state = PEER_COMPUTING;
    task->wait_ns = now_ns(server) - task->complete_ns;
    task->end_ns = now_ns(server) + task->compute_ns;
    c->peer = peer;
    c->task = task->task;
    server->ends_ns += (double)task->end_ns;
    c->end_ns = task->end_ns;
    c->answer_class = class_of(server, peer);
    c->event = server->host.schedule(server->host.ctx, task->compute_ns, on_computed, c);
  }
}

static void on_computed(void *arg) {
  core *c = arg;
  iscc_server *server = c->server;
  const int peer = c->peer;
  peer_task *task = &server->peer[peer];
  c->peer = NOBODY;
  server->ends_ns -= (double)c->end_ns;
  server->idle[server->idle_count++] = (int)(c - server->cores);
  if (task->state == PEER_COMPUTING && task->task == c->task) { /* else its node has gone on to another */
    task->state = PEER_ANSWERED;
    task->answer_class = c->answer_class;
    send_answer(server, peer, 0);
  }
  serve(server);
}

/* Time until the task of this peer, waiting or in service, will have been computed: of a waiting one an
 * estimate, which the queue's discipline and later tasks may belie. */
static int64_t busy_ns(const iscc_server *server, int peer) {
  const peer_task *task = &server->peer[peer];
  if (task->state == PEER_COMPUTING) return task->end_ns - now_ns(server);
  const double cores = server->settings.cores; /* all of them are busy: the mean core is free at ends/cores */
  const double before_ns = (server->ends_ns + (double)(server->queued_ns - task->compute_ns)) / cores;
  const double longest_ns = 1e18; /* and rounding of large sums leads to nothing below 0 */
  return llround(fmin(fmax(before_ns - (double)now_ns(server), 0), longest_ns)) + task->compute_ns;
}

/* ---- messages from a node ---- */

/* Task numbers wrap around. One of the last 65 535 before the known task is an old one still on its way; all
 * others are new, so that a damaged number cannot shut a node out for good. */
static bool older(uint32_t task, uint32_t known) {
  return known - task - 1u < UINT16_MAX;
}

/* Classifiers on principal components have calibrated accuracies alone: nothing of them can be computed. */
static const iscc_pca_calibration *component_of(const iscc_server *server, int split) {
  const iscc_calibration *c = &server->model->calibration;
  const int i = split - ISCC_WIRE_PCA;
  if (server->settings.inference == ISCC_INFERENCE_REAL || !server->model->calibrated) return NULL;
  return i >= 0 && i < c->pca_count ? &c->pca[i] : NULL;
}

/* Features that a split code sends; 0: it stands for nothing here. */
static size_t features_of(const iscc_server *server, int split) {
  const iscc_network *net = &server->model->network;
  const iscc_pca_calibration *p = component_of(server, split);
  if (p) return (size_t)p->components;
  return split < net->layers ? net->layer[split].features : 0;
}

static bool fits_network(const iscc_server *server, const iscc_message *m) {
  const size_t features = features_of(server, m->split);
  if (features == 0 || m->bits < ISCC_BITS_MIN || m->bits > ISCC_BITS_MAX) return false;
  const size_t whole = (features * (size_t)m->bits + 7) / 8;
  const size_t chunk = (size_t)m->chunk_bytes;
  if ((size_t)m->fragments != (whole + chunk - 1) / chunk) return false;
  const size_t offset = (size_t)m->fragment * chunk;
  return m->body_bytes == (m->fragment == m->fragments - 1 ? whole - offset : chunk);
}

static int64_t compute_time_ns(const iscc_server *server, int split) {
  static const double longest_ns = 1e18; /* sums of some of them stay within 64 bits */
  const iscc_pca_calibration *p = component_of(server, split);
  const double flops = p ? p->server_flops : server->remaining_flops[split];
  return (int64_t)fmin(ceil(flops / server->settings.speed_flops * 1e9), longest_ns);
}

static void begin_task(iscc_server *server, peer_task *task, const iscc_message *m) {
  task->state = PEER_COLLECTING;
  task->task = m->task;
  task->split = m->split;
  task->bits = m->bits;
  task->fragments = m->fragments;
  task->chunk_bytes = m->chunk_bytes;
  task->payload_bytes = (features_of(server, m->split) * (size_t)m->bits + 7) / 8;
  task->received = 0;
  task->compute_ns = compute_time_ns(server, m->split);
  task->deadline_ns = iscc_wire_deadline_ns(m->deadline_us, now_ns(server));
  memset(task->have, 0, sizeof task->have);
}

static bool same_form(const peer_task *task, const iscc_message *m) {
  return task->split == m->split && task->bits == m->bits && task->fragments == m->fragments &&
         task->chunk_bytes == m->chunk_bytes;
}

static void on_features(iscc_server *server, int peer, const iscc_message *m) {
  peer_task *task = &server->peer[peer];
  if (!fits_network(server, m)) {
    server->malformed++;
    return;
  }
  if (task->state != PEER_NEW && older(m->task, task->task)) return;
  if (task->state == PEER_NEW || m->task != task->task) {
    if (task->state == PEER_WAITING) take_out(server, peer); /* its node gave it up */
    begin_task(server, task, m);
  }
  if (!same_form(task, m)) {
    server->malformed++;
    return;
  }
  if (task->state != PEER_COLLECTING || iscc_wire_bit(task->have, m->fragment)) return; /* a repetition */
  iscc_wire_bit_set(task->have, m->fragment);
  if (server->payload)
    memcpy(server->payload + (size_t)peer * server->payload_capacity +
               (size_t)m->fragment * (size_t)m->chunk_bytes,
           m->body, m->body_bytes);
  if (++task->received < task->fragments) return;
  task->state = PEER_WAITING;
  task->complete_ns = now_ns(server);
  append(server, peer);
  serve(server);
}

static void on_probe(iscc_server *server, int peer, const iscc_message *m) {
  const peer_task *task = &server->peer[peer];
  if (task->state != PEER_NEW && older(m->task, task->task)) return;
  if (task->state == PEER_NEW || task->task != m->task || task->state == PEER_COLLECTING) {
    send_missing(server, peer, m);
  } else if (task->state == PEER_ANSWERED) {
    send_answer(server, peer, m->round);
  } else {
    const iscc_message busy = {
        .kind = ISCC_MESSAGE_BUSY, .round = m->round, .task = m->task, .busy_ns = busy_ns(server, peer)};
    send_message(server, peer, &busy);
  }
}

void iscc_server_on_receive(iscc_server *server, uint32_t peer, const void *bytes, size_t n_bytes) {
  iscc_message message;
  if (peer >= server->settings.node_max || iscc_wire_decode(bytes, n_bytes, &message, NULL) != ISCC_OK)
    server->malformed++;
  else if (message.kind == ISCC_MESSAGE_FEATURES)
    on_features(server, (int)peer, &message);
  else if (message.kind == ISCC_MESSAGE_PROBE)
    on_probe(server, (int)peer, &message);
  else
    server->malformed++;
}

uint64_t iscc_server_malformed(const iscc_server *server) {
  return server->malformed;
}

const char *iscc_server_fault(const iscc_server *server) {
  return server->fault.text[0] ? server->fault.text : NULL;
}
