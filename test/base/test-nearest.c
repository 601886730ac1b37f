/* SPDX-License-Identifier: GPL-2.0-only */
#include <check.h>
#include <string.h>

#include "iscc-nearest.h"

static const struct {
  const char *typed, *name;
  int distance;
} pairs[] = {{"same", "same", 0},
             {"SAME", "same", 0},
             {"", "abc", 3},
             {"abc", "", 6},
             {"Freqy", "Frequency", 4},
             {"FREQ", "Frequency", 1},
             {"uen", "Frequency", 1},
             {"ue", "Frequency", 7},
             {"kitten", "sitting", 5},
             {"Exponant", "Exponent", 2},
             {"LosssModel", "LossModel", 2},
             {"abc", "acb", 3}};

/* By hand: a letter left out 1, one too many 2, another one 2. */
START_TEST(distances_are_those_counted_by_hand) {
  ck_assert_int_eq(iscc_name_distance(pairs[_i].typed, pairs[_i].name), pairs[_i].distance);
}
END_TEST

START_TEST(the_nearest_are_asked_for_nearest_first) {
  char text[256];
  iscc_nearest n = {.typed = "Exponant"};
  ck_assert_str_eq(iscc_nearest_question(&n, text, sizeof text), "");
  iscc_nearest_offer(&n, "ReferenceLoss");
  ck_assert_str_eq(iscc_nearest_question(&n, text, sizeof text), "; did you mean ReferenceLoss?");
  iscc_nearest_offer(&n, "Exponents");
  iscc_nearest_offer(&n, "Exponent");
  iscc_nearest_offer(&n, "ReferenceDistance");
  ck_assert_str_eq(iscc_nearest_question(&n, text, sizeof text), "; did you mean Exponent or Exponents?");
  iscc_nearest_offer(&n, "Exponant1");
  ck_assert_str_eq(iscc_nearest_question(&n, text, sizeof text),
                   "; did you mean Exponant1, Exponent or Exponents?");
  iscc_nearest_offer(&n, "Exponant2"); /* as near as the first, later */
  ck_assert_str_eq(iscc_nearest_question(&n, text, sizeof text),
                   "; did you mean Exponant1, Exponant2 or Exponent?");
}
END_TEST

START_TEST(long_names_and_short_buffers_are_cut) {
  char longest[300], text[24];
  memset(longest, 'x', sizeof longest - 1);
  longest[sizeof longest - 1] = '\0';
  iscc_nearest n = {.typed = longest};
  ck_assert_int_eq(iscc_name_distance(longest, "xxx"), 2 * (ISCC_NEAREST_NAME_MAX - 1 - 3));
  for (int i = 0; i < 5; i++) iscc_nearest_offer(&n, longest);
  ck_assert_str_eq(iscc_nearest_question(&n, text, sizeof text), "; did you mean xxxxxxxx");
}
END_TEST

Suite *iscc_suite_nearest(void);
Suite *iscc_suite_nearest(void) {
  Suite *s = suite_create("base: nearest names");
  TCase *t = tcase_create("nearest");
  tcase_add_loop_test(t, distances_are_those_counted_by_hand, 0, (int)(sizeof pairs / sizeof *pairs));
  tcase_add_test(t, the_nearest_are_asked_for_nearest_first);
  tcase_add_test(t, long_names_and_short_buffers_are_cut);
  suite_add_tcase(s, t);
  return s;
}
