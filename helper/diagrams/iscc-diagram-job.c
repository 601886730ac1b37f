/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-diagram-job.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "iscc-answer.h"
#include "iscc-number-text.h"
#include "iscc-output-file.h"
#include "iscc-query-name.h"
#include "iscc-safe-text.h"

enum { ROWS_MAX = 10000, VALUE_COLUMNS = 26, TITLE_COLUMNS = 80 };

/* ---- names and conditions ---- */

static iscc_status make_terms(const iscc_diagram_job *job, const char *view, iscc_diagram_terms *t,
                              iscc_error *error) {
  const iscc_diagram_question *q = job->question;
  iscc_status status = ISCC_OK;
  char *where = NULL;
  *t = (iscc_diagram_terms){.view = view, .count = q->by_count ? q->by_count : job->kind->by != NULL};
  for (size_t i = 0; i < t->count && !status; i++) {
    t->name[i] = q->by_count ? q->by[i] : job->kind->by;
    status = iscc_query_name_sql(job->db, view, t->name[i], &t->by[i], error);
  }
  if (!status) status = iscc_query_where_sql(job->db, view, q->where, q->where_count, &where, error);
  if (!status) {
    t->where = sqlite3_mprintf("run_status = 'done'%s%s", *where ? " AND " : "", where);
    if (!t->where) status = iscc_fail(error, ISCC_ENOMEM, "out of memory");
  }
  sqlite3_free(where);
  if (status) iscc_diagram_terms_free(t);
  return status;
}

static bool has_all(const iscc_diagram_job *job, const char *view, const char *other) {
  const iscc_diagram_question *q = job->question;
  return iscc_query_has_names(job->db, view, other, q->by, q->by_count) &&
         iscc_query_has_names(job->db, view, other, q->where, q->where_count);
}

iscc_status iscc_diagram_terms_make(const iscc_diagram_job *job, const char *const *views,
                                    iscc_diagram_terms *terms, iscc_error *error) {
  while (views[1] && !has_all(job, views[0], views[1])) views++;
  return make_terms(job, views[0], terms, error);
}

void iscc_diagram_terms_free(iscc_diagram_terms *t) {
  for (size_t i = 0; i < t->count; i++) sqlite3_free(t->by[i]);
  sqlite3_free(t->where);
  memset(t, 0, sizeof *t);
}

/* ---- rows ---- */

size_t iscc_diagram_rows(const json_t *answer) {
  return json_array_size(json_object_get(answer, "rows"));
}

const json_t *iscc_diagram_value(const json_t *answer, size_t row, size_t column) {
  return json_array_get(json_array_get(json_object_get(answer, "rows"), row), column);
}

double iscc_diagram_number(const json_t *answer, size_t row, size_t column) {
  const json_t *value = iscc_diagram_value(answer, row, column);
  return json_is_number(value) ? json_number_value(value) : (double)NAN;
}

/* After RFC 4180. */
static void write_text(const char *text, FILE *out) {
  if (*text && !strpbrk(text, ",\"\n\r#")) {
    fputs(text, out);
    return;
  }
  putc('"', out);
  for (; *text; text++) fprintf(out, *text == '"' ? "\"\"" : "%c", *text);
  putc('"', out);
}

/* The shortest digits that give the same number. */
static void write_real(double value, FILE *out) {
  char text[32], shortest[ISCC_NUMBER_TEXT_MAX];
  snprintf(text, sizeof text, "%.17g", value);
  fputs(iscc_number_text(text, shortest) ? shortest : text, out);
}

static void write_value(const json_t *value, FILE *out) {
  if (json_is_string(value))
    write_text(json_string_value(value), out);
  else if (json_is_integer(value))
    fprintf(out, "%lld", (long long)json_integer_value(value));
  else if (json_is_real(value))
    write_real(json_real_value(value), out);
}

static void write_row(const json_t *row, FILE *out) {
  for (size_t i = 0; i < json_array_size(row); i++) {
    if (i) putc(',', out);
    write_value(json_array_get(row, i), out);
  }
  putc('\n', out);
}

iscc_status iscc_diagram_keep(const iscc_diagram_job *job, const char *comment, const json_t *answer,
                              iscc_error *error) {
  iscc_output_file file;
  FILE *out = iscc_output_begin(&file, job->csv, error);
  if (!out) return ISCC_EIO;
  fputs("# ", out);
  for (; *comment; comment++) {
    const char letter = *comment == '\r' ? '\n' : *comment;
    putc(letter, out);
    if (letter == '\n') fputs("# ", out);
  }
  putc('\n', out);
  write_row(json_object_get(answer, "columns"), out);
  for (size_t i = 0; i < iscc_diagram_rows(answer); i++)
    write_row(json_array_get(json_object_get(answer, "rows"), i), out);
  job->report->rows = iscc_diagram_rows(answer);
  return iscc_output_end(&file, error);
}

iscc_status iscc_diagram_nothing(const iscc_diagram_job *job, iscc_error *error) {
  return iscc_fail(error, ISCC_EINVAL, "%s: nothing to draw: no tasks of %s%s", job->database,
                   job->kind->of_node ? "that node arrive then" : "runs that are done",
                   job->question->where_count ? " fulfil --where" : "");
}

iscc_status iscc_diagram_ask(const iscc_diagram_job *job, char *sql, json_t **answer, iscc_error *error) {
  *answer = NULL;
  if (!sql) return iscc_fail(error, ISCC_ENOMEM, "out of memory");
  iscc_status status = iscc_answer_json(job->db, sql, ROWS_MAX, answer, error);
  if (!status && json_object_get(*answer, "cut"))
    status = iscc_fail(error, ISCC_EINVAL, "more than %d values to draw; choose with --where", ROWS_MAX);
  if (!status && !iscc_diagram_rows(*answer)) status = iscc_diagram_nothing(job, error);
  if (!status) status = iscc_diagram_keep(job, sql, *answer, error);
  sqlite3_free(sql);
  if (status) {
    json_decref(*answer);
    *answer = NULL;
  }
  return status;
}

/* ---- texts ---- */

void iscc_diagram_plain(const char *text, size_t columns, char label[ISCC_DIAGRAM_LABEL_MAX]) {
  static const struct {
    char sign;
    const char *alike;
  } signs[] = {{'\'', "\u2019"}, {'"', "\u201d"}, {'`', "\u2018"}, {'\\', "\u2216"}};
  char safe[ISCC_DIAGRAM_LABEL_MAX];
  size_t used = 0;
  iscc_safe_text(text, strlen(text), columns, safe, sizeof safe);
  for (const char *c = safe; *c && used + 4 < ISCC_DIAGRAM_LABEL_MAX; c++) {
    const char *alike = NULL;
    for (size_t i = 0; i < sizeof signs / sizeof *signs; i++)
      if (signs[i].sign == *c) alike = signs[i].alike;
    if (alike)
      used += (size_t)snprintf(label + used, ISCC_DIAGRAM_LABEL_MAX - used, "%s", alike);
    else
      label[used++] = *c;
  }
  label[used] = '\0';
}

void iscc_diagram_label(const char *name, const json_t *value, char label[ISCC_DIAGRAM_LABEL_MAX]) {
  char text[2 * ISCC_DIAGRAM_LABEL_MAX], number[ISCC_NUMBER_TEXT_MAX];
  if (json_is_integer(value))
    snprintf(text, sizeof text, "%.60s=%lld", name, (long long)json_integer_value(value));
  else if (json_is_real(value))
    snprintf(text, sizeof text, "%.60s=%.6g", name, json_real_value(value));
  else if (!json_is_string(value))
    snprintf(text, sizeof text, "no %.60s", name);
  else if (iscc_number_text(json_string_value(value), number))
    snprintf(text, sizeof text, "%.60s=%s", name, number);
  else
    snprintf(text, sizeof text, "%s", *json_string_value(value) ? json_string_value(value) : "(empty)");
  iscc_diagram_plain(text, VALUE_COLUMNS, label);
}

void iscc_diagram_title(const iscc_diagram_job *job, const char *title, char label[ISCC_DIAGRAM_LABEL_MAX]) {
  const iscc_diagram_question *q = job->question;
  char text[2 * ISCC_DIAGRAM_LABEL_MAX];
  size_t used = (size_t)snprintf(text, sizeof text, "%s", title);
  for (size_t i = 0; i < q->where_count && used < sizeof text; i++)
    used += (size_t)snprintf(text + used, sizeof text - used, "%s%s", i ? ", " : "; ", q->where[i]);
  iscc_diagram_plain(text, TITLE_COLUMNS, label);
}
