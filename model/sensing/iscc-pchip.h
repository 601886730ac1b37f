/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-pchip - periodic piecewise cubic interpolation that makes no overshoot: between two control points the
 * curve stays between their values. Slopes are weighted harmonic means of the neighbouring chords (Fritsch
 * and Carlson, SIAM J. Numer. Anal. 17, 1980, in the form of Fritsch and Butland, 1984). Period 1. */
#ifndef ISCC_PCHIP_H
#define ISCC_PCHIP_H

#ifdef __cplusplus
extern "C" {
#endif

enum { ISCC_PCHIP_MAX = 8 };

typedef struct {
  int points;
  double x[ISCC_PCHIP_MAX]; /* increasing, in [0, 1) */
  double y[ISCC_PCHIP_MAX];
  double slope[ISCC_PCHIP_MAX];
} iscc_pchip;

/* points: 2..ISCC_PCHIP_MAX control points with distinct x modulo 1, in any order. */
void iscc_pchip_build(iscc_pchip *curve, int points, const double *x, const double *y);

double iscc_pchip_at(const iscc_pchip *curve, double x); /* any finite x */

#ifdef __cplusplus
}
#endif
#endif
