/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-fingerprint.h"

void iscc_fingerprint_begin(iscc_fingerprint *f) {
  iscc_digest_begin(&f->index);
  iscc_digest_begin(&f->value);
  f->draws = 0;
}

void iscc_fingerprint_add(iscc_fingerprint *f, uint32_t node, const iscc_draws *draws) {
  for (int i = 0; i < ISCC_DRAWS_KEPT; i++) {
    if (!(draws->kept >> i & 1)) continue;
    iscc_digest_integer(&f->index, node);
    iscc_digest_integer(&f->index, i);
    iscc_digest_real(&f->value, draws->value[i]);
    f->draws++;
  }
}

void iscc_fingerprint_read(const iscc_fingerprint *f, char index_sha256[ISCC_DIGEST_TEXT],
                           char value_sha256[ISCC_DIGEST_TEXT]) {
  iscc_fingerprint end = *f;
  iscc_digest_end(&end.index, index_sha256);
  iscc_digest_end(&end.value, value_sha256);
}
