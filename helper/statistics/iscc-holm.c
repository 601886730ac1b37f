/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-holm.h"

#include <math.h>
#include <stdlib.h>

typedef struct {
  double p;
  size_t place;
} comparison;

static int by_p(const void *left, const void *right) {
  const double a = ((const comparison *)left)->p, b = ((const comparison *)right)->p;
  return (a > b) - (a < b);
}

static iscc_status check_range(const double *p, size_t m, iscc_error *error) {
  for (size_t i = 0; i < m; i++)
    if (p[i] < 0 || p[i] > 1)
      return iscc_fail(error, ISCC_EINVAL, "p-value %zu: %g is not in [0, 1]", i + 1, p[i]);
  return ISCC_OK;
}

/* The comparisons that were made, smallest p first; returns their number. */
static size_t sort_made(const double *p, size_t m, comparison *made) {
  size_t k = 0;
  for (size_t i = 0; i < m; i++)
    if (!isnan(p[i])) made[k++] = (comparison){p[i], i};
  qsort(made, k, sizeof *made, by_p);
  return k;
}

iscc_status iscc_holm_adjust(const double *p, size_t m, double *adjusted, iscc_error *error) {
  const iscc_status status = check_range(p, m, error);
  if (status || !m) return status;
  comparison *made = calloc(m, sizeof *made);
  if (!made) return iscc_fail(error, ISCC_ENOMEM, "no memory for %zu comparisons", m);
  const size_t k = sort_made(p, m, made);
  for (size_t i = 0; i < m; i++) adjusted[i] = NAN;
  double largest = 0;
  for (size_t i = 0; i < k; i++) {
    largest = fmax(largest, fmin(1, (double)(k - i) * made[i].p));
    adjusted[made[i].place] = largest;
  }
  free(made);
  return ISCC_OK;
}
