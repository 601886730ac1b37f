/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-binary-metric.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "iscc-campaign-where.h"
#include "iscc-metric-unit.h"

/* ?1 metric, ?2 where, ?3 by. */
#define CHOSEN ISCC_CAMPAIGN_WHERE("e", "iif(?3 IS NULL, ?2, json_remove(?2, ?3))")

static const char values[] =
    "WITH value AS (SELECT program, value, " CHOSEN " AS chosen"
    " FROM metric JOIN execution e USING (execution_id) WHERE outcome = 'done' AND name = ?1)"
    " SELECT program, min(value IN (0, 1)), count(DISTINCT value),"
    " min(iif(chosen, value IN (0, 1), NULL)), count(DISTINCT iif(chosen, value, NULL))"
    " FROM value GROUP BY program";

static iscc_metric_kind kind_of(bool successes, int different) {
  if (!successes) return ISCC_METRIC_OTHER;
  return different == 2 ? ISCC_METRIC_BINARY : ISCC_METRIC_ALL_EQUAL;
}

static iscc_status add(sqlite3_stmt *row, iscc_metric_kinds *kinds, iscc_error *error) {
  iscc_metric_kind kind = kind_of(sqlite3_column_int(row, 3) != 0, sqlite3_column_int(row, 4));
  if (kind == ISCC_METRIC_ALL_EQUAL || sqlite3_column_int(row, 4) == 0)
    kind = kind_of(sqlite3_column_int(row, 1) != 0, sqlite3_column_int(row, 2));
  iscc_program_kind *more = realloc(kinds->program, (kinds->programs + 1) * sizeof *more);
  if (more) kinds->program = more;
  char *program = more ? strdup((const char *)sqlite3_column_text(row, 0)) : NULL;
  if (!program) return iscc_fail(error, ISCC_ENOMEM, "kinds of metrics: out of memory");
  more[kinds->programs++] = (iscc_program_kind){program, kind};
  return ISCC_OK;
}

iscc_status iscc_metric_kinds_read(sqlite3 *db, const char *metric, const char *where, const char *by,
                                   iscc_metric_kinds *kinds, iscc_error *error) {
  sqlite3_stmt *ask = NULL;
  memset(kinds, 0, sizeof *kinds);
  if (iscc_metric_unit_of(metric)) return ISCC_OK;
  iscc_status status = iscc_campaign_where_prepare(db, error);
  if (status) return status;
  int result = sqlite3_prepare_v2(db, values, -1, &ask, NULL);
  if (!result) {
    sqlite3_bind_text(ask, 1, metric, -1, SQLITE_STATIC);
    sqlite3_bind_text(ask, 2, where ? where : "{}", -1, SQLITE_STATIC);
    sqlite3_bind_text(ask, 3, by, -1, SQLITE_STATIC);
    while (!status && (result = sqlite3_step(ask)) == SQLITE_ROW) status = add(ask, kinds, error);
  }
  if (!status && result != SQLITE_DONE)
    status = iscc_fail(error, ISCC_EIO, "%s: %s", sqlite3_db_filename(db, "main"), sqlite3_errmsg(db));
  sqlite3_finalize(ask);
  if (status) iscc_metric_kinds_free(kinds);
  return status;
}

iscc_metric_kind iscc_metric_kinds_of(const iscc_metric_kinds *kinds, const char *program) {
  for (size_t i = 0; i < kinds->programs; i++)
    if (strcmp(kinds->program[i].program, program) == 0) return kinds->program[i].kind;
  return ISCC_METRIC_OTHER;
}

void iscc_metric_kinds_free(iscc_metric_kinds *kinds) {
  for (size_t i = 0; i < kinds->programs; i++) free(kinds->program[i].program);
  free(kinds->program);
  memset(kinds, 0, sizeof *kinds);
}
