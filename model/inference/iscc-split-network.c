/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-split-network.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "iscc-engine.h"
#include "iscc-prune.h"

/* Two engines: the device's weights change with the pruning ratio, the server's never do. */
struct iscc_split_network {
  const iscc_model *model;
  iscc_engine *device, *server;
  iscc_pruner *pruner[ISCC_LAYERS_MAX + 1]; /* NULL for layers without weights */
  size_t kept[ISCC_LAYERS_MAX + 1];         /* weights the device's engine holds now */
  float *pruned;                            /* work space of the largest layer */
};

void iscc_split_network_destroy(iscc_split_network *net) {
  if (!net) return;
  for (int l = 1; l <= ISCC_LAYERS_MAX; l++) iscc_pruner_destroy(net->pruner[l]);
  iscc_engine_destroy(net->device);
  iscc_engine_destroy(net->server);
  free(net->pruned);
  free(net);
}

/* Engines with all weights in place, one pruner per weight layer. */
static iscc_status prepare(iscc_split_network *net, iscc_error *error) {
  const iscc_network *network = &net->model->network;
  iscc_status status = iscc_engine_create(network, 1, false, &net->device, error);
  if (!status) status = iscc_engine_create(network, 1, false, &net->server, error);
  size_t most = 1;
  for (int l = 1; !status && l <= network->layers; l++) {
    const size_t weights = network->layer[l].weights;
    if (!weights) continue;
    if (weights > most) most = weights;
    const float *weight = net->model->weight[l], *bias = net->model->bias[l];
    net->kept[l] = weights;
    status = iscc_pruner_create(weight, weights, &net->pruner[l], error);
    if (!status) status = iscc_engine_set_weights(net->device, l, weight, bias, error);
    if (!status) status = iscc_engine_set_weights(net->server, l, weight, bias, error);
  }
  if (status) return status;
  net->pruned = malloc(most * sizeof *net->pruned);
  return net->pruned ? ISCC_OK : iscc_fail(error, ISCC_ENOMEM, "out of memory creating a split network");
}

iscc_status iscc_split_network_create(const iscc_model *model, iscc_split_network **out, iscc_error *error) {
  *out = NULL;
  iscc_split_network *net = calloc(1, sizeof *net);
  if (!net) return iscc_fail(error, ISCC_ENOMEM, "out of memory creating a split network");
  net->model = model;
  const iscc_status status = prepare(net, error);
  if (status)
    iscc_split_network_destroy(net);
  else
    *out = net;
  return status;
}

static iscc_status check_split(const iscc_split_network *net, int split, iscc_error *error) {
  if (split < 0 || split > net->model->network.layers)
    return iscc_fail(error, ISCC_EINVAL, "split layer: %d is outside 0..%d", split,
                     net->model->network.layers);
  return ISCC_OK;
}

/* Brings the device's layers 1..split to the ratio; layers already there are left alone. */
static iscc_status prune(iscc_split_network *net, int split, double keep_ratio, iscc_error *error) {
  for (int l = 1; l <= split; l++) {
    if (!net->pruner[l]) continue;
    const size_t kept = iscc_prune_kept(net->model->network.layer[l].weights, keep_ratio);
    if (kept == net->kept[l]) continue;
    iscc_pruner_apply(net->pruner[l], kept, net->pruned);
    const iscc_status status = iscc_engine_set_weights(net->device, l, net->pruned, NULL, error);
    if (status) return status;
    net->kept[l] = kept;
  }
  return ISCC_OK;
}

iscc_status iscc_split_network_device(iscc_split_network *net, int split, double keep_ratio,
                                      const float *input, float *features, iscc_error *error) {
  iscc_status status = check_split(net, split, error);
  if (status) return status;
  if (!(keep_ratio > 0 && keep_ratio <= 1))
    return iscc_fail(error, ISCC_EINVAL, "keep ratio: %g is outside (0, 1]", keep_ratio);
  if (split == 0) {
    memcpy(features, input, net->model->network.inputs * sizeof *features);
    return ISCC_OK;
  }
  status = prune(net, split, keep_ratio, error);
  return status ? status : iscc_engine_forward(net->device, 1, split, input, features, error);
}

iscc_status iscc_split_network_server(iscc_split_network *net, int split, const float *features,
                                      float *scores, iscc_error *error) {
  const iscc_status status = check_split(net, split, error);
  if (status) return status;
  const int layers = net->model->network.layers;
  if (split == layers) {
    memcpy(scores, features, net->model->network.layer[layers].features * sizeof *scores);
    return ISCC_OK;
  }
  return iscc_engine_forward(net->server, split + 1, layers, features, scores, error);
}

int iscc_scores_class(const float *scores, int classes) {
  int best = 0;
  for (int i = 1; i < classes; i++)
    if (scores[i] > scores[best]) best = i;
  return best;
}
