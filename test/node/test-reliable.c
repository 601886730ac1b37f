/* SPDX-License-Identifier: GPL-2.0-only */
/* A node over a host whose messages arrive or whose connection is lost. */
#include <check.h>
#include <string.h>

#include "iscc-fake-scene.h"

typedef struct {
  uint64_t token;
  double power_w;
} served;

static served calls[16];
static int n_calls;

static void note_serve(void *ctx, uint64_t token, double power_w) {
  (void)ctx;
  ck_assert_int_lt(n_calls, 16);
  calls[n_calls++] = (served){token, power_w};
}

static iscc_fake_fate fate_of(void *ctx, uint32_t node, bool up, const uint8_t *bytes, size_t n_bytes) {
  (void)node;
  (void)up;
  (void)bytes;
  (void)n_bytes;
  return (iscc_fake_fate){.copies = *(const int *)ctx};
}

static void keep(void *ctx, const iscc_task *task) {
  iscc_fake_scene *scene = ctx;
  ck_assert_uint_lt(scene->tasks, 8);
  scene->task[scene->tasks++] = *task;
}

static iscc_task ended[8];

/* A scene whose node's host is reliable. */
static iscc_edge_node *begin(iscc_fake_scene **scene, iscc_replan replan) {
  iscc_node_settings settings = iscc_fake_settings(2, 2);
  settings.candidates[0] = 6;
  settings.candidate_count = 1;
  settings.target_accuracy = 0.8;
  settings.max_latency_s = 1.2;
  settings.replan = replan;
  *scene = iscc_fake_scene_create(1, &settings);
  (*scene)->task = ended;
  n_calls = 0;
  iscc_host host = iscc_fake_node_host((*scene)->world, 0);
  host.reliable = true;
  host.serve = note_serve;
  const iscc_task_sink sink = {.ctx = *scene, .task_ended = keep};
  iscc_edge_node *node;
  ck_assert_int_eq(iscc_edge_node_create(&host, &settings, (*scene)->model, &sink, &node, NULL), ISCC_OK);
  (*scene)->world->band[0].node = node;
  ck_assert_int_eq(iscc_edge_node_start(node, NULL), ISCC_OK);
  return node;
}

static void finish(iscc_fake_scene *scene, iscc_edge_node *node) {
  iscc_edge_node_destroy(node);
  scene->task = NULL;
  iscc_fake_scene_destroy(scene);
}

/* Frames of the transport belong to the task, from sensing on; it is reported when the last one is told. */
START_TEST(frames_of_the_transport_are_the_tasks) {
  iscc_fake_scene *scene;
  iscc_edge_node *node = begin(&scene, ISCC_REPLAN_NEVER);
  iscc_fake_run_until(scene->world, 250000000);
  iscc_edge_node_on_sending(node, 0, false);
  iscc_edge_node_on_sending(node, 0, true);
  iscc_edge_node_on_sending(node, 1, false); /* not yet */
  iscc_fake_run_until(scene->world, 1900000000);
  ck_assert_uint_eq(scene->tasks, 0);        /* the answer is there, the frames are not off the air */
  iscc_edge_node_on_sending(node, 0, false); /* one more while it waits */
  for (int i = 0; i < 3; i++) {
    ck_assert_uint_eq(scene->tasks, 0);
    iscc_edge_node_on_transmitted(node, 0, 0, 1000, 100, 0.25);
  }
  ck_assert_uint_eq(scene->tasks, 1);
  const iscc_task *t = &ended[0];
  const iscc_decision *d = &t->at_arrival.decision;
  ck_assert_int_eq(t->outcome, ISCC_OUTCOME_DONE);
  ck_assert_int_eq(t->datagrams, 3); /* frames, not messages */
  ck_assert_int_eq(t->retransmissions, 1);
  ck_assert_double_eq_tol(t->sent_bits, d->uplink_bits + 300, 1e-9);
  ck_assert_double_eq_tol(t->uplink_j, d->energy.uplink + 0.75, 1e-9);
  ck_assert_int_eq(n_calls, 2);
  ck_assert(calls[0].token == 0 && calls[0].power_w == d->transmit_power_w);
  ck_assert(calls[1].token == 0 && calls[1].power_w == 0);
  iscc_fake_run_out(scene->world, 10000);
  ck_assert_uint_eq(scene->tasks, 2);
  ck_assert(calls[2].token == 1 && calls[2].power_w > 0);
  finish(scene, node);
}
END_TEST

static void improve(void *arg) {
  ((iscc_fake_world *)arg)->band[0].link.snr_per_w = 3000;
}

START_TEST(a_new_power_is_told) {
  iscc_fake_scene *scene;
  iscc_edge_node *node = begin(&scene, ISCC_REPLAN_STAGE);
  iscc_fake_call_at(scene->world, 250000000, improve, scene->world);
  iscc_fake_run_until(scene->world, 1900000000);
  ck_assert_int_eq(n_calls, 3);
  ck_assert_double_eq(calls[1].power_w, ended[0].after_sensing.decision.transmit_power_w);
  ck_assert_double_lt(calls[1].power_w, calls[0].power_w);
  finish(scene, node);
}
END_TEST

/* Without an answer nothing is asked; the loss of the connection ends the task, between tasks it ends none. */
START_TEST(a_lost_connection_loses_the_task_under_way) {
  iscc_fake_scene *scene;
  iscc_edge_node *node = begin(&scene, ISCC_REPLAN_NEVER);
  int copies = 0;
  scene->world->fate = fate_of;
  scene->world->fate_ctx = &copies;
  iscc_edge_node_on_disconnected(node);
  iscc_fake_run_until(scene->world, 100000000);
  iscc_edge_node_on_disconnected(node); /* while sensing: the transport connects again */
  iscc_fake_run_until(scene->world, 100000000000);
  ck_assert_uint_eq(scene->tasks, 0);
  ck_assert_uint_eq(scene->world->sent[ISCC_MESSAGE_PROBE], 0);
  ck_assert_uint_eq(scene->world->sent[ISCC_MESSAGE_FEATURES], 1);
  iscc_edge_node_on_disconnected(node);
  ck_assert_uint_ge(scene->tasks, 1);
  ck_assert_int_eq(ended[0].outcome, ISCC_OUTCOME_LOST);
  ck_assert_int_eq(ended[0].finish_ns, 100000000000);
  finish(scene, node);
}
END_TEST

/* A message that the host refuses is as good as a lost connection. */
START_TEST(a_refused_message_loses_the_task) {
  iscc_fake_scene *scene;
  iscc_edge_node *node = begin(&scene, ISCC_REPLAN_NEVER);
  scene->world->send_fails = true;
  iscc_fake_run_until(scene->world, 1900000000);
  ck_assert_uint_eq(scene->tasks, 1);
  ck_assert_int_eq(ended[0].outcome, ISCC_OUTCOME_LOST);
  ck_assert_str_eq(iscc_edge_node_fault(node), "the radio refuses");
  finish(scene, node);
}
END_TEST

Suite *iscc_suite_reliable(void);
Suite *iscc_suite_reliable(void) {
  Suite *s = suite_create("node: reliable hosts");
  TCase *t = tcase_create("reliable");
  tcase_add_test(t, frames_of_the_transport_are_the_tasks);
  tcase_add_test(t, a_new_power_is_told);
  tcase_add_test(t, a_lost_connection_loses_the_task_under_way);
  tcase_add_test(t, a_refused_message_loses_the_task);
  suite_add_tcase(s, t);
  return s;
}
