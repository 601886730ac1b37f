/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-clutter-filter - keeps singular triplets r1..r2 of the echo matrix and sums over fast time (eq. 2):
 *   y = 1^T Y_f,   Y_f = sum_{r = r1..r2} s_r u_r v_r^H.
 * Since u_r u_r^H Y = s_r u_r v_r^H, the left singular vectors suffice: y = w Y with the row w = sum_r (1^T
 * u_r) u_r^H. They are the eigenvectors of the Gram matrix Y Y^H (LAPACKE, zheevr), of fast-time size only.
 */
#ifndef ISCC_CLUTTER_FILTER_H
#define ISCC_CLUTTER_FILTER_H

#include <stdbool.h>

#include "iscc-status.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { ISCC_FILTER_SIZE_MAX = 4096 };

typedef struct iscc_clutter_filter iscc_clutter_filter;

/* For matrices of up to size_max rows; triplets first..last (1-based), 0, 0 keeps all. */
iscc_status iscc_clutter_filter_create(int size_max, int first, int last, iscc_clutter_filter **out,
                                       iscc_error *error);
void iscc_clutter_filter_destroy(iscc_clutter_filter *filter); /* NULL is fine */

/* Made with 0, 0: weights() is sum itself then, and gram is not read. */
bool iscc_clutter_filter_keeps_all(const iscc_clutter_filter *filter);

/* gram: Hermitian size x size, interleaved complex, column-major, its lower half read and destroyed.
 * sum: 1^T in the matrix's row basis, size interleaved values. weights: w, likewise.
 * ISCC_EINVAL: fewer than first rows. */
iscc_status iscc_clutter_filter_weights(iscc_clutter_filter *filter, int size, double *gram,
                                        const double *sum, double *weights, iscc_error *error);

/* After weights(), unless all are kept: the kept left singular vectors, column after column, and how many
 * there are. */
const double *iscc_clutter_filter_vectors(const iscc_clutter_filter *filter, int *count);

#ifdef __cplusplus
}
#endif
#endif
