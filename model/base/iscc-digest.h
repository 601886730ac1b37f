/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-digest - SHA-256 of values, to tell cached results of one set of settings from those of another. */
#ifndef ISCC_DIGEST_H
#define ISCC_DIGEST_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum { ISCC_DIGEST_TEXT = 65, ISCC_DIGEST_STATE_WORDS = 32 };

typedef struct {
  uint64_t state[ISCC_DIGEST_STATE_WORDS]; /* of the library behind it */
} iscc_digest;

void iscc_digest_begin(iscc_digest *d);
void iscc_digest_bytes(iscc_digest *d, const void *bytes, size_t n);
void iscc_digest_integer(iscc_digest *d, int64_t value);
void iscc_digest_real(iscc_digest *d, double value);               /* by its bits */
void iscc_digest_text(iscc_digest *d, const char *text);           /* with its end */
void iscc_digest_end(iscc_digest *d, char text[ISCC_DIGEST_TEXT]); /* 64 hexadecimal digits */

#ifdef __cplusplus
}
#endif
#endif
