/* SPDX-License-Identifier: GPL-2.0-only */
#include <check.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "iscc-options.h"

/* A small program: --level 0..1, --power > 0, --count 1..9. */
typedef struct {
  double level, power_w;
  int64_t count;
} settings;

static error_t parse(int key, char *value, struct argp_state *state) {
  settings *s = state->input;
  switch (key) {
  case 'l':
    s->level = iscc_option_real(state, "level", value, 0, 1);
    return 0;
  case 'p':
    s->power_w = iscc_option_positive(state, "power", value);
    return 0;
  case 'c':
    s->count = iscc_option_integer(state, "count", value, 1, 9);
    return 0;
  case ARGP_KEY_ARG:
    return ARGP_ERR_UNKNOWN;
  default:
    return ARGP_ERR_UNKNOWN;
  }
}

static const struct argp_option options[] = {{"level", 'l', "L", 0, "Level, 0..1", 0},
                                             {"power", 'p', "W", 0, "Power in W", 0},
                                             {"count", 'c', "N", 0, "Count, 1..9", 0},
                                             {0}};
static const struct argp program = {.options = options, .parser = parse};

/* Parses up to three words in a child; returns its exit status, its stderr in text. */
static int run(const char *const words[3], settings *out, char *text, size_t size) {
  char *argv[5] = {(char *)(uintptr_t) "prog"};
  int argc = 1, from_child[2], result[2];
  for (int i = 0; i < 3 && words[i]; i++) argv[argc++] = (char *)(uintptr_t)words[i];
  ck_assert_int_eq(pipe(from_child), 0);
  ck_assert_int_eq(pipe(result), 0);
  const pid_t child = fork();
  ck_assert_int_ge(child, 0);
  if (child == 0) {
    dup2(from_child[1], STDERR_FILENO);
    settings s = {0};
    iscc_options_parse(&program, argc, argv, 0, &s);
    const bool written = write(result[1], &s, sizeof s) == (ssize_t)sizeof s;
    _exit(written ? 0 : 99);
  }
  close(from_child[1]);
  close(result[1]);
  size_t n = 0;
  ssize_t got;
  while (n + 1 < size && (got = read(from_child[0], text + n, size - 1 - n)) > 0) n += (size_t)got;
  text[n] = '\0';
  if (out) ck_assert_int_eq(read(result[0], out, sizeof *out), sizeof *out);
  close(from_child[0]);
  close(result[0]);
  int status;
  ck_assert_int_eq(waitpid(child, &status, 0), child);
  ck_assert(WIFEXITED(status));
  return WEXITSTATUS(status);
}

START_TEST(good_values_are_taken_exactly) {
  char text[512];
  settings s;
  ck_assert_int_eq(
      run((const char *const[3]){"--level=0.1", "--power=2.5e-3", "--count=9"}, &s, text, sizeof text), 0);
  ck_assert_str_eq(text, "");
  ck_assert(s.level == 0.1 && s.power_w == 2.5e-3 && s.count == 9);
  ck_assert_int_eq(run((const char *const[3]){"--level=0", "--count=1"}, &s, text, sizeof text), 0);
  ck_assert(s.level == 0 && s.count == 1);
  ck_assert_int_eq(run((const char *const[3]){"--level=1"}, &s, text, sizeof text), 0);
  ck_assert(s.level == 1);
}
END_TEST

static const struct {
  const char *word, *complaint;
} refused[] = {
    {"--level=1.01", "--level: 1.01 is outside 0..1"},
    {"--level=-1e-9", "--level: -1e-9 is outside 0..1"},
    {"--level=", "--level: '' is not a number"},
    {"--level=0.5x", "--level: '0.5x' is not a number"},
    {"--level=nan", "--level: 'nan' is not a number"},
    {"--level=inf", "--level: 'inf' is not a number"},
    {"--level=1e999", "--level: '1e999' is not a number"},
    {"--power=0", "--power: 0 is not greater than 0"},
    {"--power=-1", "--power: -1 is not greater than 0"},
    {"--count=0", "--count: 0 is outside 1..9"},
    {"--powre=1", "--powre: there is no such option; did you mean --power?"},
    {"-z", "-z: there is no such option"},
    {"--version", "--version: there is no such option"},
    {"--usage=all", "--usage: takes no value"},
    {"--count=10", "--count: 10 is outside 1..9"},
    {"--count=2.5", "--count: '2.5' is not a whole number"},
    {"--count=99999999999999999999", "--count: '99999999999999999999' is not a whole number"},
};

START_TEST(bad_values_end_with_one_line_and_status_2) {
  char text[512];
  ck_assert_int_eq(run((const char *const[3]){refused[_i].word}, NULL, text, sizeof text), ISCC_EXIT_USAGE);
  ck_assert_msg(strstr(text, refused[_i].complaint), "'%s' does not say '%s'", text, refused[_i].complaint);
  ck_assert_ptr_nonnull(strstr(text, "--help"));
  ck_assert_ptr_eq(strchr(text, '\n'), text + strlen(text) - 1);
  ck_assert_int_eq(strncmp(text, "prog: ", 6), 0);
}
END_TEST

START_TEST(unknown_options_and_words_end_with_status_2) {
  static const char *const words[] = {"--nonsense", "--level", "word", "-z"};
  char text[512];
  ck_assert_int_eq(run((const char *const[3]){words[_i]}, NULL, text, sizeof text), ISCC_EXIT_USAGE);
  ck_assert_ptr_nonnull(strstr(text, "--help"));
}
END_TEST

START_TEST(failures_are_one_line) {
  const iscc_error error = {.text = "x.npy: no such file"};
  int ends[2];
  char text[128];
  ck_assert_int_eq(pipe(ends), 0);
  fflush(stderr);
  const int kept = dup(STDERR_FILENO);
  dup2(ends[1], STDERR_FILENO);
  const int status = iscc_report_failure("prog", ISCC_EIO, &error);
  iscc_report_failure("prog", ISCC_ENOMEM, NULL);
  dup2(kept, STDERR_FILENO);
  close(ends[1]);
  const ssize_t n = read(ends[0], text, sizeof text - 1);
  text[n < 0 ? 0 : n] = '\0';
  char want[128];
  snprintf(want, sizeof want, "prog: x.npy: no such file\nprog: %s\n", iscc_status_text(ISCC_ENOMEM));
  ck_assert_int_eq(status, ISCC_EXIT_FAILURE);
  ck_assert_str_eq(text, want);
}
END_TEST

Suite *iscc_suite_options(void);
Suite *iscc_suite_options(void) {
  Suite *s = suite_create("helper: options");
  TCase *t = tcase_create("options");
  tcase_add_test(t, good_values_are_taken_exactly);
  tcase_add_loop_test(t, bad_values_end_with_one_line_and_status_2, 0,
                      (int)(sizeof refused / sizeof *refused));
  tcase_add_loop_test(t, unknown_options_and_words_end_with_status_2, 0, 4);
  tcase_add_test(t, failures_are_one_line);
  suite_add_tcase(s, t);
  return s;
}
