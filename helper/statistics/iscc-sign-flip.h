/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-sign-flip - whether a sum of whole differences is more than their signs give by chance.
 *
 * Where neither of two schemes is better, each difference d_i of n pairs is as likely -d_i, and of the 2^n equally likely sums
 * of +-|d_i|
 *
 *   p-value   is the share of those at least as far from 0 as that of d_1 .. d_n
 *
 * (R. A. Fisher, The Design of Experiments, 1935, section 21). It is exact for any n and however the d_i are distributed, and is the sign test of
 * iscc-paired-shares.h where all are -1, 0 or 1. As there, five pairs have no p-value below 0.0625. All sums are counted, by value:
 * O(n S) time and S words of memory, where S is the sum of |d_i|. Reentrant.
 */
#ifndef ISCC_SIGN_FLIP_H
#define ISCC_SIGN_FLIP_H

#include <stddef.h>

#include "iscc-status.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What it would take is n S. */
#define ISCC_SIGN_FLIP_MOST 1e9

/* difference: whole numbers. Two-sided; 1 where all are 0 or there are none. ISCC_EINVAL: one is not whole, or n S is more than
 * ISCC_SIGN_FLIP_MOST; ISCC_ENOMEM. p_value is then not written. */
iscc_status iscc_sign_flip_test(const double *difference, size_t n, double *p_value, iscc_error *error);

#ifdef __cplusplus
}
#endif
#endif
