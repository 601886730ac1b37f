/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-run-twin.h"

#include <stdbool.h>
#include <stddef.h>

#include "iscc-run-copy.h"
#include "iscc-run-tables.h"

struct iscc_run_twin {
  sqlite3 *db;
  sqlite3_stmt *like, *add, *equal[ISCC_RUN_TABLES];
};

/* Whether the rows ?1 of the shard and ?2 of this database have in a table are equal. */
static int prepare_equal(sqlite3 *db, const char *table, sqlite3_stmt **out) {
  sqlite3_stmt *ask = NULL;
  int result = sqlite3_prepare_v2(
      db,
      "SELECT group_concat('\"' || name || '\"') FROM pragma_table_info(?, 'main') WHERE name <> 'run_id'",
      -1, &ask, NULL);
  if (result == SQLITE_OK) result = sqlite3_bind_text(ask, 1, table, -1, SQLITE_STATIC);
  if (result == SQLITE_OK && (result = sqlite3_step(ask)) == SQLITE_ROW) {
    const char *columns = (const char *)sqlite3_column_text(ask, 0);
    char *sql = sqlite3_mprintf("SELECT (SELECT count(*) FROM shard.%s WHERE run_id = ?1) ="
                                " (SELECT count(*) FROM main.%s WHERE run_id = ?2) AND NOT EXISTS"
                                " (SELECT %s FROM shard.%s WHERE run_id = ?1"
                                " EXCEPT SELECT %s FROM main.%s WHERE run_id = ?2)",
                                table, table, columns, table, columns, table);
    result = sql ? sqlite3_prepare_v2(db, sql, -1, out, NULL) : SQLITE_NOMEM;
    sqlite3_free(sql);
  }
  sqlite3_finalize(ask);
  return result;
}

/* Runs by when they began, so that few are compared as a whole. */
static int index_runs(sqlite3 *db) {
  return iscc_run_copy_sql(db, "DROP TABLE IF EXISTS temp.run_begun;"
                               "CREATE TEMP TABLE run_begun (started_wall TEXT, run_id INTEGER,"
                               " PRIMARY KEY (started_wall, run_id)) WITHOUT ROWID;"
                               "INSERT INTO run_begun SELECT started_wall, run_id FROM main.run");
}

int iscc_run_twin_open(sqlite3 *db, iscc_run_twin **out) {
  iscc_run_twin *t = sqlite3_malloc64(sizeof *t);
  *out = NULL;
  if (!t) return SQLITE_NOMEM;
  *t = (iscc_run_twin){.db = db};
  int result = index_runs(db);
  if (result == SQLITE_OK)
    result = sqlite3_prepare_v2(db,
                                "SELECT b.run_id FROM shard.run s JOIN temp.run_begun b USING (started_wall)"
                                " WHERE s.run_id = ? ORDER BY 1",
                                -1, &t->like, NULL);
  if (result == SQLITE_OK)
    result = sqlite3_prepare_v2(
        db, "INSERT INTO temp.run_begun SELECT started_wall, run_id FROM main.run WHERE run_id = ?", -1,
        &t->add, NULL);
  for (int i = 0; result == SQLITE_OK && i < ISCC_RUN_TABLES; i++)
    result = prepare_equal(db, iscc_run_table[i], &t->equal[i]);
  if (result == SQLITE_OK)
    *out = t;
  else
    iscc_run_twin_close(t);
  return result;
}

static int compare(iscc_run_twin *t, int64_t theirs, int64_t ours, bool *equal) {
  int result = SQLITE_OK;
  *equal = true;
  for (int i = 0; result == SQLITE_OK && *equal && i < ISCC_RUN_TABLES; i++) {
    sqlite3_bind_int64(t->equal[i], 1, theirs);
    sqlite3_bind_int64(t->equal[i], 2, ours);
    result = sqlite3_step(t->equal[i]);
    *equal = result == SQLITE_ROW && sqlite3_column_int(t->equal[i], 0);
    if (result == SQLITE_ROW) result = SQLITE_OK;
    sqlite3_reset(t->equal[i]);
  }
  return result;
}

int iscc_run_twin_find(iscc_run_twin *t, int64_t run_id, int64_t *twin) {
  int result = sqlite3_bind_int64(t->like, 1, run_id);
  bool equal = false;
  *twin = 0;
  while (result == SQLITE_OK && !equal && (result = sqlite3_step(t->like)) == SQLITE_ROW) {
    const int64_t ours = sqlite3_column_int64(t->like, 0);
    result = compare(t, run_id, ours, &equal);
    if (equal) *twin = ours;
  }
  sqlite3_reset(t->like);
  return result == SQLITE_DONE ? SQLITE_OK : result;
}

int iscc_run_twin_add(iscc_run_twin *t, int64_t run_id) {
  int result = sqlite3_bind_int64(t->add, 1, run_id);
  if (result == SQLITE_OK) result = sqlite3_step(t->add);
  sqlite3_reset(t->add);
  return result == SQLITE_DONE ? SQLITE_OK : result;
}

void iscc_run_twin_close(iscc_run_twin *t) {
  if (!t) return;
  sqlite3_finalize(t->like);
  sqlite3_finalize(t->add);
  for (int i = 0; i < ISCC_RUN_TABLES; i++) sqlite3_finalize(t->equal[i]);
  iscc_run_copy_sql(t->db, "DROP TABLE IF EXISTS temp.run_begun");
  sqlite3_free(t);
}
