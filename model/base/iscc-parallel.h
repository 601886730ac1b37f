/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-parallel - runs independent pieces of work on several threads.
 *
 * Threads live for one call only, so nothing keeps running behind the caller and a later fork() is safe.
 * Pieces are handed out one by one in order; which thread gets which is not determined, so results must not
 * depend on it. */
#ifndef ISCC_PARALLEL_H
#define ISCC_PARALLEL_H

#include <stdbool.h>
#include <stddef.h>

#include "iscc-status.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { ISCC_THREADS_MAX = 256 };

/* wanted >= 1: wanted, at most ISCC_THREADS_MAX; else the number of processors this process may use. */
int iscc_parallel_threads(int wanted);

/* Piece `index`, in worker 0..threads-1; a worker does one piece at a time. Others than ISCC_OK end the run.
 */
typedef iscc_status iscc_parallel_task(void *ctx, int worker, size_t index, iscc_error *error);

/* Called in the calling thread about ten times a second and once at the end; false ends the run. */
typedef bool iscc_parallel_progress(void *ctx, size_t done);

/* Runs task for index 0..n-1, each once, on `threads` threads (1..ISCC_THREADS_MAX). Without progress (NULL)
 * the calling thread is one of them. Returns when no piece is running any more: ISCC_OK when all were done;
 * the status and text of the failed piece with the lowest index among those that ran; ISCC_EINTR when
 * progress said so. */
iscc_status iscc_parallel_for(int threads, size_t n, iscc_parallel_task *task,
                              iscc_parallel_progress *progress, void *ctx, iscc_error *error);

#ifdef __cplusplus
}
#endif
#endif
