/* SPDX-License-Identifier: GPL-2.0-only */
/* Compare: a row for each value of the option at each point of the rest of the grid, under headings of the points. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "iscc-campaign-picture.h"
#include "iscc-campaign-where.h"
#include "iscc-compare.h"
#include "iscc-diagram-job.h"
#include "iscc-plot-rows.h"
#include "iscc-point-text.h"

static const char *by_of(const iscc_diagram_job *job) {
  return job->question->by_count ? job->question->by[0] : job->kind->by;
}

static double low_of(const iscc_compare_row *row) {
  return row->interval.method ? row->interval.low : row->paired.difference - row->paired.half_width;
}

static double high_of(const iscc_compare_row *row) {
  return row->interval.method ? row->interval.high : row->paired.difference + row->paired.half_width;
}

/* ---- CSV ---- */

static json_t *number(double value) {
  return isfinite(value) ? json_real(value) : json_null();
}

static json_t *row_json(const iscc_compare_row *row) {
  const bool any = isfinite(low_of(row)) && isfinite(high_of(row));
  return json_pack("[s, s, I, o, o, o, o, o, o, s, o, s]", row->value, row->rest, (json_int_t)row->paired.n,
                   number(row->paired.mean_a), number(row->paired.mean_b), number(row->paired.difference),
                   number(low_of(row)), number(high_of(row)), number(100 * row->paired.relative),
                   !any                   ? ""
                   : row->interval.method ? iscc_interval_method_text(row->interval.method)
                                          : iscc_interval_method_text(ISCC_INTERVAL_T),
                   number(row->adjusted_p), iscc_warning_text(row->warning));
}

static iscc_status keep(const iscc_diagram_job *job, const iscc_comparison *c, const iscc_compare_question *q,
                        iscc_error *error) {
  json_t *rows = json_array();
  for (size_t i = 0; i < c->rows; i++) json_array_append_new(rows, row_json(&c->row[i]));
  json_t *answer = json_pack("{s:[s, s, s, s, s, s, s, s, s, s, s, s], s:o}", "columns", q->by, "point",
                             "pairs", q->metric, "baseline", "difference", "low_95", "high_95",
                             "relative_pct", "interval", "adjusted_p", "remark", "rows", rows);
  char *comment = sqlite3_mprintf("iscc campaign compare DATABASE --metric=%s --by=%s --baseline=%s\n"
                                  "point: the other options, empty: means over all points",
                                  q->metric, q->by, q->baseline);
  size_t remarks = 0;
  for (size_t i = 0; i < c->rows; i++) remarks += c->row[i].warning != ISCC_WARNING_NONE;
  if (remarks)
    snprintf(
        job->report->remark, ISCC_DIAGRAM_REMARK_MAX,
        "%zu rows have few or strongly skewed differences: do not rely on their intervals (column remark).",
        remarks);
  const iscc_status status = answer && comment ? iscc_diagram_keep(job, comment, answer, error)
                                               : iscc_fail(error, ISCC_ENOMEM, "out of memory");
  sqlite3_free(comment);
  json_decref(answer);
  return status;
}

/* ---- picture ---- */

typedef struct {
  iscc_plot_row row[ISCC_PLOT_ROWS_MAX];
  char name[ISCC_PLOT_ROWS_MAX][ISCC_DIAGRAM_LABEL_MAX];
  size_t rows, marks;
  size_t of_mark[ISCC_PLOT_ROWS_MAX];
  double at[ISCC_PLOT_ROWS_MAX], low[ISCC_PLOT_ROWS_MAX], high[ISCC_PLOT_ROWS_MAX];
} forest;

static void add_row(forest *f, const char *name, bool heading) {
  iscc_diagram_plain(name, heading ? 80 : 26, f->name[f->rows]);
  f->row[f->rows] = (iscc_plot_row){.name = f->name[f->rows], .heading = heading};
  f->rows++;
}

/* The options in which the points differ. */
static json_t *differing(const iscc_comparison *c) {
  json_t *differ = json_object();
  for (size_t i = 1; i < c->rows; i++)
    if (*c->row[i].rest && *c->row[0].rest) iscc_point_differ(differ, c->row[0].rest, c->row[i].rest);
  return differ;
}

static iscc_status fill(forest *f, const iscc_comparison *c, const char *by, double scale,
                        iscc_error *error) {
  iscc_status status = ISCC_OK;
  char point[ISCC_POINT_TEXT_MAX];
  json_t *differ = differing(c);
  const bool headings = json_object_size(differ) > 0;
  for (size_t i = 0; i < c->rows && !status; i++) {
    const iscc_compare_row *row = &c->row[i];
    if (f->rows + 2 > ISCC_PLOT_ROWS_MAX) {
      status = iscc_fail(error, ISCC_EINVAL, "more than %d differences; choose with --where",
                         ISCC_PLOT_ROWS_MAX / 2);
      break;
    }
    if (headings && (!i || strcmp(row->rest, c->row[i - 1].rest) != 0)) {
      iscc_point_describe(differ, row->rest, point);
      add_row(f, *row->rest ? point : "all points", true);
    }
    json_t *value = json_string(row->value);
    iscc_diagram_label(by, value, f->name[f->rows]);
    json_decref(value);
    f->row[f->rows] = (iscc_plot_row){.name = f->name[f->rows], .remark = row->paired.n ? NULL : "no pairs"};
    f->of_mark[f->marks] = f->rows++;
    f->at[f->marks] = scale * row->paired.difference;
    f->low[f->marks] = scale * low_of(row);
    f->high[f->marks] = scale * high_of(row);
    f->marks++;
  }
  json_decref(differ);
  return status;
}

static iscc_status draw(const iscc_diagram_job *job, const iscc_comparison *c, const iscc_compare_question *q,
                        forest *f, iscc_error *error) {
  char unit[ISCC_CHART_LABEL_MAX], label[3 * ISCC_CHART_LABEL_MAX], baseline[ISCC_DIAGRAM_LABEL_MAX];
  char plain[ISCC_DIAGRAM_LABEL_MAX], title[ISCC_DIAGRAM_LABEL_MAX];
  double largest = 0;
  for (size_t i = 0; i < c->rows; i++)
    if (isfinite(c->row[i].paired.difference)) largest = fmax(largest, fabs(c->row[i].paired.difference));
  const double scale = iscc_chart_metric_label(q->metric, largest, unit);
  const iscc_status status = fill(f, c, q->by, scale, error);
  if (status) return status;
  const double zero = 0;
  const size_t top = 0;
  const iscc_plot_row_series series[] = {
      {"", ISCC_PLOT_MARKS, 0, f->marks, f->of_mark, f->at, f->low, f->high},
      {"", ISCC_PLOT_BARS, 0, 1, &top, NULL, &zero, &zero}}; /* 0 is on the axis */
  json_t *value = json_string(q->baseline);
  iscc_diagram_label(q->by, value, baseline);
  json_decref(value);
  iscc_diagram_plain(unit, 60, plain);
  snprintf(label, sizeof label, "%s minus that of %s", plain, baseline);
  iscc_diagram_title(job, "Paired differences", title);
  const iscc_plot_sheet sheet = {.title = title,
                                 .caption =
                                     "bars: 95 % intervals of mean differences in pairs of replications",
                                 .script = job->script};
  return iscc_plot_rows(job->path, &sheet, label, f->row, f->rows, series, 2, error);
}

iscc_status iscc_diagram_compare(const iscc_diagram_job *job, iscc_error *error) {
  const iscc_diagram_question *q = job->question;
  iscc_compare_question question = {
      .metric = q->metric, .by = by_of(job), .baseline = q->baseline, .confidence = 0.95};
  iscc_comparison comparison;
  char *where = NULL;
  iscc_status status = iscc_campaign_where_make(q->where, q->where_count, &where, error);
  if (status) return status;
  question.where = where;
  forest *f = calloc(1, sizeof *f);
  status = f ? iscc_compare(job->database, &question, &comparison, error)
             : iscc_fail(error, ISCC_ENOMEM, "out of memory");
  if (!status) {
    status = keep(job, &comparison, &question, error);
    if (!status) status = draw(job, &comparison, &question, f, error);
    iscc_comparison_free(&comparison);
  }
  free(f);
  free(where);
  return status;
}
