/* SPDX-License-Identifier: GPL-2.0-only */
#include <math.h>

#include "iscc-problem.h"

double iscc_accuracy_curve_at(const iscc_accuracy_curve *c, double power_w) {
  if (c->kind == ISCC_CURVE_ARCTAN) return c->a * atan(c->b_per_w * power_w);
  if (power_w < c->power_w[0]) return 0; /* nothing is known there, nothing is promised */
  for (int i = 1; i < c->points; i++)
    if (power_w <= c->power_w[i]) {
      const double share = (power_w - c->power_w[i - 1]) / (c->power_w[i] - c->power_w[i - 1]);
      return c->accuracy[i - 1] + share * (c->accuracy[i] - c->accuracy[i - 1]);
    }
  return c->accuracy[c->points - 1];
}

/* The first point of the table that reaches the accuracy; points when none does. */
static int table_segment(const iscc_accuracy_curve *c, double accuracy) {
  int low = 0, high = c->points;
  while (low < high) {
    const int middle = (low + high) / 2;
    if (c->accuracy[middle] < accuracy)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

static iscc_sensing_point table_inverse(const iscc_accuracy_curve *c, double accuracy) {
  const int i = table_segment(c, accuracy);
  if (i == 0) return (iscc_sensing_point){.power_w = c->power_w[0]};
  if (i == c->points) return (iscc_sensing_point){.power_w = INFINITY, .slope_w = INFINITY, .segment = i};
  const double slope = (c->power_w[i] - c->power_w[i - 1]) / (c->accuracy[i] - c->accuracy[i - 1]);
  return (iscc_sensing_point){
      .power_w = c->power_w[i - 1] + slope * (accuracy - c->accuracy[i - 1]), .slope_w = slope, .segment = i};
}

iscc_sensing_point iscc_accuracy_curve_inverse(const iscc_accuracy_curve *c, double accuracy) {
  if (c->kind == ISCC_CURVE_TABLE) return table_inverse(c, accuracy);
  const double angle = fmax(accuracy, 0) / c->a, at_zero_w = 1 / (c->a * c->b_per_w);
  if (!(angle < 1.57079632679489661923))
    return (iscc_sensing_point){.power_w = INFINITY, .slope_w = INFINITY};
  const double tangent = tan(angle);
  return (iscc_sensing_point){.power_w = tangent / c->b_per_w,
                              .slope_w = (1 + tangent * tangent) * at_zero_w,
                              .bend = 2 * tangent / c->a};
}
