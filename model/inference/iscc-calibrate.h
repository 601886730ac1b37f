/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-calibrate - measures a trained network's accuracy model by Monte Carlo (doc/accuracy-model.rst).
 *
 * Synthesizes samples of its own (streams distinct from training and test samples), runs the split, pruned
 * and quantized network on them and fills iscc_calibration: accuracy over sensing power with the arctan fit
 * and an increasing concave table, Laplace fits of the weights, C(l), A(l), w(l), and the compensated losses
 * D(l, p, Q).
 *
 * Determinism: equal settings and model give an equal calibration, whatever the number of threads.
 * Memory: allocates and frees its own work space. Threads: starts its own; one call at a time per model. */
#ifndef ISCC_CALIBRATE_H
#define ISCC_CALIBRATE_H

#include <stdbool.h>
#include <stdint.h>

#include "iscc-model.h"
#include "iscc-status.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
  uint64_t seed;    /* of the calibration samples; the purpose keeps them apart from all others */
  int threads;      /* 0: one per processor available to this process */
  int curve_points; /* sensing powers measured, 4..ISCC_CURVE_POINTS_MAX, log-spaced */
  double power_min_w, power_max_w; /* first and last of them */
  int curve_samples; /* Monte-Carlo samples per sensing power, >= 20; each costs one noisy synthesis */
  int split_samples; /* samples of each of the sweeps of pruning and quantization: one without noise, three with; >= 20 */
  /* Called now and then with the work done and its total, always from the calling thread; may be NULL.
   * false ends the calibration with ISCC_EINTR and the model as it was. */
  bool (*progress)(void *ctx, uint64_t done, uint64_t total);
  void *progress_ctx;
} iscc_calibrate_settings;

void iscc_calibrate_defaults(iscc_calibrate_settings *settings);

/* Measures model (its sensing settings choose the chain), fills model->calibration and sets
 * model->calibrated. ISCC_EINVAL names the setting out of range; ISCC_EINTR: progress asked to stop. On
 * failure model is unchanged. */
iscc_status iscc_calibrate(const iscc_calibrate_settings *settings, iscc_model *model, iscc_error *error);

#ifdef __cplusplus
}
#endif
#endif
