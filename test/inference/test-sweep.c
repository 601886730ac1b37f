/* SPDX-License-Identifier: GPL-2.0-only */
#include <check.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "iscc-split-network.h"
#include "iscc-sweep.h"
#include "iscc-test-model.h"

enum { SAMPLES = 47, RATIOS = 3, WIDTHS = 4, SPLITS = 7 }; /* 47: the last block is a short one */

static const double keep_ratio[RATIOS] = {1, 0.5, 0.2};
static const int bits[WIDTHS] = {ISCC_SWEEP_UNQUANTIZED, 2, 4, 16};

static iscc_model *model;
static float *inputs;
static uint8_t labels[SAMPLES];
static double largest[SPLITS], range[SPLITS][ISCC_BITS_MAX + 1];
static iscc_sweep sweep;

/* Quantizers up to this part of the largest feature. */
static void set_ranges(double part) {
  for (int l = 0; l < SPLITS; l++)
    for (int q = 0; q <= ISCC_BITS_MAX; q++) range[l][q] = part * largest[l];
}

/* Labels are the unpruned network's own answers, some of them falsified: counts are then neither all nor
 * none. */
static void set_up(void) {
  iscc_network network;
  iscc_test_small_network(&network);
  model = iscc_test_model(&network, 9);
  inputs = malloc(SAMPLES * network.inputs * sizeof *inputs);
  iscc_random r;
  iscc_random_seed(&r, 8, 0, 0, ISCC_STREAM_TEST);
  iscc_random_fill_normal(&r, 1, inputs, SAMPLES * network.inputs);
  iscc_split_network *net;
  ck_assert_int_eq(iscc_split_network_create(model, &net, NULL), ISCC_OK);
  for (int i = 0; i < SAMPLES; i++) {
    float scores[8];
    ck_assert_int_eq(iscc_split_network_server(net, 0, inputs + (size_t)i * network.inputs, scores, NULL),
                     ISCC_OK);
    labels[i] = (uint8_t)(i % 5 ? iscc_scores_class(scores, 3) : i % 3);
  }
  iscc_split_network_destroy(net);
  sweep = (iscc_sweep){.model = model,
                       .inputs = inputs,
                       .labels = labels,
                       .samples = SAMPLES,
                       .keep_ratio = keep_ratio,
                       .ratios = RATIOS,
                       .bits = bits,
                       .widths = WIDTHS,
                       .feature_max = (const double(*)[ISCC_BITS_MAX + 1]) range,
                       .seed = 3,
                       .threads = 2};
  ck_assert_int_eq(iscc_sweep_ranges(&sweep, largest, NULL), ISCC_OK);
  set_ranges(1);
}

static void tear_down(void) {
  iscc_model_destroy(model);
  free(inputs);
}

/* One sample after the other through the split network, features as they are. */
START_TEST(counts_are_those_of_single_samples) {
  static int correct[RATIOS * SPLITS * WIDTHS];
  float features[512], scores[8];
  iscc_split_network *net;
  ck_assert_int_eq(iscc_sweep_run(&sweep, correct, NULL, NULL), ISCC_OK);
  ck_assert_int_eq(iscc_split_network_create(model, &net, NULL), ISCC_OK);
  int different = 0;
  for (int r = 0; r < RATIOS; r++)
    for (int l = 0; l < SPLITS; l++) {
      int count = 0;
      for (int i = 0; i < SAMPLES; i++) {
        iscc_split_network_device(net, l, keep_ratio[r], inputs + (size_t)i * model->network.inputs, features,
                                  NULL);
        iscc_split_network_server(net, l, features, scores, NULL);
        count += iscc_scores_class(scores, 3) == labels[i];
      }
      ck_assert_int_eq(correct[(r * SPLITS + l) * WIDTHS], count);
      ck_assert_int_le(abs(correct[(r * SPLITS + l) * WIDTHS + 3] - count),
                       1); /* 16 bits change next to nothing */
      different += correct[(r * SPLITS + l) * WIDTHS + 1] != count;
    }
  ck_assert_int_gt(different, 5); /* two bits do change something */
  iscc_split_network_destroy(net);
}
END_TEST

START_TEST(threads_change_nothing) {
  static int one[RATIOS * SPLITS * WIDTHS], three[RATIOS * SPLITS * WIDTHS];
  double clipped_one[SPLITS * WIDTHS], clipped_three[SPLITS * WIDTHS];
  set_ranges(0.5);
  sweep.threads = 1;
  ck_assert_int_eq(iscc_sweep_run(&sweep, one, clipped_one, NULL), ISCC_OK);
  sweep.threads = 3;
  ck_assert_int_eq(iscc_sweep_run(&sweep, three, clipped_three, NULL), ISCC_OK);
  ck_assert_mem_eq(one, three, sizeof one);
  ck_assert_mem_eq(clipped_one, clipped_three, sizeof clipped_one);
}
END_TEST

START_TEST(clipping_is_counted_per_split_and_width) {
  static int correct[RATIOS * SPLITS * WIDTHS];
  double clipped[SPLITS * WIDTHS], limit = 1.25;
  ck_assert_int_eq(iscc_sweep_run(&sweep, correct, clipped, NULL), ISCC_OK);
  for (int i = 0; i < SPLITS * WIDTHS; i++)
    ck_assert(clipped[i] == 0.0); /* at the largest feature nothing is */
  range[0][bits[2]] = limit;
  ck_assert_int_eq(iscc_sweep_run(&sweep, correct, clipped, NULL), ISCC_OK);
  int beyond = 0;
  for (size_t i = 0; i < SAMPLES * model->network.inputs; i++) beyond += fabs((double)inputs[i]) > limit;
  ck_assert_int_gt(beyond, 0);
  for (int k = 0; k < WIDTHS; k++) /* at that width alone */
    ck_assert_double_eq_tol(clipped[k], k == 2 ? beyond / (double)(SAMPLES * model->network.inputs) : 0,
                            1e-12);
}
END_TEST

START_TEST(splits_left_out_change_nothing_for_the_others) {
  static int all[RATIOS * SPLITS * WIDTHS], some[RATIOS * SPLITS * WIDTHS];
  static const int wanted[] = {2, 5};
  ck_assert_int_eq(iscc_sweep_run(&sweep, all, NULL, NULL), ISCC_OK);
  sweep.split = wanted, sweep.splits = 2;
  ck_assert_int_eq(iscc_sweep_run(&sweep, some, NULL, NULL), ISCC_OK);
  for (int i = 0; i < RATIOS * SPLITS * WIDTHS; i++) {
    const int l = i / WIDTHS % SPLITS;
    ck_assert_int_eq(some[i], l == 2 || l == 5 ? all[i] : 0);
  }
}
END_TEST

START_TEST(ranges_are_those_of_the_reference) {
  double features[512];
  for (int l = 1; l < SPLITS; l++) {
    double most = 0;
    for (int i = 0; i < SAMPLES; i++) {
      iscc_test_forward(model, NULL, 1, l, inputs + (size_t)i * model->network.inputs, features);
      for (size_t k = 0; k < model->network.layer[l].features; k++) most = fmax(most, fabs(features[k]));
    }
    ck_assert_double_eq_tol(largest[l], most, 1e-5 * most);
  }
}
END_TEST

static bool stop_at_once(void *ctx, size_t done) {
  (void)done;
  ++*(int *)ctx;
  return false;
}

START_TEST(progress_can_stop_it) {
  enum { MANY = 20000 }; /* ratios: seconds of work, of which hardly any is done */
  double *ratio = malloc(MANY * sizeof *ratio);
  int *correct = malloc(MANY * SPLITS * WIDTHS * sizeof *correct), calls = 0;
  for (int i = 0; i < MANY; i++) ratio[i] = 1;
  sweep.keep_ratio = ratio, sweep.ratios = MANY;
  sweep.progress = stop_at_once, sweep.progress_ctx = &calls;
  ck_assert_int_eq(iscc_sweep_run(&sweep, correct, NULL, NULL), ISCC_EINTR);
  ck_assert_int_ge(calls, 1);
  free(ratio), free(correct);
}
END_TEST

START_TEST(bad_input_is_refused) {
  static int correct[RATIOS * SPLITS * WIDTHS];
  const double zero[RATIOS] = {1, 0, 1};
  sweep.keep_ratio = zero;
  ck_assert_int_eq(iscc_sweep_run(&sweep, correct, NULL, NULL), ISCC_EINVAL);
  sweep.keep_ratio = keep_ratio, sweep.threads = 0;
  ck_assert_int_eq(iscc_sweep_run(&sweep, correct, NULL, NULL), ISCC_EINVAL);
  sweep.threads = 1, sweep.samples = 0;
  ck_assert_int_eq(iscc_sweep_run(&sweep, correct, NULL, NULL), ISCC_EINVAL);
}
END_TEST

Suite *iscc_suite_sweep(void);
Suite *iscc_suite_sweep(void) {
  Suite *s = suite_create("inference: sweep");
  TCase *t = tcase_create("sweep");
  tcase_add_checked_fixture(t, set_up, tear_down);
  tcase_set_timeout(t, 60);
  tcase_add_test(t, counts_are_those_of_single_samples);
  tcase_add_test(t, threads_change_nothing);
  tcase_add_test(t, splits_left_out_change_nothing_for_the_others);
  tcase_add_test(t, clipping_is_counted_per_split_and_width);
  tcase_add_test(t, ranges_are_those_of_the_reference);
  tcase_add_test(t, progress_can_stop_it);
  tcase_add_test(t, bad_input_is_refused);
  suite_add_tcase(s, t);
  return s;
}
