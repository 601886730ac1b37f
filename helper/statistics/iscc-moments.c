/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-moments.h"

#include <math.h>

#include "iscc-rounding.h"

static void add(iscc_moments *moments, double value, double size) {
  const double step = value - moments->mean;
  moments->count++;
  moments->mean += step / (double)moments->count;
  moments->scatter += step * (value - moments->mean);
  moments->largest = fmax(moments->largest, size);
}

void iscc_moments_add(iscc_moments *moments, double value) {
  add(moments, value, fabs(value));
}

void iscc_moments_add_difference(iscc_moments *moments, double a, double b) {
  add(moments, a - b, fmax(fabs(a), fabs(b)));
}

iscc_moments iscc_moments_of(const double *values, size_t n) {
  iscc_moments moments = {0};
  for (size_t i = 0; i < n; i++) iscc_moments_add(&moments, values[i]);
  return moments;
}

double iscc_moments_scatter(const iscc_moments *moments) {
  return iscc_rounding_scatter(moments->scatter, moments->count, moments->largest);
}

double iscc_moments_variance(const iscc_moments *moments) {
  return moments->count < 2 ? (double)NAN : iscc_moments_scatter(moments) / ((double)moments->count - 1);
}

double iscc_moments_error(const iscc_moments *moments) {
  return sqrt(iscc_moments_variance(moments) / (double)moments->count);
}

iscc_mean_interval iscc_moments_interval(const iscc_moments *moments, double confidence) {
  return (iscc_mean_interval){moments->count ? moments->mean : (double)NAN,
                              iscc_mean_interval_quantile(moments->count, confidence) *
                                  iscc_moments_error(moments)};
}
