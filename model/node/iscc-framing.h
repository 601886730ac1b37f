/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-framing - messages in a stream of bytes: each behind its length in 2 bytes, big endian. */
#ifndef ISCC_FRAMING_H
#define ISCC_FRAMING_H

#include <stddef.h>
#include <stdint.h>

#include "iscc-status.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { ISCC_FRAMING_HEAD_BYTES = 2, ISCC_FRAMING_MESSAGE_MAX = UINT16_MAX };

/* n_bytes <= ISCC_FRAMING_MESSAGE_MAX. */
void iscc_framing_head(uint8_t head[ISCC_FRAMING_HEAD_BYTES], size_t n_bytes);

/* What came of a message so far. Zero at the beginning of a stream. */
typedef struct {
  uint8_t *buffer; /* grows to the longest message that came in parts */
  size_t have, capacity;
} iscc_framing;

typedef void iscc_framing_message(void *ctx, const void *bytes, size_t n_bytes);

/* The next bytes of the stream: calls fn with each message that they complete. fn must not touch the framing.
 * ISCC_ENOMEM: the stream cannot go on. */
iscc_status iscc_framing_feed(iscc_framing *framing, const uint8_t *bytes, size_t n_bytes,
                              iscc_framing_message *fn, void *ctx, iscc_error *error);

void iscc_framing_restart(iscc_framing *framing); /* another stream begins */
void iscc_framing_clear(iscc_framing *framing);   /* gives its memory back */

#ifdef __cplusplus
}
#endif
#endif
