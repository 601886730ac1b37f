/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-realised.h"

#include <stdlib.h>

#include "iscc-observations.h"
#include "iscc-sweep.h"

static iscc_status check(const iscc_realised *r, iscc_error *error) {
  if (r->split < 0 || r->split > r->model->network.layers)
    return iscc_fail(error, ISCC_EINVAL, "split: %d is outside 0..%d", r->split, r->model->network.layers);
  if (r->bits && (r->bits < ISCC_BITS_MIN || r->bits > ISCC_BITS_MAX))
    return iscc_fail(error, ISCC_EINVAL, "bits: %d is outside %d..%d, and not 0", r->bits, ISCC_BITS_MIN,
                     ISCC_BITS_MAX);
  if (r->bits && !(r->feature_max > 0))
    return iscc_fail(error, ISCC_EINVAL, "feature_max: %g is not > 0", r->feature_max);
  if (!(r->sensing_power_w >= 0))
    return iscc_fail(error, ISCC_EINVAL, "sensing_power_w: %g is below 0", r->sensing_power_w);
  if (r->samples < 1) return iscc_fail(error, ISCC_EINVAL, "samples: 0 is not at least 1");
  return ISCC_OK;
}

static iscc_status observe(const iscc_realised *r, float *inputs, uint8_t *labels, iscc_error *error) {
  const iscc_observations o = {.sensing = &r->model->sensing,
                               .seed = r->seed,
                               .series = r->series,
                               .power_w = r->sensing_power_w,
                               .samples = r->samples,
                               .threads = r->threads,
                               .progress = r->progress,
                               .progress_ctx = r->progress_ctx};
  return iscc_observations_fill(&o, inputs, labels, error);
}

static iscc_status count(const iscc_realised *r, const float *inputs, const uint8_t *labels, size_t *correct,
                         iscc_error *error) {
  double range[ISCC_LAYERS_MAX + 1][ISCC_BITS_MAX + 1] = {{0}};
  int counts[ISCC_LAYERS_MAX + 1];
  range[r->split][r->bits] = r->feature_max;
  const iscc_sweep sweep = {.model = r->model,
                            .inputs = inputs,
                            .labels = labels,
                            .samples = r->samples,
                            .keep_ratio = &r->keep_ratio,
                            .ratios = 1,
                            .bits = &r->bits,
                            .widths = 1,
                            .split = &r->split,
                            .splits = 1,
                            .feature_max = (const double(*)[ISCC_BITS_MAX + 1]) range,
                            .seed = r->seed,
                            .threads = r->threads};
  const iscc_status status = iscc_sweep_run(&sweep, counts, NULL, error);
  if (!status) *correct = (size_t)counts[r->split];
  return status;
}

iscc_status iscc_realised_count(const iscc_realised *r, size_t *correct, iscc_error *error) {
  iscc_status status = check(r, error);
  if (status) return status;
  float *inputs = malloc(r->samples * ISCC_INPUT_SIZE * sizeof *inputs);
  uint8_t *labels = malloc(r->samples);
  if (!inputs || !labels)
    status = iscc_fail(error, ISCC_ENOMEM, "out of memory for %zu observations", r->samples);
  if (!status) status = observe(r, inputs, labels, error);
  if (!status) status = count(r, inputs, labels, correct, error);
  free(inputs);
  free(labels);
  return status;
}
