/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-bound - the raw accuracy bound of eqs. (12)-(20): Laplace fits of the weights, C(l), A(l), w(l).
 *
 *   R_a >= R_0 (1 - (C(l) u(p) + A(l) v(Q))/w(l))
 *   C(l) = n_l sum_{i<=l} (M_i o_i/lambda_i^2) prod_{v<=l, v != i} ||W_v||_F^2,   n_l weight layers up to l
 *   A(l) = (f_max - f_min)^2/4 * (N_(l+1) if layer l+1 is a max-pool, else N_l)
 *   w(l) = (s_low/prod_{i>l} ||W_i||_F)^2
 *
 * ||W||_F of a convolution is that of its unrolled matrix: the kernel's norm times the root of its o_i output
 * positions (o = 1 for dense layers). ||x|| = 1 stands for every layer's input norm, biases left out. The
 * bound is far too loose to plan with; it is shown beside the measured losses (doc/accuracy-model.rst). */
#ifndef ISCC_BOUND_H
#define ISCC_BOUND_H

#include "iscc-model.h"

#ifdef __cplusplus
extern "C" {
#endif

/* |w| ~ Exp(rate), rate by maximum likelihood (1/mean). distance: Kolmogorov-Smirnov, largest gap between the
 * two distribution functions. scratch[0..n) is overwritten. n >= 1; all weights zero: rate 0, distance 1. */
void iscc_laplace_fit(const float *weight, size_t n, float *scratch, double *rate, double *distance);

/* ||W_l||_F, convolutions unrolled; 0 for layers without weights. */
double iscc_layer_frobenius(const iscc_model *model, int layer);

/* Fills laplace_rate, laplace_distance, frobenius, bound_pruning, bound_quantization and margin of every
 * split in calibration; feature_max must be set. score_low is s_low: a lower bound of the score min_j
 * sqrt(2)(f_y - f_j). */
iscc_status iscc_bound_fill(const iscc_model *model, double score_low, iscc_calibration *calibration,
                            iscc_error *error);

/* Score (15) of a sample: min over j != label of sqrt(2)(scores[label] - scores[j]). */
double iscc_margin_score(const float *scores, int classes, int label);

#ifdef __cplusplus
}
#endif
#endif
