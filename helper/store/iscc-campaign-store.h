/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-campaign-store - the executions of campaigns in a result database.
 *
 * An execution is one process: program, arguments, seed, replication, how it ended. It comes into the database in one transaction
 * together with all that it recorded, or not at all. What is done is there once: a second one of the same program, arguments, seed and
 * run is refused by the database. Threads: one handle per thread. */
#ifndef ISCC_CAMPAIGN_STORE_H
#define ISCC_CAMPAIGN_STORE_H

#include <stdbool.h>
#include <stdint.h>

#include "iscc-digest.h"
#include "iscc-patience.h"
#include "iscc-process.h"
#include "iscc-value-lines.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum {
  ISCC_EXECUTION_DONE,
  ISCC_EXECUTION_FAILED,
  ISCC_EXECUTION_TIMED_OUT,
  ISCC_EXECUTION_TRUNCATED
} iscc_execution_outcome;

const char *iscc_execution_outcome_name(iscc_execution_outcome outcome); /* as in the database */
iscc_execution_outcome iscc_execution_outcome_of(const char *name);

typedef struct {       /* texts are borrowed for the call */
  const char *program; /* name of its file */
  const char *program_sha256;
  const char *arguments; /* JSON */
  uint32_t seed;
  int64_t run;
  bool sequential; /* results decide how many replications there are */
  iscc_execution_outcome outcome;
  const iscc_process *process; /* that has ended */
  const char *stderr_text;     /* its end; if it is truncated, after a line on what is wrong */
  const char *shard;           /* database that it recorded into; NULL: none, or it is not done */
  const iscc_value *values;    /* that it printed */
  size_t value_count;
  const char *iscc_commit; /* of the campaign's iscc */
} iscc_execution;

typedef struct iscc_campaign_store iscc_campaign_store;

/* For writing. patience, borrowed until it is closed, waits for other writers; NULL: it sleeps. */
iscc_status iscc_campaign_store_open(const char *path, iscc_patience *patience, iscc_campaign_store **out,
                                     iscc_error *error);
/* The same, for a file system of several machines, of which one at a time uses it: without write-ahead logging, which needs memory
 * that all who use it share. */
iscc_status iscc_campaign_store_open_shared(const char *path, iscc_campaign_store **out, iscc_error *error);
iscc_status iscc_campaign_store_open_read(const char *path, iscc_campaign_store **out, iscc_error *error);
/* What was written is in the one file then, unless others use it. NULL is fine. */
void iscc_campaign_store_close(iscc_campaign_store *store);
struct sqlite3 *iscc_campaign_store_database(iscc_campaign_store *store);

/* Whether a shard holds exactly one run that is done, of this seed and replication and of a schema that can be taken over.
 * ISCC_EFORMAT: it does not, for that reason. ISCC_EIO: that cannot be known: it cannot be opened or read. */
iscc_status iscc_campaign_shard_check(const char *shard, int64_t seed, int64_t run, iscc_error *reason);

/* ISCC_EIO: the database's file was removed or replaced since it was opened. */
iscc_status iscc_campaign_store_check_place(const iscc_campaign_store *store, iscc_error *error);

/* Turns off the refusal to mix results of different files of a program or a model. */
void iscc_campaign_store_mix_programs(iscc_campaign_store *store);
bool iscc_campaign_store_mixes_programs(const iscc_campaign_store *store); /* whether they may */

/* For whoever adds a run to table run of this store, in a transaction: iscc_model_check() of it. */
iscc_status iscc_campaign_store_check_model(iscc_campaign_store *store, const char *program,
                                            const char *arguments, int64_t run_id, iscc_error *error);

/* Adds it in one transaction. After a failure nothing of it is there. ISCC_ESTATE: it is there already, done. ISCC_EIO: also when the
 * file is no longer where it was opened. ISCC_EINTR: patience was stopped. ISCC_EINVAL: it is not to be mixed in (iscc-model-check.h). */
iscc_status iscc_campaign_store_add(iscc_campaign_store *store, const iscc_execution *execution,
                                    iscc_error *error);

/* ISCC_EINVAL when results of this program that are done were made by a file of another hash; the text tells how many. */
iscc_status iscc_campaign_store_check_program(iscc_campaign_store *store, const char *program,
                                              const char *sha256, iscc_error *error);

/* Executions of one point, each replication once: done if it is, else how it ended last. elapsed_s: wall-clock. */
typedef void iscc_campaign_store_each(void *ctx, int64_t run, iscc_execution_outcome outcome,
                                      double elapsed_s);
iscc_status iscc_campaign_store_runs(iscc_campaign_store *store, const char *program, const char *arguments,
                                     uint32_t seed, iscc_campaign_store_each *each, void *ctx,
                                     iscc_error *error);

/* Runs of all campaigns, each once: that are done, and that are not. */
iscc_status iscc_campaign_store_count(iscc_campaign_store *store, int64_t *done, int64_t *failed,
                                      iscc_error *error);

/* What a fixed number of replications gave is looked at from now on: results decide how many there will be. */
iscc_status iscc_campaign_store_mark_sequential(iscc_campaign_store *store, const char *program,
                                                const char *arguments, uint32_t seed, iscc_error *error);

/* ISCC_EINVAL when runs of this program are done and none has that metric; the text names those there are. */
iscc_status iscc_campaign_store_check_metric(iscc_campaign_store *store, const char *program,
                                             const char *metric, iscc_error *error);

/* A metric of a replication that is done; NAN: there is none. */
iscc_status iscc_campaign_store_metric(iscc_campaign_store *store, const char *program, const char *arguments,
                                       uint32_t seed, int64_t run, const char *metric, double *value,
                                       iscc_error *error);

#ifdef __cplusplus
}
#endif
#endif
