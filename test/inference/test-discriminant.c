/* SPDX-License-Identifier: GPL-2.0-only */
#include <check.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "iscc-discriminant.h"
#include "iscc-random.h"

static iscc_error error;

static double gain(const float *features, const uint8_t *label, size_t samples, int size, int classes) {
  double value = NAN;
  ck_assert_msg(iscc_discriminant_gain(features, label, samples, size, classes, &value, &error) == ISCC_OK,
                "%s", error.text);
  return value;
}

/* Means 1, 4, 10, variance 6/3: (9 + 36 + 81)/2/3 = 21. Means 0, 0, 3, variance 10/3: 18/(10/3)/3 = 1.8. */
START_TEST(example_by_hand) {
  static const float features[] = {0, -1, 3, 2, 9, 3, 11, 3, 2, 1, 5, -2};
  static const uint8_t label[] = {0, 1, 2, 2, 0, 1};
  ck_assert_double_eq_tol(gain(features, label, 6, 2, 3), 22.8, 1e-13);
}
END_TEST

/* Classes of 2 and 3 samples, means 1 and 4, variance (2 + 2)/3: G = 27/4, which is also the symmetric
 * Kullback-Leibler divergence, int (p - q) ln(p/q), of these two normal densities. */
START_TEST(pair_has_its_kullback_leibler_divergence) {
  static const float features[] = {0, 2, 3, 4, 5};
  static const uint8_t label[] = {0, 0, 1, 1, 1};
  const double variance = 4.0 / 3, step = 1e-3;
  double divergence = 0;
  for (double x = -20; x < 25; x += step) {
    const double p = exp(-(x - 1) * (x - 1) / (2 * variance)), q = exp(-(x - 4) * (x - 4) / (2 * variance));
    if (p > 0 && q > 0) divergence += (p - q) * log(p / q) * step / sqrt(2 * M_PI * variance);
  }
  ck_assert_double_eq_tol(divergence, 6.75, 1e-6);
  ck_assert_double_eq_tol(gain(features, label, 5, 1, 2), divergence, 1e-6);
}
END_TEST

/* Two normal clouds: the squared Mahalanobis distance, within five standard errors. */
START_TEST(clouds_have_their_mahalanobis_distance) {
  enum { EACH = 20000, SIZE = 4 };
  static const double mean[2][SIZE] = {{1, -3, 0.5, 100}, {2, -3, 0, 105}},
                      deviation[SIZE] = {1, 0.1, 0.4, 8};
  static float features[2 * EACH][SIZE];
  static uint8_t label[2 * EACH];
  iscc_random r;
  iscc_random_seed(&r, 31, 0, 0, ISCC_STREAM_TEST);
  for (int i = 0; i < 2 * EACH; i++) {
    label[i] = (uint8_t)(i % 2);
    for (int n = 0; n < SIZE; n++)
      features[i][n] = (float)(mean[i % 2][n] + deviation[n] * iscc_random_normal(&r));
  }
  double distance = 0, spread = 0; /* of d^2 in d: 2 d sqrt(2/m); in the variance: d^2/sqrt(m) */
  for (int n = 0; n < SIZE; n++) {
    const double d = (mean[0][n] - mean[1][n]) / deviation[n];
    distance += d * d;
    spread += (8 * d * d + d * d * d * d) / EACH;
  }
  ck_assert_double_eq_tol(gain(features[0], label, 2 * EACH, SIZE, 2), distance, 5 * sqrt(spread));
}
END_TEST

enum { CLASSES = 5, SIZE = 12, SAMPLES = 400 };
static float drawn[SAMPLES * SIZE];
static uint8_t labels[SAMPLES];

/* Classes of unequal size; values are multiples of 1/256, so that shifts and scales can be exact. */
static void draw(void) {
  iscc_random r;
  iscc_random_seed(&r, 32, 0, 0, ISCC_STREAM_TEST);
  double mean[CLASSES][SIZE];
  for (int l = 0; l < CLASSES; l++)
    for (int n = 0; n < SIZE; n++) mean[l][n] = iscc_random_normal(&r);
  for (int i = 0; i < SAMPLES; i++) {
    const int l = labels[i] = (uint8_t)(iscc_random_below(&r, 6) * (CLASSES - 1) / 5);
    for (int n = 0; n < SIZE; n++)
      drawn[i * SIZE + n] = (float)(rint(256 * (mean[l][n] + (1 + n) * iscc_random_normal(&r))) / 256);
  }
}

/* G(a, b) of one pair straight from its formula. */
static double pair_gain(int a, int b) {
  double sum = 0;
  for (int n = 0; n < SIZE; n++) {
    double mean[CLASSES] = {0}, count[CLASSES] = {0}, squares = 0;
    for (int i = 0; i < SAMPLES; i++) mean[labels[i]] += (double)drawn[i * SIZE + n], count[labels[i]]++;
    for (int l = 0; l < CLASSES; l++) mean[l] /= count[l];
    for (int i = 0; i < SAMPLES; i++) squares += pow((double)drawn[i * SIZE + n] - mean[labels[i]], 2);
    sum += pow(mean[a] - mean[b], 2) / (squares / (SAMPLES - CLASSES));
  }
  return sum;
}

START_TEST(gain_is_the_mean_over_pairs) {
  draw();
  double sum = 0;
  int pairs = 0;
  for (int a = 0; a < CLASSES; a++)
    for (int b = a + 1; b < CLASSES; b++, pairs++) sum += pair_gain(a, b);
  ck_assert_double_eq_tol(gain(drawn, labels, SAMPLES, SIZE, CLASSES), sum / pairs, 1e-12 * sum);
}
END_TEST

START_TEST(scale_and_shift_of_features_do_not_matter) {
  draw();
  const double want = gain(drawn, labels, SAMPLES, SIZE, CLASSES);
  for (int i = 0; i < SAMPLES; i++)
    for (int n = 0; n < SIZE; n++) {
      float *x = &drawn[i * SIZE + n];
      *x = ldexpf(*x + (float)(1000 * (n - 6)), 3 * n - 80); /* down to 1e-24 */
    }
  ck_assert_double_eq_tol(gain(drawn, labels, SAMPLES, SIZE, CLASSES), want, 1e-11 * want);
}
END_TEST

START_TEST(order_of_classes_and_samples_does_not_matter) {
  draw();
  const double want = gain(drawn, labels, SAMPLES, SIZE, CLASSES);
  static const uint8_t renamed[CLASSES] = {3, 0, 4, 1, 2};
  static float turned[SAMPLES * SIZE];
  static uint8_t turned_labels[SAMPLES];
  for (int i = 0; i < SAMPLES; i++) {
    const int from = (int)((i * 171L + 9) % SAMPLES);
    memcpy(turned + i * SIZE, drawn + from * SIZE, SIZE * sizeof *turned);
    turned_labels[i] = renamed[labels[from]];
  }
  ck_assert_double_eq_tol(gain(turned, turned_labels, SAMPLES, SIZE, CLASSES), want, 1e-12 * want);
}
END_TEST

/* m samples a class of nothing but noise: about 2 size/m. */
START_TEST(few_samples_raise_it) {
  enum { EACH = 50, WIDE = 400 };
  static float features[CLASSES * EACH * WIDE];
  static uint8_t label[CLASSES * EACH];
  iscc_random r;
  iscc_random_seed(&r, 33, 0, 0, ISCC_STREAM_TEST);
  iscc_random_fill_normal(&r, 1, features, CLASSES * EACH * WIDE);
  for (int i = 0; i < CLASSES * EACH; i++) label[i] = (uint8_t)(i / EACH);
  const double want = 2.0 * WIDE / EACH;
  ck_assert_double_eq_tol(gain(features, label, CLASSES * EACH, WIDE, CLASSES), want, 0.15 * want);
}
END_TEST

START_TEST(constant_features_add_nothing) {
  draw();
  for (int i = 0; i < SAMPLES; i++) drawn[i * SIZE + 7] = 0;
  const double want = gain(drawn, labels, SAMPLES, SIZE, CLASSES);
  for (int i = 0; i < SAMPLES; i++) drawn[i * SIZE + 7] = 0.1F;
  ck_assert_double_eq(gain(drawn, labels, SAMPLES, SIZE, CLASSES), want);
}
END_TEST

/* 0.1 is no binary fraction; means of any number of them must still be it. */
START_TEST(constant_values_are_their_own_mean) {
  static float features[SAMPLES];
  for (int i = 0; i < SAMPLES; i++) features[i] = 0.1F;
  memset(labels, 0, sizeof labels);
  labels[0] = labels[1] = 1;
  for (size_t samples = 4; samples <= SAMPLES; samples++)
    ck_assert_double_eq(gain(features, labels, samples, 1, 2), 0);
}
END_TEST

static void refused(size_t samples, int size, int classes, const char *names) {
  double value = 7;
  ck_assert_int_eq(iscc_discriminant_gain(drawn, labels, samples, size, classes, &value, &error),
                   ISCC_EINVAL);
  ck_assert_msg(strstr(error.text, names) != NULL, "'%s' does not name '%s'", error.text, names);
  ck_assert_int_eq(iscc_discriminant_gain(drawn, labels, samples, size, classes, &value, NULL), ISCC_EINVAL);
  ck_assert_double_eq(value, 7);
}

START_TEST(features_without_variance_are_refused) {
  draw();
  for (int i = 0; i < SAMPLES; i++) drawn[i * SIZE + 7] = labels[i] == 2 ? 0.1F : 0.3F;
  refused(SAMPLES, SIZE, CLASSES, "feature 7 tells classes apart without any variance");
  drawn[7] += 1; /* one sample that varies is enough */
  ck_assert_double_gt(gain(drawn, labels, SAMPLES, SIZE, CLASSES), 0);
}
END_TEST

START_TEST(wrong_arguments_are_refused) {
  draw();
  refused(SAMPLES, 0, CLASSES, "features: 0");
  refused(SAMPLES, -3, CLASSES, "features: -3");
  static const int wrong[] = {-1, 0, 1, 257};
  for (int k = 0; k < 4; k++) refused(SAMPLES, SIZE, wrong[k], "is not within 2..256");
  refused(0, SIZE, CLASSES, "class 0: 0;");
  for (int i = 0; i < SAMPLES; i++) labels[i] = (uint8_t)(i % 4);
  refused(SAMPLES, SIZE, CLASSES, "class 4: 0;");
  labels[123] = 4;
  refused(SAMPLES, SIZE, CLASSES, "class 4: 1;");
  refused(SAMPLES, SIZE, 4, "label 4 of sample 123 is not within 0..3");
  memset(labels, 0, sizeof labels);
  refused(SAMPLES, SIZE, 2, "class 1: 0;");
}
END_TEST

START_TEST(values_that_are_not_finite_are_refused) {
  draw();
  static const float wrong[] = {NAN, INFINITY, -INFINITY};
  for (int k = 0; k < 3; k++) {
    drawn[(SAMPLES - 1) * SIZE + 11] = wrong[k];
    refused(SAMPLES, SIZE, CLASSES, "feature 11 is not finite");
  }
}
END_TEST

/* The largest number of classes, and the largest values there are. */
START_TEST(limits_are_reached) {
  enum { MOST = ISCC_DISCRIMINANT_CLASSES_MAX };
  static float features[2 * MOST];
  static uint8_t label[2 * MOST];
  for (int i = 0; i < 2 * MOST; i++) {
    label[i] = (uint8_t)(i / 2);
    features[i] = ldexpf((float)(2 * label[i] + i % 2), 118);
  }
  /* Means 2 l + 1/2; mean of (2 l - 2 l')^2 over pairs: 4 L (L + 1)/6; variance 1/2. */
  ck_assert_double_eq_tol(gain(features, label, 2 * MOST, 1, MOST), 4.0 / 3 * MOST * (MOST + 1), 1e-6);
}
END_TEST

Suite *iscc_suite_discriminant(void);
Suite *iscc_suite_discriminant(void) {
  Suite *s = suite_create("inference: discriminant gain");
  TCase *t = tcase_create("discriminant");
  tcase_add_test(t, example_by_hand);
  tcase_add_test(t, pair_has_its_kullback_leibler_divergence);
  tcase_add_test(t, clouds_have_their_mahalanobis_distance);
  tcase_add_test(t, gain_is_the_mean_over_pairs);
  tcase_add_test(t, scale_and_shift_of_features_do_not_matter);
  tcase_add_test(t, order_of_classes_and_samples_does_not_matter);
  tcase_add_test(t, few_samples_raise_it);
  tcase_add_test(t, constant_features_add_nothing);
  tcase_add_test(t, constant_values_are_their_own_mean);
  tcase_add_test(t, features_without_variance_are_refused);
  tcase_add_test(t, wrong_arguments_are_refused);
  tcase_add_test(t, values_that_are_not_finite_are_refused);
  tcase_add_test(t, limits_are_reached);
  suite_add_tcase(s, t);
  return s;
}
