/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-goodput - what a scheduled cell leaves a node of its rate, from the transfers it has seen.
 *
 *   T = wait + bits/(share rate)
 *   wait += (seen wait - wait)/4,   share += (seen bits/(seen time rate) - share)/4        after each transfer
 *
 * wait: from the first datagram of a transfer to the first subframe with its data; seen time: from there to the end
 * of its last. They begin with 12 ms and 1. */
#ifndef ISCC_GOODPUT_H
#define ISCC_GOODPUT_H

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
  double wait_s, share;
} iscc_goodput;

void iscc_goodput_begin(iscc_goodput *goodput);

/* A transfer of so many bits, headers included, at the rate that its power buys. One of less than 80 bytes says
 * nothing of the rate and is not looked at. */
void iscc_goodput_add(iscc_goodput *goodput, double bits, double rate_bps, double wait_s, double sending_s);

#ifdef __cplusplus
}
#endif
#endif
