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

/* The table's segment i-1..i that reaches the accuracy; points when none does. */
static int table_segment(const iscc_accuracy_curve *c, double accuracy) {
  int i = 1;
  while (i < c->points && c->accuracy[i] < accuracy) i++;
  return i;
}

double iscc_accuracy_curve_power(const iscc_accuracy_curve *c, double accuracy) {
  if (c->kind == ISCC_CURVE_ARCTAN) {
    if (accuracy <= 0) return 0;
    const double angle = accuracy / c->a;
    return angle < 1.57079632679489661923 ? tan(angle) / c->b_per_w : (double)INFINITY;
  }
  if (accuracy <= c->accuracy[0]) return c->power_w[0];
  const int i = table_segment(c, accuracy);
  if (i == c->points) return (double)INFINITY;
  const double share = (accuracy - c->accuracy[i - 1]) / (c->accuracy[i] - c->accuracy[i - 1]);
  return c->power_w[i - 1] + share * (c->power_w[i] - c->power_w[i - 1]);
}

double iscc_accuracy_curve_power_slope(const iscc_accuracy_curve *c, double accuracy) {
  if (c->kind == ISCC_CURVE_ARCTAN) {
    const double tangent = tan(accuracy / c->a);
    return (1 + tangent * tangent) / (c->a * c->b_per_w);
  }
  if (accuracy <= c->accuracy[0]) return 0;
  const int i = table_segment(c, accuracy);
  if (i == c->points) return (double)INFINITY;
  return (c->power_w[i] - c->power_w[i - 1]) / (c->accuracy[i] - c->accuracy[i - 1]);
}
