/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-sweep - runs the split, pruned, quantized network over many labelled inputs and counts the right
 * answers.
 *
 * For every keep ratio p, split layer l and width Q: layers 1..l pruned to p on the device, features through
 * the quantizer's wire format, layers l+1..L at the server. A pass over the device serves all splits of one
 * ratio.
 *
 * Determinism: counts depend on nothing but the fields up to seed, whatever the number of threads.
 * Memory: allocates and frees its own work space. */
#ifndef ISCC_SWEEP_H
#define ISCC_SWEEP_H

#include <stdint.h>

#include "iscc-model.h"
#include "iscc-parallel.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { ISCC_SWEEP_UNQUANTIZED = 0 }; /* a width that stands for features sent as they are */

typedef struct {
  const iscc_model *model;
  const float *inputs;   /* samples x inputs of the network */
  const uint8_t *labels; /* true class of each */
  size_t samples;        /* >= 1 */
  const double *keep_ratio;
  int ratios;       /* >= 1 */
  const int *bits;  /* widths Q, or ISCC_SWEEP_UNQUANTIZED */
  int widths;       /* >= 1 */
  const int *split; /* only these split layers; NULL: all */
  int splits;       /* of them */
  /* [0..L][Q] of the quantizer; not read where nothing is quantized */
  const double (*feature_max)[ISCC_BITS_MAX + 1];
  uint64_t seed;                    /* of the stochastic rounding */
  int threads;                      /* 1..ISCC_THREADS_MAX */
  iscc_parallel_progress *progress; /* may be NULL; done counts iscc_sweep_pieces() pieces */
  void *progress_ctx;
} iscc_sweep;

size_t iscc_sweep_pieces(const iscc_sweep *sweep);

/* correct[(r (L+1) + l) widths + k] = right answers at ratio r, split l, width k. clipped (may be NULL):
 * [l widths + k], share of the features beyond feature_max, at the first ratio. Split L sends nothing: no
 * width changes its count. Splits left out count 0. */
iscc_status iscc_sweep_run(const iscc_sweep *sweep, int *correct, double *clipped, iscc_error *error);

/* largest[0..L]: the largest |f| of each layer's features over the samples, unpruned. Only model, inputs,
 * samples and threads are read. */
iscc_status iscc_sweep_ranges(const iscc_sweep *sweep, double *largest, iscc_error *error);

#ifdef __cplusplus
}
#endif
#endif
