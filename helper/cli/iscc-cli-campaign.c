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
#include "iscc-compare.h"
#include "iscc-options.h"
#include "iscc-parallel.h"
#include "iscc-program.h"
#include "iscc-verify.h"

enum {
  OPTION_POINTS = 256,
  OPTION_DB,
  OPTION_RETRY,
  OPTION_MIX,
  OPTION_METRIC,
  OPTION_BY,
  OPTION_BASELINE,
  OPTION_CONFIDENCE,
  OPTION_PROGRAM,
  POINTS_SHOWN = 20
};

static const struct argp_option options[] = {
    {NULL, 0, NULL, 0, "plan:", 1},
    {"points", OPTION_POINTS, "N", 0,
     "how many points of the grid are listed, 0..1000000 or all (default 20)", 1},
    {NULL, 0, NULL, 0, "plan, run:", 2},
    {"db", OPTION_DB, "FILE", 0,
     "result database, added to (default: named as the campaign file, with .db, here)", 2},
    {"jobs", 'j', "N", 0, "runs at a time, 1..256 (default: one per processor)", 2},
    {NULL, 0, NULL, 0, "run:", 3},
    {"retry-failed", OPTION_RETRY, NULL, 0, "run again what failed, was timed out or truncated", 3},
    {"mix-programs", OPTION_MIX, NULL, 0,
     "go on although the program is not the file that made the results there are", 3},
    {NULL, 0, NULL, 0, "compare:", 4},
    {"metric", OPTION_METRIC, "NAME", 0, "what is compared, e.g. energy_per_task_j", 4},
    {"by", OPTION_BY, "OPTION", 0, "the option whose values are compared, e.g. scheme", 4},
    {"baseline", OPTION_BASELINE, "VALUE", 0, "its value that the others are compared with", 4},
    {"confidence", OPTION_CONFIDENCE, "SHARE", 0, "of the intervals, 0.5..0.9999 (default 0.95)", 4},
    {NULL, 0, NULL, 0, "verify:", 5},
    {"program", OPTION_PROGRAM, "PATH", 0,
     "the program that made the results (default: the recorded name, looked for as by run)", 5},
    {0}};

typedef struct {
  const char *verb, *file, *database;
  size_t points;
  int64_t only; /* of verify; 0: all */
  const char *program;
  int jobs, retry_failed, mix_programs;
  iscc_compare_question question;
} arguments;

static const char *const verbs[] = {"plan", "run", "compare", "verify", NULL};

static void check(const arguments *a, const struct argp_state *state) {
  static const char usage[] = "say 'plan FILE', 'run FILE', 'compare DATABASE' or 'verify DATABASE'";
  size_t v = 0;
  if (!a->verb) iscc_option_refuse(state, "%s", usage);
  while (verbs[v] && strcmp(verbs[v], a->verb) != 0) v++;
  if (!verbs[v]) iscc_option_refuse(state, "'%s': %s", a->verb, usage);
  if (!a->file) iscc_option_refuse(state, "%s: which %s", a->verb, v < 2 ? "campaign file" : "database");
  if (strcmp(a->verb, "compare") == 0 && (!a->question.metric || !a->question.by || !a->question.baseline))
    iscc_option_refuse(state, "compare: --metric, --by and --baseline are needed");
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
  case OPTION_METRIC:
    a->question.metric = arg;
    break;
  case OPTION_BY:
    a->question.by = arg;
    break;
  case OPTION_BASELINE:
    a->question.baseline = arg;
    break;
  case OPTION_CONFIDENCE:
    a->question.confidence = iscc_option_real(state, "confidence", arg, 0.5, 0.9999);
    break;
  case OPTION_PROGRAM:
    a->program = arg;
    break;
  case OPTION_MIX:
    a->mix_programs = 1;
    break;
  case ARGP_KEY_ARG:
    if (!a->verb)
      a->verb = arg;
    else if (!a->file)
      a->file = arg;
    else if (strcmp(a->verb, "verify") == 0 && !a->only)
      a->only = iscc_option_integer(state, "RUN", arg, 1, INT64_MAX);
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
    printf("%zu groups of points do not reach their goals: not with the greatest number of runs, or a metric "
           "has no values\n",
           o->groups_open);
  if (o->failed_before)
    printf("%lld failed before and were not run again (--retry-failed)\n", (long long)o->failed_before);
  if (o->first_failure[0])
    printf("The first that failed: %s\nAll of them: sqlite3 -box '%s' \"SELECT arguments, run, outcome, "
           "exit_status, signal, "
           "stderr FROM execution WHERE outcome <> 'done'\"\n",
           o->first_failure, database);
}

static iscc_status compare(const char *database, const iscc_compare_question *question, iscc_error *error) {
  iscc_comparison comparison;
  const iscc_status status = iscc_compare(database, question, &comparison, error);
  if (status) return status;
  iscc_comparison_print(&comparison, question, stdout);
  iscc_comparison_free(&comparison);
  return ISCC_OK;
}

/* What the campaign file asks to be compared. */
static iscc_status compare_all(const iscc_campaign *c, const char *database, iscc_error *error) {
  iscc_status status = ISCC_OK;
  for (size_t i = 0; !status && i < c->comparisons; i++) {
    const iscc_campaign_comparison *asked = c->comparison + i;
    const iscc_compare_question question = {asked->metric, asked->by, asked->baseline, c->confidence};
    putchar('\n');
    status = compare(database, &question, error);
  }
  return status;
}

/* --db, or the campaign file's name. */
static void choose_database(const arguments *a, char *path, size_t size) {
  if (a->database)
    snprintf(path, size, "%s", a->database);
  else
    name_database(a->file, path, size);
}

static iscc_status plan(const arguments *a, const iscc_campaign *campaign, const char *program,
                        iscc_error *error) {
  char database[PATH_MAX];
  const char *slash = strrchr(program, '/');
  const int jobs = iscc_parallel_threads(a->jobs);
  iscc_campaign_past past;
  choose_database(a, database, sizeof database);
  const iscc_status status =
      iscc_campaign_past_read(campaign, slash ? slash + 1 : program, database, jobs, &past, error);
  if (!status) iscc_campaign_plan_print(campaign, program, &past, jobs, a->points, stdout);
  return status;
}

static iscc_status run(const arguments *a, const iscc_campaign *campaign, const char *program, bool *failed,
                       iscc_error *error) {
  char database[PATH_MAX];
  iscc_campaign_outcome outcome;
  choose_database(a, database, sizeof database);
  const iscc_campaign_settings settings = {.program = program,
                                           .database = database,
                                           .jobs = iscc_parallel_threads(a->jobs),
                                           .retry_failed = a->retry_failed,
                                           .mix_programs = a->mix_programs};
  const iscc_status status = iscc_campaign_run(campaign, &settings, &outcome, error);
  *failed = outcome.failed > 0 || outcome.failed_before > 0;
  if (!status || status == ISCC_EINTR) print_outcome(&outcome, database);
  return status ? status : compare_all(campaign, database, error);
}

typedef struct {
  int64_t equal, different, other_program;
} verdicts;

static void take_verdict(void *ctx, const iscc_verdict *v) {
  verdicts *sum = ctx;
  sum->equal += v->equal;
  sum->different += !v->equal;
  sum->other_program += !v->same_program;
  if (!v->equal)
    printf("%s %lld (RngRun %lld, %s): %s\n", v->run_id ? "run" : "execution",
           (long long)(v->run_id ? v->run_id : v->execution_id), (long long)v->run, v->arguments,
           v->difference);
}

static iscc_status verify(const arguments *a, bool *failed, iscc_error *error) {
  verdicts sum = {0};
  int64_t checked;
  const iscc_status status = iscc_verify(a->file, a->only, a->program, take_verdict, &sum, &checked, error);
  if (checked)
    printf("%lld runs again: %lld equal bit for bit, %lld different\n", (long long)checked,
           (long long)sum.equal, (long long)sum.different);
  if (sum.other_program)
    printf("For %lld of them the program is another file than the one that made the results.\n",
           (long long)sum.other_program);
  *failed = sum.different > 0;
  return status;
}

/* What begins with a campaign file. */
static iscc_status plan_or_run(const arguments *a, bool *failed, iscc_error *error) {
  iscc_campaign campaign;
  char program[PATH_MAX];
  iscc_status status = iscc_campaign_read(a->file, &campaign, error);
  if (status) return status;
  status = iscc_program_find(campaign.program, a->file, program, sizeof program, error);
  if (!status && strcmp(a->verb, "plan") == 0)
    status = plan(a, &campaign, program, error);
  else if (!status)
    status = run(a, &campaign, program, failed, error);
  iscc_campaign_free(&campaign);
  return status;
}

int iscc_cli_campaign(int argc, char **argv) {
  static const struct argp argp = {
      .options = options,
      .parser = parse,
      .args_doc = "plan FILE\nrun FILE\ncompare DATABASE\nverify DATABASE [RUN]",
      .doc = "Many runs of a scenario over a grid of options, from a campaign file in YAML.\v"
             "'plan' shows grid, runs and, from past runs, the time, and runs nothing; 'run' runs what the "
             "database lacks, "
             "and may be stopped and called again; 'compare' says what the values of an option make of a "
             "metric, replication "
             "by replication; 'verify' runs again what is recorded, all or one (RUN: its run_id, or the "
             "execution_id of a run "
             "that printed its results), and says whether it comes out the same bit for bit. "
             "doc/campaign.rst says what a "
             "campaign file holds; examples/campaigns has some to copy. Exit status 1 also when a run failed "
             "or came out "
             "different."};
  arguments a = {.points = POINTS_SHOWN, .question = {.confidence = 0.95}};
  iscc_error error = {""};
  bool failed = false;
  iscc_options_parse(&argp, argc, argv, 0, &a);
  iscc_status status;
  if (strcmp(a.verb, "compare") == 0)
    status = compare(a.file, &a.question, &error);
  else if (strcmp(a.verb, "verify") == 0)
    status = verify(&a, &failed, &error);
  else
    status = plan_or_run(&a, &failed, &error);
  const int exit_status = status   ? iscc_report_failure(argv[0], status, &error)
                          : failed ? ISCC_EXIT_FAILURE
                                   : 0;
  return status == ISCC_EINTR ? 128 + SIGINT : exit_status;
}
