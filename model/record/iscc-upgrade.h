/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-upgrade - brings a database of an older schema version to the present one. */
#ifndef ISCC_UPGRADE_H
#define ISCC_UPGRADE_H

#include <sqlite3.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Within the caller's transaction, which is rolled back when the result is not SQLITE_OK. Rows stay as they
 * are; what a version did not know yet gets its default. Views, indexes and triggers that a user has added stay. */
int iscc_upgrade(sqlite3 *db, int version);

/* Gives a connection that only reads the tables of campaigns and of random streams that a version lacks, as empty ones of its own: so it
 * holds no runs of a campaign. The file stays as it is. */
int iscc_upgrade_to_read(sqlite3 *db, int version);

/* After it, all else of this version: columns that came later, the tally, which takes a look at all tasks, and the views of schema.sql. */
int iscc_upgrade_to_ask(sqlite3 *db, int version);

#ifdef __cplusplus
}
#endif
#endif
