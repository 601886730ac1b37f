/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-safetensors - the safetensors file layout: named single-precision tensors and a map of texts.
 *
 *   8 bytes   header length n, little-endian
 *   n bytes   JSON object: tensor name -> {"dtype", "shape", "data_offsets"}; "__metadata__" -> {text: text}
 *   the rest  tensors, little-endian, row-major; the offsets cover it without holes or overlaps
 *
 * Only dtype F32 is read and written. Knows nothing of networks: iscc-model gives names and shapes their
 * meaning. Reading refuses whatever breaks the layout with a line that names file and fault; no content makes
 * it crash. */
#ifndef ISCC_SAFETENSORS_H
#define ISCC_SAFETENSORS_H

#include <stddef.h>
#include <stdint.h>

#include "iscc-status.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { ISCC_TENSOR_NAME_MAX = 64, ISCC_TENSOR_RANK_MAX = 4, ISCC_TENSORS_MAX = 1024 };

typedef struct {
  char name[ISCC_TENSOR_NAME_MAX];
  int rank;
  size_t shape[ISCC_TENSOR_RANK_MAX];
  size_t count;      /* product of the shape */
  const float *data; /* count values, row-major */
} iscc_tensor;

typedef struct {
  const char *key, *text;
} iscc_safetensors_note;

typedef struct iscc_safetensors iscc_safetensors; /* a file that was read; owns its tensors and texts */

/* ISCC_EIO: cannot be opened or read, or is no regular file; ISCC_EFORMAT: not this layout; ISCC_ENOMEM. */
iscc_status iscc_safetensors_read(const char *path, iscc_safetensors **out, iscc_error *error);

/* The same from memory; name stands for the file in errors. Copies what it keeps. */
iscc_status iscc_safetensors_parse(const char *name, const uint8_t *bytes, size_t n_bytes,
                                   iscc_safetensors **out, iscc_error *error);
void iscc_safetensors_destroy(iscc_safetensors *file); /* NULL is fine */

const iscc_tensor *iscc_safetensors_tensor(const iscc_safetensors *file,
                                           const char *name); /* NULL: not there */
const iscc_tensor *iscc_safetensors_at(const iscc_safetensors *file,
                                       size_t index); /* in file order; NULL past the end */
const char *iscc_safetensors_text(const iscc_safetensors *file,
                                  const char *key);                /* metadata; NULL: not there */
const char *iscc_safetensors_sha256(const iscc_safetensors *file); /* of all bytes, 64 hex digits */

/* Writes tensors in the given order, beside the path first, then renamed onto it: an old file stays whole
 * until the new one is. Equal content gives equal bytes. Names and keys must differ from each other.
 * ISCC_EINVAL: a tensor or text cannot be written; ISCC_EIO: the file system refused. */
iscc_status iscc_safetensors_write(const char *path, const iscc_tensor *tensors, size_t tensor_count,
                                   const iscc_safetensors_note *notes, size_t note_count, iscc_error *error);

#ifdef __cplusplus
}
#endif
#endif
