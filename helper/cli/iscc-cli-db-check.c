/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc db check - whether a result database is as it should be. */
#include <stdio.h>
#include <string.h>

#include "iscc-cli-db.h"
#include "iscc-database-check.h"
#include "iscc-options.h"
#include "iscc-safe-text.h"

static error_t parse(int key, char *arg, struct argp_state *state) {
  const char **database = state->input;
  switch (key) {
  case ARGP_KEY_ARG:
    if (*database) iscc_option_refuse(state, "'%s': one database at a time", arg);
    *database = arg;
    break;
  case ARGP_KEY_END:
    if (!*database) iscc_option_refuse(state, "which database");
    break;
  default:
    return ARGP_ERR_UNKNOWN;
  }
  return 0;
}

static void print(void *ctx, const char *what, bool fine, const char *text) {
  bool *trouble = ctx;
  char safe[1024];
  iscc_safe_text(text, strlen(text), 0, safe, sizeof safe);
  printf("%-10s  %s%s\n", what, fine ? "" : "WRONG: ", safe);
  *trouble |= !fine;
}

int iscc_cli_db_check(int argc, char **argv) {
  static const struct argp argp = {
      .parser = parse,
      .args_doc = "DATABASE",
      .doc = "Looks whether a database is whole, whether its rows have what they refer to, and whether its "
             "sums over tasks (tables tally and choice) are those of the tasks. Changes nothing.\vExit "
             "status 1 when something is wrong."};
  const char *database = NULL;
  bool trouble = false;
  iscc_error error = {""};
  iscc_options_parse(&argp, argc, argv, 0, &database);
  const iscc_status status = iscc_database_check(database, print, &trouble, &error);
  if (status) return iscc_report_failure(argv[0], status, &error);
  return trouble ? ISCC_EXIT_FAILURE : 0;
}
