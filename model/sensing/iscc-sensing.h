/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-sensing - from a moving person to the network's input.
 *
 *   gait -> radar echo Y (fast time x slow time) -> clutter filter -> slow-time vector y
 *        -> three spectrograms -> input x of 3 x 42 x 42, ||x||_2 = 1
 *
 * Y = sqrt(P_s) (moving person + clutter) + receiver noise (doc/model.rst, eqs. 1, 2).
 *
 * Memory:  iscc_sensing_create() is the only allocating call; a run never allocates.
 * Threads: one handle per thread. Determinism: equal settings, person, power and streams give equal bytes. */
#ifndef ISCC_SENSING_H
#define ISCC_SENSING_H

#include <stdbool.h>
#include <stddef.h>

#include "iscc-motion.h"
#include "iscc-random.h"
#include "iscc-status.h"

#ifdef __cplusplus
extern "C" {
#endif

enum {
  ISCC_INPUT_CHANNELS = 3, /* one per window length */
  ISCC_INPUT_ROWS = 42,    /* Doppler frequency, lowest first */
  ISCC_INPUT_COLUMNS = 42, /* time, earliest first */
  ISCC_INPUT_SIZE = ISCC_INPUT_CHANNELS * ISCC_INPUT_ROWS * ISCC_INPUT_COLUMNS
};

/* All settings of the chain. Start from iscc_sensing_defaults(). */
typedef struct iscc_sensing_settings {
  double carrier_hz;                      /* 60e9 */
  double sweep_hz;                        /* 10e6: bandwidth of one chirp */
  double chirp_s;                         /* 10e-6: T_0 */
  double sampling_hz;                     /* 10e6: f_s; f_s T_0 = 100 fast-time samples */
  double chirp_spacing_s;                 /* 0.25e-3 */
  int chirps;                             /* 2000: M; T_sen = M * chirp_spacing_s */
  double radar_x_m, radar_y_m, radar_z_m; /* 0, 1, 1 */
  double noise_power_w;                   /* 2.9e-11: receiver noise power per complex fast-time sample */
  bool clutter;                           /* true: room reflections */
  double clutter_correlation;             /* 0.99: rho of the autoregressive part, per chirp */
  bool subtract_mean;                     /* true: remove the slow-time mean before the SVD */
  int svd_first, svd_last; /* 1, 2: singular triplets kept, r1..r2 of eq. (2); 0, 0 keeps all */
  double doppler_limit_hz; /* 1000: the picture covers +- this */
  bool random_gait_phase;  /* false: every sample starts at gait phase 0, as the reference simulators do */
} iscc_sensing_settings;

void iscc_sensing_defaults(iscc_sensing_settings *settings);

typedef struct iscc_sensing iscc_sensing; /* opaque: tables, FFT plans, work space */

/* ISCC_EINVAL names the setting that is out of its range. Copies the settings. */
iscc_status iscc_sensing_create(const iscc_sensing_settings *settings, iscc_sensing **out, iscc_error *error);
void iscc_sensing_destroy(iscc_sensing *s); /* NULL is fine */

/* T_sen in s. */
double iscc_sensing_time_s(const iscc_sensing *s);

/* One observation: input[0..ISCC_INPUT_SIZE) in (channel, frequency, time) order.
 * power_w (P_s) > 0. clutter: stream of the room's reflections. noise: receiver noise; NULL means none, which
 * takes the fast low-rank route (the person's and the clutter's echoes have a fast-time rank of about six).
 * ISCC_EINVAL: power or person out of range. */
iscc_status iscc_sensing_run(iscc_sensing *s, const iscc_person *person, double power_w, iscc_random *clutter,
                             iscc_random *noise, float *input, iscc_error *error);

#ifdef __cplusplus
}
#endif
#endif
