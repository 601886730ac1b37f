/* SPDX-License-Identifier: GPL-2.0-only */
/* Bytes as a model file (--model=FILE). */
#include "iscc-fuzz.h"
#include "iscc-model.h"
#include "iscc-safetensors.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count) {
  iscc_error error = {""};
  iscc_safetensors *file;
  iscc_model *model;
  size_t values = 0;
  if (!iscc_fuzz_accepted(iscc_safetensors_parse("file", bytes, count, &file, &error), &error)) return 0;
  for (size_t i = 0; iscc_safetensors_at(file, i); i++) {
    const iscc_tensor *tensor = iscc_safetensors_at(file, i);
    ISCC_FUZZ_REQUIRE(iscc_safetensors_tensor(file, tensor->name) == tensor);
    values += tensor->count;
  }
  ISCC_FUZZ_REQUIRE(values * sizeof(float) < count);
  iscc_safetensors_destroy(file);
  if (iscc_fuzz_accepted(iscc_model_read(iscc_fuzz_file(bytes, count), &model, &error), &error))
    iscc_model_destroy(model);
  return 0;
}
