/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-loss-fit - the losses of pruning and quantization at one split, from measured accuracies.
 *
 *   D(p, Q) = 1 - kappa u(p) - tau (1 - p) - q(Q),   p >= p_min
 *   kappa, tau >= 0,   q(2) >= q(3) >= ... >= 0                              (doc/accuracy-model.rst)
 *
 * A width is fit for use when the unpruned network keeps the share `floor` of its accuracy at it, at every
 * sensing power. p_min is the least p tried such that no p from there on leaves less than the share `knee` of
 * what the runs had unpruned, at any sensing power and any width fit for use. All runs at these widths from
 * p_min on are fitted together, losses from p and Q not always adding up. A promise that is not kept costs
 * more than one exceeded: residuals where the model lies above the measurement weigh `caution` times as much
 * (asymmetric least squares, Newey and Powell 1987). The other widths get the loss that covers every run at
 * them.
 *
 * Reentrant; the fit allocates and frees its own work space. */
#ifndef ISCC_LOSS_FIT_H
#define ISCC_LOSS_FIT_H

#include <stddef.h>

#include "iscc-calibration.h"
#include "iscc-status.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct { /* one Monte-Carlo run of the split network */
  double keep_ratio;
  int bits;        /* Q; 0: not quantized */
  double accuracy; /* of this run */
  double base;     /* of the whole network on the same samples, unpruned and unquantized; > 0 */
} iscc_loss_point;

typedef struct {
  double caution; /* >= 1; 1: plain least squares */
  double floor;   /* in D, 0..1 */
  double knee;    /* 0..1 */
} iscc_loss_settings;

void iscc_loss_defaults(iscc_loss_settings *settings);

/* Fills pruning_loss, pruning_slope, keep_min, pruning_loss_u, their errors (over the unquantized points from
 * p_min on), quantization_loss[2..16], quantization_loss_v and its error (over the unpruned points at widths
 * fit for use) and promise_excess (largest promised minus measured accuracy over the points from p_min on). A
 * Q without points gets the loss of the next lower Q that has some, scaled by v(Q). ISCC_EINVAL: a point or
 * setting is out of range. */
iscc_status iscc_loss_fit(const iscc_loss_settings *settings, const iscc_loss_point *points, size_t count,
                          iscc_split_calibration *split, iscc_error *error);

/* D(p, Q) of a calibrated split, at least 0, for p >= p_min; bits 0: nothing is quantized. */
double iscc_split_retained(const iscc_split_calibration *split, double keep_ratio, int bits);

#ifdef __cplusplus
}
#endif
#endif
