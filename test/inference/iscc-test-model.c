/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-test-model.h"

#include <check.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void iscc_test_small_network(iscc_network *network) {
  *network = (iscc_network){.channels = 2, .rows = 12, .columns = 12, .layers = 6};
  network->layer[1] = (iscc_layer){.kind = ISCC_LAYER_CONV, .name = "conv1", .kernel = 3, .units = 4};
  network->layer[2] = (iscc_layer){.kind = ISCC_LAYER_RELU, .name = "relu1"};
  network->layer[3] = (iscc_layer){.kind = ISCC_LAYER_MAXPOOL, .name = "pool1", .kernel = 2};
  network->layer[4] = (iscc_layer){.kind = ISCC_LAYER_DENSE, .name = "fc1", .units = 10};
  network->layer[5] = (iscc_layer){.kind = ISCC_LAYER_RELU, .name = "relu2"};
  network->layer[6] = (iscc_layer){.kind = ISCC_LAYER_DENSE, .name = "fc2", .units = 3};
  ck_assert_int_eq(iscc_network_shape(network, NULL), ISCC_OK);
}

iscc_model *iscc_test_model(const iscc_network *network, uint64_t seed) {
  iscc_model *model;
  iscc_error error = {.text = ""};
  ck_assert_msg(iscc_model_create(network, &model, &error) == ISCC_OK, "%s", error.text);
  iscc_random r;
  iscc_random_seed(&r, seed, 0, 0, ISCC_STREAM_TEST);
  for (int l = 1; l <= network->layers; l++) {
    const iscc_layer *layer = &network->layer[l];
    if (!layer->weights) continue;
    const double fan_in = (double)layer->weights / layer->units;
    iscc_random_fill_normal(&r, (float)sqrt(2 / fan_in), model->weight[l], layer->weights);
    iscc_random_fill_normal(&r, 0.05f, model->bias[l], (size_t)layer->units);
  }
  model->provenance = (iscc_provenance){.seed = 0xfedcba9876543210u,
                                        .train_samples = 11,
                                        .validation_samples = 12,
                                        .test_samples = 13,
                                        .epochs = 14,
                                        .threads = 15,
                                        .test_accuracy = 0.875,
                                        .version = "1.2.3-test"};
  model->sensing = (iscc_sensing_settings){.carrier_hz = 1,
                                           .sweep_hz = 2,
                                           .chirp_s = 3,
                                           .sampling_hz = 4,
                                           .chirp_spacing_s = 5,
                                           .chirps = 6,
                                           .radar_x_m = -7,
                                           .radar_y_m = 8,
                                           .radar_z_m = 9,
                                           .noise_power_w = 1e-11 / 3,
                                           .clutter = true,
                                           .clutter_correlation = 0.99,
                                           .svd_first = 10,
                                           .svd_last = 11,
                                           .doppler_limit_hz = 12,
                                           .random_gait_phase = true};
  for (int i = 0; i < network->classes; i++)
    for (int j = 0; j < network->classes; j++) model->provenance.confusion[i][j] = 100 * i + j;
  return model;
}

void iscc_test_calibrate(iscc_model *model) {
  iscc_calibration *c = &model->calibration;
  *c = (iscc_calibration){.arctan_a = 0.61,
                          .arctan_b_per_w = 1.0 / 3 * 1000,
                          .arctan_rmse = 0.004,
                          .clean_accuracy = 0.97,
                          .curve_points = 5,
                          .concave_points = 4,
                          .curve_samples = 321,
                          .split_samples = 654};
  for (int i = 0; i < 5; i++) {
    c->power_w[i] = 0.01 * pow(2, i);
    c->measured_accuracy[i] = 0.7 + 0.05 * i;
    if (i == 4) break;
    c->concave_power_w[i] = 0.011 * pow(2, i);
    c->concave_accuracy[i] = 0.69 + 0.05 * i;
  }
  for (int l = 0; l <= model->network.layers; l++) {
    iscc_split_calibration *s = &c->split[l];
    double *real = &s->laplace_rate, value = 0.001 * (l + 1);
    for (size_t i = 0; i < offsetof(iscc_split_calibration, feature_max) / sizeof *real; i++)
      real[i] = value *= 1.1;
    for (int q = ISCC_BITS_MIN; q <= ISCC_BITS_MAX; q++)
      s->quantization_loss[q] = (l + 1) / (3.0 * q * q * q), s->feature_max[q] = 2.5 + l - 0.1 * q,
      s->clipped_share[q] = 0.01 / q;
  }
  c->pca_count = 2;
  for (int k = 0; k < 2; k++) {
    iscc_pca_calibration *p = &c->pca[k];
    *p = (iscc_pca_calibration){.components = 8 << k,
                                .device_flops = 1000.5 * (k + 1),
                                .server_flops = 77.25 * (k + 1),
                                .test_accuracy = 0.9 + 0.01 * k,
                                .arctan_a = 0.55 + 0.01 * k,
                                .arctan_b_per_w = 123.0 / (k + 1),
                                .arctan_rmse = 0.003 * (k + 1),
                                .concave_points = 3 + k};
    for (int i = 0; i < p->concave_points; i++) p->concave_accuracy[i] = 0.6 + 0.07 * i + 0.01 * k;
    for (int q = ISCC_BITS_MIN; q <= ISCC_BITS_MAX; q++)
      p->quantization_loss[q] = (k + 1) / (7.0 * q * q), p->feature_max[q] = 4.5 + k + 0.1 * q;
  }
  model->calibrated = true;
}

/* ---- reference layers ---- */

static void convolve(const iscc_layer *in, const iscc_layer *layer, const float *w, const float *b,
                     const double *x, double *y) {
  const int k = layer->kernel;
  for (int o = 0; o < layer->channels; o++)
    for (int r = 0; r < layer->rows; r++)
      for (int c = 0; c < layer->columns; c++) {
        double sum = (double)b[o];
        for (int i = 0; i < in->channels; i++)
          for (int p = 0; p < k; p++)
            for (int q = 0; q < k; q++)
              sum += (double)w[((o * in->channels + i) * k + p) * k + q] *
                     x[(i * in->rows + r + p) * in->columns + c + q];
        y[(o * layer->rows + r) * layer->columns + c] = sum;
      }
}

static void pool(const iscc_layer *in, const iscc_layer *layer, const double *x, double *y) {
  const int k = layer->kernel;
  for (int o = 0; o < layer->channels; o++)
    for (int r = 0; r < layer->rows; r++)
      for (int c = 0; c < layer->columns; c++) {
        double most = -INFINITY;
        for (int p = 0; p < k; p++)
          for (int q = 0; q < k; q++)
            most = fmax(most, x[(o * in->rows + r * k + p) * in->columns + c * k + q]);
        y[(o * layer->rows + r) * layer->columns + c] = most;
      }
}

static void connect(const iscc_layer *in, const iscc_layer *layer, const float *w, const float *b,
                    const double *x, double *y) {
  for (int o = 0; o < layer->units; o++) {
    y[o] = (double)b[o];
    for (size_t i = 0; i < in->features; i++) y[o] += (double)w[(size_t)o * in->features + i] * x[i];
  }
}

void iscc_test_forward(const iscc_model *model, const float *const *weight, int first, int last,
                       const float *in, double *out) {
  size_t most = 0;
  for (int l = 0; l <= model->network.layers; l++)
    if (model->network.layer[l].features > most) most = model->network.layer[l].features;
  double *x = calloc(most, sizeof *x), *y = calloc(most, sizeof *y);
  for (size_t i = 0; i < model->network.layer[first - 1].features; i++) x[i] = (double)in[i];
  for (int l = first; l <= last; l++) {
    const iscc_layer *before = &model->network.layer[l - 1], *layer = &model->network.layer[l];
    const float *w = weight && weight[l] ? weight[l] : model->weight[l];
    if (layer->kind == ISCC_LAYER_CONV) convolve(before, layer, w, model->bias[l], x, y);
    if (layer->kind == ISCC_LAYER_MAXPOOL) pool(before, layer, x, y);
    if (layer->kind == ISCC_LAYER_DENSE) connect(before, layer, w, model->bias[l], x, y);
    if (layer->kind == ISCC_LAYER_RELU)
      for (size_t i = 0; i < layer->features; i++) y[i] = fmax(x[i], 0);
    double *const swap = x;
    x = y, y = swap;
  }
  memcpy(out, x, model->network.layer[last].features * sizeof *out);
  free(x), free(y);
}
