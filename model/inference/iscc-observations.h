/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-observations - many observations at one sensing power, receiver noise included, for calibration and
 * checks.
 *
 * Observation i shows motion i mod 5; person, room and noise come from streams of (seed, series, i) alone,
 * none of them used by data sets (iscc-dataset.h) or simulated nodes. Observations of one index at several
 * powers differ in nothing but the power, so that curves over it are smooth.
 *
 * Determinism: the number of threads changes nothing. Memory: each call allocates and frees its own work
 * space. */
#ifndef ISCC_OBSERVATIONS_H
#define ISCC_OBSERVATIONS_H

#include <stdint.h>

#include "iscc-model.h"
#include "iscc-parallel.h"

#ifdef __cplusplus
extern "C" {
#endif

#define ISCC_OBSERVATIONS_NOISE_FREE 0.0

typedef struct {
  const iscc_sensing_settings *sensing;
  uint64_t seed;
  uint32_t series; /* 0: calibration; others are free for checks on observations of their own */
  double power_w;  /* P_s > 0, or ISCC_OBSERVATIONS_NOISE_FREE */
  size_t samples;
  int threads;                      /* 1..ISCC_THREADS_MAX */
  iscc_parallel_progress *progress; /* may be NULL; counts samples; false: ISCC_EINTR */
  void *progress_ctx;
} iscc_observations;

/* inputs[samples x ISCC_INPUT_SIZE], labels[samples]. */
iscc_status iscc_observations_fill(const iscc_observations *o, float *inputs, uint8_t *labels,
                                   iscc_error *error);

enum { ISCC_OBSERVATIONS_MODELS_MAX = 1 + ISCC_PCA_MAX };

/* accuracy[0..count): share of them that each whole network, unpruned and unquantized, classifies right.
 * Keeps none of them. */
iscc_status iscc_observations_accuracy(const iscc_observations *o, const iscc_model *const *models, int count,
                                       double *accuracy, iscc_error *error);

#ifdef __cplusplus
}
#endif
#endif
