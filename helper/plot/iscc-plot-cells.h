/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-plot-cells - quantities on one grid of cells, a panel for each below the other, their numbers in the cells, as PNG,
 * SVG or PDF. See iscc-plot.h for paths and texts.
 *
 * A cell without a value is blank; one that is marked has a cross. Colours go from light (least of the panel) to dark
 * blue, never so dark that the numbers are hard to read. */
#ifndef ISCC_PLOT_CELLS_H
#define ISCC_PLOT_CELLS_H

#include <stdbool.h>
#include <stddef.h>

#include "iscc-plot.h"
#include "iscc-status.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { ISCC_PLOT_CELL_PANELS_MAX = 6, ISCC_PLOT_CELLS_MAX = 64 /* rows or columns */ };

typedef struct {
  const char *x_label, *y_label;
  size_t rows, columns;                /* 1..ISCC_PLOT_CELLS_MAX each */
  double x_low, x_step, y_low, y_step; /* edge of the first cell and size of each */
  const bool *crossed;                 /* rows x columns; borrowed as all */
} iscc_plot_grid;

typedef struct {
  const char *title;
  const double *values; /* rows x columns; not finite: blank */
} iscc_plot_cells;

/* 1..ISCC_PLOT_CELL_PANELS_MAX panels; sheet: title, caption, script, width. Numbers are shown without decimals. */
iscc_status iscc_plot_cells_draw(const char *path, const iscc_plot_sheet *sheet, const iscc_plot_grid *grid,
                                 const iscc_plot_cells *panels, size_t count, iscc_error *error);

#ifdef __cplusplus
}
#endif
#endif
