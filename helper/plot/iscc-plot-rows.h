/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-plot-rows - named rows of bars, ticks and intervals over one axis, as PNG, SVG or PDF: stacked bars, the
 * course of tasks in time, differences with error bars. See iscc-plot.h for paths and texts.
 *
 * Rows stand below each other, so that long names have room. Bars differ in colour and, for grey print, in hatching. */
#ifndef ISCC_PLOT_ROWS_H
#define ISCC_PLOT_ROWS_H

#include <stdbool.h>
#include <stddef.h>

#include "iscc-plot.h"
#include "iscc-status.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { ISCC_PLOT_ROWS_MAX = 200, ISCC_PLOT_ROW_SERIES_MAX = 12 };

typedef struct {
  const char *name;
  bool heading;       /* the name stands in bold within the frame, over the rows that follow */
  const char *remark; /* behind what is drawn in the row; NULL: none */
} iscc_plot_row;

/* BARS: a box from low to high. TICKS: a line across the row at `at`. MARKS: a mark at `at`, with an error bar where low
 * and high are finite. What is not finite is not drawn. */
typedef struct {
  const char *legend;
  iscc_plot_style style; /* one of these three */
  int colour;
  size_t count;
  const size_t *row;             /* 0.. from the top; borrowed as all */
  const double *at, *low, *high; /* NULL where the style has no use for them */
} iscc_plot_row_series;

/* 1..ISCC_PLOT_ROWS_MAX rows; sheet: title, caption, script and size (height 0: by the number of rows). Later series are drawn
 * on top. The axis has a line at 0 where it goes below. */
iscc_status iscc_plot_rows(const char *path, const iscc_plot_sheet *sheet, const char *x_label,
                           const iscc_plot_row *rows, size_t row_count, const iscc_plot_row_series *series,
                           size_t series_count, iscc_error *error);

#ifdef __cplusplus
}
#endif
#endif
