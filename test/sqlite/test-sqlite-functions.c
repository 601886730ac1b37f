/* SPDX-License-Identifier: GPL-2.0-only */
/* Functions of SQL by `.load libiscc_sqlite` in plain sqlite3: known values, those of our own statistics, and edges. */
#include <check.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "iscc-paired.h"
#include "iscc-run-program.h"
#include "iscc-sqlite-functions.h"
#include "iscc-wilson.h"

static sqlite3 *db;

/* The extension itself, in this process; t: what R's documentation has as `sleep`, hours of sleep more with two drugs (Student 1908). */
static void begin(void) {
  char *error = NULL;
  iscc_run_begin();
  ck_assert_int_eq(sqlite3_open(":memory:", &db), SQLITE_OK);
  ck_assert_int_eq(sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 1, NULL), SQLITE_OK);
  ck_assert_msg(sqlite3_load_extension(db, ISCC_TEST_BUILD_DIR "/libiscc_sqlite.so", NULL, &error) ==
                    SQLITE_OK,
                "%s", error);
  ck_assert_int_eq(
      sqlite3_exec(db,
                   "CREATE TABLE t (a, b); INSERT INTO t VALUES (0.7, 1.9), (-1.6, 0.8), (-0.2, 1.1),"
                   " (-1.2, 0.1), (-0.1, -0.1), (3.4, 4.4), (3.7, 5.5), (0.8, 1.6), (0, 4.6), (2, 3.4)",
                   NULL, NULL, NULL),
      SQLITE_OK);
}

static void end(void) {
  sqlite3_close(db);
  iscc_run_end();
}

static const double first[] = {0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0, 2},
                    second[] = {1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4};

/* NAN: it is NULL. */
static double number(const char *expression) {
  sqlite3_stmt *ask;
  char sql[512];
  snprintf(sql, sizeof sql, "SELECT %s", expression);
  ck_assert_msg(sqlite3_prepare_v2(db, sql, -1, &ask, NULL) == SQLITE_OK, "%s: %s", sql, sqlite3_errmsg(db));
  ck_assert_msg(sqlite3_step(ask) == SQLITE_ROW, "%s: %s", sql, sqlite3_errmsg(db));
  const double got = sqlite3_column_type(ask, 0) == SQLITE_NULL ? (double)NAN : sqlite3_column_double(ask, 0);
  sqlite3_finalize(ask);
  return got;
}

/* Literature and arithmetic by hand. R's t.test(sleep): p = 0.002833, difference -1.58, interval -2.4599 .. -0.7001. */
static const struct {
  const char *expression;
  double want, within;
} known[] = {
    {"paired_p(a, b) FROM t", 0.002833, 5e-7},
    {"paired_half_width(a, b) FROM t", (2.4598858 - 0.7001142) / 2, 5e-7},
    {"to_db(2)", 3.010299956639812, 1e-12},
    {"from_db(-30)", 1e-3, 1e-15},
    {"w_to_dbm(0.2)", 23.01029995663981, 1e-12},
    {"dbm_to_w(20)", 0.1, 1e-15},
    {"stable_sum(column1) FROM (VALUES (1), (1e100), (1), (-1e100))", 2, 0},
    {"sum(column1) FROM (VALUES (1), (1e100), (1), (-1e100))", 0, 0}, /* SQLite's own */
    {"variance(column1) FROM (VALUES (2), (4), (4), (4), (5), (5), (7), (9))", 32. / 7, 1e-14},
    {"cv(column1) FROM (VALUES (-2), (-4), (-6))", 0.5, 1e-14},
    {"median(column1) FROM (VALUES (7), (1), (3))", 3, 0},
    {"median(column1) FROM (VALUES (7), (1), (3), (4))", 3.5, 0},
    {"quantile(column1, 0.95) FROM (VALUES (1), (2), (3), (4), (5), (6), (7), (8), (9), (10))", 9.55, 1e-12},
    {"quantile(column1, 0) FROM (VALUES (7), (1), (3))", 1, 0},
    {"quantile(column1, 1) FROM (VALUES (7), (1), (3))", 7, 0},
    {"median(column1) FROM (VALUES (1), (2), (9e999))", 2, 0},
    {"quantile(column1, 0) FROM (VALUES (2), (-1.7e308), (1.7e308))", -1.7e308, 0},
    {"median(column1) FROM (VALUES (-1.7e308), (1.7e308))", 0, 0},
    {"t_half_width(column1) FROM (VALUES (1), (2), (3))", 4.30265273 / 1.73205081, 1e-7},
    {"t_half_width(column1, 0.9) FROM (VALUES (1), (2), (3))", 2.91998558 / 1.73205081, 1e-7},
    {"wilson_low(0, 10)", 0, 0},
    {"wilson_high(0, 10)", 0.2775328, 5e-8},
};

START_TEST(known_values_come_out) {
  ck_assert_double_eq_tol(number(known[_i].expression), known[_i].want, known[_i].within + 1e-300);
}
END_TEST

START_TEST(pairs_are_those_of_our_statistics) {
  const iscc_paired want = iscc_paired_of(first, second, 10, 0.99),
                    usual = iscc_paired_of(first, second, 10, 0.95);
  ck_assert_double_eq(number("paired_relative(a, b) FROM t"), usual.relative);
  ck_assert_double_eq(number("paired_relative_low(a, b) FROM t"), usual.relative_low);
  ck_assert_double_eq(number("paired_relative_high(a, b) FROM t"), usual.relative_high);
  ck_assert_double_eq(number("paired_relative_high(a, b, 0.99) FROM t"), want.relative_high);
  ck_assert_double_eq(number("paired_half_width(a, b, 0.99) FROM t"), want.half_width);
  ck_assert_double_eq(number("wilson_low(3, 10, 0.9)"), iscc_wilson_of(3, 10, 0.9).low);
  ck_assert_double_eq(number("wilson_high(3, 10, 0.9)"), iscc_wilson_of(3, 10, 0.9).high);
}
END_TEST

START_TEST(what_is_null_is_left_out) {
  static const char *const nothing[] = {"stddev(column1) FROM (VALUES (3), (NULL))",
                                        "stable_sum(column1) FROM (VALUES (NULL))",
                                        "median(a) FROM t WHERE a > 9",
                                        "to_db(0)",
                                        "to_db(NULL)",
                                        "cv(column1) FROM (VALUES (1), (-1))",
                                        "wilson_low(1, 0)",
                                        "wilson_low(NULL, 3)",
                                        "paired_p(a, NULL) FROM t"};
  for (size_t i = 0; i < sizeof nothing / sizeof *nothing; i++)
    ck_assert_msg(isnan(number(nothing[i])), "%s", nothing[i]);
  ck_assert_double_eq(number("median(column1) FROM (VALUES (NULL), (1), (NULL), (3))"), 2);
  ck_assert_double_eq(
      number("paired_half_width(column1, column2) FROM (VALUES (1, 5), (2, NULL), (3, 8), (NULL, 9))"),
      number("t_half_width(column1) FROM (VALUES (-4), (-5))"));
}
END_TEST

/* Places of 1001 values in all orders, beside SQLite's own sorting. */
static const char *const orders[] = {"i", "-i",           "i * 7919 % 1001", "i % 7",
                                     "0", "abs(i - 500)", "-abs(i - 500)",   "i * i % 1009"};

START_TEST(quantiles_are_those_of_sorted_values) {
  static const int places[] = {0, 1, 2, 10, 499, 500, 501, 950, 999, 1000};
  for (size_t k = 0; k < sizeof places / sizeof *places; k++) {
    char whole[1024];
    snprintf(whole, sizeof whole,
             "q FROM (WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 1000) SELECT "
             "quantile(%s, %d / "
             "1000.) - (SELECT %s AS y FROM n ORDER BY y LIMIT 1 OFFSET %d) AS q FROM n)",
             orders[_i], places[k], orders[_i], places[k]);
    ck_assert_double_eq_tol(number(whole), 0, 1e-9);
  }
}
END_TEST

/* Each group and each row of a window of its own. */
START_TEST(groups_are_apart) {
  ck_assert_double_eq(
      number("group_concat(m, '') FROM (SELECT median(column2) AS m FROM (VALUES (1, 1), (2, 5), (1, 3),"
             " (2, 7)) GROUP BY column1)"),
      2.06);
}
END_TEST

static const char *const wrong[][2] = {
    {"quantile(a, 1.5) FROM t", "p is in 0..1"},         {"quantile(a, NULL) FROM t", "p is in 0..1"},
    {"t_half_width(a, 95) FROM t", "in (0, 1)"},         {"wilson_low(1, 2, 0)", "in (0, 1)"},
    {"median('x') FROM t", "a value is no number"},      {"to_db('x')", "a value is no number"},
    {"paired_p(a, 'x') FROM t", "a value is no number"}, {"quantile(a) FROM t", "wrong number of arguments"}};

START_TEST(wrong_arguments_are_errors) {
  char *error = NULL, sql[256];
  snprintf(sql, sizeof sql, "SELECT %s", wrong[_i][0]);
  ck_assert_int_eq(sqlite3_exec(db, sql, NULL, NULL, &error), SQLITE_ERROR);
  ck_assert_msg(strstr(error, wrong[_i][1]) != NULL, "%s", error);
  sqlite3_free(error);
}
END_TEST

/* As a user does, and as a program that is linked with the functions. */
/* A library with the address sanitizer is loaded by no program without it. */
START_TEST(sqlite3_loads_it) {
  if (strstr(ISCC_TEST_SANITIZE, "address")) return;
  iscc_run_well("sqlite3 :memory: '.load " ISCC_TEST_BUILD_DIR
                "/libiscc_sqlite' 'SELECT to_db(100), median(column1) "
                "FROM (VALUES (1), (9))'");
  ck_assert_str_eq(iscc_run_output, "20.0|5.0\n");
  sqlite3_close(db);
  ck_assert_int_eq(sqlite3_open(":memory:", &db), SQLITE_OK);
  ck_assert_int_eq(iscc_sqlite_functions_add(db), SQLITE_OK);
  ck_assert_double_eq(number("to_db(100)"), 20);
}
END_TEST

Suite *iscc_suite_sqlite_functions(void);

Suite *iscc_suite_sqlite_functions(void) {
  Suite *suite = suite_create("sqlite-functions");
  TCase *tc = tcase_create("sqlite-functions");
  tcase_add_checked_fixture(tc, begin, end);
  tcase_add_loop_test(tc, known_values_come_out, 0, sizeof known / sizeof *known);
  tcase_add_test(tc, pairs_are_those_of_our_statistics);
  tcase_add_test(tc, what_is_null_is_left_out);
  tcase_add_loop_test(tc, quantiles_are_those_of_sorted_values, 0, sizeof orders / sizeof *orders);
  tcase_add_test(tc, groups_are_apart);
  tcase_add_loop_test(tc, wrong_arguments_are_errors, 0, sizeof wrong / sizeof *wrong);
  tcase_add_test(tc, sqlite3_loads_it);
  suite_add_tcase(suite, tc);
  return suite;
}
