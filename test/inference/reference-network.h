/* SPDX-License-Identifier: GPL-2.0-only */
/* reference-network - a network in plain double-precision loops, written from the definitions, to test
 * against. */
#ifndef REFERENCE_NETWORK_H
#define REFERENCE_NETWORK_H

#include <stddef.h>
#include <stdint.h>

#include "iscc-network.h"

enum { REFERENCE_FEATURES_MAX = 16384 };

typedef struct {
  double *weight[ISCC_LAYERS_MAX + 1], *bias[ISCC_LAYERS_MAX + 1]; /* shaped as the engine's */
} reference_weights;

/* One sample through layers 1..L. out[0..classes). */
void reference_forward(const iscc_network *net, const reference_weights *w, const double *in, double *out);

/* Mean softmax cross-entropy of n samples. */
double reference_loss(const iscc_network *net, const reference_weights *w, const double *in,
                      const uint8_t *label, size_t n);

#endif
