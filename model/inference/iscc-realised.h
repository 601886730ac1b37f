/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-realised - whether an allocation keeps its promise: the accuracy that (l, p, Q, P_s) really has.
 *
 * Monte Carlo over observations of their own (iscc-observations.h) with receiver noise at P_s: layers 1..l
 * pruned to p, their features quantized to Q bits through the wire format, the rest of the network at the
 * server.
 *
 * Determinism: equal fields give equal counts, whatever the number of threads; points at the same seed and
 * series see the same people, rooms and noise. Memory: allocates and frees about 21 kB per sample. */
#ifndef ISCC_REALISED_H
#define ISCC_REALISED_H

#include <stddef.h>
#include <stdint.h>

#include "iscc-model.h"
#include "iscc-parallel.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
  const iscc_model *model;
  int split;              /* l, 0..L */
  double keep_ratio;      /* p, (0, 1] */
  int bits;               /* Q, 2..16; 0: features are sent as they are, or nothing is sent */
  double feature_max;     /* f_max of the quantizer > 0; not read with bits 0 */
  double sensing_power_w; /* P_s > 0, or ISCC_OBSERVATIONS_NOISE_FREE */
  uint64_t seed;
  uint32_t series;                  /* of observations; 0 is the calibration's */
  size_t samples;                   /* >= 1 */
  int threads;                      /* 1..ISCC_THREADS_MAX */
  iscc_parallel_progress *progress; /* may be NULL; counts samples; false: ISCC_EINTR */
  void *progress_ctx;
} iscc_realised;

/* Right answers among the samples. ISCC_EINVAL names the field out of range. */
iscc_status iscc_realised_count(const iscc_realised *r, size_t *correct, iscc_error *error);

#ifdef __cplusplus
}
#endif
#endif
