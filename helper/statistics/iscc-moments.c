/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-moments.h"

#include <math.h>

void iscc_moments_add(iscc_moments *moments, double value) {
  const double step = value - moments->mean;
  moments->count++;
  moments->mean += step / (double)moments->count;
  moments->scatter += step * (value - moments->mean);
}

iscc_moments iscc_moments_of(const double *values, size_t n) {
  iscc_moments moments = {0};
  for (size_t i = 0; i < n; i++) iscc_moments_add(&moments, values[i]);
  return moments;
}

double iscc_moments_variance(const iscc_moments *moments) {
  return moments->count < 2 ? (double)NAN : moments->scatter / ((double)moments->count - 1);
}

double iscc_moments_error(const iscc_moments *moments) {
  return sqrt(iscc_moments_variance(moments) / (double)moments->count);
}

iscc_mean_interval iscc_moments_interval(const iscc_moments *moments, double confidence) {
  return (iscc_mean_interval){moments->count ? moments->mean : (double)NAN,
                              iscc_mean_interval_quantile(moments->count, confidence) *
                                  iscc_moments_error(moments)};
}
