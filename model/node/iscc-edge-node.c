/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-edge-node.h"

#include <stdlib.h>

#include "iscc-service.h"
#include "iscc-task-queue.h"

struct iscc_edge_node {
  iscc_service service;
  iscc_arrivals *arrivals;
  iscc_task_queue queue;
  iscc_task arriving, waiter; /* work space: a task at its arrival, at its turn */
  uint64_t arrival_event;
  uint64_t next_number;
  bool started, arrivals_over;
};

static void begin_next(void *arg);

static iscc_status create_parts(iscc_edge_node *node, const iscc_node_settings *settings, iscc_error *error) {
  iscc_random stream;
  const iscc_host *host = &node->service.host;
  host->random(host->ctx, ISCC_STREAM_ARRIVALS, &stream);
  const iscc_status status = iscc_service_create(&node->service, error);
  if (status != ISCC_OK) return status;
  if (!iscc_task_queue_create(&node->queue, settings->queue_capacity))
    return iscc_fail(error, ISCC_ENOMEM, "node %u: no memory for a queue of %d tasks", (unsigned)settings->id,
                     settings->queue_capacity);
  return iscc_arrivals_create(&settings->arrivals, &stream, &node->arrivals, error);
}

iscc_status iscc_edge_node_create(const iscc_host *host, const iscc_node_settings *settings,
                                  const iscc_model *model, const iscc_task_sink *sink, iscc_edge_node **out,
                                  iscc_error *error) {
  *out = NULL;
  iscc_status status = iscc_node_settings_check(settings, model, error);
  if (status != ISCC_OK) return status;
  iscc_edge_node *node = calloc(1, sizeof *node);
  if (!node) return iscc_fail(error, ISCC_ENOMEM, "node %u: out of memory", (unsigned)settings->id);
  node->service.host = *host;
  node->service.settings = *settings;
  node->service.model = model;
  node->service.sink = *sink;
  node->service.ctx = node;
  node->service.free = begin_next;
  status = create_parts(node, settings, error);
  if (status != ISCC_OK) {
    iscc_edge_node_destroy(node);
    return status;
  }
  *out = node;
  return ISCC_OK;
}

static void cancel_arrival(iscc_edge_node *node) {
  const iscc_host *host = &node->service.host;
  if (node->arrival_event) host->cancel(host->ctx, node->arrival_event);
  node->arrival_event = 0;
}

void iscc_edge_node_destroy(iscc_edge_node *node) {
  if (!node) return;
  cancel_arrival(node);
  iscc_service_destroy(&node->service);
  iscc_arrivals_destroy(node->arrivals);
  iscc_task_queue_destroy(&node->queue);
  free(node);
}

static int64_t now_ns(const iscc_edge_node *node) {
  return node->service.host.now_ns(node->service.host.ctx);
}

static void report(iscc_edge_node *node, const iscc_task *task) {
  iscc_task_report(&node->service.sink, task);
}

static void begin_next(void *arg) {
  iscc_edge_node *node = arg;
  iscc_task *task = &node->waiter;
  while (iscc_service_may_begin(&node->service) && iscc_task_queue_pop(&node->queue, task)) {
    if (iscc_service_decide(&node->service, task, &task->at_turn)) {
      iscc_service_begin(&node->service, task);
      return;
    }
    task->start_ns = task->finish_ns = now_ns(node);
    task->wait_ns = task->start_ns - task->arrival_ns;
    task->outcome = ISCC_OUTCOME_INFEASIBLE;
    iscc_service_pass(&node->service);
    report(node, task);
  }
}

/* ---- arrivals ---- */

static void on_arrival(void *arg);

static void schedule_arrival(iscc_edge_node *node) {
  const iscc_host *host = &node->service.host;
  const int64_t next_ns = iscc_arrivals_next_ns(node->arrivals);
  node->arrivals_over = next_ns < 0;
  if (node->arrivals_over) return;
  const int64_t delay_ns = next_ns - now_ns(node);
  node->arrival_event = host->schedule(host->ctx, delay_ns > 0 ? delay_ns : 0, on_arrival, node);
}

static void queue_or_drop(iscc_edge_node *node, iscc_task *task) {
  if (iscc_task_queue_push(&node->queue, task)) return;
  task->outcome = ISCC_OUTCOME_DROPPED;
  task->finish_ns = task->arrival_ns;
  report(node, task);
}

static void on_arrival(void *arg) {
  iscc_edge_node *node = arg;
  node->arrival_event = 0;
  schedule_arrival(node);
  iscc_task *task = &node->arriving;
  *task = iscc_task_arriving(node->service.settings.id, node->next_number++, now_ns(node));
  iscc_task_tell(&node->service.sink, ISCC_TASK_ARRIVED, task);
  const bool feasible = iscc_service_decide(&node->service, task, &task->at_arrival);
  if (!iscc_service_may_begin(&node->service) || node->queue.waiting > 0) {
    queue_or_drop(node, task);
  } else if (feasible) {
    iscc_service_begin(&node->service, task);
  } else {
    task->start_ns = task->finish_ns = task->arrival_ns;
    task->outcome = ISCC_OUTCOME_INFEASIBLE;
    iscc_service_pass(&node->service);
    report(node, task);
  }
}

/* ---- life ---- */

iscc_status iscc_edge_node_start(iscc_edge_node *node, iscc_error *error) {
  if (node->started)
    return iscc_fail(error, ISCC_ESTATE, "node %u: started a second time",
                     (unsigned)node->service.settings.id);
  node->started = true;
  schedule_arrival(node);
  return ISCC_OK;
}

void iscc_edge_node_stop(iscc_edge_node *node) {
  if (node->service.stopping) return;
  iscc_service_stop(&node->service);
  cancel_arrival(node);
  iscc_task *task = &node->waiter;
  while (iscc_task_queue_pop(&node->queue, task)) {
    task->wait_ns = now_ns(node) - task->arrival_ns;
    report(node, task);
  }
}

bool iscc_edge_node_idle(const iscc_edge_node *node) {
  if (node->service.stopped) return true;
  return node->started && node->arrivals_over && iscc_service_idle(&node->service) &&
         node->queue.waiting == 0;
}

void iscc_edge_node_on_receive(iscc_edge_node *node, const void *bytes, size_t n_bytes) {
  iscc_service_on_receive(&node->service, bytes, n_bytes);
}

void iscc_edge_node_on_transmitted(iscc_edge_node *node, uint64_t token, int64_t start_ns, int64_t airtime_ns,
                                   double sent_bits, double energy_j) {
  iscc_service_on_transmitted(&node->service, token, start_ns, airtime_ns, sent_bits, energy_j);
}

void iscc_edge_node_on_sending(iscc_edge_node *node, uint64_t token, bool repeated) {
  iscc_service_on_sending(&node->service, token, repeated);
}

void iscc_edge_node_on_disconnected(iscc_edge_node *node) {
  iscc_service_on_disconnected(&node->service);
}

const iscc_draws *iscc_edge_node_draws(const iscc_edge_node *node, iscc_purpose purpose) {
  switch (purpose) {
  case ISCC_STREAM_ARRIVALS:
    return iscc_arrivals_draws(node->arrivals);
  case ISCC_STREAM_FADING:
    return &node->service.fading;
  case ISCC_STREAM_SHADOWING:
    return &node->service.shadowing;
  case ISCC_STREAM_CHANNEL_ERROR:
    return &node->service.estimate.draws;
  default:
    return iscc_inference_draws(node->service.inference, purpose);
  }
}

uint64_t iscc_edge_node_malformed(const iscc_edge_node *node) {
  return node->service.malformed;
}

const char *iscc_edge_node_fault(const iscc_edge_node *node) {
  return iscc_service_fault(&node->service);
}
