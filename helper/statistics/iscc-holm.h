/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-holm - p-values of several comparisons, adjusted for their number.
 *
 * With the k comparisons that have a p-value in order, p_(1) <= ... <= p_(k):
 *
 *   adjusted_(j) = max_(i <= j) min(1, (k - i + 1) p_(i))
 *
 * (Holm, Scand. J. Statist. 6, 1979.) To call different what has an adjusted value <= alpha errs in any of
 * the comparisons with a chance of at most alpha, however they depend on each other; Bonferroni's factor k
 * for all of them promises the same and finds less. Equal p-values get equal adjusted ones, one comparison
 * keeps its own, and no adjusted value is below its p-value.
 *
 * NAN stands for a comparison that was not made (one pair only, say): it stays NAN and is not counted in k.
 * Values outside [0, 1] are ISCC_EINVAL, with nothing written. Works in O(m log m) and m words of memory, or
 * ISCC_ENOMEM. Reentrant.
 */
#ifndef ISCC_HOLM_H
#define ISCC_HOLM_H

#include <stddef.h>

#include "iscc-status.h"

#ifdef __cplusplus
extern "C" {
#endif

/* adjusted[i] belongs to p[i]; the two may be one array. m = 0 is fine. */
iscc_status iscc_holm_adjust(const double *p, size_t m, double *adjusted, iscc_error *error);

#ifdef __cplusplus
}
#endif
#endif
