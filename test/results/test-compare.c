/* SPDX-License-Identifier: GPL-2.0-only */
/* `iscc campaign compare`: its numbers beside those of the same values paired by hand, and its words. */
#include <check.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "iscc-compare.h"
#include "iscc-paired-shares.h"
#include "iscc-run-program.h"

#define COMPARE "'" ISCC_TEST_BUILD_DIR "/iscc' campaign compare c.db "

enum { RUNS = 8 };

/* energy_j of scheme s (0: base) at point x, replication r: what they have in common, then what each adds. */
static double energy(int s, int x, int r) {
  static const double apart[3][2] = {{0, 0}, {-2, -3}, {0.001, -0.001}};
  return 20 + 5 * x + (r * 37) % 11 + apart[s][x] + 0.1 * ((r * (s + 2)) % 7);
}

static const char *const scheme[] = {"base", "good", "same"};

static void add(FILE *sql, int id, int s, int x, int r, const char *outcome) {
  fprintf(sql,
          "INSERT INTO execution VALUES (%d, 'p', 'abc', '{\"scheme\":\"%s\",\"t\":\"9\",\"x\":\"%d\"}', 1, "
          "%d, 'fixed', '%s', 0, NULL, NULL, '', "
          "'1', 'h', '', 1, 1, 1, NULL, NULL); INSERT INTO metric VALUES (%d, 'energy_j', %.17g);\n",
          id, scheme[s], x, r, outcome, id, energy(s, x, r));
}

/* Replication 3 of base at point 0 is missing, that of good has failed with a wild value. */
static void make_database(void) {
  char path[256];
  snprintf(path, sizeof path, "%s/fill.sql", iscc_run_folder);
  FILE *sql = fopen(path, "w");
  ck_assert_ptr_nonnull(sql);
  int id = 1;
  for (int s = 0; s < 3; s++)
    for (int x = 0; x < 2; x++)
      for (int r = 1; r <= RUNS; r++)
        if (s != 0 || x != 0 || r != 3) add(sql, id++, s, x, r, "done");
  fputs("INSERT INTO metric VALUES (20, 'accuracy', 1);\n", sql);
  fputs("INSERT INTO execution VALUES (900, 'p', 'abc', '{\"scheme\":\"good\",\"t\":\"9\",\"x\":\"0\"}', 1, "
        "9, 'fixed', 'failed', 1, NULL, NULL, '', "
        "'1', 'h', '', 1, 1, 1, NULL, NULL);\n",
        sql);
  ck_assert_int_eq(fclose(sql), 0);
  iscc_run_well("sqlite3 c.db <'" ISCC_TEST_SOURCE_DIR "/model/record/schema.sql' && sqlite3 c.db <fill.sql");
}

static void begin(void) {
  iscc_run_begin();
  make_database();
}

static void compare(iscc_comparison *c) {
  char path[256];
  const iscc_compare_question question = {"energy_j", "scheme", "base", 0.95, NULL};
  iscc_error error = {""};
  snprintf(path, sizeof path, "%s/c.db", iscc_run_folder);
  ck_assert_msg(iscc_compare(path, &question, c, &error) == ISCC_OK, "%s", error.text);
}

static void expect_same(const iscc_paired *got, const iscc_paired *want) {
  ck_assert_uint_eq(got->n, want->n);
  ck_assert_double_eq_tol(got->mean_a, want->mean_a, 1e-12);
  ck_assert_double_eq_tol(got->difference, want->difference, 1e-12);
  ck_assert_double_eq_tol(got->half_width, want->half_width, 1e-12);
  ck_assert_double_eq_tol(got->p_value, want->p_value, 1e-12);
  ck_assert_double_eq_tol(got->relative_low, want->relative_low, 1e-12);
}

/* Pairs of scheme s at point x, or of means over both with x = -1. */
static iscc_paired by_hand(int s, int x) {
  double a[RUNS], b[RUNS];
  size_t n = 0;
  for (int r = 1; r <= RUNS; r++) {
    if (x != 1 && r == 3) continue;
    a[n] = x < 0 ? (energy(s, 0, r) + energy(s, 1, r)) / 2 : energy(s, x, r);
    b[n++] = x < 0 ? (energy(0, 0, r) + energy(0, 1, r)) / 2 : energy(0, x, r);
  }
  return iscc_paired_of(a, b, n, 0.95);
}

START_TEST(rows_are_pairs_of_replications) {
  static const struct {
    int scheme, x;
    const char *rest;
    size_t unpaired;
  } want[] = {{1, 0, "{\"t\":\"9\",\"x\":\"0\"}", 1},
              {2, 0, "{\"t\":\"9\",\"x\":\"0\"}", 1},
              {1, 1, "{\"t\":\"9\",\"x\":\"1\"}", 0},
              {2, 1, "{\"t\":\"9\",\"x\":\"1\"}", 0},
              {1, -1, "", 0},
              {2, -1, "", 0}};
  iscc_comparison c;
  compare(&c);
  ck_assert_uint_eq(c.rows, 6);
  for (size_t i = 0; i < 6; i++) {
    const iscc_paired hand = by_hand(want[i].scheme, want[i].x);
    ck_assert_str_eq(c.row[i].value, scheme[want[i].scheme]);
    ck_assert_str_eq(c.row[i].rest, want[i].rest);
    ck_assert_uint_eq(c.row[i].unpaired, want[i].unpaired);
    expect_same(&c.row[i].paired, &hand);
  }
  /* Holm: the smallest of four times 4, the largest of two times 1 */
  double least = 1;
  for (size_t i = 0; i < 4; i++) least = fmin(least, c.row[i].paired.p_value);
  for (size_t i = 0; i < 4; i++)
    if (c.row[i].paired.p_value <= least) ck_assert_double_eq_tol(c.row[i].adjusted_p, 4 * least, 1e-15);
  ck_assert_double_eq_tol(c.row[5].adjusted_p, c.row[5].paired.p_value, 1e-12);
  ck_assert_int_eq(c.hashes, 1);
  iscc_comparison_free(&c);
}
END_TEST

START_TEST(it_says_so_in_words) {
  iscc_run_well(COMPARE "--metric energy_j --by scheme --baseline base");
  const iscc_paired good = by_hand(1, -1);
  char want[256];
  const double side = 100 * fmax(good.relative_high - good.relative, good.relative - good.relative_low);
  const int digits = (int)fmax(1, 1 - floor(log10(side)));
  snprintf(want, sizeof want,
           "Over all points: good has %.*f %% +- %.*f %% less energy_j than base, 7 paired runs; without "
           "a value: 1 of 17 runs of good, 0 of 15 of base.\n",
           digits, -100 * good.relative, digits, side);
  ck_assert_msg(strstr(iscc_run_output, want) != NULL, "'%s' is not in: %s", want, iscc_run_output);
  ck_assert_msg(strstr(iscc_run_output, "Over all points: same and base are not told apart in energy_j") !=
                    NULL,
                "%s", iscc_run_output);
  ck_assert_ptr_nonnull(strstr(iscc_run_output, "\nx=0         good"));
  ck_assert_ptr_null(strstr(iscc_run_output, "t=9")); /* the same everywhere */
  ck_assert_ptr_nonnull(strstr(iscc_run_output, "1 without partner"));
  iscc_run_well(COMPARE "--metric energy_j --by x --baseline 0");
  ck_assert_msg(strstr(iscc_run_output, "Over all points: x=1 has ") != NULL, "%s", iscc_run_output);
  ck_assert_ptr_nonnull(strstr(iscc_run_output, "more energy_j than x=0"));
}
END_TEST

/* As far as the corrected interval of the same values says. */
START_TEST(stopped_by_precision_is_corrected) {
  iscc_comparison c;
  const iscc_paired plain = by_hand(1, 1);
  iscc_run_well("sqlite3 c.db \"UPDATE execution SET stopping = 'precision'\"");
  compare(&c);
  ck_assert(c.row[2].stopped);
  ck_assert_double_eq_tol(c.row[2].paired.half_width, (1 + 8. / (RUNS * RUNS)) * plain.half_width, 1e-9);
  ck_assert_double_gt(c.row[2].paired.p_value, plain.p_value);
  ck_assert_double_lt(c.row[2].paired.relative_low, plain.relative_low);
  iscc_comparison_free(&c);
  iscc_run_well(COMPARE "--metric energy_j --by scheme --baseline base");
  ck_assert_ptr_nonnull(strstr(iscc_run_output, "Results decided how many replications there are"));
}
END_TEST

/* What has no relative meaning is not given as per cent. */
START_TEST(what_is_not_known_is_a_dash) {
  iscc_run_well("sqlite3 c.db \"UPDATE metric SET value = 0 WHERE execution_id IN (SELECT execution_id FROM "
                "execution WHERE "
                "json_extract(arguments, '$.scheme') = 'base')\"");
  iscc_run_well(COMPARE "--metric energy_j --by scheme --baseline base");
  ck_assert_msg(strstr(iscc_run_output, "nan") == NULL && strstr(iscc_run_output, "inf") == NULL, "%s",
                iscc_run_output);
  ck_assert_ptr_nonnull(strstr(iscc_run_output, "more energy_j than base"));
  iscc_run_well("sqlite3 c.db \"UPDATE metric SET value = -value - 10 + 10 * (execution_id > 15)\"");
  iscc_run_well(COMPARE "--metric energy_j --by scheme --baseline base");
  ck_assert_msg(strstr(iscc_run_output, "Over all points: good has ") != NULL, "%s", iscc_run_output);
  ck_assert_ptr_null(strstr(iscc_run_output, "% less"));
  iscc_run_well("sqlite3 c.db 'UPDATE metric SET value = 1'");
  iscc_run_well(COMPARE "--metric energy_j --by scheme --baseline base");
  ck_assert_ptr_nonnull(strstr(iscc_run_output, "All differences are equal in rows with +- 0"));
}
END_TEST

/* Successes: good always, base never but once at the other point. Student's t says "p < 0.0001" of such pairs. */
START_TEST(successes_are_counted) {
  iscc_comparison c;
  iscc_run_well(
      "sqlite3 c.db \"DELETE FROM metric WHERE name = 'accuracy'; UPDATE metric SET name = 'right', value = "
      "json_extract((SELECT arguments FROM execution e WHERE e.execution_id = metric.execution_id), "
      "'$.scheme') = 'good'; UPDATE metric SET value = 1 WHERE execution_id = 12\"");
  const iscc_compare_question question = {"right", "scheme", "base", 0.95, "{\"scheme\":[\"good\"]}"};
  iscc_error error = {""};
  char path[256];
  snprintf(path, sizeof path, "%s/c.db", iscc_run_folder);
  ck_assert_msg(iscc_compare(path, &question, &c, &error) == ISCC_OK, "%s", error.text);
  const iscc_paired_shares seven = iscc_paired_shares_of_counts(0, 7, 0, 0, 0.95),
                           eight = iscc_paired_shares_of_counts(1, 7, 0, 0, 0.95);
  const iscc_compare_row *row = c.row;
  ck_assert_uint_eq(c.rows, 3);
  ck_assert_double_eq_tol(row[0].paired.p_value, 2. / 128, 1e-12);
  ck_assert_double_eq_tol(row[0].interval.low, seven.low, 1e-12);
  ck_assert_double_eq_tol(row[1].interval.low, eight.low, 1e-12);
  ck_assert_double_eq_tol(row[1].interval.high, eight.high, 1e-12);
  ck_assert(isnan(row[0].paired.half_width) && isnan(row[0].paired.relative_low) && row[0].warning == 0);
  iscc_comparison_free(&c);
  iscc_run_well(COMPARE "--metric right --by scheme --baseline base --where scheme=good --where x=0");
  ck_assert_msg(strstr(iscc_run_output, "good has 1 (0.5 .. 1) more right than base, 7 paired runs") != NULL,
                "%s", iscc_run_output);
  ck_assert_ptr_null(strstr(iscc_run_output, "RngRun"));
  ck_assert_ptr_nonnull(strstr(iscc_run_output, "  0.499 .. 1 by Newcombe\n"));
  iscc_run_well(COMPARE "--metric right --by scheme --baseline good --where scheme=base --where x=0");
  ck_assert_msg(strstr(iscc_run_output, "base has 1 (0.5 .. 1) less right than good, 7 paired runs") != NULL,
                "%s", iscc_run_output);
  iscc_run_well(
      "sqlite3 c.db \"DELETE FROM metric WHERE execution_id = 12\"; " COMPARE
      "--metric right --by scheme --baseline base --where scheme=good"); /* means over points, all of them 0 or 1 */
  ck_assert_msg(strstr(iscc_run_output,
                       "Over all points: good has 1 (0.45 .. 1) more right than base, 6 paired runs") != NULL,
                "%s", iscc_run_output);
  ck_assert_ptr_null(strstr(iscc_run_output, "< 0.0001"));
}
END_TEST

/* 0.1 2^r more: t is remarked on, and the sentence has the other interval. */
START_TEST(skewed_differences_have_bootstrap_t) {
  iscc_comparison c;
  iscc_run_well("sqlite3 c.db \"UPDATE metric SET value = 1e4 + 0.1 * (execution_id > 15) * pow(3, (SELECT "
                "run FROM execution e "
                "WHERE e.execution_id = metric.execution_id)) WHERE name = 'energy_j'\"");
  compare(&c);
  const iscc_compare_row *row = c.row + 2; /* x=1 good */
  double d[RUNS];
  for (int r = 1; r <= RUNS; r++) d[r - 1] = 0.1 * pow(3, r);
  iscc_chosen_interval want;
  ck_assert_int_eq(iscc_chosen_interval_of(d, RUNS, 0.95, &want, NULL), ISCC_OK);
  ck_assert_int_eq(want.method, ISCC_INTERVAL_BOOTSTRAP_T);
  ck_assert_int_eq(row->warning, ISCC_WARNING_SKEWED);
  ck_assert_double_eq_tol(row->interval.low, want.low, 1e-6);
  ck_assert_double_eq_tol(row->interval.high, want.high, 1e-6);
  ck_assert_double_nan(row->paired.half_width);
  char text[128];
  snprintf(text, sizeof text, "difference %.3g (%.2g .. %.2g), 8 paired runs.\n", row->paired.difference,
           row->interval.low, row->interval.high);
  iscc_comparison_free(&c);
  iscc_run_well(COMPARE "--metric energy_j --by scheme --baseline base --where scheme=good --where x=1");
  ck_assert_msg(strstr(iscc_run_output, text) != NULL, "%s: %s", text, iscc_run_output);
  ck_assert_msg(strstr(iscc_run_output, " by bootstrap-t  (strongly skewed values, too few of them)\n") !=
                    NULL,
                "%s", iscc_run_output);
}
END_TEST

/* A constant difference is one, whatever its last digits. */
START_TEST(rounding_is_no_scatter) {
  iscc_comparison c;
  iscc_run_well("sqlite3 c.db \"UPDATE metric SET value = 10.1 + 3.7 * (SELECT run FROM execution e WHERE "
                "e.execution_id = "
                "metric.execution_id) - iif(execution_id > 15, 4.2, 0)\"");
  compare(&c);
  for (size_t i = 0; i < c.rows; i++) {
    ck_assert_double_eq(c.row[i].paired.half_width, 0);
    ck_assert_int_eq(c.row[i].warning, ISCC_WARNING_NONE);
  }
  iscc_comparison_free(&c);
}
END_TEST

/* 30 pairs of recorded runs: 15 of good and of same with base, of which 2 lack a partner. */
static void record_streams(void) {
  iscc_run_well("sqlite3 c.db \"UPDATE execution SET run_id = execution_id; INSERT INTO stream SELECT "
                "run_id, p.value, 8, "
                "'i', p.value || execution.run FROM execution, json_each('[\\\"arrivals\\\", \\\"fading\\\", "
                "\\\"noise\\\"]') p\"");
}

/* The runs of one value, beside those of the baseline; with a single point there is no mean over points. */
START_TEST(where_chooses_the_runs_compared) {
  iscc_comparison c;
  char path[256];
  const iscc_compare_question question = {"energy_j", "scheme", "base", 0.95,
                                          "{\"x\":[\"1\",\"7\"],\"scheme\":[\"good\"]}"};
  iscc_error error = {""};
  snprintf(path, sizeof path, "%s/c.db", iscc_run_folder);
  ck_assert_int_eq(iscc_compare(path, &question, &c, &error), ISCC_EINVAL);
  ck_assert_str_eq(error.text, "where: no run has x=7; it was run with 0,1");
  iscc_run_well(COMPARE "--metric energy_j --by scheme --baseline base --where x=1 --where scheme=good");
  ck_assert_ptr_nonnull(strstr(iscc_run_output, "less energy_j than base, 8 paired runs.\n"));
  ck_assert_ptr_null(strstr(iscc_run_output, "all points"));
  ck_assert_ptr_null(strstr(iscc_run_output, "same"));
}
END_TEST

/* What is said of the pairs is said of those that are compared. */
START_TEST(where_chooses_the_streams_compared) {
  record_streams();
  iscc_run_well(
      "sqlite3 c.db \"UPDATE stream SET value_sha256 = 'x' WHERE run_id IN (SELECT execution_id FROM "
      "execution WHERE json_extract(arguments, '$.scheme') = 'same')\"");
  iscc_run_expect(0, COMPARE "--metric energy_j --by scheme --baseline base --where x=1 --where scheme=good",
                  "\nAll 8 pairs drew the same random numbers for arrivals, fading and noise (stream "
                  "fingerprints).\n");
  ck_assert_ptr_null(strstr(iscc_run_output, "Note"));
}
END_TEST

/* However the number is written, in the question or, in an old database, in the answer. */
START_TEST(numbers_are_found_as_numbers) {
  iscc_run_expect(0, COMPARE "--metric energy_j --by x --baseline 0.0 --where x=1.00 --where scheme=good",
                  "x=1 has ");
  iscc_run_well(
      "sqlite3 c.db \"UPDATE execution SET arguments = replace(arguments, '\\\"0\\\"', '\\\"0.0\\\"')\"");
  iscc_run_expect(0, COMPARE "--metric energy_j --by x --baseline 0", "paired runs");
}
END_TEST

/* good fails for even replications at both points; what failed once and was done later has not failed. */
START_TEST(failures_are_counted_on_both_sides) {
  iscc_run_well(
      "sqlite3 c.db \"DELETE FROM execution WHERE run = 9; DELETE FROM metric WHERE execution_id NOT IN "
      "(SELECT execution_id FROM execution); UPDATE execution SET outcome = 'failed' WHERE run % 2 = 0 "
      "AND json_extract(arguments, '$.scheme') = 'good'; INSERT INTO execution SELECT execution_id + "
      "1000, program, program_sha256, arguments, seed, run, stopping, 'failed', 1, NULL, NULL, '', '1', "
      "'h', '', 1, 1, 1, NULL, NULL FROM execution WHERE outcome = 'done' AND run = 1\"");
  iscc_run_expect(0, COMPARE "--metric energy_j --by scheme --baseline base --where x=1",
                  "4 paired runs; without a value: 4 of 8 runs of good, 0 of 8 of base.\n");
  ck_assert_ptr_nonnull(strstr(iscc_run_output, "  4 of 8 without a value  ("));
  ck_assert_ptr_nonnull(strstr(iscc_run_output, "Runs without a value failed, or did not give it"));
  iscc_run_expect(0, COMPARE "--metric energy_j --by scheme --baseline good --where x=1",
                  "4 paired runs; without a value: 0 of 8 runs of base, 4 of 8 of good.\n");
  ck_assert_ptr_nonnull(strstr(iscc_run_output, "  4 without partner  baseline: 4 of 8 without a value"));
  iscc_run_expect(0, COMPARE "--metric energy_j --by scheme --baseline base", "  8 of 16 without a value");
}
END_TEST

/* No run of same has a value at point 1: a row all the same. */
START_TEST(a_value_that_always_failed_has_a_row) {
  iscc_comparison c;
  iscc_run_well(
      "sqlite3 c.db \"DELETE FROM metric WHERE execution_id IN (SELECT execution_id FROM execution WHERE "
      "json_extract(arguments, '$.scheme') = 'same' AND json_extract(arguments, '$.x') = '1')\"");
  compare(&c);
  ck_assert_uint_eq(c.rows, 5); /* of two points, one alone is left of same */
  ck_assert_str_eq(c.row[3].value, "same");
  ck_assert_uint_eq(c.row[3].paired.n, 0);
  ck_assert_uint_eq(c.row[3].tried, RUNS);
  ck_assert_uint_eq(c.row[3].without, RUNS);
  ck_assert_uint_eq(c.row[1].without, 0);
  iscc_comparison_free(&c);
  iscc_run_expect(0, COMPARE "--metric energy_j --by scheme --baseline base", "  8 of 8 without a value");
  ck_assert_ptr_null(strstr(iscc_run_output, "nan"));
  iscc_run_well(
      "sqlite3 c.db \"UPDATE execution SET outcome = 'failed' WHERE json_extract(arguments, '$.scheme') = "
      "'base'\"");
  iscc_run_expect(2, COMPARE "--metric energy_j --by scheme --baseline base",
                  "none of the 15 runs of scheme=base is done");
}
END_TEST

/* Equal arguments of two programs are two points. */
START_TEST(programs_are_apart) {
  iscc_comparison c;
  iscc_run_well("sqlite3 c.db \"UPDATE execution SET program = 'q' WHERE json_extract(arguments, '$.x') = "
                "'1'; UPDATE execution SET "
                "arguments = json_set(arguments, '$.x', '0') WHERE program = 'q'\"");
  compare(&c);
  const iscc_paired p = by_hand(1, 0), q = by_hand(1, 1);
  ck_assert_uint_eq(c.rows, 4); /* no mean over programs */
  ck_assert_str_eq(c.row[0].rest, "{\"t\":\"9\",\"x\":\"0\",\"program\":\"p\"}");
  expect_same(&c.row[0].paired, &p);
  expect_same(&c.row[2].paired, &q);
  iscc_comparison_free(&c);
}
END_TEST

START_TEST(mixed_programs_are_told) {
  iscc_run_well("sqlite3 c.db \"UPDATE execution SET program_sha256 = 'def' WHERE execution_id = 4\"");
  iscc_run_well(COMPARE "--metric energy_j --by scheme --baseline base");
  ck_assert_ptr_nonnull(
      strstr(iscc_run_output, "Note: the results were made by 2 different files of one program."));
}
END_TEST

static const struct {
  const char *change, *says, *not ;
} streams[] = {
    {"SELECT 1",
     "\nAll 30 pairs drew the same random numbers for arrivals, fading and noise (stream fingerprints).\n",
     "Note"},
    {"UPDATE stream SET value_sha256 = 'x' WHERE purpose = 'fading' AND run_id IN (SELECT execution_id FROM "
     "execution WHERE json_extract(arguments, '$.scheme') = 'good' AND run < 3)",
     "\nAll 30 pairs drew the same random numbers for arrivals and noise (stream fingerprints).\n"
     "Note: fading differs in 4 of 30 pairs, which do not share its random numbers",
     "other tasks"},
    {"UPDATE stream SET index_sha256 = 'x', value_sha256 = 'y' WHERE purpose = 'noise' AND run_id IN (SELECT "
     "execution_id FROM "
     "execution WHERE json_extract(arguments, '$.scheme') = 'good' AND run = 1)",
     "\nAll 30 pairs drew the same random numbers for arrivals and fading (stream fingerprints).\n"
     "The same random numbers for noise in 28 of 30 pairs; the others have hashes of other draws "
     "and cannot be compared.\n",
     "Note"},
    {"UPDATE stream SET index_sha256 = run_id, value_sha256 = run_id WHERE purpose = 'noise'",
     "\nRandom numbers for noise cannot be compared: all pairs have hashes of other draws.\n", "in 0 of"},
    {"UPDATE execution SET run_id = NULL WHERE json_extract(arguments, '$.scheme') = 'base'",
     "paired runs.\n", "random numbers"},
    {"DELETE FROM stream", "paired runs.\n", "random numbers"}};

START_TEST(shared_random_numbers_are_told) {
  char command[512];
  record_streams();
  snprintf(command, sizeof command, "sqlite3 c.db \"%s\"", streams[_i].change);
  iscc_run_well(command);
  iscc_run_well(COMPARE "--metric energy_j --by scheme --baseline base");
  ck_assert_msg(strstr(iscc_run_output, streams[_i].says) != NULL, "%s: %s", streams[_i].says,
                iscc_run_output);
  ck_assert_msg(strstr(iscc_run_output, streams[_i].not ) == NULL, "%s: %s", streams[_i].not,
                iscc_run_output);
}
END_TEST

static const struct {
  const char *options, *says;
} wrong[] = {
    {"", "--metric, --by and --baseline are needed"},
    {"--metric tasks --by scheme --baseline base", "metric 'tasks': no run has it; there are "},
    {"--metric energy_j --by schema --baseline base",
     "no run was given an option 'schema'; there are scheme,t,x"},
    {"--metric energy_j --by scheme --baseline joint", "it was run with base,good,same"},
    {"--metric accuracy --by scheme --baseline base", "accuracy has no value in any run of scheme=base"},
    {"--metric energy_j --by 'a\"b' --baseline joint", "is not an option's name"},
    {"--metric energy_j --by scheme --baseline base --confidence 95", "confidence"},
};

START_TEST(a_wrong_question_is_refused) {
  char command[512];
  snprintf(command, sizeof command, COMPARE "%s", wrong[_i].options);
  ck_assert_int_eq(iscc_run(command), 2);
  ck_assert_msg(strstr(iscc_run_output, wrong[_i].says) != NULL, "'%s' is not in: %s", wrong[_i].says,
                iscc_run_output);
}
END_TEST

Suite *iscc_suite_compare(void);

Suite *iscc_suite_compare(void) {
  Suite *suite = suite_create("compare");
  TCase *tc = tcase_create("compare");
  tcase_add_checked_fixture(tc, begin, iscc_run_end);
  tcase_add_test(tc, rows_are_pairs_of_replications);
  tcase_add_test(tc, it_says_so_in_words);
  tcase_add_test(tc, stopped_by_precision_is_corrected);
  tcase_add_test(tc, what_is_not_known_is_a_dash);
  tcase_add_test(tc, successes_are_counted);
  tcase_add_test(tc, skewed_differences_have_bootstrap_t);
  tcase_add_test(tc, rounding_is_no_scatter);
  tcase_add_test(tc, where_chooses_the_runs_compared);
  tcase_add_test(tc, where_chooses_the_streams_compared);
  tcase_add_test(tc, numbers_are_found_as_numbers);
  tcase_add_test(tc, failures_are_counted_on_both_sides);
  tcase_add_test(tc, a_value_that_always_failed_has_a_row);
  tcase_add_test(tc, programs_are_apart);
  tcase_add_test(tc, mixed_programs_are_told);
  tcase_add_loop_test(tc, shared_random_numbers_are_told, 0, sizeof streams / sizeof *streams);
  tcase_add_loop_test(tc, a_wrong_question_is_refused, 0, sizeof wrong / sizeof *wrong);
  suite_add_tcase(suite, tc);
  return suite;
}
