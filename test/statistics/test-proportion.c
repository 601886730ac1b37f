/* SPDX-License-Identifier: GPL-2.0-only */
/* The interval beside printed values, closed forms and sums of binomial probabilities. */
#include <check.h>
#include <math.h>

#include "iscc-proportion.h"

static double binomial(int k, int n, double p) {
  return exp(lgamma(n + 1.0) - lgamma(k + 1.0) - lgamma(n - k + 1.0) + k * log(p) + (n - k) * log1p(-p));
}

/* Chance of first..last successes. */
static double chance(int first, int last, int n, double p) {
  double sum = 0;
  for (int k = first; k <= last; k++) sum += binomial(k, n, p);
  return sum;
}

static const struct {
  int successes, trials;
  double low, high;
} known[] = {
    {8, 10, 0.4439045, 0.9747893}, {5, 10, 0.1870860, 0.8129140}, {1, 1, 0.025, 1}, {0, 1, 0, 0.975}};

START_TEST(known_intervals) {
  const iscc_proportion p = iscc_proportion_of(known[_i].successes, known[_i].trials);
  ck_assert_double_eq_tol(p.share, (double)known[_i].successes / known[_i].trials, 1e-15);
  ck_assert_double_eq_tol(p.low, known[_i].low, 1e-7);
  ck_assert_double_eq_tol(p.high, known[_i].high, 1e-7);
}
END_TEST

START_TEST(none_and_all_have_a_closed_form) {
  const int trials[] = {1, 7, 100, 3000};
  for (int i = 0; i < 4; i++) {
    const iscc_proportion none = iscc_proportion_of(0, trials[i]),
                          all = iscc_proportion_of(trials[i], trials[i]);
    const double reach = pow(0.025, 1.0 / trials[i]);
    ck_assert(none.share == 0.0 && none.low == 0.0 && all.share == 1.0 && all.high == 1.0);
    ck_assert_double_eq_tol(none.high, 1 - reach, 1e-12);
    ck_assert_double_eq_tol(all.low, reach, 1e-12);
  }
}
END_TEST

/* What defines it: at each bound, one result as far off or farther has a chance of 2.5 %. */
START_TEST(bounds_are_those_of_clopper_and_pearson) {
  static const int rows[][2] = {{1, 2}, {3, 20}, {17, 20}, {50, 100}, {99, 100}, {1700, 2000}};
  const int k = rows[_i][0], n = rows[_i][1];
  const iscc_proportion p = iscc_proportion_of(k, n);
  ck_assert_double_eq_tol(chance(k, n, n, p.low), 0.025, 1e-8);
  ck_assert_double_eq_tol(chance(0, k, n, p.high), 0.025, 1e-8);
  ck_assert(p.low < p.share && p.share < p.high);
}
END_TEST

START_TEST(failures_mirror_successes) {
  for (int n = 1; n <= 40; n += 13)
    for (int k = 0; k <= n; k++) {
      const iscc_proportion a = iscc_proportion_of(k, n), b = iscc_proportion_of(n - k, n);
      ck_assert_double_eq_tol(a.low, 1 - b.high, 1e-12);
      ck_assert_double_eq_tol(a.high, 1 - b.low, 1e-12);
    }
}
END_TEST

START_TEST(the_true_share_is_held_nineteen_times_in_twenty) {
  static const int trials[] = {1, 5, 20, 100};
  const int n = trials[_i];
  for (int i = 1; i < 100; i++) {
    const double p = 0.01 * i;
    double held = 0;
    for (int k = 0; k <= n; k++) {
      const iscc_proportion interval = iscc_proportion_of(k, n);
      if (interval.low <= p && p <= interval.high) held += binomial(k, n, p);
    }
    ck_assert_msg(held >= 0.95, "%d trials at %g: held with %.4f", n, p, held);
  }
}
END_TEST

START_TEST(without_trials_nothing_is_known) {
  const iscc_proportion p = iscc_proportion_of(0, 0);
  ck_assert(isnan(p.share) && isnan(p.low) && isnan(p.high));
}
END_TEST

Suite *iscc_suite_proportion(void);
Suite *iscc_suite_proportion(void) {
  Suite *s = suite_create("helper: proportion");
  TCase *t = tcase_create("proportion");
  tcase_add_loop_test(t, known_intervals, 0, sizeof known / sizeof *known);
  tcase_add_test(t, none_and_all_have_a_closed_form);
  tcase_add_loop_test(t, bounds_are_those_of_clopper_and_pearson, 0, 6);
  tcase_add_test(t, failures_mirror_successes);
  tcase_add_loop_test(t, the_true_share_is_held_nineteen_times_in_twenty, 0, 4);
  tcase_add_test(t, without_trials_nothing_is_known);
  suite_add_tcase(s, t);
  return s;
}
