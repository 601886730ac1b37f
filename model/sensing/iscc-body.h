/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-body - the moving person as 16 point scatterers seen by the radar.
 *
 * Each segment is an ellipsoid of revolution, semi-axes a = b across and c along it, of radar cross-section
 *   sigma = pi a^4 c^2 / (a^2 sin^2 theta + c^2 cos^2 theta)^2,
 * theta being the angle between the segment's axis and the line of sight (Mahafza, Radar Systems Analysis and
 * Design Using MATLAB, 2000). a is fixed in metres, c grows with body height. Amplitude by the radar equation
 * with unit gain: lambda sqrt(sigma) / ((4 pi)^1.5 R^2) per root watt.
 *
 * Poses depend on the relative speed alone (they scale with height), so they are tabulated once per chirp for
 * pacing and walking; a person only scales, turns and shifts them. Standing: straight joints; the whole body
 * sways by ISCC_SWAY_M and the trunk breathes by ISCC_BREATH_M, at a phase given by the person's gait_phase.
 */
#ifndef ISCC_BODY_H
#define ISCC_BODY_H

#include <stdbool.h>

#include "iscc-gait.h"
#include "iscc-motion.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { ISCC_BODY_SEGMENTS = 16 };

#define ISCC_SWAY_M    3e-3
#define ISCC_SWAY_HZ   0.4
#define ISCC_BREATH_M  2e-3
#define ISCC_BREATH_HZ 0.25

typedef struct iscc_body iscc_body;

/* Poses for `steps` instants spaced by step_s. random_phase: walkers start at their gait_phase, not at 0. */
iscc_status iscc_body_create(int steps, double step_s, bool random_phase, iscc_body **out, iscc_error *error);
void iscc_body_destroy(iscc_body *body); /* NULL is fine */

/* The segments of one person at each instant: range_m[k * steps + m] is the distance of segment k from the
 * radar at radar_m (x, y, z), amplitude[...] its echo amplitude in sqrt(W) per sqrt(W) sent. ISCC_EINVAL: a
 * field of the person is out of range. */
iscc_status iscc_body_echoes(iscc_body *body, const iscc_person *person, const double radar_m[3],
                             double wavelength_m, double *range_m, double *amplitude, iscc_error *error);

#ifdef __cplusplus
}
#endif
#endif
