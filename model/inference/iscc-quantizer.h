/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-quantizer - the stochastic quantizer of eq. (6) and its bit-packed wire format.
 *
 * 2^(Q-1) knobs r_i = f_min + i (f_max - f_min)/(2^(Q-1) - 1), one bit of the Q for the sign. With |z| in
 * [r_i, r_(i+1)], Q(z) = sign(z) r_(i+1) with probability (|z| - r_i)/(r_(i+1) - r_i), else sign(z) r_i, so
 * that E Q(z) = z. |z| beyond f_max is clipped to f_max and counted; below f_min it is raised to f_min. Wire:
 * n values of Q bits each, first value first, most significant bit first: sign bit (1 = negative), knob
 * index; the last byte is filled with zero bits. */
#ifndef ISCC_QUANTIZER_H
#define ISCC_QUANTIZER_H

#include <stddef.h>
#include <stdint.h>

#include "iscc-random.h"
#include "iscc-status.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
  int bits;           /* Q, 2..16 */
  double feature_min; /* f_min >= 0 */
  double feature_max; /* f_max > f_min */
} iscc_quantizer;

/* Bytes of n packed values: ceil(n Q / 8). */
size_t iscc_quantizer_bytes(const iscc_quantizer *q, size_t n);

/* Quantizes and packs. bytes[0..iscc_quantizer_bytes(q, n)). clipped (may be NULL) counts |z| > f_max.
 * ISCC_EINVAL: the quantizer's fields are out of range, or a value is not finite. */
iscc_status iscc_quantizer_encode(const iscc_quantizer *q, const float *values, size_t n,
                                  iscc_random *rounding, uint8_t *bytes, size_t *clipped, iscc_error *error);

/* Unpacks n values. ISCC_EFORMAT: n_bytes is not iscc_quantizer_bytes(q, n). */
iscc_status iscc_quantizer_decode(const iscc_quantizer *q, const uint8_t *bytes, size_t n_bytes,
                                  float *values, size_t n, iscc_error *error);

#ifdef __cplusplus
}
#endif
#endif
