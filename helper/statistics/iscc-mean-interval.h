/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-mean-interval - confidence intervals by Student's t.
 *
 *   mean       m +- t sqrt(sum_i (x_i - m)^2/(n (n - 1))), n - 1 degrees of freedom
 *   jackknife  of any statistic T, from its values T_g without one of G groups of samples at a time:
 *              T +- t sqrt((G - 1)/G sum_g (T_g - mean T_g)^2), G - 1 degrees of freedom
 *              (Tukey, Ann. Math. Statist. 29, 1958; Miller, Biometrika 61, 1974)
 *
 * where t is the quantile of (1 + confidence)/2. Both are for independent values or groups; of the mean, with
 * groups of one, they are the same. Exact for normal values. Reentrant.
 */
#ifndef ISCC_MEAN_INTERVAL_H
#define ISCC_MEAN_INTERVAL_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
  double value, half_width; /* the interval is value -+ half_width; NAN of fewer than two values or groups */
} iscc_mean_interval;

/* 95 %. */
iscc_mean_interval iscc_mean_interval_of(const double *values, size_t n);

/* 0 < confidence < 1; for any other the half width is NAN. */
iscc_mean_interval iscc_mean_interval_at(const double *values, size_t n, double confidence);

/* t of (1 + confidence)/2 at n - 1 degrees of freedom: the half width in standard errors of the mean of n
 * values. NAN for n < 2 and for a confidence outside (0, 1). */
double iscc_mean_interval_quantile(size_t n, double confidence);

/* 95 %. whole: the statistic of all samples; without[0..groups): of all but those of a group. */
iscc_mean_interval iscc_jackknife_interval(double whole, const double *without, size_t groups);

#ifdef __cplusplus
}
#endif
#endif
