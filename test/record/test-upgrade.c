/* SPDX-License-Identifier: GPL-2.0-only */
#include <check.h>
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>

#include "iscc-test-results.h"

/* What a user may have added. */
#define ADDED                                                                                                \
  "CREATE VIEW own AS SELECT t.split, d.bits FROM task_plan t JOIN decision d USING (run_id, task_no); "     \
  "CREATE INDEX IF NOT EXISTS by_split ON decision (split); "                                                \
  "CREATE TRIGGER IF NOT EXISTS told AFTER DELETE ON decision BEGIN DELETE FROM run WHERE 0; END"

/* Executions without the column that came with 7, and memory always known; without the column that came with 6. */
static void make_executions_older(int version) {
  char sql[ISCC_RESULTS_TEXT];
  const char *table = iscc_results_ask(
      version == 5
          ? "SELECT replace(substr(sql, 1, instr(sql, '  iscc_commit') - 1), 'peak_wall_bytes INTEGER,', "
            "'peak_wall_bytes INTEGER NOT NULL ') FROM sqlite_schema WHERE name = 'execution'"
          : "SELECT replace(replace(substr(sql, 1, instr(sql, '  processor_wall') - 1), 'peak_wall_bytes "
            "INTEGER,', 'peak_wall_bytes INTEGER NOT NULL,'), 'iscc_commit     TEXT,', 'iscc_commit TEXT ') "
            "FROM sqlite_schema WHERE name = 'execution'");
  ck_assert_ptr_nonnull(strstr(table, "peak_wall_bytes INTEGER NOT NULL"));
  snprintf(
      sql, sizeof sql,
      "PRAGMA legacy_alter_table = ON; CREATE TABLE kept AS SELECT * FROM execution; DROP TABLE execution; "
      "ALTER TABLE kept DROP COLUMN processor_wall; %s; %s) STRICT; INSERT INTO execution SELECT * FROM "
      "kept; "
      "DROP TABLE kept; CREATE INDEX execution_arguments ON execution (program, arguments, seed, run); "
      "CREATE "
      "UNIQUE INDEX execution_once ON execution (program, arguments, seed, run) WHERE outcome = 'done'; "
      "PRAGMA "
      "user_version = %d; " ADDED,
      version == 5 ? "ALTER TABLE kept DROP COLUMN iscc_commit" : "", table, version);
  iscc_results_do(sql);
}

/* Makes the database as an older version did: without the table and the column that came with 6, the tables that came with 5, the column that came with 4, the turns
 * and the table that came with 3, the column that came with 2. */
static void make_older(int version) {
  char sql[ISCC_RESULTS_TEXT];
  iscc_results_do(
      "DROP VIEW t_quantile; DROP VIEW v_task; DROP VIEW v_point; DROP VIEW v_pair; DROP VIEW v_energy; "
      "DROP VIEW v_latency; DROP VIEW v_miss; DROP VIEW v_solver; DROP VIEW v_node; DROP VIEW v_run; "
      "DROP VIEW v_plan; DROP VIEW v_decision; DROP VIEW v_battery; DROP VIEW run_summary; DROP VIEW "
      "v_choice; DROP VIEW v_result; DROP INDEX node_scheme; DROP INDEX execution_run; DROP TABLE choice; "
      "DROP TABLE tally; ALTER TABLE decision DROP COLUMN iterations; "
      "CREATE VIEW run_summary AS SELECT run_id, count(*) AS tasks FROM task GROUP BY run_id");
  if (version < 6) iscc_results_do("DROP TABLE stream");
  if (version >= 5) make_executions_older(version);
  if (version >= 5) return;
  iscc_results_do("DROP TABLE metric; DROP TABLE execution");
  if (version == 4) {
    iscc_results_do("PRAGMA user_version = 4; " ADDED);
    return;
  }
  iscc_results_do(
      "DROP VIEW battery_audit; DROP VIEW task_plan; ALTER TABLE decision DROP COLUMN true_snr_per_w");
  if (version < 3) {
    const char *table =
        iscc_results_ask("SELECT replace(sql, 'turn BETWEEN 0 AND 3', 'turn IN (0, 1)') FROM sqlite_schema "
                         "WHERE name = 'decision'");
    ck_assert_ptr_nonnull(strstr(table, "turn IN (0, 1)"));
    snprintf(sql, sizeof sql,
             "DROP TABLE battery; CREATE TABLE kept AS SELECT * FROM decision; DROP TABLE decision; %s; "
             "INSERT INTO decision SELECT * FROM kept; DROP TABLE kept",
             table);
    iscc_results_do(sql);
  }
  if (version < 2) iscc_results_do("ALTER TABLE decision DROP COLUMN transfer_factor");
  snprintf(sql, sizeof sql,
           "CREATE VIEW task_plan AS SELECT * FROM decision; PRAGMA user_version = %d; "
           "CREATE VIEW battery_audit AS SELECT * FROM %s; " ADDED,
           version, version < 3 ? "task" : "battery");
  iscc_results_do(sql);
}

/* What a user has added is there as before. */
START_TEST(an_older_database_is_brought_up_and_added_to) {
  static char fresh[ISCC_RESULTS_TEXT];
  static const char schema[] =
      "SELECT group_concat(sql, ';') FROM (SELECT sql FROM sqlite_schema ORDER BY name)";
  iscc_results_must_record(0, 2);
  iscc_results_do(ADDED);
  snprintf(fresh, sizeof fresh, "%s", iscc_results_ask(schema));
  iscc_results_do("DROP VIEW own"); /* DROP COLUMN looks at it */
  make_older(_i);
  iscc_results_must_record(0, 3);
  ck_assert_str_eq(iscc_results_ask("PRAGMA user_version"), "7");
  ck_assert_str_eq(iscc_results_ask(schema), fresh);
  ck_assert_str_eq(
      iscc_results_ask("SELECT group_concat(n) FROM (SELECT count(*) n FROM task GROUP BY run_id)"), "2,3");
  ck_assert_str_eq(
      iscc_results_ask("SELECT group_concat(f || ' ' || g) FROM (SELECT DISTINCT run_id, transfer_factor f, "
                       "coalesce(true_snr_per_w, 'none') g FROM decision)"),
      _i == 1   ? "1.0 none,1.5 44.0"
      : _i >= 4 ? "1.5 44.0,1.5 44.0"
                : "1.5 none,1.5 44.0");
  ck_assert_str_eq(iscc_results_ask("SELECT count(*) || ' ' || sum(split) FROM task_plan"), "5 30");
  ck_assert_str_eq(iscc_results_ask("SELECT group_concat(tasks) FROM tally"), "2,3");
  ck_assert_str_eq(iscc_results_ask("SELECT count(*) || ' ' || sum(bits) FROM own WHERE split = 6"), "5 25");
}
END_TEST

/* Executions of versions 5 and 6 stay with their metrics, are still there once, and have no commit. */
START_TEST(executions_of_an_older_database_stay) {
  static const char rows[] = "SELECT printf('%s %s %d %s|%s %g', program, arguments, run, "
                             "coalesce(iscc_commit, 'none'), name, value) "
                             "FROM execution JOIN metric USING (execution_id)";
  sqlite3 *db;
  iscc_results_must_record(0, 1);
  iscc_results_do("INSERT INTO execution VALUES (7, 'p', 'ab', '{}', 1, 3, 'fixed', 'done', 0, NULL, 1, '', "
                  "'0.1', 'h', 't', 1, 1, 1, 'c', 'q'); INSERT INTO metric VALUES (7, 'energy', 2.5)");
  ck_assert_str_eq(iscc_results_ask(rows), "p {} 3 c|energy 2.5");
  make_older(_i);
  iscc_results_must_record(0, 1);
  ck_assert_str_eq(iscc_results_ask(rows), _i == 5 ? "p {} 3 none|energy 2.5" : "p {} 3 c|energy 2.5");
  ck_assert_int_eq(sqlite3_open(iscc_results_path, &db), SQLITE_OK);
  ck_assert_int_eq(
      sqlite3_exec(db,
                   "INSERT INTO execution SELECT NULL, program, program_sha256, arguments, seed, "
                   "run, stopping, outcome, exit_status, signal, run_id, stderr, iscc_version, "
                   "host, started_wall, elapsed_wall_s, cpu_wall_s, peak_wall_bytes, NULL, NULL FROM "
                   "execution",
                   NULL, NULL, NULL),
      SQLITE_CONSTRAINT);
  sqlite3_close(db);
}
END_TEST

Suite *iscc_suite_upgrade(void);
Suite *iscc_suite_upgrade(void) {
  Suite *s = suite_create("record: older databases");
  TCase *t = tcase_create("upgrade");
  tcase_add_checked_fixture(t, iscc_results_begin, iscc_results_end);
  tcase_set_timeout(t, 60);
  tcase_add_loop_test(t, an_older_database_is_brought_up_and_added_to, 1, 7);
  tcase_add_loop_test(t, executions_of_an_older_database_stay, 5, 7);
  suite_add_tcase(s, t);
  return s;
}
