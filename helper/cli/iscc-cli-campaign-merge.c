/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc campaign merge - adds the results of other databases. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "iscc-campaign-merge.h"
#include "iscc-campaign-spelling.h"
#include "iscc-cli-campaign.h"
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
  (void)arg;
  return 0;
}

typedef struct {
  int64_t added, there;
} tally;

static void count(void *ctx, const iscc_merged *merged) {
  tally *sum = ctx;
  sum->added += merged->added;
  sum->there += !merged->added;
}

/* Before the database is made, if it is not there. */
static iscc_status look(const arguments *a, iscc_error *error) {
  iscc_status status = ISCC_OK;
  for (int i = 0; !status && i < a->others; i++)
    if (!iscc_campaign_merge_is_itself(a->database, a->other[i]))
      status = iscc_campaign_merge_look(a->other[i], a->mix_programs, error);
  return status;
}

static iscc_status merge(const arguments *a, iscc_error *error) {
  iscc_campaign_store *store = NULL;
  iscc_status status = look(a, error);
  if (!status) status = iscc_campaign_store_open(a->database, NULL, &store, error);
  if (!status && a->mix_programs) iscc_campaign_store_mix_programs(store);
  for (int i = 0; !status && i < a->others; i++) {
    tally sum = {0};
    if (iscc_campaign_merge_is_itself(a->database, a->other[i])) { /* merge all.db *.db */
      printf("%s: is the database itself, left out\n", a->other[i]);
      continue;
    }
    status = iscc_campaign_merge_check(store, a->other[i], error);
    if (!status) status = iscc_campaign_spelling_check_other(a->database, a->other[i], error);
    if (!status) status = iscc_campaign_merge(store, a->other[i], count, &sum, error);
    if (!status)
      printf("%s: %lld added, %lld were there\n", a->other[i], (long long)sum.added, (long long)sum.there);
  }
  iscc_campaign_store_close(store);
  return status;
}

int iscc_cli_campaign_merge(int argc, char **argv) {
  static const struct argp argp = {
      .options = options,
      .parser = parse,
      .args_doc = "DATABASE OTHER...",
      .doc = "Adds to DATABASE what campaigns have put into other databases, of another machine say. What is "
             "there already is left alone, so it may be repeated. The others stay as they are.\v"
             "What was recorded without a campaign is not added."};
  arguments a = {0};
  iscc_error error = {""};
  iscc_options_parse(&argp, argc, argv, 0, &a);
  return iscc_cli_campaign_exit(argv[0], merge(&a, &error), &error, false);
}
