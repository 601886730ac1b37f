/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-compare.h"

#include <math.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

#include "iscc-binary-metric.h"
#include "iscc-campaign-where.h"
#include "iscc-compare-attempts.h"
#include "iscc-database.h"
#include "iscc-holm.h"
#include "iscc-paired-shares.h"
#include "iscc-point-text.h"
#include "iscc-sequential.h"
#include "iscc-sign-flip.h"
#include "iscc-uncommon.h"

enum { BASELINE_MAX = 512 };

typedef struct {
  sqlite3 *db;
  const iscc_compare_question *question;
  iscc_comparison *out;
  iscc_error *error;
  char *path;                  /* of the option in arguments */
  char baseline[BASELINE_MAX]; /* as the runs have it */
  iscc_metric_kinds kinds;
  iscc_metric_kind kind; /* of the program of the row */
  double *a, *b;
  size_t pairs, room;
  double points; /* of which the pairs are means */
} reader;

/* ?1 the option's path in JSON, ?2 the baseline, ?3 the metric, ?4 where. Without a partner b is NULL. With several programs they are
 * told apart as if they were an option. */
#define PAIRS                                                                                                \
  "WITH pair AS (SELECT iif((SELECT count(DISTINCT program) FROM execution WHERE outcome = 'done') > 1,"     \
  "   json_set(json_remove(e.arguments, ?1), '$.program', e.program), json_remove(e.arguments, ?1)) AS "     \
  "rest, e.program AS program,"                                                                              \
  " json_extract(e.arguments, ?1) AS value, e.seed AS seed, e.run AS run, m.value AS a,"                     \
  " e.stopping = 'precision' AS stopped,"                                                                    \
  " (SELECT n.value FROM execution f JOIN metric n USING (execution_id) WHERE f.program = e.program"         \
  "   AND f.arguments = json_set(e.arguments, ?1, ?2) AND f.seed = e.seed AND f.run = e.run"                 \
  "   AND f.outcome = 'done' AND n.name = ?3) AS b"                                                          \
  " FROM execution e JOIN metric m USING (execution_id) WHERE e.outcome = 'done' AND m.name = ?3"            \
  " AND json_extract(e.arguments, ?1) <> ?2 AND " ISCC_CAMPAIGN_WHERE("e", "?4") ") "

static const char single_points[] =
    PAIRS "SELECT value, rest, a, b, stopped, 1, program FROM pair ORDER BY rest, value, seed, run";

static const char all_points[] = PAIRS
    ", points AS (SELECT value, count(DISTINCT rest) AS n FROM pair WHERE b IS NOT NULL GROUP BY value)"
    " SELECT value, '', avg(a), avg(b), max(stopped), max(n), program FROM pair JOIN points USING (value)"
    " WHERE n > 1 AND b IS NOT NULL"
    " AND (SELECT count(DISTINCT program) FROM pair) = 1 GROUP BY value, "
    "seed, run HAVING count(*) = max(n)"
    " ORDER BY value, seed, run";

static iscc_status say(const reader *r) {
  return iscc_fail(r->error, ISCC_EIO, "%s: %s", sqlite3_db_filename(r->db, "main"), sqlite3_errmsg(r->db));
}

static iscc_status no_memory(const reader *r) {
  return iscc_fail(r->error, ISCC_ENOMEM, "compare: out of memory");
}

static iscc_status add_pair(reader *r, double a, double b) {
  if (r->pairs == r->room) {
    const size_t room = r->room ? 2 * r->room : 64;
    double *more_a = realloc(r->a, room * sizeof *more_a);
    if (more_a) r->a = more_a;
    double *more_b = realloc(r->b, room * sizeof *more_b);
    if (more_b) r->b = more_b;
    if (!more_a || !more_b) return no_memory(r);
    r->room = room;
  }
  r->a[r->pairs] = a;
  r->b[r->pairs++] = b;
  return ISCC_OK;
}

static iscc_status begin_row(reader *r, const char *value, const char *rest) {
  iscc_comparison *c = r->out;
  iscc_compare_row *more = realloc(c->row, (c->rows + 1) * sizeof *more);
  if (!more) return no_memory(r);
  c->row = more;
  more[c->rows] = (iscc_compare_row){.value = strdup(value), .rest = strdup(rest)};
  r->pairs = 0;
  c->rows++;
  return more[c->rows - 1].value && more[c->rows - 1].rest ? ISCC_OK : no_memory(r);
}

/* Of pairs of which each value is 0 or 1. */
static void compare_successes(const reader *r, double confidence, iscc_compare_row *row) {
  iscc_paired *p = &row->paired;
  const iscc_paired_shares shares = iscc_paired_shares_of(r->a, r->b, p->n, confidence);
  p->p_value = p->n >= 2 ? shares.p_value : (double)NAN;
  p->half_width = p->relative_low = p->relative_high = NAN;
  if (p->n >= 2) row->interval = (iscc_chosen_interval){ISCC_INTERVAL_NEWCOMBE, shares.low, shares.high};
}

/* Their means over several points. Unless t can be relied on, there is no interval. The pairs become differences. */
static iscc_status compare_means_of_successes(reader *r, iscc_compare_row *row) {
  iscc_paired *p = &row->paired;
  double all = 0;
  iscc_paired_differences(r->a, r->b, p->n, r->a);
  for (size_t i = 0; i < p->n; i++) {
    r->b[i] = round(r->a[i] * r->points); /* successes more */
    all += fabs(r->b[i]);
  }
  if (iscc_warning_of(r->a, p->n) == ISCC_WARNING_FEW) row->warning = ISCC_WARNING_FEW;
  if (iscc_uncommon_of(r->b, p->n) < ISCC_UNCOMMON_LEAST || fabs(p->difference) + p->half_width > 1)
    p->half_width = p->relative_low = p->relative_high = NAN;
  if (p->n < 2 || all * (double)p->n > ISCC_SIGN_FLIP_MOST) return ISCC_OK; /* t's: it is of many */
  return iscc_sign_flip_test(r->b, p->n, &p->p_value, r->error);
}

/* The pairs become differences. */
static iscc_status compare_skewed(const reader *r, double confidence, iscc_compare_row *row) {
  iscc_paired *p = &row->paired;
  iscc_paired_differences(r->a, r->b, p->n, r->a);
  row->warning = iscc_warning_of(r->a, p->n);
  if (row->warning != ISCC_WARNING_SKEWED) return ISCC_OK;
  if (row->interval.method == ISCC_INTERVAL_NEWCOMBE) {
    row->warning = ISCC_WARNING_NONE;
    return ISCC_OK;
  }
  p->half_width = NAN;
  return iscc_chosen_interval_of(r->a, p->n, confidence, &row->interval, r->error);
}

/* Values that are all equal have no scatter that t could go by. */
static void compare_equal(iscc_compare_row *row) {
  iscc_paired *p = &row->paired;
  p->p_value = p->n >= 2 ? 1 : (double)NAN;
  p->half_width = p->relative_low = p->relative_high = NAN;
}

static iscc_status compare_as_kind(reader *r, double confidence, iscc_compare_row *row) {
  const size_t n = r->pairs;
  if (r->kind == ISCC_METRIC_BINARY && !(iscc_are_binary(r->a, n) && iscc_are_binary(r->b, n)))
    return compare_means_of_successes(r, row);
  if (r->kind == ISCC_METRIC_BINARY) compare_successes(r, confidence, row);
  if (r->kind == ISCC_METRIC_ALL_EQUAL) compare_equal(row);
  return compare_skewed(r, confidence, row);
}

/* What the pairs gathered since begin_row() come to. */
static iscc_status end_row(reader *r) {
  if (!r->out->rows) return ISCC_OK;
  iscc_compare_row *row = r->out->row + r->out->rows - 1;
  double confidence = r->question->confidence;
  if (row->stopped && r->pairs >= 2) confidence = iscc_sequential_confidence(confidence, r->pairs);
  row->paired = iscc_paired_of(r->a, r->b, r->pairs, confidence);
  const iscc_status status = compare_as_kind(r, confidence, row);
  if (row->stopped) row->paired.p_value = iscc_sequential_p_value(row->paired.p_value, r->pairs);
  r->pairs = 0;
  return status;
}

static void bind(const reader *r, sqlite3_stmt *statement) {
  const iscc_compare_question *q = r->question;
  const char *const text[] = {r->path, r->baseline, q->metric, q->where ? q->where : "{}"};
  for (int i = 0; i < 4; i++)
    sqlite3_bind_text(statement, i + 1, text[i], -1,
                      SQLITE_STATIC); /* what the query does not use is ignored */
}

/* Rows of one of the two queries; they come in order. */
static iscc_status read_rows(reader *r, const char *sql) {
  sqlite3_stmt *ask = NULL;
  iscc_status status = ISCC_OK;
  const size_t before = r->out->rows;
  int result = SQLITE_ROW;
  if (sqlite3_prepare_v2(r->db, sql, -1, &ask, NULL)) return say(r);
  bind(r, ask);
  while (!status && (result = sqlite3_step(ask)) == SQLITE_ROW) {
    const char *value = (const char *)sqlite3_column_text(ask, 0),
               *rest = (const char *)sqlite3_column_text(ask, 1);
    const iscc_compare_row *last = r->out->rows > before ? r->out->row + r->out->rows - 1 : NULL;
    if (!last || strcmp(last->value, value) != 0 || strcmp(last->rest, rest) != 0) {
      if (last) status = end_row(r);
      if (!status) status = begin_row(r, value, rest);
    }
    if (status) break;
    r->points = sqlite3_column_double(ask, 5);
    r->kind = iscc_metric_kinds_of(&r->kinds, (const char *)sqlite3_column_text(ask, 6));
    if (sqlite3_column_int(ask, 4)) r->out->row[r->out->rows - 1].stopped = true;
    if (sqlite3_column_type(ask, 3) == SQLITE_NULL)
      r->out->row[r->out->rows - 1].unpaired++;
    else
      status = add_pair(r, sqlite3_column_double(ask, 2), sqlite3_column_double(ask, 3));
  }
  if (!status && result != SQLITE_DONE) status = say(r);
  if (!status && r->out->rows > before) status = end_row(r);
  sqlite3_finalize(ask);
  return status;
}

static iscc_status adjust(reader *r, size_t from, size_t to) {
  double *p = calloc(to - from + 1, sizeof *p);
  if (!p) return no_memory(r);
  for (size_t i = from; i < to; i++) p[i - from] = r->out->row[i].paired.p_value;
  const iscc_status status = iscc_holm_adjust(p, to - from, p, r->error);
  for (size_t i = from; i < to; i++) r->out->row[i].adjusted_p = p[i - from];
  free(p);
  return status;
}

/* One text that a query yields; "" without. */
static iscc_status ask_text(const reader *r, const char *sql, char *text, size_t size) {
  sqlite3_stmt *ask = NULL;
  if (sqlite3_prepare_v2(r->db, sql, -1, &ask, NULL)) return say(r);
  bind(r, ask);
  const char *found = sqlite3_step(ask) == SQLITE_ROW ? (const char *)sqlite3_column_text(ask, 0) : NULL;
  snprintf(text, size, "%s", found ? found : "");
  sqlite3_finalize(ask);
  return ISCC_OK;
}

/* How many rows a query counts. */
static iscc_status ask_count(const reader *r, const char *sql, int64_t *count) {
  char text[32];
  const iscc_status status = ask_text(r, sql, text, sizeof text);
  *count = status ? 0 : atoll(text);
  return status;
}

#define DONE "FROM execution WHERE outcome = 'done'"

/* The option and the metric are there. */
static iscc_status explain_baseline(const reader *r) {
  const iscc_compare_question *q = r->question;
  char values[256];
  int64_t runs, valued = 0, tried = 0;
  iscc_status status =
      ask_text(r, "SELECT group_concat(DISTINCT json_extract(arguments, ?1)) " DONE, values, sizeof values);
  if (!status) status = ask_count(r, "SELECT count(*) " DONE " AND json_extract(arguments, ?1) = ?2", &runs);
  if (!status)
    status =
        ask_count(r,
                  "SELECT count(*) FROM execution JOIN metric USING (execution_id) WHERE outcome = 'done'"
                  " AND name = ?3 AND json_extract(arguments, ?1) = ?2",
                  &valued);
  if (!status)
    status = ask_count(r, "SELECT count(*) FROM execution WHERE json_extract(arguments, ?1) = ?2", &tried);
  if (status) return status;
  if (tried && !runs)
    return iscc_fail(r->error, ISCC_EINVAL,
                     "baseline: none of the %lld runs of %s=%s is done (show --failed lists them)",
                     (long long)tried, q->by, q->baseline);
  if (runs && !valued)
    return iscc_fail(
        r->error, ISCC_EINVAL,
        "baseline: %s has no value in any run of %s=%s, as when no task was feasible; see metric done_share",
        q->metric, q->by, q->baseline);
  return iscc_fail(r->error, ISCC_EINVAL, "baseline: no pairs of %s=%s and another value; it was run with %s",
                   q->by, q->baseline, values);
}

/* Says what is missing, and what there is instead. */
static iscc_status explain_nothing(const reader *r) {
  char there[256];
  int64_t runs = 0, valued = 0, given = 0;
  iscc_status status = ask_count(r, "SELECT count(*) " DONE, &runs);
  if (!status) status = ask_count(r, "SELECT count(*) FROM metric WHERE name = ?3", &valued);
  if (!status) status = ask_count(r, "SELECT count(json_extract(arguments, ?1)) " DONE, &given);
  if (status) return status;
  if (!runs)
    return iscc_fail(r->error, ISCC_EINVAL, "the database holds no runs of a campaign that are done");
  if (valued && given) return explain_baseline(r);
  status = ask_text(
      r,
      valued ? "SELECT group_concat(DISTINCT key) FROM execution, json_each(arguments) WHERE outcome = 'done'"
             : "SELECT group_concat(DISTINCT name) FROM metric",
      there, sizeof there);
  if (status) return status;
  if (!valued)
    return iscc_fail(r->error, ISCC_EINVAL, "metric '%s': no run has it; there are %s", r->question->metric,
                     there);
  return iscc_fail(r->error, ISCC_EINVAL, "by: no run was given an option '%s'; there are %s",
                   r->question->by, there);
}

static int by_point(const void *a, const void *b) {
  const iscc_compare_row *x = a, *y = b;
  const int point = iscc_point_order(x->rest, y->rest);
  return point ? point : strcmp(x->value, y->value);
}

/* The baseline's value as the runs have it, where it is asked for as another text of the same number. */
static iscc_status find_baseline(reader *r) {
  static const char sql[] =
      "SELECT value FROM (SELECT DISTINCT json_extract(arguments, ?1) AS value FROM execution)"
      " WHERE iscc_equal(value, ?2) ORDER BY value <> ?2 LIMIT 1";
  char found[BASELINE_MAX];
  snprintf(r->baseline, sizeof r->baseline, "%s", r->question->baseline);
  const iscc_status status = ask_text(r, sql, found, sizeof found);
  if (!status && found[0]) memcpy(r->baseline, found, sizeof found);
  return status;
}

static iscc_status compare(reader *r) {
  iscc_status status = iscc_campaign_where_prepare(r->db, r->error);
  if (!status) status = find_baseline(r);
  if (!status && r->question->where) status = iscc_campaign_where_check(r->db, r->question->where, r->error);
  const char *where = r->question->where ? r->question->where : "{}", *metric = r->question->metric;
  if (!status) status = iscc_metric_kinds_read(r->db, metric, where, r->path, &r->kinds, r->error);
  if (!status) status = read_rows(r, single_points);
  if (!status)
    status = iscc_compare_attempts_read(r->db, r->path, r->baseline, metric, where, r->out, r->error);
  const size_t single = r->out->rows;
  size_t pairs = 0;
  for (size_t i = 0; i < single; i++) pairs += r->out->row[i].paired.n;
  if (!status && pairs == 0) return explain_nothing(r);
  if (single) qsort(r->out->row, single, sizeof *r->out->row, by_point);
  if (!status) status = read_rows(r, all_points);
  if (!status) iscc_compare_attempts_sum(r->out, single);
  if (!status) status = adjust(r, 0, single);
  if (!status) status = adjust(r, single, r->out->rows);
  if (!status)
    status = iscc_pair_streams_read(r->db, r->path, r->baseline, metric, where, &r->out->streams, r->error);
  char hashes[32] = "";
  if (!status)
    status = ask_text(r,
                      "SELECT max(n) FROM (SELECT count(DISTINCT program_sha256) AS n FROM execution WHERE "
                      "outcome = 'done' "
                      "GROUP BY program)",
                      hashes, sizeof hashes);
  r->out->hashes = atoll(hashes);
  return status;
}

iscc_status iscc_compare(const char *database, const iscc_compare_question *question, iscc_comparison *out,
                         iscc_error *error) {
  reader r = {.question = question, .out = out, .error = error};
  memset(out, 0, sizeof *out);
  if (strchr(question->by, '"'))
    return iscc_fail(error, ISCC_EINVAL, "by: '%s' is not an option's name", question->by);
  iscc_status status = iscc_database_open_read(database, &r.db, error);
  if (status) return status;
  r.path = sqlite3_mprintf("$.\"%s\"", question->by);
  status = r.path ? compare(&r) : no_memory(&r);
  iscc_metric_kinds_free(&r.kinds);
  free(r.a);
  free(r.b);
  sqlite3_free(r.path);
  sqlite3_close(r.db);
  if (status) iscc_comparison_free(out);
  return status;
}

void iscc_comparison_free(iscc_comparison *c) {
  for (size_t i = 0; i < c->rows; i++) {
    free(c->row[i].value);
    free(c->row[i].rest);
  }
  free(c->row);
  memset(c, 0, sizeof *c);
}
