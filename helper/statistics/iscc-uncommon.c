/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-uncommon.h"

#include <stdlib.h>

static int by_size(const void *a, const void *b) {
  const double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

size_t iscc_uncommon_of(double *values, size_t n) {
  size_t most = 0;
  if (n) qsort(values, n, sizeof *values, by_size);
  for (size_t i = 0, from = 0; i < n; i++) {
    if (values[i] != values[from]) from = i;
    if (i - from + 1 > most) most = i - from + 1;
  }
  return n - most;
}
