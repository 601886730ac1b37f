/* SPDX-License-Identifier: GPL-2.0-only */
#define MATHLIB_STANDALONE
#include <Rmath.h>
#include <check.h>
#include <math.h>
#include <stdlib.h>

#include "iscc-fading.h"

enum { BLOCKS = 100000 };

static iscc_fading fading_of(double m) {
  return (iscc_fading){.seed = 1, .run = 2, .node = 3, .coherence_ns = 1000, .nakagami_m = m};
}

static int ascending(const void *a, const void *b) {
  const double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

static const double shapes[] = {0.5, 0.7, 1.0, 2.0, 6.5};

/* Kolmogorov-Smirnov against the gamma distribution of shape m and mean 1; 1.95/sqrt(n) is passed with 99.9
 * %. */
START_TEST(gains_are_gamma_of_mean_one) {
  const double m = shapes[_i];
  const iscc_fading fading = fading_of(m);
  double *gain = malloc(BLOCKS * sizeof *gain);
  double sum = 0.0;
  for (int k = 0; k < BLOCKS; k++) {
    gain[k] = iscc_fading_gain(&fading, k * 1000ll);
    ck_assert(gain[k] > 0.0);
    sum += gain[k];
  }
  ck_assert_double_lt(fabs(sum / BLOCKS - 1.0), 4.0 / sqrt(m * BLOCKS));
  qsort(gain, BLOCKS, sizeof *gain, ascending);
  double distance = 0.0;
  for (int k = 0; k < BLOCKS; k++) {
    const double p = pgamma(gain[k], m, 1.0 / m, 1, 0);
    distance = fmax(distance, fmax(fabs(p - (double)k / BLOCKS), fabs(p - (k + 1.0) / BLOCKS)));
  }
  ck_assert_double_lt(distance, 1.95 / sqrt(BLOCKS));
  free(gain);
}
END_TEST

START_TEST(any_order_gives_the_same_channel) {
  const iscc_fading fading = fading_of(1.0);
  double forward[100];
  for (int k = 0; k < 100; k++) forward[k] = iscc_fading_gain(&fading, k * 1000ll);
  for (int k = 99; k >= 0; k--) ck_assert(iscc_fading_gain(&fading, k * 1000ll + 999) == forward[k]);
  for (int k = 1; k < 100; k++) ck_assert(forward[k] != forward[k - 1]);
}
END_TEST

START_TEST(neighbouring_blocks_are_independent) {
  const iscc_fading fading = fading_of(1.0);
  double sum = 0.0;
  for (int k = 0; k < BLOCKS; k++)
    sum +=
        (iscc_fading_gain(&fading, k * 1000ll) - 1.0) * (iscc_fading_gain(&fading, (k + 1) * 1000ll) - 1.0);
  ck_assert_double_lt(fabs(sum / BLOCKS), 4.0 / sqrt(BLOCKS)); /* standard deviation of a product: 1 */
}
END_TEST

START_TEST(every_identity_has_its_own_channel) {
  const iscc_fading fading = fading_of(1.0);
  iscc_fading other[3] = {fading, fading, fading};
  other[0].seed++;
  other[1].run++;
  other[2].node++;
  for (int i = 0; i < 3; i++) ck_assert(iscc_fading_gain(&fading, 0) != iscc_fading_gain(&other[i], 0));
}
END_TEST

START_TEST(blocks_end_where_the_gain_changes) {
  const iscc_fading fading = fading_of(1.0);
  ck_assert_int_eq(iscc_fading_block_end_ns(&fading, 0), 1000);
  ck_assert_int_eq(iscc_fading_block_end_ns(&fading, 999), 1000);
  ck_assert_int_eq(iscc_fading_block_end_ns(&fading, 1000), 2000);
  ck_assert_int_eq(iscc_fading_block_end_ns(&fading, INT64_MAX), INT64_MAX);
  ck_assert(iscc_fading_gain(&fading, 999) != iscc_fading_gain(&fading, 1000));
  const iscc_fading none = {.nakagami_m = 1.0};
  ck_assert(iscc_fading_gain(&none, 12345) == 1.0);
  ck_assert_int_eq(iscc_fading_block_end_ns(&none, 12345), INT64_MAX);
}
END_TEST

START_TEST(impossible_fading_is_refused) {
  iscc_error error;
  iscc_fading fading = fading_of(0.4);
  ck_assert_int_eq(iscc_fading_check(&fading, &error), ISCC_EINVAL);
  ck_assert_str_eq(error.text, "Nakagami m: 0.4 is not a number >= 0.5");
  fading.nakagami_m = (double)NAN;
  ck_assert_int_eq(iscc_fading_check(&fading, NULL), ISCC_EINVAL);
  fading = fading_of(1.0);
  fading.coherence_ns = -1;
  ck_assert_int_eq(iscc_fading_check(&fading, NULL), ISCC_EINVAL);
  fading.coherence_ns = 0;
  ck_assert_int_eq(iscc_fading_check(&fading, NULL), ISCC_OK);
}
END_TEST

Suite *iscc_suite_fading(void);
Suite *iscc_suite_fading(void) {
  Suite *s = suite_create("node: fading");
  TCase *t = tcase_create("fading");
  tcase_add_loop_test(t, gains_are_gamma_of_mean_one, 0, (int)(sizeof shapes / sizeof *shapes));
  tcase_add_test(t, any_order_gives_the_same_channel);
  tcase_add_test(t, neighbouring_blocks_are_independent);
  tcase_add_test(t, every_identity_has_its_own_channel);
  tcase_add_test(t, blocks_end_where_the_gain_changes);
  tcase_add_test(t, impossible_fading_is_refused);
  suite_add_tcase(s, t);
  return s;
}
