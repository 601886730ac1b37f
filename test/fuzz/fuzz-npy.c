/* SPDX-License-Identifier: GPL-2.0-only */
/* NumPy files: `iscc infer` reads features and spectrograms from them. What was read is written and read again. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "iscc-fuzz.h"
#include "iscc-npy.h"

static void check_round_trip(const iscc_npy *array) {
  static const char path[] = "written.npy";
  iscc_npy back;
  ISCC_FUZZ_REQUIRE(iscc_npy_write(path, array, NULL) == ISCC_OK);
  ISCC_FUZZ_REQUIRE(iscc_npy_read(path, &back, NULL) == ISCC_OK);
  ISCC_FUZZ_REQUIRE(back.type == array->type && back.dimensions == array->dimensions);
  for (int i = 0; i < array->dimensions; i++) ISCC_FUZZ_REQUIRE(back.shape[i] == array->shape[i]);
  const size_t bytes = iscc_npy_count(array) * iscc_npy_item_bytes(array->type);
  ISCC_FUZZ_REQUIRE(memcmp(back.data, array->data, bytes) == 0);
  iscc_npy_release(&back);
  unlink(path);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count) {
  iscc_error error = {""};
  iscc_npy array;
  if (!iscc_fuzz_accepted(iscc_npy_read(iscc_fuzz_file(bytes, count), &array, &error), &error)) return 0;
  check_round_trip(&array);
  iscc_npy_release(&array);
  return 0;
}
