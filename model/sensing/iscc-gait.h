/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-gait - human walking after Boulic, Magnenat-Thalmann and Thalmann (The Visual Computer 6, 1990),
 * constants as tabulated by Chen (The Micro-Doppler Effect in Radar, 2011).
 *
 * Body height H, hip height H_t = 0.491 H, relative speed v = V/H_t, cycle time D_c = 1.346/sqrt(v). A pose
 * is 17 points as a function of the cycle's relative time t in [0, 1); it scales with H, so everything here
 * is for H = 1. Frame: x forward, y left, z up; the origin is the mean pelvis centre, moving with speed V.
 * doc/sensing.rst has the equations. */
#ifndef ISCC_GAIT_H
#define ISCC_GAIT_H

#include "iscc-pchip.h"
#include "iscc-status.h"

#ifdef __cplusplus
extern "C" {
#endif

#define ISCC_GAIT_HIP_HEIGHT 0.491 /* H_t / H */

typedef enum {
  ISCC_POINT_BASE,
  ISCC_POINT_NECK,
  ISCC_POINT_HEAD,
  ISCC_POINT_SHOULDER, /* left; the right one is the next number, so for all pairs below */
  ISCC_POINT_ELBOW = ISCC_POINT_SHOULDER + 2,
  ISCC_POINT_HAND = ISCC_POINT_ELBOW + 2,
  ISCC_POINT_HIP = ISCC_POINT_HAND + 2,
  ISCC_POINT_KNEE = ISCC_POINT_HIP + 2,
  ISCC_POINT_ANKLE = ISCC_POINT_KNEE + 2,
  ISCC_POINT_TOE = ISCC_POINT_ANKLE + 2,
  ISCC_POINT_COUNT = ISCC_POINT_TOE + 2
} iscc_point;

typedef struct { /* degrees for angles, parts of H_t for translations */
  double vertical, lateral, fore_aft;
  double tilt_forward, tilt_side, torsion, thorax;
  double hip[2], knee[2], ankle[2], shoulder[2], elbow[2]; /* left, right */
} iscc_gait_angles;

typedef struct {
  double relative_speed; /* v */
  double cycle_s;        /* D_c; INFINITY when standing */
  double support;        /* d_sm: supported share of the cycle */
  iscc_pchip hip, knee, ankle, thorax, elbow;
} iscc_gait;

/* v in (0, 3]; 0 gives a standing pose with all joints straight. ISCC_EINVAL otherwise. */
iscc_status iscc_gait_init(iscc_gait *gait, double relative_speed, iscc_error *error);

void iscc_gait_angles_at(const iscc_gait *gait, double t, iscc_gait_angles *angles);

/* point[i] = x, y, z in body heights. */
void iscc_gait_pose_at(const iscc_gait *gait, double t, double point[ISCC_POINT_COUNT][3]);

/* Height of the mean pelvis centre above the floor, in body heights: the lowest toe of the cycle touches the
 * floor. */
double iscc_gait_pelvis_height(const iscc_gait *gait);

#ifdef __cplusplus
}
#endif
#endif
