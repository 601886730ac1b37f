/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-verify - runs again what a campaign has recorded, and compares.
 *
 * An execution that is done is equal when the program, run with the same arguments, seed and run, ends with status 0 and gives the same
 * again (iscc-run-compare.h). */
#ifndef ISCC_VERIFY_H
#define ISCC_VERIFY_H

#include <stdbool.h>
#include <stdint.h>

#include "iscc-run-compare.h"
#include "iscc-status.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
  int64_t execution_id, run_id; /* run_id 0: it printed its results */
  const char *program;          /* as recorded */
  const char *arguments;        /* JSON */
  int64_t run;                  /* the replication */
  const char *unverified;       /* why it was not run again: its program was not found; NULL: it was */
  bool equal, same_program;     /* of one that was; same_program: the file has the hash that is recorded */
  const char *difference;       /* where not equal: what differs, or why it did not end well */
  const char *processor;        /* kind of the one that it was recorded on; empty: not known */
} iscc_verdict;

typedef void iscc_verify_each(void *ctx, const iscc_verdict *verdict);

/* All that is done, program by program; or with only > 0 what has that run_id, or, if no run has that number, what has that execution_id and
 * printed its results. program: the executable of those executions whose recorded program has its file's name; of others, and with NULL
 * of all, it is looked for by the recorded name, see iscc_program_find(). ISCC_EINVAL: nothing to verify, or nothing of
 * that program. ISCC_EINTR: a signal asked to stop. Shows a progress bar on stderr. */
iscc_status iscc_verify(const char *database, int64_t only, const char *program, iscc_verify_each *each,
                        void *ctx, iscc_error *error);

typedef struct {
  int64_t not_done; /* executions that ended otherwise */
  int64_t
      without_execution; /* runs that no execution has recorded: made without a campaign, or its row is gone */
  int64_t
      before_streams; /* executions whose runs were recorded before there was table stream, which has been added since */
  char lacking[ISCC_RUN_DIFFERENCE_MAX]; /* tables of the runs that this older database lacks; empty: none */
} iscc_verify_rest;

/* What is in a database and never verified. */
iscc_status iscc_verify_left(const char *database, iscc_verify_rest *out, iscc_error *error);

#ifdef __cplusplus
}
#endif
#endif
