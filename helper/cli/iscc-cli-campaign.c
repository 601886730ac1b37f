/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc campaign - many runs of a scenario over a grid of options: finds the verb and hands it its arguments. */
#include "iscc-cli-campaign.h"
#include "iscc-cli-verbs.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "iscc-campaign-store.h"
#include "iscc-mixed-results.h"
#include "iscc-options.h"
#include "iscc-program-version.h"
#include "iscc-program.h"

static const iscc_cli_verb verbs[] = {
    {"plan", iscc_cli_campaign_plan, "FILE", "show grid, number of runs and time; run nothing"},
    {"run", iscc_cli_campaign_run, "FILE", "run what the database lacks; may be stopped and called again"},
    {"show", iscc_cli_campaign_show, "DATABASE", "means of each point with their intervals, or what failed"},
    {"compare", iscc_cli_campaign_compare, "DATABASE",
     "what the values of an option make of a metric, pair by pair"},
    {"plot", iscc_cli_campaign_plot, "DATABASE", "draw a metric with its intervals, line by line"},
    {"verify", iscc_cli_campaign_verify, "DATABASE [RUN]",
     "run again what is recorded; does it come out the same?"},
    {"status", iscc_cli_campaign_status, "FILE|DATABASE",
     "what is done, what runs, what is in a cluster's queue"},
    {"merge", iscc_cli_campaign_merge, "DATABASE OTHER...", "add the results of other databases, each once"},
    {"work", iscc_cli_campaign_work, "FOLDER TASK", "what a task of a cluster's job array runs"},
    {NULL, NULL, NULL, NULL},
};

int iscc_cli_campaign(int argc, char **argv) {
  static const iscc_cli_verbs command = {
      .name = "iscc campaign",
      .before = "Many runs of a scenario over a grid of options, from a campaign file in YAML.",
      .after = ". doc/campaign.rst says what a campaign file holds;\nexamples/campaigns has some to copy. "
               "Exit status: 0 fine; 1 a failure, also when a run failed or came\nout different; 2 wrong "
               "usage or a mistake in the campaign file; 130 stopped by a signal.",
      .verbs = verbs};
  return iscc_cli_verbs_run(&command, argc, argv);
}

void iscc_cli_campaign_take(const struct argp_state *state, const char **place, const char *what,
                            const char *argument) {
  if (*place) iscc_option_refuse(state, "'%s': one %s at a time", argument, what);
  *place = argument;
}

void iscc_cli_campaign_where_take(const struct argp_state *state, iscc_cli_campaign_where *where,
                                  const char *condition) {
  const size_t most = sizeof where->condition / sizeof *where->condition;
  if (where->count == most) iscc_option_refuse(state, "--where: more than %zu conditions", most);
  where->condition[where->count++] = condition;
}

/* The campaign file's name without folder and ending, with .db. */
static void name_database(const char *file, char path[PATH_MAX]) {
  const char *slash = strrchr(file, '/'), *name = slash ? slash + 1 : file, *dot = strrchr(name, '.');
  const size_t length = dot && dot != name ? (size_t)(dot - name) : strlen(name);
  snprintf(path, PATH_MAX, "%.*s.db", (int)length, name);
}

/* A program that is not found is a mistake in a line of the file. */
static iscc_status find_program(const char *file, iscc_cli_campaign_context *context, iscc_error *error) {
  const iscc_yaml *yaml = context->campaign.yaml;
  iscc_error why = {""};
  const iscc_status status =
      iscc_program_find(context->campaign.program, file, context->program, sizeof context->program, &why);
  if (status)
    iscc_yaml_fail(yaml, iscc_yaml_get(yaml, iscc_yaml_root(yaml), "program"), error, "%s", why.text);
  return status;
}

iscc_status iscc_cli_campaign_open(const char *file, const char *database, iscc_cli_campaign_context *context,
                                   iscc_error *error) {
  iscc_status status = iscc_campaign_read(file, &context->campaign, error);
  if (status) return status == ISCC_EFORMAT ? ISCC_EINVAL : status; /* the file is the user's command */
  status = find_program(file, context, error);
  if (status) {
    iscc_campaign_free(&context->campaign);
    return status;
  }
  const char *slash = strrchr(context->campaign.program, '/');
  context->program_name = slash ? slash + 1 : context->campaign.program;
  if (database)
    snprintf(context->database, sizeof context->database, "%s", database);
  else
    name_database(file, context->database);
  return ISCC_OK;
}

iscc_status iscc_cli_campaign_verdicts(const char *database, const iscc_compare_question *question,
                                       iscc_error *error) {
  iscc_comparison comparison;
  const iscc_status status = iscc_compare(database, question, &comparison, error);
  if (status) return status;
  iscc_comparison_print(&comparison, question, stdout);
  iscc_comparison_free(&comparison);
  return ISCC_OK;
}

iscc_status iscc_cli_campaign_note_program(const iscc_cli_campaign_context *context, iscc_error *error) {
  iscc_campaign_store *store;
  iscc_program_version version = {0};
  if (access(context->database, F_OK) != 0) return ISCC_OK;
  iscc_status status = iscc_campaign_store_open_read(context->database, &store, error);
  if (status) return status;
  status = iscc_program_version_read(context->program, &version, error);
  if (!status)
    status = iscc_campaign_store_check_program(store, context->program_name, version.sha256, error);
  iscc_program_version_free(&version);
  iscc_campaign_store_close(store);
  if (status != ISCC_EINVAL) return status;
  printf("Note: run refuses to go on: %s\n", error->text);
  return ISCC_OK;
}

iscc_status iscc_cli_campaign_note_mixed(const char *database, iscc_error *error) {
  iscc_mixed_results mixed;
  const iscc_status status = iscc_mixed_results_read(database, &mixed, error);
  if (status) return status;
  if (mixed.programs > 1)
    printf("Note: the results were made by %lld different files of one program.\n",
           (long long)mixed.programs);
  if (mixed.models > 1)
    printf("Note: the results were made with %lld different files of one model.\n", (long long)mixed.models);
  return ISCC_OK;
}

int iscc_cli_campaign_exit(const char *program, iscc_status status, const iscc_error *error, bool failed) {
  const int exit_status = status   ? iscc_report_failure(program, status, error)
                          : failed ? ISCC_EXIT_FAILURE
                                   : 0;
  return status == ISCC_EINTR ? 128 + SIGINT : exit_status;
}
