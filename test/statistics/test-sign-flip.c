/* SPDX-License-Identifier: GPL-2.0-only */
/* Sums of signs beside all of them counted one by one, and beside the sign test. */
#include <check.h>
#include <math.h>
#include <stdbool.h>
#include <string.h>

#include "iscc-paired-shares.h"
#include "iscc-paired.h"
#include "iscc-sign-flip.h"
#include "iscc-study.h"
#include "iscc-uncommon.h"
#include "iscc-warning.h"

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

START_TEST(others_than_the_commonest) {
  ck_assert_uint_eq(iscc_uncommon_of(NULL, 0), 0);
  ck_assert_uint_eq(iscc_uncommon_of((double[]){2, 2, 2}, 3), 0);
  ck_assert_uint_eq(iscc_uncommon_of((double[]){1, 2, 3}, 3), 2);
  ck_assert_uint_eq(iscc_uncommon_of((double[]){3, 0, -1, 0, 3, 0, 7}, 7), 4);
  ck_assert_uint_eq(iscc_uncommon_of((double[]){1, 5, 1, 5, 5}, 5), 2);
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

enum { POINTS = 3, LARGEST = 100, REPETITIONS = 10000 };

/* Means over points of successes: at each point, either scheme by a chance of its own or, with that of `together`, by one that the replication has
 * for all points and both schemes. */
static void draw_means(iscc_random *random, const double (*share)[2], double together, size_t n, double *a,
                       double *b) {
  for (size_t i = 0; i < n; i++) {
    const double world = iscc_random_uniform(random);
    a[i] = b[i] = 0;
    for (int j = 0; j < POINTS; j++) {
      const bool shared = iscc_random_uniform(random) < together;
      a[i] += (shared ? world : iscc_random_uniform(random)) < share[j][0];
      b[i] += (shared ? world : iscc_random_uniform(random)) < share[j][1];
    }
    a[i] /= POINTS;
    b[i] /= POINTS;
  }
}

/* Shares of success of both schemes at each point. */
static const struct {
  const char *what;
  double share[POINTS][2];
} world[] = {{"alike", {{0.5, 0.5}, {0.7, 0.7}, {0.9, 0.9}}},
             {"apart", {{0.6, 0.5}, {0.9, 0.7}, {0.95, 0.9}}},
             {"certain", {{0.99, 0.95}, {0.98, 0.97}, {1, 0.99}}},
             {"opposite", {{0.9, 0.3}, {0.3, 0.9}, {0.5, 0.5}}}};

/* As `compare` has it: no interval of differences that are nearly all the same. Of 10000, a share near 95 % has a standard deviation of 0.2 %,
 * one near 5 % too. */
START_TEST(means_of_successes_studied) {
  const size_t n = (const size_t[]){5, 10, 30, 100}[_i % 4];
  const int w = _i / 4 % 4;
  const double together = _i < 16 ? 0 : 0.6;
  iscc_random random = iscc_study_stream(42, _i);
  double truth = 0;
  int held = 0, given = 0, held_unwarned = 0, unwarned = 0, small = 0;
  for (int j = 0; j < POINTS; j++) truth += (world[w].share[j][0] - world[w].share[j][1]) / POINTS;
  for (int k = 0; k < REPETITIONS; k++) {
    double a[LARGEST], b[LARGEST], difference[LARGEST];
    draw_means(&random, world[w].share, together, n, a, b);
    const iscc_paired p = iscc_paired_of(a, b, n, 0.95);
    iscc_paired_differences(a, b, n, difference);
    for (size_t i = 0; i < n; i++) difference[i] = round(POINTS * difference[i]);
    const bool holds = fabs(p.difference - truth) <= p.half_width,
               plain = !iscc_warning_of(difference, n) && p.half_width > 0;
    const bool has = iscc_uncommon_of(difference, n) >= ISCC_UNCOMMON_LEAST;
    given += has;
    held += has && holds;
    unwarned += plain;
    held_unwarned += plain && holds;
    small += p_of(difference, n) <= 0.05;
  }
  iscc_study_note(
      "means of successes, %s, %.0f %% together, n = %zu: t %.1f %% of %.1f %%, where not skewed %.1f %% of "
      "%.1f %%; p <= 0.05 in %.1f %%",
      world[w].what, 100 * together, n, iscc_study_percent(held, given ? given : 1),
      iscc_study_percent(given, REPETITIONS), iscc_study_percent(held_unwarned, unwarned ? unwarned : 1),
      iscc_study_percent(unwarned, REPETITIONS), iscc_study_percent(small, REPETITIONS));
  if (given > REPETITIONS / 10) ck_assert_double_ge(iscc_study_percent(held, given), 94);
  if (fabs(truth) < 1e-12) ck_assert_double_le(iscc_study_percent(small, REPETITIONS), 5.8);
}
END_TEST

Suite *iscc_suite_sign_flip(void);
Suite *iscc_suite_sign_flip(void) {
  Suite *s = suite_create("helper: sign flip");
  TCase *t = tcase_create("sign flip");
  tcase_add_test(t, all_signs_are_counted);
  tcase_add_test(t, of_single_successes_it_is_the_sign_test);
  tcase_add_test(t, many_are_near_normal);
  tcase_add_test(t, others_than_the_commonest);
  tcase_add_test(t, what_cannot_be_counted_is_refused);
  tcase_add_loop_test(t, means_of_successes_studied, 0, 32);
  suite_add_tcase(s, t);
  return s;
}
