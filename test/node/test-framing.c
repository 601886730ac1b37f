/* SPDX-License-Identifier: GPL-2.0-only */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "iscc-framing.h"
#include "iscc-random.h"

enum { MESSAGES = 300 };

static struct {
  size_t n_bytes[MESSAGES];
  uint8_t first[MESSAGES], last[MESSAGES];
  int count;
} came;

static void note(void *ctx, const void *bytes, size_t n_bytes) {
  const uint8_t *b = bytes;
  ck_assert_ptr_eq(ctx, &came);
  came.n_bytes[came.count] = n_bytes;
  came.first[came.count] = n_bytes ? b[0] : 0;
  came.last[came.count++] = n_bytes ? b[n_bytes - 1] : 0;
}

/* Messages of all lengths come out as they went in, however the stream is cut. */
START_TEST(messages_come_whole_however_the_stream_is_cut) {
  static const size_t cuts[] = {1, 2, 3, 536, 1460, 1 << 20};
  iscc_random r;
  iscc_random_seed(&r, 8, 0, 0, ISCC_STREAM_TEST);
  size_t n_bytes[MESSAGES], whole = 0;
  uint8_t *stream = malloc(MESSAGES * (size_t)(ISCC_FRAMING_MESSAGE_MAX + ISCC_FRAMING_HEAD_BYTES));
  for (int i = 0; i < MESSAGES; i++) {
    n_bytes[i] =
        i % 50 == 0 ? ISCC_FRAMING_MESSAGE_MAX - (size_t)(i % 3) : (size_t)iscc_random_below(&r, 3000);
    if (i % 40 == 1) n_bytes[i] = (size_t)(i % 3);
    iscc_framing_head(stream + whole, n_bytes[i]);
    whole += ISCC_FRAMING_HEAD_BYTES;
    memset(stream + whole, i + 1, n_bytes[i]);
    if (n_bytes[i]) stream[whole + n_bytes[i] - 1] = (uint8_t)~i;
    whole += n_bytes[i];
  }
  iscc_framing f = {0};
  memset(&came, 0, sizeof came);
  for (size_t at = 0; at < whole;) {
    size_t n = cuts[_i] > 1000 ? 1 + (size_t)iscc_random_below(&r, (uint32_t)cuts[_i]) : cuts[_i];
    if (n > whole - at) n = whole - at;
    ck_assert_int_eq(iscc_framing_feed(&f, stream + at, n, note, &came, NULL), ISCC_OK);
    at += n;
  }
  ck_assert_int_eq(came.count, MESSAGES);
  for (int i = 0; i < MESSAGES; i++) {
    ck_assert_uint_eq(came.n_bytes[i], n_bytes[i]);
    if (n_bytes[i] > 1) ck_assert_uint_eq(came.first[i], (uint8_t)(i + 1));
    if (n_bytes[i]) ck_assert_uint_eq(came.last[i], (uint8_t)~i);
  }
  iscc_framing_clear(&f);
  free(stream);
}
END_TEST

START_TEST(another_stream_begins_with_a_head) {
  iscc_framing f = {0};
  memset(&came, 0, sizeof came);
  ck_assert_int_eq(iscc_framing_feed(&f, (const uint8_t *)"\0\5abc", 5, note, &came, NULL), ISCC_OK);
  iscc_framing_restart(&f);
  ck_assert_int_eq(iscc_framing_feed(&f, (const uint8_t *)"\0\2xy", 4, note, &came, NULL), ISCC_OK);
  ck_assert_int_eq(came.count, 1);
  ck_assert_uint_eq(came.n_bytes[0], 2);
  ck_assert_int_eq(came.first[0], 'x');
  iscc_framing_clear(&f);
}
END_TEST

Suite *iscc_suite_framing(void);
Suite *iscc_suite_framing(void) {
  Suite *s = suite_create("node: messages in a stream");
  TCase *t = tcase_create("framing");
  tcase_add_loop_test(t, messages_come_whole_however_the_stream_is_cut, 0, 6);
  tcase_add_test(t, another_stream_begins_with_a_head);
  suite_add_tcase(s, t);
  return s;
}
