/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-bound.h"

#include <math.h>
#include <stdlib.h>

static int rising(const void *left, const void *right) {
  const float a = *(const float *)left, b = *(const float *)right;
  return a < b ? -1 : a > b;
}

void iscc_laplace_fit(const float *weight, size_t n, float *scratch, double *rate, double *distance) {
  double sum = 0;
  for (size_t i = 0; i < n; i++) {
    scratch[i] = fabsf(weight[i]);
    sum += (double)scratch[i];
  }
  *rate = 0, *distance = 1;
  if (!(sum > 0)) return;
  *rate = (double)n / sum;
  qsort(scratch, n, sizeof *scratch, rising);
  double gap = 0;
  for (size_t i = 0; i < n; i++) { /* the empirical function jumps from i/n to (i+1)/n at each value */
    const double fitted = -expm1(-*rate * (double)scratch[i]);
    gap = fmax(gap, fmax(fitted - (double)i / (double)n, (double)(i + 1) / (double)n - fitted));
  }
  *distance = gap;
}

static double positions(const iscc_layer *layer) {
  return layer->kind == ISCC_LAYER_CONV ? (double)layer->rows * layer->columns : 1;
}

double iscc_layer_frobenius(const iscc_model *model, int layer) {
  double squares = 0;
  for (size_t i = 0; i < model->network.layer[layer].weights; i++)
    squares += (double)model->weight[layer][i] * (double)model->weight[layer][i];
  return sqrt(squares * positions(&model->network.layer[layer]));
}

double iscc_margin_score(const float *scores, int classes, int label) {
  double least = INFINITY;
  for (int j = 0; j < classes; j++)
    if (j != label) least = fmin(least, M_SQRT2 * ((double)scores[label] - (double)scores[j]));
  return least;
}

/* C(l) in the form n_l prod ||W_v||^2 sum M_i o_i/(lambda_i ||W_i||)^2, with zero layers left out. */
static double pruning_bound(const iscc_network *network, const iscc_calibration *c, int split) {
  double product = 1, sum = 0, weight_layers = 0;
  for (int i = 1; i <= split; i++) {
    const iscc_layer *layer = &network->layer[i];
    const double norm = c->split[i].frobenius, rate = c->split[i].laplace_rate;
    if (!layer->weights || !(norm > 0)) continue;
    product *= norm * norm;
    sum += (double)layer->weights * positions(layer) / (rate * rate * norm * norm);
    weight_layers++;
  }
  return weight_layers * product * sum;
}

static double quantization_bound(const iscc_network *network, const iscc_calibration *c, int split) {
  const int pooled = split < network->layers && network->layer[split + 1].kind == ISCC_LAYER_MAXPOOL;
  const double range = c->split[split].feature_max[ISCC_BITS_MAX]; /* the widest */
  return range * range / 4 * (double)network->layer[pooled ? split + 1 : split].features;
}

iscc_status iscc_bound_fill(const iscc_model *model, double score_low, iscc_calibration *c,
                            iscc_error *error) {
  const iscc_network *network = &model->network;
  size_t most = 1;
  for (int l = 1; l <= network->layers; l++)
    if (network->layer[l].weights > most) most = network->layer[l].weights;
  float *scratch = malloc(most * sizeof *scratch);
  if (!scratch) return iscc_fail(error, ISCC_ENOMEM, "out of memory fitting the weights");
  double later = 1; /* product of ||W_i|| over i > l */
  for (int l = network->layers; l >= 0; l--) {
    iscc_split_calibration *s = &c->split[l];
    s->laplace_rate = s->laplace_distance = s->frobenius = 0;
    s->margin = (score_low / later) * (score_low / later);
    if (!l || !network->layer[l].weights) continue;
    iscc_laplace_fit(model->weight[l], network->layer[l].weights, scratch, &s->laplace_rate,
                     &s->laplace_distance);
    s->frobenius = iscc_layer_frobenius(model, l);
    if (s->frobenius > 0) later *= s->frobenius;
  }
  free(scratch);
  for (int l = 0; l <= network->layers; l++) {
    c->split[l].bound_pruning = pruning_bound(network, c, l);
    c->split[l].bound_quantization = quantization_bound(network, c, l);
  }
  return ISCC_OK;
}
