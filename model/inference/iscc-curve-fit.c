/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-curve-fit.h"

#include <cminpack.h>
#include <math.h>

enum { POINTS_MAX = ISCC_CURVE_FIT_POINTS_MAX };

static iscc_status check(const double *power_w, const double *accuracy, int points, iscc_error *error) {
  if (points < 2 || points > POINTS_MAX)
    return iscc_fail(error, ISCC_EINVAL, "curve: %d points, allowed are 2..%d", points, POINTS_MAX);
  for (int i = 0; i < points; i++) {
    if (!(power_w[i] > (i ? power_w[i - 1] : 0) && isfinite(power_w[i])))
      return iscc_fail(error, ISCC_EINVAL, "curve: powers must be positive and rise (point %d: %g W)", i,
                       power_w[i]);
    if (!(accuracy[i] >= 0 && accuracy[i] <= 1))
      return iscc_fail(error, ISCC_EINVAL, "curve: accuracy %g of point %d is outside 0..1", accuracy[i], i);
  }
  return ISCC_OK;
}

/* ---- arctan ---- */

typedef struct {
  const double *power_w, *accuracy;
} curve_data;

/* For given b the best a is a linear least-squares problem: only log b is searched. */
static double best_a(const curve_data *data, int points, double b) {
  double numerator = 0, denominator = 0;
  for (int i = 0; i < points; i++) {
    const double shape = atan(b * data->power_w[i]);
    numerator += shape * data->accuracy[i], denominator += shape * shape;
  }
  return numerator / denominator;
}

static int residuals(void *context, int m, int n, const double *x, double *out, int flag) {
  (void)n, (void)flag;
  const curve_data *data = context;
  const double b = exp(x[0]), a = best_a(data, m, b);
  for (int i = 0; i < m; i++) out[i] = a * atan(b * data->power_w[i]) - data->accuracy[i];
  return 0;
}

iscc_status iscc_arctan_fit(const double *power_w, const double *accuracy, int points, double *a,
                            double *b_per_w, double *rmse, iscc_error *error) {
  iscc_status status = check(power_w, accuracy, points, error);
  if (status) return status;
  curve_data data = {power_w, accuracy};
  /* Starts on a grid two per decade across the powers: the residual has flat stretches at both ends. */
  double x[1] = {0}, out[POINTS_MAX], least = INFINITY;
  for (double log_b = log(0.1 / power_w[points - 1]); log_b < log(10 / power_w[0]); log_b += 1.15) {
    double sum = 0;
    residuals(&data, points, 1, &log_b, out, 0);
    for (int i = 0; i < points; i++) sum += out[i] * out[i];
    if (sum < least) least = sum, x[0] = log_b;
  }
  int pivot[1];
  double work[POINTS_MAX + 5 + POINTS_MAX];
  const int info =
      lmdif1(residuals, &data, points, 1, x, out, 1e-12, pivot, work, (int)(sizeof work / sizeof *work));
  if (info < 1 || info > 4 || !isfinite(x[0]))
    return iscc_fail(error, ISCC_ENOCONV, "no arctan fits the accuracy curve (cminpack's answer %d)", info);
  *b_per_w = exp(x[0]);
  *a = best_a(&data, points, *b_per_w);
  double sum = 0;
  residuals(&data, points, 1, x, out, 0);
  for (int i = 0; i < points; i++) sum += out[i] * out[i];
  *rmse = sqrt(sum / points);
  return ISCC_OK;
}

/* ---- concave table ---- */

/* A half-space: sum of coefficient[k] t[first + k] <= limit, scaled to unit norm. */
typedef struct {
  int first, terms;
  double coefficient[3], limit;
} half_space;

static half_space normalized(half_space h) {
  double norm = 0;
  for (int k = 0; k < h.terms; k++) norm += h.coefficient[k] * h.coefficient[k];
  norm = sqrt(norm);
  for (int k = 0; k < h.terms; k++) h.coefficient[k] /= norm;
  h.limit /= norm;
  return h;
}

/* Not above the measured value; not falling; slopes not rising. */
static int list_constraints(const double *power_w, const double *accuracy, int points, half_space *list) {
  int n = 0;
  for (int i = 0; i < points; i++) list[n++] = (half_space){i, 1, {1}, accuracy[i]};
  for (int i = 1; i < points; i++) list[n++] = normalized((half_space){i - 1, 2, {1, -1}, 0});
  for (int i = 1; i + 1 < points; i++) {
    const double before = 1 / (power_w[i] - power_w[i - 1]), after = 1 / (power_w[i + 1] - power_w[i]);
    list[n++] = normalized((half_space){i - 1, 3, {before, -before - after, after}, 0});
  }
  return n;
}

/* Hildreth's method: cyclic projection on the half-spaces with a non-negative multiplier each converges to
 * the nearest point of their intersection (Dykstra's algorithm for half-spaces). */
static void project(const half_space *list, int n, double *t) {
  enum { SWEEPS_MAX = 200000 };
  double multiplier[3 * POINTS_MAX] = {0};
  for (int sweep = 0; sweep < SWEEPS_MAX; sweep++) {
    double moved = 0;
    for (int c = 0; c < n; c++) {
      double excess = -list[c].limit;
      for (int k = 0; k < list[c].terms; k++) excess += list[c].coefficient[k] * t[list[c].first + k];
      const double step = fmin(multiplier[c], -excess);
      multiplier[c] -= step;
      for (int k = 0; k < list[c].terms; k++) t[list[c].first + k] += step * list[c].coefficient[k];
      moved = fmax(moved, fabs(step));
    }
    if (moved < 1e-15) break;
  }
}

/* Removes exactly what the iteration leaves of violations (about 1e-15): first under the measured values,
 * those to the right included, so that going on flat is always allowed; then, from the left, each slope at
 * most the last. */
static void settle(const double *power_w, const double *accuracy, int points, double *t) {
  double cap[POINTS_MAX], slope = INFINITY;
  for (int i = points - 1; i >= 0; i--) cap[i] = i + 1 < points ? fmin(cap[i + 1], accuracy[i]) : accuracy[i];
  t[0] = fmax(fmin(t[0], cap[0]), 0);
  for (int i = 1; i < points; i++) {
    const double width = power_w[i] - power_w[i - 1];
    const double reach = t[i - 1] + slope * width; /* infinite at the first step */
    t[i] = fmax(fmin(fmin(t[i], reach), cap[i]), t[i - 1]);
    slope = (t[i] - t[i - 1]) / width;
  }
}

iscc_status iscc_concave_fit(const double *power_w, const double *accuracy, int points, double *table,
                             iscc_error *error) {
  const iscc_status status = check(power_w, accuracy, points, error);
  if (status) return status;
  half_space list[3 * POINTS_MAX];
  for (int i = 0; i < points; i++) table[i] = accuracy[i];
  project(list, list_constraints(power_w, accuracy, points, list), table);
  settle(power_w, accuracy, points, table);
  return ISCC_OK;
}
