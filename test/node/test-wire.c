/* SPDX-License-Identifier: GPL-2.0-only */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "iscc-random.h"
#include "iscc-wire.h"

static const uint8_t body[4] = {0xde, 0xad, 0xbe, 0xef};

static iscc_message features_message(void) {
  return (iscc_message){.kind = ISCC_MESSAGE_FEATURES,
                        .round = 3,
                        .task = 0x01020304,
                        .split = 6,
                        .bits = 5,
                        .fragment = 1,
                        .fragments = 0x0102,
                        .chunk_bytes = 4,
                        .deadline_us = 0xa1b2c3d4,
                        .body = body,
                        .body_bytes = 4};
}

START_TEST(features_bytes_are_as_documented) {
  const iscc_message m = features_message();
  uint8_t bytes[64];
  const uint8_t expected[] = {0x1c, 2, 1, 3, 1,    2,    3,    4,    6,    5,    0,    1,
                              1,    2, 0, 4, 0xa1, 0xb2, 0xc3, 0xd4, 0xde, 0xad, 0xbe, 0xef};
  ck_assert_uint_eq(iscc_wire_encode(&m, bytes, sizeof bytes), sizeof expected);
  ck_assert_mem_eq(bytes, expected, sizeof expected);
}
END_TEST

START_TEST(answer_bytes_are_as_documented) {
  const iscc_message m = {
      .kind = ISCC_MESSAGE_ANSWER, .task = 7, .wait_ns = 0x10203, .compute_ns = 9, .answer_class = 4};
  uint8_t bytes[64];
  const uint8_t expected[] = {0x1c, 2, 5, 0, 0, 0, 0, 7, 0, 0, 0, 0, 0, 1, 2, 3, 0, 0, 0, 0, 0, 0, 0, 9, 4};
  ck_assert_uint_eq(iscc_wire_encode(&m, bytes, sizeof bytes), ISCC_WIRE_ANSWER_BYTES);
  ck_assert_mem_eq(bytes, expected, sizeof expected);
}
END_TEST

static void assert_same(const iscc_message *a, const iscc_message *b) {
  ck_assert_int_eq(a->kind, b->kind);
  ck_assert_uint_eq(a->round, b->round);
  ck_assert_uint_eq(a->task, b->task);
  ck_assert_int_eq(a->split, b->split);
  ck_assert_int_eq(a->bits, b->bits);
  ck_assert_int_eq(a->fragment, b->fragment);
  ck_assert_int_eq(a->fragments, b->fragments);
  ck_assert_int_eq(a->chunk_bytes, b->chunk_bytes);
  ck_assert_int_eq(a->busy_ns, b->busy_ns);
  ck_assert_int_eq(a->wait_ns, b->wait_ns);
  ck_assert_int_eq(a->compute_ns, b->compute_ns);
  ck_assert_int_eq(a->answer_class, b->answer_class);
  ck_assert_uint_eq(a->body_bytes, b->body_bytes);
  if (a->body_bytes > 0) ck_assert_mem_eq(a->body, b->body, a->body_bytes);
}

static const iscc_message others[] = {
    {.kind = ISCC_MESSAGE_PROBE, .round = 255, .task = UINT32_MAX},
    {.kind = ISCC_MESSAGE_MISSING, .round = 1, .task = 5, .fragments = 0},
    {.kind = ISCC_MESSAGE_MISSING, .round = 1, .task = 5, .fragments = 29, .body = body, .body_bytes = 4},
    {.kind = ISCC_MESSAGE_BUSY, .task = 6, .busy_ns = INT64_MAX},
    {.kind = ISCC_MESSAGE_ANSWER,
     .task = 7,
     .wait_ns = 1,
     .compute_ns = 2,
     .answer_class = ISCC_WIRE_CLASS_UNKNOWN}};

START_TEST(every_message_comes_back) {
  uint8_t bytes[64];
  iscc_message back;
  const iscc_message first = features_message();
  size_t n = iscc_wire_encode(&first, bytes, sizeof bytes);
  ck_assert_int_eq(iscc_wire_decode(bytes, n, &back, NULL), ISCC_OK);
  assert_same(&first, &back);
  for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
    n = iscc_wire_encode(&others[i], bytes, sizeof bytes);
    ck_assert_uint_gt(n, 0);
    ck_assert_int_eq(iscc_wire_decode(bytes, n, &back, NULL), ISCC_OK);
    assert_same(&others[i], &back);
  }
}
END_TEST

START_TEST(what_cannot_be_said_is_not_encoded) {
  uint8_t bytes[64];
  iscc_message m = features_message();
  ck_assert_uint_eq(iscc_wire_encode(&m, bytes, 19), 0); /* one byte too few */
  m.fragment = m.fragments;
  ck_assert_uint_eq(iscc_wire_encode(&m, bytes, sizeof bytes), 0);
  m = features_message();
  m.fragments = ISCC_WIRE_FRAGMENTS_MAX + 1;
  ck_assert_uint_eq(iscc_wire_encode(&m, bytes, sizeof bytes), 0);
  m = features_message();
  m.body_bytes = 3; /* only the last fragment may be shorter */
  ck_assert_uint_eq(iscc_wire_encode(&m, bytes, sizeof bytes), 0);
  m = features_message();
  m.fragment = m.fragments - 1;
  m.chunk_bytes = 3; /* nor may it be longer */
  ck_assert_uint_eq(iscc_wire_encode(&m, bytes, sizeof bytes), 0);
  m = (iscc_message){.kind = ISCC_MESSAGE_BUSY, .busy_ns = -1};
  ck_assert_uint_eq(iscc_wire_encode(&m, bytes, sizeof bytes), 0);
  m = (iscc_message){.kind = (iscc_message_kind)9};
  ck_assert_uint_eq(iscc_wire_encode(&m, bytes, sizeof bytes), 0);
}
END_TEST

START_TEST(truncated_and_prolonged_messages_are_refused) {
  uint8_t bytes[64];
  iscc_message back;
  for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
    const size_t n = iscc_wire_encode(&others[i], bytes, sizeof bytes);
    for (size_t cut = 0; cut < n; cut++)
      ck_assert_int_eq(iscc_wire_decode(bytes, cut, &back, NULL), ISCC_EFORMAT);
    ck_assert_int_eq(iscc_wire_decode(bytes, n + 1, &back, NULL), ISCC_EFORMAT);
  }
  const iscc_message m = features_message();
  const size_t n = iscc_wire_encode(&m, bytes, sizeof bytes);
  for (size_t cut = 0; cut < n; cut++)
    ck_assert_int_eq(iscc_wire_decode(bytes, cut, &back, NULL), ISCC_EFORMAT);
  ck_assert_int_eq(iscc_wire_decode(bytes, n + 1, &back, NULL), ISCC_EFORMAT);
}
END_TEST

START_TEST(foreign_bytes_are_named) {
  uint8_t bytes[64];
  iscc_message back;
  iscc_error error;
  const size_t n = iscc_wire_encode(&others[0], bytes, sizeof bytes);
  bytes[1] = 1;
  ck_assert_int_eq(iscc_wire_decode(bytes, n, &back, &error), ISCC_EFORMAT);
  ck_assert_str_eq(error.text, "datagram is of protocol version 1, known is 2");
  bytes[1] = 2;
  bytes[0] = 'x';
  ck_assert_int_eq(iscc_wire_decode(bytes, n, &back, &error), ISCC_EFORMAT);
  ck_assert_str_eq(error.text, "datagram of 8 bytes is not of this protocol");
}
END_TEST

/* Each datagram lies in a block of exactly its size, so that a sanitizer sees any reading beyond it. Whatever
 * decodes must encode to the same bytes again: nothing was made up. */
START_TEST(random_bytes_never_mislead) {
  iscc_random r;
  iscc_random_seed(&r, 1, 1, 0, ISCC_STREAM_TEST);
  int accepted = 0;
  for (int i = 0; i < 200000; i++) {
    const size_t n = iscc_random_below(&r, 160);
    uint8_t *bytes = malloc(n ? n : 1);
    for (size_t k = 0; k < n; k++)
      bytes[k] = (uint8_t)iscc_random_below(&r, iscc_random_below(&r, 4) ? 4 : 256);
    if (n > 2) {
      bytes[0] = 0x1c;
      bytes[1] = 2;
      bytes[2] = (uint8_t)iscc_random_below(&r, 7);
    }
    iscc_message m;
    if (iscc_wire_decode(bytes, n, &m, NULL) == ISCC_OK) {
      uint8_t again[256];
      accepted++;
      ck_assert_uint_eq(iscc_wire_encode(&m, again, sizeof again), n);
      ck_assert_mem_eq(again, bytes, n);
    }
    free(bytes);
  }
  ck_assert_int_gt(accepted, 100);
}
END_TEST

/* Microseconds modulo 2^32 name one instant within 35 min of now, before or after, across the wrap. */
START_TEST(deadlines_survive_the_wrap_of_their_clock) {
  const int64_t wrap_ns = 4294967296000, minute_ns = 60000000000;
  const int64_t nows[] = {
      0, 1000, minute_ns, wrap_ns - 1000, wrap_ns, wrap_ns + minute_ns, 1000 * wrap_ns + 5};
  const int64_t aheads[] = {0, 1000, minute_ns, 35 * minute_ns, -1000, -minute_ns, -35 * minute_ns};
  for (size_t i = 0; i < sizeof nows / sizeof *nows; i++)
    for (size_t k = 0; k < sizeof aheads / sizeof *aheads; k++) {
      const int64_t deadline_ns = nows[i] + aheads[k];
      if (deadline_ns < 0) continue;
      const int64_t back_ns = iscc_wire_deadline_ns(iscc_wire_deadline_us(deadline_ns), nows[i]);
      ck_assert_int_eq(back_ns, deadline_ns / 1000 * 1000);
    }
}
END_TEST

START_TEST(fragments_cover_the_payload) {
  int chunk;
  ck_assert_int_eq(iscc_wire_fragments(0, 1472, &chunk), 0);
  ck_assert_int_eq(iscc_wire_fragments(1, 1472, &chunk), 1);
  ck_assert_int_eq(chunk, 1452);
  ck_assert_int_eq(iscc_wire_fragments(1452, 1472, &chunk), 1);
  ck_assert_int_eq(iscc_wire_fragments(1453, 1472, &chunk), 2);
  ck_assert_int_eq(iscc_wire_fragments(100000, 1 << 30, &chunk), 2);
  ck_assert_int_eq(chunk, 65535);
}
END_TEST

Suite *iscc_suite_wire(void);
Suite *iscc_suite_wire(void) {
  Suite *s = suite_create("node: wire");
  TCase *t = tcase_create("wire");
  tcase_add_test(t, features_bytes_are_as_documented);
  tcase_add_test(t, answer_bytes_are_as_documented);
  tcase_add_test(t, every_message_comes_back);
  tcase_add_test(t, what_cannot_be_said_is_not_encoded);
  tcase_add_test(t, truncated_and_prolonged_messages_are_refused);
  tcase_add_test(t, foreign_bytes_are_named);
  tcase_add_test(t, random_bytes_never_mislead);
  tcase_add_test(t, deadlines_survive_the_wrap_of_their_clock);
  tcase_add_test(t, fragments_cover_the_payload);
  suite_add_tcase(s, t);
  return s;
}
