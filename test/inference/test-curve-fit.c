/* SPDX-License-Identifier: GPL-2.0-only */
#include <check.h>
#include <math.h>
#include <string.h>

#include "iscc-curve-fit.h"
#include "iscc-random.h"

enum { POINTS = 14 };

static void log_spaced(double low, double high, int n, double *power_w) {
  for (int i = 0; i < n; i++) power_w[i] = low * pow(high / low, i / (n - 1.0));
}

static const double arctans[][2] = {{0.628, 250}, {0.6, 20}, {0.5, 3000}, {0.62, 2}};

START_TEST(an_exact_arctan_is_found) {
  const double a = arctans[_i][0], b = arctans[_i][1];
  double power_w[POINTS], accuracy[POINTS], a_found, b_found, rmse;
  log_spaced(0.005, 1, POINTS, power_w);
  for (int i = 0; i < POINTS; i++) accuracy[i] = a * atan(b * power_w[i]);
  ck_assert_int_eq(iscc_arctan_fit(power_w, accuracy, POINTS, &a_found, &b_found, &rmse, NULL), ISCC_OK);
  ck_assert_double_eq_tol(a_found, a, 1e-7);
  ck_assert_double_eq_tol(b_found / b, 1, 1e-6);
  ck_assert_double_lt(rmse, 1e-8);
}
END_TEST

static double squares(const double *power_w, const double *accuracy, double a, double b) {
  double sum = 0;
  for (int i = 0; i < POINTS; i++) sum += pow(a * atan(b * power_w[i]) - accuracy[i], 2);
  return sum;
}

START_TEST(no_arctan_nearby_is_better) {
  double power_w[POINTS], accuracy[POINTS], a, b, rmse;
  iscc_random r;
  iscc_random_seed(&r, (uint64_t)_i, 0, 0, ISCC_STREAM_TEST);
  log_spaced(0.005, 1, POINTS, power_w);
  for (int i = 0; i < POINTS; i++)
    accuracy[i] = 0.6 * atan(200 * power_w[i]) + 0.02 * iscc_random_uniform(&r);
  ck_assert_int_eq(iscc_arctan_fit(power_w, accuracy, POINTS, &a, &b, &rmse, NULL), ISCC_OK);
  const double least = squares(power_w, accuracy, a, b);
  ck_assert_double_eq_tol(rmse, sqrt(least / POINTS), 1e-12);
  for (int i = -50; i <= 50; i++)
    for (int k = -50; k <= 50; k++)
      ck_assert_double_ge(squares(power_w, accuracy, a * (1 + i * 2e-3), b * exp(k * 2e-2)),
                          least * (1 - 1e-9));
}
END_TEST

/* The promise of the table, with no tolerance at all but for the slopes' own rounding. */
static void check_table(const double *power_w, const double *accuracy, int n, const double *t) {
  double slope = INFINITY;
  for (int i = 0; i < n; i++) {
    ck_assert_double_le(t[i], accuracy[i]);
    if (!i) continue;
    ck_assert_double_ge(t[i], t[i - 1]);
    const double next = (t[i] - t[i - 1]) / (power_w[i] - power_w[i - 1]);
    ck_assert_double_le(next, slope * (1 + 1e-9) + 1e-12);
    slope = next;
  }
}

START_TEST(a_concave_curve_is_its_own_table) {
  double power_w[POINTS], accuracy[POINTS], t[POINTS];
  log_spaced(0.005, 1, POINTS, power_w);
  for (int i = 0; i < POINTS; i++) accuracy[i] = 0.62 * atan(150 * power_w[i]);
  ck_assert_int_eq(iscc_concave_fit(power_w, accuracy, POINTS, t, NULL), ISCC_OK);
  check_table(power_w, accuracy, POINTS, t);
  for (int i = 0; i < POINTS; i++) ck_assert_double_eq_tol(t[i], accuracy[i], 1e-12);
}
END_TEST

static double distance(const double *a, const double *b, int n) {
  double sum = 0;
  for (int i = 0; i < n; i++) sum += (a[i] - b[i]) * (a[i] - b[i]);
  return sum;
}

/* Nearest point of a convex set: no other member is nearer, and the angle towards every member is not acute.
 */
START_TEST(the_table_is_the_nearest_of_its_kind) {
  double power_w[POINTS], accuracy[POINTS], t[POINTS], lower[POINTS], other[POINTS];
  iscc_random r;
  iscc_random_seed(&r, (uint64_t)_i, 1, 0, ISCC_STREAM_TEST);
  log_spaced(0.003, 1, POINTS, power_w);
  for (int i = 0; i < POINTS; i++)
    accuracy[i] = fmin(1, 0.6 * atan(150 * power_w[i]) + 0.05 * iscc_random_uniform(&r));
  ck_assert_int_eq(iscc_concave_fit(power_w, accuracy, POINTS, t, NULL), ISCC_OK);
  check_table(power_w, accuracy, POINTS, t);
  const double least = distance(t, accuracy, POINTS);
  for (int trial = 0; trial < 200; trial++) {
    for (int i = 0; i < POINTS; i++) lower[i] = fmax(0, accuracy[i] - 0.03 * iscc_random_uniform(&r));
    ck_assert_int_eq(iscc_concave_fit(power_w, lower, POINTS, other, NULL),
                     ISCC_OK); /* a member of the set */
    double inner = 0;
    for (int i = 0; i < POINTS; i++) inner += (accuracy[i] - t[i]) * (other[i] - t[i]);
    ck_assert_double_ge(distance(other, accuracy, POINTS), least * (1 - 1e-9));
    ck_assert_double_le(inner, 1e-9);
  }
}
END_TEST

START_TEST(falling_data_give_a_flat_table) {
  const double power_w[4] = {1, 2, 3, 4}, accuracy[4] = {0.9, 0.8, 0.85, 0.7};
  double t[4];
  ck_assert_int_eq(iscc_concave_fit(power_w, accuracy, 4, t, NULL), ISCC_OK);
  for (int i = 0; i < 4; i++) ck_assert_double_eq_tol(t[i], 0.7, 1e-12);
}
END_TEST

START_TEST(bad_input_is_refused) {
  const double fine[3] = {1, 2, 3}, same[3] = {1, 1, 2}, negative[3] = {-1, 1, 2};
  const double accuracy[3] = {0.1, 0.5, 0.6}, above[3] = {0.1, 1.5, 0.6},
               missing[3] = {0.1, (double)NAN, 0.6};
  double t[3], a, b, rmse;
  ck_assert_int_eq(iscc_concave_fit(same, accuracy, 3, t, NULL), ISCC_EINVAL);
  ck_assert_int_eq(iscc_concave_fit(negative, accuracy, 3, t, NULL), ISCC_EINVAL);
  ck_assert_int_eq(iscc_concave_fit(fine, above, 3, t, NULL), ISCC_EINVAL);
  ck_assert_int_eq(iscc_concave_fit(fine, missing, 3, t, NULL), ISCC_EINVAL);
  ck_assert_int_eq(iscc_concave_fit(fine, accuracy, 1, t, NULL), ISCC_EINVAL);
  ck_assert_int_eq(iscc_arctan_fit(fine, missing, 3, &a, &b, &rmse, NULL), ISCC_EINVAL);
  ck_assert_int_eq(iscc_arctan_fit(fine, accuracy, 65, &a, &b, &rmse, NULL), ISCC_EINVAL);
}
END_TEST

Suite *iscc_suite_curve_fit(void);
Suite *iscc_suite_curve_fit(void) {
  Suite *s = suite_create("inference: curve fit");
  TCase *t = tcase_create("curve fit");
  tcase_set_timeout(t, 60);
  tcase_add_loop_test(t, an_exact_arctan_is_found, 0, (int)(sizeof arctans / sizeof *arctans));
  tcase_add_loop_test(t, no_arctan_nearby_is_better, 0, 3);
  tcase_add_test(t, a_concave_curve_is_its_own_table);
  tcase_add_loop_test(t, the_table_is_the_nearest_of_its_kind, 0, 3);
  tcase_add_test(t, falling_data_give_a_flat_table);
  tcase_add_test(t, bad_input_is_refused);
  suite_add_tcase(s, t);
  return s;
}
