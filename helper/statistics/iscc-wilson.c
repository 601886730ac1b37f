/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-wilson.h"

#include <math.h>

#define MATHLIB_STANDALONE
#include <Rmath.h>

iscc_proportion iscc_wilson_of(double k, double n, double confidence) {
  const iscc_proportion none = {NAN, NAN, NAN};
  if (!(n > 0 && k >= 0 && k <= n && confidence > 0 && confidence < 1)) return none;
  const double z = qnorm((1 + confidence) / 2, 0, 1, 1, 0), share = k / n, extra = z * z / n;
  const double centre = share + extra / 2;
  const double reach = sqrt(extra * (share * (1 - share) + extra / 4));
  return (iscc_proportion){.share = share,
                           .low = k > 0 ? (centre - reach) / (1 + extra) : 0,
                           .high = k < n ? (centre + reach) / (1 + extra) : 1};
}
