/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-row-text - rows as CSV or JSON lines from which the same rows can be made again (iscc-row-read.h).
 *
 * CSV after RFC 4180, a line of names first. A NULL is nothing, an empty text "". Bytes of texts stay as they are, but one that a spreadsheet would take for
 * a formula (=, +, -, @, tab or carriage return first) has a ' before it, and so has one that begins with '.
 * JSON lines: an object for each row, NULL is null; a text that is not UTF-8 is {"hex": "..."}, its bytes.
 * Both: numbers with as many digits as it takes to read the same number; infinite ones are inf and -inf, in JSON as texts. */
#ifndef ISCC_ROW_TEXT_H
#define ISCC_ROW_TEXT_H

#include <sqlite3.h>
#include <stdio.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef enum { ISCC_ROWS_CSV, ISCC_ROWS_JSONL } iscc_row_format;

extern const char *const iscc_row_format_name[]; /* csv, jsonl: on the command line, and how files end */

/* What comes before the rows of a statement. Writes that fail are found by whoever closes out. */
void iscc_row_names_write(sqlite3_stmt *rows, iscc_row_format format, FILE *out);

/* The row that it has stepped to. */
void iscc_row_write(sqlite3_stmt *row, iscc_row_format format, FILE *out);

#ifdef __cplusplus
}
#endif
#endif
