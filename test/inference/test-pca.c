/* SPDX-License-Identifier: GPL-2.0-only */
#include <check.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "iscc-pca.h"
#include "iscc-random.h"

enum { SIZE = 40, SAMPLES = 300, DIRECTIONS = 6 };

static float inputs[SAMPLES * SIZE];
static iscc_error error;

/* A mean, and independent normal amounts of six fixed directions. */
static void draw(void) {
  iscc_random r;
  iscc_random_seed(&r, 9, 0, 0, ISCC_STREAM_TEST);
  double direction[DIRECTIONS][SIZE], mean[SIZE];
  for (int j = 0; j < SIZE; j++) mean[j] = iscc_random_between(&r, -3, 3);
  for (int k = 0; k < DIRECTIONS; k++)
    for (int j = 0; j < SIZE; j++) direction[k][j] = iscc_random_normal(&r) / (1 << k);
  for (int i = 0; i < SAMPLES; i++) {
    double x[SIZE];
    memcpy(x, mean, sizeof x);
    for (int k = 0; k < DIRECTIONS; k++) {
      const double amount = iscc_random_normal(&r);
      for (int j = 0; j < SIZE; j++) x[j] += amount * direction[k][j];
    }
    for (int j = 0; j < SIZE; j++) inputs[i * SIZE + j] = (float)x[j];
  }
}

static iscc_pca *fitted(int components) {
  iscc_pca *pca;
  draw();
  ck_assert_msg(iscc_pca_fit(inputs, SAMPLES, SIZE, components, &pca, &error) == ISCC_OK, "%s", error.text);
  ck_assert_int_eq(pca->components, components);
  return pca;
}

START_TEST(components_are_white) {
  iscc_pca *pca = fitted(DIRECTIONS);
  static float z[SAMPLES][DIRECTIONS];
  for (int i = 0; i < SAMPLES; i++) iscc_pca_project(pca, DIRECTIONS, inputs + i * SIZE, z[i]);
  for (int a = 0; a < DIRECTIONS; a++) {
    double mean = 0;
    for (int i = 0; i < SAMPLES; i++) mean += (double)z[i][a] / SAMPLES;
    ck_assert_double_eq_tol(mean, 0, 1e-4);
    for (int b = 0; b <= a; b++) {
      double product = 0;
      for (int i = 0; i < SAMPLES; i++) product += (double)z[i][a] * (double)z[i][b] / SAMPLES;
      ck_assert_double_eq_tol(product, a == b, 1e-3);
    }
  }
  iscc_pca_destroy(pca);
}
END_TEST

/* With all six directions nothing of a sample is lost: x = mean + sum of lambda_k z_k b_k. */
START_TEST(all_directions_give_the_samples_back) {
  iscc_pca *pca = fitted(DIRECTIONS);
  double sum = 0;
  for (int k = 0; k < DIRECTIONS; k++) {
    sum += pca->variance[k];
    if (k) ck_assert_double_lt(pca->variance[k], pca->variance[k - 1]);
  }
  ck_assert_double_eq_tol(sum, pca->total, 1e-6 * sum);
  for (int i = 0; i < SAMPLES; i++) {
    float z[DIRECTIONS];
    iscc_pca_project(pca, DIRECTIONS, inputs + i * SIZE, z);
    for (int j = 0; j < SIZE; j++) {
      double x = (double)pca->mean[j];
      for (int k = 0; k < DIRECTIONS; k++)
        x += pca->variance[k] * (double)z[k] * (double)pca->basis[k * SIZE + j];
      ck_assert_double_eq_tol(x, (double)inputs[i * SIZE + j], 1e-4);
    }
  }
  iscc_pca_destroy(pca);
}
END_TEST

/* Fewer components are the first of more, to the bit, and the best ones: no random direction holds more
 * variance than the first, nor than the second beside the first. */
START_TEST(the_first_components_hold_the_most_variance) {
  iscc_pca *pca = fitted(DIRECTIONS), *two = fitted(2);
  ck_assert_double_eq_tol(two->variance[1], pca->variance[1], 1e-9 * pca->variance[1]);
  for (int j = 0; j < 2 * SIZE; j++)
    ck_assert_double_eq_tol((double)two->basis[j], (double)pca->basis[j], 1e-4);
  iscc_random r;
  iscc_random_seed(&r, 10, 0, 0, ISCC_STREAM_TEST);
  for (int trial = 0; trial < 200; trial++) {
    double e[SIZE], norm = 0, first = 0, variance = 0;
    for (int j = 0; j < SIZE; j++) e[j] = iscc_random_normal(&r);
    for (int j = 0; j < SIZE; j++) first += e[j] * (double)pca->basis[j];
    for (int j = 0; j < SIZE; j++)
      if (trial % 2) e[j] -= first * pca->variance[0] * (double)pca->basis[j];
    for (int j = 0; j < SIZE; j++) norm += e[j] * e[j];
    for (int i = 0; i < SAMPLES; i++) {
      double along = 0;
      for (int j = 0; j < SIZE; j++)
        along += e[j] * ((double)inputs[i * SIZE + j] - (double)pca->mean[j]) / sqrt(norm);
      variance += along * along / SAMPLES;
    }
    ck_assert_double_le(variance, pca->variance[trial % 2] * (1 + 1e-5));
  }
  iscc_pca_destroy(pca);
  iscc_pca_destroy(two);
}
END_TEST

START_TEST(the_same_samples_give_the_same_bits) {
  iscc_pca *a = fitted(DIRECTIONS), *b = fitted(DIRECTIONS);
  ck_assert_mem_eq(a->basis, b->basis, sizeof *a->basis * DIRECTIONS * SIZE);
  for (int k = 0; k < DIRECTIONS; k++) { /* the sign is no accident */
    double largest = 0;
    for (int j = 0; j < SIZE; j++)
      if (fabs((double)a->basis[k * SIZE + j]) > fabs(largest)) largest = (double)a->basis[k * SIZE + j];
    ck_assert_double_gt(largest, 0);
  }
  iscc_pca_destroy(a);
  iscc_pca_destroy(b);
}
END_TEST

START_TEST(too_many_components_are_refused) {
  iscc_pca *pca;
  draw();
  static const int wrong[] = {0, -1, SIZE + 1};
  for (int i = 0; i < 3; i++) {
    ck_assert_int_eq(iscc_pca_fit(inputs, SAMPLES, SIZE, wrong[i], &pca, &error), ISCC_EINVAL);
    ck_assert_ptr_null(pca);
  }
  ck_assert_int_eq(iscc_pca_fit(inputs, 5, SIZE, 5, &pca, &error), ISCC_EINVAL);
  ck_assert_int_eq(iscc_pca_fit(inputs, SAMPLES, SIZE, DIRECTIONS + 1, &pca, &error), ISCC_EINVAL);
  ck_assert_ptr_nonnull(strstr(error.text, "fewer than 7 directions"));
}
END_TEST

Suite *iscc_suite_pca(void);
Suite *iscc_suite_pca(void) {
  Suite *s = suite_create("inference: pca");
  TCase *t = tcase_create("pca");
  tcase_add_test(t, components_are_white);
  tcase_add_test(t, all_directions_give_the_samples_back);
  tcase_add_test(t, the_first_components_hold_the_most_variance);
  tcase_add_test(t, the_same_samples_give_the_same_bits);
  tcase_add_test(t, too_many_components_are_refused);
  suite_add_tcase(s, t);
  return s;
}
