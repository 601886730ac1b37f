/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-row-read - reads rows as iscc-row-text.h writes them, one at a time.
 *
 * CSV: lines end with LF or CRLF; a field may be quoted and then holds any bytes. JSON lines: each line an object of numbers, texts and null; empty lines
 * are passed over. A row may have 64 MiB. */
#ifndef ISCC_ROW_READ_H
#define ISCC_ROW_READ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "iscc-row-text.h"
#include "iscc-status.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum { ISCC_FIELD_NULL, ISCC_FIELD_TEXT, ISCC_FIELD_INTEGER, ISCC_FIELD_REAL } iscc_field_kind;

typedef struct {
  const char *name;
  iscc_field_kind kind; /* CSV: NULL or TEXT, without the mark before formulas */
  const char *text;     /* with a zero behind it, which length does not count */
  size_t length;
  int64_t integer;
  double real;
} iscc_field;

typedef struct iscc_row_reader iscc_row_reader;

/* file: borrowed until the reader is closed. name: of the file, for what is said; borrowed too. */
iscc_status iscc_row_reader_open(FILE *file, const char *name, iscc_row_format format, iscc_row_reader **out,
                                 iscc_error *error);
void iscc_row_reader_close(iscc_row_reader *reader); /* NULL is fine */

/* The next row, its fields valid until the next call; *fields NULL: there is none. ISCC_EFORMAT: it is not of that form, the text begins with
 * file and line; ISCC_EIO. */
iscc_status iscc_row_reader_next(iscc_row_reader *reader, const iscc_field **fields, size_t *count,
                                 iscc_error *error);

/* Where the last row begins, 1... */
int64_t iscc_row_reader_line(const iscc_row_reader *reader);

#ifdef __cplusplus
}
#endif
#endif
