/* SPDX-License-Identifier: GPL-2.0-only */
#include <check.h>
#include <string.h>

#include "iscc-random.h"
#include "iscc-ready-queue.h"

enum { MEMBERS = 40 };

/* The same queue as a list that is searched whole. */
typedef struct {
  int64_t deadline_ns[MEMBERS];
  int turn[MEMBERS]; /* -1: not in it */
  int turns, length;
} plain_queue;

static int plain_next(plain_queue *q, bool by_deadline) {
  int next = ISCC_READY_NOBODY;
  for (int i = 0; i < MEMBERS; i++) {
    if (q->turn[i] < 0) continue;
    if (next == ISCC_READY_NOBODY) {
      next = i;
      continue;
    }
    const bool earlier = q->deadline_ns[i] < q->deadline_ns[next];
    const bool equal = q->deadline_ns[i] == q->deadline_ns[next];
    if (by_deadline && !equal ? earlier : q->turn[i] < q->turn[next]) next = i;
  }
  if (next == ISCC_READY_NOBODY) return next;
  q->turn[next] = -1;
  q->length--;
  return next;
}

START_TEST(it_is_a_list_searched_whole) {
  const bool by_deadline = _i == ISCC_QUEUE_DEADLINE;
  plain_queue plain = {.turns = 0};
  memset(plain.turn, -1, sizeof plain.turn);
  iscc_ready_queue *q;
  iscc_random r;
  iscc_random_seed(&r, 1, 0, 0, ISCC_STREAM_TEST);
  ck_assert_int_eq(iscc_ready_queue_create((iscc_queue_discipline)_i, MEMBERS, &q, NULL), ISCC_OK);
  int taken = 0;
  for (int k = 0; k < 200000; k++) {
    const int member = (int)iscc_random_below(&r, MEMBERS);
    switch (iscc_random_below(&r, 4)) {
    case 0:
    case 1:
      if (plain.turn[member] >= 0) break;
      plain.deadline_ns[member] = (int64_t)iscc_random_below(&r, 30);
      plain.turn[member] = plain.turns++;
      plain.length++;
      iscc_ready_queue_add(q, member, plain.deadline_ns[member]);
      break;
    case 2:
      plain.length -= plain.turn[member] >= 0;
      plain.turn[member] = -1;
      iscc_ready_queue_remove(q, member); /* of one that is not in it, too */
      break;
    default: {
      const int next = plain_next(&plain, by_deadline);
      taken += next != ISCC_READY_NOBODY;
      ck_assert_int_eq(iscc_ready_queue_next(q), next);
    }
    }
    ck_assert_int_eq(iscc_ready_queue_length(q), plain.length);
  }
  ck_assert_int_gt(taken, 10000);
  iscc_ready_queue_destroy(q);
}
END_TEST

START_TEST(impossible_queues_are_refused) {
  iscc_ready_queue *q;
  iscc_error error;
  ck_assert_int_eq(iscc_ready_queue_create((iscc_queue_discipline)2, 3, &q, &error), ISCC_EINVAL);
  ck_assert_str_eq(error.text, "queue: 2 is neither fifo nor deadline");
  ck_assert_int_eq(iscc_ready_queue_create(ISCC_QUEUE_FIFO, 0, &q, &error), ISCC_EINVAL);
  ck_assert_ptr_null(q);
  iscc_ready_queue_destroy(NULL);
}
END_TEST

Suite *iscc_suite_ready_queue(void);
Suite *iscc_suite_ready_queue(void) {
  Suite *s = suite_create("node: ready queue");
  TCase *t = tcase_create("ready queue");
  tcase_add_loop_test(t, it_is_a_list_searched_whole, ISCC_QUEUE_FIFO, ISCC_QUEUE_DEADLINE + 1);
  tcase_add_test(t, impossible_queues_are_refused);
  suite_add_tcase(s, t);
  return s;
}
