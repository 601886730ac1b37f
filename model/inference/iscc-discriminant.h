/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-discriminant - how far apart the classes lie in the space of features: discriminant gain.
 *
 *   G(l, l') = sum_n (mu_ln - mu_l'n)^2/sigma_n^2,   gain = 2/(L (L - 1)) sum_{l < l'} G(l, l')
 *
 * mu_ln is the mean of feature n over the samples of class l, sigma_n^2 its variance within classes, pooled
 * over the L classes: the squared distances from the class's mean over (samples - L). G is the symmetric
 * Kullback-Leibler divergence of two normal distributions with a common covariance if features are
 * uncorrelated within classes (Wen et al.: Task-oriented sensing, computation, and communication integration
 * for multi-device edge AI. IEEE Trans. Wireless Communications, 2024; doc/accuracy-model.rst). Correlated
 * features count more than once: project them on principal components first (iscc-pca.h), whose correlation
 * over all samples is 0, though that within classes need not be.
 *
 * A gain of few samples is too high, by about 2 size/m with m samples of each class.
 *
 * Memory: none but 4 kB of stack. Reentrant. Sums are in double precision. */
#ifndef ISCC_DISCRIMINANT_H
#define ISCC_DISCRIMINANT_H

#include <stddef.h>
#include <stdint.h>

#include "iscc-status.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { ISCC_DISCRIMINANT_CLASSES_MAX = 256, ISCC_DISCRIMINANT_CLASS_SAMPLES_MIN = 2 };

/* features: samples x size, row-major; label[0..samples) of 0..classes-1. A feature that is constant over
 * all samples adds 0.
 * ISCC_EINVAL, gain untouched: size is below 1, classes are not within 2..ISCC_DISCRIMINANT_CLASSES_MAX, a
 * label is none of them, a class has fewer than ISCC_DISCRIMINANT_CLASS_SAMPLES_MIN samples, a feature is not
 * finite, or it is constant within each class but not the same in all, which would be an infinite gain. */
iscc_status iscc_discriminant_gain(const float *features, const uint8_t *label, size_t samples, int size,
                                   int classes, double *gain, iscc_error *error);

#ifdef __cplusplus
}
#endif
#endif
