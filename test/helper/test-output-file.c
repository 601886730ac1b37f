/* SPDX-License-Identifier: GPL-2.0-only */
#include <check.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "iscc-output-file.h"
#include "iscc-run-program.h"
#include "iscc-test-files.h"

START_TEST(the_file_is_there_at_the_end_only) {
  iscc_output_file out;
  iscc_error error;
  iscc_test_write("x.csv", "old");
  FILE *file = iscc_output_begin(&out, iscc_test_path("x.csv"), &error);
  ck_assert_ptr_nonnull(file);
  fputs("new", file);
  fflush(file);
  ck_assert_str_eq(iscc_test_read("x.csv", NULL), "old");
  ck_assert_int_eq(iscc_output_end(&out, &error), ISCC_OK);
  ck_assert_str_eq(iscc_test_read("x.csv", NULL), "new");
  ck_assert_ptr_null(out.file);
  iscc_test_expect_files(1);
  ck_assert_int_eq(iscc_output_end(&out, &error), ISCC_ESTATE);
}
END_TEST

START_TEST(permissions_are_those_of_any_file) {
  static const mode_t masks[] = {022, 077, 002};
  iscc_output_file out;
  struct stat info;
  umask(masks[_i]);
  ck_assert_ptr_nonnull(iscc_output_begin(&out, iscc_test_path("x"), NULL));
  ck_assert_int_eq(iscc_output_end(&out, NULL), ISCC_OK);
  ck_assert_int_eq(stat(iscc_test_path("x"), &info), 0);
  ck_assert_int_eq(info.st_mode & 0777, 0666 & ~masks[_i]);
}
END_TEST

START_TEST(cancelling_leaves_nothing) {
  iscc_output_file out;
  iscc_test_write("x", "old");
  fputs("new", iscc_output_begin(&out, iscc_test_path("x"), NULL));
  iscc_output_cancel(&out);
  iscc_output_cancel(&out);
  ck_assert_str_eq(iscc_test_read("x", NULL), "old");
  iscc_test_expect_files(1);
}
END_TEST

START_TEST(two_of_one_name_do_not_meet) {
  iscc_output_file one, two;
  fputs("one", iscc_output_begin(&one, iscc_test_path("x"), NULL));
  fputs("two", iscc_output_begin(&two, iscc_test_path("x"), NULL));
  ck_assert_int_eq(iscc_output_end(&two, NULL), ISCC_OK);
  ck_assert_int_eq(iscc_output_end(&one, NULL), ISCC_OK);
  ck_assert_str_eq(iscc_test_read("x", NULL), "one");
  iscc_test_expect_files(1);
}
END_TEST

START_TEST(places_that_cannot_be_written_are_refused) {
  static const struct {
    const char *path, *reason;
  } rows[] = {{"/nonexistent/x.csv", "/nonexistent/x.csv: cannot be written: No such file"},
              {"/tmp", "/tmp: cannot be written: Is a directory"},
              {"/dev/null", "/dev/null: cannot be written: it is no regular file"},
              {"/dev/null/x", "/dev/null/x: cannot be written: Not a directory"}};
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    iscc_output_file out;
    iscc_error error = {""};
    FILE *file = iscc_output_begin(&out, rows[i].path, &error);
    ck_assert_ptr_null(file);
    ck_assert_ptr_null(out.file);
    iscc_test_expect_line(error.text, rows[i].reason);
  }
}
END_TEST

/* A limit on a file's size stands for a full disk. The write fails when the buffer is flushed: at the end, or
 * before; then room that comes too late must not hide it. */
START_TEST(a_full_disk_is_reported) {
  static const struct {
    int bytes;
    bool room_at_end;
    const char *words;
  } rows[] = {{101, false, "x: cannot be written: File too large"},
              {100000, false, "x: cannot be written: File too large"},
              {100000, true, "x: cannot be written: Input/output error"}};
  iscc_output_file out;
  iscc_error error = {""};
  struct rlimit before;
  iscc_test_write("x", "old");
  signal(SIGXFSZ, SIG_IGN);
  FILE *file = iscc_output_begin(&out, iscc_test_path("x"), &error);
  ck_assert_ptr_nonnull(file);
  ck_assert_int_eq(getrlimit(RLIMIT_FSIZE, &before), 0);
  const struct rlimit lower = {100, before.rlim_max};
  ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &lower), 0);
  for (int i = 0; i < rows[_i].bytes; i++) fputc('x', file);
  if (rows[_i].room_at_end) ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &before), 0);
  const iscc_status status = iscc_output_end(&out, &error);
  ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &before), 0); /* Check writes files too */
  ck_assert_int_eq(status, ISCC_EIO);
  iscc_test_expect_line(error.text, rows[_i].words);
  ck_assert_str_eq(iscc_test_read("x", NULL), "old");
  iscc_test_expect_files(1);
}
END_TEST

Suite *iscc_suite_output_file(void);
Suite *iscc_suite_output_file(void) {
  Suite *s = suite_create("helper: output files");
  TCase *t = tcase_create("files");
  tcase_add_checked_fixture(t, iscc_run_begin, iscc_run_end);
  tcase_add_test(t, the_file_is_there_at_the_end_only);
  tcase_add_loop_test(t, permissions_are_those_of_any_file, 0, 3);
  tcase_add_test(t, cancelling_leaves_nothing);
  tcase_add_test(t, two_of_one_name_do_not_meet);
  tcase_add_test(t, places_that_cannot_be_written_are_refused);
  tcase_add_loop_test(t, a_full_disk_is_reported, 0, 3);
  suite_add_tcase(s, t);
  return s;
}
