/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-framing.h"

#include <stdlib.h>
#include <string.h>

void iscc_framing_head(uint8_t head[ISCC_FRAMING_HEAD_BYTES], size_t n_bytes) {
  head[0] = (uint8_t)(n_bytes >> 8);
  head[1] = (uint8_t)n_bytes;
}

static size_t length_of(const uint8_t *head) {
  return (size_t)head[0] << 8 | head[1];
}

/* Takes bytes over until the message at hand has `wanted` of them, head included. The number taken. */
static size_t take(iscc_framing *f, size_t wanted, const uint8_t *bytes, size_t n_bytes) {
  const size_t lacks = wanted - f->have, taken = n_bytes < lacks ? n_bytes : lacks;
  memcpy(f->buffer + f->have, bytes, taken);
  f->have += taken;
  return taken;
}

static iscc_status make_room(iscc_framing *f, size_t wanted, iscc_error *error) {
  if (wanted <= f->capacity) return ISCC_OK;
  uint8_t *grown = realloc(f->buffer, wanted);
  if (!grown) return iscc_fail(error, ISCC_ENOMEM, "stream: no memory for a message of %zu bytes", wanted);
  f->buffer = grown;
  f->capacity = wanted;
  return ISCC_OK;
}

iscc_status iscc_framing_feed(iscc_framing *f, const uint8_t *bytes, size_t n_bytes, iscc_framing_message *fn,
                              void *ctx, iscc_error *error) {
  while (n_bytes > 0) {
    if (f->have == 0 && n_bytes >= ISCC_FRAMING_HEAD_BYTES) { /* whole messages need no copy */
      const size_t whole = ISCC_FRAMING_HEAD_BYTES + length_of(bytes);
      if (n_bytes >= whole) {
        fn(ctx, bytes + ISCC_FRAMING_HEAD_BYTES, whole - ISCC_FRAMING_HEAD_BYTES);
        bytes += whole;
        n_bytes -= whole;
        continue;
      }
    }
    size_t wanted = ISCC_FRAMING_HEAD_BYTES;
    if (f->have >= ISCC_FRAMING_HEAD_BYTES) wanted += length_of(f->buffer);
    const iscc_status status = make_room(f, wanted, error);
    if (status) return status;
    const size_t taken = take(f, wanted, bytes, n_bytes);
    bytes += taken;
    n_bytes -= taken;
    if (f->have < ISCC_FRAMING_HEAD_BYTES || f->have < ISCC_FRAMING_HEAD_BYTES + length_of(f->buffer))
      continue;
    const size_t length = f->have - ISCC_FRAMING_HEAD_BYTES;
    f->have = 0;
    fn(ctx, f->buffer + ISCC_FRAMING_HEAD_BYTES, length);
  }
  return ISCC_OK;
}

void iscc_framing_restart(iscc_framing *f) {
  f->have = 0;
}

void iscc_framing_clear(iscc_framing *f) {
  free(f->buffer);
  *f = (iscc_framing){0};
}
