/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-exchange-scene.h"

#include <check.h>
#include <sqlite3.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "iscc-run-program.h"
#include "iscc-test-files.h"
#include "iscc-test-results.h"

#define EXECUTION(number, run, outcome, recorded)                                                            \
  "INSERT INTO execution VALUES (" #number                                                                   \
  ", 'p', 'ab', '{\"model\":\"/home/someone/m.st\",\"a\":\"1\"}', 7, " #run ", 'fixed', '" outcome           \
  "', 0, NULL, " recorded ", 'said at /home/someone', '0.1', 'machine.example.org', "                        \
  "'2026-01-02T03:04:05Z', 0.1, 0.30000000000000004,"                                                        \
  " NULL, 'c', NULL);"

static void run_sql(const char *database, const char *sql) {
  sqlite3 *db;
  char *why = NULL;
  ck_assert_int_eq(sqlite3_open(iscc_test_path(database), &db), SQLITE_OK);
  ck_assert_msg(sqlite3_exec(db, sql, NULL, NULL, &why) == SQLITE_OK, "%s: %s", sql, why ? why : "");
  sqlite3_close(db);
}

void iscc_exchange_begin(void) {
  char command[256];
  iscc_run_begin();
  iscc_results_begin();
  iscc_results_must_record(0, 3);
  iscc_results_must_record(0, 2);
  snprintf(command, sizeof command, "cp %s a.db", iscc_results_path);
  iscc_run_well(command);
  run_sql("a.db", EXECUTION(1, 2, "failed", "NULL") EXECUTION(
                      2, 1, "done", "2") "INSERT INTO metric VALUES (2, 'energy_per_task_j', 0.1);");
}

void iscc_exchange_end(void) {
  iscc_results_end();
  iscc_run_end();
}

void iscc_exchange_add_hostile(const char *database) {
  run_sql(database, "UPDATE run SET program = '=1+1' WHERE run_id = 1;"
                    "UPDATE run SET program = 'a\"b,c' || char(13, 10) || 'd ', ns3_version = '', model_path "
                    "= '''quoted''' WHERE run_id = 2;"
                    "UPDATE execution SET stderr = 'x' || char(0) || 'y' || CAST(x'ff0022c3' AS TEXT), host "
                    "= '@SUM(A1)' WHERE execution_id = 1;"
                    "UPDATE execution SET stderr = '\xc3\xa4\xe2\x82\xac' || char(127, 10), host = '-2' "
                    "WHERE execution_id = 2;"
                    "UPDATE node SET x_m = 9e999, y_m = -9e999, z_m = 5e-324 WHERE run_id = 1;"
                    "UPDATE metric SET value = 1.7976931348623157e308");
}

/* Each row as text beside what it belongs to; schema: of the database that is attached, or main. */
static char *rows_sql(const char *schema, const char *table, const char *columns) {
  static const char of_run[] =
      "(SELECT group_concat(task_no || outcome) FROM %s.task k WHERE k.run_id = t.run_id)",
                    of_execution[] =
                        "(SELECT arguments || run FROM %s.execution o WHERE o.execution_id = t.execution_id)";
  char *owner = sqlite3_mprintf(strcmp(table, "metric") == 0 ? of_execution : of_run, schema);
  char *sql =
      sqlite3_mprintf("SELECT %s, %s, count(*) FROM %s.%s t GROUP BY 1, 2", columns, owner, schema, table);
  sqlite3_free(owner);
  return sql;
}

static bool is_within(sqlite3 *db, const char *table, const char *columns, const char *a, const char *b) {
  sqlite3_stmt *ask;
  char *ours = rows_sql(a, table, columns), *theirs = rows_sql(b, table, columns);
  char *sql = sqlite3_mprintf("%s EXCEPT %s", ours, theirs);
  ck_assert_msg(sqlite3_prepare_v2(db, sql, -1, &ask, NULL) == SQLITE_OK, "%s", sqlite3_errmsg(db));
  const int result = sqlite3_step(ask);
  ck_assert_msg(result == SQLITE_DONE || result == SQLITE_ROW, "%s", sqlite3_errmsg(db));
  sqlite3_finalize(ask);
  sqlite3_free(sql);
  sqlite3_free(ours);
  sqlite3_free(theirs);
  return result == SQLITE_DONE;
}

static bool is_same(sqlite3 *db, const char *table) {
  static const char columns[] =
      "SELECT group_concat('quote(t.\"' || name || '\") || hex(t.\"' || name || '\")', ' || ') FROM "
      "pragma_table_info(?) WHERE name NOT IN ('run_id', 'execution_id')";
  sqlite3_stmt *ask;
  ck_assert_int_eq(sqlite3_prepare_v2(db, columns, -1, &ask, NULL), SQLITE_OK);
  sqlite3_bind_text(ask, 1, table, -1, SQLITE_STATIC);
  ck_assert_int_eq(sqlite3_step(ask), SQLITE_ROW);
  const char *list = (const char *)sqlite3_column_text(ask, 0);
  const bool same =
      is_within(db, table, list, "main", "other") && is_within(db, table, list, "other", "main");
  sqlite3_finalize(ask);
  return same;
}

const char *iscc_exchange_difference(const char *a, const char *b) {
  static const char *const tables[] = {"run",    "node",  "task",   "decision",  "battery",
                                       "stream", "tally", "choice", "execution", "metric"};
  const char *found = "";
  sqlite3 *db;
  char *attach = sqlite3_mprintf("ATTACH %Q AS other", iscc_test_path(b));
  ck_assert_int_eq(sqlite3_open(iscc_test_path(a), &db), SQLITE_OK);
  ck_assert_int_eq(sqlite3_exec(db, attach, NULL, NULL, NULL), SQLITE_OK);
  for (size_t i = 0; !*found && i < sizeof tables / sizeof *tables; i++)
    if (!is_same(db, tables[i])) found = tables[i];
  sqlite3_close(db);
  sqlite3_free(attach);
  return found;
}
