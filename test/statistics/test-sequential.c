/* SPDX-License-Identifier: GPL-2.0-only */
/* The stopping rule by hand. How often its intervals hold is in test-coverage-study.c. */
#include <check.h>
#include <math.h>
#include <string.h>

#include "iscc-random.h"
#include "iscc-sequential.h"

static const iscc_sequential_rule absolute = {.confidence = 0.95, .width = 2, .minimum = 5};

static iscc_sequential_look look(const iscc_sequential_rule *rule, const double *values, size_t n) {
  const iscc_moments so_far = iscc_moments_of(values, n);
  return iscc_sequential_look_at(rule, &so_far);
}

/* 1 2 3 4 5: s^2 = 2.5, t = 2.776445 at 4 degrees of freedom, factor 1.32. */
START_TEST(a_look_by_hand) {
  const double values[] = {1, 2, 3, 4, 5}, half_width = 1.32 * 2.776445 * sqrt(0.5);
  iscc_sequential_rule rule = absolute;
  const iscc_sequential_look far = look(&rule, values, 5);
  ck_assert_double_eq(far.mean, 3);
  ck_assert_double_eq_tol(far.half_width, half_width, 1e-6);
  ck_assert_double_eq(far.asked, 2);
  ck_assert_double_eq(far.needed, 9); /* 5 (2.5915/2)^2 = 8.4 */
  ck_assert(!far.reached);
  rule.width = half_width + 1e-6;
  ck_assert(look(&rule, values, 5).reached);
  rule.width = half_width - 1e-6;
  ck_assert(!look(&rule, values, 5).reached);
}
END_TEST

START_TEST(relative_to_a_mean_of_either_sign) {
  const double values[] = {-11, -12, -13, -14, -15}, half_width = 1.32 * 2.776445 * sqrt(0.5);
  iscc_sequential_rule rule = {.confidence = 0.95, .width = 0.1, .relative = true, .minimum = 5};
  ck_assert_double_eq_tol(look(&rule, values, 5).asked, 1.3, 1e-12);
  ck_assert(!look(&rule, values, 5).reached);
  rule.width = half_width / 13 + 1e-6;
  ck_assert(look(&rule, values, 5).reached);
}
END_TEST

/* Student's t at 4 degrees of freedom: 1.32 2.776445 = 3.664907, beyond which lie 2 0.010743. */
START_TEST(a_confidence_as_wide) {
  ck_assert_double_eq_tol(iscc_sequential_confidence(0.95, 5), 0.97851, 1e-5);
  const double values[] = {1, 2, 3, 4, 7};
  const iscc_sequential_look seen = look(&absolute, values, 5);
  ck_assert_double_eq_tol(iscc_mean_interval_at(values, 5, iscc_sequential_confidence(0.95, 5)).half_width,
                          seen.half_width, 1e-9);
  ck_assert_double_eq_tol(iscc_sequential_p_value(1 - 0.97851, 5), 0.05, 1e-4);
  ck_assert_double_eq(iscc_sequential_p_value(1, 5), 1);
  ck_assert_double_eq(iscc_sequential_p_value(0, 5), 0);
  ck_assert_double_nan(iscc_sequential_p_value((double)NAN, 1));
}
END_TEST

START_TEST(the_next_look) {
  iscc_sequential_look seen = {.needed = 12};
  ck_assert_uint_eq(iscc_sequential_next(&seen, 10), 12);
  ck_assert_uint_eq(iscc_sequential_next(&seen, 5), 8);
  seen.needed = 9;
  ck_assert_uint_eq(iscc_sequential_next(&seen, 10), 11);
  seen.needed = INFINITY;
  ck_assert_uint_eq(iscc_sequential_next(&seen, 10), 15);
  seen.needed = (double)NAN;
  ck_assert_uint_eq(iscc_sequential_next(&seen, 10), 15);
  seen.reached = true;
  ck_assert_uint_eq(iscc_sequential_next(&seen, 10), 10);
}
END_TEST

/* A mean of 0 has no relative precision: more runs than any. */
START_TEST(relative_to_nothing) {
  const double values[] = {-1, 1, 0, 0, 0, 0};
  const iscc_sequential_rule rule = {.confidence = 0.95, .width = 0.1, .relative = true, .minimum = 5};
  ck_assert(!look(&rule, values, 6).reached);
  ck_assert(isinf(look(&rule, values, 6).needed));
}
END_TEST

START_TEST(not_before_the_minimum) {
  const double values[] = {7, 7, 7, 7, 7, 7, 7};
  iscc_sequential_rule rule = absolute;
  rule.minimum = 6;
  for (size_t n = 1; n <= 7; n++) ck_assert_int_eq(look(&rule, values, n).reached, n >= 6);
  ck_assert_double_eq(look(&rule, values, 6).half_width, 0);
  ck_assert_double_eq(look(&rule, values, 6).needed, 6);
  ck_assert_double_nan(look(&rule, values, 1).half_width);
  ck_assert_double_nan(look(&rule, values, 1).needed);
}
END_TEST

START_TEST(a_value_that_is_none_never_stops) {
  const double values[] = {1, 1, NAN, 1, 1, 1};
  ck_assert(!look(&absolute, values, 6).reached);
}
END_TEST

/* What is reported is wider than the usual interval, and the less so the more runs there are. */
START_TEST(the_correction_fades) {
  iscc_random random;
  iscc_random_seed(&random, 31, 0, 0, ISCC_STREAM_TEST);
  iscc_moments so_far = {0};
  double last = INFINITY;
  for (int n = 1; n <= 200; n++) {
    iscc_moments_add(&so_far, iscc_random_normal(&random));
    if (n < 2) continue;
    const double usual = iscc_moments_interval(&so_far, 0.9).half_width;
    const iscc_sequential_rule rule = {.confidence = 0.9, .width = 1, .minimum = 5};
    const double wider = iscc_sequential_look_at(&rule, &so_far).half_width / usual;
    ck_assert(wider > 1 && wider < last);
    last = wider;
  }
  ck_assert_double_lt(last, 1.001);
}
END_TEST

/* Five ones: Wilson's bounds at 97.85 % (factor 1.32) are z^2/(5 + z^2) = 0.5139 apart, z = 2.29936. */
START_TEST(equal_successes_are_not_certain) {
  iscc_sequential_rule rule = {.confidence = 0.95, .width = 0.05, .minimum = 5};
  const iscc_sequential_look ones = iscc_sequential_look_at_share(&rule, 5, 5);
  ck_assert_double_eq_tol(ones.half_width, 0.5139 / 2, 1e-4);
  ck_assert(!ones.reached && ones.mean == 1);
  ck_assert_double_eq_tol(iscc_sequential_look_at_share(&rule, 0, 5).half_width, ones.half_width, 1e-12);
  ck_assert(!iscc_sequential_look_at_share(&rule, 30, 30).reached); /* 0.114/2 */
  ck_assert(iscc_sequential_look_at_share(&rule, 40, 40).reached);
  ck_assert(!iscc_sequential_look_at_share(&rule, 36, 40).reached);
  rule.minimum = 50;
  ck_assert(!iscc_sequential_look_at_share(&rule, 40, 40).reached);
}
END_TEST

START_TEST(pairs_that_agree_are_not_certain) {
  const iscc_sequential_rule rule = {.confidence = 0.95, .width = 0.1, .minimum = 5};
  const iscc_sequential_look same = iscc_sequential_look_at_paired_shares(&rule, 5, 0, 0, 0);
  const double reach =
      0.5139; /* either share's, and no correlation to be seen: sqrt(2) of it on either side */
  ck_assert_double_eq_tol(same.half_width, reach, 1e-4);
  ck_assert(same.mean == 0 && !same.reached);
  ck_assert_double_gt(iscc_sequential_look_at_paired_shares(&rule, 0, 5, 0, 0).half_width, 0.3);
  ck_assert(iscc_sequential_look_at_paired_shares(&rule, 100, 1, 0, 0).reached);
}
END_TEST

START_TEST(wrong_rules_are_named) {
  static const struct {
    iscc_sequential_rule rule;
    const char *names;
  } wrong[] = {{{0, 1, false, 5}, "confidence"},
               {{1, 1, false, 5}, "confidence"},
               {{NAN, 1, false, 5}, "confidence"},
               {{0.95, 0, false, 5}, "width"},
               {{0.95, INFINITY, false, 5}, "width"},
               {{0.95, NAN, true, 5}, "width"},
               {{0.95, 0.3, true, 4}, "minimum: 4 runs"},
               {{0.95, 1, false, 0}, "minimum"},
               {{0.95, 0.31, true, 5}, "width: 0.31 of the mean is more than 0.3"}};
  iscc_error error = {""};
  ck_assert_int_eq(iscc_sequential_check(&wrong[_i].rule, &error), ISCC_EINVAL);
  ck_assert_ptr_nonnull(strstr(error.text, wrong[_i].names));
  ck_assert_int_eq(iscc_sequential_check(&absolute, &error), ISCC_OK);
}
END_TEST

Suite *iscc_suite_sequential(void);
Suite *iscc_suite_sequential(void) {
  Suite *s = suite_create("helper: sequential");
  TCase *t = tcase_create("sequential");
  tcase_add_test(t, a_look_by_hand);
  tcase_add_test(t, relative_to_a_mean_of_either_sign);
  tcase_add_test(t, relative_to_nothing);
  tcase_add_test(t, a_confidence_as_wide);
  tcase_add_test(t, the_next_look);
  tcase_add_test(t, not_before_the_minimum);
  tcase_add_test(t, a_value_that_is_none_never_stops);
  tcase_add_test(t, the_correction_fades);
  tcase_add_loop_test(t, wrong_rules_are_named, 0, 9);
  tcase_add_test(t, equal_successes_are_not_certain);
  tcase_add_test(t, pairs_that_agree_are_not_certain);
  suite_add_tcase(s, t);
  return s;
}
