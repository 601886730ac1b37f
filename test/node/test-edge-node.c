/* SPDX-License-Identifier: GPL-2.0-only */
#include <check.h>
#include <math.h>
#include <string.h>

#include "iscc-fake-scene.h"

static void only_candidate(iscc_node_settings *settings, int layer) {
  settings->candidates[0] = layer;
  settings->candidate_count = 1;
}

/* Device FLOPs of the default network up to its second pooling layer, by hand (doc/model.rst, eq. 3). */
static double flops_to_layer_6(double p) {
  return (2 * 3 * 25 * p - 1) * 38 * 38 * 6 + 19 * 19 * 6 + (2 * 6 * 25 * p - 1) * 15 * 15 * 16 + 7 * 7 * 16;
}

START_TEST(offloaded_task_follows_the_timeline) {
  iscc_node_settings settings = iscc_fake_settings(1.0, 1);
  only_candidate(&settings, 6);
  iscc_fake_scene *scene = iscc_fake_scene_create(1, &settings);
  scene->world->band[0].link.propagation_s = 1e-6;
  iscc_fake_scene_add(scene, &settings);
  iscc_fake_scene_run(scene);
  const iscc_task *task = iscc_fake_scene_task(scene, 0, 0);
  const iscc_decision *d = &task->at_arrival.decision;
  ck_assert_int_eq(task->outcome, ISCC_OUTCOME_DONE);
  ck_assert_int_eq(task->arrival_ns, 0);
  ck_assert_int_eq(task->start_ns, 0);
  ck_assert_int_eq(task->wait_ns, 0);
  ck_assert_int_eq(task->sensing_ns, 500000000);
  const double flops = flops_to_layer_6(d->keep_ratio);
  ck_assert_int_eq(task->compute_ns, (int64_t)ceil(flops / d->edge_speed_flops * 1e9));
  const double bits = 8 * (98 * d->bits + 20 + 28); /* 784 features in one fragment: own header, UDP and IP */
  const double rate = 1e5 * log2(1 + 100 * d->transmit_power_w);
  ck_assert_int_eq(task->uplink_ns, (int64_t)ceil(bits / rate * 1e9));
  ck_assert_int_eq(task->server_wait_ns, 0);
  ck_assert_int_eq(task->server_ns,
                   2030); /* (2*784-1)*120 + (2*120-1)*60 + (2*60-1)*5 = 202975 FLOP at 1e11/s */
  ck_assert_int_eq(task->answer_ns, 424000 + 2000); /* 8 (25 + 28) bits at 1 Mbit/s, 1 us there and back */
  ck_assert_int_eq(task->finish_ns, task->sensing_ns + task->compute_ns + task->uplink_ns + 2030 + 426000);
  ck_assert_double_eq_tol(task->sensing_j, 0.5 * d->sensing_power_w, 1e-15);
  ck_assert_double_eq_tol(task->compute_j, 1e-21 * flops * d->edge_speed_flops * d->edge_speed_flops, 1e-15);
  ck_assert_double_eq_tol(task->uplink_j, d->transmit_power_w * bits / rate, 1e-15);
  ck_assert(task->payload_bits == 784.0 * d->bits && task->sent_bits == bits);
  ck_assert_int_eq(task->datagrams, 1);
  ck_assert_int_eq(task->retransmissions, 0);
  ck_assert(!task->at_turn.made);
  ck_assert_uint_eq(scene->world->sent[ISCC_MESSAGE_FEATURES], 1);
  ck_assert_uint_eq(scene->world->sent[ISCC_MESSAGE_ANSWER], 1);
  ck_assert_uint_eq(scene->world->sent[ISCC_MESSAGE_PROBE], 0);
  iscc_fake_scene_destroy(scene);
}
END_TEST

START_TEST(device_only_task_sends_nothing) {
  iscc_node_settings settings = iscc_fake_settings(1.0, 1);
  only_candidate(&settings, 11);
  settings.max_latency_s = 1.2;
  iscc_fake_scene *scene = iscc_fake_scene_create(1, &settings);
  iscc_fake_scene_add(scene, &settings);
  iscc_fake_scene_run(scene);
  const iscc_task *task = iscc_fake_scene_task(scene, 0, 0);
  const iscc_decision *d = &task->at_arrival.decision;
  const double p = d->keep_ratio;
  const double flops =
      flops_to_layer_6(p) + (2 * 784 * p - 1) * 120 + (2 * 120 * p - 1) * 60 + (2 * 60 * p - 1) * 5;
  ck_assert_int_eq(task->outcome, ISCC_OUTCOME_DONE);
  ck_assert_int_eq(task->finish_ns, 500000000 + (int64_t)ceil(flops / d->edge_speed_flops * 1e9));
  ck_assert_int_eq(task->uplink_ns + task->server_ns + task->server_wait_ns + task->answer_ns, 0);
  ck_assert(task->uplink_j == 0.0 && task->sent_bits == 0.0 && task->payload_bits == 0.0);
  ck_assert_int_eq(task->datagrams, 0);
  ck_assert_int_ge(task->correct, 0);
  ck_assert_uint_eq(scene->world->sent[ISCC_MESSAGE_FEATURES], 0);
  iscc_fake_scene_destroy(scene);
}
END_TEST

START_TEST(waiting_task_is_decided_again_with_what_is_left) {
  iscc_node_settings settings = iscc_fake_settings(0.2, 2);
  settings.max_latency_s = 2.0;
  iscc_fake_scene *scene = iscc_fake_scene_create(1, &settings);
  iscc_fake_scene_add(scene, &settings);
  iscc_fake_scene_run(scene);
  const iscc_task *first = iscc_fake_scene_task(scene, 0, 0), *second = iscc_fake_scene_task(scene, 0, 1);
  ck_assert(!first->at_turn.made && second->at_arrival.made && second->at_turn.made);
  ck_assert_int_eq(second->outcome,
                   ISCC_OUTCOME_INFEASIBLE); /* the first one used up its 2 s: 0.2 s are left */
  ck_assert_int_eq(second->start_ns, first->finish_ns);
  ck_assert_int_eq(second->wait_ns, first->finish_ns - 200000000);
  ck_assert(second->at_arrival.max_latency_s == first->at_arrival.max_latency_s);
  ck_assert_double_eq_tol(second->at_turn.max_latency_s,
                          second->at_arrival.max_latency_s - (double)second->wait_ns * 1e-9, 1e-12);
  ck_assert_ptr_eq(iscc_task_executed(second), &second->at_turn);
  iscc_fake_scene_destroy(scene);
}
END_TEST

/* The second task arrives 0.1 s before the first one is through: 0.7 s are left, and it keeps to them. */
START_TEST(waiting_task_is_carried_out_within_its_latency) {
  iscc_node_settings settings = iscc_fake_settings(0.7, 2);
  iscc_fake_scene *scene = iscc_fake_scene_create(1, &settings);
  iscc_fake_scene_add(scene, &settings);
  iscc_fake_scene_run(scene);
  const iscc_task *second = iscc_fake_scene_task(scene, 0, 1);
  ck_assert_int_eq(second->outcome, ISCC_OUTCOME_DONE);
  ck_assert_int_gt(second->wait_ns, 99000000);
  ck_assert_int_le(second->finish_ns - second->arrival_ns, 800000000);
  const double less_j = second->at_turn.decision.energy.total - second->at_arrival.decision.energy.total;
  ck_assert_double_gt(less_j, 0.0); /* less time costs more energy */
  ck_assert_double_eq_tol(second->sensing_j, second->at_turn.decision.energy.sensing, 1e-15);
  iscc_fake_scene_destroy(scene);
}
END_TEST

START_TEST(full_queue_drops) {
  iscc_node_settings settings = iscc_fake_settings(0.01, 10);
  settings.queue_capacity = 3;
  iscc_fake_scene *scene = iscc_fake_scene_create(1, &settings);
  iscc_fake_scene_add(scene, &settings);
  iscc_fake_scene_run(scene);
  ck_assert_uint_eq(scene->tasks, 10);
  ck_assert_int_eq(iscc_fake_scene_count(scene, ISCC_OUTCOME_DONE), 1);
  ck_assert_int_eq(iscc_fake_scene_count(scene, ISCC_OUTCOME_INFEASIBLE), 3); /* waited too long */
  ck_assert_int_eq(iscc_fake_scene_count(scene, ISCC_OUTCOME_DROPPED), 6);
  for (uint64_t k = 4; k < 10; k++) {
    const iscc_task *task = iscc_fake_scene_task(scene, 0, k);
    ck_assert_int_eq(task->outcome, ISCC_OUTCOME_DROPPED);
    ck_assert_int_eq(task->finish_ns, task->arrival_ns);
    ck_assert_int_eq(task->start_ns, -1);
    ck_assert(task->at_arrival.made);
  }
  iscc_fake_scene_destroy(scene);
}
END_TEST

START_TEST(no_queue_at_all_drops_while_busy) {
  iscc_node_settings settings = iscc_fake_settings(0.5, 6);
  settings.queue_capacity = 0;
  iscc_fake_scene *scene = iscc_fake_scene_create(1, &settings);
  iscc_fake_scene_add(scene, &settings);
  iscc_fake_scene_run(scene);
  for (uint64_t k = 0; k < 6; k++)
    ck_assert_int_eq(iscc_fake_scene_task(scene, 0, k)->outcome,
                     k % 2 ? ISCC_OUTCOME_DROPPED : ISCC_OUTCOME_DONE);
  iscc_fake_scene_destroy(scene);
}
END_TEST

START_TEST(infeasible_task_of_an_idle_node_ends_at_once) {
  iscc_node_settings settings = iscc_fake_settings(1.0, 3);
  settings.target_accuracy = 0.99; /* above all the curve reaches */
  iscc_fake_scene *scene = iscc_fake_scene_create(1, &settings);
  iscc_fake_scene_add(scene, &settings);
  iscc_fake_scene_run(scene);
  ck_assert_int_eq(iscc_fake_scene_count(scene, ISCC_OUTCOME_INFEASIBLE), 3);
  for (uint64_t k = 0; k < 3; k++) {
    const iscc_task *task = iscc_fake_scene_task(scene, 0, k);
    ck_assert(task->at_arrival.made);
    ck_assert_uint_ne(task->at_arrival.decision.conflict, 0);
    ck_assert_int_eq(task->finish_ns, task->arrival_ns);
    ck_assert(task->sensing_j + task->compute_j + task->uplink_j == 0.0);
  }
  iscc_fake_scene_destroy(scene);
}
END_TEST

/* Fading changes the rate while a plan is carried out: some answers come late, and are called so. */
START_TEST(fading_makes_some_tasks_late) {
  iscc_node_settings settings = iscc_fake_settings(2.0, 300);
  only_candidate(&settings, 6);
  iscc_fake_scene *scene = iscc_fake_scene_create(7, &settings);
  scene->world->band[0].fading.coherence_ns = 50000000;
  iscc_fake_scene_add(scene, &settings);
  iscc_fake_scene_run(scene);
  const int done = iscc_fake_scene_count(scene, ISCC_OUTCOME_DONE);
  const int late = iscc_fake_scene_count(scene, ISCC_OUTCOME_LATE);
  ck_assert_int_gt(done, 20);
  ck_assert_int_gt(late, 20);
  for (size_t i = 0; i < scene->tasks; i++) {
    const iscc_task *task = &scene->task[i];
    if (task->outcome == ISCC_OUTCOME_DONE) ck_assert_int_le(task->finish_ns - task->arrival_ns, 800000000);
    if (task->outcome == ISCC_OUTCOME_LATE) ck_assert_int_gt(task->finish_ns - task->arrival_ns, 800000000);
  }
  ck_assert_uint_eq(scene->world->sent[ISCC_MESSAGE_PROBE], 0); /* slow is not lost */
  iscc_fake_scene_destroy(scene);
}
END_TEST

START_TEST(stop_reports_what_was_spent_so_far) {
  iscc_node_settings settings = iscc_fake_settings(0.05, 4);
  settings.queue_capacity = 2;
  iscc_fake_scene *scene = iscc_fake_scene_create(1, &settings);
  iscc_edge_node *node = iscc_fake_scene_add(scene, &settings);
  iscc_fake_run_until(scene->world, 125000000);
  ck_assert(!iscc_edge_node_idle(node));
  iscc_edge_node_stop(node);
  ck_assert_uint_eq(scene->tasks, 3); /* the fourth never arrived */
  const iscc_task *first = iscc_fake_scene_task(scene, 0, 0), *second = iscc_fake_scene_task(scene, 0, 1);
  ck_assert_int_eq(first->outcome, ISCC_OUTCOME_UNFINISHED);
  ck_assert_int_eq(first->finish_ns, -1);
  ck_assert_int_eq(first->sensing_ns, 125000000);
  ck_assert_double_eq_tol(first->sensing_j, 0.125 * first->at_arrival.decision.sensing_power_w, 1e-15);
  ck_assert_int_eq(second->outcome, ISCC_OUTCOME_UNFINISHED);
  ck_assert_int_eq(second->start_ns, -1);
  ck_assert_int_eq(second->wait_ns, 75000000);
  iscc_edge_node_stop(node); /* harmless */
  ck_assert_uint_eq(scene->tasks, 3);
  iscc_fake_run_out(scene->world, 1000); /* nothing of the node happens any more */
  ck_assert_uint_eq(scene->tasks, 3);
  iscc_fake_scene_destroy(scene);
}
END_TEST

START_TEST(broken_link_is_told_and_ends_tasks) {
  iscc_node_settings settings = iscc_fake_settings(1.0, 2);
  iscc_fake_scene *scene = iscc_fake_scene_create(1, &settings);
  scene->world->link_fails = true;
  iscc_edge_node *node = iscc_fake_scene_add(scene, &settings);
  ck_assert_ptr_null(iscc_edge_node_fault(node));
  iscc_fake_scene_run(scene);
  ck_assert_int_eq(iscc_fake_scene_count(scene, ISCC_OUTCOME_INFEASIBLE), 2);
  ck_assert(!iscc_fake_scene_task(scene, 0, 0)->at_arrival.made);
  ck_assert_str_eq(iscc_edge_node_fault(node), "no route to the server");
  iscc_fake_scene_destroy(scene);
}
END_TEST

START_TEST(tiny_datagrams_are_told) {
  iscc_node_settings settings = iscc_fake_settings(1.0, 1);
  iscc_fake_scene *scene = iscc_fake_scene_create(1, &settings);
  scene->world->band[0].link.datagram_max_bytes = 100;
  iscc_edge_node *node = iscc_fake_scene_add(scene, &settings);
  iscc_fake_scene_run(scene);
  ck_assert_str_eq(iscc_edge_node_fault(node), "link datagram: 100 bytes at most, needs at least 160");
  iscc_fake_scene_destroy(scene);
}
END_TEST

/* Everything of two runs of one seed is equal but the wall-clock time of the solver; another seed differs. */
START_TEST(same_seed_same_records) {
  iscc_fake_scene *scene[3];
  for (int i = 0; i < 3; i++) {
    iscc_node_settings settings = iscc_fake_settings(0.7, 40);
    settings.arrivals.kind = ISCC_ARRIVALS_POISSON;
    scene[i] = iscc_fake_scene_create(i < 2 ? 5 : 6, &settings);
    scene[i]->world->band[0].fading.coherence_ns = 100000000;
    iscc_fake_scene_add(scene[i], &settings);
    iscc_fake_scene_run(scene[i]);
    for (size_t k = 0; k < scene[i]->tasks; k++)
      scene[i]->task[k].at_arrival.solver_wall_ns = scene[i]->task[k].at_turn.solver_wall_ns = 0;
  }
  ck_assert_uint_eq(scene[0]->tasks, scene[1]->tasks);
  ck_assert_mem_eq(scene[0]->task, scene[1]->task, scene[0]->tasks * sizeof *scene[0]->task);
  ck_assert_int_ne(iscc_fake_scene_task(scene[0], 0, 1)->arrival_ns,
                   iscc_fake_scene_task(scene[2], 0, 1)->arrival_ns);
  for (int i = 0; i < 3; i++) iscc_fake_scene_destroy(scene[i]);
}
END_TEST

/* What is kept is what was drawn, before options make something of it. */
START_TEST(a_node_keeps_the_first_numbers_that_it_drew) {
  static const char *const scheme[] = {"joint", "on-server"};
  iscc_draws arrivals[2], inference[2];
  for (int i = 0; i < 2; i++) {
    iscc_node_settings settings = iscc_fake_settings(i ? 5 : 2, 12);
    settings.arrivals.kind = ISCC_ARRIVALS_POISSON;
    settings.scheme = scheme[i];
    iscc_fake_scene *scene = iscc_fake_scene_create(5, &settings);
    const iscc_fading *fading = &scene->world->band[0].fading;
    scene->world->band[0].link.snr_per_w = 1000;
    scene->world->band[0].fading.coherence_ns = i ? 10000000 : 30000000;
    const iscc_edge_node *node = iscc_fake_scene_add(scene, &settings);
    iscc_fake_scene_run(scene);
    const iscc_draws *faded = iscc_edge_node_draws(node, ISCC_STREAM_FADING);
    ck_assert_int_eq(faded->kept, 255);
    for (uint64_t k = 0; k < ISCC_DRAWS_KEPT; k++)
      ck_assert(faded->value[k] == iscc_fading_gain(fading, iscc_fake_scene_task(scene, 0, k)->arrival_ns));
    arrivals[i] = *iscc_edge_node_draws(node, ISCC_STREAM_ARRIVALS);
    inference[i] = *iscc_edge_node_draws(node, ISCC_STREAM_INFERENCE);
    ck_assert_int_eq(iscc_edge_node_draws(node, ISCC_STREAM_CHANNEL_ERROR)->kept, 0);
    iscc_fake_scene_destroy(scene);
  }
  ck_assert_int_eq(arrivals[0].kept, 255);
  ck_assert_int_ne(inference[0].kept & inference[1].kept, 0);
  ck_assert_mem_eq(arrivals[0].value, arrivals[1].value, sizeof arrivals[0].value);
  for (int k = 0; k < ISCC_DRAWS_KEPT; k++)
    if (inference[0].kept & inference[1].kept & 1 << k)
      ck_assert(inference[0].value[k] == inference[1].value[k]);
}
END_TEST

/* The draw of task k is the same whatever was decided: with more target accuracy no right answer turns wrong.
 */
START_TEST(modelled_answers_are_right_as_often_as_promised) {
  enum { TASKS = 4000 };
  double right[2] = {0.0}, expected[2] = {0.0};
  static int correct[2][TASKS];
  for (int i = 0; i < 2; i++) {
    iscc_node_settings settings = iscc_fake_settings(1.0, TASKS);
    settings.target_accuracy = i == 0 ? 0.7 : 0.9;
    settings.use_measured_curve = true;
    iscc_fake_scene *scene = iscc_fake_scene_create(1, &settings);
    iscc_fake_scene_add(scene, &settings);
    iscc_fake_scene_run(scene);
    ck_assert_int_eq(iscc_fake_scene_count(scene, ISCC_OUTCOME_DONE), TASKS);
    for (int k = 0; k < TASKS; k++) right[i] += correct[i][k] = scene->task[k].correct;
    expected[i] = settings.target_accuracy;
    iscc_fake_scene_destroy(scene);
    ck_assert_double_eq_tol(right[i] / TASKS, expected[i], 4.0 * sqrt(0.25 / TASKS));
  }
  for (int k = 0; k < TASKS; k++) ck_assert_int_ge(correct[1][k], correct[0][k]);
}
END_TEST

static const struct {
  size_t offset;
  double value;
  const char *complaint;
} refused[] = {
    {offsetof(iscc_node_settings, target_accuracy), 1.0, "target accuracy: 1 is not within 0..1"},
    {offsetof(iscc_node_settings, max_latency_s), -1.0, "max latency: -1 s is not > 0"},
    {offsetof(iscc_node_settings, max_power_w), 0.0, "max power: 0 W is not > 0"},
    {offsetof(iscc_node_settings, max_speed_flops), (double)INFINITY, "max speed: inf FLOP/s is not > 0"},
    {offsetof(iscc_node_settings, server_speed_flops), (double)NAN, "server speed: nan FLOP/s is not > 0"},
    {offsetof(iscc_node_settings, kappa), 0.0, "kappa: 0 J s^2/FLOP^3 is not > 0"},
    {offsetof(iscc_node_settings, uplink_limit_s), -1.0,
     "uplink limit: -1 s is not within 0..1e9 s (0: no limit)"},
    {offsetof(iscc_node_settings, arrivals.interval_s), 0.0, "arrival interval: 0 s is not > 0"}};

static void assert_refused(const iscc_node_settings *settings, const char *complaint) {
  iscc_model *model = iscc_fake_model_create();
  iscc_fake_world *world = iscc_fake_world_create(1);
  const iscc_host host = iscc_fake_node_host(world, 0);
  const iscc_task_sink sink = {0};
  iscc_edge_node *node;
  iscc_error error = {""};
  ck_assert_int_eq(iscc_edge_node_create(&host, settings, model, &sink, &node, &error), ISCC_EINVAL);
  ck_assert_ptr_null(node);
  if (complaint) ck_assert_str_eq(error.text, complaint);
  iscc_fake_world_destroy(world);
  iscc_model_destroy(model);
}

START_TEST(impossible_numbers_are_refused) {
  iscc_node_settings settings = iscc_fake_settings(1.0, 1);
  memcpy((char *)&settings + refused[_i].offset, &refused[_i].value, sizeof(double));
  assert_refused(&settings, refused[_i].complaint);
}
END_TEST

START_TEST(impossible_settings_are_refused) {
  iscc_node_settings settings = iscc_fake_settings(1.0, 1);
  settings.bits_min = 9;
  assert_refused(&settings, "bits: 9..8 is no range within 2..16");
  settings = iscc_fake_settings(1.0, 1);
  settings.candidates[2] = 12;
  assert_refused(&settings, "candidates: split layer 12 is not within 0..11");
  settings = iscc_fake_settings(1.0, 1);
  settings.candidates[2] = 0;
  assert_refused(&settings, "candidates: split layer 0 is given twice");
  settings = iscc_fake_settings(1.0, 1);
  settings.candidate_count = 0;
  assert_refused(&settings, "candidates: 0 split layers are not within 1..12");
  settings = iscc_fake_settings(1.0, 1);
  settings.queue_capacity = -1;
  assert_refused(&settings, "queue capacity: -1 is not within 0..1000000");
  settings = iscc_fake_settings(1.0, 1);
  settings.retry_limit = -1;
  assert_refused(&settings, "retry limit: -1 is negative");
  settings = iscc_fake_settings(1.0, 1);
  settings.charge = (iscc_charge)3;
  assert_refused(&settings, "charge: 3 is neither all nor payload");
  settings = iscc_fake_settings(1.0, 1);
  settings.replan = (iscc_replan)2;
  assert_refused(&settings, "replan: 2 is neither never nor stage");
  settings = iscc_fake_settings(1.0, 1);
  settings.scheme = "best";
  assert_refused(&settings, NULL); /* the solver lists the schemes there are */
}
END_TEST

START_TEST(a_node_starts_once) {
  iscc_node_settings settings = iscc_fake_settings(1.0, 0);
  iscc_fake_scene *scene = iscc_fake_scene_create(1, &settings);
  iscc_edge_node *node = iscc_fake_scene_add(scene, &settings);
  ck_assert_int_eq(iscc_edge_node_start(node, NULL), ISCC_ESTATE);
  ck_assert(iscc_edge_node_idle(node)); /* no tasks are no work */
  iscc_fake_scene_destroy(scene);
  iscc_edge_node_destroy(NULL);
  iscc_server_destroy(NULL);
}
END_TEST

START_TEST(outcomes_have_names) {
  ck_assert_str_eq(iscc_outcome_name(ISCC_OUTCOME_DONE), "done");
  ck_assert_str_eq(iscc_outcome_name(ISCC_OUTCOME_UNFINISHED), "unfinished");
  for (int i = 0; i < ISCC_OUTCOME_COUNT; i++) ck_assert_ptr_nonnull(iscc_outcome_name((iscc_outcome)i));
  ck_assert_ptr_null(iscc_outcome_name((iscc_outcome)ISCC_OUTCOME_COUNT));
}
END_TEST

Suite *iscc_suite_edge_node(void);
Suite *iscc_suite_edge_node(void) {
  Suite *s = suite_create("node: edge node");
  TCase *t = tcase_create("edge node");
  tcase_set_timeout(t, 60);
  tcase_add_test(t, offloaded_task_follows_the_timeline);
  tcase_add_test(t, device_only_task_sends_nothing);
  tcase_add_test(t, waiting_task_is_decided_again_with_what_is_left);
  tcase_add_test(t, waiting_task_is_carried_out_within_its_latency);
  tcase_add_test(t, full_queue_drops);
  tcase_add_test(t, no_queue_at_all_drops_while_busy);
  tcase_add_test(t, infeasible_task_of_an_idle_node_ends_at_once);
  tcase_add_test(t, fading_makes_some_tasks_late);
  tcase_add_test(t, a_node_keeps_the_first_numbers_that_it_drew);
  tcase_add_test(t, stop_reports_what_was_spent_so_far);
  tcase_add_test(t, broken_link_is_told_and_ends_tasks);
  tcase_add_test(t, tiny_datagrams_are_told);
  tcase_add_test(t, same_seed_same_records);
  tcase_add_test(t, modelled_answers_are_right_as_often_as_promised);
  tcase_add_loop_test(t, impossible_numbers_are_refused, 0, (int)(sizeof refused / sizeof *refused));
  tcase_add_test(t, impossible_settings_are_refused);
  tcase_add_test(t, a_node_starts_once);
  tcase_add_test(t, outcomes_have_names);
  suite_add_tcase(s, t);
  return s;
}
