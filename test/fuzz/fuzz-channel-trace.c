/* SPDX-License-Identifier: GPL-2.0-only */
/* SNR over time (--channel-trace=FILE). */
#include <math.h>

#include "iscc-channel-trace.h"
#include "iscc-fuzz.h"

/* All lines, one after the other, in all columns. */
static void check_lines(const iscc_channel_trace *trace) {
  const uint32_t columns = iscc_channel_trace_columns(trace);
  ISCC_FUZZ_REQUIRE(columns >= 1 && columns <= ISCC_CHANNEL_TRACE_COLUMNS_MAX);
  size_t line = 0;
  for (int64_t at_ns = 0, end_ns; at_ns < INT64_MAX; at_ns = end_ns) {
    ISCC_FUZZ_REQUIRE(iscc_channel_trace_line(trace, at_ns) == line++);
    end_ns = iscc_channel_trace_line_end_ns(trace, at_ns);
    ISCC_FUZZ_REQUIRE(end_ns > at_ns);
    for (uint32_t i = 0; i < columns; i++) {
      const double snr = iscc_channel_trace_snr(trace, i, at_ns);
      ISCC_FUZZ_REQUIRE(isfinite(snr) && snr > 0);
    }
  }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count) {
  iscc_error error = {""};
  iscc_channel_trace *trace;
  if (!iscc_fuzz_accepted(iscc_channel_trace_read(iscc_fuzz_file(bytes, count), &trace, &error), &error))
    return 0;
  check_lines(trace);
  iscc_channel_trace_destroy(trace);
  return 0;
}
