/* SPDX-License-Identifier: GPL-2.0-only */
/* What users ask of a result database (`iscc query`): nothing that they type changes it.
 *
 * The input's first line is a question's name; those after it are its options, as "where NAME=VALUE", "by NAME", "metric NAME" or
 * "baseline VALUE". Or the first line is "sql" and the rest a statement. SQL may take for ever, which its user ends: here it has so
 * many steps. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "iscc-answer.h"
#include "iscc-fuzz-results.h"
#include "iscc-fuzz.h"
#include "iscc-query.h"
#include "iscc-question.h"

enum { STEPS = 200000, VALUE_BYTES = 100000, CONDITIONS = 64, ROWS = 100 };

static int stop(void *ctx) {
  (void)ctx;
  return 1;
}

/* A table goes to a terminal: lines of UTF-8, and nothing that it would obey. */
static void check_table(const char *text) {
  json_t *utf8 = json_string(text);
  ISCC_FUZZ_REQUIRE(utf8);
  json_decref(utf8);
  for (; *text; text++) ISCC_FUZZ_REQUIRE(*text == '\n' || ((unsigned char)*text >= ' ' && *text != 0x7f));
}

static void ask_as_text(sqlite3 *db, const char *sql, iscc_answer_format format) {
  iscc_error error = {""};
  char *text = NULL;
  size_t size = 0;
  FILE *out = open_memstream(&text, &size);
  ISCC_FUZZ_REQUIRE(out);
  const iscc_status status = iscc_answer_write(db, sql, format, out, NULL, &error);
  fclose(out);
  iscc_fuzz_accepted(status, &error);
  if (format == ISCC_ANSWER_TABLE) check_table(text);
  free(text);
}

static void ask_as_json(sqlite3 *db, const char *sql) {
  iscc_error error = {""};
  json_t *answer;
  if (!iscc_fuzz_accepted(iscc_answer_json(db, sql, ROWS, &answer, &error), &error)) return;
  ISCC_FUZZ_REQUIRE(json_array_size(json_object_get(answer, "rows")) <= ROWS);
  json_decref(answer);
}

/* The input's length decides on the form of the answer. */
static void ask(sqlite3 *db, const char *sql, size_t count) {
  if (count % 4 == 3)
    ask_as_json(db, sql);
  else
    ask_as_text(db, sql, (iscc_answer_format)(count % 4));
}

/* The value of a line that begins with a word; NULL: it begins with another. */
static const char *after(const char *line, const char *word) {
  const size_t length = strlen(word);
  return strncmp(line, word, length) == 0 && line[length] == ' ' ? line + length + 1 : NULL;
}

static void take_option(iscc_question_scope *scope, const char **where, const char *line) {
  const char *value;
  if ((value = after(line, "where")) && scope->where_count < CONDITIONS)
    where[scope->where_count++] = value;
  else if ((value = after(line, "by")) && scope->by_count < ISCC_QUESTION_NAMES_MAX)
    scope->by[scope->by_count++] = value;
  else if ((value = after(line, "metric")))
    scope->metric = value;
  else if ((value = after(line, "baseline")))
    scope->baseline = value;
}

/* The SQL that a question comes to is always one that may be asked. */
static void ask_question(sqlite3 *db, const char *name, char *options, size_t count) {
  const iscc_question *question = iscc_question_find(name);
  const char *where[CONDITIONS];
  iscc_question_scope scope = {.where = where, .limit = 20};
  iscc_error error = {""};
  char *sql = NULL;
  if (!question) return;
  for (char *line; (line = strsep(&options, "\n"));) take_option(&scope, where, line);
  if (!iscc_fuzz_accepted(iscc_question_sql(question, db, &scope, &sql, &error), &error)) return;
  sqlite3_stmt *statement;
  ISCC_FUZZ_REQUIRE(iscc_query_prepare(db, sql, &statement, &error) == ISCC_OK);
  sqlite3_finalize(statement);
  ask(db, sql, count);
  sqlite3_free(sql);
}

/* One connection for all inputs: to open it takes longer than to ask. */
static sqlite3 *open_results(void) {
  sqlite3 *db;
  iscc_error error = {""};
  iscc_fuzz_results_make();
  ISCC_FUZZ_REQUIRE(iscc_fuzz_accepted(iscc_query_open(ISCC_FUZZ_RESULTS, &db, &error), &error));
  sqlite3_limit(db, SQLITE_LIMIT_LENGTH, VALUE_BYTES);
  sqlite3_progress_handler(db, STEPS, stop, NULL);
  return db;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count) {
  static sqlite3 *db;
  if (!db) db = open_results();
  char *text = iscc_fuzz_text(bytes, count), *rest = text;
  const char *first = strsep(&rest, "\n");
  if (strcmp(first, "sql") == 0)
    ask(db, rest ? rest : "", count);
  else
    ask_question(db, first, rest, count);
  iscc_fuzz_results_check();
  free(text);
  return 0;
}
