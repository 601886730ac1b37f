/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-channel-gain.h"

bool iscc_channel_gain_fades(const iscc_channel_gain *g) {
  return !g->trace && g->fading.coherence_ns > 0;
}

double iscc_channel_gain_at(const iscc_channel_gain *g, int64_t time_ns) {
  return g->trace ? iscc_channel_trace_snr(g->trace, g->column, time_ns)
                  : iscc_fading_gain(&g->fading, time_ns);
}

int64_t iscc_channel_gain_end_ns(const iscc_channel_gain *g, int64_t time_ns) {
  return g->trace ? iscc_channel_trace_line_end_ns(g->trace, time_ns)
                  : iscc_fading_block_end_ns(&g->fading, time_ns);
}

int64_t iscc_channel_gain_block(const iscc_channel_gain *g, int64_t time_ns) {
  if (g->trace) return (int64_t)iscc_channel_trace_line(g->trace, time_ns);
  return g->fading.coherence_ns > 0 ? time_ns / g->fading.coherence_ns : time_ns;
}
