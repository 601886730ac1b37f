/* SPDX-License-Identifier: GPL-2.0-only */
#include <check.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "iscc-fake-host.h"
#include "iscc-fake-model.h"

enum { SPLIT = 10, BITS = 4, FEATURES = 60, WHOLE = 30, CHUNK = 12, FRAGMENTS = 3, SENT_MAX = 256 };

/* A server alone: what it sends is kept here, and time passes by hand. */
typedef struct {
  iscc_fake_world *world; /* clock only */
  iscc_model *model;
  iscc_server *server;
  struct {
    uint32_t peer;
    int64_t at_ns;
    iscc_message message;
    uint8_t bytes[ISCC_WIRE_MISSING_BYTES_MAX];
  } sent[SENT_MAX];
  int count;
  double charged_bits;
} lone_server;

static lone_server lone;

static iscc_status keep_sent(void *ctx, const iscc_transmission *t, iscc_error *error) {
  (void)ctx;
  (void)error;
  ck_assert_int_lt(lone.count, SENT_MAX);
  memcpy(lone.sent[lone.count].bytes, t->bytes, t->n_bytes);
  lone.sent[lone.count].peer = t->peer;
  lone.sent[lone.count].at_ns = iscc_fake_now_ns(lone.world);
  ck_assert_int_eq(
      iscc_wire_decode(lone.sent[lone.count].bytes, t->n_bytes, &lone.sent[lone.count].message, NULL),
      ISCC_OK);
  lone.charged_bits = t->charged_bits;
  lone.count++;
  return ISCC_OK;
}

/* 595 FLOP behind layer 10 at 5.95e5 FLOP/s: a task takes 1 ms. */
static void begin_with(iscc_server_settings settings) {
  lone = (lone_server){.world = iscc_fake_world_create(1), .model = iscc_fake_model_create()};
  iscc_host host = iscc_fake_server_host(lone.world);
  host.send = keep_sent;
  settings.speed_flops = 5.95e5;
  ck_assert_int_eq(iscc_server_create(&host, &settings, lone.model, &lone.server, NULL), ISCC_OK);
}

static void begin(iscc_charge charge) {
  begin_with((iscc_server_settings){.node_max = 4, .charge = charge});
}

static void end(void) {
  iscc_server_destroy(lone.server);
  iscc_model_destroy(lone.model);
  iscc_fake_world_destroy(lone.world);
}

static iscc_message fragment_of(uint32_t task, int fragment) {
  static const uint8_t zeros[WHOLE];
  return (iscc_message){.kind = ISCC_MESSAGE_FEATURES,
                        .task = task,
                        .split = SPLIT,
                        .bits = BITS,
                        .fragment = fragment,
                        .fragments = FRAGMENTS,
                        .chunk_bytes = CHUNK,
                        .body = zeros,
                        .body_bytes = fragment < FRAGMENTS - 1 ? CHUNK : WHOLE - 2 * CHUNK};
}

static void give(uint32_t peer, const iscc_message *message) {
  uint8_t bytes[256];
  const size_t n = iscc_wire_encode(message, bytes, sizeof bytes);
  ck_assert_uint_gt(n, 0);
  iscc_server_on_receive(lone.server, peer, bytes, n);
}

static void give_fragment(uint32_t peer, uint32_t task, int fragment) {
  const iscc_message m = fragment_of(task, fragment);
  give(peer, &m);
}

static void give_all(uint32_t peer, uint32_t task) {
  for (int i = 0; i < FRAGMENTS; i++) give_fragment(peer, task, i);
}

static const iscc_message *ask(uint32_t peer, uint32_t task, uint8_t round) {
  const iscc_message probe = {.kind = ISCC_MESSAGE_PROBE, .task = task, .round = round};
  const int before = lone.count;
  give(peer, &probe);
  return lone.count > before ? &lone.sent[before].message : NULL;
}

static void assert_answer(int index, uint32_t peer, uint32_t task, int64_t at_ns, int64_t wait_ns) {
  ck_assert_int_lt(index, lone.count);
  ck_assert_int_eq(lone.sent[index].message.kind, ISCC_MESSAGE_ANSWER);
  ck_assert_uint_eq(lone.sent[index].peer, peer);
  ck_assert_uint_eq(lone.sent[index].message.task, task);
  ck_assert_int_eq(lone.sent[index].at_ns, at_ns);
  ck_assert_int_eq(lone.sent[index].message.wait_ns, wait_ns);
  ck_assert_int_eq(lone.sent[index].message.compute_ns, 1000000);
  ck_assert_int_eq(lone.sent[index].message.answer_class, ISCC_WIRE_CLASS_UNKNOWN);
}

START_TEST(tasks_of_several_nodes_are_served_in_order) {
  begin(ISCC_CHARGE_ALL);
  give_fragment(1, 7, 0);
  give_all(2, 9); /* complete first */
  iscc_fake_run_until(lone.world, 250000);
  give_fragment(1, 7, 2); /* any order */
  give_fragment(1, 7, 1);
  give_all(0, 3);
  iscc_fake_run_until(lone.world, 10000000);
  ck_assert_int_eq(lone.count, 3);
  assert_answer(0, 2, 9, 1000000, 0);
  assert_answer(1, 1, 7, 2000000, 750000);
  assert_answer(2, 0, 3, 3000000, 1750000);
  ck_assert(lone.charged_bits < 0);
  end();
}
END_TEST

START_TEST(answers_are_free_when_the_payload_alone_counts) {
  begin(ISCC_CHARGE_PAYLOAD);
  give_all(0, 0);
  iscc_fake_run_until(lone.world, 10000000);
  ck_assert_int_eq(lone.count, 1);
  ck_assert(lone.charged_bits == 0.0);
  end();
}
END_TEST

START_TEST(repetitions_are_served_once) {
  begin(ISCC_CHARGE_ALL);
  for (int i = 0; i < 2 * FRAGMENTS; i++) give_fragment(0, 4, i % (FRAGMENTS - 1)); /* never the last one */
  iscc_fake_run_until(lone.world, 3000000);
  for (int i = 0; i < 3; i++) give_all(0, 5);
  iscc_fake_run_until(lone.world, 3500000);
  give_all(0, 5);
  iscc_fake_run_until(lone.world, 8000000);
  give_all(0, 5);
  iscc_fake_run_until(lone.world, 12000000);
  ck_assert_int_eq(lone.count, 1);
  end();
}
END_TEST

/* A whole task that is due at a time. */
static void give_due(uint32_t peer, uint32_t task, int64_t deadline_ns) {
  for (int i = 0; i < FRAGMENTS; i++) {
    iscc_message m = fragment_of(task, i);
    m.deadline_us = iscc_wire_deadline_us(deadline_ns);
    give(peer, &m);
  }
}

START_TEST(the_earliest_deadline_is_next_and_nothing_is_stopped) {
  begin_with((iscc_server_settings){.node_max = 4, .queue = ISCC_QUEUE_DEADLINE});
  give_due(0, 1, 9000000);
  give_due(1, 1, 8000000);
  give_due(2, 1, 5000000);
  iscc_fake_run_until(lone.world, 500000);
  give_due(3, 1, 7000000);
  iscc_fake_run_until(lone.world, 10000000);
  ck_assert_int_eq(lone.count, 4);
  assert_answer(0, 0, 1, 1000000, 0);
  assert_answer(1, 2, 1, 2000000, 1000000);
  assert_answer(2, 3, 1, 3000000, 1500000);
  assert_answer(3, 1, 1, 4000000, 3000000);
  end();
}
END_TEST

START_TEST(cores_compute_side_by_side) {
  begin_with((iscc_server_settings){.node_max = 4, .cores = 2});
  give_all(0, 1);
  iscc_fake_run_until(lone.world, 250000);
  give_all(1, 1);
  give_all(2, 1);
  give_all(3, 1);
  const iscc_message *reply = ask(3, 1, 1);
  ck_assert_int_eq(reply->kind, ISCC_MESSAGE_BUSY);
  /* cores are free after 0.75 and 1 ms; one task before it, and its own */
  ck_assert_int_eq(reply->busy_ns, 875000 + 500000 + 1000000);
  lone.count = 0;
  iscc_fake_run_until(lone.world, 10000000);
  ck_assert_int_eq(lone.count, 4);
  assert_answer(0, 0, 1, 1000000, 0);
  assert_answer(1, 1, 1, 1250000, 0);
  assert_answer(2, 2, 1, 2000000, 750000);
  assert_answer(3, 3, 1, 2250000, 1000000);
  end();
}
END_TEST

/* A node that gives up a task in service and sends another: the first keeps its core to the end, unheard. */
START_TEST(a_given_up_task_keeps_its_core) {
  begin_with((iscc_server_settings){.node_max = 4, .cores = 2});
  give_all(0, 1);
  iscc_fake_run_until(lone.world, 500000);
  give_all(0, 2); /* on the other core */
  give_all(1, 1);
  iscc_fake_run_until(lone.world, 10000000);
  ck_assert_int_eq(lone.count, 2);
  assert_answer(0, 0, 2, 1500000, 0);
  assert_answer(1, 1, 1, 2000000, 500000);
  end();
}
END_TEST

/* Waiting times of tasks that arrive as a Poisson process and take 1 ms each. */
enum { QUEUED_TASKS = 100000, QUEUE_PEERS = 2000 };

typedef struct {
  double mean_ms, mean_by_hand_ms;
} waiting;

/* By hand: the core that is free first takes the task (Kiefer and Wolfowitz, 1955). */
static waiting wait_in_line(int cores, double load) {
  begin_with((iscc_server_settings){.node_max = QUEUE_PEERS, .cores = cores});
  double free_at_ms[4] = {0}, by_hand = 0, measured = 0;
  iscc_random r;
  iscc_random_seed(&r, 3, 0, (uint64_t)cores, ISCC_STREAM_TEST);
  int64_t now_ns = 0;
  int counted = 0;
  for (uint32_t k = 0; k < QUEUED_TASKS; k++) {
    now_ns += llround(1e6 * iscc_random_exponential(&r) / (load * cores));
    iscc_fake_run_until(lone.world, now_ns);
    give_all(k % QUEUE_PEERS, k / QUEUE_PEERS);
    int first = 0;
    for (int i = 1; i < cores; i++)
      if (free_at_ms[i] < free_at_ms[first]) first = i;
    const double now_ms = 1e-6 * (double)now_ns, begin_ms = fmax(now_ms, free_at_ms[first]);
    by_hand += begin_ms - now_ms;
    free_at_ms[first] = begin_ms + 1;
    for (int i = 0; i < lone.count; i++, counted++) measured += 1e-6 * (double)lone.sent[i].message.wait_ns;
    lone.count = 0;
  }
  iscc_fake_run_until(lone.world, now_ns + 1000000000);
  for (int i = 0; i < lone.count; i++, counted++) measured += 1e-6 * (double)lone.sent[i].message.wait_ns;
  ck_assert_int_eq(counted, QUEUED_TASKS);
  end();
  return (waiting){measured / QUEUED_TASKS, by_hand / QUEUED_TASKS};
}

/* M/D/1: the mean wait is rho/(2 (1 - rho)) service times (Pollaczek and Khinchine). */
START_TEST(waits_are_those_of_queueing_theory) {
  static const double loads[] = {0.3, 0.6, 0.8};
  for (int i = 0; i < 3; i++) {
    const double rho = loads[i];
    const waiting w = wait_in_line(1, rho);
    ck_assert_double_eq_tol(w.mean_ms, w.mean_by_hand_ms, 1e-6);
    ck_assert_double_eq_tol(w.mean_ms, rho / (2 * (1 - rho)), 0.05 * rho / (2 * (1 - rho)));
  }
  for (int cores = 2; cores <= 4; cores++) {
    const waiting w = wait_in_line(cores, 0.8);
    ck_assert_double_gt(w.mean_ms, 0.1);
    ck_assert_double_eq_tol(w.mean_ms, w.mean_by_hand_ms, 1e-6);
  }
}
END_TEST

START_TEST(questions_are_answered_by_state) {
  begin(ISCC_CHARGE_ALL);
  const iscc_message *reply = ask(0, 4, 1); /* nothing known */
  ck_assert_int_eq(reply->kind, ISCC_MESSAGE_MISSING);
  ck_assert_int_eq(reply->fragments, 0);
  ck_assert_uint_eq(reply->round, 1);
  give_fragment(0, 4, 1);
  reply = ask(0, 4, 2);
  ck_assert_int_eq(reply->kind, ISCC_MESSAGE_MISSING);
  ck_assert_int_eq(reply->fragments, 3);
  ck_assert_uint_eq(reply->body[0], 0xa0); /* the first and the third */
  ck_assert_ptr_null(ask(0, 3, 1));        /* of an earlier task */
  give_all(1, 8);
  give_all(0, 4);
  iscc_fake_run_until(lone.world, 250000);
  reply = ask(1, 8, 3); /* in service */
  ck_assert_int_eq(reply->kind, ISCC_MESSAGE_BUSY);
  ck_assert_int_eq(reply->busy_ns, 750000);
  reply = ask(0, 4, 4); /* waiting */
  ck_assert_int_eq(reply->kind, ISCC_MESSAGE_BUSY);
  ck_assert_int_eq(reply->busy_ns, 1750000);
  iscc_fake_run_until(lone.world, 5000000);
  reply = ask(0, 4, 5);
  ck_assert_int_eq(reply->kind, ISCC_MESSAGE_ANSWER);
  ck_assert_int_eq(reply->wait_ns, 1000000);
  end();
}
END_TEST

START_TEST(newer_task_takes_the_place_of_a_given_up_one) {
  begin(ISCC_CHARGE_ALL);
  give_all(1, 1);
  give_all(0, 1);         /* waits */
  give_fragment(0, 2, 0); /* its node has gone on */
  give_all(2, 1);
  give_fragment(0, 1, 1); /* late on its way: of no use */
  give_fragment(0, 2, 1);
  give_fragment(0, 2, 2);
  iscc_fake_run_until(lone.world, 1500000);
  give_all(2, 2); /* while its first one is in service */
  iscc_fake_run_until(lone.world, 9000000);
  ck_assert_int_eq(lone.count, 3);
  assert_answer(0, 1, 1, 1000000, 0);
  assert_answer(1, 0, 2, 3000000, 2000000);
  assert_answer(2, 2, 2, 4000000, 1500000);
  end();
}
END_TEST

START_TEST(task_numbers_may_wrap_around) {
  begin(ISCC_CHARGE_ALL);
  give_all(0, UINT32_MAX);
  iscc_fake_run_until(lone.world, 2000000);
  give_all(0, 0);
  iscc_fake_run_until(lone.world, 4000000);
  ck_assert_int_eq(lone.count, 2);
  ck_assert_uint_eq(lone.sent[1].message.task, 0);
  end();
}
END_TEST

START_TEST(what_does_not_fit_the_network_is_malformed) {
  begin(ISCC_CHARGE_ALL);
  iscc_message m[7];
  for (int i = 0; i < 7; i++) m[i] = fragment_of(1, 0);
  m[0].split = 11; /* nothing is ever sent of the last layer */
  m[1].split = 200;
  m[2].bits = 1;
  m[3].fragments = 4;
  m[4].bits = 5; /* 38 bytes would be four fragments */
  m[5].chunk_bytes = 13;
  m[5].body_bytes = 13;
  m[5].fragments = 2; /* 30 bytes are three */
  m[6].fragment = 2;  /* the last one has 6 bytes */
  for (int i = 0; i < 7; i++) give(0, &m[i]);
  ck_assert_uint_eq(iscc_server_malformed(lone.server), 7);
  give_fragment(0, 1, 0);
  iscc_message other = fragment_of(1, 1);
  other.chunk_bytes = 15; /* the same task cut otherwise */
  other.fragments = 2;
  other.body_bytes = 15;
  give(0, &other);
  ck_assert_uint_eq(iscc_server_malformed(lone.server), 8);
  iscc_message stray = {.kind = ISCC_MESSAGE_ANSWER, .task = 1};
  give(0, &stray);                                /* not a server's to get */
  iscc_server_on_receive(lone.server, 4, "x", 1); /* no such node */
  iscc_server_on_receive(lone.server, 0, "", 0);
  ck_assert_uint_eq(iscc_server_malformed(lone.server), 11);
  ck_assert_int_eq(lone.count, 0);
  end();
}
END_TEST

/* Random and damaged datagrams: no crash, no answer but to complete tasks, and afterwards it still works. */
START_TEST(damaged_datagrams_do_no_harm) {
  begin(ISCC_CHARGE_ALL);
  iscc_random r;
  iscc_random_seed(&r, 3, 1, 0, ISCC_STREAM_TEST);
  for (int i = 0; i < 100000; i++) {
    uint8_t bytes[256];
    const iscc_message m =
        fragment_of((uint32_t)iscc_random_below(&r, 100), (int)iscc_random_below(&r, FRAGMENTS));
    const size_t n = iscc_wire_encode(&m, bytes, sizeof bytes);
    for (uint64_t k = iscc_random_below(&r, 4); k > 0; k--)
      bytes[iscc_random_below(&r, n)] = (uint8_t)iscc_random_below(&r, 256);
    const size_t cut = iscc_random_below(&r, 4) ? n : iscc_random_below(&r, n);
    uint8_t *exact = malloc(cut ? cut : 1);
    memcpy(exact, bytes, cut);
    iscc_server_on_receive(lone.server, (uint32_t)iscc_random_below(&r, 5), exact, cut);
    free(exact);
    if (i % 10 == 0) iscc_fake_run_until(lone.world, iscc_fake_now_ns(lone.world) + 5000000);
    lone.count = 0;
  }
  ck_assert_uint_gt(iscc_server_malformed(lone.server), 1000);
  iscc_fake_run_until(lone.world, iscc_fake_now_ns(lone.world) + 100000000);
  lone.count = 0;
  for (uint32_t peer = 0; peer < 4; peer++) give_all(peer, 0x40000000);
  iscc_fake_run_until(lone.world, iscc_fake_now_ns(lone.world) + 100000000);
  ck_assert_int_eq(lone.count, 4);
  end();
}
END_TEST

START_TEST(impossible_servers_are_refused) {
  iscc_fake_world *world = iscc_fake_world_create(1);
  iscc_model *model = iscc_fake_model_create();
  const iscc_host host = iscc_fake_server_host(world);
  const iscc_server_settings wrong[] = {
      {.speed_flops = 0.0, .node_max = 1},
      {.speed_flops = (double)NAN, .node_max = 1},
      {.speed_flops = 1e9, .node_max = 0},
      {.speed_flops = 1e9, .node_max = 1, .cores = -1},
      {.speed_flops = 1e9, .node_max = 1, .cores = ISCC_SERVER_CORES_MAX + 1},
      {.speed_flops = 1e9, .node_max = 1, .queue = (iscc_queue_discipline)2},
      {.speed_flops = 1e9, .node_max = 1, .charge = (iscc_charge)5},
      {.speed_flops = 1e9, .node_max = 1, .inference = (iscc_inference_mode)5}};
  for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
    iscc_server *server;
    ck_assert_int_eq(iscc_server_create(&host, &wrong[i], model, &server, NULL), ISCC_EINVAL);
    ck_assert_ptr_null(server);
  }
  iscc_model_destroy(model);
  iscc_fake_world_destroy(world);
}
END_TEST

Suite *iscc_suite_server(void);
Suite *iscc_suite_server(void) {
  Suite *s = suite_create("node: server");
  TCase *t = tcase_create("server");
  tcase_set_timeout(t, 60);
  tcase_add_test(t, tasks_of_several_nodes_are_served_in_order);
  tcase_add_test(t, answers_are_free_when_the_payload_alone_counts);
  tcase_add_test(t, repetitions_are_served_once);
  tcase_add_test(t, the_earliest_deadline_is_next_and_nothing_is_stopped);
  tcase_add_test(t, cores_compute_side_by_side);
  tcase_add_test(t, a_given_up_task_keeps_its_core);
  tcase_add_test(t, waits_are_those_of_queueing_theory);
  tcase_add_test(t, questions_are_answered_by_state);
  tcase_add_test(t, newer_task_takes_the_place_of_a_given_up_one);
  tcase_add_test(t, task_numbers_may_wrap_around);
  tcase_add_test(t, what_does_not_fit_the_network_is_malformed);
  tcase_add_test(t, damaged_datagrams_do_no_harm);
  tcase_add_test(t, impossible_servers_are_refused);
  suite_add_tcase(s, t);
  return s;
}
