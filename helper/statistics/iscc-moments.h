/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-moments - mean and variance of values that come one by one.
 *
 *   mean       m_n = m_(n-1) + (x_n - m_(n-1))/n
 *   scatter    S_n = S_(n-1) + (x_n - m_(n-1)) (x_n - m_n) = sum_i (x_i - m_n)^2
 *   variance   S_n/(n - 1)
 *
 * (Welford, Technometrics 4, 1962.) A step costs the same however many came before, and equal values have a
 * scatter of exactly 0; so have, to those who ask, values that differ by rounding (iscc-rounding.h). {0} is the
 * state before the first value. Each thread needs a state of its own.
 */
#ifndef ISCC_MOMENTS_H
#define ISCC_MOMENTS_H

#include <stddef.h>

#include "iscc-mean-interval.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
  size_t count;
  double mean, scatter; /* mean: 0 before the first value; scatter with rounding */
  double largest;       /* absolute value, of differences of what they are taken of */
} iscc_moments;

void iscc_moments_add(iscc_moments *moments, double value);

/* The value a - b. */
void iscc_moments_add_difference(iscc_moments *moments, double a, double b);

iscc_moments iscc_moments_of(const double *values, size_t n);

double iscc_moments_scatter(const iscc_moments *moments); /* without rounding */

double iscc_moments_variance(const iscc_moments *moments); /* NAN of fewer than two values */

double iscc_moments_error(const iscc_moments *moments); /* of the mean: sqrt(variance/n); NAN likewise */

/* What iscc_mean_interval_at says of the same values. */
iscc_mean_interval iscc_moments_interval(const iscc_moments *moments, double confidence);

#ifdef __cplusplus
}
#endif
#endif
