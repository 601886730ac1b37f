/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-child - what a new process does to be a run that another one watches: it dies with that one, has a
 * process group of its own, nothing on stdin, stdout and stderr in files. Needs Linux. */
#ifndef ISCC_CHILD_H
#define ISCC_CHILD_H

#include <sys/types.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What kept a child from being a run: it is sent to whoever watches, so that this is not taken for the run's doing. */
typedef struct {
  int why;  /* errno; 0: nothing did */
  int file; /* that cannot be opened: 0 stdin, 1 stdout, 2 stderr; -1: it is another thing */
} iscc_child_failure;

/* Called in the child. ESRCH: watcher is not its parent (any more). Async-signal-safe. */
iscc_child_failure iscc_child_settle(pid_t watcher, const char *stdout_path, const char *stderr_path);

#ifdef __cplusplus
}
#endif
#endif
