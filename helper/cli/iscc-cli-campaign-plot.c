/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc campaign plot - a metric over options, drawn. */
#include <stdio.h>
#include <stdlib.h>

#include "iscc-campaign-picture.h"
#include "iscc-cli-campaign.h"
#include "iscc-options.h"
#include "iscc-plot.h"
#include "iscc-safe-output.h"

enum { OPTION_METRIC = 256, OPTION_BY, OPTION_AGAINST, OPTION_BASELINE, OPTION_WHERE, OPTION_CONFIDENCE };

static const struct argp_option options[] = {
    {"metric", OPTION_METRIC, "NAME", 0, "what is drawn, e.g. energy_per_task_j", 0},
    {"by", OPTION_BY, "OPTION", 0, "a line, or without --against a point, for each value of it, e.g. scheme",
     0},
    {"against", OPTION_AGAINST, "OPTION", 0,
     "the x axis: an option whose values are numbers, e.g. max-latency", 0},
    {"baseline", OPTION_BASELINE, "VALUE", 0,
     "a value of --by: a second frame shows the relative difference of the others to it, in pairs of "
     "replications",
     0},
    {"where", OPTION_WHERE, "OPTION=VALUE", 0,
     "only runs with it; may be given several times, of one option as alternatives", 0},
    {"confidence", OPTION_CONFIDENCE, "SHARE", 0, "of the intervals, 0.5..0.9999 (default 0.95)", 0},
    {"output", 'o', "FILE", 0,
     "the picture, .svg, .png or .pdf as its name ends; its numbers and gnuplot script go beside it, with "
     ".csv and "
     ".gp",
     0},
    {0}};

typedef struct {
  const char *database, *output;
  iscc_chart_question question;
  iscc_cli_campaign_where where;
} arguments;

static void check(const arguments *a, const struct argp_state *state) {
  iscc_error error;
  if (!a->database) iscc_option_refuse(state, "which database");
  if (!a->question.metric || !a->question.by || !a->output)
    iscc_option_refuse(state, "--metric, --by and -o are needed");
  if (iscc_plot_check_path(a->output, &error)) iscc_option_refuse(state, "-o: %s", error.text);
}

static error_t parse(int key, char *arg, struct argp_state *state) {
  arguments *a = state->input;
  switch (key) {
  case OPTION_METRIC:
    a->question.metric = arg;
    break;
  case OPTION_BY:
    a->question.by = arg;
    break;
  case OPTION_AGAINST:
    a->question.against = arg;
    break;
  case OPTION_BASELINE:
    a->question.baseline = arg;
    break;
  case OPTION_WHERE:
    iscc_cli_campaign_where_take(state, &a->where, arg);
    break;
  case OPTION_CONFIDENCE:
    a->question.confidence = iscc_option_real(state, "confidence", arg, 0.5, 0.9999);
    break;
  case 'o':
    a->output = arg;
    break;
  case ARGP_KEY_ARG:
    iscc_cli_campaign_take(state, &a->database, "database", arg);
    break;
  case ARGP_KEY_END:
    check(a, state);
    break;
  default:
    return ARGP_ERR_UNKNOWN;
  }
  return 0;
}

static void print_files(const iscc_chart *chart, const char *picture) {
  char csv[PATH_MAX], script[PATH_MAX];
  size_t remarks = 0, without = 0, failed = 0;
  iscc_chart_path(picture, ".csv", csv);
  iscc_chart_path(picture, ".gp", script);
  for (size_t i = 0; i < chart->points; i++) {
    remarks += chart->point[i].mean->warning != ISCC_WARNING_NONE;
    without += chart->point[i].mean->without;
    failed += chart->point[i].mean->failed;
  }
  printf("%s; %zu points in %s, script in %s\n", picture, chart->points, csv, script);
  if (without) printf("%zu runs have no value of the metric and are in no mean.\n", without);
  if (failed) printf("%zu runs failed and are in no mean.\n", failed);
  if (remarks)
    printf("%zu points have few or strongly skewed values: do not rely on their intervals (column remark).\n",
           remarks);
}

static iscc_status plot(arguments *a, iscc_error *error) {
  iscc_chart chart;
  char *where = NULL;
  iscc_status status = iscc_campaign_where_make(a->where.condition, a->where.count, &where, error);
  if (status) return status;
  a->question.where = where;
  status = iscc_chart_read(a->database, &a->question, &chart, error);
  if (!status) {
    status = iscc_chart_draw(&chart, &a->question, a->output, error);
    if (!status) print_files(&chart, a->output);
    if (!status) status = iscc_cli_campaign_note_mixed(a->database, error);
    iscc_chart_free(&chart);
  }
  free(where);
  return status;
}

int iscc_cli_campaign_plot(int argc, char **argv) {
  static const struct argp argp = {
      .options = options,
      .parser = parse,
      .args_doc = "DATABASE",
      .doc =
          "Draws means of a metric over replications with confidence intervals, for the values of one "
          "option, against "
          "another one.\v"
          "The runs drawn may differ in these two options alone; --where chooses where they differ in more."};
  arguments a = {.question = {.confidence = 0.95}};
  iscc_error error = {""};
  iscc_options_parse(&argp, argc, argv, 0, &a);
  iscc_status status = iscc_safe_output(&error);
  if (!status) status = plot(&a, &error);
  return iscc_cli_campaign_exit(argv[0], status, &error, false);
}
