/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc campaign run - runs what the database lacks. */
#include <stdio.h>

#include "iscc-campaign-run.h"
#include "iscc-cli-campaign.h"
#include "iscc-commit.h"
#include "iscc-options.h"
#include "iscc-parallel.h"
#include "iscc-point-means.h"

enum { OPTION_DB = 256, OPTION_RETRY, OPTION_MIX };

static const struct argp_option options[] = {
    {"db", OPTION_DB, "FILE", 0,
     "result database, added to (default: named as the campaign file, with .db, here)", 0},
    {"jobs", 'j', "N", 0, "runs at a time, 1..256 (default: one per processor)", 0},
    {"retry-failed", OPTION_RETRY, NULL, 0, "run again what failed, was timed out or truncated", 0},
    {"mix-programs", OPTION_MIX, NULL, 0,
     "go on although the program, or a model file, is not the one that made the results there are", 0},
    {0}};

typedef struct {
  const char *file, *database;
  int jobs;
  bool retry_failed, mix_programs;
} arguments;

static error_t parse(int key, char *arg, struct argp_state *state) {
  arguments *a = state->input;
  switch (key) {
  case OPTION_DB:
    a->database = arg;
    break;
  case 'j':
    a->jobs = (int)iscc_option_integer(state, "jobs", arg, 1, ISCC_THREADS_MAX);
    break;
  case OPTION_RETRY:
    a->retry_failed = true;
    break;
  case OPTION_MIX:
    a->mix_programs = true;
    break;
  case ARGP_KEY_ARG:
    iscc_cli_campaign_take(state, &a->file, "campaign file", arg);
    break;
  case ARGP_KEY_END:
    if (!a->file) iscc_option_refuse(state, "which campaign file");
    break;
  default:
    return ARGP_ERR_UNKNOWN;
  }
  return 0;
}

static void print_outcome(const iscc_campaign_outcome *o, const char *database) {
  printf("%lld runs done, %lld done before, %lld failed; in %s\n", (long long)o->done, (long long)o->before,
         (long long)o->failed, database);
  if (o->groups_open)
    printf("%zu groups of points do not reach their goals: not with the greatest number of runs, or a metric "
           "has no values\n",
           o->groups_open);
  if (o->failed_before)
    printf("%lld failed before and were not run again (--retry-failed)\n", (long long)o->failed_before);
  if (o->first_failure[0])
    printf("The first that failed: %s\nAll of them: iscc campaign show %s --failed\n", o->first_failure,
           database);
}

/* The means that the file's metrics ask for. */
static iscc_status show_means(const iscc_cli_campaign_context *c, iscc_error *error) {
  iscc_status status = ISCC_OK;
  for (size_t i = 0; !status && i < c->campaign.metrics; i++) {
    const iscc_point_question question = {c->program_name, c->campaign.metric[i], c->campaign.confidence};
    iscc_point_means means;
    status = iscc_point_means_read(c->database, &question, &means, error);
    if (status) break;
    putchar('\n');
    iscc_point_means_print(&means, &question, stdout);
    iscc_point_means_free(&means);
  }
  return status;
}

/* What the campaign file asks to be compared. */
static iscc_status compare_all(const iscc_cli_campaign_context *c, iscc_error *error) {
  iscc_status status = ISCC_OK;
  for (size_t i = 0; !status && i < c->campaign.comparisons; i++) {
    const iscc_campaign_comparison *asked = c->campaign.comparison + i;
    const iscc_compare_question question = {asked->metric, asked->by, asked->baseline, c->campaign.confidence,
                                            NULL};
    putchar('\n');
    status = iscc_cli_campaign_verdicts(c->database, &question, error);
  }
  return status;
}

static iscc_status run(const arguments *a, bool *failed, iscc_error *error) {
  iscc_cli_campaign_context context;
  iscc_campaign_outcome outcome;
  iscc_status status = iscc_cli_campaign_open(a->file, a->database, &context, error);
  if (status) return status;
  const iscc_campaign_settings settings = {.program = context.program,
                                           .database = context.database,
                                           .iscc_commit = iscc_commit(),
                                           .jobs = iscc_parallel_threads(a->jobs),
                                           .retry_failed = a->retry_failed,
                                           .mix_programs = a->mix_programs};
  status = iscc_campaign_run(&context.campaign, &settings, &outcome, error);
  *failed = outcome.failed > 0 || outcome.failed_before > 0;
  if (!status || status == ISCC_EINTR) print_outcome(&outcome, context.database);
  const bool results = outcome.done + outcome.before > 0;
  if (!status && results) status = show_means(&context, error);
  if (!status && results) status = compare_all(&context, error);
  iscc_campaign_free(&context.campaign);
  return status;
}

int iscc_cli_campaign_run(int argc, char **argv) {
  static const struct argp argp = {
      .options = options,
      .parser = parse,
      .args_doc = "FILE",
      .doc = "Runs what the database lacks of a campaign, each run a process of its own, and adds it as it "
             "ends. "
             "May be stopped (Ctrl-C) and called again: what is done is not run again.\v"
             "Exit status 1 when a run failed, 2 for a mistake in the file, 130 when stopped by a signal."};
  arguments a = {0};
  iscc_error error = {""};
  bool failed = false;
  iscc_options_parse(&argp, argc, argv, 0, &a);
  const iscc_status status = run(&a, &failed, &error);
  return iscc_cli_campaign_exit(argv[0], status, &error, failed);
}
