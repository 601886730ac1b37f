/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-proportion - 95 % confidence interval of a share of successes.
 *
 * Clopper and Pearson (Biometrika 26, 1934), from quantiles of the beta distribution: the chance to hold the
 * true share is at least 95 %, whatever the share and the number of trials. Reentrant. */
#ifndef ISCC_PROPORTION_H
#define ISCC_PROPORTION_H

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
  double share, low, high; /* NAN without trials */
} iscc_proportion;

/* 0 <= successes <= trials. */
iscc_proportion iscc_proportion_of(double successes, double trials);

#ifdef __cplusplus
}
#endif
#endif
