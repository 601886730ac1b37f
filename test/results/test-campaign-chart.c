/* SPDX-License-Identifier: GPL-2.0-only */
/* `iscc campaign plot`: its numbers beside those of the same values by hand, and its files. */
#include <check.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "iscc-campaign-chart.h"
#include "iscc-campaign-picture.h"
#include "iscc-paired.h"
#include "iscc-run-program.h"
#include "iscc-test-files.h"

#define PLOT  "'" ISCC_TEST_BUILD_DIR "/iscc' campaign plot c.db "
#define BASIC PLOT "--metric energy_j --by scheme --against max-latency "

#define INSERT                                                                                               \
  "INSERT INTO execution (execution_id, program, program_sha256, arguments, seed, run, stopping, outcome,"   \
  " exit_status, stderr, iscc_version, host, started_wall, elapsed_wall_s, cpu_wall_s, peak_wall_bytes) "

enum { RUNS = 6, SCHEMES = 2, PLACES = 3 };
#define T_OF_6_RUNS 2.570581835636314 /* Student's t, 0.975 at 5 degrees of freedom */

static const char *const scheme[] = {"base", "good"}, *const place[] = {"0.5", "2", "10"};

static double energy(int s, int x, int r) {
  return 0.02 + 0.005 * x + 0.001 * ((r * 37) % 11) - 0.002 * s + 0.0001 * ((r * (s + 2)) % 7);
}

static void add(FILE *sql, int id, int s, int x, int r) {
  fprintf(sql,
          INSERT
          "VALUES (%d, 'iscc-p', 'abc', "
          "'{\"max-latency\":\"%s\",\"scheme\":\"%s\",\"tasks\":\"9\"}', 1, %d, 'fixed', 'done', 0, '', "
          "'1', 'h', '', 1, 1, 1); INSERT INTO metric VALUES (%d, 'energy_j', %.17g);\n",
          id, place[x], scheme[s], r, id, energy(s, x, r));
}

/* Written from the last point to the first, so that no order is that of the rows. */
static void make_database(void) {
  FILE *sql = fopen(iscc_test_path("fill.sql"), "w");
  ck_assert_ptr_nonnull(sql);
  int id = 1;
  for (int s = SCHEMES - 1; s >= 0; s--)
    for (int x = PLACES - 1; x >= 0; x--)
      for (int r = 1; r <= RUNS; r++) add(sql, id++, s, x, r);
  fputs(INSERT
        "VALUES (900, 'iscc-p', 'abc', "
        "'{\"max-latency\":\"2\",\"scheme\":\"good\",\"tasks\":\"9\"}', 1, 90, 'fixed', 'failed', 1, '', "
        "'1', 'h', '', 1, 1, 1);\n",
        sql);
  ck_assert_int_eq(fclose(sql), 0);
  iscc_run_well("rm -f c.db; sqlite3 c.db <'" ISCC_TEST_SOURCE_DIR
                "/model/record/schema.sql' && sqlite3 c.db <fill.sql");
}

static void begin(void) {
  iscc_run_begin();
  make_database();
}

static iscc_chart read_chart(const char *baseline) {
  const iscc_chart_question question = {.metric = "energy_j",
                                        .by = "scheme",
                                        .against = "max-latency",
                                        .baseline = baseline,
                                        .confidence = 0.95};
  iscc_chart chart;
  iscc_error error = {""};
  ck_assert_msg(iscc_chart_read(iscc_test_path("c.db"), &question, &chart, &error) == ISCC_OK, "%s",
                error.text);
  return chart;
}

/* Mean and half width of a scheme at a place. */
static void by_hand(int s, int x, double *mean, double *half) {
  double sum = 0, squares = 0;
  for (int r = 1; r <= RUNS; r++) sum += energy(s, x, r);
  *mean = sum / RUNS;
  for (int r = 1; r <= RUNS; r++) squares += pow(energy(s, x, r) - *mean, 2);
  *half = T_OF_6_RUNS * sqrt(squares / (RUNS * (RUNS - 1)));
}

START_TEST(points_are_means_of_replications_in_order) {
  iscc_chart c = read_chart(NULL);
  ck_assert_uint_eq(c.points, SCHEMES * PLACES);
  ck_assert_uint_eq(c.values, SCHEMES);
  ck_assert_str_eq(c.command, "iscc-p --tasks=9");
  for (int i = 0; i < SCHEMES * PLACES; i++) {
    const iscc_chart_point *p = c.point + i;
    double mean, half;
    by_hand(i / PLACES, i % PLACES, &mean, &half);
    ck_assert_str_eq(p->value, scheme[i / PLACES]);
    ck_assert_str_eq(p->place, place[i % PLACES]);
    ck_assert_double_eq(p->x, atof(place[i % PLACES]));
    ck_assert_uint_eq(p->mean->n, RUNS);
    ck_assert_uint_eq(p->mean->failed, i == 4);
    ck_assert_double_eq_tol(p->mean->mean, mean, 1e-15);
    ck_assert_double_eq_tol(p->mean->high - mean, half, 1e-14);
    ck_assert_double_eq_tol(mean - p->mean->low, half, 1e-14);
    ck_assert_uint_eq(p->pairs, 0);
    ck_assert(isnan(p->relative));
  }
  iscc_chart_free(&c);
}
END_TEST

START_TEST(differences_are_those_of_pairs) {
  iscc_chart c = read_chart("base");
  for (int x = 0; x < PLACES; x++) {
    double a[RUNS], b[RUNS];
    for (int r = 1; r <= RUNS; r++) a[r - 1] = energy(1, x, r), b[r - 1] = energy(0, x, r);
    const iscc_paired want = iscc_paired_of(a, b, RUNS, 0.95);
    const iscc_chart_point *p = c.point + PLACES + x;
    ck_assert_uint_eq(p->pairs, RUNS);
    ck_assert_double_eq_tol(p->relative, want.relative, 1e-14);
    ck_assert_double_eq_tol(p->relative_low, want.relative_low, 1e-14);
    ck_assert_double_eq_tol(p->relative_high, want.relative_high, 1e-14);
    ck_assert_uint_eq(c.point[x].pairs, 0);
  }
  iscc_chart_free(&c);
}
END_TEST

START_TEST(stopped_by_precision_is_corrected) {
  iscc_run_well("sqlite3 c.db \"UPDATE execution SET stopping = 'precision' WHERE json_extract(arguments, "
                "'$.scheme') = 'good'\"");
  iscc_chart c = read_chart("base");
  double mean, half;
  by_hand(1, 0, &mean, &half);
  ck_assert(c.point[PLACES].mean->stopped && !c.point[0].mean->stopped);
  ck_assert_double_eq_tol(c.point[PLACES].mean->high - mean, (1 + 8. / (RUNS * RUNS)) * half, 1e-12);
  by_hand(0, 0, &mean, &half);
  ck_assert_double_eq_tol(c.point[0].mean->high - mean, half, 1e-14);
  iscc_chart_free(&c);
}
END_TEST

START_TEST(a_metric_that_is_missing_leaves_a_gap) {
  iscc_run_well(
      "sqlite3 c.db \"DELETE FROM metric WHERE execution_id IN (SELECT execution_id FROM execution WHERE "
      "json_extract(arguments, '$.scheme') = 'good' AND (json_extract(arguments, '$.max-latency') = '2' OR "
      "run = 1))\"");
  iscc_run_well(BASIC "--baseline base -o x.svg");
  ck_assert_ptr_nonnull(
      strstr(iscc_run_output, "\n8 runs have no value of the metric and are in no mean.\n"));
  const char *csv = iscc_test_read("x.csv", NULL);
  ck_assert_msg(strstr(csv, "\ngood,2,0,6,1,,,,,0,,,,fixed,\n") != NULL, "%s", csv);
  ck_assert_msg(strstr(csv, "\ngood,10,5,1,0,") != NULL, "%s", csv);
  ck_assert_int_eq(iscc_test_count(iscc_test_read("x.svg", NULL), ">no value</text>"), 1);
}
END_TEST

/* ---- files ---- */

START_TEST(the_numbers_stand_beside_the_picture) {
  double mean, half, other, ignored;
  char row[256];
  iscc_run_well(BASIC "--baseline base -o out.v1.svg");
  ck_assert_str_eq(
      iscc_run_output,
      "out.v1.svg; 6 points in out.v1.csv, script in out.v1.gp\n1 runs failed and are in no mean.\n");
  by_hand(1, 2, &mean, &half);
  by_hand(0, 2, &other, &ignored);
  const char *csv = iscc_test_read("out.v1.csv", NULL);
  ck_assert_int_eq(iscc_test_count(csv, "\n"), 7);
  static const char head[] = "scheme,max-latency,n,without,failed,energy_j,low,high,interval,pairs,relative,"
                             "relative_low,relative_high,stopping,remark\nbase,0.5,6,0,0,";
  ck_assert_int_eq(strncmp(csv, head, sizeof head - 1), 0);
  snprintf(row, sizeof row, "\ngood,10,6,0,0,%.12g,%.12g,%.12g,t,6,%.12g,", mean, mean - half, mean + half,
           mean / other - 1);
  ck_assert_msg(strstr(csv, row) != NULL, "'%s' is not in:\n%s", row, csv);
  const char *svg = iscc_test_read("out.v1.svg", NULL);
  static const char *const texts[] = {
      "iscc-p --tasks=9",
      "base",
      "good",
      "energy (mJ)",
      "difference to base (%)",
      "n = 6 runs a point; bars: 95 % intervals, right those of paired differences"};
  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
    snprintf(row, sizeof row, ">%s</text>", texts[i]);
    ck_assert_msg(iscc_test_count(svg, row) == 1, "'%s' %d times", row, iscc_test_count(svg, row));
  }
  ck_assert_int_eq(iscc_test_count(svg, ">max-latency (s)</text>"), 2);
}
END_TEST

START_TEST(the_script_draws_the_picture_again) {
  iscc_run_well(BASIC "-o x.svg && gnuplot x.gp >again.svg && cmp x.svg again.svg");
  iscc_run_well(BASIC "-o x.png && head -c 8 x.png | od -An -c");
  ck_assert_ptr_nonnull(strstr(iscc_run_output, "P   N   G"));
  iscc_run_well(BASIC "-o x.pdf && head -c 5 x.pdf");
  ck_assert_ptr_nonnull(strstr(iscc_run_output, "%PDF-"));
}
END_TEST

START_TEST(without_an_axis_each_value_has_its_name) {
  iscc_run_well(PLOT "--metric energy_j --by scheme --where max-latency=2 --confidence 0.9 -o x.svg");
  const char *svg = iscc_test_read("x.svg", NULL);
  ck_assert_int_eq(iscc_test_count(svg, ">good</text>"), 1);
  ck_assert_int_eq(iscc_test_count(svg, ">n = 6 runs a point; bars: 90 % intervals</text>"), 1);
  ck_assert_int_eq(iscc_test_count(svg, ">iscc-p --max-latency=2 --tasks=9</text>"), 1);
  static const char head[] =
      "scheme,n,without,failed,energy_j,low,high,interval,stopping,remark\nbase,6,0,0,";
  ck_assert_int_eq(strncmp(iscc_test_read("x.csv", NULL), head, sizeof head - 1), 0);
  iscc_run_well(PLOT "--metric energy_j --by max-latency --where scheme=good --where max-latency=2 --where "
                     "max-latency=10 -o x.svg");
  ck_assert_int_eq(iscc_test_count(iscc_test_read("x.csv", NULL), "\n"), 3);
}
END_TEST

/* Names without room at the axis stand in the legend; more values than colours are refused. */
START_TEST(many_and_long_values_are_told_apart) {
  iscc_run_well(
      "sqlite3 c.db \"UPDATE execution SET arguments = json_set(arguments, '$.scheme', "
      "'a-long-name-of-a-scheme-that-has-no-room-at-the-axis-' || json_extract(arguments, '$.scheme'))\"");
  iscc_run_well(PLOT "--metric energy_j --by scheme --where max-latency=2 -o x.svg");
  const char *svg = iscc_test_read("x.svg", NULL);
  ck_assert_int_eq(iscc_test_count(svg, ">a-long-name-of-a-scheme-that-has-no-room-at-the-axis-good</text>"),
                   1);
  ck_assert_int_eq(iscc_test_count(svg, ">a-long-name"), 2);
  iscc_run_well("sqlite3 c.db \"UPDATE execution SET arguments = json_set(arguments, '$.scheme', 's' || "
                "execution_id)\"");
  ck_assert_int_eq(iscc_run(BASIC "-o y.svg"), 2);
  ck_assert_msg(strstr(iscc_run_output,
                       "by: scheme has 37 values, more than the 16 that can be told apart; choose with "
                       "--where scheme=VALUE, several times\n") != NULL,
                "%s", iscc_run_output);
}
END_TEST

/* An option that only some runs were given differs, too. */
START_TEST(runs_of_a_point_may_differ_in_nothing_else) {
  ck_assert_int_eq(iscc_run(PLOT "--metric energy_j --by scheme -o x.svg"), 2);
  ck_assert_str_eq(
      iscc_run_output,
      "iscc campaign plot: runs of one point differ in max-latency (0.5, 2, 10): keep one value of each, as "
      "with --where max-latency=0.5, or draw against it\n");
  iscc_run_well(
      "sqlite3 c.db \"UPDATE execution SET arguments = json_set(arguments, '$.snr-db', '3') WHERE run = 2\"");
  ck_assert_int_eq(iscc_run(BASIC "-o x.svg"), 2);
  ck_assert_msg(strstr(iscc_run_output, "runs of one point differ in snr-db (3)") != NULL, "%s",
                iscc_run_output);
  iscc_run_well(BASIC "-o x.svg --where snr-db=3");
  ck_assert_ptr_nonnull(strstr(iscc_test_read("x.csv", NULL), "\nbase,2,1,0,0,"));
  iscc_run_well("sqlite3 c.db \"UPDATE execution SET program = 'q' WHERE run = 2\"");
  ck_assert_int_eq(iscc_run(BASIC "-o x.svg"), 2);
  ck_assert_msg(strstr(iscc_run_output, "--where program=iscc-p --where snr-db=3") != NULL, "%s",
                iscc_run_output);
}
END_TEST

START_TEST(a_failing_gnuplot_leaves_the_picture_and_says_so) {
  iscc_run_well(
      "mkdir bin && printf '#!/bin/sh\\necho \"line 3: no luck\" >&2; exit 1\\n' >bin/gnuplot && chmod +x "
      "bin/gnuplot && echo old >x.svg");
  ck_assert_int_eq(iscc_run("PATH=$PWD/bin:$PATH " BASIC "-o x.svg"), 1);
  ck_assert_str_eq(iscc_run_output, "iscc campaign plot: x.svg: cannot be drawn: gnuplot: line 3: no luck\n");
  ck_assert_str_eq(iscc_test_read("x.svg", NULL), "old\n");
  iscc_run_well("test -s x.csv && test -s x.gp && test $(ls | wc -l) = 6"); /* with bin, c.db, fill.sql */
  ck_assert_int_eq(iscc_run(BASIC "-o gone/x.svg"), 1);
  ck_assert_msg(strstr(iscc_run_output, "gone/x.csv: cannot be written: No such file") != NULL, "%s",
                iscc_run_output);
}
END_TEST

static const struct {
  const char *options, *says;
} wrong[] = {
    {"--by scheme -o x.svg", "--metric, --by and -o are needed"},
    {"--metric energy_j --by scheme -o x.gif", "-o: x.gif: a figure's name ends in .png, .svg or .pdf"},
    {"--metric tasks --by scheme --against max-latency -o x.svg",
     "metric 'tasks': no run has it; there are energy_j"},
    {"--metric energy_j --by schema -o x.svg",
     "by: no run was given an option 'schema'; there are max-latency, scheme, tasks"},
    {"--metric energy_j --by scheme --against snr-db -o x.svg",
     "against: no run was given an option 'snr-db'; there are max-latency, scheme, tasks"},
    {"--metric energy_j --by max-latency --against scheme -o x.svg",
     "against: scheme is no number in some runs ('base')"},
    {"--metric energy_j --by scheme --against scheme -o x.svg",
     "against: scheme is what --by tells apart already"},
    {"--metric energy_j --by scheme --against max-latency --baseline joint -o x.svg", "it was run with "},
    {"--metric energy_j --by scheme --where max-latency -o x.svg",
     "where: 'max-latency' is not OPTION=VALUE"},
    {"--metric energy_j --by scheme --where max-latency=3 -o x.svg",
     "where: no run has max-latency=3; it was run with 0.5,10,2"},
    {"--metric energy_j --by scheme --where nodes=3 -o x.svg", "where: no run was given an option 'nodes'"},
    {"--metric energy_j --by 'a\"b' -o x.svg", "by: no run was given an option 'a\"b'"},
};

START_TEST(a_wrong_question_is_refused) {
  char command[512];
  snprintf(command, sizeof command, PLOT "%s", wrong[_i].options);
  ck_assert_msg(iscc_run(command) == 2, "%s", iscc_run_output);
  ck_assert_msg(strstr(iscc_run_output, wrong[_i].says) != NULL, "'%s' is not in: %s", wrong[_i].says,
                iscc_run_output);
  ck_assert_int_eq(iscc_test_count(iscc_run_output, "\n"), 1);
  iscc_run_well("test ! -e x.csv");
}
END_TEST

/* ---- texts ---- */

static const struct {
  const char *metric;
  double largest, scale;
  const char *label;
} metrics[] = {{"energy_per_task_j", 0.01, 1000, "energy per task (mJ)"},
               {"energy_per_task_j", 0.2, 1, "energy per task (J)"},
               {"latency_p95_s", 0.8, 1, "latency p95 (s)"},
               {"done_share", 0.01, 1, "done share"},
               {"snr_db", 0.01, 1, "snr (dB)"},
               {"_j", 0.01, 1, " j"}};

START_TEST(metrics_are_labelled_by_their_endings) {
  char label[ISCC_CHART_LABEL_MAX];
  ck_assert_double_eq(iscc_chart_metric_label(metrics[_i].metric, metrics[_i].largest, label),
                      metrics[_i].scale);
  ck_assert_str_eq(label, metrics[_i].label);
}
END_TEST

START_TEST(options_of_the_examples_have_their_units) {
  static const char *const rows[][2] = {{"max-latency", "max-latency (s)"},
                                        {"bandwidth", "bandwidth (Hz)"},
                                        {"noise-figure", "noise-figure (dB)"},
                                        {"max-speed", "max-speed (FLOP/s)"},
                                        {"nodes", "nodes"},
                                        {"speed", "speed"}};
  char label[ISCC_CHART_LABEL_MAX];
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    iscc_chart_option_label(rows[i][0], true, label);
    ck_assert_str_eq(label, rows[i][1]);
  }
  iscc_chart_option_label("max-latency", false, label);
  ck_assert_str_eq(label, "max-latency");
}
END_TEST

Suite *iscc_suite_campaign_chart(void);

Suite *iscc_suite_campaign_chart(void) {
  Suite *suite = suite_create("campaign plot");
  TCase *tc = tcase_create("chart");
  tcase_add_checked_fixture(tc, begin, iscc_run_end);
  tcase_set_timeout(tc, 30);
  tcase_add_test(tc, points_are_means_of_replications_in_order);
  tcase_add_test(tc, differences_are_those_of_pairs);
  tcase_add_test(tc, stopped_by_precision_is_corrected);
  tcase_add_test(tc, a_metric_that_is_missing_leaves_a_gap);
  tcase_add_test(tc, the_numbers_stand_beside_the_picture);
  tcase_add_test(tc, the_script_draws_the_picture_again);
  tcase_add_test(tc, without_an_axis_each_value_has_its_name);
  tcase_add_test(tc, many_and_long_values_are_told_apart);
  tcase_add_test(tc, runs_of_a_point_may_differ_in_nothing_else);
  tcase_add_test(tc, a_failing_gnuplot_leaves_the_picture_and_says_so);
  tcase_add_loop_test(tc, a_wrong_question_is_refused, 0, sizeof wrong / sizeof *wrong);
  tcase_add_loop_test(tc, metrics_are_labelled_by_their_endings, 0, sizeof metrics / sizeof *metrics);
  tcase_add_test(tc, options_of_the_examples_have_their_units);
  suite_add_tcase(suite, tc);
  return suite;
}
