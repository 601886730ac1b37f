/* SPDX-License-Identifier: GPL-2.0-only */
/* `iscc solve` as a user runs it: options, JSON problems from a file and through a pipe, and mistakes in
 * both. */
#include <check.h>
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "iscc-run-program.h"

#define ISCC ISCC_TEST_BUILD_DIR "/iscc"

/* One split, everything known: the raw input over 100 kHz at 100 per W. */
static const char good[] =
    "{\"target_accuracy\": 0.85, \"max_latency_s\": 0.8, \"sensing_time_s\": 0.5, \"max_power_w\": 1.0, "
    "\"max_speed_flops\": 8e6, \"server_speed_flops\": 1e11, \"kappa\": 1e-21, "
    "\"uplink\": {\"type\": \"shannon\", \"bandwidth_hz\": 1e5, \"snr_per_w\": 100}, "
    "\"accuracy_curve\": {\"type\": \"arctan\", \"a\": 0.63, \"b_per_w\": 250}, \"bits\": [2, 8], "
    "\"splits\": [{\"layer\": 3, \"flops_slope\": 1299600, \"flops_const\": -6498, \"server_flops\": "
    "1280159, "
    "\"features\": 2166, \"pruning_loss\": 0.6, \"quantization_loss\": 0.02}]}";

/* good with the first occurrence of one text replaced. */
static char *changed(const char *from, const char *to) {
  static char text[2048];
  const char *at = strstr(good, from);
  ck_assert_msg(at != NULL, "%s", from);
  snprintf(text, sizeof text, "%.*s%s%s", (int)(at - good), good, to, at + strlen(from));
  return text;
}

static void write_file(const char *name, const char *text) {
  char path[128];
  snprintf(path, sizeof path, "%s/%s", iscc_run_folder, name);
  FILE *f = fopen(path, "w");
  ck_assert_ptr_nonnull(f);
  ck_assert_int_ge(fputs(text, f), 0);
  ck_assert_int_eq(fclose(f), 0);
}

static json_t *answer(const char *problem) {
  write_file("p.json", problem);
  iscc_run(ISCC " solve --problem p.json");
  json_error_t where;
  json_t *a = json_loads(iscc_run_output, 0, &where);
  ck_assert_msg(a != NULL, "%s: %s", where.text, iscc_run_output);
  return a;
}

static double number(const json_t *o, const char *name) {
  const json_t *value = json_object_get(o, name);
  ck_assert_msg(json_is_number(value), "%s: %s", name, iscc_run_output);
  return json_number_value(value);
}

START_TEST(a_decision_satisfies_its_problem) {
  json_t *a = answer(good);
  ck_assert_str_eq(json_string_value(json_object_get(a, "scheme")), "joint");
  ck_assert_str_eq(json_string_value(json_object_get(a, "status")), "optimal");
  ck_assert_double_eq(number(a, "split"), 3);
  const double p = number(a, "keep_ratio"), bits = number(a, "bits"), nu = number(a, "edge_speed_flops");
  const double power = number(a, "transmit_power_w"), sensing = number(a, "sensing_power_w");
  const double flops = 1299600 * p - 6498, uplink_s = 2166 * bits / (1e5 * log2(1 + 100 * power));
  const double latency = 0.5 + flops / nu + uplink_s + 1280159 / 1e11;
  const double u = 2 - p * (log(p) * log(p) - 2 * log(p) + 2);
  const double v = 1 / pow(exp2(bits - 1) - 1, 2);
  const double accuracy = 0.63 * atan(250 * sensing) * (1 - 0.6 * u - 0.02 * v);
  ck_assert_double_le(latency, 0.8);
  ck_assert_double_gt(latency, 0.8 - 1e-9);
  ck_assert_double_ge(accuracy, 0.85 * (1 - 1e-12));
  ck_assert_double_lt(accuracy, 0.85 + 1e-9);
  const json_t *energy = json_object_get(a, "energy_j"), *times = json_object_get(a, "latency_s");
  ck_assert_double_eq_tol(number(energy, "sensing"), 0.5 * sensing, 1e-12);
  ck_assert_double_eq_tol(number(energy, "compute"), 1e-21 * flops * nu * nu, 1e-12);
  ck_assert_double_eq_tol(number(energy, "uplink"), power * uplink_s, 1e-12);
  const double total = 0.5 * sensing + 1e-21 * flops * nu * nu + power * uplink_s;
  ck_assert_double_eq_tol(number(energy, "total"), total, 1e-12);
  ck_assert_double_eq_tol(number(times, "total"), latency, 1e-12);
  ck_assert_double_eq_tol(number(times, "server"), 1280159 / 1e11, 1e-15);
  ck_assert_double_eq_tol(number(a, "predicted_accuracy"), accuracy, 1e-9);
  ck_assert_double_le(number(a, "lower_bound_j"), total);
  ck_assert_double_le(number(a, "relative_gap"), 1e-6);
  ck_assert_double_eq(number(a, "evaluated") + number(a, "discarded"), 7);
  ck_assert_uint_eq(json_object_size(a), 18);
  json_decref(a);
}
END_TEST

START_TEST(tables_and_steps_are_read) {
  char text[2048];
  strcpy(text,
         changed("{\"type\": \"arctan\", \"a\": 0.63, \"b_per_w\": 250}",
                 "{\"type\": \"table\", \"power_w\": [0.01, 0.02, 0.06], \"accuracy\": [0.5, 0.8, 0.95]}"));
  json_t *a = answer(text);
  const double p = number(a, "keep_ratio"), bits = number(a, "bits"), sensing = number(a, "sensing_power_w");
  const double u = 2 - p * (log(p) * log(p) - 2 * log(p) + 2), v = 1 / pow(exp2(bits - 1) - 1, 2);
  ck_assert_double_eq_tol((0.8 + 0.15 * (sensing - 0.02) / 0.04) * (1 - 0.6 * u - 0.02 * v), 0.85, 1e-9);
  json_decref(a);
  a = answer(changed("{\"type\": \"shannon\", \"bandwidth_hz\": 1e5, \"snr_per_w\": 100}",
                     "{\"type\": \"steps\", \"rate_bps\": [1e4, 5e4, 2e5], \"power_w\": [0.01, 0.05, 0.4]}"));
  const double power = number(a, "transmit_power_w");
  ck_assert(power == 0.01 || power == 0.05 || power == 0.4);
  ck_assert_double_eq_tol(number(json_object_get(a, "latency_s"), "uplink"),
                          2166 * number(a, "bits") /
                              (power == 0.01   ? 1e4
                               : power == 0.05 ? 5e4
                                               : 2e5),
                          1e-12);
  json_decref(a);
  a = answer(changed("\"quantization_loss\": 0.02",
                     "\"quantization_loss\": [0.5, 0.5, 0.01, 0.5, 0.5, 0.5, 0.5], \"overhead_bits\": 400"));
  ck_assert_double_eq(number(a, "bits"), 4);
  json_decref(a);
}
END_TEST

START_TEST(infeasible_problems_name_conflict_and_relaxations) {
  json_t *a = answer(changed("\"max_latency_s\": 0.8", "\"max_latency_s\": 0.55"));
  ck_assert_str_eq(json_string_value(json_object_get(a, "status")), "infeasible");
  ck_assert_ptr_null(json_object_get(a, "energy_j"));
  const double least = number(a, "least_latency_s"), highest = number(a, "highest_accuracy");
  ck_assert_double_gt(least, 0.55);
  ck_assert_double_lt(highest, 0.85);
  json_decref(a);
  char to[64];
  snprintf(to, sizeof to, "\"max_latency_s\": %.17g", least * (1 + 1e-9));
  a = answer(changed("\"max_latency_s\": 0.8", to));
  ck_assert_str_eq(json_string_value(json_object_get(a, "status")), "optimal");
  json_decref(a);
  a = answer(changed("\"target_accuracy\": 0.85", "\"target_accuracy\": 0.999"));
  ck_assert_str_eq(json_string_value(json_array_get(json_object_get(a, "conflict"), 0)), "accuracy");
  ck_assert(json_is_null(json_object_get(a, "least_latency_s")));
  json_decref(a);
}
END_TEST

static const struct {
  const char *from, *to, *says;
} wrong[] = {
    {"\"kappa\": 1e-21, ", "", "kappa: missing"},
    {"\"kappa\": 1e-21", "\"kappa\": \"1e-21\"", "kappa: is not a number"},
    {"\"kappa\": 1e-21", "\"kappa\": -1", "kappa: -1 is not"},
    {"\"kappa\": 1e-21", "\"kappa\": 1e999", "not JSON"},
    {"\"kappa\": 1e-21", "\"kappa\": NaN", "not JSON"},
    {"\"kappa\": 1e-21", "\"kappa\": 1e-21, \"kapa\": 1", "kapa: unknown field"},
    {"\"kappa\": 1e-21", "\"kappa\": 1e-21, \"kappa\": 1e-21", "duplicate"},
    {"\"target_accuracy\": 0.85", "\"target_accuracy\": 1", "target_accuracy: 1 is outside (0, 1)"},
    {"\"max_power_w\": 1.0", "\"max_power_w\": null", "max_power_w: is not a number"},
    {"\"bits\": [2, 8]", "\"bits\": [2, 17]", "bits"},
    {"\"bits\": [2, 8]", "\"bits\": [2.5, 8]", "bits"},
    {"\"bits\": [2, 8]", "\"bits\": 4", "bits"},
    {"\"bits\": [2, 8]", "\"bits\": [99999999999, 8]", "bits"},
    {"\"shannon\"", "\"laser\"", "uplink.type"},
    {"\"snr_per_w\": 100", "\"snr_per_w\": 0", "uplink.snr_per_w: 0 is not"},
    {"\"a\": 0.63", "\"a\": 0.7", "accuracy_curve.a"},
    {"\"features\": 2166", "\"features\": -1", "splits[0].features"},
    {"\"features\": 2166", "\"features\": 1.5", "splits[0].features"},
    {"\"pruning_loss\": 0.6", "\"pruning_loss\": -0.6", "splits[0].pruning_loss"},
    {"\"pruning_loss\": 0.6", "\"pruning_loss\": 0.6, \"pruning_slope\": -1", "splits[0].pruning_slope"},
    {"\"pruning_loss\": 0.6", "\"pruning_loss\": 0.6, \"keep_ratio_min\": 2", "splits[0].keep_ratio_min"},
    {"\"quantization_loss\": 0.02", "\"quantization_loss\": [0.1]", "splits[0].quantization_loss: has 1"},
    {"\"splits\": [{", "\"splits\": [], \"x\": [{", "unknown field"},
    {"{\"target", "[{\"target", "not JSON"},
    {"0.02}]}", "0.02}]", "not JSON"},
    {"\"kappa\": 1e-21", "\"kappa\": 1e-21, \"fixed_sensing_power_w\": 2", "fixed_sensing_power_w: 2"},
    {"\"kappa\": 1e-21", "\"kappa\": 1e-21, \"\xff\": 2", "not JSON"},
};

START_TEST(wrong_fields_are_named_in_an_error_object) {
  json_t *a = answer(changed(wrong[_i].from, wrong[_i].to));
  ck_assert_str_eq(json_string_value(json_object_get(a, "status")), "error");
  const char *text = json_string_value(json_object_get(a, "error"));
  ck_assert_msg(strstr(text, wrong[_i].says) != NULL, "'%s' does not say '%s'", text, wrong[_i].says);
  json_decref(a);
  ck_assert_int_eq(iscc_run(ISCC " solve --problem p.json"), 1);
}
END_TEST

START_TEST(a_stream_answers_each_line_and_goes_on_after_a_bad_one) {
  char path[128];
  snprintf(path, sizeof path, "%s/many.json", iscc_run_folder);
  FILE *f = fopen(path, "w");
  for (int i = 0; i < 3000; i++) fprintf(f, i == 1000 ? "{}\n" : i == 2000 ? "\n" : "%s\n", good);
  fputs(good, f); /* no newline at the end */
  ck_assert_int_eq(fclose(f), 0);
  ck_assert_int_eq(iscc_run("cat many.json | " ISCC " solve --problem - > out.json"), 1);
  ck_assert_int_eq(iscc_run("grep -c . out.json"), 0);
  ck_assert_str_eq(iscc_run_output, "3000\n"); /* the empty line has no answer */
  ck_assert_int_eq(iscc_run("grep -n '\"status\": \"error\"' out.json | cut -d: -f1"), 0);
  ck_assert_str_eq(iscc_run_output, "1001\n");
  ck_assert_int_eq(iscc_run("grep -v error out.json | sed 's/, \"time_us.*//' | sort -u | wc -l"), 0);
  ck_assert_str_eq(iscc_run_output, "1\n"); /* the same problem, the same answer */
}
END_TEST

/* Two candidates of scheme pca; the one with the better curve wins, and pruning loses nothing. */
START_TEST(candidates_of_pca_are_read) {
  static const char two[] =
      "\"pca_splits\": [{\"layer\": 8, \"flops_slope\": 0, \"flops_const\": 84664, \"server_flops\": 20000, "
      "\"features\": 8, \"quantization_loss\": 0.02, \"accuracy_curve\": {\"type\": \"arctan\", \"a\": 0.56, "
      "\"b_per_w\": 20}}, {\"layer\": 64, \"flops_slope\": 677312, \"flops_const\": 0, \"server_flops\": "
      "30000, "
      "\"features\": 64, \"pruning_loss\": 0.5, \"quantization_loss\": 0.02, \"accuracy_curve\": {\"type\": "
      "\"table\", \"power_w\": [0.001, 0.01, 0.1], \"accuracy\": [0.5, 0.8, 0.95]}}], \"splits\"";
  write_file("p.json", changed("\"splits\"", two));
  ck_assert_msg(iscc_run(ISCC " solve --scheme pca --problem p.json") == 0, "%s", iscc_run_output);
  json_t *a = json_loads(iscc_run_output, 0, NULL);
  ck_assert_msg(a != NULL, "%s", iscc_run_output);
  ck_assert_double_eq(number(a, "split"), 64);
  ck_assert_double_eq(number(a, "keep_ratio"), 1);
  ck_assert_double_eq_tol(number(a, "predicted_accuracy"), 0.85, 1e-9);
  ck_assert_double_lt(number(a, "relative_gap"), 1e-8);
  /* eq. (24) by the table's second segment, and F(1) = 677312 at its speed */
  const json_t *latency = json_object_get(a, "latency_s");
  ck_assert_double_eq_tol(number(latency, "compute") * number(a, "edge_speed_flops"), 677312, 1e-3);
  json_decref(a);
}
END_TEST

START_TEST(options_make_up_a_problem) {
  ck_assert_int_eq(iscc_run(ISCC " solve --target-accuracy 0.9 --max-latency 0.7 --snr-db 20 --json"), 0);
  json_error_t where;
  json_t *a = json_loads(iscc_run_output, 0, &where);
  ck_assert_msg(a != NULL, "%s", iscc_run_output);
  ck_assert_double_ge(number(a, "predicted_accuracy"), 0.9 * (1 - 1e-12));
  ck_assert_double_le(number(json_object_get(a, "latency_s"), "total"), 0.7);
  const double good_channel = number(json_object_get(a, "energy_j"), "total");
  json_decref(a);
  ck_assert_int_eq(iscc_run(ISCC " solve --target-accuracy 0.9 --max-latency 0.7 --snr-db 10 --json"), 0);
  a = json_loads(iscc_run_output, 0, &where);
  ck_assert_double_gt(number(json_object_get(a, "energy_j"), "total"), good_channel);
  json_decref(a);
  ck_assert_int_eq(iscc_run(ISCC " solve"), 0);
  ck_assert_ptr_nonnull(strstr(iscc_run_output, "certified bound"));
}
END_TEST

static const struct {
  const char *options;
  int status;
  const char *says;
} mistakes[] = {{"--target-accuracy 1.5", 2, "--target-accuracy: 1.5"},
                {"--max-latency -1", 2, "--max-latency: -1"},
                {"--snr-db nan", 2, "--snr-db"},
                {"--scheme best", 2, "'best'"},
                {"--no-such-option", 2, "no-such-option"},
                {"--candidates 0,99", 2, "99"},
                {"--problem none.json", 1, "none.json"},
                {"--problem .", 1, "."},
                {"--problem - --snr-db 10", 2, "--problem"},
                {"--model none.safetensors", 1, "none.safetensors"},
                {"stray", 2, "'stray'"}};

START_TEST(mistakes_get_one_clear_line) {
  char command[256];
  snprintf(command, sizeof command, ISCC " solve %s < /dev/null", mistakes[_i].options);
  const int status = iscc_run(command);
  ck_assert_msg(status == mistakes[_i].status, "%s: exit %d: %s", mistakes[_i].options, status,
                iscc_run_output);
  ck_assert_msg(strstr(iscc_run_output, mistakes[_i].says) != NULL, "%s: %s", mistakes[_i].options,
                iscc_run_output);
  ck_assert_msg(strchr(iscc_run_output, '\n') == iscc_run_output + strlen(iscc_run_output) - 1, "%s: %s",
                mistakes[_i].options, iscc_run_output);
}
END_TEST

Suite *iscc_suite_cli_solve(void);
Suite *iscc_suite_cli_solve(void) {
  Suite *s = suite_create("helper: iscc solve");
  TCase *t = tcase_create("solve");
  tcase_add_checked_fixture(t, iscc_run_begin, iscc_run_end);
  tcase_set_timeout(t, 60);
  tcase_add_test(t, a_decision_satisfies_its_problem);
  tcase_add_test(t, tables_and_steps_are_read);
  tcase_add_test(t, infeasible_problems_name_conflict_and_relaxations);
  tcase_add_loop_test(t, wrong_fields_are_named_in_an_error_object, 0, sizeof wrong / sizeof *wrong);
  tcase_add_test(t, a_stream_answers_each_line_and_goes_on_after_a_bad_one);
  tcase_add_test(t, options_make_up_a_problem);
  tcase_add_test(t, candidates_of_pca_are_read);
  tcase_add_loop_test(t, mistakes_get_one_clear_line, 0, sizeof mistakes / sizeof *mistakes);
  suite_add_tcase(s, t);
  return s;
}
