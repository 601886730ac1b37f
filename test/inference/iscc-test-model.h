/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-test-model - models with random weights, and the network's layers in plain double precision to hold
 * against. */
#ifndef ISCC_TEST_MODEL_H
#define ISCC_TEST_MODEL_H

#include "iscc-model.h"

/* A 2 x 12 x 12 network of every kind of layer with 3 classes: conv 3x3 of 4, ReLU, pool 2, dense 10, ReLU,
 * dense 3. */
void iscc_test_small_network(iscc_network *network);

/* Random weights and biases of a sensible size (He), provenance filled with distinct values; not calibrated.
 */
iscc_model *iscc_test_model(const iscc_network *network, uint64_t seed);

/* Every field of a calibration set to something valid and different from its neighbours. */
void iscc_test_calibrate(iscc_model *model);

/* Layers first..last in double precision, straight from their definitions. out[0..features of last).
 * weight[l] replaces the model's weights where not NULL; weight itself may be NULL. */
void iscc_test_forward(const iscc_model *model, const float *const *weight, int first, int last,
                       const float *in, double *out);

#endif
