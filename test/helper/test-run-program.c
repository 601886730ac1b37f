/* SPDX-License-Identifier: GPL-2.0-only */
/* What the tests' own comparisons say when they fail: Check tells nothing of a text that is too long. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "iscc-run-program.h"

/* 9000 rows of which the given one is another. */
#define ROWS                                                                                                 \
  "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 9000) SELECT 'row ' || i || "   \
  "CASE i WHEN x THEN ' of ' || x ELSE '' END FROM n, t"

START_TEST(differs) {
  iscc_run_compare("a.db", "b.db", ROWS, true);
}
END_TEST

START_TEST(is_the_same) {
  iscc_run_compare("a.db", "a.db", ROWS, false);
}
END_TEST

START_TEST(fails) {
  iscc_run_well("seq 9000; false");
}
END_TEST

/* What Check tells of a test that fails, in a process of its own: its runners know nothing of each other. */
static const char *told(const TTest *test) {
  static char text[16384];
  char path[96];
  snprintf(path, sizeof path, "%s/told", iscc_run_folder);
  const pid_t child = fork();
  if (child == 0) {
    static const char *const ours[] = {"CK_XML_LOG_FILE_NAME", "CK_LOG_FILE_NAME", "CK_TAP_LOG_FILE_NAME",
                                       "CK_RUN_SUITE", "CK_RUN_CASE"};
    for (size_t i = 0; i < sizeof ours / sizeof *ours; i++) unsetenv(ours[i]);
    Suite *s = suite_create("fails");
    TCase *t = tcase_create("fails");
    tcase_add_test(t, test);
    suite_add_tcase(s, t);
    SRunner *runner = srunner_create(s);
    srunner_run_all(runner, CK_SILENT);
    FILE *file = fopen(path, "w");
    if (file && srunner_ntests_failed(runner) == 1) fputs(tr_msg(srunner_failures(runner)[0]), file);
    _exit(!file || fclose(file) || srunner_ntests_failed(runner) != 1);
  }
  int how;
  ck_assert_int_eq(waitpid(child, &how, 0), child);
  ck_assert(WIFEXITED(how) && WEXITSTATUS(how) == 0);
  FILE *file = fopen(path, "r");
  ck_assert_ptr_nonnull(file);
  text[fread(text, 1, sizeof text - 1, file)] = '\0';
  fclose(file);
  return text;
}

START_TEST(long_texts_that_fail_are_told_in_part) {
  iscc_run_well("sqlite3 a.db 'CREATE TABLE t (x); INSERT INTO t VALUES (7000)'");
  iscc_run_well("sqlite3 b.db 'CREATE TABLE t (x); INSERT INTO t VALUES (7001)'");
  iscc_run_compare("a.db", "a.db", ROWS, true);
  iscc_run_compare("a.db", "b.db", ROWS, false);
  const char *text = told(differs);
  ck_assert_msg(strstr(text, " a.db has\nrow 7000 of 7000\nrow 7001\nrow 7002\n") != NULL, "%s", text);
  ck_assert_msg(strstr(text, " b.db\nrow 7000\nrow 7001 of 7001\nrow 7002\n") != NULL, "%s", text);
  text = told(is_the_same);
  ck_assert_msg(strstr(text, "the same in a.db and a.db:\nrow 1\nrow 2\n") != NULL, "%s", text);
  text = told(fails);
  ck_assert_msg(strstr(text, "seq 9000; false: exit 1: 1\n2\n3\n") != NULL, "%s", text);
}
END_TEST

/* What a program puts there and leaves, killed, goes with the folder; whoever comes next has what was there before. */
START_TEST(temporary_files_lie_in_the_folder) {
  iscc_run_well("test \"$TMPDIR\" = \"$PWD\"");
  iscc_run_end();
  ck_assert_int_eq(setenv("TMPDIR", "/tmp/none", 1), 0);
  iscc_run_begin();
  iscc_run_well("test \"$TMPDIR\" = \"$PWD\"");
  iscc_run_end();
  ck_assert_str_eq(getenv("TMPDIR"), "/tmp/none");
  iscc_run_begin();
}
END_TEST

Suite *iscc_suite_run_program(void);
Suite *iscc_suite_run_program(void) {
  Suite *s = suite_create("test: programs as users run them");
  TCase *t = tcase_create("run");
  tcase_add_checked_fixture(t, iscc_run_begin, iscc_run_end);
  tcase_set_timeout(t, 30);
  tcase_add_test(t, temporary_files_lie_in_the_folder);
  tcase_add_test(t, long_texts_that_fail_are_told_in_part);
  suite_add_tcase(s, t);
  return s;
}
