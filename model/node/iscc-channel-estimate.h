/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-channel-estimate - the link as a node believes it to be: its gain with an error.
 *
 *   g_hat = g 10^(s n / 10),   n ~ N(0, 1)
 *
 * s is the standard deviation in dB; each decision has an n of its own. Plans are made with g_hat; the radio works
 * with g. Where the radio has rates, the least power of each is that of g_hat. */
#ifndef ISCC_CHANNEL_ESTIMATE_H
#define ISCC_CHANNEL_ESTIMATE_H

#include "iscc-draws.h"
#include "iscc-host.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
  double error_db;  /* s; 0: the node knows its link */
  uint64_t key;     /* of the node's stream */
  iscc_draws draws; /* n of the first decisions of tasks */
  const iscc_host *host;
} iscc_channel_estimate;

/* host is a node's and must stay. */
void iscc_channel_estimate_begin(iscc_channel_estimate *estimate, const iscc_host *host, double error_db);

/* The host's link as the node sees it at one of a task's decisions, 0..7: its error is the same however often and in
 * whatever order it is asked. true_snr_per_w: as it is. */
iscc_status iscc_channel_estimate_link(iscc_channel_estimate *estimate, uint64_t task, int decision,
                                       iscc_link *link, double *true_snr_per_w, iscc_error *error);

#ifdef __cplusplus
}
#endif
#endif
