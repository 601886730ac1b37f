/* SPDX-License-Identifier: GPL-2.0-only */
#define MATHLIB_STANDALONE
#include <Rmath.h>
#include <check.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "iscc-arrivals.h"

enum { MANY = 100000 };

static iscc_arrivals *create(const iscc_arrivals_settings *settings) {
  iscc_random stream;
  iscc_random_seed(&stream, 1, 1, 0, ISCC_STREAM_ARRIVALS);
  iscc_arrivals *a;
  iscc_error error = {""};
  ck_assert_msg(iscc_arrivals_create(settings, &stream, &a, &error) == ISCC_OK, "%s", error.text);
  return a;
}

START_TEST(periodic_times_are_exact) {
  const iscc_arrivals_settings settings = {
      .kind = ISCC_ARRIVALS_PERIODIC, .interval_s = 0.1, .start_s = 0.05, .count = MANY};
  iscc_arrivals *a = create(&settings);
  for (int64_t k = 0; k < MANY; k++) ck_assert_int_eq(iscc_arrivals_next_ns(a), 50000000 + 100000000 * k);
  ck_assert_int_eq(iscc_arrivals_next_ns(a), -1);
  ck_assert_int_eq(iscc_arrivals_next_ns(a), -1);
  iscc_arrivals_destroy(a);
}
END_TEST

static int ascending(const void *a, const void *b) {
  const double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

START_TEST(poisson_gaps_are_exponential) {
  const iscc_arrivals_settings settings = {
      .kind = ISCC_ARRIVALS_POISSON, .interval_s = 0.5, .start_s = 2.0, .count = MANY};
  iscc_arrivals *a = create(&settings);
  double *gap = malloc(MANY * sizeof *gap);
  int64_t before = 2000000000;
  for (int k = 0; k < MANY; k++) {
    const int64_t next = iscc_arrivals_next_ns(a);
    ck_assert_int_ge(next, before);
    gap[k] = (double)(next - before) * 1e-9;
    before = next;
  }
  ck_assert_int_eq(iscc_arrivals_next_ns(a), -1);
  ck_assert_double_lt(fabs((double)(before - 2000000000) * 1e-9 / MANY - 0.5), 4.0 * 0.5 / sqrt(MANY));
  qsort(gap, MANY, sizeof *gap, ascending);
  double distance = 0.0;
  for (int k = 0; k < MANY; k++) {
    const double p = pexp(gap[k], 0.5, 1, 0);
    distance = fmax(distance, fmax(fabs(p - (double)k / MANY), fabs(p - (k + 1.0) / MANY)));
  }
  ck_assert_double_lt(distance, 1.95 / sqrt(MANY)); /* Kolmogorov-Smirnov, 99.9 % */
  free(gap);
  iscc_arrivals_destroy(a);
}
END_TEST

static char path[64];

static void write_file(const char *text, size_t n) {
  strcpy(path, "/tmp/iscc-arrivals-XXXXXX");
  const int fd = mkstemp(path);
  ck_assert_int_ge(fd, 0);
  ck_assert_int_eq((int)write(fd, text, n), (int)n);
  close(fd);
}

static iscc_status read_back(const char *text, size_t n, uint64_t count, iscc_arrivals **a,
                             iscc_error *error) {
  write_file(text, n);
  const iscc_arrivals_settings settings = {.kind = ISCC_ARRIVALS_FILE, .path = path, .count = count};
  const iscc_random stream = {{1, 2, 3, 4}};
  const iscc_status status = iscc_arrivals_create(&settings, &stream, a, error);
  unlink(path);
  return status;
}

START_TEST(file_times_are_read) {
  static const char text[] = "# times\n0\n 0.25 # first\n\n0.25\r\n1e1\n12.000000001";
  iscc_arrivals *a;
  ck_assert_int_eq(read_back(text, sizeof text - 1, 0, &a, NULL), ISCC_OK);
  const int64_t expected[] = {0, 250000000, 250000000, 10000000000, 12000000001, -1};
  for (int k = 0; k < 6; k++) ck_assert_int_eq(iscc_arrivals_next_ns(a), expected[k]);
  iscc_arrivals_destroy(a);
  ck_assert_int_eq(read_back(text, sizeof text - 1, 2, &a, NULL), ISCC_OK);
  for (int k = 0; k < 2; k++) ck_assert_int_eq(iscc_arrivals_next_ns(a), expected[k]);
  ck_assert_int_eq(iscc_arrivals_next_ns(a), -1);
  iscc_arrivals_destroy(a);
}
END_TEST

static const struct {
  const char *text, *complaint; /* after the path */
} bad[] = {{"1\nx\n", ":2: 'x' is not one time in seconds"},
           {"1 2\n", ":1: '1 2' is not one time in seconds"},
           {"\n\n-1\n", ":3: the time -1 s is not within 0..9e+09 s"},
           {"nan\n", ":1: the time nan s is not within 0..9e+09 s"},
           {"1e300\n", ":1: the time 1e+300 s is not within 0..9e+09 s"},
           {"2\n# c\n1\n", ":3: the time 1.000000000 s is before the one above it, 2.000000000 s"},
           {"# none\n", ": holds no arrival"}};

START_TEST(bad_lines_are_named) {
  iscc_arrivals *a;
  iscc_error error;
  ck_assert_int_eq(read_back(bad[_i].text, strlen(bad[_i].text), 0, &a, &error), ISCC_EFORMAT);
  ck_assert_ptr_null(a);
  ck_assert_int_eq(strncmp(error.text, path, strlen(path)), 0);
  ck_assert_str_eq(error.text + strlen(path), bad[_i].complaint);
}
END_TEST

START_TEST(what_is_no_text_is_refused) {
  iscc_arrivals *a;
  iscc_error error;
  char binary[4096];
  memset(binary, 0, sizeof binary);
  ck_assert_int_eq(read_back(binary, sizeof binary, 0, &a, &error), ISCC_EFORMAT);
  memset(binary, '1', sizeof binary);
  ck_assert_int_eq(read_back(binary, sizeof binary, 0, &a, &error), ISCC_EFORMAT);
  ck_assert_ptr_nonnull(strstr(error.text, ":1: line is not text of fewer than 1024 characters"));
}
END_TEST

START_TEST(unreadable_files_are_named) {
  const iscc_random stream = {{1, 2, 3, 4}};
  iscc_arrivals *a;
  iscc_error error;
  iscc_arrivals_settings settings = {.kind = ISCC_ARRIVALS_FILE, .path = "/nonexistent/times"};
  ck_assert_int_eq(iscc_arrivals_create(&settings, &stream, &a, &error), ISCC_EIO);
  ck_assert_str_eq(error.text, "arrivals: '/nonexistent/times' is neither periodic nor poisson, nor a file "
                               "to be read: No such file or directory");
  settings.path = "/tmp";
  ck_assert_int_eq(iscc_arrivals_create(&settings, &stream, &a, &error), ISCC_EIO);
  ck_assert_str_eq(error.text, "/tmp: Is a directory");
}
END_TEST

START_TEST(impossible_settings_are_refused) {
  const iscc_arrivals_settings wrong[] = {
      {.kind = ISCC_ARRIVALS_PERIODIC, .interval_s = 0.0, .count = 1},
      {.kind = ISCC_ARRIVALS_PERIODIC, .interval_s = (double)NAN, .count = 1},
      {.kind = ISCC_ARRIVALS_POISSON, .interval_s = -1.0, .count = 1},
      {.kind = ISCC_ARRIVALS_POISSON, .interval_s = 1.0, .start_s = (double)INFINITY, .count = 1},
      {.kind = ISCC_ARRIVALS_PERIODIC, .interval_s = 1.0, .start_s = -1.0, .count = 1},
      {.kind = ISCC_ARRIVALS_PERIODIC, .interval_s = 1e9, .count = 1000},
      {.kind = ISCC_ARRIVALS_FILE},
      {.kind = (iscc_arrivals_kind)7, .interval_s = 1.0}};
  const iscc_random stream = {{1, 2, 3, 4}};
  for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
    iscc_arrivals *a;
    ck_assert_int_eq(iscc_arrivals_create(&wrong[i], &stream, &a, NULL), ISCC_EINVAL);
    ck_assert_ptr_null(a);
  }
}
END_TEST

Suite *iscc_suite_arrivals(void);
Suite *iscc_suite_arrivals(void) {
  Suite *s = suite_create("node: arrivals");
  TCase *t = tcase_create("arrivals");
  tcase_add_test(t, periodic_times_are_exact);
  tcase_add_test(t, poisson_gaps_are_exponential);
  tcase_add_test(t, file_times_are_read);
  tcase_add_loop_test(t, bad_lines_are_named, 0, (int)(sizeof bad / sizeof *bad));
  tcase_add_test(t, what_is_no_text_is_refused);
  tcase_add_test(t, unreadable_files_are_named);
  tcase_add_test(t, impossible_settings_are_refused);
  suite_add_tcase(s, t);
  return s;
}
