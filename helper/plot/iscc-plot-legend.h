/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-plot-legend - what a curve looks like, and the legend of a figure; for the iscc-plot files. */
#ifndef ISCC_PLOT_LEGEND_H
#define ISCC_PLOT_LEGEND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "iscc-plot.h"

#ifdef __cplusplus
extern "C" {
#endif

bool iscc_plot_has_line(const iscc_plot_curve *curve);
bool iscc_plot_has_marks(const iscc_plot_curve *curve);
bool iscc_plot_has_bounds(const iscc_plot_curve *curve);

/* gnuplot's words, borrowed: a colour such as '#0072b2', a dash type, a point type. */
const char *iscc_plot_colour(int colour);
const char *iscc_plot_dash(const iscc_plot_curve *curve);
int iscc_plot_mark(int colour);
const char *iscc_plot_fill(int colour); /* of bars */

enum { ISCC_PLOT_LEGEND_MAX = 2 * ISCC_PLOT_CURVES_MAX };

typedef struct {
  const iscc_plot_curve *entries[ISCC_PLOT_LEGEND_MAX]; /* borrowed */
  size_t count;
  bool absent;             /* one more entry, for the crosses */
  const char *absent_text; /* of that entry; borrowed */
  size_t rows, columns;
  double column_px[ISCC_PLOT_LEGEND_MAX + 1];
} iscc_plot_legend;

/* Takes a curve's entry unless it has none or its text is there already; false when the legend is full. */
bool iscc_plot_legend_add(iscc_plot_legend *legend, const iscc_plot_curve *curve);

/* Arranges the entries in rows that fit into a width; the height that takes. */
double iscc_plot_legend_arrange(iscc_plot_legend *legend, double width_px);

/* Writes commands that draw it with the next plot, its lower edge above the bottom of a picture of this size. */
void iscc_plot_legend_write(const iscc_plot_legend *legend, double width_px, double height_px,
                            double above_bottom_px, FILE *script);

#ifdef __cplusplus
}
#endif
#endif
