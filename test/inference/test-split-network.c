/* SPDX-License-Identifier: GPL-2.0-only */
#include <check.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "iscc-split-network.h"
#include "iscc-test-model.h"

static iscc_model *model;
static iscc_split_network *net;
static float *input, *features, *back;
static uint8_t *bytes;

static void set_up(void) {
  iscc_network network;
  iscc_network_default(&network);
  model = iscc_test_model(&network, 3);
  ck_assert_int_eq(iscc_split_network_create(model, &net, NULL), ISCC_OK);
  size_t most = 0;
  for (int l = 0; l <= network.layers; l++)
    if (network.layer[l].features > most) most = network.layer[l].features;
  input = calloc(most, sizeof *input), features = calloc(most, sizeof *features);
  back = calloc(most, sizeof *back), bytes = calloc(most, 2);
  iscc_random r;
  iscc_random_seed(&r, 4, 0, 0, ISCC_STREAM_TEST);
  for (size_t i = 0; i < network.inputs; i++) input[i] = (float)iscc_random_uniform(&r);
}

static void tear_down(void) {
  iscc_split_network_destroy(net);
  iscc_model_destroy(model);
  free(input), free(features), free(back), free(bytes);
}

/* Single precision sums of up to 784 terms: their rounding stays well below this share of the largest score.
 */
static void check_scores(const float *scores, const double *want, int n, const char *what, int split) {
  double size = 0;
  for (int i = 0; i < n; i++) size = fmax(size, fabs(want[i]));
  for (int i = 0; i < n; i++)
    ck_assert_msg(fabs((double)scores[i] - want[i]) <= 2e-5 * size,
                  "%s, split %d: score %d is %.9g, want %.9g", what, split, i, (double)scores[i], want[i]);
}

START_TEST(every_split_reproduces_the_reference) {
  double want[8];
  float scores[8];
  iscc_test_forward(model, NULL, 1, model->network.layers, input, want);
  for (int split = 0; split <= model->network.layers; split++) {
    ck_assert_int_eq(iscc_split_network_device(net, split, 1, input, features, NULL), ISCC_OK);
    ck_assert_int_eq(iscc_split_network_server(net, split, features, scores, NULL), ISCC_OK);
    check_scores(scores, want, model->network.classes, "unpruned", split);
  }
}
END_TEST

static int rising(const void *left, const void *right) {
  const float a = *(const float *)left, b = *(const float *)right;
  return a < b ? -1 : a > b;
}

/* The `cut` smallest weights zeroed, found by a sorted list of magnitudes. */
static float *pruned_copy(const float *weight, size_t n, size_t cut) {
  float *copy = malloc(n * sizeof *copy), *sorted = malloc(n * sizeof *sorted);
  for (size_t i = 0; i < n; i++) copy[i] = weight[i], sorted[i] = fabsf(weight[i]);
  qsort(sorted, n, sizeof *sorted, rising);
  const float last =
      cut ? sorted[cut - 1] : -1; /* the largest magnitude that goes; random weights have no ties */
  ck_assert(cut == 0 || cut == n || sorted[cut] > last);
  for (size_t i = 0; i < n; i++)
    if (fabsf(weight[i]) <= last) copy[i] = 0;
  free(sorted);
  return copy;
}

static const struct {
  int split;
  double keep_ratio;
} cuts[] = {{6, 0.6}, {3, 0.3}, {11, 0.5}, {8, 0.05}, {6, 1}, {11, 0.9}, {0, 0.2}, {10, 0.6}};

/* Ratios and splits one after the other on one handle: what the last task left must not show. */
START_TEST(pruned_device_layers_reproduce_the_reference) {
  for (size_t k = 0; k < sizeof cuts / sizeof *cuts; k++) {
    const float *weight[ISCC_LAYERS_MAX + 1] = {NULL};
    for (int l = 1; l <= cuts[k].split; l++) {
      const size_t n = model->network.layer[l].weights;
      if (n)
        weight[l] =
            pruned_copy(model->weight[l], n, (size_t)floor((1 - cuts[k].keep_ratio) * (double)n + 1e-9));
    }
    double want[8];
    float scores[8];
    iscc_test_forward(model, weight, 1, model->network.layers, input, want);
    const int split = cuts[k].split;
    ck_assert_int_eq(iscc_split_network_device(net, split, cuts[k].keep_ratio, input, features, NULL),
                     ISCC_OK);
    ck_assert_int_eq(iscc_split_network_server(net, split, features, scores, NULL), ISCC_OK);
    check_scores(scores, want, model->network.classes, "pruned", split);
    for (int l = 1; l <= split; l++) free((void *)(uintptr_t)weight[l]);
  }
}
END_TEST

/* The wire changes features by less than a step each, and a fine wire hardly changes the scores. */
START_TEST(features_survive_the_wire) {
  for (int split = 0; split < model->network.layers; split++) {
    const size_t n = model->network.layer[split].features;
    float scores[8], through[8], most = 0;
    ck_assert_int_eq(iscc_split_network_device(net, split, 0.8, input, features, NULL), ISCC_OK);
    ck_assert_int_eq(iscc_split_network_server(net, split, features, scores, NULL), ISCC_OK);
    for (size_t i = 0; i < n; i++) most = fmaxf(most, fabsf(features[i]));
    const iscc_quantizer q = {.bits = 16, .feature_max = (double)most};
    iscc_random r;
    iscc_random_seed(&r, 1, 0, 0, ISCC_STREAM_QUANTIZATION);
    size_t clipped = 1;
    ck_assert_int_eq(iscc_quantizer_encode(&q, features, n, &r, bytes, &clipped, NULL), ISCC_OK);
    ck_assert_uint_eq(clipped, 0);
    ck_assert_int_eq(iscc_quantizer_decode(&q, bytes, 2 * n, back, n, NULL), ISCC_OK);
    for (size_t i = 0; i < n; i++)
      ck_assert_double_le(fabs((double)back[i] - (double)features[i]), (double)most / 32767 * 1.001);
    ck_assert_int_eq(iscc_split_network_server(net, split, back, through, NULL), ISCC_OK);
    for (int i = 0; i < 5; i++) ck_assert_double_le(fabs((double)through[i] - (double)scores[i]), 1e-2);
  }
}
END_TEST

START_TEST(equal_calls_give_equal_bits) {
  float first[8], again[8];
  iscc_split_network *other;
  ck_assert_int_eq(iscc_split_network_create(model, &other, NULL), ISCC_OK);
  ck_assert_int_eq(iscc_split_network_device(net, 6, 0.4, input, features, NULL), ISCC_OK);
  ck_assert_int_eq(iscc_split_network_server(net, 6, features, first, NULL), ISCC_OK);
  ck_assert_int_eq(iscc_split_network_device(other, 11, 0.1, input, back, NULL), ISCC_OK);
  ck_assert_int_eq(iscc_split_network_device(other, 6, 0.4, input, back, NULL), ISCC_OK);
  ck_assert_mem_eq(features, back, model->network.layer[6].features * sizeof(float));
  ck_assert_int_eq(iscc_split_network_server(other, 6, back, again, NULL), ISCC_OK);
  ck_assert_mem_eq(first, again, 5 * sizeof(float));
  iscc_split_network_destroy(other);
}
END_TEST

START_TEST(bad_input_is_refused) {
  const double ratios[] = {0, -0.1, 1.0001, (double)NAN, (double)INFINITY};
  iscc_error error = {.text = ""};
  for (size_t i = 0; i < sizeof ratios / sizeof *ratios; i++) {
    ck_assert_int_eq(iscc_split_network_device(net, 6, ratios[i], input, features, &error), ISCC_EINVAL);
    ck_assert_ptr_nonnull(strstr(error.text, "outside (0, 1]"));
  }
  ck_assert_int_eq(iscc_split_network_device(net, -1, 1, input, features, &error), ISCC_EINVAL);
  ck_assert_int_eq(iscc_split_network_device(net, 12, 1, input, features, &error), ISCC_EINVAL);
  ck_assert_str_eq(error.text, "split layer: 12 is outside 0..11");
  ck_assert_int_eq(iscc_split_network_server(net, 12, features, back, &error), ISCC_EINVAL);
}
END_TEST

START_TEST(the_first_of_the_largest_scores_is_the_class) {
  const float scores[5] = {-1, 3, 2, 3, -7}, all_equal[3] = {0, 0, 0};
  ck_assert_int_eq(iscc_scores_class(scores, 5), 1);
  ck_assert_int_eq(iscc_scores_class(all_equal, 3), 0);
}
END_TEST

Suite *iscc_suite_split_network(void);
Suite *iscc_suite_split_network(void) {
  Suite *s = suite_create("inference: split network");
  TCase *t = tcase_create("split network");
  tcase_add_checked_fixture(t, set_up, tear_down);
  tcase_set_timeout(t, 60);
  tcase_add_test(t, every_split_reproduces_the_reference);
  tcase_add_test(t, pruned_device_layers_reproduce_the_reference);
  tcase_add_test(t, features_survive_the_wire);
  tcase_add_test(t, equal_calls_give_equal_bits);
  tcase_add_test(t, bad_input_is_refused);
  tcase_add_test(t, the_first_of_the_largest_scores_is_the_class);
  suite_add_tcase(s, t);
  return s;
}
