/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-echo - dechirped radar echoes in low-rank form.
 *
 * A point at delay tau answers chirp m with a tone in fast time t_n (doc/sensing.rst):
 *   a exp(-j 2 pi f_c tau + j pi mu tau^2) exp(-j 2 pi mu tau t_n),   mu = sweep / chirp.
 * Around a middle delay tau_0 the tone is a short power series in (tau - tau_0), so the whole matrix of any
 * number of points is Y = Q Z: Q (fast samples x rank) has orthonormal columns that depend on the settings
 * alone, Z (rank x chirps) gathers the points. The series is cut where its remainder is below 1e-7, the rank
 * where singular values are.
 *
 * Memory: create allocates. Threads: read-only after create, but for the work space of iscc_echo_gather. */
#ifndef ISCC_ECHO_H
#define ISCC_ECHO_H

#include "iscc-status.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
  double carrier_hz, sweep_hz, chirp_s, sampling_hz;
  int chirps;
  double farthest_m; /* largest one-way distance that is represented */
} iscc_echo_settings;

typedef struct iscc_echo iscc_echo;

iscc_status iscc_echo_create(const iscc_echo_settings *settings, iscc_echo **out, iscc_error *error);
void iscc_echo_destroy(iscc_echo *echo); /* NULL is fine */

int iscc_echo_fast_samples(const iscc_echo *echo); /* f_s T_0 */
int iscc_echo_rank(const iscc_echo *echo);

/* Q as interleaved complex numbers: q[2 * (r * fast_samples + n)], column r after column. Borrowed. */
const double *iscc_echo_basis(const iscc_echo *echo);

/* Starts a new Z = 0. */
void iscc_echo_clear(iscc_echo *echo);

/* Adds a point that moves: range_m[0..chirps), amplitude[0..chirps) per chirp. ISCC_EINVAL: beyond
 * farthest_m. */
iscc_status iscc_echo_add_moving(iscc_echo *echo, const double *range_m, const double *amplitude,
                                 iscc_error *error);

/* Adds a reflection of fixed path (there and back) with amplitude factor_re + j factor_im times gain[m]. */
void iscc_echo_add_fixed(iscc_echo *echo, double path_m, const double amplitude[2], const float *gain_re,
                         const float *gain_im);

/* Z times scale, interleaved: z[2 * (r * chirps + m)], row r after row. */
void iscc_echo_gather(iscc_echo *echo, double scale, double *z);

#ifdef __cplusplus
}
#endif
#endif
