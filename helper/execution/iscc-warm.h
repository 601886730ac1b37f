/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-warm - runs of one program, forked from a warm process of it: loaded and initialised once for all of
 * them (iscc-warm-start.h).
 *
 * A run is what it would be had iscc_process_start() started it: a child of this process, settled alike, with
 * the same arguments, environment, results and end. What differs: its time and memory are without the start-up;
 * /proc shows the arguments of the warm process; what libraries print while they are initialised is in no run's
 * output. Programs without libiscc-ns3, runs with another number of arguments than the first, and all when the
 * warm process is no more or does not answer within 10 s, are started by iscc_process_start(). The warm process
 * dies with the process that started it. */
#ifndef ISCC_WARM_H
#define ISCC_WARM_H

#include "iscc-process.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Zeroed: nothing has been started. */
typedef struct {
  bool begun;
  iscc_process process; /* the warm one; pid 0: there is none */
  int socket, argc;     /* of it */
} iscc_warm;

/* As iscc_process_start(), always for the same program. The first call runs ldd, and sets and unsets a variable
 * of the environment: not thread-safe. During a call this process is a subreaper. */
iscc_status iscc_warm_start(iscc_warm *warm, iscc_process *process, char *const *argv,
                            const char *stdout_path, const char *stderr_path, const sigset_t *mask,
                            iscc_error *error);

/* Ends the warm process; its runs go on. */
void iscc_warm_end(iscc_warm *warm);

#ifdef __cplusplus
}
#endif
#endif
