/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-sequential.h"

#include <math.h>

#include "iscc-paired-shares.h"
#include "iscc-wilson.h"

#define MATHLIB_STANDALONE
#include <Rmath.h>

/* Fitted: see doc/statistics.rst. Early stops are the ones that go wrong, and n^-2 leaves late ones alone. */
static double correction(double n) {
  return 1 + 8 / (n * n);
}

iscc_status iscc_sequential_check(const iscc_sequential_rule *rule, iscc_error *error) {
  if (!(rule->confidence > 0 && rule->confidence < 1))
    return iscc_fail(error, ISCC_EINVAL, "confidence: %g is not in (0, 1)", rule->confidence);
  if (!(rule->width > 0 && isfinite(rule->width)))
    return iscc_fail(error, ISCC_EINVAL, "width: %g is not > 0 and finite", rule->width);
  if (rule->relative && rule->width > ISCC_SEQUENTIAL_RELATIVE_MOST)
    return iscc_fail(error, ISCC_EINVAL, "width: %g of the mean is more than %g", rule->width,
                     ISCC_SEQUENTIAL_RELATIVE_MOST);
  if (rule->minimum < ISCC_SEQUENTIAL_LEAST)
    return iscc_fail(error, ISCC_EINVAL, "minimum: %zu runs are fewer than %d", rule->minimum,
                     ISCC_SEQUENTIAL_LEAST);
  return ISCC_OK;
}

/* The half width falls as 1/sqrt(n). */
static double needed(const iscc_sequential_rule *rule, size_t n, double half_width, double asked) {
  if (isnan(half_width)) return (double)NAN;
  const double share = half_width > 0 ? half_width / asked : 0; /* infinite when nothing is asked */
  return fmax((double)rule->minimum, ceil((double)n * share * share));
}

static iscc_sequential_look look_at(const iscc_sequential_rule *rule, size_t n, double mean,
                                    double half_width) {
  const double asked = rule->relative ? rule->width * fabs(mean) : rule->width;
  return (iscc_sequential_look){.mean = mean,
                                .half_width = half_width,
                                .asked = asked,
                                .needed = needed(rule, n, half_width, asked),
                                .reached = n >= rule->minimum && half_width <= asked};
}

iscc_sequential_look iscc_sequential_look_at(const iscc_sequential_rule *rule, const iscc_moments *so_far) {
  const iscc_mean_interval usual = iscc_moments_interval(so_far, rule->confidence);
  return look_at(rule, so_far->count, usual.value, correction((double)so_far->count) * usual.half_width);
}

iscc_sequential_look iscc_sequential_look_at_share(const iscc_sequential_rule *rule, size_t ones, size_t n) {
  const double confidence = iscc_sequential_confidence(rule->confidence, n);
  const iscc_proportion share = iscc_wilson_of((double)ones, (double)n, confidence);
  return look_at(rule, n, share.share, (share.high - share.low) / 2);
}

iscc_sequential_look iscc_sequential_look_at_paired_shares(const iscc_sequential_rule *rule, size_t both,
                                                           size_t only_a, size_t only_b, size_t neither) {
  const size_t n = both + only_a + only_b + neither;
  const double confidence = iscc_sequential_confidence(rule->confidence, n);
  const iscc_paired_shares pairs = iscc_paired_shares_of_counts(both, only_a, only_b, neither, confidence);
  return look_at(rule, n, pairs.difference, (pairs.high - pairs.low) / 2);
}

size_t iscc_sequential_next(const iscc_sequential_look *look, size_t n) {
  if (look->reached) return n;
  const double most = ceil(1.5 * (double)n), least = (double)n + 1;
  return (size_t)fmin(most, fmax(least, isnan(look->needed) ? most : look->needed));
}

double iscc_sequential_confidence(double confidence, size_t n) {
  const double count = (double)n, t = qt((1 + confidence) / 2, count - 1, 1, 0);
  return 1 - 2 * pt(-correction(count) * t, count - 1, 1, 0);
}

double iscc_sequential_p_value(double p_value, size_t n) {
  const double count = (double)n;
  return 2 * pt(qt(p_value / 2, count - 1, 1, 0) / correction(count), count - 1, 1, 0);
}
