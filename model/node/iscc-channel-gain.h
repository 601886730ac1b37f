/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-channel-gain - what a link's gain does over time beside the loss of its distance: block fading, a trace
 * from a file, or nothing.
 *
 * The gain is constant within a block and a function of time alone, so that it can be asked at any time in any
 * order and costs no event. */
#ifndef ISCC_CHANNEL_GAIN_H
#define ISCC_CHANNEL_GAIN_H

#include <stdbool.h>

#include "iscc-channel-trace.h"
#include "iscc-fading.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
  iscc_fading fading;              /* without a trace */
  const iscc_channel_trace *trace; /* borrowed; NULL: none */
  uint32_t column;                 /* of the trace */
} iscc_channel_gain;

bool iscc_channel_gain_fades(const iscc_channel_gain *gain); /* whether it is that of block fading */
/* Linear, > 0: of mean 1 with fading; with a trace its SNR, 1/W. */
double iscc_channel_gain_at(const iscc_channel_gain *gain, int64_t time_ns);
int64_t iscc_channel_gain_end_ns(const iscc_channel_gain *gain,
                                 int64_t time_ns); /* of the block; INT64_MAX: never */
int64_t iscc_channel_gain_block(const iscc_channel_gain *gain,
                                int64_t time_ns); /* its number; without any the time */

#ifdef __cplusplus
}
#endif
#endif
