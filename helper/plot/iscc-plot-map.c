/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-plot-map.h"

#include <math.h>
#include <stdio.h>

#include "iscc-gnuplot.h"
#include "iscc-plot-axis.h"

enum { MAPS_MAX = 4, FONT = ISCC_GNUPLOT_FONT_PX };
#define SCALE_PX 18.0 /* width of the colour scale; its gap to the last map is as wide */

typedef struct {
  const iscc_plot_frame *frame;
  const char *scale_label;
  double low, high;
  double width_px, height_px, scale_room_px; /* right of the last map */
  size_t count;
} map_sheet;

static iscc_status check(const map_sheet *s, const iscc_plot_map *maps, iscc_error *error) {
  const iscc_plot_frame *frame = s->frame;
  if (!iscc_gnuplot_is_plain(frame->title) || !iscc_gnuplot_is_plain(frame->x_label) ||
      !iscc_gnuplot_is_plain(frame->y_label) || !iscc_gnuplot_is_plain(s->scale_label))
    return iscc_fail(error, ISCC_EINVAL,
                     "plot: title and labels may not hold quotes, backslashes or control characters");
  if (s->count < 1 || s->count > MAPS_MAX || !(s->low < s->high))
    return iscc_fail(error, ISCC_EINVAL, "plot: %zu maps are outside 1..%d, or the scale %g..%g is empty",
                     s->count, MAPS_MAX, s->low, s->high);
  for (size_t i = 0; i < s->count; i++)
    if (!iscc_gnuplot_is_plain(maps[i].title) || maps[i].rows < 1 || maps[i].columns < 1)
      return iscc_fail(error, ISCC_EINVAL, "plot: map %zu is empty or its title holds a quote or newline", i);
  return ISCC_OK;
}

/* Cells as a binary array would need a byte count; text lines "x y value". */
static void write_cells(FILE *script, const iscc_plot_map *map, double low, double high) {
  const double dx = map->columns > 1 ? (map->x_last - map->x_first) / (double)(map->columns - 1) : 1;
  const double dy = map->rows > 1 ? (map->y_last - map->y_first) / (double)(map->rows - 1) : 1;
  for (size_t r = 0; r < map->rows; r++)
    for (size_t c = 0; c < map->columns; c++) {
      const double value = map->values[r * map->columns + c];
      fprintf(script, "%.7g %.7g %.5g\n", map->x_first + dx * (double)c, map->y_first + dy * (double)r,
              isfinite(value) ? fmin(high, fmax(low, value)) : low);
    }
  fputs("e\n", script);
}

static double half_cell(double first, double last, size_t cells) {
  return cells > 1 ? 0.5 * fabs(last - first) / (double)(cells - 1) : 0.5;
}

static iscc_plot_axis cover(double first, double last, size_t cells) {
  const double half = half_cell(first, last, cells);
  return (iscc_plot_axis){.low = fmin(first, last) - half, .high = fmax(first, last) + half};
}

/* To the right of the last map. Its ticks are ours, for gnuplot's own overlap in a low picture. */
static void write_colour_scale(const map_sheet *s, const iscc_plot_box *box, FILE *script) {
  const iscc_plot_axis scale = {.low = s->low, .high = s->high};
  const double x = box->right + SCALE_PX, height = box->top - box->bottom;
  iscc_plot_ticks ticks;
  iscc_plot_ticks_choose(&ticks, &scale, height / 45);
  fprintf(script,
          "set colorbox vertical user origin screen %.6f,%.6f size screen %.6f,%.6f border\nset cbtics (",
          x / s->width_px, box->bottom / s->height_px, SCALE_PX / s->width_px, height / s->height_px);
  for (size_t i = 0; i < ticks.count; i++)
    fprintf(script, "%s'%s' %.12g", i ? ", " : "", ticks.text[i], ticks.at[i]);
  fputs(")\n", script);
  if (s->scale_label && *s->scale_label)
    fprintf(script, "set label '%s' at screen %.6f,%.6f center rotate by 90\n", s->scale_label,
            (s->width_px - FONT) / s->width_px, 0.5 * (box->bottom + box->top) / s->height_px);
}

static void write_map(const map_sheet *s, const iscc_plot_map *map, size_t number, double top, FILE *script) {
  const iscc_plot_axis x = cover(map->x_first, map->x_last, map->columns);
  const iscc_plot_axis y = cover(map->y_first, map->y_last, map->rows);
  const double cell = (s->width_px - s->scale_room_px) / (double)s->count;
  iscc_plot_ticks x_ticks, y_ticks;
  iscc_plot_ticks_choose(&y_ticks, &y, (top - ISCC_PLOT_ROOM_BELOW) / 45);
  const iscc_plot_box box = {.picture_width = s->width_px,
                             .picture_height = s->height_px,
                             .left = cell * (double)number + y_ticks.text_px + ISCC_PLOT_ROOM_LEFT,
                             .right = cell * (double)(number + 1) - 0.8 * FONT,
                             .bottom = ISCC_PLOT_ROOM_BELOW,
                             .top = top,
                             .y_text_px = y_ticks.text_px};
  iscc_plot_ticks_choose(&x_ticks, &x, (box.right - box.left) / 75);
  iscc_plot_ticks_write(&x_ticks, 'x', true, script);
  iscc_plot_ticks_write(&y_ticks, 'y', true, script);
  iscc_plot_box_write(&box, script);
  iscc_plot_box_label(&box, map->title, s->frame->x_label, s->frame->y_label, script);
  fprintf(script, "set xrange [%.9g:%.9g]\nset yrange [%.9g:%.9g]\n", x.low, x.high, y.low, y.high);
  if (number + 1 == s->count) write_colour_scale(s, &box, script);
  fputs("plot '-' using 1:2:3 with image\n", script);
  write_cells(script, map, s->low, s->high);
  fputs("unset label\n", script);
}

static void write_script(const map_sheet *s, const iscc_plot_map *maps, FILE *script) {
  bool titles = false;
  for (size_t i = 0; i < s->count; i++) titles |= maps[i].title && *maps[i].title;
  const double title_px = s->frame->title && *s->frame->title ? 2.2 * FONT : 0;
  fprintf(
      script,
      "set palette defined (0 '#000004', 1 '#3b0f70', 2 '#8c2981', 3 '#de4968', 4 '#fe9f6d', 5 '#fcfdbf')\n"
      "set border lw 0.8\nset tics out nomirror scale 0.5\nset cbrange [%.9g:%.9g]\nunset key\n"
      "unset colorbox\nset multiplot\n",
      s->low, s->high);
  if (title_px > 0)
    fprintf(script, "set label '%s' at screen 0.5,%.6f center font BOLD\n", s->frame->title,
            1 - 0.55 * title_px / s->height_px);
  const double top = s->height_px - title_px - (titles ? ISCC_PLOT_ROOM_ABOVE : ISCC_PLOT_ROOM_ABOVE_BARE);
  for (size_t i = 0; i < s->count; i++) write_map(s, &maps[i], i, top, script);
  fputs("unset multiplot\n", script);
}

iscc_status iscc_plot_maps(const char *path, const iscc_plot_frame *frame, const iscc_plot_map *maps,
                           size_t count, const char *scale_label, double low, double high,
                           iscc_error *error) {
  const map_sheet s = {.frame = frame,
                       .scale_label = scale_label,
                       .low = low,
                       .high = high,
                       .width_px = frame->width_px > 0 ? frame->width_px : 900,
                       .height_px = frame->height_px > 0 ? frame->height_px : 600,
                       .scale_room_px = 2 * SCALE_PX + 6.5 * FONT,
                       .count = count};
  iscc_status status = iscc_plot_check_path(path, error);
  if (!status) status = check(&s, maps, error);
  iscc_gnuplot gnuplot;
  if (!status) status = iscc_gnuplot_begin(&gnuplot, path, (int)s.width_px, (int)s.height_px, error);
  if (status) return status;
  write_script(&s, maps, gnuplot.script);
  return iscc_gnuplot_end(&gnuplot, error);
}
