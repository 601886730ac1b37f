/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc db export - tables and views of a result database as CSV or JSON lines. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "iscc-cli-db.h"
#include "iscc-export.h"
#include "iscc-options.h"
#include "iscc-output-file.h"

enum { OPTION_VIEW = 256, OPTION_WHERE, OPTION_FORMAT, OPTION_ANONYMOUS };
enum { NAMES_MAX = 64, CONDITIONS_MAX = 64 };

static const struct argp_option options[] = {
    {"output", 'o', "FOLDER|FILE", 0,
     "a new folder for files and their README.txt; of one table or view also a file (its name ends with .csv "
     "or "
     ".jsonl), or - for standard output",
     0},
    {"view", OPTION_VIEW, "NAMES", 0,
     "tables and views, comma-separated; all: all of both (default: all tables)", 0},
    {"where", OPTION_WHERE, "NAME=VALUE", 0,
     "only what fulfils this; also != < <= > >=. Of a view a condition on its rows, of tables one on the "
     "runs of v_run, "
     "of which all rows are written. Several = of one name are alternatives, all else holds together",
     0},
    {"format", OPTION_FORMAT, "FORMAT", 0, "csv or jsonl (default: as FILE ends, else csv)", 0},
    {"anonymous", OPTION_ANONYMOUS, NULL, 0,
     "with host-1, host-2 ... for names of machines, folder-1 ... for folders, and without what programs "
     "printed to stderr",
     0},
    {0}};

typedef struct {
  const char *database, *path;
  const char *name[NAMES_MAX], *where[CONDITIONS_MAX];
  iscc_export_scope scope;
  bool format_given;
} arguments;

static iscc_row_format format_of(const struct argp_state *state, const char *text) {
  for (int i = ISCC_ROWS_CSV; i <= ISCC_ROWS_JSONL; i++)
    if (strcmp(iscc_row_format_name[i], text) == 0) return (iscc_row_format)i;
  iscc_option_refuse(state, "--format: '%s' is none of csv, jsonl", text);
}

static void take_all(arguments *a, size_t count) {
  for (a->scope.count = 0; a->scope.count < count && iscc_export_names[a->scope.count]; a->scope.count++)
    a->name[a->scope.count] = iscc_export_names[a->scope.count];
}

static void take_names(const struct argp_state *state, arguments *a, char *text) {
  if (strcmp(text, "all") == 0) {
    take_all(a, NAMES_MAX);
    return;
  }
  for (char *rest = text, *name; (name = strtok_r(rest, ",", &rest));) {
    if (a->scope.count == NAMES_MAX) iscc_option_refuse(state, "--view: at most %d names", NAMES_MAX);
    for (size_t i = 0; i < a->scope.count; i++)
      if (strcmp(a->name[i], name) == 0) iscc_option_refuse(state, "--view: '%s' twice", name);
    a->name[a->scope.count++] = name;
  }
  if (!a->scope.count) iscc_option_refuse(state, "--view: names, comma-separated");
}

/* Whether the output is one file, of its ending's format. */
static bool is_file(const char *path, iscc_row_format *format) {
  const char *dot = strrchr(path, '.');
  for (int i = ISCC_ROWS_CSV; dot && i <= ISCC_ROWS_JSONL; i++)
    if (strcmp(dot + 1, iscc_row_format_name[i]) == 0) {
      *format = (iscc_row_format)i;
      return true;
    }
  return false;
}

static void check(const struct argp_state *state, arguments *a) {
  iscc_row_format format;
  if (!a->database) iscc_option_refuse(state, "which database");
  if (!a->path) iscc_option_refuse(state, "--output: which folder or file");
  if (!a->scope.count) take_all(a, ISCC_EXPORT_TABLES);
  const bool file = is_file(a->path, &format);
  if ((file || strcmp(a->path, "-") == 0) && a->scope.count != 1)
    iscc_option_refuse(
        state, "--output=%s: is one file; choose one table or view with --view, or name a folder", a->path);
  if (file && a->format_given && format != a->scope.format)
    iscc_option_refuse(state, "--output=%s: is not --format=%s", a->path,
                       iscc_row_format_name[a->scope.format]);
  if (file) a->scope.format = format;
}

static error_t parse(int key, char *arg, struct argp_state *state) {
  arguments *a = state->input;
  switch (key) {
  case 'o':
    a->path = arg;
    break;
  case OPTION_VIEW:
    take_names(state, a, arg);
    break;
  case OPTION_WHERE:
    if (a->scope.where_count == CONDITIONS_MAX)
      iscc_option_refuse(state, "--where: at most %d", CONDITIONS_MAX);
    a->where[a->scope.where_count++] = arg;
    break;
  case OPTION_FORMAT:
    a->scope.format = format_of(state, arg);
    a->format_given = true;
    break;
  case OPTION_ANONYMOUS:
    a->scope.anonymous = true;
    break;
  case ARGP_KEY_ARG:
    if (a->database) iscc_option_refuse(state, "'%s': one database at a time", arg);
    a->database = arg;
    break;
  case ARGP_KEY_END:
    check(state, a);
    break;
  default:
    return ARGP_ERR_UNKNOWN;
  }
  return 0;
}

static void print(void *ctx, const char *name, int64_t rows) {
  const arguments *a = ctx;
  printf("%s.%s: %lld rows\n", name, iscc_row_format_name[a->scope.format], (long long)rows);
}

static iscc_status write_file(const arguments *a, iscc_error *error) {
  iscc_output_file out;
  struct stat is;
  int64_t rows = 0;
  if (lstat(a->path, &is) == 0)
    return iscc_fail(error, ISCC_EINVAL, "%s: is there already; name another file", a->path);
  FILE *file = iscc_output_begin(&out, a->path, error);
  if (!file) return ISCC_EIO;
  const iscc_status status = iscc_export_rows(a->database, &a->scope, file, &rows, error);
  if (!status) return iscc_output_end(&out, error);
  iscc_output_cancel(&out);
  return status;
}

static iscc_status export(arguments *a, iscc_error *error) {
  iscc_row_format format;
  int64_t rows = 0;
  if (strcmp(a->path, "-") == 0) return iscc_export_rows(a->database, &a->scope, stdout, &rows, error);
  if (is_file(a->path, &format)) return write_file(a, error);
  return iscc_export_folder(a->database, &a->scope, a->path, print, a, error);
}

int iscc_cli_db_export(int argc, char **argv) {
  static const struct argp argp = {
      .options = options,
      .parser = parse,
      .args_doc = "DATABASE -o FOLDER|FILE",
      .doc = "Writes tables and views of a database as CSV or JSON lines, a file for each, with all digits; "
             "README.txt "
             "says what each column means. The database stays as it is, and nothing that is there is "
             "overwritten.\v"
             "Examples:\n"
             "  iscc db export wifi.db -o wifi\n"
             "  iscc db export wifi.db --view=v_task --where=scheme=joint -o joint.csv\n"
             "  iscc db export wifi.db --view=v_point --format=jsonl -o - | jq .mean\n"};
  static arguments a;
  iscc_error error = {""};
  a.scope.names = a.name;
  a.scope.where = a.where;
  iscc_options_parse(&argp, argc, argv, 0, &a);
  const iscc_status status = export(&a, &error);
  return status ? iscc_report_failure(argv[0], status, &error) : 0;
}
