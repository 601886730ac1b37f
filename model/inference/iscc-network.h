/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-network - topology of a neural network as data, and what it costs to run.
 *
 * A network is a table of layers over an input of channels x rows x columns. Layer l = 1..L; split layer l
 * means that layers 1..l run on the device and l+1..L at the server; l = 0 sends the raw input. FLOPs at
 * pruning ratio p (share of weights kept; doc/model.rst, eq. 3): convolution  (2 v_in psi^2 p - 1) alpha beta
 * v      max-pooling  alpha beta v dense        (2 n_in p - 1) n_out                   ReLU         0 All are
 * affine in p: flops(p) = slope p + constant. */
#ifndef ISCC_NETWORK_H
#define ISCC_NETWORK_H

#include <stdbool.h>
#include <stddef.h>

#include "iscc-status.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum { ISCC_LAYER_CONV, ISCC_LAYER_RELU, ISCC_LAYER_MAXPOOL, ISCC_LAYER_DENSE } iscc_layer_kind;

enum { ISCC_LAYERS_MAX = 64, ISCC_LAYER_NAME_MAX = 16 };

typedef struct {
  iscc_layer_kind kind;
  char name[ISCC_LAYER_NAME_MAX]; /* "conv1", "relu1", "pool1", ... unique in the network */
  int kernel;                     /* conv: psi; max-pool: window and stride; else 0 */
  int units;                      /* conv: output channels; dense: outputs; else 0 */
  /* filled by iscc_network_shape() */
  int channels, rows, columns; /* output shape; dense: channels = outputs, rows = columns = 1 */
  size_t features;             /* N_l = channels * rows * columns */
  size_t weights;              /* M_l; biases not counted; 0 for ReLU and pooling */
  double flops_slope, flops_const;
} iscc_layer;

typedef struct {
  int channels, rows, columns;           /* of the input */
  size_t inputs;                         /* channels * rows * columns */
  int layers;                            /* L */
  iscc_layer layer[ISCC_LAYERS_MAX + 1]; /* [1..L]; [0] stands for the input: shape and features only */
  int classes;                           /* outputs of the last layer */
} iscc_network;

/* The network of doc/model.rst: conv 5x5 of 6, pool 2, conv 5x5 of 16, pool 2, dense 120, 60, 5. */
void iscc_network_default(iscc_network *net);

/* Fills shapes, feature and weight counts and FLOPs from input shape and layer table.
 * ISCC_EINVAL names the layer that does not fit. */
iscc_status iscc_network_shape(iscc_network *net, iscc_error *error);

/* FLOPs of layers 1..l at pruning ratio p: max(0, slope p + const), printed counts being negative at tiny p.
 */
void iscc_network_device_flops(const iscc_network *net, int split, double *slope, double *constant);

/* FLOPs of layers l+1..L, unpruned. */
double iscc_network_server_flops(const iscc_network *net, int split);

#ifdef __cplusplus
}
#endif
#endif
