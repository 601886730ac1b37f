/* SPDX-License-Identifier: GPL-2.0-only */
/* Where the results of a campaign come from: random numbers, commit, model. */
#include <check.h>
#include <stdio.h>
#include <string.h>

#include "iscc-run-program.h"

#define RUN "'" ISCC_TEST_BUILD_DIR "/iscc' campaign run c.yaml "

/* What streams gave is the same at every point of a replication, and another in every replication. The dim points decide
 * otherwise: of what they did not draw for the same tasks nothing is said. */
START_TEST(replications_share_their_numbers_at_every_point) {
  iscc_run_write(
      "c.yaml",
      "program: iscc-factory-cell\noptions: {nodes: 3, tasks: 10, inference: model, channel-error: 1}\n"
      "grid: {scheme: [joint, jcc, on-server], max-power: [0.05, 1], interval: [1, 2]}\n"
      "runs: 3\n");
  iscc_run_well(RUN);
  iscc_run_expect_sql("c.db", "SELECT count(DISTINCT run_id) FROM stream", "36");
  iscc_run_expect_sql("c.db",
                      "SELECT group_concat(DISTINCT purpose) FROM (SELECT purpose FROM stream ORDER BY 1)",
                      "arrivals,channel-error,fading,inference,positions");
  iscc_run_expect_sql(
      "c.db",
      "SELECT max(n) FROM (SELECT count(DISTINCT value_sha256) AS n FROM stream JOIN run USING (run_id)"
      " GROUP BY purpose, run, index_sha256, iif(purpose = 'fading', json_extract(parameters, "
      "'$.interval_s'), 0))",
      "1");
  iscc_run_expect_sql(
      "c.db",
      "SELECT group_concat(n) FROM (SELECT count(DISTINCT value_sha256) AS n FROM stream JOIN run USING "
      "(run_id) WHERE purpose IN ('arrivals', 'positions', 'channel-error') GROUP BY purpose)",
      "3,3,3");
}
END_TEST

/* Of the command alone: no other file changes with a commit. */
START_TEST(the_commit_of_the_command_is_kept) {
  char text[128];
  iscc_run_well("printf '#!/bin/sh\necho m=1\n' >p && chmod +x p");
  iscc_run_write("c.yaml", "program: ./p\nresults: lines\nruns: 1\n");
  iscc_run_well(RUN);
  snprintf(text, sizeof text, "%s", iscc_run_sql("c.db", "SELECT iscc_commit FROM execution"));
  iscc_run_well("'" ISCC_TEST_BUILD_DIR "/iscc' --version | tail -n 1");
  ck_assert_int_eq(strncmp(iscc_run_output, "commit ", 7), 0);
  ck_assert_str_eq(iscc_run_output + 7, text);
  if (strcmp(text, "unknown\n") == 0) return;
  ck_assert_uint_eq(strspn(text, "0123456789abcdef"), 40);
  ck_assert(strcmp(text + 40, "\n") == 0 || strcmp(text + 40, "-dirty\n") == 0);
  char command[512];
  snprintf(command, sizeof command,
           "cd '" ISCC_TEST_BUILD_DIR
           "' && grep -l %.40s iscc lib*.a lib*.so iscc-test $(find examples -type f)",
           text);
  iscc_run(command); /* status 2 without ns-3: there are no examples */
  ck_assert_int_eq(strncmp(iscc_run_output, "iscc\n", 5), 0);
  ck_assert_ptr_null(strstr(iscc_run_output, "lib"));
  ck_assert_ptr_null(strstr(iscc_run_output, "examples/"));
}
END_TEST

/* One program, one name of a model, one file: the second to come is refused and nothing of it is there. */
START_TEST(another_model_is_not_mixed_in) {
  static const char runs[] =
      "SELECT group_concat(n || ' ' || coalesce(m, 'none')) FROM (SELECT json_extract(arguments, '$.model') "
      "AS "
      "m, count(*) AS n FROM execution JOIN run USING (run_id) JOIN stream USING (run_id) WHERE purpose = "
      "'inference' GROUP BY m ORDER BY m)";
  static const char own[] = "program: iscc-single-device\noptions: {tasks: 9, inference: model}\n"
                            "grid: {model: [a.safetensors]}\nruns: 4\n";
  iscc_run_write("c.yaml", "program: iscc-single-device\noptions: {tasks: 9, inference: model}\nruns: 2\n");
  iscc_run_well("cp '" ISCC_TEST_SOURCE_DIR "/model/inference/default.safetensors' a.safetensors");
  iscc_run_well(RUN);
  iscc_run_write("c.yaml", "program: iscc-single-device\noptions: {tasks: 9, inference: model}\n"
                           "grid: {model: [a.safetensors]}\nruns: 2\n");
  iscc_run_well(RUN);
  iscc_run_expect_sql("c.db", runs, "2 none,2 a.safetensors");
  iscc_run_well("sqlite3 c.db \"UPDATE run SET model_sha256 = 'other' WHERE run_id = 3\"");
  iscc_run_write("c.yaml", own);
  ck_assert_int_eq(iscc_run(RUN), 2);
  /* in an ns-3 tree the program's name has more before and behind */
  ck_assert_msg(strstr(iscc_run_output, "c.db holds 1 results of ") &&
                    strstr(iscc_run_output, "iscc-single-device"),
                "%s", iscc_run_output);
  ck_assert_msg(strstr(iscc_run_output,
                       " with another file of model a.safetensors (now its SHA-256 begins with ") != NULL,
                "%s", iscc_run_output);
  iscc_run_expect_sql("c.db", runs, "2 none,2 a.safetensors");
  iscc_run_expect_sql("c.db", "SELECT count(*) FROM run", "4");
  iscc_run_write("c.yaml", "program: iscc-single-device\noptions: {tasks: 9, inference: model}\nruns: 3\n");
  iscc_run_well(RUN); /* the default model is the same */
  iscc_run_write("c.yaml", own);
  iscc_run_well(RUN "--mix-programs");
  iscc_run_expect_sql("c.db", runs, "3 none,4 a.safetensors");
  iscc_run_expect(0, "'" ISCC_TEST_BUILD_DIR "/iscc' campaign show c.db --metric accuracy",
                  "\nNote: the results were made with 2 different files of one model.\n");
}
END_TEST

Suite *iscc_suite_campaign_provenance(void);

Suite *iscc_suite_campaign_provenance(void) {
  Suite *suite = suite_create("campaign: provenance");
  TCase *tc = tcase_create("provenance");
  tcase_add_checked_fixture(tc, iscc_run_begin, iscc_run_end);
  tcase_set_timeout(tc, 60);
  if (ISCC_TEST_WITH_NS3) tcase_add_test(tc, replications_share_their_numbers_at_every_point);
  tcase_add_test(tc, the_commit_of_the_command_is_kept);
  if (ISCC_TEST_WITH_NS3) tcase_add_test(tc, another_model_is_not_mixed_in);
  suite_add_tcase(suite, tc);
  return suite;
}
