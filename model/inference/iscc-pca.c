/* SPDX-License-Identifier: GPL-2.0-only */
/* With more directions than samples, the eigenvectors come from the samples' inner products: if X X^T v = n
 * lambda v, then X^T v / sqrt(n lambda) is an eigenvector of X^T X / n. */
#include "iscc-pca.h"

#include <cblas.h>
#include <lapacke.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* Variance of a direction, relative to the largest, that is no more than rounding. */
#define VARIANCE_LEAST 1e-9

typedef struct {
  const float *inputs;
  lapack_int samples, size, components;
  double *centred; /* X: samples x size */
  double *product; /* X X^T, then lost */
  double *values, *vectors;
} work;

static void free_work(work *w) {
  free(w->centred);
  free(w->product);
  free(w->values);
  free(w->vectors);
}

static iscc_status allocate(work *w, iscc_pca **out, iscc_error *error) {
  const size_t n = (size_t)w->samples, size = (size_t)w->size, d = (size_t)w->components;
  iscc_pca *pca = *out = calloc(1, sizeof *pca);
  if (pca) {
    pca->mean = calloc(size, sizeof *pca->mean);
    pca->basis = calloc(d * size, sizeof *pca->basis);
    pca->variance = calloc(d, sizeof *pca->variance);
  }
  w->centred = malloc(n * size * sizeof *w->centred);
  w->product = malloc(n * n * sizeof *w->product);
  w->values = malloc(n * sizeof *w->values);
  w->vectors = malloc(n * d * sizeof *w->vectors);
  if (pca && pca->mean && pca->basis && pca->variance && w->centred && w->product && w->values && w->vectors)
    return ISCC_OK;
  return iscc_fail(error, ISCC_ENOMEM, "out of memory for the principal components of %d samples",
                   (int)w->samples);
}

static void centre(work *w, iscc_pca *pca) {
  const size_t n = (size_t)w->samples, size = (size_t)w->size;
  for (size_t j = 0; j < size; j++) {
    double sum = 0;
    for (size_t i = 0; i < n; i++) sum += (double)w->inputs[i * size + j];
    pca->mean[j] = (float)(sum / (double)n);
  }
  for (size_t i = 0; i < n; i++)
    for (size_t j = 0; j < size; j++)
      w->centred[i * size + j] = (double)w->inputs[i * size + j] - (double)pca->mean[j];
}

/* Eigenvalues of X X^T from the largest on, and their vectors as columns; false: LAPACK gave up. */
static bool decompose(work *w) {
  const lapack_int n = w->samples, d = w->components;
  cblas_dsyrk(CblasRowMajor, CblasUpper, CblasNoTrans, n, w->size, 1, w->centred, w->size, 0, w->product, n);
  lapack_int found;
  lapack_int *support = malloc(2 * (size_t)d * sizeof *support);
  const lapack_int failed =
      !support || LAPACKE_dsyevr(LAPACK_ROW_MAJOR, 'V', 'I', 'U', n, w->product, n, 0, 0, n - d + 1, n, 0,
                                 &found, w->values, w->vectors, d, support);
  free(support);
  return !failed && found == d;
}

/* b_k, its sign fixed by its largest entry. */
static void fill_component(const work *w, iscc_pca *pca, int k, double *direction) {
  const size_t size = (size_t)w->size, n = (size_t)w->samples;
  const lapack_int column = w->components - 1 - k; /* eigenvalues rise */
  const double value = w->values[column];
  cblas_dgemv(CblasRowMajor, CblasTrans, w->samples, w->size, 1 / sqrt(value), w->centred, w->size,
              w->vectors + column, w->components, 0, direction, 1);
  const double largest = direction[cblas_idamax(w->size, direction, 1)];
  pca->variance[k] = value / (double)n;
  const double scale = copysign(1 / sqrt(pca->variance[k]), largest);
  for (size_t j = 0; j < size; j++) pca->basis[(size_t)k * size + j] = (float)(scale * direction[j]);
}

static iscc_status fit(work *w, iscc_pca *pca, iscc_error *error) {
  centre(w, pca);
  for (lapack_int i = 0; i < w->samples; i++) {
    const double *row = w->centred + (size_t)i * (size_t)w->size;
    pca->total += cblas_ddot(w->size, row, 1, row, 1) / (double)w->samples;
  }
  if (!decompose(w))
    return iscc_fail(error, ISCC_ENOCONV, "principal components: the decomposition did not converge");
  if (!(w->values[0] > VARIANCE_LEAST * w->values[w->components - 1]))
    return iscc_fail(error, ISCC_EINVAL, "principal components: the samples vary in fewer than %d directions",
                     (int)w->components);
  double *direction = malloc((size_t)w->size * sizeof *direction);
  if (!direction) return iscc_fail(error, ISCC_ENOMEM, "out of memory for principal components");
  for (int k = 0; k < w->components; k++) fill_component(w, pca, k, direction);
  free(direction);
  return ISCC_OK;
}

iscc_status iscc_pca_fit(const float *inputs, size_t samples, int size, int components, iscc_pca **out,
                         iscc_error *error) {
  *out = NULL;
  const size_t most = samples > (size_t)size ? (size_t)size : samples - (samples > 0);
  if (components < 1 || (size_t)components > most)
    return iscc_fail(error, ISCC_EINVAL, "principal components: %d are not within 1..%zu", components, most);
  work w = {.inputs = inputs,
            .samples = (lapack_int)samples,
            .size = (lapack_int)size,
            .components = (lapack_int)components};
  iscc_pca *pca;
  openblas_set_num_threads(1); /* threads would change the order of sums */
  iscc_status status = allocate(&w, &pca, error);
  if (!status) status = fit(&w, pca, error);
  free_work(&w);
  if (status) {
    iscc_pca_destroy(pca);
    return status;
  }
  pca->size = size;
  pca->components = components;
  *out = pca;
  return ISCC_OK;
}

void iscc_pca_destroy(iscc_pca *pca) {
  if (!pca) return;
  free(pca->mean);
  free(pca->basis);
  free(pca->variance);
  free(pca);
}

void iscc_pca_project(const iscc_pca *pca, int components, const float *input, float *z) {
  for (int k = 0; k < components; k++) {
    const float *b = pca->basis + (size_t)k * (size_t)pca->size;
    double sum = 0;
    for (int j = 0; j < pca->size; j++) sum += (double)b[j] * ((double)input[j] - (double)pca->mean[j]);
    z[k] = (float)sum;
  }
}
