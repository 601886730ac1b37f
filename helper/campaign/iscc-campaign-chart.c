/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-campaign-chart.h"

#include <jansson.h>
#include <math.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "iscc-campaign-where.h"
#include "iscc-compare.h"
#include "iscc-database.h"
#include "iscc-mean-interval.h"
#include "iscc-sequential.h"

typedef struct {
  sqlite3 *db;
  const iscc_chart_question *question;
  iscc_chart *out;
  iscc_error *error;
  char *by_path, *against_path; /* in arguments; the latter is of an option without a name if there is none */
  double *values;               /* of the present point */
  size_t room;
} reader;

/* ?1 and ?2 the paths, ?3 the metric, ?4 where. Several programs are told apart as if they were an option. */
#define CHOSEN                                                                                               \
  "WITH done AS (SELECT execution_id, run_id, program, seed, run, stopping,"                                 \
  "  iif((SELECT count(DISTINCT program) FROM execution WHERE outcome = 'done') > 1,"                        \
  "    json_set(arguments, '$.program', program), arguments) AS arguments"                                   \
  "  FROM execution WHERE outcome = 'done'),"                                                                \
  " chosen AS (SELECT *, json_extract(arguments, ?1) AS of_by, json_extract(arguments, ?2) AS place"         \
  "  FROM done WHERE of_by IS NOT NULL AND (place IS NOT NULL OR ?2 = '$.\"\"')"                             \
  "  AND " ISCC_CAMPAIGN_WHERE("done", "?4") ") "

static const char runs[] =
    CHOSEN "SELECT of_by, coalesce(place, ''), (SELECT m.value FROM metric m"
           "   WHERE m.execution_id = chosen.execution_id AND m.name = ?3), stopping = 'precision'"
           " FROM chosen ORDER BY CAST(of_by AS REAL), of_by, CAST(place AS REAL), place, seed, run";

/* Options in which runs differ that should not: names and values. */
static const char others[] =
    CHOSEN "SELECT key, group_concat(DISTINCT value), min(value) FROM (SELECT key, value FROM chosen,"
           "  json_each(json_remove(chosen.arguments, ?1, ?2)) ORDER BY CAST(value AS REAL), value)"
           " GROUP BY key HAVING count(DISTINCT value) > 1 OR count(*) < (SELECT count(*) FROM chosen)";

static const char about[] = CHOSEN
    "SELECT max(program) || coalesce((SELECT group_concat(' --' || key || '=' || value, '') FROM"
    " (SELECT DISTINCT key, value FROM chosen, json_each(json_remove(chosen.arguments, ?1, ?2, '$.program'))"
    "  ORDER BY key)), ''), min(run_id IS NOT NULL) FROM chosen";

static iscc_status say(const reader *r) {
  return iscc_fail(r->error, ISCC_EIO, "%s: %s", sqlite3_db_filename(r->db, "main"), sqlite3_errmsg(r->db));
}

static iscc_status no_memory(const reader *r) {
  return iscc_fail(r->error, ISCC_ENOMEM, "chart: out of memory");
}

static iscc_status ask(const reader *r, const char *sql, sqlite3_stmt **statement) {
  const iscc_chart_question *q = r->question;
  const char *const text[] = {r->by_path, r->against_path, q->metric, q->where ? q->where : "{}"};
  if (sqlite3_prepare_v2(r->db, sql, -1, statement, NULL)) return say(r);
  for (int i = 0; i < 4; i++)
    sqlite3_bind_text(*statement, i + 1, text[i], -1, SQLITE_STATIC); /* one it lacks is no harm */
  return ISCC_OK;
}

static const char *text_of(sqlite3_stmt *statement, int column) {
  const char *text = (const char *)sqlite3_column_text(statement, column);
  return text ? text : "";
}

/* ---- points ---- */

static iscc_status begin_point(reader *r, const char *value, const char *place) {
  iscc_chart *c = r->out;
  const bool same_value = c->points && strcmp(c->point[c->points - 1].value, value) == 0;
  iscc_chart_point *more = realloc(c->point, (c->points + 1) * sizeof *more);
  if (!more) return no_memory(r);
  c->point = more;
  iscc_chart_point *p = more + c->points++;
  *p = (iscc_chart_point){.value = strdup(value),
                          .place = strdup(place),
                          .x = NAN,
                          .relative = NAN,
                          .relative_low = NAN,
                          .relative_high = NAN};
  c->values += !same_value;
  if (!p->value || !p->place) return no_memory(r);
  if (!r->question->against) return ISCC_OK;
  char *end;
  p->x = strtod(place, &end);
  if (end != place && !*end && isfinite(p->x)) return ISCC_OK;
  return iscc_fail(r->error, ISCC_EINVAL,
                   "against: %s is no number in some runs ('%s'); --by is for such options",
                   r->question->against, place);
}

static void end_point(reader *r) {
  iscc_chart_point *p = r->out->point + r->out->points - 1;
  double confidence = r->question->confidence;
  if (p->stopped && p->n >= 2) confidence = iscc_sequential_confidence(confidence, p->n);
  const iscc_mean_interval interval = iscc_mean_interval_at(r->values, p->n, confidence);
  p->mean = interval.value;
  p->half_width = interval.half_width;
  p->warning = p->n ? iscc_warning_of(r->values, p->n) : ISCC_WARNING_NONE;
}

static iscc_status add_run(reader *r, sqlite3_stmt *statement) {
  iscc_chart_point *p = r->out->point + r->out->points - 1;
  p->stopped |= sqlite3_column_int(statement, 3) != 0;
  if (sqlite3_column_type(statement, 2) == SQLITE_NULL) {
    p->without++;
    return ISCC_OK;
  }
  if (p->n == r->room) {
    r->room = r->room ? 2 * r->room : 64;
    double *more = realloc(r->values, r->room * sizeof *more);
    if (!more) return no_memory(r);
    r->values = more;
  }
  r->values[p->n++] = sqlite3_column_double(statement, 2);
  return ISCC_OK;
}

static iscc_status read_points(reader *r) {
  sqlite3_stmt *statement;
  const iscc_chart *c = r->out;
  int result = SQLITE_DONE;
  iscc_status status = ask(r, runs, &statement);
  while (!status && (result = sqlite3_step(statement)) == SQLITE_ROW) {
    const char *value = text_of(statement, 0), *place = text_of(statement, 1);
    const iscc_chart_point *last = c->points ? c->point + c->points - 1 : NULL;
    if (!last || strcmp(last->value, value) != 0 || strcmp(last->place, place) != 0) {
      if (last) end_point(r);
      status = begin_point(r, value, place);
    }
    if (!status) status = add_run(r, statement);
  }
  if (!status && result != SQLITE_DONE) status = say(r);
  if (!status && c->points) end_point(r);
  sqlite3_finalize(statement);
  return status;
}

/* ---- what cannot be drawn ---- */

/* One line of all options that differ, and how to choose. */
static iscc_status check_others(const reader *r) {
  sqlite3_stmt *statement;
  char names[200] = "", choice[200] = "";
  iscc_status status = ask(r, others, &statement);
  while (!status && sqlite3_step(statement) == SQLITE_ROW) {
    const char *option = text_of(statement, 0);
    const size_t n = strlen(names), c = strlen(choice);
    snprintf(names + n, sizeof names - n, "%s%s (%s)", n ? ", " : "", option, text_of(statement, 1));
    snprintf(choice + c, sizeof choice - c, " --where %s=%s", option, text_of(statement, 2));
  }
  sqlite3_finalize(statement);
  if (!status && *names)
    status =
        iscc_fail(r->error, ISCC_EINVAL,
                  "runs of one point differ in %s: keep one value of each, as with%s, or draw against it",
                  names, choice);
  return status;
}

static iscc_status explain_nothing(const reader *r) {
  static const char options[] =
      "SELECT group_concat(DISTINCT key) FROM execution, json_each(arguments) WHERE outcome = 'done'";
  static const char given[] = CHOSEN "SELECT count(json_extract(arguments, ?1)) FROM done";
  const iscc_chart_question *q = r->question;
  char there[300] = "";
  bool has_by = false;
  sqlite3_stmt *statement;
  iscc_status status = ask(r, given, &statement);
  if (!status && sqlite3_step(statement) == SQLITE_ROW) has_by = sqlite3_column_int(statement, 0) > 0;
  sqlite3_finalize(statement);
  if (!status) status = ask(r, options, &statement);
  if (status) return status;
  if (sqlite3_step(statement) == SQLITE_ROW) snprintf(there, sizeof there, "%s", text_of(statement, 0));
  sqlite3_finalize(statement);
  if (!*there)
    return iscc_fail(r->error, ISCC_EINVAL, "the database holds no runs of a campaign that are done");
  if (!has_by)
    return iscc_fail(r->error, ISCC_EINVAL, "by: no run was given an option '%s'; there are %s", q->by,
                     there);
  return iscc_fail(r->error, ISCC_EINVAL, "no run was given %s%s%s as --where says; options are %s", q->by,
                   q->against ? " and " : "", q->against ? q->against : "", there);
}

static iscc_status check_metric(const reader *r) {
  sqlite3_stmt *statement;
  char there[300] = "";
  size_t n = 0;
  for (size_t i = 0; i < r->out->points; i++) n += r->out->point[i].n;
  if (n) return ISCC_OK;
  iscc_status status = ask(r, "SELECT group_concat(DISTINCT name) FROM metric", &statement);
  if (!status && sqlite3_step(statement) == SQLITE_ROW)
    snprintf(there, sizeof there, "%s", text_of(statement, 0));
  sqlite3_finalize(statement);
  if (status) return status;
  return iscc_fail(r->error, ISCC_EINVAL, "metric '%s': none of these runs has it; there are %s",
                   r->question->metric, there);
}

/* ---- differences ---- */

static bool is_of_point(const iscc_compare_row *row, const char *against, const iscc_chart_point *p) {
  if (!row->rest[0] || strcmp(row->value, p->value) != 0) return false;
  json_t *rest = against ? json_loads(row->rest, 0, NULL) : NULL;
  const char *place = json_string_value(json_object_get(rest, against ? against : ""));
  const bool same = !against || (place && strcmp(place, p->place) == 0);
  json_decref(rest);
  return same;
}

static iscc_status add_differences(const reader *r, const char *database) {
  const iscc_chart_question *q = r->question;
  const iscc_compare_question question = {q->metric, q->by, q->baseline, q->confidence, q->where};
  iscc_comparison comparison;
  const iscc_status status = iscc_compare(database, &question, &comparison, r->error);
  if (status) return status;
  for (size_t i = 0; i < comparison.rows; i++)
    for (size_t k = 0; k < r->out->points; k++) {
      iscc_chart_point *p = r->out->point + k;
      const iscc_paired *paired = &comparison.row[i].paired;
      if (!is_of_point(comparison.row + i, q->against, p)) continue;
      p->pairs = paired->n;
      p->relative = paired->relative;
      p->relative_low = paired->relative_low;
      p->relative_high = paired->relative_high;
    }
  iscc_comparison_free(&comparison);
  return ISCC_OK;
}

/* ---- the whole ---- */

static iscc_status read_command(const reader *r) {
  sqlite3_stmt *statement;
  const iscc_status status = ask(r, about, &statement);
  if (!status && sqlite3_step(statement) == SQLITE_ROW) {
    r->out->command = strdup(text_of(statement, 0));
    r->out->recorded = sqlite3_column_int(statement, 1) != 0;
  }
  sqlite3_finalize(statement);
  return status || r->out->command ? status : no_memory(r);
}

static iscc_status read_chart(reader *r, const char *database) {
  const char *where = r->question->where;
  iscc_status status = where ? iscc_campaign_where_check(r->db, where, r->error) : ISCC_OK;
  if (!status) status = read_points(r);
  if (!status && !r->out->points) status = explain_nothing(r);
  if (!status) status = check_others(r);
  if (!status) status = check_metric(r);
  if (!status) status = read_command(r);
  if (!status && r->question->baseline) status = add_differences(r, database);
  return status;
}

static iscc_status check_names(const iscc_chart_question *q, iscc_error *error) {
  const char *const name[] = {q->by, q->against ? q->against : ""};
  for (int i = 0; i < 2; i++)
    if (strchr(name[i], '"'))
      return iscc_fail(error, ISCC_EINVAL, "%s: '%s' is not an option's name", i ? "against" : "by", name[i]);
  if (strcmp(name[0], name[1]) == 0)
    return iscc_fail(error, ISCC_EINVAL, "against: %s is what --by tells apart already", q->by);
  return ISCC_OK;
}

iscc_status iscc_chart_read(const char *database, const iscc_chart_question *question, iscc_chart *out,
                            iscc_error *error) {
  reader r = {.question = question, .out = out, .error = error};
  memset(out, 0, sizeof *out);
  iscc_status status = check_names(question, error);
  if (!status) status = iscc_database_open_read(database, &r.db, error);
  if (status) return status;
  r.by_path = sqlite3_mprintf("$.\"%s\"", question->by);
  r.against_path = sqlite3_mprintf("$.\"%s\"", question->against ? question->against : "");
  status = r.by_path && r.against_path ? read_chart(&r, database) : no_memory(&r);
  free(r.values);
  sqlite3_free(r.by_path);
  sqlite3_free(r.against_path);
  sqlite3_close(r.db);
  if (status) iscc_chart_free(out);
  return status;
}

void iscc_chart_free(iscc_chart *c) {
  for (size_t i = 0; i < c->points; i++) {
    free(c->point[i].value);
    free(c->point[i].place);
  }
  free(c->point);
  free(c->command);
  memset(c, 0, sizeof *c);
}
