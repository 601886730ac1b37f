/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-plot - figures of curves, drawn by gnuplot as PNG, SVG or PDF: the path's ending says which.
 *
 *   iscc_plot_curves()  one frame
 *   iscc_plot_panels()  a grid of frames with one legend
 *
 * The legend stands below the frames, a text that several panels share once. The picture is drawn beside its
 * path and renamed when it is whole. All texts are borrowed UTF-8 (NULL: none) and may not hold quotes,
 * backslashes or control characters. Without gnuplot installed the calls fail with ISCC_EIO saying so.
 * Colour maps: iscc-plot-map.h; bars in rows: iscc-plot-rows.h; cells with
 * numbers: iscc-plot-cells.h. */
#ifndef ISCC_PLOT_H
#define ISCC_PLOT_H

#include <stdbool.h>
#include <stddef.h>

#include "iscc-status.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum {
  ISCC_PLOT_LINE,
  ISCC_PLOT_DASHED,
  ISCC_PLOT_STEPS, /* y holds from its x to the next: a distribution function */
  ISCC_PLOT_MARKS,
  ISCC_PLOT_LINE_MARKS,
  ISCC_PLOT_BARS, /* of iscc-plot-rows.h alone, as the next */
  ISCC_PLOT_TICKS
} iscc_plot_style;

/* Colours that colour-blind readers tell apart: blue, vermilion, green, purple, orange, sky blue, black,
 * grey, each with a mark of its own; the second eight are the same colours with broken lines, open marks and
 * hatched bars. */
enum {
  ISCC_PLOT_COLOURS = 16,
  ISCC_PLOT_CURVES_MAX = 24,
  ISCC_PLOT_PANELS_MAX = 12,
  ISCC_PLOT_NAMES_MAX = 64
};

typedef struct {
  const char *legend; /* NULL: no entry */
  size_t points;
  const double *x, *y;          /* borrowed; values that are not finite leave a gap */
  const double *y_low, *y_high; /* both or none: a band around a line, bars at marks; a gap as above */
  iscc_plot_style style;
  int colour; /* 0..ISCC_PLOT_COLOURS - 1 */
  /* x of points that have no value since none is feasible: crosses in a strip of their own below the frame, a
   * row for each curve, and one entry in the legend. */
  const double *absent;
  size_t absent_count;
} iscc_plot_curve;

typedef struct {
  const char *title, *x_label, *y_label; /* labels with their units */
  int width_px, height_px;               /* 0: 900 x 600 */
} iscc_plot_frame;

/* 1..ISCC_PLOT_CURVES_MAX curves in one frame. The first is drawn on top of the others. ISCC_EINVAL also for
 * an ending of path that is none of .png, .svg and .pdf. */
iscc_status iscc_plot_curves(const char *path, const iscc_plot_frame *frame, const iscc_plot_curve *curves,
                             size_t count, iscc_error *error);

typedef struct {
  const char *title, *x_label, *y_label;
  bool log_x, log_y; /* values that are not > 0 leave a gap */
  /* Ends of the axes; NAN: fitted to the curves, as both are if both are 0. */
  double x_low, x_high, y_low, y_high;
  const iscc_plot_curve *curves; /* borrowed; at most ISCC_PLOT_CURVES_MAX, may be none */
  size_t count;
  /* What stands at x = 1, 2, ... in place of numbers, and then makes the ends of x; NULL: numbers. */
  const char *const *x_names;
  size_t x_name_count; /* at most ISCC_PLOT_NAMES_MAX */
} iscc_plot_panel;

typedef struct {
  const char *title, *caption; /* caption: below the legend */
  const char *absent;          /* what the legend says of crosses; NULL: infeasible */
  const char *script;          /* path where gnuplot's commands are kept, data among them; NULL: nowhere */
  size_t rows, columns;        /* of panels; 0: 1 */
  int width_px, height_px; /* of the picture, 200..10000; 0: by the numbers of panels. 96 px are an inch */
} iscc_plot_sheet;

/* 1..ISCC_PLOT_PANELS_MAX panels, row by row, at most rows times columns. */
iscc_status iscc_plot_panels(const char *path, const iscc_plot_sheet *sheet, const iscc_plot_panel *panels,
                             size_t count, iscc_error *error);

/* ISCC_EINVAL unless path ends in .png, .svg or .pdf: to refuse a name before the work is done. */
iscc_status iscc_plot_check_path(const char *path, iscc_error *error);

#ifdef __cplusplus
}
#endif
#endif
