/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-run-twin - whether a run of another database is on record here already.
 *
 * Two runs are the same one when everything that is recorded of them is equal but the run_id: their rows in all tables of a run
 * (iscc-run-tables.h), those of the wall clock too. Two runs of equal parameters that were made one after the other are two.
 * The other database is attached as "shard" (iscc-run-copy.h); all functions give an SQLite result. */
#ifndef ISCC_RUN_TWIN_H
#define ISCC_RUN_TWIN_H

#include <sqlite3.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct iscc_run_twin iscc_run_twin;

/* Looks at the runs that are here. Within the caller's transaction, and closed before its end. */
int iscc_run_twin_open(sqlite3 *db, iscc_run_twin **out);

/* *twin: the run_id here of the shard's run; 0: it is not here. */
int iscc_run_twin_find(iscc_run_twin *twins, int64_t run_id, int64_t *twin);

/* One more run is here now. */
int iscc_run_twin_add(iscc_run_twin *twins, int64_t run_id);

void iscc_run_twin_close(iscc_run_twin *twins); /* NULL is fine */

#ifdef __cplusplus
}
#endif
#endif
