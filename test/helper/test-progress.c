/* SPDX-License-Identifier: GPL-2.0-only */
/* What is told of a run's progress, half a minute into it. */
#include <check.h>
#include <math.h>
#include <pty.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "iscc-progress.h"

static int console; /* stderr of the test */

static void become_stderr(int file) {
  console = dup(STDERR_FILENO);
  ck_assert_int_ge(dup2(file, STDERR_FILENO), 0);
}

static void give_stderr_back(void) {
  dup2(console, STDERR_FILENO);
  close(console);
}

/* What stands on stderr, which is no terminal, when `done` of 100 are shown, the first of them done before. */
static const char *shown_when_told(uint64_t first, uint64_t done, double reached, double left_s) {
  static char text[200];
  FILE *file = tmpfile();
  ck_assert_ptr_nonnull(file);
  become_stderr(fileno(file));
  iscc_progress p;
  iscc_progress_begin(&p, "run", first, 100);
  p.start_s -= 30, p.shown_s -= 30;
  iscc_progress_reach(&p, reached);
  iscc_progress_expect(&p, left_s);
  ck_assert(iscc_progress_is_due(&p));
  iscc_progress_show(&p, done);
  iscc_progress_show(&p, done); /* too early to tell again */
  ck_assert(!iscc_progress_is_due(&p));
  give_stderr_back();
  rewind(file);
  text[fread(text, 1, sizeof text - 1, file)] = '\0';
  fclose(file);
  return text;
}

static const char *shown(uint64_t first, uint64_t done, double reached) {
  return shown_when_told(first, done, reached, (double)NAN);
}

START_TEST(a_forecast_is_worth_more_than_the_speed) {
  ck_assert_str_eq(shown_when_told(0, 40, 0, 7), "run: 40 % (40 of 100), 7 s to go\n");
  ck_assert_str_eq(shown_when_told(0, 0, 0, 7), "run: 0 % (0 of 100), 7 s to go\n");
  ck_assert_str_eq(shown_when_told(0, 40, 0, 0), "run: 40 % (40 of 100), 0 s to go\n");
}
END_TEST

/* Columns of the terminal; of the line; how many of them are the bar. */
static const struct {
  unsigned short columns;
  size_t length, bar;
} terminals[] = {{0, 76, 30},  {200, 76, 30}, {77, 76, 30}, {76, 75, 29},
                 {57, 56, 10}, {47, 22, 0},   {20, 22, 0}};

START_TEST(a_line_is_no_longer_than_the_terminal) {
  const struct winsize size = {.ws_row = 24, .ws_col = terminals[_i].columns};
  char text[400] = "", *line = text + 1;
  int ends[2];
  ck_assert_int_eq(openpty(&ends[0], &ends[1], NULL, NULL, &size), 0);
  iscc_progress p;
  become_stderr(ends[1]);
  iscc_progress_begin(&p, "run", 0, 100);
  p.start_s -= 30, p.shown_s -= 30;
  iscc_progress_show(&p, 40);
  give_stderr_back();
  ck_assert_int_gt(read(ends[0], text, sizeof text - 1), 0);
  close(ends[0]);
  close(ends[1]);
  size_t bar = 0;
  for (const char *c = text; *c; c++) bar += *c == '#' || *c == '.';
  ck_assert_int_eq(text[0], '\r');
  ck_assert_uint_eq(strlen(line), terminals[_i].length);
  ck_assert_uint_eq(bar, terminals[_i].bar);
  ck_assert_ptr_nonnull(strstr(text, " 40 %  45 s to go"));
}
END_TEST

START_TEST(the_measure_that_is_nearer_to_the_end_is_shown) {
  ck_assert_str_eq(shown(0, 40, 0), "run: 40 % (40 of 100), 45 s to go\n");
  ck_assert_str_eq(shown(0, 40, 0.25), "run: 40 % (40 of 100), 45 s to go\n");
  ck_assert_str_eq(shown(0, 1, 0.75), "run: 75 % (1 of 100), 10 s to go\n");
  ck_assert_str_eq(shown(0, 1, 7), "run: 100 % (1 of 100), 0 s to go\n");
}
END_TEST

START_TEST(what_was_done_before_is_no_speed) {
  ck_assert_str_eq(shown(40, 40, 0), "run: 40 % (40 of 100), starting\n");
  ck_assert_str_eq(shown(40, 70, 0), "run: 70 % (70 of 100), 30 s to go\n");
}
END_TEST

Suite *iscc_suite_progress(void);
Suite *iscc_suite_progress(void) {
  Suite *s = suite_create("helper: progress");
  TCase *t = tcase_create("progress");
  tcase_add_test(t, a_forecast_is_worth_more_than_the_speed);
  tcase_add_loop_test(t, a_line_is_no_longer_than_the_terminal, 0, sizeof terminals / sizeof *terminals);
  tcase_add_test(t, the_measure_that_is_nearer_to_the_end_is_shown);
  tcase_add_test(t, what_was_done_before_is_no_speed);
  suite_add_tcase(s, t);
  return s;
}
