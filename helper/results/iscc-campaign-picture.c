/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-campaign-picture.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "iscc-gnuplot.h"
#include "iscc-metric-unit.h"
#include "iscc-output-file.h"
#include "iscc-plot.h"
#include "iscc-scenario.h"

/* ---- texts ---- */

double iscc_chart_metric_label(const char *metric, double largest, char label[ISCC_CHART_LABEL_MAX]) {
  const iscc_metric_unit *unit = iscc_metric_unit_of(metric);
  const bool small = unit && unit->small && largest < 0.1;
  if (unit)
    snprintf(label, ISCC_CHART_LABEL_MAX, "%.*s (%s%s)", (int)(strlen(metric) - strlen(unit->ending)), metric,
             small ? "m" : "", unit->unit);
  else
    snprintf(label, ISCC_CHART_LABEL_MAX, "%s", metric);
  for (char *c = label; *c && *c != '('; c++)
    if (*c == '_') *c = ' ';
  return small ? 1000 : 1;
}

/* What --help calls the value of an option, as "S"; "" if it knows none. */
static const char *value_name(const char *option) {
  const struct argp_option *const tables[] = {iscc_scenario_options, iscc_world_options};
  for (int t = 0; t < 2; t++)
    for (const struct argp_option *o = tables[t]; o->name || o->doc; o++)
      if (o->name && o->arg && strcmp(o->name, option) == 0) return o->arg;
  return "";
}

void iscc_chart_option_label(const char *option, bool examples, char label[ISCC_CHART_LABEL_MAX]) {
  static const char *const units[][2] = {{"S", "s"},   {"M", "m"},          {"W", "W"},
                                         {"HZ", "Hz"}, {"FLOPS", "FLOP/s"}, {"DB", "dB"}};
  const char *name = examples ? value_name(option) : "";
  size_t i = 0;
  while (i < 6 && strcmp(units[i][0], name) != 0) i++;
  if (i < 6)
    snprintf(label, ISCC_CHART_LABEL_MAX, "%s (%s)", option, units[i][1]);
  else
    snprintf(label, ISCC_CHART_LABEL_MAX, "%s", option);
}

void iscc_chart_path(const char *path, const char *ending, char out[PATH_MAX]) {
  const char *slash = strrchr(path, '/'), *dot = strrchr(slash ? slash : path, '.');
  snprintf(out, PATH_MAX, "%.*s%s", (int)(dot ? (size_t)(dot - path) : strlen(path)), path, ending);
}

/* A value in the legend: a number with its option. */
static void name_value(const char *by, const char *value, char text[ISCC_CHART_LABEL_MAX]) {
  const bool number = isdigit((unsigned char)value[strspn(value, "+-.")]) != 0;
  snprintf(text, ISCC_CHART_LABEL_MAX, "%s%s%s", number ? by : "", number ? "=" : "", value);
}

/* ---- CSV ---- */

/* After RFC 4180. */
static void write_text(const char *text, FILE *out) {
  if (!strpbrk(text, ",\"\n\r")) {
    fputs(text, out);
    return;
  }
  putc('"', out);
  for (; *text; text++) fprintf(out, *text == '"' ? "\"\"" : "%c", *text);
  putc('"', out);
}

/* What is not a number is an empty field. */
static void write_number(double value, FILE *out) {
  if (isnan(value))
    putc(',', out);
  else
    fprintf(out, ",%.12g", value);
}

static void write_row(const iscc_chart_point *p, bool place, bool baseline, FILE *out) {
  write_text(p->value, out);
  if (place) putc(',', out);
  if (place) write_text(p->place, out);
  const iscc_point_mean *m = p->mean;
  fprintf(out, ",%zu,%zu,%zu", m->n, m->without, m->failed);
  write_number(m->mean, out);
  write_number(m->low, out);
  write_number(m->high, out);
  fprintf(out, ",%s", isnan(m->low) ? "" : iscc_interval_method_text(m->method));
  if (baseline) {
    fprintf(out, ",%zu", p->pairs);
    write_number(p->relative, out);
    write_number(p->relative_low, out);
    write_number(p->relative_high, out);
  }
  fprintf(out, ",%s,", m->stopped ? "precision" : "fixed");
  write_text(iscc_warning_text(m->warning), out);
  putc('\n', out);
}

static iscc_status write_csv(const iscc_chart *c, const iscc_chart_question *q, const char *path,
                             iscc_error *error) {
  iscc_output_file file;
  FILE *out = iscc_output_begin(&file, path, error);
  if (!out) return ISCC_EIO;
  write_text(q->by, out);
  if (q->against) putc(',', out);
  if (q->against) write_text(q->against, out);
  fprintf(out, ",n,without,failed,%s,low,high,interval", q->metric);
  if (q->baseline) fputs(",pairs,relative,relative_low,relative_high", out);
  fputs(",stopping,remark\n", out);
  for (size_t i = 0; i < c->points; i++) write_row(c->point + i, q->against, q->baseline, out);
  return iscc_output_end(&file, error);
}

/* ---- picture ---- */

typedef struct { /* arrays of all points, by value */
  double *x, *mean, *low, *high, *relative, *relative_low, *relative_high, *absent;
  char legend[ISCC_CHART_VALUES_MAX][ISCC_CHART_LABEL_MAX];
  const char *name[ISCC_CHART_VALUES_MAX];         /* at the x axis, without `against` */
  double legend_px;                                /* of the longest */
  iscc_plot_curve curve[2][ISCC_CHART_VALUES_MAX]; /* of either frame */
  size_t curves;
  char x_label[ISCC_CHART_LABEL_MAX], y_label[ISCC_CHART_LABEL_MAX], difference_label[ISCC_CHART_LABEL_MAX];
  char title[ISCC_CHART_LABEL_MAX], caption[2 * ISCC_CHART_LABEL_MAX];
} drawing;

#define SPREAD 0.006 /* of the x axis between neighbours */

enum {
  ARRAYS = 8,
  WIDTH_PX = 900,
  WIDTH_OF_TWO_PX = 1240,
  HEIGHT_PX = 540, /* and of the legend: */
  ROW_PX = 23,
  SAMPLE_PX = 62, /* beside a text */
  SIDES_PX = 130, /* beside a frame */
  BASELINE_MAX = 24
};

static double *array_of(drawing *d, const iscc_chart *c, size_t k) {
  return d->x + k * c->points;
}

static void fill_arrays(drawing *d, const iscc_chart *c, const iscc_chart_question *q) {
  double largest = 0;
  for (size_t i = 0; i < c->points; i++)
    if (c->point[i].mean->n) largest = fmax(largest, fabs(c->point[i].mean->mean));
  const double scale = iscc_chart_metric_label(q->metric, largest, d->y_label);
  double **const array[ARRAYS] = {&d->x,        &d->mean,         &d->low,           &d->high,
                                  &d->relative, &d->relative_low, &d->relative_high, &d->absent};
  for (size_t k = 0; k < ARRAYS; k++) *array[k] = array_of(d, c, k);
  for (size_t i = 0; i < c->points; i++) {
    const iscc_chart_point *p = c->point + i;
    const bool is_baseline = q->baseline && strcmp(p->value, q->baseline) == 0;
    d->x[i] = q->against ? p->x : (double)(i + 1);
    d->mean[i] = scale * p->mean->mean;
    d->low[i] = scale * p->mean->low;
    d->high[i] = scale * p->mean->high;
    d->relative[i] = is_baseline ? 0 : 100 * p->relative;
    d->relative_low[i] = 100 * p->relative_low;
    d->relative_high[i] = 100 * p->relative_high;
  }
}

/* The curves of points first..first + n, which are of one value. */
static void add_curve(drawing *d, const iscc_chart *c, const iscc_chart_question *q, size_t first, size_t n) {
  const size_t k = d->curves++;
  const bool is_baseline = q->baseline && strcmp(c->point[first].value, q->baseline) == 0;
  iscc_plot_curve *left = &d->curve[0][k], *right = &d->curve[1][k];
  name_value(q->by, c->point[first].value, d->legend[k]);
  d->legend_px = fmax(d->legend_px, iscc_gnuplot_text_px(d->legend[k]));
  *left = (iscc_plot_curve){.legend = d->legend[k],
                            .points = n,
                            .x = d->x + first,
                            .y = d->mean + first,
                            .y_low = d->low + first,
                            .y_high = d->high + first,
                            .style = q->against ? ISCC_PLOT_LINE_MARKS : ISCC_PLOT_MARKS,
                            .colour = (int)k,
                            .absent = d->absent + first};
  for (size_t i = first; i < first + n; i++)
    if (!c->point[i].mean->n) d->absent[first + left->absent_count++] = d->x[i];
  *right = *left;
  right->absent_count = 0;
  right->y = d->relative + first;
  right->y_low = is_baseline ? NULL : d->relative_low + first;
  right->y_high = is_baseline ? NULL : d->relative_high + first;
  if (is_baseline && q->against) right->style = ISCC_PLOT_DASHED;
}

/* Moves each value's points a little sideways, so that bars at one place are told apart. */
static void spread(drawing *d, const iscc_chart *c) {
  double low = c->point[0].x, high = low;
  for (size_t i = 0; i < c->points; i++) {
    low = fmin(low, c->point[i].x);
    high = fmax(high, c->point[i].x);
  }
  const double apart = SPREAD * (high - low);
  size_t value = 0;
  for (size_t i = 0; i < c->points; i++) {
    if (i > 0 && strcmp(c->point[i].value, c->point[i - 1].value) != 0) value++;
    d->x[i] += apart * ((double)value - 0.5 * (double)(c->values - 1));
  }
}

static void add_curves(drawing *d, const iscc_chart *c, const iscc_chart_question *q) {
  for (size_t first = 0, next; first < c->points; first = next) {
    for (next = first + 1; next < c->points; next++)
      if (strcmp(c->point[next].value, c->point[first].value) != 0) break;
    add_curve(d, c, q, first, next - first);
  }
}

/* Without `against`: values stand at the axis where they have room, else in the legend. */
static void place_names(drawing *d, const iscc_chart *c, double frame_px) {
  double longest_px = 0;
  for (size_t i = 0; i < c->points; i++)
    longest_px = fmax(longest_px, iscc_gnuplot_text_px(c->point[i].value));
  const bool fit = (longest_px + ISCC_GNUPLOT_FONT_PX) * (double)c->points <= frame_px;
  for (size_t i = 0; i < c->points; i++) {
    d->name[i] = fit ? c->point[i].value : "";
    if (fit) d->curve[0][i].legend = d->curve[1][i].legend = NULL;
  }
  if (fit) d->legend_px = 0;
}

static double legend_height_px(const drawing *d, double width_px) {
  return d->legend_px > 0 ? ROW_PX * ceil((double)d->curves * (d->legend_px + SAMPLE_PX) / width_px) : 0;
}

static void write_range(size_t low, size_t high, char text[32]) {
  snprintf(text, 32, low == high ? "%zu" : "%zu to %zu", low, high);
}

static void write_caption(drawing *d, const iscc_chart *c, const iscc_chart_question *q) {
  size_t least = SIZE_MAX, most = 0;
  bool stopped = false;
  char runs[32];
  for (size_t i = 0; i < c->points; i++) {
    const size_t n = c->point[i].mean->n;
    if (n && n < least) least = n;
    if (n > most) most = n;
    stopped |= c->point[i].mean->stopped;
  }
  write_range(least, most, runs);
  snprintf(d->caption, sizeof d->caption, "n = %s runs a point; bars: %g %% intervals%s%s", runs,
           100 * q->confidence, q->baseline ? ", right those of paired differences" : "",
           stopped ? ", corrected for stopping by precision" : "");
}

/* As much of it as there is room for. */
static void write_title(drawing *d, const iscc_chart *c, double width_px) {
  const double letter_px = 1.1 * iscc_gnuplot_text_px("x"); /* bold */
  const int most = (int)fmin(ISCC_CHART_LABEL_MAX - 4, width_px / letter_px);
  const bool whole = strlen(c->command) <= (size_t)most;
  snprintf(d->title, sizeof d->title, "%.*s%s", whole ? most : most - 3, c->command, whole ? "" : "...");
}

static iscc_status draw(drawing *d, const iscc_chart *c, const iscc_chart_question *q, const char *path,
                        iscc_error *error) {
  char script[PATH_MAX];
  const int width = q->baseline ? WIDTH_OF_TWO_PX : WIDTH_PX;
  iscc_chart_path(path, ".gp", script);
  iscc_chart_option_label(q->against ? q->against : q->by, strncmp(c->command, "iscc-", 5) == 0, d->x_label);
  if (q->baseline)
    snprintf(d->difference_label, ISCC_CHART_LABEL_MAX, "difference to %s (%%)",
             strlen(q->baseline) <= BASELINE_MAX ? q->baseline : "the baseline");
  if (!q->against) place_names(d, c, width / (q->baseline ? 2 : 1) - SIDES_PX);
  write_caption(d, c, q);
  write_title(d, c, width);
  iscc_plot_panel panels[2];
  for (int i = 0; i < 2; i++)
    panels[i] = (iscc_plot_panel){.x_label = d->x_label,
                                  .y_label = i ? d->difference_label : d->y_label,
                                  .curves = d->curve[i],
                                  .count = d->curves,
                                  .x_names = q->against ? NULL : d->name,
                                  .x_name_count = q->against ? 0 : c->points};
  const iscc_plot_sheet sheet = {.title = d->title,
                                 .caption = d->caption,
                                 .absent = "no value",
                                 .script = script,
                                 .columns = q->baseline ? 2 : 1,
                                 .width_px = width,
                                 .height_px = HEIGHT_PX + (int)legend_height_px(d, width)};
  return iscc_plot_panels(path, &sheet, panels, q->baseline ? 2 : 1, error);
}

iscc_status iscc_chart_draw(const iscc_chart *c, const iscc_chart_question *q, const char *path,
                            iscc_error *error) {
  char csv[PATH_MAX];
  iscc_status status = iscc_plot_check_path(path, error);
  if (!status && c->values > ISCC_CHART_VALUES_MAX)
    status = iscc_fail(error, ISCC_EINVAL,
                       "by: %s has %zu values, more than the %d that can be told apart; "
                       "choose with --where %s=VALUE, several times",
                       q->by, c->values, ISCC_CHART_VALUES_MAX, q->by);
  if (status) return status;
  iscc_chart_path(path, ".csv", csv);
  drawing *d = calloc(1, sizeof *d);
  if (d) d->x = calloc(ARRAYS * c->points, sizeof *d->x);
  if (d && d->x) {
    fill_arrays(d, c, q);
    if (q->against) spread(d, c);
    add_curves(d, c, q);
    status = write_csv(c, q, csv, error);
    if (!status) status = draw(d, c, q, path, error);
  } else {
    status = iscc_fail(error, ISCC_ENOMEM, "%s: out of memory", path);
  }
  if (d) free(d->x);
  free(d);
  return status;
}
