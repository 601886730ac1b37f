/* SPDX-License-Identifier: GPL-2.0-only */
/* One connection while others write. */
#include <check.h>
#include <stdio.h>

#include "iscc-answer.h"
#include "iscc-query.h"
#include "iscc-run-program.h"
#include "iscc-test-query.h"

static long long ask(sqlite3 *db, const char *sql) {
  json_t *answer;
  iscc_error error = {""};
  ck_assert_msg(iscc_answer_json(db, sql, 1, &answer, &error) == ISCC_OK, "%s", error.text);
  const long long value =
      json_integer_value(json_array_get(json_array_get(json_object_get(answer, "rows"), 0), 0));
  json_decref(answer);
  return value;
}

/* Parts of an overview or a report that are asked one after the other fit together. */
START_TEST(answers_are_of_one_moment) {
  char path[128];
  sqlite3 *db;
  iscc_error error = {""};
  iscc_run_well("cp made.db moment.db && sqlite3 moment.db 'PRAGMA journal_mode = WAL'");
  snprintf(path, sizeof path, "%s/moment.db", iscc_run_folder);
  ck_assert_msg(iscc_query_open(path, &db, &error) == ISCC_OK, "%s", error.text);
  const long long runs = ask(db, "SELECT count(*) FROM run");
  iscc_run_well("'" ISCC_TEST_BUILD_DIR "/examples/iscc-factory-cell' --nodes=1 --tasks=1 --db=moment.db");
  ck_assert_int_eq(ask(db, "SELECT count(*) FROM run"), runs);
  sqlite3_close(db);
  ck_assert_msg(iscc_query_open(path, &db, &error) == ISCC_OK, "%s", error.text);
  ck_assert_int_eq(ask(db, "SELECT count(*) FROM run"), runs + 1);
  sqlite3_close(db);
}
END_TEST

/* More rows than are wanted are told. */
START_TEST(answers_say_when_they_are_cut) {
  char path[128];
  sqlite3 *db;
  json_t *answer;
  snprintf(path, sizeof path, "%s/made.db", iscc_run_folder);
  ck_assert_int_eq(iscc_query_open(path, &db, NULL), ISCC_OK);
  ck_assert_int_eq(iscc_answer_json(db, "VALUES (1), (2), (3)", 3, &answer, NULL), ISCC_OK);
  ck_assert_ptr_null(json_object_get(answer, "cut"));
  json_decref(answer);
  ck_assert_int_eq(iscc_answer_json(db, "VALUES (1), (2), (3)", 2, &answer, NULL), ISCC_OK);
  ck_assert(json_is_true(json_object_get(answer, "cut")));
  ck_assert_int_eq(json_array_size(json_object_get(answer, "rows")), 2);
  json_decref(answer);
  sqlite3_close(db);
}
END_TEST

Suite *iscc_suite_query_open(void);
Suite *iscc_suite_query_open(void) {
  Suite *suite = suite_create("query: open");
  TCase *tc = tcase_create("open");
  tcase_add_unchecked_fixture(tc, iscc_query_begin, iscc_query_end);
  tcase_add_test(tc, answers_are_of_one_moment);
  tcase_add_test(tc, answers_say_when_they_are_cut);
  suite_add_tcase(suite, tc);
  return suite;
}
