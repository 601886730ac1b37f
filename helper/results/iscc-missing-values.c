/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-missing-values.h"

#include <jansson.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

#include "iscc-database.h"

/* ?1 program, ?2 list of names. */
static const char lacking[] =
    "WITH run AS (SELECT execution_id, arguments FROM execution WHERE program = ?1 AND outcome = 'done'),"
    " had AS (SELECT arguments, name, count(*) AS n FROM run JOIN metric USING (execution_id) GROUP BY 1, 2),"
    " point AS (SELECT arguments, count(*) AS n FROM run GROUP BY 1),"
    " wanted AS (SELECT arguments, name FROM had UNION SELECT arguments, value FROM point, json_each(?2))"
    " SELECT name, sum(point.n - coalesce(had.n, 0)), sum(point.n) FROM wanted JOIN point USING (arguments)"
    " LEFT JOIN had USING (arguments, name) GROUP BY name HAVING sum(point.n - coalesce(had.n, 0)) > 0"
    " ORDER BY name";

static char *list_of(const char *const *named, size_t count) {
  json_t *list = json_array();
  for (size_t i = 0; i < count; i++) json_array_append_new(list, json_string(named[i]));
  char *text = json_dumps(list, JSON_COMPACT);
  json_decref(list);
  return text;
}

iscc_status iscc_missing_values_read(const char *database, const char *program, const char *const *named,
                                     size_t count, iscc_missing_values *out, iscc_error *error) {
  sqlite3 *db;
  sqlite3_stmt *ask = NULL;
  memset(out, 0, sizeof *out);
  char *list = list_of(named, count);
  if (!list) return iscc_fail(error, ISCC_ENOMEM, "out of memory");
  iscc_status status = iscc_database_open_read(database, &db, error);
  if (status) {
    free(list);
    return status;
  }
  int result = sqlite3_prepare_v2(db, lacking, -1, &ask, NULL);
  if (!result) result = sqlite3_bind_text(ask, 1, program, -1, SQLITE_STATIC);
  if (!result) result = sqlite3_bind_text(ask, 2, list, -1, SQLITE_STATIC);
  while (!result && out->count < ISCC_MISSING_VALUES_MAX && sqlite3_step(ask) == SQLITE_ROW) {
    iscc_missing_value *m = &out->metric[out->count++];
    snprintf(m->name, sizeof m->name, "%s", (const char *)sqlite3_column_text(ask, 0));
    m->without = sqlite3_column_int64(ask, 1);
    m->done = sqlite3_column_int64(ask, 2);
  }
  if (sqlite3_finalize(ask) || result)
    status = iscc_fail(error, ISCC_EIO, "%s: %s", database, sqlite3_errmsg(db));
  sqlite3_close(db);
  free(list);
  return status;
}

void iscc_missing_values_print(const iscc_missing_values *missing, FILE *out) {
  for (size_t i = 0; i < missing->count; i++) {
    const iscc_missing_value *m = &missing->metric[i];
    fprintf(out, "%s: %lld of %lld runs that are done are without a value of it; they are in no mean\n",
            m->name, (long long)m->without, (long long)m->done);
  }
}
