/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-sign-flip.h"

#include <math.h>
#include <stdlib.h>

/* chance[t]: that those of a positive sign come to t in all, when each has it with 1/2. */
static void count_sums(const double *difference, size_t n, double *chance) {
  size_t most = 0;
  chance[0] = 1;
  for (size_t i = 0; i < n; i++) {
    const size_t size = (size_t)fabs(difference[i]);
    if (!size) continue;
    most += size;
    for (size_t t = most; t >= size; t--) chance[t] = (chance[t] + chance[t - size]) / 2;
    for (size_t t = 0; t < size; t++) chance[t] /= 2;
  }
}

iscc_status iscc_sign_flip_test(const double *difference, size_t n, double *p_value, iscc_error *error) {
  double all = 0, sum = 0, p = 0;
  for (size_t i = 0; i < n; i++) {
    if (!(difference[i] == round(difference[i])))
      return iscc_fail(error, ISCC_EINVAL, "difference %zu: %g is not a whole number", i + 1, difference[i]);
    all += fabs(difference[i]);
    sum += difference[i];
  }
  if (!(all * (double)n <= ISCC_SIGN_FLIP_MOST))
    return iscc_fail(error, ISCC_EINVAL, "%zu differences of %g in all are too many to count; at most %g", n,
                     all, ISCC_SIGN_FLIP_MOST);
  double *chance = calloc((size_t)all + 1, sizeof *chance);
  if (!chance) return iscc_fail(error, ISCC_ENOMEM, "no memory for %g sums of differences", all);
  count_sums(difference, n, chance);
  for (size_t t = 0; t <= (size_t)all; t++)
    if (fabs(2 * (double)t - all) >= fabs(sum)) p += chance[t];
  free(chance);
  *p_value = fmin(1, p);
  return ISCC_OK;
}
