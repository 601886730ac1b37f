/* SPDX-License-Identifier: GPL-2.0-only */
/* Arrival times (--arrivals=FILE). */
#include "iscc-arrivals.h"
#include "iscc-fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count) {
  iscc_error error = {""};
  iscc_arrivals *arrivals;
  iscc_random stream;
  iscc_random_seed(&stream, 1, 1, 0, ISCC_STREAM_ARRIVALS);
  const iscc_arrivals_settings settings = {.kind = ISCC_ARRIVALS_FILE, .path = iscc_fuzz_file(bytes, count)};
  if (!iscc_fuzz_accepted(iscc_arrivals_create(&settings, &stream, &arrivals, &error), &error)) return 0;
  int64_t last_ns = 0;
  for (int64_t at_ns; (at_ns = iscc_arrivals_next_ns(arrivals)) >= 0; last_ns = at_ns)
    ISCC_FUZZ_REQUIRE(at_ns >= last_ns);
  iscc_arrivals_destroy(arrivals);
  return 0;
}
