/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-upgrade.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "iscc-schema.h"
#include "iscc-tally.h"

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

/* Runs on db what a query yields of a table or view as schema.sql has it. */
static int make_by(sqlite3 *db, const char *query, const char *name) {
  sqlite3 *schema = NULL;
  int result = sqlite3_open(":memory:", &schema);
  if (result == SQLITE_OK) result = run(schema, iscc_schema_sql);
  if (result == SQLITE_OK) result = run_what_is_found(db, schema, query, name);
  sqlite3_close(schema);
  return result;
}

static int make(sqlite3 *db, const char *name) {
  return make_by(db, "SELECT sql FROM sqlite_schema WHERE name = ?", name);
}

static int make_temporary(sqlite3 *db, const char *name) {
  return make_by(
      db, "SELECT replace(sql, 'CREATE TABLE', 'CREATE TEMP TABLE') FROM sqlite_schema WHERE name = ?", name);
}

static int run_with(sqlite3 *db, const char *format, const char *table) {
  char *sql = sqlite3_mprintf(format, table);
  const int result = sql ? run(db, sql) : SQLITE_NOMEM;
  sqlite3_free(sql);
  return result;
}

/* A CHECK cannot be altered, and a column that is added comes without its comment: rows move to a table as
 * schema.sql has it, and with them its indexes and what a user has added to the old one. */
static int renew(sqlite3 *db, const char *table) {
  int result = run_with(db,
                        "CREATE TEMP TABLE added AS SELECT sql FROM main.sqlite_schema WHERE tbl_name = %Q "
                        "AND type IN ('index', 'trigger') AND sql IS NOT NULL",
                        table);
  if (result == SQLITE_OK) result = run_with(db, "ALTER TABLE %s RENAME TO before", table);
  if (result == SQLITE_OK) result = make(db, table);
  if (result == SQLITE_OK)
    result = run_with(db, "INSERT INTO %s SELECT * FROM before; DROP TABLE before", table);
  if (result == SQLITE_OK) result = run_what_is_found(db, db, "SELECT sql FROM added WHERE ?", "1");
  return result == SQLITE_OK ? run(db, "DROP TABLE added") : result;
}

static int upgrade_to_4(sqlite3 *db, int version) {
  int result = run(db, "DROP VIEW IF EXISTS task_plan; DROP VIEW IF EXISTS battery_audit");
  if (result == SQLITE_OK && version < 2)
    result = run(db, "ALTER TABLE decision ADD COLUMN transfer_factor REAL NOT NULL DEFAULT 1");
  if (result == SQLITE_OK) result = run(db, "ALTER TABLE decision ADD COLUMN true_snr_per_w REAL");
  if (result == SQLITE_OK && version < 3) result = make(db, "battery");
  if (result == SQLITE_OK) result = make(db, "task_plan");
  return result == SQLITE_OK ? make(db, "battery_audit") : result;
}

static int upgrade_to_5(sqlite3 *db) {
  static const char *const made[] = {"execution", "execution_run", "execution_arguments", "execution_once",
                                     "metric"};
  int result = SQLITE_OK;
  for (size_t i = 0; result == SQLITE_OK && i < sizeof made / sizeof *made; i++) result = make(db, made[i]);
  return result;
}

static int make_missing(sqlite3 *db, const char *name) {
  sqlite3_stmt *ask = NULL;
  int result = sqlite3_prepare_v2(db, "SELECT 1 FROM sqlite_schema WHERE name = ?", -1, &ask, NULL);
  if (result == SQLITE_OK) result = sqlite3_bind_text(ask, 1, name, -1, SQLITE_STATIC);
  if (result == SQLITE_OK) result = sqlite3_step(ask);
  sqlite3_finalize(ask);
  if (result == SQLITE_ROW) return SQLITE_OK;
  return result == SQLITE_DONE ? make(db, name) : result;
}

/* And run_summary, which reads it since. */
static int make_tally(sqlite3 *db) {
  static const char *const made[] = {"tally", "choice", "node_scheme"};
  int result = SQLITE_OK;
  for (size_t i = 0; result == SQLITE_OK && i < sizeof made / sizeof *made; i++)
    result = make_missing(db, made[i]);
  if (result == SQLITE_OK) result = iscc_tally_add_missing(db);
  if (result == SQLITE_OK) result = run(db, "DROP VIEW IF EXISTS run_summary");
  return result == SQLITE_OK ? make(db, "run_summary") : result;
}

static int upgrade_to_7(sqlite3 *db, int version) {
  const bool lacks =
      sqlite3_table_column_metadata(db, "main", "decision", "iterations", NULL, NULL, NULL, NULL, NULL);
  int result = lacks ? run(db, "ALTER TABLE decision ADD COLUMN iterations INTEGER") : SQLITE_OK;
  if (result == SQLITE_OK) result = renew(db, "decision");
  if (result == SQLITE_OK && version < 6) result = make(db, "stream");
  if (result == SQLITE_OK) result = make_tally(db);
  if (version < 5) return result;
  if (result == SQLITE_OK && version < 6)
    result = run(db, "ALTER TABLE execution ADD COLUMN iscc_commit TEXT");
  if (result == SQLITE_OK) result = run(db, "ALTER TABLE execution ADD COLUMN processor_wall TEXT");
  if (result == SQLITE_OK) result = renew(db, "execution");
  return result == SQLITE_OK ? make_missing(db, "execution_run") : result;
}

/* A view of the user's that has the name of one stays. */
static int make_views(sqlite3 *db) {
  static const char *const view[] = {"t_quantile", "v_node",     "v_choice",  "v_result", "v_run",
                                     "v_task",     "v_decision", "v_battery", "v_point",  "v_pair",
                                     "v_energy",   "v_latency",  "v_miss",    "v_solver", "v_plan"};
  int result = SQLITE_OK;
  for (size_t i = 0; result == SQLITE_OK && i < sizeof view / sizeof *view; i++)
    result = make_missing(db, view[i]);
  return result;
}

/* Tables are made as schema.sql has them now, with columns of later versions. A user's views go on naming the new tables,
 * and may name those that are made anew. */
int iscc_upgrade(sqlite3 *db, int version) {
  int result = run(db, "PRAGMA legacy_alter_table = ON");
  if (result == SQLITE_OK && version < 4) result = upgrade_to_4(db, version);
  if (result == SQLITE_OK && version < 5) result = upgrade_to_5(db);
  if (result == SQLITE_OK) result = upgrade_to_7(db, version);
  if (result == SQLITE_OK) result = make_views(db);
  if (result == SQLITE_OK) result = run(db, "PRAGMA legacy_alter_table = OFF");
  return result == SQLITE_OK ? run(db, "PRAGMA user_version = 7") : result;
}

int iscc_upgrade_to_read(sqlite3 *db, int version) {
  int result = version < 6 ? make_temporary(db, "stream") : SQLITE_OK;
  if (result == SQLITE_OK && version < 5) result = make_temporary(db, "execution");
  if (result == SQLITE_OK && version < 5) result = make_temporary(db, "metric");
  return result;
}

/* Columns that came later, as an upgrade would fill them. */
static int make_columns_to_read(sqlite3 *db, int version) {
  static const struct {
    int since;
    const char *sql;
  } lacking[] = {
      {2, "CREATE TEMP VIEW decision AS SELECT *, 1.0 AS transfer_factor, NULL AS true_snr_per_w,"
          " NULL AS iterations FROM main.decision"},
      {4, "CREATE TEMP VIEW IF NOT EXISTS decision AS SELECT *, NULL AS true_snr_per_w, NULL AS iterations"
          " FROM main.decision"},
      {7, "CREATE TEMP VIEW IF NOT EXISTS decision AS SELECT *, NULL AS iterations FROM main.decision"},
      {6, "CREATE TEMP VIEW IF NOT EXISTS execution AS SELECT *, NULL AS iscc_commit, NULL AS processor_wall"
          " FROM main.execution"},
      {7,
       "CREATE TEMP VIEW IF NOT EXISTS execution AS SELECT *, NULL AS processor_wall FROM main.execution"}};
  int result = SQLITE_OK;
  for (size_t i = 0; result == SQLITE_OK && i < sizeof lacking / sizeof *lacking; i++)
    if (version < lacking[i].since) result = run(db, lacking[i].sql);
  return result;
}

/* All views of schema.sql, as ones of the connection. */
static int make_views_to_read(sqlite3 *db) {
  sqlite3 *schema = NULL;
  int result = sqlite3_open(":memory:", &schema);
  if (result == SQLITE_OK) result = run(schema, iscc_schema_sql);
  if (result == SQLITE_OK)
    result = run_what_is_found(db, schema,
                               "SELECT replace(sql, 'CREATE VIEW', 'CREATE TEMP VIEW') FROM sqlite_schema"
                               " WHERE type = ? ORDER BY rowid",
                               "view");
  sqlite3_close(schema);
  return result;
}

int iscc_upgrade_to_ask(sqlite3 *db, int version) {
  int result = make_columns_to_read(db, version);
  if (result == SQLITE_OK && version < 3) result = make_temporary(db, "battery");
  if (result == SQLITE_OK && version < 7) result = make_temporary(db, "tally");
  if (result == SQLITE_OK && version < 7) result = make_temporary(db, "choice");
  if (result == SQLITE_OK && version < 7) result = iscc_tally_add_missing(db);
  return result == SQLITE_OK ? make_views_to_read(db) : result;
}
