/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-model-check - whether a run used the model that the results beside it were made with.
 *
 * A run names its model by its argument `model`, or by none, which is the default model. Results of one program that name it
 * alike must have one and the same file (run.model_sha256). */
#ifndef ISCC_MODEL_CHECK_H
#define ISCC_MODEL_CHECK_H

#include <sqlite3.h>
#include <stdint.h>

#include "iscc-status.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Once for a connection, before any statement that runs while it is checked. Returns SQLite's result code. */
int iscc_model_check_prepare(sqlite3 *db);

/* run_id: a run that is in table run, and not among the executions yet. ISCC_EINVAL: there are results that name the same model and had
 * another file; the text tells how many. What was found to be the same is not looked for again on this connection. */
iscc_status iscc_model_check(sqlite3 *db, const char *program, const char *arguments, int64_t run_id,
                             iscc_error *error);

#ifdef __cplusplus
}
#endif
#endif
