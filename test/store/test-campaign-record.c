/* SPDX-License-Identifier: GPL-2.0-only */
/* What is kept of a run that gave no whole result. */
#include <check.h>
#include <stdio.h>

#include "iscc-run-program.h"

#define RUN "'" ISCC_TEST_BUILD_DIR "/iscc' campaign run c.yaml "

/* The reason comes first, then what the run said, within 4000 bytes; the campaign tells the reason. */
START_TEST(a_truncated_run_keeps_its_stderr) {
  iscc_run_write("p",
                 "#!/bin/sh\ncase $* in *RngRun=1*) echo cause >&2;; *) seq 2000 >&2;; esac; echo nothing\n");
  iscc_run_well("chmod +x p");
  iscc_run_write("c.yaml", "program: ./p\nresults: lines\nruns: 2\n");
  iscc_run_expect(1, RUN "--jobs=1", "RngRun=1 truncated: it printed no line NAME=VALUE\n");
  iscc_run_expect_sql("c.db", "SELECT replace(stderr, char(10), '/') FROM execution WHERE run = 1",
                      "it printed no line NAME=VALUE/cause/");
  iscc_run_expect_sql(
      "c.db",
      "SELECT length(stderr) || ' ' || (stderr LIKE 'it printed no line NAME=VALUE' || char(10) "
      "|| '%' || char(10) || '1999' || char(10) || '2000' || char(10)) FROM execution WHERE "
      "run = 2",
      "4000 1");
}
END_TEST

Suite *iscc_suite_campaign_record(void);

Suite *iscc_suite_campaign_record(void) {
  Suite *suite = suite_create("campaign-record");
  TCase *tc = tcase_create("campaign-record");
  tcase_add_checked_fixture(tc, iscc_run_begin, iscc_run_end);
  tcase_set_timeout(tc, 60);
  tcase_add_test(tc, a_truncated_run_keeps_its_stderr);
  suite_add_tcase(suite, tc);
  return suite;
}
