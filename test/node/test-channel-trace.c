/* SPDX-License-Identifier: GPL-2.0-only */
#include <check.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "iscc-channel-gain.h"

static char path[64];
static iscc_error error;

static iscc_status read_bytes(const char *text, size_t n, iscc_channel_trace **trace) {
  strcpy(path, "/tmp/iscc-channel-XXXXXX");
  const int fd = mkstemp(path);
  ck_assert_int_ge(fd, 0);
  ck_assert_int_eq((int)write(fd, text, n), (int)n);
  close(fd);
  const iscc_status status = iscc_channel_trace_read(path, trace, &error);
  unlink(path);
  return status;
}

static iscc_channel_trace *read_good(const char *text) {
  iscc_channel_trace *trace;
  ck_assert_msg(read_bytes(text, strlen(text), &trace) == ISCC_OK, "%s", error.text);
  return trace;
}

START_TEST(each_line_holds_until_the_next) {
  iscc_channel_trace *t = read_good("# time SNR\n0 10\n\n  0.5\t-20 # bad\r\n1e0 20\n1.000000001 0");
  const iscc_channel_gain gain = {.trace = t};
  static const struct {
    int64_t time_ns, block, end_ns;
    double snr;
  } rows[] = {{0, 0, 500000000, 10},
              {499999999, 0, 500000000, 10},
              {500000000, 1, 1000000000, 0.01},
              {999999999, 1, 1000000000, 0.01},
              {1000000000, 2, 1000000001, 100},
              {1000000001, 3, INT64_MAX, 1},
              {INT64_MAX, 3, INT64_MAX, 1}};
  ck_assert_uint_eq(iscc_channel_trace_columns(t), 1);
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    ck_assert_double_eq_tol(iscc_channel_gain_at(&gain, rows[i].time_ns), rows[i].snr, 1e-12 * rows[i].snr);
    ck_assert_int_eq(iscc_channel_gain_block(&gain, rows[i].time_ns), rows[i].block);
    ck_assert_int_eq(iscc_channel_gain_end_ns(&gain, rows[i].time_ns), rows[i].end_ns);
  }
  iscc_channel_trace_destroy(t);
}
END_TEST

START_TEST(columns_are_nodes) {
  iscc_channel_trace *t = read_good("0 10 20 30\n2 -10 -20 -30\n");
  ck_assert_uint_eq(iscc_channel_trace_columns(t), 3);
  for (uint32_t k = 0; k < 3; k++) {
    ck_assert_double_eq_tol(iscc_channel_trace_snr(t, k, 1999999999), pow(10, k + 1.0), 1e-9);
    ck_assert_double_eq_tol(iscc_channel_trace_snr(t, k, 2000000000), pow(10, -(k + 1.0)), 1e-12);
  }
  iscc_channel_trace_destroy(t);
}
END_TEST

/* Against a search line by line, over a file of many lines. */
START_TEST(long_files_are_found_through) {
  enum { LINES = 3000 };
  char *text = malloc(LINES * 32);
  size_t used = 0;
  for (int i = 0; i < LINES; i++)
    used += (size_t)sprintf(text + used, "%d.%03d %d\n", i * i / 1000, i * i % 1000, i % 40 - 10);
  iscc_channel_trace *t = read_good(text);
  for (int ms = 0; ms < LINES * LINES; ms += 977) {
    int line = 0;
    while (line + 1 < LINES && (line + 1) * (line + 1) <= ms) line++;
    ck_assert_uint_eq(iscc_channel_trace_line(t, 1000000ll * ms), (unsigned)line);
    ck_assert_double_eq_tol(10 * log10(iscc_channel_trace_snr(t, 0, 1000000ll * ms)), line % 40 - 10, 1e-9);
  }
  iscc_channel_trace_destroy(t);
  free(text);
}
END_TEST

START_TEST(without_a_trace_the_gain_is_the_fading) {
  iscc_channel_gain gain = {
      .fading = {.seed = 1, .run = 2, .node = 3, .coherence_ns = 1000, .nakagami_m = 1}};
  ck_assert(iscc_channel_gain_at(&gain, 2500) == iscc_fading_gain(&gain.fading, 2500));
  ck_assert_int_eq(iscc_channel_gain_end_ns(&gain, 2500), 3000);
  ck_assert_int_eq(iscc_channel_gain_block(&gain, 2500), 2);
  gain.fading.coherence_ns = 0;
  ck_assert(iscc_channel_gain_at(&gain, 2500) == 1);
  ck_assert_int_eq(iscc_channel_gain_end_ns(&gain, 2500), INT64_MAX);
  ck_assert_int_eq(iscc_channel_gain_block(&gain, 2500), 2500);
}
END_TEST

static const struct {
  const char *text, *complaint; /* after the path */
} bad[] = {
    {"", ": has no line with a time and an SNR"},
    {"# nothing\n\n", ": has no line with a time and an SNR"},
    {"0 x\n", ":1: 'x' is not an SNR in dB"},
    {"zero 1\n", ":1: 'zero' is not a time in s"},
    {"0 10dB\n", ":1: '10dB' is not an SNR in dB"},
    {"0 nan\n", ":1: 'nan' is not an SNR in dB"},
    {"0 -inf\n", ":1: '-inf' is not an SNR in dB"},
    {"0 301\n", ":1: the SNR 301 dB is not within -300..300 dB"},
    {"0\n", ":1: 1 numbers are not a time in s and 1..4096 SNRs in dB"},
    {"\n1 10\n", ":2: the first time is 1 s, it must be 0"},
    {"-1 10\n", ":1: the time -1 s is not within 0..9e+09 s"},
    {"0 1\n2 1\n# c\n2 3\n", ":4: the time 2.000000000 s is not after the one above it, 2.000000000 s"},
    {"0 1 2\n1 1\n", ":2: 1 SNRs, the lines above it have 2"}};

START_TEST(bad_lines_are_named) {
  iscc_channel_trace *t;
  ck_assert_int_eq(read_bytes(bad[_i].text, strlen(bad[_i].text), &t), ISCC_EFORMAT);
  ck_assert_ptr_null(t);
  ck_assert_int_eq(strncmp(error.text, path, strlen(path)), 0);
  ck_assert_str_eq(error.text + strlen(path), bad[_i].complaint);
}
END_TEST

START_TEST(what_is_no_text_or_no_file_is_refused) {
  iscc_channel_trace *t;
  ck_assert_int_eq(read_bytes("0 1\0\n1 2\n", 9, &t), ISCC_EFORMAT);
  ck_assert_ptr_nonnull(strstr(error.text, ":1: line is not text"));
  ck_assert_int_eq(iscc_channel_trace_read("/nonexistent/channel", &t, &error), ISCC_EIO);
  ck_assert_str_eq(error.text, "/nonexistent/channel: cannot read the channel: No such file or directory");
  ck_assert_int_eq(iscc_channel_trace_read("/tmp", &t, &error), ISCC_EIO);
  ck_assert_str_eq(error.text, "/tmp: Is a directory");
}
END_TEST

Suite *iscc_suite_channel_trace(void);
Suite *iscc_suite_channel_trace(void) {
  Suite *s = suite_create("node: channel from a file");
  TCase *t = tcase_create("trace");
  tcase_add_test(t, each_line_holds_until_the_next);
  tcase_add_test(t, columns_are_nodes);
  tcase_add_test(t, long_files_are_found_through);
  tcase_add_test(t, without_a_trace_the_gain_is_the_fading);
  tcase_add_loop_test(t, bad_lines_are_named, 0, (int)(sizeof bad / sizeof *bad));
  tcase_add_test(t, what_is_no_text_or_no_file_is_refused);
  suite_add_tcase(s, t);
  return s;
}
