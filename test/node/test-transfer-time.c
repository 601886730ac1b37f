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
    iscc_transfer_time_add(&t, 0.1, 0.1 * ratios[i]);
    ck_assert_double_eq_tol(iscc_transfer_time_factor(&t), expected[i], 1e-12);
  }
  iscc_transfer_time_add(&t, 0.1, 0.1); /* k = 6 of 6, then 6 of 7: the largest but one */
  iscc_transfer_time_add(&t, 0.1, 0.1);
  ck_assert_double_eq_tol(iscc_transfer_time_factor(&t), 4, 1e-12);
}
END_TEST

START_TEST(plans_never_count_with_less_than_the_model) {
  iscc_transfer_time_begin(&t, 0.5);
  for (int i = 0; i < 10; i++) iscc_transfer_time_add(&t, 1, 0.25);
  ck_assert(iscc_transfer_time_factor(&t) == 1);
  iscc_transfer_time_begin(&t, 0);
  for (int i = 0; i < 10; i++) iscc_transfer_time_add(&t, 1, 9);
  ck_assert(iscc_transfer_time_factor(&t) == 1);
}
END_TEST

START_TEST(rounding_and_nonsense_do_not_count) {
  iscc_transfer_time_begin(&t, 0.9);
  iscc_transfer_time_add(&t, 2e-4, 2e-4 + 9e-7);
  ck_assert(iscc_transfer_time_factor(&t) == 1);
  iscc_transfer_time_add(&t, 0, 1);
  iscc_transfer_time_add(&t, 1, (double)NAN);
  ck_assert_int_eq(t.count, 1);
}
END_TEST

static int by_size(const void *a, const void *b) {
  const double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

/* The ring beside a list that is sorted anew each time; a task without a transfer takes the oldest away. */
START_TEST(it_is_the_window_sorted) {
  iscc_random r;
  iscc_random_seed(&r, 2, 0, 0, ISCC_STREAM_TEST);
  static double all[20000];
  int first = 0, count = 0;
  iscc_transfer_time_begin(&t, 0.95);
  for (int i = 0; i < 20000; i++) {
    if (iscc_random_below(&r, 5) == 0 && count > first) {
      first++;
      iscc_transfer_time_skip(&t);
    } else {
      all[count] = 1 + iscc_random_exponential(&r);
      iscc_transfer_time_add(&t, 1, all[count++]);
      if (count - first > ISCC_TRANSFER_TIMES) first++;
    }
    double sorted[ISCC_TRANSFER_TIMES];
    const int n = count - first, k = (int)ceil(0.95 * (n + 1));
    memcpy(sorted, all + first, (size_t)n * sizeof *sorted);
    qsort(sorted, (size_t)n, sizeof *sorted, by_size);
    ck_assert_int_eq(t.count, n);
    ck_assert(iscc_transfer_time_factor(&t) == (n ? sorted[k <= n ? k - 1 : n - 1] : 1));
  }
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
      const double next = 1 + iscc_random_exponential(&r);
      below += next <= iscc_transfer_time_factor(&t);
      iscc_transfer_time_add(&t, 1, next);
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
  tcase_add_test(c, plans_never_count_with_less_than_the_model);
  tcase_add_test(c, rounding_and_nonsense_do_not_count);
  tcase_add_test(c, it_is_the_window_sorted);
  tcase_add_test(c, the_next_is_below_as_often_as_it_says);
  suite_add_tcase(s, c);
  return s;
}
