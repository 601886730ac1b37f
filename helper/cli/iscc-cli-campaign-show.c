/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc campaign show - what the runs of a database came to, point by point. */
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "iscc-cli-campaign.h"
#include "iscc-database.h"
#include "iscc-options.h"
#include "iscc-point-means.h"
#include "iscc-safe-output.h"

enum { OPTION_METRIC = 256, OPTION_FAILED, OPTION_CONFIDENCE, METRICS_MAX = 64, NAME_ROOM = 256 };

static const struct argp_option options[] = {
    {"metric", OPTION_METRIC, "NAME", 0,
     "only this metric; may be given several times (default: all there are)", 0},
    {"failed", OPTION_FAILED, NULL, 0,
     "list the runs that are not done instead, with the end of their stderr", 0},
    {"confidence", OPTION_CONFIDENCE, "SHARE", 0, "of the intervals, 0.5..0.9999 (default 0.95)", 0},
    {0}};

typedef struct {
  const char *database;
  char metric[METRICS_MAX][NAME_ROOM];
  size_t metrics;
  double confidence;
  bool failed;
} arguments;

static error_t parse(int key, char *arg, struct argp_state *state) {
  arguments *a = state->input;
  switch (key) {
  case OPTION_METRIC:
    if (a->metrics == METRICS_MAX || strlen(arg) >= NAME_ROOM)
      iscc_option_refuse(state, "--metric: at most %d names of at most %d letters", METRICS_MAX,
                         NAME_ROOM - 1);
    snprintf(a->metric[a->metrics++], NAME_ROOM, "%s", arg);
    break;
  case OPTION_FAILED:
    a->failed = true;
    break;
  case OPTION_CONFIDENCE:
    a->confidence = iscc_option_real(state, "confidence", arg, 0.5, 0.9999);
    break;
  case ARGP_KEY_ARG:
    iscc_cli_campaign_take(state, &a->database, "database", arg);
    break;
  case ARGP_KEY_END:
    if (!a->database) iscc_option_refuse(state, "which database");
    break;
  default:
    return ARGP_ERR_UNKNOWN;
  }
  return 0;
}

/* Calls each() for every row of a query. */
static iscc_status for_each(const char *database, const char *sql, void (*each)(void *ctx, sqlite3_stmt *row),
                            void *ctx, iscc_error *error) {
  sqlite3 *db;
  sqlite3_stmt *ask = NULL;
  iscc_status status = iscc_database_open_read(database, &db, error);
  if (status) return status;
  int result = sqlite3_prepare_v2(db, sql, -1, &ask, NULL);
  while (!result && (result = sqlite3_step(ask)) == SQLITE_ROW) {
    each(ctx, ask);
    result = SQLITE_OK;
  }
  if (result != SQLITE_DONE) status = iscc_fail(error, ISCC_EIO, "%s: %s", database, sqlite3_errmsg(db));
  sqlite3_finalize(ask);
  sqlite3_close(db);
  return status;
}

static const char *text_of(sqlite3_stmt *row, int column) {
  const char *text = (const char *)sqlite3_column_text(row, column);
  return text ? text : "";
}

static void take_metric(void *ctx, sqlite3_stmt *row) {
  arguments *a = ctx;
  if (a->metrics < METRICS_MAX) snprintf(a->metric[a->metrics++], NAME_ROOM, "%s", text_of(row, 0));
}

static void print_overview(void *ctx, sqlite3_stmt *row) {
  (void)ctx;
  printf("%s: %s replications done at %s points", text_of(row, 0), text_of(row, 1), text_of(row, 2));
  if (sqlite3_column_int64(row, 3)) printf(", %s not done (--failed lists them)", text_of(row, 3));
  printf("; RngSeed %s, RngRun %s\n", text_of(row, 4), text_of(row, 5));
}

static const char overview[] =
    "SELECT program, sum(done), count(DISTINCT arguments), sum(NOT done), group_concat(DISTINCT seed),"
    " iif(min(run) = max(run), min(run), min(run) || '..' || max(run))"
    " FROM (SELECT program, arguments, seed, run, max(outcome = 'done') AS done FROM execution"
    "   GROUP BY program, arguments, seed, run) GROUP BY program ORDER BY program";

static iscc_status show_means(arguments *a, iscc_error *error) {
  iscc_status status = for_each(a->database, overview, print_overview, NULL, error);
  if (!status && !a->metrics)
    status = for_each(a->database, "SELECT DISTINCT name FROM metric ORDER BY name", take_metric, a, error);
  if (!status && !a->metrics)
    return iscc_fail(error, ISCC_EINVAL, "%s: it holds no runs of a campaign that are done", a->database);
  for (size_t i = 0; !status && i < a->metrics; i++) {
    const iscc_point_question question = {.metric = a->metric[i], .confidence = a->confidence};
    iscc_point_means means;
    status = iscc_point_means_read(a->database, &question, &means, error);
    if (status) break;
    putchar('\n');
    iscc_point_means_print(&means, &question, stdout);
    iscc_point_means_free(&means);
  }
  return status ? status : iscc_cli_campaign_note_mixed(a->database, error);
}

/* One failed replication: how it ended last, then its stderr, indented. */
static void print_failure(void *ctx, sqlite3_stmt *row) {
  int64_t *shown = ctx;
  printf("%sexecution %s: %s %s --RngSeed=%s --RngRun=%s\n  %s", (*shown)++ ? "\n" : "", text_of(row, 0),
         text_of(row, 1), text_of(row, 2), text_of(row, 3), text_of(row, 4), text_of(row, 5));
  if (sqlite3_column_type(row, 6) != SQLITE_NULL) printf(", exit status %s", text_of(row, 6));
  if (sqlite3_column_type(row, 7) != SQLITE_NULL) printf(", signal %s", text_of(row, 7));
  printf(", after %.3g s, attempt %s, on %s\n", sqlite3_column_double(row, 8), text_of(row, 9),
         text_of(row, 10));
  for (const char *line = text_of(row, 11); *line;) {
    const size_t length = strcspn(line, "\n");
    printf("  | %.*s\n", (int)length, line);
    line += length + (line[length] == '\n');
  }
}

static const char failures[] =
    "SELECT max(execution_id), program, (SELECT coalesce(group_concat('--' || key || iif(value = '', '', "
    "'=') ||"
    " value, ' '), '') FROM json_each(arguments)), seed, run, outcome, exit_status, signal, elapsed_wall_s,"
    " count(*), host, stderr FROM execution GROUP BY program, arguments, seed, run"
    " HAVING sum(outcome = 'done') = 0 ORDER BY program, arguments, seed, run";

static iscc_status show_failures(const arguments *a, iscc_error *error) {
  int64_t shown = 0;
  const iscc_status status = for_each(a->database, failures, print_failure, &shown, error);
  if (!status && !shown) puts("No replication is without a result.");
  return status;
}

int iscc_cli_campaign_show(int argc, char **argv) {
  static const struct argp argp = {.options = options,
                                   .parser = parse,
                                   .args_doc = "DATABASE",
                                   .doc = "Shows each metric's mean over the replications of each point with "
                                          "its confidence interval, and how many "
                                          "replications failed; those are in no mean."};
  static arguments a = {.confidence = 0.95};
  iscc_error error = {""};
  iscc_options_parse(&argp, argc, argv, 0, &a);
  iscc_status status = iscc_safe_output(&error);
  if (!status) status = a.failed ? show_failures(&a, &error) : show_means(&a, &error);
  return iscc_cli_campaign_exit(argv[0], status, &error, false);
}
