/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-curve-fit - accuracy over sensing power: the arctan of eq. (21) and a concave table that promises no
 * more than was measured.
 *
 * Pure functions of small arrays; they allocate nothing and share nothing. */
#ifndef ISCC_CURVE_FIT_H
#define ISCC_CURVE_FIT_H

#include "iscc-status.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { ISCC_CURVE_FIT_POINTS_MAX = 64 };

/* Least squares of a atan(b P) over the points, b on a logarithmic scale so that it stays positive. points
 * 2..ISCC_CURVE_FIT_POINTS_MAX; powers > 0. rmse: in accuracy, over the same points.
 * ISCC_EINVAL: values out of range; ISCC_ENOCONV: no minimum found. */
iscc_status iscc_arctan_fit(const double *power_w, const double *accuracy, int points, double *a,
                            double *b_per_w, double *rmse, iscc_error *error);

/* table[0..points): the increasing concave values nearest to the measured ones (least squares) among those
 * nowhere above them. Powers must rise. ISCC_EINVAL: values out of range. */
iscc_status iscc_concave_fit(const double *power_w, const double *accuracy, int points, double *table,
                             iscc_error *error);

#ifdef __cplusplus
}
#endif
#endif
