/* SPDX-License-Identifier: GPL-2.0-only */
/* A sheet is laid out in pixels from its lower left corner: title on top, the legend at the bottom, between
 * them the cells of the panels. A panel with absent points is drawn as two plots that share their x axis: the
 * frame, and below it the strip of crosses, so that these can never lie among the curves. */
#include "iscc-plot.h"

#include <math.h>
#include <stdlib.h>

#include "iscc-gnuplot.h"
#include "iscc-plot-axis.h"
#include "iscc-plot-legend.h"

enum { FONT = ISCC_GNUPLOT_FONT_PX, SIZE_MIN = 200, SIZE_MAX = 10000 };
#define STRIP_ROW_PX  13.0
#define STRIP_EDGE_PX 8.0 /* of the strip, above and below its rows together */
#define CAPTION_PX    26.0

typedef struct {
  const iscc_plot_panel *panel;
  iscc_plot_axis x, y;
  iscc_plot_ticks x_ticks, y_ticks;
  size_t strip_rows, column;
  double left, right, bottom, top; /* of frame and strip together, in px */
} drawn_panel;

typedef struct {
  double width_px, height_px;
  size_t rows, columns, count;
  double title_px, legend_px, caption_px; /* heights */
  double y_text_px[ISCC_PLOT_PANELS_MAX]; /* of the y ticks of a column of panels */
  iscc_plot_legend legend;
  drawn_panel panels[ISCC_PLOT_PANELS_MAX];
} layout;

iscc_status iscc_plot_check_path(const char *path, iscc_error *error) {
  return iscc_gnuplot_check_path(path, error);
}

static bool is_empty(const char *text) {
  return !text || !*text;
}

/* ---- checks ---- */

static bool is_range(double low, double high, bool log) {
  if ((low == 0 && high == 0) || isnan(low) || isnan(high)) return !isinf(low) && !isinf(high);
  return low < high && isfinite(low) && isfinite(high) && (low > 0 || !log);
}

static iscc_status check_curve(const iscc_plot_curve *c, iscc_error *error) {
  if (!iscc_gnuplot_is_plain(c->legend))
    return iscc_fail(error, ISCC_EINVAL,
                     "plot: legends may not hold quotes, backslashes or control characters");
  if (c->colour < 0 || c->colour >= ISCC_PLOT_COLOURS)
    return iscc_fail(error, ISCC_EINVAL, "plot: colour %d is outside 0..%d", c->colour,
                     ISCC_PLOT_COLOURS - 1);
  if (c->style == ISCC_PLOT_BARS || c->style == ISCC_PLOT_TICKS)
    return iscc_fail(error, ISCC_EINVAL, "plot: bars and ticks are not for panels");
  if (!c->y_low != !c->y_high)
    return iscc_fail(error, ISCC_EINVAL, "plot: a curve has y_low or y_high without the other");
  return ISCC_OK;
}

static iscc_status check_panel(const iscc_plot_panel *p, iscc_error *error) {
  if (!iscc_gnuplot_is_plain(p->title) || !iscc_gnuplot_is_plain(p->x_label) ||
      !iscc_gnuplot_is_plain(p->y_label))
    return iscc_fail(error, ISCC_EINVAL,
                     "plot: title and labels may not hold quotes, backslashes or control characters");
  if (p->count > ISCC_PLOT_CURVES_MAX)
    return iscc_fail(error, ISCC_EINVAL, "plot: %zu curves are more than %d", p->count, ISCC_PLOT_CURVES_MAX);
  if (!is_range(p->x_low, p->x_high, p->log_x) || !is_range(p->y_low, p->y_high, p->log_y))
    return iscc_fail(error, ISCC_EINVAL,
                     "plot: axes %g..%g and %g..%g: not low < high, or not > 0 on a log axis", p->x_low,
                     p->x_high, p->y_low, p->y_high);
  if (p->x_name_count > ISCC_PLOT_NAMES_MAX)
    return iscc_fail(error, ISCC_EINVAL, "plot: %zu names are more than %d", p->x_name_count,
                     ISCC_PLOT_NAMES_MAX);
  bool plain = true;
  for (size_t i = 0; i < p->x_name_count; i++) plain &= iscc_gnuplot_is_plain(p->x_names[i]);
  if (!plain)
    return iscc_fail(error, ISCC_EINVAL,
                     "plot: names may not hold quotes, backslashes or control characters");
  iscc_status status = ISCC_OK;
  for (size_t i = 0; i < p->count && !status; i++) status = check_curve(&p->curves[i], error);
  return status;
}

static bool is_size(int px) {
  return px <= 0 || (px >= SIZE_MIN && px <= SIZE_MAX);
}

static iscc_status check_sheet(const iscc_plot_sheet *sheet, const iscc_plot_panel *panels, size_t count,
                               iscc_error *error) {
  const size_t rows = sheet->rows ? sheet->rows : 1, columns = sheet->columns ? sheet->columns : 1;
  if (!iscc_gnuplot_is_plain(sheet->title) || !iscc_gnuplot_is_plain(sheet->caption) ||
      !iscc_gnuplot_is_plain(sheet->absent))
    return iscc_fail(error, ISCC_EINVAL,
                     "plot: title and caption may not hold quotes, backslashes or control characters");
  if (count < 1 || rows > ISCC_PLOT_PANELS_MAX || columns > ISCC_PLOT_PANELS_MAX || count > rows * columns ||
      count > ISCC_PLOT_PANELS_MAX)
    return iscc_fail(error, ISCC_EINVAL, "plot: %zu panels in %zu rows of %zu: outside 1..%d, or no room",
                     count, rows, columns, ISCC_PLOT_PANELS_MAX);
  if (!is_size(sheet->width_px) || !is_size(sheet->height_px))
    return iscc_fail(error, ISCC_EINVAL, "plot: %d x %d px: each is 0 or %d..%d", sheet->width_px,
                     sheet->height_px, SIZE_MIN, SIZE_MAX);
  iscc_status status = ISCC_OK;
  for (size_t i = 0; i < count && !status; i++) status = check_panel(&panels[i], error);
  return status;
}

/* ---- layout ---- */

static void fit_axes(drawn_panel *d) {
  const iscc_plot_panel *p = d->panel;
  d->x = iscc_plot_axis_empty(p->log_x);
  d->y = iscc_plot_axis_empty(p->log_y);
  bool marks = false;
  for (size_t i = 0; i < p->count; i++) {
    const iscc_plot_curve *c = &p->curves[i];
    for (size_t k = 0; k < c->points; k++) {
      if (!isfinite(c->x[k]) || !isfinite(c->y[k])) continue;
      iscc_plot_axis_include(&d->x, c->x[k]);
      iscc_plot_axis_include(&d->y, c->y[k]);
      if (!iscc_plot_has_bounds(c)) continue;
      iscc_plot_axis_include(&d->y, c->y_low[k]);
      iscc_plot_axis_include(&d->y, c->y_high[k]);
    }
    for (size_t k = 0; k < c->absent_count; k++) iscc_plot_axis_include(&d->x, c->absent[k]);
    d->strip_rows += c->absent_count > 0;
    marks |= iscc_plot_has_marks(c) || c->absent_count > 0;
  }
  if (p->x_name_count)
    iscc_plot_axis_settle(&d->x, 0.5, (double)p->x_name_count + 0.5, false);
  else
    iscc_plot_axis_settle(&d->x, p->x_low, p->x_high, marks); /* lines may begin at the very edge */
  iscc_plot_axis_settle(&d->y, p->y_low, p->y_high, true);
}

static double strip_px(const drawn_panel *d) {
  if (d->strip_rows == 0) return 0;
  return fmin(STRIP_ROW_PX * (double)d->strip_rows + STRIP_EDGE_PX, 0.5 * (d->top - d->bottom));
}

/* As many ticks as have room for their texts. */
static void choose_x_ticks(drawn_panel *d) {
  const double width = d->right - d->left;
  if (d->panel->x_name_count) {
    iscc_plot_ticks_name(&d->x_ticks, d->panel->x_names, d->panel->x_name_count);
    return;
  }
  double wanted = fmax(2, width / 75);
  iscc_plot_ticks_choose(&d->x_ticks, &d->x, wanted);
  for (int i = 0; i < 4 && (d->x_ticks.text_px + FONT) * (double)d->x_ticks.count > width; i++) {
    wanted *= 0.7;
    iscc_plot_ticks_choose(&d->x_ticks, &d->x, wanted);
  }
}

/* Frames of a column begin at the same x, those of a row end at the same y. */
static void place_panels(layout *l) {
  const double cell_width = l->width_px / (double)l->columns;
  const double cell_height = (l->height_px - l->title_px - l->legend_px - l->caption_px) / (double)l->rows;
  for (size_t i = 0; i < l->count; i++) {
    drawn_panel *d = &l->panels[i];
    const double upper = l->height_px - l->title_px - cell_height * (double)(i / l->columns);
    d->top = upper - (is_empty(d->panel->title) ? ISCC_PLOT_ROOM_ABOVE_BARE : ISCC_PLOT_ROOM_ABOVE);
    d->bottom = upper - cell_height +
                (is_empty(d->panel->x_label) ? ISCC_PLOT_ROOM_BELOW_BARE : ISCC_PLOT_ROOM_BELOW);
    d->column = i % l->columns;
    iscc_plot_ticks_choose(&d->y_ticks, &d->y, fmax(2, (d->top - d->bottom - strip_px(d)) / 45));
    l->y_text_px[d->column] = fmax(l->y_text_px[d->column], d->y_ticks.text_px);
  }
  for (size_t i = 0; i < l->count; i++) {
    drawn_panel *d = &l->panels[i];
    d->left = cell_width * (double)d->column + l->y_text_px[d->column] + ISCC_PLOT_ROOM_LEFT;
    d->right = cell_width * (double)(d->column + 1) - 1.6 * FONT;
    choose_x_ticks(d);
    d->right = fmin(d->right, cell_width * (double)(d->column + 1) - 0.5 * d->x_ticks.text_px - 4);
  }
}

static iscc_status lay_out(layout *l, const iscc_plot_sheet *sheet, const iscc_plot_panel *panels,
                           size_t count, iscc_error *error) {
  l->rows = sheet->rows ? sheet->rows : 1;
  l->columns = sheet->columns ? sheet->columns : 1;
  l->count = count;
  l->width_px = sheet->width_px > 0 ? sheet->width_px : l->columns == 1 ? 900 : 560 * (int)l->columns;
  l->height_px = sheet->height_px > 0 ? sheet->height_px : l->rows == 1 ? 600 : 150 + 400 * (int)l->rows;
  l->title_px = is_empty(sheet->title) ? 0 : 2.2 * FONT;
  l->caption_px = is_empty(sheet->caption) ? 0 : CAPTION_PX;
  l->legend.absent_text = sheet->absent ? sheet->absent : "infeasible";
  for (size_t i = 0; i < count; i++) {
    l->panels[i].panel = &panels[i];
    fit_axes(&l->panels[i]);
    for (size_t k = 0; k < panels[i].count; k++)
      if (!iscc_plot_legend_add(&l->legend, &panels[i].curves[k]))
        return iscc_fail(error, ISCC_EINVAL, "plot: more than %d legends", ISCC_PLOT_LEGEND_MAX);
  }
  l->legend_px = iscc_plot_legend_arrange(&l->legend, l->width_px);
  place_panels(l);
  for (size_t i = 0; i < count; i++)
    if (l->panels[i].right - l->panels[i].left < 4 * FONT ||
        l->panels[i].top - l->panels[i].bottom < 4 * FONT)
      return iscc_fail(error, ISCC_EINVAL, "plot: %g x %g px are too few for the panels and the legend",
                       l->width_px, l->height_px);
  return ISCC_OK;
}

/* ---- data: $line<k>, $dots<k> (points without neighbours), $band<k> and $cross<k> of each curve k ---- */

static bool shows(const drawn_panel *d, const iscc_plot_curve *c, size_t k) {
  return k < c->points && iscc_plot_axis_shows(&d->x, c->x[k]) && iscc_plot_axis_shows(&d->y, c->y[k]);
}

static bool shows_bounds(const drawn_panel *d, const iscc_plot_curve *c, size_t k) {
  return shows(d, c, k) && iscc_plot_axis_shows(&d->y, c->y_low[k]) &&
         iscc_plot_axis_shows(&d->y, c->y_high[k]);
}

/* Lines "x y low high"; an empty one breaks a line. */
static void write_line(const drawn_panel *d, const iscc_plot_curve *c, size_t number, FILE *script) {
  const bool bounds = iscc_plot_has_bounds(c), steps = c->style == ISCC_PLOT_STEPS;
  fprintf(script, "$line%zu << EOD\n", number);
  for (size_t k = 0; k < c->points; k++) {
    if (!shows(d, c, k)) {
      fputc('\n', script);
      continue;
    }
    const bool bound = bounds && shows_bounds(d, c, k);
    if (steps && k > 0 && shows(d, c, k - 1)) fprintf(script, "%.10g %.10g 0 0\n", c->x[k], c->y[k - 1]);
    fprintf(script, "%.10g %.10g %.10g %.10g\n", c->x[k], c->y[k], bound ? c->y_low[k] : c->y[k],
            bound ? c->y_high[k] : c->y[k]);
  }
  fprintf(script, "EOD\n$dots%zu << EOD\n", number);
  for (size_t k = 0; k < c->points; k++)
    if (shows(d, c, k) && !(k > 0 && shows(d, c, k - 1)) && !shows(d, c, k + 1))
      fprintf(script, "%.10g %.10g\n", c->x[k], c->y[k]);
  fputs("EOD\n", script);
}

static void write_band(const drawn_panel *d, const iscc_plot_curve *c, size_t number, FILE *script) {
  const bool steps = c->style == ISCC_PLOT_STEPS;
  fprintf(script, "$band%zu << EOD\n", number);
  for (size_t k = 0; iscc_plot_has_bounds(c) && k < c->points; k++) {
    if (!shows_bounds(d, c, k)) {
      fputc('\n', script);
      continue;
    }
    if (steps && k > 0 && shows_bounds(d, c, k - 1))
      fprintf(script, "%.10g %.10g %.10g\n", c->x[k], c->y_low[k - 1], c->y_high[k - 1]);
    fprintf(script, "%.10g %.10g %.10g\n", c->x[k], c->y_low[k], c->y_high[k]);
  }
  fputs("EOD\n", script);
}

static void write_data(const drawn_panel *d, FILE *script) {
  size_t row = 0;
  for (size_t i = 0; i < d->panel->count; i++) {
    const iscc_plot_curve *c = &d->panel->curves[i];
    write_line(d, c, i, script);
    write_band(d, c, i, script);
    fprintf(script, "$cross%zu << EOD\n", i);
    for (size_t k = 0; k < c->absent_count; k++)
      if (iscc_plot_axis_shows(&d->x, c->absent[k]))
        fprintf(script, "%.10g %.1f\n", c->absent[k], (double)(d->strip_rows - row) - 0.5);
    fputs("EOD\n", script);
    row += c->absent_count > 0;
  }
}

/* ---- commands ---- */

/* The frame, or the strip below it. */
static iscc_plot_box box_of(const layout *l, const drawn_panel *d, bool strip) {
  const double below = strip_px(d);
  return (iscc_plot_box){.picture_width = l->width_px,
                         .picture_height = l->height_px,
                         .left = d->left,
                         .right = d->right,
                         .bottom = d->bottom + (strip ? 0 : below),
                         .top = strip ? d->bottom + below : d->top,
                         .below = strip ? 0 : below,
                         .y_text_px = l->y_text_px[d->column]};
}

/* Crosses below the frame, with the x axis' ticks and label. */
static void write_strip(const layout *l, const drawn_panel *d, FILE *script) {
  const iscc_plot_box box = box_of(l, d, true);
  iscc_plot_box_write(&box, script);
  fprintf(script,
          "set border 11 lw 0.8 lc rgb '#404040'\nset yrange [-0.2:%.1f]\nunset ytics\n"
          "plot NaN notitle",
          (double)d->strip_rows + 0.2);
  for (size_t i = 0; i < d->panel->count; i++)
    if (d->panel->curves[i].absent_count > 0)
      fprintf(script, ", $cross%zu using 1:2 with points pt 2 ps 0.9*MARK lw 1.5 lc rgb '%s' notitle", i,
              iscc_plot_colour(d->panel->curves[i].colour));
  fputc('\n', script);
}

/* rank: of a curve with marks among those of its panel. Later ones are drawn below earlier ones, with larger
 * marks and wider lines, so that curves that coincide are all seen. */
static void write_curve(const iscc_plot_curve *c, size_t number, int rank, FILE *script) {
  const char *colour = iscc_plot_colour(c->colour);
  if (iscc_plot_has_line(c))
    fprintf(script, ", $line%zu using 1:2 with lines lw %g dt %s lc rgb '%s' notitle", number,
            2 + 0.35 * rank, iscc_plot_dash(c), colour);
  if (iscc_plot_has_line(c) && !iscc_plot_has_marks(c))
    fprintf(script, ", $dots%zu using 1:2 with points pt 7 ps 0.5*MARK lc rgb '%s' notitle", number, colour);
  if (iscc_plot_has_marks(c))
    fprintf(script, ", $line%zu using %s pt %d ps %g*MARK lw %g lc rgb '%s' notitle", number,
            iscc_plot_has_bounds(c) ? "1:2:3:4 with yerrorbars" : "1:2 with points",
            iscc_plot_mark(c->colour), 1 + 0.13 * rank, 1.2 + 0.35 * rank, colour);
}

static void write_frame(const layout *l, const drawn_panel *d, FILE *script) {
  const iscc_plot_panel *p = d->panel;
  const iscc_plot_box box = box_of(l, d, false);
  iscc_plot_box_write(&box, script);
  fprintf(script, "set border 15 lw 0.8 lc rgb '#404040'\nset yrange [%.12g:%.12g]\n%sset logscale y\n",
          d->y.low, d->y.high, p->log_y ? "" : "un");
  iscc_plot_ticks_write(&d->y_ticks, 'y', true, script);
  fprintf(script, "plot NaN notitle");
  for (size_t i = p->count; i-- > 0;)
    if (iscc_plot_has_bounds(&p->curves[i]) && !iscc_plot_has_marks(&p->curves[i]))
      fprintf(
          script,
          ", $band%zu using 1:2:3 with filledcurves fc rgb '%s' fs transparent solid 0.2 noborder notitle", i,
          iscc_plot_colour(p->curves[i].colour));
  int rank = 0;
  for (size_t i = 0; i < p->count; i++) rank += iscc_plot_has_marks(&p->curves[i]);
  for (size_t i = p->count; i-- > 0;) {
    const bool marks = iscc_plot_has_marks(&p->curves[i]);
    rank -= marks;
    write_curve(&p->curves[i], i, marks ? rank : 0, script);
  }
  fputc('\n', script);
}

static void write_panel(const layout *l, const drawn_panel *d, FILE *script) {
  write_data(d, script);
  const iscc_plot_box box = box_of(l, d, false);
  iscc_plot_box_label(&box, d->panel->title, d->panel->x_label, d->panel->y_label, script);
  fprintf(script, "set xrange [%.12g:%.12g]\n%sset logscale x\nunset logscale y\n", d->x.low, d->x.high,
          d->panel->log_x ? "" : "un");
  iscc_plot_ticks_write(&d->x_ticks, 'x', true, script);
  if (d->strip_rows > 0) {
    write_strip(l, d, script);
    fputs("unset label\nunset arrow\nunset object\nset xtics scale 0\n", script);
    iscc_plot_ticks_write(&d->x_ticks, 'x', false, script);
  }
  write_frame(l, d, script);
  fputs("unset label\nunset arrow\nunset object\nset xtics scale 1\n", script);
}

static void write_script(const layout *l, const iscc_plot_sheet *sheet, FILE *script) {
  fputs("set tics out nomirror scale 0.5\nset grid back lt 1 lw 0.7 lc rgb '#e4e4e4'\nunset key\n"
        "set errorbars 0.6\nset multiplot\n",
        script);
  if (l->title_px > 0)
    fprintf(script, "set label '%s' at screen 0.5,%.6f center font BOLD\n", sheet->title,
            1 - 0.55 * l->title_px / l->height_px);
  if (l->caption_px > 0)
    fprintf(script, "set label '%s' at screen 0.5,%.6f center\n", sheet->caption,
            0.6 * CAPTION_PX / l->height_px);
  iscc_plot_legend_write(&l->legend, l->width_px, l->height_px, l->caption_px, script);
  for (size_t i = 0; i < l->count; i++) write_panel(l, &l->panels[i], script);
  fputs("unset multiplot\n", script);
}

/* ---- figures ---- */

iscc_status iscc_plot_panels(const char *path, const iscc_plot_sheet *sheet, const iscc_plot_panel *panels,
                             size_t count, iscc_error *error) {
  iscc_status status = iscc_plot_check_path(path, error);
  if (!status) status = check_sheet(sheet, panels, count, error);
  if (status) return status;
  layout *l = calloc(1, sizeof *l);
  if (!l) return iscc_fail(error, ISCC_ENOMEM, "%s: out of memory", path);
  status = lay_out(l, sheet, panels, count, error);
  iscc_gnuplot gnuplot;
  if (!status) status = iscc_gnuplot_begin(&gnuplot, path, (int)l->width_px, (int)l->height_px, error);
  if (!status) {
    write_script(l, sheet, gnuplot.script);
    status = iscc_gnuplot_end_keeping(&gnuplot, sheet->script, error);
  }
  free(l);
  return status;
}

iscc_status iscc_plot_curves(const char *path, const iscc_plot_frame *frame, const iscc_plot_curve *curves,
                             size_t count, iscc_error *error) {
  if (count < 1)
    return iscc_fail(error, ISCC_EINVAL, "plot: %zu curves are outside 1..%d", count, ISCC_PLOT_CURVES_MAX);
  const iscc_plot_sheet sheet = {.width_px = frame->width_px, .height_px = frame->height_px};
  const iscc_plot_panel panel = {.title = frame->title,
                                 .x_label = frame->x_label,
                                 .y_label = frame->y_label,
                                 .curves = curves,
                                 .count = count};
  return iscc_plot_panels(path, &sheet, &panel, 1, error);
}
