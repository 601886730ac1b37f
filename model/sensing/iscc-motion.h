/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-motion - the five motions to tell apart, and the person who moves.
 *
 * Heights: adults U[1.6, 1.9] m, children U[0.9, 1.2] m. Speeds for height H: standing 0, pacing 0.25 H,
 * walking 0.5 H (m/s). Heading U[-pi, pi]. Start: x in U[1, 4] m, y in U[-1, 1] m (doc/model.rst, sensing).
 */
#ifndef ISCC_MOTION_H
#define ISCC_MOTION_H

#include "iscc-random.h"
#include "iscc-status.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum { /* the class numbers of the network's outputs */
               ISCC_MOTION_STANDING = 0,
               ISCC_MOTION_ADULT_PACE = 1,
               ISCC_MOTION_ADULT_WALK = 2,
               ISCC_MOTION_CHILD_PACE = 3,
               ISCC_MOTION_CHILD_WALK = 4
} iscc_motion;

enum { ISCC_MOTION_COUNT = 5 };

/* "standing", "adult-pace", "adult-walk", "child-pace", "child-walk"; NULL outside the range. */
const char *iscc_motion_name(iscc_motion motion);

/* The motion of that name. ISCC_EINVAL lists the names. */
iscc_status iscc_motion_from_name(const char *name, iscc_motion *motion, iscc_error *error);

typedef struct {
  iscc_motion motion;
  double height_m;    /* (0, 3] */
  double speed_mps;   /* >= 0 */
  double heading_rad; /* direction of walking in the x-y plane, from the x axis */
  double x_m, y_m;    /* where the person starts */
  double gait_phase;  /* [0, 1): place in the gait cycle at the start; 0 unless random phase is set */
} iscc_person;

/* Usual speed of a person of that height in that motion, m/s. */
double iscc_motion_speed_mps(iscc_motion motion, double height_m);

/* Draws height, heading, position and gait phase of a person who moves so; speed follows from motion and
 * height. A standing person is an adult or a child with equal chance. The gait phase is always drawn, so that
 * using it (a setting of iscc-sensing) moves no other draw. */
void iscc_person_draw(iscc_random *placement, iscc_motion motion, iscc_person *person);

/* Draws the motion too, all five equally likely. */
void iscc_person_draw_any(iscc_random *placement, iscc_person *person);

#ifdef __cplusplus
}
#endif
#endif
