/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-record - one simulation run into an SQLite result database. schema.sql documents the tables.
 *
 * Rows wait in bounded memory, then in an unlinked spill file, until the run ends; the run and all its rows
 * then appear in one transaction, so a run is there whole or not at all, and the write lock is held
 * only while a finished run is copied in: programs that record into one database at the same time all
 * succeed. An existing database is added to, never replaced.
 *
 * Threads: one handle per thread. A handle must not be used after fork. */
#ifndef ISCC_RECORD_H
#define ISCC_RECORD_H

#include "iscc-fingerprint.h"
#include "iscc-status.h"
#include "iscc-task.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {                         /* what identifies a run; texts are borrowed until begin returns */
  const char *program;                   /* name of the scenario */
  const char *parameters;                /* JSON object of all options */
  uint64_t seed, run;                    /* RngSeed, RngRun */
  const char *version;                   /* of iscc */
  const char *ns3_version;               /* NULL without ns-3 */
  const char *model_path, *model_sha256; /* NULL without a model */
} iscc_run_info;

typedef struct {
  uint32_t node;
  const char *scheme;
  const char *inference; /* "real" or "model" */
  double target_accuracy, max_latency_s;
  double x_m, y_m, z_m;
} iscc_node_info;

typedef struct { /* see table battery */
  uint32_t node;
  const char *source;
  double initial_j, remaining_j, harvested_j, idle_j, sensing_j, compute_j, radio_j, listening_j;
  int64_t empty_ns; /* -1: not empty */
} iscc_battery_info;

typedef enum { ISCC_RUN_DONE, ISCC_RUN_INTERRUPTED, ISCC_RUN_FAILED } iscc_run_status;

typedef struct iscc_record iscc_record;

/* Opens or creates the database and its tables. ISCC_EFORMAT: not SQLite, another program's database, or a
 * schema newer than this program knows; the file is untouched. memory_bytes: rows kept in memory before
 * spilling; 0: 64 MiB. */
iscc_status iscc_record_open(const char *path, size_t memory_bytes, iscc_record **out, iscc_error *error);

/* Drops what was not ended. NULL is fine. */
void iscc_record_close(iscc_record *record);

iscc_status iscc_record_begin(iscc_record *record, const iscc_run_info *run, iscc_error *error);
iscc_status iscc_record_node(iscc_record *record, const iscc_node_info *node, iscc_error *error);
/* ISCC_EINVAL: an energy that is negative or not finite; not recorded. */
iscc_status iscc_record_battery(iscc_record *record, const iscc_battery_info *battery, iscc_error *error);
/* What the streams of a purpose gave in this run; each purpose once. ISCC_EINVAL: nothing was drawn. */
iscc_status iscc_record_stream(iscc_record *record, iscc_purpose purpose, const iscc_fingerprint *fingerprint,
                               iscc_error *error);
iscc_status iscc_record_task(iscc_record *record, const iscc_task *task, iscc_error *error);

/* Writes the run in one transaction, waiting for other writers. end_ns: simulated time at the end. run_id
 * (may be NULL) is its key in table run. After a failure the rows are still held: end may be called again. */
iscc_status iscc_record_end(iscc_record *record, iscc_run_status status, int64_t end_ns, int64_t *run_id,
                            iscc_error *error);

#ifdef __cplusplus
}
#endif
#endif
