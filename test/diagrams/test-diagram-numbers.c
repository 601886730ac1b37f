/* SPDX-License-Identifier: GPL-2.0-only */
/* The numbers beside the pictures of `iscc plot` against the same by hand. */
#include <check.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "iscc-run-program.h"
#include "iscc-test-diagrams.h"
#include "iscc-test-files.h"

static void expect_cell(const char *csv, int row, const char *column, const char *want) {
  ck_assert_str_eq(iscc_test_cell(csv, row, column), want);
}

/* ---- energy ---- */

/* Run 1 of joint: 16 mJ over the three tasks that used energy; run 2: 20 mJ. Their mean is 18 -+ 12.7062 * 2. */
START_TEST(energy_is_a_mean_over_runs_with_its_interval) {
  iscc_run_well(ISCC_PLOT "energy -o e.svg");
  iscc_test_expect_rows("e.csv", 2);
  expect_cell("e.csv", 0, "scheme", "jcc");
  expect_cell("e.csv", 0, "runs", "1");
  expect_cell("e.csv", 0, "half_width_95_j", "");
  iscc_test_expect_number("e.csv", 0, "energy_j", 0.03);
  expect_cell("e.csv", 1, "scheme", "joint");
  expect_cell("e.csv", 1, "runs", "2");
  expect_cell("e.csv", 1, "tasks", "4");
  iscc_test_expect_number("e.csv", 1, "sensing_j", 0.011);
  iscc_test_expect_number("e.csv", 1, "compute_j", 0.0025);
  iscc_test_expect_number("e.csv", 1, "uplink_j", 0.0045);
  iscc_test_expect_number("e.csv", 1, "energy_j", 0.018);
  iscc_test_expect_number("e.csv", 1, "half_width_95_j", 12.7062047364 * 0.002);
  ck_assert_ptr_nonnull(strstr(iscc_test_read("e.svg", NULL), "error bars: 95 % over runs"));
}
END_TEST

START_TEST(runs_that_differ_in_options_have_no_interval) {
  iscc_run_well("sqlite3 x.db \"UPDATE run SET parameters = '{\\\"load\\\":2}' WHERE run_id = 2\"");
  iscc_run_well(ISCC_PLOT "energy -o e.svg");
  expect_cell("e.csv", 1, "settings", "2");
  expect_cell("e.csv", 1, "half_width_95_j", "");
  ck_assert_ptr_nonnull(strstr(iscc_test_read("e.svg", NULL), "runs differ in options: no intervals"));
  iscc_run_well(ISCC_PLOT "energy --by=scheme,load -o two.svg");
  iscc_test_expect_rows("two.csv", 4); /* by the second name, then the first */
  iscc_test_expect_number("two.csv", 1, "energy_j", 0.016);
  expect_cell("two.csv", 3, "load", "2");
  iscc_test_expect_number("two.csv", 3, "energy_j", 0.02);
  ck_assert_int_eq(iscc_test_count(iscc_test_read("two.svg", NULL), ">load=2</text>"), 1);
}
END_TEST

/* What is known of tasks alone; jcc is left out by the condition. */
START_TEST(energy_by_what_tasks_have) {
  iscc_run_well(ISCC_PLOT "energy --by=outcome --where=scheme=joint --where='run_id<2' -o e.svg");
  iscc_test_expect_rows("e.csv", 3);
  expect_cell("e.csv", 0, "outcome", "done");
  iscc_test_expect_number("e.csv", 0, "energy_j", 0.015);
  expect_cell("e.csv", 1, "outcome", "infeasible");
  expect_cell("e.csv", 1, "energy_j", "");
  expect_cell("e.csv", 2, "outcome", "late");
  iscc_test_expect_number("e.csv", 2, "energy_j", 0.018);
}
END_TEST

/* ---- latency ---- */

START_TEST(latency_counts_tasks_without_an_answer) {
  static const double latency_s[] = {0.7, 0.25, 0.5, 0.9}, share[] = {0.5, 0.2, 0.6, 0.8};
  iscc_run_well(ISCC_PLOT "latency -o l.svg");
  iscc_test_expect_rows("l.csv", 4);
  for (int i = 0; i < 4; i++) {
    expect_cell("l.csv", i, "scheme", i ? "joint" : "jcc");
    iscc_test_expect_number("l.csv", i, "latency_s", latency_s[i]);
    iscc_test_expect_number("l.csv", i, "share_answered_within", share[i]);
    expect_cell("l.csv", i, "tasks", i ? "5" : "2");
  }
  ck_assert_ptr_nonnull(strstr(iscc_test_read("l.svg", NULL), "latency limit 0.8 s"));
}
END_TEST

START_TEST(a_scheme_without_any_answer_has_a_row) {
  iscc_run_well(ISCC_PLOT "latency --where=run_id=2 -o l.svg");
  iscc_test_expect_rows("l.csv", 2);
  expect_cell("l.csv", 0, "scheme", "jcc");
  expect_cell("l.csv", 0, "latency_s", "");
  expect_cell("l.csv", 0, "share_answered_within", "0");
}
END_TEST

#define MANY                                                                                                 \
  "WITH RECURSIVE n (i) AS (VALUES (10) UNION ALL SELECT i + 1 FROM n WHERE i < 7009) INSERT INTO task "     \
  "SELECT 1, 1, i,"                                                                                          \
  " iif(i % 10 = 0, 'dropped', 'done'), 0, NULL, -1, iif(i % 10 = 0, NULL, ((i * 7919) % 5003) / 4000.0), "  \
  "0, 0, 0, 0, 0, 0, 0,"                                                                                     \
  " 0, 0, 0, 0, 0, 0, 0, 0, NULL, NULL, NULL FROM n"

/* Of 7000 tasks more no more than 1000 points, each exactly on the distribution that SQL finds. */
START_TEST(many_latencies_are_thinned_and_stay_exact) {
  iscc_run_well("sqlite3 x.db \"" MANY "\"");
  iscc_run_well(ISCC_PLOT
                "latency --where=run_id=1 --where=scheme=jcc -o l.svg && grep -v '^#' l.csv >plain.csv");
  iscc_run_well(
      "sqlite3 x.db '.import --csv plain.csv points' \"SELECT count(*) > 900, count(*) <= 1000,"
      " max(abs(share_answered_within - (SELECT count(*) FROM task WHERE run_id = 1 AND node_id = 1 AND"
      " latency_s <= points.latency_s + 1e-12) / 7001.0)) < 1e-12,"
      " max(CAST(share_answered_within AS REAL)) > 0.9 FROM points\" >out");
  ck_assert_str_eq(iscc_test_read("out", NULL), "1|1|1|1\n");
}
END_TEST

START_TEST(different_limits_are_said_and_not_drawn) {
  iscc_run_well("sqlite3 x.db 'UPDATE node SET max_latency_s = 1.5 WHERE run_id = 2'");
  iscc_run_expect(0, ISCC_PLOT "latency -o l.svg", "latency limits from 0.8 to 1.5 s are drawn together");
  ck_assert_ptr_null(strstr(iscc_test_read("l.svg", NULL), "latency limit"));
}
END_TEST

/* A condition on tasks is not one on the sums of their nodes. */
START_TEST(conditions_on_tasks_choose_tasks) {
  iscc_run_well(ISCC_PLOT "latency --where='latency_s>0.6' -o l.svg");
  iscc_test_expect_rows("l.csv", 2);
  iscc_test_expect_number("l.csv", 0, "latency_s", 0.7);
  iscc_test_expect_number("l.csv", 1, "latency_s", 0.9);
  iscc_test_expect_number("l.csv", 1, "share_answered_within", 1);
}
END_TEST

START_TEST(latencies_that_are_no_numbers_are_refused) {
  iscc_run_well("sqlite3 x.db 'UPDATE task SET latency_s = 9e999 WHERE run_id = 1 AND task_no = 0'");
  iscc_run_expect(1, ISCC_PLOT "latency -o l.svg",
                  "latency: a task took inf s, and a finite number not below 0 is wanted");
  iscc_run_well("test ! -e l.svg");
}
END_TEST

/* ---- accuracy ---- */

/* 3 of 4 right: Wilson's bounds by hand. */
START_TEST(accuracy_is_of_answers_with_wilsons_interval) {
  iscc_run_well(ISCC_PLOT "accuracy -o a.svg");
  iscc_test_expect_rows("a.csv", 2);
  expect_cell("a.csv", 1, "scheme", "joint");
  iscc_test_expect_number("a.csv", 1, "target_accuracy", 0.8);
  expect_cell("a.csv", 1, "tasks", "5");
  expect_cell("a.csv", 1, "judged", "4");
  expect_cell("a.csv", 1, "correct", "3");
  iscc_test_expect_number("a.csv", 1, "accuracy", 0.75);
  const double z2 = 1.959963984540054 * 1.959963984540054, middle = (0.75 + z2 / 8) / (1 + z2 / 4);
  const double half = sqrt(z2 * (0.75 * 0.25 / 4 + z2 / 64)) / (1 + z2 / 4);
  iscc_test_expect_number("a.csv", 1, "low_95", middle - half);
  iscc_test_expect_number("a.csv", 1, "high_95", middle + half);
}
END_TEST

/* ---- timeline ---- */

START_TEST(a_timeline_has_the_stages_of_each_task) {
  static const char *const stage[] = {"wait_s",        "sensing_s", "compute_s", "uplink_s",
                                      "server_wait_s", "server_s",  "answer_s"};
  static const double duration_s[] = {0.05, 0.2, 0.04, 0.1, 0.02, 0.06, 0.03};
  iscc_run_well(ISCC_PLOT "timeline -o t.svg");
  iscc_test_expect_rows("t.csv", 4);
  for (int i = 0; i < 7; i++) iscc_test_expect_number("t.csv", 0, stage[i], duration_s[i]);
  iscc_test_expect_number("t.csv", 0, "arrival_s", 1);
  iscc_test_expect_number("t.csv", 0, "deadline_s", 1.8);
  expect_cell("t.csv", 2, "outcome", "infeasible");
  iscc_run_well(ISCC_PLOT "timeline --run-id=3 --aligned -o t.svg"); /* of any run, done or not */
  iscc_test_expect_rows("t.csv", 1);
  ck_assert_ptr_nonnull(strstr(iscc_test_read("t.svg", NULL), "task 0 at 1 s"));
}
END_TEST

START_TEST(a_timeline_is_of_arrivals_within_its_time) {
  iscc_run_well(ISCC_PLOT "timeline --run-id=1 --node=0 --from=2 --to=4 -o t.svg");
  iscc_test_expect_rows("t.csv", 2);
  expect_cell("t.csv", 0, "task_no", "1");
  expect_cell("t.csv", 1, "task_no", "2");
}
END_TEST

/* ---- decisions ---- */

START_TEST(decisions_are_counted_in_cells) {
  iscc_run_well(ISCC_PLOT "decisions -o d.svg");
  iscc_test_expect_rows("d.csv", 3);
  iscc_test_expect_number("d.csv", 0, "gain_db_per_w", 0.5);
  iscc_test_expect_number("d.csv", 0, "time_left_s", 0.45);
  expect_cell("d.csv", 0, "infeasible", "1");
  expect_cell("d.csv", 0, "split", "");
  iscc_test_expect_number("d.csv", 1, "gain_db_per_w", 5.5);
  expect_cell("d.csv", 1, "split", "11");
  expect_cell("d.csv", 1, "tasks", "1"); /* run 3 is not done */
  iscc_test_expect_number("d.csv", 2, "gain_db_per_w", 10.5);
  expect_cell("d.csv", 2, "tasks", "3");
  expect_cell("d.csv", 2, "infeasible", "0");
  expect_cell("d.csv", 2, "split", "3"); /* 3 3 0 */
  expect_cell("d.csv", 2, "bits", "6");  /* 4 6 6 */
  iscc_test_expect_number("d.csv", 2, "keep_ratio", 0.7);
}
END_TEST

/* ---- compare ---- */

/* a = 2 takes 1, 2, 3 mJ more than a = 1: 2 -+ 4.302653 * 1/sqrt 3. */
START_TEST(differences_are_those_of_pairs) {
  iscc_run_write_program("awk \"BEGIN { print \\\"use_j=\\\" 0.001 * $RUN * $A }\"");
  iscc_run_write("p.yaml", "program: ./p\nresults: lines\ngrid: {a: [1, 2]}\nruns: 3\n");
  iscc_run_well(ISCC "campaign run p.yaml --db=p.db");
  iscc_run_expect(0, ISCC "plot p.db compare --by=a --baseline=1 --metric=use_j -o c.svg",
                  "1 rows have few or strongly skewed differences");
  iscc_test_expect_rows("c.csv", 1);
  expect_cell("c.csv", 0, "a", "2");
  expect_cell("c.csv", 0, "pairs", "3");
  iscc_test_expect_number("c.csv", 0, "difference", 0.002);
  iscc_test_expect_number("c.csv", 0, "low_95", 0.002 - 0.001 * 4.30265272991 / sqrt(3));
  iscc_test_expect_number("c.csv", 0, "high_95", 0.002 + 0.001 * 4.30265272991 / sqrt(3));
  ck_assert_ptr_nonnull(strstr(iscc_test_read("c.svg", NULL), "use (mJ) minus that of a=1"));
}
END_TEST

/* ---- the SQL ---- */

/* What the comment says yields the numbers again. */
START_TEST(the_comment_is_the_sql) {
  iscc_run_well(ISCC_PLOT "energy -o e.svg && sed -n 's/^# //p' e.csv >e.sql && " ISCC
                          "query x.db --sql=\"$(cat e.sql)\" --format=csv | tr -d '\\r' >again && grep -v "
                          "'^#' e.csv | cmp - again");
}
END_TEST

Suite *iscc_suite_diagram_numbers(void);

Suite *iscc_suite_diagram_numbers(void) {
  Suite *suite = suite_create("diagram-numbers");
  TCase *t = tcase_create("numbers");
  tcase_add_checked_fixture(t, iscc_test_diagrams_begin, iscc_test_diagrams_end);
  tcase_set_timeout(t, 60);
  tcase_add_test(t, energy_is_a_mean_over_runs_with_its_interval);
  tcase_add_test(t, runs_that_differ_in_options_have_no_interval);
  tcase_add_test(t, energy_by_what_tasks_have);
  tcase_add_test(t, latency_counts_tasks_without_an_answer);
  tcase_add_test(t, a_scheme_without_any_answer_has_a_row);
  tcase_add_test(t, many_latencies_are_thinned_and_stay_exact);
  tcase_add_test(t, different_limits_are_said_and_not_drawn);
  tcase_add_test(t, conditions_on_tasks_choose_tasks);
  tcase_add_test(t, latencies_that_are_no_numbers_are_refused);
  tcase_add_test(t, accuracy_is_of_answers_with_wilsons_interval);
  tcase_add_test(t, a_timeline_has_the_stages_of_each_task);
  tcase_add_test(t, a_timeline_is_of_arrivals_within_its_time);
  tcase_add_test(t, decisions_are_counted_in_cells);
  tcase_add_test(t, differences_are_those_of_pairs);
  tcase_add_test(t, the_comment_is_the_sql);
  suite_add_tcase(suite, t);
  return suite;
}
