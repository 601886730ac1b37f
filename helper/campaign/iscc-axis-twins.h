/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-axis-twins - two places of an axis at which all its options have the same values: a point that would be run twice.
 *
 * Numbers are the same however they are written (iscc-number-text.h). */
#ifndef ISCC_AXIS_TWINS_H
#define ISCC_AXIS_TWINS_H

#include <stdbool.h>

#include "iscc-grid.h"

#ifdef __cplusplus
extern "C" {
#endif

/* *found: there are such; first < second are then two of them, second the least there is. n log n. ISCC_ENOMEM. */
iscc_status iscc_axis_twins_find(const iscc_grid_axis *axis, bool *found, size_t *first, size_t *second,
                                 iscc_error *error);

#ifdef __cplusplus
}
#endif
#endif
