/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-engine - runs a network's layers forward, and backward for training. The one place that knows oneDNN.
 *
 * Every array that goes in or out is plain and row-major, the sample first: features (batch, channels, rows,
 * columns), convolution weights (out, in, h, w), dense weights (out, in) with `in` flattened channel-first,
 * one bias per output. Convolutions have stride 1 and no padding, max-pooling has stride = window. Dense
 * layers give (batch, outputs); the last layer's outputs are scores, softmax belongs to the loss
 * (iscc-loss.h).
 *
 * Memory:  iscc_engine_create() is the only call in which this code allocates. (oneDNN itself takes and frees
 * a few hundred bytes for the argument list of each layer it runs.) Threads: one handle per thread. A call
 * computes in the calling thread alone and starts no other. Determinism: equal weights and inputs give equal
 * bits. The instruction set is capped at AVX2, so that machines with newer vector units give the same results
 * too. */
#ifndef ISCC_ENGINE_H
#define ISCC_ENGINE_H

#include <stdbool.h>

#include "iscc-network.h"
#include "iscc-status.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { ISCC_ENGINE_BATCH_MAX = 4096 };

typedef struct iscc_engine iscc_engine; /* opaque */

/* net: after iscc_network_shape(); copied. batch: samples per call, 1..ISCC_ENGINE_BATCH_MAX. training: also
 * prepares the backward pass. All weights and biases are zero until set. */
iscc_status iscc_engine_create(const iscc_network *net, int batch, bool training, iscc_engine **out,
                               iscc_error *error);
void iscc_engine_destroy(iscc_engine *e); /* NULL is fine */

/* Copies weight[0..M_l) and bias[0..outputs) of a weight layer; bias NULL leaves the biases as they are.
 * Cheap enough to call per inference (about 10 us for 100 000 weights). ISCC_EINVAL: layer has no weights. */
iscc_status iscc_engine_set_weights(iscc_engine *e, int layer, const float *weight, const float *bias,
                                    iscc_error *error);

/* Runs layers first..last, 1 <= first <= last <= L, on `batch` samples. in holds the features of layer
 * first-1, out receives those of layer last; they may not overlap. */
iscc_status iscc_engine_forward(iscc_engine *e, int first, int last, const float *in, float *out,
                                iscc_error *error);

/* Gradients of a loss after iscc_engine_forward() over the same range, from its gradient with respect to
 * `out`: those of the weights are kept inside, that with respect to `in` goes to in_gradient (NULL: not
 * wanted, not computed). ISCC_ESTATE: not created for training, or the last forward call left such layers
 * out. */
iscc_status iscc_engine_backward(iscc_engine *e, int first, int last, const float *out_gradient,
                                 float *in_gradient, iscc_error *error);

/* The weight layer's gradients of the last backward pass, summed over the batch, shaped as in set_weights. */
iscc_status iscc_engine_gradients(iscc_engine *e, int layer, float *weight_gradient, float *bias_gradient,
                                  iscc_error *error);

#ifdef __cplusplus
}
#endif
#endif
