/* SPDX-License-Identifier: GPL-2.0-only */
/* The views for people: values by hand, and those of our own statistics, in SQLite as it is. */
#include <check.h>
#include <math.h>
#include <sqlite3.h>
#include <stdio.h>

#include "iscc-mean-interval.h"
#include "iscc-paired.h"
#include "iscc-tally.h"
#include "iscc-test-results.h"

static double number(const char *sql) {
  sqlite3 *db;
  sqlite3_stmt *ask;
  ck_assert_int_eq(sqlite3_open(iscc_results_path, &db), SQLITE_OK);
  ck_assert_msg(sqlite3_prepare_v2(db, sql, -1, &ask, NULL) == SQLITE_OK, "%s: %s", sql, sqlite3_errmsg(db));
  ck_assert_msg(sqlite3_step(ask) == SQLITE_ROW, "%s", sql);
  const double value =
      sqlite3_column_type(ask, 0) == SQLITE_NULL ? (double)NAN : sqlite3_column_double(ask, 0);
  sqlite3_finalize(ask);
  sqlite3_close(db);
  return value;
}

/* Energy of replication r under a scheme: enough scatter to tell intervals apart. */
static double energy(int scheme, int r) {
  return 10 + scheme * 0.5 + (r * 7919 % 101) / 50. + (scheme ? (r * 31 % 17) / 40. : 0);
}

static void add_run(int id, int scheme, int r, const char *outcome) {
  char sql[1024];
  snprintf(sql, sizeof sql,
           "INSERT INTO execution (execution_id, program, program_sha256, arguments, seed, run, stopping, "
           "outcome, stderr, "
           "iscc_version, host, started_wall, elapsed_wall_s, cpu_wall_s) VALUES (%d, 'p', '', "
           "'{\"load\":\"1\",\"scheme\":\"%s\"}', 1, %d, 'fixed', '%s', '', '', '', '', 0, 0)",
           id, scheme ? "new" : "old", r, outcome);
  iscc_results_do(sql);
  if (outcome[0] != 'd') return;
  snprintf(sql, sizeof sql, "INSERT INTO metric VALUES (%d, 'energy_j', %.17g)", id, energy(scheme, r));
  iscc_results_do(sql);
}

/* n replications of each scheme; one more of new has failed, twice, and one is done without a value. */
static void make_campaign(int n) {
  iscc_results_must_record(0, 1);
  for (int r = 1; r <= n; r++)
    for (int s = 0; s < 2; s++) add_run(2 * r + s, s, r, "done");
  add_run(1001, 1, n + 1, "failed");
  add_run(1002, 1, n + 1, "timed-out");
  add_run(1003, 1, n + 2, "done");
  iscc_results_do("DELETE FROM metric WHERE execution_id = 1003");
}

static const int sizes[] = {1, 2, 5, 31, 32, 40};

START_TEST(points_have_the_interval_of_t) {
  const int n = sizes[_i];
  double value[64];
  make_campaign(n);
  for (int r = 1; r <= n; r++) value[r - 1] = energy(1, r);
  const iscc_mean_interval want = iscc_mean_interval_of(value, (size_t)n);
#define OF_NEW " FROM v_point WHERE metric = 'energy_j' AND json_extract(arguments, '$.scheme') = 'new'"
  ck_assert_double_eq(number("SELECT n" OF_NEW), n);
  ck_assert_double_eq(number("SELECT failed" OF_NEW), 1);
  ck_assert_double_eq(number("SELECT without_value" OF_NEW), 1);
  ck_assert_double_eq_tol(number("SELECT mean" OF_NEW), want.value, 1e-12);
  if (n == 1) ck_assert(isnan(number("SELECT low" OF_NEW)) && isnan(number("SELECT deviation" OF_NEW)));
  if (n == 1) return;
  ck_assert_double_eq_tol(number("SELECT mean - low" OF_NEW), want.half_width, 1e-6 * want.half_width);
  ck_assert_double_eq_tol(number("SELECT high - mean" OF_NEW), want.half_width, 1e-6 * want.half_width);
}
END_TEST

START_TEST(pairs_have_the_interval_of_t) {
  const int n = sizes[_i];
  double a[64], b[64];
  make_campaign(n);
  for (int r = 1; r <= n; r++) a[r - 1] = energy(1, r), b[r - 1] = energy(0, r);
  const iscc_paired want = iscc_paired_of(a, b, (size_t)n, 0.95);
#define OF_PAIR " FROM v_pair WHERE metric = 'energy_j' AND scheme = 'new' AND baseline = 'old'"
  ck_assert_double_eq(number("SELECT count(*) FROM v_pair"), 2);
  ck_assert_double_eq(number("SELECT pairs" OF_PAIR), n);
  ck_assert_double_eq_tol(number("SELECT difference" OF_PAIR), want.difference, 1e-12);
  ck_assert_double_eq_tol(number("SELECT relative" OF_PAIR), want.relative, 1e-12);
  if (n > 1)
    ck_assert_double_eq_tol(number("SELECT (high - low) / 2" OF_PAIR), want.half_width,
                            1e-6 * want.half_width);
}
END_TEST

/* Of tasks that the test wrote. Twice: nothing is added that is there. */
static void tally_again(void) {
  sqlite3 *db;
  iscc_results_do("DELETE FROM tally; DELETE FROM choice");
  ck_assert_int_eq(sqlite3_open(iscc_results_path, &db), SQLITE_OK);
  ck_assert_int_eq(iscc_tally_add_missing(db), SQLITE_OK);
  ck_assert_int_eq(iscc_tally_add_missing(db), SQLITE_OK);
  sqlite3_close(db);
}

/* Run 1 has 20 tasks with latencies 0.1 .. 2.0 s in disorder, of which 4 are late; 5 more have no answer. */
static void make_tasks(void) {
  char sql[1024];
  iscc_results_must_record(0, 1);
  iscc_results_do("DELETE FROM decision; DELETE FROM task");
  for (int i = 0; i < 25; i++) {
    char latency[32] = "NULL";
    const int place = 1 + i * 7 % 20;
    if (i < 20) snprintf(latency, sizeof latency, "%.17g", place / 10.);
    snprintf(sql, sizeof sql,
             "INSERT INTO task SELECT 1, node_id, %d, '%s', 0, 0, 0, %s, 0, 0, 0, 0, 0, 0, 0, %g, %g, %g, "
             "%g, 0, 0, 0, 0, NULL, NULL, NULL "
             "FROM node WHERE run_id = 1",
             i,
             i >= 20      ? "infeasible"
             : place > 16 ? "late"
                          : "done",
             latency, i < 20 ? 1. : 0, i < 20 ? 2. : 0, i < 20 ? 5. : 0, i < 20 ? 8. : 0);
    iscc_results_do(sql);
  }
  iscc_results_do(
      "INSERT INTO decision (run_id, node_id, task_no, turn, executed, status, snr_per_w, max_latency_s, "
      "conflict, solver_wall_us) SELECT 1, node_id, 20, 0, 1, 'infeasible', 1, 1, 'latency speed', 3 FROM "
      "node "
      "WHERE run_id = 1");
  tally_again();
}

static const struct {
  const char *sql;
  double want;
} of_tasks[] = {{"SELECT answered FROM v_latency", 20},
                {"SELECT mean_s FROM v_latency", 1.05},
                {"SELECT p50_s FROM v_latency", 1},
                {"SELECT p90_s FROM v_latency", 1.8},
                {"SELECT p95_s FROM v_latency", 1.9},
                {"SELECT p99_s FROM v_latency", 2},
                {"SELECT tasks FROM v_miss WHERE cause = 'late'", 4},
                {"SELECT share FROM v_miss WHERE cause = 'late'", 0.16},
                {"SELECT tasks FROM v_miss WHERE cause = 'infeasible'", 4},
                {"SELECT tasks FROM v_miss WHERE cause = 'infeasible: latency speed'", 1},
                {"SELECT used FROM v_energy", 20},
                {"SELECT energy_j FROM v_energy", 8},
                {"SELECT uplink_share FROM v_energy", 0.625},
                {"SELECT decisions FROM v_solver", 1},
                {"SELECT infeasible FROM v_solver", 1},
                {"SELECT certified FROM v_solver", 0},
                {"SELECT mean_wall_us FROM v_solver", 3},
                {"SELECT count(*) FROM v_task", 25},
                {"SELECT count(*) FROM v_task WHERE conflict = 'latency speed' AND task_no = 20", 1},
                {"SELECT count(DISTINCT scheme) + count(DISTINCT program) FROM v_task", 2}};

START_TEST(tasks_by_hand) {
  make_tasks();
  ck_assert_double_eq_tol(number(of_tasks[_i].sql), of_tasks[_i].want, 1e-12);
}
END_TEST

/* Two nodes of the first run: tasks of node 1 end in every way, node 2 has none. */
static void make_tasks_of_all_outcomes(void) {
  iscc_results_must_record(0, 8);
  iscc_results_do(
      "INSERT INTO node SELECT run_id, 2, 'jcc', inference, target_accuracy, max_latency_s, 0, 0, 0 FROM "
      "node;"
      "UPDATE task SET outcome = (CASE task_no WHEN 2 THEN 'late' WHEN 3 THEN 'infeasible' WHEN 4 THEN "
      "'dropped' "
      "WHEN 5 THEN 'lost' WHEN 6 THEN 'unfinished' ELSE 'done' END), correct = iif(task_no < 2, task_no, "
      "NULL), "
      "latency_s = iif(task_no IN (0, 1, 2, 7), 0.25 + task_no, NULL), sensing_j = 1, compute_j = task_no, "
      "uplink_j = 0.5, energy_j = iif(task_no = 4, 0, 1.5 + task_no)");
  tally_again();
}

/* By hand. */
static const struct {
  const char *sql;
  double want;
} of_tally[] = {
    {"SELECT tasks FROM tally", 8},
    {"SELECT done * 100000 + late * 10000 + infeasible * 1000 + dropped * 100 + lost * 10 + "
     "unfinished FROM tally",
     311111},
    {"SELECT judged * 10 + correct FROM tally", 21},
    {"SELECT latency_s FROM tally", 11},
    {"SELECT energy_used FROM tally", 7},
    {"SELECT sensing_j FROM tally", 8},
    {"SELECT compute_j FROM tally", 28},
    {"SELECT uplink_j FROM tally", 4},
    {"SELECT energy_j FROM tally", 34.5},
    {"SELECT count(*) FROM tally WHERE node_id = 2 AND tasks = 0 AND decisions = 0 AND energy_j = 0 AND "
     "greatest_gap IS NULL",
     1},
    {"SELECT tasks FROM v_run", 8},
    {"SELECT nodes FROM v_run", 2},
    {"SELECT energy_per_task_j * 7 FROM v_run", 34.5},
    {"SELECT accuracy FROM v_run", 0.5},
    {"SELECT mean_latency_s FROM v_run", 2.75},
    {"SELECT count(*) FROM v_node WHERE scheme = 'jcc'", 1},
    {"SELECT done FROM run_summary", 3},
    {"SELECT sum(energy_j) * 7 FROM v_energy", 34.5},
    {"SELECT sum(share) * 8 FROM v_miss", 5}};

START_TEST(tallies_are_sums_over_tasks) {
  make_tasks_of_all_outcomes();
  ck_assert_double_eq_tol(number(of_tally[_i].sql), of_tally[_i].want, 1e-12);
}
END_TEST

/* By hand: tasks 0..7 of a recorded run, of which 1 and 2 chose split layer 3, the others 6; 1 and 5 have an answer. */
static const struct {
  const char *sql;
  double want;
} of_choice[] = {{"SELECT count(*) FROM choice", 2},
                 {"SELECT tasks FROM choice WHERE split = 3", 2},
                 {"SELECT tasks FROM choice WHERE split = 6", 6},
                 {"SELECT energy_j FROM choice WHERE split = 3", 1 + 2},
                 {"SELECT energy_j FROM choice WHERE split = 6", 0 + 3 + 4 + 5 + 6 + 7},
                 {"SELECT keep_ratio FROM choice WHERE split = 3", 1},
                 {"SELECT answered FROM choice WHERE split = 6", 1},
                 {"SELECT planned_energy_j FROM choice WHERE split = 6", 5},
                 {"SELECT realised_energy_j FROM choice WHERE split = 6", 50},
                 {"SELECT planned_latency_s FROM choice WHERE split = 6", 0.5},
                 {"SELECT realised_latency_s FROM choice WHERE split = 6", 0.75},
                 {"SELECT count(*) FROM v_choice WHERE scheme = 'joint'", 2}};

START_TEST(choices_are_sums_over_decisions) {
  iscc_results_must_record(0, 8);
  iscc_results_do(
      "UPDATE node SET scheme = 'joint'; UPDATE decision SET split = iif(task_no IN (1, 2), 3, 6), bits = 4, "
      "keep_ratio = 0.5, energy_j = task_no, latency_s = 0.1 * task_no WHERE executed; "
      "UPDATE task SET latency_s = iif(task_no IN (1, 5), 1, NULL), wait_ns = 250000000, energy_j = 10 * "
      "task_no");
  tally_again();
  ck_assert_double_eq_tol(number(of_choice[_i].sql), of_choice[_i].want, 1e-12);
}
END_TEST

/* What is not known of one call is not told of all. */
START_TEST(iterations_may_be_unknown) {
  iscc_results_must_record(0, 8);
  ck_assert_double_gt(number("SELECT mean_iterations FROM v_solver"), 0);
  iscc_results_do("UPDATE decision SET iterations = NULL WHERE task_no = 3");
  tally_again();
  ck_assert(isnan(number("SELECT mean_iterations FROM v_solver")));
}
END_TEST

/* Means are of runs that are done. */
static const char *const of_done[] = {"v_energy", "v_latency", "v_miss", "v_solver", "v_plan"};

START_TEST(runs_that_are_not_done_are_in_no_mean) {
  char sql[64];
  make_tasks_of_all_outcomes();
  snprintf(sql, sizeof sql, "SELECT count(*) FROM %s", of_done[_i]);
  ck_assert_double_gt(number(sql), 0);
  iscc_results_do("UPDATE run SET status = 'interrupted'");
  ck_assert_double_eq(number(sql), 0);
  ck_assert_double_eq(number("SELECT count(*) FROM v_run WHERE outcome = 'interrupted'"), 1);
}
END_TEST

/* A point without a value has a row, which says why. */
START_TEST(points_without_values_are_told) {
  make_campaign(2);
  iscc_results_do("DELETE FROM metric WHERE execution_id IN (3, 5)");
  ck_assert_double_eq(number("SELECT n" OF_NEW), 0);
  ck_assert_double_eq(number("SELECT without_value" OF_NEW), 3);
  ck_assert(isnan(number("SELECT mean" OF_NEW)));
  iscc_results_do(
      "UPDATE execution SET outcome = 'failed' WHERE json_extract(arguments, '$.scheme') = 'new'");
  ck_assert_double_eq(number("SELECT failed" OF_NEW), 4);
}
END_TEST

/* What is recorded comes with its tally. */
START_TEST(recorded_runs_have_tallies) {
  iscc_results_must_record(0, 8);
  ck_assert_double_eq(number("SELECT tasks FROM tally"), 8);
  ck_assert_double_eq(number("SELECT sum(tasks) FROM choice"),
                      number("SELECT count(*) FROM decision WHERE executed AND split IS NOT NULL"));
  ck_assert_double_gt(number("SELECT iterations FROM tally"), 0);
  ck_assert_double_eq(number("SELECT iterations FROM tally"), number("SELECT sum(iterations) FROM decision"));
  ck_assert_double_eq(number("SELECT decisions FROM tally"), number("SELECT count(*) FROM decision"));
  ck_assert_double_eq(number("SELECT solver_wall_us FROM tally"),
                      number("SELECT sum(solver_wall_us) FROM decision"));
  ck_assert_double_eq(number("SELECT energy_j FROM tally"), number("SELECT sum(energy_j) FROM task"));
  ck_assert_double_eq(number("SELECT greatest_gap FROM tally"),
                      number("SELECT max(relative_gap) FROM decision"));
  ck_assert_double_eq(number("SELECT certified FROM tally"),
                      number("SELECT count(*) FROM decision WHERE status = 'optimal'"));
}
END_TEST

/* Executions without a run of ours are among runs, by how they ended. */
START_TEST(runs_of_a_campaign_are_listed_however_they_ended) {
  make_campaign(2);
  ck_assert_double_eq(number("SELECT count(*) FROM v_run WHERE outcome = 'done'"), 1 + 4 + 1);
  ck_assert_double_eq(number("SELECT count(*) FROM v_run WHERE outcome IN ('failed', 'timed-out')"), 2);
  ck_assert_double_eq(number("SELECT count(*) FROM v_run WHERE schemes = 'new'"), 5);
}
END_TEST

Suite *iscc_suite_views(void);
Suite *iscc_suite_views(void) {
  Suite *suite = suite_create("views");
  TCase *tc = tcase_create("views");
  tcase_add_checked_fixture(tc, iscc_results_begin, iscc_results_end);
  tcase_add_loop_test(tc, points_have_the_interval_of_t, 0, sizeof sizes / sizeof *sizes);
  tcase_add_loop_test(tc, pairs_have_the_interval_of_t, 0, sizeof sizes / sizeof *sizes);
  tcase_add_loop_test(tc, tasks_by_hand, 0, sizeof of_tasks / sizeof *of_tasks);
  tcase_add_loop_test(tc, tallies_are_sums_over_tasks, 0, sizeof of_tally / sizeof *of_tally);
  tcase_add_loop_test(tc, choices_are_sums_over_decisions, 0, sizeof of_choice / sizeof *of_choice);
  tcase_add_test(tc, iterations_may_be_unknown);
  tcase_add_loop_test(tc, runs_that_are_not_done_are_in_no_mean, 0, sizeof of_done / sizeof *of_done);
  tcase_add_test(tc, points_without_values_are_told);
  tcase_add_test(tc, recorded_runs_have_tallies);
  tcase_add_test(tc, runs_of_a_campaign_are_listed_however_they_ended);
  suite_add_tcase(suite, tc);
  return suite;
}
