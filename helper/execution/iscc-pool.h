/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-pool - several runs at a time, each a process with files of its own in a folder beside the database.
 *
 * The folder DATABASE.runs is locked: one campaign at a time works on a database. What is left in it from a campaign that was
 * killed is ended (iscc-orphans.h) and removed; no file has a name that one of it had. Runs are forked from a warm process where there can be one (iscc-warm.h).
 * Signals: SIGCHLD, SIGINT, SIGTERM and SIGHUP are blocked in this thread while a pool is open. One pool per
 * process. */
#ifndef ISCC_POOL_H
#define ISCC_POOL_H

#include <stddef.h>

#include "iscc-process.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
  size_t point;
  int64_t run;
  iscc_process process;
  bool timed_out, held, told; /* it has ended and is not released; iscc_pool_wait() has told that */
  char *shard, *stdout_path, *stderr_path;
} iscc_pool_run;

typedef struct iscc_pool iscc_pool;

/* jobs: 1..ISCC_THREADS_MAX runs at a time. timeout_s: wall-clock of a run; INFINITY: none. ISCC_ESTATE: another campaign works on this
 * database. ISCC_EIO. */
iscc_status iscc_pool_open(const char *database, int jobs, double timeout_s, iscc_pool **out,
                           iscc_error *error);

/* Turns off the warm start: each run loads its program anew. Without this call all runs must be of one program. */
void iscc_pool_start_anew(iscc_pool *pool);

/* Ends what runs and removes the folder. NULL is fine. */
void iscc_pool_close(iscc_pool *pool);

bool iscc_pool_is_full(const iscc_pool *pool);
bool iscc_pool_is_idle(const iscc_pool *pool);

/* A free place for a run, its paths set; the caller sets point and run. While the pool is not full, there is one beside one run that
 * has ended and is not released yet. NULL: there is none, or no memory. */
iscc_pool_run *iscc_pool_place(iscc_pool *pool);
/* Starts a run in that place. argv ends with NULL. */
iscc_status iscc_pool_start(iscc_pool *pool, iscc_pool_run *run, char *const *argv, iscc_error *error);

/* Waits up to patience_s for a run to end; *ended is NULL: none did. Its files are there until iscc_pool_release(). ISCC_EINTR: a
 * signal asks to stop. ISCC_EIO: the folder is no longer there. */
iscc_status iscc_pool_wait(iscc_pool *pool, double patience_s, iscc_pool_run **ended, iscc_error *error);
/* Waits a moment, at most 50 ms, and no longer than until a run ends. Which runs end is noted for iscc_pool_wait(), with the
 * time, and those past their time are ended. false: a signal asks to stop, as iscc_pool_wait() will say. */
bool iscc_pool_watch(iscc_pool *pool);

/* Whether the folder with the files of its runs is where it was made. ISCC_EIO: what a run left there cannot be told from nothing. */
iscc_status iscc_pool_check_place(const iscc_pool *pool, iscc_error *error);
void iscc_pool_release(iscc_pool_run *run);

#ifdef __cplusplus
}
#endif
#endif
