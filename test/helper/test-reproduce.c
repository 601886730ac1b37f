/* SPDX-License-Identifier: GPL-2.0-only */
/* What `iscc reproduce` leaves in its directory: figures, data, report and cache; what it keeps of other runs
 * and of one that ended early. Few samples: whole runs are in test-reproduce-whole.c. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "iscc-observations.h"
#include "iscc-reproduction.h"
#include "iscc-run-program.h"
#include "iscc-test-files.h"

#define ISCC      ISCC_TEST_BUILD_DIR "/iscc"
#define REPRODUCE ISCC " reproduce --quick --samples=100 --threads=2 "
#define MODEL     ISCC_TEST_SOURCE_DIR "/model/inference/default.safetensors"

/* ---- in the library, with next to no samples ---- */

static volatile sig_atomic_t stop;

static iscc_study *open_study(const char *directory, int threads) {
  iscc_study_settings settings;
  iscc_study *study;
  iscc_error error = {""};
  iscc_study_defaults(&settings, true);
  settings.directory = iscc_test_path(directory);
  settings.threads = threads;
  settings.effort = (iscc_effort){.curve = 20, .losses = 20, .check = 2, .check_others = 1};
  settings.stop = &stop;
  ck_assert_msg(iscc_study_open(&settings, &study, &error) == ISCC_OK, "%s", error.text);
  return study;
}

static iscc_status reproduce(const char *directory, iscc_figure figure, bool check) {
  static iscc_reproduction results;
  bool wanted[ISCC_FIGURES] = {false};
  iscc_error error = {""};
  wanted[figure] = true;
  iscc_study *study = open_study(directory, 2);
  const iscc_status status = iscc_reproduce(study, wanted, check, &results, &error);
  ck_assert_msg(results.have[figure] == (status == ISCC_OK || figure >= ISCC_FIGURE_9), "%s", error.text);
  iscc_study_close(study);
  return status;
}

static void expect_in(const char *name, const char *text, bool wanted) {
  ck_assert_msg((strstr(iscc_test_read(name, NULL), text) != NULL) == wanted, "%s %s '%s'", name,
                wanted ? "lacks" : "has", text);
}

/* A copy that stays. */
static char *read_copy(const char *name) {
  char *copy = strdup(iscc_test_read(name, NULL));
  ck_assert_ptr_nonnull(copy);
  return copy;
}

/* Name, file number and time of each file in the cache. */
static char *list_cache(const char *directory) {
  char command[128];
  snprintf(command, sizeof command, "find %s/cache -type f -printf '%%f %%i %%T@\\n' | sort", directory);
  ck_assert_int_eq(iscc_run(command), 0);
  return strdup(iscc_run_output);
}

START_TEST(threads_change_no_number_and_a_result_is_kept) {
  static iscc_sensing_results one, three, again;
  iscc_error error = {""};
  iscc_study *study = open_study("a", 1);
  ck_assert_msg(iscc_sensing_measure(study, &one, &error) == ISCC_OK, "%s", error.text);
  iscc_study_close(study);
  study = open_study("b", 3);
  ck_assert_int_eq(iscc_sensing_measure(study, &three, &error), ISCC_OK);
  ck_assert(memcmp(&one, &three, sizeof one) == 0);
  char *before = list_cache("b");
  ck_assert_int_eq(iscc_test_count(before, "\n"), 9);
  ck_assert_int_eq(iscc_sensing_measure(study, &again, &error), ISCC_OK);
  ck_assert(memcmp(&one, &again, sizeof one) == 0);
  char *after = list_cache("b");
  ck_assert_str_eq(before, after);
  iscc_study_close(study);
  free(before), free(after);
}
END_TEST

/* One byte changed, cut short, something else. */
START_TEST(a_damaged_result_is_measured_anew) {
  static const char *const damages[] = {"printf X | dd of=$FILE bs=1 seek=3 conv=notrunc 2>/dev/null",
                                        "truncate -s -1 $FILE", "echo other >$FILE"};
  static iscc_losses_results first, again;
  char command[256];
  iscc_error error = {""};
  iscc_study *study = open_study("a", 2);
  ck_assert_msg(iscc_losses_measure(study, &first, &error) == ISCC_OK, "%s", error.text);
  char *before = list_cache("a");
  ck_assert_int_eq(iscc_test_count(before, "\n"), 2);
  snprintf(command, sizeof command, "FILE=$(ls a/cache/* | head -1); %s", damages[_i]);
  ck_assert_int_eq(iscc_run(command), 0);
  ck_assert_int_eq(iscc_losses_measure(study, &again, &error), ISCC_OK);
  char *after = list_cache("a");
  ck_assert_int_eq(iscc_test_count(after, "\n"), 2);
  ck_assert_str_ne(before, after);
  ck_assert_str_eq(strchr(before, '\n'), strchr(after, '\n')); /* the other one is the same file */
  ck_assert(memcmp(&first, &again, sizeof first) == 0);
  iscc_study_close(study);
  free(before), free(after);
}
END_TEST

START_TEST(a_full_run_has_the_samples_it_needs) {
  iscc_study_settings full, quick;
  iscc_study_defaults(&full, false);
  iscc_study_defaults(&quick, true);
  ck_assert_uint_ge(full.effort.check, 1000);
  ck_assert_uint_ge(full.effort.check_others, 300);
  ck_assert_uint_ge(full.effort.curve, 1000);
  ck_assert_uint_ge(full.effort.losses, 1000);
  ck_assert_uint_lt(quick.effort.check, full.effort.check);
}
END_TEST

/* Figures and checks see other people, rooms and noise than each other and than the calibration (series 0).
 */
START_TEST(no_two_purposes_see_the_same_observations) {
  static const uint32_t series[] = {0, ISCC_SERIES_SENSING, ISCC_SERIES_LOSSES, ISCC_SERIES_CHECK};
  enum { SERIES = sizeof series / sizeof *series };
  static float seen[SERIES][2 * ISCC_INPUT_SIZE];
  uint8_t labels[2];
  iscc_error error = {""};
  iscc_study *study = open_study("a", 1);
  for (int i = 0; i < SERIES; i++) {
    const iscc_observations o = {.sensing = &study->model->sensing,
                                 .power_w = 0.03,
                                 .seed = 1,
                                 .series = series[i],
                                 .samples = 2,
                                 .threads = 1};
    ck_assert_msg(iscc_observations_fill(&o, seen[i], labels, &error) == ISCC_OK, "%s", error.text);
    for (int k = 0; k < i; k++) ck_assert_int_ne(memcmp(seen[i], seen[k], sizeof seen[i]), 0);
  }
  iscc_study_close(study);
}
END_TEST

/* A picture of checks that are of other settings would be believed. */
START_TEST(a_check_of_other_settings_is_taken_away) {
  ck_assert_int_eq(iscc_run(REPRODUCE "fig11 --check-samples=20 -o other"), 0);
  ck_assert_int_eq(access(iscc_test_path("other/fig11-check.svg"), F_OK), 0);
  ck_assert_int_eq(iscc_run(REPRODUCE "fig11 --no-check --seed=2 -o other"), 0);
  ck_assert_int_ne(access(iscc_test_path("other/fig11-check.svg"), F_OK), 0);
  ck_assert_int_ne(access(iscc_test_path("other/fig11-check.png"), F_OK), 0);
  ck_assert_int_eq(access(iscc_test_path("other/fig11.svg"), F_OK), 0);
}
END_TEST

START_TEST(a_limit_of_file_sizes_is_an_error) {
  ck_assert_int_eq(iscc_run("ulimit -f 4; " REPRODUCE "fig7 -o other"), 1);
  ck_assert_ptr_nonnull(
      strstr(iscc_run_output, "iscc reproduce: other/fig7.csv: cannot be written: File too large\n"));
  ck_assert_int_eq(iscc_run("ls other | grep -c part"), 1);
}
END_TEST

START_TEST(an_interrupted_run_keeps_and_reports_what_is_done) {
  ck_assert_int_eq(reproduce("a", ISCC_FIGURE_7, true), ISCC_OK);
  char *weights = read_copy("a/fig7.csv");
  stop = 1;
  ck_assert_int_eq(reproduce("a", ISCC_FIGURE_4, true), ISCC_EINTR);
  expect_in("a/report.md", "## Fig. 7", true);
  expect_in("a/report.md", "## Fig. 4", false);
  ck_assert_int_ne(access(iscc_test_path("a/fig4.csv"), F_OK), 0);
  ck_assert_int_eq(reproduce("a", ISCC_TABLE_3, true), ISCC_EINTR);
  expect_in("a/report.md", "## Fig. 7", true);
  expect_in("a/report.md", "## Table III", true);
  ck_assert_int_ge(iscc_test_count(iscc_test_read("a/report.md", NULL), "| not checked |"), 11);
  ck_assert_str_eq(weights, iscc_test_read("a/fig7.csv", NULL));
  free(weights);
}
END_TEST

static int checked_rows(const char *name) {
  int rows = 0;
  for (const char *line = iscc_test_read(name, NULL); line && *line; line = strchr(line, '\n')) {
    line += *line == '\n';
    int commas = 0;
    const char *c = line;
    for (; *c && *c != '\n' && commas < 18; c++) commas += *c == ',';
    rows += commas == 18 && *c >= '0' && *c <= '9';
  }
  return rows;
}

/* The checks that are known stay in files and report, and no others are run. */
START_TEST(a_run_without_checks_or_for_another_figure_keeps_those_there_are) {
  ck_assert_int_eq(reproduce("a", ISCC_TABLE_3, true), ISCC_OK);
  char *table = read_copy("a/table3.csv"), *cache = list_cache("a");
  const int rows = checked_rows("a/table3.csv");
  ck_assert_int_ge(rows, 12); /* joint and alternating, 3 scenarios, 2 candidate sets */
  ck_assert_int_eq(reproduce("a", ISCC_TABLE_3, false), ISCC_OK);
  ck_assert_str_eq(table, iscc_test_read("a/table3.csv", NULL));
  ck_assert_int_eq(iscc_test_count(iscc_test_read("a/report.md", NULL), "| not checked |"), 0);
  char *after = list_cache("a");
  ck_assert_str_eq(cache, after);
  /* all but the mark of the table, which has one byte beside its key and seal; a check has eight */
  ck_assert_int_eq(iscc_run("find a/cache -type f -size +135c -delete"), 0);
  ck_assert_int_eq(reproduce("a", ISCC_FIGURE_7, true), ISCC_OK);
  ck_assert_int_eq(checked_rows("a/table3.csv"), 0);
  ck_assert_int_eq(iscc_test_count(iscc_test_read("a/report.md", NULL), "| not checked |"), 12);
  ck_assert_int_eq(reproduce("a", ISCC_TABLE_3, true), ISCC_OK);
  ck_assert_str_eq(table, iscc_test_read("a/table3.csv", NULL));
  free(table), free(cache), free(after);
}
END_TEST

/* A file of the cache that got another's name is not taken for it. */
START_TEST(a_kept_result_under_another_name_is_not_taken) {
  char one[ISCC_DIGEST_TEXT], other[ISCC_DIGEST_TEXT], command[256];
  const int kept = 42;
  int found = 0;
  iscc_error error = {""};
  iscc_study *study = open_study("a", 1);
  iscc_digest d = iscc_study_key(study, "one");
  iscc_digest_end(&d, one);
  d = iscc_study_key(study, "other");
  iscc_digest_end(&d, other);
  ck_assert_int_eq(iscc_study_keep(study, one, &kept, sizeof kept, &error), ISCC_OK);
  ck_assert(iscc_study_recall(study, one, &found, sizeof found));
  ck_assert_int_eq(found, kept);
  snprintf(command, sizeof command, "cp a/cache/%.32s a/cache/%.32s", one, other);
  ck_assert_int_eq(iscc_run(command), 0);
  ck_assert(!iscc_study_recall(study, other, &found, sizeof found));
  iscc_study_close(study);
}
END_TEST

/* One file for each point of (l, p, Q, P_s) and number of samples, whatever scheme decided so. */
START_TEST(each_field_of_an_allocation_has_a_check_of_its_own) {
  const iscc_decision base = {.split = 3, .keep_ratio = 0.5, .bits = 6, .sensing_power_w = 0.03};
  iscc_decision other[] = {base, base, base, base, base};
  other[1].split = 6;
  other[2].keep_ratio = 0.4;
  other[3].bits = 5;
  other[4].sensing_power_w = 0.04;
  iscc_error error = {""};
  iscc_study *study = open_study("a", 1);
  const size_t joint = iscc_study_find(study, "joint"), jcc = iscc_study_find(study, "jcc");
  size_t correct, known;
  iscc_study_begin(study, "checks", 13);
  for (int i = 0; i < 6; i++) {
    const size_t samples = i < 5 ? 2 : 3;
    const iscc_decision *d = &other[i % 5];
    ck_assert(!iscc_study_recall_check(study, joint, d, samples, &known));
    ck_assert_int_eq(iscc_study_check(study, joint, d, samples, &correct, &error), ISCC_OK);
    ck_assert(iscc_study_recall_check(study, jcc, d, samples, &known));
    ck_assert_uint_eq(known, correct);
    ck_assert_int_eq(iscc_study_advance(study, samples, &error), ISCC_OK);
  }
  iscc_study_end(study);
  iscc_study_close(study);
  char *cache = list_cache("a");
  ck_assert_int_eq(iscc_test_count(cache, "\n"), 6);
  free(cache);
}
END_TEST

/* ---- the program ---- */

START_TEST(figures_of_two_runs_are_in_one_report) {
  iscc_test_write("notes.csv", "1,2\n");
  ck_assert_int_eq(iscc_run("mkdir -p d && mv notes.csv d/notes.csv"), 0);
  ck_assert_msg(iscc_run(REPRODUCE "fig7 -o d") == 0, "%s", iscc_run_output);
  ck_assert_ptr_nonnull(strstr(iscc_run_output, "report written to d/report.html and d/report.md\n"));
  char *first = read_copy("d/fig7.csv");
  ck_assert_int_eq(iscc_test_count(first, "\n"), 1 + 5 * 201);
  expect_in("d/report.md", "## Fig. 7", true);
  expect_in("d/report.md", "![", true);
  expect_in("d/report.md", "## Table III", false);
  ck_assert_msg(iscc_run(REPRODUCE "table3 --no-check -o d") == 0, "%s", iscc_run_output);
  expect_in("d/report.md", "## Fig. 7", true);
  expect_in("d/report.md", "## Table III", true);
  expect_in("d/report.md", "## Fig. 4", false);
  ck_assert_str_eq(first, iscc_test_read("d/fig7.csv", NULL));
  ck_assert_str_eq(iscc_test_read("d/notes.csv", NULL), "1,2\n");
  /* figure, table, report and cache; the foreign file; nothing left over */
  ck_assert_int_eq(iscc_run("ls -A d"), 0);
  ck_assert_str_eq(
      iscc_run_output,
      "cache\nclaims.csv\nfig7.csv\nfig7.png\nfig7.svg\nnotes.csv\nreport.html\nreport.md\ntable3.csv\n");
  free(first);
}
END_TEST

START_TEST(a_failure_leaves_what_is_done) {
  ck_assert_int_eq(iscc_run("mkdir -p d/table3.csv"), 0);
  ck_assert_int_eq(iscc_run(REPRODUCE "fig7 table3 --no-check -o d"), 1);
  ck_assert_ptr_nonnull(strstr(iscc_run_output, "d/table3.csv"));
  ck_assert_int_eq(iscc_test_count(iscc_run_output, "\n"), 1);
  expect_in("d/report.md", "## Fig. 7", true);
  expect_in("d/report.md", "## Table III", false);
  expect_in("d/fig7.svg", "Laplace fit", true);
  ck_assert_int_eq(iscc_run("rmdir d/table3.csv && " REPRODUCE "table3 --no-check -o d"), 0);
  expect_in("d/report.md", "## Table III", true);
}
END_TEST

START_TEST(without_gnuplot_the_data_is_there) {
  ck_assert_int_eq(iscc_run("PATH=/nonexistent " REPRODUCE "fig7 -o d"), 1);
  ck_assert_ptr_nonnull(strstr(iscc_run_output, "d/fig7.png: cannot be drawn: gnuplot could not be started"));
  ck_assert_int_eq(iscc_test_count(iscc_run_output, "\n"), 1);
  ck_assert_int_eq(iscc_test_count(iscc_test_read("d/fig7.csv", NULL), "\n"), 1 + 5 * 201);
  expect_in("d/report.md", "## Settings", true);
  expect_in("d/report.md", "## Fig. 7", false);
}
END_TEST

/* ---- mistakes ---- */

static const struct {
  const char *arguments;
  int status;
  const char *says;
} mistakes[] = {
    {"", 2, "no directory named: give -o DIR"},
    {"fig7", 2, "no directory named"},
    {"-o ''", 2, "no directory named"},
    {"fig5 -o d", 2, "'fig5' is none of fig4, fig7, fig8, fig9, fig10, fig11, table3, all"},
    {"fig7 'fig 8' -o d", 2, "'fig 8' is none of"},
    {"-o d --samples 99", 2, "--samples: 99 "},
    {"-o d --samples many", 2, "--samples"},
    {"-o d --check-samples 19", 2, "--check-samples: 19 "},
    {"-o d --threads 0", 2, "--threads: 0 "},
    {"-o d --seed -1", 2, "--seed: -1 "},
    {"fig7 -o file", 1, "file/cache: cannot make the directory: Not a directory"},
    {"fig7 -o file/below/it", 1, "file/below: cannot make the directory: Not a directory"},
    {"fig7 -o /proc/none", 1, "/proc/none: cannot make the directory"},
    {"fig7 -o d --model none", 1, "none: "},
    {"fig7 -o d --model file", 1, "file: "},
    {"fig7 -o d --model .", 1, ".: "},
    {"fig7 -o d --model cut", 1, "cut: "},
    {"fig7 -o d --model bare", 1, "bare: the model has no calibration"},
};

static void make_files(void) {
  iscc_model *model;
  iscc_error error = {""};
  iscc_run_begin();
  iscc_test_write("file", "no model, nor a directory\n");
  ck_assert_int_eq(iscc_run("head -c 200000 " MODEL " >cut"), 0);
  ck_assert_int_eq(iscc_model_read(MODEL, &model, &error), ISCC_OK);
  model->calibrated = false;
  ck_assert_int_eq(iscc_model_write(iscc_test_path("bare"), model, &error), ISCC_OK);
  iscc_model_destroy(model);
}

START_TEST(a_mistake_gets_one_clear_line_and_nothing_is_written) {
  char command[256];
  snprintf(command, sizeof command, ISCC " reproduce %s", mistakes[_i].arguments);
  const int status = iscc_run(command);
  ck_assert_msg(status == mistakes[_i].status, "exit %d: %s", status, iscc_run_output);
  ck_assert_msg(strstr(iscc_run_output, mistakes[_i].says) != NULL, "%s", iscc_run_output);
  ck_assert_msg(strchr(iscc_run_output, '\n') == iscc_run_output + strlen(iscc_run_output) - 1,
                "not one line: %s", iscc_run_output);
  iscc_test_expect_files(3);
}
END_TEST

Suite *iscc_suite_reproduce(void);
Suite *iscc_suite_reproduce(void) {
  Suite *s = suite_create("helper: reproduce");
  TCase *t = tcase_create("reproduce"), *m = tcase_create("mistakes");
  tcase_set_timeout(t, 60);
  tcase_add_checked_fixture(t, iscc_run_begin, iscc_run_end);
  tcase_add_test(t, a_full_run_has_the_samples_it_needs);
  tcase_add_test(t, no_two_purposes_see_the_same_observations);
  tcase_add_test(t, a_check_of_other_settings_is_taken_away);
  tcase_add_test(t, a_limit_of_file_sizes_is_an_error);
  tcase_add_test(t, a_kept_result_under_another_name_is_not_taken);
  tcase_add_test(t, threads_change_no_number_and_a_result_is_kept);
  tcase_add_loop_test(t, a_damaged_result_is_measured_anew, 0, 3);
  tcase_add_test(t, an_interrupted_run_keeps_and_reports_what_is_done);
  tcase_add_test(t, a_run_without_checks_or_for_another_figure_keeps_those_there_are);
  tcase_add_test(t, each_field_of_an_allocation_has_a_check_of_its_own);
  tcase_add_test(t, figures_of_two_runs_are_in_one_report);
  tcase_add_test(t, a_failure_leaves_what_is_done);
  tcase_add_test(t, without_gnuplot_the_data_is_there);
  suite_add_tcase(s, t);
  tcase_set_timeout(m, 30);
  tcase_add_unchecked_fixture(m, make_files, iscc_run_end);
  tcase_add_loop_test(m, a_mistake_gets_one_clear_line_and_nothing_is_written, 0,
                      sizeof mistakes / sizeof *mistakes);
  suite_add_tcase(s, m);
  return s;
}
