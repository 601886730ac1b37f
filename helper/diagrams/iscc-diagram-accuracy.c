/* SPDX-License-Identifier: GPL-2.0-only */
/* Accuracy: marks of each value of the name over targets, beside the line on which accuracy is the target. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "iscc-diagram-job.h"
#include "iscc-plot.h"

enum { BY, TARGET, TASKS, JUDGED, CORRECT, ACCURACY, LOW, HIGH };
#define SPREAD 0.012 /* of the x axis between neighbours, so that their bars are told apart */

static char *make_sql(const iscc_diagram_terms *t) {
  const bool of_tasks = strcmp(t->view, "v_task") == 0;
  const char *tasks = of_tasks ? "count(*)" : "sum(tasks)";
  const char *judged = of_tasks ? "count(correct)" : "sum(judged)";
  return sqlite3_mprintf(
      "SELECT %s AS \"%w\", target_accuracy, %s AS tasks, %s AS judged, sum(correct) AS correct,\n"
      "       1.0 * sum(correct) / nullif(%s, 0) AS accuracy, wilson_low(sum(correct), %s) AS low_95,\n"
      "       wilson_high(sum(correct), %s) AS high_95\n"
      "  FROM %s WHERE %s\n GROUP BY 1, 2 ORDER BY CAST(%s AS REAL), 1, 2",
      t->by[0], t->name[0], tasks, judged, judged, judged, judged, t->view, t->where, t->by[0]);
}

typedef struct {
  size_t rows, curves;
  double *x, *y, *low, *high; /* of all rows; owned as one block from x on */
  iscc_plot_curve curve[ISCC_PLOT_COLOURS + 1];
  char legend[ISCC_PLOT_COLOURS][ISCC_DIAGRAM_LABEL_MAX];
  double ends[2];
} chart;

static iscc_status fill(chart *c, const iscc_diagram_terms *t, const json_t *answer, iscc_error *error) {
  for (size_t i = 0; i < c->rows; i++) {
    const json_t *value = iscc_diagram_value(answer, i, BY);
    if (!i || !json_equal(value, iscc_diagram_value(answer, i - 1, BY))) {
      if (c->curves == ISCC_PLOT_COLOURS)
        return iscc_fail(error, ISCC_EINVAL,
                         "by: %s has more than the %d values that can be told apart; choose with --where",
                         t->name[0], ISCC_PLOT_COLOURS);
      iscc_diagram_label(t->name[0], value, c->legend[c->curves]);
      c->curve[c->curves] = (iscc_plot_curve){.legend = c->legend[c->curves],
                                              .style = ISCC_PLOT_MARKS,
                                              .colour = (int)c->curves,
                                              .x = c->x + i,
                                              .y = c->y + i,
                                              .y_low = c->low + i,
                                              .y_high = c->high + i};
      c->curves++;
    }
    c->curve[c->curves - 1].points++;
    c->x[i] = iscc_diagram_number(answer, i, TARGET);
    c->y[i] = iscc_diagram_number(answer, i, ACCURACY);
    c->low[i] = iscc_diagram_number(answer, i, LOW);
    c->high[i] = iscc_diagram_number(answer, i, HIGH);
  }
  return ISCC_OK;
}

/* The ends of the x axis; moves the curves apart from each other. */
static void spread(chart *c) {
  double low = INFINITY, high = -INFINITY;
  for (size_t i = 0; i < c->rows; i++) {
    low = fmin(low, c->x[i]);
    high = fmax(high, c->x[i]);
  }
  const double room = fmax(0.02, 0.15 * (high - low));
  c->ends[0] = low - room;
  c->ends[1] = high + room;
  for (size_t k = 0; k < c->curves; k++)
    for (size_t i = 0; i < c->curve[k].points; i++)
      c->x[(size_t)(c->curve[k].x - c->x) + i] +=
          SPREAD * (c->ends[1] - c->ends[0]) * ((double)k - 0.5 * (double)(c->curves - 1));
}

static iscc_status draw(const iscc_diagram_job *job, const iscc_diagram_terms *t, const json_t *answer,
                        chart *c, iscc_error *error) {
  char title[ISCC_DIAGRAM_LABEL_MAX];
  const iscc_status status = fill(c, t, answer, error);
  if (status) return status;
  spread(c);
  c->curve[c->curves] = (iscc_plot_curve){
      .legend = "target", .points = 2, .x = c->ends, .y = c->ends, .style = ISCC_PLOT_DASHED, .colour = 7};
  const iscc_plot_panel panel = {.x_label = "target accuracy",
                                 .y_label = "right answers, share of answers",
                                 .x_low = c->ends[0],
                                 .x_high = c->ends[1],
                                 .curves = c->curve,
                                 .count = c->curves + 1};
  iscc_diagram_title(job, "Accuracy against target", title);
  const iscc_plot_sheet sheet = {
      .title = title,
      .caption =
          "bars: 95 % intervals after Wilson, all tasks taken as independent; equal targets are moved apart",
      .script = job->script};
  return iscc_plot_panels(job->path, &sheet, &panel, 1, error);
}

iscc_status iscc_diagram_accuracy(const iscc_diagram_job *job, iscc_error *error) {
  static const char *const views[] = {"v_node", "v_task", NULL};
  iscc_diagram_terms terms;
  json_t *answer = NULL;
  iscc_status status = iscc_diagram_terms_make(job, views, &terms, error);
  if (status) return status;
  status = iscc_diagram_ask(job, make_sql(&terms), &answer, error);
  if (!status) {
    chart c = {.rows = iscc_diagram_rows(answer)};
    c.x = calloc(4 * c.rows, sizeof *c.x);
    c.y = c.x + c.rows;
    c.low = c.y + c.rows;
    c.high = c.low + c.rows;
    status = c.x ? draw(job, &terms, answer, &c, error) : iscc_fail(error, ISCC_ENOMEM, "out of memory");
    free(c.x);
  }
  json_decref(answer);
  iscc_diagram_terms_free(&terms);
  return status;
}
