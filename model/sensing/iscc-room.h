/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-room - clutter: what the room sends back to the radar beside the person.
 *
 * Ten taps in a room x [-1, 6], y [-3, 3], z [0, 3] m: the six surfaces (first order) and the four upright
 * edges (second order), at path lengths d given by the mirror images of the radar. Amplitude lambda/(4 pi d)
 * per root watt times a reflection drawn in dB from N(-10, 4) (first order) or N(-16, 5) (second), at most -2
 * dB, with a random phase. Each tap has a static part and an autoregressive one, h(m) = A (1 + g(m)),   g(m)
 * = rho g(m-1) + (1 - rho) n(m),   n circular normal of variance 1, g in its stationary state from the start.
 */
#ifndef ISCC_ROOM_H
#define ISCC_ROOM_H

#include "iscc-random.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { ISCC_ROOM_TAPS = 10 };

typedef struct {
  double path_m[ISCC_ROOM_TAPS];       /* there and back */
  double amplitude[ISCC_ROOM_TAPS][2]; /* A: real, imaginary; sqrt(W) per sqrt(W) sent */
} iscc_room;

/* Draws the taps for a radar at radar_m (x, y, z). */
void iscc_room_draw(iscc_random *clutter, const double radar_m[3], double wavelength_m, iscc_room *room);

/* Draws 1 + g(m) of one tap: re[0..steps), im[0..steps). correlation: rho in [0, 1). */
void iscc_room_fluctuation(iscc_random *clutter, double correlation, int steps, float *re, float *im);

#ifdef __cplusplus
}
#endif
#endif
