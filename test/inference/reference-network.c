/* SPDX-License-Identifier: GPL-2.0-only */
#include "reference-network.h"

#include <math.h>
#include <string.h>

static double conv_at(const iscc_layer *in, const iscc_layer *layer, const double *w, const double *x, int o,
                      int r, int c) {
  const int k = layer->kernel;
  double sum = 0.0;
  for (int i = 0; i < in->channels; i++)
    for (int y = 0; y < k; y++)
      for (int z = 0; z < k; z++)
        sum += w[((o * in->channels + i) * k + y) * k + z] * x[(i * in->rows + r + y) * in->columns + c + z];
  return sum;
}

static double largest_at(const iscc_layer *in, const iscc_layer *layer, const double *x, int o, int r,
                         int c) {
  const int k = layer->kernel;
  double largest = -INFINITY;
  for (int y = 0; y < k; y++)
    for (int z = 0; z < k; z++)
      largest = fmax(largest, x[(o * in->rows + r * k + y) * in->columns + c * k + z]);
  return largest;
}

static double dense_at(const iscc_layer *in, const double *w, const double *x, int o) {
  double sum = 0.0;
  for (size_t i = 0; i < in->features; i++) sum += w[(size_t)o * in->features + i] * x[i];
  return sum;
}

static void run_layer(const iscc_network *net, const reference_weights *w, int l, const double *x,
                      double *out) {
  const iscc_layer *in = &net->layer[l - 1], *layer = &net->layer[l];
  for (int o = 0; o < layer->channels; o++)
    for (int r = 0; r < layer->rows; r++)
      for (int c = 0; c < layer->columns; c++) {
        const size_t at = ((size_t)o * (size_t)layer->rows + (size_t)r) * (size_t)layer->columns + (size_t)c;
        switch (layer->kind) {
        case ISCC_LAYER_CONV:
          out[at] = w->bias[l][o] + conv_at(in, layer, w->weight[l], x, o, r, c);
          break;
        case ISCC_LAYER_MAXPOOL:
          out[at] = largest_at(in, layer, x, o, r, c);
          break;
        case ISCC_LAYER_DENSE:
          out[at] = w->bias[l][o] + dense_at(in, w->weight[l], x, o);
          break;
        case ISCC_LAYER_RELU:
          out[at] = fmax(0.0, x[at]);
          break;
        }
      }
}

void reference_forward(const iscc_network *net, const reference_weights *w, const double *in, double *out) {
  double features[2][REFERENCE_FEATURES_MAX];
  memcpy(features[0], in, net->inputs * sizeof *in);
  for (int l = 1; l <= net->layers; l++) run_layer(net, w, l, features[(l - 1) % 2], features[l % 2]);
  memcpy(out, features[net->layers % 2], net->layer[net->layers].features * sizeof *out);
}

double reference_loss(const iscc_network *net, const reference_weights *w, const double *in,
                      const uint8_t *label, size_t n) {
  double loss = 0.0, scores[REFERENCE_FEATURES_MAX];
  for (size_t i = 0; i < n; i++) {
    reference_forward(net, w, in + i * net->inputs, scores);
    double sum = 0.0;
    for (int j = 0; j < net->classes; j++) sum += exp(scores[j]);
    loss += log(sum) - scores[label[i]];
  }
  return loss / (double)n;
}
