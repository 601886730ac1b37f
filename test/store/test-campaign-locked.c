/* SPDX-License-Identifier: GPL-2.0-only */
/* Campaigns on a database that another process locks for some seconds. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "iscc-run-program.h"
#include "iscc-test-files.h"

#define RUN   "'" ISCC_TEST_BUILD_DIR "/iscc' campaign run c.yaml "
#define MERGE "'" ISCC_TEST_BUILD_DIR "/iscc' campaign merge "
#define SAYS  "iscc campaign run: c.db is locked by another process; it is waited for\n"

/* Locks c.db for so many seconds, whatever becomes of the campaign. */
#define LOCK(seconds)                                                                                        \
  "setsid sh -c \"echo \\$\\$ >locker; (echo 'BEGIN IMMEDIATE;'; sleep " seconds                             \
  ") | sqlite3 c.db\" >locked 2>&1 </dev/null & "                                                            \
  "sleep 0.5;"

/* Its first run locks the database and ends; the other two are then at work. */
static void write_campaign(const char *lock) {
  char text[1024];
  snprintf(text, sizeof text,
           "#!/bin/sh\nfor o in \"$@\"; do case $o in --RngRun=*) RUN=${o#*=};; esac; done\n"
           "case $RUN in 1) %s ;; 2) sleep 1;; 3) sleep 20;; esac\necho m=$RUN\n",
           lock);
  iscc_run_write("p", text);
  iscc_run_write("c.yaml", "program: ./p\nresults: lines\nruns: 3\ntimeout: 2\n");
  iscc_run_well("chmod +x p");
}

/* The time limit holds, and times are those of the processes. */
START_TEST(runs_end_in_time) {
  write_campaign(LOCK("5"));
  iscc_run_expect(1, RUN "--jobs=3", SAYS);
  ck_assert_int_eq(iscc_test_count(iscc_run_output, SAYS), 1);
  iscc_run_well("cat locked; test ! -s locked");
  ck_assert_str_eq(
      iscc_run_sql("c.db",
                   "SELECT run, outcome, elapsed_wall_s BETWEEN (CASE run WHEN 1 THEN 0.5 ELSE run - 1 "
                   "END) AND 0.4 + (CASE run WHEN 1 THEN 0.6 ELSE run - 1 END) FROM execution ORDER BY 1"),
      "1|done|1\n2|done|1\n3|timed-out|1\n");
}
END_TEST

START_TEST(ctrl_c_does_not_wait) {
  write_campaign(LOCK("60"));
  iscc_run_expect(0,
                  "(begun=$(date +%s%N); timeout --foreground -s INT 3 " RUN
                  "--jobs=3; s=$?; took=$((($(date +%s%N) - begun) / 1000000)); "
                  "test $s = 124 && test $took -lt 4000 || { echo status $s in $took ms; exit 9; })",
                  "interrupted; the same command goes on");
  ck_assert_ptr_nonnull(strstr(iscc_run_output, SAYS));
  ck_assert_ptr_nonnull(strstr(iscc_run_output, "0 runs done, 0 done before, 0 failed"));
  iscc_run_well("test ! -e c.db.runs; kill -9 -$(cat locker)");
}
END_TEST

/* From its beginning on: it needs the file for itself for a moment. */
START_TEST(a_locked_database_is_opened_later) {
  write_campaign("true");
  iscc_run_write("c.yaml", "program: ./p\nresults: lines\nruns: 1\n");
  iscc_run_well(RUN);
  iscc_run_write("c.yaml", "program: ./p\nresults: lines\nruns: 2\n");
  iscc_run_expect(0, "(" LOCK("4") RUN ")", SAYS);
  ck_assert_ptr_nonnull(strstr(iscc_run_output, "1 runs done, 1 done before, 0 failed"));
}
END_TEST

/* Runs that were merged in while they were at work here: what is said adds up to what is there. */
START_TEST(what_others_have_recorded_meanwhile_is_theirs) {
  write_campaign("true");
  iscc_run_write("p", "#!/bin/sh\ntest ! -e slow || sleep 1.5\necho m=1\n");
  iscc_run_write("c.yaml", "program: ./p\nresults: lines\nruns: 2\n");
  iscc_run_well(RUN "--db=d.db");
  iscc_run_write("c.yaml", "program: ./p\nresults: lines\nruns: 3\n");
  iscc_run_expect(
      0, "(touch slow; " RUN "--jobs=3 & sleep 0.7; " MERGE "c.db d.db; wait)",
      "1 runs done, 0 done before, 0 failed; in c.db\n2 were recorded by another campaign meanwhile\n");
  iscc_run_expect_sql("c.db", "SELECT count(*) FROM execution", "3");
}
END_TEST

/* SQLite keeps a journal for each name: two programs would damage the one file. */
START_TEST(a_database_has_one_name) {
  write_campaign("true");
  iscc_run_write("c.yaml", "program: ./p\nresults: lines\nruns: 1\n");
  iscc_run_well(RUN);
  iscc_run_expect(1, "ln c.db d.db && " RUN, "c.db: has 2 names (hard links): two programs would damage it");
  iscc_run_expect(1, RUN "--db=d.db", "d.db: has 2 names (hard links)");
  iscc_run_well("rm d.db && " RUN);
}
END_TEST

Suite *iscc_suite_campaign_locked(void);

Suite *iscc_suite_campaign_locked(void) {
  Suite *suite = suite_create("campaign-locked");
  TCase *tc = tcase_create("campaign-locked");
  tcase_add_checked_fixture(tc, iscc_run_begin, iscc_run_end);
  tcase_set_timeout(tc, 120);
  tcase_add_test(tc, runs_end_in_time);
  tcase_add_test(tc, ctrl_c_does_not_wait);
  tcase_add_test(tc, a_locked_database_is_opened_later);
  tcase_add_test(tc, what_others_have_recorded_meanwhile_is_theirs);
  tcase_add_test(tc, a_database_has_one_name);
  suite_add_tcase(suite, tc);
  return suite;
}
