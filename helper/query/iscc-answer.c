/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-answer.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "iscc-json-text.h"
#include "iscc-query.h"
#include "iscc-safe-text.h"

/* ---- values ---- */

static json_t *value_json(sqlite3_stmt *row, int column) {
  switch (sqlite3_column_type(row, column)) {
  case SQLITE_INTEGER:
    return json_integer(sqlite3_column_int64(row, column));
  case SQLITE_FLOAT:
    return isfinite(sqlite3_column_double(row, column)) ? json_real(sqlite3_column_double(row, column))
                                                        : json_null();
  case SQLITE_NULL:
    return json_null();
  default:
    break;
  }
  const char *bytes = sqlite3_column_blob(row, column);
  const size_t count = (size_t)sqlite3_column_bytes(row, column);
  json_t *text =
      sqlite3_column_type(row, column) == SQLITE_TEXT ? json_stringn(bytes ? bytes : "", count) : NULL;
  if (text) return text;
  char *hex = malloc(2 * count + 1); /* a BLOB, or what is no UTF-8 */
  if (!hex) return NULL;
  hex[0] = '\0';
  for (size_t i = 0; i < count; i++) snprintf(hex + 2 * i, 3, "%02x", (unsigned char)bytes[i]);
  text = json_string(hex);
  free(hex);
  return text;
}

/* The shortest digits that give the same number, for programs. */
static void write_real(double value, FILE *out) {
  char text[32];
  for (int digits = 15; digits <= 17; digits++) {
    snprintf(text, sizeof text, "%.*g", digits, value);
    if (strtod(text, NULL) == value) break;
  }
  fputs(text, out);
}

/* ---- a table ---- */

enum { WIDTH_ROWS = 1000, CELL_COLUMNS = 60, CELL_BYTES = 4 * CELL_COLUMNS + 4 };

typedef struct {
  char *text;   /* owned */
  size_t width; /* columns on a terminal */
  bool number;
} cell;

typedef struct {
  int columns;
  cell *cells; /* WIDTH_ROWS rows, after one of names */
  size_t rows, room;
  size_t *width;
  bool *number; /* of each column: all values are */
} table;

static bool put_cell(cell *c, const char *text, size_t bytes) {
  char safe[CELL_BYTES];
  c->width = iscc_safe_text(text, bytes, CELL_COLUMNS, safe, sizeof safe);
  c->text = strdup(safe);
  return c->text;
}

static bool cell_of(cell *c, sqlite3_stmt *row, int column) {
  char number[32];
  switch (sqlite3_column_type(row, column)) {
  case SQLITE_NULL:
    c->number = true;
    return put_cell(c, "-", 1);
  case SQLITE_FLOAT:
    snprintf(number, sizeof number, "%.6g", sqlite3_column_double(row, column));
    c->number = true;
    return put_cell(c, number, strlen(number));
  case SQLITE_BLOB: {
    json_t *hex = value_json(row, column);
    const bool put = hex && put_cell(c, json_string_value(hex), json_string_length(hex));
    json_decref(hex);
    return put;
  }
  default:
    c->number = sqlite3_column_type(row, column) == SQLITE_INTEGER;
    return put_cell(c, (const char *)sqlite3_column_text(row, column),
                    (size_t)sqlite3_column_bytes(row, column));
  }
}

static void free_table(table *t) {
  for (size_t i = 0; i < (t->rows + 1) * (size_t)t->columns && t->cells; i++) free(t->cells[i].text);
  free(t->cells);
  free(t->width);
  free(t->number);
}

static iscc_status begin_table(table *t, sqlite3_stmt *names) {
  t->columns = sqlite3_column_count(names);
  const size_t columns = (size_t)t->columns;
  t->cells = calloc((WIDTH_ROWS + 1) * columns, sizeof *t->cells);
  t->width = calloc(columns, sizeof *t->width);
  t->number = malloc(columns * sizeof *t->number);
  if (!t->cells || !t->width || !t->number) return ISCC_ENOMEM;
  for (int i = 0; i < t->columns; i++) {
    const char *name = sqlite3_column_name(names, i);
    if (!name || !put_cell(&t->cells[i], name, strlen(name))) return ISCC_ENOMEM;
    t->width[i] = t->cells[i].width;
    t->number[i] = true;
  }
  return ISCC_OK;
}

static void print_cells(const table *t, const cell *cells, FILE *out) {
  for (int i = 0; i < t->columns; i++) {
    const int pad = t->width[i] > cells[i].width ? (int)(t->width[i] - cells[i].width) : 0;
    const bool last = i + 1 == t->columns;
    if (i) fputs("  ", out);
    if (t->number[i])
      fprintf(out, "%*s%s", pad, "", cells[i].text);
    else
      fprintf(out, "%s%*s", cells[i].text, last ? 0 : pad, "");
  }
  fputc('\n', out);
}

/* Names and the rows that are held. */
static void print_held(table *t, FILE *out) {
  print_cells(t, t->cells, out);
  for (int i = 0; i < t->columns; i++) {
    if (i) fputs("  ", out);
    for (size_t k = 0; k < t->width[i]; k++) fputc('-', out);
  }
  fputc('\n', out);
  for (size_t r = 1; r <= t->rows; r++) print_cells(t, t->cells + r * (size_t)t->columns, out);
}

static iscc_status hold_row(table *t, sqlite3_stmt *row) {
  cell *cells = t->cells + ++t->rows * (size_t)t->columns;
  for (int i = 0; i < t->columns; i++) {
    if (!cell_of(&cells[i], row, i)) return ISCC_ENOMEM;
    if (cells[i].width > t->width[i]) t->width[i] = cells[i].width;
    t->number[i] &= cells[i].number;
  }
  return ISCC_OK;
}

static iscc_status print_row(const table *t, sqlite3_stmt *row, FILE *out) {
  cell *cells = calloc((size_t)t->columns, sizeof *cells);
  bool whole = cells;
  for (int i = 0; i < t->columns && whole; i++) whole = cell_of(&cells[i], row, i);
  if (whole) print_cells(t, cells, out);
  for (int i = 0; i < t->columns && cells; i++) free(cells[i].text);
  free(cells);
  return whole ? ISCC_OK : ISCC_ENOMEM;
}

static iscc_status write_table(sqlite3 *db, sqlite3_stmt *ask, FILE *out, int64_t *rows, iscc_error *error) {
  table t = {0};
  bool row = true;
  iscc_status status = begin_table(&t, ask) ? iscc_fail(error, ISCC_ENOMEM, "out of memory") : ISCC_OK;
  while (!status && !(status = iscc_query_step(db, ask, &row, error)) && row) {
    ++*rows;
    if (*rows == WIDTH_ROWS + 1) print_held(&t, out);
    if (*rows <= WIDTH_ROWS ? hold_row(&t, ask) : print_row(&t, ask, out))
      status = iscc_fail(error, ISCC_ENOMEM, "out of memory");
  }
  if (!status && *rows <= WIDTH_ROWS) print_held(&t, out);
  free_table(&t);
  return status;
}

/* ---- CSV ---- */

static void write_field(const char *text, size_t bytes, bool terminal, FILE *out) {
  char *safe = NULL;
  if (terminal) {
    const size_t room = 4 * bytes + 4;
    safe = malloc(room);
    if (safe) iscc_safe_text(text, bytes, 0, safe, room);
    text = safe ? safe : "";
    bytes = strlen(text);
  }
  bool quoted = bytes == 0;
  for (size_t i = 0; i < bytes; i++)
    quoted |= text[i] == ',' || text[i] == '"' || text[i] == '\n' || text[i] == '\r';
  if (quoted) fputc('"', out);
  for (size_t i = 0; i < bytes; i++) {
    if (text[i] == '"') fputc('"', out);
    fputc(text[i], out);
  }
  if (quoted) fputc('"', out);
  free(safe);
}

static void write_csv_value(sqlite3_stmt *row, int column, bool terminal, FILE *out) {
  switch (sqlite3_column_type(row, column)) {
  case SQLITE_NULL:
    return;
  case SQLITE_FLOAT:
    write_real(sqlite3_column_double(row, column), out);
    return;
  case SQLITE_BLOB: {
    const unsigned char *bytes = sqlite3_column_blob(row, column);
    for (int i = 0; i < sqlite3_column_bytes(row, column); i++) fprintf(out, "%02x", bytes[i]);
    return;
  }
  default:
    write_field((const char *)sqlite3_column_text(row, column), (size_t)sqlite3_column_bytes(row, column),
                terminal, out);
  }
}

static iscc_status write_csv(sqlite3 *db, sqlite3_stmt *ask, FILE *out, int64_t *rows, iscc_error *error) {
  const int columns = sqlite3_column_count(ask);
  const bool terminal = isatty(fileno(out));
  bool row = true;
  iscc_status status = ISCC_OK;
  for (int i = 0; i < columns; i++) {
    const char *name = sqlite3_column_name(ask, i);
    if (i) fputc(',', out);
    write_field(name ? name : "", name ? strlen(name) : 0, terminal, out);
  }
  fputs("\r\n", out);
  while (!(status = iscc_query_step(db, ask, &row, error)) && row) {
    ++*rows;
    for (int i = 0; i < columns; i++) {
      if (i) fputc(',', out);
      write_csv_value(ask, i, terminal, out);
    }
    fputs("\r\n", out);
  }
  return status;
}

/* ---- JSON ---- */

/* An object has each name once. */
static iscc_status check_names(sqlite3_stmt *ask, iscc_error *error) {
  for (int i = 0; i < sqlite3_column_count(ask); i++)
    for (int k = 0; k < i; k++)
      if (strcmp(sqlite3_column_name(ask, i), sqlite3_column_name(ask, k)) == 0)
        return iscc_fail(error, ISCC_EINVAL,
                         "SQL: two columns are named '%s'; name them with AS, or ask for CSV",
                         sqlite3_column_name(ask, i));
  return ISCC_OK;
}

static iscc_status write_jsonl(sqlite3 *db, sqlite3_stmt *ask, FILE *out, int64_t *rows, iscc_error *error) {
  bool row = true;
  iscc_status status = check_names(ask, error);
  while (!status && !(status = iscc_query_step(db, ask, &row, error)) && row) {
    json_t *object = json_object();
    ++*rows;
    for (int i = 0; i < sqlite3_column_count(ask); i++)
      json_object_set_new(object, sqlite3_column_name(ask, i), value_json(ask, i));
    char *text = iscc_json_text(object);
    if (text)
      fprintf(out, "%s\n", text);
    else
      status = iscc_fail(error, ISCC_ENOMEM, "out of memory");
    free(text);
    json_decref(object);
  }
  return status;
}

iscc_status iscc_answer_json(sqlite3 *db, const char *sql, int64_t rows_max, json_t **out,
                             iscc_error *error) {
  sqlite3_stmt *ask;
  bool row = true;
  *out = NULL;
  iscc_status status = iscc_query_prepare(db, sql, &ask, error);
  if (status) return status;
  json_t *columns = json_array(), *rows = json_array();
  for (int i = 0; i < sqlite3_column_count(ask); i++)
    json_array_append_new(columns, json_string(sqlite3_column_name(ask, i)));
  while (!(status = iscc_query_step(db, ask, &row, error)) && row &&
         (int64_t)json_array_size(rows) < rows_max) {
    json_t *values = json_array();
    for (int i = 0; i < sqlite3_column_count(ask); i++) json_array_append_new(values, value_json(ask, i));
    json_array_append_new(rows, values);
  }
  sqlite3_finalize(ask);
  *out = json_pack("{s:o, s:o}", "columns", columns, "rows", rows);
  if (*out && !status && row) json_object_set_new(*out, "cut", json_true());
  if (!status && !*out) status = iscc_fail(error, ISCC_ENOMEM, "out of memory");
  if (status) json_decref(*out), *out = NULL;
  return status;
}

iscc_status iscc_answer_write(sqlite3 *db, const char *sql, iscc_answer_format format, FILE *out,
                              int64_t *rows, iscc_error *error) {
  static iscc_status (*const write[])(sqlite3 *, sqlite3_stmt *, FILE *, int64_t *, iscc_error *) = {
      [ISCC_ANSWER_TABLE] = write_table, [ISCC_ANSWER_CSV] = write_csv, [ISCC_ANSWER_JSONL] = write_jsonl};
  sqlite3_stmt *ask;
  int64_t count = 0;
  iscc_status status = iscc_query_prepare(db, sql, &ask, error);
  if (status) return status;
  status = write[format](db, ask, out, &count, error);
  sqlite3_finalize(ask);
  if (rows) *rows = count;
  return status;
}
