/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-test-diagrams.h"

#include <check.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "iscc-run-program.h"
#include "iscc-test-files.h"

static const char fill[] =
    "INSERT INTO run (run_id, program, parameters, seed, run, version, status, end_ns, started_wall, "
    "ended_wall)"
    " VALUES (1, 'iscc-x', '{\"load\":1}', 1, 1, '1', 'done', 5000000000, '', ''),"
    " (2, 'iscc-x', '{\"load\":1}', 1, 2, '1', 'done', 5000000000, '', ''),"
    " (3, 'iscc-x', '{\"load\":1}', 1, 3, '1', 'interrupted', 5000000000, '', '');\n"
    "INSERT INTO node SELECT run_id, 0, 'joint', 'model', 0.8, 0.8, 0, 0, 0 FROM run"
    " UNION ALL SELECT run_id, 1, 'jcc', 'model', 0.9, 0.8, 0, 0, 0 FROM run;\n"
    "CREATE TEMP TABLE t (run, node, no, outcome, arrival_s, latency_s, sensing_j, compute_j, uplink_j, "
    "correct);\n"
    "INSERT INTO t VALUES"
    " (1, 0, 0, 'done', 1, 0.5, 0.010, 0.002, 0.004, 1), (1, 0, 1, 'late', 2, 0.9, 0.012, 0.002, 0.004, 0),"
    " (1, 0, 2, 'infeasible', 3, NULL, 0, 0, 0, NULL), (1, 0, 3, 'done', 4, 0.5, 0.008, 0.002, 0.004, 1),"
    " (2, 0, 0, 'done', 1, 0.25, 0.012, 0.003, 0.005, 1), (1, 1, 0, 'done', 1, 0.7, 0.02, 0.01, 0, 1),"
    " (2, 1, 0, 'dropped', 1, NULL, 0, 0, 0, NULL), (3, 0, 0, 'done', 1, 0.1, 0.9, 0.9, 0.9, 0);\n"
    "INSERT INTO task SELECT run, node, no, outcome, 1e9 * arrival_s, NULL, -1, latency_s, 0, 0, 0, 0, 0, 0, "
    "0, sensing_j,"
    " compute_j, uplink_j, sensing_j + compute_j + uplink_j, 0, 0, 0, 0, NULL, NULL, correct FROM t;\n"
    "UPDATE task SET wait_ns = 5e7, sensing_ns = 2e8, compute_ns = 4e7, uplink_ns = 1e8, server_wait_ns = "
    "2e7,"
    " server_ns = 6e7, answer_ns = 3e7 WHERE run_id = 1 AND node_id = 0 AND task_no = 0;\n"
    "INSERT INTO tally SELECT run_id, node_id, count(*), sum(outcome = 'done'), sum(outcome = 'late'),"
    " sum(outcome = 'infeasible'), sum(outcome = 'dropped'), 0, 0, count(correct), coalesce(sum(correct), 0),"
    " coalesce(sum(latency_s), 0), sum(energy_j > 0), sum(sensing_j), sum(compute_j), sum(uplink_j), "
    "sum(energy_j), 0, 0, 0,"
    " NULL, NULL, 0, NULL FROM task GROUP BY run_id, node_id;\n"
    "CREATE TEMP TABLE d (run, no, gain_db, max_latency_s, split, bits, keep_ratio);\n"
    "INSERT INTO d VALUES (1, 0, 10.5, 0.85, 3, 4, 0.5), (1, 1, 10.6, 0.82, 3, 6, 0.7), (1, 3, 10.7, 0.83, "
    "0, 6, 0.9),"
    " (1, 2, 0.5, 0.41, NULL, NULL, NULL), (2, 0, 5.5, 0.85, 11, 0, 0.25), (3, 0, 5.5, 0.85, 11, 0, 0.25);\n"
    "INSERT INTO decision (run_id, node_id, task_no, turn, executed, status, snr_per_w, max_latency_s, "
    "split, bits, keep_ratio,"
    " solver_wall_us) SELECT run, 0, no, 0, 1, iif(split IS NULL, 'infeasible', 'optimal'), pow(10, gain_db "
    "/ 10),"
    " max_latency_s, split, bits, keep_ratio, 0 FROM d;\n";

void iscc_test_diagrams_begin(void) {
  iscc_run_begin();
  iscc_test_write("fill.sql", fill);
  iscc_run_well("sqlite3 x.db <'" ISCC_TEST_SOURCE_DIR
                "/model/record/schema.sql' && sqlite3 x.db <fill.sql && rm fill.sql");
}

void iscc_test_diagrams_end(void) {
  iscc_run_end();
}

/* The start of line `row` below the comment; 0 is that of the names. NULL: there is none. */
static const char *line_of(const char *text, int row) {
  while (text && *text == '#') {
    text = strchr(text, '\n');
    text = text ? text + 1 : NULL;
  }
  for (; text && row > 0; row--) {
    text = strchr(text, '\n');
    text = text ? text + 1 : NULL;
  }
  return text && *text ? text : NULL;
}

/* The number of a column, -1: there is none. */
static int find_column(const char *names, const char *column) {
  const size_t length = strlen(column);
  for (int i = 0;; i++) {
    if (strncmp(names, column, length) == 0 && strchr(",\n", names[length])) return i;
    names += strcspn(names, ",\n");
    if (*names != ',') return -1;
    names++;
  }
}

const char *iscc_test_cell(const char *csv, int row, const char *column) {
  static char cell[256];
  const char *text = iscc_test_read(csv, NULL), *names = line_of(text, 0), *line = line_of(text, row + 1);
  ck_assert_msg(names && line, "%s has no row %d", csv, row);
  int number = find_column(names, column);
  ck_assert_msg(number >= 0, "%s has no column %s: %s", csv, column, names);
  for (; number > 0; number--) line += strcspn(line, ",\n") + 1;
  snprintf(cell, sizeof cell, "%.*s", (int)strcspn(line, ",\n"), line);
  return cell;
}

void iscc_test_expect_number(const char *csv, int row, const char *column, double want) {
  char *end;
  const char *cell = iscc_test_cell(csv, row, column);
  const double value = strtod(cell, &end);
  ck_assert_msg(*cell && !*end && fabs(value - want) <= 1e-6 * fabs(want),
                "%s, row %d: %s is '%s', want %.10g", csv, row, column, cell, want);
}

void iscc_test_expect_rows(const char *csv, int rows) {
  const char *text = iscc_test_read(csv, NULL);
  ck_assert_msg(rows == 0 || line_of(text, rows), "%s has fewer than %d rows", csv, rows);
  ck_assert_msg(!line_of(text, rows + 1), "%s has more than %d rows", csv, rows);
}
