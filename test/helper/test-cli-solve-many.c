/* SPDX-License-Identifier: GPL-2.0-only */
/* `iscc solve` for many decisions: all schemes, sweeps, tables, CSV and figures. */
#include <check.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "iscc-run-program.h"

#define ISCC ISCC_TEST_BUILD_DIR "/iscc"

static int run(const char *arguments) {
  char command[1024];
  snprintf(command, sizeof command, ISCC " solve %s", arguments);
  return iscc_run(command);
}

enum { COLUMNS = 19, SCHEMES = 7 };

static const char *const schemes[SCHEMES] = {"joint",      "alternating", "on-server", "on-device",
                                             "no-pruning", "pca",         "jcc"};

/* Cuts a line of CSV into fields, in place. */
static int cut(char *line, char *fields[COLUMNS]) {
  int count = 0;
  for (char *at = line; count < COLUMNS; at++) {
    fields[count++] = at;
    at += strcspn(at, ",");
    if (!*at) break;
    *at = '\0';
  }
  return count;
}

START_TEST(all_schemes_stand_in_one_table) {
  ck_assert_msg(run("--scheme all --snr-db 10") == 0, "%s", iscc_run_output);
  const char *at = iscc_run_output;
  for (int i = 0; i < SCHEMES; i++) {
    at = strchr(at, '\n');
    ck_assert_ptr_nonnull(at);
    at++;
    ck_assert_msg(strncmp(at, schemes[i], strlen(schemes[i])) == 0, "%s", at);
  }
  ck_assert_msg(strchr(at, '\n') == at + strlen(at) - 1, "%s", at); /* no more than these */
}
END_TEST

START_TEST(a_sweep_as_csv_has_a_row_for_each_value_and_scheme) {
  ck_assert_msg(run("--scheme all --sweep max-latency=0.55:0.95:0.1 --snr-db 10 --csv") == 0, "%s",
                iscc_run_output);
  char *line = strtok(iscc_run_output, "\n"), *fields[COLUMNS];
  ck_assert_int_eq(cut(line, fields), COLUMNS);
  ck_assert_str_eq(fields[0], "max-latency");
  ck_assert_str_eq(fields[12], "energy_j");
  double joint_j = NAN, before_j[SCHEMES];
  for (int i = 0; i < SCHEMES; i++) before_j[i] = INFINITY;
  for (int k = 0; k < 5; k++)
    for (int i = 0; i < SCHEMES; i++) {
      ck_assert_ptr_nonnull(line = strtok(NULL, "\n"));
      ck_assert_int_eq(cut(line, fields), COLUMNS);
      ck_assert_double_eq_tol(atof(fields[0]), 0.55 + 0.1 * k, 1e-9);
      ck_assert_str_eq(fields[1], schemes[i]);
      if (strcmp(fields[2], "infeasible") == 0) {
        ck_assert_str_eq(fields[12], "");
        ck_assert_str_ne(fields[16], ""); /* the least latency that would do */
        continue;
      }
      const double energy_j = atof(fields[12]);
      if (i == 0) joint_j = energy_j;
      ck_assert_double_eq_tol(atof(fields[9]) + atof(fields[10]) + atof(fields[11]), energy_j, 1e-12);
      if (strcmp(schemes[i], "pca") != 0) /* which has a network of its own */
        ck_assert_double_ge(energy_j, joint_j * (1 - 1e-9));
      if (i != 1) ck_assert_double_le(energy_j, before_j[i] * (1 + 1e-9)); /* more time never costs more */
      before_j[i] = energy_j;
    }
  ck_assert_ptr_null(strtok(NULL, "\n"));
  ck_assert(isfinite(before_j[3])); /* on-device has time enough in the end */
}
END_TEST

START_TEST(a_swept_value_is_the_option_s) {
  char swept[4096];
  ck_assert_int_eq(run("--sweep snr-db=7:8:5 --csv"), 0);
  char *line = strchr(iscc_run_output, '\n') + 1, *comma = strchr(line, ',');
  ck_assert_msg(strncmp(line, "7,", 2) == 0, "%s", line);
  snprintf(swept, sizeof swept, "%.*s", (int)(strrchr(comma, ',') - comma - 1), comma + 1); /* without time */
  ck_assert_int_eq(run("--snr-db 7 --csv"), 0);
  line = strchr(iscc_run_output, '\n') + 1;
  ck_assert_msg(strncmp(line, swept, strlen(swept)) == 0, "%s%s", line, swept);
}
END_TEST

START_TEST(a_figure_is_a_png) {
  ck_assert_msg(run("--scheme all --sweep target-accuracy=0.7:0.9:0.02 --plot x.png > /dev/null") == 0, "%s",
                iscc_run_output);
  char path[128], head[8] = "";
  snprintf(path, sizeof path, "%s/x.png", iscc_run_folder);
  FILE *f = fopen(path, "rb");
  ck_assert_ptr_nonnull(f);
  ck_assert_uint_eq(fread(head, 1, 8, f), 8);
  ck_assert_int_eq(fseek(f, 0, SEEK_END), 0);
  ck_assert_int_gt(ftell(f), 3000);
  fclose(f);
  ck_assert_int_eq(memcmp(head, "\x89PNG\r\n\x1a\n", 8), 0);
}
END_TEST

START_TEST(a_figure_may_be_an_svg) {
  ck_assert_int_eq(run("--scheme all --sweep max-latency=0.6:1.2:0.1 --plot x.svg > /dev/null"), 0);
  ck_assert_msg(iscc_run("grep -c '<text>maximum latency in s</text>' x.svg") == 0, "%s", iscc_run_output);
  ck_assert_int_eq(iscc_run("grep '<text>joint</text>' x.svg && grep '<text>jcc</text>' x.svg"), 0);
}
END_TEST

START_TEST(schemes_without_a_place_say_so) {
  ck_assert_int_eq(run("--scheme all --candidates 3,11"), 0);
  ck_assert_msg(strstr(iscc_run_output, "scheme on-server needs") != NULL, "%s", iscc_run_output);
  ck_assert_int_eq(run("--scheme on-server --candidates 3,11"), 2);
  ck_assert_msg(strstr(iscc_run_output, "scheme on-server needs") != NULL, "%s", iscc_run_output);
  ck_assert_int_eq(run("--scheme all --candidates 3,11 --csv"), 0); /* nor are they left out here */
  char *fields[COLUMNS], *row = strstr(iscc_run_output, "\non-server,");
  ck_assert_ptr_nonnull(row);
  row[1 + strcspn(row + 1, "\n")] = '\0';
  ck_assert_int_eq(cut(row + 1, fields), COLUMNS - 1);
  ck_assert_str_eq(fields[1], "error");
  ck_assert_int_eq(run("--scheme all --candidates 3,11 --json"), 0);
  ck_assert_msg(strstr(iscc_run_output, "{\"scheme\": \"on-server\", \"status\": \"error\"") != NULL, "%s",
                iscc_run_output);
}
END_TEST

START_TEST(alternating_shows_its_history) {
  ck_assert_int_eq(run("--scheme alternating --history --candidates 3 --bits 4:5"), 0);
  ck_assert_msg(strstr(iscc_run_output, "split 3, 4 bits\n  turn   1 ") != NULL, "%s", iscc_run_output);
  ck_assert_msg(strstr(iscc_run_output, "split 3, 5 bits\n  turn   1 ") != NULL, "%s", iscc_run_output);
}
END_TEST

START_TEST(jcc_senses_with_the_power_given) {
  ck_assert_int_eq(run("--scheme jcc --fixed-sensing-power 0.123 --json"), 0);
  ck_assert_msg(strstr(iscc_run_output, "\"sensing_power_w\": 0.123,") != NULL, "%s", iscc_run_output);
}
END_TEST

static const struct {
  const char *options, *says;
} mistakes[] = {
    {"--sweep noise=1:2:1", "'noise' is not one of target-accuracy, max-latency"},
    {"--sweep max-latency", "A:B:STEP"},
    {"--sweep max-latency=1:2", "A:B:STEP"},
    {"--sweep max-latency=2:1:1", "A <= B"},
    {"--sweep max-latency=1:2:0", "STEP > 0"},
    {"--sweep max-latency=1:2:nan", "A:B:STEP"},
    {"--sweep max-latency=1:2:0.1x", "A:B:STEP"},
    {"--sweep max-latency=0:1:1e-9", "take a larger STEP"},
    {"--sweep target-accuracy=0.9:1.1:0.1", "target_accuracy: 1 is outside"},
    {"--plot x.png", "--plot: needs --sweep"},
    {"--plot x.gif --sweep snr-db=1:2:1", "--plot: x.gif: a figure's name ends in .png, .svg or .pdf"},
    {"--csv --table", "only one of them"},
    {"--problem - --csv", "--problem"},
    {"--problem - --sweep max-latency=1:2:1", "--problem"},
    {"--fixed-sensing-power 2", "fixed_sensing_power_w: 2"}};

START_TEST(mistakes_get_one_clear_line) {
  char command[256];
  snprintf(command, sizeof command, "%s < /dev/null", mistakes[_i].options);
  const int status = run(command);
  ck_assert_msg(status == 2, "%s: exit %d: %s", mistakes[_i].options, status, iscc_run_output);
  ck_assert_msg(strstr(iscc_run_output, mistakes[_i].says) != NULL, "%s: %s", mistakes[_i].options,
                iscc_run_output);
  ck_assert_msg(strchr(iscc_run_output, '\n') == iscc_run_output + strlen(iscc_run_output) - 1, "%s: %s",
                mistakes[_i].options, iscc_run_output);
}
END_TEST

Suite *iscc_suite_cli_solve_many(void);
Suite *iscc_suite_cli_solve_many(void) {
  Suite *s = suite_create("helper: iscc solve, many");
  TCase *t = tcase_create("many");
  tcase_add_checked_fixture(t, iscc_run_begin, iscc_run_end);
  tcase_set_timeout(t, 60);
  tcase_add_test(t, all_schemes_stand_in_one_table);
  tcase_add_test(t, a_sweep_as_csv_has_a_row_for_each_value_and_scheme);
  tcase_add_test(t, a_swept_value_is_the_option_s);
  tcase_add_test(t, a_figure_is_a_png);
  tcase_add_test(t, a_figure_may_be_an_svg);
  tcase_add_test(t, schemes_without_a_place_say_so);
  tcase_add_test(t, alternating_shows_its_history);
  tcase_add_test(t, jcc_senses_with_the_power_given);
  tcase_add_loop_test(t, mistakes_get_one_clear_line, 0, sizeof mistakes / sizeof *mistakes);
  suite_add_tcase(s, t);
  return s;
}
