/* SPDX-License-Identifier: GPL-2.0-only */
/* Campaigns that are killed with kill -9 while their runs have started processes: those outlive the runs. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "iscc-run-program.h"

#define RUN    "'" ISCC_TEST_BUILD_DIR "/iscc' campaign run c.yaml --jobs=3 "
#define SINGLE ISCC_TEST_BUILD_DIR "/examples/iscc-single-device"

/* A launcher that waits for the program, which begins after 1.5 s. */
static void write_launcher(const char *before) {
  char text[512];
  snprintf(text, sizeof text, "#!/bin/sh\n( %s sleep 1.5; echo begun >>begun; " SINGLE " \"$@\" )\n", before);
  iscc_run_write("p", text);
  iscc_run_write("c.yaml", "program: ./p\noptions: {tasks: 2, inference: model}\nruns: 3\n");
  iscc_run_well("chmod +x p");
}

#define KILL_AND_GO_ON "timeout -s KILL 0.7 " RUN "; " RUN

/* They are known by the files they print into. */
START_TEST(they_end_when_the_campaign_goes_on) {
  write_launcher("");
  iscc_run_expect(0, "(" KILL_AND_GO_ON ")", "3 runs done, 0 done before, 0 failed");
  iscc_run_well("sleep 1; test $(wc -l <begun) = 3");
  iscc_run_well("test ! -e c.db.runs");
}
END_TEST

/* Those that print elsewhere are not found, and write into no file of another campaign. */
START_TEST(they_write_into_no_other_run) {
  write_launcher("exec >/dev/null 2>&1;");
  iscc_run_expect(0, "(" KILL_AND_GO_ON ")", "3 runs done, 0 done before, 0 failed");
  iscc_run_well("test $(wc -l <begun) = 6");
  iscc_run_expect_sql("c.db", "SELECT count(*) || ' ' || count(DISTINCT run) FROM run", "3 3");
}
END_TEST

/* What has a session of its own is meant to go on. */
START_TEST(a_session_of_its_own_goes_on) {
  write_launcher("setsid sh -c 'sleep 3; echo gone on >>on' &");
  iscc_run_expect(0, "(" KILL_AND_GO_ON ")", "3 runs done, 0 done before, 0 failed");
  iscc_run_well("sleep 3; test $(wc -l <on) = 6");
}
END_TEST

Suite *iscc_suite_campaign_orphans(void);

Suite *iscc_suite_campaign_orphans(void) {
  Suite *suite = suite_create("campaign-orphans");
  TCase *tc = tcase_create("campaign-orphans");
  tcase_add_checked_fixture(tc, iscc_run_begin, iscc_run_end);
  tcase_set_timeout(tc, 60);
  if (ISCC_TEST_WITH_NS3) {
    tcase_add_test(tc, they_end_when_the_campaign_goes_on);
    tcase_add_test(tc, they_write_into_no_other_run);
    tcase_add_test(tc, a_session_of_its_own_goes_on);
  }
  suite_add_tcase(suite, tc);
  return suite;
}
