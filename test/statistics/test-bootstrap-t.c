/* SPDX-License-Identifier: GPL-2.0-only */
/* Bootstrap-t beside all samples there are of three values, and how often it holds beside Student's t. */
#include <check.h>
#include <math.h>
#include <string.h>

#include "iscc-bootstrap-t.h"
#include "iscc-mean-interval.h"
#include "iscc-study.h"

static iscc_bootstrap_t interval_of(const double *values, size_t n, double confidence, size_t resamples,
                                    iscc_random *random) {
  iscc_bootstrap_t interval;
  iscc_error error = {""};
  ck_assert_msg(!iscc_bootstrap_t_of(values, n, confidence, resamples, random, &interval, &error), "%s",
                error.text);
  return interval;
}

/* 0, 0, 3: mean 1, error 1. Samples have one 3 or two, 12 of 27 and 6 of 27: t* = (1 - 1)/1 = 0 and
 * (2 - 1)/1 = 1, in a proportion of 2 to 1; the rest is drawn again. At 50 %, quarters are cut off. */
START_TEST(three_values_by_hand) {
  const double values[] = {0, 3, 0};
  iscc_random random = iscc_study_stream(10, 0);
  const iscc_bootstrap_t half = interval_of(values, 3, 0.5, 4999, &random);
  ck_assert_double_eq_tol(half.mean, 1, 1e-12);
  ck_assert_double_eq_tol(half.low, 0, 1e-12);
  ck_assert_double_eq_tol(half.high, 1, 1e-12);
  const iscc_bootstrap_t fifth = interval_of(values, 3, 0.2, 4999, &random); /* cuts off 2/5, above 1/3 */
  ck_assert_double_eq_tol(fifth.low, 1, 1e-12);
  ck_assert_double_eq_tol(fifth.high, 1, 1e-12);
}
END_TEST

START_TEST(same_stream_same_interval) {
  double values[12];
  iscc_random random = iscc_study_stream(11, 0);
  iscc_study_lognormal(&random, values, 12);
  iscc_random one = iscc_study_stream(11, 1), same = one, other = iscc_study_stream(11, 2);
  const iscc_bootstrap_t a = interval_of(values, 12, 0.95, 499, &one);
  const iscc_bootstrap_t b = interval_of(values, 12, 0.95, 499, &same);
  const iscc_bootstrap_t c = interval_of(values, 12, 0.95, 499, &other);
  ck_assert(a.low == b.low && a.high == b.high && a.mean == b.mean);
  ck_assert(a.low != c.low && a.high != c.high);
  ck_assert(a.low < a.mean && a.mean < a.high);
}
END_TEST

/* 2 - 3 x instead of x turns the interval around and stretches it. */
START_TEST(follows_scale_sign_and_place) {
  double values[10], mapped[10];
  iscc_random random = iscc_study_stream(12, 0);
  iscc_study_lognormal(&random, values, 10);
  for (int i = 0; i < 10; i++) mapped[i] = 2 - 3 * values[i];
  iscc_random one = iscc_study_stream(12, 1), same = one;
  const iscc_bootstrap_t a = interval_of(values, 10, 0.9, 999, &one);
  const iscc_bootstrap_t b = interval_of(mapped, 10, 0.9, 999, &same);
  ck_assert_double_eq_tol(b.low, 2 - 3 * a.high, 1e-9);
  ck_assert_double_eq_tol(b.high, 2 - 3 * a.low, 1e-9);
}
END_TEST

START_TEST(nothing_to_resample) {
  const double equal[] = {0.1, 0.1, 0.1, 0.1}, few[] = {1, 2}, wrong[] = {1, 2, NAN, 4},
               far[] = {1, 2, INFINITY};
  const double none[] = {NAN, NAN, NAN};
  iscc_random random = iscc_study_stream(13, 0);
  const iscc_bootstrap_t point = interval_of(equal, 4, 0.95, 999, &random);
  ck_assert(point.mean == 0.1 && point.low == 0.1 && point.high == 0.1);
  const iscc_bootstrap_t two = interval_of(few, 2, 0.95, 999, &random);
  ck_assert(two.mean == 1.5 && isnan(two.low) && isnan(two.high));
  ck_assert_double_nan(interval_of(few, 0, 0.95, 999, &random).mean);
  ck_assert_double_nan(interval_of(equal, 2, 0.95, 999, &random).low); /* equal, but two */
  ck_assert_double_nan(interval_of(wrong, 4, 0.95, 999, &random).low);
  ck_assert_double_nan(interval_of(none, 3, 0.95, 999, &random).low);
  ck_assert_double_nan(interval_of(far, 3, 0.95, 999, &random).high);
}
END_TEST

START_TEST(too_few_resamples_and_wrong_confidence) {
  static const struct {
    double confidence;
    size_t resamples;
    const char *names;
  } wrong[] = {{0.95, 38, "fewer than the 39"}, {0.99, 198, "fewer than the 199"},
               {0.95, 0, "resamples"},          {0, 999, "confidence"},
               {1, 999, "confidence"},          {NAN, 999, "confidence"},
               {0.95, SIZE_MAX, "memory"}};
  const double values[] = {1, 2, 4};
  iscc_random random = iscc_study_stream(14, 0);
  iscc_bootstrap_t interval = {7, 7, 7};
  iscc_error error = {""};
  ck_assert_int_eq(
      iscc_bootstrap_t_of(values, 3, wrong[_i].confidence, wrong[_i].resamples, &random, &interval, &error),
      ISCC_EINVAL);
  ck_assert_ptr_nonnull(strstr(error.text, wrong[_i].names));
  ck_assert_double_eq(interval.low, 7);
  interval_of(values, 3, 0.95, 39, &random);
  interval_of(values, 3, 0.99, 199, &random);
  interval_of(values, 3, 0.9, 19, &random); /* 1 - 0.9 is a little less than 0.1 */
}
END_TEST

typedef struct {
  double bootstrap, student;                   /* hold, % */
  double too_high_student, too_high_bootstrap; /* true mean above the interval, % */
} coverage;

static coverage study(int n, double mean, void (*fill)(iscc_random *, double *, size_t), int repetitions) {
  iscc_random random = iscc_study_stream(15, n);
  int held = 0, held_student = 0, above = 0, above_student = 0;
  for (int k = 0; k < repetitions; k++) {
    double values[30];
    fill(&random, values, (size_t)n);
    const iscc_bootstrap_t b = interval_of(values, (size_t)n, 0.95, 399, &random);
    const iscc_mean_interval m = iscc_mean_interval_of(values, (size_t)n);
    held += b.low <= mean && mean <= b.high;
    held_student += fabs(m.value - mean) <= m.half_width;
    above += mean > b.high;
    above_student += mean > m.value + m.half_width;
  }
  return (coverage){iscc_study_percent(held, repetitions), iscc_study_percent(held_student, repetitions),
                    iscc_study_percent(above_student, repetitions), iscc_study_percent(above, repetitions)};
}

static void fill_normal(iscc_random *random, double *values, size_t n) {
  iscc_study_normal(random, 5, 1, values, n);
}

/* 8000 repetitions: the standard deviation of a share near 90 % is 0.3 %. */
START_TEST(holds_more_often_than_student_where_values_are_skewed) {
  const int n = (const int[]){5, 10, 30}[_i];
  const coverage c = study(n, exp(0.5), iscc_study_lognormal, 8000);
  iscc_study_note("lognormal, n = %d: bootstrap-t %.1f %% (mean above it %.1f %%), t %.1f %% (%.1f %%)", n,
                  c.bootstrap, c.too_high_bootstrap, c.student, c.too_high_student);
  ck_assert_double_ge(c.bootstrap, c.student + 3);
  ck_assert_double_ge(c.bootstrap, 88);
  ck_assert_double_le(c.bootstrap, 95);
  ck_assert_double_le(c.student, 90);
}
END_TEST

START_TEST(holds_of_normal_values_too) {
  const int n = (const int[]){5, 10, 30}[_i];
  const coverage c = study(n, 5, fill_normal, 8000);
  iscc_study_note("normal, n = %d: bootstrap-t %.1f %%, t %.1f %%", n, c.bootstrap, c.student);
  ck_assert_double_eq_tol(c.bootstrap, 95, 1.5);
}
END_TEST

Suite *iscc_suite_bootstrap_t(void);
Suite *iscc_suite_bootstrap_t(void) {
  Suite *s = suite_create("helper: bootstrap-t");
  TCase *t = tcase_create("bootstrap-t");
  tcase_add_test(t, three_values_by_hand);
  tcase_add_test(t, same_stream_same_interval);
  tcase_add_test(t, follows_scale_sign_and_place);
  tcase_add_test(t, nothing_to_resample);
  tcase_add_loop_test(t, too_few_resamples_and_wrong_confidence, 0, 7);
  suite_add_tcase(s, t);
  TCase *slow = tcase_create("bootstrap-t coverage");
  tcase_set_tags(slow, "slow");
  tcase_set_timeout(slow, 60);
  tcase_add_loop_test(slow, holds_more_often_than_student_where_values_are_skewed, 0, 3);
  tcase_add_loop_test(slow, holds_of_normal_values_too, 0, 3);
  suite_add_tcase(s, slow);
  return s;
}
