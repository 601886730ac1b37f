/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-rounding.h"

#include <float.h>

double iscc_rounding_scatter(double scatter, size_t n, double largest) {
  const double deviation = 16 * DBL_EPSILON * largest;
  return scatter <= (double)n * deviation * deviation ? 0 : scatter;
}
