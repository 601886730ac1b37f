/* SPDX-License-Identifier: GPL-2.0-only */
/* A model file with a layout that is right: what is fuzzed are its texts, which a file of mutated bytes seldom reaches.
 *
 * The input's lines are topology, provenance and calibration, and an object of the header's tensors; the rest are the
 * values of these. A model that was read is written, and gives the same bytes when that file is read and written. */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "iscc-fuzz.h"
#include "iscc-model.h"

enum { LENGTH_BYTES = 8 };

/* The next line, without its end; NULL: there is none. */
static const uint8_t *take_line(const uint8_t **at, size_t *left, size_t *length) {
  const uint8_t *line = *at, *end = memchr(line, '\n', *left);
  if (!end) return NULL;
  *length = (size_t)(end - line);
  *at = end + 1;
  *left -= *length + 1;
  return line;
}

/* The header's text; what remains of the input are the values. NULL: too few lines, or no UTF-8. */
static char *make_header(const uint8_t **at, size_t *left) {
  static const char *const notes[] = {"topology", "provenance", "calibration"};
  json_t *metadata = json_pack("{s:s}", "format", "iscc-model-2"), *header = NULL;
  size_t length;
  const uint8_t *line = *at;
  for (int i = 0; line && i < 3; i++)
    if ((line = take_line(at, left, &length)) && length)
      json_object_set_new(metadata, notes[i], json_stringn((const char *)line, length));
  if (line) line = take_line(at, left, &length);
  if (line) header = json_loadb((const char *)line, length, 0, NULL);
  char *text = NULL;
  if (json_is_object(header) && json_object_set(header, "__metadata__", metadata) == 0)
    text = json_dumps(header, JSON_COMPACT);
  json_decref(metadata);
  json_decref(header);
  return text;
}

/* The whole file; free() it. NULL: the input makes none. */
static uint8_t *make_file(const uint8_t *bytes, size_t count, size_t *file_bytes) {
  char *header = make_header(&bytes, &count);
  if (!header) return NULL;
  const size_t length = strlen(header);
  *file_bytes = LENGTH_BYTES + length + count;
  uint8_t *file = malloc(*file_bytes);
  ISCC_FUZZ_REQUIRE(file);
  for (int i = 0; i < LENGTH_BYTES; i++) file[i] = (uint8_t)((uint64_t)length >> 8 * i);
  memcpy(file + LENGTH_BYTES, header, length);
  memcpy(file + LENGTH_BYTES + length, bytes, count);
  free(header);
  return file;
}

static void check_round_trip(const iscc_model *model) {
  static const char first[] = "first.safetensors", second[] = "second.safetensors";
  iscc_model *back;
  ISCC_FUZZ_REQUIRE(iscc_model_write(first, model, NULL) == ISCC_OK);
  ISCC_FUZZ_REQUIRE(iscc_model_read(first, &back, NULL) == ISCC_OK);
  char *hash = strdup(back->sha256);
  ISCC_FUZZ_REQUIRE(iscc_model_write(second, back, NULL) == ISCC_OK);
  iscc_model_destroy(back);
  ISCC_FUZZ_REQUIRE(iscc_model_read(second, &back, NULL) == ISCC_OK);
  ISCC_FUZZ_REQUIRE(strcmp(hash, back->sha256) == 0);
  iscc_model_destroy(back);
  free(hash);
  unlink(first), unlink(second);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count) {
  iscc_error error = {""};
  iscc_model *model;
  size_t file_bytes;
  uint8_t *file = make_file(bytes, count, &file_bytes);
  if (!file) return 0;
  if (iscc_fuzz_accepted(iscc_model_read(iscc_fuzz_file(file, file_bytes), &model, &error), &error)) {
    check_round_trip(model);
    iscc_model_destroy(model);
  }
  free(file);
  return 0;
}
