/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-transfer-time.h"

#include <math.h>
#include <string.h>

static const double RETURN = 0.125; /* of a lowered rank, a transfer that holds */

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

static void forget_oldest(iscc_transfer_time *t) {
  const int place = place_of(t, t->latest[t->oldest]);
  memmove(&t->ordered[place], &t->ordered[place + 1], (size_t)(t->count - 1 - place) * sizeof *t->ordered);
  t->oldest = (t->oldest + 1) % ISCC_TRANSFER_TIMES;
  t->count--;
}

/* k; 0 without any ratio. */
static int rank_of(const iscc_transfer_time *t) {
  const int k = (int)ceil((t->count + 1) * t->quantile);
  return k < t->count ? k : t->count;
}

void iscc_transfer_time_skip(iscc_transfer_time *t) {
  if (t->skipped < ISCC_TRANSFER_PATIENCE)
    t->skipped++;
  else if (t->lowered < rank_of(t))
    t->lowered++;
}

void iscc_transfer_time_add(iscc_transfer_time *t, double modelled_s, double realised_s, double rounding_s) {
  const double ratio = fabs(realised_s - modelled_s) <= rounding_s ? 1 : realised_s / modelled_s;
  t->skipped = 0;
  t->lowered = fmax(0, t->lowered - (ratio <= iscc_transfer_time_factor(t) ? RETURN : 1));
  if (!(ratio > 0 && isfinite(ratio))) return;
  if (t->count == ISCC_TRANSFER_TIMES) forget_oldest(t);
  const int place = place_of(t, ratio);
  memmove(&t->ordered[place + 1], &t->ordered[place], (size_t)(t->count - place) * sizeof *t->ordered);
  t->ordered[place] = ratio;
  t->latest[(t->oldest + t->count) % ISCC_TRANSFER_TIMES] = ratio;
  t->count++;
}

double iscc_transfer_time_factor(const iscc_transfer_time *t) {
  if (t->count == 0 || !(t->quantile > 0)) return 1;
  if (t->lowered == 0 && (t->count + 1) * t->quantile > t->count) return fmax(1, t->ordered[t->count - 1]);
  const int k = rank_of(t) - (int)ceil(t->lowered);
  return k > 0 ? t->ordered[k - 1] : fmin(1, t->ordered[0]);
}
