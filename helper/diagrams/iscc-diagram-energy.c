/* SPDX-License-Identifier: GPL-2.0-only */
/* Energy by stage: a bar for each value of the first name, under headings of the second. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "iscc-campaign-picture.h"
#include "iscc-diagram-job.h"
#include "iscc-plot-rows.h"

enum { STAGES = 3, RUNS = 0, SETTINGS, TASKS, SENSING, TOTAL = SENSING + STAGES, HALF_WIDTH };

static bool is_of_tasks(const iscc_diagram_terms *t) {
  return t->view[0] == 'v' && t->view[2] == 't';
}

/* Means of runs, then over runs: what an interval over runs is about. */
static char *make_sql(const iscc_diagram_terms *t) {
  const char *used = is_of_tasks(t) ? "sum(energy_j > 0)" : "sum(energy_used)";
  const bool two = t->count == 2;
  return sqlite3_mprintf(
      "SELECT first AS \"%w\",%s%w%s count(energy_j) AS runs, count(DISTINCT program || parameters) AS "
      "settings, "
      "sum(used) AS tasks,\n"
      "       avg(sensing_j) AS sensing_j, avg(compute_j) AS compute_j, avg(uplink_j) AS uplink_j, "
      "avg(energy_j) AS energy_j,\n"
      "       CASE WHEN count(DISTINCT program || parameters) = 1 THEN t_half_width(energy_j) END AS "
      "half_width_95_j\n"
      "  FROM (SELECT %s AS first, %s AS second, run_id, program, parameters, %s AS used,\n"
      "               sum(sensing_j) / nullif(%s, 0) AS sensing_j, sum(compute_j) / nullif(%s, 0) AS "
      "compute_j,\n"
      "               sum(uplink_j) / nullif(%s, 0) AS uplink_j, sum(energy_j) / nullif(%s, 0) AS energy_j\n"
      "          FROM %s WHERE %s GROUP BY 1, 2, 3)\n"
      " GROUP BY first, second ORDER BY CAST(second AS REAL), second, CAST(first AS REAL), first",
      t->name[0], two ? " second AS \"" : "", two ? t->name[1] : "", two ? "\"," : "", t->by[0],
      two ? t->by[1] : "NULL", used, used, used, used, used, t->view, t->where);
}

typedef struct {
  iscc_plot_row row[ISCC_PLOT_ROWS_MAX];
  char name[ISCC_PLOT_ROWS_MAX][ISCC_DIAGRAM_LABEL_MAX];
  size_t rows, bars;
  size_t of_bar[ISCC_PLOT_ROWS_MAX];           /* its row */
  double edge[STAGES + 1][ISCC_PLOT_ROWS_MAX]; /* where stages begin and end */
  double low[ISCC_PLOT_ROWS_MAX], high[ISCC_PLOT_ROWS_MAX];
  bool intervals;
} stack;

static void add_row(stack *s, const char *name, const json_t *value, bool heading) {
  iscc_diagram_label(name, value, s->name[s->rows]);
  s->row[s->rows] = (iscc_plot_row){.name = s->name[s->rows], .heading = heading};
  s->rows++;
}

static iscc_status fill(stack *s, const iscc_diagram_terms *t, const json_t *answer, double scale,
                        iscc_error *error) {
  const size_t by = t->count;
  for (size_t i = 0; i < iscc_diagram_rows(answer); i++) {
    if (s->rows + 2 > ISCC_PLOT_ROWS_MAX)
      return iscc_fail(error, ISCC_EINVAL, "by: %s has more than %d values; choose with --where", t->name[0],
                       ISCC_PLOT_ROWS_MAX - 2);
    const json_t *group = iscc_diagram_value(answer, i, 1);
    if (by == 2 && (!i || !json_equal(group, iscc_diagram_value(answer, i - 1, 1))))
      add_row(s, t->name[1], group, true);
    add_row(s, t->name[0], iscc_diagram_value(answer, i, 0), false);
    const double total = scale * iscc_diagram_number(answer, i, by + TOTAL);
    const double half_width = scale * iscc_diagram_number(answer, i, by + HALF_WIDTH);
    if (isnan(total)) s->row[s->rows - 1].remark = "no energy used";
    s->of_bar[s->bars] = s->rows - 1;
    for (size_t k = 0; k < STAGES; k++)
      s->edge[k + 1][s->bars] =
          s->edge[k][s->bars] + scale * iscc_diagram_number(answer, i, by + SENSING + k);
    s->low[s->bars] = total - half_width;
    s->high[s->bars] = total + half_width;
    s->intervals |= isfinite(half_width);
    s->bars++;
  }
  return ISCC_OK;
}

static void write_caption(const json_t *answer, size_t by, bool intervals, char *text, size_t size) {
  double least = INFINITY, most = 0, settings = 0; /* of those with a mean */
  char range[64];
  for (size_t i = 0; i < iscc_diagram_rows(answer); i++) {
    const double runs = iscc_diagram_number(answer, i, by + RUNS);
    if (runs > 0) least = fmin(least, runs);
    most = fmax(most, runs);
    settings = fmax(settings, iscc_diagram_number(answer, i, by + SETTINGS));
  }
  snprintf(range, sizeof range, least < most ? "%.0f to %.0f" : "%.0f", fmin(least, most), most);
  snprintf(text, size, "mean over %s run%s of tasks that used energy; %s", range, most > 1 ? "s" : "",
           intervals      ? "error bars: 95 % over runs"
           : settings > 1 ? "runs differ in options: no intervals"
                          : "no intervals of single runs");
}

static iscc_status draw(const iscc_diagram_job *job, const iscc_diagram_terms *t, const json_t *answer,
                        stack *s, iscc_error *error) {
  char label[ISCC_CHART_LABEL_MAX], title[ISCC_DIAGRAM_LABEL_MAX], caption[200];
  double largest = 0;
  for (size_t i = 0; i < iscc_diagram_rows(answer); i++)
    largest = fmax(largest, iscc_diagram_number(answer, i, t->count + TOTAL));
  const iscc_status status =
      fill(s, t, answer, iscc_chart_metric_label("energy_per_task_j", largest, label), error);
  if (status) return status;
  const iscc_plot_row_series series[] = {
      {"sensing", ISCC_PLOT_BARS, ISCC_DIAGRAM_SENSING, s->bars, s->of_bar, NULL, s->edge[0], s->edge[1]},
      {"compute", ISCC_PLOT_BARS, ISCC_DIAGRAM_COMPUTE, s->bars, s->of_bar, NULL, s->edge[1], s->edge[2]},
      {"uplink", ISCC_PLOT_BARS, ISCC_DIAGRAM_UPLINK, s->bars, s->of_bar, NULL, s->edge[2], s->edge[3]},
      {"sum", ISCC_PLOT_MARKS, 14, s->bars, s->of_bar, s->edge[3], s->low, s->high}};
  iscc_diagram_title(job, "Energy by stage", title);
  write_caption(answer, t->count, s->intervals, caption, sizeof caption);
  const iscc_plot_sheet sheet = {.title = title, .caption = caption, .script = job->script};
  return iscc_plot_rows(job->path, &sheet, label, s->row, s->rows, series, s->intervals ? 4 : 3, error);
}

iscc_status iscc_diagram_energy(const iscc_diagram_job *job, iscc_error *error) {
  static const char *const views[] = {"v_node", "v_task", NULL};
  iscc_diagram_terms terms;
  json_t *answer = NULL;
  stack *s = calloc(1, sizeof *s);
  if (!s) return iscc_fail(error, ISCC_ENOMEM, "out of memory");
  iscc_status status = iscc_diagram_terms_make(job, views, &terms, error);
  if (!status) {
    status = iscc_diagram_ask(job, make_sql(&terms), &answer, error);
    if (!status) status = draw(job, &terms, answer, s, error);
    iscc_diagram_terms_free(&terms);
  }
  json_decref(answer);
  free(s);
  return status;
}
