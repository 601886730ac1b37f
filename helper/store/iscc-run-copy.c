/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-run-copy.h"

#include <stddef.h>
#include <string.h>

#include "iscc-database.h"
#include "iscc-run-tables.h"

int iscc_run_copy_sql(sqlite3 *db, const char *sql) {
  return sqlite3_exec(db, sql, NULL, NULL, NULL);
}

int iscc_run_copy_ask(sqlite3 *db, const char *sql, int64_t fallback, int64_t *value) {
  sqlite3_stmt *ask = NULL;
  int result = sqlite3_prepare_v2(db, sql, -1, &ask, NULL);
  *value = fallback;
  if (!result) result = sqlite3_step(ask);
  if (result == SQLITE_ROW) *value = sqlite3_column_int64(ask, 0);
  sqlite3_finalize(ask);
  return result == SQLITE_ROW || result == SQLITE_DONE ? SQLITE_OK : result;
}

static int attach(sqlite3 *db, const char *before, const char *name) {
  char *path = sqlite3_mprintf("%s%s", before, name), *sql = sqlite3_mprintf("ATTACH %Q AS shard", path);
  const int result = path && sql ? iscc_run_copy_sql(db, sql) : SQLITE_NOMEM;
  sqlite3_free(sql);
  sqlite3_free(path);
  return result;
}

int iscc_run_copy_attach(sqlite3 *db, const char *shard) {
  return attach(db, strncmp(shard, "file:", 5) == 0 ? "./" : "", shard); /* no URI */
}

int iscc_run_copy_attach_still(sqlite3 *db, const char *shard) {
  char *name = iscc_database_still_name(shard);
  const int result = name ? attach(db, "", name) : SQLITE_NOMEM;
  sqlite3_free(name);
  return result;
}

void iscc_run_copy_detach(sqlite3 *db) {
  iscc_run_copy_sql(db, "DETACH shard");
}

int iscc_run_copy_rows(sqlite3 *db, const char *table, const char *column, int64_t from, int64_t to) {
  sqlite3_stmt *columns = NULL;
  int result = sqlite3_prepare_v2(
      db,
      "SELECT group_concat('\"' || name || '\"') FROM pragma_table_info(?1, 'main') WHERE name <> ?2"
      " AND (?1 <> 'execution' OR name <> 'run_id')",
      -1, &columns, NULL);
  if (result) return result;
  sqlite3_bind_text(columns, 1, table, -1, SQLITE_STATIC);
  sqlite3_bind_text(columns, 2, column, -1, SQLITE_STATIC);
  char *sql = NULL;
  if (sqlite3_step(columns) == SQLITE_ROW) {
    const char *list = (const char *)sqlite3_column_text(columns, 0);
    sql = sqlite3_mprintf("INSERT INTO main.%s (%s, %s) SELECT %lld, %s FROM shard.%s WHERE %s = %lld", table,
                          column, list, (long long)to, list, table, column, (long long)from);
  }
  sqlite3_finalize(columns);
  result = sql ? iscc_run_copy_sql(db, sql) : SQLITE_ERROR;
  sqlite3_free(sql);
  return result;
}

int iscc_run_copy(sqlite3 *db, int64_t from, int64_t *run_id) {
  int result = iscc_run_copy_ask(db, "SELECT max(run_id) + 1 FROM main.run", 0, run_id);
  if (*run_id == 0) *run_id = 1; /* the first: max() of nothing is NULL */
  if (!result && from == 0) result = iscc_run_copy_ask(db, "SELECT run_id FROM shard.run", 0, &from);
  for (int i = 0; !result && i < ISCC_RUN_TABLES; i++)
    result = iscc_run_copy_rows(db, iscc_run_table[i], "run_id", from, *run_id);
  return result;
}
