/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-loss-fit.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

/* Unknowns, all >= 0: x[0] = kappa, x[1] = tau, x[Q] = q(Q) - q(Q+1), so that q falls with Q by itself. */
enum { KAPPA = 0, TAU = 1, UNKNOWNS = ISCC_BITS_MAX + 1, SWEEPS_MAX = 20000 };

void iscc_loss_defaults(iscc_loss_settings *settings) {
  *settings = (iscc_loss_settings){.caution = 100, .floor = 0.75, .knee = 0.85};
}

static iscc_status check(const iscc_loss_settings *settings, const iscc_loss_point *points, size_t count,
                         iscc_error *error) {
  if (!(settings->caution >= 1 && isfinite(settings->caution)))
    return iscc_fail(error, ISCC_EINVAL, "loss fit: caution %g is not a number >= 1", settings->caution);
  if (!(settings->floor >= 0 && settings->floor <= 1))
    return iscc_fail(error, ISCC_EINVAL, "loss fit: floor %g is outside 0..1", settings->floor);
  if (!(settings->knee >= 0 && settings->knee <= 1))
    return iscc_fail(error, ISCC_EINVAL, "loss fit: knee %g is outside 0..1", settings->knee);
  for (size_t i = 0; i < count; i++) {
    const iscc_loss_point *p = &points[i];
    const int bits_fit = p->bits == 0 || (p->bits >= ISCC_BITS_MIN && p->bits <= ISCC_BITS_MAX);
    if (!(p->keep_ratio > 0 && p->keep_ratio <= 1) || !bits_fit || !(p->accuracy >= 0 && p->accuracy <= 1) ||
        !(p->base > 0 && p->base <= 1))
      return iscc_fail(error, ISCC_EINVAL, "loss fit: point %zu is out of range", i);
  }
  return ISCC_OK;
}

static double measured(const iscc_loss_point *p) {
  return p->accuracy / p->base;
}

static double model_at(const double *x, const iscc_loss_point *p) {
  double d = 1 - x[KAPPA] * iscc_pruning_shape(p->keep_ratio) - x[TAU] * (1 - p->keep_ratio);
  for (int bits = p->bits; p->bits && bits < UNKNOWNS; bits++) d -= x[bits];
  return d;
}

/* Derivative of -D with respect to an unknown. */
static double slope(const iscc_loss_point *p, int unknown) {
  if (unknown == KAPPA) return iscc_pruning_shape(p->keep_ratio);
  if (unknown == TAU) return 1 - p->keep_ratio;
  return p->bits && p->bits <= unknown ? 1 : 0;
}

/* What the model promises too much (> 0, weight caution) or too little (< 0, weight 1), in accuracy. */
static double residual(const iscc_loss_settings *s, const double *x, const iscc_loss_point *p,
                       double *weight) {
  const double excess = model_at(x, p) - measured(p);
  *weight = excess > 0 ? s->caution : 1;
  return excess * p->base;
}

/* Half the objective's first and second derivative along one unknown. */
static double gradient(const iscc_loss_settings *s, const iscc_loss_point *points, size_t count,
                       const double *x, int unknown, double *curvature) {
  double first = 0;
  *curvature = 0;
  for (size_t i = 0; i < count; i++) {
    double weight;
    const double excess = residual(s, x, &points[i], &weight),
                 c = slope(&points[i], unknown) * points[i].base;
    first -= weight * excess * c;
    if (excess != 0) *curvature += weight * c * c;
  }
  return first;
}

/* Minimizes along one unknown. The objective is convex and piecewise quadratic: Newton's steps end on the
 * right piece, or, should they go to and fro between two, in the bracket that halves then. Returns how far
 * the unknown moved. */
static double improve(const iscc_loss_settings *s, const iscc_loss_point *points, size_t count, double *x,
                      int unknown) {
  const double before = x[unknown];
  double low = 0, high = INFINITY, curvature;
  for (int step = 0; step < 60; step++) {
    const double first = gradient(s, points, count, x, unknown, &curvature);
    if (first == 0 || !(curvature > 0)) break;
    if (first > 0)
      high = x[unknown];
    else
      low = x[unknown];
    double next = fmax(x[unknown] - first / curvature, 0);
    if (isfinite(high) && (next < low || next > high)) next = 0.5 * (low + high);
    const double moved = fabs(next - x[unknown]);
    x[unknown] = next;
    if (moved < 1e-15) break;
  }
  return fabs(x[unknown] - before);
}

/* Beside what is planned with: the one factor of u(p), or of v(Q), nearest to the points that only prune, or
 * only quantize, and the error it leaves in accuracy. */
static void fit_shape(const iscc_loss_point *points, size_t count, bool quantization, double *factor,
                      double *rmse) {
  double numerator = 0, denominator = 0, squares = 0;
  int n = 0;
  for (int pass = 0; pass < 2; pass++) {
    for (size_t i = 0; i < count; i++) {
      const iscc_loss_point *p = &points[i];
      if (quantization ? !p->bits || p->keep_ratio < 1 : p->bits != 0) continue;
      const double shape =
          p->base * (quantization ? iscc_quantization_shape(p->bits) : iscc_pruning_shape(p->keep_ratio));
      const double loss = p->base - p->accuracy;
      numerator += shape * loss, denominator += shape * shape;
      squares += pow(*factor * shape - loss, 2);
      n++;
    }
    if (pass == 0) {
      *factor = denominator > 0 ? fmax(numerator / denominator, 0) : 0;
      squares = n = 0;
    }
  }
  *rmse = n ? sqrt(squares / n) : 0;
}

/* The least accuracy factor of the unpruned points of each width; INFINITY where there are none. */
static void find_unpruned(const iscc_loss_point *points, size_t count, double *whole) {
  for (int bits = 0; bits < UNKNOWNS; bits++) whole[bits] = INFINITY;
  for (size_t i = 0; i < count; i++)
    if (points[i].keep_ratio >= 1) whole[points[i].bits] = fmin(whole[points[i].bits], measured(&points[i]));
}

/* p_min. */
static double least_keep(const iscc_loss_settings *s, const iscc_loss_point *points, size_t count,
                         const double *whole) {
  double least = 1, collapsed = 0;
  for (size_t i = 0; i < count; i++) {
    const double had = whole[points[i].bits];
    if (isfinite(had) && had >= s->floor && measured(&points[i]) < s->knee * had)
      collapsed = fmax(collapsed, points[i].keep_ratio);
  }
  for (size_t i = 0; i < count; i++)
    if (points[i].keep_ratio > collapsed) least = fmin(least, points[i].keep_ratio);
  return least;
}

/* Copies the points of at least p_min, those of widths fit for use first; returns how many these are. *count
 * becomes the number of all. */
static size_t select_points(const iscc_loss_settings *s, const iscc_loss_point *points, size_t *count,
                            double keep_min, const double *whole, iscc_loss_point *chosen) {
  size_t n = 0, usable = 0;
  for (int pass = 0; pass < 2; pass++) {
    for (size_t i = 0; i < *count; i++)
      if (points[i].keep_ratio >= keep_min && (whole[points[i].bits] >= s->floor) == (pass == 0))
        chosen[n++] = points[i];
    if (pass == 0) usable = n;
  }
  *count = n;
  return usable;
}

static void spread_losses(const iscc_loss_point *points, size_t count, const double *x,
                          iscc_split_calibration *split) {
  double loss[ISCC_BITS_MAX + 2] = {0};
  for (int bits = ISCC_BITS_MAX; bits >= ISCC_BITS_MIN; bits--) loss[bits] = loss[bits + 1] + x[bits];
  int last = 0; /* the highest Q so far that was measured */
  for (int bits = ISCC_BITS_MIN; bits <= ISCC_BITS_MAX; bits++) {
    for (size_t i = 0; i < count; i++)
      if (points[i].bits == bits) last = bits;
    split->quantization_loss[bits] =
        last == bits || !last ? loss[bits]
                              : loss[last] * iscc_quantization_shape(bits) / iscc_quantization_shape(last);
  }
}

/* Raises the losses of widths that are not fit for use until they cover every point; fewer bits lose no less.
 */
static void cover_points(const iscc_loss_point *points, size_t count, iscc_split_calibration *split) {
  for (size_t i = 0; i < count; i++) {
    const iscc_loss_point *p = &points[i];
    const double excess = iscc_split_retained(split, p->keep_ratio, p->bits) - measured(p);
    if (p->bits && excess > 0) split->quantization_loss[p->bits] += excess;
  }
  for (int bits = ISCC_BITS_MAX - 1; bits >= ISCC_BITS_MIN; bits--)
    split->quantization_loss[bits] = fmax(split->quantization_loss[bits], split->quantization_loss[bits + 1]);
}

static void measure_errors(const iscc_loss_point *points, size_t count, iscc_split_calibration *split) {
  double squares = 0, most = 0;
  int n = 0;
  for (size_t i = 0; i < count; i++) {
    const iscc_loss_point *p = &points[i];
    const double excess = p->base * iscc_split_retained(split, p->keep_ratio, p->bits) - p->accuracy;
    most = fmax(most, excess);
    if (!p->bits) squares += excess * excess, n++;
  }
  split->promise_excess = most;
  split->pruning_rmse = n ? sqrt(squares / n) : 0;
}

static void fit_losses(const iscc_loss_settings *settings, const iscc_loss_point *points, size_t count,
                       double *x) {
  for (int sweep = 0; sweep < SWEEPS_MAX; sweep++) {
    double moved = 0;
    for (int unknown = 0; unknown < UNKNOWNS; unknown++)
      moved = fmax(moved, improve(settings, points, count, x, unknown));
    if (moved < 1e-12) return;
  }
}

iscc_status iscc_loss_fit(const iscc_loss_settings *settings, const iscc_loss_point *all, size_t count,
                          iscc_split_calibration *split, iscc_error *error) {
  iscc_status status = check(settings, all, count, error);
  if (status) return status;
  iscc_loss_point *points = malloc((count + 1) * sizeof *points);
  if (!points) return iscc_fail(error, ISCC_ENOMEM, "out of memory fitting losses");
  double x[UNKNOWNS] = {0}, whole[UNKNOWNS];
  find_unpruned(all, count, whole);
  split->keep_min = least_keep(settings, all, count, whole);
  const size_t usable = select_points(settings, all, &count, split->keep_min, whole, points);
  fit_losses(settings, points, usable, x);
  split->pruning_loss = x[KAPPA];
  split->pruning_slope = x[TAU];
  spread_losses(points, usable, x, split);
  cover_points(points + usable, count - usable, split);
  fit_shape(points, usable, false, &split->pruning_loss_u, &split->pruning_rmse_u);
  fit_shape(points, usable, true, &split->quantization_loss_v, &split->quantization_rmse);
  measure_errors(points, count, split);
  free(points);
  return ISCC_OK;
}

double iscc_split_retained(const iscc_split_calibration *split, double keep_ratio, int bits) {
  const double lost = split->pruning_loss * iscc_pruning_shape(keep_ratio) +
                      split->pruning_slope * (1 - keep_ratio) + (bits ? split->quantization_loss[bits] : 0);
  return lost < 1 ? 1 - lost : 0;
}
