/* SPDX-License-Identifier: GPL-2.0-only */
/* Sums of signs beside all of them counted one by one, and beside the sign test. */
#include <check.h>
#include <math.h>
#include <string.h>

#include "iscc-paired-shares.h"
#include "iscc-sign-flip.h"
#include "iscc-study.h"

static double p_of(const double *difference, size_t n) {
  double p = NAN;
  iscc_error error = {""};
  ck_assert_msg(iscc_sign_flip_test(difference, n, &p, &error) == ISCC_OK, "%s", error.text);
  return p;
}

/* Of 2^n ways to set the signs, those whose sum is as far from 0. */
static double one_by_one(const double *difference, size_t n) {
  double sum = 0;
  int as_far = 0;
  for (size_t i = 0; i < n; i++) sum += difference[i];
  for (unsigned way = 0; way < 1u << n; way++) {
    double flipped = 0;
    for (size_t i = 0; i < n; i++) flipped += way >> i & 1 ? difference[i] : -difference[i];
    as_far += fabs(flipped) >= fabs(sum);
  }
  return as_far / (double)(1u << n);
}

START_TEST(all_signs_are_counted) {
  iscc_random random = iscc_study_stream(41, 0);
  for (int k = 0; k < 200; k++) {
    double difference[9];
    const size_t n = 1 + (size_t)(9 * iscc_random_uniform(&random));
    for (size_t i = 0; i < n; i++) difference[i] = floor(14 * iscc_random_uniform(&random)) - 4;
    ck_assert_double_eq_tol(p_of(difference, n), one_by_one(difference, n), 1e-12);
  }
}
END_TEST

START_TEST(of_single_successes_it_is_the_sign_test) {
  const double difference[] = {1, 1, 0, 1, -1, 1, 1, 0, 1, 1, -1};
  for (size_t n = 1; n <= 11; n++) {
    size_t above = 0, below = 0;
    for (size_t i = 0; i < n; i++) above += difference[i] > 0, below += difference[i] < 0;
    ck_assert_double_eq_tol(p_of(difference, n), iscc_sign_test(above, below), 1e-12);
  }
  ck_assert_double_eq(p_of(difference, 0), 1);
  ck_assert_double_eq(p_of((const double[]){0, 0}, 2), 1);
}
END_TEST

/* Many: normal, with the variance of the sum; 2000 of them would be 2^-2000 at the end. */
START_TEST(many_are_near_normal) {
  enum { N = 2000 };
  static double difference[N];
  double sum = 0;
  for (int i = 0; i < N; i++) sum += difference[i] = i % 2 ? 3 : -2 - (i % 20 == 0);
  const double squares = N / 2. * 9 + N / 20. * 9 + (N / 2. - N / 20.) * 4;
  ck_assert_double_eq_tol(p_of(difference, N), erfc((sum - 1) / sqrt(2 * squares)), 1e-3);
}
END_TEST

START_TEST(what_cannot_be_counted_is_refused) {
  static const struct {
    double difference;
    const char *text;
  } wrong[] = {{0.5, "difference 2: 0.5 is not a whole number"},
               {NAN, "difference 2: nan is not a whole number"},
               {1e12, "2 differences of 1e+12 in all are too many to count; at most 1e+09"},
               {INFINITY, "2 differences of inf in all are too many to count; at most 1e+09"}};
  for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
    double p = 7;
    iscc_error error = {""};
    ck_assert_int_eq(iscc_sign_flip_test((const double[]){0, wrong[i].difference}, 2, &p, &error),
                     ISCC_EINVAL);
    ck_assert_str_eq(error.text, wrong[i].text);
    ck_assert_double_eq(p, 7);
  }
}
END_TEST

Suite *iscc_suite_sign_flip(void);
Suite *iscc_suite_sign_flip(void) {
  Suite *s = suite_create("helper: sign flip");
  TCase *t = tcase_create("sign flip");
  tcase_add_test(t, all_signs_are_counted);
  tcase_add_test(t, of_single_successes_it_is_the_sign_test);
  tcase_add_test(t, many_are_near_normal);
  tcase_add_test(t, what_cannot_be_counted_is_refused);
  suite_add_tcase(s, t);
  return s;
}
