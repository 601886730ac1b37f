/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-fake-model.h"

#include <math.h>
#include <stdlib.h>

#include "iscc-random.h"

static void calibrate(iscc_model *model) {
  static const double power_w[] = {0.001, 0.005, 0.01, 0.02, 0.05, 0.1, 1.0};
  static const double accuracy[] = {0.30, 0.637, 0.748, 0.853, 0.941, 0.964, 0.978};
  iscc_calibration *c = &model->calibration;
  c->arctan_a = 0.628;
  c->arctan_b_per_w = 250.0;
  c->clean_accuracy = 0.978;
  c->concave_points = c->curve_points = sizeof power_w / sizeof *power_w;
  for (int i = 0; i < c->concave_points; i++) {
    c->power_w[i] = c->concave_power_w[i] = power_w[i];
    c->measured_accuracy[i] = c->concave_accuracy[i] = accuracy[i];
  }
  for (int l = 0; l <= model->network.layers; l++) {
    iscc_split_calibration *split = &c->split[l];
    for (int q = ISCC_BITS_MIN; q <= ISCC_BITS_MAX; q++) split->feature_max[q] = 1.0;
    split->pruning_loss = l == 0 ? 0.0 : 0.3 + 0.01 * l;
    split->quantization_loss_v = 0.1;
    for (int q = ISCC_BITS_MIN; q <= ISCC_BITS_MAX; q++)
      split->quantization_loss[q] = l == model->network.layers ? 0.0 : 0.1 * iscc_quantization_shape(q);
  }
  model->calibrated = true;
}

iscc_model *iscc_fake_model_create(void) {
  iscc_network network;
  iscc_network_default(&network);
  iscc_model *model;
  if (iscc_model_create(&network, &model, NULL) != ISCC_OK) abort();
  iscc_sensing_defaults(&model->sensing);
  calibrate(model);
  return model;
}

void iscc_fake_model_randomize(iscc_model *model, uint64_t seed) {
  iscc_random r;
  iscc_random_seed(&r, seed, 0, 0, ISCC_STREAM_TEST);
  for (int l = 1; l <= model->network.layers; l++) {
    const iscc_layer *layer = &model->network.layer[l];
    if (layer->weights == 0) continue;
    const double scale = sqrt(2.0 * layer->channels / (double)layer->weights); /* 1/fan-in */
    iscc_random_fill_normal(&r, (float)scale, model->weight[l], layer->weights);
    iscc_random_fill_normal(&r, 0.05f, model->bias[l], (size_t)layer->channels);
  }
}
