/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-skewness.h"

#include <math.h>

#include "iscc-moments.h"

double iscc_skewness_of(const double *values, size_t n) {
  const iscc_moments moments = iscc_moments_of(values, n);
  const double scatter = iscc_moments_scatter(&moments);
  if (n < 3 || !(scatter > 0)) return (double)NAN;
  const double count = (double)n, deviation = sqrt(scatter / count);
  double cubes = 0;
  for (size_t i = 0; i < n; i++) cubes += pow((values[i] - moments.mean) / deviation, 3);
  return sqrt(count * (count - 1)) / (count - 2) * cubes / count;
}
