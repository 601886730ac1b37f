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

/* A CHECK cannot be altered, and a column that is added comes without its comment: decisions move to a table as
 * schema.sql has it. */
static int renew_decisions(sqlite3 *db) {
  int result = run(db, "ALTER TABLE decision RENAME TO decision_before");
  if (result == SQLITE_OK) result = make(db, "decision");
  if (result == SQLITE_OK)
    result = run(db, "INSERT INTO decision SELECT * FROM decision_before; DROP TABLE decision_before");
  return result;
}

int iscc_upgrade(sqlite3 *db, int version) {
  /* views are made anew: SQLite would have them follow the table that is renamed */
  int result = run(db, "DROP VIEW IF EXISTS task_plan; DROP VIEW IF EXISTS battery_audit");
  if (result == SQLITE_OK && version < 2)
    result = run(db, "ALTER TABLE decision ADD COLUMN transfer_factor REAL NOT NULL DEFAULT 1");
  if (result == SQLITE_OK) result = run(db, "ALTER TABLE decision ADD COLUMN true_snr_per_w REAL");
  if (result == SQLITE_OK) result = renew_decisions(db);
  if (result == SQLITE_OK && version < 3) result = make(db, "battery");
  if (result == SQLITE_OK) result = make(db, "task_plan");
  if (result == SQLITE_OK) result = make(db, "battery_audit");
  return result == SQLITE_OK ? run(db, "PRAGMA user_version = 4") : result;
}
