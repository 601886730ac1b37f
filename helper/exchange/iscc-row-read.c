/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-row-read.h"

#include <errno.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "iscc-safe-text.h"

enum { ROW_BYTES_MAX = 64 << 20, SHOWN = 200 };

struct iscc_row_reader {
  FILE *file;
  const char *name;
  iscc_row_format format;
  int64_t line, lines; /* where the row begins; how many are read */
  char *bytes;         /* of the row, owned */
  size_t used, room;
  iscc_field *fields;
  size_t count, fields_room;
  char **columns; /* of CSV, owned */
  size_t column_count;
  json_t *object; /* of JSON lines */
};

static iscc_status no_memory(iscc_error *error) {
  return iscc_fail(error, ISCC_ENOMEM, "out of memory");
}

static iscc_status wrong(const iscc_row_reader *r, const char *what, iscc_error *error) {
  char safe[SHOWN];
  iscc_safe_text(what, strlen(what), 0, safe, sizeof safe);
  return iscc_fail(error, ISCC_EFORMAT, "%s:%lld: %s", r->name, (long long)r->line, safe);
}

static iscc_status put(iscc_row_reader *r, char c, iscc_error *error) {
  if (r->used == r->room) {
    if (r->room >= ROW_BYTES_MAX) return wrong(r, "a row of more than 64 MiB; is a quote not closed?", error);
    char *more = realloc(r->bytes, r->room ? 2 * r->room : 4096);
    if (!more) return no_memory(error);
    r->bytes = more;
    r->room = r->room ? 2 * r->room : 4096;
  }
  r->bytes[r->used++] = c;
  return ISCC_OK;
}

static iscc_status add_field(iscc_row_reader *r, iscc_field field, iscc_error *error) {
  if (r->count == r->fields_room) {
    const size_t room = 2 * r->fields_room + 16;
    iscc_field *more = realloc(r->fields, room * sizeof *more);
    if (!more) return no_memory(error);
    r->fields = more;
    r->fields_room = room;
  }
  r->fields[r->count++] = field;
  return ISCC_OK;
}

static iscc_status check_read(const iscc_row_reader *r, iscc_error *error) {
  const int reason = errno;
  return ferror(r->file) ? iscc_fail(error, ISCC_EIO, "%s: cannot be read: %s", r->name, strerror(reason))
                         : ISCC_OK;
}

/* ---- CSV ---- */

/* After a quote: the bytes up to the one that closes it. */
static iscc_status read_quoted(iscc_row_reader *r, iscc_error *error) {
  iscc_status status = ISCC_OK;
  for (int c; !status;) {
    c = getc_unlocked(r->file);
    if (c == EOF) return ferror(r->file) ? check_read(r, error) : wrong(r, "a quote is not closed", error);
    if (c == '"') {
      if ((c = getc_unlocked(r->file)) != '"') {
        ungetc(c, r->file);
        return ISCC_OK;
      }
    }
    r->lines += c == '\n';
    status = put(r, (char)c, error);
  }
  return status;
}

/* One field; *end: what comes behind it, a comma, a newline or EOF. Text offsets are turned into pointers when the row is whole. */
static iscc_status read_csv_field(iscc_row_reader *r, int *end, iscc_error *error) {
  const size_t begin = r->used;
  iscc_status status = ISCC_OK;
  int c = getc_unlocked(r->file);
  const bool quoted = c == '"';
  if (quoted && (status = read_quoted(r, error)) == ISCC_OK) c = getc_unlocked(r->file);
  for (; !status && c != ',' && c != '\n' && c != EOF; c = getc_unlocked(r->file)) {
    if (c == '\r') {
      const int next = getc_unlocked(r->file);
      ungetc(next, r->file);
      if (next == '\n' || next == EOF) continue;
    }
    if (quoted || c == '"')
      status = wrong(r, "a quote within a field that is not quoted, or text behind one", error);
    if (!status) status = put(r, (char)c, error);
  }
  r->lines += c == '\n';
  *end = c;
  const bool marked = r->used > begin && r->bytes[begin] == '\'';
  const iscc_field field = {.kind = quoted || r->used > begin ? ISCC_FIELD_TEXT : ISCC_FIELD_NULL,
                            .integer = (int64_t)(begin + marked),
                            .length = r->used - begin - marked};
  if (!status) status = put(r, '\0', error);
  return status ? status : add_field(r, field, error);
}

/* *there: there is one. */
static iscc_status read_csv_row(iscc_row_reader *r, bool *there, iscc_error *error) {
  int c = getc_unlocked(r->file);
  iscc_status status;
  *there = c != EOF;
  ungetc(c, r->file);
  if (!*there) return check_read(r, error);
  do status = read_csv_field(r, &c, error);
  while (!status && c == ',');
  for (size_t i = 0; i < r->count; i++) r->fields[i].text = r->bytes + r->fields[i].integer;
  return status ? status : check_read(r, error);
}

static iscc_status read_columns(iscc_row_reader *r, iscc_error *error) {
  bool there;
  iscc_status status = read_csv_row(r, &there, error);
  if (status) return status;
  if (!there) return wrong(r, "is empty; names of columns are wanted in the first line", error);
  r->columns = calloc(r->count, sizeof *r->columns);
  if (!r->columns) return no_memory(error);
  for (; r->column_count < r->count; r->column_count++) {
    r->columns[r->column_count] = strdup(r->fields[r->column_count].text);
    if (!r->columns[r->column_count]) return no_memory(error);
  }
  return ISCC_OK;
}

static iscc_status next_csv(iscc_row_reader *r, bool *there, iscc_error *error) {
  char what[96];
  iscc_status status = read_csv_row(r, there, error);
  if (status || !*there) return status;
  if (r->count != r->column_count) {
    snprintf(what, sizeof what, "has %zu fields; the first line has %zu", r->count, r->column_count);
    return wrong(r, what, error);
  }
  for (size_t i = 0; i < r->count; i++) r->fields[i].name = r->columns[i];
  return ISCC_OK;
}

/* ---- JSON lines ---- */

static int hex_digit(char c) {
  static const char digits[] = "0123456789abcdef";
  const char *at = c ? strchr(digits, c) : NULL;
  return at ? (int)(at - digits) : -1;
}

/* {"hex": ...}: its bytes are put in the place of the line's, which were more and are read. */
static iscc_status take_hex(iscc_row_reader *r, const json_t *value, iscc_field *field, iscc_error *error) {
  const json_t *text = json_object_get(value, "hex");
  const char *hex = json_string_value(text);
  const size_t digits = hex ? json_string_length(text) : 1, begin = r->used;
  iscc_status status = ISCC_OK;
  if (digits % 2 || json_object_size(value) != 1)
    return wrong(r, "an object that is not {\"hex\": bytes}", error);
  for (size_t i = 0; i < digits && !status; i += 2) {
    const int high = hex_digit(hex[i]), low = hex_digit(hex[i + 1]);
    if (high < 0 || low < 0) return wrong(r, "\"hex\" is not of digits 0-9 and a-f", error);
    status = put(r, (char)(16 * high + low), error);
  }
  if (!status) status = put(r, '\0', error);
  field->kind = ISCC_FIELD_TEXT;
  field->text = r->bytes + begin;
  field->length = digits / 2;
  return status;
}

static iscc_status take_value(iscc_row_reader *r, const char *name, const json_t *value, iscc_error *error) {
  iscc_field field = {.name = name};
  iscc_status status = ISCC_OK;
  switch (json_typeof(value)) {
  case JSON_NULL:
    break;
  case JSON_INTEGER:
    field.kind = ISCC_FIELD_INTEGER;
    field.integer = json_integer_value(value);
    break;
  case JSON_REAL:
    field.kind = ISCC_FIELD_REAL;
    field.real = json_real_value(value);
    break;
  case JSON_STRING:
    field.kind = ISCC_FIELD_TEXT;
    field.text = json_string_value(value);
    field.length = json_string_length(value);
    break;
  case JSON_OBJECT:
    status = take_hex(r, value, &field, error);
    break;
  default:
    status = wrong(r, "holds true, false or a list; numbers, texts and null are wanted", error);
  }
  return status ? status : add_field(r, field, error);
}

static iscc_status read_line(iscc_row_reader *r, bool *there, iscc_error *error) {
  iscc_status status = ISCC_OK;
  int c = EOF;
  r->used = 0;
  while (!status && (c = getc_unlocked(r->file)) != EOF && c != '\n') status = put(r, (char)c, error);
  r->lines += c == '\n';
  *there = r->used || c != EOF;
  return status ? status : check_read(r, error);
}

static bool is_blank(const iscc_row_reader *r) {
  size_t i = 0;
  while (i < r->used && strchr(" \t\r", r->bytes[i]) && r->bytes[i]) i++;
  return i == r->used;
}

static iscc_status next_json(iscc_row_reader *r, bool *there, iscc_error *error) {
  json_error_t why;
  const char *key;
  json_t *value;
  iscc_status status = ISCC_OK;
  char what[sizeof why.text + 32];
  do {
    r->line = r->lines + 1;
    status = read_line(r, there, error);
  } while (!status && *there && is_blank(r));
  if (status || !*there) return status;
  r->object = json_loadb(r->bytes, r->used, JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL, &why);
  r->used = 0;
  if (!json_is_object(r->object)) {
    snprintf(what, sizeof what, "is no JSON object%s%s", r->object ? "" : ": ", r->object ? "" : why.text);
    return wrong(r, what, error);
  }
  json_object_foreach(r->object, key, value) {
    status = take_value(r, key, value, error);
    if (status) return status;
  }
  return ISCC_OK;
}

/* ---- both ---- */

iscc_status iscc_row_reader_open(FILE *file, const char *name, iscc_row_format format, iscc_row_reader **out,
                                 iscc_error *error) {
  iscc_row_reader *r = malloc(sizeof *r);
  *out = NULL;
  if (!r) return no_memory(error);
  *r = (iscc_row_reader){.file = file, .name = name, .format = format, .line = 1};
  const iscc_status status = format == ISCC_ROWS_CSV ? read_columns(r, error) : ISCC_OK;
  if (status)
    iscc_row_reader_close(r);
  else
    *out = r;
  return status;
}

void iscc_row_reader_close(iscc_row_reader *r) {
  if (!r) return;
  for (size_t i = 0; i < r->column_count; i++) free(r->columns[i]);
  free(r->columns);
  free(r->fields);
  free(r->bytes);
  json_decref(r->object);
  free(r);
}

iscc_status iscc_row_reader_next(iscc_row_reader *r, const iscc_field **fields, size_t *count,
                                 iscc_error *error) {
  bool there;
  r->used = r->count = 0;
  r->line = r->lines + 1;
  json_decref(r->object);
  r->object = NULL;
  const iscc_status status =
      r->format == ISCC_ROWS_CSV ? next_csv(r, &there, error) : next_json(r, &there, error);
  *fields = !status && there ? r->fields : NULL;
  *count = *fields ? r->count : 0;
  return status;
}

int64_t iscc_row_reader_line(const iscc_row_reader *r) {
  return r->line;
}
