/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-uncommon - how many values are others than the commonest one.
 *
 * Of values that are few different numbers, such as counts, the scatter is known as well as these others are: where they are fewer than
 * ISCC_UNCOMMON_LEAST, an interval by Student's t is not to be relied on (doc/statistics.rst). Skewness does not show it: of such
 * values it is chance whether a sample looks skewed, and the intervals of those that do not hold less often. Reentrant.
 */
#ifndef ISCC_UNCOMMON_H
#define ISCC_UNCOMMON_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

enum { ISCC_UNCOMMON_LEAST = 10 };

/* The values, none of them NAN, are sorted. */
size_t iscc_uncommon_of(double *values, size_t n);

#ifdef __cplusplus
}
#endif
#endif
