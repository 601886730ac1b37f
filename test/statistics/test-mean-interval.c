/* SPDX-License-Identifier: GPL-2.0-only */
#include <check.h>
#include <math.h>

#include "iscc-mean-interval.h"
#include "iscc-random.h"

/* t of 0.975 is 3.182446 at 3 degrees of freedom, 12.706205 at 1 (tables). */
START_TEST(intervals_by_hand) {
  const iscc_mean_interval four = iscc_mean_interval_of((const double[]){1, 2, 3, 4}, 4);
  ck_assert_double_eq_tol(four.value, 2.5, 1e-12);
  ck_assert_double_eq_tol(four.half_width, 3.182446 * sqrt(5.0 / 12), 1e-6);
  const iscc_mean_interval two = iscc_mean_interval_of((const double[]){-1, 1}, 2);
  ck_assert_double_eq_tol(two.half_width, 12.706205, 1e-6);
  ck_assert_double_eq(iscc_mean_interval_of((const double[]){7, 7, 7}, 3).half_width, 0);
}
END_TEST

START_TEST(one_value_has_no_interval) {
  const double value = 3;
  ck_assert_double_eq(iscc_mean_interval_of(&value, 1).value, 3);
  ck_assert_double_nan(iscc_mean_interval_of(&value, 1).half_width);
  ck_assert_double_nan(iscc_mean_interval_of(&value, 0).value);
  ck_assert_double_nan(iscc_jackknife_interval(3, &value, 1).half_width);
}
END_TEST

/* Tables of Student's t: confidence, degrees of freedom, t. */
static const struct {
  double confidence;
  size_t n;
  double t;
} table[] = {{0.5, 2, 1},          {0.9, 2, 6.313752},  {0.9, 10, 1.833113},   {0.95, 6, 2.570582},
             {0.95, 31, 2.042272}, {0.99, 5, 4.604095}, {0.99, 101, 2.625891}, {0.999, 11, 4.586894}};

START_TEST(quantiles_of_any_confidence_are_those_of_tables) {
  ck_assert_double_eq_tol(iscc_mean_interval_quantile(table[_i].n, table[_i].confidence), table[_i].t, 2e-6);
}
END_TEST

START_TEST(wider_by_confidence_around_the_same_mean) {
  const double x[] = {3, 1, 4, 1.5, 9, 2.6};
  const iscc_mean_interval usual = iscc_mean_interval_of(x, 6), same = iscc_mean_interval_at(x, 6, 0.95),
                           wide = iscc_mean_interval_at(x, 6, 0.99);
  ck_assert_double_eq(usual.half_width, same.half_width);
  ck_assert_double_eq(usual.value, wide.value);
  ck_assert_double_eq_tol(wide.half_width / usual.half_width, 4.032143 / 2.570582, 1e-6);
}
END_TEST

START_TEST(no_confidence_at_the_ends_of_its_range) {
  const double x[] = {3, 1, 4}, wrong[] = {0, 1, -0.5, 95, NAN};
  ck_assert_double_nan(iscc_mean_interval_at(x, 3, wrong[_i]).half_width);
  ck_assert_double_eq_tol(iscc_mean_interval_at(x, 3, wrong[_i]).value, 8.0 / 3, 1e-12);
}
END_TEST

/* Leaving out one value at a time gives the mean its own interval. */
START_TEST(jackknife_of_a_mean_is_the_means_interval) {
  const double x[] = {3, 1, 4, 1.5, 9, 2.6};
  double without[6], sum = 0;
  for (int i = 0; i < 6; i++) sum += x[i];
  for (int i = 0; i < 6; i++) without[i] = (sum - x[i]) / 5;
  const iscc_mean_interval mean = iscc_mean_interval_of(x, 6);
  const iscc_mean_interval jackknife = iscc_jackknife_interval(sum / 6, without, 6);
  ck_assert_double_eq_tol(jackknife.value, mean.value, 1e-12);
  ck_assert_double_eq_tol(jackknife.half_width, mean.half_width, 1e-12);
}
END_TEST

/* Of 2000 intervals of 10 normal values, about 95 % hold the mean: 1900 +- 3 standard deviations of 9.7. */
START_TEST(intervals_hold_as_often_as_they_say) {
  iscc_random r;
  iscc_random_seed(&r, 5, 0, 0, ISCC_STREAM_TEST);
  int held = 0;
  for (int k = 0; k < 2000; k++) {
    double x[10];
    for (int i = 0; i < 10; i++) x[i] = 2 + 3 * iscc_random_normal(&r);
    const iscc_mean_interval m = iscc_mean_interval_of(x, 10);
    held += fabs(m.value - 2) <= m.half_width;
  }
  ck_assert_int_ge(held, 1870);
  ck_assert_int_le(held, 1930);
}
END_TEST

Suite *iscc_suite_mean_interval(void);
Suite *iscc_suite_mean_interval(void) {
  Suite *s = suite_create("helper: mean interval");
  TCase *t = tcase_create("mean interval");
  tcase_add_test(t, intervals_by_hand);
  tcase_add_test(t, one_value_has_no_interval);
  tcase_add_loop_test(t, quantiles_of_any_confidence_are_those_of_tables, 0, sizeof table / sizeof *table);
  tcase_add_test(t, wider_by_confidence_around_the_same_mean);
  tcase_add_loop_test(t, no_confidence_at_the_ends_of_its_range, 0, 5);
  tcase_add_test(t, jackknife_of_a_mean_is_the_means_interval);
  tcase_add_test(t, intervals_hold_as_often_as_they_say);
  suite_add_tcase(s, t);
  return s;
}
