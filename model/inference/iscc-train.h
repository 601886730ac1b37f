/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-train - from settings to a trained, not yet calibrated model (doc/training.rst).
 *
 * Synthesizes training and test samples, holds the last of the training samples out for validation, fits the
 * weights and counts the test samples classified right. With a cache directory, samples and the state after
 * each epoch are kept there, so that an interrupted run goes on where it was; its result is the same to the
 * bit.
 *
 * Determinism: the weights depend on the settings alone, neither on the number of threads nor on
 * interruptions. */
#ifndef ISCC_TRAIN_H
#define ISCC_TRAIN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "iscc-model.h"
#include "iscc-network.h"
#include "iscc-optimizer.h"
#include "iscc-sensing.h"
#include "iscc-status.h"
#include "iscc-trainer.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum {
  ISCC_TRAIN_TRAINING_SAMPLES,
  ISCC_TRAIN_TEST_SAMPLES,
  ISCC_TRAIN_EPOCHS,
  ISCC_TRAIN_PCA /* classifiers on principal components */
} iscc_train_phase;

typedef struct {
  iscc_train_phase phase;
  uint64_t done, total; /* samples, or batches of all epochs */
} iscc_train_progress;

typedef struct {
  iscc_network network; /* its input is the sensing chain's, its outputs the five motions */
  iscc_sensing_settings sensing;
  uint64_t seed;
  int train_samples;      /* 12 000, the held out ones included */
  int validation_samples; /* 1 200; 0..train_samples - 1 */
  int test_samples;       /* 3 000; without noise always */
  double
      noisy_from_w; /* 0: training samples without noise; else with, at powers log-uniform in [this, 1] W */
  int epochs;       /* 30 */
  int batch;        /* 64 */
  iscc_adamw optimizer;
  int pca[ISCC_PCA_MAX]; /* numbers of principal components, 8 16 32 64 128 256; those that fit the samples */
  int pca_count;         /* of them; 0: none */
  int threads;           /* 0: one per processor */
  const char *cache_dir; /* made when missing; NULL: keep nothing */
  /* Called now and then from the calling thread; may be NULL. false ends the training with ISCC_EINTR. */
  bool (*progress)(void *ctx, const iscc_train_progress *progress);
  void *progress_ctx;
} iscc_train_settings;

void iscc_train_defaults(iscc_train_settings *settings);

typedef struct {
  int epochs, resumed_epochs; /* all; of them read back from the cache */
  iscc_epoch epoch[ISCC_TRAINER_EPOCHS_MAX];
} iscc_train_report;

/* report may be NULL. ISCC_EINVAL names the setting out of range; ISCC_EINTR: progress asked to stop. Destroy
 * the model with iscc_model_destroy(). */
iscc_status iscc_train_run(const iscc_train_settings *settings, iscc_model **out, iscc_train_report *report,
                           iscc_error *error);

/* Trains the classifiers on principal components alone, as a run of these settings would for its model, and
 * puts them into model->pca, which must be empty: a model file keeps their calibration, not their weights. */
iscc_status iscc_train_components(const iscc_train_settings *settings, iscc_model *model, iscc_error *error);

#ifdef __cplusplus
}
#endif
#endif
