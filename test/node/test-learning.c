/* SPDX-License-Identifier: GPL-2.0-only */
/* What a node learns of the times of its transfers and answers, and what its plans make of it. */
#include <check.h>

#include "iscc-fake-scene.h"
#include "iscc-transfer-time.h"
#include "iscc-wire.h"

static void only_candidate(iscc_node_settings *settings, int layer) {
  settings->candidates[0] = layer;
  settings->candidate_count = 1;
}

static double late_share(double quantile) {
  iscc_node_settings settings = iscc_fake_settings(2.0, 2000);
  settings.transfer_quantile = quantile;
  only_candidate(&settings, 6);
  settings.target_accuracy = 0.8;
  settings.max_latency_s = 1.2;
  iscc_fake_scene *scene = iscc_fake_scene_create(7, &settings);
  scene->world->band[0].fading =
      (iscc_fading){.seed = 7, .run = 1, .coherence_ns = 10000000, .nakagami_m = 4};
  iscc_fake_scene_add(scene, &settings);
  iscc_fake_scene_run(scene);
  int planned_longer = 0;
  for (size_t i = 0; i < scene->tasks; i++) {
    const iscc_task_decision *plan = iscc_task_executed(&scene->task[i]);
    ck_assert(plan->transfer_factor > 0);
    planned_longer += plan->transfer_factor > 1.01;
  }
  ck_assert_int_eq(planned_longer > 0, quantile > 0);
  const double late = iscc_fake_scene_count(scene, ISCC_OUTCOME_LATE),
               done = iscc_fake_scene_count(scene, ISCC_OUTCOME_DONE);
  ck_assert_double_gt(late + done, 1000);
  iscc_fake_scene_destroy(scene);
  return late / (late + done);
}

/* Blocks shorter than a transfer: what it takes scatters, and plans for a quantile of it are kept as often. */
START_TEST(plans_for_a_quantile_are_kept_as_often) {
  const double mean = late_share(0), upper = late_share(0.8), most = late_share(0.95);
  ck_assert_double_gt(mean, 0.35);
  ck_assert_double_lt(upper, 0.25);
  ck_assert_double_lt(most, 0.08);
  ck_assert_double_lt(most, upper);
}
END_TEST

static iscc_fake_fate slow_answers(void *ctx, uint32_t node, bool up, const uint8_t *bytes, size_t n_bytes) {
  (void)ctx, (void)node, (void)bytes, (void)n_bytes;
  return (iscc_fake_fate){.copies = 1, .delay_ns = up ? 0 : 15000000};
}

/* Answers that take longer than the link says are planned for once one was seen. */
START_TEST(late_answers_are_planned_for) {
  for (int learns = 0; learns < 2; learns++) {
    iscc_node_settings settings = iscc_fake_settings(2.0, 10);
    only_candidate(&settings, 6);
    settings.transfer_quantile = learns ? 0.95 : 0;
    iscc_fake_scene *scene = iscc_fake_scene_create(1, &settings);
    scene->world->fate = slow_answers;
    iscc_fake_scene_add(scene, &settings);
    iscc_fake_scene_run(scene);
    ck_assert_int_eq(iscc_fake_scene_task(scene, 0, 0)->outcome, ISCC_OUTCOME_LATE);
    ck_assert_int_eq(iscc_fake_scene_count(scene, ISCC_OUTCOME_LATE), learns ? 1 : 10);
    const iscc_task *last = iscc_fake_scene_task(scene, 0, 9);
    const iscc_task_decision *plan = iscc_task_executed(last);
    ck_assert_double_eq_tol(plan->answer_s, 8 * (ISCC_WIRE_ANSWER_BYTES + 28) / 1e6, 1e-12);
    ck_assert_double_eq_tol(plan->answer_factor * plan->answer_s,
                            learns ? 1e-9 * (double)last->answer_ns : plan->answer_s, 1e-8);
    ck_assert(plan->transfer_factor == 1); /* the uplink is as modelled */
    iscc_fake_scene_destroy(scene);
  }
}
END_TEST

static iscc_fake_fate slow_at_first(void *ctx, uint32_t node, bool up, const uint8_t *bytes, size_t n_bytes) {
  const iscc_fake_world *world = ctx;
  (void)node, (void)bytes, (void)n_bytes;
  return (iscc_fake_fate){.copies = 1,
                          .delay_ns = !up && iscc_fake_now_ns(world) < 20000000000 ? 400000000 : 0};
}

/* What was seen once makes every further task infeasible: after some of them the node asks for less, and goes on. */
START_TEST(a_node_that_shuns_the_channel_comes_back) {
  iscc_node_settings settings = iscc_fake_settings(2.0, 40);
  only_candidate(&settings, 6);
  settings.transfer_quantile = 0.95;
  settings.retry_limit = 10;
  iscc_fake_scene *scene = iscc_fake_scene_create(1, &settings);
  scene->world->fate = slow_at_first;
  scene->world->fate_ctx = scene->world;
  iscc_fake_scene_add(scene, &settings);
  iscc_fake_scene_run(scene);
  int in_a_row = 0, most = 0;
  for (uint64_t k = 0; k < 40; k++) {
    in_a_row = iscc_fake_scene_task(scene, 0, k)->outcome == ISCC_OUTCOME_INFEASIBLE ? in_a_row + 1 : 0;
    if (in_a_row > most) most = in_a_row;
  }
  ck_assert_int_eq(iscc_fake_scene_task(scene, 0, 2)->outcome, ISCC_OUTCOME_INFEASIBLE);
  ck_assert_int_ge(most, ISCC_TRANSFER_PATIENCE + 1);
  ck_assert_int_le(most, ISCC_TRANSFER_PATIENCE + 2);
  ck_assert_int_gt(iscc_fake_scene_count(scene, ISCC_OUTCOME_DONE), 10);
  iscc_fake_scene_destroy(scene);
}
END_TEST

Suite *iscc_suite_learning(void);
Suite *iscc_suite_learning(void) {
  Suite *s = suite_create("node: learning");
  TCase *t = tcase_create("learning");
  tcase_set_timeout(t, 30);
  tcase_add_test(t, plans_for_a_quantile_are_kept_as_often);
  tcase_add_test(t, late_answers_are_planned_for);
  tcase_add_test(t, a_node_that_shuns_the_channel_comes_back);
  suite_add_tcase(s, t);
  return s;
}
