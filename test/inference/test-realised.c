/* SPDX-License-Identifier: GPL-2.0-only */
/* Right answers of an allocation, beside the same observations taken through the two halves of the network
 * one by one. */
#include <check.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "iscc-observations.h"
#include "iscc-realised.h"
#include "iscc-split-network.h"

enum { SAMPLES = 40, LAST = 11 };

static iscc_model *model;

static void read_model(void) {
  iscc_error error = {.text = ""};
  const char *path = ISCC_TEST_SOURCE_DIR "/model/inference/default.safetensors";
  ck_assert_msg(iscc_model_read(path, &model, &error) == ISCC_OK, "%s", error.text);
  ck_assert_int_eq(model->network.layers, LAST);
}

static void drop_model(void) {
  iscc_model_destroy(model);
}

/* Noise and pruning that leave some answers wrong: else nothing would show. */
static iscc_realised allocation(int split, double keep_ratio, int bits) {
  return (iscc_realised){.model = model,
                         .split = split,
                         .keep_ratio = keep_ratio,
                         .bits = bits,
                         .feature_max = bits ? model->calibration.split[split].feature_max[bits] : 0,
                         .sensing_power_w = 0.008,
                         .seed = 4,
                         .series = 13,
                         .samples = SAMPLES,
                         .threads = 2};
}

static int count(const iscc_realised *r) {
  iscc_error error = {""};
  size_t correct = 0;
  ck_assert_msg(iscc_realised_count(r, &correct, &error) == ISCC_OK, "%s", error.text);
  ck_assert_uint_le(correct, r->samples);
  return (int)correct;
}

/* ---- a path of its own ---- */

/* Eq. (6) in a few lines: one of the two knobs around |z|, rounded up with the chance that keeps the mean. */
static void quantize(const iscc_realised *r, float *values, size_t n, uint64_t *state) {
  const double step = r->feature_max / ((1 << (r->bits - 1)) - 1);
  for (size_t i = 0; i < n; i++) {
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    const double chance = (double)(*state >> 11) * 0x1p-53;
    const double magnitude = fmin(fabs((double)values[i]), r->feature_max);
    values[i] = copysignf((float)(floor(magnitude / step + chance) * step), values[i]);
  }
}

static float inputs[SAMPLES * ISCC_INPUT_SIZE];
static uint8_t labels[SAMPLES];

/* The observations of an allocation, kept from the last call where they are the same. */
static void observe(const iscc_realised *r) {
  static iscc_observations last;
  if (last.sensing && last.seed == r->seed && last.series == r->series && last.power_w == r->sensing_power_w)
    return;
  last = (iscc_observations){.sensing = &r->model->sensing,
                             .seed = r->seed,
                             .series = r->series,
                             .power_w = r->sensing_power_w,
                             .samples = SAMPLES,
                             .threads = 1};
  ck_assert_int_eq(iscc_observations_fill(&last, inputs, labels, NULL), ISCC_OK);
}

static int count_one_by_one(const iscc_realised *r) {
  static float features[ISCC_INPUT_SIZE * 2];
  const size_t n = model->network.layer[r->split].features;
  float scores[ISCC_MOTION_COUNT];
  uint64_t state = 1;
  iscc_split_network *net;
  int correct = 0;
  observe(r);
  ck_assert_uint_le(n, sizeof features / sizeof *features);
  ck_assert_int_eq(iscc_split_network_create(model, &net, NULL), ISCC_OK);
  for (size_t i = 0; i < SAMPLES; i++) {
    const float *input = inputs + i * ISCC_INPUT_SIZE;
    ck_assert_int_eq(iscc_split_network_device(net, r->split, r->keep_ratio, input, features, NULL), ISCC_OK);
    if (r->bits) quantize(r, features, n, &state);
    ck_assert_int_eq(iscc_split_network_server(net, r->split, features, scores, NULL), ISCC_OK);
    correct += iscc_scores_class(scores, ISCC_MOTION_COUNT) == labels[i];
  }
  iscc_split_network_destroy(net);
  return correct;
}

static const struct {
  int split;
  double keep_ratio, sensing_power_w;
  uint64_t seed;
  uint32_t series;
} whole[] = {{0, 1, 0.008, 4, 13},    {3, 0.1, 0.008, 4, 13},  {8, 0.25, 0.008, 4, 13},
             {11, 0.4, 0.008, 5, 13}, {11, 0.4, 0.008, 4, 13}, {11, 0.4, 0.008, 4, 14},
             {6, 0.3, 0.02, 4, 13}};

/* Neighbouring rows have other counts, so that each field is seen to matter. */
START_TEST(unquantized_features_give_the_same_count) {
  int before = -1;
  for (size_t i = 0; i < sizeof whole / sizeof *whole; i++) {
    iscc_realised r = allocation(whole[i].split, whole[i].keep_ratio, 0);
    r.sensing_power_w = whole[i].sensing_power_w;
    r.seed = whole[i].seed;
    r.series = whole[i].series;
    const int got = count(&r), want = count_one_by_one(&r);
    ck_assert_msg(got == want, "row %zu: %d right, one by one %d", i, got, want);
    ck_assert_msg(got != before, "row %zu: %d again", i, got);
    before = got;
  }
}
END_TEST

START_TEST(a_fine_wire_changes_next_to_nothing) {
  const int splits[] = {0, 3, 8};
  for (size_t i = 0; i < sizeof splits / sizeof *splits; i++) {
    const iscc_realised fine = allocation(splits[i], 0.5, 16), none = allocation(splits[i], 0.5, 0);
    const int difference = count(&fine) - count_one_by_one(&none);
    ck_assert_msg(abs(difference) <= 1, "split %d: %d", splits[i], difference);
  }
}
END_TEST

static const struct {
  int split;
  double keep_ratio;
  int bits;
  double range;             /* feature_max, of the calibrated one */
  int loss_min, difference; /* right answers that this wire costs at the least, and that rounding may shift */
} coarse[] = {{0, 1, 2, 1, 5, 4},
              {3, 0.5, 2, 1, 5, 4},
              {6, 0.5, 4, 1, -3, 3},
              {3, 1, 5, 0.05, 5, 1},
              {3, 1, 3, 30, 8, 5}};

/* Of two independent roundings of the same features. */
START_TEST(a_coarse_wire_costs_what_it_costs_by_hand) {
  for (size_t i = 0; i < sizeof coarse / sizeof *coarse; i++) {
    iscc_realised r = allocation(coarse[i].split, coarse[i].keep_ratio, coarse[i].bits);
    r.sensing_power_w = 0.03;
    r.feature_max *= coarse[i].range;
    iscc_realised unquantized = r;
    unquantized.bits = 0;
    const int got = count(&r), want = count_one_by_one(&r), without = count_one_by_one(&unquantized);
    ck_assert_msg(abs(got - want) <= coarse[i].difference, "row %zu: %d right, %d by hand, %d without a wire",
                  i, got, want, without);
    ck_assert_msg(without - got >= coarse[i].loss_min, "row %zu: %d right, %d without a wire", i, got,
                  without);
  }
}
END_TEST

/* ---- properties ---- */

START_TEST(threads_change_nothing) {
  iscc_realised one = allocation(3, 0.3, 3), three = one;
  one.threads = 1;
  three.threads = 3;
  one.samples = three.samples = 50; /* blocks of unequal size */
  ck_assert_int_eq(count(&one), count(&three));
}
END_TEST

START_TEST(more_sensing_power_gives_more_right_answers) {
  const double powers_w[] = {0.001, 0.006, 0.1, ISCC_OBSERVATIONS_NOISE_FREE};
  int before = 0;
  for (size_t i = 0; i < sizeof powers_w / sizeof *powers_w; i++) {
    iscc_realised r = allocation(0, 1, 0);
    r.sensing_power_w = powers_w[i];
    const int now = count(&r);
    ck_assert_msg(now >= before, "%g W: %d right, less than %d", powers_w[i], now, before);
    if (i == 2) ck_assert_msg(now >= 2 * before / 3 + SAMPLES / 3, "%d right, %d before", now, before);
    before = now;
  }
}
END_TEST

START_TEST(after_the_last_layer_nothing_is_sent) {
  const iscc_realised none = allocation(LAST, 0.5, 0);
  iscc_realised r = none;
  r.bits = 2;
  r.feature_max = 1e-6; /* would leave no class standing out */
  ck_assert_int_eq(count(&r), count(&none));
}
END_TEST

/* ---- refusals and interruption ---- */

START_TEST(fields_out_of_range_are_refused_by_name) {
  static const char *const named[] = {
      "split: -1 is outside 0..11",          "split: 12 is outside 0..11",
      "bits: 1 is outside 2..16, and not 0", "bits: 17 is outside 2..16, and not 0",
      "feature_max: 0 is not > 0",           "feature_max: nan is not > 0",
      "sensing_power_w: -1 is below 0",      "sensing_power_w: nan is below 0",
      "samples: 0 is not at least 1",        "keep ratio: 0 is outside (0, 1]",
      "keep ratio: 1.1 is outside (0, 1]"};
  iscc_realised r = allocation(3, 0.5, 4);
  r.samples = 1;
  if (_i == 0) r.split = -1;
  if (_i == 1) r.split = LAST + 1;
  if (_i == 2) r.bits = 1;
  if (_i == 3) r.bits = 17;
  if (_i == 4) r.feature_max = 0;
  if (_i == 5) r.feature_max = (double)NAN;
  if (_i == 6) r.sensing_power_w = -1;
  if (_i == 7) r.sensing_power_w = (double)NAN;
  if (_i == 8) r.samples = 0;
  if (_i == 9) r.keep_ratio = 0;
  if (_i == 10) r.keep_ratio = 1.1;
  iscc_error error = {""};
  size_t correct = 77;
  ck_assert_int_eq(iscc_realised_count(&r, &correct, &error), ISCC_EINVAL);
  ck_assert_str_eq(error.text, named[_i]);
  ck_assert_uint_eq(correct, 77);
}
END_TEST

static size_t seen;

static bool stop_at_once(void *ctx, size_t done) {
  *(bool *)ctx = true;
  seen = done;
  return false;
}

START_TEST(progress_can_stop_it) {
  bool asked = false;
  iscc_error error = {""};
  size_t correct = 77;
  iscc_realised r = allocation(3, 0.5, 4);
  r.samples = 3000;
  r.progress = stop_at_once;
  r.progress_ctx = &asked;
  ck_assert_int_eq(iscc_realised_count(&r, &correct, &error), ISCC_EINTR);
  ck_assert(asked);
  ck_assert_uint_lt(seen, 1500);
  ck_assert_uint_eq(correct, 77);
}
END_TEST

Suite *iscc_suite_realised(void);
Suite *iscc_suite_realised(void) {
  Suite *s = suite_create("inference: realised");
  TCase *t = tcase_create("realised");
  tcase_set_timeout(t, 60);
  tcase_add_checked_fixture(t, read_model, drop_model);
  tcase_add_test(t, unquantized_features_give_the_same_count);
  tcase_add_test(t, a_fine_wire_changes_next_to_nothing);
  tcase_add_test(t, a_coarse_wire_costs_what_it_costs_by_hand);
  tcase_add_test(t, threads_change_nothing);
  tcase_add_test(t, more_sensing_power_gives_more_right_answers);
  tcase_add_test(t, after_the_last_layer_nothing_is_sent);
  tcase_add_loop_test(t, fields_out_of_range_are_refused_by_name, 0, 11);
  tcase_add_test(t, progress_can_stop_it);
  suite_add_tcase(s, t);
  return s;
}
