/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-loss-fit.h"

#include <math.h>

/* Unknowns, all >= 0: x[0] = kappa, x[Q] = q(Q) - q(Q+1), so that q falls with Q by itself. x[1] is not used.
 */
enum { UNKNOWNS = ISCC_BITS_MAX + 1, SWEEPS_MAX = 20000 };

void iscc_loss_defaults(iscc_loss_settings *settings) {
  *settings = (iscc_loss_settings){.caution = 20, .floor = 0.75};
}

static iscc_status check(const iscc_loss_settings *settings, const iscc_loss_point *points, size_t count,
                         iscc_error *error) {
  if (!(settings->caution >= 1 && isfinite(settings->caution)))
    return iscc_fail(error, ISCC_EINVAL, "loss fit: caution %g is not a number >= 1", settings->caution);
  if (!(settings->floor >= 0 && settings->floor <= 1))
    return iscc_fail(error, ISCC_EINVAL, "loss fit: floor %g is outside 0..1", settings->floor);
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
  double d = 1 - x[0] * iscc_pruning_shape(p->keep_ratio);
  for (int bits = p->bits; p->bits && bits < UNKNOWNS; bits++) d -= x[bits];
  return d;
}

/* Derivative of -D with respect to an unknown. */
static double slope(const iscc_loss_point *p, int unknown) {
  if (unknown == 0) return iscc_pruning_shape(p->keep_ratio);
  return p->bits && p->bits <= unknown ? 1 : 0;
}

/* What the model promises too much (> 0, weight caution) or too little (< 0, weight 1), in accuracy. */
static double residual(const iscc_loss_settings *s, const double *x, const iscc_loss_point *p,
                       double *weight) {
  const double have = measured(p), model = model_at(x, p);
  const double excess = have >= s->floor ? model - have : fmax(model - s->floor, 0);
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

/* The factor of v(Q) nearest to the unpruned points above the floor, and the error it leaves in accuracy. */
static void fit_shape(const iscc_loss_settings *s, const iscc_loss_point *points, size_t count,
                      iscc_split_calibration *split) {
  double numerator = 0, denominator = 0, squares = 0;
  int n = 0;
  for (int pass = 0; pass < 2; pass++)
    for (size_t i = 0; i < count; i++) {
      const iscc_loss_point *p = &points[i];
      if (!p->bits || p->keep_ratio < 1 || measured(p) < s->floor) continue;
      const double shape = p->base * iscc_quantization_shape(p->bits), loss = p->base - p->accuracy;
      if (pass == 0) {
        numerator += shape * loss, denominator += shape * shape;
      } else {
        squares += pow(split->quantization_loss_v * shape - loss, 2);
        n++;
      }
      if (denominator > 0) split->quantization_loss_v = fmax(numerator / denominator, 0);
    }
  if (!(denominator > 0)) split->quantization_loss_v = 0;
  split->quantization_rmse = n ? sqrt(squares / n) : 0;
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

static void measure_errors(const iscc_loss_settings *s, const iscc_loss_point *points, size_t count,
                           iscc_split_calibration *split) {
  double squares = 0, most = 0;
  int n = 0;
  for (size_t i = 0; i < count; i++) {
    const iscc_loss_point *p = &points[i];
    if (measured(p) < s->floor) continue;
    const double excess = p->base * iscc_split_retained(split, p->keep_ratio, p->bits) - p->accuracy;
    most = fmax(most, excess);
    if (!p->bits) squares += excess * excess, n++;
  }
  split->promise_excess = most;
  split->pruning_rmse = n ? sqrt(squares / n) : 0;
}

iscc_status iscc_loss_fit(const iscc_loss_settings *settings, const iscc_loss_point *points, size_t count,
                          iscc_split_calibration *split, iscc_error *error) {
  const iscc_status status = check(settings, points, count, error);
  if (status) return status;
  double x[UNKNOWNS] = {0};
  for (int sweep = 0; sweep < SWEEPS_MAX; sweep++) {
    double moved = 0;
    for (int unknown = 0; unknown < UNKNOWNS; unknown++)
      if (unknown != 1) moved = fmax(moved, improve(settings, points, count, x, unknown));
    if (moved < 1e-12) break;
  }
  split->pruning_loss = x[0];
  spread_losses(points, count, x, split);
  fit_shape(settings, points, count, split);
  measure_errors(settings, points, count, split);
  return ISCC_OK;
}

double iscc_split_retained(const iscc_split_calibration *split, double keep_ratio, int bits) {
  const double lost =
      split->pruning_loss * iscc_pruning_shape(keep_ratio) + (bits ? split->quantization_loss[bits] : 0);
  return lost < 1 ? 1 - lost : 0;
}
