/* SPDX-License-Identifier: GPL-2.0-only */
/* Decisions: what was chosen in cells of channel gain and time left. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "iscc-answer.h"
#include "iscc-diagram-job.h"
#include "iscc-plot-cells.h"

enum { GAIN, TIME, TASKS, INFEASIBLE, SPLIT, BITS, KEPT };
enum { COLUMNS_WANTED = 14, ROWS_WANTED = 8, PANELS = 3 };

typedef struct {
  double gain_db, time_s; /* size of a cell */
  bool mixed;             /* decisions of several schemes */
} cell_size;

/* The least of 1, 2, 5 times a power of ten that makes no more cells than wanted; of one value a tenth of it. */
static double step_of(double low, double high, double wanted) {
  const double least = high > low ? (high - low) / wanted : fmax(0.1 * fabs(high), 1e-9);
  const double unit = pow(10, floor(log10(least))), times = least / unit;
  return unit * (times <= 1 ? 1 : times <= 2 ? 2 : times <= 5 ? 5 : 10);
}

static iscc_status find_size(const iscc_diagram_job *job, const iscc_diagram_terms *t, cell_size *size,
                             iscc_error *error) {
  json_t *answer = NULL;
  char *sql =
      sqlite3_mprintf("SELECT to_db(min(snr_per_w)), to_db(max(snr_per_w)), min(max_latency_s), "
                      "max(max_latency_s), min(scheme) <> max(scheme) FROM %s WHERE snr_per_w > 0 AND %s",
                      t->view, t->where);
  iscc_status status = sql ? iscc_answer_json(job->db, sql, 1, &answer, error)
                           : iscc_fail(error, ISCC_ENOMEM, "out of memory");
  sqlite3_free(sql);
  if (!status && isnan(iscc_diagram_number(answer, 0, 0))) status = iscc_diagram_nothing(job, error);
  if (!status)
    *size = (cell_size){
        step_of(iscc_diagram_number(answer, 0, 0), iscc_diagram_number(answer, 0, 1), COLUMNS_WANTED),
        step_of(iscc_diagram_number(answer, 0, 2), iscc_diagram_number(answer, 0, 3), ROWS_WANTED),
        iscc_diagram_number(answer, 0, 4) > 0};
  json_decref(answer);
  return status;
}

/* max(n) chooses the row that split and bits are taken from, as SQLite promises. */
static char *make_sql(const iscc_diagram_terms *t, const cell_size *size) {
  return sqlite3_mprintf(
      "WITH choice AS (SELECT CAST(floor(to_db(snr_per_w) / %.15g) AS INTEGER) AS x, "
      "CAST(floor(max_latency_s / %.15g) AS INTEGER) AS y,\n"
      "                       split, bits, count(*) AS n, sum(keep_ratio) AS kept\n"
      "                  FROM %s WHERE snr_per_w > 0 AND %s GROUP BY 1, 2, 3, 4),\n"
      "     cell AS (SELECT x, y, sum(n) AS tasks, sum(iif(split IS NULL, n, 0)) AS infeasible,\n"
      "                     sum(kept) / sum(iif(split IS NULL, 0, n)) AS keep_ratio FROM choice GROUP BY x, "
      "y),\n"
      "     splits AS (SELECT x, y, split, sum(n) AS n FROM choice WHERE split IS NOT NULL GROUP BY x, y, "
      "split),\n"
      "     bitses AS (SELECT x, y, bits, sum(n) AS n FROM choice WHERE split IS NOT NULL GROUP BY x, y, "
      "bits)\n"
      "SELECT (x + 0.5) * %.15g AS gain_db_per_w, (y + 0.5) * %.15g AS time_left_s, tasks, infeasible, "
      "split, bits, "
      "keep_ratio\n"
      "  FROM cell LEFT JOIN (SELECT x, y, split, max(n) FROM splits GROUP BY x, y) USING (x, y)\n"
      "       LEFT JOIN (SELECT x, y, bits, max(n) FROM bitses GROUP BY x, y) USING (x, y)\n ORDER BY x, y",
      size->gain_db, size->time_s, t->view, t->where, size->gain_db, size->time_s);
}

typedef struct {
  long low, high; /* first and last cell, in cells from 0 */
} extent;

static long cell_of(const json_t *answer, size_t row, size_t column, double step) {
  return lround(iscc_diagram_number(answer, row, column) / step - 0.5);
}

static extent find_extent(const json_t *answer, size_t column, double step) {
  extent e = {LONG_MAX, LONG_MIN};
  for (size_t i = 0; i < iscc_diagram_rows(answer); i++) {
    const long cell = cell_of(answer, i, column, step);
    if (cell < e.low) e.low = cell;
    if (cell > e.high) e.high = cell;
  }
  return e;
}

static iscc_status draw(const iscc_diagram_job *job, const cell_size *size, const json_t *answer,
                        iscc_error *error) {
  const extent x = find_extent(answer, GAIN, size->gain_db), y = find_extent(answer, TIME, size->time_s);
  const size_t columns = (size_t)(x.high - x.low + 1), rows = (size_t)(y.high - y.low + 1);
  const size_t cells = columns * rows;
  char title[ISCC_DIAGRAM_LABEL_MAX];
  double *values = malloc(PANELS * cells * sizeof *values);
  bool *crossed = calloc(cells, sizeof *crossed);
  iscc_status status = values && crossed ? ISCC_OK : iscc_fail(error, ISCC_ENOMEM, "out of memory");
  for (size_t i = 0; i < PANELS * cells && !status; i++) values[i] = NAN;
  for (size_t i = 0; i < iscc_diagram_rows(answer) && !status; i++) {
    const size_t cell = (size_t)(cell_of(answer, i, TIME, size->time_s) - y.low) * columns +
                        (size_t)(cell_of(answer, i, GAIN, size->gain_db) - x.low);
    values[cell] = iscc_diagram_number(answer, i, SPLIT);
    values[cells + cell] = iscc_diagram_number(answer, i, BITS);
    values[2 * cells + cell] = 100 * iscc_diagram_number(answer, i, KEPT);
    crossed[cell] = isnan(values[cell]);
  }
  const iscc_plot_grid grid = {.x_label = "channel gain g/(B N₀) that was seen (dB/W)",
                               .y_label = "time left (s)",
                               .rows = rows,
                               .columns = columns,
                               .x_low = (double)x.low * size->gain_db,
                               .x_step = size->gain_db,
                               .y_low = (double)y.low * size->time_s,
                               .y_step = size->time_s,
                               .crossed = crossed};
  const iscc_plot_cells panels[PANELS] = {{"split layer l, the most frequent", values},
                                          {"bits Q, the most frequent; 0: nothing is sent", values + cells},
                                          {"kept share p, mean (%)", values + 2 * cells}};
  iscc_diagram_title(job, "Decisions", title);
  const iscc_plot_sheet sheet = {
      .title = title,
      .caption = size->mixed ? "several schemes together; cross: all tasks infeasible; blank: no tasks"
                             : "cross: all tasks infeasible; blank: no tasks",
      .script = job->script};
  if (!status) status = iscc_plot_cells_draw(job->path, &sheet, &grid, panels, PANELS, error);
  free(values);
  free(crossed);
  return status;
}

iscc_status iscc_diagram_decisions(const iscc_diagram_job *job, iscc_error *error) {
  static const char *const views[] = {"v_decision", NULL};
  iscc_diagram_terms terms;
  cell_size size;
  json_t *answer = NULL;
  iscc_status status = iscc_diagram_terms_make(job, views, &terms, error);
  if (status) return status;
  status = find_size(job, &terms, &size, error);
  if (!status) status = iscc_diagram_ask(job, make_sql(&terms, &size), &answer, error);
  if (!status) status = draw(job, &size, answer, error);
  json_decref(answer);
  iscc_diagram_terms_free(&terms);
  return status;
}
