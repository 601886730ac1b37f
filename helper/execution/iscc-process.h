/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-process - one run of a program as a process of its own: started, watched, accounted.
 *
 * It has a process group of its own, which is ended with it. It dies with the process that started it, however that ends; what
 * it has started itself then goes on, and so does what leaves the group (setsid). Its stdin is empty, stdout and
 * stderr go to files. Needs Linux. */
#ifndef ISCC_PROCESS_H
#define ISCC_PROCESS_H

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "iscc-child.h"
#include "iscc-status.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
  pid_t pid; /* 0: none */
  double started_s;
  char started[32];         /* UTC, ISO 8601 */
  int exit_status;          /* -1: ended by a signal */
  int signal;               /* 0: none */
  double elapsed_s, cpu_s;  /* wall-clock, processor */
  int64_t peak_bytes;       /* resident memory; 0: not known, no more than that of who started it */
  int64_t of_starter_bytes; /* that Linux counts as the program's, from fork to exec */
} iscc_process;

double iscc_process_clock_s(void); /* since some moment, monotonic */

/* Sets it to none (pid 0), with now as its start. */
void iscc_process_clear(iscc_process *process);

/* argv ends with NULL. mask: signals that are blocked in the child. ISCC_EIO: it cannot be started, or
 * one of these files not be opened. */
iscc_status iscc_process_start(iscc_process *process, char *const *argv, const char *stdout_path,
                               const char *stderr_path, const sigset_t *mask, iscc_error *error);

/* Says what kept a child from being a run. ISCC_EIO. */
iscc_status iscc_process_refuse(const iscc_child_failure *failure, const char *program,
                                const char *stdout_path, const char *stderr_path, iscc_error *error);

/* Whether it has ended, and then how. Does not wait. */
bool iscc_process_ended(iscc_process *process);

/* Ends it and what it has started at once, and waits for it. */
void iscc_process_kill(iscc_process *process);

#ifdef __cplusplus
}
#endif
#endif
