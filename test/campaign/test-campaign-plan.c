/* SPDX-License-Identifier: GPL-2.0-only */
/* Campaign files as a user writes them: what `iscc campaign plan` makes of good ones and says of wrong ones. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "iscc-campaign-file.h"
#include "iscc-campaign-plan.h"
#include "iscc-run-program.h"

#define ISCC "'" ISCC_TEST_BUILD_DIR "/iscc' campaign plan "
#define HEAD "program: /bin/true\nruns: 3\n"

static void read_text(const char *text, iscc_campaign *c) {
  char path[256];
  iscc_error error = {""};
  iscc_run_write("c.yaml", text);
  snprintf(path, sizeof path, "%s/c.yaml", iscc_run_folder);
  ck_assert_msg(iscc_campaign_read(path, c, &error) == ISCC_OK, "%s", error.text);
}

static const struct {
  const char *text, *says;
} wrong[] = {
    {"", "c.yaml: is empty"},
    {"program: [\n", "c.yaml:2: not YAML"},
    {"\xff\xfe\xff", "c.yaml: not a text file in UTF-8"},
    {HEAD "---\nprogram: b\n", "c.yaml:3: a second document"},
    {"- a\n", "c.yaml:1: campaign: a mapping"},
    {"runs: 3\n", "c.yaml:1: 'program' is missing"},
    {"program: /bin/true\n", "c.yaml:1: 'runs' is missing"},
    {"program:\nruns: 3\n", "c.yaml:1: program: a name or a path is wanted"},
    {"program: no-such-scenario\nruns: 3\n", "c.yaml:1: program: 'no-such-scenario' is not found in"},
    {"runs: 3\nprogram: ./c.yaml\n", "c.yaml:2: program: './c.yaml' is not a file that can be executed"},
    {HEAD "gird: {a: 1}\n", "c.yaml:3: campaign: 'gird' is not known here; did you mean grid"},
    {HEAD "runs: 4\n", "c.yaml:3: campaign: 'runs' is there twice, first in line 2"},
    {HEAD "seed: 0\n", "c.yaml:3: seed: '0' is not a whole number in 1..4294967295"},
    {HEAD "seed: 3x\n", "c.yaml:3: seed: '3x' is not a whole number"},
    {HEAD "timeout: -1\n", "c.yaml:3: timeout: '-1' is not a number in 0.01"},
    {HEAD "timeout: nan\n", "c.yaml:3: timeout: 'nan' is not a number in 0.01"},
    {HEAD "options: {a: [1, 2]}\n", "c.yaml:3: options: 'a' has one value in all runs"},
    {HEAD "options: {\"a\\tb\": 1}\n", "c.yaml:3: options: has a control character"},
    {HEAD "options: {a b: 1}\n", "c.yaml:3: 'a b' is not an option's name"},
    {HEAD "options: {--a: 1}\n", "c.yaml:3: '--a' is not an option's name"},
    {HEAD "options: {RngRun: 1}\n", "c.yaml:3: 'RngRun' is given to every run by the campaign"},
    {HEAD "options: {a: 1}\ngrid:\n  b: [1]\n  a: [2]\n", "c.yaml:6: 'a' has values already"},
    {HEAD "grid: {a: []}\n", "c.yaml:3: a: a list"},
    {HEAD "grid:\n  a: [1,\n    2, 1]\n", "c.yaml:5: a: '1' and '1' are the same"},
    {HEAD "grid: {a: [[1]]}\n", "c.yaml:3: a: one text or number is wanted"},
    {HEAD "grid: {a: {from: 1, to: 2}}\n", "c.yaml:3: a: a range needs from, to and step; 'step' is missing"},
    {HEAD "grid: {a: {from: 1, to: 2, stop: 1}}\n", "'stop' is not known here; did you mean step"},
    {HEAD "grid: {a: {from: 1, to: 2, step: 0}}\n", "c.yaml:3: a: no steps of 0 lead from 1 to 2"},
    {HEAD "grid: {a: {from: 1, to: 1, step: 0}}\n", "c.yaml:3: a: no steps of 0 lead from 1 to 1"},
    {HEAD "grid: {a: {from: 2, to: 1, step: 1}}\n", "c.yaml:3: a: no steps of 1 lead from 2 to 1"},
    {HEAD "grid: {a: {from: 0, to: 1, step: 1e-9}}\n", "c.yaml:3: a: more than 10000 values"},
    {HEAD "grid: {a: {from: 1, to: 2000, step: 1}, b: {from: 1, to: 2000, step: 1}}\n",
     "c.yaml:3: the grid has more than 1000000 points"},
    {"program: /bin/true\nruns: 1000000\ngrid: {a: {from: 1, to: 11, step: 1}}\n",
     "c.yaml:2: runs: 11 points with 1000000 runs each are more than 10000000 in all"},
    {"program: /bin/true\nruns:\n  max: 1000000\n  until: [{metric: tasks, relative: 0.1}]\ngrid: {a: {from: "
     "1, "
     "to: 11, step: 1}}\n",
     "c.yaml:3: runs: 11 points with 1000000 runs"},
    {HEAD "zip: {a: [1, 2]}\n", "c.yaml:3: zip: a list"},
    {HEAD "zip: [{a: [1, 2]}]\n", "c.yaml:3: zip: two options or more go together"},
    {HEAD "zip:\n- a: [1, 2]\n  b: [1, 2, 3]\n",
     "c.yaml:5: zip: 'b' has 3 values, 'a' 2; both must have as many"},
    {HEAD "grid: {a: [1, 2]}\nwhere: a > 2\n", "c.yaml:4: where: leaves out all 2 points"},
    {HEAD "grid: {a: [1, 2]}\nwhere:\n- a > 0\n- b > 0\n", "c.yaml:6: where: \"b > 0\": no such column: b"},
    {HEAD "grid: {a: [x, y]}\nwhere: a = \"x\"\n", "no such column: x"},
    {HEAD "grid: {a: [1, 2]}\nwhere: 1) FROM point; DROP TABLE point; --\n", "near \")\": syntax error"},
    {HEAD "grid: {x: [1, 2, 3, 4, 5]}\nwhere: \"x > 1) AND (x < 4\"\n",
     "c.yaml:4: where: \"x > 1) AND (x < 4\": near \")\": syntax error"},
    {HEAD "grid: {x: [1, 2]}\nwhere: \"(x > 1\"\n", "c.yaml:4: where: \"(x > 1\": near \"FROM\""},
    {HEAD "grid: {x: [1, 2]}\nwhere: \"x > 1 /* (\"\n", "c.yaml:4: where: \"x > 1 /* (\": "},
    {HEAD "grid: {x: [1, 2]}\nwhere: x > 1; x < 2\n", "c.yaml:4: where: \"x > 1; x < 2\": no such column"},
    {HEAD "grid: {x: [1, 2]}\nwhere: 1 FROM point; SELECT 1\n",
     "c.yaml:4: where: \"1 FROM point; SELECT 1\": one expression is wanted"},
    {HEAD "grid: {x: [1, 2]}\nwhere: x > 1, x < 2\n",
     "c.yaml:4: where: \"x > 1, x < 2\": one expression is wanted"},
    {HEAD "grid: {x: [1, 2]}\nwhere: x > 1 AS y\n", "c.yaml:4: where: \"x > 1 AS y\": near \"AS\""},
    {HEAD "grid: {x: [1, 2]}\nwhere: count(*) > 1\n",
     "c.yaml:4: where: \"count(*) > 1\": misuse of aggregate"},
    {HEAD "grid: {a: [1, 2]}\nwhere: zeroblob(1e9) > 1\n",
     "c.yaml:4: where: \"zeroblob(1e9) > 1\": string or blob too big"},
    {HEAD "grid: {a: {from: 1, to: 99, step: 1}}\nwhere: (SELECT count(*) FROM point, point p, point q, "
          "point r, point s) > a\n",
     "takes too many steps of SQLite"},
    {HEAD "grid: {a: [1, 2]}\nwhere: a >\n", "c.yaml:4: where: \"a >\": near"},
    {HEAD "grid: {a-b: [1, 2], a_b: [1]}\nwhere: a_b > 1\n", "c.yaml:4: where: duplicate column name: a_b"},
    {"program: /bin/true\nruns: 0\n", "c.yaml:2: runs: '0' is not a whole number in 1..1000000"},
    {"program: /bin/true\nruns: {max: 5}\n", "c.yaml:2: runs: 'until' is missing"},
    {"program: /bin/true\nruns: {until: [{metric: tasks, relative: 0.1}]}\n",
     "c.yaml:2: runs: 'max' is missing"},
    {"program: /bin/true\nruns: {min: 2, max: 9, until: []}\n", "min: '2' is not a whole number in 5.."},
    {"program: /bin/true\nruns: {min: 9, max: 5, until: []}\n", "max: '5' is not a whole number in 9.."},
    {"program: /bin/true\nruns: {max: 9, until: []}\n", "c.yaml:2: until: a list"},
    {"program: /bin/true\nruns: {max: 9, until: [{relative: 0.1}]}\n", "'metric' is missing"},
    {"program: /bin/true\nruns: {max: 9, until: [{metric: tasks}]}\n", "either 'relative' or 'absolute'"},
    {"program: /bin/true\nruns: {max: 9, until: [{metric: tasks, relative: 1, absolute: 1}]}\n",
     "either 'relative' or 'absolute'"},
    {"program: /bin/true\nruns: {max: 9, until: [{metric: tasks, relative: 0.31}]}\n",
     "c.yaml:2: relative: '0.31' is not a number in 1e-09..0.3"},
    {"program: /bin/true\nruns: 1\ngrid: {a: [1, 2, 1.0]}\n", "c.yaml:3: a: '1' and '1' are the same"},
    {"program: /bin/true\nruns: 1\ngrid: {a: {from: 1e16, to: 1.0000000000000004e16, step: 1}}\n",
     "'10000000000000000' and '10000000000000000' are the same"},
    {"program: /bin/true\nruns: 1\ngrid: {a-b: [1, 2], a_b: [1, 2]}\nwhere: a_b > 1\n",
     "differ in case, or in - and _"},
    {"program: /bin/true\nruns: 1\ngrid: {a: [1, 2]}\nwhere: random() > 0\n",
     "c.yaml:4: where: \"random() > 0\": not authorized"},
    {"program: /bin/true\nruns: 1\ngrid: {a: [1, 2]}\nwhere: a IN (WITH RECURSIVE n(i) AS (SELECT 1 UNION "
     "ALL "
     "SELECT i + 1 FROM n) SELECT i FROM n)\n",
     "not authorized"},
    {"program: /bin/true\nruns: {max: 9, until: [{metric: tasks, relative: 0.1}]}\nconfidence: 95\n",
     "confidence: '95' is not a number in 0.5..0.9999"},
    {HEAD "results: yaml\n", "c.yaml:3: results: 'yaml' is neither database nor lines"},
    {HEAD "metrics: [Energy J]\n", "c.yaml:3: 'Energy J' is not a metric's name"},
    {HEAD "metrics: [0x]\n", "c.yaml:3: '0x' is not a metric's name"},
    {HEAD "metrics: [energy_per_tas_j]\n",
     "c.yaml:3: no recorded run has a metric 'energy_per_tas_j'; did you mean energy_per_task_j"},
    {HEAD "zip:\n- {a: [1, 3], b: [2, 2]}\n- {c: [1, 1, 1.0], d: [2, 3, 2]}\n",
     "c.yaml:5: zip: values 1 and 3 are the same in all options, as c=1"},
    {HEAD "metrics: [tasks, accuracy,\n  tasks]\n", "c.yaml:4: metrics: 'tasks' is there twice"},
    {HEAD
     "grid: {a: [1, 2]}\ncompare:\n- {metric: tasks, by: a, baseline: 1}\n- {metric: tasks, by: a, baseline: "
     "2}\n- {metric: tasks, by: a, baseline: 1.0}\n",
     "c.yaml:7: compare: tasks by a with 1 is there twice"},
    {HEAD "grid: {a: [1, 2]}\nwhere: a <> 1\ncompare: [{metric: tasks, by: a, baseline: 1}]\n",
     "c.yaml:5: baseline: no two points differ in a alone, one of them with a=1: 'where' or zip leaves none"},
    {"program: /bin/true\nresults: lines\nruns: 1\nzip:\n  - {a: [1, 2], b: [3, 4]}\ncompare:\n  - {metric: "
     "m, by: a, "
     "baseline: 1}\n",
     "c.yaml:7: baseline: no two points differ in a alone"},
    {HEAD "compare: [{metric: tasks}]\n", "c.yaml:3: compare: 'by' and 'baseline' are missing"},
    {HEAD "grid: {a: [1, 2]}\ncompare: [{metric: tasks, by: a}]\n",
     "c.yaml:4: 'by' and 'baseline' go together"},
    {HEAD "options: {a: 1}\ncompare: [{metric: tasks, by: a, baseline: 1}]\n",
     "c.yaml:4: by: 'a' has not several values in grid or zip"},
    {HEAD "grid: {a: [1, 2]}\ncompare:\n- metric: tasks\n  by: a\n  baseline: 3\n",
     "c.yaml:7: baseline: '3' is none of the values of a"},
};

START_TEST(a_wrong_file_is_refused_by_its_line) {
  iscc_run_write("c.yaml", wrong[_i].text);
  const int status = iscc_run(ISCC "c.yaml");
  ck_assert_msg(strstr(iscc_run_output, wrong[_i].says) != NULL, "'%s' is not in: %s", wrong[_i].says,
                iscc_run_output);
  ck_assert_msg(status == 1 || status == 2, "exit status %d", status);
  const char *end = strchr(iscc_run_output, '\n');
  ck_assert_msg(end && end[1] == '\0', "not one line: %s", iscc_run_output);
}
END_TEST

/* Nested lists without end: in no time, where libyaml alone takes minutes. */
START_TEST(hostile_nesting_is_refused) {
  static char text[200001];
  memset(text, '[', sizeof text - 1);
  iscc_run_write("c.yaml", text);
  const int status = iscc_run(ISCC "c.yaml");
  ck_assert_int_eq(status, 2);
  ck_assert_ptr_nonnull(strstr(iscc_run_output, "c.yaml:1: nested deeper than 16"));
}
END_TEST

START_TEST(the_last_axis_changes_fastest) {
  static const char *const want[][4] = {
      {"50", "joint", "0", "1000000"},
      {"50", "joint", "10", "2000000"},
      {"50", "pca", "0", "1000000"},
      {"50", "pca", "10", "2000000"},
  };
  iscc_campaign c;
  read_text(HEAD "options: {tasks: 50}\ngrid: {scheme: [joint, pca]}\n"
                 "zip: [{snr-db: [0, 10], bandwidth: [1e6, 2e6]}]\n",
            &c);
  ck_assert_uint_eq(iscc_grid_points(c.grid), 4);
  ck_assert_uint_eq(iscc_grid_options(c.grid), 4);
  for (size_t p = 0; p < 4; p++)
    for (size_t o = 0; o < 4; o++) ck_assert_str_eq(iscc_grid_value(c.grid, p, o), want[p][o]);
  ck_assert_str_eq(iscc_grid_name(c.grid, 3), "bandwidth");
  iscc_campaign_free(&c);
}
END_TEST

/* What a range has, joined by blanks. */
static const struct {
  const char *range, *values;
} ranges[] = {{"{from: 0.6, to: 1.2, step: 0.1}", "0.6 0.7 0.8 0.9 1 1.1 1.2"},
              {"{from: 5, to: 21, step: 5}", "5 10 15 20"},
              {"{from: 10, to: -10, step: -10}", "10 0 -10"},
              {"{from: -0.2, to: 0.2, step: 0.1}", "-0.2 -0.1 0 0.1 0.2"},
              {"{from: 1e6, to: 3e6, step: 1e6}", "1000000 2000000 3000000"},
              {"{from: 7, to: 7, step: 1}", "7"},
              {"{from: 0, to: 2e-7, step: 1e-7}", "0 1e-7 2e-7"},
              {"[0.80, 020, 5.0, 1e-1, 1e6, -0, 0x11, 1_000, 1.2.3, '0.90']",
               "0.8 20 5 0.1 1000000 0 0x11 1_000 1.2.3 0.90"}};

START_TEST(ranges_hit_both_ends) {
  char text[256], got[256] = "";
  iscc_campaign c;
  snprintf(text, sizeof text, HEAD "grid: {x: %s}\n", ranges[_i].range);
  read_text(text, &c);
  for (size_t p = 0; p < iscc_grid_points(c.grid); p++) {
    const size_t used = strlen(got);
    snprintf(got + used, sizeof got - used, "%s%s", p ? " " : "", iscc_grid_value(c.grid, p, 0));
  }
  ck_assert_str_eq(got, ranges[_i].values);
  iscc_campaign_free(&c);
}
END_TEST

/* Numbers compare as numbers: "10" is more than "9". */
START_TEST(conditions_leave_points_out) {
  iscc_campaign c;
  read_text(HEAD "options: {tasks: 50}\ngrid: {scheme: [joint, pca], snr-db: [9, 10, -1]}\n"
                 "where:\n- scheme <> 'pca' OR snr_db >= 9.5\n- tasks = 50 AND snr_db >= 0\n",
            &c);
  ck_assert_uint_eq(iscc_grid_points(c.grid), 3);
  ck_assert_uint_eq(iscc_grid_left_out(c.grid), 3);
  ck_assert_str_eq(iscc_grid_value(c.grid, 0, 2), "9");
  ck_assert_str_eq(iscc_grid_value(c.grid, 1, 2), "10");
  ck_assert_str_eq(iscc_grid_value(c.grid, 2, 1), "pca");
  ck_assert_str_eq(iscc_grid_value(c.grid, 2, 2), "10");
  iscc_campaign_free(&c);
}
END_TEST

START_TEST(goals_are_read) {
  iscc_campaign c;
  read_text("program: p\ngrid: {scheme: [joint, pca]}\nseed: 7\ntimeout: 2.5\nmetrics: [tasks, accuracy]\n"
            "confidence: 0.9\n"
            "runs: {min: 6, max: 9, until: [{metric: tasks, absolute: 3}, "
            "{metric: accuracy, by: scheme, baseline: pca, relative: 0.02}]}\n"
            "compare: [{metric: lifetime_s, by: scheme, baseline: joint}]\n",
            &c);
  ck_assert_uint_eq(c.seed, 7);
  ck_assert_int_eq(c.min_runs, 6);
  ck_assert_int_eq(c.max_runs, 9);
  ck_assert_double_eq(c.confidence, 0.9);
  ck_assert_double_eq(c.timeout_s, 2.5);
  ck_assert_uint_eq(c.goals, 2);
  ck_assert(!c.goal[0].relative && c.goal[0].half_width == 3 && !c.goal[0].by);
  ck_assert(c.goal[1].relative && c.goal[1].half_width == 0.02);
  ck_assert_str_eq(c.goal[1].metric, "accuracy");
  ck_assert_str_eq(c.goal[1].baseline, "pca");
  ck_assert_uint_eq(c.metrics, 2);
  ck_assert_str_eq(c.metric[1], "accuracy");
  ck_assert_uint_eq(c.comparisons, 1);
  ck_assert_str_eq(c.comparison[0].baseline, "joint");
  iscc_campaign_free(&c);
}
END_TEST

START_TEST(a_plan_shows_grid_and_runs) {
  iscc_run_write("c.yaml",
                 "program: /bin/echo\noptions: {verbose: ~, name: it's}\ngrid:\n  scheme: [joint, pca]\n"
                 "  snr-db: {from: 1, to: 15, step: 1}\nwhere: scheme = 'joint' OR snr_db < 10\nruns: 30\n");
  iscc_run_well(ISCC "c.yaml --points=2");
  static const char *const shown[] = {"Program     /bin/echo\n",
                                      "Options     --verbose --name=it's\n",
                                      "snr-db (15): 1, 2, 3, 4, 5, ..., 15\n",
                                      "Points      24, 6 more left out by 'where'\n",
                                      "Runs        30 of each point, 720 in all; RngSeed 1, RngRun 1..30\n",
                                      "point  scheme  snr-db\n    1  joint   1\n    2  joint   2\n",
                                      "... and 22 more"};
  for (size_t i = 0; i < sizeof shown / sizeof *shown; i++)
    ck_assert_msg(strstr(iscc_run_output, shown[i]) != NULL, "'%s' is not in: %s", shown[i], iscc_run_output);
  const char *first = strstr(iscc_run_output, "First run   ");
  ck_assert_ptr_nonnull(first);
  char command[512];
  snprintf(command, sizeof command, "%.*s", (int)strcspn(first + 12, "\n"), first + 12);
  iscc_run_well(command); /* a shell understands it */
  ck_assert_str_eq(iscc_run_output,
                   "--verbose --name=it's --scheme=joint --snr-db=1 --RngSeed=1 --RngRun=1\n");
}
END_TEST

START_TEST(a_program_lies_beside_its_file) {
  iscc_run_well("mkdir sub && cp /bin/true sub/mine");
  iscc_run_write("sub/c.yaml", "program: ./mine\nruns: 1\n");
  iscc_run_well(ISCC "sub/c.yaml");
  ck_assert_ptr_nonnull(strstr(iscc_run_output, "Program     sub/./mine\n"));
}
END_TEST

START_TEST(the_examples_are_read) {
  iscc_run_well("for f in '" ISCC_TEST_SOURCE_DIR "'/examples/campaigns/*.yaml; do " ISCC
                "\"$f\" || exit 1; done");
  ck_assert_ptr_nonnull(strstr(iscc_run_output, "Points"));
}
END_TEST

START_TEST(wrong_usage_is_refused) {
  ck_assert_int_eq(iscc_run(ISCC), 2);
  ck_assert_ptr_nonnull(strstr(iscc_run_output, "which campaign file"));
  ck_assert_int_eq(iscc_run(ISCC "a b"), 2);
  ck_assert_int_eq(iscc_run(ISCC "--points=-1 a"), 2);
  ck_assert_int_eq(iscc_run(ISCC "nowhere.yaml"), 1);
  ck_assert_ptr_nonnull(strstr(iscc_run_output, "nowhere.yaml: No such file"));
}
END_TEST

Suite *iscc_suite_campaign_plan(void);

Suite *iscc_suite_campaign_plan(void) {
  Suite *suite = suite_create("campaign-plan");
  TCase *tc = tcase_create("campaign-plan");
  tcase_add_checked_fixture(tc, iscc_run_begin, iscc_run_end);
  tcase_set_timeout(tc, 20);
  tcase_add_loop_test(tc, a_wrong_file_is_refused_by_its_line, 0, sizeof wrong / sizeof *wrong);
  tcase_add_test(tc, hostile_nesting_is_refused);
  tcase_add_test(tc, the_last_axis_changes_fastest);
  tcase_add_loop_test(tc, ranges_hit_both_ends, 0, sizeof ranges / sizeof *ranges);
  tcase_add_test(tc, conditions_leave_points_out);
  tcase_add_test(tc, goals_are_read);
  tcase_add_test(tc, a_plan_shows_grid_and_runs);
  tcase_add_test(tc, a_program_lies_beside_its_file);
  if (ISCC_TEST_WITH_NS3) tcase_add_test(tc, the_examples_are_read);
  tcase_add_test(tc, wrong_usage_is_refused);
  suite_add_tcase(suite, tc);
  return suite;
}
