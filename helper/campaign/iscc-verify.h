/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-verify - runs again what a campaign has recorded, and compares.
 *
 * An execution that is done is equal when the program, run with the same arguments, seed and run, ends with status 0 and gives the same
 * again, bit for bit: parameters, model hash and end of the run, and every column of nodes, tasks, decisions and batteries that is not of
 * wall-clock; of a program that prints, the same names and values. */
#ifndef ISCC_VERIFY_H
#define ISCC_VERIFY_H

#include <stdbool.h>
#include <stdint.h>

#include "iscc-status.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
  int64_t execution_id, run_id; /* run_id 0: it printed its results */
  const char *arguments;        /* JSON */
  int64_t run;                  /* the replication */
  bool equal, same_program;     /* same_program: the file has the hash that is recorded */
  const char *difference;       /* where not equal: what differs, or why it did not end well */
} iscc_verdict;

typedef void iscc_verify_each(void *ctx, const iscc_verdict *verdict);

/* All that is done, or with only > 0 what has that run_id, or that execution_id if it printed its results. program: the
 * executable; NULL: looked for by the recorded name, see iscc_program_find(). *checked: how many were run again. ISCC_EINVAL: nothing to verify.
 * ISCC_EINTR: a signal asked to stop. Shows a progress bar on stderr. */
iscc_status iscc_verify(const char *database, int64_t only, const char *program, iscc_verify_each *each,
                        void *ctx, int64_t *checked, iscc_error *error);

#ifdef __cplusplus
}
#endif
#endif
