/* SPDX-License-Identifier: GPL-2.0-only */
#include <check.h>
#include <float.h>
#include <stdlib.h>
#include <string.h>

#include "iscc-json-text.h"

static void expect_text(json_t *value, const char *wanted) {
  char *text = iscc_json_text(value);
  ck_assert_str_eq(text, wanted);
  free(text);
  json_decref(value);
}

START_TEST(numbers_are_as_short_as_they_were_typed) {
  expect_text(json_real(1e-21), "1e-21");
  expect_text(json_real(0.85), "0.85");
  expect_text(json_pack("{s:f, s:i, s:s}", "a", 0.1, "b", 3, "c", "x"), "{\"a\":0.1,\"b\":3,\"c\":\"x\"}");
}
END_TEST

START_TEST(no_digit_that_counts_is_left_out) {
  const double odd[] = {0.1 + 0.2,          1 / 3.0, DBL_MAX, DBL_MIN, 2.2250738585072011e-308,
                        9007199254740993.0, 5e-324};
  for (size_t i = 0; i < sizeof odd / sizeof *odd; i++) {
    json_t *value = json_pack("[f,f]", 0.1, odd[i]);
    char *text = iscc_json_text(value);
    json_t *back = json_loads(text, 0, NULL);
    ck_assert_msg(json_equal(back, value), "%s", text);
    json_decref(back);
    json_decref(value);
    free(text);
  }
  expect_text(json_real(0.1 + 0.2), "0.30000000000000004");
}
END_TEST

Suite *iscc_suite_json_text(void);
Suite *iscc_suite_json_text(void) {
  Suite *s = suite_create("helper: JSON as text");
  TCase *t = tcase_create("text");
  tcase_add_test(t, numbers_are_as_short_as_they_were_typed);
  tcase_add_test(t, no_digit_that_counts_is_left_out);
  suite_add_tcase(s, t);
  return s;
}
