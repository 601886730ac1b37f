/* SPDX-License-Identifier: GPL-2.0-only */
/* Feature by feature, in two passes: means, then squared distances from them. The squared differences of all
 * pairs of L centroids sum to L times their squared distances from the centroids' mean. In double precision a
 * sum of equal floats is exact (up to 2^29 of them), so a feature constant within a class has no variance
 * there, to the bit, and 0 needs no tolerance. */
#include "iscc-discriminant.h"

#include <math.h>
#include <stdbool.h>

enum { CLASSES_MAX = ISCC_DISCRIMINANT_CLASSES_MAX, SAMPLES_MIN = ISCC_DISCRIMINANT_CLASS_SAMPLES_MIN };

typedef struct {
  const float *features;
  const uint8_t *label;
  size_t samples, size;
  int classes;
  size_t count[CLASSES_MAX]; /* samples of a class */
} labelled;

static iscc_status count_classes(labelled *d, iscc_error *error) {
  for (size_t i = 0; i < d->samples; i++) {
    const int l = d->label[i];
    if (l >= d->classes)
      return iscc_fail(error, ISCC_EINVAL, "discriminant gain: label %d of sample %zu is not within 0..%d", l,
                       i, d->classes - 1);
    d->count[l]++;
  }
  for (int l = 0; l < d->classes; l++)
    if (d->count[l] < SAMPLES_MIN)
      return iscc_fail(error, ISCC_EINVAL,
                       "discriminant gain: samples of class %d: %zu; at least %d are needed", l, d->count[l],
                       (int)SAMPLES_MIN);
  return ISCC_OK;
}

static double value(const labelled *d, size_t sample, size_t n) {
  return (double)d->features[sample * d->size + n];
}

static bool fill_centroids(const labelled *d, size_t n, double *centroid) {
  bool finite = true;
  for (int l = 0; l < d->classes; l++) centroid[l] = 0;
  for (size_t i = 0; i < d->samples; i++) {
    const int l = d->label[i];
    finite = finite && isfinite(value(d, i, n));
    centroid[l] += value(d, i, n);
  }
  for (int l = 0; l < d->classes; l++) centroid[l] /= (double)d->count[l];
  return finite;
}

static double variance_within(const labelled *d, size_t n, const double *centroid) {
  double sum = 0;
  for (size_t i = 0; i < d->samples; i++) {
    const double distance = value(d, i, n) - centroid[d->label[i]];
    sum += distance * distance;
  }
  return sum / (double)(d->samples - (size_t)d->classes);
}

/* Mean of (mu_l - mu_l')^2 over pairs of classes; 0 to the bit for equal centroids. */
static double mean_of_pairs(const double *centroid, int classes) {
  double mean = 0, squares = 0;
  for (int l = 0; l < classes; l++) mean += (centroid[l] - centroid[0]) / classes;
  for (int l = 0; l < classes; l++) {
    const double distance = centroid[l] - centroid[0] - mean;
    squares += distance * distance;
  }
  return 2 * squares / (classes - 1);
}

iscc_status iscc_discriminant_gain(const float *features, const uint8_t *label, size_t samples, int size,
                                   int classes, double *gain, iscc_error *error) {
  if (size < 1) return iscc_fail(error, ISCC_EINVAL, "discriminant gain: features: %d is not >= 1", size);
  if (classes < 2 || classes > CLASSES_MAX)
    return iscc_fail(error, ISCC_EINVAL, "discriminant gain: classes: %d is not within 2..%d", classes,
                     (int)CLASSES_MAX);
  labelled d = {
      .features = features, .label = label, .samples = samples, .size = (size_t)size, .classes = classes};
  const iscc_status status = count_classes(&d, error);
  if (status) return status;
  double centroid[CLASSES_MAX], sum = 0;
  for (size_t n = 0; n < d.size; n++) {
    if (!fill_centroids(&d, n, centroid))
      return iscc_fail(error, ISCC_EINVAL, "discriminant gain: feature %zu is not finite in all samples", n);
    const double between = mean_of_pairs(centroid, classes), within = variance_within(&d, n, centroid);
    if (between > 0 && !(within > 0))
      return iscc_fail(error, ISCC_EINVAL,
                       "discriminant gain: feature %zu tells classes apart without any variance within them",
                       n);
    if (between > 0) sum += between / within;
  }
  *gain = sum;
  return ISCC_OK;
}
