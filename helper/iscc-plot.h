/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-plot - figures as PNG files, drawn by gnuplot, which reads its commands and data from us as standard
 * input.
 *
 * The picture is drawn beside its path and renamed when gnuplot has finished without a complaint. Without
 * gnuplot installed the calls fail with ISCC_EIO saying so. */
#ifndef ISCC_PLOT_H
#define ISCC_PLOT_H

#include <stdbool.h>
#include <stddef.h>

#include "iscc-status.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct { /* all texts are borrowed and may not hold newlines, quotes or backslashes */
  const char *title, *x_label, *y_label; /* labels with their units */
  int width_px, height_px;               /* 0: 900 x 600 */
} iscc_plot_frame;

typedef struct {
  const char *legend;
  size_t points;
  const double *x, *y; /* borrowed; values that are not finite leave a gap */
  bool marks;          /* points instead of a line */
} iscc_plot_curve;

/* 1..16 curves in one frame, with a legend. */
iscc_status iscc_plot_curves(const char *path, const iscc_plot_frame *frame, const iscc_plot_curve *curves,
                             size_t count, iscc_error *error);

typedef struct {
  const char *title;                       /* of this map */
  size_t rows, columns;                    /* y and x */
  double x_first, x_last, y_first, y_last; /* centres of the outermost cells */
  const double *values;                    /* rows x columns, borrowed */
} iscc_plot_map;

/* 1..4 colour maps side by side, one colour scale from low to high (values outside take the end colours). */
iscc_status iscc_plot_maps(const char *path, const iscc_plot_frame *frame, const iscc_plot_map *maps,
                           size_t count, const char *scale_label, double low, double high, iscc_error *error);

#ifdef __cplusplus
}
#endif
#endif
