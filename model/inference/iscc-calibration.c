/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-calibration.h"

#include <math.h>

double iscc_pruning_shape(double keep_ratio) {
  const double p = keep_ratio;
  /* With t = ln p: 2 - p (1 + (t - 1)^2). Near p = 1 the terms cancel, yet what is left, of order (1-p)^3,
   * stays below the rounding error there by far less than any accuracy that matters; never let it turn
   * negative. */
  const double t = log(p) - 1.0;
  const double u = 2.0 - p - p * t * t;
  return u > 0 ? u : 0;
}

double iscc_quantization_shape(int bits) {
  const double steps = ldexp(1.0, bits - 1) - 1.0;
  return 1.0 / (steps * steps);
}
