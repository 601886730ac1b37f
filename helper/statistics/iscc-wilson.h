/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-wilson - confidence interval of a share of successes, on average right.
 *
 * With k successes of n trials, p = k/n, and z the normal quantile of (1 + confidence)/2: every share q with
 *
 *   (p - q)^2 <= z^2 q (1 - q)/n
 *
 * which is (p + z^2/(2 n) -+ z sqrt(p (1 - p)/n + z^2/(4 n^2)))/(1 + z^2/n)
 *
 * (Wilson, J. Amer. Statist. Assoc. 22, 1927; recommended by Brown, Cai and DasGupta, Statist. Sci. 16,
 * 2001.) It is never empty and never leaves [0, 1]; k = 0 and k = n give bounds of exactly 0 and 1.
 *
 * When which. iscc-proportion (Clopper and Pearson) holds the true share with 95 % or more, whatever the
 * share: for a promise ("the accuracy is at least ..."). It pays with width: averaged over shares it holds
 * with 98.4 % at 10 trials, 97.3 % at 30. This one holds with 95.4 and 95.2 % there and is narrower: for
 * comparing and plotting, and for few trials. It falls short near 0 and 1: at 30 trials with about 85 %
 * where the share is 0.005 or 0.995; between 0.1 and 0.9 with 92.1 % at worst.
 *
 * Trials are independent with one chance of success. Reentrant.
 */
#ifndef ISCC_WILSON_H
#define ISCC_WILSON_H

#include "iscc-proportion.h"

#ifdef __cplusplus
extern "C" {
#endif

/* 0 <= successes <= trials, 0 < confidence < 1. Without trials, or out of these ranges, all members
 * are NAN. */
iscc_proportion iscc_wilson_of(double successes, double trials, double confidence);

#ifdef __cplusplus
}
#endif
#endif
