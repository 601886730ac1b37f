/* SPDX-License-Identifier: GPL-2.0-only */
/* Results that cannot be printed: a failure of every verb. */
#include <check.h>
#include <stdio.h>
#include <string.h>

#include "iscc-run-program.h"

#define ISCC "'" ISCC_TEST_BUILD_DIR "/iscc' "

static void begin(void) {
  iscc_run_begin();
  iscc_run_write("p", "#!/bin/sh\necho v=1\n");
  iscc_run_write("c.yaml", "program: ./p\nresults: lines\ngrid: {x: [1, 2]}\nruns: 2\n");
  iscc_run_well("chmod +x p && " ISCC "campaign run c.yaml --db=done.db");
}

static const char *const commands[] = {"--help",
                                       "--version",
                                       "solve",
                                       "solve --help",
                                       "model info",
                                       "campaign --help",
                                       "campaign plan --help",
                                       "campaign plan c.yaml",
                                       "campaign run c.yaml --db=done.db",
                                       "campaign show done.db",
                                       "campaign show done.db --failed",
                                       "campaign compare done.db --metric v --by x --baseline 1",
                                       "campaign status c.yaml",
                                       "campaign verify done.db --program ./p",
                                       "campaign merge own.db done.db"};

START_TEST(a_full_output_is_a_failure) {
  char command[512];
  snprintf(command, sizeof command, "( " ISCC "%s >/dev/full )", commands[_i]);
  iscc_run_expect(1, command, "iscc: standard output: cannot be written: No space left on device");
  const char *end = strchr(strstr(iscc_run_output, "iscc: standard output"), '\n');
  ck_assert_msg(end && !end[1], "not the last line: %s", iscc_run_output);
  snprintf(command, sizeof command, "( " ISCC "%s >&- )", commands[_i]);
  iscc_run_expect(1, command, "iscc: standard output: cannot be written: Bad file descriptor");
  snprintf(command, sizeof command, "( " ISCC "%s >there )", commands[_i]);
  iscc_run_expect(0, command, "");
}
END_TEST

Suite *iscc_suite_cli_output(void);

Suite *iscc_suite_cli_output(void) {
  Suite *suite = suite_create("cli-output");
  TCase *tc = tcase_create("cli-output");
  tcase_add_checked_fixture(tc, begin, iscc_run_end);
  tcase_set_timeout(tc, 20);
  tcase_add_loop_test(tc, a_full_output_is_a_failure, 0, sizeof commands / sizeof *commands);
  suite_add_tcase(suite, tc);
  return suite;
}
