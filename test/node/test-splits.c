/* SPDX-License-Identifier: GPL-2.0-only */
#include <check.h>
#include <math.h>

#include "iscc-fake-model.h"
#include "iscc-splits.h"

/* The numbers of the default network by hand: eq. (3) layer by layer. */
START_TEST(splits_are_the_networks) {
  static const int candidates[] = {11, 0, 6};
  iscc_model *model = iscc_fake_model_create();
  iscc_split split[3];
  ck_assert_int_eq(iscc_splits_from_model(model, candidates, 3, split, NULL), ISCC_OK);
  ck_assert_int_eq(split[0].layer, 11);
  ck_assert_int_eq(split[0].features, 0);
  ck_assert(split[0].server_flops == 0.0);
  for (int q = 0; q <= ISCC_PROBLEM_BITS_MAX; q++) ck_assert(split[0].quantization_loss[q] == 0.0);
  ck_assert_int_eq(split[1].layer, 0);
  ck_assert_int_eq(split[1].features, 3 * 42 * 42);
  ck_assert(split[1].flops_slope == 0.0 && split[1].flops_const == 0.0);
  ck_assert(split[1].server_flops == 2573261.0);
  ck_assert_int_eq(split[2].layer, 6);
  ck_assert_int_eq(split[2].features, 7 * 7 * 16);
  ck_assert(split[2].flops_slope == 2.0 * 3 * 25 * 38 * 38 * 6 + 2.0 * 6 * 25 * 15 * 15 * 16);
  ck_assert(split[2].flops_const == -38.0 * 38 * 6 + 19 * 19 * 6 - 15 * 15 * 16 + 7 * 7 * 16);
  ck_assert(split[2].server_flops == 202975.0);
  ck_assert(split[2].pruning_loss == model->calibration.split[6].pruning_loss);
  for (int q = 2; q <= 16; q++) {
    ck_assert(split[2].quantization_loss[q] == model->calibration.split[6].quantization_loss[q]);
    ck_assert(split[2].overhead_bits[q] == 0.0);
  }
  ck_assert(split[2].delay_s == 0.0);
  iscc_model_destroy(model);
}
END_TEST

START_TEST(curves_are_the_calibrations) {
  iscc_model *model = iscc_fake_model_create();
  iscc_accuracy_curve curve;
  iscc_curve_from_model(model, true, &curve);
  ck_assert_int_eq(curve.kind, ISCC_CURVE_TABLE);
  ck_assert_double_eq_tol(iscc_accuracy_curve_at(&curve, 0.035), 0.897, 1e-12);
  iscc_curve_from_model(model, false, &curve);
  ck_assert_int_eq(curve.kind, ISCC_CURVE_ARCTAN);
  ck_assert_double_eq_tol(iscc_accuracy_curve_at(&curve, 0.035), 0.628 * atan(250 * 0.035), 1e-12);
  iscc_model_destroy(model);
}
END_TEST

START_TEST(classifiers_on_components_are_candidates_too) {
  iscc_model *model = iscc_fake_model_create();
  iscc_calibration *c = &model->calibration;
  iscc_pca_split pca[ISCC_PCA_MAX];
  ck_assert_uint_eq(iscc_pca_splits_from_model(model, true, pca), 0);
  c->pca_count = 2;
  for (int k = 0; k < 2; k++) {
    c->pca[k] = (iscc_pca_calibration){.components = 16 << k,
                                       .device_flops = 1e5 + k,
                                       .server_flops = 2e4 + k,
                                       .arctan_a = 0.6,
                                       .arctan_b_per_w = 90,
                                       .concave_points = 2,
                                       .concave_accuracy = {0.4, 0.8}};
    for (int q = 2; q <= 16; q++) c->pca[k].quantization_loss[q] = 0.1 / q;
  }
  ck_assert_uint_eq(iscc_pca_splits_from_model(model, true, pca), 2);
  const iscc_split *s = &pca[1].split;
  ck_assert(s->layer == 32 && s->features == 32 && s->flops_slope == 0 && s->flops_const == 1e5 + 1);
  ck_assert(s->server_flops == 2e4 + 1 && s->pruning_loss == 0 && s->quantization_loss[5] == 0.1 / 5);
  const double middle_w = 0.5 * (c->power_w[0] + c->power_w[1]);
  ck_assert_double_eq_tol(iscc_accuracy_curve_at(&pca[1].accuracy_curve, middle_w), 0.6, 1e-12);
  ck_assert_uint_eq(iscc_pca_splits_from_model(model, false, pca), 2);
  ck_assert_double_eq_tol(iscc_accuracy_curve_at(&pca[0].accuracy_curve, 0.02), 0.6 * atan(1.8), 1e-12);
  iscc_model_destroy(model);
}
END_TEST

START_TEST(impossible_candidates_are_refused) {
  iscc_model *model = iscc_fake_model_create();
  iscc_split split[13];
  iscc_error error;
  int candidates[13] = {0, 3, 12};
  ck_assert_int_eq(iscc_splits_from_model(model, candidates, 3, split, &error), ISCC_EINVAL);
  ck_assert_str_eq(error.text, "candidates: split layer 12 is not within 0..11");
  candidates[2] = -1;
  ck_assert_int_eq(iscc_splits_from_model(model, candidates, 3, split, NULL), ISCC_EINVAL);
  candidates[2] = 3;
  ck_assert_int_eq(iscc_splits_from_model(model, candidates, 3, split, &error), ISCC_EINVAL);
  ck_assert_str_eq(error.text, "candidates: split layer 3 is given twice");
  ck_assert_int_eq(iscc_splits_from_model(model, candidates, 0, split, NULL), ISCC_EINVAL);
  ck_assert_int_eq(iscc_splits_from_model(model, candidates, 13, split, NULL), ISCC_EINVAL);
  model->calibrated = false;
  ck_assert_int_eq(iscc_splits_from_model(model, candidates, 2, split, &error), ISCC_EINVAL);
  ck_assert_str_eq(error.text, "the model has no calibration: train it with 'iscc train'");
  iscc_model_destroy(model);
}
END_TEST

Suite *iscc_suite_splits(void);
Suite *iscc_suite_splits(void) {
  Suite *s = suite_create("node: splits");
  TCase *t = tcase_create("splits");
  tcase_add_test(t, splits_are_the_networks);
  tcase_add_test(t, curves_are_the_calibrations);
  tcase_add_test(t, impossible_candidates_are_refused);
  tcase_add_test(t, classifiers_on_components_are_candidates_too);
  suite_add_tcase(s, t);
  return s;
}
