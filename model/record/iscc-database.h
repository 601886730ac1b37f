/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-database - opens a result database: makes it when it is new, refuses what is not ours. */
#ifndef ISCC_DATABASE_H
#define ISCC_DATABASE_H

#include <sqlite3.h>
#include <stdbool.h>

#include "iscc-patience.h"
#include "iscc-status.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { ISCC_DATABASE_PATIENCE_S = 600 }; /* longest wait for other writers */

/* Opens for writing. ISCC_EFORMAT: not SQLite, another program's, or newer; the file is untouched. ISCC_ESTATE:
 * it has several names (hard links). ISCC_EIO: cannot be opened or written. Close with sqlite3_close(). */
iscc_status iscc_database_open(const char *path, sqlite3 **out, iscc_error *error);

/* The same; patience, borrowed until it is closed, waits for other writers. NULL: it sleeps, up to that time. ISCC_EINTR: patience
 * was stopped. */
iscc_status iscc_database_open_patiently(const char *path, iscc_patience *patience, sqlite3 **out,
                                         iscc_error *error);

/* Says of a database why the last call failed and, when the disk is full or another process locks it, what to do. what: that
 * could not be done ("cannot be written"); patience: its own, NULL: none. ISCC_EIO; ISCC_EINTR: patience was stopped. */
iscc_status iscc_database_fail(sqlite3 *db, const char *path, const char *what, const iscc_patience *patience,
                               iscc_error *error);

/* Opens an existing result database for reading only. Tables of campaigns and of random streams that an older one lacks are there, and
 * empty. */
iscc_status iscc_database_open_read(const char *path, sqlite3 **out, iscc_error *error);

/* Whether it was opened for reading as a file that nobody writes, since nothing may be written beside it; then by this name alone,
 * a URI, can it be attached to others. Free with sqlite3_free(); NULL: out of memory. */
bool iscc_database_is_still(sqlite3 *db);
char *iscc_database_still_name(const char *path);

#ifdef __cplusplus
}
#endif
#endif
