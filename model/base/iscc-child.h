/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-child - what a new process does to be a run that another one watches: it dies with that one, has a
 * process group of its own, nothing on stdin, stdout and stderr in files. Needs Linux. */
#ifndef ISCC_CHILD_H
#define ISCC_CHILD_H

#include <stdbool.h>
#include <sys/types.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Called in the child. false: watcher is not its parent (any more), or a file cannot be opened.
 * Async-signal-safe. */
bool iscc_child_settle(pid_t watcher, const char *stdout_path, const char *stderr_path);

#ifdef __cplusplus
}
#endif
#endif
