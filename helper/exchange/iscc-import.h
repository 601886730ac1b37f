/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-import - a result database from tables in CSV or JSON lines (iscc-row-text.h).
 *
 * The tables make a database of their own, in which all conditions of schema.sql hold and all references are kept; then it is merged
 * (iscc-merge.h): runs get numbers of their own there, and what is there already is not added again. */
#ifndef ISCC_IMPORT_H
#define ISCC_IMPORT_H

#include "iscc-merge.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct iscc_import iscc_import;

/* A new, empty database at path, which must not be there. What is read is not safe from a power failure. */
iscc_status iscc_import_open(const char *path, iscc_import **out, iscc_error *error);

/* Reads one file. Its name is that of a table with .csv or .jsonl; columns may be in any order, and those that may be NULL or have a default may be left out.
 * Tables tally and choice are passed over, as they are made of the rest. ISCC_EINVAL: the name is of no table, or of one that was read before. ISCC_EFORMAT: a row is not
 * as it should be; the text begins with file and line. *rows: how many were read. */
iscc_status iscc_import_read(iscc_import *import, const char *path, int64_t *rows, iscc_error *error);

/* After the last: whether the rows belong together. Closes in any case; the caller removes the file. ISCC_EFORMAT: something refers to what
 * is in no file. */
iscc_status iscc_import_close(iscc_import *import, iscc_error *error);

#ifdef __cplusplus
}
#endif
#endif
