/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-service.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "iscc-wire.h"

enum { DATAGRAM_BYTES = UINT16_MAX + ISCC_WIRE_FEATURES_HEADER_BYTES };

enum { ROUNDED_STEPS = 8 }; /* of a transfer or an answer beside fragments, at most */

enum { AT_ARRIVAL, AT_TURN, AFTER_SENSING, AFTER_COMPUTE }; /* decisions of a task, each with its estimate */

static void answered(void *ctx, const iscc_message *answer);
static void lost(void *ctx);

static iscc_status allocate(iscc_service *s, iscc_error *error) {
  s->payload_capacity = iscc_planner_payload_capacity(s->planner);
  s->payload = calloc(s->payload_capacity + 1, 1);
  s->datagram = malloc(DATAGRAM_BYTES);
  if (!s->payload || !s->datagram)
    return iscc_fail(error, ISCC_ENOMEM, "node %u: out of memory", (unsigned)s->settings.id);
  s->transfer = (iscc_transfer){.host = s->host,
                                .charge = s->settings.charge,
                                .retry_limit = s->settings.retry_limit,
                                .limit_ns = llround(s->settings.uplink_limit_s * 1e9),
                                .max_latency_ns = s->max_latency_ns,
                                .payload = s->payload,
                                .datagram = s->datagram,
                                .datagram_capacity = DATAGRAM_BYTES,
                                .ctx = s,
                                .answered = answered,
                                .lost = lost};
  return ISCC_OK;
}

iscc_status iscc_service_create(iscc_service *s, iscc_error *error) {
  s->max_latency_ns = llround(s->settings.max_latency_s * 1e9);
  iscc_transfer_time_begin(&s->uplink_time, s->settings.transfer_quantile);
  iscc_transfer_time_begin(&s->answer_time, s->settings.transfer_quantile);
  iscc_channel_estimate_begin(&s->estimate, &s->host, s->settings.channel_error_db);
  iscc_status status = iscc_planner_create(&s->settings, s->model, &s->planner, error);
  if (status == ISCC_OK)
    status = iscc_inference_create(s->settings.inference, s->model, &s->host, &s->inference, error);
  s->settings.scheme = NULL; /* borrowed until here */
  s->settings.arrivals.path = NULL;
  return status == ISCC_OK ? allocate(s, error) : status;
}

static void cancel_events(iscc_service *s) {
  uint64_t *const events[] = {&s->stage_event, &s->sent_event};
  for (size_t i = 0; i < sizeof events / sizeof *events; i++) {
    if (*events[i]) s->host.cancel(s->host.ctx, *events[i]);
    *events[i] = 0;
  }
  iscc_transfer_end(&s->transfer);
}

void iscc_service_destroy(iscc_service *s) {
  cancel_events(s);
  iscc_planner_destroy(s->planner);
  iscc_inference_destroy(s->inference);
  free(s->payload);
  free(s->datagram);
}

static int64_t now_ns(const iscc_service *s) {
  return s->host.now_ns(s->host.ctx);
}

static int64_t round_up_ns(double time_s) {
  static const double longest_ns = 1e18; /* added to the clock it stays within 64 bits */
  return (int64_t)fmin(ceil(time_s * 1e9), longest_ns);
}

static void note_fault(iscc_service *s, const iscc_error *error) {
  if (!s->fault.text[0]) s->fault = *error;
}

bool iscc_service_may_begin(const iscc_service *s) {
  return s->stage == ISCC_STAGE_NONE && s->drain.count < ISCC_DRAIN_MAX && !s->stopping;
}

bool iscc_service_idle(const iscc_service *s) {
  return s->stage == ISCC_STAGE_NONE && s->drain.count == 0;
}

/* ---- decisions ---- */

static iscc_time_factors factors_of(const iscc_service *s) {
  return (iscc_time_factors){.uplink = iscc_transfer_time_factor(&s->uplink_time),
                             .answer = iscc_transfer_time_factor(&s->answer_time)};
}

void iscc_service_pass(iscc_service *s) {
  iscc_transfer_time_skip(&s->uplink_time);
  iscc_transfer_time_skip(&s->answer_time);
}

/* What is random in the link that a task meets. */
static void note_link(iscc_service *s, uint64_t task) {
  if (s->link.fading > 0) iscc_draws_note(&s->fading, task, s->link.fading);
  if (s->link.shadowing > 0) iscc_draws_note(&s->shadowing, task, s->link.shadowing);
}

bool iscc_service_decide(iscc_service *s, iscc_task *task, iscc_task_decision *decision) {
  iscc_error error;
  error.text[0] = '\0';
  const int which = decision == &task->at_turn ? AT_TURN : AT_ARRIVAL;
  double is_per_w = NAN;
  iscc_status status =
      iscc_channel_estimate_link(&s->estimate, task->number, which, &s->link, &is_per_w, &error);
  if (status == ISCC_OK && which == AT_ARRIVAL) note_link(s, task->number);
  if (status == ISCC_OK)
    status = iscc_planner_decide(s->planner, &s->link, now_ns(s) - task->arrival_ns, factors_of(s), decision,
                                 &error);
  if (status != ISCC_OK) note_fault(s, &error);
  decision->true_snr_per_w = is_per_w;
  if (decision->made) iscc_task_tell(&s->sink, ISCC_TASK_DECIDED, task);
  return decision->made && decision->decision.status != ISCC_DECISION_INFEASIBLE;
}

/* Tells the host what the current task will send with; 0: it is over. */
static void serve(const iscc_service *s, double power_w) {
  if (s->host.serve) s->host.serve(s->host.ctx, s->current.number, power_w);
}

/* Of all that a decision depends on. */
static bool same_link(const iscc_link *a, const iscc_link *b) {
  const size_t rates = (size_t)a->rates * sizeof(double);
  return a->rates == b->rates && a->bandwidth_hz == b->bandwidth_hz && a->snr_per_w == b->snr_per_w &&
         memcmp(a->rate_bps, b->rate_bps, rates) == 0 && memcmp(a->power_w, b->power_w, rates) == 0 &&
         memcmp(a->air_share, b->air_share, rates) == 0 && a->access_s == b->access_s &&
         a->answer_access_s == b->answer_access_s && a->propagation_s == b->propagation_s &&
         a->answer_rate_bps == b->answer_rate_bps &&
         a->datagram_overhead_bytes == b->datagram_overhead_bytes &&
         a->datagram_max_bytes == b->datagram_max_bytes && a->answer_ahead_bytes == b->answer_ahead_bytes;
}

/* Decides again what is left of the current task, if the link has changed. computed_ns < 0: only sensing is
 * done. An infeasible answer, or none, leaves the plan as it is. */
static void replan(iscc_service *s, int64_t computed_ns, iscc_task_decision *again) {
  if (s->settings.replan != ISCC_REPLAN_STAGE) return;
  const iscc_decision *plan = &iscc_task_executed(&s->current)->decision;
  iscc_error error;
  iscc_link link;
  const int which = computed_ns < 0 ? AFTER_SENSING : AFTER_COMPUTE;
  double is_per_w = NAN;
  iscc_status status =
      iscc_channel_estimate_link(&s->estimate, s->current.number, which, &link, &is_per_w, &error);
  if (status == ISCC_OK && same_link(&link, &s->plan_link)) return;
  if (status == ISCC_OK)
    status = iscc_planner_decide_rest(s->planner, &link, s->current.wait_ns, factors_of(s), plan, computed_ns,
                                      again, &error);
  if (status != ISCC_OK) {
    note_fault(s, &error);
    return;
  }
  again->true_snr_per_w = is_per_w;
  s->link = link;
  iscc_task_tell(&s->sink, ISCC_TASK_DECIDED, &s->current);
  if (iscc_task_executed(&s->current) != again) return;
  s->plan_link = link;
  serve(s, again->decision.transmit_power_w);
}

/* ---- the stages ---- */

static void on_stage_end(void *arg);

static void draw(const iscc_service *s, iscc_load load, double power_w) {
  if (s->host.draw) s->host.draw(s->host.ctx, load, power_w);
}

static void enter_stage(iscc_service *s, iscc_service_stage stage, int64_t duration_ns, double energy_j) {
  s->stage = stage;
  s->stage_start_ns = now_ns(s);
  s->stage_ns = duration_ns;
  if (duration_ns > 0)
    draw(s, stage == ISCC_STAGE_SENSING ? ISCC_LOAD_SENSING : ISCC_LOAD_COMPUTE,
         energy_j / (1e-9 * (double)duration_ns));
  s->stage_event = s->host.schedule(s->host.ctx, duration_ns, on_stage_end, s);
}

/* The outcome of the task in service is known: it is reported, now or when the radio has told all of its
 * energy. */
static void end_current(iscc_service *s, iscc_outcome outcome) {
  s->current.outcome = outcome;
  s->stage = ISCC_STAGE_NONE;
  if (s->transfer.outstanding > 0) {
    iscc_drain_add(&s->drain, &s->current, s->transfer.outstanding);
    s->transfer.outstanding = 0;
  } else {
    iscc_task_report(&s->sink, &s->current);
  }
  serve(s, 0);
}

static void set_correct(iscc_service *s, int predicted_class) {
  iscc_task *task = &s->current;
  if (iscc_inference_mode_of(s->inference) == ISCC_INFERENCE_MODEL) {
    const iscc_decision *decision = &iscc_task_executed(task)->decision;
    const double probability = iscc_planner_correct_probability(s->planner, decision);
    task->correct = iscc_inference_draw(s->inference, task->number, probability);
    return;
  }
  task->predicted_class = predicted_class;
  if (predicted_class >= 0 && task->true_class >= 0) task->correct = predicted_class == task->true_class;
}

/* The class is known at the node now. */
static void conclude(iscc_service *s, int predicted_class) {
  iscc_task *task = &s->current;
  set_correct(s, predicted_class);
  task->finish_ns = now_ns(s);
  const bool late = task->finish_ns - task->arrival_ns > s->max_latency_ns;
  end_current(s, late ? ISCC_OUTCOME_LATE : ISCC_OUTCOME_DONE);
  s->free(s->ctx);
}

static void end_sensing(iscc_service *s) {
  iscc_task *task = &s->current;
  const iscc_decision *decision = &iscc_task_executed(task)->decision;
  task->sensing_ns = now_ns(s) - s->stage_start_ns;
  task->sensing_j = iscc_planner_sensing_energy_j(s->planner, decision);
  draw(s, ISCC_LOAD_SENSING, 0);
  if (iscc_inference_mode_of(s->inference) == ISCC_INFERENCE_REAL) {
    iscc_error error;
    if (iscc_inference_sense(s->inference, task->number, decision->sensing_power_w, &task->true_class,
                             &error) != ISCC_OK)
      note_fault(s, &error);
  }
  iscc_task_tell(&s->sink, ISCC_TASK_SENSED, task);
  replan(s, -1, &task->after_sensing);
  decision = &iscc_task_executed(task)->decision;
  const double flops = iscc_planner_device_flops(s->planner, decision->split, decision->keep_ratio);
  const int64_t duration_ns = flops > 0.0 ? round_up_ns(flops / decision->edge_speed_flops) : 0;
  enter_stage(s, ISCC_STAGE_COMPUTE, duration_ns, iscc_planner_compute_energy_j(s->planner, decision));
}

static void begin_uplink(iscc_service *s, const iscc_decision *decision, const iscc_payload_plan *plan) {
  s->current.payload_bits = plan->payload_bits;
  s->stage = ISCC_STAGE_UPLINK;
  s->stage_start_ns = now_ns(s);
  s->sent = false;
  iscc_transfer_begin(&s->transfer, &s->current, decision, plan, &s->link);
}

/* Real inference up to the split, and the payload of it. */
static void compute_features(iscc_service *s, const iscc_decision *decision) {
  iscc_error error;
  s->device_class = -1;
  if (iscc_inference_mode_of(s->inference) != ISCC_INFERENCE_REAL) return;
  if (iscc_inference_device(s->inference, s->current.number, decision->split, decision->keep_ratio,
                            decision->bits, s->payload, s->payload_capacity, &s->device_class,
                            &error) != ISCC_OK)
    note_fault(s, &error);
}

static void end_compute(iscc_service *s) {
  iscc_task *task = &s->current;
  const iscc_decision *decision = &iscc_task_executed(task)->decision;
  task->compute_ns = now_ns(s) - s->stage_start_ns;
  task->compute_j = iscc_planner_compute_energy_j(s->planner, decision);
  draw(s, ISCC_LOAD_COMPUTE, 0);
  iscc_task_tell(&s->sink, ISCC_TASK_COMPUTED, task);
  if (decision->bits > 0) {
    replan(s, task->compute_ns, &task->after_compute);
    decision = &iscc_task_executed(task)->decision;
  }
  compute_features(s, decision);
  const iscc_payload_plan plan = iscc_planner_payload(s->planner, decision->split, decision->bits);
  if (plan.features > 0) {
    begin_uplink(s, decision, &plan);
    return;
  }
  iscc_service_pass(s);
  conclude(s, s->device_class);
}

static void on_stage_end(void *arg) {
  iscc_service *s = arg;
  s->stage_event = 0;
  if (s->stage == ISCC_STAGE_SENSING)
    end_sensing(s);
  else
    end_compute(s);
}

void iscc_service_begin(iscc_service *s, const iscc_task *decided) {
  iscc_task *task = &s->current;
  *task = *decided;
  task->start_ns = now_ns(s);
  task->wait_ns = task->start_ns - task->arrival_ns;
  if (s->settings.replan == ISCC_REPLAN_STAGE) s->plan_link = s->link;
  enter_stage(s, ISCC_STAGE_SENSING, round_up_ns(iscc_planner_sensing_time_s(s->planner)),
              iscc_planner_sensing_energy_j(s->planner, &iscc_task_executed(task)->decision));
  serve(s, iscc_task_executed(task)->decision.transmit_power_w);
}

/* ---- the uplink's end ---- */

static void on_sent(void *arg) {
  iscc_service *s = arg;
  s->sent_event = 0;
  iscc_task_tell(&s->sink, ISCC_TASK_SENT, &s->current);
}

/* The radio may tell of a datagram before it is off the air. */
static void tell_sent(iscc_service *s, int64_t end_ns) {
  if (!s->sink.task_event || s->stage != ISCC_STAGE_UPLINK || s->sent || s->transfer.outstanding > 0) return;
  s->sent = true;
  const int64_t ahead_ns = end_ns - now_ns(s);
  if (ahead_ns > 0)
    s->sent_event = s->host.schedule(s->host.ctx, ahead_ns, on_sent, s);
  else
    iscc_task_tell(&s->sink, ISCC_TASK_SENT, &s->current);
}

static void end_uplink(iscc_service *s) {
  iscc_task *task = &s->current;
  const int64_t now = now_ns(s);
  const int64_t sent_ns = s->transfer.last_end_ns < now ? s->transfer.last_end_ns : now;
  task->uplink_ns = sent_ns - s->stage_start_ns;
}

/* What a stage took beside what the link's model said, each of its steps rounded up to a nanosecond. */
static void learn(iscc_transfer_time *t, double modelled_s, int64_t realised_ns, int steps) {
  iscc_transfer_time_add(t, modelled_s, 1e-9 * (double)realised_ns, 1e-9 * steps);
}

/* Of a lost transfer what it took so far. */
static void learn_uplink(iscc_service *s) {
  const iscc_task_decision *plan = iscc_task_executed(&s->current);
  learn(&s->uplink_time, plan->decision.latency.uplink / plan->transfer_factor, s->current.uplink_ns,
        s->transfer.plan.fragments + ROUNDED_STEPS);
}

static void answered(void *ctx, const iscc_message *answer) {
  iscc_service *s = ctx;
  iscc_task *task = &s->current;
  const int64_t whole_ns = now_ns(s) - s->stage_start_ns;
  end_uplink(s);
  task->server_wait_ns = answer->wait_ns;
  task->server_ns = answer->compute_ns;
  const int64_t rest_ns = whole_ns - answer->wait_ns - answer->compute_ns;
  if (task->uplink_ns > rest_ns) task->uplink_ns = rest_ns; /* a needless repetition was still on the air */
  task->answer_ns = rest_ns - task->uplink_ns;
  learn_uplink(s);
  learn(&s->answer_time, iscc_task_executed(task)->answer_s, task->answer_ns, ROUNDED_STEPS);
  conclude(s, answer->answer_class == ISCC_WIRE_CLASS_UNKNOWN ? -1 : answer->answer_class);
}

static void lost(void *ctx) {
  iscc_service *s = ctx;
  s->current.uplink_ns = now_ns(s) - s->stage_start_ns;
  s->current.finish_ns = now_ns(s);
  learn_uplink(s);
  end_current(s, ISCC_OUTCOME_LOST);
  s->free(s->ctx);
}

static bool plausible(const iscc_service *s, const iscc_message *m) {
  if (m->kind != ISCC_MESSAGE_ANSWER) return true;
  const int64_t whole_ns = now_ns(s) - s->stage_start_ns;
  if (m->wait_ns > whole_ns || m->compute_ns > whole_ns - m->wait_ns) return false;
  return m->answer_class == ISCC_WIRE_CLASS_UNKNOWN || m->answer_class < s->model->network.classes;
}

void iscc_service_on_receive(iscc_service *s, const void *bytes, size_t n_bytes) {
  if (s->stopped) return;
  iscc_message message;
  if (iscc_wire_decode(bytes, n_bytes, &message, NULL) != ISCC_OK) {
    s->malformed++;
    return;
  }
  if (s->stage != ISCC_STAGE_UPLINK || message.task != (uint32_t)s->current.number)
    return; /* of an ended task */
  if (!plausible(s, &message) || !iscc_transfer_message(&s->transfer, &message)) s->malformed++;
}

void iscc_service_on_sending(iscc_service *s, uint64_t token, bool repeated) {
  if (s->stopped) return;
  const bool serving = s->stage != ISCC_STAGE_NONE && token == s->current.number;
  iscc_task *task = serving ? &s->current : iscc_drain_expect(&s->drain, token);
  if (!task) return;
  if (serving) s->transfer.outstanding++;
  task->datagrams++;
  task->retransmissions += repeated;
}

void iscc_service_on_disconnected(iscc_service *s) {
  if (!s->stopped && s->stage == ISCC_STAGE_UPLINK) iscc_transfer_disconnected(&s->transfer);
}

void iscc_service_on_transmitted(iscc_service *s, uint64_t token, int64_t start_ns, int64_t airtime_ns,
                                 double sent_bits, double energy_j) {
  if (s->stopped) return;
  if (s->stage != ISCC_STAGE_NONE && token == s->current.number) {
    s->current.sent_bits += sent_bits;
    s->current.uplink_j += energy_j;
    iscc_transfer_transmitted(&s->transfer, start_ns + airtime_ns);
    tell_sent(s, start_ns + airtime_ns);
    return;
  }
  iscc_task done;
  if (!iscc_drain_transmitted(&s->drain, token, sent_bits, energy_j, &done)) return;
  iscc_task_report(&s->sink, &done);
  s->free(s->ctx);
}

/* ---- the end ---- */

/* What the stage that is cut short has cost so far. */
static void account_partial_stage(iscc_service *s) {
  iscc_task *task = &s->current;
  const iscc_decision *decision = &iscc_task_executed(task)->decision;
  const int64_t elapsed_ns = now_ns(s) - s->stage_start_ns;
  const double share = s->stage_ns > 0 ? (double)elapsed_ns / (double)s->stage_ns : 0.0;
  if (s->stage == ISCC_STAGE_SENSING) {
    task->sensing_ns = elapsed_ns;
    task->sensing_j = share * iscc_planner_sensing_energy_j(s->planner, decision);
    draw(s, ISCC_LOAD_SENSING, 0);
  } else if (s->stage == ISCC_STAGE_COMPUTE) {
    task->compute_ns = elapsed_ns;
    task->compute_j = share * iscc_planner_compute_energy_j(s->planner, decision);
    draw(s, ISCC_LOAD_COMPUTE, 0);
  } else {
    task->uplink_ns = elapsed_ns;
  }
}

void iscc_service_stop(iscc_service *s) {
  if (s->stopping) return;
  s->stopping = true; /* nothing begins any more */
  if (s->host.silence) s->host.silence(s->host.ctx);
  s->stopped = true;
  cancel_events(s);
  for (int i = 0; i < s->drain.count; i++) iscc_task_report(&s->sink, &s->drain.slot[i].task);
  s->drain.count = 0;
  if (s->stage == ISCC_STAGE_NONE) return;
  account_partial_stage(s);
  s->current.outcome = ISCC_OUTCOME_UNFINISHED;
  iscc_task_report(&s->sink, &s->current);
  s->stage = ISCC_STAGE_NONE;
}

const char *iscc_service_fault(const iscc_service *s) {
  if (s->fault.text[0]) return s->fault.text;
  return s->transfer.send_failures > 0 ? s->transfer.send_error.text : NULL;
}
