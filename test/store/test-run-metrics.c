/* SPDX-License-Identifier: GPL-2.0-only */
/* Metrics of a recorded run, against values by hand. */
#include <check.h>
#include <math.h>
#include <sqlite3.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "iscc-database.h"
#include "iscc-run-metrics.h"
#include "iscc-run-program.h"
#include "iscc-test-files.h"

static sqlite3 *db;

static void sql(const char *text) {
  char *message = NULL;
  ck_assert_msg(sqlite3_exec(db, text, NULL, NULL, &message) == SQLITE_OK, "%s", message);
}

static void open_database(void) {
  iscc_error error = {""};
  iscc_run_begin();
  ck_assert_msg(iscc_database_open(iscc_test_path("m.db"), &db, &error) == ISCC_OK, "%s", error.text);
  sql("INSERT INTO run (run_id, program, parameters, seed, run, version, status, end_ns, started_wall, "
      "ended_wall)"
      " VALUES (1, 'p', '{}', 1, 1, 'v', 'done', 0, '', ''), (2, 'p', '{}', 1, 2, 'v', 'done', 0, '', '')");
  sql("INSERT INTO node VALUES (1, 0, 'joint', 'model', 0.8, 1, 0, 0, 0), (2, 0, 'joint', 'model', 0.8, 1, "
      "0, 0, 0)");
}

/* Task no. of run 1: outcome, latency or NULL, energy, uplink time, correct or NULL. */
static void add_task(int no, const char *outcome, const char *latency_s, double energy_j, int uplink_ns,
                     const char *correct) {
  char text[512];
  snprintf(text, sizeof text,
           "INSERT INTO task VALUES (1, 0, %d, '%s', 0, 0, 0, %s, 0, 0, 0, %d, 0, 0, 0, 0, 0, 0, %.17g, 0, "
           "0, 0, 0, "
           "NULL, NULL, %s)",
           no, outcome, latency_s, uplink_ns, energy_j, correct);
  sql(text);
}

static double metric(int64_t run_id, const char *name) {
  double values[ISCC_RUN_METRICS];
  ck_assert_int_eq(iscc_run_metrics_read(db, run_id, values), SQLITE_OK);
  for (int i = 0; i < ISCC_RUN_METRICS; i++)
    if (strcmp(iscc_run_metric_name(i), name) == 0) return values[i];
  ck_abort_msg("no metric %s", name);
  return 0;
}

static void close_database(void) {
  sqlite3_close(db);
  iscc_run_end();
}

START_TEST(by_hand) {
  add_task(0, "done", "0.5", 0.25, 1000, "1");
  add_task(1, "done", "0.75", 0.5, 3000, "0");
  add_task(2, "late", "1.5", 0.5, 8000, "1");
  add_task(3, "infeasible", "NULL", 0, 0, "NULL");
  add_task(4, "lost", "NULL", 0.75, 0, "NULL");
  add_task(5, "dropped", "NULL", 0, 0, "NULL");
  add_task(6, "infeasible", "NULL", 0, 0, "NULL");
  add_task(7, "unfinished", "NULL", 0.5, 0, "NULL");
  sql("INSERT INTO battery VALUES (1, 0, '5', 5, 0, 0, 0, 0, 0, 0, 0, 2500000000)");
  const struct {
    const char *name;
    double value;
  } expected[] = {{"tasks", 8},
                  {"done_share", 0.25},
                  {"late_share", 0.125},
                  {"infeasible_share", 0.25},
                  {"dropped_share", 0.125},
                  {"lost_share", 0.125},
                  {"accuracy", 2.0 / 3},
                  {"energy_per_task_j", 0.5}, /* of the five that cost some */
                  {"energy_per_done_task_j", 1.25},
                  {"latency_s", 2.75 / 3},
                  {"latency_p95_s", 1.5},
                  {"uplink_s", 4e-6},
                  {"lifetime_s", 2.5}};
  for (size_t i = 0; i < sizeof expected / sizeof *expected; i++)
    ck_assert_msg(fabs(metric(1, expected[i].name) - expected[i].value) < 1e-15, "%s", expected[i].name);
}
END_TEST

/* The least latency that at least 95 % are not above; added out of order. */
START_TEST(percentile) {
  static const struct {
    int n;
    double p95;
  } cases[] = {{1, 1}, {19, 19}, {20, 19}, {21, 20}, {40, 38}, {100, 95}, {101, 96}};
  for (int i = 0; i < cases[_i].n; i++) {
    char latency[16];
    snprintf(latency, sizeof latency, "%d",
             1 + (i * 37) % cases[_i].n); /* each of 1..n once: none is a multiple of 37 */
    add_task(i, "done", latency, 1, 1, "1");
  }
  ck_assert_double_eq(metric(1, "latency_p95_s"), cases[_i].p95);
}
END_TEST

START_TEST(what_is_not_there_is_left_out) {
  ck_assert_double_eq(metric(2, "tasks"), 0);
  ck_assert(isnan(metric(2, "accuracy")) && isnan(metric(2, "latency_p95_s")) &&
            isnan(metric(2, "lifetime_s")));
  sql("INSERT INTO execution (execution_id, program, program_sha256, arguments, seed, run, stopping, "
      "outcome, run_id,"
      " stderr, iscc_version, host, started_wall, elapsed_wall_s, cpu_wall_s, peak_wall_bytes)"
      " VALUES (7, 'p', '', '{}', 1, 2, 'fixed', 'done', 2, '', '', '', '', 0, 0, 0)");
  ck_assert_int_eq(iscc_run_metrics_insert(db, 7, 2), SQLITE_OK);
  sqlite3_stmt *ask;
  sqlite3_prepare_v2(db, "SELECT group_concat(name || value) FROM metric WHERE execution_id = 7", -1, &ask,
                     NULL);
  ck_assert_int_eq(sqlite3_step(ask), SQLITE_ROW);
  ck_assert_str_eq((const char *)sqlite3_column_text(ask, 0), "tasks0.0");
  sqlite3_finalize(ask);
}
END_TEST

Suite *iscc_suite_run_metrics(void);
Suite *iscc_suite_run_metrics(void) {
  Suite *suite = suite_create("run-metrics");
  TCase *tc = tcase_create("run-metrics");
  tcase_add_checked_fixture(tc, open_database, close_database);
  tcase_add_test(tc, by_hand);
  tcase_add_loop_test(tc, percentile, 0, 7);
  tcase_add_test(tc, what_is_not_there_is_left_out);
  suite_add_tcase(suite, tc);
  return suite;
}
