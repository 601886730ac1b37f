/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-split-network - a trained network cut in two: pruned layers 1..l on the device, the rest at the
 * server.
 *
 * Memory:  create allocates; the two halves never do. Threads: one handle per thread; the model is borrowed
 * and only read. */
#ifndef ISCC_SPLIT_NETWORK_H
#define ISCC_SPLIT_NETWORK_H

#include "iscc-model.h"
#include "iscc-quantizer.h"
#include "iscc-random.h"
#include "iscc-status.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct iscc_split_network iscc_split_network;

/* model must outlive the handle. */
iscc_status iscc_split_network_create(const iscc_model *model, iscc_split_network **out, iscc_error *error);
void iscc_split_network_destroy(iscc_split_network *net);

/* Device half. Runs layers 1..split with the floor((1-p) M_i) smallest weights of each device layer zeroed.
 * features[0..N_split). split 0 copies the input. keep_ratio p in (0, 1]. */
iscc_status iscc_split_network_device(iscc_split_network *net, int split, double keep_ratio,
                                      const float *input, float *features, iscc_error *error);

/* Server half. Runs layers split+1..L; scores[0..classes) are the last layer's outputs (before softmax).
 * split L copies the features. */
iscc_status iscc_split_network_server(iscc_split_network *net, int split, const float *features,
                                      float *scores, iscc_error *error);

/* The class of the largest score; the first of equal ones. */
int iscc_scores_class(const float *scores, int classes);

#ifdef __cplusplus
}
#endif
#endif
