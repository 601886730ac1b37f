/* SPDX-License-Identifier: GPL-2.0-only */
#include <check.h>
#include <stdatomic.h>
#include <string.h>
#include <time.h>

#include "iscc-parallel.h"

enum { PIECES = 200 };

typedef struct {
  atomic_int runs[PIECES], at_work[ISCC_THREADS_MAX], overlaps, highest_worker;
  size_t failing; /* first index that fails */
  bool slow;
  int calls;
  size_t last_done;
  bool stop;
} counts;

static iscc_status count(void *ctx, int worker, size_t index, iscc_error *error) {
  counts *c = ctx;
  atomic_fetch_add(&c->runs[index], 1);
  if (atomic_fetch_add(&c->at_work[worker], 1) != 0) atomic_fetch_add(&c->overlaps, 1);
  if (worker > atomic_load(&c->highest_worker)) atomic_store(&c->highest_worker, worker);
  if (c->slow || index == c->failing) nanosleep(&(struct timespec){.tv_nsec = 2000000}, NULL);
  atomic_fetch_sub(&c->at_work[worker], 1);
  if (index >= c->failing) return iscc_fail(error, ISCC_EIO, "piece %zu", index);
  return ISCC_OK;
}

static bool watch(void *ctx, size_t done) {
  counts *c = ctx;
  ck_assert_uint_ge(done, c->last_done);
  c->last_done = done;
  c->calls++;
  return !c->stop;
}

START_TEST(every_piece_runs_once_on_any_number_of_threads) {
  const int threads[] = {1, 2, 3, 250};
  for (int with_progress = 0; with_progress < 2; with_progress++) {
    counts c = {.failing = PIECES};
    ck_assert_int_eq(iscc_parallel_for(threads[_i], PIECES, count, with_progress ? watch : NULL, &c, NULL),
                     ISCC_OK);
    for (int i = 0; i < PIECES; i++) ck_assert_int_eq(atomic_load(&c.runs[i]), 1);
    ck_assert_int_eq(atomic_load(&c.overlaps), 0);
    ck_assert_int_lt(atomic_load(&c.highest_worker), threads[_i]);
    if (with_progress) ck_assert_uint_eq(c.last_done, PIECES);
  }
}
END_TEST

START_TEST(no_pieces_are_fine) {
  counts c = {.failing = PIECES};
  ck_assert_int_eq(iscc_parallel_for(2, 0, count, NULL, &c, NULL), ISCC_OK);
  ck_assert_int_eq(iscc_parallel_for(2, 0, count, watch, &c, NULL), ISCC_OK);
}
END_TEST

START_TEST(the_first_failing_piece_is_told_and_the_rest_left) {
  const int threads[] = {1, 4};
  counts c = {.failing = 20};
  iscc_error error = {.text = ""};
  ck_assert_int_eq(iscc_parallel_for(threads[_i], PIECES, count, NULL, &c, &error), ISCC_EIO);
  ck_assert_str_eq(error.text, "piece 20");
  ck_assert_int_eq(atomic_load(&c.runs[PIECES - 1]), 0);
}
END_TEST

START_TEST(progress_can_end_the_run) {
  counts c = {.failing = PIECES, .slow = true, .stop = true};
  ck_assert_int_eq(iscc_parallel_for(2, PIECES, count, watch, &c, NULL), ISCC_EINTR);
  ck_assert_int_ge(c.calls, 1);
  ck_assert_int_eq(atomic_load(&c.runs[PIECES - 1]), 0);
}
END_TEST

START_TEST(thread_counts_are_checked) {
  counts c = {.failing = PIECES};
  ck_assert_int_eq(iscc_parallel_for(0, 1, count, NULL, &c, NULL), ISCC_EINVAL);
  ck_assert_int_eq(iscc_parallel_for(ISCC_THREADS_MAX + 1, 1, count, NULL, &c, NULL), ISCC_EINVAL);
  ck_assert_int_eq(iscc_parallel_threads(3), 3);
  ck_assert_int_eq(iscc_parallel_threads(1000000), ISCC_THREADS_MAX);
  ck_assert_int_ge(iscc_parallel_threads(0), 1);
}
END_TEST

Suite *iscc_suite_parallel(void);
Suite *iscc_suite_parallel(void) {
  Suite *s = suite_create("base: parallel");
  TCase *t = tcase_create("parallel");
  tcase_add_loop_test(t, every_piece_runs_once_on_any_number_of_threads, 0, 4);
  tcase_add_test(t, no_pieces_are_fine);
  tcase_add_loop_test(t, the_first_failing_piece_is_told_and_the_rest_left, 0, 2);
  tcase_add_test(t, progress_can_end_the_run);
  tcase_add_test(t, thread_counts_are_checked);
  suite_add_tcase(s, t);
  return s;
}
