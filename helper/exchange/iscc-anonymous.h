/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-anonymous - rows without the names of machines and folders, for whoever gives results away.
 *
 * The hosts of executions become host-1, host-2, ..., the same one wherever it stands; folders in the path of the model and in values of options
 * folder-1, ..., names of files stay. Host names are also found within these values, as whole words, whatever the case. What a program printed to
 * stderr may hold anything, and is left out. Nothing that was different becomes equal. */
#ifndef ISCC_ANONYMOUS_H
#define ISCC_ANONYMOUS_H

#include <sqlite3.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Gives a connection the functions that iscc_anonymous_sql() names; they know the hosts of table execution of that schema ("main", "shard"; NULL: as
 * the table is found without one) and number folders as they meet them. Returns SQLite's result. */
int iscc_anonymous_add(sqlite3 *db, const char *schema);

/* A column as SQL, without names; sqlite3_free() it. NULL: out of memory. */
char *iscc_anonymous_sql(const char *column);

#ifdef __cplusplus
}
#endif
#endif
