/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-axes - the axes of a campaign's grid as its file gives them: options, grid and zip.
 *
 *   options: {tasks: 50}                                   one value each, in all runs
 *   grid:    {scheme: [joint, pca], nodes: {from: 5, to: 20, step: 5}}   all combinations
 *   zip:     [{snr-db: [0, 10], bandwidth: [1e6, 2e6]}]     those of one item go together, value by value
 *
 * Values stand after --NAME= on the program's command line; an empty one (nothing or ~) makes --NAME. Plain decimal numbers have the
 * text of iscc-number-text.h, however the file writes them; other texts, and all in quotes, are those of the file. Those of a range
 * are from + i step up to to, to 15 digits. No two values of an option, and no two points, are equal as numbers. */
#ifndef ISCC_AXES_H
#define ISCC_AXES_H

#include "iscc-grid.h"
#include "iscc-yaml.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { ISCC_AXIS_LENGTH_MAX = 10000 };

typedef struct {
  iscc_grid_axis *axis; /* texts are the tree's */
  size_t axes, fixed;   /* the first ones, of length 1, are of 'options' */
} iscc_axes;

/* From the keys options, grid and zip of root; each may be missing. On failure nothing is to be freed. */
iscc_status iscc_axes_read(const iscc_yaml *yaml, const yaml_node_t *root, iscc_axes *out, iscc_error *error);
void iscc_axes_free(iscc_axes *axes); /* all zero is fine */

/* The option of a name and, if length is not NULL, how many values it has; NULL: there is none. */
const iscc_grid_option *iscc_axes_find(const iscc_axes *axes, const char *name, size_t *length);

#ifdef __cplusplus
}
#endif
#endif
