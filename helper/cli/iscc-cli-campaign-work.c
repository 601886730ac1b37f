/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc campaign work - a task of a job array: the command that --engine=slurm submits. */
#include "iscc-cli-campaign.h"
#include "iscc-options.h"
#include "iscc-slurm-work.h"

enum { TASK_MAX = 1000000000 };

typedef struct {
  const char *folder;
  size_t task;
  bool given;
} arguments;

static error_t parse(int key, char *arg, struct argp_state *state) {
  arguments *a = state->input;
  switch (key) {
  case ARGP_KEY_ARG:
    if (!a->folder) {
      a->folder = arg;
    } else {
      if (a->given) iscc_option_refuse(state, "'%s': one task at a time", arg);
      a->task = (size_t)iscc_option_integer(state, "TASK", arg, 0, TASK_MAX);
      a->given = true;
    }
    break;
  case ARGP_KEY_END:
    if (!a->given) iscc_option_refuse(state, "which folder and task of an array");
    break;
  default:
    return ARGP_ERR_UNKNOWN;
  }
  return 0;
}

int iscc_cli_campaign_work(int argc, char **argv) {
  static const struct argp argp = {
      .parser = parse,
      .args_doc = "FOLDER TASK",
      .doc = "What a task of a job array runs: its bundle of runs, one after the other, each added to a "
             "shard in "
             "FOLDER. 'iscc campaign run --engine=slurm' submits it; there is no need to call it by hand.\v"
             "Exit status 0 also when runs failed: their failures are results."};
  arguments a = {0};
  iscc_error error = {""};
  iscc_options_parse(&argp, argc, argv, 0, &a);
  return iscc_cli_campaign_exit(argv[0], iscc_campaign_work(a.folder, a.task, &error), &error, false);
}
