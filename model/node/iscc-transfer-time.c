/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-transfer-time.h"

#include <math.h>
#include <string.h>

static const double ROUNDING_S = 1e-6;

void iscc_transfer_time_begin(iscc_transfer_time *t, double quantile) {
  memset(t, 0, sizeof *t);
  t->quantile = quantile;
}

/* Where a ratio stands, or would, among those in order. */
static int place_of(const iscc_transfer_time *t, double ratio) {
  int low = 0, high = t->count;
  while (low < high) {
    const int middle = (low + high) / 2;
    if (t->ordered[middle] < ratio)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

void iscc_transfer_time_skip(iscc_transfer_time *t) {
  if (t->count == 0) return;
  const int place = place_of(t, t->latest[t->oldest]);
  memmove(&t->ordered[place], &t->ordered[place + 1], (size_t)(t->count - 1 - place) * sizeof *t->ordered);
  t->oldest = (t->oldest + 1) % ISCC_TRANSFER_TIMES;
  t->count--;
}

void iscc_transfer_time_add(iscc_transfer_time *t, double modelled_s, double realised_s) {
  const double ratio = fabs(realised_s - modelled_s) <= ROUNDING_S ? 1 : realised_s / modelled_s;
  if (!isfinite(ratio)) return;
  if (t->count == ISCC_TRANSFER_TIMES) iscc_transfer_time_skip(t);
  const int place = place_of(t, ratio);
  memmove(&t->ordered[place + 1], &t->ordered[place], (size_t)(t->count - place) * sizeof *t->ordered);
  t->ordered[place] = ratio;
  t->latest[(t->oldest + t->count) % ISCC_TRANSFER_TIMES] = ratio;
  t->count++;
}

double iscc_transfer_time_factor(const iscc_transfer_time *t) {
  if (t->count == 0 || !(t->quantile > 0)) return 1;
  const int k = (int)ceil((t->count + 1) * t->quantile);
  return fmax(1, t->ordered[k < t->count ? k - 1 : t->count - 1]);
}
