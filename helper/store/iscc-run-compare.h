/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-run-compare - what is on record of a run beside what it gave when it was run again.
 *
 * They are equal, bit for bit, in: program, parameters, seed, replication, model hash and end of the run, every column of its other tables that
 * is not of wall-clock, and the metrics, as far as a database of an older schema version has those tables, and has had
 * when the run was recorded; of a program that prints, names and values. */
#ifndef ISCC_RUN_COMPARE_H
#define ISCC_RUN_COMPARE_H

#include <sqlite3.h>
#include <stdbool.h>
#include <stdint.h>

#include "iscc-pool.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { ISCC_RUN_DIFFERENCE_MAX = 600 };

typedef struct {                            /* an execution that is done; texts are borrowed */
  int64_t execution_id, run_id, seed, run;  /* run_id 0: it printed its results */
  const char *program, *sha256, *arguments; /* arguments: JSON */
  const char *processor;                    /* where it ran */
} iscc_recorded;

/* db: where the execution is on record, not within a transaction. run: the same one again, ended and not released. text: what differs, or why
 * the run gave nothing to compare; empty: nothing. */
void iscc_run_compare(sqlite3 *db, const iscc_recorded *execution, const iscc_pool_run *run,
                      char text[ISCC_RUN_DIFFERENCE_MAX]);

/* text: names of the tables that cannot be compared, since a database of an older schema version lacks them. Whether there are any. */
bool iscc_run_compare_lacks(sqlite3 *db, char text[ISCC_RUN_DIFFERENCE_MAX]);

#ifdef __cplusplus
}
#endif
#endif
