/* SPDX-License-Identifier: GPL-2.0-only */
/* A channel that changes while a task is served, and what is decided of the rest of it. */
#include <check.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "iscc-fake-scene.h"

typedef struct { /* of one task: the SNR becomes another at a time */
  int64_t at_ns;
  double snr_per_w;
  iscc_fake_world *world;
} change;

static void happen(void *arg) {
  const change *c = arg;
  c->world->band[0].link.snr_per_w = c->snr_per_w;
}

static iscc_node_settings settings_of(iscc_replan replan) {
  iscc_node_settings settings = iscc_fake_settings(1.0, 1);
  settings.target_accuracy = 0.8;
  settings.max_latency_s = 1.2;
  settings.replan = replan;
  memcpy(settings.candidates, (const int[]){3, 6, 8, 11}, 4 * sizeof(int)); /* all compute something */
  settings.candidate_count = 4;
  return settings;
}

/* One task at 20 dB before the change. */
static iscc_task serve(const iscc_node_settings *settings, int64_t at_ns, double snr_per_w) {
  iscc_fake_scene *scene = iscc_fake_scene_create(1, settings);
  change c = {at_ns, snr_per_w, scene->world};
  iscc_fake_scene_add(scene, settings);
  iscc_fake_call_at(scene->world, at_ns, happen, &c);
  iscc_fake_scene_run(scene);
  ck_assert_ptr_null(iscc_edge_node_fault(scene->node[0]));
  const iscc_task task = *iscc_fake_scene_task(scene, 0, 0);
  iscc_fake_scene_destroy(scene);
  return task;
}

static double energy_of(const iscc_task *t) {
  return t->sensing_j + t->compute_j + t->uplink_j;
}

enum { DURING_SENSING = 250000000, DURING_COMPUTE = 500000001 };

static void assert_carried_out(const iscc_task *t) {
  const iscc_decision *d = &iscc_task_executed(t)->decision;
  ck_assert_double_eq_tol(t->sensing_j, d->energy.sensing, 1e-12);
  ck_assert_double_eq_tol(t->compute_j, d->energy.compute, 1e-12);
  ck_assert_double_eq_tol(t->uplink_j, d->energy.uplink, 1e-9 * d->energy.uplink + 1e-15);
  ck_assert_double_eq_tol(1e-9 * (double)(t->finish_ns - t->start_ns), d->latency.total, 1e-7);
  ck_assert_double_ge(d->predicted_accuracy, 0.8 * (1 - 1e-9));
}

START_TEST(a_better_channel_after_sensing_saves_energy) {
  iscc_node_settings never = settings_of(ISCC_REPLAN_NEVER), stage = settings_of(ISCC_REPLAN_STAGE);
  const iscc_task old = serve(&never, DURING_SENSING, 3000), again = serve(&stage, DURING_SENSING, 3000);
  ck_assert_int_eq(old.outcome, ISCC_OUTCOME_DONE);
  ck_assert_int_eq(again.outcome, ISCC_OUTCOME_DONE);
  ck_assert(!old.after_sensing.made && !old.after_compute.made);
  ck_assert(again.after_sensing.made && !again.after_compute.made); /* it has not changed a second time */
  ck_assert_double_eq(again.after_sensing.snr_per_w, 3000);
  ck_assert(iscc_task_executed(&again) == &again.after_sensing);
  ck_assert_double_eq(again.after_sensing.decision.sensing_power_w,
                      again.at_arrival.decision.sensing_power_w);
  ck_assert_double_lt(energy_of(&again), 0.99 * energy_of(&old));
  assert_carried_out(&again);
}
END_TEST

START_TEST(a_better_channel_after_the_device_layers_saves_energy) {
  iscc_node_settings never = settings_of(ISCC_REPLAN_NEVER), stage = settings_of(ISCC_REPLAN_STAGE);
  const iscc_task old = serve(&never, DURING_COMPUTE, 3000), again = serve(&stage, DURING_COMPUTE, 3000);
  const iscc_decision *d = &again.after_compute.decision, *plan = &again.at_arrival.decision;
  ck_assert(!again.after_sensing.made && again.after_compute.made);
  ck_assert(d->split == plan->split && d->keep_ratio == plan->keep_ratio &&
            d->sensing_power_w == plan->sensing_power_w && d->edge_speed_flops == plan->edge_speed_flops);
  ck_assert_double_lt(d->transmit_power_w, plan->transmit_power_w);
  ck_assert_int_eq(again.compute_ns, old.compute_ns);
  ck_assert_double_lt(again.uplink_j, 0.9 * old.uplink_j);
  ck_assert_int_eq(again.outcome, ISCC_OUTCOME_DONE);
  assert_carried_out(&again);
}
END_TEST

START_TEST(a_worse_channel_is_still_in_time) {
  static const int64_t at_ns[] = {DURING_SENSING, DURING_COMPUTE};
  iscc_node_settings never = settings_of(ISCC_REPLAN_NEVER), stage = settings_of(ISCC_REPLAN_STAGE);
  const iscc_task old = serve(&never, at_ns[_i], 50), again = serve(&stage, at_ns[_i], 50);
  ck_assert_int_eq(old.outcome, ISCC_OUTCOME_LATE);
  ck_assert_int_eq(again.outcome, ISCC_OUTCOME_DONE);
  ck_assert_double_gt(iscc_task_executed(&again)->decision.transmit_power_w,
                      again.at_arrival.decision.transmit_power_w);
  assert_carried_out(&again);
}
END_TEST

/* Nothing meets both any more: the plan stays, or the best effort of the settings is made. */
START_TEST(what_becomes_infeasible_does_as_it_is_told) {
  iscc_node_settings stage = settings_of(ISCC_REPLAN_STAGE), never = settings_of(ISCC_REPLAN_NEVER);
  const double snr_per_w = 0.5;
  const iscc_task old = serve(&never, DURING_COMPUTE, snr_per_w);
  const iscc_task kept = serve(&stage, DURING_COMPUTE, snr_per_w);
  ck_assert_int_eq(kept.after_compute.decision.status, ISCC_DECISION_INFEASIBLE);
  ck_assert(iscc_task_executed(&kept) == &kept.at_arrival);
  ck_assert_int_eq(kept.finish_ns, old.finish_ns);
  ck_assert_double_eq(energy_of(&kept), energy_of(&old));
  stage.when_infeasible = ISCC_INFEASIBLE_BEST_LATENCY;
  const iscc_task fast = serve(&stage, DURING_COMPUTE, snr_per_w);
  ck_assert_int_eq(fast.outcome, ISCC_OUTCOME_LATE);
  ck_assert_int_lt(fast.finish_ns, old.finish_ns);
  ck_assert_double_ge(fast.after_compute.decision.predicted_accuracy, 0.8 * (1 - 1e-9));
  ck_assert_double_ge(fast.after_compute.decision.transmit_power_w, 0.999);
  stage.when_infeasible = ISCC_INFEASIBLE_BEST_ACCURACY;
  stage.candidates[0] = 6;
  stage.candidate_count = 1;
  const iscc_task rough = serve(&stage, DURING_SENSING, 0.025);
  ck_assert_int_eq(rough.outcome, ISCC_OUTCOME_DONE);
  ck_assert_uint_ne(rough.after_sensing.decision.conflict, 0);
  ck_assert_double_lt(rough.after_sensing.decision.predicted_accuracy, 0.8);
  ck_assert_double_gt(rough.after_sensing.decision.predicted_accuracy, 0.3);
}
END_TEST

/* At full power and speed nothing can be made up for: rounding the device layers' time up to nanoseconds must
 * not make the rest infeasible. */
START_TEST(rounding_never_makes_the_rest_infeasible) {
  int at_limit = 0;
  for (double power_w = 0.2; power_w > 1e-3; power_w *= 0.995) {
    iscc_node_settings stage = settings_of(ISCC_REPLAN_STAGE);
    stage.max_power_w = power_w;
    stage.max_speed_flops = 4e6;
    const iscc_task task = serve(&stage, _i ? DURING_COMPUTE : DURING_SENSING, 100 * (1 + 1e-13));
    if (task.outcome == ISCC_OUTCOME_INFEASIBLE) break;
    const iscc_task_decision *again = _i ? &task.after_compute : &task.after_sensing;
    ck_assert(again->made && iscc_task_executed(&task) == again);
    ck_assert_double_eq_tol(again->decision.energy.total, task.at_arrival.decision.energy.total,
                            1e-6 * again->decision.energy.total);
    ck_assert_int_eq(task.outcome, ISCC_OUTCOME_DONE);
    at_limit += (task.at_arrival.decision.binding & ISCC_CONSTRAINT_TRANSMIT_POWER) != 0;
  }
  ck_assert_int_gt(at_limit, 1);
}
END_TEST

static int by_number(const void *a, const void *b) {
  const uint64_t x = ((const iscc_task *)a)->number, y = ((const iscc_task *)b)->number;
  return (x > y) - (x < y);
}

START_TEST(a_channel_that_stays_changes_nothing) {
  iscc_fake_scene *scene[2];
  for (int i = 0; i < 2; i++) {
    iscc_node_settings settings = settings_of(i ? ISCC_REPLAN_STAGE : ISCC_REPLAN_NEVER);
    settings.arrivals.kind = ISCC_ARRIVALS_POISSON;
    settings.arrivals.count = 200;
    settings.transfer_quantile = 0.95;
    scene[i] = iscc_fake_scene_create(5, &settings);
    iscc_fake_scene_add(scene[i], &settings);
    iscc_fake_scene_run(scene[i]);
    qsort(scene[i]->task, scene[i]->tasks, sizeof *scene[i]->task, by_number);
    for (size_t k = 0; k < scene[i]->tasks; k++)
      scene[i]->task[k].at_arrival.solver_wall_ns = scene[i]->task[k].at_turn.solver_wall_ns = 0;
  }
  int waited = 0;
  for (size_t k = 0; k < scene[0]->tasks; k++) waited += scene[0]->task[k].at_turn.made;
  ck_assert_int_gt(waited, 20);
  ck_assert_uint_eq(scene[0]->tasks, scene[1]->tasks);
  ck_assert_mem_eq(scene[0]->task, scene[1]->task, scene[0]->tasks * sizeof *scene[0]->task);
  for (int i = 0; i < 2; i++) iscc_fake_scene_destroy(scene[i]);
}
END_TEST

/* One change of any size at any time, after which the channel stays: whatever meets its deadline without
 * deciding again does so with it, for no more energy; others may be saved. */
START_TEST(deciding_again_is_never_worse) {
  iscc_random r;
  iscc_random_seed(&r, 3, 0, 0, ISCC_STREAM_TEST);
  int decided = 0, saved = 0, rescued = 0;
  for (int k = 0; k < 400; k++) {
    iscc_node_settings never = settings_of(ISCC_REPLAN_NEVER);
    never.max_latency_s = iscc_random_between(&r, 0.75, 1.5);
    never.target_accuracy = iscc_random_between(&r, 0.6, 0.88);
    if (k % 4 == 0) never.scheme = "no-pruning";
    iscc_node_settings stage = never;
    stage.replan = ISCC_REPLAN_STAGE;
    const double snr_per_w = 100 * pow(10, iscc_random_between(&r, -1.5, 1.5));
    const int64_t at_ns = (int64_t)(iscc_random_uniform(&r) * 1e9 * never.max_latency_s);
    const iscc_task old = serve(&never, at_ns, snr_per_w), again = serve(&stage, at_ns, snr_per_w);
    decided += again.after_sensing.made || again.after_compute.made;
    rescued += old.outcome != ISCC_OUTCOME_DONE && again.outcome == ISCC_OUTCOME_DONE;
    if (old.outcome != ISCC_OUTCOME_DONE) continue;
    ck_assert_msg(again.outcome == ISCC_OUTCOME_DONE, "%d: %s instead of done", k,
                  iscc_outcome_name(again.outcome));
    ck_assert_msg(energy_of(&again) <= energy_of(&old) * (1 + 1e-6), "%d: %.12g J instead of %.12g J", k,
                  energy_of(&again), energy_of(&old));
    saved += energy_of(&again) < energy_of(&old) * (1 - 1e-3);
  }
  ck_assert_int_gt(decided, 150);
  ck_assert_int_gt(saved, 50);
  ck_assert_int_gt(rescued, 20);
}
END_TEST

/* A link that cannot be had between stages is told; the plan is carried out. */
static void cut_link(void *arg) {
  ((iscc_fake_world *)arg)->link_fails = true;
}

START_TEST(a_link_that_fails_leaves_the_plan) {
  iscc_node_settings settings = settings_of(ISCC_REPLAN_STAGE);
  iscc_fake_scene *scene = iscc_fake_scene_create(1, &settings);
  iscc_fake_scene_add(scene, &settings);
  iscc_fake_call_at(scene->world, DURING_SENSING, cut_link, scene->world);
  iscc_fake_scene_run(scene);
  ck_assert_int_eq(iscc_fake_scene_task(scene, 0, 0)->outcome, ISCC_OUTCOME_DONE);
  ck_assert(!iscc_fake_scene_task(scene, 0, 0)->after_sensing.made);
  ck_assert_str_eq(iscc_edge_node_fault(scene->node[0]), "no route to the server");
  iscc_fake_scene_destroy(scene);
}
END_TEST

Suite *iscc_suite_replan(void);
Suite *iscc_suite_replan(void) {
  Suite *s = suite_create("node: deciding again");
  TCase *t = tcase_create("deciding again");
  tcase_set_timeout(t, 120);
  tcase_add_test(t, a_better_channel_after_sensing_saves_energy);
  tcase_add_test(t, a_better_channel_after_the_device_layers_saves_energy);
  tcase_add_loop_test(t, a_worse_channel_is_still_in_time, 0, 2);
  tcase_add_test(t, what_becomes_infeasible_does_as_it_is_told);
  tcase_add_loop_test(t, rounding_never_makes_the_rest_infeasible, 0, 2);
  tcase_add_test(t, a_channel_that_stays_changes_nothing);
  tcase_add_test(t, deciding_again_is_never_worse);
  tcase_add_test(t, a_link_that_fails_leaves_the_plan);
  suite_add_tcase(s, t);
  return s;
}
