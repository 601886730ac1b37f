/* SPDX-License-Identifier: GPL-2.0-only */
/* `iscc campaign compare` of successes: means over points, other programs beside, and what the sentence says. */
#include <check.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "iscc-compare.h"
#include "iscc-run-program.h"

#define COMPARE "'" ISCC_TEST_BUILD_DIR "/iscc' campaign compare c.db --metric ok --by s --baseline old "
#define SHOW    "'" ISCC_TEST_BUILD_DIR "/iscc' campaign show c.db --metric ok"
#define NEW     "json_extract(arguments, '$.s') = 'new'"
#define LOAD    "json_extract(arguments, '$.load')"

/* Runs of a program with s = old and new at two loads, and their metric ok, an expression in SQL. */
static void record(const char *program, int runs, const char *ok) {
  char sql[2048];
  snprintf(
      sql, sizeof sql,
      "WITH RECURSIVE replication(run) AS (SELECT 1 UNION ALL SELECT run + 1 FROM replication WHERE run "
      "< %d) INSERT INTO execution (program, program_sha256, arguments, seed, run, stopping, outcome, "
      "exit_status, stderr, iscc_version, host, started_wall, elapsed_wall_s, cpu_wall_s, "
      "peak_wall_bytes) SELECT '%s', 'abc', json_object('load', l.value, 's', s.value), 1, run, 'fixed', "
      "'done', 0, '', '1', 'h', '', 1, 1, 1 FROM replication, json_each('[\"1\", \"2\"]') l, "
      "json_each('[\"old\", \"new\"]') s;\n"
      "INSERT INTO metric SELECT execution_id, 'ok', %s FROM execution WHERE program = '%s';\n",
      runs, program, ok, program);
  iscc_run_write("fill.sql", sql);
  iscc_run_well("sqlite3 c.db <fill.sql");
}

static void begin(void) {
  iscc_run_begin();
  iscc_run_well("sqlite3 c.db <'" ISCC_TEST_SOURCE_DIR "/model/record/schema.sql'");
}

static void compare(const char *where, iscc_comparison *c) {
  char path[256];
  const iscc_compare_question question = {"ok", "s", "old", 0.95, where};
  iscc_error error = {""};
  snprintf(path, sizeof path, "%s/c.db", iscc_run_folder);
  ck_assert_msg(iscc_compare(path, &question, c, &error) == ISCC_OK, "%s", error.text);
}

static void expect_no_interval(const iscc_compare_row *row) {
  ck_assert_double_nan(row->paired.half_width);
  ck_assert_double_nan(row->paired.relative_low);
  ck_assert_int_eq(row->interval.method, ISCC_INTERVAL_NONE);
  ck_assert_int_eq(row->warning, ISCC_WARNING_NONE);
}

/* New has a success more at both loads, but in one replication at one of them: 2 of the 2^5 ways to set signs are as far from 0. t has
 * p = 0.0008, and 0.9 -+ 0.28. */
START_TEST(means_of_successes_are_no_more_certain_than_pairs) {
  iscc_comparison c;
  record("p", 5, NEW " AND NOT (" LOAD " = '2' AND run = 5)");
  compare(NULL, &c);
  ck_assert_uint_eq(c.rows, 3);
  ck_assert_double_eq_tol(c.row[2].paired.difference, 0.9, 1e-12);
  ck_assert_double_eq_tol(c.row[2].paired.p_value, 0.0625, 1e-12);
  expect_no_interval(c.row + 2);
  iscc_comparison_free(&c);
  iscc_run_expect(0, COMPARE,
                  "Over all points: new and old are not told apart in ok: difference 0.9, 5 paired runs.\n");
}
END_TEST

/* Differences of 1 and 0.5 in turn: t's interval from 10 on that are not the commonest, none else; all have the exact p-value. */
START_TEST(many_means_of_successes_have_an_interval) {
  static const struct {
    int runs;
    const char *ok;
    double half_width;
  } want[] = {{20, NEW " AND (" LOAD " = '1' OR run % 2)", 0.12004},
              {19, NEW " AND (" LOAD " = '1' OR run % 2)", NAN},
              {40, NEW " AND (" LOAD " = '1' OR run = 7)", NAN},
              {40, NEW " AND " LOAD " = '1' OR NOT " NEW " AND " LOAD " = '2' AND run = 99", NAN}};
  iscc_comparison c;
  record("p", want[_i].runs, want[_i].ok);
  compare(NULL, &c);
  ck_assert_uint_eq(c.rows, 3);
  ck_assert_double_eq_tol(c.row[2].paired.p_value, ldexp(1, 1 - want[_i].runs), 1e-15);
  if (isnan(want[_i].half_width))
    expect_no_interval(c.row + 2);
  else
    ck_assert_double_eq_tol(c.row[2].paired.half_width, want[_i].half_width, 1e-5);
  iscc_comparison_free(&c);
}
END_TEST

/* The same numbers whatever another program calls ok: with shares between 0 and 1 there, t found p < 0.0001 here. */
START_TEST(results_of_another_program_change_nothing) {
  iscc_comparison alone, beside;
  record("p", 5, NEW);
  compare(NULL, &alone);
  record("q", 5, "0.5");
  compare("{\"program\":[\"p\"]}", &beside);
  ck_assert_uint_eq(beside.rows, alone.rows);
  for (size_t i = 0; i < alone.rows; i++) {
    ck_assert_double_eq_tol(beside.row[i].paired.p_value, 0.0625, 1e-12);
    ck_assert_int_eq(beside.row[i].interval.method, ISCC_INTERVAL_NEWCOMBE);
    ck_assert_double_eq(beside.row[i].interval.low, alone.row[i].interval.low);
  }
  iscc_comparison_free(&beside);
  compare(NULL, &beside);
  for (size_t i = 0; i < beside.rows; i++) /* each program for itself */
    ck_assert_int_eq(beside.row[i].interval.method,
                     strstr(beside.row[i].rest, "\"p\"") ? ISCC_INTERVAL_NEWCOMBE : ISCC_INTERVAL_NONE);
  iscc_comparison_free(&beside);
  iscc_comparison_free(&alone);
  iscc_run_expect(0, SHOW,
                  "load=1 s=new       5       0            1      0.56552            1            0  Wilson");
}
END_TEST

/* Shares of several tasks at load 2: not of successes there, nor over both loads. At load 1 alone, they are as good as successes. Where
 * all that is looked at is the same, the rest of the program tells: there are failures, even if not here. */
START_TEST(where_tells_what_is_looked_at) {
  static const struct {
    const char *where, *ok;
    iscc_interval_method method;
  } want[] = {
      {NULL, "iif(" LOAD " = '2', 0.5, " NEW ")", ISCC_INTERVAL_NONE},
      {"{\"load\":[\"1\"]}", "iif(" LOAD " = '2', 0.5, " NEW ")", ISCC_INTERVAL_NEWCOMBE},
      {"{\"load\":[\"1\"],\"s\":[\"new\"]}", "iif(" LOAD " = '2', 0.5, " NEW ")", ISCC_INTERVAL_NEWCOMBE},
      {"{\"load\":[\"1\"]}", LOAD " = '1'", ISCC_INTERVAL_NEWCOMBE},
      {"{\"load\":[\"1\"]}", "1", ISCC_INTERVAL_NONE}};
  iscc_comparison c;
  record("p", 5, want[_i].ok);
  compare(want[_i].where, &c);
  ck_assert_int_eq(c.row[0].interval.method, want[_i].method);
  iscc_comparison_free(&c);
}
END_TEST

/* Nine differences near 10 and one of -4: t has p = 0.0002, and bootstrap-t cannot rule out 0. */
START_TEST(a_difference_is_said_when_its_interval_leaves_out_zero) {
  iscc_comparison c;
  record("p", 10, "(" NEW ") * iif(run = 7, -4, 10 + 0.1 * run)");
  compare("{\"load\":[\"1\"]}", &c);
  ck_assert_double_lt(c.row[0].adjusted_p, 0.001);
  ck_assert_int_eq(c.row[0].interval.method, ISCC_INTERVAL_BOOTSTRAP_T);
  ck_assert(c.row[0].interval.low < 0 && c.row[0].interval.high > 0);
  iscc_comparison_free(&c);
  iscc_run_expect(0, COMPARE "--where load=1",
                  "new and old are not told apart in ok: difference 9.08 (-22 .. 11), 10 paired ");
  iscc_run_well("sqlite3 c.db 'UPDATE metric SET value = 9.5 WHERE value = -4'");
  iscc_run_expect(0, COMPARE "--where load=1", " more ok than old, 10 paired runs.\n");
}
END_TEST

/* One failure of 20 makes zeros and ones skewed, which Wilson's interval knows of. */
START_TEST(shares_are_not_called_skewed) {
  record("p", 20, "NOT (run = 7 AND " NEW ")");
  iscc_run_expect(
      0, SHOW, "load=1 s=new      20       0         0.95      0.76387      0.99112      0.22361  Wilson\n");
  ck_assert_ptr_null(strstr(iscc_run_output, "skewed"));
}
END_TEST

Suite *iscc_suite_compare_shares(void);

Suite *iscc_suite_compare_shares(void) {
  Suite *suite = suite_create("compare-shares");
  TCase *tc = tcase_create("compare");
  tcase_add_checked_fixture(tc, begin, iscc_run_end);
  tcase_add_test(tc, means_of_successes_are_no_more_certain_than_pairs);
  tcase_add_loop_test(tc, many_means_of_successes_have_an_interval, 0, 4);
  tcase_add_test(tc, results_of_another_program_change_nothing);
  tcase_add_loop_test(tc, where_tells_what_is_looked_at, 0, 5);
  tcase_add_test(tc, a_difference_is_said_when_its_interval_leaves_out_zero);
  tcase_add_test(tc, shares_are_not_called_skewed);
  suite_add_tcase(suite, tc);
  return suite;
}
