/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-digest.h"

#include <string.h>
#include <sys/types.h>

#include <sha2.h>

_Static_assert(sizeof(SHA2_CTX) <= sizeof(iscc_digest), "raise ISCC_DIGEST_STATE_WORDS");

static SHA2_CTX *context(iscc_digest *d) {
  return (SHA2_CTX *)(void *)d->state;
}

void iscc_digest_begin(iscc_digest *d) {
  SHA256Init(context(d));
}

void iscc_digest_bytes(iscc_digest *d, const void *bytes, size_t n) {
  SHA256Update(context(d), bytes, n);
}

void iscc_digest_integer(iscc_digest *d, int64_t value) {
  iscc_digest_bytes(d, &value, sizeof value);
}

void iscc_digest_real(iscc_digest *d, double value) {
  iscc_digest_bytes(d, &value, sizeof value);
}

void iscc_digest_text(iscc_digest *d, const char *text) {
  iscc_digest_bytes(d, text, strlen(text) + 1);
}

void iscc_digest_end(iscc_digest *d, char text[ISCC_DIGEST_TEXT]) {
  SHA256End(context(d), text);
}
