/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-grid - all combinations of option values that a campaign runs.
 *
 * An axis is some options that change together, value by value; a grid is the product of its axes, the last one
 * changing fastest, less the points for which a condition does not hold. Conditions are SQL expressions over the
 * options, '-' in their names written '_' ("scheme <> 'pca' OR max_latency >= 0.8"); SQLite evaluates them, on numbers
 * where values look like numbers. Texts in them have at most 65536 bytes, patterns of LIKE 100, and SQLite takes at most 1000 steps of its
 * program for each point and condition, and 100 000 more. */
#ifndef ISCC_GRID_H
#define ISCC_GRID_H

#include <stddef.h>

#include "iscc-status.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { ISCC_GRID_POINTS_MAX = 1000000 }; /* before conditions */

typedef struct {
  const char *name;         /* of the option, without dashes */
  const char *const *value; /* as many as its axis is long */
} iscc_grid_option;

typedef struct {
  size_t options, length; /* >= 1 both */
  const iscc_grid_option *option;
} iscc_grid_axis;

typedef struct {
  const char *expression, *place; /* place: FILE:LINE, for complaints */
} iscc_grid_condition;

typedef struct iscc_grid iscc_grid;

/* All is borrowed and must last as long as the grid; conditions only until this returns. Without axes there is one
 * point. ISCC_EINVAL: no point is left, there are too many, or SQLite refuses a condition; the text names its place. */
iscc_status iscc_grid_create(const iscc_grid_axis *axis, size_t axes, const iscc_grid_condition *condition,
                             size_t conditions, iscc_grid **out, iscc_error *error);
void iscc_grid_destroy(iscc_grid *grid); /* NULL is fine */

size_t iscc_grid_points(const iscc_grid *grid);
size_t iscc_grid_left_out(const iscc_grid *grid); /* by conditions */
size_t iscc_grid_options(const iscc_grid *grid);  /* of all axes */
const char *iscc_grid_name(const iscc_grid *grid, size_t option);
/* The value of an option at a point. */
const char *iscc_grid_value(const iscc_grid *grid, size_t point, size_t option);

#ifdef __cplusplus
}
#endif
#endif
