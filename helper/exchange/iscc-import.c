/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-import.h"

#include <errno.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

#include "iscc-database.h"
#include "iscc-row-read.h"
#include "iscc-run-copy.h"
#include "iscc-run-tables.h"
#include "iscc-safe-text.h"
#include "iscc-tally.h"

enum { TABLES = ISCC_RUN_TABLES + 2, COLUMNS_MAX = 64, SHOWN = 80 };

struct iscc_import {
  sqlite3 *db;
  char *path; /* owned */
  bool read[TABLES];
};

static const char *table_name(int i) {
  static const char *const more[] = {"execution", "metric"};
  return i < ISCC_RUN_TABLES ? iscc_run_table[i] : more[i - ISCC_RUN_TABLES];
}

iscc_status iscc_import_open(const char *path, iscc_import **out, iscc_error *error) {
  iscc_import *import = calloc(1, sizeof *import);
  *out = NULL;
  if (import) import->path = strdup(path);
  iscc_status status = import && import->path ? iscc_database_open(path, &import->db, error)
                                              : iscc_fail(error, ISCC_ENOMEM, "out of memory");
  if (!status &&
      iscc_run_copy_sql(import->db, "PRAGMA journal_mode = DELETE; PRAGMA synchronous = OFF; BEGIN"))
    status = iscc_database_fail(import->db, path, "cannot be written", NULL, error);
  if (!status) {
    *out = import;
    return ISCC_OK;
  }
  if (import) {
    sqlite3_close(import->db);
    free(import->path);
  }
  free(import);
  return status;
}

/* ---- one file ---- */

typedef enum { TYPE_INTEGER, TYPE_REAL, TYPE_TEXT } column_type;

typedef struct {
  iscc_import *import;
  const char *path, *table;
  iscc_row_reader *reader;
  sqlite3_stmt *insert;    /* of the columns that the first row has */
  char *name[COLUMNS_MAX]; /* owned */
  column_type type[COLUMNS_MAX];
  size_t count;
  iscc_error *error;
} loading;

static iscc_status wrong(const loading *l, const char *before, const char *text, size_t length,
                         const char *behind) {
  char safe[SHOWN * 4];
  iscc_safe_text(text, length, SHOWN, safe, sizeof safe);
  return iscc_fail(l->error, ISCC_EFORMAT, "%s:%lld: %s'%s'%s", l->path,
                   (long long)iscc_row_reader_line(l->reader), before, safe, behind);
}

/* What SQLite says of a row that breaks a condition of schema.sql. */
static iscc_status refuse_row(const loading *l) {
  const int result = sqlite3_errcode(l->import->db) & 0xff;
  if (result != SQLITE_CONSTRAINT && result != SQLITE_MISMATCH)
    return iscc_database_fail(l->import->db, l->import->path, "cannot be written", NULL, l->error);
  return iscc_fail(l->error, ISCC_EFORMAT, "%s:%lld: %s", l->path, (long long)iscc_row_reader_line(l->reader),
                   sqlite3_errmsg(l->import->db));
}

static iscc_status find_type(loading *l, const iscc_field *field, column_type *type) {
  sqlite3_stmt *ask = NULL;
  bool found = false;
  int result = sqlite3_prepare_v2(l->import->db, "SELECT type FROM pragma_table_info(?) WHERE name = ?", -1,
                                  &ask, NULL);
  if (!result) result = sqlite3_bind_text(ask, 1, l->table, -1, SQLITE_STATIC);
  if (!result) result = sqlite3_bind_text(ask, 2, field->name, -1, SQLITE_STATIC);
  if (!result && sqlite3_step(ask) == SQLITE_ROW) {
    const char *text = (const char *)sqlite3_column_text(ask, 0);
    found = text;
    *type = found && text[0] == 'I' ? TYPE_INTEGER : found && text[0] == 'R' ? TYPE_REAL : TYPE_TEXT;
  }
  sqlite3_finalize(ask);
  return found
             ? ISCC_OK
             : wrong(l, "", field->name, strlen(field->name), " is no column of this table; see README.txt");
}

static iscc_status take_column(loading *l, const iscc_field *field) {
  for (size_t i = 0; i < l->count; i++)
    if (strcmp(l->name[i], field->name) == 0)
      return wrong(l, "column ", field->name, strlen(field->name), " is there twice");
  if (l->count == COLUMNS_MAX) return iscc_fail(l->error, ISCC_EFORMAT, "%s: too many columns", l->path);
  const iscc_status status = find_type(l, field, &l->type[l->count]);
  if (status) return status;
  l->name[l->count] = strdup(field->name);
  return l->name[l->count] ? l->count++, ISCC_OK : iscc_fail(l->error, ISCC_ENOMEM, "out of memory");
}

static iscc_status prepare(loading *l, const iscc_field *fields, size_t count) {
  iscc_status status = ISCC_OK;
  for (size_t i = 0; i < count && !status; i++) status = take_column(l, fields + i);
  if (status) return status;
  sqlite3_str *sql = sqlite3_str_new(l->import->db);
  sqlite3_str_appendf(sql, "INSERT INTO %s (", l->table);
  for (size_t i = 0; i < l->count; i++) sqlite3_str_appendf(sql, "%s\"%w\"", i ? ", " : "", l->name[i]);
  sqlite3_str_appendall(sql, ") VALUES (");
  for (size_t i = 0; i < l->count; i++) sqlite3_str_appendall(sql, i ? ", ?" : "?");
  sqlite3_str_appendall(sql, ")");
  char *text = sqlite3_str_finish(sql);
  if (!text || sqlite3_prepare_v2(l->import->db, text, -1, &l->insert, NULL))
    status = iscc_fail(l->error, ISCC_EFORMAT, "%s: %s", l->path, sqlite3_errmsg(l->import->db));
  sqlite3_free(text);
  return status;
}

/* A text as a number of a column's type; false: it is none. */
static bool bind_number(sqlite3_stmt *insert, int place, column_type type, const iscc_field *field) {
  char *end;
  errno = 0;
  if (!field->length || strchr(" \t\n\r\v\f", field->text[0])) return false;
  if (type == TYPE_INTEGER) {
    const long long value = strtoll(field->text, &end, 10);
    return end == field->text + field->length && !errno && !sqlite3_bind_int64(insert, place, value);
  }
  const bool hex_or_nan = strpbrk(field->text, "xXnN") && !strstr(field->text, "inf");
  const double value = strtod(field->text, &end);
  return end == field->text + field->length && !hex_or_nan && !sqlite3_bind_double(insert, place, value);
}

static iscc_status bind(const loading *l, int place, const char *name, column_type type,
                        const iscc_field *field) {
  char before[64 + SHOWN];
  snprintf(before, sizeof before, "%s: ", name);
  switch (field->kind) {
  case ISCC_FIELD_NULL:
    sqlite3_bind_null(l->insert, place);
    return ISCC_OK;
  case ISCC_FIELD_INTEGER: /* SQLite knows whether the column takes it */
    if (type == TYPE_REAL)
      sqlite3_bind_double(l->insert, place, (double)field->integer);
    else
      sqlite3_bind_int64(l->insert, place, field->integer);
    return ISCC_OK;
  case ISCC_FIELD_REAL:
    sqlite3_bind_double(l->insert, place, field->real);
    return ISCC_OK;
  default:
    break;
  }
  if (type != TYPE_TEXT)
    return bind_number(l->insert, place, type, field)
               ? ISCC_OK
               : wrong(l, before, field->text, field->length,
                       type == TYPE_INTEGER ? " is not a whole number" : " is not a number");
  return sqlite3_bind_text64(l->insert, place, field->text, field->length, SQLITE_STATIC, SQLITE_UTF8)
             ? refuse_row(l)
             : ISCC_OK;
}

static iscc_status insert_row(loading *l, const iscc_field *fields, size_t count) {
  iscc_status status = ISCC_OK;
  if (!l->insert) status = prepare(l, fields, count);
  if (!status && count != l->count)
    status = iscc_fail(l->error, ISCC_EFORMAT, "%s:%lld: has %zu columns; the first row has %zu", l->path,
                       (long long)iscc_row_reader_line(l->reader), count, l->count);
  for (size_t i = 0; i < count && !status; i++) {
    size_t k = i; /* where it was in the first row, most often */
    if (strcmp(l->name[k], fields[i].name) != 0)
      for (k = 0; k < l->count && strcmp(l->name[k], fields[i].name) != 0;) k++;
    status = k < l->count ? bind(l, (int)k + 1, l->name[k], l->type[k], fields + i)
                          : wrong(l, "", fields[i].name, strlen(fields[i].name), " is not in the first row");
  }
  if (!status && sqlite3_step(l->insert) != SQLITE_DONE) status = refuse_row(l);
  sqlite3_reset(l->insert);
  return status;
}

static iscc_status load(loading *l, FILE *file, iscc_row_format format, int64_t *rows) {
  const iscc_field *fields = NULL;
  size_t count;
  iscc_status status = iscc_row_reader_open(file, l->path, format, &l->reader, l->error);
  while (!status && !(status = iscc_row_reader_next(l->reader, &fields, &count, l->error)) && fields) {
    status = insert_row(l, fields, count);
    ++*rows;
  }
  sqlite3_finalize(l->insert);
  iscc_row_reader_close(l->reader);
  for (size_t i = 0; i < l->count; i++) free(l->name[i]);
  return status;
}

/* The table a file is of by its name; TABLES: none. */
static int table_of(const char *path, iscc_row_format *format) {
  const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path, *dot = strrchr(name, '.');
  int found = TABLES;
  for (int f = ISCC_ROWS_CSV; dot && f <= ISCC_ROWS_JSONL; f++) {
    if (strcmp(dot + 1, iscc_row_format_name[f]) != 0) continue;
    *format = (iscc_row_format)f;
    for (int i = 0; i < TABLES; i++)
      if (strlen(table_name(i)) == (size_t)(dot - name) &&
          strncmp(name, table_name(i), (size_t)(dot - name)) == 0)
        found = i;
  }
  return found;
}

iscc_status iscc_import_read(iscc_import *import, const char *path, int64_t *rows, iscc_error *error) {
  iscc_row_format format;
  const int table = table_of(path, &format);
  *rows = 0;
  if (table == TABLES)
    return iscc_fail(
        error, ISCC_EINVAL,
        "%s: is not named as a table (run, node, task, decision, battery, stream, tally, choice, execution, "
        "metric) with .csv or .jsonl; views are not read",
        path);
  if (import->read[table])
    return iscc_fail(error, ISCC_EINVAL, "%s: table %s was read already; give each once", path,
                     table_name(table));
  import->read[table] = true;
  if (table == ISCC_RUN_TABLE_TALLY || table == ISCC_RUN_TABLE_CHOICE) return ISCC_OK;
  FILE *file = fopen(path, "rbe");
  if (!file) return iscc_fail(error, ISCC_EIO, "%s: cannot be read: %s", path, strerror(errno));
  loading l = {.import = import, .path = path, .table = table_name(table), .error = error};
  const iscc_status status = load(&l, file, format, rows);
  fclose(file);
  return status;
}

/* ---- all of them ---- */

static iscc_status check_references(sqlite3 *db, iscc_error *error) {
  sqlite3_stmt *ask = NULL;
  iscc_status status = ISCC_OK;
  int result = sqlite3_prepare_v2(
      db, "SELECT \"table\", parent, count(*) FROM pragma_foreign_key_check GROUP BY 1, 2 LIMIT 1", -1, &ask,
      NULL);
  if (!result) result = sqlite3_step(ask);
  if (result == SQLITE_ROW)
    status =
        iscc_fail(error, ISCC_EFORMAT,
                  "%lld rows of table %s refer to rows of table %s that are in no file; give that table, "
                  "too, with all its rows",
                  (long long)sqlite3_column_int64(ask, 2), (const char *)sqlite3_column_text(ask, 0),
                  (const char *)sqlite3_column_text(ask, 1));
  else if (result != SQLITE_DONE)
    status = iscc_fail(error, ISCC_EIO, "%s", sqlite3_errmsg(db));
  sqlite3_finalize(ask);
  return status;
}

/* Half a run would be another one than the same run whole. */
static iscc_status check_tables(const iscc_import *import, iscc_error *error) {
  for (int i = 0; i < ISCC_RUN_TABLE_TALLY && import->read[ISCC_RUN_TABLE_RUN]; i++)
    if (!import->read[i])
      return iscc_fail(error, ISCC_EINVAL,
                       "table %s is in no file; a run comes with all its tables: run, node, task, decision, "
                       "battery, stream",
                       table_name(i));
  return ISCC_OK;
}

iscc_status iscc_import_close(iscc_import *import, iscc_error *error) {
  if (!import) return ISCC_OK;
  iscc_status status = check_tables(import, error);
  if (!status) status = check_references(import->db, error);
  if (!status && (iscc_tally_add_missing(import->db) || iscc_run_copy_sql(import->db, "COMMIT")))
    status = iscc_database_fail(import->db, import->path, "cannot be written", NULL, error);
  sqlite3_close(import->db);
  free(import->path);
  free(import);
  return status;
}
