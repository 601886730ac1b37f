/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-sensing-state - what an iscc_sensing handle holds; for iscc-sensing.c and iscc-sensing-stage.c only.
 *
 * The dechirped echo is Y = Q (Z + mean_z 1^T) + N. Z (rank x chirps) has had its slow-time mean taken off
 * when subtract_mean is set. With receiver noise the full matrix is worked out, single precision, in
 * `matrix`; its own mean is taken off too. `mean` is what was taken off altogether, so that the unfiltered
 * echo can be given back. */
#ifndef ISCC_SENSING_STATE_H
#define ISCC_SENSING_STATE_H

#include "iscc-body.h"
#include "iscc-clutter-filter.h"
#include "iscc-echo.h"
#include "iscc-sensing.h"
#include "iscc-spectrogram.h"

struct iscc_sensing {
  iscc_sensing_settings set;
  int samples, rank; /* fast-time samples, rank of the noise-free echo */
  double wavelength_m;
  iscc_body *body;
  iscc_echo *echo;
  iscc_clutter_filter *filter;
  iscc_spectrogram *spectrogram;
  double *range_m, *amplitude; /* segments x chirps */
  float *fluctuation;          /* real parts, then imaginary parts: 2 x chirps */
  double *z;                   /* rank x chirps, complex, row after row */
  double *gram, *weights;      /* samples x samples; samples: complex */
  double *basis_sum, *ones;    /* 1^T Q, complex; 1^T, complex */
  double *mean;                /* taken off each fast-time sample: samples, complex */
  float *basis_f, *z_f;        /* [Q, mean of the noise] and [Z; -1 .. -1] in single precision */
  float *gram_f, *weights_f;
  float *matrix;                /* samples x chirps, complex, chirp after chirp */
  float *slow_time;             /* y: chirps, complex */
  float input[ISCC_INPUT_SIZE]; /* of the last run */
  bool ran, noisy;              /* the last run's kind */
};

#endif
