/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-mean-interval.h"

#include <math.h>

#define MATHLIB_STANDALONE
#include <Rmath.h>

static double quantile(size_t n) {
  return n < 2 ? (double)NAN : qt(0.975, (double)n - 1, 1, 0);
}

static double mean(const double *values, size_t n) {
  double sum = 0;
  for (size_t i = 0; i < n; i++) sum += values[i];
  return sum / (double)n;
}

/* sum_i (x_i - m)^2 */
static double scatter(const double *values, size_t n) {
  const double m = mean(values, n);
  double squares = 0;
  for (size_t i = 0; i < n; i++) squares += (values[i] - m) * (values[i] - m);
  return squares;
}

iscc_mean_interval iscc_mean_interval_of(const double *values, size_t n) {
  const double count = (double)n;
  return (iscc_mean_interval){mean(values, n),
                              quantile(n) * sqrt(scatter(values, n) / (count * (count - 1)))};
}

iscc_mean_interval iscc_jackknife_interval(double whole, const double *without, size_t groups) {
  const double count = (double)groups;
  return (iscc_mean_interval){whole, quantile(groups) * sqrt((count - 1) / count * scatter(without, groups))};
}
