/* SPDX-License-Identifier: GPL-2.0-only */
/* A number that is written in two ways is one point, in one file, in two files, and beside an old database. */
#include <check.h>
#include <stdio.h>
#include <string.h>

#include "iscc-run-program.h"

#define CAMPAIGN "'" ISCC_TEST_BUILD_DIR "/iscc' campaign "
#define RUN      CAMPAIGN "run c.yaml "
#define POINTS                                                                                               \
  "SELECT group_concat(arguments) FROM (SELECT DISTINCT arguments FROM execution ORDER BY "                  \
  "length(arguments))"

static void begin(void) {
  iscc_run_begin();
  iscc_run_write("p", "#!/bin/sh\necho v=1\necho args=$#\n");
  iscc_run_well("chmod +x p");
}

static void write_campaign(const char *grid) {
  char text[256];
  snprintf(text, sizeof text, "program: ./p\nresults: lines\nruns: 2\n%s\n", grid);
  iscc_run_write("c.yaml", text);
}

static const char *const spellings[] = {"grid: {x: [0.80]}",
                                        "grid: {x: [.8]}",
                                        "options: {x: 8e-1}",
                                        "options: {x: 0.8}",
                                        "options: {x: +0.8}",
                                        "grid: {x: {from: 0.8, to: 0.8, step: 0.1}}",
                                        "zip: [{x: [0.800], y: [~]}]\nwhere: x < 1"};

/* Whatever the file is, the run is the same, and the program gets one text. */
START_TEST(a_number_is_one_point) {
  write_campaign("grid: {x: [0.8]}");
  iscc_run_expect(0, RUN, "2 runs done, 0 done before");
  write_campaign(spellings[_i]);
  if (strstr(spellings[_i], "zip")) {
    iscc_run_expect(0, RUN, "2 runs done, 0 done before");
    iscc_run_expect_sql("c.db", POINTS, "{\"x\":\"0.8\"},{\"x\":\"0.8\",\"y\":\"\"}");
    return;
  }
  iscc_run_expect(0, RUN, "0 runs done, 2 done before");
  iscc_run_expect_sql("c.db", POINTS, "{\"x\":\"0.8\"}");
}
END_TEST

/* Results of a campaign that took texts as they were. */
START_TEST(an_old_spelling_is_refused) {
  write_campaign("grid: {x: ['0.80'], y: [1]}");
  iscc_run_expect(0, RUN, "2 runs done, 0 done before");
  iscc_run_expect_sql("c.db", POINTS, "{\"x\":\"0.80\",\"y\":\"1\"}");
  iscc_run_expect(0, RUN, "0 runs done, 2 done before");
  write_campaign("grid: {x: [0.8], y: [1, 2]}");
  static const char says[] = "c.db: has runs with {\"x\":\"0.80\",\"y\":\"1\"}, which is "
                             "{\"x\":\"0.8\",\"y\":\"1\"} written otherwise";
  iscc_run_expect(2, RUN, says);
  iscc_run_expect(2, CAMPAIGN "plan c.yaml", says);
  iscc_run_expect_sql("c.db", "SELECT count(*) FROM execution", "2");
  iscc_run_expect(0, RUN "--db=new.db", "4 runs done, 0 done before");
  iscc_run_expect(2, CAMPAIGN "merge c.db new.db", says);
  iscc_run_expect(0, CAMPAIGN "merge whole.db new.db", "4 added, 0 were there");
  iscc_run_expect_sql("c.db", "SELECT count(*) FROM execution", "2");
}
END_TEST

/* In the file, the baseline is a number, too. */
START_TEST(a_baseline_is_a_number) {
  write_campaign("grid: {x: [5, 7.50]}\ncompare: [{metric: args, by: x, baseline: 5.0}]");
  iscc_run_expect(0, RUN, "args by x less that of 5, in pairs");
  iscc_run_expect(0, CAMPAIGN "compare c.db --metric args --by x --baseline 7.50 --where x=5.0",
                  "2 paired runs");
  iscc_run_expect(2, CAMPAIGN "compare c.db --metric args --by x --baseline 7.50 --where x=5.1",
                  "where: no run has x=5.1; it was run with 5,7.5");
}
END_TEST

Suite *iscc_suite_campaign_spelling(void);

Suite *iscc_suite_campaign_spelling(void) {
  Suite *suite = suite_create("campaign-spelling");
  TCase *tc = tcase_create("campaign-spelling");
  tcase_add_checked_fixture(tc, begin, iscc_run_end);
  tcase_set_timeout(tc, 20);
  tcase_add_loop_test(tc, a_number_is_one_point, 0, sizeof spellings / sizeof *spellings);
  tcase_add_test(tc, an_old_spelling_is_refused);
  tcase_add_test(tc, a_baseline_is_a_number);
  suite_add_tcase(suite, tc);
  return suite;
}
