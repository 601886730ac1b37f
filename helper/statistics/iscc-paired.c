/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-paired.h"

#include <math.h>

#include "iscc-moments.h"
#include "iscc-rounding.h"

#define MATHLIB_STANDALONE
#include <Rmath.h>

/* Of D/error at n - 1 degrees of freedom; what has no scatter differs for certain or not at all. */
static double two_sided(double difference, double error, size_t n) {
  if (isnan(error) || isnan(difference)) return (double)NAN;
  if (error > 0) return 2 * pt(-fabs(difference) / error, (double)n - 1, 1, 0);
  return difference == 0 ? 1 : 0;
}

/* Sums of e_i^2, e_i (b_i - B) and (b_i - B)^2, with e_i = a_i - A - ratio (b_i - B). */
typedef struct {
  double ee, eb, bb;
} residuals;

static residuals residuals_of(const double *a, const double *b, const iscc_paired *p, double ratio) {
  residuals sums = {0, 0, 0};
  for (size_t i = 0; i < p->n; i++) {
    const double off_b = b[i] - p->mean_b, e = a[i] - p->mean_a - ratio * off_b;
    sums.ee += e * e;
    sums.eb += e * off_b;
    sums.bb += off_b * off_b;
  }
  return sums;
}

/* With ratio = A/B + x, Fieller's condition is x^2 (B^2 - g_bb) + 2 x g_eb - g_ee <= 0, where g is t^2/(n
 * (n - 1)) times the sums above: around A/B neither its terms nor its discriminant cancel. */
static void bound_ratio(const double *a, const double *b, double t, iscc_paired *p) {
  const double ratio = p->mean_a / p->mean_b, count = (double)p->n;
  const residuals sums = residuals_of(a, b, p, ratio);
  const double g = t * t / (count * (count - 1));
  const double lead = p->mean_b * p->mean_b - g * sums.bb;
  if (isnan(t) || isnan(sums.bb) || isnan(p->mean_a)) return;
  p->relative_low = -INFINITY, p->relative_high = INFINITY;
  if (!(lead > 0)) return;
  const double root = sqrt(g * g * sums.eb * sums.eb + lead * g * sums.ee);
  p->relative_low = p->relative + (-g * sums.eb - root) / lead;
  p->relative_high = p->relative + (-g * sums.eb + root) / lead;
}

void iscc_paired_differences(const double *a, const double *b, size_t n, double *differences) {
  iscc_moments moments = {0};
  for (size_t i = 0; i < n; i++) {
    const double of_a = a[i], of_b = b[i];
    iscc_moments_add_difference(&moments, of_a, of_b);
    differences[i] = of_a - of_b;
  }
  if (iscc_moments_scatter(&moments) > 0) return; /* NAN is not, and stays */
  for (size_t i = 0; i < n && iscc_moments_scatter(&moments) == 0; i++) differences[i] = moments.mean;
}

iscc_paired iscc_paired_of(const double *a, const double *b, size_t n, double confidence) {
  iscc_moments of_a = {0}, of_b = {0}, of_difference = {0};
  for (size_t i = 0; i < n; i++) {
    iscc_moments_add(&of_a, a[i]);
    iscc_moments_add(&of_b, b[i]);
    iscc_moments_add_difference(&of_difference, a[i], b[i]);
  }
  const double t = iscc_mean_interval_quantile(n, confidence);
  iscc_mean_interval apart = iscc_moments_interval(&of_difference, confidence);
  if (iscc_rounding_scatter(apart.value * apart.value, 1, of_difference.largest) == 0) apart.value = 0;
  iscc_paired p = {.n = n,
                   .mean_a = n ? of_a.mean : (double)NAN,
                   .mean_b = n ? of_b.mean : (double)NAN,
                   .difference = apart.value,
                   .half_width = apart.half_width,
                   .p_value =
                       isnan(t) ? (double)NAN : two_sided(apart.value, iscc_moments_error(&of_difference), n),
                   .relative = apart.value / of_b.mean,
                   .relative_low = NAN,
                   .relative_high = NAN};
  bound_ratio(a, b, t, &p);
  return p;
}
