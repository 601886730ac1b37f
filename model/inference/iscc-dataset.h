/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-dataset - synthesized samples with their classes, for training and testing a network.
 *
 * Sample i is a noise-free observation of a person whose motion is i mod 5, so that classes are balanced;
 * person and room come from streams of (seed, set, i) alone. A sample therefore depends neither on the number
 * of samples and threads nor on their order, and no simulation run ever sees a training sample again.
 *
 * Cache: finished samples are kept in shards of ISCC_DATASET_SHARD in a directory, and an interrupted or
 * repeated synthesis goes on from them. A shard's name holds a digest of the sensing settings, the seed and
 * the bytes of the first samples, computed anew each time: shards of another seed, setting or sensing code
 * are never used. */
#ifndef ISCC_DATASET_H
#define ISCC_DATASET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "iscc-digest.h"
#include "iscc-sensing.h"
#include "iscc-status.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { ISCC_DATASET_SHARD = 100, ISCC_DATASET_SAMPLES_MAX = 1000000 };

typedef enum { ISCC_DATASET_TRAINING = 1, ISCC_DATASET_TEST = 2 } iscc_dataset_set; /* part of the streams */

typedef struct {
  iscc_sensing_settings sensing;
  uint64_t seed;
  iscc_dataset_set set;
  size_t samples; /* 1..ISCC_DATASET_SAMPLES_MAX */
  double
      noisy_from_w; /* 0: no receiver noise; else with noise, at sensing powers log-uniform in [this, 1] W */
  int threads;      /* 0: one per processor */
  const char *cache_dir; /* an existing directory; NULL: no cache */
  /* Called about ten times a second from the calling thread with the samples done; may be NULL. false ends
   * the synthesis with ISCC_EINTR; what is in the cache stays. */
  bool (*progress)(void *ctx, size_t done);
  void *progress_ctx;
} iscc_dataset_settings;

typedef struct {
  size_t samples;
  float *input;                  /* (samples, ISCC_INPUT_SIZE), each of norm 1; owned */
  uint8_t *label;                /* iscc_motion of each; owned */
  char digest[ISCC_DIGEST_TEXT]; /* of settings, seed, set and first samples, in hexadecimal */
} iscc_dataset;

/* Synthesizes or reads back. ISCC_EINVAL names the setting; ISCC_EIO: the cache cannot be written. A shard
 * that is damaged is made again. */
iscc_status iscc_dataset_create(const iscc_dataset_settings *settings, iscc_dataset **out, iscc_error *error);
void iscc_dataset_destroy(iscc_dataset *d); /* NULL is fine */

/* One sample, as the data set of these settings holds it at `index`. sensing: made of settings->sensing. */
iscc_status iscc_dataset_sample(const iscc_dataset_settings *settings, iscc_sensing *sensing, uint64_t index,
                                float *input, uint8_t *label, iscc_error *error);

#ifdef __cplusplus
}
#endif
#endif
