/* SPDX-License-Identifier: GPL-2.0-only */
/* Programs that print their results: a result that was cut off is none, and one that is missing is told. */
#include <check.h>
#include <string.h>

#include "iscc-run-program.h"

#define CAMPAIGN "'" ISCC_TEST_BUILD_DIR "/iscc' campaign "
#define RUN      CAMPAIGN "run c.yaml "

/* The first digits of a number are a number; so is a value whose line was left out, of another name. */
START_TEST(a_last_line_without_newline_is_cut_off) {
  iscc_run_write_program(
      "case $RUN in 1) printf 'v=12345';; 2) printf 'v=123451.5\\n';; 3) printf 'v=1\\nw';; "
      "4) printf 'v=1\\n\\n';; 5) printf '\\nv=2\\n ';; esac");
  iscc_run_write("c.yaml", "program: ./p\nresults: lines\nruns: 5\n");
  iscc_run_expect(1, RUN, "2 runs done, 0 done before, 3 failed");
  iscc_run_expect_sql("c.db",
                      "SELECT group_concat(run || outcome) FROM (SELECT * FROM execution ORDER BY run)",
                      "1truncated,2done,3truncated,4done,5truncated");
  iscc_run_expect_sql("c.db", "SELECT stderr FROM execution WHERE run = 3",
                      "line 2: the last line has no newline at its end, it may have been cut off");
  iscc_run_expect_sql("c.db", "SELECT group_concat(value) FROM (SELECT * FROM metric ORDER BY value)",
                      "1.0,123451.5");
}
END_TEST

/* What a name may be; a number with something behind it is none. */
START_TEST(names_are_those_of_programs) {
  iscc_run_write_program(
      "printf 'throughputMbps=5.2\\nE=3\\ndelay.mean=4\\nlatency-s_2 = 5\\n2nd=6\\nenergy=5.2 J\\n"
      "_x=1\\na b=1\\nx=0x10\\n=3\\n'");
  iscc_run_write("c.yaml", "program: ./p\nresults: lines\nruns: 1\nmetrics: [delay.mean]\n");
  iscc_run_expect(0, RUN, "delay.mean: mean over replications");
  iscc_run_expect_sql("c.db", "SELECT group_concat(name || value) FROM (SELECT * FROM metric ORDER BY name)",
                      "E3.0,delay.mean4.0,latency-s_25.0,throughputMbps5.2,x16.0");
  iscc_run_write("c.yaml", "program: ./p\nresults: lines\nruns: 1\nmetrics: [a b]\n");
  iscc_run_expect(2, RUN, "c.yaml:4: 'a b' is not a metric's name: a letter, then");
}
END_TEST

/* A metric that only some runs of a point have, and one that the file names and none at a point has. */
START_TEST(a_run_without_a_metric_is_told) {
  iscc_run_write_program(
      "echo v=$RUN; test $RUN = 2 || echo w=$RUN; case \"$*\" in *a=1*) echo only=$RUN;; esac");
  iscc_run_write("c.yaml", "program: ./p\nresults: lines\ngrid: {a: [1, 2]}\nruns: 3\n");
  iscc_run_expect(0, RUN, "w: 2 of 6 runs that are done are without a value of it; they are in no mean\n");
  ck_assert_ptr_null(strstr(iscc_run_output, "v: "));    /* all have it */
  ck_assert_ptr_null(strstr(iscc_run_output, "only: ")); /* the point without it has never had it */
  iscc_run_write("c.yaml", "program: ./p\nresults: lines\ngrid: {a: [1, 2]}\nruns: 3\nmetrics: [only]\n");
  iscc_run_expect(0, RUN, "only: 3 of 6 runs that are done are without a value of it");
  iscc_run_expect(0, CAMPAIGN "show c.db --metric w", "  1 without a value");
}
END_TEST

Suite *iscc_suite_campaign_lines(void);

Suite *iscc_suite_campaign_lines(void) {
  Suite *suite = suite_create("campaign-lines");
  TCase *tc = tcase_create("campaign-lines");
  tcase_add_checked_fixture(tc, iscc_run_begin, iscc_run_end);
  tcase_set_timeout(tc, 20);
  tcase_add_test(tc, a_last_line_without_newline_is_cut_off);
  tcase_add_test(tc, names_are_those_of_programs);
  tcase_add_test(tc, a_run_without_a_metric_is_told);
  suite_add_tcase(suite, tc);
  return suite;
}
