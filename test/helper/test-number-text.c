/* SPDX-License-Identifier: GPL-2.0-only */
/* One text for a number: the same for all ways to write it, and the same double. */
#include <check.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "iscc-number-text.h"
#include "iscc-random.h"

static const struct {
  const char *written, *text; /* NULL: no plain decimal number */
} numbers[] = {{"0.80", "0.8"},
               {"0.8", "0.8"},
               {".8", "0.8"},
               {"8e-1", "0.8"},
               {"020", "20"},
               {"20", "20"},
               {"+20", "20"},
               {"5.", "5"},
               {"5.0", "5"},
               {"-5.00", "-5"},
               {"50e-1", "5"},
               {"1e-1", "0.1"},
               {"1E6", "1000000"},
               {"1.5e3", "1500"},
               {"0", "0"},
               {"-0.0", "0"},
               {"0e5", "0"},
               {"000", "0"},
               {"1e-7", "1e-7"},
               {"0.0000001", "1e-7"},
               {"1e300", "1e300"},
               {"0.1000000000000000055511151231257827", "0.1"},
               {"0.30000000000000004", "0.30000000000000004"},
               {"18446744073709551615", "18446744073709551615"},
               {"9007199254740993", "9007199254740993"},
               {"123456789012345678901", NULL},
               {"1e19", "10000000000000000000"},
               {"1e20", "1e20"},
               {"1e999", NULL},
               {"1e-999", NULL},
               {"1e99999999999999999999", NULL},
               {"0x10", NULL},
               {"1_000", NULL},
               {"1,5", NULL},
               {"1.2.3", NULL},
               {"1e", NULL},
               {"1e+", NULL},
               {"e5", NULL},
               {".", NULL},
               {"-", NULL},
               {"", NULL},
               {" 5", NULL},
               {"5 ", NULL},
               {"nan", NULL},
               {"inf", NULL},
               {"--5", NULL}};

START_TEST(a_number_has_one_text) {
  char text[ISCC_NUMBER_TEXT_MAX];
  const bool is = iscc_number_text(numbers[_i].written, text);
  ck_assert_int_eq(is, numbers[_i].text != NULL);
  if (!is) return;
  ck_assert_str_eq(text, numbers[_i].text);
  ck_assert(iscc_number_text_equal(numbers[_i].written, numbers[_i].text));
}
END_TEST

static void write_in_way(int way, double value, char written[64]) {
  if (way == 0) snprintf(written, 64, "%.17g", value);
  if (way == 1) snprintf(written, 64, "%.16e", value);
  if (way == 2) snprintf(written, 64, "%.20e", value);
  if (way == 3) snprintf(written, 64, "%.50f", value);
}

/* Of random doubles, in several ways to write them. */
START_TEST(the_text_is_the_same_double) {
  iscc_random random;
  iscc_random_seed(&random, 1, 1, 0, ISCC_STREAM_TEST);
  for (int i = 0; i < 20000; i++) {
    char written[64] = "", text[ISCC_NUMBER_TEXT_MAX], first[ISCC_NUMBER_TEXT_MAX] = "";
    const double value = iscc_random_between(&random, -1, 1) * pow(10, iscc_random_between(&random, -40, 15));
    for (int way = 0; way < (fabs(value) > 1e-20 && fabs(value) < 1e8 ? 4 : 3); way++) {
      write_in_way(way, value, written);
      ck_assert_msg(iscc_number_text(written, text), "%s", written);
      ck_assert_msg(strtod(text, NULL) == value, "%s as %s", written, text);
      ck_assert_uint_le(strlen(text), strlen(written));
      if (way) ck_assert_str_eq(text, first);
      snprintf(first, sizeof first, "%s", text);
    }
  }
}
END_TEST

START_TEST(texts_are_equal_as_texts) {
  ck_assert(iscc_number_text_equal("joint", "joint"));
  ck_assert(iscc_number_text_equal("", ""));
  ck_assert(!iscc_number_text_equal("", "0"));
  ck_assert(!iscc_number_text_equal("0x10", "16"));
  ck_assert(!iscc_number_text_equal("1.2.3", "1.2.30"));
}
END_TEST

Suite *iscc_suite_number_text(void);

Suite *iscc_suite_number_text(void) {
  Suite *suite = suite_create("number-text");
  TCase *tc = tcase_create("number-text");
  tcase_add_loop_test(tc, a_number_has_one_text, 0, sizeof numbers / sizeof *numbers);
  tcase_add_test(tc, the_text_is_the_same_double);
  tcase_add_test(tc, texts_are_equal_as_texts);
  suite_add_tcase(suite, tc);
  return suite;
}
