/* SPDX-License-Identifier: GPL-2.0-only */
/* Runs that end when no node has anything left to do, beside events that never end. */
#include <check.h>

#include "iscc-ns3-scene.h"

static const int64_t second_ns = 1000000000;
static iscc_ns3_scene scene;
static iscc_error error;

static void tick(void *arg) { /* as beacons are */
  iscc_ns3_schedule(second_ns / 10, tick, arg);
}

static void begin(int nodes, uint64_t tasks) {
  const iscc_node_settings settings = iscc_ns3_scene_settings(1, tasks);
  iscc_ns3_scene_begin(&scene, &settings, nodes, 0, false);
  tick(NULL);
}

static int64_t run_until_idle(int nodes) {
  iscc_ns3_must(iscc_ns3_run_until_idle(scene.edge, (size_t)nodes, 100 * second_ns, &error), &error);
  return iscc_ns3_now_ns();
}

START_TEST(the_run_ends_with_the_last_task) {
  begin(3, 4);
  const int64_t end_ns = run_until_idle(3);
  ck_assert_uint_eq(scene.tasks, 12);
  ck_assert_int_eq(end_ns, scene.task[11].finish_ns);
  iscc_ns3_scene_end(&scene);
}
END_TEST

START_TEST(it_waits_for_the_nodes_that_it_was_told_of) {
  const iscc_node_settings settings = iscc_ns3_scene_settings(1, 4);
  iscc_ns3_scene_begin(&scene, &settings, 2, 0, false);
  tick(NULL);
  iscc_edge_node_stop(iscc_ns3_edge_machine(scene.edge[0]));
  iscc_ns3_must(iscc_ns3_run_until_idle(scene.edge, 1, 100 * second_ns, &error), &error);
  ck_assert_int_eq(iscc_ns3_now_ns(), 0); /* that one was idle already */
  ck_assert_int_gt(run_until_idle(2), 3 * second_ns);
  iscc_ns3_scene_end(&scene);
}
END_TEST

START_TEST(nodes_without_tasks_are_idle_at_once) {
  begin(2, 0);
  ck_assert_int_eq(run_until_idle(2), 0);
  iscc_ns3_scene_end(&scene);
}
END_TEST

static void stop_node(void *node) {
  iscc_edge_node_stop(iscc_ns3_edge_machine(node));
}

/* Between two tasks: no task's end tells of it. */
START_TEST(a_node_that_is_stopped_is_idle) {
  begin(1, 1000);
  iscc_ns3_schedule(99 * second_ns / 10, stop_node, scene.edge[0]);
  ck_assert_int_eq(run_until_idle(1), 99 * second_ns / 10);
  iscc_ns3_scene_end(&scene);
}
END_TEST

START_TEST(it_ends_at_the_stop_time_at_the_latest) {
  begin(1, 1000);
  ck_assert_int_eq(run_until_idle(1), 100 * second_ns);
  iscc_ns3_scene_end(&scene);
}
END_TEST

Suite *iscc_suite_ns3_idle(void);
Suite *iscc_suite_ns3_idle(void) {
  Suite *s = suite_create("ns3: runs until idle");
  TCase *t = tcase_create("ns3-idle");
  tcase_add_test(t, the_run_ends_with_the_last_task);
  tcase_add_test(t, it_waits_for_the_nodes_that_it_was_told_of);
  tcase_add_test(t, nodes_without_tasks_are_idle_at_once);
  tcase_add_test(t, a_node_that_is_stopped_is_idle);
  tcase_add_test(t, it_ends_at_the_stop_time_at_the_latest);
  suite_add_tcase(s, t);
  return s;
}
