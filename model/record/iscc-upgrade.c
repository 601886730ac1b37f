/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-upgrade.h"

#include <stddef.h>

#include "iscc-schema.h"

static int run(sqlite3 *db, const char *sql) {
  return sqlite3_exec(db, sql, NULL, NULL, NULL);
}

/* Makes a table or view as schema.sql has it. */
static int make(sqlite3 *db, const char *name) {
  sqlite3 *schema = NULL;
  sqlite3_stmt *statement = NULL;
  int result = sqlite3_open(":memory:", &schema);
  if (result == SQLITE_OK) result = run(schema, iscc_schema_sql);
  if (result == SQLITE_OK)
    result = sqlite3_prepare_v2(schema, "SELECT sql FROM sqlite_schema WHERE name = ?", -1, &statement, NULL);
  if (result == SQLITE_OK) result = sqlite3_bind_text(statement, 1, name, -1, SQLITE_STATIC);
  if (result == SQLITE_OK) {
    result = sqlite3_step(statement);
    if (result == SQLITE_ROW) result = run(db, (const char *)sqlite3_column_text(statement, 0));
  }
  sqlite3_finalize(statement);
  sqlite3_close(schema);
  return result;
}

/* A CHECK cannot be altered: decisions move to a table with the new one. */
static int allow_turns_after_stages(sqlite3 *db) {
  int result = run(db, "DROP VIEW task_plan; ALTER TABLE decision RENAME TO decision_before");
  if (result == SQLITE_OK) result = make(db, "decision");
  if (result == SQLITE_OK)
    result = run(db, "INSERT INTO decision SELECT * FROM decision_before; DROP TABLE decision_before");
  return result == SQLITE_OK ? make(db, "task_plan") : result;
}

int iscc_upgrade(sqlite3 *db, int version) {
  int result = SQLITE_OK;
  if (version < 2)
    result = run(db, "ALTER TABLE decision ADD COLUMN transfer_factor REAL NOT NULL DEFAULT 1");
  if (result == SQLITE_OK && version < 3) result = allow_turns_after_stages(db);
  if (result == SQLITE_OK && version < 3) result = make(db, "battery");
  if (result == SQLITE_OK && version < 3) result = make(db, "battery_audit");
  return result == SQLITE_OK ? run(db, "PRAGMA user_version = 3") : result;
}
