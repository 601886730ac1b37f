/* SPDX-License-Identifier: GPL-2.0-only */
/* What is told of a run's progress, half a minute into it. */
#include <check.h>
#include <stdio.h>
#include <unistd.h>

#include "iscc-progress.h"

/* What stands on stderr, which is no terminal, when `done` of 100 are shown, the first of them done before. */
static const char *shown(uint64_t first, uint64_t done, double reached) {
  static char text[200];
  FILE *file = tmpfile();
  ck_assert_ptr_nonnull(file);
  const int console = dup(STDERR_FILENO);
  ck_assert_int_ge(dup2(fileno(file), STDERR_FILENO), 0);
  iscc_progress p;
  iscc_progress_begin(&p, "run", first, 100);
  p.start_s -= 30, p.shown_s -= 30;
  iscc_progress_reach(&p, reached);
  iscc_progress_show(&p, done);
  iscc_progress_show(&p, done); /* too early to tell again */
  dup2(console, STDERR_FILENO);
  close(console);
  rewind(file);
  text[fread(text, 1, sizeof text - 1, file)] = '\0';
  fclose(file);
  return text;
}

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
  tcase_add_test(t, the_measure_that_is_nearer_to_the_end_is_shown);
  tcase_add_test(t, what_was_done_before_is_no_speed);
  suite_add_tcase(s, t);
  return s;
}
