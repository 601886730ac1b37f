/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-row-text.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

const char *const iscc_row_format_name[] = {[ISCC_ROWS_CSV] = "csv", [ISCC_ROWS_JSONL] = "jsonl"};

static void put(char c, FILE *out) {
  putc_unlocked(c, out); /* the row has the lock */
}

/* The fewest digits that read as the same number. */
static void put_real(double value, FILE *out) {
  char text[32];
  for (int digits = 15; digits <= 17; digits++) {
    snprintf(text, sizeof text, "%.*g", digits, value);
    if (strtod(text, NULL) == value) break;
  }
  fputs(text, out);
}

static void put_hex(const unsigned char *bytes, size_t count, FILE *out) {
  for (size_t i = 0; i < count; i++) fprintf(out, "%02x", bytes[i]);
}

/* ---- CSV ---- */

static void put_csv_text(const char *text, size_t count, FILE *out) {
  const bool marked = count && strchr("=+-@\t\r'", text[0]) && text[0];
  bool quoted = count == 0 || text[0] == ' ' || text[count - 1] == ' ';
  for (size_t i = 0; i < count && !quoted; i++)
    quoted = text[i] == ',' || text[i] == '"' || text[i] == '\n' || text[i] == '\r' || text[i] == '\0';
  if (quoted) put('"', out);
  if (marked) put('\'', out);
  for (size_t i = 0; i < count; i++) {
    if (text[i] == '"') put('"', out);
    put(text[i], out);
  }
  if (quoted) put('"', out);
}

static void put_csv(sqlite3_stmt *row, int i, FILE *out) {
  switch (sqlite3_column_type(row, i)) {
  case SQLITE_NULL:
    return;
  case SQLITE_FLOAT:
    put_real(sqlite3_column_double(row, i), out);
    return;
  case SQLITE_INTEGER:
    fprintf(out, "%lld", (long long)sqlite3_column_int64(row, i));
    return;
  case SQLITE_BLOB:
    put_hex(sqlite3_column_blob(row, i), (size_t)sqlite3_column_bytes(row, i), out);
    return;
  default: {
    const char *text = (const char *)sqlite3_column_text(row, i);
    put_csv_text(text ? text : "", (size_t)sqlite3_column_bytes(row, i), out);
  }
  }
}

/* ---- JSON ---- */

/* Bytes of the character that begins here; 0: it is not UTF-8. */
static size_t utf8_length(const unsigned char *c, size_t left) {
  static const unsigned least[] = {0, 0, 0x80, 0x800, 0x10000};
  const size_t length = c[0] < 0x80 ? 1 : c[0] >> 5 == 6 ? 2 : c[0] >> 4 == 14 ? 3 : c[0] >> 3 == 30 ? 4 : 0;
  if (length == 0 || length > left) return 0;
  unsigned code = length == 1 ? c[0] : c[0] & (0xffU >> (length + 1));
  for (size_t i = 1; i < length; i++) {
    if (c[i] >> 6 != 2) return 0;
    code = code << 6 | (c[i] & 0x3fU);
  }
  return code < least[length] || code > 0x10ffff || (code >= 0xd800 && code < 0xe000) ? 0 : length;
}

static bool is_utf8(const unsigned char *text, size_t count) {
  for (size_t i = 0, length; i < count; i += length)
    if ((length = utf8_length(text + i, count - i)) == 0) return false;
  return true;
}

static void put_json_text(const char *text, size_t count, FILE *out) {
  put('"', out);
  for (size_t i = 0; i < count; i++) {
    const unsigned char c = (unsigned char)text[i];
    if (c < ' ' || c == 0x7f) {
      fprintf(out, "\\u%04x", c);
      continue;
    }
    if (c == '"' || c == '\\') put('\\', out);
    put((char)c, out);
  }
  put('"', out);
}

static void put_json(sqlite3_stmt *row, int i, FILE *out) {
  const int type = sqlite3_column_type(row, i);
  const double real = type == SQLITE_FLOAT ? sqlite3_column_double(row, i) : 0;
  if (type == SQLITE_NULL) {
    fputs("null", out);
  } else if (type == SQLITE_INTEGER) {
    fprintf(out, "%lld", (long long)sqlite3_column_int64(row, i));
  } else if (type == SQLITE_FLOAT && isfinite(real)) {
    put_real(real, out);
  } else if (type == SQLITE_FLOAT) {
    fputs(real < 0 ? "\"-inf\"" : "\"inf\"", out);
  } else {
    const unsigned char *bytes = sqlite3_column_blob(row, i);
    const size_t count = (size_t)sqlite3_column_bytes(row, i);
    if (type == SQLITE_TEXT && is_utf8(bytes, count)) {
      put_json_text((const char *)bytes, count, out);
      return;
    }
    fputs("{\"hex\":\"", out);
    put_hex(bytes, count, out);
    fputs("\"}", out);
  }
}

/* ---- rows ---- */

void iscc_row_names_write(sqlite3_stmt *rows, iscc_row_format format, FILE *out) {
  if (format != ISCC_ROWS_CSV) return;
  flockfile(out);
  for (int i = 0; i < sqlite3_column_count(rows); i++) {
    const char *name = sqlite3_column_name(rows, i);
    if (i) put(',', out);
    put_csv_text(name ? name : "", name ? strlen(name) : 0, out);
  }
  fputs("\r\n", out);
  funlockfile(out);
}

void iscc_row_write(sqlite3_stmt *row, iscc_row_format format, FILE *out) {
  flockfile(out);
  for (int i = 0; i < sqlite3_column_count(row); i++) {
    const char *name = sqlite3_column_name(row, i);
    if (i) put(',', out);
    if (format == ISCC_ROWS_CSV) {
      put_csv(row, i, out);
      continue;
    }
    if (!i) put('{', out);
    put_json_text(name ? name : "", name ? strlen(name) : 0, out);
    put(':', out);
    put_json(row, i, out);
  }
  fputs(format == ISCC_ROWS_CSV ? "\r\n" : "}\n", out);
  funlockfile(out);
}
