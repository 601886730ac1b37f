/* SPDX-License-Identifier: GPL-2.0-only */
#include <check.h>
#include <string.h>

#include "iscc-safe-text.h"

static const struct {
  const char *text, *want;
  size_t cut, columns;
} texts[] = {{"plain", "plain", 0, 5},
             {"", "", 0, 0},
             {"\033[2J", "\\x1b[2J", 0, 7},
             {"a\nb\tc\rd", "a\\nb\\tc\\x0dd", 0, 12},
             {"\x7f", "\\x7f", 0, 4},
             {"Gr\xc3\xb6\xc3\x9f"
              "e \xe2\x82\xac \xf0\x9f\x98\x80",
              "Gr\xc3\xb6\xc3\x9f"
              "e \xe2\x82\xac \xf0\x9f\x98\x80",
              0, 9},
             {"\xc2\x9b"
              "2J",
              "\\xc2\\x9b2J", 0, 10}, /* C1: CSI in one character */
             {"\xe2\x80\xae"
              "txt",
              "\\xe2\\x80\\xaetxt", 0, 15}, /* right to left */
             {"\xff\xfe", "\\xff\\xfe", 0, 8},
             {"\xc3", "\\xc3", 0, 4},                             /* ends within a character */
             {"\xc0\xaf", "\\xc0\\xaf", 0, 8},                    /* not the shortest form */
             {"\xed\xa0\x80", "\\xed\\xa0\\x80", 0, 12},          /* a surrogate */
             {"\xf4\x90\x80\x80", "\\xf4\\x90\\x80\\x80", 0, 16}, /* beyond Unicode */
             {"0123456789", "0123456789", 10, 10},
             {"0123456789a", "0123456...", 10, 10},
             {"01234\033\033\033", "01234...", 10, 8}}; /* no part of an escape */

START_TEST(texts_by_hand) {
  char out[64];
  const size_t columns =
      iscc_safe_text(texts[_i].text, strlen(texts[_i].text), texts[_i].cut, out, sizeof out);
  ck_assert_str_eq(out, texts[_i].want);
  ck_assert_uint_eq(columns, texts[_i].columns);
}
END_TEST

/* Any size is kept to, and nothing is cut within a character. */
START_TEST(room_is_kept_to) {
  static const char text[] = "\xe2\x82\xac\033\xe2\x82\xac\xe2\x82\xac";
  for (size_t size = 4; size < 20; size++) {
    char out[32], again[64];
    memset(out, 'x', sizeof out);
    iscc_safe_text(text, strlen(text), 0, out, size);
    ck_assert_uint_lt(strlen(out), size);
    ck_assert_int_eq(out[size], 'x');
    iscc_safe_text(out, strlen(out), 0, again, sizeof again);
    ck_assert_str_eq(again, out);
  }
}
END_TEST

Suite *iscc_suite_safe_text(void);
Suite *iscc_suite_safe_text(void) {
  Suite *suite = suite_create("safe text");
  TCase *tc = tcase_create("safe text");
  tcase_add_loop_test(tc, texts_by_hand, 0, sizeof texts / sizeof *texts);
  tcase_add_test(tc, room_is_kept_to);
  suite_add_tcase(suite, tc);
  return suite;
}
