/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-weights-figure - Fig. 7: the distribution of each layer's weights beside its Laplace fit.
 *
 *   F(w) = exp(lambda w)/2 for w < 0, 1 - exp(-lambda w)/2 else, lambda = 1/mean |w|      (eq. 16)
 *
 * A normal distribution of the weights' own mean and variance stands beside it. How far each is from the
 * weights: Kolmogorov-Smirnov distance, the largest gap between the two distribution functions. That of the
 * magnitudes |w| from Exp(lambda), which pruning builds on, is worked out too. */
#ifndef ISCC_WEIGHTS_FIGURE_H
#define ISCC_WEIGHTS_FIGURE_H

#include "iscc-study.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { ISCC_WEIGHTS_LAYERS_MAX = 12, ISCC_WEIGHTS_POINTS = 201 };

typedef struct {
  char name[16];
  int layer; /* l */
  size_t weights;
  double rate;                              /* lambda */
  double laplace_distance, normal_distance; /* Kolmogorov-Smirnov, of w */
  double magnitude_distance;                /* of |w| */
  double w[ISCC_WEIGHTS_POINTS];            /* evenly spaced over 99.8 % of the weights */
  double share[ISCC_WEIGHTS_POINTS];        /* of the weights that are at most w */
  double laplace[ISCC_WEIGHTS_POINTS], normal[ISCC_WEIGHTS_POINTS];
} iscc_weights_layer;

typedef struct {
  int layers;
  iscc_weights_layer layer[ISCC_WEIGHTS_LAYERS_MAX];
} iscc_weights_results;

iscc_status iscc_weights_measure(iscc_study *study, iscc_weights_results *results, iscc_error *error);

/* fig7.csv, fig7.png, fig7.svg. */
iscc_status iscc_weights_write(const iscc_study *study, const iscc_weights_results *results,
                               iscc_error *error);

#ifdef __cplusplus
}
#endif
#endif
