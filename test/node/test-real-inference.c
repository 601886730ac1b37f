/* SPDX-License-Identifier: GPL-2.0-only */
#include <check.h>
#include <math.h>
#include <string.h>

#include "iscc-fake-scene.h"
#include "iscc-inference.h"
#include "iscc-split-network.h"

enum { TASKS = 30, PAYLOAD_MAX = 2 * ISCC_INPUT_SIZE };

/* What the air carried of each task, put together from the fragments. */
typedef struct {
  int split, bits;
  size_t n_bytes;
  uint8_t payload[PAYLOAD_MAX];
} overheard;

static overheard heard[TASKS];

static iscc_fake_fate listen(void *ctx, uint32_t node, bool up, const uint8_t *bytes, size_t n_bytes) {
  (void)ctx;
  (void)node;
  iscc_message m;
  if (up && iscc_wire_decode(bytes, n_bytes, &m, NULL) == ISCC_OK && m.kind == ISCC_MESSAGE_FEATURES) {
    overheard *h = &heard[m.task];
    h->split = m.split;
    h->bits = m.bits;
    h->n_bytes += m.body_bytes;
    memcpy(h->payload + (size_t)m.fragment * (size_t)m.chunk_bytes, m.body, m.body_bytes);
  }
  return (iscc_fake_fate){.copies = 1};
}

static iscc_fake_scene *run(double target_accuracy, int candidate) {
  iscc_node_settings settings = iscc_fake_settings(2.0, TASKS);
  settings.inference = ISCC_INFERENCE_REAL;
  settings.target_accuracy = target_accuracy;
  settings.max_latency_s = 1.5;
  if (candidate >= 0) {
    settings.candidates[0] = candidate;
    settings.candidate_count = 1;
  }
  memset(heard, 0, sizeof heard);
  iscc_fake_scene *scene = iscc_fake_scene_create(4, &settings);
  scene->world->fate = listen;
  iscc_fake_scene_add(scene, &settings);
  iscc_fake_scene_run(scene);
  ck_assert_int_eq(iscc_fake_scene_count(scene, ISCC_OUTCOME_DONE), TASKS);
  ck_assert_ptr_null(iscc_edge_node_fault(scene->node[0]));
  ck_assert_ptr_null(iscc_server_fault(scene->server));
  return scene;
}

/* The bits on the air are the quantized features: who listens in and finishes the network finds the task's
 * class. */
START_TEST(payload_on_the_air_carries_the_class) {
  static const int splits[] = {0, 6, 8};
  iscc_fake_scene *scene = run(0.8, splits[_i]);
  iscc_split_network *net;
  ck_assert_int_eq(iscc_split_network_create(scene->model, &net, NULL), ISCC_OK);
  int used[ISCC_MOTION_COUNT] = {0};
  static float features[ISCC_INPUT_SIZE];
  for (int k = 0; k < TASKS; k++) {
    const iscc_task *task = iscc_fake_scene_task(scene, 0, (uint64_t)k);
    const iscc_split_calibration *split = &scene->model->calibration.split[splits[_i]];
    const iscc_quantizer quantizer = {.bits = heard[k].bits,
                                      .feature_max = split->feature_max[heard[k].bits]};
    const size_t n = scene->model->network.layer[splits[_i]].features;
    ck_assert_int_eq(heard[k].split, splits[_i]);
    ck_assert_int_eq(iscc_quantizer_decode(&quantizer, heard[k].payload, heard[k].n_bytes, features, n, NULL),
                     ISCC_OK);
    float scores[8];
    ck_assert_int_eq(iscc_split_network_server(net, splits[_i], features, scores, NULL), ISCC_OK);
    ck_assert_int_eq(task->predicted_class, iscc_scores_class(scores, ISCC_MOTION_COUNT));
    ck_assert_int_eq(task->correct, task->predicted_class == task->true_class);
    used[task->true_class]++;
    float size = 0.0f;
    for (size_t i = 0; i < n; i++) size += features[i] * features[i];
    ck_assert(size > 0.0f);
  }
  for (int m = 0; m < ISCC_MOTION_COUNT; m++) ck_assert_int_gt(used[m], 0);
  iscc_split_network_destroy(net);
  iscc_fake_scene_destroy(scene);
}
END_TEST

START_TEST(device_only_inference_knows_the_class_at_once) {
  iscc_fake_scene *scene = run(0.7, 11);
  for (uint64_t k = 0; k < TASKS; k++) {
    const iscc_task *task = iscc_fake_scene_task(scene, 0, k);
    ck_assert_int_ge(task->predicted_class, 0);
    ck_assert_int_eq(task->correct, task->predicted_class == task->true_class);
    ck_assert_int_eq(task->datagrams, 0);
  }
  iscc_fake_scene_destroy(scene);
}
END_TEST

/* Task k is about the same person whatever was decided. */
START_TEST(compared_schemes_see_the_same_world) {
  iscc_fake_scene *a = run(0.7, 11), *b = run(0.9, 6), *c = run(0.9, 6);
  for (uint64_t k = 0; k < TASKS; k++) {
    const iscc_task *of_b = iscc_fake_scene_task(b, 0, k), *of_c = iscc_fake_scene_task(c, 0, k);
    ck_assert_int_eq(iscc_fake_scene_task(a, 0, k)->true_class, of_b->true_class);
    ck_assert_int_eq(of_b->predicted_class, of_c->predicted_class);
  }
  iscc_fake_scene_destroy(a);
  iscc_fake_scene_destroy(b);
  iscc_fake_scene_destroy(c);
}
END_TEST

static void improve(void *arg) {
  ((iscc_fake_world *)arg)->band[0].link.snr_per_w = 2000;
}

/* What is decided after sensing is what runs: the air carries the features of the new l, p and Q. */
START_TEST(decided_again_the_new_network_runs) {
  iscc_node_settings settings = iscc_fake_settings(2.0, 1);
  settings.inference = ISCC_INFERENCE_REAL;
  settings.target_accuracy = 0.8;
  settings.max_latency_s = 1.5;
  settings.replan = ISCC_REPLAN_STAGE;
  memcpy(settings.candidates, (const int[]){3, 6, 8}, 3 * sizeof(int)); /* all compute something */
  settings.candidate_count = 3;
  memset(heard, 0, sizeof heard);
  iscc_fake_scene *scene = iscc_fake_scene_create(4, &settings);
  scene->world->fate = listen;
  scene->world->band[0].link.snr_per_w = 30;
  iscc_fake_scene_add(scene, &settings);
  iscc_fake_call_at(scene->world, _i ? 500000001 : 250000000, improve, scene->world);
  iscc_fake_scene_run(scene);
  const iscc_task *task = iscc_fake_scene_task(scene, 0, 0);
  const iscc_decision *d = &iscc_task_executed(task)->decision, *plan = &task->at_arrival.decision;
  ck_assert(iscc_task_executed(task) == (_i ? &task->after_compute : &task->after_sensing));
  if (_i == 0) ck_assert(d->split != plan->split || fabs(d->keep_ratio - plan->keep_ratio) > 0.01);
  ck_assert_int_eq(heard[0].split, d->split);
  ck_assert_int_eq(heard[0].bits, d->bits);
  const iscc_host host = iscc_fake_node_host(scene->world, 0);
  iscc_inference *inference;
  ck_assert_int_eq(iscc_inference_create(ISCC_INFERENCE_REAL, scene->model, &host, &inference, NULL),
                   ISCC_OK);
  int true_class, device_class;
  static uint8_t payload[PAYLOAD_MAX];
  ck_assert_int_eq(iscc_inference_sense(inference, 0, plan->sensing_power_w, &true_class, NULL), ISCC_OK);
  ck_assert_int_eq(iscc_inference_device(inference, 0, d->split, d->keep_ratio, d->bits, payload, PAYLOAD_MAX,
                                         &device_class, NULL),
                   ISCC_OK);
  ck_assert_uint_gt(heard[0].n_bytes, 0);
  ck_assert_mem_eq(heard[0].payload, payload, heard[0].n_bytes);
  ck_assert_int_eq(task->true_class, true_class);
  ck_assert_int_ge(task->predicted_class, 0);
  iscc_inference_destroy(inference);
  iscc_fake_scene_destroy(scene);
}
END_TEST

Suite *iscc_suite_real_inference(void);
Suite *iscc_suite_real_inference(void) {
  Suite *s = suite_create("node: real inference");
  TCase *t = tcase_create("real inference");
  tcase_set_timeout(t, 120);
  tcase_add_loop_test(t, payload_on_the_air_carries_the_class, 0, 3);
  tcase_add_test(t, device_only_inference_knows_the_class_at_once);
  tcase_add_loop_test(t, decided_again_the_new_network_runs, 0, 2);
  tcase_add_test(t, compared_schemes_see_the_same_world);
  suite_add_tcase(s, t);
  return s;
}
