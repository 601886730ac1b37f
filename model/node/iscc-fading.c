/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-fading.h"

#include <float.h>
#include <math.h>

#include "iscc-random.h"

enum { LEAST_NS = 1000 }; /* each block is an event while a frame is on the air */

iscc_status iscc_fading_check(const iscc_fading *fading, iscc_error *error) {
  if (fading->coherence_ns < 0 || (fading->coherence_ns > 0 && fading->coherence_ns < LEAST_NS))
    return iscc_fail(error, ISCC_EINVAL, "coherence time: %lld ns is neither 0, no fading, nor %d or more",
                     (long long)fading->coherence_ns, LEAST_NS);
  if (!isfinite(fading->nakagami_m) || fading->nakagami_m < 0.5)
    return iscc_fail(error, ISCC_EINVAL, "Nakagami m: %g is not a number >= 0.5", fading->nakagami_m);
  return ISCC_OK;
}

/* Gamma deviate of shape m >= 1 and scale 1 (Marsaglia and Tsang, ACM TOMS 26(3), 2000). */
static double gamma_deviate(iscc_random *r, double shape) {
  const double d = shape - 1.0 / 3.0;
  const double c = 1.0 / sqrt(9.0 * d);
  for (;;) {
    const double x = iscc_random_normal(r);
    const double root = 1.0 + c * x;
    if (root <= 0.0) continue;
    const double v = root * root * root;
    const double u = 1.0 - iscc_random_uniform(r); /* (0, 1] */
    if (log(u) < 0.5 * x * x + d * (1.0 - v + log(v))) return d * v;
  }
}

static double power_gain(iscc_random *r, double m) {
  if (m == 1.0) return iscc_random_exponential(r);
  if (m >= 1.0) return gamma_deviate(r, m) / m;
  /* G(m) = G(m + 1) U^(1/m) */
  const double u = 1.0 - iscc_random_uniform(r);
  return gamma_deviate(r, m + 1.0) * pow(u, 1.0 / m) / m;
}

static int64_t block_of(const iscc_fading *fading, int64_t time_ns) {
  const int64_t block = time_ns / fading->coherence_ns;
  return time_ns % fading->coherence_ns < 0 ? block - 1 : block; /* floor, of negative times too */
}

double iscc_fading_gain(const iscc_fading *fading, int64_t time_ns) {
  if (fading->coherence_ns <= 0) return 1.0;
  iscc_random r;
  iscc_random_seed_at(&r, fading->seed, fading->run, fading->node, ISCC_STREAM_FADING,
                      (uint64_t)block_of(fading, time_ns));
  return fmax(power_gain(&r, fading->nakagami_m), DBL_MIN);
}

int64_t iscc_fading_block_end_ns(const iscc_fading *fading, int64_t time_ns) {
  if (fading->coherence_ns <= 0) return INT64_MAX;
  const int64_t next = block_of(fading, time_ns) + 1;
  return next > INT64_MAX / fading->coherence_ns ? INT64_MAX : next * fading->coherence_ns;
}
