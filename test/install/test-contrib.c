/* SPDX-License-Identifier: GPL-2.0-only */
/* What `./waf contrib` says before it touches an ns-3 tree; with a real one it is a test itself. */
#include <check.h>
#include <stdio.h>
#include <string.h>

#include "iscc-run-program.h"

#define TRY "python3 " ISCC_TEST_SOURCE_DIR "/test/contrib/try_ns3.py"

static void expect(const char *command, int status, const char *said) {
  ck_assert_int_eq(iscc_run(command), status);
  ck_assert_msg(strstr(iscc_run_output, said) && strchr(iscc_run_output, '\n')[1] == '\0',
                "not one line with '%s': %s", said, iscc_run_output);
}

START_TEST(without_a_tree_it_is_skipped) {
  expect("env -u NS3_DIR " TRY, 0, "contrib: skipped");
}
END_TEST

START_TEST(a_folder_that_is_no_tree_is_refused) {
  expect("NS3_DIR=. " TRY, 1, "no ns-3 tree");
  ck_assert_int_eq(iscc_run("test ! -e contrib"), 0);
}
END_TEST

START_TEST(a_module_that_is_there_is_kept) {
  iscc_run_well("mkdir -p contrib/iscc && touch ns3 contrib/iscc/mine");
  expect("NS3_DIR=. " TRY, 1, "contrib/iscc is there and is not this tree");
  iscc_run_well("test -f contrib/iscc/mine");
}
END_TEST

Suite *iscc_suite_contrib(void);
Suite *iscc_suite_contrib(void) {
  Suite *s = suite_create("contrib: trying an ns-3 tree");
  TCase *t = tcase_create("contrib");
  tcase_add_checked_fixture(t, iscc_run_begin, iscc_run_end);
  tcase_add_test(t, without_a_tree_it_is_skipped);
  tcase_add_test(t, a_folder_that_is_no_tree_is_refused);
  tcase_add_test(t, a_module_that_is_there_is_kept);
  suite_add_tcase(s, t);
  return s;
}
