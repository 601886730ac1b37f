/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-mixed-results.h"

#include <sqlite3.h>
#include <stddef.h>

#include "iscc-database.h"

static const char count_most[] =
    "SELECT (SELECT max(n) FROM (SELECT count(DISTINCT program_sha256) AS n FROM execution"
    "  WHERE outcome = 'done' GROUP BY program)),"
    " (SELECT max(n) FROM (SELECT count(DISTINCT coalesce(r.model_sha256, '')) AS n"
    "  FROM execution e JOIN run r USING (run_id) WHERE e.outcome = 'done'"
    "  GROUP BY e.program, coalesce(json_extract(e.arguments, '$.model'), '')))";

iscc_status iscc_mixed_results_read(const char *database, iscc_mixed_results *out, iscc_error *error) {
  sqlite3 *db;
  sqlite3_stmt *ask = NULL;
  iscc_status status = iscc_database_open_read(database, &db, error);
  if (status) return status;
  if (sqlite3_prepare_v2(db, count_most, -1, &ask, NULL) || sqlite3_step(ask) != SQLITE_ROW)
    status = iscc_fail(error, ISCC_EIO, "%s: %s", database, sqlite3_errmsg(db));
  else
    *out = (iscc_mixed_results){sqlite3_column_int64(ask, 0), sqlite3_column_int64(ask, 1)};
  sqlite3_finalize(ask);
  sqlite3_close(db);
  return status;
}
