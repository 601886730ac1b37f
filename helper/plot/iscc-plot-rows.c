/* SPDX-License-Identifier: GPL-2.0-only */
/* Row i of the picture has y = i + 1 on an axis that points down. */
#include "iscc-plot-rows.h"

#include <math.h>
#include <stdio.h>

#include "iscc-gnuplot.h"
#include "iscc-plot-axis.h"
#include "iscc-plot-legend.h"

enum { FONT = ISCC_GNUPLOT_FONT_PX, WIDTH_PX = 900 };
#define CAPTION_PX 26.0
#define GAP_PX     12.0 /* between names and frame, bars and remarks */

typedef struct {
  const iscc_plot_sheet *sheet;
  const char *x_label;
  const iscc_plot_row *rows;
  size_t row_count;
  const iscc_plot_row_series *series;
  size_t series_count;
  iscc_plot_curve entries[ISCC_PLOT_ROW_SERIES_MAX]; /* what the legend knows of the series */
  iscc_plot_legend legend;
  iscc_plot_axis x;
  iscc_plot_ticks ticks;
  iscc_plot_box box;
  double end[ISCC_PLOT_ROWS_MAX]; /* of what is drawn in a row */
  double legend_px, caption_px, title_px;
} drawing;

static bool is_empty(const char *text) {
  return !text || !*text;
}

static iscc_status check(const drawing *d, iscc_error *error) {
  bool plain = iscc_gnuplot_is_plain(d->sheet->title) && iscc_gnuplot_is_plain(d->sheet->caption) &&
               iscc_gnuplot_is_plain(d->x_label);
  if (d->row_count < 1 || d->row_count > ISCC_PLOT_ROWS_MAX || d->series_count > ISCC_PLOT_ROW_SERIES_MAX)
    return iscc_fail(error, ISCC_EINVAL, "plot: %zu rows of %zu series are outside 1..%d and 0..%d",
                     d->row_count, d->series_count, ISCC_PLOT_ROWS_MAX, ISCC_PLOT_ROW_SERIES_MAX);
  for (size_t i = 0; i < d->row_count; i++)
    plain = plain && iscc_gnuplot_is_plain(d->rows[i].name) && iscc_gnuplot_is_plain(d->rows[i].remark);
  for (size_t i = 0; i < d->series_count; i++) {
    const iscc_plot_row_series *s = &d->series[i];
    plain = plain && iscc_gnuplot_is_plain(s->legend);
    for (size_t k = 0; k < s->count; k++)
      if (s->row[k] >= d->row_count)
        return iscc_fail(error, ISCC_EINVAL, "plot: row %zu of %zu", s->row[k], d->row_count);
    if (s->colour < 0 || s->colour >= ISCC_PLOT_COLOURS)
      return iscc_fail(error, ISCC_EINVAL, "plot: colour %d is outside 0..%d", s->colour,
                       ISCC_PLOT_COLOURS - 1);
  }
  if (plain) return ISCC_OK;
  return iscc_fail(error, ISCC_EINVAL, "plot: texts may not hold quotes, backslashes or control characters");
}

/* ---- layout ---- */

static double value_of(const double *values, size_t k) {
  return values ? values[k] : (double)NAN;
}

static void fit_axis(drawing *d) {
  d->x = iscc_plot_axis_empty(false);
  for (size_t i = 0; i < d->row_count; i++) d->end[i] = -INFINITY;
  for (size_t i = 0; i < d->series_count; i++) {
    const iscc_plot_row_series *s = &d->series[i];
    for (size_t k = 0; k < s->count; k++) {
      const double values[] = {value_of(s->at, k), value_of(s->low, k), value_of(s->high, k)};
      for (int v = 0; v < 3; v++) {
        iscc_plot_axis_include(&d->x, values[v]);
        if (isfinite(values[v])) d->end[s->row[k]] = fmax(d->end[s->row[k]], values[v]);
      }
    }
  }
  iscc_plot_axis_settle(&d->x, 0, 0, true);
}

/* Widens the axis until the remarks fit behind the bars. */
static void make_room_for_remarks(drawing *d) {
  const double width = d->box.right - d->box.left;
  for (size_t i = 0; i < d->row_count; i++) {
    const double room = width - iscc_gnuplot_text_px(d->rows[i].remark) - 2 * GAP_PX;
    if (is_empty(d->rows[i].remark) || !isfinite(d->end[i]) || room < 0.2 * width) continue;
    d->x.high = fmax(d->x.high, d->x.low + (d->end[i] - d->x.low) * width / room);
  }
}

static double row_px(size_t rows) {
  return rows <= 12 ? 34 : rows <= 40 ? 24 : 17;
}

static void lay_out(drawing *d) {
  double names_px = 0;
  for (size_t i = 0; i < d->row_count; i++)
    if (!d->rows[i].heading) names_px = fmax(names_px, iscc_gnuplot_text_px(d->rows[i].name));
  for (size_t i = 0; i < d->series_count; i++) {
    d->entries[i] = (iscc_plot_curve){
        .legend = d->series[i].legend, .style = d->series[i].style, .colour = d->series[i].colour};
    iscc_plot_legend_add(&d->legend, &d->entries[i]);
  }
  const double width = d->sheet->width_px > 0 ? d->sheet->width_px : WIDTH_PX;
  d->title_px = is_empty(d->sheet->title) ? 0 : 2.2 * FONT;
  d->caption_px = is_empty(d->sheet->caption) ? 0 : CAPTION_PX;
  d->legend_px = iscc_plot_legend_arrange(&d->legend, width);
  const double below = d->caption_px + d->legend_px + ISCC_PLOT_ROOM_BELOW;
  const double above = d->title_px + ISCC_PLOT_ROOM_ABOVE_BARE;
  const double height = d->sheet->height_px > 0
                            ? d->sheet->height_px
                            : below + above + row_px(d->row_count) * (double)(d->row_count + 1);
  d->box = (iscc_plot_box){.picture_width = width,
                           .picture_height = ceil(height),
                           .left = names_px + 2 * GAP_PX,
                           .right = width - 1.6 * FONT,
                           .bottom = below,
                           .top = ceil(height) - above};
  fit_axis(d);
  make_room_for_remarks(d);
  iscc_plot_ticks_choose(&d->ticks, &d->x, fmax(2, (d->box.right - d->box.left) / 75));
}

/* ---- script ---- */

static void write_data(const drawing *d, FILE *script) {
  for (size_t i = 0; i < d->series_count; i++) {
    const iscc_plot_row_series *s = &d->series[i];
    fprintf(script, "$series%zu << EOD\n", i);
    for (size_t k = 0; k < s->count; k++) {
      const double at = value_of(s->at, k), low = value_of(s->low, k), high = value_of(s->high, k);
      const bool interval = isfinite(low) && isfinite(high), bar = s->style == ISCC_PLOT_BARS;
      if (bar ? interval : isfinite(at))
        fprintf(script, "%zu %.10g %.10g %.10g\n", s->row[k] + 1, bar ? 0.5 * (low + high) : at,
                interval ? low : at, interval ? high : at);
    }
    fputs("EOD\n", script);
  }
}

static void write_names(const drawing *d, FILE *script) {
  fputs("set ytics scale 0 nomirror textcolor rgb 'black' (", script);
  for (size_t i = 0; i < d->row_count; i++)
    fprintf(script, "%s'%s' %zu", i ? ", " : "",
            d->rows[i].heading || !d->rows[i].name ? "" : d->rows[i].name, i + 1);
  fputs(")\n", script);
  for (size_t i = 0; i < d->row_count; i++) {
    if (d->rows[i].heading)
      fprintf(script, "set label '%s' at graph 0.01, first %zu left font BOLD front\n", d->rows[i].name,
              i + 1);
    if (!is_empty(d->rows[i].remark))
      fprintf(script, "set label '%s' at first %.10g,%zu left offset 0.8,0 front\n", d->rows[i].remark,
              isfinite(d->end[i]) ? d->end[i] : d->x.low, i + 1);
  }
}

static void write_series(const iscc_plot_row_series *s, size_t number, FILE *script) {
  const char *colour = iscc_plot_colour(s->colour);
  if (s->style == ISCC_PLOT_BARS)
    fprintf(script,
            ", $series%zu using 2:1:3:4:($1-0.36):($1+0.36) with boxxyerror fc rgb '%s' fs %s "
            "border lc rgb '#404040' lw 0.7 notitle",
            number, colour, iscc_plot_fill(s->colour));
  else if (s->style == ISCC_PLOT_TICKS)
    fprintf(script, ", $series%zu using 2:($1-0.45):(0):(0.9) with vectors nohead lw 2.5 lc rgb '%s' notitle",
            number, colour);
  else
    fprintf(script, ", $series%zu using 2:1:3:4 with xerrorbars pt %d ps MARK lw 1.6 lc rgb '%s' notitle",
            number, iscc_plot_mark(s->colour), colour);
}

static void write_script(const drawing *d, FILE *script) {
  const iscc_plot_box *box = &d->box;
  fputs("set tics out nomirror scale 0.5\nset grid xtics back lt 1 lw 0.7 lc rgb '#e4e4e4'\nunset key\n"
        "set errorbars 0.8\nset border 15 lw 0.8 lc rgb '#404040'\n",
        script);
  write_data(d, script);
  if (d->title_px > 0)
    fprintf(script, "set label '%s' at screen 0.5,%.6f center font BOLD\n", d->sheet->title,
            1 - 0.55 * d->title_px / box->picture_height);
  if (d->caption_px > 0)
    fprintf(script, "set label '%s' at screen 0.5,%.6f center\n", d->sheet->caption,
            0.6 * CAPTION_PX / box->picture_height);
  iscc_plot_legend_write(&d->legend, box->picture_width, box->picture_height, d->caption_px, script);
  iscc_plot_box_write(box, script);
  iscc_plot_box_label(box, NULL, d->x_label, NULL, script);
  iscc_plot_ticks_write(&d->ticks, 'x', true, script);
  write_names(d, script);
  fprintf(script, "set xrange [%.12g:%.12g]\nset yrange [%zu.6:0.4]\n", d->x.low, d->x.high, d->row_count);
  if (d->x.low < 0 && d->x.high > 0)
    fputs("set arrow from first 0, graph 0 to first 0, graph 1 nohead lw 1.2 lc rgb '#404040'\n", script);
  fputs("plot NaN notitle", script);
  for (size_t i = 0; i < d->series_count; i++) write_series(&d->series[i], i, script);
  fputc('\n', script);
}

iscc_status iscc_plot_rows(const char *path, const iscc_plot_sheet *sheet, const char *x_label,
                           const iscc_plot_row *rows, size_t row_count, const iscc_plot_row_series *series,
                           size_t series_count, iscc_error *error) {
  drawing d = {.sheet = sheet,
               .x_label = x_label,
               .rows = rows,
               .row_count = row_count,
               .series = series,
               .series_count = series_count};
  iscc_gnuplot gnuplot;
  iscc_status status = iscc_plot_check_path(path, error);
  if (!status) status = check(&d, error);
  if (status) return status;
  lay_out(&d);
  status = iscc_gnuplot_begin(&gnuplot, path, (int)d.box.picture_width, (int)d.box.picture_height, error);
  if (status) return status;
  write_script(&d, gnuplot.script);
  return iscc_gnuplot_end_keeping(&gnuplot, sheet->script, error);
}
