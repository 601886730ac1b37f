/* SPDX-License-Identifier: GPL-2.0-only */
/* What a node tells while it works: the events of its tasks, and the power it draws. */
#include <check.h>
#include <math.h>
#include <string.h>

#include "iscc-fake-scene.h"

enum { EVENTS_MAX = 64 };

typedef struct {
  const iscc_fake_world *world;
  size_t count;
  struct {
    iscc_task_event event;
    uint64_t number;
    int64_t time_ns;
    iscc_task task;
  } list[EVENTS_MAX];
} event_log;

static void keep_event(void *ctx, iscc_task_event event, const iscc_task *task) {
  event_log *log = ctx;
  ck_assert_uint_lt(log->count, EVENTS_MAX);
  log->list[log->count].event = event;
  log->list[log->count].number = task->number;
  log->list[log->count].task = *task;
  log->list[log->count++].time_ns = iscc_fake_now_ns(log->world);
}

static iscc_fake_scene *listened_scene(const iscc_node_settings *settings, event_log *log) {
  iscc_fake_scene *scene = iscc_fake_scene_create(1, settings);
  memset(log, 0, sizeof *log);
  log->world = scene->world;
  scene->task_event = keep_event;
  scene->event_ctx = log;
  return scene;
}

static void expect(const event_log *log, size_t at, iscc_task_event event, uint64_t number, int64_t time_ns) {
  ck_assert_uint_lt(at, log->count);
  ck_assert_int_eq(log->list[at].event, event);
  ck_assert_uint_eq(log->list[at].number, number);
  ck_assert_int_eq(log->list[at].time_ns, time_ns);
}

START_TEST(events_come_when_each_stage_ends) {
  iscc_node_settings settings = iscc_fake_settings(1.0, 1);
  settings.candidates[0] = 6;
  settings.candidate_count = 1;
  event_log log;
  iscc_fake_scene *scene = listened_scene(&settings, &log);
  scene->world->band[0].link.propagation_s = 1e-6;
  iscc_fake_scene_add(scene, &settings);
  iscc_fake_scene_run(scene);
  const iscc_task *t = iscc_fake_scene_task(scene, 0, 0);
  const int64_t sensed = t->sensing_ns, computed = sensed + t->compute_ns;
  ck_assert_uint_eq(log.count, 6);
  expect(&log, 0, ISCC_TASK_ARRIVED, 0, 0);
  expect(&log, 1, ISCC_TASK_DECIDED, 0, 0);
  expect(&log, 2, ISCC_TASK_SENSED, 0, sensed);
  expect(&log, 3, ISCC_TASK_COMPUTED, 0, computed);
  expect(&log, 4, ISCC_TASK_SENT, 0, computed + t->uplink_ns);
  expect(&log, 5, ISCC_TASK_FINISHED, 0, t->finish_ns);
  ck_assert(!log.list[0].task.at_arrival.made && log.list[1].task.at_arrival.made);
  ck_assert(log.list[1].task.sensing_j == 0 && log.list[2].task.sensing_j == t->sensing_j);
  ck_assert(log.list[2].task.compute_j == 0 && log.list[3].task.compute_j == t->compute_j);
  ck_assert(log.list[3].task.uplink_j == 0 && log.list[4].task.uplink_j == t->uplink_j);
  ck_assert_int_eq(log.list[5].task.outcome, ISCC_OUTCOME_DONE);
  iscc_fake_scene_destroy(scene);
}
END_TEST

START_TEST(nothing_is_sent_of_a_task_computed_at_the_node) {
  iscc_node_settings settings = iscc_fake_settings(1.0, 1);
  settings.candidates[0] = 11;
  settings.candidate_count = 1;
  settings.max_latency_s = 1.2;
  event_log log;
  iscc_fake_scene *scene = listened_scene(&settings, &log);
  iscc_fake_scene_add(scene, &settings);
  iscc_fake_scene_run(scene);
  const int64_t finish = iscc_fake_scene_task(scene, 0, 0)->finish_ns;
  ck_assert_uint_eq(log.count, 5);
  expect(&log, 3, ISCC_TASK_COMPUTED, 0, finish);
  expect(&log, 4, ISCC_TASK_FINISHED, 0, finish);
  iscc_fake_scene_destroy(scene);
}
END_TEST

START_TEST(waiting_task_is_told_decided_twice) {
  iscc_node_settings settings = iscc_fake_settings(0.2, 2);
  settings.max_latency_s = 2.0;
  event_log log;
  iscc_fake_scene *scene = listened_scene(&settings, &log);
  iscc_fake_scene_add(scene, &settings);
  iscc_fake_scene_run(scene);
  const int64_t turn = iscc_fake_scene_task(scene, 0, 0)->finish_ns;
  expect(&log, 2, ISCC_TASK_ARRIVED, 1, 200000000);
  expect(&log, 3, ISCC_TASK_DECIDED, 1, 200000000);
  expect(&log, log.count - 3, ISCC_TASK_FINISHED, 0, turn);
  expect(&log, log.count - 2, ISCC_TASK_DECIDED, 1, turn);
  expect(&log, log.count - 1, ISCC_TASK_FINISHED, 1, turn); /* no time is left */
  iscc_fake_scene_destroy(scene);
}
END_TEST

/* Energy drawn from the host beside energy charged to tasks. */
static void compare_drawn(const iscc_fake_scene *scene) {
  double sensing_j = 0, compute_j = 0;
  for (size_t i = 0; i < scene->tasks; i++) {
    sensing_j += scene->task[i].sensing_j;
    compute_j += scene->task[i].compute_j;
  }
  ck_assert_double_gt(sensing_j, 0);
  ck_assert_double_le(fabs(scene->world->load[0][ISCC_LOAD_SENSING].energy_j - sensing_j), 1e-12 * sensing_j);
  ck_assert_double_le(fabs(scene->world->load[0][ISCC_LOAD_COMPUTE].energy_j - compute_j), 1e-12 * compute_j);
  for (int load = 0; load < ISCC_LOAD_COUNT; load++) ck_assert(scene->world->load[0][load].power_w == 0);
}

START_TEST(power_drawn_over_time_is_the_energy_charged) {
  iscc_node_settings settings = iscc_fake_settings(0.7, 40);
  settings.candidates[0] = 6;
  settings.candidate_count = 1;
  iscc_fake_scene *scene = iscc_fake_scene_create(1, &settings);
  iscc_fake_scene_add(scene, &settings);
  iscc_fake_scene_run(scene);
  ck_assert_double_gt(scene->world->load[0][ISCC_LOAD_COMPUTE].energy_j, 0);
  compare_drawn(scene);
  iscc_fake_scene_destroy(scene);
}
END_TEST

static const int64_t stops_ns[] = {123456789 /* sensing */, 520000000 /* device layers */};

START_TEST(stopped_node_draws_no_more_than_it_charges) {
  iscc_node_settings settings = iscc_fake_settings(1.0, 2);
  settings.candidates[0] = 6;
  settings.candidate_count = 1;
  iscc_fake_scene *scene = iscc_fake_scene_create(1, &settings);
  iscc_edge_node *node = iscc_fake_scene_add(scene, &settings);
  iscc_fake_run_until(scene->world, stops_ns[_i]);
  iscc_edge_node_stop(node);
  ck_assert(iscc_edge_node_idle(node));
  iscc_fake_run_until(scene->world, 5000000000);
  ck_assert_uint_eq(scene->tasks, 1);
  ck_assert((scene->task[0].compute_j > 0) == (_i == 1));
  compare_drawn(scene);
  iscc_fake_scene_destroy(scene);
}
END_TEST

Suite *iscc_suite_node_events(void);

Suite *iscc_suite_node_events(void) {
  Suite *s = suite_create("node events");
  TCase *t = tcase_create("node events");
  tcase_add_test(t, events_come_when_each_stage_ends);
  tcase_add_test(t, nothing_is_sent_of_a_task_computed_at_the_node);
  tcase_add_test(t, waiting_task_is_told_decided_twice);
  tcase_add_test(t, power_drawn_over_time_is_the_energy_charged);
  tcase_add_loop_test(t, stopped_node_draws_no_more_than_it_charges, 0, 2);
  suite_add_tcase(s, t);
  return s;
}
