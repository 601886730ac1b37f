/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-losses-figure - Fig. 8: accuracy over pruning ratio p and over quantization bits Q at several splits.
 *
 * Monte Carlo on the pruned and quantized network, without receiver noise and at a sensing power of 30 mW, where
 * the whole network is right nine times in ten. Beside it: what plans promise (iscc-calibration.h), the paper's
 * form, one factor of u(p) or v(Q) a split (eq. 21), and the raw bound of eqs. (12)-(20). */
#ifndef ISCC_LOSSES_FIGURE_H
#define ISCC_LOSSES_FIGURE_H

#include "iscc-study.h"

#ifdef __cplusplus
extern "C" {
#endif

enum {
  ISCC_LOSSES_SETS = 2,
  ISCC_LOSSES_RATIOS = 12,
  ISCC_LOSSES_WIDTHS = 7,
  ISCC_LOSSES_SPLITS = ISCC_LAYERS_MAX + 1
};

typedef struct { /* right answers of one set of samples */
  int32_t whole; /* of the network as it is */
  int32_t pruned[ISCC_LOSSES_RATIOS][ISCC_LOSSES_SPLITS];
  int32_t quantized[ISCC_LOSSES_WIDTHS][ISCC_LOSSES_SPLITS]; /* [Q - 2] */
} iscc_losses_counts;

typedef struct {
  size_t samples;
  double power_w[ISCC_LOSSES_SETS]; /* 0: noise-free */
  double keep_ratio[ISCC_LOSSES_RATIOS];
  int split[ISCC_LOSSES_SPLITS], splits; /* drawn */
  iscc_losses_counts set[ISCC_LOSSES_SETS];
} iscc_losses_results;

iscc_status iscc_losses_measure(iscc_study *study, iscc_losses_results *results, iscc_error *error);

/* fig8.csv, fig8.png, fig8.svg. */
iscc_status iscc_losses_write(const iscc_study *study, const iscc_losses_results *results, iscc_error *error);

#ifdef __cplusplus
}
#endif
#endif
