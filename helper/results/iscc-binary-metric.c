/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-binary-metric.h"

#include <stddef.h>

#include "iscc-metric-unit.h"

static const char values[] =
    "SELECT min(value IN (0, 1)), count(DISTINCT value) FROM metric JOIN execution USING (execution_id)"
    " WHERE outcome = 'done' AND name = ?1 AND (?2 IS NULL OR program = ?2)";

iscc_status iscc_metric_kind_read(sqlite3 *db, const char *metric, const char *program,
                                  iscc_metric_kind *kind, iscc_error *error) {
  sqlite3_stmt *ask = NULL;
  *kind = ISCC_METRIC_OTHER;
  if (iscc_metric_unit_of(metric)) return ISCC_OK;
  int result = sqlite3_prepare_v2(db, values, -1, &ask, NULL);
  if (!result) {
    sqlite3_bind_text(ask, 1, metric, -1, SQLITE_STATIC);
    sqlite3_bind_text(ask, 2, program, -1, SQLITE_STATIC);
    result = sqlite3_step(ask);
  }
  if (result == SQLITE_ROW && sqlite3_column_int(ask, 0))
    *kind = sqlite3_column_int(ask, 1) == 2 ? ISCC_METRIC_BINARY : ISCC_METRIC_ALL_EQUAL;
  sqlite3_finalize(ask);
  if (result == SQLITE_ROW) return ISCC_OK;
  return iscc_fail(error, ISCC_EIO, "%s: %s", sqlite3_db_filename(db, "main"), sqlite3_errmsg(db));
}
