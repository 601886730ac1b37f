/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-tally - tables `tally` and `choice`: sums over the tasks and decisions of each node of a run.
 *
 * So that a question about millions of tasks reads some rows for each node. Sums are taken over rows in the order of their key: the same rows
 * give the same bytes. */
#ifndef ISCC_TALLY_H
#define ISCC_TALLY_H

#include <sqlite3.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Adds the rows of a run whose nodes, tasks and decisions are there. Returns SQLite's result code. */
int iscc_tally_add(sqlite3 *db, int64_t run_id);

/* The same for all runs that have nodes and no rows of `tally`. */
int iscc_tally_add_missing(sqlite3 *db);

#ifdef __cplusplus
}
#endif
#endif
