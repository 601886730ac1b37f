/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-pchip.h"

#include <math.h>

static double wrap(double x) {
  const double w = x - floor(x);
  return w < 1.0 ? w : 0.0; /* a tiny negative x rounds up to 1 */
}

/* Width of the interval that starts at point i; the last one leads round to the first point. */
static double width_of(const iscc_pchip *c, int i) {
  return i + 1 < c->points ? c->x[i + 1] - c->x[i] : c->x[0] + 1.0 - c->x[i];
}

static double chord_of(const iscc_pchip *c, int i) {
  return (c->y[(i + 1) % c->points] - c->y[i]) / width_of(c, i);
}

static double slope_at(const iscc_pchip *c, int i) {
  const int before = (i + c->points - 1) % c->points;
  const double left = chord_of(c, before), right = chord_of(c, i);
  if (left * right <= 0.0) return 0.0; /* a local extremum stays one */
  const double h_left = width_of(c, before), h_right = width_of(c, i);
  const double w_left = 2.0 * h_right + h_left, w_right = h_right + 2.0 * h_left;
  return (w_left + w_right) / (w_left / left + w_right / right);
}

void iscc_pchip_build(iscc_pchip *curve, int points, const double *x, const double *y) {
  curve->points = points;
  for (int n = 0; n < points; n++) { /* insertion sort by wrapped x */
    const double key = wrap(x[n]);
    int i = n;
    for (; i > 0 && curve->x[i - 1] > key; i--) {
      curve->x[i] = curve->x[i - 1];
      curve->y[i] = curve->y[i - 1];
    }
    curve->x[i] = key;
    curve->y[i] = y[n];
  }
  for (int i = 0; i < points; i++) curve->slope[i] = slope_at(curve, i);
}

double iscc_pchip_at(const iscc_pchip *c, double x) {
  double at = wrap(x);
  if (at < c->x[0]) at += 1.0;
  int i = c->points - 1;
  while (i > 0 && c->x[i] > at) i--;
  const int next = (i + 1) % c->points;
  const double h = width_of(c, i), s = (at - c->x[i]) / h;
  /* Hermite form on s in [0, 1] */
  return c->y[i] + s * (h * c->slope[i] +
                        s * (3.0 * (c->y[next] - c->y[i]) - h * (2.0 * c->slope[i] + c->slope[next]) +
                             s * (h * (c->slope[i] + c->slope[next]) - 2.0 * (c->y[next] - c->y[i]))));
}
