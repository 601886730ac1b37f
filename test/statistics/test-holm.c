/* SPDX-License-Identifier: GPL-2.0-only */
#include <check.h>
#include <math.h>
#include <string.h>

#include "iscc-holm.h"
#include "iscc-random.h"

enum { MOST = 6 };

/* By hand; a negative value stands for NAN. */
static const struct {
  size_t m;
  double p[MOST], adjusted[MOST];
} known[] = {
    {1, {0.03}, {0.03}},
    {2, {0.04, 0.01}, {0.04, 0.02}},
    {3, {0.02, 0.02, 0.02}, {0.06, 0.06, 0.06}},
    {4, {0.01, 0.04, 0.03, 0.005}, {0.03, 0.06, 0.06, 0.02}},
    {3, {0.01, 0.9, 0.6}, {0.03, 1, 1}},
    {5, {-1, 0.02, -1, 0.03, 0.5}, {-1, 0.06, -1, 0.06, 0.5}}, /* two not made: factors 3, 2, 1 */
    {3, {0, 1, 0}, {0, 1, 0}},
    {2, {-1, -1}, {-1, -1}},
};

START_TEST(adjusted_by_hand) {
  double p[MOST], adjusted[MOST];
  for (size_t i = 0; i < MOST; i++) p[i] = known[_i].p[i] < 0 ? (double)NAN : known[_i].p[i];
  ck_assert_int_eq(iscc_holm_adjust(p, known[_i].m, adjusted, NULL), ISCC_OK);
  for (size_t i = 0; i < known[_i].m; i++) {
    if (known[_i].adjusted[i] < 0)
      ck_assert_double_nan(adjusted[i]);
    else
      ck_assert_double_eq_tol(adjusted[i], known[_i].adjusted[i], 1e-15);
  }
  ck_assert_int_eq(iscc_holm_adjust(p, known[_i].m, p, NULL), ISCC_OK); /* in place */
  ck_assert_int_eq(memcmp(p, adjusted, known[_i].m * sizeof *p), 0);
}
END_TEST

START_TEST(what_is_no_p_value_is_refused) {
  const double wrong[] = {-0.01, 1.01, INFINITY};
  const double p[] = {0.5, wrong[_i]};
  double adjusted[] = {7, 7};
  iscc_error error = {""};
  ck_assert_int_eq(iscc_holm_adjust(p, 2, adjusted, &error), ISCC_EINVAL);
  ck_assert(adjusted[0] == 7 && adjusted[1] == 7);
  ck_assert_ptr_nonnull(strstr(error.text, "p-value 2"));
}
END_TEST

START_TEST(no_comparisons_are_fine) {
  ck_assert_int_eq(iscc_holm_adjust(NULL, 0, NULL, NULL), ISCC_OK);
}
END_TEST

/* Eight comparisons without any difference, four of which lean on one value, as of schemes compared with the
 * same scheme: none should be called different in 95 % of 20000 campaigns. Unadjusted, a third would have
 * one. One standard deviation of the count is below 31. */
START_TEST(families_without_a_difference_are_seldom_accused) {
  iscc_random random;
  iscc_random_seed(&random, 19, 0, 0, ISCC_STREAM_TEST);
  int accused = 0, unadjusted = 0;
  for (int k = 0; k < 20000; k++) {
    const double shared = iscc_random_normal(&random);
    double p[8], adjusted[8], least = 1, least_adjusted = 1;
    for (int i = 0; i < 8; i++) {
      const double own = iscc_random_normal(&random);
      p[i] = erfc(fabs(i < 4 ? 0.6 * shared + 0.8 * own : own) / sqrt(2));
      least = fmin(least, p[i]);
    }
    ck_assert_int_eq(iscc_holm_adjust(p, 8, adjusted, NULL), ISCC_OK);
    for (int i = 0; i < 8; i++) least_adjusted = fmin(least_adjusted, adjusted[i]);
    accused += least_adjusted <= 0.05;
    unadjusted += least <= 0.05;
  }
  ck_assert_int_ge(unadjusted, 5000);
  ck_assert_int_le(accused, 1000 + 93);
  ck_assert_int_ge(accused, 800); /* not by saying "no" to all */
}
END_TEST

/* Against the definition, all pairs compared, with ties. */
START_TEST(many_agree_with_the_definition) {
  enum { M = 60 };
  iscc_random random;
  iscc_random_seed(&random, 23, (uint64_t)_i, 0, ISCC_STREAM_TEST);
  double p[M], adjusted[M];
  for (int i = 0; i < M; i++) p[i] = (double)iscc_random_below(&random, 40) / 400;
  ck_assert_int_eq(iscc_holm_adjust(p, M, adjusted, NULL), ISCC_OK);
  for (int j = 0; j < M; j++) {
    double expected = 0;
    for (int i = 0; i < M; i++) {
      int not_smaller = 0;
      for (int l = 0; l < M; l++) not_smaller += p[l] >= p[i];
      if (p[i] <= p[j]) expected = fmax(expected, fmin(1, not_smaller * p[i]));
    }
    ck_assert_double_eq_tol(adjusted[j], expected, 1e-15);
  }
}
END_TEST

Suite *iscc_suite_holm(void);
Suite *iscc_suite_holm(void) {
  Suite *s = suite_create("helper: holm");
  TCase *t = tcase_create("holm");
  tcase_add_loop_test(t, adjusted_by_hand, 0, sizeof known / sizeof *known);
  tcase_add_loop_test(t, what_is_no_p_value_is_refused, 0, 3);
  tcase_add_test(t, no_comparisons_are_fine);
  tcase_add_test(t, families_without_a_difference_are_seldom_accused);
  tcase_add_loop_test(t, many_agree_with_the_definition, 0, 5);
  suite_add_tcase(s, t);
  return s;
}
