/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc campaign compare - what the values of an option make of a metric. */
#include <stdlib.h>

#include "iscc-cli-campaign.h"
#include "iscc-options.h"
#include "iscc-safe-output.h"

enum { OPTION_METRIC = 256, OPTION_BY, OPTION_BASELINE, OPTION_WHERE, OPTION_CONFIDENCE };

static const struct argp_option options[] = {
    {"metric", OPTION_METRIC, "NAME", 0, "what is compared, e.g. energy_per_task_j", 0},
    {"by", OPTION_BY, "OPTION", 0, "the option whose values are compared, e.g. scheme", 0},
    {"baseline", OPTION_BASELINE, "VALUE", 0, "its value that the others are compared with", 0},
    {"where", OPTION_WHERE, "OPTION=VALUE", 0,
     "only runs with it; may be given several times, of one option as alternatives", 0},
    {"confidence", OPTION_CONFIDENCE, "SHARE", 0, "of the intervals, 0.5..0.9999 (default 0.95)", 0},
    {0}};

typedef struct {
  const char *database;
  iscc_compare_question question;
  iscc_cli_campaign_where where;
} arguments;

static error_t parse(int key, char *arg, struct argp_state *state) {
  arguments *a = state->input;
  switch (key) {
  case OPTION_METRIC:
    a->question.metric = arg;
    break;
  case OPTION_BY:
    a->question.by = arg;
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
  case ARGP_KEY_ARG:
    iscc_cli_campaign_take(state, &a->database, "database", arg);
    break;
  case ARGP_KEY_END:
    if (!a->database) iscc_option_refuse(state, "which database");
    if (!a->question.metric || !a->question.by || !a->question.baseline)
      iscc_option_refuse(state, "--metric, --by and --baseline are needed");
    break;
  default:
    return ARGP_ERR_UNKNOWN;
  }
  return 0;
}

int iscc_cli_campaign_compare(int argc, char **argv) {
  static const struct argp argp = {
      .options = options,
      .parser = parse,
      .args_doc = "DATABASE",
      .doc = "Compares a metric between the values of an option, replication by replication: paired mean "
             "difference, its confidence interval, p-values adjusted after Holm, and a sentence.\v"
             "Runs are a pair when they differ in that option alone."};
  arguments a = {.question = {.confidence = 0.95}};
  iscc_error error = {""};
  iscc_options_parse(&argp, argc, argv, 0, &a);
  char *where = NULL;
  iscc_status status = iscc_safe_output(&error);
  if (!status) status = iscc_campaign_where_make(a.where.condition, a.where.count, &where, &error);
  a.question.where = where;
  if (!status) status = iscc_cli_campaign_verdicts(a.database, &a.question, &error);
  free(where);
  return iscc_cli_campaign_exit(argv[0], status, &error, false);
}
