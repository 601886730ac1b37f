/* SPDX-License-Identifier: GPL-2.0-only */
#include <check.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "iscc-record.h"
#include "iscc-report.h"

static char path[64];

static void make_database(void) {
  strcpy(path, "/tmp/iscc-test-report-XXXXXX");
  const int file = mkstemp(path);
  ck_assert_int_ge(file, 0);
  close(file);
}

static void remove_database(void) {
  char command[256];
  snprintf(command, sizeof command, "rm -f %s %s-wal %s-shm", path, path, path);
  ck_assert_int_eq(system(command), 0);
}

static iscc_task answered(uint64_t number, double latency_s, int correct) {
  iscc_task t = {.number = number,
                 .outcome = latency_s <= 0.8 ? ISCC_OUTCOME_DONE : ISCC_OUTCOME_LATE,
                 .arrival_ns = 1000000000,
                 .start_ns = 1000000000,
                 .finish_ns = 1000000000 + (int64_t)llround(1e9 * latency_s),
                 .sensing_j = 0.01,
                 .compute_j = 0.02,
                 .uplink_j = 0.03,
                 .true_class = 1,
                 .predicted_class = -1,
                 .correct = correct};
  t.at_arrival.made = true;
  t.at_arrival.solver_wall_ns = 1000 * (int64_t)(number + 1);
  return t;
}

/* 20 answered tasks with latencies 0.41 .. 0.60 s, 16 of them right; one late; one infeasible; two dropped.
 */
static int64_t record_known_run(void) {
  iscc_record *record;
  int64_t run_id;
  const iscc_run_info run = {.program = "t", .parameters = "{}", .version = "0", .seed = 1, .run = 1};
  const iscc_node_info node = {
      .scheme = "joint", .inference = "model", .target_accuracy = 0.75, .max_latency_s = 0.8};
  ck_assert_int_eq(iscc_record_open(path, 0, &record, NULL), ISCC_OK);
  ck_assert_int_eq(iscc_record_begin(record, &run, NULL), ISCC_OK);
  ck_assert_int_eq(iscc_record_node(record, &node, NULL), ISCC_OK);
  for (uint64_t i = 0; i < 20; i++) {
    const iscc_task t = answered(i, 0.41 + 0.01 * (double)i, i < 16);
    ck_assert_int_eq(iscc_record_task(record, &t, NULL), ISCC_OK);
  }
  iscc_task t = answered(20, 0.9, 0);
  ck_assert_int_eq(iscc_record_task(record, &t, NULL), ISCC_OK);
  t = (iscc_task){.number = 21, .outcome = ISCC_OUTCOME_INFEASIBLE, .start_ns = -1, .correct = -1};
  ck_assert_int_eq(iscc_record_task(record, &t, NULL), ISCC_OK);
  for (uint64_t i = 22; i < 24; i++) {
    t = (iscc_task){.number = i, .outcome = ISCC_OUTCOME_DROPPED, .start_ns = -1, .correct = -1};
    ck_assert_int_eq(iscc_record_task(record, &t, NULL), ISCC_OK);
  }
  ck_assert_int_eq(iscc_record_end(record, ISCC_RUN_DONE, 1, &run_id, NULL), ISCC_OK);
  iscc_record_close(record);
  return run_id;
}

START_TEST(numbers_are_those_of_the_run) {
  iscc_report r;
  const int64_t run_id = record_known_run();
  ck_assert_int_eq(iscc_report_read(path, run_id, &r, NULL), ISCC_OK);
  const int64_t outcomes[] = {20, 1, 1, 2, 0, 0};
  ck_assert_int_eq(r.tasks, 24);
  for (int i = 0; i < ISCC_REPORT_OUTCOMES; i++) ck_assert_int_eq(r.outcome[i], outcomes[i]);
  ck_assert_int_eq(r.judged, 21);
  ck_assert_int_eq(r.correct, 16);
  /* Clopper and Pearson, 16 of 21: R's binom.test gives 0.5283402 0.9178240 */
  ck_assert_double_eq_tol(r.accuracy_low, 0.5283402, 1e-6);
  ck_assert_double_eq_tol(r.accuracy_high, 0.9178240, 1e-6);
  ck_assert_int_eq(r.charged, 21);
  ck_assert_double_eq_tol(r.sensing_j, 0.01, 1e-12);
  ck_assert_double_eq_tol(r.uplink_j, 0.03, 1e-12);
  ck_assert_int_eq(r.answered, 21);
  ck_assert_double_eq_tol(r.mean_latency_s, (20 * 0.505 + 0.9) / 21, 1e-9);
  ck_assert_double_eq_tol(r.p95_latency_s, 0.60, 1e-9); /* 95 % of 21 is 19.95: the 20th smallest */
  ck_assert_double_eq_tol(r.mean_solver_us, 11, 1e-9);
  ck_assert_double_eq_tol(r.p95_solver_us, 20, 1e-9);
}
END_TEST

START_TEST(the_table_says_them) {
  iscc_report r;
  char text[4096] = "";
  const int64_t run_id = record_known_run();
  ck_assert_int_eq(iscc_report_read(path, run_id, &r, NULL), ISCC_OK);
  FILE *out = fmemopen(text, sizeof text, "w");
  iscc_report_print(&r, out);
  fclose(out);
  static const char *const wanted[] = {
      "late", "dropped", "0.762", "target 0.750", "60.000 mJ", "limit 0.800", "mean of 21 answered tasks"};
  for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++)
    ck_assert_msg(strstr(text, wanted[i]) != NULL, "'%s' is not in\n%s", wanted[i], text);
  ck_assert_ptr_null(strstr(text, "unfinished")); /* outcomes that did not occur are left out */
}
END_TEST

START_TEST(an_unknown_run_is_an_error) {
  iscc_report r;
  iscc_error error = {""};
  record_known_run();
  ck_assert_int_eq(iscc_report_read(path, 99, &r, &error), ISCC_EINVAL);
  ck_assert_ptr_nonnull(strstr(error.text, "99"));
  ck_assert_int_eq(iscc_report_read("/no/such.db", 1, &r, &error), ISCC_EIO);
}
END_TEST

Suite *iscc_suite_report(void);
Suite *iscc_suite_report(void) {
  Suite *s = suite_create("helper: report");
  TCase *t = tcase_create("report");
  tcase_add_checked_fixture(t, make_database, remove_database);
  tcase_add_test(t, numbers_are_those_of_the_run);
  tcase_add_test(t, the_table_says_them);
  tcase_add_test(t, an_unknown_run_is_an_error);
  suite_add_tcase(s, t);
  return s;
}
