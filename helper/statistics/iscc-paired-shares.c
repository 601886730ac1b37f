/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-paired-shares.h"

#include <math.h>

#include "iscc-wilson.h"

#define MATHLIB_STANDALONE
#include <Rmath.h>

bool iscc_are_binary(const double *values, size_t n) {
  for (size_t i = 0; i < n; i++)
    if (values[i] != 0 && values[i] != 1) return false;
  return n > 0;
}

double iscc_sign_test(size_t above, size_t below) {
  const double fewer = (double)(above < below ? above : below), all = (double)above + (double)below;
  return fmin(1, 2 * pbinom(fewer, all, 0.5, 1, 0));
}

/* How the two succeed together, less carefully known than it seems. */
static double correlation(double both, double only_a, double only_b, double neither) {
  const double margins = (both + only_a) * (only_b + neither) * (both + only_b) * (only_a + neither);
  double together = both * neither - only_a * only_b;
  if (together > 0) together = fmax(0, together - (both + only_a + only_b + neither) / 2);
  return margins > 0 ? together / sqrt(margins) : 0;
}

static double side(double x, double y, double phi) {
  const double square = x * x - 2 * phi * x * y + y * y;
  return square < 0 ? 0 : sqrt(square);
}

iscc_paired_shares iscc_paired_shares_of_counts(size_t both, size_t only_a, size_t only_b, size_t neither,
                                                double confidence) {
  const size_t n = both + only_a + only_b + neither;
  const double count = (double)n;
  const iscc_proportion a = iscc_wilson_of((double)(both + only_a), count, confidence),
                        b = iscc_wilson_of((double)(both + only_b), count, confidence);
  const double phi = correlation((double)both, (double)only_a, (double)only_b, (double)neither);
  const double difference = ((double)only_a - (double)only_b) / count;
  return (iscc_paired_shares){.n = n,
                              .difference = n ? difference : (double)NAN,
                              .low = difference - side(a.share - a.low, b.high - b.share, phi),
                              .high = difference + side(a.high - a.share, b.share - b.low, phi),
                              .p_value = n ? iscc_sign_test(only_a, only_b) : (double)NAN};
}

iscc_paired_shares iscc_paired_shares_of(const double *a, const double *b, size_t n, double confidence) {
  size_t count[2][2] = {{0, 0}, {0, 0}};
  for (size_t i = 0; i < n; i++) count[a[i] > 0][b[i] > 0]++;
  return iscc_paired_shares_of_counts(count[1][1], count[1][0], count[0][1], count[0][0], confidence);
}
