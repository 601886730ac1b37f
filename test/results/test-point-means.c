/* SPDX-License-Identifier: GPL-2.0-only */
/* `iscc campaign show`: each point's mean and interval beside those of the same values by hand, and what is left out. */
#include <check.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "iscc-mean-interval.h"
#include "iscc-point-means.h"
#include "iscc-point-text.h"
#include "iscc-run-program.h"
#include "iscc-wilson.h"

#define SHOW "'" ISCC_TEST_BUILD_DIR "/iscc' campaign show c.db "

enum { RUNS = 9, POINTS = 3 };

static const char *const nodes[POINTS] = {"5", "10", "100"}; /* as text in another order */

static double energy(int point, int run) {
  return 3 * point + (run * 37) % 11 + 0.5 * ((run * 5) % 7);
}

static int is_right(int point, int run) {
  return (run * (point + 1)) % 3 != 0;
}

static void add(FILE *sql, int id, int point, int run, const char *outcome) {
  fprintf(
      sql,
      "INSERT INTO execution (execution_id, program, program_sha256, arguments, seed, run, stopping, outcome,"
      " exit_status, stderr, iscc_version, host, started_wall, elapsed_wall_s, cpu_wall_s, peak_wall_bytes)"
      " VALUES (%d, 'p', 'abc', '{\"nodes\":\"%s\",\"t\":\"9\"}', 1, %d, 'fixed', '%s', 0,"
      " 'no' || char(10) || 'luck', '1', 'h', '', 1, 1, 1);\n",
      id, nodes[point], run, outcome);
  fprintf(sql, "INSERT INTO metric VALUES (%d, 'energy_j', %.17g), (%d, 'right', %d), (%d, 'tail', %.17g);\n",
          id, strcmp(outcome, "done") == 0 ? energy(point, run) : 1e9, id, is_right(point, run), id,
          exp(0.8 * run));
}

/* Replication 4 of the first point failed, then was done; 9 of the second has failed twice. */
static void begin(void) {
  char path[256];
  iscc_run_begin();
  snprintf(path, sizeof path, "%s/fill.sql", iscc_run_folder);
  FILE *sql = fopen(path, "w");
  ck_assert_ptr_nonnull(sql);
  int id = 1;
  add(sql, id++, 0, 4, "failed");
  for (int run = 1; run <= RUNS; run++)
    for (int point = 0; point < POINTS; point++)
      add(sql, id++, point, run, point == 1 && run == 9 ? "timed-out" : "done");
  add(sql, id++, 1, 9, "failed");
  ck_assert_int_eq(fclose(sql), 0);
  iscc_run_well("sqlite3 c.db <'" ISCC_TEST_SOURCE_DIR "/model/record/schema.sql' && sqlite3 c.db <fill.sql");
}

static void read_means(const char *metric, iscc_point_means *means) {
  char path[256];
  const iscc_point_question question = {NULL, metric, 0.95};
  iscc_error error = {""};
  snprintf(path, sizeof path, "%s/c.db", iscc_run_folder);
  ck_assert_msg(iscc_point_means_read(path, &question, means, &error) == ISCC_OK, "%s", error.text);
  ck_assert_uint_eq(means->points, POINTS);
}

START_TEST(means_are_of_what_is_done) {
  iscc_point_means means;
  read_means("energy_j", &means);
  for (int point = 0; point < POINTS; point++) {
    const iscc_point_mean *p = means.point + point;
    const size_t n = point == 1 ? RUNS - 1 : RUNS;
    double value[RUNS];
    for (size_t i = 0; i < n; i++) value[i] = energy(point, (int)i + 1);
    const iscc_mean_interval want = iscc_mean_interval_of(value, n);
    char arguments[64];
    snprintf(arguments, sizeof arguments, "{\"nodes\":\"%s\",\"t\":\"9\"}", nodes[point]);
    ck_assert_str_eq(p->arguments, arguments);
    ck_assert_uint_eq(p->n, n);
    ck_assert_uint_eq(p->failed, point == 1 ? 1 : 0);
    ck_assert_int_eq(p->method, ISCC_INTERVAL_T);
    ck_assert_double_eq_tol(p->mean, want.value, 1e-12);
    ck_assert_double_eq_tol(p->low, want.value - want.half_width, 1e-12);
    ck_assert_double_eq_tol(p->high, want.value + want.half_width, 1e-12);
    ck_assert_double_eq_tol(p->deviation * iscc_mean_interval_quantile(n, 0.95) / sqrt((double)n),
                            want.half_width, 1e-12);
  }
  iscc_point_means_free(&means);
}
END_TEST

START_TEST(shares_and_tails_have_intervals_of_their_own) {
  iscc_point_means means;
  read_means("right", &means);
  double right = 0;
  for (int run = 1; run <= RUNS; run++) right += is_right(0, run);
  const iscc_proportion want = iscc_wilson_of(right, RUNS, 0.95);
  ck_assert_int_eq(means.point[0].method, ISCC_INTERVAL_WILSON);
  ck_assert_double_eq_tol(means.point[0].mean, want.share, 1e-12);
  ck_assert_double_eq_tol(means.point[0].low, want.low, 1e-12);
  ck_assert_double_eq_tol(means.point[0].high, want.high, 1e-12);
  iscc_point_means_free(&means);
  read_means("tail", &means);
  const iscc_point_mean *p = means.point;
  ck_assert_int_eq(p->method, ISCC_INTERVAL_BOOTSTRAP_T);
  ck_assert_int_eq(p->warning, ISCC_WARNING_SKEWED);
  ck_assert_double_gt(p->high - p->mean, 2 * (p->mean - p->low)); /* farther to the side of the tail */
  ck_assert_double_eq(p->low, means.point[2].low);                /* the same values, the same interval */
  iscc_point_means_free(&means);
}
END_TEST

/* 'right' where all is right; a share that is 1 in all replications of one point, and not elsewhere; one that is 1 everywhere; a duration
 * that is 0. */
START_TEST(equal_values_are_no_successes) {
  static const struct {
    const char *change, *metric;
    iscc_interval_method method;
    double low;
  } want[] = {
      {"UPDATE metric SET value = 1 WHERE name = 'right' AND execution_id IN (SELECT execution_id FROM "
       "execution WHERE json_extract(arguments, '$.nodes') = '5')",
       "right", ISCC_INTERVAL_WILSON, 0.7009},
      {"UPDATE metric SET value = iif(execution_id IN (SELECT execution_id FROM execution WHERE "
       "json_extract(arguments, '$.nodes') = '5'), 1, 0.7) WHERE name = 'right'",
       "right", ISCC_INTERVAL_NONE, NAN},
      {"UPDATE metric SET value = 1 WHERE name = 'right'", "right", ISCC_INTERVAL_NONE, NAN},
      {"UPDATE metric SET name = 'queue_s', value = execution_id IN (SELECT execution_id FROM execution "
       "WHERE json_extract(arguments, '$.nodes') = '100') WHERE name = 'right'",
       "queue_s", ISCC_INTERVAL_NONE, NAN},
      {"UPDATE metric SET value = 0.3 + iif(execution_id % 2, 1e-16, 0) WHERE name = 'right'", "right",
       ISCC_INTERVAL_NONE, NAN}};
  iscc_point_means means;
  char command[512];
  snprintf(command, sizeof command, "sqlite3 c.db \"%s\"", want[_i].change);
  iscc_run_well(command);
  read_means(want[_i].metric, &means);
  ck_assert_int_eq(means.point[0].method, want[_i].method);
  if (isnan(want[_i].low))
    ck_assert(isnan(means.point[0].low) && isnan(means.point[0].high));
  else
    ck_assert_double_eq_tol(means.point[0].low, want[_i].low, 1e-4);
  iscc_point_means_free(&means);
  snprintf(command, sizeof command, SHOW "--metric %s", want[_i].metric);
  iscc_run_well(command);
  ck_assert_int_eq(strstr(iscc_run_output, "            -            -            0  -  (no scatter)\n") !=
                       NULL,
                   isnan(want[_i].low));
}
END_TEST

/* n = 9: the factor of iscc-sequential.h. */
START_TEST(stopped_by_precision_is_corrected) {
  iscc_point_means plain, corrected;
  read_means("energy_j", &plain);
  iscc_run_well("sqlite3 c.db \"UPDATE execution SET stopping = 'precision' WHERE run = 9\"");
  read_means("energy_j", &corrected);
  const iscc_point_mean *a = plain.point, *b = corrected.point;
  ck_assert_double_eq_tol(b->high - b->mean, (1 + 8. / (RUNS * RUNS)) * (a->high - a->mean), 1e-9);
  iscc_point_means_free(&plain);
  iscc_point_means_free(&corrected);
  iscc_run_well(SHOW "--metric energy_j");
  ck_assert_ptr_nonnull(strstr(iscc_run_output, "Results decided how many replications there are"));
}
END_TEST

START_TEST(it_is_shown) {
  iscc_run_well(SHOW);
  ck_assert_msg(strstr(iscc_run_output,
                       "p: 26 replications done at 3 points, 1 not done (--failed lists them); "
                       "RngSeed 1, RngRun 1..9\n") != NULL,
                "%s", iscc_run_output);
  const char *five = strstr(iscc_run_output, "\nnodes=5 "), *ten = strstr(iscc_run_output, "\nnodes=10 "),
             *hundred = strstr(iscc_run_output, "\nnodes=100 ");
  ck_assert(five && ten && hundred && five < ten && ten < hundred);
  ck_assert_ptr_null(strstr(iscc_run_output, "t=9")); /* the same everywhere */
  ck_assert_ptr_nonnull(strstr(iscc_run_output, "\ntail: mean"));
  iscc_run_well(SHOW "--metric right");
  ck_assert_ptr_null(strstr(iscc_run_output, "\ntail: mean"));
}
END_TEST

START_TEST(what_failed_is_listed_once) {
  iscc_run_well(SHOW "--failed");
  ck_assert_str_eq(iscc_run_output, "execution 29: p --nodes=10 --t=9 --RngSeed=1 --RngRun=9\n"
                                    "  failed, exit status 0, after 1 s, attempt 2, on h\n"
                                    "  | no\n  | luck\n");
  iscc_run_well("sqlite3 c.db 'DELETE FROM execution WHERE run = 9'");
  iscc_run_well(SHOW "--failed");
  ck_assert_str_eq(iscc_run_output, "No replication is without a result.\n");
}
END_TEST

START_TEST(wrong_questions_are_refused) {
  static const struct {
    const char *arguments, *text;
  } wrong[] = {{"--metric energy", "metric 'energy': no run has it; there are energy_j,right,tail"},
               {"--confidence 95", "0.5"},
               {"d.db", "one database at a time"},
               {"--what", "there is no such option"}};
  for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
    char command[512];
    snprintf(command, sizeof command, SHOW "%s >out 2>&1; test $? = 2 && cat out", wrong[i].arguments);
    iscc_run_well(command);
    ck_assert_msg(strstr(iscc_run_output, wrong[i].text) != NULL, "'%s' is not in: %s", wrong[i].text,
                  iscc_run_output);
  }
  iscc_run_well("sqlite3 c.db 'DELETE FROM metric; DELETE FROM execution'; " SHOW
                "2>out; test $? = 2 && cat out");
  ck_assert_ptr_nonnull(strstr(iscc_run_output, "holds no runs of a campaign that are done"));
}
END_TEST

START_TEST(points_are_in_order) {
  static const char *const order[] = {"{\"a\":\"0.75\",\"b\":\"x\"}", "{\"a\":\"0.8\",\"b\":\"x\"}",
                                      "{\"a\":\"0.8\",\"b\":\"y\"}", "{\"a\":\"9\",\"b\":\"x\"}",
                                      "{\"a\":\"10\",\"b\":\"x\"}"};
  for (size_t i = 0; i < 5; i++)
    for (size_t j = 0; j < 5; j++) {
      const int got = iscc_point_order(order[i], order[j]);
      ck_assert_int_eq((got > 0) - (got < 0), (i > j) - (i < j));
    }
}
END_TEST

Suite *iscc_suite_point_means(void);

Suite *iscc_suite_point_means(void) {
  Suite *suite = suite_create("point-means");
  TCase *tcase = tcase_create("campaign");
  tcase_add_checked_fixture(tcase, begin, iscc_run_end);
  tcase_add_test(tcase, means_are_of_what_is_done);
  tcase_add_test(tcase, shares_and_tails_have_intervals_of_their_own);
  tcase_add_loop_test(tcase, equal_values_are_no_successes, 0, 5);
  tcase_add_test(tcase, stopped_by_precision_is_corrected);
  tcase_add_test(tcase, it_is_shown);
  tcase_add_test(tcase, what_failed_is_listed_once);
  tcase_add_test(tcase, wrong_questions_are_refused);
  tcase_add_test(tcase, points_are_in_order);
  suite_add_tcase(suite, tcase);
  return suite;
}
