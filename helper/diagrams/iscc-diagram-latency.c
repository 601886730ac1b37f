/* SPDX-License-Identifier: GPL-2.0-only */
/* Latency: for each value of the name the share of all its tasks that was answered within a time. Tasks without an answer count as
 * never answered, so that a scheme that drops tasks does not look faster. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "iscc-diagram-job.h"
#include "iscc-plot.h"
#include "iscc-point-text.h"
#include "iscc-query.h"
#include "iscc-safe-text.h"

enum { POINTS_MAX = 1000 };

typedef struct {
  char *value;       /* owned; NULL: none */
  double *latency_s; /* of answered tasks; owned */
  size_t answered, room, tasks;
} group;

typedef struct {
  group group[ISCC_PLOT_COLOURS];
  size_t groups, last; /* last: that of the row before */
  double least_limit_s, most_limit_s;
} distributions;

/* Node by node: a join for each task would take most of the time. */
static char *make_sql(const iscc_diagram_terms *t) {
  if (strcmp(t->view, "v_task") == 0)
    return sqlite3_mprintf("SELECT %s AS \"%w\", latency_s, max_latency_s FROM v_task WHERE %s", t->by[0],
                           t->name[0], t->where);
  return sqlite3_mprintf("SELECT value AS \"%w\", latency_s, max_latency_s\n"
                         "  FROM (SELECT run_id, node_id, %s AS value, max_latency_s FROM v_node WHERE %s)\n"
                         "       CROSS JOIN task USING (run_id, node_id)",
                         t->name[0], t->by[0], t->where);
}

/* ---- reading ---- */

static bool is_of(const group *g, const char *value) {
  return value && g->value ? strcmp(value, g->value) == 0 : !value && !g->value;
}

static iscc_status find_group(distributions *d, const char *value, const char *name, iscc_error *error) {
  if (d->groups && is_of(&d->group[d->last], value)) return ISCC_OK;
  for (d->last = 0; d->last < d->groups; d->last++)
    if (is_of(&d->group[d->last], value)) return ISCC_OK;
  if (d->groups == ISCC_PLOT_COLOURS)
    return iscc_fail(error, ISCC_EINVAL,
                     "by: %s has more than the %d values that can be told apart; choose with --where", name,
                     ISCC_PLOT_COLOURS);
  d->group[d->groups] = (group){.value = value ? strdup(value) : NULL};
  if (value && !d->group[d->groups].value) return iscc_fail(error, ISCC_ENOMEM, "out of memory");
  d->groups++;
  return ISCC_OK;
}

static bool add_latency(group *g, double latency_s) {
  if (g->answered == g->room) {
    const size_t room = g->room ? 2 * g->room : 1024;
    double *more = realloc(g->latency_s, room * sizeof *more);
    if (!more) return false;
    g->latency_s = more;
    g->room = room;
  }
  g->latency_s[g->answered++] = latency_s;
  return true;
}

static iscc_status take_row(distributions *d, sqlite3_stmt *row, const char *name, iscc_error *error) {
  const iscc_status status = find_group(d, (const char *)sqlite3_column_text(row, 0), name, error);
  if (status) return status;
  group *g = &d->group[d->last];
  const double limit_s = sqlite3_column_double(row, 2);
  g->tasks++;
  d->least_limit_s = fmin(d->least_limit_s, limit_s);
  d->most_limit_s = fmax(d->most_limit_s, limit_s);
  if (sqlite3_column_type(row, 1) == SQLITE_NULL) return ISCC_OK;
  const double latency_s = sqlite3_column_double(row, 1);
  if (!isfinite(latency_s) || latency_s < 0)
    return iscc_fail(
        error, ISCC_EFORMAT,
        "latency: a task took %g s, and a finite number not below 0 is wanted; 'iscc db check' finds "
        "what else was altered",
        latency_s);
  if (add_latency(g, latency_s)) return ISCC_OK;
  return iscc_fail(error, ISCC_ENOMEM, "latency: out of memory; choose with --where");
}

static int by_size(const void *a, const void *b) {
  const double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

static iscc_status read_all(const iscc_diagram_job *job, const char *sql, const char *name, distributions *d,
                            iscc_error *error) {
  sqlite3_stmt *ask;
  bool row = true;
  iscc_status status = iscc_query_prepare(job->db, sql, &ask, error);
  if (status) return status;
  while (!status && !(status = iscc_query_step(job->db, ask, &row, error)) && row)
    status = take_row(d, ask, name, error);
  sqlite3_finalize(ask);
  if (!status && !d->groups) status = iscc_diagram_nothing(job, error);
  for (size_t i = 0; i < d->groups && !status; i++)
    if (d->group[i].answered) qsort(d->group[i].latency_s, d->group[i].answered, sizeof(double), by_size);
  return status;
}

static void free_all(distributions *d) {
  for (size_t i = 0; i < d->groups; i++) {
    free(d->group[i].value);
    free(d->group[i].latency_s);
  }
}

static int by_value(const void *a, const void *b) {
  const group *x = a, *y = b;
  return iscc_point_value_order(x->value ? x->value : "", y->value ? y->value : "");
}

/* ---- points ---- */

/* NULL of none; what is no UTF-8 is escaped. */
static json_t *value_json(const group *g) {
  char safe[ISCC_DIAGRAM_LABEL_MAX];
  if (!g->value) return json_null();
  json_t *value = json_string(g->value);
  if (value) return value;
  iscc_safe_text(g->value, strlen(g->value), 0, safe, sizeof safe);
  return json_string(safe);
}

/* Rows [value, latency_s, share, tasks] at no more than POINTS_MAX of the ordered latencies, the last of each that are equal. */
static void add_points(const group *g, json_t *rows) {
  const size_t points = g->answered < POINTS_MAX ? g->answered : POINTS_MAX;
  for (size_t k = 1; k <= points; k++) {
    size_t i = (g->answered * k + points - 1) / points - 1;
    const double latency_s = g->latency_s[i];
    if (k < points && g->latency_s[(g->answered * (k + 1) + points - 1) / points - 1] <= latency_s) continue;
    while (i + 1 < g->answered && g->latency_s[i + 1] <= latency_s) i++;
    json_array_append_new(rows, json_pack("[o, f, f, I]", value_json(g), latency_s,
                                          (double)(i + 1) / (double)g->tasks, (json_int_t)g->tasks));
  }
  if (!points)
    json_array_append_new(rows, json_pack("[o, n, f, I]", value_json(g), 0.0, (json_int_t)g->tasks));
}

/* A curve goes up from 0 at its first point and on to the end of the axis. */
static void set_curve(iscc_plot_curve *curve, const json_t *rows, size_t first, size_t count, double end_s,
                      double *x, double *y) {
  size_t n = 0;
  double share = 0;
  for (size_t i = first; i < first + count; i++) {
    const json_t *latency = json_array_get(json_array_get(rows, i), 1);
    if (!json_is_number(latency)) continue;
    if (!n) {
      x[n] = json_number_value(latency);
      y[n++] = 0;
    }
    share = json_number_value(json_array_get(json_array_get(rows, i), 2));
    x[n] = json_number_value(latency);
    y[n++] = share;
  }
  x[n] = end_s;
  y[n++] = share;
  curve->points = n;
  curve->x = x;
  curve->y = y;
}

static double greatest_of(const group *g) {
  return g->answered ? g->latency_s[g->answered - 1] : 0;
}

/* Where the axis ends: behind the last answer, or at twice the limit where few late ones would squeeze all else. */
static double axis_end(const distributions *d) {
  double least = INFINITY, most = d->most_limit_s;
  for (size_t i = 0; i < d->groups; i++) {
    if (d->group[i].answered) least = fmin(least, d->group[i].latency_s[0]);
    most = fmax(most, greatest_of(&d->group[i]));
  }
  const double cut = 2 * d->most_limit_s;
  return most > cut && least < cut ? cut : 1.02 * most;
}

static void write_caption(const distributions *d, double end_s, char *text, size_t size) {
  double greatest = 0;
  size_t used = 0;
  text[0] = '\0';
  if (d->least_limit_s < d->most_limit_s)
    used = (size_t)snprintf(text, size, "limits from %g to %g s are drawn together", d->least_limit_s,
                            d->most_limit_s);
  for (size_t i = 0; i < d->groups; i++) {
    const group *g = &d->group[i];
    size_t within = 0;
    while (within < g->answered && g->latency_s[within] <= end_s) within++;
    greatest = fmax(greatest, (double)(g->answered - within) / (double)g->tasks);
  }
  if (greatest > 0 && used < size)
    snprintf(text + used, size - used,
             "%sanswers after %.3g s lie beyond the axis, of a curve at most %.2g %% of its tasks",
             used ? "; " : "", end_s, 100 * greatest);
}

static iscc_status draw(const iscc_diagram_job *job, const char *name, const distributions *d,
                        const size_t *first, const json_t *rows, double *values, iscc_error *error) {
  iscc_plot_curve curve[ISCC_PLOT_COLOURS + 1] = {{.legend = NULL}};
  char legend[ISCC_PLOT_COLOURS + 1][ISCC_DIAGRAM_LABEL_MAX], title[ISCC_DIAGRAM_LABEL_MAX], caption[160];
  const bool one_limit = d->least_limit_s >= d->most_limit_s;
  const double limit[] = {d->most_limit_s, d->most_limit_s}, whole[] = {0, 1}, end_s = axis_end(d);
  for (size_t i = 0; i < d->groups; i++) {
    json_t *value = value_json(&d->group[i]);
    iscc_diagram_label(name, value, legend[i]);
    json_decref(value);
    curve[i] = (iscc_plot_curve){.legend = legend[i], .style = ISCC_PLOT_STEPS, .colour = (int)i};
    double *x = values + 2 * (first[i] + 2 * i), *y = x + first[i + 1] - first[i] + 2;
    set_curve(&curve[i], rows, first[i], first[i + 1] - first[i], fmax(end_s, greatest_of(&d->group[i])), x,
              y);
  }
  snprintf(legend[d->groups], ISCC_DIAGRAM_LABEL_MAX, "latency limit %g s", d->most_limit_s);
  curve[d->groups] = (iscc_plot_curve){.legend = legend[d->groups],
                                       .style = ISCC_PLOT_DASHED,
                                       .colour = 6,
                                       .points = 2,
                                       .x = limit,
                                       .y = whole};
  const iscc_plot_panel panel = {.x_label = "latency, from arrival to answer (s)",
                                 .y_label = "answered within, share of all tasks",
                                 .y_low = 0,
                                 .y_high = 1.02,
                                 .x_low = NAN,
                                 .x_high = end_s,
                                 .curves = curve,
                                 .count = d->groups + one_limit};
  iscc_diagram_title(job, "Latency", title);
  write_caption(d, end_s, caption, sizeof caption);
  const iscc_plot_sheet sheet = {.title = title, .caption = caption, .script = job->script};
  return iscc_plot_panels(job->path, &sheet, &panel, 1, error);
}

static iscc_status keep_and_draw(const iscc_diagram_job *job, const char *sql, const char *name,
                                 const distributions *d, iscc_error *error) {
  size_t first[ISCC_PLOT_COLOURS + 1] = {0}; /* row of each group, and the end */
  json_t *rows = json_array();
  for (size_t i = 0; i < d->groups; i++) {
    add_points(&d->group[i], rows);
    first[i + 1] = json_array_size(rows);
  }
  json_t *answer = json_pack("{s:[s, s, s, s], s:o}", "columns", name, "latency_s", "share_answered_within",
                             "tasks", "rows", rows);
  char *comment = sqlite3_mprintf(
      "The distribution of latency_s of what this yields, at no more than %d points for each \"%w\":\n%s",
      POINTS_MAX, name, sql);
  double *values = calloc(2 * (first[d->groups] + 2 * d->groups), sizeof *values);
  iscc_status status = answer && comment && values ? iscc_diagram_keep(job, comment, answer, error)
                                                   : iscc_fail(error, ISCC_ENOMEM, "out of memory");
  if (d->least_limit_s < d->most_limit_s)
    snprintf(job->report->remark, ISCC_DIAGRAM_REMARK_MAX,
             "Tasks with latency limits from %g to %g s are drawn together; choose with --where.",
             d->least_limit_s, d->most_limit_s);
  if (!status) status = draw(job, name, d, first, rows, values, error);
  free(values);
  sqlite3_free(comment);
  json_decref(answer);
  return status;
}

iscc_status iscc_diagram_latency(const iscc_diagram_job *job, iscc_error *error) {
  static const char *const views[] = {"v_node", "v_task", NULL};
  iscc_diagram_terms terms;
  iscc_status status = iscc_diagram_terms_make(job, views, &terms, error);
  if (status) return status;
  distributions d = {.least_limit_s = INFINITY, .most_limit_s = -INFINITY};
  char *sql = make_sql(&terms);
  status =
      sql ? read_all(job, sql, terms.name[0], &d, error) : iscc_fail(error, ISCC_ENOMEM, "out of memory");
  if (!status) {
    qsort(d.group, d.groups, sizeof d.group[0], by_value);
    status = keep_and_draw(job, sql, terms.name[0], &d, error);
  }
  free_all(&d);
  sqlite3_free(sql);
  iscc_diagram_terms_free(&terms);
  return status;
}
