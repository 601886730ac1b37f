/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-query - opens a result database for questions, also of people who must not change it, and also one that strangers made.
 *
 * On such a connection statements can read and nothing else: no write, no other file, no extension, no change of settings. There are the
 * functions of iscc-sqlite-functions.h, and the views of schema.sql as this version has them, whatever views of that name the file has.
 * All answers of a connection are of one moment, that of the first: what others add meanwhile is not seen. Whoever writes into a database whose journal
 * mode is not WAL waits until it is closed.
 *
 * An older database is read as one of this version; the file stays as it is. */
#ifndef ISCC_QUERY_H
#define ISCC_QUERY_H

#include <sqlite3.h>
#include <stdbool.h>

#include "iscc-status.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Close with sqlite3_close(). ISCC_EFORMAT: no result database, damaged at its first pages, or newer. ISCC_EIO. */
iscc_status iscc_query_open(const char *path, sqlite3 **out, iscc_error *error);

/* Prepares one statement that reads; the caller finalizes it. ISCC_EINVAL: it is not SQL, none at all, more than one statement, or it would do more than
 * read; the text says which. */
iscc_status iscc_query_prepare(sqlite3 *db, const char *sql, sqlite3_stmt **out, iscc_error *error);

/* The next row; *row: whether there was one. ISCC_EFORMAT: the file is damaged. ISCC_EINVAL: what was asked cannot be computed. */
iscc_status iscc_query_step(sqlite3 *db, sqlite3_stmt *statement, bool *row, iscc_error *error);

#ifdef __cplusplus
}
#endif
#endif
