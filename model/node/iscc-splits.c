/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-splits.h"

#include <string.h>

static iscc_status check(const iscc_model *model, const int *candidates, int count, iscc_error *error) {
  const int layers = model->network.layers;
  if (!model->calibrated)
    return iscc_fail(error, ISCC_EINVAL, "the model has no calibration: train it with 'iscc train'");
  if (count < 1 || count > layers + 1)
    return iscc_fail(error, ISCC_EINVAL, "candidates: %d split layers are not within 1..%d", count,
                     layers + 1);
  bool seen[ISCC_LAYERS_MAX + 1] = {false};
  for (int i = 0; i < count; i++) {
    if (candidates[i] < 0 || candidates[i] > layers)
      return iscc_fail(error, ISCC_EINVAL, "candidates: split layer %d is not within 0..%d", candidates[i],
                       layers);
    if (seen[candidates[i]])
      return iscc_fail(error, ISCC_EINVAL, "candidates: split layer %d is given twice", candidates[i]);
    seen[candidates[i]] = true;
  }
  return ISCC_OK;
}

static void fill(const iscc_model *model, int layer, iscc_split *out) {
  const iscc_network *net = &model->network;
  const iscc_split_calibration *calibration = &model->calibration.split[layer];
  memset(out, 0, sizeof *out);
  out->layer = layer;
  iscc_network_device_flops(net, layer, &out->flops_slope, &out->flops_const);
  out->server_flops = iscc_network_server_flops(net, layer);
  out->features = layer == net->layers ? 0 : (int)net->layer[layer].features;
  out->pruning_loss = calibration->pruning_loss;
  out->pruning_slope = calibration->pruning_slope;
  out->keep_min = calibration->keep_min;
  if (out->features == 0) return;
  for (int q = ISCC_BITS_MIN; q <= ISCC_BITS_MAX; q++)
    out->quantization_loss[q] = calibration->quantization_loss[q];
}

iscc_status iscc_splits_from_model(const iscc_model *model, const int *candidates, int count, iscc_split *out,
                                   iscc_error *error) {
  const iscc_status status = check(model, candidates, count, error);
  if (status != ISCC_OK) return status;
  for (int i = 0; i < count; i++) fill(model, candidates[i], &out[i]);
  return ISCC_OK;
}

void iscc_curve_from_model(const iscc_model *model, bool measured, iscc_accuracy_curve *curve) {
  const iscc_calibration *c = &model->calibration;
  memset(curve, 0, sizeof *curve);
  curve->kind = measured ? ISCC_CURVE_TABLE : ISCC_CURVE_ARCTAN;
  curve->a = c->arctan_a;
  curve->b_per_w = c->arctan_b_per_w;
  curve->power_w = c->concave_power_w;
  curve->accuracy = c->concave_accuracy;
  curve->points = c->concave_points;
}

size_t iscc_pca_splits_from_model(const iscc_model *model, bool measured, iscc_pca_split *out) {
  const iscc_calibration *c = &model->calibration;
  for (int i = 0; i < c->pca_count; i++) {
    const iscc_pca_calibration *p = &c->pca[i];
    out[i] = (iscc_pca_split){.split = {.layer = p->components,
                                        .flops_const = p->device_flops,
                                        .server_flops = p->server_flops,
                                        .features = p->components}};
    for (int q = ISCC_BITS_MIN; q <= ISCC_BITS_MAX; q++)
      out[i].split.quantization_loss[q] = p->quantization_loss[q];
    if (measured)
      out[i].accuracy_curve = (iscc_accuracy_curve){.kind = ISCC_CURVE_TABLE,
                                                    .power_w = c->power_w,
                                                    .accuracy = p->concave_accuracy,
                                                    .points = p->concave_points};
    else
      out[i].accuracy_curve =
          (iscc_accuracy_curve){.kind = ISCC_CURVE_ARCTAN, .a = p->arctan_a, .b_per_w = p->arctan_b_per_w};
  }
  return (size_t)c->pca_count;
}
