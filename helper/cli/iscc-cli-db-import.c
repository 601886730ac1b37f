/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc db import - a result database from tables in CSV or JSON lines. */
#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "iscc-campaign-merge.h"
#include "iscc-campaign-spelling.h"
#include "iscc-cli-db.h"
#include "iscc-export.h"
#include "iscc-import.h"
#include "iscc-options.h"

enum { OPTION_MIX = 256 };

static const struct argp_option options[] = {
    {"mix-programs", OPTION_MIX, NULL, 0, "also results of another file of a program than there are", 0},
    {0}};

typedef struct {
  const char *database;
  char **file; /* of argv */
  int files;
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
    a->file = state->argv + state->next + 1;
    a->files = state->argc - state->next - 1;
    break;
  case ARGP_KEY_END:
    if (a->files < 1) iscc_option_refuse(state, "which database, and which files or folder are read into it");
    break;
  default:
    return ARGP_ERR_UNKNOWN;
  }
  return 0;
}

static iscc_status read_file(iscc_import *import, const char *path, iscc_error *error) {
  int64_t rows;
  const iscc_status status = iscc_import_read(import, path, &rows, error);
  if (!status && rows) printf("%s: %lld rows\n", path, (long long)rows);
  return status;
}

/* All tables that lie in it. */
static iscc_status read_folder(iscc_import *import, const char *folder, iscc_error *error) {
  char path[PATH_MAX];
  iscc_status status = ISCC_OK;
  bool found = false;
  for (int i = 0; i < ISCC_EXPORT_TABLES; i++)
    for (int f = ISCC_ROWS_CSV; f <= ISCC_ROWS_JSONL && !status; f++) {
      snprintf(path, sizeof path, "%s/%s.%s", folder, iscc_export_names[i], iscc_row_format_name[f]);
      if (access(path, F_OK)) continue;
      found = true;
      status = read_file(import, path, error);
    }
  if (status || found) return status;
  return iscc_fail(error, ISCC_EINVAL, "%s: there is no table in it (run.csv or run.jsonl, ...)", folder);
}

static iscc_status read_all(const arguments *a, const char *path, iscc_error *error) {
  iscc_import *import;
  struct stat is;
  iscc_status status = iscc_import_open(path, &import, error);
  if (status) return status;
  for (int i = 0; i < a->files && !status; i++)
    status = stat(a->file[i], &is) == 0 && S_ISDIR(is.st_mode) ? read_folder(import, a->file[i], error)
                                                               : read_file(import, a->file[i], error);
  const iscc_status closed = iscc_import_close(import, status ? NULL : error);
  return status ? status : closed;
}

static iscc_status merge(const arguments *a, const char *path, iscc_error *error) {
  iscc_campaign_store *store = NULL;
  iscc_merged_runs runs;
  iscc_status status = iscc_campaign_merge_look(path, a->mix_programs, error);
  if (!status) status = iscc_campaign_store_open(a->database, NULL, &store, error);
  if (!status && a->mix_programs) iscc_campaign_store_mix_programs(store);
  if (!status) status = iscc_campaign_spelling_check_other(a->database, path, error);
  if (!status) status = iscc_merge(store, path, &runs, error);
  if (!status) printf("%lld runs added, %lld were there\n", (long long)runs.added, (long long)runs.there);
  iscc_campaign_store_close(store);
  return status;
}

/* Through a database beside it, which is removed whatever comes. */
static iscc_status import(const arguments *a, iscc_error *error) {
  char *path = NULL;
  if (asprintf(&path, "%s.import-%ld", a->database, (long)getpid()) < 0)
    return iscc_fail(error, ISCC_ENOMEM, "out of memory");
  const bool taken = access(path, F_OK) == 0;
  iscc_status status = taken ? iscc_fail(error, ISCC_EINVAL, "%s: is there already; remove it", path)
                             : read_all(a, path, error);
  if (!status) status = merge(a, path, error);
  if (!taken) unlink(path);
  free(path);
  return status;
}

int iscc_cli_db_import(int argc, char **argv) {
  static const struct argp argp = {
      .options = options,
      .parser = parse,
      .args_doc = "DATABASE FILE|FOLDER...",
      .doc =
          "Adds to DATABASE, which is made if it is not there, the runs of tables that 'iscc db export' has "
          "written: all "
          "in a folder, or single files, each named as its table. Runs that are there already are not added "
          "again, as with 'iscc db merge'.\v"
          "Example:\n  iscc db import new.db wifi\n"};
  arguments a = {0};
  iscc_error error = {""};
  iscc_options_parse(&argp, argc, argv, 0, &a);
  const iscc_status status = import(&a, &error);
  return status ? iscc_report_failure(argv[0], status, &error) : 0;
}
