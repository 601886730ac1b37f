/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-chosen-interval.h"

#include <math.h>
#include <stdbool.h>

#include "iscc-bootstrap-t.h"
#include "iscc-moments.h"
#include "iscc-skewness.h"

enum { LEAST = 5, RESAMPLES = 1999 };

static bool is_skewed(const double *values, size_t n) {
  const double skewness = fabs(iscc_skewness_of(values, n)); /* NAN without scatter */
  return n >= LEAST && skewness > 0.8 && (double)n < 100 * skewness * skewness;
}

/* The same stream whatever the values. */
static iscc_status bootstrap(const double *values, size_t n, double confidence,
                             iscc_chosen_interval *interval, iscc_error *error) {
  iscc_random random;
  iscc_bootstrap_t found;
  const double least = ceil(20 / (1 - confidence)); /* ten resamples beyond either bound */
  iscc_random_seed(&random, 1, 1, 0, ISCC_STREAM_TEST);
  const iscc_status status =
      iscc_bootstrap_t_of(values, n, confidence, (size_t)fmax(RESAMPLES, least), &random, &found, error);
  if (!status) *interval = (iscc_chosen_interval){ISCC_INTERVAL_BOOTSTRAP_T, found.low, found.high};
  return status;
}

iscc_status iscc_chosen_interval_of(const double *values, size_t n, double confidence,
                                    iscc_chosen_interval *interval, iscc_error *error) {
  if (is_skewed(values, n)) return bootstrap(values, n, confidence, interval, error);
  const iscc_moments moments = iscc_moments_of(values, n);
  const iscc_mean_interval t = iscc_moments_interval(&moments, confidence);
  if (iscc_moments_scatter(&moments) == 0)
    *interval = (iscc_chosen_interval){ISCC_INTERVAL_NONE, NAN, NAN};
  else
    *interval = (iscc_chosen_interval){ISCC_INTERVAL_T, t.value - t.half_width, t.value + t.half_width};
  return ISCC_OK;
}

const char *iscc_interval_method_text(iscc_interval_method method) {
  static const char *const names[] = {"-", "t", "Wilson", "bootstrap-t", "Newcombe"};
  return names[method];
}
