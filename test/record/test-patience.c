/* SPDX-License-Identifier: GPL-2.0-only */
/* How long a locked database is waited for, and what whoever waits has a say in. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "iscc-database.h"
#include "iscc-run-program.h"
#include "iscc-test-files.h"

static sqlite3 *holder, *other;

static void begin(void) {
  iscc_error error = {""};
  iscc_run_begin();
  ck_assert_msg(iscc_database_open(iscc_test_path("a.db"), &holder, &error) == ISCC_OK, "%s", error.text);
}

static void end(void) {
  sqlite3_close(other);
  sqlite3_close(holder);
  other = holder = NULL;
  iscc_run_end();
}

typedef struct {
  int moments, most;
  double waited_s;
} watcher;

/* After most moments: let the lock go when there is somebody to wait on, else stop. */
static bool wait_a_moment(void *ctx, double waited_s) {
  watcher *w = ctx;
  w->waited_s = waited_s;
  sqlite3_sleep(20);
  return ++w->moments < w->most;
}

static bool then_unlock(void *ctx, double waited_s) {
  if (!wait_a_moment(ctx, waited_s)) sqlite3_exec(holder, "COMMIT", NULL, NULL, NULL);
  return true;
}

static void open_and_lock(iscc_patience *patience) {
  iscc_error error = {""};
  ck_assert_msg(iscc_database_open_patiently(iscc_test_path("a.db"), patience, &other, &error) == ISCC_OK,
                "%s", error.text);
  ck_assert_int_eq(sqlite3_exec(holder, "BEGIN IMMEDIATE", NULL, NULL, NULL), SQLITE_OK);
}

static iscc_status write_other(const iscc_patience *patience, iscc_error *error) {
  const int result = sqlite3_exec(other, "BEGIN IMMEDIATE; ROLLBACK", NULL, NULL, NULL);
  return result ? iscc_database_fail(other, "a.db", "cannot be written", patience, error) : ISCC_OK;
}

START_TEST(a_lock_that_goes_is_waited_for) {
  watcher w = {.most = 5};
  iscc_patience patience = {.wait = then_unlock, .ctx = &w, .limit_s = 60};
  iscc_error error = {""};
  open_and_lock(&patience);
  ck_assert_msg(write_other(&patience, &error) == ISCC_OK, "%s", error.text);
  ck_assert_int_eq(w.moments, 5);
  ck_assert(w.waited_s > 0.07 && w.waited_s < 5);
}
END_TEST

START_TEST(whoever_waits_may_stop) {
  watcher w = {.most = 3};
  iscc_patience patience = {.wait = wait_a_moment, .ctx = &w, .limit_s = 60};
  iscc_error error = {""};
  open_and_lock(&patience);
  ck_assert_int_eq(write_other(&patience, &error), ISCC_EINTR);
  ck_assert_str_eq(error.text, "interrupted; the same command goes on where it stopped");
  ck_assert_int_eq(write_other(&patience, &error), ISCC_EINTR);
  ck_assert_int_eq(w.moments, 3);
}
END_TEST

/* Twice, as each lock is waited for anew. */
START_TEST(patience_has_an_end) {
  iscc_patience patience = {.limit_s = 1};
  iscc_error error = {""};
  open_and_lock(&patience);
  for (int i = 0; i < 2; i++) {
    ck_assert_int_eq(write_other(&patience, &error), ISCC_EIO);
    ck_assert_str_eq(
        error.text,
        "a.db: cannot be written: another process has locked it for 1 s; end that one, then the same "
        "command goes on: what was recorded is safe");
  }
}
END_TEST

/* In rollback mode, which a database is in that was closed for good: the switch to WAL needs it alone. */
START_TEST(opening_is_patient) {
  watcher w = {.most = 3};
  iscc_patience patience = {.wait = wait_a_moment, .ctx = &w, .limit_s = 60};
  iscc_error error = {""};
  ck_assert_int_eq(sqlite3_exec(holder, "PRAGMA journal_mode = DELETE; BEGIN IMMEDIATE", NULL, NULL, NULL),
                   SQLITE_OK);
  ck_assert_int_eq(iscc_database_open_patiently(iscc_test_path("a.db"), &patience, &other, &error),
                   ISCC_EINTR);
  ck_assert_int_eq(w.moments, 3);
  w = (watcher){.most = 3};
  patience = (iscc_patience){.wait = then_unlock, .ctx = &w, .limit_s = 60};
  ck_assert_msg(iscc_database_open_patiently(iscc_test_path("a.db"), &patience, &other, &error) == ISCC_OK,
                "%s", error.text);
}
END_TEST

Suite *iscc_suite_patience(void);

Suite *iscc_suite_patience(void) {
  Suite *suite = suite_create("patience");
  TCase *tc = tcase_create("patience");
  tcase_add_checked_fixture(tc, begin, end);
  tcase_set_timeout(tc, 60);
  tcase_add_test(tc, a_lock_that_goes_is_waited_for);
  tcase_add_test(tc, whoever_waits_may_stop);
  tcase_add_test(tc, patience_has_an_end);
  tcase_add_test(tc, opening_is_patient);
  suite_add_tcase(suite, tc);
  return suite;
}
