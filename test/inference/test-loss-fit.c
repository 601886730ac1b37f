/* SPDX-License-Identifier: GPL-2.0-only */
#include <check.h>
#include <math.h>
#include <string.h>

#include "iscc-loss-fit.h"
#include "iscc-random.h"

enum { RATIOS = 6, WIDTHS = 8, BASES = 2, POINTS = RATIOS * WIDTHS * BASES };

static const double ratio[RATIOS] = {1, 0.8, 0.6, 0.5, 0.4, 0.3};
static const double base[BASES] = {0.97, 0.86};

/* Runs that follow the model exactly but for a disturbance. */
static void make_points(double kappa, double tau, double quantization, double noise, uint64_t seed,
                        iscc_loss_point *points) {
  iscc_random r;
  iscc_random_seed(&r, seed, 0, 0, ISCC_STREAM_TEST);
  size_t n = 0;
  for (int k = 0; k < RATIOS; k++)
    for (int q = 0; q < WIDTHS; q++)
      for (int b = 0; b < BASES; b++) {
        const int bits = q ? q + 1 : 0;
        const double lost = kappa * iscc_pruning_shape(ratio[k]) + tau * (1 - ratio[k]) +
                            (bits ? quantization / (bits * bits * bits) : 0);
        const double accuracy = base[b] * (1 - lost) + noise * iscc_random_normal(&r);
        points[n++] = (iscc_loss_point){ratio[k], bits, fmin(fmax(accuracy, 0), 1), base[b]};
      }
}

START_TEST(exact_losses_are_found) {
  iscc_loss_point points[POINTS];
  iscc_loss_settings settings;
  iscc_split_calibration split = {0};
  iscc_loss_defaults(&settings);
  settings.knee = 0.5; /* all ratios */
  make_points(0.4, 0.15, 0.5, 0, 1, points);
  ck_assert_int_eq(iscc_loss_fit(&settings, points, POINTS, &split, NULL), ISCC_OK);
  ck_assert_double_eq_tol(split.pruning_loss, 0.4, 1e-6);
  ck_assert_double_eq_tol(split.pruning_slope, 0.15, 1e-6);
  ck_assert_double_eq(split.keep_min, ratio[RATIOS - 1]);
  for (int q = 2; q <= 8; q++) ck_assert_double_eq_tol(split.quantization_loss[q], 0.5 / (q * q * q), 1e-7);
  for (int q = 9; q <= 16; q++) /* not measured: v(Q) from 8 on */
    ck_assert_double_eq_tol(split.quantization_loss[q],
                            split.quantization_loss[8] * pow(127 / (pow(2, q - 1) - 1), 2), 1e-12);
  ck_assert_double_lt(split.pruning_rmse, 1e-7);
  ck_assert_double_lt(split.promise_excess, 1e-6);
}
END_TEST

/* The objective from its definition; the fit must be a minimum of it within its limits. */
static double objective(const iscc_loss_settings *s, const iscc_loss_point *points, double kappa, double tau,
                        const double *loss) {
  double sum = 0;
  for (int i = 0; i < POINTS; i++) {
    const iscc_loss_point *p = &points[i];
    const double model = 1 - kappa * iscc_pruning_shape(p->keep_ratio) - tau * (1 - p->keep_ratio) -
                         (p->bits ? loss[p->bits] : 0);
    const double excess = p->base * model - p->accuracy;
    sum += (excess > 0 ? s->caution : 1) * excess * excess;
  }
  return sum;
}

START_TEST(no_losses_nearby_are_better) {
  iscc_loss_point points[POINTS];
  const iscc_loss_settings settings = {.caution = _i ? 20 : 1, .floor = 0, .knee = 0};
  iscc_split_calibration split = {0};
  make_points(0.7, 0.1, 1.2, 0.01, 5, points);
  ck_assert_int_eq(iscc_loss_fit(&settings, points, POINTS, &split, NULL), ISCC_OK);
  const double least =
      objective(&settings, points, split.pruning_loss, split.pruning_slope, split.quantization_loss);
  iscc_random r;
  iscc_random_seed(&r, 6, 0, 0, ISCC_STREAM_TEST);
  for (int trial = 0; trial < 20000; trial++) {
    const double step = pow(10, -1 - 4 * iscc_random_uniform(&r));
    const double kappa = fmax(split.pruning_loss + step * iscc_random_normal(&r), 0);
    const double tau = fmax(split.pruning_slope + step * iscc_random_normal(&r), 0);
    double loss[ISCC_BITS_MAX + 1] = {0};
    for (int q = 8; q >= 2; q--) {
      const double least_allowed = q < 8 ? loss[q + 1] : 0;
      loss[q] = fmax(split.quantization_loss[q] + step * iscc_random_normal(&r), least_allowed);
    }
    ck_assert_double_ge(objective(&settings, points, kappa, tau, loss), least * (1 - 1e-9));
  }
  for (int q = 2; q < 16; q++)
    ck_assert_double_ge(split.quantization_loss[q], split.quantization_loss[q + 1]);
}
END_TEST

/* Losses that do not add up: at p < 1 and few bits together more is lost than the sum. Caution keeps the
 * promise. */
START_TEST(caution_keeps_promises) {
  iscc_loss_point points[POINTS];
  iscc_split_calibration plain = {0}, careful = {0};
  make_points(0.4, 0, 0.4, 0, 7, points);
  for (int i = 0; i < POINTS; i++)
    if (points[i].bits && points[i].bits <= 4)
      points[i].accuracy -= 0.3 * iscc_pruning_shape(points[i].keep_ratio);
  const iscc_loss_settings least_squares = {.caution = 1, .floor = 0.75},
                           caution = {.caution = 100, .floor = 0.75};
  ck_assert_int_eq(iscc_loss_fit(&least_squares, points, POINTS, &plain, NULL), ISCC_OK);
  ck_assert_int_eq(iscc_loss_fit(&caution, points, POINTS, &careful, NULL), ISCC_OK);
  ck_assert_double_gt(plain.promise_excess, 0.01);
  ck_assert_double_lt(careful.promise_excess, 0.2 * plain.promise_excess);
  double most = 0; /* what it reports is what there is */
  for (int i = 0; i < POINTS; i++)
    most = fmax(most, points[i].base * iscc_split_retained(&plain, points[i].keep_ratio, points[i].bits) -
                          points[i].accuracy);
  ck_assert_double_eq_tol(plain.promise_excess, most, 1e-12);
}
END_TEST

/* A width at which the network collapses must not spoil the fit of the others, and is promised to do no
 * better. */
START_TEST(a_collapse_is_not_promised) {
  iscc_loss_point points[POINTS];
  iscc_loss_settings settings;
  iscc_split_calibration split = {0};
  iscc_loss_defaults(&settings);
  make_points(0.3, 0, 0.2, 0, 8, points);
  for (int i = 0; i < POINTS; i++)
    if (points[i].bits == 2) points[i].accuracy = 0.3;
  ck_assert_int_eq(iscc_loss_fit(&settings, points, POINTS, &split, NULL), ISCC_OK);
  ck_assert_double_eq_tol(split.pruning_loss, 0.3, 1e-6);
  ck_assert_double_eq_tol(split.quantization_loss[3], 0.2 / 27, 1e-6);
  for (int i = 0; i < POINTS; i++)
    if (points[i].bits == 2)
      ck_assert_double_le(points[i].base * iscc_split_retained(&split, points[i].keep_ratio, 2), 0.3 + 1e-12);
}
END_TEST

/* A network that falls apart below some p: nothing is promised there, and the fit above is not spoiled. */
START_TEST(p_min_stands_above_a_collapse) {
  iscc_loss_point points[POINTS];
  iscc_loss_settings settings;
  iscc_split_calibration split = {0};
  iscc_loss_defaults(&settings);
  make_points(0.3, 0.1, 0.2, 0, 9, points);
  for (int i = 0; i < POINTS; i++)
    if (points[i].keep_ratio < 0.45) points[i].accuracy *= 0.5; /* at 0.4 and 0.3 */
  ck_assert_int_eq(iscc_loss_fit(&settings, points, POINTS, &split, NULL), ISCC_OK);
  ck_assert_double_eq(split.keep_min, 0.5);
  ck_assert_double_eq_tol(split.pruning_loss, 0.3, 1e-6);
  ck_assert_double_eq_tol(split.pruning_slope, 0.1, 1e-6);
  /* a width that nobody would use does not count */
  make_points(0.3, 0.1, 0.2, 0, 9, points);
  for (int i = 0; i < POINTS; i++)
    if (points[i].bits == 2) points[i].accuracy *= points[i].keep_ratio < 1 ? 0.2 : 0.6;
  ck_assert_int_eq(iscc_loss_fit(&settings, points, POINTS, &split, NULL), ISCC_OK);
  ck_assert_double_eq(split.keep_min, ratio[RATIOS - 1]);
}
END_TEST

/* The one factor of u(p) is that of least squares over the runs that only prune. */
START_TEST(the_single_factor_is_least_squares) {
  iscc_loss_point points[POINTS];
  iscc_loss_settings settings;
  iscc_split_calibration split = {0};
  iscc_loss_defaults(&settings);
  make_points(0.3, 0.1, 0.2, 0.004, 11, points);
  ck_assert_int_eq(iscc_loss_fit(&settings, points, POINTS, &split, NULL), ISCC_OK);
  double errors[3];
  for (int k = 0; k < 3; k++) {
    const double factor = split.pruning_loss_u * (0.99 + 0.01 * k);
    errors[k] = 0;
    for (int i = 0; i < POINTS; i++)
      if (!points[i].bits)
        errors[k] += pow(
            points[i].base * (1 - factor * iscc_pruning_shape(points[i].keep_ratio)) - points[i].accuracy, 2);
  }
  ck_assert_double_lt(errors[1], errors[0]);
  ck_assert_double_lt(errors[1], errors[2]);
  ck_assert_double_eq_tol(split.pruning_rmse_u, sqrt(errors[1] / (RATIOS * BASES)), 1e-12);
  ck_assert_double_lt(split.pruning_rmse, split.pruning_rmse_u);
}
END_TEST

START_TEST(retained_share_is_the_formula) {
  iscc_split_calibration split = {.pruning_loss = 0.5, .pruning_slope = 0.2};
  split.quantization_loss[4] = 0.1;
  ck_assert_double_eq_tol(iscc_split_retained(&split, 1, 0), 1, 1e-15);
  ck_assert_double_eq_tol(iscc_split_retained(&split, 1, 4), 0.9, 1e-15);
  const double u = 1.5 - 0.5 * pow(log(0.5) - 1, 2);
  ck_assert_double_eq_tol(iscc_split_retained(&split, 0.5, 4), 0.9 - 0.5 * u - 0.2 * 0.5, 1e-15);
  split.pruning_loss = 100;
  ck_assert(iscc_split_retained(&split, 0.1, 4) == 0.0);
}
END_TEST

/* u(p) against its integral: u is lambda^2 E[w^2; |w| below the p-quantile from the top] for |w| ~
 * Exp(lambda). */
START_TEST(pruning_shape_is_the_lost_energy) {
  const double p = 0.05 + 0.1 * _i, cut = -log(p);
  double sum = 0;
  enum { STEPS = 200000 };
  for (int i = 0; i < STEPS; i++) {
    const double w = (i + 0.5) * cut / STEPS;
    sum += w * w * exp(-w) * cut / STEPS;
  }
  ck_assert_double_eq_tol(iscc_pruning_shape(p), sum, 1e-9);
  ck_assert(iscc_pruning_shape(1) == 0.0);
}
END_TEST

START_TEST(bad_input_is_refused) {
  const iscc_loss_point bad[] = {{0, 2, 0.5, 0.9}, {1, 1, 0.5, 0.9}, {1, 17, 0.5, 0.9},
                                 {1, 2, 1.5, 0.9}, {1, 2, 0.5, 0},   {1, 2, (double)NAN, 0.9}};
  iscc_loss_settings settings;
  iscc_split_calibration split = {0};
  iscc_loss_defaults(&settings);
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
    ck_assert_int_eq(iscc_loss_fit(&settings, &bad[i], 1, &split, NULL), ISCC_EINVAL);
  const iscc_loss_point fine = {1, 2, 0.5, 0.9};
  settings.caution = 0.5;
  ck_assert_int_eq(iscc_loss_fit(&settings, &fine, 1, &split, NULL), ISCC_EINVAL);
  iscc_loss_defaults(&settings);
  settings.knee = 1.5;
  ck_assert_int_eq(iscc_loss_fit(&settings, &fine, 1, &split, NULL), ISCC_EINVAL);
}
END_TEST

Suite *iscc_suite_loss_fit(void);
Suite *iscc_suite_loss_fit(void) {
  Suite *s = suite_create("inference: loss fit");
  TCase *t = tcase_create("loss fit");
  tcase_set_timeout(t, 60);
  tcase_add_test(t, exact_losses_are_found);
  tcase_add_loop_test(t, no_losses_nearby_are_better, 0, 2);
  tcase_add_test(t, caution_keeps_promises);
  tcase_add_test(t, a_collapse_is_not_promised);
  tcase_add_test(t, p_min_stands_above_a_collapse);
  tcase_add_test(t, the_single_factor_is_least_squares);
  tcase_add_test(t, retained_share_is_the_formula);
  tcase_add_loop_test(t, pruning_shape_is_the_lost_energy, 0, 10);
  tcase_add_test(t, bad_input_is_refused);
  suite_add_tcase(s, t);
  return s;
}
