/* SPDX-License-Identifier: GPL-2.0-only */
/* What a program of a campaign prints (results: lines). */
#include <math.h>
#include <stdlib.h>

#include "iscc-fuzz.h"
#include "iscc-value-lines.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count) {
  iscc_error error = {""};
  iscc_value *value;
  size_t values;
  if (!iscc_fuzz_accepted(iscc_value_lines_read(iscc_fuzz_file(bytes, count), &value, &values, &error),
                          &error))
    return 0;
  for (size_t i = 0; i < values; i++) {
    ISCC_FUZZ_REQUIRE(iscc_value_name_is_valid(value[i].name));
    ISCC_FUZZ_REQUIRE(isfinite(value[i].value));
  }
  free(value);
  return 0;
}
