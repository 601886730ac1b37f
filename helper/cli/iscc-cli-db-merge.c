/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc db merge - adds all runs of other databases. */
#include <stdio.h>

#include "iscc-campaign-merge.h"
#include "iscc-campaign-spelling.h"
#include "iscc-cli-db.h"
#include "iscc-merge.h"
#include "iscc-options.h"

enum { OPTION_MIX = 256 };

static const struct argp_option options[] = {
    {"mix-programs", OPTION_MIX, NULL, 0, "also results of another file of a program than there are", 0},
    {0}};

typedef struct {
  const char *database;
  char **other; /* of argv */
  int others;
  bool mix_programs;
} arguments;

static error_t parse(int key, char *arg, struct argp_state *state) {
  arguments *a = state->input;
  (void)arg;
  switch (key) {
  case OPTION_MIX:
    a->mix_programs = true;
    break;
  case ARGP_KEY_ARGS: /* argp has moved them to the end */
    a->database = state->argv[state->next];
    a->other = state->argv + state->next + 1;
    a->others = state->argc - state->next - 1;
    break;
  case ARGP_KEY_END:
    if (a->others < 1) iscc_option_refuse(state, "which database, and which others are added to it");
    break;
  default:
    return ARGP_ERR_UNKNOWN;
  }
  return 0;
}

/* Before the database is made, if it is not there. */
static iscc_status look(const arguments *a, iscc_error *error) {
  iscc_status status = ISCC_OK;
  for (int i = 0; !status && i < a->others; i++)
    if (!iscc_campaign_merge_is_itself(a->database, a->other[i]))
      status = iscc_campaign_merge_look(a->other[i], a->mix_programs, error);
  return status;
}

static iscc_status merge_one(iscc_campaign_store *store, const arguments *a, const char *other,
                             iscc_error *error) {
  iscc_merged_runs runs;
  if (iscc_campaign_merge_is_itself(a->database, other)) { /* merge all.db *.db */
    printf("%s: is the database itself, left out\n", other);
    return ISCC_OK;
  }
  iscc_status status = iscc_campaign_spelling_check_other(a->database, other, error);
  if (!status) status = iscc_merge(store, other, &runs, error);
  if (!status)
    printf("%s: %lld runs added, %lld were there\n", other, (long long)runs.added, (long long)runs.there);
  return status;
}

static iscc_status merge(const arguments *a, iscc_error *error) {
  iscc_campaign_store *store = NULL;
  iscc_status status = look(a, error);
  if (!status) status = iscc_campaign_store_open(a->database, NULL, &store, error);
  if (!status && a->mix_programs) iscc_campaign_store_mix_programs(store);
  for (int i = 0; !status && i < a->others; i++) status = merge_one(store, a, a->other[i], error);
  iscc_campaign_store_close(store);
  return status;
}

int iscc_cli_db_merge(int argc, char **argv) {
  static const struct argp argp = {
      .options = options,
      .parser = parse,
      .args_doc = "DATABASE OTHER...",
      .doc =
          "Adds to DATABASE, which is made if it is not there, all runs of other databases, those of "
          "campaigns "
          "and single ones. What is there already is left alone, so it may be repeated. The others stay as "
          "they are.\v"
          "A run of a campaign is known by program, arguments, seed and replication, a single one by all "
          "that is "
          "recorded of it."};
  arguments a = {0};
  iscc_error error = {""};
  iscc_options_parse(&argp, argc, argv, 0, &a);
  const iscc_status status = merge(&a, &error);
  return status ? iscc_report_failure(argv[0], status, &error) : 0;
}
