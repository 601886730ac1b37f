/* SPDX-License-Identifier: GPL-2.0-only */
/* What is told of a process that has ended. */
#include <check.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "iscc-process.h"

static iscc_process ended(char *const *argv) {
  iscc_process p;
  iscc_error error = {""};
  sigset_t none;
  sigemptyset(&none);
  ck_assert_msg(iscc_process_start(&p, argv, "/dev/null", "/dev/null", &none, &error) == ISCC_OK, "%s",
                error.text);
  while (!iscc_process_ended(&p)) nanosleep(&(struct timespec){0, 1000000}, NULL);
  return p;
}

/* Linux counts what a child shares with its parent before exec: of a program smaller than that nothing is known. */
START_TEST(memory_of_the_starter_is_not_that_of_the_program) {
  enum { BALLAST = 64 << 20, MUCH = 200 << 20 };
  char *ballast = malloc(BALLAST);
  ck_assert_ptr_nonnull(ballast);
  memset(ballast, 1, BALLAST);
  iscc_process small = ended((char *[]){(char[]){"/bin/true"}, NULL});
  ck_assert_int_eq(small.exit_status, 0);
  ck_assert_int_eq(small.peak_bytes, 0);
  iscc_process large = ended(
      (char *[]){(char[]){"/usr/bin/python3"}, (char[]){"-c"}, (char[]){"b = b'x' * (200 << 20)"}, NULL});
  ck_assert_int_eq(large.exit_status, 0);
  ck_assert_int_gt(large.peak_bytes, MUCH);
  ck_assert_int_lt(large.peak_bytes, MUCH + BALLAST);
  ck_assert_int_eq(ballast[BALLAST - 1], 1);
  free(ballast);
}
END_TEST

Suite *iscc_suite_process(void);
Suite *iscc_suite_process(void) {
  Suite *suite = suite_create("process");
  TCase *tc = tcase_create("process");
  tcase_set_timeout(tc, 30);
  tcase_add_test(tc, memory_of_the_starter_is_not_that_of_the_program);
  suite_add_tcase(suite, tc);
  return suite;
}
