/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-bootstrap-t - confidence interval of a mean of skewed values, by resampling.
 *
 * With n values of mean m and standard error e, draw B times n of them with replacement; of each such sample
 * take t* = (m* - m)/e*, m* and e* being its mean and standard error. With a = (1 - confidence)/2 and t*_q
 * the floor((B + 1) q)-th smallest t* (from above for the upper one):
 *
 *   m - t*_(1 - a) e  ..  m - t*_(a) e
 *
 * (Efron, The Jackknife, the Bootstrap and Other Resampling Plans, SIAM 1982, chapter 10; Hall, Ann. Statist.
 * 16, 1988.) Where values are skewed, t* is skewed the other way, and the interval reaches farther to the
 * side of the long tail, as Student's does not. Of few normal values it is no better than Student's and
 * wider.
 *
 * Samples that drew one value n times have e* = 0 and no t*: they are drawn again. B of 999 to 9999 is usual;
 * the bounds are as random as B lets them be, and the same for the same stream on every machine.
 * Values that are all equal: both bounds are that value. Fewer than three values, or one that is not finite:
 * bounds are NAN, and the call succeeds. Reentrant.
 */
#ifndef ISCC_BOOTSTRAP_T_H
#define ISCC_BOOTSTRAP_T_H

#include <stddef.h>

#include "iscc-random.h"
#include "iscc-status.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
  double mean, low, high; /* mean: NAN without values */
} iscc_bootstrap_t;

/* random: the stream to draw from, which moves on. B = resamples has to be 2/(1 - confidence) - 1 or more,
 * else no t* lies in the tails: 39 at 95 %. Allocates B words for its time: ISCC_ENOMEM. ISCC_EINVAL:
 * confidence outside (0, 1), too few resamples. On failure nothing is written. */
iscc_status iscc_bootstrap_t_of(const double *values, size_t n, double confidence, size_t resamples,
                                iscc_random *random, iscc_bootstrap_t *interval, iscc_error *error);

#ifdef __cplusplus
}
#endif
#endif
