/* SPDX-License-Identifier: GPL-2.0-only */
/* The interval beside values found by bisection of its definition, and its exact coverage from sums of
 * binomial probabilities, beside that of Clopper and Pearson. */
#include <check.h>
#include <math.h>

#include "iscc-study.h"
#include "iscc-wilson.h"

static const struct {
  double successes, trials, confidence, low, high;
} known[] = {{8, 10, 0.95, 0.4901625, 0.9433178},   {5, 10, 0.95, 0.2365931, 0.7634069},
             {1, 30, 0.95, 0.0059086, 0.1667039},   {0, 10, 0.95, 0, 0.2775328},
             {81, 263, 0.95, 0.2552885, 0.3662096}, {7, 20, 0.9, 0.2022600, 0.5334873},
             {3, 4, 0.99, 0.2181257, 0.9699344}};

START_TEST(known_intervals) {
  const iscc_proportion p = iscc_wilson_of(known[_i].successes, known[_i].trials, known[_i].confidence);
  ck_assert_double_eq_tol(p.share, known[_i].successes / known[_i].trials, 1e-15);
  ck_assert_double_eq_tol(p.low, known[_i].low, 1e-7);
  ck_assert_double_eq_tol(p.high, known[_i].high, 1e-7);
}
END_TEST

START_TEST(none_and_all_are_bounds_exactly) {
  for (int n = 1; n <= 1000; n++) {
    ck_assert_double_eq(iscc_wilson_of(0, n, 0.95).low, 0);
    ck_assert_double_eq(iscc_wilson_of(n, n, 0.95).high, 1);
    ck_assert_double_lt(iscc_wilson_of(0, n, 0.95).high, 1);
    ck_assert_double_gt(iscc_wilson_of(n, n, 0.95).low, 0);
  }
}
END_TEST

START_TEST(failures_mirror_successes) {
  for (int n = 1; n <= 40; n += 13)
    for (int k = 0; k <= n; k++) {
      const iscc_proportion a = iscc_wilson_of(k, n, 0.9), b = iscc_wilson_of(n - k, n, 0.9);
      ck_assert_double_eq_tol(a.low, 1 - b.high, 1e-12);
      ck_assert_double_eq_tol(a.high, 1 - b.low, 1e-12);
    }
}
END_TEST

START_TEST(out_of_range_nothing_is_known) {
  static const double wrong[][3] = {{0, 0, 0.95}, {-1, 5, 0.95}, {6, 5, 0.95},  {2, 5, 0},
                                    {2, 5, 1},    {2, 5, NAN},   {NAN, 5, 0.9}, {2, NAN, 0.9}};
  const iscc_proportion p = iscc_wilson_of(wrong[_i][0], wrong[_i][1], wrong[_i][2]);
  ck_assert(isnan(p.share) && isnan(p.low) && isnan(p.high));
}
END_TEST

static double binomial(int k, int n, double p) {
  return exp(lgamma(n + 1.0) - lgamma(k + 1.0) - lgamma(n - k + 1.0) + k * log(p) + (n - k) * log1p(-p));
}

static double wilson_holds(int n, double share) {
  double held = 0;
  for (int k = 0; k <= n; k++) {
    const iscc_proportion p = iscc_wilson_of(k, n, 0.95);
    if (p.low <= share && share <= p.high) held += binomial(k, n, share);
  }
  return held;
}

static double clopper_pearson_holds(int n, double share) {
  double held = 0;
  for (int k = 0; k <= n; k++) {
    const iscc_proportion p = iscc_proportion_of(k, n);
    if (p.low <= share && share <= p.high) held += binomial(k, n, share);
  }
  return held;
}

/* Exact sums over the results within the interval's reach, for shares where it is generous and where not. */
static const struct {
  int n;
  double share, percent;
} exact[] = {{5, 0.05, 97.74}, {5, 0.5, 93.75},   {5, 0.9, 91.85},  {10, 0.05, 91.39}, {10, 0.5, 97.85},
             {10, 0.9, 92.98}, {30, 0.05, 93.92}, {30, 0.5, 95.72}, {30, 0.9, 97.42}};

START_TEST(coverage_at_some_shares) {
  const double held = 100 * wilson_holds(exact[_i].n, exact[_i].share);
  iscc_study_note("share %g, n = %d: Wilson %.2f %%, Clopper-Pearson %.2f %%", exact[_i].share, exact[_i].n,
                  held, 100 * clopper_pearson_holds(exact[_i].n, exact[_i].share));
  ck_assert_double_eq_tol(held, exact[_i].percent, 0.005);
}
END_TEST

START_TEST(coverage_on_average_and_at_worst) {
  const int n = (const int[]){5, 10, 30, 100}[_i];
  double sum = 0, sum_other = 0, worst = 1;
  for (int i = 1; i < 400; i++) {
    const double share = i / 400.0, held = wilson_holds(n, share);
    sum += held / 399;
    sum_other += clopper_pearson_holds(n, share) / 399;
    if (i >= 40 && i <= 360) worst = fmin(worst, held);
  }
  iscc_study_note(
      "shares 0..1, n = %d: Wilson %.2f %%, within 0.1..0.9 at worst %.2f %%, Clopper-Pearson %.2f %%", n,
      100 * sum, 100 * worst, 100 * sum_other);
  ck_assert(sum >= 0.95 && sum <= 0.956);
  ck_assert_double_ge(worst, n == 5 ? 0.89 : 0.915);
  ck_assert_double_ge(sum_other, sum + 0.01);
}
END_TEST

/* The narrower one, wherever both kinds of result are there. */
START_TEST(narrower_than_clopper_and_pearson) {
  for (int n = 5; n <= 100; n += 19)
    for (int k = 1; k < n; k++) {
      const iscc_proportion wilson = iscc_wilson_of(k, n, 0.95), other = iscc_proportion_of(k, n);
      ck_assert_double_lt(wilson.high - wilson.low, other.high - other.low);
    }
}
END_TEST

Suite *iscc_suite_wilson(void);
Suite *iscc_suite_wilson(void) {
  Suite *s = suite_create("helper: wilson");
  TCase *t = tcase_create("wilson");
  tcase_add_loop_test(t, known_intervals, 0, sizeof known / sizeof *known);
  tcase_add_test(t, none_and_all_are_bounds_exactly);
  tcase_add_test(t, failures_mirror_successes);
  tcase_add_loop_test(t, out_of_range_nothing_is_known, 0, 8);
  tcase_add_loop_test(t, coverage_at_some_shares, 0, 9);
  tcase_add_loop_test(t, coverage_on_average_and_at_worst, 0, 4);
  tcase_add_test(t, narrower_than_clopper_and_pearson);
  suite_add_tcase(s, t);
  return s;
}
