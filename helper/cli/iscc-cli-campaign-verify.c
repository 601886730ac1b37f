/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc campaign verify - whether what is recorded comes out the same again. */
#include <stdio.h>
#include <string.h>

#include "iscc-cli-campaign.h"
#include "iscc-options.h"
#include "iscc-processor.h"
#include "iscc-safe-text.h"
#include "iscc-verify.h"

enum { OPTION_PROGRAM = 256, SAFE_MAX = 4096 };

static const struct argp_option options[] = {{"program", OPTION_PROGRAM, "PATH", 0,
                                              "the program that made the results on record under its file's "
                                              "name (default, and of others: the recorded "
                                              "name, looked for as by run)",
                                              0},
                                             {0}};

typedef struct {
  const char *database, *program;
  int64_t only; /* 0: all */
} arguments;

static error_t parse(int key, char *arg, struct argp_state *state) {
  arguments *a = state->input;
  switch (key) {
  case OPTION_PROGRAM:
    a->program = arg;
    break;
  case ARGP_KEY_ARG:
    if (a->database && !a->only)
      a->only = iscc_option_integer(state, "RUN", arg, 1, INT64_MAX);
    else
      iscc_cli_campaign_take(state, &a->database, "database and run", arg);
    break;
  case ARGP_KEY_END:
    if (!a->database) iscc_option_refuse(state, "which database");
    break;
  default:
    return ARGP_ERR_UNKNOWN;
  }
  return 0;
}

typedef struct {
  int64_t equal, different, other_program, unverified;
  int64_t other_processor;             /* of those that are different */
  char processor[ISCC_PROCESSOR_TEXT]; /* this one */
  char program[NAME_MAX + 1];          /* whose absence was told last */
} verdicts;

/* What a database holds, for a terminal. */
static const char *shown(const char *text, char safe[SAFE_MAX]) {
  iscc_safe_text(text, strlen(text), 0, safe, SAFE_MAX);
  return safe;
}

static void take_verdict(void *ctx, const iscc_verdict *v) {
  verdicts *sum = ctx;
  char first[SAFE_MAX], second[SAFE_MAX];
  if (v->unverified) {
    if (!sum->unverified++ || strcmp(sum->program, v->program) != 0)
      printf("Runs of %s are not verified: %s\n", shown(v->program, first), shown(v->unverified, second));
    snprintf(sum->program, sizeof sum->program, "%s", v->program);
    return;
  }
  sum->equal += v->equal;
  sum->different += !v->equal;
  sum->other_program += !v->same_program;
  sum->other_processor += !v->equal && v->processor[0] && strcmp(v->processor, sum->processor) != 0;
  if (!v->equal)
    printf("%s %lld (RngRun %lld, %s): %s\n", v->run_id ? "run" : "execution",
           (long long)(v->run_id ? v->run_id : v->execution_id), (long long)v->run,
           shown(v->arguments, first), shown(v->difference, second));
}

static void print_sum(const verdicts *sum) {
  const int64_t again = sum->equal + sum->different;
  if (again || sum->unverified)
    printf("%lld runs again: %lld equal bit for bit, %lld different\n", (long long)again,
           (long long)sum->equal, (long long)sum->different);
  if (sum->other_program)
    printf("For %lld of them the program is another file than the one that made the results.\n",
           (long long)sum->other_program);
  if (sum->other_processor)
    printf("%lld of the different ones were recorded on another kind of processor (this is %s; see "
           "execution.processor_wall), where real inference may differ.\n",
           (long long)sum->other_processor, sum->processor);
}

/* What the database holds beside that, in one line. */
static void print_rest(int64_t unverified, const iscc_verify_rest *rest) {
  const struct {
    int64_t count;
    const char *what;
  } part[] = {{unverified, "runs whose program cannot be run"},
              {rest->not_done, "executions that are not done"},
              {rest->without_execution, "runs that belong to no execution"}};
  const char *before = "Not verified: ";
  for (size_t i = 0; i < sizeof part / sizeof *part; i++) {
    if (!part[i].count) continue;
    printf("%s%lld %s", before, (long long)part[i].count, part[i].what);
    before = ", ";
  }
  if (before[0] == ',') puts(".");
}

static iscc_status verify(const arguments *a, bool *failed, iscc_error *error) {
  verdicts sum = {0};
  iscc_verify_rest rest = {0};
  iscc_processor_kind(sum.processor);
  iscc_status status = iscc_verify(a->database, a->only, a->program, take_verdict, &sum, error);
  print_sum(&sum);
  if (!status) status = iscc_verify_left(a->database, &rest, error);
  if (!status && rest.lacking[0])
    printf("Not compared: table %s, which this database of an older schema version lacks.\n", rest.lacking);
  if (!status && rest.before_streams)
    printf("Not compared: table stream of runs that were recorded before schema version 6; there are %lld.\n",
           (long long)rest.before_streams);
  if (!status && !a->only) print_rest(sum.unverified, &rest);
  *failed = sum.different > 0 || sum.unverified > 0;
  return status;
}

int iscc_cli_campaign_verify(int argc, char **argv) {
  static const struct argp argp = {
      .options = options,
      .parser = parse,
      .args_doc = "DATABASE [RUN]",
      .doc = "Runs again what is recorded, all or one (RUN: its run_id, or the "
             "execution_id of a run that printed its "
             "results), and says whether it comes out the same bit for bit.\v"
             "Exit status 1 when something came out different, or a program was not "
             "found."};
  arguments a = {0};
  iscc_error error = {""};
  bool failed = false;
  iscc_options_parse(&argp, argc, argv, 0, &a);
  const iscc_status status = verify(&a, &failed, &error);
  return iscc_cli_campaign_exit(argv[0], status, &error, failed);
}
