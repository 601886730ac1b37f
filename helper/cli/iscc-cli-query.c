/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc query - what a result database says. */
#include <jansson.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "iscc-answer.h"
#include "iscc-cli.h"
#include "iscc-options.h"
#include "iscc-overview.h"
#include "iscc-query.h"
#include "iscc-question.h"

enum {
  OPTION_WHERE = 256,
  OPTION_BY,
  OPTION_SQL,
  OPTION_FORMAT,
  OPTION_EXPLAIN,
  OPTION_METRIC,
  OPTION_BASELINE,
  OPTION_LIMIT
};
enum { CONDITIONS_MAX = 64 };

static const struct argp_option options[] = {
    {"where", OPTION_WHERE, "NAME=VALUE", 0,
     "only what fulfils this; also != < <= > >=. Several = of one name are alternatives, all else holds "
     "together",
     0},
    {"by", OPTION_BY, "NAMES", 0,
     "a line for each value of these, comma-separated, in place of the question's own", 0},
    {"limit", OPTION_LIMIT, "ROWS", 0, "of slow-tasks and costly-tasks, 1..1000000 (default 20)", 0},
    {"metric", OPTION_METRIC, "NAME", 0, "of compare (default energy_per_task_j)", 0},
    {"baseline", OPTION_BASELINE, "VALUE", 0,
     "of compare: what others are compared with (default: all with each other)", 0},
    {"sql", OPTION_SQL, "TEXT", 0, "ask this in place of a question with a name; it can only read", 0},
    {"format", OPTION_FORMAT, "FORMAT", 0, "table, csv or jsonl (default table)", 0},
    {"explain", OPTION_EXPLAIN, NULL, 0,
     "print the SQL instead; sqlite3 runs it after '.load ./libiscc_sqlite'", 0},
    {0}};

typedef struct {
  const char *database, *sql;
  const iscc_question *question;
  const char *where[CONDITIONS_MAX];
  iscc_question_scope scope;
  iscc_answer_format format;
  bool format_given, explain, scoped, limited;
} arguments;

static iscc_answer_format format_of(const struct argp_state *state, const char *text) {
  static const char *const names[] = {
      [ISCC_ANSWER_TABLE] = "table", [ISCC_ANSWER_CSV] = "csv", [ISCC_ANSWER_JSONL] = "jsonl"};
  for (size_t i = 0; i < sizeof names / sizeof *names; i++)
    if (strcmp(names[i], text) == 0) return (iscc_answer_format)i;
  iscc_option_refuse(state, "--format: '%s' is none of table, csv, jsonl", text);
}

static void take_names(const struct argp_state *state, iscc_question_scope *scope, char *text) {
  for (char *rest = text, *name; (name = strtok_r(rest, ",", &rest));) {
    if (scope->by_count == ISCC_QUESTION_NAMES_MAX)
      iscc_option_refuse(state, "--by: at most %d names", ISCC_QUESTION_NAMES_MAX);
    scope->by[scope->by_count++] = name;
  }
  if (!scope->by_count) iscc_option_refuse(state, "--by: names, comma-separated");
}

static void take_argument(const struct argp_state *state, arguments *a, const char *text) {
  if (!a->database) {
    a->database = text;
    return;
  }
  if (a->question) iscc_option_refuse(state, "'%s': one question at a time", text);
  a->question = iscc_question_find(text);
  if (!a->question) iscc_option_refuse(state, "'%s' is no question; 'iscc query --help' lists them", text);
}

static void check(const struct argp_state *state, const arguments *a) {
  if (!a->database) iscc_option_refuse(state, "which database");
  if (a->sql && (a->question || a->scoped))
    iscc_option_refuse(
        state, "--sql is a whole question: no other, and no --where, --by, --metric, --baseline, --limit");
  if (!a->sql && !a->question && (a->scoped || a->format_given))
    iscc_option_refuse(state,
                       "which question; 'iscc query --help' lists them (the overview takes only --explain)");
  if (a->question && !a->question->limited && a->limited)
    iscc_option_refuse(state, "--limit is of questions 'slow-tasks' and 'costly-tasks'");
  if (a->question && !a->question->of_metric && (a->scope.metric || a->scope.baseline))
    iscc_option_refuse(state, "--metric and --baseline are of question 'compare'");
}

static error_t parse(int key, char *arg, struct argp_state *state) {
  arguments *a = state->input;
  a->scoped |= key == OPTION_WHERE || key == OPTION_BY || key == OPTION_METRIC || key == OPTION_BASELINE ||
               key == OPTION_LIMIT;
  switch (key) {
  case OPTION_WHERE:
    if (a->scope.where_count == CONDITIONS_MAX)
      iscc_option_refuse(state, "--where: at most %d", CONDITIONS_MAX);
    a->where[a->scope.where_count++] = arg;
    break;
  case OPTION_BY:
    take_names(state, &a->scope, arg);
    break;
  case OPTION_LIMIT:
    a->limited = true;
    a->scope.limit = iscc_option_integer(state, "limit", arg, 1, 1000000);
    break;
  case OPTION_METRIC:
    a->scope.metric = arg;
    break;
  case OPTION_BASELINE:
    a->scope.baseline = arg;
    break;
  case OPTION_SQL:
    a->sql = arg;
    break;
  case OPTION_FORMAT:
    a->format = format_of(state, arg);
    a->format_given = true;
    break;
  case OPTION_EXPLAIN:
    a->explain = true;
    break;
  case ARGP_KEY_ARG:
    take_argument(state, a, arg);
    break;
  case ARGP_KEY_END:
    check(state, a);
    break;
  default:
    return ARGP_ERR_UNKNOWN;
  }
  return 0;
}

/* The list of questions, for --help. */
static char *filter_help(int key, const char *text, void *input) {
  (void)input;
  if (key != ARGP_KEY_HELP_POST_DOC) return (char *)(uintptr_t)text;
  char *help = NULL;
  size_t size = 0;
  FILE *out = open_memstream(&help, &size);
  if (!out) return NULL;
  fputs("Questions:\n", out);
  for (const iscc_question *q = iscc_questions; q->name; q++)
    fprintf(out, "  %-13s %s\n", q->name, q->summary);
  fputs("\nUnless --by names something else, they are:\n", out);
  for (const iscc_question *q = iscc_questions; q->name; q++)
    if (q->by) fprintf(out, "  %-13s by %s\n", q->name, q->by);
  fputs("\nNames are columns of the view that is asked, options of a campaign (max-latency) or parameters of "
        "a run (bandwidth_hz).\n"
        "Runs that are not done are in no mean.\n\nExamples:\n"
        "  iscc query wifi.db\n"
        "  iscc query wifi.db energy --by=scheme,max-latency\n"
        "  iscc query wifi.db latency --where='max-latency<=0.8' --format=csv >l.csv\n"
        "  iscc query wifi.db --sql='SELECT outcome, count(*) FROM task GROUP BY 1'\n",
        out);
  fclose(out);
  return help;
}

static iscc_status explain_overview(FILE *out) {
  for (const iscc_overview_part *part = iscc_overview_parts; part->title; part++)
    fprintf(out, "%s-- %s\n%s;\n", part == iscc_overview_parts ? "" : "\n", part->title, part->sql);
  return ISCC_OK;
}

/* What a mean must be read with: what was left out of it, and what was put together in it. */
static const char pooled[] = "SELECT (SELECT count(*) FROM v_run WHERE outcome <> 'done'),"
                             " (SELECT count(*) FROM (SELECT DISTINCT program, inference FROM run JOIN node "
                             "USING (run_id) WHERE status = 'done'))";

static iscc_status print_notes(sqlite3 *db, const iscc_question *question, iscc_error *error) {
  json_t *notes;
  if (question->note) printf("Note: %s\n", question->note);
  if (!question->by || question->of_metric) return ISCC_OK;
  const iscc_status status = iscc_answer_json(db, pooled, 1, &notes, error);
  if (status) return status;
  const json_t *row = json_array_get(json_object_get(notes, "rows"), 0);
  const long long left = json_integer_value(json_array_get(row, 0)),
                  kinds = json_integer_value(json_array_get(row, 1));
  if (left) printf("Note: %lld runs in the database are not done and left out; 'runs' lists them.\n", left);
  if (kinds > 1)
    puts("Note: the database holds several programs or kinds of inference; --by=program,inference,... tells "
         "them apart.");
  json_decref(notes);
  return ISCC_OK;
}

static iscc_status answer(sqlite3 *db, const arguments *a, iscc_error *error) {
  char *sql = NULL;
  int64_t rows = 0;
  iscc_status status = a->sql ? ISCC_OK : iscc_question_sql(a->question, db, &a->scope, &sql, error);
  if (!status && a->explain)
    printf("%s;\n", a->sql ? a->sql : sql);
  else if (!status)
    status = iscc_answer_write(db, a->sql ? a->sql : sql, a->format, stdout, &rows, error);
  sqlite3_free(sql);
  if (status || a->explain || !a->question) return status;
  if (!rows && a->format == ISCC_ANSWER_TABLE) puts("Nothing of that kind is in here.");
  return rows && a->format == ISCC_ANSWER_TABLE ? print_notes(db, a->question, error) : ISCC_OK;
}

int iscc_cli_query(int argc, char **argv) {
  static const struct argp argp = {
      .options = options,
      .parser = parse,
      .args_doc = "DATABASE [QUESTION]",
      .doc = "Says what a result database holds, or answers a question about it. The file is only read.\v.",
      .help_filter = filter_help};
  static arguments a = {.scope = {.limit = 20}};
  iscc_error error = {""};
  sqlite3 *db;
  a.scope.where = a.where;
  iscc_options_parse(&argp, argc, argv, 0, &a);
  iscc_status status = iscc_query_open(a.database, &db, &error);
  if (!status) {
    if (a.sql || a.question)
      status = answer(db, &a, &error);
    else
      status = a.explain ? explain_overview(stdout) : iscc_overview_write(db, a.database, stdout, &error);
    sqlite3_close(db);
  }
  return status ? iscc_report_failure(argv[0], status, &error) : 0;
}
