/* SPDX-License-Identifier: GPL-2.0-only */
#include <check.h>
#include <math.h>
#include <string.h>

#include "iscc-allocations.h"
#include "iscc-fake-scene.h"

/* A node that sends raw spectrograms in four or more fragments and has time for repetitions. */
static iscc_node_settings sender(double interval_s, uint64_t count) {
  iscc_node_settings settings = iscc_fake_settings(interval_s, count);
  settings.candidates[0] = 0;
  settings.candidate_count = 1;
  settings.bits_min = settings.bits_max = 8; /* 5292 bytes: 4 fragments */
  return settings;
}

typedef struct { /* loses the n-th messages of a kind */
  int kind;
  uint64_t from, to;
  uint64_t seen;
} loss_plan;

static iscc_fake_fate lose_some(void *ctx, uint32_t node, bool up, const uint8_t *bytes, size_t n_bytes) {
  (void)node;
  (void)up;
  (void)n_bytes;
  loss_plan *plan = ctx;
  const bool hit = bytes[2] == plan->kind && plan->seen >= plan->from && plan->seen < plan->to;
  plan->seen += bytes[2] == plan->kind;
  return (iscc_fake_fate){.copies = hit ? 0 : 1};
}

static iscc_fake_scene *run_with_losses(iscc_node_settings settings, loss_plan *plan) {
  iscc_fake_scene *scene = iscc_fake_scene_create(1, &settings);
  scene->world->fate = lose_some;
  scene->world->fate_ctx = plan;
  iscc_fake_scene_add(scene, &settings);
  iscc_fake_scene_run(scene);
  return scene;
}

static void assert_sent(const iscc_fake_scene *scene, uint64_t features, uint64_t probes, uint64_t missing,
                        uint64_t answers) {
  ck_assert_uint_eq(scene->world->sent[ISCC_MESSAGE_FEATURES], features);
  ck_assert_uint_eq(scene->world->sent[ISCC_MESSAGE_PROBE], probes);
  ck_assert_uint_eq(scene->world->sent[ISCC_MESSAGE_MISSING], missing);
  ck_assert_uint_eq(scene->world->sent[ISCC_MESSAGE_ANSWER], answers);
}

static void assert_energy_is_complete(const iscc_fake_scene *scene) {
  for (uint32_t n = 0; n < scene->nodes; n++) {
    double sum_j = 0.0;
    for (size_t i = 0; i < scene->tasks; i++)
      if (scene->task[i].node == n) sum_j += scene->task[i].uplink_j;
    ck_assert_double_eq_tol(sum_j, scene->world->energy_j[n], 1e-9 * scene->world->energy_j[n] + 1e-300);
  }
}

START_TEST(lossless_runs_need_features_and_answer_only) {
  loss_plan none = {.kind = 0};
  iscc_fake_scene *scene = run_with_losses(sender(2.0, 5), &none);
  assert_sent(scene, 5 * 4, 0, 0, 5);
  ck_assert_int_eq(iscc_fake_scene_count(scene, ISCC_OUTCOME_DONE), 5);
  assert_energy_is_complete(scene);
  iscc_fake_scene_destroy(scene);
}
END_TEST

START_TEST(lost_fragments_alone_are_sent_again) {
  loss_plan two = {.kind = ISCC_MESSAGE_FEATURES, .from = 1, .to = 3};
  iscc_fake_scene *scene = run_with_losses(sender(2.0, 1), &two);
  assert_sent(scene, 4 + 2, 1, 1, 1);
  const iscc_task *task = iscc_fake_scene_task(scene, 0, 0);
  ck_assert_int_eq(task->retransmissions, 2);
  ck_assert_int_eq(task->datagrams, 7);               /* four, the question, two again */
  ck_assert_int_eq(task->outcome, ISCC_OUTCOME_LATE); /* the plan leaves no time for repetitions */
  const iscc_decision *d = &task->at_arrival.decision;
  ck_assert_double_gt(task->uplink_j, d->energy.uplink);
  const double whole = d->uplink_bits + 2 * 8 * 1472 + 2 * 8 * 28 + 8 * (8 + 28);
  ck_assert_double_eq_tol(task->sent_bits, whole, 1e-6);
  ck_assert_int_eq(task->finish_ns - task->arrival_ns, task->sensing_ns + task->compute_ns + task->uplink_ns +
                                                           task->server_wait_ns + task->server_ns +
                                                           task->answer_ns);
  assert_energy_is_complete(scene);
  iscc_fake_scene_destroy(scene);
}
END_TEST

static iscc_fake_fate lose_and_repeat(void *ctx, uint32_t node, bool up, const uint8_t *bytes,
                                      size_t n_bytes) {
  iscc_fake_fate fate = lose_some(ctx, node, up, bytes, n_bytes);
  if (!up) fate.copies = 2;
  return fate;
}

START_TEST(repeated_replies_are_followed_once) {
  loss_plan one = {.kind = ISCC_MESSAGE_FEATURES, .from = 1, .to = 2};
  const iscc_node_settings settings = sender(2.0, 1);
  iscc_fake_scene *scene = iscc_fake_scene_create(1, &settings);
  scene->world->fate = lose_and_repeat;
  scene->world->fate_ctx = &one;
  iscc_fake_scene_add(scene, &settings);
  iscc_fake_scene_run(scene);
  ck_assert_int_eq(iscc_fake_scene_task(scene, 0, 0)->retransmissions, 1);
  assert_sent(scene, 5, 1, 1, 1);
  iscc_fake_scene_destroy(scene);
}
END_TEST

START_TEST(all_fragments_lost_are_all_sent_again) {
  loss_plan all = {.kind = ISCC_MESSAGE_FEATURES, .from = 0, .to = 4};
  iscc_fake_scene *scene = run_with_losses(sender(2.0, 1), &all);
  assert_sent(scene, 8, 1, 1, 1);
  ck_assert_int_eq(iscc_fake_scene_task(scene, 0, 0)->retransmissions, 4);
  iscc_fake_scene_destroy(scene);
}
END_TEST

START_TEST(lost_answer_is_given_again) {
  loss_plan answer = {.kind = ISCC_MESSAGE_ANSWER, .from = 0, .to = 1};
  iscc_fake_scene *scene = run_with_losses(sender(2.0, 1), &answer);
  assert_sent(scene, 4, 1, 0, 2);
  const iscc_task *task = iscc_fake_scene_task(scene, 0, 0);
  ck_assert_int_eq(task->retransmissions, 0);
  ck_assert_int_eq(task->server_ns,
                   25733); /* all 11 layers unpruned at 1e11 FLOP/s: 2573261 FLOP, rounded up */
  ck_assert_int_ge(task->correct, 0);
  iscc_fake_scene_destroy(scene);
}
END_TEST

START_TEST(lost_question_is_asked_again) {
  loss_plan probe = {.kind = ISCC_MESSAGE_PROBE, .from = 0, .to = 1};
  loss_plan *plan = &probe;
  iscc_node_settings settings = sender(2.0, 1);
  settings.retry_limit = 5;
  iscc_fake_scene *scene = iscc_fake_scene_create(1, &settings);
  scene->world->fate = lose_some;
  scene->world->fate_ctx = plan;
  scene->world->send_fails = true; /* the radio refuses all fragments, then works again */
  iscc_fake_scene_add(scene, &settings);
  iscc_fake_run_until(scene->world, 600000000);
  scene->world->send_fails = false;
  iscc_fake_scene_run(scene);
  const iscc_task *task = iscc_fake_scene_task(scene, 0, 0);
  ck_assert_int_eq(task->outcome, ISCC_OUTCOME_LATE);
  ck_assert_int_eq(task->retransmissions, 4);
  ck_assert_str_eq(iscc_edge_node_fault(scene->node[0]), "the radio refuses");
  iscc_fake_scene_destroy(scene);
}
END_TEST

/* Nothing gets through for the first task: it is given up after retry_limit repetitions, the next one
 * succeeds.
 */
START_TEST(retry_limit_loses_the_task_not_the_node) {
  for (int limit = 0; limit < 4; limit++) {
    iscc_node_settings settings = sender(10.0, 2);
    settings.retry_limit = limit;
    loss_plan first = {.kind = ISCC_MESSAGE_FEATURES, .from = 0, .to = 4 * (1 + (uint64_t)limit)};
    iscc_fake_scene *scene = run_with_losses(settings, &first);
    assert_sent(scene, 4 * (2 + (uint64_t)limit), 1 + (uint64_t)limit, 1 + (uint64_t)limit, 1);
    const iscc_task *task = iscc_fake_scene_task(scene, 0, 0);
    ck_assert_int_eq(task->outcome, ISCC_OUTCOME_LOST);
    ck_assert_int_eq(task->retransmissions, 4 * limit);
    ck_assert_int_eq(task->correct, -1);
    ck_assert_int_eq(iscc_fake_scene_task(scene, 0, 1)->outcome, ISCC_OUTCOME_DONE);
    assert_energy_is_complete(scene);
    iscc_fake_scene_destroy(scene);
  }
}
END_TEST

/* The channel collapses after the decision: the task is lost at the limit to the nanosecond, and the energy
 * its datagrams still cost afterwards is the task's own. */
START_TEST(uplink_limit_loses_the_task_with_all_its_energy) {
  iscc_node_settings settings = sender(100.0, 2);
  settings.uplink_limit_s = 0.4;
  iscc_fake_scene *scene = iscc_fake_scene_create(1, &settings);
  iscc_fake_scene_add(scene, &settings);
  iscc_fake_run_until(scene->world, 400000000);
  scene->world->band[0].link.snr_per_w = 1.0;
  iscc_fake_run_until(scene->world, 950000000);
  ck_assert_uint_eq(scene->tasks, 0); /* known as lost, its energy still open */
  ck_assert(!iscc_edge_node_idle(scene->node[0]));
  scene->world->band[0].link.snr_per_w = 100.0;
  iscc_fake_scene_run(scene);
  const iscc_task *task = iscc_fake_scene_task(scene, 0, 0);
  ck_assert_int_eq(task->outcome, ISCC_OUTCOME_LOST);
  ck_assert_int_eq(task->finish_ns, 500000000 + 400000000);
  ck_assert_int_eq(task->uplink_ns, 400000000);
  ck_assert_double_gt(task->uplink_j, 2.0 * task->at_arrival.decision.energy.uplink);
  assert_energy_is_complete(scene);
  ck_assert_int_eq(iscc_fake_scene_task(scene, 0, 1)->outcome, ISCC_OUTCOME_DONE);
  iscc_fake_scene_destroy(scene);
}
END_TEST

/* A server that takes 0.26 s for a task: the second node's task waits there, asks, and is told so. Nothing is
 * sent again. */
START_TEST(busy_server_is_waited_for) {
  iscc_node_settings settings = sender(10.0, 1);
  settings.server_speed_flops = 1e7;
  settings.max_latency_s = 1.5;
  settings.retry_limit = 0;
  iscc_fake_scene *scene = iscc_fake_scene_create(1, &settings);
  for (int i = 0; i < 3; i++) iscc_fake_scene_add(scene, &settings);
  iscc_fake_scene_run(scene);
  ck_assert_int_eq(iscc_fake_scene_task(scene, 0, 0)->outcome, ISCC_OUTCOME_DONE);
  for (uint32_t i = 0; i < 3; i++) {
    const iscc_task *task = iscc_fake_scene_task(scene, i, 0);
    ck_assert_int_eq(task->server_wait_ns, i * 257326100ll); /* first come, first served */
    ck_assert_int_eq(task->server_ns, 257326100);
    ck_assert_int_eq(task->retransmissions, 0);
  }
  iscc_fake_scene_destroy(scene);
}
END_TEST

static iscc_fake_fate delay_two_answers(void *ctx, uint32_t node, bool up, const uint8_t *bytes,
                                        size_t n_bytes) {
  (void)node;
  (void)up;
  (void)n_bytes;
  int *left = ctx;
  iscc_fake_fate fate = {.copies = 1};
  if (bytes[2] == ISCC_MESSAGE_ANSWER && *left > 0) {
    fate.delay_ns = 1350000000; /* arrives while the second task is being sent */
    (*left)--;
  }
  return fate;
}

START_TEST(late_answer_of_a_lost_task_is_ignored) {
  iscc_node_settings settings = sender(1.5, 2);
  settings.uplink_limit_s = 0.5;
  settings.retry_limit = 0;
  int left = 2; /* the answer, and the one to the node's question */
  iscc_fake_scene *scene = iscc_fake_scene_create(1, &settings);
  scene->world->fate = delay_two_answers;
  scene->world->fate_ctx = &left;
  iscc_fake_scene_add(scene, &settings);
  iscc_fake_scene_run(scene);
  ck_assert_int_eq(iscc_fake_scene_task(scene, 0, 0)->outcome, ISCC_OUTCOME_LOST);
  const iscc_task *second = iscc_fake_scene_task(scene, 0, 1);
  ck_assert_int_eq(second->outcome, ISCC_OUTCOME_DONE);
  ck_assert_int_gt(second->finish_ns, 2290000000ll); /* its own answer, not the one at about 2.15 s */
  ck_assert_uint_eq(iscc_edge_node_malformed(scene->node[0]), 0);
  iscc_fake_scene_destroy(scene);
}
END_TEST

static iscc_fake_fate duplicate_and_shuffle(void *ctx, uint32_t node, bool up, const uint8_t *bytes,
                                            size_t n_bytes) {
  (void)node;
  (void)up;
  (void)bytes;
  (void)n_bytes;
  return (iscc_fake_fate){.copies = 2, .delay_ns = (int64_t)iscc_random_below(ctx, 1000000)};
}

START_TEST(duplicates_and_disorder_change_nothing_but_the_delay) {
  iscc_random r;
  iscc_random_seed(&r, 1, 1, 1, ISCC_STREAM_TEST);
  iscc_node_settings settings = sender(2.0, 50);
  settings.max_latency_s = 0.85;
  iscc_fake_scene *scene = iscc_fake_scene_create(1, &settings);
  scene->world->fate = duplicate_and_shuffle;
  scene->world->fate_ctx = &r;
  iscc_fake_scene_add(scene, &settings);
  iscc_fake_scene_run(scene);
  assert_sent(scene, 200, 0, 0, 50);
  ck_assert_uint_eq(scene->tasks, 50);
  for (size_t i = 0; i < scene->tasks; i++) {
    ck_assert_int_le(scene->task[i].finish_ns - scene->task[i].arrival_ns, 853000000);
    ck_assert_int_eq(scene->task[i].datagrams, 4);
  }
  ck_assert_uint_eq(iscc_server_malformed(scene->server), 0);
  iscc_fake_scene_destroy(scene);
}
END_TEST

typedef struct {
  iscc_random r;
  double loss, twice;
} bad_air;

static iscc_fake_fate any_fate(void *ctx, uint32_t node, bool up, const uint8_t *bytes, size_t n_bytes) {
  (void)node;
  (void)up;
  (void)bytes;
  (void)n_bytes;
  bad_air *air = ctx;
  iscc_fake_fate fate = {.copies = 1};
  if (iscc_random_uniform(&air->r) < air->twice) fate.copies = 2;
  if (iscc_random_uniform(&air->r) < air->loss) fate.copies = 0;
  if (iscc_random_uniform(&air->r) < 0.3) fate.delay_ns = (int64_t)iscc_random_below(&air->r, 300000000);
  return fate;
}

static iscc_node_settings random_settings(iscc_random *r) {
  iscc_node_settings settings =
      iscc_fake_settings(iscc_random_between(r, 0.1, 2.0), 1 + iscc_random_below(r, 30));
  if (iscc_random_below(r, 2)) settings.arrivals.kind = ISCC_ARRIVALS_POISSON;
  settings.target_accuracy = iscc_random_between(r, 0.4, 0.97);
  settings.max_latency_s = iscc_random_between(r, 0.5, 2.5);
  settings.queue_capacity = (int)iscc_random_below(r, 6);
  settings.retry_limit = (int)iscc_random_below(r, 4);
  settings.uplink_limit_s = iscc_random_below(r, 2) ? iscc_random_between(r, 0.05, 1.0) : 0.0;
  settings.server_speed_flops = pow(10.0, iscc_random_between(r, 7.0, 11.0));
  settings.charge = iscc_random_below(r, 2) ? ISCC_CHARGE_ALL : ISCC_CHARGE_PAYLOAD;
  return settings;
}

static iscc_fake_scene *random_scene(uint64_t seed, bad_air *air, uint64_t *expected) {
  iscc_random_seed(&air->r, seed, 0, 0, ISCC_STREAM_TEST);
  iscc_node_settings settings = random_settings(&air->r);
  air->loss = iscc_random_below(&air->r, 2) ? iscc_random_uniform(&air->r) : 0.0;
  air->twice = 0.5 * iscc_random_uniform(&air->r);
  iscc_fake_scene *scene = iscc_fake_scene_create(seed, &settings);
  scene->world->fate = any_fate;
  scene->world->fate_ctx = air;
  const uint64_t nodes = 1 + iscc_random_below(&air->r, 4);
  for (uint64_t n = 0; n < nodes; n++) {
    iscc_node_settings own = random_settings(&air->r);
    own.charge = settings.charge;
    own.server_speed_flops = settings.server_speed_flops;
    iscc_fake_band *band = &scene->world->band[n];
    band->link.snr_per_w = pow(10.0, iscc_random_between(&air->r, -1.0, 3.0));
    band->link.propagation_s = iscc_random_uniform(&air->r) * 1e-3;
    band->link.datagram_max_bytes = 160 + (int)iscc_random_below(&air->r, 1400);
    if (iscc_random_below(&air->r, 2)) band->fading.coherence_ns = 10000000;
    iscc_fake_scene_add(scene, &own);
    *expected += own.arrivals.count;
  }
  return scene;
}

static void assert_stages_add_up(const iscc_task *task) {
  const int64_t stages[] = {task->wait_ns,        task->sensing_ns, task->compute_ns, task->uplink_ns,
                            task->server_wait_ns, task->server_ns,  task->answer_ns};
  int64_t sum_ns = 0;
  for (size_t i = 0; i < sizeof stages / sizeof *stages; i++) {
    ck_assert_int_ge(stages[i], 0);
    sum_ns += stages[i];
  }
  if (task->finish_ns >= 0) ck_assert_int_eq(sum_ns, task->finish_ns - task->arrival_ns);
}

/* Whatever happens, each task that arrived has exactly one outcome and each joule of the radio is some
 * task's. */
START_TEST(no_task_and_no_joule_is_ever_lost_sight_of) {
  int seen[ISCC_OUTCOME_COUNT] = {0};
  for (uint64_t seed = 0; seed < 200; seed++) {
    bad_air air;
    uint64_t expected = 0;
    iscc_fake_scene *scene = random_scene(seed, &air, &expected);
    const bool stopped_early = iscc_random_below(&air.r, 4) == 0;
    if (stopped_early) {
      iscc_fake_run_until(scene->world, (int64_t)iscc_random_below(&air.r, 20000000000ull));
      for (uint32_t n = 0; n < scene->nodes; n++) iscc_edge_node_stop(scene->node[n]);
      ck_assert(iscc_fake_run_out(scene->world, 10000000));
      ck_assert_uint_le(scene->tasks, expected);
    } else {
      iscc_fake_scene_run(scene);
      ck_assert_uint_eq(scene->tasks, expected);
      assert_energy_is_complete(scene);
      ck_assert_int_eq(iscc_fake_scene_count(scene, ISCC_OUTCOME_UNFINISHED), 0);
    }
    uint64_t next[ISCC_FAKE_NODES_MAX] = {0};
    for (size_t i = 0; i < scene->tasks; i++) {
      seen[scene->task[i].outcome]++;
      next[scene->task[i].node]++;
      assert_stages_add_up(&scene->task[i]);
    }
    for (uint32_t n = 0; n < scene->nodes; n++)
      for (uint64_t k = 0; k < next[n]; k++) iscc_fake_scene_task(scene, n, k); /* each number once */
    ck_assert_uint_eq(iscc_server_malformed(scene->server), 0);
    iscc_fake_scene_destroy(scene);
  }
  for (int i = 0; i < ISCC_OUTCOME_COUNT; i++)
    ck_assert_msg(seen[i] > 10, "only %d %s", seen[i], iscc_outcome_name((iscc_outcome)i));
}
END_TEST

/* Decisions, queues, losses, repetitions, answers: with none of them memory is asked for. */
START_TEST(nothing_is_allocated_once_all_is_created) {
  if (!iscc_allocations_available) return;
  for (uint64_t seed = 0; seed < 20; seed++) {
    bad_air air;
    uint64_t expected = 0;
    iscc_fake_scene *scene = random_scene(seed, &air, &expected);
    const unsigned long before = iscc_allocations_count();
    const bool over = iscc_fake_run_out(scene->world, 1000000);
    for (uint32_t n = 0; n < scene->nodes; n++) iscc_edge_node_stop(scene->node[n]);
    const unsigned long after = iscc_allocations_count(); /* before any assertion: Check allocates */
    ck_assert(over);
    ck_assert_uint_eq(after, before);
    ck_assert_uint_eq(scene->tasks, expected);
    iscc_fake_scene_destroy(scene);
  }
  const unsigned long before = iscc_allocations_count(); /* and the counter itself works */
  iscc_fake_world_destroy(iscc_fake_world_create(1));
  ck_assert_uint_gt(iscc_allocations_count(), before);
}
END_TEST

typedef struct {
  iscc_fake_scene *scene;
  double snr_per_w;
} channel_change;

static void change_channel(void *arg) {
  const channel_change *change = arg;
  change->scene->world->band[0].link.snr_per_w = change->snr_per_w;
}

/* The channel is good at each decision and hopeless at each uplink, so the radio's backlog grows: the node
 * pauses with sixteen open tasks, and in the end all of them are reported with their energy. */
START_TEST(node_pauses_when_the_radio_is_far_behind) {
  enum { TASKS = 40 };
  iscc_node_settings settings = sender(1.0, TASKS);
  settings.uplink_limit_s = 0.1;
  settings.queue_capacity = 5;
  iscc_fake_scene *scene = iscc_fake_scene_create(1, &settings);
  channel_change good = {scene, 100.0}, bad = {scene, 0.01};
  for (int64_t k = 0; k < TASKS; k++) {
    iscc_fake_call_at(scene->world, k * 1000000000 - (k > 0), change_channel, &good);
    iscc_fake_call_at(scene->world, k * 1000000000 + 100000000, change_channel, &bad);
  }
  iscc_fake_scene_add(scene, &settings);
  iscc_fake_run_until(scene->world, (int64_t)TASKS * 1000000000);
  ck_assert_int_eq(iscc_fake_scene_count(scene, ISCC_OUTCOME_LOST),
                   0); /* not one has left the radio by now */
  ck_assert_int_eq(iscc_fake_scene_count(scene, ISCC_OUTCOME_DROPPED), TASKS - 16 - 5);
  iscc_fake_scene_run(scene);
  ck_assert_int_eq(iscc_fake_scene_count(scene, ISCC_OUTCOME_LOST), 16);
  ck_assert_int_eq(iscc_fake_scene_count(scene, ISCC_OUTCOME_INFEASIBLE), 5); /* waited for too long */
  ck_assert_uint_eq(scene->tasks, TASKS);
  assert_energy_is_complete(scene);
  iscc_fake_scene_destroy(scene);
}
END_TEST

Suite *iscc_suite_transfer(void);
Suite *iscc_suite_transfer(void) {
  Suite *s = suite_create("node: transfer");
  TCase *t = tcase_create("transfer");
  tcase_set_timeout(t, 120);
  tcase_add_test(t, lossless_runs_need_features_and_answer_only);
  tcase_add_test(t, lost_fragments_alone_are_sent_again);
  tcase_add_test(t, repeated_replies_are_followed_once);
  tcase_add_test(t, all_fragments_lost_are_all_sent_again);
  tcase_add_test(t, lost_answer_is_given_again);
  tcase_add_test(t, lost_question_is_asked_again);
  tcase_add_test(t, retry_limit_loses_the_task_not_the_node);
  tcase_add_test(t, uplink_limit_loses_the_task_with_all_its_energy);
  tcase_add_test(t, busy_server_is_waited_for);
  tcase_add_test(t, late_answer_of_a_lost_task_is_ignored);
  tcase_add_test(t, duplicates_and_disorder_change_nothing_but_the_delay);
  tcase_add_test(t, no_task_and_no_joule_is_ever_lost_sight_of);
  tcase_add_test(t, nothing_is_allocated_once_all_is_created);
  tcase_add_test(t, node_pauses_when_the_radio_is_far_behind);
  suite_add_tcase(s, t);
  return s;
}
