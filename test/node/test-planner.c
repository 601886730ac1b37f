/* SPDX-License-Identifier: GPL-2.0-only */
#include <check.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "iscc-fake-scene.h"
#include "iscc-planner.h"
#include "iscc-wire.h"

static const int64_t INTERVAL_NS = 10000000000;
static const iscc_time_factors as_modelled = {1, 1};

static iscc_node_settings random_node(iscc_random *r, iscc_charge charge, uint64_t tasks) {
  iscc_node_settings settings = iscc_fake_settings((double)INTERVAL_NS * 1e-9, tasks);
  settings.target_accuracy = iscc_random_between(r, 0.4, 0.95);
  settings.max_latency_s = iscc_random_between(r, 0.52, 3.0);
  settings.server_speed_flops = pow(10.0, iscc_random_between(r, 7.5, 12.0));
  settings.charge = charge;
  if (iscc_random_below(r, 3) == 0) { /* not always the best split: each one shall be tried */
    settings.candidates[0] = settings.candidates[iscc_random_below(r, 6)];
    settings.candidate_count = 1;
  }
  return settings;
}

static void random_band(iscc_random *r, iscc_fake_band *band) {
  band->link.bandwidth_hz = pow(10.0, iscc_random_between(r, 4.5, 7.0));
  band->link.propagation_s = iscc_random_below(r, 2) ? iscc_random_uniform(r) * 1e-4 : 0.0;
  band->link.answer_rate_bps = pow(10.0, iscc_random_between(r, 5.0, 8.0));
  band->link.datagram_overhead_bytes = (int)iscc_random_below(r, 60);
  band->link.datagram_max_bytes = 160 + (int)iscc_random_below(r, 2000);
}

/* One node, ten seconds a task, a channel that is drawn anew between tasks and rests during them. */
static iscc_fake_scene *static_channel_scene(uint64_t seed, iscc_charge charge, int tasks) {
  iscc_random r;
  iscc_random_seed(&r, seed, 0, 0, ISCC_STREAM_TEST);
  const iscc_node_settings settings = random_node(&r, charge, (uint64_t)tasks);
  iscc_fake_scene *scene = iscc_fake_scene_create(seed, &settings);
  iscc_fake_band *band = &scene->world->band[0];
  random_band(&r, band);
  iscc_fake_scene_add(scene, &settings);
  for (int k = 0; k < tasks; k++) {
    band->link.snr_per_w = pow(10.0, iscc_random_between(&r, -1.0, 4.0));
    iscc_fake_run_until(scene->world, (k + 1) * INTERVAL_NS - 1);
  }
  iscc_fake_scene_run(scene);
  ck_assert_uint_eq(scene->tasks, (size_t)tasks);
  return scene;
}

typedef struct {
  int done, offloaded, fragmented, tight;
} static_counts;

static void count_static(const iscc_fake_scene *scene, static_counts *counts) {
  for (size_t i = 0; i < scene->tasks; i++) {
    const iscc_task *task = &scene->task[i];
    ck_assert_msg(task->outcome == ISCC_OUTCOME_DONE || task->outcome == ISCC_OUTCOME_INFEASIBLE,
                  "task %zu is %s", i, iscc_outcome_name(task->outcome));
    if (task->outcome != ISCC_OUTCOME_DONE) continue;
    const iscc_task_decision *executed = iscc_task_executed(task);
    const double taken_s = (double)(task->finish_ns - task->arrival_ns) * 1e-9;
    counts->done++;
    counts->offloaded += task->datagrams > 0;
    counts->fragmented += task->datagrams > 1;
    counts->tight += executed->decision.latency.total > executed->max_latency_s - 1e-6;
    /* what was planned is what came about, but for the roundings */
    ck_assert_double_eq_tol(taken_s, executed->decision.latency.total, 2e-9 * (task->datagrams + 8));
    ck_assert_double_eq_tol(task->sensing_j, executed->decision.energy.sensing, 1e-9);
    ck_assert_double_eq_tol(task->compute_j, executed->decision.energy.compute,
                            1e-9 * executed->decision.energy.compute + 1e-300);
    ck_assert_double_eq_tol(task->uplink_j, executed->decision.energy.uplink,
                            1e-9 * executed->decision.energy.uplink + 1e-300);
    ck_assert_double_eq_tol(task->sent_bits, executed->decision.uplink_bits, 1e-9);
  }
}

/* 10 000 tasks of 1 000 random nodes, everything charged: no plan is ever missed in a channel that rests. */
START_TEST(no_planned_task_is_late_in_a_static_channel) {
  static_counts counts = {0};
  for (uint64_t seed = 0; seed < 1000; seed++) {
    iscc_fake_scene *scene = static_channel_scene(seed, ISCC_CHARGE_ALL, 10);
    count_static(scene, &counts);
    iscc_fake_scene_destroy(scene);
  }
  ck_assert_int_gt(counts.done, 5000);
  ck_assert_int_gt(counts.offloaded, 2000);
  ck_assert_int_gt(counts.fragmented, 1000);
  ck_assert_int_gt(counts.tight, 3000); /* plans that use up their latency: the margin is put to the test */
}
END_TEST

/* Payload alone charged: eqs. (7)-(9) to 1e-9. */
START_TEST(payload_only_reproduces_the_papers_uplink) {
  int checked = 0;
  for (uint64_t seed = 0; seed < 200; seed++) {
    iscc_fake_scene *scene = static_channel_scene(seed, ISCC_CHARGE_PAYLOAD, 10);
    const double bandwidth_hz = scene->world->band[0].link.bandwidth_hz;
    for (size_t i = 0; i < scene->tasks; i++) {
      const iscc_task *task = &scene->task[i];
      ck_assert(task->outcome == ISCC_OUTCOME_DONE || task->outcome == ISCC_OUTCOME_INFEASIBLE);
      if (task->datagrams == 0) continue;
      const iscc_task_decision *executed = iscc_task_executed(task);
      const iscc_decision *d = &executed->decision;
      const double rate = bandwidth_hz * log2(1.0 + executed->snr_per_w * d->transmit_power_w);
      const double bits = (double)scene->model->network.layer[d->split].features * d->bits;
      ck_assert(task->payload_bits == bits && task->sent_bits == bits);
      ck_assert_double_eq_tol(d->latency.uplink, bits / rate, 1e-9 * bits / rate);
      ck_assert_double_eq_tol(d->energy.uplink, d->transmit_power_w * bits / rate, 1e-9 * d->energy.uplink);
      ck_assert_double_eq_tol(task->uplink_j, d->transmit_power_w * bits / rate, 1e-9 * task->uplink_j);
      ck_assert_double_eq_tol((double)task->uplink_ns * 1e-9, bits / rate, 1e-9 * (task->datagrams + 1));
      checked++;
    }
    iscc_fake_scene_destroy(scene);
  }
  ck_assert_int_gt(checked, 400);
}
END_TEST

/* The plan's bits, by hand: 5292 features of 3 bits in datagrams of 500 bytes at 10 bytes of headers. */
START_TEST(sent_bits_are_payload_padding_and_headers) {
  iscc_node_settings settings = iscc_fake_settings(1.0, 1);
  settings.candidates[0] = 0;
  settings.candidate_count = 1;
  settings.bits_min = settings.bits_max = 3;
  iscc_model *model = iscc_fake_model_create();
  iscc_planner *planner;
  ck_assert_int_eq(iscc_planner_create(&settings, model, &planner, NULL), ISCC_OK);
  const iscc_link link = {.bandwidth_hz = 1e6,
                          .snr_per_w = 100,
                          .propagation_s = 1e-3,
                          .answer_rate_bps = 1e4,
                          .datagram_overhead_bytes = 10,
                          .datagram_max_bytes = 500};
  iscc_task_decision decision = {0};
  ck_assert_int_eq(iscc_planner_decide(planner, &link, 0, as_modelled, &decision, NULL), ISCC_OK);
  ck_assert_int_eq(decision.decision.status, ISCC_DECISION_OPTIMAL);
  /* 15876 bits are 1985 bytes: four fragments of 484 and one of 49 */
  ck_assert_double_eq_tol(decision.decision.uplink_bits, 8 * (1985 + 5 * (20 + 10)), 1e-9);
  const iscc_payload_plan plan = iscc_planner_payload(planner, 0, 3);
  ck_assert_int_eq(plan.fragments, 5);
  ck_assert_int_eq(plan.chunk_bytes, 480);
  ck_assert_uint_eq(plan.payload_bytes, 1985);
  ck_assert(plan.payload_bits == 15876);
  /* total: 2 ms there and back, 8 (25 + 10) bits of answer at 10 kbit/s */
  const iscc_latency_s *latency = &decision.decision.latency;
  ck_assert_double_eq_tol(
      latency->total, latency->sensing + latency->compute + latency->uplink + latency->server + 0.030, 1e-9);
  iscc_planner_destroy(planner);
  iscc_model_destroy(model);
}
END_TEST

START_TEST(waited_time_comes_off_the_budget) {
  iscc_node_settings settings = iscc_fake_settings(1.0, 1);
  iscc_model *model = iscc_fake_model_create();
  iscc_planner *planner;
  ck_assert_int_eq(iscc_planner_create(&settings, model, &planner, NULL), ISCC_OK);
  const iscc_link link = {
      .bandwidth_hz = 1e5, .snr_per_w = 100, .answer_rate_bps = 1e6, .datagram_max_bytes = 1472};
  iscc_task_decision now = {0}, later = {0}, never = {0};
  ck_assert_int_eq(iscc_planner_decide(planner, &link, 0, as_modelled, &now, NULL), ISCC_OK);
  ck_assert_int_eq(iscc_planner_decide(planner, &link, 100000000, as_modelled, &later, NULL), ISCC_OK);
  ck_assert_int_eq(iscc_planner_decide(planner, &link, 5000000000, as_modelled, &never, NULL), ISCC_OK);
  ck_assert_double_lt(now.max_latency_s, 0.8);
  ck_assert_double_gt(now.max_latency_s, 0.8 - 1e-7);
  ck_assert_double_eq_tol(later.max_latency_s, now.max_latency_s - 0.1, 1e-12);
  ck_assert_int_eq(never.decision.status, ISCC_DECISION_INFEASIBLE);
  ck_assert(never.made);
  ck_assert_uint_ne(never.decision.conflict & ISCC_CONSTRAINT_LATENCY, 0);
  iscc_planner_destroy(planner);
  iscc_model_destroy(model);
}
END_TEST

/* The answer of a planner that was not asked before, and what is sent then. */
static iscc_task_decision decide_afresh(const iscc_node_settings *settings, const iscc_model *model,
                                        const iscc_link *link, int64_t waited_ns, iscc_time_factors factors,
                                        iscc_payload_plan *plan) {
  iscc_planner *planner;
  iscc_task_decision d = {0};
  ck_assert_int_eq(iscc_planner_create(settings, model, &planner, NULL), ISCC_OK);
  ck_assert_int_eq(iscc_planner_decide(planner, link, waited_ns, factors, &d, NULL), ISCC_OK);
  *plan = iscc_planner_payload(planner, d.decision.split, d.decision.bits);
  iscc_planner_destroy(planner);
  return d;
}

/* A planner keeps its last answer for a channel that rests: it is none for another link, wait or factor, nor when
 * what is left of a task was decided over another link in between. */
START_TEST(decisions_do_not_hang_on_those_before) {
  const iscc_node_settings settings = iscc_fake_settings(1.0, 1);
  iscc_model *model = iscc_fake_model_create();
  iscc_planner *planner;
  iscc_payload_plan plan, plan_afresh;
  iscc_link link;
  ck_assert_int_eq(iscc_planner_create(&settings, model, &planner, NULL), ISCC_OK);
  iscc_random r;
  iscc_random_seed(&r, 8, 0, 0, ISCC_STREAM_TEST);
  memset(&link, 0, sizeof link);
  link.bandwidth_hz = 1e5;
  link.answer_rate_bps = 1e6;
  link.datagram_max_bytes = 1472;
  for (int i = 0; i < 400; i++) {
    const int64_t waited_ns = iscc_random_below(&r, 2) ? 0 : 90000000;
    const iscc_time_factors factors = {iscc_random_below(&r, 2) ? 1 : 1.5, iscc_random_below(&r, 2) ? 1 : 2};
    link.snr_per_w = iscc_random_below(&r, 2) ? 100 : 30;
    link.datagram_overhead_bytes = iscc_random_below(&r, 2) ? 28 : 60;
    const iscc_task_decision afresh =
        decide_afresh(&settings, model, &link, waited_ns, factors, &plan_afresh);
    iscc_task_decision d = {.true_snr_per_w = i};
    ck_assert_int_eq(iscc_planner_decide(planner, &link, waited_ns, factors, &d, NULL), ISCC_OK);
    plan = iscc_planner_payload(planner, d.decision.split, d.decision.bits);
    ck_assert_int_eq(d.decision.split, afresh.decision.split);
    ck_assert_int_eq(d.decision.bits, afresh.decision.bits);
    ck_assert(d.decision.energy.total == afresh.decision.energy.total);
    ck_assert(d.decision.transmit_power_w == afresh.decision.transmit_power_w);
    ck_assert(d.max_latency_s == afresh.max_latency_s && d.snr_per_w == link.snr_per_w);
    ck_assert(d.true_snr_per_w == i);
    ck_assert_int_gt(plan.fragments, 0);
    ck_assert_int_eq(plan.fragments, plan_afresh.fragments);
    if (iscc_random_below(&r, 2)) continue;
    iscc_link other = link;
    iscc_task_decision rest = {0};
    other.datagram_max_bytes = 200;
    ck_assert_int_eq(iscc_planner_decide_rest(planner, &other, 0, as_modelled, &d.decision, -1, &rest, NULL),
                     ISCC_OK);
  }
  iscc_planner_destroy(planner);
  iscc_model_destroy(model);
}
END_TEST

/* Too little time for the accuracy: each action gives up the one and keeps the other. */
START_TEST(a_best_effort_gives_up_accuracy_or_latency) {
  iscc_model *model = iscc_fake_model_create();
  iscc_decision made[3];
  for (int action = ISCC_INFEASIBLE_DROP; action <= ISCC_INFEASIBLE_BEST_LATENCY; action++) {
    iscc_node_settings settings = iscc_fake_settings(1.0, 1);
    settings.when_infeasible = (iscc_infeasible_action)action;
    settings.candidates[0] = 6;
    settings.candidate_count = 1;
    settings.max_latency_s = 0.56;
    settings.target_accuracy = 0.9;
    iscc_planner *planner;
    ck_assert_int_eq(iscc_planner_create(&settings, model, &planner, NULL), ISCC_OK);
    const iscc_link link = {
        .bandwidth_hz = 1e5, .snr_per_w = 100, .answer_rate_bps = 1e6, .datagram_max_bytes = 1472};
    iscc_task_decision decision = {0};
    ck_assert_int_eq(iscc_planner_decide(planner, &link, 0, as_modelled, &decision, NULL), ISCC_OK);
    made[action] = decision.decision;
    ck_assert_uint_ne(made[action].conflict, 0);
    iscc_planner_destroy(planner);
  }
  const iscc_decision *drop = &made[0], *accuracy = &made[1], *latency = &made[2];
  ck_assert_int_eq(drop->status, ISCC_DECISION_INFEASIBLE);
  ck_assert(drop->highest_accuracy > 0 && drop->highest_accuracy < 0.9 && drop->least_latency_s > 0.56);
  ck_assert_int_eq(accuracy->status, ISCC_DECISION_OPTIMAL);
  ck_assert_double_le(accuracy->latency.total, 0.56);
  ck_assert_double_eq_tol(accuracy->predicted_accuracy, drop->highest_accuracy, 2e-6);
  ck_assert_int_eq(latency->status, ISCC_DECISION_OPTIMAL);
  ck_assert_double_ge(latency->predicted_accuracy, 0.9 * (1 - 1e-12));
  ck_assert_double_eq_tol(latency->latency.total, drop->least_latency_s, 2e-6);
  for (int i = 1; i < 3; i++)
    ck_assert(made[i].conflict == drop->conflict && made[i].least_latency_s == drop->least_latency_s &&
              made[i].highest_accuracy == drop->highest_accuracy);
  iscc_model_destroy(model);
}
END_TEST

START_TEST(a_scheme_without_its_split_is_refused_before_any_task) {
  iscc_node_settings settings = iscc_fake_settings(1.0, 1);
  iscc_model *model = iscc_fake_model_create();
  iscc_planner *planner;
  iscc_error error;
  settings.scheme = "on-server";
  settings.candidates[0] = 6;
  settings.candidate_count = 1;
  ck_assert_int_eq(iscc_planner_create(&settings, model, &planner, &error), ISCC_EINVAL);
  ck_assert_ptr_null(planner);
  ck_assert_ptr_nonnull(strstr(error.text, "scheme on-server needs"));
  settings.scheme = "pca";
  ck_assert_int_eq(iscc_planner_create(&settings, model, &planner, &error), ISCC_EINVAL);
  ck_assert_ptr_nonnull(strstr(error.text, "scheme pca needs"));
  settings.inference = ISCC_INFERENCE_REAL;
  ck_assert_int_eq(iscc_planner_create(&settings, model, &planner, &error), ISCC_EINVAL);
  ck_assert_ptr_nonnull(strstr(error.text, "use modelled inference"));
  iscc_model_destroy(model);
}
END_TEST

/* Numbers of components are what is decided: their payload, headers, FLOPs and accuracy are the classifier's.
 */
START_TEST(principal_components_are_sent_as_features_are) {
  iscc_model *model = iscc_fake_model_create();
  iscc_calibration *c = &model->calibration;
  c->pca_count = 2;
  for (int k = 0; k < 2; k++) {
    c->pca[k] = (iscc_pca_calibration){.components = k ? 200 : 11, /* as many as the network has layers */
                                       .device_flops = k ? 2e5 : 1e4,
                                       .server_flops = 5e4,
                                       .arctan_a = 0.6,
                                       .arctan_b_per_w = 90,
                                       .concave_points = c->concave_points};
    for (int i = 0; i < c->concave_points; i++)
      c->pca[k].concave_accuracy[i] = c->concave_accuracy[i] * (k ? 1 : 0.5); /* the first is of no use */
  }
  memcpy(c->power_w, c->concave_power_w, sizeof c->power_w);
  iscc_node_settings settings = iscc_fake_settings(1.0, 1);
  settings.scheme = "pca";
  iscc_planner *planner;
  iscc_error error;
  ck_assert_msg(iscc_planner_create(&settings, model, &planner, &error) == ISCC_OK, "%s", error.text);
  const iscc_link link = {.bandwidth_hz = 1e5,
                          .snr_per_w = 100,
                          .answer_rate_bps = 1e6,
                          .datagram_overhead_bytes = 28,
                          .datagram_max_bytes = 1472};
  iscc_task_decision decision = {0};
  ck_assert_int_eq(iscc_planner_decide(planner, &link, 0, as_modelled, &decision, NULL), ISCC_OK);
  const iscc_decision *d = &decision.decision;
  ck_assert_int_eq(d->status, ISCC_DECISION_OPTIMAL);
  ck_assert_int_eq(d->split, 200);
  const iscc_payload_plan plan = iscc_planner_payload(planner, 200, d->bits);
  ck_assert_int_eq(plan.wire_split, ISCC_WIRE_PCA + 1);
  ck_assert_int_eq(plan.features, 200);
  ck_assert_double_eq_tol(d->uplink_bits, 8 * ((200 * d->bits + 7) / 8 + 20 + 28), 1e-9);
  ck_assert_double_eq(iscc_planner_device_flops(planner, 200, 1), 2e5);
  ck_assert_double_eq_tol(iscc_planner_correct_probability(planner, d), settings.target_accuracy, 1e-6);
  ck_assert_int_eq(iscc_planner_payload(planner, 11, 4).features, 11);
  ck_assert_int_eq(iscc_planner_payload(planner, 6, 4).features, 0); /* a split layer of the network */
  iscc_planner_destroy(planner);
  iscc_model_destroy(model);
}
END_TEST

static const struct {
  iscc_link link;
  const char *complaint;
} unusable[] = {{{.bandwidth_hz = 0.0,
                  .snr_per_w = 1.0,
                  .propagation_s = 0.0,
                  .answer_rate_bps = 1.0,
                  .datagram_overhead_bytes = 28,
                  .datagram_max_bytes = 1472},
                 "link bandwidth: 0 Hz is not > 0"},
                {{.bandwidth_hz = 1.0,
                  .snr_per_w = (double)NAN,
                  .propagation_s = 0.0,
                  .answer_rate_bps = 1.0,
                  .datagram_overhead_bytes = 28,
                  .datagram_max_bytes = 1472},
                 "link SNR: nan 1/W is not > 0"},
                {{.bandwidth_hz = 1.0,
                  .snr_per_w = 1.0,
                  .propagation_s = -1.0,
                  .answer_rate_bps = 1.0,
                  .datagram_overhead_bytes = 28,
                  .datagram_max_bytes = 1472},
                 "link propagation: -1 s is not >= 0"},
                {{.bandwidth_hz = 1.0,
                  .snr_per_w = 1.0,
                  .propagation_s = 0.0,
                  .answer_rate_bps = 0.0,
                  .datagram_overhead_bytes = 28,
                  .datagram_max_bytes = 1472},
                 "link answer rate: 0 bit/s is not > 0"},
                {{.bandwidth_hz = 1.0,
                  .snr_per_w = 1.0,
                  .propagation_s = 0.0,
                  .answer_rate_bps = 1.0,
                  .datagram_overhead_bytes = -1,
                  .datagram_max_bytes = 1472},
                 "link overhead: -1 bytes are not within 0..65535"},
                {{.bandwidth_hz = 1.0,
                  .snr_per_w = 1.0,
                  .propagation_s = 0.0,
                  .answer_rate_bps = 1.0,
                  .datagram_overhead_bytes = 28,
                  .datagram_max_bytes = 159},
                 "link datagram: 159 bytes at most, needs at least 160"}};

START_TEST(unusable_links_are_refused) {
  const iscc_node_settings settings = iscc_fake_settings(1.0, 1);
  iscc_model *model = iscc_fake_model_create();
  iscc_planner *planner;
  ck_assert_int_eq(iscc_planner_create(&settings, model, &planner, NULL), ISCC_OK);
  iscc_task_decision decision = {0};
  iscc_error error;
  ck_assert_int_eq(iscc_planner_decide(planner, &unusable[_i].link, 0, as_modelled, &decision, &error),
                   ISCC_EINVAL);
  ck_assert_str_eq(error.text, unusable[_i].complaint);
  ck_assert(!decision.made);
  iscc_planner_destroy(planner);
  iscc_model_destroy(model);
}
END_TEST

START_TEST(unusable_calibrations_are_refused) {
  iscc_node_settings settings = iscc_fake_settings(1.0, 1);
  iscc_model *model = iscc_fake_model_create();
  iscc_planner *planner;
  iscc_error error;
  settings.use_measured_curve = false;
  model->calibration.arctan_a = 0.7; /* accuracies above 1 */
  ck_assert_int_eq(iscc_planner_create(&settings, model, &planner, &error), ISCC_EINVAL);
  ck_assert_ptr_null(planner);
  ck_assert_str_eq(error.text, "accuracy_curve.a: 0.7 is above 2/pi: accuracies would pass 1");
  model->calibrated = false;
  ck_assert_int_eq(iscc_planner_create(&settings, model, &planner, &error), ISCC_EINVAL);
  ck_assert_str_eq(error.text, "the model has no calibration: train it with 'iscc train'");
  iscc_model_destroy(model);
}
END_TEST

START_TEST(probability_of_a_right_answer_is_the_calibrated_one) {
  const iscc_node_settings settings = iscc_fake_settings(1.0, 1);
  iscc_model *model = iscc_fake_model_create();
  iscc_planner *planner;
  ck_assert_int_eq(iscc_planner_create(&settings, model, &planner, NULL), ISCC_OK);
  iscc_decision d = {.split = 6, .bits = 3, .keep_ratio = 1.0, .sensing_power_w = 0.02};
  const double v = 1.0 / 9.0; /* 1/(2^(3-1) - 1)^2 */
  ck_assert_double_eq_tol(iscc_planner_correct_probability(planner, &d), 0.853 * (1 - 0.1 * v), 1e-12);
  d.keep_ratio = 0.5;
  const double u = 2 - 0.5 - 0.5 * pow(log(0.5) - 1, 2);
  ck_assert_double_eq_tol(iscc_planner_correct_probability(planner, &d), 0.853 * (1 - 0.36 * u - 0.1 * v),
                          1e-12);
  d = (iscc_decision){.split = 11, .keep_ratio = 1.0, .sensing_power_w = 0.035};
  ck_assert_double_eq_tol(iscc_planner_correct_probability(planner, &d), 0.897,
                          1e-12); /* halfway to the next point */
  iscc_planner_destroy(planner);
  iscc_model_destroy(model);
}
END_TEST

Suite *iscc_suite_planner(void);
Suite *iscc_suite_planner(void) {
  Suite *s = suite_create("node: planner");
  TCase *t = tcase_create("planner");
  tcase_set_timeout(t, 120);
  tcase_add_test(t, no_planned_task_is_late_in_a_static_channel);
  tcase_add_test(t, payload_only_reproduces_the_papers_uplink);
  tcase_add_test(t, sent_bits_are_payload_padding_and_headers);
  tcase_add_test(t, waited_time_comes_off_the_budget);
  tcase_add_test(t, decisions_do_not_hang_on_those_before);
  tcase_add_test(t, a_best_effort_gives_up_accuracy_or_latency);
  tcase_add_test(t, principal_components_are_sent_as_features_are);
  tcase_add_test(t, a_scheme_without_its_split_is_refused_before_any_task);
  tcase_add_loop_test(t, unusable_links_are_refused, 0, (int)(sizeof unusable / sizeof *unusable));
  tcase_add_test(t, unusable_calibrations_are_refused);
  tcase_add_test(t, probability_of_a_right_answer_is_the_calibrated_one);
  suite_add_tcase(s, t);
  return s;
}
