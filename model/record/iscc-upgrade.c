/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-upgrade.h"

#include <stddef.h>
#include <stdio.h>

#include "iscc-schema.h"

static int run(sqlite3 *db, const char *sql) {
  return sqlite3_exec(db, sql, NULL, NULL, NULL);
}

/* Runs on db what a query of `from` about a name yields, if anything. */
static int run_what_is_found(sqlite3 *db, sqlite3 *from, const char *query, const char *name) {
  sqlite3_stmt *statement = NULL;
  int result = sqlite3_prepare_v2(from, query, -1, &statement, NULL);
  if (result == SQLITE_OK) result = sqlite3_bind_text(statement, 1, name, -1, SQLITE_STATIC);
  while (result == SQLITE_OK && (result = sqlite3_step(statement)) == SQLITE_ROW)
    result = run(db, (const char *)sqlite3_column_text(statement, 0));
  sqlite3_finalize(statement);
  return result == SQLITE_DONE ? SQLITE_OK : result;
}

/* Makes a table or view as schema.sql has it. */
static int make(sqlite3 *db, const char *name) {
  sqlite3 *schema = NULL;
  int result = sqlite3_open(":memory:", &schema);
  if (result == SQLITE_OK) result = run(schema, iscc_schema_sql);
  if (result == SQLITE_OK)
    result = run_what_is_found(db, schema, "SELECT sql FROM sqlite_schema WHERE name = ?", name);
  sqlite3_close(schema);
  return result;
}

/* A CHECK cannot be altered, and a column that is added comes without its comment: decisions move to a table as
 * schema.sql has it, and with it what a user has added to the old one. */
static int renew_decisions(sqlite3 *db) {
  int result =
      run(db, "CREATE TEMP TABLE added AS SELECT sql FROM main.sqlite_schema WHERE tbl_name = 'decision' "
              "AND type IN ('index', 'trigger') AND sql IS NOT NULL; "
              "ALTER TABLE decision RENAME TO decision_before");
  if (result == SQLITE_OK) result = make(db, "decision");
  if (result == SQLITE_OK)
    result = run(db, "INSERT INTO decision SELECT * FROM decision_before; DROP TABLE decision_before");
  if (result == SQLITE_OK) result = run_what_is_found(db, db, "SELECT sql FROM added WHERE ?", "1");
  return result == SQLITE_OK ? run(db, "DROP TABLE added") : result;
}

/* A user's views go on naming the new table, and may name those that are made anew. */
static int upgrade_to_4(sqlite3 *db, int version) {
  int result = run(db, "PRAGMA legacy_alter_table = ON; "
                       "DROP VIEW IF EXISTS task_plan; DROP VIEW IF EXISTS battery_audit");
  if (result == SQLITE_OK && version < 2)
    result = run(db, "ALTER TABLE decision ADD COLUMN transfer_factor REAL NOT NULL DEFAULT 1");
  if (result == SQLITE_OK) result = run(db, "ALTER TABLE decision ADD COLUMN true_snr_per_w REAL");
  if (result == SQLITE_OK) result = renew_decisions(db);
  if (result == SQLITE_OK && version < 3) result = make(db, "battery");
  if (result == SQLITE_OK) result = make(db, "task_plan");
  if (result == SQLITE_OK) result = make(db, "battery_audit");
  return result == SQLITE_OK ? run(db, "PRAGMA legacy_alter_table = OFF") : result;
}

int iscc_upgrade(sqlite3 *db, int version) {
  static const char *const of_5[] = {"execution", "execution_arguments", "execution_once", "metric"};
  int result = version < 4 ? upgrade_to_4(db, version) : SQLITE_OK;
  for (size_t i = 0; result == SQLITE_OK && i < sizeof of_5 / sizeof *of_5; i++) result = make(db, of_5[i]);
  return result == SQLITE_OK ? run(db, "PRAGMA user_version = 5") : result;
}
