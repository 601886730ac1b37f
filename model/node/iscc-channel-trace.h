/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-channel-trace - a channel that was measured or made elsewhere: the SNR over time, from a file.
 *
 * One line for each time at which it changes: the time in s, and then either one SNR in dB for all nodes, or one
 * for each of nodes 0, 1, ... The first time is 0, times increase, and the last line holds to the end. SNR is
 * g/(B N_0) at 1 W; eq. (7) makes the rate of it. '#' starts a comment.
 *
 * A trace is read once, shared by all nodes and asked at any time in any order, in logarithmic time. */
#ifndef ISCC_CHANNEL_TRACE_H
#define ISCC_CHANNEL_TRACE_H

#include <stddef.h>
#include <stdint.h>

#include "iscc-status.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { ISCC_CHANNEL_TRACE_COLUMNS_MAX = 4096 };

typedef struct iscc_channel_trace iscc_channel_trace;

/* ISCC_EIO, or ISCC_EFORMAT with file, line and reason. */
iscc_status iscc_channel_trace_read(const char *path, iscc_channel_trace **out, iscc_error *error);
void iscc_channel_trace_destroy(iscc_channel_trace *trace); /* NULL is fine */

uint32_t iscc_channel_trace_columns(const iscc_channel_trace *trace); /* 1: one for all nodes */

/* Number of the line in force, from 0; its end, INT64_MAX for the last; its SNR in a column, linear, 1/W. */
size_t iscc_channel_trace_line(const iscc_channel_trace *trace, int64_t time_ns);
int64_t iscc_channel_trace_line_end_ns(const iscc_channel_trace *trace, int64_t time_ns);
double iscc_channel_trace_snr(const iscc_channel_trace *trace, uint32_t column, /* < columns */
                              int64_t time_ns);

#ifdef __cplusplus
}
#endif
#endif
