/* SPDX-License-Identifier: GPL-2.0-only */
/* What every sub-command of `iscc` says to --help. */
#include <check.h>
#include <stdio.h>

#include "iscc-help-columns.h"
#include "iscc-run-program.h"

START_TEST(help_stands_in_two_columns) {
  static const char *const commands[] = {"sense", "train", "model info", "infer", "solve", "reproduce"};
  for (size_t i = 0; i < sizeof commands / sizeof *commands; i++) {
    char command[256];
    snprintf(command, sizeof command, ISCC_TEST_BUILD_DIR "/iscc %s --help", commands[i]);
    iscc_run_well(command);
    const char *misplaced = iscc_help_misplaced(iscc_run_output);
    ck_assert_msg(misplaced == NULL, "%s: %s", commands[i], misplaced);
  }
}
END_TEST

/* What a user has set for all programs goes before. */
START_TEST(help_is_formatted_as_the_user_says) {
  iscc_run_well("ARGP_HELP_FMT=opt-doc-col=40 " ISCC_TEST_BUILD_DIR "/iscc solve --help");
  ck_assert_ptr_nonnull(iscc_help_misplaced(iscc_run_output));
}
END_TEST

Suite *iscc_suite_cli_help(void);
Suite *iscc_suite_cli_help(void) {
  Suite *s = suite_create("helper: iscc --help");
  TCase *t = tcase_create("help");
  tcase_add_checked_fixture(t, iscc_run_begin, iscc_run_end);
  tcase_add_test(t, help_stands_in_two_columns);
  tcase_add_test(t, help_is_formatted_as_the_user_says);
  suite_add_tcase(s, t);
  return s;
}
