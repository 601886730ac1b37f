/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-motion.h"

#include <math.h>
#include <string.h>

#define PI 3.14159265358979323846

static const struct {
  const char *name;
  double height_low_m, height_high_m;
  double speed_per_height; /* 1/s */
} motions[ISCC_MOTION_COUNT] = {
    [ISCC_MOTION_STANDING] = {"standing", 0.9, 1.9, 0.0},
    [ISCC_MOTION_ADULT_PACE] = {"adult-pace", 1.6, 1.9, 0.25},
    [ISCC_MOTION_ADULT_WALK] = {"adult-walk", 1.6, 1.9, 0.5},
    [ISCC_MOTION_CHILD_PACE] = {"child-pace", 0.9, 1.2, 0.25},
    [ISCC_MOTION_CHILD_WALK] = {"child-walk", 0.9, 1.2, 0.5},
};

const char *iscc_motion_name(iscc_motion motion) {
  return (int)motion >= 0 && (int)motion < ISCC_MOTION_COUNT ? motions[motion].name : NULL;
}

iscc_status iscc_motion_from_name(const char *name, iscc_motion *motion, iscc_error *error) {
  for (int i = 0; i < ISCC_MOTION_COUNT; i++) {
    if (strcmp(name, motions[i].name) != 0) continue;
    *motion = (iscc_motion)i;
    return ISCC_OK;
  }
  return iscc_fail(error, ISCC_EINVAL,
                   "motion: '%s' is not one of standing, adult-pace, adult-walk, child-pace, child-walk",
                   name);
}

double iscc_motion_speed_mps(iscc_motion motion, double height_m) {
  return motions[motion].speed_per_height * height_m;
}

/* A standing person is an adult or a child with equal chance: the class says nothing of age. */
static double draw_height(iscc_random *placement, iscc_motion motion) {
  const double age = iscc_random_uniform(placement);
  if (motion == ISCC_MOTION_STANDING) motion = age < 0.5 ? ISCC_MOTION_ADULT_PACE : ISCC_MOTION_CHILD_PACE;
  return iscc_random_between(placement, motions[motion].height_low_m, motions[motion].height_high_m);
}

void iscc_person_draw(iscc_random *placement, iscc_motion motion, iscc_person *person) {
  person->motion = motion;
  person->height_m = draw_height(placement, motion);
  person->speed_mps = iscc_motion_speed_mps(motion, person->height_m);
  person->heading_rad = iscc_random_between(placement, -PI, PI);
  person->x_m = iscc_random_between(placement, 1.0, 4.0);
  person->y_m = iscc_random_between(placement, -1.0, 1.0);
  person->gait_phase = iscc_random_uniform(placement);
}

void iscc_person_draw_any(iscc_random *placement, iscc_person *person) {
  iscc_person_draw(placement, (iscc_motion)iscc_random_below(placement, ISCC_MOTION_COUNT), person);
}
