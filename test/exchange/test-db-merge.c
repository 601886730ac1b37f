/* SPDX-License-Identifier: GPL-2.0-only */
/* `iscc db merge`: all runs, each once. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "iscc-exchange-scene.h"
#include "iscc-run-program.h"
#include "iscc-test-files.h"
#include "iscc-test-results.h"

#define MERGE ISCC_DB "merge "

START_TEST(all_runs_come_once) {
  iscc_exchange_add_hostile("a.db");
  iscc_run_expect(0, MERGE "b.db a.db a.db",
                  "a.db: 3 runs added, 0 were there\na.db: 0 runs added, 3 were there\n");
  ck_assert_str_eq(iscc_exchange_difference("a.db", "b.db"), "");
  iscc_run_expect(0, MERGE "b.db *.db", "b.db: is the database itself, left out\n");
  iscc_run_well(ISCC_DB "check b.db && test \"$(ls)\" = \"$(printf 'a.db\\nb.db')\"");
}
END_TEST

/* A single run is another one with any other value of any table, however small. */
static const char *const changes[] = {"UPDATE run SET ended_wall = '2026-01-02T03:04:05Z'",
                                      "UPDATE run SET model_path = NULL",
                                      "UPDATE run SET started_wall = '2026-01-02T03:04:05Z'",
                                      "UPDATE node SET z_m = 1e-300",
                                      "UPDATE task SET energy_j = energy_j * (1 + 1e-15) WHERE task_no = 1",
                                      "UPDATE task SET predicted_class = NULL WHERE task_no = 1",
                                      "UPDATE decision SET solver_wall_us = 1 WHERE task_no = 1",
                                      "DELETE FROM task WHERE task_no = 1",
                                      "INSERT INTO stream VALUES (1, 'fading', 1, 'a', 'b')",
                                      "INSERT INTO battery VALUES (1, 0, '5', 5, 4, 0, 0, 0, 0, 1, 0, NULL)"};

START_TEST(a_run_with_another_value_is_another_run) {
  char command[512];
  iscc_run_well("sqlite3 a.db 'DELETE FROM execution; DELETE FROM metric'; cp a.db c.db; cp a.db b.db");
  snprintf(command, sizeof command,
           "sqlite3 c.db \"PRAGMA foreign_keys = ON; UPDATE run SET run_id = run_id; %s\"", changes[_i]);
  iscc_run_well(command);
  iscc_run_well(MERGE "b.db c.db");
  ck_assert_msg(!strstr(iscc_run_output, " 0 runs added"), "%s", iscc_run_output);
  iscc_run_expect(0, MERGE "b.db c.db a.db",
                  "c.db: 0 runs added, 2 were there\na.db: 0 runs added, 2 were there\n");
}
END_TEST

/* Made one after the other, within a second, of equal parameters: two, until they come again. */
START_TEST(copies_within_one_database_are_one) {
  iscc_run_well("cp a.db c.db; sqlite3 c.db 'UPDATE run SET run_id = 3 WHERE run_id = 1; UPDATE node SET "
                "run_id = 3 WHERE run_id = 1; UPDATE "
                "task SET run_id = 3 WHERE run_id = 1; UPDATE decision SET run_id = 3 WHERE run_id = 1; "
                "UPDATE choice SET run_id = 3 WHERE run_id = 1; UPDATE tally SET run_id = 3 WHERE "
                "run_id = 1; DELETE FROM execution; DELETE FROM metric'");
  iscc_run_expect(0, MERGE "b.db a.db c.db",
                  "a.db: 3 runs added, 0 were there\nc.db: 0 runs added, 2 were there\n");
}
END_TEST

static const struct {
  const char *make, *merge, *says;
  int status;
} troubles[] = {
    {"true", "b.db", "which others are added to it", 2},
    {"true", "b.db none.db", "none.db: is not there or cannot be read", 1},
    {"echo garbage >c.db", "b.db a.db c.db", "c.db: is not an SQLite database", 1},
    {"cp a.db c.db; sqlite3 c.db 'DROP TABLE stream; DROP TABLE tally; DROP TABLE choice; PRAGMA "
     "user_version = 5'",
     "b.db c.db", "c.db: has schema version 5, not 7: it is of an older iscc", 1},
    {"cp a.db b.db; cp a.db c.db; sqlite3 c.db \"UPDATE execution SET program_sha256 = 'beef'\"", "b.db c.db",
     "b.db holds 1 results of another p (its SHA-256 begins with ab, now beef)", 2},
    {"cp a.db b.db; cp a.db c.db; sqlite3 c.db \"UPDATE execution SET run = run + 10; UPDATE run SET "
     "model_sha256 = 'cd'\"",
     "b.db c.db", "another", 2},
    {"cp a.db b.db; ln b.db d.db", "b.db a.db", "has 2 names (hard links)", 1},
};

START_TEST(trouble_is_told_and_changes_nothing) {
  char command[256];
  iscc_run_well(troubles[_i].make);
  iscc_run_well("sha256sum *.db >sums; touch files; ls >files");
  snprintf(command, sizeof command, MERGE "%s", troubles[_i].merge);
  iscc_run_expect(troubles[_i].status, command, troubles[_i].says);
  iscc_run_well("ls | cmp files");
  iscc_run_well("for f in *.db; do case $f in c.db) ;; *) sqlite3 $f 'SELECT count(*) FROM run' 2>/dev/null "
                "| grep -qx 2 || exit 1;; esac; done");
}
END_TEST

/* What another program or model made comes in when it is asked to. */
START_TEST(programs_may_be_mixed) {
  iscc_run_well("cp a.db b.db; cp a.db c.db; sqlite3 c.db \"UPDATE execution SET run = run + 10, "
                "program_sha256 = 'beef'; UPDATE run SET "
                "model_sha256 = 'cd'\"");
  iscc_run_expect(0, MERGE "--mix-programs b.db c.db", "c.db: 3 runs added, 0 were there\n");
}
END_TEST

Suite *iscc_suite_db_merge(void);

Suite *iscc_suite_db_merge(void) {
  Suite *suite = suite_create("db-merge");
  TCase *tc = tcase_create("db-merge");
  tcase_add_checked_fixture(tc, iscc_exchange_begin, iscc_exchange_end);
  tcase_set_timeout(tc, 60);
  tcase_add_test(tc, all_runs_come_once);
  tcase_add_loop_test(tc, a_run_with_another_value_is_another_run, 0, sizeof changes / sizeof *changes);
  tcase_add_test(tc, copies_within_one_database_are_one);
  tcase_add_loop_test(tc, trouble_is_told_and_changes_nothing, 0, sizeof troubles / sizeof *troubles);
  tcase_add_test(tc, programs_may_be_mixed);
  suite_add_tcase(suite, tc);
  return suite;
}
