/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-cli-campaign - what the verbs of `iscc campaign` share. Each is one file iscc-cli-campaign-<verb>.c, one row of the table
 * in iscc-cli-campaign.c.
 */
#ifndef ISCC_CLI_CAMPAIGN_H
#define ISCC_CLI_CAMPAIGN_H

#include <argp.h>
#include <limits.h>
#include <stdbool.h>

#include "iscc-campaign-file.h"
#include "iscc-campaign-where.h"
#include "iscc-cli.h"
#include "iscc-compare.h"

iscc_cli_command iscc_cli_campaign_plan, iscc_cli_campaign_run, iscc_cli_campaign_show,
    iscc_cli_campaign_compare, iscc_cli_campaign_plot, iscc_cli_campaign_verify, iscc_cli_campaign_merge,
    iscc_cli_campaign_status, iscc_cli_campaign_work;

/* A campaign with the paths that belong to it. */
typedef struct {
  iscc_campaign campaign;
  char program[PATH_MAX], database[PATH_MAX];
  const char *program_name; /* the last part of program */
} iscc_cli_campaign_context;

/* Reads the file, finds its program; database NULL: the file's name without folder and ending, with .db. After ISCC_OK the caller
 * frees with iscc_campaign_free(&context->campaign). */
iscc_status iscc_cli_campaign_open(const char *file, const char *database, iscc_cli_campaign_context *context,
                                   iscc_error *error);

/* The only argument of a verb; refuses a second one. what: "campaign file" or "database". */
void iscc_cli_campaign_take(const struct argp_state *state, const char **place, const char *what,
                            const char *argument);

/* The conditions of a verb's --where, borrowed. */
typedef struct {
  const char *condition[64];
  size_t count;
} iscc_cli_campaign_where;

/* Takes one more; refuses one that is too many. */
void iscc_cli_campaign_where_take(const struct argp_state *state, iscc_cli_campaign_where *where,
                                  const char *condition);

/* Prints the verdicts of one question. */
iscc_status iscc_cli_campaign_verdicts(const char *database, const iscc_compare_question *question,
                                       iscc_error *error);

/* A line where `run` would refuse to go on, since the results on record are of another file of the program. */
iscc_status iscc_cli_campaign_note_program(const iscc_cli_campaign_context *context, iscc_error *error);

/* A line for each way in which the results of a database are mixed (iscc-mixed-results.h); none where they are not. */
iscc_status iscc_cli_campaign_note_mixed(const char *database, iscc_error *error);

/* Exit status of a verb: the failure's, else 1 if something was not as it should. */
int iscc_cli_campaign_exit(const char *program, iscc_status status, const iscc_error *error, bool failed);

#endif
