/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-proportion.h"

#define MATHLIB_STANDALONE
#include <Rmath.h>
#include <math.h>

#define TAIL 0.025 /* on each side */

iscc_proportion iscc_proportion_of(double k, double n) {
  if (!(n > 0)) return (iscc_proportion){NAN, NAN, NAN};
  return (iscc_proportion){.share = k / n,
                           .low = k > 0 ? qbeta(TAIL, k, n - k + 1, 1, 0) : 0,
                           .high = k < n ? qbeta(1 - TAIL, k + 1, n - k, 1, 0) : 1};
}
