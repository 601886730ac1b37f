/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-model-check.h"

#include <stddef.h>

/* ?1 program, ?2 arguments, ?3 the run; "" stands for no argument and for no model. */
#define NEW_RUN                                                                                              \
  "WITH new AS (SELECT coalesce(json_extract(?2, '$.model'), '') AS model,"                                  \
  " coalesce(model_sha256, '') AS sha256 FROM main.run WHERE run_id = ?3) "

static const char make_known[] = "CREATE TEMP TABLE IF NOT EXISTS model_known"
                                 " (program, model, sha256, PRIMARY KEY (program, model, sha256))";

static const char remember[] =
    NEW_RUN "INSERT OR IGNORE INTO temp.model_known SELECT ?1, model, sha256 FROM new";

static const char count_others[] =
    NEW_RUN "SELECT iif(EXISTS (SELECT * FROM temp.model_known k"
            "  WHERE k.program = ?1 AND k.model = new.model AND k.sha256 = new.sha256), 0,"
            " (SELECT count(*) FROM execution e JOIN main.run r USING (run_id) WHERE e.program = ?1"
            "  AND e.outcome = 'done' AND coalesce(json_extract(e.arguments, '$.model'), '') = new.model"
            "  AND coalesce(r.model_sha256, '') <> new.sha256)),"
            " iif(model = '', 'the default model', 'model ' || model), sha256 FROM new";

/* Prepares and steps once: SQLITE_ROW, SQLITE_DONE or what went wrong. Finalize the statement in any case. */
static int begin(sqlite3 *db, const char *sql, const char *program, const char *arguments, int64_t run_id,
                 sqlite3_stmt **out) {
  int result = sqlite3_prepare_v2(db, sql, -1, out, NULL);
  if (!result) result = sqlite3_bind_text(*out, 1, program, -1, SQLITE_STATIC);
  if (!result) result = sqlite3_bind_text(*out, 2, arguments, -1, SQLITE_STATIC);
  if (!result) result = sqlite3_bind_int64(*out, 3, run_id);
  return result ? result : sqlite3_step(*out);
}

static iscc_status say(sqlite3 *db, iscc_error *error) {
  return iscc_fail(error, ISCC_EIO, "%s: %s", sqlite3_db_filename(db, "main"), sqlite3_errmsg(db));
}

int iscc_model_check_prepare(sqlite3 *db) {
  return sqlite3_exec(db, make_known, NULL, NULL, NULL);
}

iscc_status iscc_model_check(sqlite3 *db, const char *program, const char *arguments, int64_t run_id,
                             iscc_error *error) {
  sqlite3_stmt *others = NULL, *known = NULL;
  iscc_status status = ISCC_OK;
  if (begin(db, count_others, program, arguments, run_id, &others) != SQLITE_ROW)
    status = say(db, error);
  else if (sqlite3_column_int64(others, 0) > 0)
    status =
        iscc_fail(error, ISCC_EINVAL,
                  "%s holds %lld results of %s with another file of %s (now its SHA-256 begins with "
                  "%.12s): name a new database, or mix them with --mix-programs",
                  sqlite3_db_filename(db, "main"), (long long)sqlite3_column_int64(others, 0), program,
                  (const char *)sqlite3_column_text(others, 1), (const char *)sqlite3_column_text(others, 2));
  else if (begin(db, remember, program, arguments, run_id, &known) != SQLITE_DONE)
    status = say(db, error);
  sqlite3_finalize(others);
  sqlite3_finalize(known);
  return status;
}
