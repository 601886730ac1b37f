/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc campaign - many runs of a scenario over a grid of options. */
#include <limits.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "iscc-campaign-file.h"
#include "iscc-campaign-plan.h"
#include "iscc-campaign-run.h"
#include "iscc-cli.h"
#include "iscc-options.h"
#include "iscc-parallel.h"
#include "iscc-program.h"

enum { OPTION_POINTS = 256, OPTION_DB, OPTION_RETRY, OPTION_MIX, POINTS_SHOWN = 20 };

static const struct argp_option options[] = {
    {NULL, 0, NULL, 0, "plan:", 1},
    {"points", OPTION_POINTS, "N", 0,
     "how many points of the grid are listed, 0..1000000 or all (default 20)", 1},
    {NULL, 0, NULL, 0, "run:", 2},
    {"db", OPTION_DB, "FILE", 0,
     "result database, added to (default: named as the campaign file, with .db, here)", 2},
    {"jobs", 'j', "N", 0, "runs at a time, 1..256 (default: one per processor)", 2},
    {"retry-failed", OPTION_RETRY, NULL, 0, "run again what failed, was timed out or truncated", 2},
    {"mix-programs", OPTION_MIX, NULL, 0,
     "go on although the program is not the file that made the results there are", 2},
    {0}};

typedef struct {
  const char *verb, *file, *database;
  size_t points;
  int jobs, retry_failed, mix_programs;
} arguments;

static void check(const arguments *a, const struct argp_state *state) {
  if (!a->verb) iscc_option_refuse(state, "say 'plan FILE' or 'run FILE'");
  if (strcmp(a->verb, "plan") != 0 && strcmp(a->verb, "run") != 0)
    iscc_option_refuse(state, "'%s': say 'plan FILE' or 'run FILE'", a->verb);
  if (!a->file) iscc_option_refuse(state, "%s: which campaign file", a->verb);
}

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
  case OPTION_RETRY:
    a->retry_failed = 1;
    break;
  case OPTION_MIX:
    a->mix_programs = 1;
    break;
  case ARGP_KEY_ARG:
    if (!a->verb)
      a->verb = arg;
    else if (!a->file)
      a->file = arg;
    else
      iscc_option_refuse(state, "'%s': one file at a time", arg);
    break;
  case ARGP_KEY_END:
    check(a, state);
    break;
  default:
    return ARGP_ERR_UNKNOWN;
  }
  return 0;
}

/* The campaign file's name without folder and ending, with .db. */
static void name_database(const char *file, char *path, size_t size) {
  const char *slash = strrchr(file, '/'), *name = slash ? slash + 1 : file, *dot = strrchr(name, '.');
  const size_t length = dot && dot != name ? (size_t)(dot - name) : strlen(name);
  snprintf(path, size, "%.*s.db", (int)length, name);
}

static void print_outcome(const iscc_campaign_outcome *o, const char *database) {
  printf("%lld runs done, %lld done before, %lld failed; in %s\n", (long long)o->done, (long long)o->before,
         (long long)o->failed, database);
  if (o->groups_open)
    printf("%zu of the goals' groups of points are not reached with the greatest number of runs\n",
           o->groups_open);
  if (o->first_failure[0])
    printf("The first that failed: %s\nAll of them: sqlite3 -box %s \"SELECT arguments, run, outcome, "
           "exit_status, signal, "
           "stderr FROM execution WHERE outcome <> 'done'\"\n",
           o->first_failure, database);
}

static iscc_status run(const arguments *a, const iscc_campaign *campaign, const char *program, bool *failed,
                       iscc_error *error) {
  char database[PATH_MAX];
  iscc_campaign_outcome outcome;
  snprintf(database, sizeof database, "%s", a->database ? a->database : "");
  if (!a->database) name_database(a->file, database, sizeof database);
  const iscc_campaign_settings settings = {.program = program,
                                           .database = database,
                                           .jobs = iscc_parallel_threads(a->jobs),
                                           .retry_failed = a->retry_failed,
                                           .mix_programs = a->mix_programs};
  const iscc_status status = iscc_campaign_run(campaign, &settings, &outcome, error);
  *failed = outcome.failed > 0;
  if (!status || status == ISCC_EINTR) print_outcome(&outcome, database);
  return status;
}

int iscc_cli_campaign(int argc, char **argv) {
  static const struct argp argp = {
      .options = options,
      .parser = parse,
      .args_doc = "plan FILE\nrun FILE",
      .doc = "Many runs of a scenario over a grid of options, from a campaign file in YAML.\v"
             "'plan' shows grid and runs and runs nothing; 'run' runs what the database lacks, and may be "
             "stopped and "
             "called again. doc/campaign.rst says what a campaign file holds; examples/campaigns has some to "
             "copy. Exit "
             "status 1 also when a run failed."};
  arguments a = {.points = POINTS_SHOWN};
  iscc_campaign campaign;
  iscc_error error = {""};
  char program[PATH_MAX];
  bool failed = false;
  iscc_options_parse(&argp, argc, argv, 0, &a);
  iscc_status status = iscc_campaign_read(a.file, &campaign, &error);
  if (status) return iscc_report_failure(argv[0], status, &error);
  status = iscc_program_find(campaign.program, a.file, program, sizeof program, &error);
  if (!status && strcmp(a.verb, "plan") == 0)
    iscc_campaign_plan_print(&campaign, program, a.points, stdout);
  else if (!status)
    status = run(&a, &campaign, program, &failed, &error);
  iscc_campaign_free(&campaign);
  if (status == ISCC_EINTR) {
    iscc_report_failure(argv[0], status, &error);
    return 128 + SIGINT;
  }
  if (status) return iscc_report_failure(argv[0], status, &error);
  return failed ? ISCC_EXIT_FAILURE : 0;
}
