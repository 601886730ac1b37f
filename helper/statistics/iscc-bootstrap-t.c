/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-bootstrap-t.h"

#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

#include "iscc-moments.h"

static int ascending(const void *left, const void *right) {
  const double a = *(const double *)left, b = *(const double *)right;
  return (a > b) - (a < b);
}

/* t* of one sample; drawn until it has two different values. */
static double draw(const double *values, size_t n, double mean, iscc_random *random) {
  for (;;) {
    iscc_moments sample = {0};
    for (size_t i = 0; i < n; i++) iscc_moments_add(&sample, values[iscc_random_below(random, n)]);
    if (iscc_moments_scatter(&sample) > 0) return (sample.mean - mean) / iscc_moments_error(&sample);
  }
}

/* The place from either end of B sorted t*, counted from 1; 0: beyond them. A rest of rounding in 1 -
 * confidence must not cost a place. */
static size_t place(double confidence, size_t resamples) {
  return (size_t)floor(((double)resamples + 1) * (1 - confidence) / 2 + 1e-9);
}

static iscc_status check(double confidence, size_t resamples, iscc_error *error) {
  if (!(confidence > 0 && confidence < 1))
    return iscc_fail(error, ISCC_EINVAL, "confidence: %g is not in (0, 1)", confidence);
  if (resamples > SIZE_MAX / sizeof(double))
    return iscc_fail(error, ISCC_EINVAL, "resamples: %zu are more than fit into memory", resamples);
  if (!place(confidence, resamples))
    return iscc_fail(error, ISCC_EINVAL, "resamples: %zu are fewer than the %.0f that %g %% take", resamples,
                     ceil(2 / (1 - confidence) - 1 - 1e-6), 100 * confidence);
  return ISCC_OK;
}

iscc_status iscc_bootstrap_t_of(const double *values, size_t n, double confidence, size_t resamples,
                                iscc_random *random, iscc_bootstrap_t *interval, iscc_error *error) {
  const iscc_status status = check(confidence, resamples, error);
  if (status) return status;
  const iscc_moments all = iscc_moments_of(values, n);
  const double mean = n ? all.mean : (double)NAN, standard_error = iscc_moments_error(&all);
  const bool none = n < 3 || !isfinite(standard_error);
  if (none || standard_error == 0) {
    *interval = (iscc_bootstrap_t){mean, none ? (double)NAN : mean, none ? (double)NAN : mean};
    return ISCC_OK;
  }
  double *t = malloc(resamples * sizeof *t);
  if (!t) return iscc_fail(error, ISCC_ENOMEM, "no memory for %zu resamples", resamples);
  for (size_t k = 0; k < resamples; k++) t[k] = draw(values, n, mean, random);
  qsort(t, resamples, sizeof *t, ascending);
  const size_t from_end = place(confidence, resamples);
  *interval = (iscc_bootstrap_t){mean, mean - t[resamples - from_end] * standard_error,
                                 mean - t[from_end - 1] * standard_error};
  free(t);
  return ISCC_OK;
}
