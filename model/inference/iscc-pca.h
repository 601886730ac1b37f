/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-pca - principal components of samples, whitened.
 *
 *   z_k = b_k . (x - mean),   k = 1..d,   b_k = e_k / sqrt(lambda_k)
 *
 * e_k are the orthonormal eigenvectors of the samples' covariance of the largest eigenvalues lambda_k, in
 * falling order, so that over the samples each z_k has mean 0 and variance 1 and no two are correlated. The
 * sign of each is such that the largest entry of e_k is positive.
 *
 * Memory: fit allocates, about 16 samples (size + samples) bytes meanwhile. Reentrant. Equal samples give
 * equal bits on one machine (OpenBLAS is held to one thread). */
#ifndef ISCC_PCA_H
#define ISCC_PCA_H

#include <stddef.h>

#include "iscc-status.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
  int size;         /* of a sample */
  int components;   /* d */
  float *mean;      /* [size] */
  float *basis;     /* d x size: b_k */
  double *variance; /* [d]: lambda_k, of samples about their mean */
  double total;     /* variance in all directions */
} iscc_pca;

/* inputs: samples x size, row-major. ISCC_EINVAL: components is not within 1..min(samples - 1, size), or the
 * samples vary in fewer directions. Destroy with iscc_pca_destroy(). */
iscc_status iscc_pca_fit(const float *inputs, size_t samples, int size, int components, iscc_pca **out,
                         iscc_error *error);
void iscc_pca_destroy(iscc_pca *pca); /* NULL is fine */

/* z[0..components) of one sample; components may be fewer than were fitted. */
void iscc_pca_project(const iscc_pca *pca, int components, const float *input, float *z);

#ifdef __cplusplus
}
#endif
#endif
