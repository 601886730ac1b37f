/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc db archive - a copy of a result database in one file. */
#include <stdio.h>

#include "iscc-archive.h"
#include "iscc-cli-db.h"
#include "iscc-cli.h"
#include "iscc-options.h"

enum { OPTION_ANONYMOUS = 256 };

static const struct argp_option options[] = {
    {"output", 'o', "FILE", 0, "the file, which is not there yet", 0},
    {"anonymous", OPTION_ANONYMOUS, NULL, 0,
     "with host-1, host-2 ... for names of machines, folder-1 ... for folders, and without what programs "
     "printed to stderr",
     0},
    {0}};

typedef struct {
  const char *database, *path;
  bool anonymous;
} arguments;

static error_t parse(int key, char *arg, struct argp_state *state) {
  arguments *a = state->input;
  switch (key) {
  case 'o':
    a->path = arg;
    break;
  case OPTION_ANONYMOUS:
    a->anonymous = true;
    break;
  case ARGP_KEY_ARG:
    if (a->database) iscc_option_refuse(state, "'%s': one database at a time", arg);
    a->database = arg;
    break;
  case ARGP_KEY_END:
    if (!a->database) iscc_option_refuse(state, "which database");
    if (!a->path) iscc_option_refuse(state, "--output: which file");
    break;
  default:
    return ARGP_ERR_UNKNOWN;
  }
  return 0;
}

int iscc_cli_db_archive(int argc, char **argv) {
  static const struct argp argp = {.options = options,
                                   .parser = parse,
                                   .args_doc = "DATABASE -o FILE",
                                   .doc = "Writes a copy of a database into one file without empty room, "
                                          "also while a campaign works on it, and "
                                          "looks whether it is whole. The database stays as it is, and a "
                                          "file that is there is not overwritten."};
  arguments a = {0};
  iscc_error error = {""};
  iscc_options_parse(&argp, argc, argv, 0, &a);
  const iscc_status status = iscc_archive(a.database, a.path, a.anonymous, &error);
  if (status) return iscc_report_failure(argv[0], status, &error);
  iscc_cli_print_size(a.path);
  return 0;
}
