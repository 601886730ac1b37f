/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-plot-legend.h"

#include <math.h>
#include <string.h>

#include "iscc-gnuplot.h"

#define ROW_PX    23.0
#define EDGE_PX   10.0 /* above and below all rows */
#define SAMPLE_PX 34.0 /* the piece of line before a text */
#define TEXT_PX   8.0  /* from there to the text */
#define NEXT_PX   20.0 /* from the text to the next column */

/* Okabe and Ito, "Color Universal Design" (2008), the yellow, which is faint on white, replaced by a grey. */
static const char *const colours[] = {"#0072b2", "#d55e00", "#009e73", "#cc79a7",
                                      "#e69f00", "#56b4e9", "#000000", "#8c8c8c"};
/* Circle, square, triangles, diamond, pentagon: filled, then open. Ones that share a shape lie far apart. */
static const int marks[] = {7, 5, 9, 11, 13, 15, 6, 4, 6, 4, 8, 10, 12, 14, 7, 5};
enum { COLOURS = sizeof colours / sizeof *colours };
_Static_assert(2 * COLOURS == ISCC_PLOT_COLOURS && sizeof marks / sizeof *marks == ISCC_PLOT_COLOURS, "");

const char *iscc_plot_colour(int colour) {
  return colours[colour % COLOURS];
}

int iscc_plot_mark(int colour) {
  return marks[colour];
}

const char *iscc_plot_dash(const iscc_plot_curve *curve) {
  const bool second = curve->colour >= COLOURS;
  if (curve->style == ISCC_PLOT_DASHED) return second ? "(2,2)" : "(6,3)";
  return second ? "(8,3,2,3)" : "solid";
}

const char *iscc_plot_fill(int colour) {
  return colour >= COLOURS ? "pattern 4" : "solid";
}

bool iscc_plot_has_line(const iscc_plot_curve *curve) {
  return curve->style != ISCC_PLOT_MARKS && curve->style != ISCC_PLOT_BARS && curve->style != ISCC_PLOT_TICKS;
}

bool iscc_plot_has_marks(const iscc_plot_curve *curve) {
  return curve->style == ISCC_PLOT_MARKS || curve->style == ISCC_PLOT_LINE_MARKS;
}

bool iscc_plot_has_bounds(const iscc_plot_curve *curve) {
  return curve->y_low && curve->y_high;
}

/* ---- arranging ---- */

bool iscc_plot_legend_add(iscc_plot_legend *legend, const iscc_plot_curve *curve) {
  if (curve->absent_count > 0) legend->absent = true;
  if (!curve->legend || !*curve->legend) return true;
  for (size_t i = 0; i < legend->count; i++)
    if (strcmp(legend->entries[i]->legend, curve->legend) == 0) return true;
  if (legend->count == ISCC_PLOT_LEGEND_MAX) return false;
  legend->entries[legend->count++] = curve;
  return true;
}

static size_t entry_count(const iscc_plot_legend *legend) {
  return legend->count + legend->absent;
}

static double entry_px(const iscc_plot_legend *legend, size_t i) {
  return SAMPLE_PX + TEXT_PX +
         iscc_gnuplot_text_px(i < legend->count ? legend->entries[i]->legend : legend->absent_text) + NEXT_PX;
}

/* Sets the columns' widths; their sum. */
static double measure(iscc_plot_legend *legend, size_t columns) {
  double sum = 0;
  for (size_t c = 0; c < columns; c++) {
    legend->column_px[c] = 0;
    for (size_t i = c; i < entry_count(legend); i += columns)
      legend->column_px[c] = fmax(legend->column_px[c], entry_px(legend, i));
    sum += legend->column_px[c];
  }
  return sum - NEXT_PX;
}

double iscc_plot_legend_arrange(iscc_plot_legend *legend, double width_px) {
  const size_t count = entry_count(legend);
  if (count == 0) return 0;
  size_t columns = count;
  while (columns > 1 && measure(legend, columns) > width_px - 2 * EDGE_PX) columns--;
  legend->rows = (count + columns - 1) / columns;
  legend->columns = (count + legend->rows - 1) / legend->rows; /* no nearly empty last row */
  if (measure(legend, legend->columns) > width_px - 2 * EDGE_PX) legend->columns = columns;
  measure(legend, legend->columns);
  return ROW_PX * (double)legend->rows + 2 * EDGE_PX;
}

/* ---- writing ---- */

/* gnuplot's SVG joins neighbouring arrows of one colour and width, and forgets that one of them is dashed:
 * hence another width. */
static void write_sample(const iscc_plot_curve *curve, double left, double right, double y, double half,
                         FILE *script) {
  const char *colour = iscc_plot_colour(curve->colour);
  if (iscc_plot_has_line(curve) && iscc_plot_has_bounds(curve) && !iscc_plot_has_marks(curve))
    fprintf(script,
            "set object rectangle from screen %.6f,%.6f to screen %.6f,%.6f back fc rgb '%s' "
            "fs transparent solid 0.2 noborder\n",
            left, y - half, right, y + half, colour);
  if (curve->style == ISCC_PLOT_BARS)
    fprintf(script,
            "set object rectangle from screen %.6f,%.6f to screen %.6f,%.6f fc rgb '%s' fs %s "
            "border lc rgb '#404040'\n",
            left, y - half, right, y + half, colour, iscc_plot_fill(curve->colour));
  if (curve->style == ISCC_PLOT_TICKS)
    fprintf(script, "set arrow from screen %.6f,%.6f to screen %.6f,%.6f nohead lw 2.5 lc rgb '%s'\n",
            0.5 * (left + right), y - half, 0.5 * (left + right), y + half, colour);
  if (iscc_plot_has_line(curve))
    fprintf(script, "set arrow from screen %.6f,%.6f to screen %.6f,%.6f nohead lw %g dt %s lc rgb '%s'\n",
            left, y, right, y, curve->style == ISCC_PLOT_DASHED ? 2.01 : 2.0, iscc_plot_dash(curve), colour);
  if (iscc_plot_has_marks(curve))
    fprintf(script, "set label '' at screen %.6f,%.6f point pt %d ps MARK lc rgb '%s'\n",
            0.5 * (left + right), y, iscc_plot_mark(curve->colour), colour);
}

void iscc_plot_legend_write(const iscc_plot_legend *legend, double width_px, double height_px,
                            double above_bottom_px, FILE *script) {
  const size_t count = entry_count(legend);
  double sum = -NEXT_PX;
  for (size_t c = 0; count && c < legend->columns; c++) sum += legend->column_px[c];
  double left = fmax(EDGE_PX, 0.5 * (width_px - sum));
  for (size_t c = 0; count && c < legend->columns; c++) {
    for (size_t i = c; i < count; i += legend->columns) {
      const double up =
          above_bottom_px + EDGE_PX + ROW_PX * ((double)(legend->rows - 1 - i / legend->columns) + 0.5);
      const double x0 = left / width_px, x1 = (left + SAMPLE_PX) / width_px, y = up / height_px;
      if (i < legend->count)
        write_sample(legend->entries[i], x0, x1, y, 6 / height_px, script);
      else
        fprintf(script, "set label '' at screen %.6f,%.6f point pt 2 ps MARK lw 1.5 lc rgb '#404040'\n",
                0.5 * (x0 + x1), y);
      fprintf(script, "set label '%s' at screen %.6f,%.6f left\n",
              i < legend->count ? legend->entries[i]->legend : legend->absent_text,
              (left + SAMPLE_PX + TEXT_PX) / width_px, y);
    }
    left += legend->column_px[c];
  }
}
