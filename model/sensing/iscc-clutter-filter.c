/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-clutter-filter.h"

#include <complex.h>
#include <lapacke.h>
#include <stdlib.h>
#include <string.h>

struct iscc_clutter_filter {
  int size_max, first, last;
  int count; /* vectors of the last call */
  double *values;
  double complex *vectors;
  lapack_int *support, *integer_work;
  double complex *work;
  double *real_work;
  lapack_int work_size, real_work_size, integer_work_size;
};

static lapack_int eigenvectors(iscc_clutter_filter *f, int size, double complex *gram, lapack_int low,
                               lapack_int high, lapack_int *found) {
  return LAPACKE_zheevr_work(LAPACK_COL_MAJOR, 'V', 'I', 'L', size, (void *)gram, size, 0, 0, low, high, 0,
                             found, f->values, (void *)f->vectors, size, f->support, (void *)f->work,
                             f->work_size, f->real_work, f->real_work_size, f->integer_work,
                             f->integer_work_size);
}

/* Asks LAPACK how much work space it wants; the answers come in the arrays' first elements. */
static iscc_status reserve_work(iscc_clutter_filter *f) {
  double complex work = 0, gram = 0;
  double real_work = 0;
  lapack_int integer_work = 0, found = 0;
  f->work = &work;
  f->real_work = &real_work;
  f->integer_work = &integer_work;
  f->work_size = f->real_work_size = f->integer_work_size = -1;
  const lapack_int failed = eigenvectors(f, f->size_max, &gram, 1, f->size_max, &found);
  f->work = NULL;
  f->real_work = NULL;
  f->integer_work = NULL;
  if (failed) return ISCC_ELIBRARY;
  f->work_size = (lapack_int)creal(work);
  f->real_work_size = (lapack_int)real_work;
  f->integer_work_size = integer_work;
  f->work = malloc(sizeof *f->work * (size_t)f->work_size);
  f->real_work = malloc(sizeof *f->real_work * (size_t)f->real_work_size);
  f->integer_work = malloc(sizeof *f->integer_work * (size_t)f->integer_work_size);
  return f->work && f->real_work && f->integer_work ? ISCC_OK : ISCC_ENOMEM;
}

iscc_status iscc_clutter_filter_create(int size_max, int first, int last, iscc_clutter_filter **out,
                                       iscc_error *error) {
  *out = NULL;
  const bool all = first == 0 && last == 0;
  if (size_max < 1 || size_max > ISCC_FILTER_SIZE_MAX)
    return iscc_fail(error, ISCC_EINVAL, "clutter filter: %d fast-time samples are outside 1..%d", size_max,
                     ISCC_FILTER_SIZE_MAX);
  if (!all && !(1 <= first && first <= last && last <= size_max))
    return iscc_fail(error, ISCC_EINVAL, "svd_first, svd_last: %d..%d is not within 1..%d (0, 0 keeps all)",
                     first, last, size_max);
  iscc_clutter_filter *f = calloc(1, sizeof *f);
  if (!f) return iscc_fail(error, ISCC_ENOMEM, "clutter filter: out of memory");
  f->size_max = size_max;
  f->first = first;
  f->last = last;
  f->values = malloc(sizeof *f->values * (size_t)size_max);
  f->vectors = malloc(sizeof *f->vectors * (size_t)size_max * (size_t)size_max);
  f->support = malloc(sizeof *f->support * 2 * (size_t)size_max);
  iscc_status status = f->values && f->vectors && f->support ? reserve_work(f) : ISCC_ENOMEM;
  if (status) {
    iscc_clutter_filter_destroy(f);
    return iscc_fail(error, status, "clutter filter: %s", iscc_status_text(status));
  }
  *out = f;
  return ISCC_OK;
}

void iscc_clutter_filter_destroy(iscc_clutter_filter *f) {
  if (!f) return;
  free(f->values);
  free(f->vectors);
  free(f->support);
  free(f->work);
  free(f->real_work);
  free(f->integer_work);
  free(f);
}

bool iscc_clutter_filter_keeps_all(const iscc_clutter_filter *f) {
  return f->last == 0;
}

iscc_status iscc_clutter_filter_weights(iscc_clutter_filter *f, int size, double *gram, const double *sum,
                                        double *weights, iscc_error *error) {
  if (iscc_clutter_filter_keeps_all(f)) {
    memcpy(weights, sum, sizeof(double) * 2 * (size_t)size);
    return ISCC_OK;
  }
  if (size < f->first)
    return iscc_fail(error, ISCC_EINVAL, "svd_first: triplet %d asked of a matrix of rank %d", f->first,
                     size);
  const int last = f->last < size ? f->last : size;
  lapack_int found = 0; /* eigenvalues come smallest first: triplet r is number size - r + 1 */
  if (eigenvectors(f, size, (double complex *)gram, size - last + 1, size - f->first + 1, &found))
    return iscc_fail(error, ISCC_ELIBRARY, "clutter filter: eigenvalue iteration did not converge");
  f->count = (int)found;
  const double complex *one = (const double complex *)sum;
  double complex *w = (double complex *)weights;
  for (int i = 0; i < size; i++) w[i] = 0;
  for (int r = 0; r < f->count; r++) {
    const double complex *u = f->vectors + (size_t)r * size;
    double complex share = 0;
    for (int i = 0; i < size; i++) share += one[i] * u[i];
    for (int i = 0; i < size; i++) w[i] += share * conj(u[i]);
  }
  return ISCC_OK;
}

const double *iscc_clutter_filter_vectors(const iscc_clutter_filter *f, int *count) {
  *count = f->count;
  return (const double *)f->vectors;
}
