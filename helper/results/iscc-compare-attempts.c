/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-compare-attempts.h"

#include <stdlib.h>
#include <string.h>

#include "iscc-campaign-where.h"

/* ?1 the option's path, ?2 the baseline, ?3 the metric, ?4 where. Replications, then points, then points beside those of the baseline. */
static const char attempts[] =
    "WITH replication AS (SELECT program, arguments, seed, run, max(outcome = 'done' AND EXISTS (SELECT 1 "
    "  FROM metric m WHERE m.execution_id = e.execution_id AND m.name = ?3)) AS valued FROM execution e"
    "  GROUP BY program, arguments, seed, run),"
    " point AS (SELECT program, arguments, count(*) AS tried, sum(NOT valued) AS without FROM replication"
    "  GROUP BY program, arguments)"
    " SELECT json_extract(p.arguments, ?1) AS value,"
    "  iif((SELECT count(DISTINCT program) FROM execution WHERE outcome = 'done') > 1,"
    "   json_set(json_remove(p.arguments, ?1), '$.program', p.program), json_remove(p.arguments, ?1)) AS "
    "rest,"
    "  p.tried, p.without, coalesce(b.tried, 0), coalesce(b.without, 0)"
    " FROM point p LEFT JOIN point b ON b.program = p.program AND b.arguments = json_set(p.arguments, ?1, ?2)"
    " WHERE json_extract(p.arguments, ?1) <> ?2 AND " ISCC_CAMPAIGN_WHERE("p", "?4") " ORDER BY rest, value";

/* NULL: no memory. */
static iscc_compare_row *add_row(iscc_comparison *c, const char *value, const char *rest) {
  iscc_compare_row *more = realloc(c->row, (c->rows + 1) * sizeof *more);
  if (!more) return NULL;
  c->row = more;
  iscc_compare_row *row = more + c->rows++;
  *row = (iscc_compare_row){
      .value = strdup(value), .rest = strdup(rest), .paired = iscc_paired_of(NULL, NULL, 0, 0.5)};
  return row->value && row->rest ? row : NULL;
}

static bool is_row(const iscc_compare_row *row, const char *value, const char *rest) {
  return strcmp(row->value, value) == 0 && strcmp(row->rest, rest) == 0;
}

/* Both come in the same order. */
static iscc_status take(sqlite3_stmt *point, iscc_comparison *c, size_t given, size_t *next,
                        iscc_error *error) {
  const char *value = (const char *)sqlite3_column_text(point, 0),
             *rest = (const char *)sqlite3_column_text(point, 1);
  const bool known = *next < given && is_row(c->row + *next, value, rest);
  iscc_compare_row *row = known ? c->row + (*next)++ : add_row(c, value, rest);
  if (!row) return iscc_fail(error, ISCC_ENOMEM, "compare: out of memory");
  row->tried = (size_t)sqlite3_column_int64(point, 2);
  row->without = (size_t)sqlite3_column_int64(point, 3);
  row->baseline_tried = (size_t)sqlite3_column_int64(point, 4);
  row->baseline_without = (size_t)sqlite3_column_int64(point, 5);
  return ISCC_OK;
}

iscc_status iscc_compare_attempts_read(sqlite3 *db, const char *by, const char *baseline, const char *metric,
                                       const char *where, iscc_comparison *c, iscc_error *error) {
  sqlite3_stmt *ask = NULL;
  const char *const text[] = {by, baseline, metric, where};
  const size_t given = c->rows;
  size_t next = 0;
  iscc_status status = ISCC_OK;
  int result = sqlite3_prepare_v2(db, attempts, -1, &ask, NULL);
  for (int i = 0; i < 4 && !result; i++) result = sqlite3_bind_text(ask, i + 1, text[i], -1, SQLITE_STATIC);
  while (!result && !status && sqlite3_step(ask) == SQLITE_ROW) status = take(ask, c, given, &next, error);
  if ((sqlite3_finalize(ask) || result) && !status)
    status = iscc_fail(error, ISCC_EIO, "%s: %s", sqlite3_db_filename(db, "main"), sqlite3_errmsg(db));
  return status;
}

void iscc_compare_attempts_sum(iscc_comparison *c, size_t single) {
  for (size_t i = single; i < c->rows; i++)
    for (size_t k = 0; k < single; k++) {
      iscc_compare_row *all = c->row + i;
      const iscc_compare_row *one = c->row + k;
      if (strcmp(one->value, all->value) != 0) continue;
      all->tried += one->tried;
      all->without += one->without;
      all->baseline_tried += one->baseline_tried;
      all->baseline_without += one->baseline_without;
    }
}
