/* SPDX-License-Identifier: GPL-2.0-only */
#define MATHLIB_STANDALONE
#include <Rmath.h>
#include <check.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "iscc-random.h"

/* First outputs of xoshiro256++ 1.0 from the state (1, 2, 3, 4), by the authors' reference code. */
START_TEST(generator_gives_the_published_sequence) {
  static const uint64_t wanted[] = {41943041u,
                                    58720359u,
                                    3588806011781223u,
                                    3591011842654386u,
                                    9228616714210784205u,
                                    9973669472204895162u,
                                    14011001112246962877u,
                                    12406186145184390807u,
                                    15849039046786891736u,
                                    10450023813501588000u};
  iscc_random r = {{1, 2, 3, 4}};
  for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++)
    ck_assert_uint_eq(iscc_random_u64(&r), wanted[i]);
}
END_TEST

START_TEST(streams_are_reproducible_and_apart) {
  static const uint64_t keys[][5] = {{1, 1, 0, 5, 0}, {2, 1, 0, 5, 0}, {1, 2, 0, 5, 0}, {1, 1, 1, 5, 0},
                                     {1, 1, 0, 4, 0}, {1, 1, 0, 5, 1}, {0, 0, 0, 5, 0}, {1, 0, 1, 5, 0}};
  enum { STREAMS = 8, DRAWS = 4000 };
  static double draws[STREAMS][DRAWS];
  for (int i = 0; i < STREAMS; i++) {
    iscc_random a, b;
    iscc_random_seed_at(&a, keys[i][0], keys[i][1], keys[i][2], (iscc_purpose)keys[i][3], keys[i][4]);
    iscc_random_seed_at(&b, keys[i][0], keys[i][1], keys[i][2], (iscc_purpose)keys[i][3], keys[i][4]);
    for (int k = 0; k < DRAWS; k++) {
      draws[i][k] = iscc_random_uniform(&a) - 0.5;
      ck_assert(draws[i][k] == iscc_random_uniform(&b) - 0.5);
    }
  }
  for (int i = 0; i < STREAMS; i++)
    for (int j = 0; j < i; j++) { /* correlation coefficients, standard error 1/sqrt(DRAWS) */
      double sum = 0;
      for (int k = 0; k < DRAWS; k++) sum += 12 * draws[i][k] * draws[j][k] / DRAWS;
      ck_assert_msg(fabs(sum) < 5 / sqrt(DRAWS), "streams %d and %d: %g", i, j, sum);
    }
}
END_TEST

static int compare(const void *a, const void *b) {
  const double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

/* Kolmogorov-Smirnov distance times sqrt(n); above 1.95 with probability 0.001. */
static double distance(double *x, int n, double (*cdf)(double)) {
  double worst = 0;
  qsort(x, (size_t)n, sizeof *x, compare);
  for (int i = 0; i < n; i++) {
    const double p = cdf(x[i]);
    worst = fmax(worst, fmax(p - (double)i / n, (double)(i + 1) / n - p));
  }
  return worst * sqrt(n);
}

static double normal_cdf(double x) {
  return pnorm5(x, 0, 1, 1, 0);
}

static double exponential_cdf(double x) {
  return pexp(x, 1, 1, 0);
}

static double uniform_cdf(double x) {
  return x;
}

enum { DRAWS = 1000000 };
static double x[DRAWS];
static float single[DRAWS];

static void fill(int kind) {
  iscc_random r;
  iscc_random_seed(&r, 11, (uint64_t)kind, 0, ISCC_STREAM_TEST);
  if (kind == 3) {
    iscc_random_fill_normal(&r, 2.5F, single, DRAWS);
    for (int i = 0; i < DRAWS; i++) x[i] = (double)single[i] / 2.5;
    return;
  }
  for (int i = 0; i < DRAWS; i++)
    x[i] = kind == 0   ? iscc_random_uniform(&r)
           : kind == 1 ? iscc_random_exponential(&r)
                       : iscc_random_normal(&r);
}

START_TEST(draws_follow_their_distribution) {
  static double (*const cdfs[])(double) = {uniform_cdf, exponential_cdf, normal_cdf, normal_cdf};
  fill(_i);
  const double d = distance(x, DRAWS, cdfs[_i]);
  ck_assert_msg(d < 1.95, "Kolmogorov-Smirnov %g", d);
}
END_TEST

/* Moments 1..6 of a standard normal, each within five standard errors; then the tails by their counts. */
START_TEST(normal_moments_and_tails) {
  fill(_i + 2);
  static const double moments[] = {0, 1, 0, 3, 0, 15}, squares[] = {1, 3, 15, 105, 945, 10395};
  for (int k = 1; k <= 6; k++) {
    double sum = 0;
    for (int i = 0; i < DRAWS; i++) sum += pow(x[i], k) / DRAWS;
    const double error = sqrt((squares[k - 1] - moments[k - 1] * moments[k - 1]) / DRAWS);
    ck_assert_msg(fabs(sum - moments[k - 1]) < 5 * error, "moment %d: %g, standard error %g", k, sum, error);
  }
  static const double limits[] = {2, 3, 3.6541528853610088, 4, 4.5};
  for (int k = 0; k < 5; k++)
    for (int side = -1; side <= 1; side += 2) {
      const double wanted = DRAWS * pnorm5(-limits[k], 0, 1, 1, 0);
      int count = 0;
      for (int i = 0; i < DRAWS; i++) count += side * x[i] > limits[k];
      ck_assert_msg(fabs(count - wanted) < 5 * sqrt(wanted) + 2, "beyond %g: %d, expected %.1f",
                    side * limits[k], count, wanted);
    }
}
END_TEST

START_TEST(neighbouring_normals_are_uncorrelated) {
  fill(_i + 2);
  for (int lag = 1; lag <= 4; lag++) {
    double plain = 0, squared = 0;
    for (int i = lag; i < DRAWS; i++) {
      plain += x[i] * x[i - lag] / DRAWS;
      squared += (x[i] * x[i] - 1) * (x[i - lag] * x[i - lag] - 1) / 2 / DRAWS;
    }
    ck_assert_msg(fabs(plain) < 5e-3 && fabs(squared) < 5e-3, "lag %d: %g, squares %g", lag, plain, squared);
  }
}
END_TEST

START_TEST(fill_gives_the_same_values_as_single_draws) {
  iscc_random a, b;
  iscc_random_seed(&a, 3, 0, 0, ISCC_STREAM_TEST);
  b = a;
  iscc_random_fill_normal(&a, 1, single, 100000);
  for (int i = 0; i < 100000; i++) ck_assert(fabs((double)single[i] - iscc_random_normal(&b)) < 1e-6);
  ck_assert_uint_eq(iscc_random_u64(&a), iscc_random_u64(&b));
}
END_TEST

START_TEST(bounded_integers_are_even_and_in_range) {
  enum { N = 7, TRIES = 700000 };
  int counts[N] = {0};
  iscc_random r;
  iscc_random_seed(&r, 4, 0, 0, ISCC_STREAM_TEST);
  for (int i = 0; i < TRIES; i++) {
    const uint64_t k = iscc_random_below(&r, N);
    ck_assert_uint_lt(k, N);
    counts[k]++;
  }
  double chi2 = 0;
  for (int k = 0; k < N; k++) chi2 += pow(counts[k] - TRIES / N, 2) / (TRIES / N);
  ck_assert_msg(pchisq(chi2, N - 1, 0, 0) > 1e-4, "chi-squared %g", chi2);
  for (int i = 0; i < 100; i++) ck_assert_uint_eq(iscc_random_below(&r, 1), 0);
  ck_assert_uint_lt(iscc_random_below(&r, UINT64_MAX), UINT64_MAX);
}
END_TEST

START_TEST(uniforms_stay_in_their_interval) {
  iscc_random r;
  iscc_random_seed(&r, 5, 0, 0, ISCC_STREAM_TEST);
  for (int i = 0; i < 100000; i++) {
    const double v = iscc_random_between(&r, -2, 3);
    ck_assert(v >= -2 && v < 3);
    ck_assert(iscc_random_exponential(&r) >= 0);
  }
}
END_TEST

Suite *iscc_suite_random(void);
Suite *iscc_suite_random(void) {
  Suite *s = suite_create("base: random");
  TCase *t = tcase_create("random");
  tcase_set_timeout(t, 30);
  tcase_add_test(t, generator_gives_the_published_sequence);
  tcase_add_test(t, streams_are_reproducible_and_apart);
  tcase_add_loop_test(t, draws_follow_their_distribution, 0, 4);
  tcase_add_loop_test(t, normal_moments_and_tails, 0, 2);
  tcase_add_loop_test(t, neighbouring_normals_are_uncorrelated, 0, 2);
  tcase_add_test(t, fill_gives_the_same_values_as_single_draws);
  tcase_add_test(t, bounded_integers_are_even_and_in_range);
  tcase_add_test(t, uniforms_stay_in_their_interval);
  suite_add_tcase(s, t);
  return s;
}
