/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-answer - what a question yields, as text.
 *
 * A table for people: columns aligned, numbers with 6 digits and to the right, NULL as "-", long texts cut. CSV (RFC 4180, a header line, NULL
 * empty) and JSON lines (an object for each row) for programs: numbers with all their digits, texts whole. Bytes that a terminal would obey, and what is no
 * UTF-8, are shown as \xNN in tables, and in CSV when it goes to a terminal; JSON escapes them itself. A BLOB is its bytes in hex. */
#ifndef ISCC_ANSWER_H
#define ISCC_ANSWER_H

#include <jansson.h>
#include <sqlite3.h>
#include <stdint.h>
#include <stdio.h>

#include "iscc-status.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum { ISCC_ANSWER_TABLE, ISCC_ANSWER_CSV, ISCC_ANSWER_JSONL } iscc_answer_format;

/* Asks on a connection of iscc_query_open() and writes the rows; a write that fails is found by whoever closes out. rows (may be
 * NULL): how many. In memory: the first 1000 rows of a table, which decide on its widths; one row of the others. Status as of iscc-query.h. */
iscc_status iscc_answer_write(sqlite3 *db, const char *sql, iscc_answer_format format, FILE *out,
                              int64_t *rows, iscc_error *error);

/* The same as {"columns": [name, ...], "rows": [[value, ...], ...]}; json_decref() it. At most rows_max rows; "cut": true if there were more. Not finite
 * numbers are null. */
iscc_status iscc_answer_json(sqlite3 *db, const char *sql, int64_t rows_max, json_t **out, iscc_error *error);

#ifdef __cplusplus
}
#endif
#endif
