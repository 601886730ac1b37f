/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-run-metrics - what a recorded run comes to, as numbers with names; doc/campaign.rst lists them.
 *
 * Each comes from the tasks or batteries of a run. One that has no value, as the accuracy of a run without answers, is left out of
 * the table. */
#ifndef ISCC_RUN_METRICS_H
#define ISCC_RUN_METRICS_H

#include <sqlite3.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum { ISCC_RUN_METRICS = 13 };

/* NaN: it has no value. An SQLite result. */
int iscc_run_metrics_read(sqlite3 *db, int64_t run_id, double values[ISCC_RUN_METRICS]);

/* Inserts them into table metric for an execution whose run is run_id. An SQLite result. */
int iscc_run_metrics_insert(sqlite3 *db, int64_t execution_id, int64_t run_id);

/* Their names; NULL past the last. */
const char *iscc_run_metric_name(int i);

#ifdef __cplusplus
}
#endif
#endif
