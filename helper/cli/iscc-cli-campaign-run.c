/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc campaign run - runs what the database lacks. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "iscc-campaign-local.h"
#include "iscc-campaign-run.h"
#include "iscc-cli-campaign.h"
#include "iscc-commit.h"
#include "iscc-missing-values.h"
#include "iscc-options.h"
#include "iscc-parallel.h"
#include "iscc-point-means.h"
#include "iscc-slurm-engine.h"

enum {
  OPTION_DB = 256,
  OPTION_RETRY,
  OPTION_MIX,
  OPTION_ENGINE,
  OPTION_SBATCH,
  OPTION_BUNDLE,
  OPTION_POLL,
  OPTION_NO_WAIT,
  POLL_S = 15
};

static const struct argp_option options[] = {
    {"db", OPTION_DB, "FILE", 0,
     "result database, added to (default: named as the campaign file, with .db, here)", 0},
    {"jobs", 'j', "N", 0,
     "runs at a time, 1..256 (default: one per processor); with Slurm tasks at a time, 1..1000000 (default: "
     "as "
     "many as it gives)",
     0},
    {"retry-failed", OPTION_RETRY, NULL, 0, "run again what failed, was timed out or truncated", 0},
    {"mix-programs", OPTION_MIX, NULL, 0,
     "go on although the program, or a model file, is not the one that made the results there are", 0},
    {"engine", OPTION_ENGINE, "NAME", 0,
     "where it runs: local (default), this machine; slurm, a cluster, as job arrays", 0},
    {NULL, 0, NULL, 0, "With --engine=slurm:", 1},
    {"sbatch", OPTION_SBATCH, "OPTIONS", 0,
     "more for sbatch, in one text: --sbatch='--partition=short --time=1:00:00'", 1},
    {"bundle", OPTION_BUNDLE, "N", 0,
     "runs that a task of an array has at least, 1..1000000 (default 1; more where arrays may not be that "
     "long)",
     1},
    {"poll", OPTION_POLL, "S", 0, "seconds between questions to Slurm, 1..3600 (default 15)", 1},
    {"no-wait", OPTION_NO_WAIT, NULL, 0,
     "merge what has ended, put what is wanted now into the queue, and leave", 1},
    {0}};

typedef struct {
  const char *file, *database;
  const char *of_slurm; /* an option that only makes sense there */
  int jobs;
  bool retry_failed, mix_programs, use_slurm, no_wait;
  iscc_campaign_slurm_settings slurm;
} arguments;

static bool parse_slurm(int key, char *arg, struct argp_state *state, arguments *a) {
  switch (key) {
  case OPTION_SBATCH:
    a->slurm.options = arg;
    a->of_slurm = "--sbatch";
    return true;
  case OPTION_BUNDLE:
    a->slurm.bundle = (size_t)iscc_option_integer(state, "bundle", arg, 1, ISCC_CAMPAIGN_RUNS_MAX);
    a->of_slurm = "--bundle";
    return true;
  case OPTION_POLL:
    a->slurm.ask_s = iscc_option_real(state, "poll", arg, 1, 3600);
    a->of_slurm = "--poll";
    return true;
  case OPTION_NO_WAIT:
    a->no_wait = true;
    a->of_slurm = "--no-wait";
    return true;
  default:
    return false;
  }
}

static void check(const arguments *a, const struct argp_state *state) {
  if (!a->file) iscc_option_refuse(state, "which campaign file");
  if (!a->use_slurm && a->jobs > ISCC_THREADS_MAX)
    iscc_option_refuse(state, "jobs: %d is not within 1..%d, on this machine", a->jobs, ISCC_THREADS_MAX);
  if (a->of_slurm && !a->use_slurm) iscc_option_refuse(state, "%s: only with --engine=slurm", a->of_slurm);
}

static error_t parse(int key, char *arg, struct argp_state *state) {
  arguments *a = state->input;
  switch (key) {
  case OPTION_DB:
    a->database = arg;
    break;
  case 'j':
    a->jobs = (int)iscc_option_integer(state, "jobs", arg, 1, ISCC_CAMPAIGN_RUNS_MAX);
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
  case OPTION_ENGINE:
    if (strcmp(arg, "local") != 0 && strcmp(arg, "slurm") != 0)
      iscc_option_refuse(state, "engine: '%s' is neither local nor slurm", arg);
    a->use_slurm = strcmp(arg, "slurm") == 0;
    break;
  case ARGP_KEY_END:
    check(a, state);
    break;
  default:
    return parse_slurm(key, arg, state, a) ? 0 : ARGP_ERR_UNKNOWN;
  }
  return 0;
}

static void print_outcome(const iscc_campaign_outcome *o, const char *database) {
  printf("%lld runs done, %lld done before, %lld failed; in %s\n", (long long)o->done, (long long)o->before,
         (long long)o->failed, database);
  if (o->elsewhere) printf("%lld were recorded by another campaign meanwhile\n", (long long)o->elsewhere);
  if (o->groups_open)
    printf("%zu groups of points do not reach their goals: not with the greatest number of runs, or a metric "
           "has no values\n",
           o->groups_open);
  if (o->groups_skewed)
    printf(
        "Values of %zu group%s of points are strongly skewed: after a stop by precision their intervals hold "
        "less often than they say\n",
        o->groups_skewed, o->groups_skewed == 1 ? "" : "s");
  if (o->failed_before)
    printf("%lld failed before and were not run again (--retry-failed)\n", (long long)o->failed_before);
  if (o->lost)
    printf("%lld were lost twice by the cluster and are not recorded; the same command runs them again\n",
           (long long)o->lost);
  if (o->first_failure[0]) printf("The first that failed: %s\n", o->first_failure);
  if (o->first_failure[0] && o->failed) printf("All of them: iscc campaign show %s --failed\n", database);
}

/* Goals that some points cannot have. */
static void print_alone(const iscc_campaign *c) {
  for (size_t i = 0; i < c->goals; i++) {
    const iscc_campaign_goal *g = c->goal + i;
    if (g->alone)
      printf("Without a partner with %s=%s: %zu point%s, with nothing of %s to reach; there the least number "
             "of runs "
             "is the last\n",
             g->by, g->baseline, g->alone, g->alone == 1 ? "" : "s", g->metric);
  }
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

/* What is done and yet lacks what others at its point have, or what the file names. */
static iscc_status show_missing(const iscc_cli_campaign_context *c, iscc_error *error) {
  const iscc_campaign *f = &c->campaign;
  iscc_missing_values missing;
  size_t named = 0;
  const char **name = calloc(f->metrics + f->comparisons + f->goals + 1, sizeof *name);
  if (!name) return iscc_fail(error, ISCC_ENOMEM, "out of memory");
  for (size_t i = 0; i < f->metrics; i++) name[named++] = f->metric[i];
  for (size_t i = 0; i < f->comparisons; i++) name[named++] = f->comparison[i].metric;
  for (size_t i = 0; i < f->goals; i++) name[named++] = f->goal[i].metric;
  const iscc_status status =
      iscc_missing_values_read(c->database, c->program_name, name, named, &missing, error);
  if (!status) iscc_missing_values_print(&missing, stdout);
  free(name);
  return status;
}

static iscc_status show_results(const iscc_cli_campaign_context *c, iscc_error *error) {
  iscc_status status = show_missing(c, error);
  if (!status) status = show_means(c, error);
  return status ? status : compare_all(c, error);
}

/* On a line of its own, below the progress bar. */
static void say_locked(const char *database) {
  fprintf(stderr, "%siscc campaign run: %s is locked by another process; it is waited for\n",
          isatty(STDERR_FILENO) ? "\n" : "", database);
}

/* After the progress bar has gone. */
static void print_notes(FILE *notes, char *const *text) {
  if (!notes) return;
  fclose(notes); /* then the text is there */
  fputs(*text, stdout);
  free(*text);
}

static iscc_status run(const arguments *a, bool *failed, iscc_error *error) {
  iscc_cli_campaign_context context;
  iscc_campaign_outcome outcome;
  iscc_status status = iscc_cli_campaign_open(a->file, a->database, &context, error);
  if (status) return status;
  iscc_campaign_slurm_settings slurm = a->slurm;
  slurm.at_once = a->jobs;
  slurm.mix_programs = a->mix_programs;
  char *text = NULL;
  size_t size;
  slurm.notes = open_memstream(&text, &size);
  const iscc_campaign_local_settings local = {.jobs = iscc_parallel_threads(a->jobs)};
  const iscc_campaign_settings settings = {
      .program = context.program,
      .database = context.database,
      .iscc_commit = iscc_commit(),
      .open_engine = a->use_slurm ? iscc_campaign_slurm_open : iscc_campaign_local_open,
      .engine_settings = a->use_slurm ? (const void *)&slurm : (const void *)&local,
      .jobs = a->use_slurm ? 0 : local.jobs,
      .retry_failed = a->retry_failed,
      .mix_programs = a->mix_programs,
      .no_wait = a->no_wait,
      .waits = say_locked};
  status = iscc_campaign_run(&context.campaign, &settings, &outcome, error);
  print_notes(slurm.notes, &text);
  *failed = outcome.failed > 0 || outcome.failed_before > 0 || outcome.lost > 0;
  if (!status || status == ISCC_EINTR) print_outcome(&outcome, context.database);
  if (!status) print_alone(&context.campaign);
  if (!status && outcome.queued)
    printf("%lld are in the queue of Slurm; the same command merges what has ended and goes on\n",
           (long long)outcome.queued);
  else if (!status && outcome.done + outcome.before + outcome.elsewhere > 0)
    status = show_results(&context, error);
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
             "Exit status 1 when a run failed or was lost, 2 for a mistake in the file, 130 when stopped by "
             "a signal."};
  arguments a = {.slurm = {.bundle = 1, .ask_s = POLL_S}};
  iscc_error error = {""};
  bool failed = false;
  iscc_options_parse(&argp, argc, argv, 0, &a);
  const iscc_status status = run(&a, &failed, &error);
  return iscc_cli_campaign_exit(argv[0], status, &error, failed);
}
