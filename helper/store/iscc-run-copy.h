/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-run-copy - a recorded run with all its rows, from one result database into another.
 *
 * The other database is attached to the connection as "shard"; all functions give an SQLite result. */
#ifndef ISCC_RUN_COPY_H
#define ISCC_RUN_COPY_H

#include <sqlite3.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Not within a transaction. */
int iscc_run_copy_attach(sqlite3 *db, const char *shard);
/* The same of one that nobody writes (iscc_database_is_still()). */
int iscc_run_copy_attach_still(sqlite3 *db, const char *shard);
void iscc_run_copy_detach(sqlite3 *db);

/* Copies the shard's run of that number, 0: the only one it has; *run_id: its number here. */
int iscc_run_copy(sqlite3 *db, int64_t from, int64_t *run_id);

/* Copies the rows of a table of which a column has one value, which becomes another. An execution comes without its run_id, whose run has another number here. */
int iscc_run_copy_rows(sqlite3 *db, const char *table, const char *column, int64_t from, int64_t to);

/* One statement, or several, that yield nothing. */
int iscc_run_copy_sql(sqlite3 *db, const char *sql);

/* The first column of the first row that a statement yields, an integer; fallback: it yields none. */
int iscc_run_copy_ask(sqlite3 *db, const char *sql, int64_t fallback, int64_t *value);

#ifdef __cplusplus
}
#endif
#endif
