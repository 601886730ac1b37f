/* SPDX-License-Identifier: GPL-2.0-only */
#include <check.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "iscc-random.h"
#include "iscc-transfer-time.h"

static iscc_transfer_time t;

START_TEST(the_factor_is_an_upper_order_statistic) {
  iscc_transfer_time_begin(&t, 0.75);
  ck_assert(iscc_transfer_time_factor(&t) == 1);
  static const double ratios[] = {3, 1.5, 5, 2, 4};
  /* k = ceil(0.75 (n + 1)): 2, 3, 3, 4, 5 of 1, 2, 3, 4, 5 */
  static const double expected[] = {3, 3, 5, 5, 5};
  for (int i = 0; i < 5; i++) {
    iscc_transfer_time_add(&t, 0.1, 0.1 * ratios[i], 0);
    ck_assert_double_eq_tol(iscc_transfer_time_factor(&t), expected[i], 1e-12);
  }
  iscc_transfer_time_add(&t, 0.1, 0.1, 0); /* k = 6 of 6, then 6 of 7: the largest but one */
  iscc_transfer_time_add(&t, 0.1, 0.1, 0);
  ck_assert_double_eq_tol(iscc_transfer_time_factor(&t), 4, 1e-12);
}
END_TEST

/* A model that is too slow is found out, once there are enough ratios for the quantile; 0: the model alone. */
START_TEST(the_factor_may_be_below_one) {
  iscc_transfer_time_begin(&t, 0.75);
  for (int n = 1; n <= 3; n++) {
    iscc_transfer_time_add(&t, 1, 0.25, 0);
    ck_assert(iscc_transfer_time_factor(&t) == (n < 3 ? 1 : 0.25)); /* 3 of 3 is 0.75 of 4 */
  }
  iscc_transfer_time_begin(&t, 0);
  for (int i = 0; i < 10; i++) iscc_transfer_time_add(&t, 1, 9, 0);
  ck_assert(iscc_transfer_time_factor(&t) == 1);
}
END_TEST

START_TEST(rounding_and_nonsense_do_not_count) {
  iscc_transfer_time_begin(&t, 0.5);
  iscc_transfer_time_add(&t, 2e-4, 2e-4 + 9e-9, 1e-8);
  ck_assert(iscc_transfer_time_factor(&t) == 1);
  iscc_transfer_time_add(&t, 0, 5e-9, 1e-8); /* nothing modelled, nothing but rounding */
  ck_assert_int_eq(t.count, 2);
  ck_assert(iscc_transfer_time_factor(&t) == 1);
  iscc_transfer_time_add(&t, 0, 1, 1e-8);
  iscc_transfer_time_add(&t, 1, 0, 1e-8);
  iscc_transfer_time_add(&t, 1, (double)NAN, 1e-8);
  ck_assert_int_eq(t.count, 2);
}
END_TEST

/* Tasks in a row without a transfer: the first few change nothing, each further one lowers the rank, down to less than
 * any ratio but never above the model; transfers that hold raise it by an eighth, others by one. No ratio is forgotten. */
START_TEST(a_node_that_transfers_nothing_asks_for_less) {
  iscc_transfer_time_begin(&t, 0.8);
  for (int i = 1; i <= 9; i++) iscc_transfer_time_add(&t, 1, 1 + i, 0); /* k = 8 */
  for (int i = 0; i <= ISCC_TRANSFER_PATIENCE; i++) {
    ck_assert(iscc_transfer_time_factor(&t) == 9);
    if (i < ISCC_TRANSFER_PATIENCE) iscc_transfer_time_skip(&t);
  }
  for (int k = 7; k >= -3; k--) {
    iscc_transfer_time_skip(&t);
    ck_assert(iscc_transfer_time_factor(&t) == (k > 0 ? 1 + k : 1));
  }
  ck_assert_int_eq(t.count, 9);
  iscc_transfer_time_add(&t, 1, 2, 0); /* k = 9 of 10 without the eight it was lowered by, and one back */
  ck_assert(iscc_transfer_time_factor(&t) == 2);
  iscc_transfer_time_skip(&t); /* in a row once more */
  ck_assert(iscc_transfer_time_factor(&t) == 2);
  for (int i = 0; i < 6; i++) iscc_transfer_time_add(&t, 1, 2, 0);
  ck_assert(iscc_transfer_time_factor(&t) ==
            2); /* k = 14 of 16 without 6.25, which is 7 whole ranks: eight times 2 */
  iscc_transfer_time_add(&t, 1, 11, 0);
  ck_assert(iscc_transfer_time_factor(&t) == 3); /* k = 15 of 17 without 5.25 */
  for (int i = 0; i < 6; i++) iscc_transfer_time_add(&t, 1, 11, 0);
  ck_assert(iscc_transfer_time_factor(&t) == 11); /* k = 20 of 23: nothing is lowered any more */
}
END_TEST

START_TEST(a_model_too_slow_for_the_first_is_not_asked_for_more) {
  iscc_transfer_time_begin(&t, 0.5);
  iscc_transfer_time_add(&t, 1, 0.5, 0);
  for (int i = 0; i < 10; i++) iscc_transfer_time_skip(&t);
  ck_assert(iscc_transfer_time_factor(&t) == 0.5);
}
END_TEST

static int by_size(const void *a, const void *b) {
  const double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

typedef struct { /* the same by a list that is sorted anew each time */
  double all[20000];
  int count, skipped;
  double lowered;
} plain_list;

static double factor_by_list(const plain_list *l, double q) {
  double sorted[ISCC_TRANSFER_TIMES];
  const int n = l->count < ISCC_TRANSFER_TIMES ? l->count : ISCC_TRANSFER_TIMES, k = (int)ceil(q * (n + 1));
  if (n == 0) return 1;
  memcpy(sorted, l->all + l->count - n, (size_t)n * sizeof *sorted);
  qsort(sorted, (size_t)n, sizeof *sorted, by_size);
  if (k > n && l->lowered == 0) return fmax(1, sorted[n - 1]);
  const int place = (k < n ? k : n) - (int)ceil(l->lowered);
  return place > 0 ? sorted[place - 1] : fmin(1, sorted[0]);
}

START_TEST(it_is_the_window_sorted) {
  static plain_list l;
  const double q = _i ? 0.5 : 0.95;
  iscc_random r;
  iscc_random_seed(&r, 2, 0, 0, ISCC_STREAM_TEST);
  l = (plain_list){.count = 0};
  iscc_transfer_time_begin(&t, q);
  int lowered = 0;
  for (int i = 0; i < 20000; i++) {
    const double next = iscc_random_exponential(&r), before = factor_by_list(&l, q);
    l.skipped = 0;
    l.lowered = fmax(0, l.lowered - (next <= before ? 0.125 : 1));
    l.all[l.count++] = next;
    iscc_transfer_time_add(&t, 1, next, 0);
    for (int k = (int)iscc_random_below(&r, ISCC_TRANSFER_PATIENCE + 3); k > 0; k--) {
      if (l.skipped++ >= ISCC_TRANSFER_PATIENCE) {
        const int n = l.count < ISCC_TRANSFER_TIMES ? l.count : ISCC_TRANSFER_TIMES;
        if (l.lowered < fmin(n, ceil(q * (n + 1)))) l.lowered++;
      }
      iscc_transfer_time_skip(&t);
    }
    lowered += l.lowered > 0;
    ck_assert(iscc_transfer_time_factor(&t) == factor_by_list(&l, q));
  }
  ck_assert_int_gt(lowered, 1000);
  ck_assert_int_lt(lowered, 20000);
}
END_TEST

/* The next ratio is below the factor as often as the quantile says. */
START_TEST(the_next_is_below_as_often_as_it_says) {
  static const double quantiles[] = {0.5, 0.8, 0.95};
  iscc_random r;
  iscc_random_seed(&r, 3, 0, 0, ISCC_STREAM_TEST);
  for (int i = 0; i < 3; i++) {
    int below = 0;
    iscc_transfer_time_begin(&t, quantiles[i]);
    for (int k = 0; k < 20000; k++) {
      const double next = 0.3 + iscc_random_exponential(&r);
      below += next <= iscc_transfer_time_factor(&t);
      iscc_transfer_time_add(&t, 1, next, 0);
    }
    ck_assert_double_ge(below / 20000.0, quantiles[i] - 0.01);
    ck_assert_double_le(below / 20000.0, quantiles[i] + 0.03);
  }
}
END_TEST

Suite *iscc_suite_transfer_time(void);
Suite *iscc_suite_transfer_time(void) {
  Suite *s = suite_create("node: transfer time");
  TCase *c = tcase_create("transfer time");
  tcase_add_test(c, the_factor_is_an_upper_order_statistic);
  tcase_add_test(c, the_factor_may_be_below_one);
  tcase_add_test(c, rounding_and_nonsense_do_not_count);
  tcase_add_test(c, a_node_that_transfers_nothing_asks_for_less);
  tcase_add_test(c, a_model_too_slow_for_the_first_is_not_asked_for_more);
  tcase_add_loop_test(c, it_is_the_window_sorted, 0, 2);
  tcase_add_test(c, the_next_is_below_as_often_as_it_says);
  suite_add_tcase(s, c);
  return s;
}
