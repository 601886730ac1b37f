/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-campaign-signals - what asks a campaign to stop (SIGINT, SIGTERM, SIGHUP, unless it is ignored, as by nohup) and what tells
 * that a run has ended (SIGCHLD), taken when it suits. They are blocked in the thread meanwhile. */
#ifndef ISCC_CAMPAIGN_SIGNALS_H
#define ISCC_CAMPAIGN_SIGNALS_H

#include <signal.h>
#include <stdbool.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
  sigset_t taken, before; /* before: for processes that are started meanwhile */
} iscc_campaign_signals;

void iscc_campaign_signals_begin(iscc_campaign_signals *signals);
void iscc_campaign_signals_end(iscc_campaign_signals *signals);

/* Waits up to patience_s >= 0 for one of them; whether it asks to stop. */
bool iscc_campaign_signals_wait(const iscc_campaign_signals *signals, double patience_s);

#ifdef __cplusplus
}
#endif
#endif
