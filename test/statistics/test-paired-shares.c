/* SPDX-License-Identifier: GPL-2.0-only */
/* The sign test and Newcombe's interval by hand, and how often they hold, from exact sums over all results. */
#include <check.h>
#include <math.h>

#include "iscc-paired-shares.h"
#include "iscc-study.h"
#include "iscc-wilson.h"

START_TEST(sign_test_by_hand) {
  ck_assert_double_eq_tol(iscc_sign_test(5, 0), 2. / 32, 1e-15);
  ck_assert_double_eq_tol(iscc_sign_test(0, 6), 2. / 64, 1e-15);
  ck_assert_double_eq_tol(iscc_sign_test(7, 2), 2 * (1 + 9 + 36) / 512., 1e-14);
  ck_assert_double_eq(iscc_sign_test(3, 3), 1);
  ck_assert_double_eq(iscc_sign_test(0, 0), 1);
}
END_TEST

/* Five pairs 1 and 0: Wilson's bounds are 0.5655 .. 1 and 0 .. 0.4345; no correlation, as margins are empty. */
START_TEST(five_of_five) {
  const double a[] = {1, 1, 1, 1, 1}, b[] = {0, 0, 0, 0, 0};
  const iscc_proportion wilson = iscc_wilson_of(5, 5, 0.95);
  const iscc_paired_shares p = iscc_paired_shares_of(a, b, 5, 0.95);
  ck_assert_double_eq(p.difference, 1);
  ck_assert_double_eq_tol(p.p_value, 0.0625, 1e-12);
  ck_assert_double_eq_tol(p.low, 1 - sqrt(2) * (1 - wilson.low), 1e-12);
  ck_assert_double_eq(p.high, 1);
}
END_TEST

/* e = 36, f = 12, g = 2, h = 0 of 50: eh - fg = -24, margins 48 2 38 12. Of 20, 10 5 5 30: 275 - n/2 = 250. */
START_TEST(correlated_pairs_by_hand) {
  const iscc_proportion a = iscc_wilson_of(48, 50, 0.95), b = iscc_wilson_of(38, 50, 0.95);
  const double phi = -24 / sqrt(48. * 2 * 38 * 12), x = 0.96 - a.low, y = b.high - 0.76;
  const iscc_paired_shares p = iscc_paired_shares_of_counts(36, 12, 2, 0, 0.95);
  ck_assert_double_eq_tol(p.difference, 0.2, 1e-12);
  ck_assert_double_eq_tol(p.low, 0.2 - sqrt(x * x - 2 * phi * x * y + y * y), 1e-12);
  const iscc_proportion c = iscc_wilson_of(15, 50, 0.95);
  const double u = c.high - 0.3, l = 0.3 - c.low, q = 250 / (15. * 35);
  ck_assert_double_eq_tol(iscc_paired_shares_of_counts(10, 5, 5, 30, 0.95).high,
                          sqrt(u * u - 2 * q * u * l + l * l), 1e-12);
}
END_TEST

START_TEST(who_is_who_turns_it_around) {
  const iscc_paired_shares p = iscc_paired_shares_of_counts(7, 5, 1, 4, 0.9),
                           q = iscc_paired_shares_of_counts(7, 1, 5, 4, 0.9);
  ck_assert_double_eq_tol(p.low, -q.high, 1e-12);
  ck_assert_double_eq_tol(p.high, -q.low, 1e-12);
  ck_assert_double_eq(p.p_value, q.p_value);
}
END_TEST

START_TEST(what_is_binary) {
  ck_assert(iscc_are_binary((const double[]){0, 1, 1}, 3));
  ck_assert(!iscc_are_binary((const double[]){0, 1, 0.5}, 3));
  ck_assert(!iscc_are_binary((const double[]){0, NAN}, 2));
  ck_assert(!iscc_are_binary((const double[]){0}, 0));
  ck_assert_double_nan(iscc_paired_shares_of(NULL, NULL, 0, 0.95).difference);
  ck_assert_double_nan(iscc_paired_shares_of_counts(1, 1, 1, 1, 1).low);
}
END_TEST

static double logarithm_of_ways(const int *count, int n) {
  double sum = lgamma(n + 1.0);
  for (int i = 0; i < 4; i++) sum -= lgamma(count[i] + 1.0);
  return sum;
}

/* Chances of both, only a, only b, neither: shares a and b, and how much of the possible they succeed together. */
static void cells(double a, double b, double together, double *chance) {
  chance[0] = a * b + together * (fmin(a, b) - a * b);
  chance[1] = a - chance[0];
  chance[2] = b - chance[0];
  chance[3] = 1 - a - chance[2];
}

static double chance_of(const int *count, const double *chance, int n) {
  double sum = logarithm_of_ways(count, n);
  for (int i = 0; i < 4; i++) {
    if (count[i] && chance[i] < 1e-12) return 0;
    if (count[i]) sum += count[i] * log(chance[i]);
  }
  return exp(sum);
}

typedef struct {
  double interval, significant; /* holds; p < 0.05 */
} result;

static result exact(int n, double difference, const double *chance) {
  result sum = {0, 0};
  for (int e = 0; e <= n; e++)
    for (int f = 0; e + f <= n; f++)
      for (int g = 0; e + f + g <= n; g++) {
        const int count[] = {e, f, g, n - e - f - g};
        const double p = chance_of(count, chance, n);
        if (p == 0) continue;
        const iscc_paired_shares s =
            iscc_paired_shares_of_counts((size_t)e, (size_t)f, (size_t)g, (size_t)count[3], 0.95);
        if (s.low <= difference + 1e-12 && difference <= s.high + 1e-12) sum.interval += p;
        if (s.p_value < 0.05) sum.significant += p;
      }
  return sum;
}

/* Shares 0.1 .. 0.95 of either, dependence none to 90 % of what is possible. */
START_TEST(coverage_over_shares) {
  static const double share[] = {0.1, 0.3, 0.5, 0.7, 0.9, 0.95}, together[] = {0, 0.3, 0.6, 0.9};
  const int n = (const int[]){5, 10, 30}[_i];
  double mean = 0, worst = 1, false_alarms = 0;
  int cases = 0;
  for (int i = 0; i < 6; i++)
    for (int j = i; j < 6; j++)
      for (int k = 0; k < 4; k++) {
        double chance[4];
        cells(share[i], share[j], together[k], chance);
        const result r = exact(n, share[i] - share[j], chance);
        mean += r.interval;
        cases++;
        worst = fmin(worst, r.interval);
        if (i == j) false_alarms = fmax(false_alarms, r.significant);
      }
  iscc_study_note(
      "pairs of 0 and 1, n = %d: Newcombe %.1f %%, at worst %.1f %%; sign test p < 0.05 in at most %.1f %%",
      n, 100 * mean / cases, 100 * worst, 100 * false_alarms);
  ck_assert(mean / cases >= 0.96 && mean / cases <= 0.975);
  ck_assert_double_ge(worst, _i ? 0.935 : 0.91);
  ck_assert_double_le(false_alarms, 0.05);
}
END_TEST

Suite *iscc_suite_paired_shares(void);
Suite *iscc_suite_paired_shares(void) {
  Suite *s = suite_create("helper: paired shares");
  TCase *t = tcase_create("paired shares");
  tcase_add_test(t, sign_test_by_hand);
  tcase_add_test(t, five_of_five);
  tcase_add_test(t, correlated_pairs_by_hand);
  tcase_add_test(t, who_is_who_turns_it_around);
  tcase_add_test(t, what_is_binary);
  tcase_add_loop_test(t, coverage_over_shares, 0, 3);
  suite_add_tcase(s, t);
  return s;
}
