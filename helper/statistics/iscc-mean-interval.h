/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-mean-interval - 95 % confidence intervals by Student's t.
 *
 *   mean       m +- t sqrt(sum_i (x_i - m)^2/(n (n - 1))), n - 1 degrees of freedom
 *   jackknife  of any statistic T, from its values T_g without one of G groups of samples at a time:
 *              T +- t sqrt((G - 1)/G sum_g (T_g - mean T_g)^2), G - 1 degrees of freedom
 *              (Tukey, Ann. Math. Statist. 29, 1958; Miller, Biometrika 61, 1974)
 *
 * Both are for independent values or groups; of the mean, with groups of one, they are the same. Reentrant.
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

iscc_mean_interval iscc_mean_interval_of(const double *values, size_t n);

/* whole: the statistic of all samples; without[0..groups): of all but those of a group. */
iscc_mean_interval iscc_jackknife_interval(double whole, const double *without, size_t groups);

#ifdef __cplusplus
}
#endif
#endif
