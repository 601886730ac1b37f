/* SPDX-License-Identifier: GPL-2.0-only */
/* Which interval is chosen, and how often the choice as a whole holds: what `iscc campaign show` says of a mean. */
#include <check.h>
#include <math.h>

#include "iscc-chosen-interval.h"
#include "iscc-mean-interval.h"
#include "iscc-study.h"

static iscc_chosen_interval chosen(const double *values, size_t n) {
  iscc_chosen_interval interval;
  iscc_error error = {""};
  ck_assert_msg(!iscc_chosen_interval_of(values, n, 0.95, &interval, &error), "%s", error.text);
  return interval;
}

START_TEST(even_values_have_students) {
  const double values[] = {1, 2, 3, 4, 5};
  const iscc_mean_interval t = iscc_mean_interval_of(values, 5);
  const iscc_chosen_interval c = chosen(values, 5);
  ck_assert_int_eq(c.method, ISCC_INTERVAL_T);
  ck_assert_double_eq_tol(c.low, t.value - t.half_width, 1e-12);
  ck_assert_double_eq_tol(c.high, t.value + t.half_width, 1e-12);
}
END_TEST

/* 1 2 3 4 8 has G = 1.36, 1 2 3 4 6 has 0.59; of four values none is resampled. */
START_TEST(lopsided_values_have_bootstrap_t) {
  const double values[] = {1, 2, 3, 4, 8}, less[] = {1, 2, 3, 4, 6};
  const iscc_chosen_interval c = chosen(values, 5), again = chosen(values, 5);
  ck_assert_int_eq(c.method, ISCC_INTERVAL_BOOTSTRAP_T);
  ck_assert(c.high - 3.6 > 3.6 - c.low && c.low == again.low && c.high == again.high);
  ck_assert_int_eq(chosen(less, 5).method, ISCC_INTERVAL_T);
  ck_assert_int_eq(chosen(values + 1, 4).method, ISCC_INTERVAL_T);
}
END_TEST

/* One in ten: G = 2.7 to begin with, and 100 G^2 = 710 values are enough for t. */
START_TEST(many_values_have_students_again) {
  double values[800];
  for (int i = 0; i < 800; i++) values[i] = i % 10 == 0;
  ck_assert_int_eq(chosen(values, 700).method, ISCC_INTERVAL_BOOTSTRAP_T);
  ck_assert_int_eq(chosen(values, 750).method, ISCC_INTERVAL_T);
}
END_TEST

START_TEST(no_scatter_no_interval) {
  const double equal[] = {0.3, 0.3, 0.3, 0.3, 0.3}, nearly[] = {0.3, 0.1 + 0.2, 0.3, 0.3, 0.3};
  ck_assert_int_eq(chosen(equal, 5).method, ISCC_INTERVAL_NONE);
  ck_assert_int_eq(chosen(nearly, 5).method, ISCC_INTERVAL_NONE);
  ck_assert(isnan(chosen(equal, 5).low) && isnan(chosen(equal, 5).high));
  ck_assert_double_nan(chosen((const double[]){1, 2, NAN, 3, 4}, 5).low);
  ck_assert_double_nan(chosen((const double[]){1}, 1).high);
}
END_TEST

static double normal(iscc_random *random) {
  return iscc_random_normal(random);
}

static double exponential(iscc_random *random) {
  return iscc_random_exponential(random);
}

static double lognormal(iscc_random *random) {
  return exp(iscc_random_normal(random));
}

/* Of 10000 samples, the standard deviation near 95 % is 0.22 %, near 88 % 0.32 %. */
static const struct {
  const char *what;
  double (*draw)(iscc_random *);
  double mean;
  size_t n;
  double least, most; /* % */
} study[] = {{"normal", normal, 0, 5, 94, 96},
             {"normal", normal, 0, 10, 94, 96},
             {"normal", normal, 0, 30, 94, 96},
             {"exponential", exponential, 1, 5, 90, 92.5},
             {"exponential", exponential, 1, 10, 92, 94.5},
             {"exponential", exponential, 1, 30, 94, 96},
             {"lognormal", lognormal, 1.648721, 5, 85.5, 88},
             {"lognormal", lognormal, 1.648721, 10, 88.5, 91},
             {"lognormal", lognormal, 1.648721, 30, 92, 94.5}};

START_TEST(the_choice_as_a_whole_holds) {
  enum { SAMPLES = 10000 };
  const size_t n = study[_i].n;
  iscc_random random = iscc_study_stream(30, _i);
  int held = 0, held_t = 0;
  double wider = 0;
  for (int k = 0; k < SAMPLES; k++) {
    double values[30];
    for (size_t i = 0; i < n; i++) values[i] = study[_i].draw(&random);
    const iscc_mean_interval t = iscc_mean_interval_of(values, n);
    const iscc_chosen_interval c = chosen(values, n);
    held += c.low <= study[_i].mean && study[_i].mean <= c.high;
    held_t += fabs(t.value - study[_i].mean) <= t.half_width;
    wider += (c.high - c.low) / (2 * t.half_width) / SAMPLES;
  }
  const double share = iscc_study_percent(held, SAMPLES);
  iscc_study_note("chosen, %s, n = %zu: %.1f %%, t %.1f %%; %.2f times as wide", study[_i].what, n, share,
                  iscc_study_percent(held_t, SAMPLES), wider);
  ck_assert_double_ge(share, study[_i].least);
  ck_assert_double_le(share, study[_i].most);
}
END_TEST

Suite *iscc_suite_chosen_interval(void);
Suite *iscc_suite_chosen_interval(void) {
  Suite *s = suite_create("helper: chosen interval");
  TCase *t = tcase_create("chosen interval");
  tcase_add_test(t, even_values_have_students);
  tcase_add_test(t, lopsided_values_have_bootstrap_t);
  tcase_add_test(t, many_values_have_students_again);
  tcase_add_test(t, no_scatter_no_interval);
  suite_add_tcase(s, t);
  TCase *slow = tcase_create("chosen interval coverage");
  tcase_set_tags(slow, "slow");
  tcase_set_timeout(slow, 60);
  tcase_add_loop_test(slow, the_choice_as_a_whole_holds, 0, sizeof study / sizeof *study);
  suite_add_tcase(s, slow);
  return s;
}
