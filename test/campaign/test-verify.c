/* SPDX-License-Identifier: GPL-2.0-only */
/* `iscc campaign verify`: what was recorded comes out again, and what was tampered with does not. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "iscc-run-program.h"

#define ISCC   "'" ISCC_TEST_BUILD_DIR "/iscc' campaign "
#define VERIFY ISCC "verify c.db "

static void make_campaign(const char *text, const char *program) {
  char command[2048];
  if (program) {
    snprintf(command, sizeof command, "printf '#!/bin/sh\\n%s\\n' >p && chmod +x p", program);
    iscc_run_well(command);
  }
  snprintf(command, sizeof command, "printf '%s' >c.yaml && " ISCC "run c.yaml", text);
  iscc_run_well(command);
}

/* Modelled inference, with a waiting second decision now and then, and a battery. */
#define RECORDED                                                                                             \
  "program: iscc-single-device\\noptions: {tasks: 20, inference: model, battery: 5}\\ngrid: {snr-db: [5, "   \
  "10]}\\nruns: 2\\n"

static const struct {
  const char *tamper, *says;
} changes[] = {
    {"UPDATE task SET energy_j = energy_j * (1 + 1e-15) WHERE run_id = 2 AND task_no = 3",
     "): task: 2 rows are on one side alone"},
    {"DELETE FROM decision WHERE run_id = 2 AND task_no = 3", "): decision: 1 rows are on one side alone"},
    {"UPDATE battery SET idle_j = idle_j + 1e-9 WHERE run_id = 2",
     "): battery: 2 rows are on one side alone"},
    {"UPDATE stream SET value_sha256 = 'x' WHERE run_id = 2 AND purpose = 'fading'",
     "): stream: 2 rows are on one side alone"},
    {"UPDATE node SET x_m = 1 WHERE run_id = 2", "): node: 2 rows are on one side alone"},
    {"UPDATE run SET model_sha256 = 'x' WHERE run_id = 2", "): run: 2 rows are on one side alone"},
    {"UPDATE run SET program = 'x' WHERE run_id = 2", "): run: 2 rows are on one side alone"},
    {"UPDATE execution SET run = 77 WHERE run_id = 2", "): run: 2 rows are on one side alone, task: "},
    {"UPDATE execution SET arguments = json_set(arguments, '$.nonsense', '1') WHERE run_id = 2",
     "): it ended with status 2"},
    {"UPDATE metric SET value = value * (1 + 1e-15) WHERE name = 'latency_p95_s' AND execution_id = 2",
     "): metric: latency_p95_s is "},
    {"DELETE FROM metric WHERE name = 'accuracy' AND execution_id = 2", "): metric: accuracy is "}};

START_TEST(a_recorded_run_is_equal_until_it_is_changed) {
  char command[512];
  make_campaign(RECORDED, NULL);
  iscc_run_expect(0, VERIFY, "4 runs again: 4 equal bit for bit, 0 different\n");
  iscc_run_expect(0, VERIFY "3", "1 runs again: 1 equal bit for bit");
  snprintf(command, sizeof command, "sqlite3 c.db \"%s\"", changes[_i].tamper);
  iscc_run_well(command);
  iscc_run_expect(1, VERIFY, changes[_i].says);
  ck_assert_ptr_nonnull(strstr(iscc_run_output, "run 2 (RngRun "));
  ck_assert_ptr_nonnull(strstr(iscc_run_output, "4 runs again: 3 equal bit for bit, 1 different\n"));
  iscc_run_expect(1, VERIFY "2", "1 runs again: 0 equal bit for bit, 1 different\n");
}
END_TEST

/* What it cannot run again it counts, where the whole database is asked about. */
START_TEST(what_is_not_verified_is_told) {
  make_campaign(RECORDED, NULL);
  iscc_run_well("sqlite3 c.db \"DELETE FROM execution WHERE run_id = 2; "
                "UPDATE execution SET outcome = 'failed', exit_status = 1 WHERE run_id = 3\"");
  iscc_run_expect(0, VERIFY,
                  "2 runs again: 2 equal bit for bit, 0 different\nNot verified: 1 executions that are not "
                  "done, 1 runs that belong to no execution.\n");
  iscc_run_expect(0, VERIFY "1", "1 runs again: 1 equal bit for bit, 0 different\n");
  ck_assert_ptr_null(strstr(iscc_run_output, "Not verified"));
}
END_TEST

/* 1 is run 1, which is of execution 3; execution 1 printed its results, so did 2, and there is no run 2. */
START_TEST(a_number_is_that_of_a_run_first) {
  make_campaign("program: ./p\\nresults: lines\\nruns: 2\\n", "echo m=1");
  make_campaign("program: iscc-single-device\\noptions: {tasks: 5, inference: model}\\nruns: 1\\n", NULL);
  iscc_run_expect_sql("c.db", "SELECT execution_id FROM execution WHERE run_id = 1", "3");
  iscc_run_expect(0, VERIFY "1", "1 runs again: 1 equal bit for bit, 0 different\n");
  iscc_run_expect(0, VERIFY "2 --program ./p", "1 runs again: 1 equal bit for bit, 0 different\n");
  iscc_run_expect(2, VERIFY "3", "no run of a campaign that is done has the number 3");
}
END_TEST

/* Only where something differs can that be why. */
START_TEST(another_processor_is_told) {
  make_campaign(RECORDED, NULL);
  iscc_run_expect_sql("c.db", "SELECT count(*) FROM execution WHERE processor_wall <> ''", "4");
  iscc_run_well("sqlite3 c.db \"UPDATE execution SET processor_wall = 'Abacus' WHERE run_id < 3\"");
  iscc_run_expect(0, VERIFY, "4 equal bit for bit");
  ck_assert_ptr_null(strstr(iscc_run_output, "processor"));
  iscc_run_well(
      "sqlite3 c.db 'UPDATE task SET energy_j = 2 * energy_j WHERE task_no = 1 AND run_id IN (2, 3)'");
  iscc_run_expect(1, VERIFY, "1 of the different ones were recorded on another kind of processor (this is ");
}
END_TEST

/* What came with version 6, but for columns of executions, which nothing compares. What is there is compared. */
START_TEST(what_an_older_database_lacks_is_not_compared) {
  make_campaign(RECORDED, NULL);
  iscc_run_well(
      "sqlite3 c.db 'DROP TABLE stream; DROP TABLE tally; DROP TABLE choice; PRAGMA user_version = 5'");
  iscc_run_expect(0, VERIFY,
                  "4 runs again: 4 equal bit for bit, 0 different\n"
                  "Not compared: table stream, which this database of an older schema version lacks.\n");
  iscc_run_expect(0, VERIFY "2", "1 equal bit for bit, 0 different\nNot compared: table stream,");
  iscc_run_well("sqlite3 c.db 'UPDATE battery SET idle_j = idle_j + 1e-9 WHERE run_id = 2'");
  iscc_run_expect(1, VERIFY, "): battery: 2 rows are on one side alone\n");
  iscc_run_expect_sql("c.db", "PRAGMA user_version", "5");
}
END_TEST

/* The table is there, and empty for what was recorded before; of what came since it is compared. */
START_TEST(what_was_recorded_before_it_is_not_compared) {
  make_campaign(RECORDED, NULL);
  iscc_run_well(
      "sqlite3 c.db 'DELETE FROM stream WHERE run_id < 3; UPDATE execution SET iscc_commit = NULL WHERE "
      "run_id < 3'");
  iscc_run_expect(
      0, VERIFY,
      "4 runs again: 4 equal bit for bit, 0 different\n"
      "Not compared: table stream of runs that were recorded before schema version 6; there are 2.\n");
  iscc_run_well("sqlite3 c.db 'DELETE FROM stream WHERE run_id = 3'");
  iscc_run_expect(1, VERIFY, "3 equal bit for bit, 1 different\n");
  ck_assert_ptr_nonnull(strstr(iscc_run_output, "): stream: 2 rows are on one side alone\n"));
}
END_TEST

/* Wall-clock columns are not compared. */
START_TEST(wall_clock_may_differ) {
  make_campaign(RECORDED, NULL);
  iscc_run_well("sqlite3 c.db \"UPDATE decision SET solver_wall_us = 1e6; UPDATE run SET ended_wall = 'x'\"");
  iscc_run_expect(0, VERIFY, "4 equal bit for bit");
}
END_TEST

static void make_printing(void) {
  iscc_run_well("printf 'm=0.1\\nk=3\\n' >values");
  make_campaign("program: ./p\\nresults: lines\\nruns: 3\\n", "cat values");
}

START_TEST(a_printed_value_is_compared_exactly) {
  make_printing();
  iscc_run_expect(0, VERIFY "--program ./p", "3 runs again: 3 equal bit for bit, 0 different\n");
  iscc_run_well("sqlite3 c.db 'UPDATE metric SET value = 0.1 + 2e-17 WHERE execution_id = 2 AND value < 1'");
  iscc_run_well("printf 'm=0.10000000000000002\\nk=3\\n' >values");
  iscc_run_expect(1, VERIFY "--program ./p", "m is 0.10000000000000002, was 0.10000000000000001");
  iscc_run_well("printf 'm=0.1\\n' >values");
  iscc_run_expect(1, VERIFY "3 --program ./p", "{}): 1 values are printed, 2 were");
  iscc_run_well("printf 'm=0.1\\nk=3\\nn=1\\n' >values");
  iscc_run_expect(1, VERIFY "3 --program ./p", "n is printed and was not");
  iscc_run_well("printf 'm=0.1\\nk=3\\n' >values && printf '#comment\\n' >>p");
  iscc_run_expect(0, VERIFY "3 --program ./p", "For 1 of them the program is another file");
}
END_TEST

/* A program that is given is that of its own runs; the others' are looked for, and if there is none, that stops nothing. */
START_TEST(each_run_is_of_its_program) {
  make_campaign("program: ./p\\nresults: lines\\nruns: 3\\n", "echo m=1");
  iscc_run_well("printf '#!/bin/sh\\necho m=2\\n' >a && chmod +x a");
  make_campaign("program: ./a\\nresults: lines\\nruns: 2\\n", NULL);
  iscc_run_expect(1, VERIFY "--program ./p", "Runs of a are not verified: program: 'a' is not found in ");
  ck_assert_ptr_nonnull(strstr(iscc_run_output, "3 runs again: 3 equal bit for bit, 0 different\n"
                                                "Not verified: 2 runs whose program cannot be run.\n"));
  iscc_run_expect(0, "PATH=$PWD:$PATH " VERIFY "--program ./p", "5 runs again: 5 equal bit for bit");
  ck_assert_ptr_null(strstr(iscc_run_output, "another file"));
  iscc_run_expect(2, VERIFY "4 --program ./p",
                  "no run to verify is on record of a program that is named as './p'");
  iscc_run_expect(2, VERIFY "4 --program ./b",
                  "no run to verify is on record of a program that is named as './b'");
}
END_TEST

START_TEST(wrong_questions_are_refused) {
  make_printing();
  iscc_run_expect(1, VERIFY, "Runs of p are not verified: program: 'p' is not found");
  iscc_run_expect(2, VERIFY "9", "no run of a campaign that is done has the number 9");
  iscc_run_expect(2, VERIFY "0", "RUN");
  iscc_run_expect(2, VERIFY "1 2", "one database and run at a time");
  iscc_run_expect(2, VERIFY "--program ./nothing", "of a program that is named as './nothing'");
  iscc_run_expect(1, VERIFY "--program ./none/p", "Runs of p are not verified: ./none/p: No such file");
  iscc_run_expect(1, ISCC "verify none.db", "none.db");
  iscc_run_well("sqlite3 c.db \"UPDATE execution SET outcome = 'failed'\"");
  iscc_run_expect(2, VERIFY, "holds no runs of a campaign that are done");
}
END_TEST

Suite *iscc_suite_verify(void);

Suite *iscc_suite_verify(void) {
  Suite *suite = suite_create("verify");
  TCase *tc = tcase_create("verify");
  tcase_add_checked_fixture(tc, iscc_run_begin, iscc_run_end);
  tcase_set_timeout(tc, 60);
  if (ISCC_TEST_WITH_NS3) {
    tcase_add_test(tc, what_is_not_verified_is_told);
    tcase_add_test(tc, a_number_is_that_of_a_run_first);
    tcase_add_test(tc, wall_clock_may_differ);
    tcase_add_test(tc, what_was_recorded_before_it_is_not_compared);
    tcase_add_test(tc, what_an_older_database_lacks_is_not_compared);
    if (ISCC_TEST_WITH_NS3) tcase_add_test(tc, another_processor_is_told);
  }
  tcase_add_test(tc, each_run_is_of_its_program);
  tcase_add_test(tc, a_printed_value_is_compared_exactly);
  tcase_add_test(tc, wrong_questions_are_refused);
  suite_add_tcase(suite, tc);
  tc = tcase_create("changes");
  tcase_add_checked_fixture(tc, iscc_run_begin, iscc_run_end);
  tcase_set_timeout(tc, 60);
  tcase_set_tags(tc, "slow");
  if (ISCC_TEST_WITH_NS3)
    tcase_add_loop_test(tc, a_recorded_run_is_equal_until_it_is_changed, 0, sizeof changes / sizeof *changes);
  suite_add_tcase(suite, tc);
  return suite;
}
