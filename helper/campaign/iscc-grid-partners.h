/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-grid-partners - which points a paired comparison can compare: two are partners when they differ in one option alone. */
#ifndef ISCC_GRID_PARTNERS_H
#define ISCC_GRID_PARTNERS_H

#include "iscc-grid.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Counts the points with another value of an option than the baseline's, by whether the point that has the baseline's value and is else
 * the same is in the grid: 'where' and zip may leave it out. n log n. ISCC_ENOMEM. */
iscc_status iscc_grid_partners_count(const iscc_grid *grid, const char *option, const char *baseline,
                                     size_t *with, size_t *without, iscc_error *error);

#ifdef __cplusplus
}
#endif
#endif
