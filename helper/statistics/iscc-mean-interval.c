/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-mean-interval.h"

#include <math.h>

#define MATHLIB_STANDALONE
#include <Rmath.h>

#include "iscc-rounding.h"

double iscc_mean_interval_quantile(size_t n, double confidence) {
  if (n < 2 || !(confidence > 0 && confidence < 1)) return (double)NAN;
  return qt((1 + confidence) / 2, (double)n - 1, 1, 0);
}

static double mean(const double *values, size_t n) {
  double sum = 0;
  for (size_t i = 0; i < n; i++) sum += values[i];
  return sum / (double)n;
}

/* sum_i (x_i - m)^2, without rounding */
static double scatter(const double *values, size_t n) {
  const double m = mean(values, n);
  double squares = 0, largest = 0;
  for (size_t i = 0; i < n; i++) {
    squares += (values[i] - m) * (values[i] - m);
    largest = fmax(largest, fabs(values[i]));
  }
  return iscc_rounding_scatter(squares, n, largest);
}

iscc_mean_interval iscc_mean_interval_at(const double *values, size_t n, double confidence) {
  const double count = (double)n;
  const double error = sqrt(scatter(values, n) / (count * (count - 1)));
  return (iscc_mean_interval){mean(values, n), iscc_mean_interval_quantile(n, confidence) * error};
}

iscc_mean_interval iscc_mean_interval_of(const double *values, size_t n) {
  return iscc_mean_interval_at(values, n, 0.95);
}

iscc_mean_interval iscc_jackknife_interval(double whole, const double *without, size_t groups) {
  const double count = (double)groups;
  const double error = sqrt((count - 1) / count * scatter(without, groups));
  return (iscc_mean_interval){whole, iscc_mean_interval_quantile(groups, 0.95) * error};
}
