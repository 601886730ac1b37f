/* SPDX-License-Identifier: GPL-2.0-only */
#include <check.h>
#include <math.h>
#include <omp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "iscc-engine.h"
#include "iscc-loss.h"
#include "iscc-random.h"
#include "reference-network.h"

#define COUNT(array) ((int)(sizeof(array) / sizeof *(array)))

enum { BATCH = 3, VALUES_MAX = 4096 };

/* Each layer kind alone, at sizes that are no multiples of anything, then together. */
static const struct {
  const char *name;
  int channels, rows, columns, layers;
  struct {
    iscc_layer_kind kind;
    int kernel, units;
  } layer[8];
} networks[] = {
    {"convolution", 3, 7, 6, 1, {{ISCC_LAYER_CONV, 3, 5}}},
    {"convolution of one channel, kernel as large as the input", 1, 4, 4, 1, {{ISCC_LAYER_CONV, 4, 9}}},
    {"convolution of nine channels", 9, 5, 5, 1, {{ISCC_LAYER_CONV, 2, 6}}},
    {"relu", 3, 5, 4, 1, {{ISCC_LAYER_RELU, 0, 0}}},
    {"max-pooling that leaves a rest", 3, 7, 8, 1, {{ISCC_LAYER_MAXPOOL, 3, 0}}},
    {"max-pooling", 6, 8, 8, 1, {{ISCC_LAYER_MAXPOOL, 2, 0}}},
    {"dense, flattening channel-first", 3, 4, 5, 1, {{ISCC_LAYER_DENSE, 0, 7}}},
    {"dense after dense", 2, 3, 3, 2, {{ISCC_LAYER_DENSE, 0, 6}, {ISCC_LAYER_DENSE, 0, 5}}},
    {"two convolutions", 3, 8, 8, 2, {{ISCC_LAYER_CONV, 3, 6}, {ISCC_LAYER_CONV, 3, 4}}},
    {"all kinds",
     3,
     12,
     12,
     8,
     {{ISCC_LAYER_CONV, 3, 6},
      {ISCC_LAYER_RELU, 0, 0},
      {ISCC_LAYER_MAXPOOL, 2, 0},
      {ISCC_LAYER_CONV, 2, 8},
      {ISCC_LAYER_RELU, 0, 0},
      {ISCC_LAYER_DENSE, 0, 9},
      {ISCC_LAYER_RELU, 0, 0},
      {ISCC_LAYER_DENSE, 0, 5}}},
};

/* Values that single precision holds exactly, so that the engine and the reference start from the same. */
static void draw(iscc_random *r, double scale, float *single, double *real, size_t n) {
  iscc_random_fill_normal(r, (float)scale, single, n);
  for (size_t i = 0; i < n; i++) real[i] = (double)single[i];
}

static iscc_network net;
static iscc_engine *engine;
static iscc_random stream;
static reference_weights weights;
static float *weight_single[ISCC_LAYERS_MAX + 1], *bias_single[ISCC_LAYERS_MAX + 1];

static void make_network(int row) {
  net = (iscc_network){.channels = networks[row].channels,
                       .rows = networks[row].rows,
                       .columns = networks[row].columns,
                       .layers = networks[row].layers};
  for (int l = 1; l <= net.layers; l++) {
    net.layer[l].kind = networks[row].layer[l - 1].kind;
    net.layer[l].kernel = networks[row].layer[l - 1].kernel;
    net.layer[l].units = networks[row].layer[l - 1].units;
    snprintf(net.layer[l].name, sizeof net.layer[l].name, "layer%d", l);
  }
  iscc_error error = {.text = ""};
  ck_assert_msg(iscc_network_shape(&net, &error) == ISCC_OK, "%s", error.text);
}

static void make_engine(int batch, bool training) {
  iscc_error error = {.text = ""};
  ck_assert_msg(iscc_engine_create(&net, batch, training, &engine, &error) == ISCC_OK, "%s", error.text);
  iscc_random_seed(&stream, 7, 0, 0, ISCC_STREAM_TEST);
  for (int l = 1; l <= net.layers; l++) {
    const size_t n = net.layer[l].weights, units = (size_t)net.layer[l].units;
    if (n == 0) continue;
    weight_single[l] = calloc(n, sizeof(float)), weights.weight[l] = calloc(n, sizeof(double));
    bias_single[l] = calloc(units, sizeof(float)), weights.bias[l] = calloc(units, sizeof(double));
    draw(&stream, 1.0 / sqrt((double)(n / units)), weight_single[l], weights.weight[l], n);
    draw(&stream, 0.3, bias_single[l], weights.bias[l], units);
    ck_assert_int_eq(iscc_engine_set_weights(engine, l, weight_single[l], bias_single[l], NULL), ISCC_OK);
  }
}

static void drop_engine(void) {
  iscc_engine_destroy(engine);
  engine = NULL;
  for (int l = 0; l <= ISCC_LAYERS_MAX; l++) {
    free(weight_single[l]), free(bias_single[l]), free(weights.weight[l]), free(weights.bias[l]);
    weight_single[l] = bias_single[l] = NULL;
    weights.weight[l] = weights.bias[l] = NULL;
  }
}

static void assert_near(double got, double want, double scale, const char *what, size_t at) {
  ck_assert_msg(fabs(got - want) <= 2e-5 * scale, "%s [%zu]: %.9g, want %.9g", what, at, got, want);
}

START_TEST(forward_is_that_of_the_reference) {
  make_network(_i);
  make_engine(BATCH, false);
  float in[VALUES_MAX], out[VALUES_MAX];
  double real[VALUES_MAX], want[VALUES_MAX];
  draw(&stream, 1.0, in, real, BATCH * net.inputs);
  ck_assert_int_eq(iscc_engine_forward(engine, 1, net.layers, in, out, NULL), ISCC_OK);
  const size_t outputs = net.layer[net.layers].features;
  for (size_t b = 0; b < BATCH; b++) {
    reference_forward(&net, &weights, real + b * net.inputs, want);
    for (size_t i = 0; i < outputs; i++)
      assert_near((double)out[b * outputs + i], want[i], 1.0, networks[_i].name, i);
  }
  drop_engine();
}
END_TEST

START_TEST(ranges_of_layers_chain_to_the_whole_default_network) {
  iscc_network_default(&net);
  make_engine(1, false);
  static float in[8664], middle[8664], scores[5];
  static double real[8664], want[5];
  draw(&stream, 1.0, in, real, net.inputs);
  reference_forward(&net, &weights, real, want);
  for (int split = 1; split < net.layers; split++) {
    ck_assert_int_eq(iscc_engine_forward(engine, 1, split, in, middle, NULL), ISCC_OK);
    /* another input in between: a range depends on what it is given, not on what ran before */
    ck_assert_int_eq(iscc_engine_forward(engine, 1, net.layers, middle, scores, NULL), ISCC_OK);
    ck_assert_int_eq(iscc_engine_forward(engine, split + 1, net.layers, middle, scores, NULL), ISCC_OK);
    for (size_t j = 0; j < 5; j++) assert_near((double)scores[j], want[j], 1.0, "score", j);
  }
  drop_engine();
}
END_TEST

/* --- gradients --- */

static double in_real[VALUES_MAX], out_factor[VALUES_MAX];
static uint8_t label[BATCH];
static bool with_softmax;

/* sum of out_factor * outputs, or the softmax loss: its derivatives are what backward must give. */
static double objective(void) {
  if (with_softmax) return reference_loss(&net, &weights, in_real, label, BATCH);
  double sum = 0.0, out[VALUES_MAX];
  const size_t outputs = net.layer[net.layers].features;
  for (size_t b = 0; b < BATCH; b++) {
    reference_forward(&net, &weights, in_real + b * net.inputs, out);
    for (size_t i = 0; i < outputs; i++) sum += out_factor[b * outputs + i] * out[i];
  }
  return sum;
}

static double difference_quotient(double *parameter) {
  const double kept = *parameter, step = 1e-5;
  *parameter = kept + step;
  const double above = objective();
  *parameter = kept - step;
  const double below = objective();
  *parameter = kept;
  return (above - below) / (2.0 * step);
}

static void assert_gradient(const float *got, double *parameter, size_t n, const char *what) {
  double scale = 0.0;
  for (size_t i = 0; i < n; i++) scale = fmax(scale, fabs((double)got[i]));
  ck_assert_msg(scale > 0.0, "%s: all zero", what);
  for (size_t i = 0; i < n; i++)
    assert_near((double)got[i], difference_quotient(&parameter[i]), fmax(scale, 0.01), what, i);
}

static void check_all_gradients(void) {
  float in[VALUES_MAX], out[VALUES_MAX], out_gradient[VALUES_MAX], in_gradient[VALUES_MAX];
  const size_t outputs = BATCH * net.layer[net.layers].features;
  draw(&stream, 1.0, in, in_real, BATCH * net.inputs);
  draw(&stream, 1.0, out_gradient, out_factor, outputs);
  ck_assert_int_eq(iscc_engine_forward(engine, 1, net.layers, in, out, NULL), ISCC_OK);
  if (with_softmax) {
    for (int b = 0; b < BATCH; b++) label[b] = (uint8_t)(b % net.classes);
    const double loss = iscc_softmax_loss(out, label, BATCH, net.classes, 1.0 / BATCH, out_gradient);
    ck_assert_double_eq_tol(loss / BATCH, objective(), 1e-5);
  }
  ck_assert_int_eq(iscc_engine_backward(engine, 1, net.layers, out_gradient, in_gradient, NULL), ISCC_OK);
  assert_gradient(in_gradient, in_real, BATCH * net.inputs, "input");
  for (int l = 1; l <= net.layers; l++) {
    if (net.layer[l].weights == 0) continue;
    float weight_gradient[VALUES_MAX], bias_gradient[VALUES_MAX];
    ck_assert_int_eq(iscc_engine_gradients(engine, l, weight_gradient, bias_gradient, NULL), ISCC_OK);
    assert_gradient(weight_gradient, weights.weight[l], net.layer[l].weights, net.layer[l].name);
    assert_gradient(bias_gradient, weights.bias[l], (size_t)net.layer[l].units, "bias");
  }
}

START_TEST(gradients_are_the_difference_quotients_of_the_reference) {
  make_network(_i);
  make_engine(BATCH, true);
  with_softmax = false;
  check_all_gradients();
  drop_engine();
}
END_TEST

START_TEST(gradients_of_the_softmax_loss_are_too) {
  make_network(COUNT(networks) - 1);
  make_engine(BATCH, true);
  with_softmax = true;
  check_all_gradients();
  drop_engine();
}
END_TEST

START_TEST(softmax_loss_bears_huge_scores) {
  const float scores[] = {1000.0F, -1000.0F, 0.0F};
  const uint8_t wrong = 1, right = 0;
  float gradient[3];
  ck_assert_double_eq_tol(iscc_softmax_loss(scores, &wrong, 1, 3, 1.0, gradient), 2000.0, 1e-9);
  ck_assert_double_eq_tol((double)gradient[0], 1.0, 1e-6);
  ck_assert_double_eq_tol((double)gradient[1], -1.0, 1e-6);
  ck_assert_double_eq_tol(iscc_softmax_loss(scores, &right, 1, 3, 1.0, gradient), 0.0, 1e-9);
}
END_TEST

/* --- behaviour --- */

START_TEST(same_weights_and_input_give_the_same_bits) {
  iscc_network_default(&net);
  static float in[5292], first[5], second[5];
  static double real[5292];
  for (int round = 0; round < 2; round++) {
    make_engine(1, false);
    draw(&stream, 1.0, in, real, net.inputs);
    ck_assert_int_eq(iscc_engine_forward(engine, 1, net.layers, in, round ? second : first, NULL), ISCC_OK);
    drop_engine();
  }
  ck_assert_mem_eq(first, second, sizeof first);
}
END_TEST

static int threads_now(void) {
  FILE *file = fopen("/proc/self/status", "r");
  ck_assert_ptr_nonnull(file);
  char line[256];
  int threads = -1;
  while (fgets(line, sizeof line, file))
    if (sscanf(line, "Threads: %d", &threads) == 1) break;
  fclose(file);
  return threads;
}

START_TEST(the_calling_thread_works_alone) {
  omp_set_num_threads(4);
  const int before = threads_now();
  iscc_network_default(&net);
  make_engine(64, false);
  float *in = calloc(64 * net.inputs, sizeof *in), scores[64 * 5];
  ck_assert_int_eq(iscc_engine_forward(engine, 1, net.layers, in, scores, NULL), ISCC_OK);
  ck_assert_int_eq(threads_now(), before);
  ck_assert_int_eq(omp_get_max_threads(), 4); /* the caller's own setting is as it was */
  free(in);
  drop_engine();
}
END_TEST

START_TEST(wrong_use_is_refused) {
  iscc_network_default(&net);
  iscc_engine *none = (iscc_engine *)&net;
  ck_assert_int_eq(iscc_engine_create(&net, 0, false, &none, NULL), ISCC_EINVAL);
  ck_assert_ptr_null(none);
  ck_assert_int_eq(iscc_engine_create(&net, ISCC_ENGINE_BATCH_MAX + 1, false, &none, NULL), ISCC_EINVAL);
  const iscc_network empty = {.layers = 0};
  ck_assert_int_eq(iscc_engine_create(&empty, 1, false, &none, NULL), ISCC_EINVAL);
  make_engine(1, true);
  static float values[94080];
  ck_assert_int_eq(iscc_engine_set_weights(engine, 2, values, values, NULL), ISCC_EINVAL);
  ck_assert_int_eq(iscc_engine_set_weights(engine, 12, values, values, NULL), ISCC_EINVAL);
  ck_assert_int_eq(iscc_engine_forward(engine, 0, 11, values, values, NULL), ISCC_EINVAL);
  ck_assert_int_eq(iscc_engine_forward(engine, 3, 2, values, values, NULL), ISCC_EINVAL);
  ck_assert_int_eq(iscc_engine_forward(engine, 1, 12, values, values, NULL), ISCC_EINVAL);
  ck_assert_int_eq(iscc_engine_backward(engine, 1, 11, values, NULL, NULL), ISCC_ESTATE);
  ck_assert_int_eq(iscc_engine_forward(engine, 2, 11, values, values + 50000, NULL), ISCC_OK);
  ck_assert_int_eq(iscc_engine_backward(engine, 1, 11, values, NULL, NULL), ISCC_ESTATE);
  ck_assert_int_eq(iscc_engine_backward(engine, 2, 11, values, NULL, NULL), ISCC_OK);
  drop_engine();
  make_engine(1, false);
  ck_assert_int_eq(iscc_engine_forward(engine, 1, 11, values, values + 50000, NULL), ISCC_OK);
  ck_assert_int_eq(iscc_engine_backward(engine, 1, 11, values, NULL, NULL), ISCC_ESTATE);
  ck_assert_int_eq(iscc_engine_gradients(engine, 1, values, values, NULL), ISCC_ESTATE);
  drop_engine();
}
END_TEST

Suite *iscc_suite_engine(void);
Suite *iscc_suite_engine(void) {
  Suite *s = suite_create("inference: engine");
  TCase *t = tcase_create("engine");
  tcase_set_timeout(t, 60);
  tcase_add_loop_test(t, forward_is_that_of_the_reference, 0, COUNT(networks));
  tcase_add_test(t, ranges_of_layers_chain_to_the_whole_default_network);
  tcase_add_loop_test(t, gradients_are_the_difference_quotients_of_the_reference, 0, COUNT(networks));
  tcase_add_test(t, gradients_of_the_softmax_loss_are_too);
  tcase_add_test(t, softmax_loss_bears_huge_scores);
  tcase_add_test(t, same_weights_and_input_give_the_same_bits);
  tcase_add_test(t, the_calling_thread_works_alone);
  tcase_add_test(t, wrong_use_is_refused);
  suite_add_tcase(s, t);
  return s;
}
