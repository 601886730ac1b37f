/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-rounding - what of a scatter is rounding.
 *
 * Results that ought to be equal differ in their last digits: sums in another order, differences of values that
 * lie far from 0. A standard deviation of 16 units in the last place of the largest value, 3.6e-15 of it, or
 * less is that and not chance. Reentrant.
 */
#ifndef ISCC_ROUNDING_H
#define ISCC_ROUNDING_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/* scatter: sum of n squared deviations; largest: of the absolute values that were rounded, of differences those
 * of which they were taken. 0 when it is rounding, else scatter; NAN stays. */
double iscc_rounding_scatter(double scatter, size_t n, double largest);

#ifdef __cplusplus
}
#endif
#endif
