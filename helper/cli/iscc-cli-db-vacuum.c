/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc db vacuum - rewrites a result database without empty room. */
#include <stdio.h>

#include "iscc-archive.h"
#include "iscc-cli-db.h"
#include "iscc-options.h"

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

int iscc_cli_db_vacuum(int argc, char **argv) {
  static const struct argp argp = {.parser = parse,
                                   .args_doc = "DATABASE",
                                   .doc = "Rewrites a database in place without the room of what was "
                                          "deleted, for which the disk needs as much "
                                          "room again. It is left alone while a campaign works on it. One of "
                                          "an older schema version becomes one of this."};
  const char *database = NULL;
  int64_t before = 0, after = 0;
  iscc_error error = {""};
  iscc_options_parse(&argp, argc, argv, 0, &database);
  const iscc_status status = iscc_vacuum(database, &before, &after, &error);
  if (status) return iscc_report_failure(argv[0], status, &error);
  printf("%s: %lld bytes before, %lld now\n", database, (long long)before, (long long)after);
  return 0;
}
