/* SPDX-License-Identifier: GPL-2.0-only */
#include <check.h>
#include <string.h>

#include "iscc-status.h"

START_TEST(failure_text_is_written_and_status_returned) {
  iscc_error error = {.text = "before"};
  ck_assert_int_eq(iscc_fail(&error, ISCC_EINVAL, "power_w: %g is not > 0", -1.5), ISCC_EINVAL);
  ck_assert_str_eq(error.text, "power_w: -1.5 is not > 0");
  ck_assert_int_eq(iscc_fail(NULL, ISCC_EIO, "text not wanted"), ISCC_EIO);
}
END_TEST

START_TEST(long_text_is_cut_not_overrun) {
  iscc_error error;
  char text[2 * ISCC_ERROR_TEXT_MAX];
  memset(text, 'x', sizeof text - 1);
  text[sizeof text - 1] = '\0';
  iscc_fail(&error, ISCC_EIO, "%s", text);
  ck_assert_uint_eq(strlen(error.text), ISCC_ERROR_TEXT_MAX - 1);
  memset(text, '\n', sizeof text - 1); /* longer once it is made safe */
  iscc_fail(&error, ISCC_EIO, "%s", text);
  ck_assert_uint_lt(strlen(error.text), ISCC_ERROR_TEXT_MAX);
  ck_assert_str_eq(error.text + strlen(error.text) - 5, "\\n...");
}
END_TEST

/* What a file may hold, and what is told of it. */
static const struct {
  const char *given, *told;
} hostile[] = {{"a\x1b[2Jb", "a\\x1b[2Jb"},
               {"two\nlines\r", "two\\nlines\\x0d"},
               {"caf\xc3\xa9 \xe2\x82\xac", "caf\xc3\xa9 \xe2\x82\xac"},
               {"Latin-1 \xe9.", "Latin-1 \\xe9."},
               {"cut \xe2\x82", "cut \\xe2\\x82"}};

START_TEST(a_file_cannot_give_a_terminal_orders) {
  iscc_error error;
  iscc_fail(&error, ISCC_EFORMAT, "%s", hostile[_i].given);
  ck_assert_str_eq(error.text, hostile[_i].told);
}
END_TEST

START_TEST(every_status_has_its_own_text) {
  const iscc_status all[] = {
#define ISCC_STATUS_LIST(name, code, text) ISCC_##name,
      ISCC_STATUS_MAP(ISCC_STATUS_LIST)
#undef ISCC_STATUS_LIST
  };
  for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
    ck_assert_str_ne(iscc_status_text(all[i]), "unknown status");
    for (size_t j = 0; j < i; j++) ck_assert_str_ne(iscc_status_text(all[i]), iscc_status_text(all[j]));
  }
}
END_TEST

Suite *iscc_suite_status(void);
Suite *iscc_suite_status(void) {
  Suite *s = suite_create("base: status");
  TCase *t = tcase_create("status");
  tcase_add_test(t, failure_text_is_written_and_status_returned);
  tcase_add_test(t, long_text_is_cut_not_overrun);
  tcase_add_loop_test(t, a_file_cannot_give_a_terminal_orders, 0, sizeof hostile / sizeof *hostile);
  tcase_add_test(t, every_status_has_its_own_text);
  suite_add_tcase(s, t);
  return s;
}
