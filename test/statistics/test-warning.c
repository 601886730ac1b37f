/* SPDX-License-Identifier: GPL-2.0-only */
/* Skewness by hand, the warnings at their limits, and how often they are raised. */
#include <check.h>
#include <math.h>
#include <string.h>

#include "iscc-skewness.h"
#include "iscc-study.h"
#include "iscc-warning.h"

/* 0 0 3: m2 = 2, m3 = 2, G = sqrt(6)/1 2/2^1.5 = sqrt(3). 1 2 3 10: m2 = 12.5, m3 = 45. */
START_TEST(skewness_by_hand) {
  ck_assert_double_eq_tol(iscc_skewness_of((const double[]){0, 0, 3}, 3), sqrt(3), 1e-12);
  ck_assert_double_eq_tol(iscc_skewness_of((const double[]){1, 2, 3, 10}, 4),
                          sqrt(12) / 2 * 45 / pow(12.5, 1.5), 1e-12);
  ck_assert_double_eq_tol(iscc_skewness_of((const double[]){-1, -2, -3, -10}, 4),
                          -sqrt(12) / 2 * 45 / pow(12.5, 1.5), 1e-12);
  ck_assert_double_eq_tol(iscc_skewness_of((const double[]){-1, 0, 1}, 3), 0, 1e-12);
}
END_TEST

START_TEST(no_skewness_to_speak_of) {
  ck_assert_double_nan(iscc_skewness_of((const double[]){1, 2}, 2));
  ck_assert_double_nan(iscc_skewness_of((const double[]){0.1, 0.1, 0.1}, 3));
  ck_assert_double_nan(iscc_skewness_of((const double[]){1, NAN, 3}, 3));
}
END_TEST

/* n - 1 zeros and a one: G = sqrt(n), the most there is. */
START_TEST(few_then_skewed_then_enough) {
  double values[3000] = {1};
  for (size_t n = 0; n < 5; n++) ck_assert_int_eq(iscc_warning_of(values, n), ISCC_WARNING_FEW);
  ck_assert_int_eq(iscc_warning_of(values, 5), ISCC_WARNING_SKEWED);
  ck_assert_int_eq(iscc_warning_of(values, 3000), ISCC_WARNING_SKEWED);
  for (int i = 0; i < 3000; i += 2) values[i] = 1; /* as many ones as zeros */
  ck_assert_int_eq(iscc_warning_of(values, 3000), ISCC_WARNING_NONE);
  ck_assert_int_eq(iscc_warning_of(values, 6), ISCC_WARNING_NONE);
}
END_TEST

/* A share of 1 in 8 is skewed by 2.3: 25 G^2 = 132 values are enough; of 1 in 3, by 0.7, which is little. */
START_TEST(enough_is_by_cochrans_rule) {
  double values[400], third[400];
  for (int i = 0; i < 400; i++) values[i] = i % 8 == 0, third[i] = i % 3 == 0;
  ck_assert_int_eq(iscc_warning_of(values, 120), ISCC_WARNING_SKEWED);
  ck_assert_int_eq(iscc_warning_of(values, 144), ISCC_WARNING_NONE);
  for (int i = 0; i < 400; i++) values[i] = -values[i];
  ck_assert_int_eq(iscc_warning_of(values, 120), ISCC_WARNING_SKEWED);
  ck_assert_int_eq(iscc_warning_of(third, 9), ISCC_WARNING_NONE);
}
END_TEST

START_TEST(equal_values_are_few_or_fine) {
  const double values[] = {2, 2, 2, 2, 2};
  ck_assert_int_eq(iscc_warning_of(values, 4), ISCC_WARNING_FEW);
  ck_assert_int_eq(iscc_warning_of(values, 5), ISCC_WARNING_NONE);
}
END_TEST

START_TEST(not_finite_comes_first) {
  ck_assert_int_eq(iscc_warning_of((const double[]){1, NAN}, 2), ISCC_WARNING_NOT_FINITE);
  ck_assert_int_eq(iscc_warning_of((const double[]){1, 2, 3, 4, 5, -INFINITY}, 6), ISCC_WARNING_NOT_FINITE);
}
END_TEST

START_TEST(texts) {
  ck_assert_str_eq(iscc_warning_text(ISCC_WARNING_NONE), "");
  ck_assert_str_eq(iscc_warning_text(ISCC_WARNING_FEW), "fewer than 5 values");
  ck_assert_ptr_nonnull(strstr(iscc_warning_text(ISCC_WARNING_SKEWED), "skewed"));
  ck_assert_ptr_nonnull(strstr(iscc_warning_text(ISCC_WARNING_NOT_FINITE), "finite"));
  ck_assert_str_eq(iscc_warning_text((iscc_warning)99), "unknown warning");
}
END_TEST

/* Of 20000 samples of each kind: one standard deviation is 0.35 % at most. */
static const struct {
  size_t n;
  double normal, lognormal; /* raise it, % */
} often[] = {{5, 11.8, 35}, {10, 3.4, 47}, {30, 0.2, 78}};

START_TEST(raised_as_often_as_the_header_says) {
  enum { SAMPLES = 20000 };
  const size_t n = often[_i].n;
  iscc_random random = iscc_study_stream(20, _i);
  int normal = 0, lognormal = 0;
  for (int k = 0; k < SAMPLES; k++) {
    double values[30];
    iscc_study_normal(&random, 1, 1, values, n);
    normal += iscc_warning_of(values, n) == ISCC_WARNING_SKEWED;
    iscc_study_lognormal(&random, values, n);
    lognormal += iscc_warning_of(values, n) == ISCC_WARNING_SKEWED;
  }
  const double share = iscc_study_percent(normal, SAMPLES),
               share_skewed = iscc_study_percent(lognormal, SAMPLES);
  iscc_study_note("warning, n = %zu: normal %.1f %%, lognormal %.1f %%", n, share, share_skewed);
  ck_assert_double_eq_tol(share, often[_i].normal, 1);
  ck_assert_double_eq_tol(share_skewed, often[_i].lognormal, 1.5);
}
END_TEST

Suite *iscc_suite_warning(void);
Suite *iscc_suite_warning(void) {
  Suite *s = suite_create("helper: warning");
  TCase *t = tcase_create("warning");
  tcase_add_test(t, skewness_by_hand);
  tcase_add_test(t, no_skewness_to_speak_of);
  tcase_add_test(t, few_then_skewed_then_enough);
  tcase_add_test(t, enough_is_by_cochrans_rule);
  tcase_add_test(t, equal_values_are_few_or_fine);
  tcase_add_test(t, not_finite_comes_first);
  tcase_add_test(t, texts);
  tcase_add_loop_test(t, raised_as_often_as_the_header_says, 0, 3);
  suite_add_tcase(s, t);
  return s;
}
