/* SPDX-License-Identifier: GPL-2.0-only */
#include <check.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "iscc-calibrate.h"
#include "iscc-observations.h"

static iscc_model *model;

static void read_model(void) {
  iscc_error error = {.text = ""};
  const char *path = ISCC_TEST_SOURCE_DIR "/model/inference/default.safetensors";
  ck_assert_msg(iscc_model_read(path, &model, &error) == ISCC_OK, "%s", error.text);
}

static void drop_model(void) {
  iscc_model_destroy(model);
}

static iscc_observations observations(double power_w, int threads) {
  return (iscc_observations){
      .sensing = &model->sensing, .seed = 4, .power_w = power_w, .samples = 40, .threads = threads};
}

START_TEST(observations_do_not_depend_on_threads) {
  enum { VALUES = 40 * ISCC_INPUT_SIZE };
  static float one[VALUES], three[VALUES], clean[VALUES];
  uint8_t labels[40], others[40];
  const iscc_observations a = observations(0.02, 1), b = observations(0.02, 3), c = observations(0, 2);
  ck_assert_int_eq(iscc_observations_fill(&a, one, labels, NULL), ISCC_OK);
  ck_assert_int_eq(iscc_observations_fill(&b, three, others, NULL), ISCC_OK);
  ck_assert(memcmp(one, three, sizeof one) == 0);
  ck_assert_mem_eq(labels, others, sizeof labels);
  for (int i = 0; i < 40; i++) ck_assert_int_eq(labels[i], i % 5);
  ck_assert_int_eq(iscc_observations_fill(&c, clean, others, NULL), ISCC_OK);
  ck_assert(memcmp(one, clean, sizeof one) != 0);
}
END_TEST

START_TEST(accuracy_rises_with_sensing_power) {
  const iscc_observations faint = observations(1e-4, 2), strong = observations(1, 2);
  const iscc_model *whole = model;
  double low, high;
  ck_assert_int_eq(iscc_observations_accuracy(&faint, &whole, 1, &low, NULL), ISCC_OK);
  ck_assert_int_eq(iscc_observations_accuracy(&strong, &whole, 1, &high, NULL), ISCC_OK);
  ck_assert_double_lt(low, 0.7);
  ck_assert_double_ge(high, 0.85);
}
END_TEST

static iscc_calibrate_settings small(int threads) {
  iscc_calibrate_settings s;
  iscc_calibrate_defaults(&s);
  s.threads = threads;
  s.curve_points = 5, s.curve_samples = 30, s.split_samples = 40;
  return s;
}

/* What any network must give, and what a node relies on when it plans. */
static void assert_sound(const iscc_model *m) {
  const iscc_calibration *c = &m->calibration;
  ck_assert(m->calibrated);
  ck_assert_double_ge(c->clean_accuracy, 0.8);
  for (int k = 1; k < c->concave_points; k++) {
    ck_assert_double_gt(c->concave_power_w[k], c->concave_power_w[k - 1]);
    ck_assert_double_ge(c->concave_accuracy[k], c->concave_accuracy[k - 1]);
  }
  for (int l = 0; l <= m->network.layers; l++) {
    const iscc_split_calibration *s = &c->split[l];
    ck_assert(isfinite(s->pruning_loss) && s->pruning_loss >= 0.0);
    for (int q = ISCC_BITS_MIN; q <= ISCC_BITS_MAX && l < m->network.layers; q++) {
      ck_assert_double_gt(s->feature_max[q], 0.0);
      ck_assert(s->clipped_share[q] >= 0.0 && s->clipped_share[q] < 0.5);
    }
    ck_assert(s->pruning_slope >= 0.0 && s->keep_min > 0.0 && s->keep_min <= 1.0);
    if (m->network.layer[l].weights) ck_assert(s->laplace_rate > 0.0 && s->frobenius > 0.0);
    for (int q = ISCC_BITS_MIN; q < ISCC_BITS_MAX; q++)
      ck_assert_double_ge(s->quantization_loss[q], s->quantization_loss[q + 1]);
  }
}

START_TEST(calibration_is_sound_and_does_not_depend_on_threads) {
  iscc_error error = {.text = ""};
  const iscc_calibrate_settings one = small(1), two = small(2);
  memset(&model->calibration, 0, sizeof model->calibration);
  model->calibrated = false;
  ck_assert_msg(iscc_calibrate(&one, model, &error) == ISCC_OK, "%s", error.text);
  assert_sound(model);
  const iscc_calibration first = model->calibration;
  ck_assert_int_eq(iscc_calibrate(&two, model, NULL), ISCC_OK);
  ck_assert(memcmp(&first, &model->calibration, sizeof first) == 0);
}
END_TEST

static bool stop(void *ctx, uint64_t done, uint64_t total) {
  (void)ctx;
  ck_assert_uint_le(done, total);
  return false;
}

START_TEST(an_interrupted_calibration_leaves_the_model_as_it_was) {
  iscc_calibrate_settings s = small(2);
  s.curve_samples = 2000;
  s.progress = stop;
  const iscc_calibration before = model->calibration;
  ck_assert_int_eq(iscc_calibrate(&s, model, NULL), ISCC_EINTR);
  ck_assert(memcmp(&before, &model->calibration, sizeof before) == 0);
}
END_TEST

START_TEST(settings_out_of_range_are_refused_by_name) {
  static const char *const named[] = {"curve_points", "power_min_w", "curve_samples", "split_samples"};
  iscc_calibrate_settings s = small(1);
  if (_i == 0) s.curve_points = 3;
  if (_i == 1) s.power_min_w = (double)NAN;
  if (_i == 2) s.curve_samples = 19;
  if (_i == 3) s.split_samples = 0;
  iscc_error error = {.text = ""};
  ck_assert_int_eq(iscc_calibrate(&s, model, &error), ISCC_EINVAL);
  ck_assert_msg(strstr(error.text, named[_i]) != NULL, "text: %s", error.text);
}
END_TEST

START_TEST(the_default_model_is_calibrated) {
  assert_sound(model);
  ck_assert_double_ge(model->calibration.clean_accuracy, 0.96);
  ck_assert_double_le(model->calibration.arctan_rmse, 0.02);
}
END_TEST

Suite *iscc_suite_calibrate(void);
Suite *iscc_suite_calibrate(void) {
  Suite *s = suite_create("inference: calibrate");
  TCase *t = tcase_create("calibrate");
  tcase_set_timeout(t, 120);
  tcase_add_checked_fixture(t, read_model, drop_model);
  tcase_add_test(t, observations_do_not_depend_on_threads);
  tcase_add_test(t, accuracy_rises_with_sensing_power);
  tcase_add_test(t, calibration_is_sound_and_does_not_depend_on_threads);
  tcase_add_test(t, an_interrupted_calibration_leaves_the_model_as_it_was);
  tcase_add_loop_test(t, settings_out_of_range_are_refused_by_name, 0, 4);
  tcase_add_test(t, the_default_model_is_calibrated);
  suite_add_tcase(s, t);
  return s;
}
