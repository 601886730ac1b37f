/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-fading - block fading: a power gain that is constant within a coherence time and independent between
 * blocks.
 *
 * The gain of block k = floor(t / coherence) depends on (seed, run, node, k) alone, so it can be asked at any
 * time in any order, costs no event, and two schemes compared at one run see the same channel. Rayleigh:
 * exponential of mean 1; Nakagami-m: gamma of mean 1, shape m. Rates follow eq. (7): R = B log2(1 + g P/(B
 * N_0)). */
#ifndef ISCC_FADING_H
#define ISCC_FADING_H

#include <stdint.h>

#include "iscc-status.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
  uint64_t seed, run, node;
  int64_t coherence_ns; /* > 0; 0: no fading, the gain is 1 */
  double nakagami_m;    /* 1: Rayleigh; >= 0.5 */
} iscc_fading;

iscc_status iscc_fading_check(const iscc_fading *fading, iscc_error *error);
double iscc_fading_gain(const iscc_fading *fading, int64_t time_ns); /* linear power gain, mean 1, > 0 */
int64_t iscc_fading_block_end_ns(const iscc_fading *fading, int64_t time_ns); /* INT64_MAX without fading */

#ifdef __cplusplus
}
#endif
#endif
