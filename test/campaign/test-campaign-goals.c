/* SPDX-License-Identifier: GPL-2.0-only */
/* When `iscc campaign run` stops by precision, for values that Student's t misleads about. */
#include <check.h>
#include <stdio.h>
#include <string.h>

#include "iscc-run-program.h"
#include "iscc-sequential.h"

#define RUN "'" ISCC_TEST_BUILD_DIR "/iscc' campaign run c.yaml "

/* A scenario in shell that prints what body says of RUN and B. */
static void run_until(const char *body, const char *rest) {
  char text[1024];
  snprintf(text, sizeof text,
           "#!/bin/sh\nfor o in \"$@\"; do case $o in --RngRun=*) RUN=${o#*=};; --b=*) B=${o#*=};; esac; "
           "done\n%s\n",
           body);
  iscc_run_write("p", text);
  snprintf(text, sizeof text, "program: ./p\nresults: lines\n%s", rest);
  iscc_run_write("c.yaml", text);
  iscc_run_well("chmod +x p; " RUN);
}

static void expect_runs(const char *runs) {
  iscc_run_expect_sql(
      "c.db", "SELECT group_concat(n) FROM (SELECT count(*) AS n FROM execution GROUP BY arguments)", runs);
}

/* As the rule for shares goes on by itself, for a program that fails in every seventh run. */
static size_t replications(double width) {
  const iscc_sequential_rule rule = {.confidence = 0.95, .width = width, .minimum = 5};
  for (size_t n = 5;;) {
    const iscc_sequential_look look = iscc_sequential_look_at_share(&rule, n - n / 7, n);
    if (look.reached) return n;
    n = iscc_sequential_next(&look, n);
  }
}

START_TEST(five_successes_are_not_certain) {
  char want[16];
  const size_t n = replications(0.1);
  ck_assert(n > 30 && n < 80);
  snprintf(want, sizeof want, "%zu", n);
  run_until("echo ok=$((RUN % 7 != 0))", "runs: {max: 200, until: [{metric: ok, absolute: 0.1}]}\n");
  expect_runs(want);
}
END_TEST

START_TEST(pairs_that_agree_are_not_certain) {
  run_until("echo ok=1",
            "grid: {b: [x, y]}\nruns: {max: 12, until: [{metric: ok, by: b, baseline: y, absolute: "
            "0.1}]}\n");
  ck_assert_ptr_nonnull(strstr(iscc_run_output, "1 groups of points do not reach their goals"));
  expect_runs("12,12");
}
END_TEST

/* What is the same each time is taken not to depend on the run, and so is a duration of 0. */
START_TEST(what_does_not_depend_on_the_run_is_known) {
  run_until("echo m=2.5; echo queue_s=0",
            "runs: {max: 50, until: [{metric: m, relative: 0.01}, {metric: queue_s, absolute: 0.001}]}\n");
  ck_assert_ptr_null(strstr(iscc_run_output, "skewed"));
  expect_runs("5");
}
END_TEST

START_TEST(skewed_values_are_told) {
  run_until("test $RUN = 3 && echo m=30 || echo m=1$RUN",
            "runs: {max: 50, until: [{metric: m, absolute: 50}]}\n");
  ck_assert_msg(strstr(iscc_run_output,
                       "Values of 1 group of points are strongly skewed: after a stop by precision their "
                       "intervals hold less often than they say\n") != NULL,
                "%s", iscc_run_output);
  expect_runs("5");
}
END_TEST

Suite *iscc_suite_campaign_goals(void);

Suite *iscc_suite_campaign_goals(void) {
  Suite *suite = suite_create("campaign-goals");
  TCase *tcase = tcase_create("campaign");
  tcase_add_checked_fixture(tcase, iscc_run_begin, iscc_run_end);
  tcase_set_timeout(tcase, 60);
  tcase_add_test(tcase, five_successes_are_not_certain);
  tcase_add_test(tcase, pairs_that_agree_are_not_certain);
  tcase_add_test(tcase, what_does_not_depend_on_the_run_is_known);
  tcase_add_test(tcase, skewed_values_are_told);
  suite_add_tcase(suite, tcase);
  return suite;
}
