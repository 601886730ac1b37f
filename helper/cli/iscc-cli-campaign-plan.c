/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc campaign plan - what a campaign file comes to, without running it. */
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "iscc-campaign-plan.h"
#include "iscc-cli-campaign.h"
#include "iscc-options.h"
#include "iscc-parallel.h"

enum { OPTION_POINTS = 256, OPTION_DB, POINTS_SHOWN = 20 };

static const struct argp_option options[] = {
    {"points", OPTION_POINTS, "N", 0,
     "how many points of the grid are listed, 0..1000000 or all (default 20)", 0},
    {"db", OPTION_DB, "FILE", 0,
     "result database, for what is done and how long it took (default: named as the campaign file, with .db, "
     "here)",
     0},
    {"jobs", 'j', "N", 0, "runs at a time, for the time estimate, 1..256 (default: one per processor)", 0},
    {0}};

typedef struct {
  const char *file, *database;
  size_t points;
  int jobs;
} arguments;

static error_t parse(int key, char *arg, struct argp_state *state) {
  arguments *a = state->input;
  switch (key) {
  case OPTION_POINTS:
    a->points = strcmp(arg, "all") == 0
                    ? SIZE_MAX
                    : (size_t)iscc_option_integer(state, "points", arg, 0, ISCC_GRID_POINTS_MAX);
    break;
  case OPTION_DB:
    a->database = arg;
    break;
  case 'j':
    a->jobs = (int)iscc_option_integer(state, "jobs", arg, 1, ISCC_THREADS_MAX);
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

static iscc_status plan(const arguments *a, iscc_error *error) {
  iscc_cli_campaign_context context;
  iscc_campaign_past past;
  const int jobs = iscc_parallel_threads(a->jobs);
  iscc_status status = iscc_cli_campaign_open(a->file, a->database, &context, error);
  if (status) return status;
  status =
      iscc_campaign_past_read(&context.campaign, context.program_name, context.database, jobs, &past, error);
  if (!status) iscc_campaign_plan_print(&context.campaign, context.program, &past, jobs, a->points, stdout);
  if (!status) status = iscc_cli_campaign_note_program(&context, error);
  iscc_campaign_free(&context.campaign);
  return status;
}

int iscc_cli_campaign_plan(int argc, char **argv) {
  static const struct argp argp = {
      .options = options,
      .parser = parse,
      .args_doc = "FILE",
      .doc =
          "Shows a campaign's grid, number of runs and, from past runs, the time it may take. Runs nothing."};
  arguments a = {.points = POINTS_SHOWN};
  iscc_error error = {""};
  iscc_options_parse(&argp, argc, argv, 0, &a);
  return iscc_cli_campaign_exit(argv[0], plan(&a, &error), &error, false);
}
