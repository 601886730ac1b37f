/* SPDX-License-Identifier: GPL-2.0-only */
/* The node and server machines in ns-3: the same promises as on the fake host, over UDP, IP and the wireless
 * device. */
#include <check.h>
#include <math.h>

#include "iscc-ns3-scene.h"

static const double latencies_s[] = {0.6, 0.7, 0.8, 1.0, 1.5};

START_TEST(no_planned_task_is_late_in_a_static_channel) {
  for (int charge = ISCC_CHARGE_ALL; charge <= ISCC_CHARGE_PAYLOAD; charge++) {
    iscc_node_settings settings = iscc_ns3_scene_settings(2.0, 100);
    settings.max_latency_s = latencies_s[_i];
    settings.charge = (iscc_charge)charge;
    iscc_ns3_scene scene;
    iscc_ns3_scene_begin(&scene, &settings, 1, 0, false);
    iscc_ns3_scene_run(&scene);
    ck_assert_int_eq(iscc_ns3_scene_count(&scene, ISCC_OUTCOME_DONE), 100);
    for (size_t i = 0; i < scene.tasks; i++) {
      const iscc_task *task = &scene.task[i];
      const iscc_decision *planned = &iscc_task_executed(task)->decision;
      const double taken_s = (double)(task->finish_ns - task->arrival_ns) * 1e-9;
      ck_assert_double_eq_tol(taken_s, planned->latency.total, 1e-8 * (task->datagrams + 1));
      ck_assert_double_eq_tol(task->sent_bits, planned->uplink_bits, 1e-9);
      ck_assert_double_eq_tol(task->uplink_j, planned->energy.uplink, 1e-9 * planned->energy.uplink + 1e-300);
    }
    iscc_ns3_scene_end(&scene);
  }
}
END_TEST

/* Eqs. (7)-(9) from the channel's own SNR, the payload alone charged. */
START_TEST(payload_only_reproduces_the_papers_uplink) {
  iscc_node_settings settings = iscc_ns3_scene_settings(2.0, 20);
  settings.charge = ISCC_CHARGE_PAYLOAD;
  settings.candidates[0] = 0; /* 5292 features: several datagrams */
  settings.candidate_count = 1;
  iscc_ns3_scene scene;
  iscc_ns3_scene_begin(&scene, &settings, 1, 0, false);
  iscc_ns3_scene_run(&scene);
  for (size_t i = 0; i < scene.tasks; i++) {
    const iscc_task *task = &scene.task[i];
    const iscc_decision *d = &task->at_arrival.decision;
    const double rate = 1e5 * log2(1.0 + 100.0 * d->transmit_power_w);
    const double time_s = 5292.0 * d->bits / rate;
    ck_assert_int_gt(task->datagrams, 1);
    ck_assert_double_eq_tol(task->sent_bits, 5292.0 * d->bits, 1e-9);
    ck_assert_double_eq_tol((double)task->uplink_ns * 1e-9, time_s, 1e-9 * (task->datagrams + 1));
    ck_assert_double_eq_tol(task->uplink_j, d->transmit_power_w * time_s, 1e-9 * task->uplink_j);
  }
  iscc_ns3_scene_end(&scene);
}
END_TEST

START_TEST(fading_and_losses_leave_no_task_unaccounted_for) {
  iscc_node_settings settings = iscc_ns3_scene_settings(0.9, 150);
  settings.retry_limit = 2;
  settings.uplink_limit_s = 0.5;
  settings.queue_capacity = 2;
  iscc_ns3_scene scene;
  iscc_ns3_scene_begin(&scene, &settings, ISCC_NS3_SCENE_NODES, 50000000, false);
  iscc_error error = {""};
  iscc_ns3_must(iscc_ns3_device_set_loss(scene.hub, 0.2, 100, &error), &error);
  for (int i = 0; i < ISCC_NS3_SCENE_NODES; i++)
    iscc_ns3_must(iscc_ns3_device_set_loss(scene.device[i], 0.2, 101 + i, &error), &error);
  iscc_ns3_scene_run(&scene);
  ck_assert_uint_eq(scene.tasks, 150 * ISCC_NS3_SCENE_NODES);
  int sum = 0, again = 0;
  for (int o = 0; o < ISCC_OUTCOME_COUNT; o++) sum += iscc_ns3_scene_count(&scene, (iscc_outcome)o);
  for (size_t i = 0; i < scene.tasks; i++) again += scene.task[i].retransmissions;
  ck_assert_int_eq(sum, 150 * ISCC_NS3_SCENE_NODES);
  ck_assert_int_gt(iscc_ns3_scene_count(&scene, ISCC_OUTCOME_DONE), 10);
  ck_assert_int_gt(iscc_ns3_scene_count(&scene, ISCC_OUTCOME_LATE), 10);
  ck_assert_int_gt(iscc_ns3_scene_count(&scene, ISCC_OUTCOME_LOST), 10);
  ck_assert_int_gt(again, 10);
  ck_assert_uint_eq(iscc_server_malformed(iscc_ns3_server_machine(scene.server)), 0);
  iscc_ns3_scene_end(&scene);
}
END_TEST

/* A device queue of one datagram drops the other fragments; they are told of, asked for and sent again. */
START_TEST(fragments_dropped_by_the_device_are_sent_again) {
  iscc_node_settings settings = iscc_ns3_scene_settings(5.0, 3);
  settings.candidates[0] = 0;
  settings.candidate_count = 1;
  settings.bits_min = settings.bits_max = 8; /* four datagrams */
  iscc_ns3_scene scene;
  iscc_ns3_scene_begin(&scene, &settings, 1, 0, false);
  iscc_error error = {""};
  iscc_ns3_must(iscc_ns3_set(scene.device[0], "QueuePackets", "1", &error), &error);
  iscc_ns3_scene_run(&scene);
  ck_assert_int_eq(iscc_ns3_scene_count(&scene, ISCC_OUTCOME_LATE), 3);
  for (size_t i = 0; i < scene.tasks; i++) ck_assert_int_gt(scene.task[i].retransmissions, 0);
  iscc_ns3_scene_end(&scene);
}
END_TEST

Suite *iscc_suite_ns3_edge(void);
Suite *iscc_suite_ns3_edge(void) {
  Suite *s = suite_create("ns3: edge node and server");
  TCase *t = tcase_create("ns3 edge");
  tcase_set_timeout(t, 60);
  tcase_add_loop_test(t, no_planned_task_is_late_in_a_static_channel, 0,
                      (int)(sizeof latencies_s / sizeof *latencies_s));
  tcase_add_test(t, payload_only_reproduces_the_papers_uplink);
  tcase_add_test(t, fading_and_losses_leave_no_task_unaccounted_for);
  tcase_add_test(t, fragments_dropped_by_the_device_are_sent_again);
  suite_add_tcase(s, t);
  return s;
}
