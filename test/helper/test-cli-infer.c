/* SPDX-License-Identifier: GPL-2.0-only */
/* `iscc infer` and `iscc model info` as a user runs them, beside the same network in NumPy. */
#include <check.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "iscc-run-program.h"

#define ISCC      ISCC_TEST_BUILD_DIR "/iscc"
#define MODEL     ISCC_TEST_SOURCE_DIR "/model/inference/default.safetensors"
#define REFERENCE "/usr/bin/python3 " ISCC_TEST_SOURCE_DIR "/test/reference/forward.py " MODEL

static void make_input(void) {
  iscc_run_begin();
  ck_assert_msg(
      iscc_run(ISCC
               " sense --motion adult-walk --height-m 1.75 --heading-deg 150 --power-w 0.05 --seed 3 --stage "
               "input -o x.npy") == 0,
      "%s", iscc_run_output);
}

static void read_scores(const char *text, double scores[5]) {
  for (int i = 0; i < 5; i++) {
    char *end;
    text += strspn(text, " ,");
    scores[i] = strtod(text, &end);
    ck_assert_ptr_ne(text, end);
    text = end;
  }
}

static const struct {
  const char *options, *reference;
} networks[] = {{"", "11 1"},
                {"--split 0", "0 1"},
                {"--split 3 --keep 0.3", "3 0.3"},
                {"--split 6 --keep 0.6", "6 0.6"},
                {"--split 10 --keep 0.45", "10 0.45"},
                {"--split 11 --keep 0.5", "11 0.5"}};

START_TEST(scores_are_those_of_numpy) {
  char command[512];
  double got[5], want[5];
  snprintf(command, sizeof command, ISCC " infer --json --model " MODEL " %s x.npy", networks[_i].options);
  ck_assert_msg(iscc_run(command) == 0, "%s", iscc_run_output);
  ck_assert_ptr_nonnull(strstr(iscc_run_output, "\"class\": \"adult-walk\""));
  read_scores(strchr(iscc_run_output, '[') + 1, got);
  snprintf(command, sizeof command, REFERENCE " x.npy %s", networks[_i].reference);
  ck_assert_msg(iscc_run(command) == 0, "%s", iscc_run_output);
  read_scores(iscc_run_output, want);
  for (int i = 0; i < 5; i++)
    ck_assert_msg(fabs(got[i] - want[i]) <= 1e-4 * (1 + fabs(want[i])),
                  "%s: score %d is %.9g, NumPy says %.9g", networks[_i].options, i, got[i], want[i]);
}
END_TEST

START_TEST(quantized_features_are_counted_and_seeded) {
  static char first[4096];
  ck_assert_int_eq(iscc_run(ISCC " infer --split 6 --keep 0.6 --bits 5 x.npy --json"), 0);
  ck_assert_ptr_nonnull(strstr(iscc_run_output, "\"payload_bits\": 3920}"));
  snprintf(first, sizeof first, "%.4000s", iscc_run_output);
  ck_assert_int_eq(iscc_run(ISCC " infer --split 6 --keep 0.6 --bits 5 x.npy --json"), 0);
  ck_assert_str_eq(iscc_run_output, first);
  ck_assert_int_eq(iscc_run(ISCC " infer --split 6 --keep 0.6 --bits 5 --seed 2 x.npy --json"), 0);
  ck_assert_str_ne(iscc_run_output, first);
  ck_assert_int_eq(iscc_run(ISCC " infer --split 11 --bits 5 x.npy --json"), 0);
  ck_assert_ptr_nonnull(
      strstr(iscc_run_output, "\"payload_bits\": 0}")); /* the class is known on the device */
}
END_TEST

START_TEST(model_info_says_what_the_file_holds) {
  ck_assert_int_eq(iscc_run(ISCC " model info"), 0);
  static const char *const wanted[] = {
      "784",    "104430", "2573261 FLOP", "child-walk", "Noise-free test accuracy 0.97",
      "arctan", "RMSE",   "q(8)",         "lambda",     "SHA-256"};
  for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++)
    ck_assert_msg(strstr(iscc_run_output, wanted[i]) != NULL, "'%s' is not in\n%s", wanted[i],
                  iscc_run_output);
  ck_assert_int_eq(
      iscc_run(ISCC " model info --json " MODEL
                    " | /usr/bin/python3 -c 'import json, sys; m = json.load(sys.stdin);"
                    " print(len(m[\"topology\"][\"layers\"]), m[\"calibration\"][\"arctan_a\"] > 0.5)'"),
      0);
  ck_assert_str_eq(iscc_run_output, "11 True\n");
  ck_assert_int_eq(iscc_run("sha256sum " MODEL " | cut -c1-64 > sum.txt; " ISCC " model info " MODEL
                            " | grep -q -f sum.txt"),
                   0);
}
END_TEST

static const struct {
  const char *command;
  int status;
  const char *says;
} mistakes[] = {{" infer", 2, "no input"},
                {" infer --bits 5 x.npy", 2, "--split"},
                {" infer --split 12 x.npy", 2, "--split: 12"},
                {" infer --split 6 --keep 0 x.npy", 2, "--keep"},
                {" infer --split 6 --bits 17 x.npy", 2, "--bits: 17"},
                {" infer x.npy y.npy", 2, "y.npy"},
                {" infer none.npy", 1, "none.npy"},
                {" infer " MODEL, 1, "not an NPY file"},
                {" infer --model none.safetensors x.npy", 1, "none.safetensors"},
                {" infer --model x.npy x.npy", 1, "x.npy"},
                {" model", 2, "iscc model info"},
                {" model show", 2, "'show'"},
                {" model info x.npy", 1, "x.npy"},
                {" model info none", 1, "none"}};

START_TEST(mistakes_get_one_clear_line) {
  char command[512];
  snprintf(command, sizeof command, ISCC "%s", mistakes[_i].command);
  const int status = iscc_run(command);
  ck_assert_msg(status == mistakes[_i].status, "%s: exit %d: %s", mistakes[_i].command, status,
                iscc_run_output);
  ck_assert_msg(strstr(iscc_run_output, mistakes[_i].says) != NULL, "%s: %s", mistakes[_i].command,
                iscc_run_output);
  ck_assert_ptr_eq(strchr(iscc_run_output, '\n'), iscc_run_output + strlen(iscc_run_output) - 1);
}
END_TEST

START_TEST(inputs_of_another_shape_or_not_finite_are_refused) {
  ck_assert_int_eq(
      iscc_run("/usr/bin/python3 -c 'import numpy as np; np.save(\"a.npy\", np.ones(7)); np.save(\"b.npy\", "
               "np.full(5292, np.nan)); np.save(\"c.npy\", np.ones(5292, complex))'"),
      0);
  ck_assert_int_eq(iscc_run(ISCC " infer a.npy"), 1);
  ck_assert_ptr_nonnull(strstr(iscc_run_output, "5292"));
  ck_assert_int_eq(iscc_run(ISCC " infer b.npy"), 1);
  ck_assert_ptr_nonnull(strstr(iscc_run_output, "not finite"));
  ck_assert_int_eq(iscc_run(ISCC " infer c.npy"), 1);
  ck_assert_ptr_nonnull(strstr(iscc_run_output, "complex"));
}
END_TEST

Suite *iscc_suite_cli_infer(void);
Suite *iscc_suite_cli_infer(void) {
  Suite *s = suite_create("helper: iscc infer and model");
  TCase *t = tcase_create("infer");
  tcase_add_checked_fixture(t, make_input, iscc_run_end);
  tcase_set_timeout(t, 60);
  tcase_add_loop_test(t, scores_are_those_of_numpy, 0, sizeof networks / sizeof *networks);
  tcase_add_test(t, quantized_features_are_counted_and_seeded);
  tcase_add_test(t, model_info_says_what_the_file_holds);
  tcase_add_loop_test(t, mistakes_get_one_clear_line, 0, sizeof mistakes / sizeof *mistakes);
  tcase_add_test(t, inputs_of_another_shape_or_not_finite_are_refused);
  suite_add_tcase(s, t);
  return s;
}
