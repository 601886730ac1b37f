/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-plot-cells.h"

#include <math.h>
#include <stdio.h>

#include "iscc-gnuplot.h"
#include "iscc-plot-axis.h"

enum { FONT = ISCC_GNUPLOT_FONT_PX, WIDTH_PX = 900 };
#define ROW_PX        26.0
#define PANEL_LEAST   110.0 /* px of a frame: the y axis' label has room beside it */
#define CAPTION_PX    26.0
#define LETTERS_WIDTH 3 /* of the numbers in cells */

typedef struct {
  const iscc_plot_sheet *sheet;
  const iscc_plot_grid *grid;
  iscc_plot_axis x, y;
  double width_px, height_px, frame_px, cell_px, caption_px, title_px; /* frame_px, cell_px: of one panel */
} drawing;

static bool is_empty(const char *text) {
  return !text || !*text;
}

static iscc_status check(const drawing *d, const iscc_plot_cells *panels, size_t count, iscc_error *error) {
  const iscc_plot_grid *g = d->grid;
  bool plain = iscc_gnuplot_is_plain(d->sheet->title) && iscc_gnuplot_is_plain(d->sheet->caption) &&
               iscc_gnuplot_is_plain(g->x_label) && iscc_gnuplot_is_plain(g->y_label);
  if (count < 1 || count > ISCC_PLOT_CELL_PANELS_MAX || g->rows < 1 || g->rows > ISCC_PLOT_CELLS_MAX ||
      g->columns < 1 || g->columns > ISCC_PLOT_CELLS_MAX || !(g->x_step > 0) || !(g->y_step > 0))
    return iscc_fail(error, ISCC_EINVAL, "plot: %zu panels of %zu x %zu cells are outside 1..%d of 1..%d",
                     count, g->rows, g->columns, ISCC_PLOT_CELL_PANELS_MAX, ISCC_PLOT_CELLS_MAX);
  for (size_t i = 0; i < count; i++) plain = plain && iscc_gnuplot_is_plain(panels[i].title);
  if (plain) return ISCC_OK;
  return iscc_fail(error, ISCC_EINVAL, "plot: texts may not hold quotes, backslashes or control characters");
}

static void lay_out(drawing *d, size_t count) {
  const iscc_plot_grid *g = d->grid;
  d->x = (iscc_plot_axis){.low = g->x_low, .high = g->x_low + g->x_step * (double)g->columns};
  d->y = (iscc_plot_axis){.low = g->y_low, .high = g->y_low + g->y_step * (double)g->rows};
  d->title_px = is_empty(d->sheet->title) ? 0 : 2.2 * FONT;
  d->caption_px = is_empty(d->sheet->caption) ? 0 : CAPTION_PX;
  d->frame_px = fmax(PANEL_LEAST, ROW_PX * (double)g->rows);
  d->cell_px = d->frame_px + ISCC_PLOT_ROOM_ABOVE + ISCC_PLOT_ROOM_BELOW_BARE;
  d->width_px = d->sheet->width_px > 0 ? d->sheet->width_px : WIDTH_PX;
  d->height_px = d->title_px + d->cell_px * (double)count + ISCC_PLOT_ROOM_BELOW - ISCC_PLOT_ROOM_BELOW_BARE +
                 d->caption_px;
}

static void write_cells(const drawing *d, const iscc_plot_cells *panel, size_t number, FILE *script) {
  const iscc_plot_grid *g = d->grid;
  double low = INFINITY, high = -INFINITY;
  fprintf(script, "$cells%zu << EOD\n", number);
  for (size_t r = 0; r < g->rows; r++)
    for (size_t c = 0; c < g->columns; c++) {
      const double value = panel->values[r * g->columns + c];
      if (!isfinite(value)) continue;
      low = fmin(low, value);
      high = fmax(high, value);
      fprintf(script, "%.10g %.10g %.6g\n", g->x_low + g->x_step * ((double)c + 0.5),
              g->y_low + g->y_step * ((double)r + 0.5), value);
    }
  fputs("EOD\n", script);
  if (!(low < high)) high = (low = isfinite(low) ? low : 0) + 1;
  fprintf(script, "set cbrange [%.9g:%.9g]\n", low, high);
}

static void write_crosses(const drawing *d, FILE *script) {
  const iscc_plot_grid *g = d->grid;
  fputs("$crossed << EOD\n", script);
  for (size_t i = 0; i < g->rows * g->columns; i++)
    if (g->crossed[i])
      fprintf(script, "%.10g %.10g\n", g->x_low + g->x_step * ((double)(i % g->columns) + 0.5),
              g->y_low + g->y_step * ((double)(i / g->columns) + 0.5));
  fputs("EOD\n", script);
}

static void write_panel(const drawing *d, const iscc_plot_cells *panel, size_t number, bool last,
                        FILE *script) {
  const iscc_plot_grid *g = d->grid;
  const double upper = d->height_px - d->title_px - d->cell_px * (double)number;
  iscc_plot_ticks x, y;
  iscc_plot_ticks_choose(&y, &d->y, fmax(2, d->frame_px / 45));
  const iscc_plot_box box = {.picture_width = d->width_px,
                             .picture_height = d->height_px,
                             .left = y.text_px + ISCC_PLOT_ROOM_LEFT,
                             .right = d->width_px - 1.6 * FONT,
                             .top = upper - ISCC_PLOT_ROOM_ABOVE,
                             .bottom = upper - ISCC_PLOT_ROOM_ABOVE - d->frame_px,
                             .y_text_px = y.text_px};
  const double cell_px = (box.right - box.left) / (double)g->columns;
  iscc_plot_ticks_choose(&x, &d->x, fmax(2, (box.right - box.left) / 75));
  iscc_plot_ticks_write(&x, 'x', true, script);
  iscc_plot_ticks_write(&y, 'y', true, script);
  iscc_plot_box_write(&box, script);
  iscc_plot_box_label(&box, panel->title, last ? g->x_label : NULL, g->y_label, script);
  write_cells(d, panel, number, script);
  fprintf(
      script,
      "plot NaN notitle, $cells%zu using 1:2:($1-%.10g):($1+%.10g):($2-%.10g):($2+%.10g):3 with boxxyerror "
      "lc palette fs solid noborder notitle, $crossed using 1:2 with points pt 2 ps MARK lw 1.5 "
      "lc rgb '#404040' notitle",
      number, 0.5 * g->x_step, 0.5 * g->x_step, 0.5 * g->y_step, 0.5 * g->y_step);
  if (cell_px > LETTERS_WIDTH * iscc_gnuplot_text_px("0"))
    fprintf(script, ", $cells%zu using 1:2:(sprintf('%%.0f', $3)) with labels notitle", number);
  fputs("\nunset label\n", script);
}

static void write_script(const drawing *d, const iscc_plot_cells *panels, size_t count, FILE *script) {
  fputs("set palette defined (0 '#eef4fb', 1 '#c3daee', 2 '#7fb2da')\nset border 15 lw 0.8 lc rgb '#404040'\n"
        "set tics out nomirror scale 0.5\nunset key\nunset colorbox\nset multiplot\n",
        script);
  fprintf(script, "set xrange [%.12g:%.12g]\nset yrange [%.12g:%.12g]\n", d->x.low, d->x.high, d->y.low,
          d->y.high);
  if (d->title_px > 0)
    fprintf(script, "set label '%s' at screen 0.5,%.6f center font BOLD\n", d->sheet->title,
            1 - 0.55 * d->title_px / d->height_px);
  if (d->caption_px > 0)
    fprintf(script, "set label '%s' at screen 0.5,%.6f center\n", d->sheet->caption,
            0.6 * CAPTION_PX / d->height_px);
  write_crosses(d, script);
  for (size_t i = 0; i < count; i++) write_panel(d, &panels[i], i, i + 1 == count, script);
  fputs("unset multiplot\n", script);
}

iscc_status iscc_plot_cells_draw(const char *path, const iscc_plot_sheet *sheet, const iscc_plot_grid *grid,
                                 const iscc_plot_cells *panels, size_t count, iscc_error *error) {
  drawing d = {.sheet = sheet, .grid = grid};
  iscc_gnuplot gnuplot;
  iscc_status status = iscc_plot_check_path(path, error);
  if (!status) status = check(&d, panels, count, error);
  if (status) return status;
  lay_out(&d, count);
  status = iscc_gnuplot_begin(&gnuplot, path, (int)d.width_px, (int)d.height_px, error);
  if (status) return status;
  write_script(&d, panels, count, gnuplot.script);
  return iscc_gnuplot_end_keeping(&gnuplot, sheet->script, error);
}
