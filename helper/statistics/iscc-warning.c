/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-warning.h"

#include <math.h>

#include "iscc-skewness.h"

iscc_warning iscc_warning_of(const double *values, size_t n) {
  for (size_t i = 0; i < n; i++)
    if (!isfinite(values[i])) return ISCC_WARNING_NOT_FINITE;
  if (n < 5) return ISCC_WARNING_FEW;
  const double skewness = fabs(iscc_skewness_of(values, n)); /* NAN, and no warning, without scatter */
  return skewness > 1.5 && (double)n < 25 * skewness * skewness ? ISCC_WARNING_SKEWED : ISCC_WARNING_NONE;
}

const char *iscc_warning_text(iscc_warning warning) {
  switch (warning) {
  case ISCC_WARNING_NONE:
    return "";
  case ISCC_WARNING_FEW:
    return "fewer than 5 values";
  case ISCC_WARNING_SKEWED:
    return "strongly skewed values, too few of them";
  case ISCC_WARNING_NOT_FINITE:
    return "a value is not a finite number";
  }
  return "unknown warning";
}
