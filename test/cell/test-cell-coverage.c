/* SPDX-License-Identifier: GPL-2.0-only */
/* How often transfers take no longer than planned, beside the quantile that was asked for, on the radios of ns-3. */
#include <check.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "iscc-run-program.h"

#define WIFI    "--nodes=1 --radius=0 --distance=20 --tasks=300"
#define LR_WPAN "--uplink=lr-wpan --interval=3 "

/* The first transfers of each node say too little of an upper quantile (model/node/iscc-transfer-time.h). */
#define FIRST "19"

static const struct {
  const char *options;
  double ties; /* share of transfers that take the very time that the plan is made of, at most */
} cells[] = {{WIFI, 0},
             {"--nodes=10 --radius=50 --tasks=120", 0},
             {"--nodes=30 --radius=40 --tasks=80", 0},
             {LR_WPAN "--nodes=1 --radius=0 --distance=20 --tasks=300", 0},
             {LR_WPAN "--nodes=3 --radius=20 --tasks=400", 0},
             {LR_WPAN "--nodes=5 --radius=20 --tasks=400", 0},
             {"--transport=tcp --nodes=10 --radius=40 --tasks=100", 0},
             {LR_WPAN "--transport=tcp --nodes=1 --radius=0 --distance=20 --tasks=200", 0},
             {"--uplink=lte --nodes=4 --radius=100 --tasks=60", 0.1}}; /* whole subframes */
enum { CELLS = sizeof cells / sizeof *cells };

/* Share of transfers, and of answers, within the plan; a lost task's is not. */
static void run(const char *cell, double quantile, double *transfers, double *answers) {
  char command[512];
  snprintf(command, sizeof command,
           ISCC_TEST_BUILD_DIR "/examples/iscc-wifi-contention %s --transfer-quantile=%g --db=c.db", cell,
           quantile);
  iscc_run_well(command);
  iscc_run_sql(
      "c.db",
      "SELECT count(*), avg(outcome <> 'lost' AND uplink_ns * 1e-9 <= uplink_s + 2e-8), avg(CASE WHEN "
      "outcome "
      "<> 'lost' THEN answer_ns * 1e-9 <= answer_s + 2e-8 END) FROM (SELECT outcome, uplink_ns, answer_ns, "
      "d.uplink_s, d.latency_s - d.sensing_s - d.compute_s - d.uplink_s - d.server_s AS answer_s, "
      "row_number() OVER (PARTITION BY node_id ORDER BY task_no) AS k FROM task JOIN decision d USING "
      "(node_id, task_no) WHERE executed AND bits > 0 AND outcome IN ('done', 'late', 'lost')) WHERE k "
      "> " FIRST);
  char *at = iscc_run_output;
  const double count = strtod(at, &at);
  *transfers = strtod(at + 1, &at);
  *answers = strtod(at + 1, &at);
  ck_assert_double_ge(count, 120);
}

/* Of 120 and more transfers, +- 0.04 and 0.09 are two standard deviations and more. */
START_TEST(transfers_are_within_the_plan_as_often_as_asked) {
  static const double quantiles[] = {0.95, 0.5}, tolerance[] = {0.04, 0.09};
  double transfers, answers;
  const double q = quantiles[_i % 2], off = tolerance[_i % 2];
  run(cells[_i / 2].options, q, &transfers, &answers);
  ck_assert_double_ge(transfers, q - off);
  ck_assert_double_le(transfers, q + off + (q < 0.9 ? cells[_i / 2].ties : 0));
  ck_assert_double_ge(answers, q - off);
}
END_TEST

Suite *iscc_suite_cell_coverage(void);
Suite *iscc_suite_cell_coverage(void) {
  Suite *s = suite_create("cell: coverage");
  TCase *t = tcase_create("coverage");
  tcase_set_tags(t, "slow"); /* three minutes under sanitizers */
  tcase_set_timeout(t, 120);
  tcase_add_checked_fixture(t, iscc_run_begin, iscc_run_end);
  tcase_add_loop_test(t, transfers_are_within_the_plan_as_often_as_asked, 0, 2 * CELLS);
  suite_add_tcase(s, t);
  return s;
}
