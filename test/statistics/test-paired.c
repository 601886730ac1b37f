/* SPDX-License-Identifier: GPL-2.0-only */
/* Pairs beside a worked example, a search of Fieller's condition, and the t-test it comes from. */
#include <check.h>
#include <math.h>

#include "iscc-mean-interval.h"
#include "iscc-paired.h"
#include "iscc-random.h"

/* Student's own example (Biometrika 6, 1908): hours of sleep gained by ten patients on two drugs; t = 4.0621,
 * p = 0.00283, interval 0.7001 to 2.4599. */
static const double first[] = {1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4};
static const double second[] = {0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0};

START_TEST(students_example) {
  const iscc_paired p = iscc_paired_of(first, second, 10, 0.95);
  ck_assert_uint_eq(p.n, 10);
  ck_assert_double_eq_tol(p.mean_a, 2.33, 1e-12);
  ck_assert_double_eq_tol(p.mean_b, 0.75, 1e-12);
  ck_assert_double_eq_tol(p.difference, 1.58, 1e-12);
  ck_assert_double_eq_tol(p.difference - p.half_width, 0.7001, 1e-4);
  ck_assert_double_eq_tol(p.difference + p.half_width, 2.4599, 1e-4);
  ck_assert_double_eq_tol(p.p_value, 0.00283, 5e-6);
  ck_assert_double_eq_tol(p.relative, 1.58 / 0.75, 1e-12);
  ck_assert(isinf(p.relative_low) && isinf(p.relative_high)); /* the second drug is not told from none */
}
END_TEST

START_TEST(the_other_way_round) {
  const iscc_paired p = iscc_paired_of(first, second, 10, 0.95), q = iscc_paired_of(second, first, 10, 0.95);
  ck_assert_double_eq_tol(p.difference, -q.difference, 1e-12);
  ck_assert_double_eq_tol(p.half_width, q.half_width, 1e-12);
  ck_assert_double_eq_tol(p.p_value, q.p_value, 1e-12);
}
END_TEST

static void draw_pairs(uint64_t run, double mean_a, double mean_b, size_t n, double *a, double *b) {
  iscc_random random;
  iscc_random_seed(&random, 17, run, 0, ISCC_STREAM_TEST);
  for (size_t i = 0; i < n; i++) {
    const double common = iscc_random_normal(&random);
    a[i] = mean_a + common + 0.3 * iscc_random_normal(&random);
    b[i] = mean_b + common + 0.5 * iscc_random_normal(&random);
  }
}

/* Zero within the interval of a_i - (1 + r) b_i: what the interval of the ratio is made of. */
static double surplus(const double *a, const double *b, size_t n, double r, double confidence) {
  double values[20];
  for (size_t i = 0; i < n; i++) values[i] = a[i] - (1 + r) * b[i];
  const iscc_mean_interval m = iscc_mean_interval_at(values, n, confidence);
  return fabs(m.value) - m.half_width;
}

/* On both bounds the t-test is at its edge, just within them it passes, just outside it does not. */
START_TEST(bounds_are_where_the_test_of_the_ratio_turns) {
  const double confidence = (const double[]){0.8, 0.95, 0.99}[_i % 3], side = _i % 2 ? -1 : 1;
  double a[20], b[20];
  draw_pairs((uint64_t)_i, 8 * side, 6 * side, 20, a, b);
  const iscc_paired p = iscc_paired_of(a, b, 20, confidence);
  ck_assert(p.relative_low < p.relative && p.relative < p.relative_high);
  ck_assert_double_eq_tol(surplus(a, b, 20, p.relative_low, confidence), 0, 1e-9);
  ck_assert_double_eq_tol(surplus(a, b, 20, p.relative_high, confidence), 0, 1e-9);
  ck_assert_double_lt(surplus(a, b, 20, p.relative_low + 1e-3, confidence), -1e-6);
  ck_assert_double_gt(surplus(a, b, 20, p.relative_high + 1e-3, confidence), 1e-6);
}
END_TEST

/* Difference and ratio say the same of "no difference", pairs near the edge of it included. */
START_TEST(relative_interval_and_p_value_agree) {
  int told = 0;
  for (uint64_t run = 0; run < 500; run++) {
    double a[12], b[12];
    draw_pairs(run, 5.4, 5, 12, a, b);
    const iscc_paired p = iscc_paired_of(a, b, 12, 0.95);
    const int apart = p.relative_low > 0 || p.relative_high < 0;
    ck_assert_int_eq(apart, p.p_value < 0.05);
    ck_assert_int_eq(apart, fabs(p.difference) > p.half_width);
    told += apart;
  }
  ck_assert(told > 100 && told < 400); /* both answers are met */
}
END_TEST

START_TEST(what_all_pairs_share_cancels) {
  const double a[] = {1003, 12, 507, -96}, b[] = {1000, 9, 504, -99};
  const iscc_paired p = iscc_paired_of(a, b, 4, 0.95);
  ck_assert_double_eq(p.difference, 3);
  ck_assert_double_eq(p.half_width, 0);
  ck_assert_double_eq(p.p_value, 0);
  const iscc_paired same = iscc_paired_of(a, a, 4, 0.95);
  ck_assert(same.difference == 0 && same.half_width == 0 && same.p_value == 1 && same.relative == 0);
}
END_TEST

/* a is twice b, world by world: the ratio is known exactly, the difference is not. */
START_TEST(a_constant_factor_is_known_exactly) {
  const double a[] = {6, 8, 10, 14}, b[] = {3, 4, 5, 7};
  const iscc_paired p = iscc_paired_of(a, b, 4, 0.95);
  ck_assert_double_gt(p.half_width, 1);
  ck_assert_double_eq_tol(p.relative, 1, 1e-12);
  ck_assert_double_eq_tol(p.relative_low, 1, 1e-12);
  ck_assert_double_eq_tol(p.relative_high, 1, 1e-12);
}
END_TEST

START_TEST(too_few_pairs_and_wrong_values) {
  const double a[] = {2, 3, NAN}, b[] = {1, 1, 1};
  const iscc_paired none = iscc_paired_of(a, b, 0, 0.95), one = iscc_paired_of(a, b, 1, 0.95);
  ck_assert(isnan(none.difference) && isnan(none.mean_a) && isnan(none.relative) && isnan(none.p_value));
  ck_assert(one.difference == 1 && one.relative == 1 && isnan(one.half_width) && isnan(one.p_value));
  ck_assert(isnan(one.relative_low) && isnan(one.relative_high));
  const iscc_paired sure = iscc_paired_of(a, b, 2, 1), spoilt = iscc_paired_of(a, b, 3, 0.95);
  ck_assert(isnan(sure.half_width) && isnan(sure.p_value) && isnan(sure.relative_low));
  ck_assert(isnan(spoilt.difference) && isnan(spoilt.p_value) && isnan(spoilt.relative_low));
}
END_TEST

/* 4.2 less each time, but for the last digits. */
START_TEST(rounding_is_no_difference_of_differences) {
  double a[8], b[8], d[8];
  for (int i = 0; i < 8; i++) b[i] = 10.1 + 3.7 * i, a[i] = b[i] - 4.2;
  const iscc_paired p = iscc_paired_of(a, b, 8, 0.95);
  ck_assert(p.half_width == 0 && p.p_value == 0);
  iscc_paired_differences(a, b, 8, d);
  for (int i = 0; i < 8; i++) ck_assert(d[i] == d[0] && fabs(d[i] + 4.2) < 1e-14);
  for (int i = 0; i < 8; i++) a[i] = b[i] / 3 * 3 + (i % 2 ? 4e-15 : 0); /* and none is none */
  const iscc_paired same = iscc_paired_of(a, b, 8, 0.95);
  ck_assert(same.half_width == 0 && same.p_value == 1 && same.difference == 0);
  a[3] += 1e-9;
  iscc_paired_differences(a, b, 8, a);
  ck_assert_double_eq_tol(a[3], 1e-9, 1e-13);
}
END_TEST

Suite *iscc_suite_paired(void);
Suite *iscc_suite_paired(void) {
  Suite *s = suite_create("helper: paired");
  TCase *t = tcase_create("paired");
  tcase_add_test(t, students_example);
  tcase_add_test(t, the_other_way_round);
  tcase_add_loop_test(t, bounds_are_where_the_test_of_the_ratio_turns, 0, 6);
  tcase_add_test(t, relative_interval_and_p_value_agree);
  tcase_add_test(t, what_all_pairs_share_cancels);
  tcase_add_test(t, a_constant_factor_is_known_exactly);
  tcase_add_test(t, too_few_pairs_and_wrong_values);
  tcase_add_test(t, rounding_is_no_difference_of_differences);
  suite_add_tcase(s, t);
  return s;
}
