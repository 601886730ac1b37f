/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-paired - two schemes measured on the same n worlds: how far apart their means are.
 *
 * With pairs (a_i, b_i), d_i = a_i - b_i, means A, B and D, and t the quantile of Student's t of
 * (1 + confidence)/2 at n - 1 degrees of freedom:
 *
 *   difference  D -+ t sqrt(sum_i (d_i - D)^2/(n (n - 1)))
 *   p-value     two-sided, of a mean difference of 0: 2 P(T <= -|D|/error)
 *   relative    A/B - 1 = D/B; its interval holds every r for which the pairs do not contradict
 *               E a = (1 + r) E b, which a t-test of the values a_i - (1 + r) b_i decides:
 *               n (A - (1 + r) B)^2 <= t^2 s^2(a - (1 + r) b)
 *
 * That is Fieller's interval (J. Roy. Statist. Soc. B 16, 1954) in its form for pairs. It is exact where
 * (a, b) is normal, for every n and however b scatters, where the jackknife and the delta method hold for
 * large n alone; and it never disagrees with the test of the difference: it leaves out 0 exactly when
 * the p-value is below 1 - confidence. It is not symmetric around the relative difference. When B itself is
 * not told from 0 at this confidence, no ratio is ruled out on both sides, and the bounds are -+INFINITY.
 *
 * Pairs are independent of each other; a_i and b_i need not be. Equal differences (no scatter, but for
 * rounding): half width 0, p-value 0, or 1 when all are 0; so take iscc-paired-shares.h of values 0 and 1. Fewer than two pairs, or a confidence outside (0, 1): half width, p-value
 * and bounds are NAN. A value that is NAN makes NAN of what depends on it. Reentrant.
 */
#ifndef ISCC_PAIRED_H
#define ISCC_PAIRED_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
  size_t n;
  double mean_a, mean_b;         /* NAN without pairs */
  double difference, half_width; /* of the means, a less b */
  double p_value;
  double relative, relative_low, relative_high; /* relative: not finite where the mean of b is 0 */
} iscc_paired;

iscc_paired iscc_paired_of(const double *a, const double *b, size_t n, double confidence);

/* differences[i] = a[i] - b[i], or all the same where nothing but rounding tells them apart (iscc-rounding.h). differences may be a or
 * b. */
void iscc_paired_differences(const double *a, const double *b, size_t n, double *differences);

#ifdef __cplusplus
}
#endif
#endif
