/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-network.h"

#include <stdio.h>
#include <string.h>

/* Bounds that keep every product below 2^53 and a hostile model file from asking for gigabytes. */
enum { EXTENT_MAX = 1 << 16, KERNEL_MAX = 1 << 10 };
#define FEATURES_MAX ((size_t)1 << 24)
#define WEIGHTS_MAX  ((size_t)1 << 26)

static void append(iscc_network *net, iscc_layer_kind kind, const char *name, int kernel, int units) {
  iscc_layer *layer = &net->layer[++net->layers];
  *layer = (iscc_layer){.kind = kind, .kernel = kernel, .units = units};
  snprintf(layer->name, sizeof layer->name, "%s", name);
}

void iscc_network_default(iscc_network *net) {
  *net = (iscc_network){.channels = 3, .rows = 42, .columns = 42};
  append(net, ISCC_LAYER_CONV, "conv1", 5, 6);
  append(net, ISCC_LAYER_RELU, "relu1", 0, 0);
  append(net, ISCC_LAYER_MAXPOOL, "pool1", 2, 0);
  append(net, ISCC_LAYER_CONV, "conv2", 5, 16);
  append(net, ISCC_LAYER_RELU, "relu2", 0, 0);
  append(net, ISCC_LAYER_MAXPOOL, "pool2", 2, 0);
  append(net, ISCC_LAYER_DENSE, "fc1", 0, 120);
  append(net, ISCC_LAYER_RELU, "relu3", 0, 0);
  append(net, ISCC_LAYER_DENSE, "fc2", 0, 60);
  append(net, ISCC_LAYER_RELU, "relu4", 0, 0);
  append(net, ISCC_LAYER_DENSE, "fc3", 0, 5);
  (void)iscc_network_shape(net, NULL);
}

static iscc_status check_input(const iscc_network *net, iscc_error *error) {
  const int extents[] = {net->channels, net->rows, net->columns};
  static const char *const names[] = {"channels", "rows", "columns"};
  for (int i = 0; i < 3; i++)
    if (extents[i] < 1 || extents[i] > EXTENT_MAX)
      return iscc_fail(error, ISCC_EINVAL, "network input: %s is %d, not in 1..%d", names[i], extents[i],
                       EXTENT_MAX);
  if (net->layers < 1 || net->layers > ISCC_LAYERS_MAX)
    return iscc_fail(error, ISCC_EINVAL, "network: %d layers, not in 1..%d", net->layers, ISCC_LAYERS_MAX);
  return ISCC_OK;
}

static iscc_status check_name(const iscc_network *net, int l, iscc_error *error) {
  const char *name = net->layer[l].name;
  if (!memchr(name, '\0', ISCC_LAYER_NAME_MAX) || !*name)
    return iscc_fail(error, ISCC_EINVAL, "network layer %d: its name must have 1..%d characters", l,
                     ISCC_LAYER_NAME_MAX - 1);
  for (int i = 1; i < l; i++)
    if (strcmp(net->layer[i].name, name) == 0)
      return iscc_fail(error, ISCC_EINVAL, "network layer %d: name '%s' is taken by layer %d", l, name, i);
  return ISCC_OK;
}

static iscc_status check_window(const iscc_layer *in, const iscc_layer *layer, bool flat, iscc_error *error) {
  if (flat)
    return iscc_fail(error, ISCC_EINVAL, "layer '%s': a convolution or pooling cannot follow a dense layer",
                     layer->name);
  const int most = in->rows < in->columns ? in->rows : in->columns;
  if (layer->kernel < 1 || layer->kernel > most || layer->kernel > KERNEL_MAX)
    return iscc_fail(error, ISCC_EINVAL, "layer '%s': kernel is %d, not in 1..%d (its input is %d x %d)",
                     layer->name, layer->kernel, most < KERNEL_MAX ? most : KERNEL_MAX, in->rows,
                     in->columns);
  return ISCC_OK;
}

static iscc_status check_units(const iscc_layer *layer, iscc_error *error) {
  if (layer->units < 1 || layer->units > EXTENT_MAX)
    return iscc_fail(error, ISCC_EINVAL, "layer '%s': units is %d, not in 1..%d", layer->name, layer->units,
                     EXTENT_MAX);
  return ISCC_OK;
}

/* Shape, M_l and the two coefficients of eq. (3). in: the layer before, already shaped. */
static iscc_status shape_layer(const iscc_layer *in, iscc_layer *layer, bool flat, iscc_error *error) {
  layer->channels = in->channels, layer->rows = in->rows, layer->columns = in->columns;
  layer->weights = 0;
  layer->flops_slope = layer->flops_const = 0.0;
  const bool windowed = layer->kind == ISCC_LAYER_CONV || layer->kind == ISCC_LAYER_MAXPOOL;
  const bool weighted = layer->kind == ISCC_LAYER_CONV || layer->kind == ISCC_LAYER_DENSE;
  if ((windowed && check_window(in, layer, flat, error)) || (weighted && check_units(layer, error)))
    return ISCC_EINVAL;
  double inputs_per_output = 0.0; /* v_in psi^2 or n_in */
  switch (layer->kind) {
  case ISCC_LAYER_CONV:
    layer->channels = layer->units;
    layer->rows -= layer->kernel - 1, layer->columns -= layer->kernel - 1;
    inputs_per_output = (double)in->channels * layer->kernel * layer->kernel;
    break;
  case ISCC_LAYER_MAXPOOL:
    layer->rows /= layer->kernel, layer->columns /= layer->kernel;
    break;
  case ISCC_LAYER_DENSE:
    layer->channels = layer->units, layer->rows = layer->columns = 1;
    inputs_per_output = (double)in->features;
    break;
  case ISCC_LAYER_RELU:
    break;
  default:
    return iscc_fail(error, ISCC_EINVAL, "layer '%s': unknown kind %d", layer->name, (int)layer->kind);
  }
  layer->features = (size_t)layer->channels * (size_t)layer->rows * (size_t)layer->columns;
  if (layer->features > FEATURES_MAX || inputs_per_output * layer->units > (double)WEIGHTS_MAX)
    return iscc_fail(error, ISCC_EINVAL, "layer '%s': more than %zu features or %zu weights", layer->name,
                     FEATURES_MAX, WEIGHTS_MAX);
  const double outputs = (double)layer->features;
  if (weighted) {
    layer->weights = (size_t)inputs_per_output * (size_t)layer->units;
    layer->flops_slope = 2.0 * inputs_per_output * outputs;
    layer->flops_const = -outputs;
  } else if (layer->kind == ISCC_LAYER_MAXPOOL) {
    layer->flops_const = outputs;
  }
  return ISCC_OK;
}

iscc_status iscc_network_shape(iscc_network *net, iscc_error *error) {
  iscc_status status = check_input(net, error);
  if (status) return status;
  net->inputs = (size_t)net->channels * (size_t)net->rows * (size_t)net->columns;
  if (net->inputs > FEATURES_MAX)
    return iscc_fail(error, ISCC_EINVAL, "network input: more than %zu values", FEATURES_MAX);
  net->layer[0] = (iscc_layer){.kind = ISCC_LAYER_RELU,
                               .channels = net->channels,
                               .rows = net->rows,
                               .columns = net->columns,
                               .features = net->inputs};
  bool flat = false; /* a dense layer was met: there are no rows and columns any more */
  for (int l = 1; l <= net->layers; l++) {
    if ((status = check_name(net, l, error))) return status;
    if ((status = shape_layer(&net->layer[l - 1], &net->layer[l], flat, error))) return status;
    flat = flat || net->layer[l].kind == ISCC_LAYER_DENSE;
  }
  net->classes = (int)net->layer[net->layers].features;
  return ISCC_OK;
}

void iscc_network_device_flops(const iscc_network *net, int split, double *slope, double *constant) {
  *slope = *constant = 0.0;
  for (int l = 1; l <= split; l++) {
    *slope += net->layer[l].flops_slope;
    *constant += net->layer[l].flops_const;
  }
}

double iscc_network_server_flops(const iscc_network *net, int split) {
  double flops = 0.0;
  for (int l = split + 1; l <= net->layers; l++)
    flops += net->layer[l].flops_slope + net->layer[l].flops_const;
  return flops;
}
