/* SPDX-License-Identifier: GPL-2.0-only */
#define MATHLIB_STANDALONE
#include <Rmath.h>
#include <check.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "iscc-channel-estimate.h"
#include "iscc-fake-scene.h"

enum { MANY = 20000 };

/* What a node of the fake world sees at a decision, in dB beside what is. */
static double error_of(iscc_fake_world *world, uint32_t node, double error_db, uint64_t task, int decision) {
  const iscc_host host = iscc_fake_node_host(world, node);
  iscc_channel_estimate estimate;
  iscc_link link;
  double is_per_w = 0;
  iscc_channel_estimate_begin(&estimate, &host, error_db);
  ck_assert_int_eq(iscc_channel_estimate_link(&estimate, task, decision, &link, &is_per_w, NULL), ISCC_OK);
  ck_assert(is_per_w == world->band[node].link.snr_per_w);
  return 10 * log10(link.snr_per_w / world->band[node].link.snr_per_w);
}

static int ascending(const void *a, const void *b) {
  const double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

/* Kolmogorov-Smirnov against N(0, 3 dB); 1.95/sqrt(n) is passed with 99.9 %. */
START_TEST(errors_are_normal_in_decibels) {
  iscc_fake_world *world = iscc_fake_world_create(1);
  double *error_db = malloc(MANY * sizeof *error_db), product = 0;
  for (uint64_t k = 0; k < MANY; k++) {
    error_db[k] = error_of(world, 0, 3, k / 2, (int)(k % 2));
    if (k % 2) product += error_db[k] * error_db[k - 1] / 9;
  }
  ck_assert_double_lt(fabs(product / (MANY / 2)),
                      4 / sqrt(MANY / 2)); /* both decisions of a task: independent */
  qsort(error_db, MANY, sizeof *error_db, ascending);
  double distance = 0;
  for (int k = 0; k < MANY; k++) {
    const double p = pnorm(error_db[k], 0, 3, 1, 0);
    distance = fmax(distance, fmax(fabs(p - (double)k / MANY), fabs(p - (k + 1.0) / MANY)));
  }
  ck_assert_double_lt(distance, 1.95 / sqrt(MANY));
  free(error_db);
  iscc_fake_world_destroy(world);
}
END_TEST

START_TEST(an_error_belongs_to_node_task_and_decision) {
  iscc_fake_world *world = iscc_fake_world_create(1);
  double first[50];
  for (uint64_t k = 0; k < 50; k++) first[k] = error_of(world, 1, 2, k, 0);
  for (uint64_t k = 50; k-- > 0;) {
    ck_assert(error_of(world, 1, 2, k, 0) == first[k]);
    ck_assert_double_eq_tol(error_of(world, 1, 4, k, 0), 2 * first[k], 1e-9); /* the same draw */
    ck_assert(error_of(world, 2, 2, k, 0) != first[k]);
    ck_assert(error_of(world, 1, 2, k, 1) != first[k]);
    ck_assert(error_of(world, 1, 0, k, 0) == 0);
  }
  world->run = 2;
  ck_assert(error_of(world, 1, 2, 0, 0) != first[0]);
  iscc_fake_world_destroy(world);
}
END_TEST

/* A rate's least power is that of a received power: g_hat P_hat = g P. */
START_TEST(rates_need_the_power_of_the_gain_that_is_seen) {
  iscc_fake_world *world = iscc_fake_world_create(1);
  const iscc_host host = iscc_fake_node_host(world, 0);
  iscc_link *is = &world->band[0].link, seen;
  is->rates = 3;
  for (int i = 0; i < 3; i++) {
    is->rate_bps[i] = 1e6 * (i + 1);
    is->power_w[i] = 0.01 * (i + 1);
  }
  iscc_channel_estimate estimate;
  iscc_channel_estimate_begin(&estimate, &host, 5);
  for (uint64_t k = 0; k < 20; k++) {
    ck_assert_int_eq(iscc_channel_estimate_link(&estimate, k, 0, &seen, &(double){0}, NULL), ISCC_OK);
    ck_assert(seen.snr_per_w != is->snr_per_w);
    for (int i = 0; i < 3; i++) {
      ck_assert_double_eq_tol(seen.power_w[i] * seen.snr_per_w, is->power_w[i] * is->snr_per_w, 1e-12);
      ck_assert(seen.rate_bps[i] == is->rate_bps[i]);
    }
  }
  iscc_error error;
  world->link_fails = true;
  ck_assert_int_eq(iscc_channel_estimate_link(&estimate, 0, 0, &seen, &(double){0}, &error), ISCC_EIO);
  ck_assert_str_eq(error.text, "no route to the server");
  iscc_fake_world_destroy(world);
}
END_TEST

/* Eq. (7) with the gain that is, at the power of the gain that was seen: too much hope is too late. */
START_TEST(plans_are_as_wrong_as_the_estimate) {
  iscc_node_settings settings = iscc_fake_settings(2, 200);
  settings.channel_error_db = 3;
  settings.charge = ISCC_CHARGE_PAYLOAD;
  settings.candidates[0] = 6, settings.candidate_count = 1;
  iscc_fake_scene *scene = iscc_fake_scene_create(5, &settings);
  iscc_fake_scene_add(scene, &settings);
  iscc_fake_scene_run(scene);
  int late = 0, in_time = 0;
  for (size_t i = 0; i < scene->tasks; i++) {
    const iscc_task *task = &scene->task[i];
    const iscc_task_decision *plan = iscc_task_executed(task);
    if (task->outcome == ISCC_OUTCOME_INFEASIBLE) continue;
    const double power_w = plan->decision.transmit_power_w;
    const double seen_s = task->payload_bits / (1e5 * log2(1 + plan->snr_per_w * power_w));
    const double real_s = task->payload_bits / (1e5 * log2(1 + 100 * power_w));
    ck_assert_double_eq_tol(plan->decision.latency.uplink, seen_s, 1e-9);
    ck_assert_double_eq_tol(1e-9 * (double)task->uplink_ns, real_s, 1e-8);
    ck_assert_int_eq(task->outcome, plan->snr_per_w > 100 ? ISCC_OUTCOME_LATE : ISCC_OUTCOME_DONE);
    late += task->outcome == ISCC_OUTCOME_LATE;
    in_time += task->outcome == ISCC_OUTCOME_DONE;
  }
  ck_assert_int_gt(late, 50);
  ck_assert_int_gt(in_time, 50);
  iscc_fake_scene_destroy(scene);
}
END_TEST

/* Block fading, of which each decision meets another block: the time of each is known. */
START_TEST(each_decision_knows_the_gain_that_is) {
  iscc_node_settings settings = iscc_fake_settings(0.3, 60);
  settings.channel_error_db = 1;
  settings.replan = ISCC_REPLAN_STAGE;
  memcpy(settings.candidates, (const int[]){3, 6, 8}, 3 * sizeof(int));
  settings.candidate_count = 3;
  iscc_fake_scene *scene = iscc_fake_scene_create(5, &settings);
  const iscc_fading fading = {.seed = 77, .coherence_ns = 1000000, .nakagami_m = 4};
  scene->world->band[0].fading = fading;
  iscc_fake_scene_add(scene, &settings);
  iscc_fake_scene_run(scene);
  int made[4] = {0};
  for (size_t i = 0; i < scene->tasks; i++) {
    const iscc_task *t = &scene->task[i];
    const iscc_task_decision *const calls[] = {&t->at_arrival, &t->at_turn, &t->after_sensing,
                                               &t->after_compute};
    const int64_t at_ns[] = {t->arrival_ns, t->start_ns, t->start_ns + t->sensing_ns,
                             t->start_ns + t->sensing_ns + t->compute_ns};
    for (int k = 0; k < 4; k++) {
      if (!calls[k]->made) continue;
      made[k]++;
      ck_assert_double_eq_tol(calls[k]->true_snr_per_w, 100 * iscc_fading_gain(&fading, at_ns[k]), 1e-9);
      ck_assert(calls[k]->snr_per_w != calls[k]->true_snr_per_w);
    }
  }
  for (int k = 0; k < 4; k++) ck_assert_int_gt(made[k], 10);
  iscc_fake_scene_destroy(scene);
}
END_TEST

START_TEST(impossible_errors_are_refused) {
  static const double wrong[] = {-1, 101, INFINITY, NAN};
  iscc_model *model = iscc_fake_model_create();
  iscc_error error;
  for (int i = 0; i < 4; i++) {
    iscc_node_settings settings = iscc_fake_settings(1, 1);
    settings.channel_error_db = wrong[i];
    ck_assert_int_eq(iscc_node_settings_check(&settings, model, &error), ISCC_EINVAL);
    ck_assert_ptr_nonnull(strstr(error.text, "channel error: "));
  }
  iscc_model_destroy(model);
}
END_TEST

Suite *iscc_suite_channel_estimate(void);
Suite *iscc_suite_channel_estimate(void) {
  Suite *s = suite_create("node: channel estimate");
  TCase *t = tcase_create("estimate");
  tcase_set_timeout(t, 60);
  tcase_add_test(t, errors_are_normal_in_decibels);
  tcase_add_test(t, an_error_belongs_to_node_task_and_decision);
  tcase_add_test(t, rates_need_the_power_of_the_gain_that_is_seen);
  tcase_add_test(t, plans_are_as_wrong_as_the_estimate);
  tcase_add_test(t, each_decision_knows_the_gain_that_is);
  tcase_add_test(t, impossible_errors_are_refused);
  suite_add_tcase(s, t);
  return s;
}
