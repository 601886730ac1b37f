/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-edge-node.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "iscc-drain.h"
#include "iscc-inference.h"
#include "iscc-planner.h"
#include "iscc-task-queue.h"
#include "iscc-transfer-time.h"
#include "iscc-transfer.h"
#include "iscc-wire.h"

enum { DATAGRAM_BYTES = UINT16_MAX + ISCC_WIRE_FEATURES_HEADER_BYTES };

typedef enum { STAGE_NONE, STAGE_SENSING, STAGE_COMPUTE, STAGE_UPLINK } node_stage;

struct iscc_edge_node {
  iscc_host host;
  iscc_node_settings settings;
  const iscc_model *model;
  iscc_task_sink sink;
  int64_t max_latency_ns;
  iscc_arrivals *arrivals;
  iscc_planner *planner;
  iscc_inference *inference;
  uint8_t *payload;
  size_t payload_capacity;
  uint8_t *datagram;
  iscc_transfer transfer;
  iscc_transfer_time transfer_time;
  iscc_task_queue queue;
  iscc_task arriving; /* work space: a task at its arrival */
  iscc_task current;
  iscc_link link; /* at the current task's decision */
  node_stage stage;
  int64_t stage_start_ns, stage_ns; /* since when; how long sensing and device layers take */
  int device_class;                 /* real inference at l = L; -1: none */
  iscc_drain drain;
  uint64_t arrival_event, stage_event, sent_event;
  uint64_t next_number;
  bool started, stopping, stopped, arrivals_over;
  uint64_t malformed;
  iscc_error fault; /* the first thing that went wrong; "" when nothing */
};

static void answered(void *ctx, const iscc_message *answer);
static void lost(void *ctx);

static iscc_status allocate(iscc_edge_node *node, iscc_error *error) {
  node->payload_capacity = iscc_planner_payload_capacity(node->planner);
  node->payload = calloc(node->payload_capacity + 1, 1);
  node->datagram = malloc(DATAGRAM_BYTES);
  const bool room = iscc_task_queue_create(&node->queue, node->settings.queue_capacity);
  if (!node->payload || !node->datagram || !room)
    return iscc_fail(error, ISCC_ENOMEM, "node %u: no memory for a queue of %d tasks",
                     (unsigned)node->settings.id, node->settings.queue_capacity);
  node->transfer = (iscc_transfer){.host = node->host,
                                   .charge = node->settings.charge,
                                   .retry_limit = node->settings.retry_limit,
                                   .limit_ns = llround(node->settings.uplink_limit_s * 1e9),
                                   .max_latency_ns = node->max_latency_ns,
                                   .payload = node->payload,
                                   .datagram = node->datagram,
                                   .datagram_capacity = DATAGRAM_BYTES,
                                   .ctx = node,
                                   .answered = answered,
                                   .lost = lost};
  return ISCC_OK;
}

static iscc_status create_parts(iscc_edge_node *node, iscc_error *error) {
  iscc_random stream;
  node->host.random(node->host.ctx, ISCC_STREAM_ARRIVALS, &stream);
  iscc_status status = iscc_planner_create(&node->settings, node->model, &node->planner, error);
  if (status == ISCC_OK)
    status =
        iscc_inference_create(node->settings.inference, node->model, &node->host, &node->inference, error);
  if (status == ISCC_OK)
    status = iscc_arrivals_create(&node->settings.arrivals, &stream, &node->arrivals, error);
  return status == ISCC_OK ? allocate(node, error) : status;
}

iscc_status iscc_edge_node_create(const iscc_host *host, const iscc_node_settings *settings,
                                  const iscc_model *model, const iscc_task_sink *sink, iscc_edge_node **out,
                                  iscc_error *error) {
  *out = NULL;
  iscc_status status = iscc_node_settings_check(settings, model, error);
  if (status != ISCC_OK) return status;
  iscc_edge_node *node = calloc(1, sizeof *node);
  if (!node) return iscc_fail(error, ISCC_ENOMEM, "node %u: out of memory", (unsigned)settings->id);
  node->host = *host;
  node->settings = *settings;
  node->model = model;
  node->sink = *sink;
  node->max_latency_ns = llround(settings->max_latency_s * 1e9);
  iscc_transfer_time_begin(&node->transfer_time, settings->transfer_quantile);
  status = create_parts(node, error);
  if (status != ISCC_OK) {
    iscc_edge_node_destroy(node);
    return status;
  }
  node->settings.scheme = NULL; /* borrowed until here */
  node->settings.arrivals.path = NULL;
  *out = node;
  return ISCC_OK;
}

static void cancel_events(iscc_edge_node *node) {
  uint64_t *const events[] = {&node->arrival_event, &node->stage_event, &node->sent_event};
  for (size_t i = 0; i < sizeof events / sizeof *events; i++) {
    if (*events[i]) node->host.cancel(node->host.ctx, *events[i]);
    *events[i] = 0;
  }
  iscc_transfer_end(&node->transfer);
}

void iscc_edge_node_destroy(iscc_edge_node *node) {
  if (!node) return;
  cancel_events(node);
  iscc_arrivals_destroy(node->arrivals);
  iscc_planner_destroy(node->planner);
  iscc_inference_destroy(node->inference);
  free(node->payload);
  free(node->datagram);
  iscc_task_queue_destroy(&node->queue);
  free(node);
}

static int64_t now_ns(const iscc_edge_node *node) {
  return node->host.now_ns(node->host.ctx);
}

static int64_t round_up_ns(double time_s) {
  static const double longest_ns = 1e18; /* added to the clock it stays within 64 bits */
  return (int64_t)fmin(ceil(time_s * 1e9), longest_ns);
}

static void note_fault(iscc_edge_node *node, const iscc_error *error) {
  if (!node->fault.text[0]) node->fault = *error;
}

static bool may_begin(const iscc_edge_node *node) {
  return node->stage == STAGE_NONE && node->drain.count < ISCC_DRAIN_MAX && !node->stopping;
}

static void tell(const iscc_edge_node *node, iscc_task_event event, const iscc_task *task) {
  if (node->sink.task_event) node->sink.task_event(node->sink.ctx, event, task);
}

static void report(iscc_edge_node *node, const iscc_task *task) {
  tell(node, ISCC_TASK_FINISHED, task);
  if (node->sink.task_ended) node->sink.task_ended(node->sink.ctx, task);
}

/* ---- decisions ---- */

/* Asks for the link and the solver's decision. A link or problem that cannot be used leaves made false. */
static bool decide(iscc_edge_node *node, iscc_task *task, iscc_task_decision *decision) {
  iscc_error error;
  error.text[0] = '\0';
  iscc_status status = node->host.link(node->host.ctx, &node->link, &error);
  if (status == ISCC_OK)
    status = iscc_planner_decide(node->planner, &node->link, now_ns(node) - task->arrival_ns,
                                 iscc_transfer_time_factor(&node->transfer_time), decision, &error);
  if (status != ISCC_OK) note_fault(node, &error);
  if (decision->made) tell(node, ISCC_TASK_DECIDED, task);
  const bool feasible = decision->made && decision->decision.status != ISCC_DECISION_INFEASIBLE;
  if (!feasible) iscc_transfer_time_skip(&node->transfer_time);
  return feasible;
}

/* ---- one task in service ---- */

static void begin_next(iscc_edge_node *node);
static void on_stage_end(void *arg);

static void draw(const iscc_edge_node *node, iscc_load load, double power_w) {
  if (node->host.draw) node->host.draw(node->host.ctx, load, power_w);
}

static void enter_stage(iscc_edge_node *node, node_stage stage, int64_t duration_ns, double energy_j) {
  node->stage = stage;
  node->stage_start_ns = now_ns(node);
  node->stage_ns = duration_ns;
  if (duration_ns > 0)
    draw(node, stage == STAGE_SENSING ? ISCC_LOAD_SENSING : ISCC_LOAD_COMPUTE,
         energy_j / (1e-9 * (double)duration_ns));
  node->stage_event = node->host.schedule(node->host.ctx, duration_ns, on_stage_end, node);
}

/* The outcome of the task in service is known: it is reported, now or when the radio has told all of its
 * energy. */
static void end_current(iscc_edge_node *node, iscc_outcome outcome) {
  node->current.outcome = outcome;
  node->stage = STAGE_NONE;
  if (node->transfer.outstanding > 0) {
    iscc_drain_add(&node->drain, &node->current, node->transfer.outstanding);
    node->transfer.outstanding = 0;
  } else {
    report(node, &node->current);
  }
}

static void set_correct(iscc_edge_node *node, int predicted_class) {
  iscc_task *task = &node->current;
  if (iscc_inference_mode_of(node->inference) == ISCC_INFERENCE_MODEL) {
    const iscc_decision *decision = &iscc_task_executed(task)->decision;
    const double probability = iscc_planner_correct_probability(node->planner, decision);
    task->correct = iscc_inference_draw(node->inference, task->number, probability);
    return;
  }
  task->predicted_class = predicted_class;
  if (predicted_class >= 0 && task->true_class >= 0) task->correct = predicted_class == task->true_class;
}

/* The class is known at the node now. */
static void conclude(iscc_edge_node *node, int predicted_class) {
  iscc_task *task = &node->current;
  set_correct(node, predicted_class);
  task->finish_ns = now_ns(node);
  const bool late = task->finish_ns - task->arrival_ns > node->max_latency_ns;
  end_current(node, late ? ISCC_OUTCOME_LATE : ISCC_OUTCOME_DONE);
  begin_next(node);
}

static void end_sensing(iscc_edge_node *node) {
  iscc_task *task = &node->current;
  const iscc_decision *decision = &iscc_task_executed(task)->decision;
  task->sensing_ns = now_ns(node) - node->stage_start_ns;
  task->sensing_j = iscc_planner_sensing_energy_j(node->planner, decision);
  draw(node, ISCC_LOAD_SENSING, 0);
  if (iscc_inference_mode_of(node->inference) == ISCC_INFERENCE_REAL) {
    iscc_error error;
    if (iscc_inference_sense(node->inference, task->number, decision->sensing_power_w, &task->true_class,
                             &error) != ISCC_OK)
      note_fault(node, &error);
  }
  const double flops = iscc_planner_device_flops(node->planner, decision->split, decision->keep_ratio);
  const int64_t duration_ns = flops > 0.0 ? round_up_ns(flops / decision->edge_speed_flops) : 0;
  tell(node, ISCC_TASK_SENSED, task);
  enter_stage(node, STAGE_COMPUTE, duration_ns, iscc_planner_compute_energy_j(node->planner, decision));
}

static void begin_uplink(iscc_edge_node *node, const iscc_decision *decision, const iscc_payload_plan *plan) {
  node->current.payload_bits = plan->payload_bits;
  node->stage = STAGE_UPLINK;
  node->stage_start_ns = now_ns(node);
  iscc_transfer_begin(&node->transfer, &node->current, decision, plan, &node->link);
}

static void end_compute(iscc_edge_node *node) {
  iscc_task *task = &node->current;
  const iscc_decision *decision = &iscc_task_executed(task)->decision;
  task->compute_ns = now_ns(node) - node->stage_start_ns;
  task->compute_j = iscc_planner_compute_energy_j(node->planner, decision);
  draw(node, ISCC_LOAD_COMPUTE, 0);
  node->device_class = -1;
  if (iscc_inference_mode_of(node->inference) == ISCC_INFERENCE_REAL) {
    iscc_error error;
    if (iscc_inference_device(node->inference, task->number, decision->split, decision->keep_ratio,
                              decision->bits, node->payload, node->payload_capacity, &node->device_class,
                              &error) != ISCC_OK)
      note_fault(node, &error);
  }
  tell(node, ISCC_TASK_COMPUTED, task);
  const iscc_payload_plan plan = iscc_planner_payload(node->planner, decision->split, decision->bits);
  if (plan.features > 0) {
    begin_uplink(node, decision, &plan);
    return;
  }
  iscc_transfer_time_skip(&node->transfer_time);
  conclude(node, node->device_class);
}

static void on_stage_end(void *arg) {
  iscc_edge_node *node = arg;
  node->stage_event = 0;
  if (node->stage == STAGE_SENSING)
    end_sensing(node);
  else
    end_compute(node);
}

/* The current task's decision stands: carry it out. */
static void begin_service(iscc_edge_node *node) {
  iscc_task *task = &node->current;
  task->start_ns = now_ns(node);
  task->wait_ns = task->start_ns - task->arrival_ns;
  enter_stage(node, STAGE_SENSING, round_up_ns(iscc_planner_sensing_time_s(node->planner)),
              iscc_planner_sensing_energy_j(node->planner, &iscc_task_executed(task)->decision));
}

static void begin_next(iscc_edge_node *node) {
  while (may_begin(node) && iscc_task_queue_pop(&node->queue, &node->current)) {
    if (decide(node, &node->current, &node->current.at_turn)) {
      begin_service(node);
      return;
    }
    node->current.start_ns = node->current.finish_ns = now_ns(node);
    node->current.wait_ns = node->current.start_ns - node->current.arrival_ns;
    node->current.outcome = ISCC_OUTCOME_INFEASIBLE;
    report(node, &node->current);
  }
}

/* ---- the uplink's end ---- */

static void on_sent(void *arg) {
  iscc_edge_node *node = arg;
  node->sent_event = 0;
  tell(node, ISCC_TASK_SENT, &node->current);
}

/* The radio may tell of a datagram before it is off the air. */
static void tell_sent(iscc_edge_node *node, int64_t end_ns) {
  if (!node->sink.task_event || node->transfer.outstanding > 0 || node->transfer.asked_round > 0) return;
  const int64_t ahead_ns = end_ns - now_ns(node);
  if (ahead_ns > 0)
    node->sent_event = node->host.schedule(node->host.ctx, ahead_ns, on_sent, node);
  else
    tell(node, ISCC_TASK_SENT, &node->current);
}

static void end_uplink(iscc_edge_node *node) {
  iscc_task *task = &node->current;
  const int64_t now = now_ns(node);
  const int64_t sent_ns = node->transfer.last_end_ns < now ? node->transfer.last_end_ns : now;
  task->uplink_ns = sent_ns - node->stage_start_ns;
}

/* What the transfer took beside what the link's model said; of a lost one what it took so far. */
static void learn(iscc_edge_node *node) {
  const iscc_task_decision *plan = iscc_task_executed(&node->current);
  const double modelled_s = plan->decision.latency.uplink / plan->transfer_factor;
  iscc_transfer_time_add(&node->transfer_time, modelled_s, 1e-9 * (double)node->current.uplink_ns);
}

static void answered(void *ctx, const iscc_message *answer) {
  iscc_edge_node *node = ctx;
  iscc_task *task = &node->current;
  const int64_t whole_ns = now_ns(node) - node->stage_start_ns;
  end_uplink(node);
  task->server_wait_ns = answer->wait_ns;
  task->server_ns = answer->compute_ns;
  const int64_t rest_ns = whole_ns - answer->wait_ns - answer->compute_ns;
  if (task->uplink_ns > rest_ns) task->uplink_ns = rest_ns; /* a needless repetition was still on the air */
  task->answer_ns = rest_ns - task->uplink_ns;
  learn(node);
  conclude(node, answer->answer_class == ISCC_WIRE_CLASS_UNKNOWN ? -1 : answer->answer_class);
}

static void lost(void *ctx) {
  iscc_edge_node *node = ctx;
  node->current.uplink_ns = now_ns(node) - node->stage_start_ns;
  node->current.finish_ns = now_ns(node);
  learn(node);
  end_current(node, ISCC_OUTCOME_LOST);
  begin_next(node);
}

static bool plausible(const iscc_edge_node *node, const iscc_message *m) {
  if (m->kind != ISCC_MESSAGE_ANSWER) return true;
  const int64_t whole_ns = now_ns(node) - node->stage_start_ns;
  if (m->wait_ns > whole_ns || m->compute_ns > whole_ns - m->wait_ns) return false;
  return m->answer_class == ISCC_WIRE_CLASS_UNKNOWN || m->answer_class < node->model->network.classes;
}

void iscc_edge_node_on_receive(iscc_edge_node *node, const void *bytes, size_t n_bytes) {
  if (node->stopped) return;
  iscc_message message;
  if (iscc_wire_decode(bytes, n_bytes, &message, NULL) != ISCC_OK) {
    node->malformed++;
    return;
  }
  if (node->stage != STAGE_UPLINK || message.task != (uint32_t)node->current.number)
    return; /* of an ended task */
  if (!plausible(node, &message) || !iscc_transfer_message(&node->transfer, &message)) node->malformed++;
}

void iscc_edge_node_on_transmitted(iscc_edge_node *node, uint64_t token, int64_t start_ns, int64_t airtime_ns,
                                   double sent_bits, double energy_j) {
  if (node->stopped) return;
  if (node->stage == STAGE_UPLINK && token == node->current.number) {
    node->current.sent_bits += sent_bits;
    node->current.uplink_j += energy_j;
    iscc_transfer_transmitted(&node->transfer, start_ns + airtime_ns);
    tell_sent(node, start_ns + airtime_ns);
    return;
  }
  iscc_task done;
  if (!iscc_drain_transmitted(&node->drain, token, sent_bits, energy_j, &done)) return;
  report(node, &done);
  begin_next(node);
}

/* ---- arrivals ---- */

static void on_arrival(void *arg);
static void schedule_arrival(iscc_edge_node *node) {
  const int64_t next_ns = iscc_arrivals_next_ns(node->arrivals);
  node->arrivals_over = next_ns < 0;
  if (node->arrivals_over) return;
  const int64_t delay_ns = next_ns - now_ns(node);
  node->arrival_event = node->host.schedule(node->host.ctx, delay_ns > 0 ? delay_ns : 0, on_arrival, node);
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
  *task = iscc_task_arriving(node->settings.id, node->next_number++, now_ns(node));
  tell(node, ISCC_TASK_ARRIVED, task);
  const bool feasible = decide(node, task, &task->at_arrival);
  if (!may_begin(node) || node->queue.waiting > 0) {
    queue_or_drop(node, task);
  } else if (feasible) {
    node->current = *task;
    begin_service(node);
  } else {
    task->start_ns = task->finish_ns = task->arrival_ns;
    task->outcome = ISCC_OUTCOME_INFEASIBLE;
    report(node, task);
  }
}

/* ---- life ---- */

iscc_status iscc_edge_node_start(iscc_edge_node *node, iscc_error *error) {
  if (node->started)
    return iscc_fail(error, ISCC_ESTATE, "node %u: started a second time", (unsigned)node->settings.id);
  node->started = true;
  schedule_arrival(node);
  return ISCC_OK;
}

/* What the stage that is cut short has cost so far. */
static void account_partial_stage(iscc_edge_node *node) {
  iscc_task *task = &node->current;
  const iscc_decision *decision = &iscc_task_executed(task)->decision;
  const int64_t elapsed_ns = now_ns(node) - node->stage_start_ns;
  const double share = node->stage_ns > 0 ? (double)elapsed_ns / (double)node->stage_ns : 0.0;
  if (node->stage == STAGE_SENSING) {
    task->sensing_ns = elapsed_ns;
    task->sensing_j = share * iscc_planner_sensing_energy_j(node->planner, decision);
    draw(node, ISCC_LOAD_SENSING, 0);
  } else if (node->stage == STAGE_COMPUTE) {
    task->compute_ns = elapsed_ns;
    task->compute_j = share * iscc_planner_compute_energy_j(node->planner, decision);
    draw(node, ISCC_LOAD_COMPUTE, 0);
  } else {
    task->uplink_ns = elapsed_ns;
  }
}

void iscc_edge_node_stop(iscc_edge_node *node) {
  if (node->stopping) return;
  node->stopping = true; /* nothing begins any more */
  if (node->host.silence) node->host.silence(node->host.ctx);
  node->stopped = true;
  cancel_events(node);
  for (int i = 0; i < node->drain.count; i++) report(node, &node->drain.slot[i].task);
  node->drain.count = 0;
  if (node->stage != STAGE_NONE) {
    account_partial_stage(node);
    node->current.outcome = ISCC_OUTCOME_UNFINISHED;
    report(node, &node->current);
    node->stage = STAGE_NONE;
  }
  while (iscc_task_queue_pop(&node->queue, &node->current)) {
    node->current.wait_ns = now_ns(node) - node->current.arrival_ns;
    report(node, &node->current);
  }
}

bool iscc_edge_node_idle(const iscc_edge_node *node) {
  if (node->stopped) return true;
  return node->started && node->arrivals_over && node->stage == STAGE_NONE && node->queue.waiting == 0 &&
         node->drain.count == 0;
}

uint64_t iscc_edge_node_malformed(const iscc_edge_node *node) {
  return node->malformed;
}

const char *iscc_edge_node_fault(const iscc_edge_node *node) {
  if (node->fault.text[0]) return node->fault.text;
  return node->transfer.send_failures > 0 ? node->transfer.send_error.text : NULL;
}
