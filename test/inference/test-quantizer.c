/* SPDX-License-Identifier: GPL-2.0-only */
#include <check.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "iscc-quantizer.h"

enum { DRAWS = 200000 };

/* Two-sided normal quantile of 1 - 1e-6: with some dozens of statistical comparisons on fixed seeds, a
 * correct quantizer would fail with a probability below 1e-4 had the seeds been drawn anew. */
#define Z_LIMIT 4.892

static iscc_random stream(uint64_t index) {
  iscc_random r;
  iscc_random_seed_at(&r, 1, 0, 0, ISCC_STREAM_TEST, index);
  return r;
}

/* The bits, written out by hand: sign, then knob, most significant first, zeros at the end. Values lie on
 * knobs, so that no draw matters. */
static const struct {
  const char *name;
  int bits;
  double low, high;
  size_t n;
  float values[8];
  size_t n_bytes;
  uint8_t bytes[16];
} layouts[] = {
    {"Q=2: 00 01 11 00", 2, 0, 1, 4, {0, 1, -1, 0}, 1, {0x1c}},   /* 00 01 11 00 */
    {"Q=3, knobs 0..3", 3, 0, 3, 3, {1, -2, 3}, 2, {0x39, 0x80}}, /* 001 110 011 -> 0011 1001 1 */
    {"Q=4, knobs 0..7", 4, 0, 7, 3, {5, -5, 7}, 2, {0x5d, 0x70}}, /* 0101 1101 0111 */
    {"Q=5 with f_min", 5, 1, 16, 2, {1, -16}, 2, {0x07, 0xc0}},   /* 00000 11111 */
    {"Q=8 is one byte a value", 8, 0, 127, 3, {3, -127, 64}, 3, {0x03, 0xff, 0x40}},
    {"Q=9 crosses bytes", 9, 0, 255, 2, {255, -1}, 3, {0x7f, 0xc0, 0x40}}, /* 011111111 100000001 */
    {"Q=16 is two bytes", 16, 0, 32767, 2, {258, -32767}, 4, {0x01, 0x02, 0xff, 0xff}},
    {"beyond the range: clipped", 2, 0, 1, 4, {7, -7, 0, 1}, 1, {0x71}}, /* 01 11 00 01 */
    {"nothing", 4, 0, 1, 0, {0}, 0, {0}},
};

START_TEST(layout_is_exact) {
  const iscc_quantizer q = {
      .bits = layouts[_i].bits, .feature_min = layouts[_i].low, .feature_max = layouts[_i].high};
  uint8_t bytes[17];
  memset(bytes, 0xa5, sizeof bytes);
  iscc_random r = stream(0);
  ck_assert_uint_eq(iscc_quantizer_bytes(&q, layouts[_i].n), layouts[_i].n_bytes);
  ck_assert_int_eq(iscc_quantizer_encode(&q, layouts[_i].values, layouts[_i].n, &r, bytes, NULL, NULL),
                   ISCC_OK);
  ck_assert_msg(memcmp(bytes, layouts[_i].bytes, layouts[_i].n_bytes) == 0, "%s: first byte %02x, want %02x",
                layouts[_i].name, bytes[0], layouts[_i].bytes[0]);
  ck_assert_uint_eq(bytes[layouts[_i].n_bytes], 0xa5); /* not a byte more */
}
END_TEST

START_TEST(byte_count_is_the_ceiling) {
  for (int bits = 2; bits <= 16; bits++) {
    const iscc_quantizer q = {.bits = bits, .feature_max = 1};
    for (size_t n = 0; n < 100; n++)
      ck_assert_uint_eq(iscc_quantizer_bytes(&q, n), (n * (size_t)bits + 7) / 8);
  }
}
END_TEST

/* Every word the wire can hold decodes to its knob, and encoding that gives the same bytes back. */
START_TEST(decode_then_encode_is_identity) {
  const uint32_t words = 1u << _i, top = (words >> 1) - 1;
  /* A step of 1/4 from 1/2 on: every knob is exact in single precision. */
  const iscc_quantizer q = {.bits = _i, .feature_min = 0.5, .feature_max = 0.5 + top * 0.25};
  uint8_t *bytes = calloc(words, 2), *again = calloc(words, 2);
  float *values = calloc(words, sizeof *values);
  for (uint32_t k = 0; k < words; k++) /* an independent packer: bit by bit */
    for (int b = 0; b < _i; b++) {
      const size_t place = (size_t)k * (size_t)_i + (size_t)b;
      if (k >> (_i - 1 - b) & 1u) bytes[place / 8] |= (uint8_t)(0x80u >> place % 8);
    }
  const size_t n_bytes = iscc_quantizer_bytes(&q, words);
  ck_assert_int_eq(iscc_quantizer_decode(&q, bytes, n_bytes, values, words, NULL), ISCC_OK);
  for (uint32_t k = 0; k < words; k++) {
    const double want = (0.5 + (k & top) * 0.25) * (k > top ? -1 : 1);
    ck_assert_double_eq((double)values[k], want);
  }
  iscc_random r = stream(1);
  ck_assert_int_eq(iscc_quantizer_encode(&q, values, words, &r, again, NULL, NULL), ISCC_OK);
  ck_assert_int_eq(memcmp(bytes, again, n_bytes), 0);
  free(bytes), free(again), free(values);
}
END_TEST

/* Mean and variance of the rounding at a value: unbiased, variance (z - r_i)(r_(i+1) - z). The variance's own
 * standard error comes from the fourth central moment of a two-point distribution. */
static void check_moments(const iscc_quantizer *q, double z, uint64_t seed) {
  const double step = (q->feature_max - q->feature_min) / ((1 << (q->bits - 1)) - 1);
  const float value = (float)z;
  const double size = fabs((double)value);
  const double share = fmod(size - q->feature_min, step) / step;
  iscc_random r = stream(seed);
  double sum = 0, squares = 0;
  for (int i = 0; i < DRAWS; i++) {
    uint8_t bytes[2];
    float back;
    ck_assert_int_eq(iscc_quantizer_encode(q, &value, 1, &r, bytes, NULL, NULL), ISCC_OK);
    ck_assert_int_eq(iscc_quantizer_decode(q, bytes, iscc_quantizer_bytes(q, 1), &back, 1, NULL), ISCC_OK);
    const double e = (double)back - (double)value;
    ck_assert_double_le(fabs(e), step * (1 + 1e-5)); /* never past the neighbouring knob */
    sum += e, squares += e * e;
  }
  const double variance = share * (1 - share) * step * step;
  const double fourth = variance * step * step * (1 - 3 * share * (1 - share));
  const double mean_error = sqrt(variance / DRAWS);
  const double variance_error = sqrt(fmax(fourth - variance * variance, 0) / DRAWS);
  ck_assert_msg(fabs(sum / DRAWS) <= Z_LIMIT * mean_error + 1e-7 * size,
                "Q=%d z=%g: bias %g, standard error %g", q->bits, z, sum / DRAWS, mean_error);
  ck_assert_msg(fabs(squares / DRAWS - variance) <= Z_LIMIT * variance_error + 1e-5 * step * step,
                "Q=%d z=%g: variance %g, want %g +- %g", q->bits, z, squares / DRAWS, variance,
                variance_error);
}

static const struct {
  int bits;
  double low, high;
} ranges[] = {{2, 0, 1}, {3, 0, 2.5}, {5, 0.5, 4}, {8, 0, 1}};

START_TEST(rounding_is_unbiased_with_the_stated_variance) {
  const iscc_quantizer q = {
      .bits = ranges[_i].bits, .feature_min = ranges[_i].low, .feature_max = ranges[_i].high};
  iscc_random where = stream(77);
  for (uint64_t k = 0; k < 4; k++) {
    const double size = iscc_random_between(&where, q.feature_min, q.feature_max);
    check_moments(&q, k % 2 ? -size : size, 10 + k);
  }
}
END_TEST

/* Over values spread evenly in their cell the mean squared error is step^2/6: what A(l) v(Q) builds on. */
START_TEST(mean_squared_error_over_a_cell) {
  const iscc_quantizer q = {.bits = 4, .feature_max = 7};
  iscc_random where = stream(5), r = stream(6);
  double squares = 0;
  enum { BLOCK = 1000 };
  for (int block = 0; block < DRAWS / BLOCK; block++) {
    float values[BLOCK], back[BLOCK];
    uint8_t bytes[BLOCK / 2];
    for (int i = 0; i < BLOCK; i++) values[i] = (float)iscc_random_between(&where, -7, 7);
    ck_assert_int_eq(iscc_quantizer_encode(&q, values, BLOCK, &r, bytes, NULL, NULL), ISCC_OK);
    ck_assert_int_eq(iscc_quantizer_decode(&q, bytes, sizeof bytes, back, BLOCK, NULL), ISCC_OK);
    for (int i = 0; i < BLOCK; i++) squares += pow((double)back[i] - (double)values[i], 2);
  }
  /* e^2 has mean 1/6 and second moment E[s(1-s)(1-3s(1-s))] = 1/6 - 3/30 = 1/15. */
  const double error = sqrt((1.0 / 15 - 1.0 / 36) / DRAWS);
  ck_assert_double_le(fabs(squares / DRAWS - 1.0 / 6), Z_LIMIT * error);
}
END_TEST

START_TEST(clipping_is_counted) {
  const iscc_quantizer q = {.bits = 6, .feature_min = 0.5, .feature_max = 2};
  const float values[] = {2.1f, -3, 2, 0.1f, -0.1f, 1};
  float back[6];
  uint8_t bytes[5];
  size_t clipped = 99;
  iscc_random r = stream(0);
  ck_assert_int_eq(iscc_quantizer_encode(&q, values, 6, &r, bytes, &clipped, NULL), ISCC_OK);
  ck_assert_uint_eq(clipped, 2);
  ck_assert_int_eq(iscc_quantizer_decode(&q, bytes, 5, back, 6, NULL), ISCC_OK);
  ck_assert(back[0] == 2.0f);
  ck_assert(back[1] == -2.0f);
  ck_assert(back[3] == 0.5f); /* below f_min: raised to it */
  ck_assert(back[4] == -0.5f);
}
END_TEST

START_TEST(one_draw_per_value_whatever_it_is) {
  const iscc_quantizer q = {.bits = 4, .feature_max = 1};
  const float on_knobs[3] = {0, 1, 9}, between[3] = {0.3f, -0.4f, 0.9f};
  uint8_t bytes[2];
  iscc_random a = stream(3), b = stream(3);
  ck_assert_int_eq(iscc_quantizer_encode(&q, on_knobs, 3, &a, bytes, NULL, NULL), ISCC_OK);
  ck_assert_int_eq(iscc_quantizer_encode(&q, between, 3, &b, bytes, NULL, NULL), ISCC_OK);
  ck_assert_uint_eq(iscc_random_u64(&a), iscc_random_u64(&b));
}
END_TEST

START_TEST(bad_input_is_refused) {
  const iscc_quantizer bad[] = {{1, 0, 1}, {17, 0, 1},          {4, -1, 1},         {4, 0, 0},
                                {4, 2, 1}, {4, 0, (double)NAN}, {4, (double)NAN, 1}};
  const float fine = 0.5f;
  float back;
  uint8_t bytes[4] = {0};
  iscc_random r = stream(0);
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
    iscc_error error = {.text = ""};
    ck_assert_int_eq(iscc_quantizer_encode(&bad[i], &fine, 1, &r, bytes, NULL, &error), ISCC_EINVAL);
    ck_assert_ptr_nonnull(strstr(error.text, "quantizer"));
    ck_assert_int_eq(iscc_quantizer_decode(&bad[i], bytes, 1, &back, 1, NULL), ISCC_EINVAL);
  }
  const iscc_quantizer q = {.bits = 4, .feature_max = 1};
  const float values[2] = {0, NAN}, infinite[2] = {INFINITY, 0};
  ck_assert_int_eq(iscc_quantizer_encode(&q, values, 2, &r, bytes, NULL, NULL), ISCC_EINVAL);
  ck_assert_int_eq(iscc_quantizer_encode(&q, infinite, 2, &r, bytes, NULL, NULL), ISCC_EINVAL);
  float many[4];
  ck_assert_int_eq(iscc_quantizer_decode(&q, bytes, 3, many, 4, NULL), ISCC_EFORMAT);
  ck_assert_int_eq(iscc_quantizer_decode(&q, bytes, 1, many, 4, NULL), ISCC_EFORMAT);
}
END_TEST

Suite *iscc_suite_quantizer(void);
Suite *iscc_suite_quantizer(void) {
  Suite *s = suite_create("inference: quantizer");
  TCase *t = tcase_create("quantizer");
  tcase_set_timeout(t, 30);
  tcase_add_loop_test(t, layout_is_exact, 0, (int)(sizeof layouts / sizeof *layouts));
  tcase_add_test(t, byte_count_is_the_ceiling);
  tcase_add_loop_test(t, decode_then_encode_is_identity, 2, 17);
  tcase_add_test(t, mean_squared_error_over_a_cell);
  tcase_add_test(t, clipping_is_counted);
  tcase_add_test(t, one_draw_per_value_whatever_it_is);
  tcase_add_test(t, bad_input_is_refused);
  suite_add_tcase(s, t);
  t = tcase_create("many draws");
  tcase_set_timeout(t, 30);
  tcase_set_tags(t, "slow");
  tcase_add_loop_test(t, rounding_is_unbiased_with_the_stated_variance, 0,
                      (int)(sizeof ranges / sizeof *ranges));
  suite_add_tcase(s, t);
  return s;
}
