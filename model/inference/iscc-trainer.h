/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-trainer - fits a network's weights to samples: mini-batches, softmax cross-entropy, AdamW, one cycle.
 *
 * A batch is cut into ISCC_TRAINER_PARTS parts whatever the number of threads; their gradients are added in a
 * fixed order. Equal settings and samples therefore give equal bits with any number of threads. The start is
 * uniform in
 * +-1/sqrt(inputs of an output), weights and biases alike.
 *
 * Memory: create allocates, an epoch does not. Threads: starts its own during a call; one call at a time. */
#ifndef ISCC_TRAINER_H
#define ISCC_TRAINER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "iscc-network.h"
#include "iscc-optimizer.h"
#include "iscc-status.h"

#ifdef __cplusplus
extern "C" {
#endif

enum {
  ISCC_TRAINER_PARTS = 4,
  ISCC_TRAINER_EPOCHS_MAX = 1000,
  ISCC_TRAINER_BATCH_MAX = 4096,
  ISCC_CLASSES_MAX = 256
};

typedef struct {        /* borrowed */
  const float *input;   /* (samples, network inputs) */
  const uint8_t *label; /* 0..classes-1 */
  size_t samples;
} iscc_samples;

typedef struct {
  uint64_t seed;     /* of start weights and of the order of samples */
  int epochs;        /* 1..ISCC_TRAINER_EPOCHS_MAX */
  int batch;         /* 1..ISCC_TRAINER_BATCH_MAX */
  int threads;       /* 1..; more than ISCC_TRAINER_PARTS are of no use */
  double input_gain; /* every input is multiplied by it, > 0 */
  iscc_adamw optimizer;
  /* Called after each batch; may be NULL. false ends the epoch with ISCC_EINTR. */
  bool (*progress)(void *ctx, uint64_t steps_done, uint64_t steps);
  void *progress_ctx;
} iscc_trainer_settings;

typedef struct {
  double loss;                /* mean over the epoch's batches, nats per sample */
  double validation_accuracy; /* after it; 0 without validation samples */
} iscc_epoch;

typedef struct iscc_trainer iscc_trainer;

/* Copies the settings and network, borrows the samples. validation may have 0 samples. */
iscc_status iscc_trainer_create(const iscc_network *net, const iscc_trainer_settings *settings,
                                const iscc_samples *training, const iscc_samples *validation,
                                iscc_trainer **out, iscc_error *error);
void iscc_trainer_destroy(iscc_trainer *t); /* NULL is fine */

/* Runs the next epoch. ISCC_ESTATE: all are done. ISCC_ENOCONV: the loss is not finite any more. After a
 * failure or interruption the weights are those of the middle of an epoch: go on from a saved state, or throw
 * it away. */
iscc_status iscc_trainer_epoch(iscc_trainer *t, iscc_error *error);

int iscc_trainer_epochs_done(const iscc_trainer *t);
const iscc_epoch *iscc_trainer_history(const iscc_trainer *t); /* [0..epochs done) */

/* Counts confusion[true * classes + predicted] (may be NULL) and gives the share classified right. */
iscc_status iscc_trainer_test(iscc_trainer *t, const iscc_samples *samples, int *confusion, double *accuracy,
                              iscc_error *error);

/* Weights and biases of a weight layer for inputs without the gain: the first weight layer's weights are
 * multiplied by it, which is the same since pooling and ReLU keep positive factors. */
void iscc_trainer_weights(const iscc_trainer *t, int layer, float *weight, float *bias);

/* State between epochs: weights, moments, history. Load gives false when the file is missing, damaged, or of
 * a trainer with another key; the state is then unchanged. key: any text of at most 64 characters that stands
 * for all settings and samples. */
iscc_status iscc_trainer_save(const iscc_trainer *t, const char *path, const char *key, iscc_error *error);
bool iscc_trainer_load(iscc_trainer *t, const char *path, const char *key);

#ifdef __cplusplus
}
#endif
#endif
