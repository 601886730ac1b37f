/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-fingerprint - SHA-256 of what the streams of one purpose gave to all nodes of a run.
 *
 * Two hashes: of the indices (node, number in its stream) of the draws kept, in order, and of their values. Where runs
 * have equal hashes of indices, equal values tell that both drew the same numbers; where the indices differ, nothing
 * can be told. A plain value. */
#ifndef ISCC_FINGERPRINT_H
#define ISCC_FINGERPRINT_H

#include "iscc-digest.h"
#include "iscc-draws.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
  iscc_digest index, value;
  int64_t draws; /* hashed so far */
} iscc_fingerprint;

void iscc_fingerprint_begin(iscc_fingerprint *fingerprint);
/* Adds the draws of a node; nodes come in increasing order. */
void iscc_fingerprint_add(iscc_fingerprint *fingerprint, uint32_t node, const iscc_draws *draws);
/* What was added so far; more may follow. */
void iscc_fingerprint_read(const iscc_fingerprint *fingerprint, char index_sha256[ISCC_DIGEST_TEXT],
                           char value_sha256[ISCC_DIGEST_TEXT]);

#ifdef __cplusplus
}
#endif
#endif
