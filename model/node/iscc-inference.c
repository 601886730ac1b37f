/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-inference.h"

#include <stdlib.h>

#include "iscc-quantizer.h"
#include "iscc-split-network.h"

struct iscc_inference {
  iscc_inference_mode mode;
  const iscc_model *model;
  uint64_t
      key[ISCC_PURPOSES]; /* one draw of the node's stream of each purpose: stands for (seed, run, node) */
  iscc_draws draws[ISCC_PURPOSES];
  iscc_sensing *sensing;
  iscc_split_network *network;
  float *input, *features, *scores;
};

static size_t most_features(const iscc_network *net) {
  size_t most = 0;
  for (int l = 0; l <= net->layers; l++)
    if (net->layer[l].features > most) most = net->layer[l].features;
  return most;
}

static iscc_status prepare_real(iscc_inference *inf, bool device, iscc_error *error) {
  const iscc_network *net = &inf->model->network;
  if (net->inputs != ISCC_INPUT_SIZE)
    return iscc_fail(error, ISCC_EINVAL, "the model takes %zu inputs, sensing yields %d", net->inputs,
                     ISCC_INPUT_SIZE);
  inf->features = calloc(most_features(net), sizeof *inf->features);
  inf->scores = calloc((size_t)net->classes, sizeof *inf->scores);
  if (!inf->features || !inf->scores) return iscc_fail(error, ISCC_ENOMEM, "inference: out of memory");
  const iscc_status status = iscc_split_network_create(inf->model, &inf->network, error);
  if (status != ISCC_OK || !device) return status;
  inf->input = calloc(ISCC_INPUT_SIZE, sizeof *inf->input);
  if (!inf->input) return iscc_fail(error, ISCC_ENOMEM, "inference: out of memory");
  return iscc_sensing_create(&inf->model->sensing, &inf->sensing, error);
}

iscc_status iscc_inference_create(iscc_inference_mode mode, const iscc_model *model, const iscc_host *host,
                                  iscc_inference **out, iscc_error *error) {
  *out = NULL;
  if (mode != ISCC_INFERENCE_MODEL && mode != ISCC_INFERENCE_REAL)
    return iscc_fail(error, ISCC_EINVAL, "inference: %d is neither modelled nor real", (int)mode);
  iscc_inference *inf = calloc(1, sizeof *inf);
  if (!inf) return iscc_fail(error, ISCC_ENOMEM, "inference: out of memory");
  inf->mode = mode;
  inf->model = model;
  if (host) {
    static const iscc_purpose used[] = {ISCC_STREAM_PLACEMENT, ISCC_STREAM_CLUTTER, ISCC_STREAM_NOISE,
                                        ISCC_STREAM_QUANTIZATION, ISCC_STREAM_INFERENCE};
    for (size_t i = 0; i < sizeof used / sizeof *used; i++) {
      iscc_random stream;
      host->random(host->ctx, used[i], &stream);
      inf->key[used[i]] = iscc_random_u64(&stream);
    }
  }
  const iscc_status status = mode == ISCC_INFERENCE_REAL ? prepare_real(inf, host != NULL, error) : ISCC_OK;
  if (status != ISCC_OK) {
    iscc_inference_destroy(inf);
    return status;
  }
  *out = inf;
  return ISCC_OK;
}

void iscc_inference_destroy(iscc_inference *inf) {
  if (!inf) return;
  iscc_sensing_destroy(inf->sensing);
  iscc_split_network_destroy(inf->network);
  free(inf->input);
  free(inf->features);
  free(inf->scores);
  free(inf);
}

iscc_inference_mode iscc_inference_mode_of(const iscc_inference *inf) {
  return inf->mode;
}

static iscc_random stream_of(iscc_inference *inf, iscc_purpose purpose, uint64_t number) {
  iscc_random stream;
  iscc_random_seed_at(&stream, inf->key[purpose], 0, 0, purpose, number);
  iscc_draws_note_first(&inf->draws[purpose], number, &stream);
  return stream;
}

iscc_status iscc_inference_sense(iscc_inference *inf, uint64_t number, double power_w, int *true_class,
                                 iscc_error *error) {
  iscc_random placement = stream_of(inf, ISCC_STREAM_PLACEMENT, number);
  iscc_random clutter = stream_of(inf, ISCC_STREAM_CLUTTER, number);
  iscc_random noise = stream_of(inf, ISCC_STREAM_NOISE, number);
  iscc_person person;
  iscc_person_draw_any(&placement, &person);
  *true_class = (int)person.motion;
  return iscc_sensing_run(inf->sensing, &person, power_w, &clutter, &noise, inf->input, error);
}

static iscc_quantizer quantizer_of(const iscc_inference *inf, int split, int bits) {
  return (iscc_quantizer){.bits = bits,
                          .feature_min = 0.0,
                          .feature_max = inf->model->calibration.split[split].feature_max[bits]};
}

iscc_status iscc_inference_device(iscc_inference *inf, uint64_t number, int split, double keep_ratio,
                                  int bits, uint8_t *payload, size_t capacity, int *device_class,
                                  iscc_error *error) {
  const iscc_network *net = &inf->model->network;
  *device_class = -1;
  iscc_status status =
      iscc_split_network_device(inf->network, split, keep_ratio, inf->input, inf->features, error);
  if (status != ISCC_OK) return status;
  if (split == net->layers) {
    *device_class = iscc_scores_class(inf->features, net->classes);
    return ISCC_OK;
  }
  const iscc_quantizer quantizer = quantizer_of(inf, split, bits);
  const size_t features = net->layer[split].features;
  if (iscc_quantizer_bytes(&quantizer, features) > capacity)
    return iscc_fail(error, ISCC_EINVAL, "payload of split %d at %d bits: %zu bytes are not enough", split,
                     bits, capacity);
  iscc_random rounding = stream_of(inf, ISCC_STREAM_QUANTIZATION, number);
  return iscc_quantizer_encode(&quantizer, inf->features, features, &rounding, payload, NULL, error);
}

iscc_status iscc_inference_server(iscc_inference *inf, int split, int bits, const uint8_t *payload,
                                  size_t n_bytes, int *server_class, iscc_error *error) {
  const iscc_network *net = &inf->model->network;
  const iscc_quantizer quantizer = quantizer_of(inf, split, bits);
  iscc_status status =
      iscc_quantizer_decode(&quantizer, payload, n_bytes, inf->features, net->layer[split].features, error);
  if (status == ISCC_OK)
    status = iscc_split_network_server(inf->network, split, inf->features, inf->scores, error);
  if (status == ISCC_OK) *server_class = iscc_scores_class(inf->scores, net->classes);
  return status;
}

const iscc_draws *iscc_inference_draws(const iscc_inference *inf, iscc_purpose purpose) {
  return &inf->draws[purpose];
}

int iscc_inference_draw(iscc_inference *inf, uint64_t number, double probability) {
  iscc_random stream = stream_of(inf, ISCC_STREAM_INFERENCE, number);
  return iscc_random_uniform(&stream) < probability;
}
