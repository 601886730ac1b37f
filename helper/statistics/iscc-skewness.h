/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-skewness - how lopsided values are.
 *
 *   G = sqrt(n (n - 1))/(n - 2) m3/m2^(3/2),   m_k = sum_i (x_i - m)^k/n
 *
 * (G1 of Joanes and Gill, The Statistician 47, 1998: of the three they compare, that with the least mean
 * squared error where values are skewed.) 0 for symmetric values, positive with a long tail upwards; |G|
 * cannot exceed sqrt(n), so few values show little of it. NAN for fewer than three values, for values without
 * scatter and for what is not finite. Reentrant.
 */
#ifndef ISCC_SKEWNESS_H
#define ISCC_SKEWNESS_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

double iscc_skewness_of(const double *values, size_t n);

#ifdef __cplusplus
}
#endif
#endif
