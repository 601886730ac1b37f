/* SPDX-License-Identifier: GPL-2.0-only */
#include <check.h>
#include <float.h>
#include <math.h>

#include "iscc-moments.h"
#include "iscc-random.h"
#include "iscc-skewness.h"

START_TEST(moments_by_hand) {
  const iscc_moments four = iscc_moments_of((const double[]){1, 2, 3, 6}, 4);
  ck_assert_uint_eq(four.count, 4);
  ck_assert_double_eq_tol(four.mean, 3, 1e-15);
  ck_assert_double_eq_tol(iscc_moments_variance(&four), 14.0 / 3, 1e-14);
  ck_assert_double_eq_tol(iscc_moments_error(&four), sqrt(14.0 / 12), 1e-14);
}
END_TEST

START_TEST(too_few_values_have_no_variance) {
  const iscc_moments none = {0}, one = iscc_moments_of((const double[]){5}, 1);
  ck_assert_double_nan(iscc_moments_interval(&none, 0.95).value);
  ck_assert_double_nan(iscc_moments_variance(&none));
  ck_assert_double_eq(iscc_moments_interval(&one, 0.95).value, 5);
  ck_assert_double_nan(iscc_moments_interval(&one, 0.95).half_width);
}
END_TEST

/* 0.1 is no binary fraction: a sum of squares less a square of a sum would leave a rest. */
START_TEST(equal_values_have_no_scatter_at_all) {
  iscc_moments moments = {0};
  for (int i = 0; i < 1000; i++) iscc_moments_add(&moments, 0.1);
  ck_assert_double_eq(moments.scatter, 0);
  ck_assert_double_eq(moments.mean, 0.1);
}
END_TEST

/* Values of spread 1 around 1e9, where squares have lost the spread. */
START_TEST(interval_is_that_of_the_values_at_once) {
  const double around[] = {0, -3, 1e9};
  iscc_random random;
  iscc_random_seed(&random, 8, 0, 0, ISCC_STREAM_TEST);
  iscc_moments moments = {0};
  double values[50];
  for (size_t n = 1; n <= 50; n++) {
    values[n - 1] = around[_i] + iscc_random_normal(&random);
    iscc_moments_add(&moments, values[n - 1]);
    if (n < 2) continue;
    const iscc_mean_interval stepwise = iscc_moments_interval(&moments, 0.9);
    const iscc_mean_interval at_once = iscc_mean_interval_at(values, n, 0.9);
    ck_assert_double_eq_tol(stepwise.value, at_once.value, 1e-15 * (1e2 + 4 * around[2] * (_i == 2)));
    ck_assert_double_eq_tol(stepwise.half_width, at_once.half_width, 1e-6 * at_once.half_width);
  }
}
END_TEST

/* A few units in the last place are none, 40 are some; of differences the values count. */
START_TEST(rounding_is_no_scatter) {
  const double nearly[] = {1, 1 + DBL_EPSILON, 1 - DBL_EPSILON, 1 + 2 * DBL_EPSILON},
               real[] = {1, 1 + 40 * DBL_EPSILON};
  iscc_moments moments = iscc_moments_of(nearly, 4);
  ck_assert(moments.scatter > 0);
  ck_assert_double_eq(iscc_moments_variance(&moments), 0);
  ck_assert_double_eq(iscc_mean_interval_of(nearly, 4).half_width, 0);
  ck_assert_double_nan(iscc_skewness_of(nearly, 4));
  moments = iscc_moments_of(real, 2);
  ck_assert_double_gt(iscc_moments_variance(&moments), 0);
  moments = (iscc_moments){0};
  iscc_moments_add_difference(&moments, 1e6 + 0.1, 1e6);
  iscc_moments_add_difference(&moments, 2e6 + 0.1, 2e6);
  ck_assert_double_eq(iscc_moments_error(&moments), 0);
  moments = (iscc_moments){0};
  iscc_moments_add_difference(&moments, 0.1 + 1e-9, 0);
  iscc_moments_add_difference(&moments, 0.1, 0);
  ck_assert_double_gt(iscc_moments_error(&moments), 0);
  ck_assert_double_nan(iscc_mean_interval_of((const double[]){1, NAN}, 2).half_width);
}
END_TEST

Suite *iscc_suite_moments(void);
Suite *iscc_suite_moments(void) {
  Suite *s = suite_create("helper: moments");
  TCase *t = tcase_create("moments");
  tcase_add_test(t, moments_by_hand);
  tcase_add_test(t, too_few_values_have_no_variance);
  tcase_add_test(t, equal_values_have_no_scatter_at_all);
  tcase_add_loop_test(t, interval_is_that_of_the_values_at_once, 0, 3);
  tcase_add_test(t, rounding_is_no_scatter);
  suite_add_tcase(s, t);
  return s;
}
