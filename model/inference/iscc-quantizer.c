/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-quantizer.h"

#include <math.h>
#include <string.h>

enum { QUANTIZER_BITS_MIN = 2, QUANTIZER_BITS_MAX = 16 };

/* Fills bytes from the most significant bit on. */
typedef struct {
  uint8_t *at;
  uint32_t pending; /* bits not yet written, right-aligned */
  int count;        /* of them, 0..7 between calls */
} bit_writer;

static inline void write_bits(bit_writer *w, uint32_t value, int bits) {
  w->pending = w->pending << bits | value;
  w->count += bits;
  while (w->count >= 8) {
    w->count -= 8;
    *w->at++ = (uint8_t)(w->pending >> w->count);
  }
  w->pending &= (1u << w->count) - 1u;
}

static inline void flush_bits(bit_writer *w) {
  if (w->count > 0) *w->at++ = (uint8_t)(w->pending << (8 - w->count));
}

static iscc_status check(const iscc_quantizer *q, iscc_error *error) {
  if (q->bits < QUANTIZER_BITS_MIN || q->bits > QUANTIZER_BITS_MAX)
    return iscc_fail(error, ISCC_EINVAL, "quantizer bits: %d is outside %d..%d", q->bits, QUANTIZER_BITS_MIN,
                     QUANTIZER_BITS_MAX);
  if (!(isfinite(q->feature_min) && q->feature_min >= 0))
    return iscc_fail(error, ISCC_EINVAL, "quantizer feature_min: %g is not a finite number >= 0",
                     q->feature_min);
  if (!(isfinite(q->feature_max) && q->feature_max > q->feature_min))
    return iscc_fail(error, ISCC_EINVAL, "quantizer feature_max: %g is not finite and above feature_min %g",
                     q->feature_max, q->feature_min);
  return ISCC_OK;
}

static uint32_t last_knob(const iscc_quantizer *q) {
  return (1u << (q->bits - 1)) - 1u;
}

size_t iscc_quantizer_bytes(const iscc_quantizer *q, size_t n) {
  const size_t bits = (size_t)q->bits;
  return n / 8 * bits + (n % 8 * bits + 7) / 8; /* not n * bits: that could overflow */
}

iscc_status iscc_quantizer_encode(const iscc_quantizer *q, const float *values, size_t n,
                                  iscc_random *rounding, uint8_t *bytes, size_t *clipped, iscc_error *error) {
  const iscc_status status = check(q, error);
  if (status) return status;
  const uint32_t top = last_knob(q);
  const double knobs_per_unit = top / (q->feature_max - q->feature_min);
  bit_writer writer = {.at = bytes};
  size_t beyond = 0;
  for (size_t i = 0; i < n; i++) {
    if (!isfinite(values[i])) return iscc_fail(error, ISCC_EINVAL, "value %zu to quantize is not finite", i);
    const double size = fabs((double)values[i]);
    beyond += size > q->feature_max;
    double place = (size - q->feature_min) * knobs_per_unit; /* in knobs, 0..top after clipping */
    place = place < 0 ? 0 : place > top ? top : place;
    uint32_t knob = (uint32_t)place;
    /* One draw per value, whatever the value: the stream's position depends on the count alone. The share
     * above the lower knob is the probability of the upper one (eq. 6); at the last knob it is 0. */
    knob += iscc_random_uniform(rounding) < place - knob;
    const uint32_t negative = signbit(values[i]) != 0;
    write_bits(&writer, negative << (q->bits - 1) | knob, q->bits);
  }
  flush_bits(&writer);
  if (clipped) *clipped = beyond;
  return ISCC_OK;
}

iscc_status iscc_quantizer_decode(const iscc_quantizer *q, const uint8_t *bytes, size_t n_bytes,
                                  float *values, size_t n, iscc_error *error) {
  const iscc_status status = check(q, error);
  if (status) return status;
  if (n_bytes != iscc_quantizer_bytes(q, n))
    return iscc_fail(error, ISCC_EFORMAT, "%zu bytes are not %zu values of %d bits: %zu are", n_bytes, n,
                     q->bits, iscc_quantizer_bytes(q, n));
  const uint32_t top = last_knob(q);
  const double step = (q->feature_max - q->feature_min) / top;
  uint32_t pending = 0;
  int count = 0;
  for (size_t i = 0; i < n; i++) {
    for (; count < q->bits; count += 8) pending = pending << 8 | *bytes++;
    count -= q->bits;
    const uint32_t word = pending >> count;
    pending &= (1u << count) - 1u;
    const double size = q->feature_min + (word & top) * step;
    values[i] = (float)(word > top ? -size : size);
  }
  return ISCC_OK;
}
