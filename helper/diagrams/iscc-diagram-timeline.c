/* SPDX-License-Identifier: GPL-2.0-only */
/* Timeline: a row for each task of a node, a bar for each stage, a tick where its time is up. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "iscc-answer.h"
#include "iscc-diagram-job.h"
#include "iscc-plot-rows.h"

enum { TASK, OUTCOME, ARRIVAL, FIRST_STAGE, STAGES = 7, DEADLINE = FIRST_STAGE + STAGES, DEFAULT_TASKS = 10 };
enum { TASKS_MAX = 100 };

static const struct {
  const char *name;
  int colour;
} stages[STAGES] = {{"wait", ISCC_DIAGRAM_WAIT},
                    {"sense", ISCC_DIAGRAM_SENSING},
                    {"compute", ISCC_DIAGRAM_COMPUTE},
                    {"send", ISCC_DIAGRAM_UPLINK},
                    {"wait at server", ISCC_DIAGRAM_SERVER_WAIT},
                    {"serve", ISCC_DIAGRAM_SERVER},
                    {"answer", ISCC_DIAGRAM_ANSWER}};

typedef struct {
  long long run_id, node_id;
  char scheme[ISCC_DIAGRAM_LABEL_MAX];
} place;

/* The node that is asked for, or the first of the run, or of the first run. */
static iscc_status find_node(const iscc_diagram_job *job, place *p, iscc_error *error) {
  const iscc_diagram_question *q = job->question;
  json_t *answer = NULL;
  char *sql =
      sqlite3_mprintf("SELECT run_id, node_id, scheme FROM node WHERE (%lld < 0 OR run_id = %lld) AND "
                      "(%lld < 0 OR node_id = %lld) ORDER BY run_id, node_id",
                      q->run_id, q->run_id, q->node_id, q->node_id);
  iscc_status status = sql ? iscc_answer_json(job->db, sql, 1, &answer, error)
                           : iscc_fail(error, ISCC_ENOMEM, "out of memory");
  sqlite3_free(sql);
  if (!status && !iscc_diagram_rows(answer))
    status = iscc_fail(error, ISCC_EINVAL,
                       "run-id, node: there is no such node; question 'runs' of iscc query lists the runs");
  if (!status) {
    p->run_id = json_integer_value(iscc_diagram_value(answer, 0, 0));
    p->node_id = json_integer_value(iscc_diagram_value(answer, 0, 1));
    iscc_diagram_plain(json_string_value(iscc_diagram_value(answer, 0, 2)), 40, p->scheme);
  }
  json_decref(answer);
  return status;
}

static char *make_sql(const iscc_diagram_question *q, const place *p) {
  const double from_s = isnan(q->from_s) ? 0 : q->from_s;
  char *until =
      isnan(q->to_s) ? sqlite3_mprintf("") : sqlite3_mprintf(" AND arrival_ns < %.15g", 1e9 * q->to_s);
  char *sql = sqlite3_mprintf(
      "SELECT task_no, outcome, 1e-9 * arrival_ns AS arrival_s, 1e-9 * wait_ns AS wait_s, 1e-9 * sensing_ns "
      "AS "
      "sensing_s,\n"
      "       1e-9 * compute_ns AS compute_s, 1e-9 * uplink_ns AS uplink_s, 1e-9 * server_wait_ns AS "
      "server_wait_s,\n"
      "       1e-9 * server_ns AS server_s, 1e-9 * answer_ns AS answer_s, 1e-9 * arrival_ns + max_latency_s "
      "AS "
      "deadline_s\n"
      "  FROM task JOIN node USING (run_id, node_id)\n"
      " WHERE run_id = %lld AND node_id = %lld AND arrival_ns >= %.15g%s\n ORDER BY task_no LIMIT %d",
      p->run_id, p->node_id, 1e9 * from_s, until ? until : "",
      isnan(q->to_s) ? DEFAULT_TASKS : TASKS_MAX + 1);
  sqlite3_free(until);
  return sql;
}

typedef struct {
  size_t row[TASKS_MAX];
  iscc_plot_row name[TASKS_MAX];
  char text[TASKS_MAX][32], outcome[TASKS_MAX][ISCC_DIAGRAM_LABEL_MAX];
  double edge[STAGES + 1][TASKS_MAX], deadline[TASKS_MAX];
} course;

/* aligned: all arrive at 0. */
static void fill(course *c, const json_t *answer, bool aligned) {
  for (size_t i = 0; i < iscc_diagram_rows(answer); i++) {
    const char *outcome = json_string_value(iscc_diagram_value(answer, i, OUTCOME));
    const double task = iscc_diagram_number(answer, i, TASK),
                 arrival = iscc_diagram_number(answer, i, ARRIVAL);
    snprintf(c->text[i], sizeof c->text[i], aligned ? "task %.0f at %.5g s" : "task %.0f", task, arrival);
    iscc_diagram_plain(outcome ? outcome : "", 20, c->outcome[i]);
    c->row[i] = i;
    c->name[i] = (iscc_plot_row){.name = c->text[i],
                                 .remark = strcmp(c->outcome[i], "done") == 0 ? NULL : c->outcome[i]};
    c->edge[0][i] = aligned ? 0 : arrival;
    for (size_t k = 0; k < STAGES; k++)
      c->edge[k + 1][i] = c->edge[k][i] + iscc_diagram_number(answer, i, FIRST_STAGE + k);
    c->deadline[i] = c->edge[0][i] + iscc_diagram_number(answer, i, DEADLINE) - arrival;
  }
}

static iscc_status draw(const iscc_diagram_job *job, const place *p, const json_t *answer,
                        iscc_error *error) {
  const size_t tasks = iscc_diagram_rows(answer);
  iscc_plot_row_series series[STAGES + 1];
  char title[ISCC_DIAGRAM_LABEL_MAX];
  if (tasks > TASKS_MAX)
    return iscc_fail(error, ISCC_EINVAL, "from, to: more than %d tasks; choose a shorter time", TASKS_MAX);
  course *c = calloc(1, sizeof *c);
  if (!c) return iscc_fail(error, ISCC_ENOMEM, "out of memory");
  fill(c, answer, job->question->aligned);
  for (size_t k = 0; k < STAGES; k++)
    series[k] = (iscc_plot_row_series){.legend = stages[k].name,
                                       .style = ISCC_PLOT_BARS,
                                       .colour = stages[k].colour,
                                       .count = tasks,
                                       .row = c->row,
                                       .low = c->edge[k],
                                       .high = c->edge[k + 1]};
  series[STAGES] = (iscc_plot_row_series){.legend = "time is up",
                                          .style = ISCC_PLOT_TICKS,
                                          .colour = 6,
                                          .count = tasks,
                                          .row = c->row,
                                          .at = c->deadline};
  snprintf(title, sizeof title, "Tasks of node %lld in run %lld (%.60s)", p->node_id, p->run_id, p->scheme);
  const iscc_plot_sheet sheet = {.title = title, .script = job->script};
  const iscc_status status =
      iscc_plot_rows(job->path, &sheet, job->question->aligned ? "time since arrival (s)" : "time (s)",
                     c->name, tasks, series, STAGES + 1, error);
  free(c);
  return status;
}

iscc_status iscc_diagram_timeline(const iscc_diagram_job *job, iscc_error *error) {
  place p;
  json_t *answer = NULL;
  iscc_status status = find_node(job, &p, error);
  if (!status) status = iscc_diagram_ask(job, make_sql(job->question, &p), &answer, error);
  if (!status) status = draw(job, &p, answer, error);
  json_decref(answer);
  return status;
}
