/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-pool-signals - what asks a campaign to stop (SIGINT, SIGTERM, SIGHUP, unless it is ignored, as by nohup) and what tells
 * that a run has ended (SIGCHLD), taken when it suits. They are blocked in the thread meanwhile. */
#ifndef ISCC_POOL_SIGNALS_H
#define ISCC_POOL_SIGNALS_H

#include <signal.h>
#include <stdbool.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
  sigset_t taken, before; /* before: for processes that are started meanwhile */
} iscc_pool_signals;

void iscc_pool_signals_begin(iscc_pool_signals *signals);
void iscc_pool_signals_end(iscc_pool_signals *signals);

/* Waits up to patience_s >= 0 for one of them; whether it asks to stop. */
bool iscc_pool_signals_wait(const iscc_pool_signals *signals, double patience_s);

#ifdef __cplusplus
}
#endif
#endif
