/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-point-means.h"

#include <math.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

#include "iscc-binary-metric.h"
#include "iscc-database.h"
#include "iscc-moments.h"
#include "iscc-point-text.h"
#include "iscc-sequential.h"
#include "iscc-wilson.h"

typedef struct {
  sqlite3 *db;
  const iscc_point_question *question;
  iscc_point_means *out;
  iscc_error *error;
  iscc_metric_kinds kinds;
  double *value; /* of the last point */
  size_t room;
} reader;

/* Of a replication that was run several times: that which is done. Both parameters: metric, program or NULL. */
static const char runs[] =
    "SELECT program, arguments, max(outcome = 'done'), stopping = 'precision',"
    " (SELECT value FROM metric m WHERE m.execution_id = e.execution_id AND m.name = ?1 AND e.outcome = "
    "'done')"
    " FROM execution e WHERE ?2 IS NULL OR program = ?2 GROUP BY program, arguments, seed, run";

static iscc_status say(const reader *r) {
  return iscc_fail(r->error, ISCC_EIO, "%s: %s", sqlite3_db_filename(r->db, "main"), sqlite3_errmsg(r->db));
}

static iscc_status no_memory(const reader *r) {
  return iscc_fail(r->error, ISCC_ENOMEM, "means: out of memory");
}

static iscc_point_mean *last(const reader *r) {
  return r->out->points ? r->out->point + r->out->points - 1 : NULL;
}

static iscc_status begin_point(reader *r, const char *program, const char *arguments) {
  iscc_point_means *m = r->out;
  iscc_point_mean *more = realloc(m->point, (m->points + 1) * sizeof *more);
  if (!more) return no_memory(r);
  m->point = more;
  more[m->points++] = (iscc_point_mean){.program = strdup(program), .arguments = strdup(arguments)};
  return last(r)->program && last(r)->arguments ? ISCC_OK : no_memory(r);
}

static iscc_status add_value(reader *r, double value) {
  iscc_point_mean *p = last(r);
  if (p->n == r->room) {
    const size_t room = r->room ? 2 * r->room : 64;
    double *more = realloc(r->value, room * sizeof *more);
    if (!more) return no_memory(r);
    r->value = more;
    r->room = room;
  }
  r->value[p->n++] = value;
  return ISCC_OK;
}

/* What the values gathered since begin_point() come to. */
static iscc_status end_point(reader *r) {
  iscc_point_mean *p = last(r);
  if (!p) return ISCC_OK;
  const iscc_moments moments = iscc_moments_of(r->value, p->n);
  iscc_chosen_interval interval;
  double confidence = r->question->confidence;
  if (p->stopped && p->n >= 2) confidence = iscc_sequential_confidence(confidence, p->n);
  p->mean = p->n ? moments.mean : (double)NAN;
  p->deviation = sqrt(iscc_moments_variance(&moments));
  p->warning = p->n ? iscc_warning_of(r->value, p->n) : ISCC_WARNING_NONE;
  if (iscc_metric_kinds_of(&r->kinds, p->program) == ISCC_METRIC_BINARY) {
    const iscc_proportion share = iscc_wilson_of(round(p->mean * (double)p->n), (double)p->n, confidence);
    interval = (iscc_chosen_interval){ISCC_INTERVAL_WILSON, share.low, share.high};
    if (p->warning == ISCC_WARNING_SKEWED)
      p->warning = ISCC_WARNING_NONE; /* which is of means of what may be any number */
  } else {
    const iscc_status status = iscc_chosen_interval_of(r->value, p->n, confidence, &interval, r->error);
    if (status) return status;
  }
  p->method = interval.method;
  p->low = interval.low;
  p->high = interval.high;
  return ISCC_OK;
}

static iscc_status take_run(reader *r, sqlite3_stmt *run) {
  iscc_status status = ISCC_OK;
  const char *program = (const char *)sqlite3_column_text(run, 0),
             *arguments = (const char *)sqlite3_column_text(run, 1);
  const iscc_point_mean *p = last(r);
  if (!p || strcmp(p->arguments, arguments) != 0 || strcmp(p->program, program) != 0) {
    status = end_point(r);
    if (!status) status = begin_point(r, program, arguments);
  }
  if (status) return status;
  if (!sqlite3_column_int(run, 2))
    last(r)->failed++;
  else if (sqlite3_column_type(run, 4) != SQLITE_NULL)
    status = add_value(r, sqlite3_column_double(run, 4));
  else
    last(r)->without++;
  last(r)->stopped |= sqlite3_column_int(run, 3) != 0;
  return status;
}

static iscc_status read_runs(reader *r) {
  sqlite3_stmt *ask = NULL;
  iscc_status status = ISCC_OK;
  int result = SQLITE_ROW;
  if (sqlite3_prepare_v2(r->db, runs, -1, &ask, NULL)) return say(r);
  sqlite3_bind_text(ask, 1, r->question->metric, -1, SQLITE_STATIC);
  sqlite3_bind_text(ask, 2, r->question->program, -1, SQLITE_STATIC);
  while (!status && (result = sqlite3_step(ask)) == SQLITE_ROW) status = take_run(r, ask);
  if (!status) status = result == SQLITE_DONE ? end_point(r) : say(r);
  sqlite3_finalize(ask);
  return status;
}

static iscc_status explain_nothing(const reader *r) {
  const iscc_point_question *q = r->question;
  sqlite3_stmt *ask = NULL;
  if (sqlite3_prepare_v2(r->db,
                         "SELECT group_concat(DISTINCT name) FROM metric JOIN execution USING (execution_id)"
                         " WHERE outcome = 'done' AND (?1 IS NULL OR program = ?1)",
                         -1, &ask, NULL))
    return say(r);
  sqlite3_bind_text(ask, 1, q->program, -1, SQLITE_STATIC);
  const char *names = sqlite3_step(ask) == SQLITE_ROW ? (const char *)sqlite3_column_text(ask, 0) : NULL;
  const char *of = q->program ? " of " : "", *program = q->program ? q->program : "";
  const iscc_status status =
      names ? iscc_fail(r->error, ISCC_EINVAL, "metric '%s': no run%s%s has it; there are %s", q->metric, of,
                        program, names)
            : iscc_fail(r->error, ISCC_EINVAL, "the database holds no runs%s%s of a campaign that are done",
                        of, program);
  sqlite3_finalize(ask);
  return status;
}

static int by_point(const void *a, const void *b) {
  const iscc_point_mean *x = a, *y = b;
  const int program = strcmp(x->program, y->program);
  return program ? program : iscc_point_order(x->arguments, y->arguments);
}

static iscc_status read_means(reader *r) {
  iscc_status status = iscc_metric_kinds_read(r->db, r->question->metric, NULL, NULL, &r->kinds, r->error);
  if (!status) status = read_runs(r);
  size_t values = 0;
  for (size_t i = 0; i < r->out->points; i++) values += r->out->point[i].n;
  if (!status && values == 0) return explain_nothing(r);
  if (r->out->points) qsort(r->out->point, r->out->points, sizeof *r->out->point, by_point);
  return status;
}

iscc_status iscc_point_means_read(const char *database, const iscc_point_question *question,
                                  iscc_point_means *out, iscc_error *error) {
  reader r = {.question = question, .out = out, .error = error};
  memset(out, 0, sizeof *out);
  iscc_status status = iscc_database_open_read(database, &r.db, error);
  if (status) return status;
  status = read_means(&r);
  iscc_metric_kinds_free(&r.kinds);
  free(r.value);
  sqlite3_close(r.db);
  if (status) iscc_point_means_free(out);
  return status;
}

void iscc_point_means_free(iscc_point_means *m) {
  for (size_t i = 0; i < m->points; i++) {
    free(m->point[i].program);
    free(m->point[i].arguments);
  }
  free(m->point);
  memset(m, 0, sizeof *m);
}

static int describe_all(const iscc_point_means *m, char (*text)[ISCC_POINT_TEXT_MAX]) {
  json_t *differ = json_object();
  size_t width = strlen("point");
  for (size_t i = 1; i < m->points; i++)
    iscc_point_differ(differ, m->point[0].arguments, m->point[i].arguments);
  for (size_t i = 0; i < m->points; i++) {
    iscc_point_describe(differ, m->point[i].arguments, text[i]);
    if (strlen(text[i]) > width) width = strlen(text[i]);
  }
  json_decref(differ);
  return (int)width;
}

static void print_number(double value, FILE *out) {
  if (isfinite(value))
    fprintf(out, "  %11.5g", value);
  else
    fprintf(out, "  %11s", "-");
}

void iscc_point_means_print(const iscc_point_means *m, const iscc_point_question *q, FILE *out) {
  char(*text)[ISCC_POINT_TEXT_MAX] = calloc(m->points + 1, sizeof *text);
  if (!text) return;
  const int width = describe_all(m, text);
  bool stopped = false;
  fprintf(out, "%s: mean over replications, %g %% interval, standard deviation\n\n", q->metric,
          100 * q->confidence);
  fprintf(out, "%-*s  %6s  %6s  %11s  %11s  %11s  %11s  %s\n", width, "point", "runs", "failed", "mean",
          "low", "high", "std dev", "interval by");
  for (size_t i = 0; i < m->points; i++) {
    const iscc_point_mean *p = m->point + i;
    fprintf(out, "%-*s  %6zu  %6zu", width, text[i], p->n, p->failed);
    print_number(p->mean, out);
    print_number(p->low, out);
    print_number(p->high, out);
    print_number(p->deviation, out);
    fprintf(out, "  %s", isfinite(p->low) ? iscc_interval_method_text(p->method) : "-");
    if (p->without) fprintf(out, "  %zu without a value", p->without);
    if (p->warning)
      fprintf(out, "  (%s)", iscc_warning_text(p->warning));
    else if (p->n >= 2 && p->method == ISCC_INTERVAL_NONE)
      fputs("  (no scatter)", out);
    putc('\n', out);
    stopped |= p->stopped;
  }
  if (stopped)
    fputs("Results decided how many replications there are; intervals are corrected for that.\n", out);
  free(text);
}
