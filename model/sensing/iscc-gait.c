/* SPDX-License-Identifier: GPL-2.0-only */
/* Symbols: v relative speed, t relative time, k and m the zone's interpolation parameters (zone a: v < 0.5,
 * b: 0.5 <= v < 1.3, c: v >= 1.3). */
#include "iscc-gait.h"

#include <math.h>
#include <string.h>

#define TWO_PI 6.28318530717958647692
#define DEGREE (TWO_PI / 360.0)

/* Segment lengths in body heights. */
#define HEAD           0.130
#define HALF_SHOULDERS (0.259 / 2)
#define TORSO          0.288
#define HALF_HIPS      (0.191 / 2)
#define UPPER_LEG      0.245
#define LOWER_LEG      0.246
#define FOOT           0.143
#define UPPER_ARM      0.188
#define FOREARM        0.152

static void build_joint_curves(iscc_gait *g) {
  const double v = g->relative_speed, d = g->support;
  const double k = v >= 1.3 ? (v - 1.3) / 1.7 : 0.0;
  const double m = (v - 0.5) / 0.8;
#define BUILD(joint, ...)                                                                                    \
  do {                                                                                                       \
    const double points[][2] = {__VA_ARGS__};                                                                \
    double x[ISCC_PCHIP_MAX], y[ISCC_PCHIP_MAX];                                                             \
    const int n = (int)(sizeof points / sizeof *points);                                                     \
    for (int i = 0; i < n; i++) {                                                                            \
      x[i] = points[i][0];                                                                                   \
      y[i] = points[i][1];                                                                                   \
    }                                                                                                        \
    iscc_pchip_build(&g->joint, n, x, y);                                                                    \
  } while (0)
  BUILD(thorax, {0.1, 4 * v / 3}, {0.4, -4.5 * v / 3}, {0.6, -4 * v / 3}, {0.9, 4.5 * v / 3});
  if (v < 0.5) {
    BUILD(hip, {0.5, -30 * v}, {0.9, 50 * v});
    BUILD(knee, {0.17, 3}, {0.4, 3}, {0.75, 140 * v}, {1, 3});
    BUILD(ankle, {0, -3}, {0.08, -30 * v - 3}, {0.5, 22 * v - 3}, {d, -34 * v - 3}, {0.85, -3});
    BUILD(elbow, {0.05, 6 * v + 3}, {0.5, 34 * v + 3}, {0.9, 10 * v + 3});
  } else if (v < 1.3) {
    BUILD(hip, {0.5, -15}, {0.9, 25});
    BUILD(knee, {0.17, 3}, {0.4, 3}, {0.75, 70}, {1, 3});
    BUILD(ankle, {0, -3}, {0.08, -18}, {0.5, 8}, {d, -20}, {0.85, -3});
    BUILD(elbow, {0.05, 8 * m + 6}, {0.5 + 0.01 * m, 24 * m + 20}, {0.9, 9 * m + 8});
  } else {
    if (k > 0)
      BUILD(hip, {0.2 * k - 0.1, 5 * k + 25}, {0.5, -15}, {0.9, 6 * k + 25});
    else
      BUILD(hip, {0.5, -15}, {0.9, 25});
    BUILD(knee, {0.17 - 0.05 * k, 3 + 22 * k}, {0.4, 3}, {0.75 - 0.05 * k, 70 - 5 * k},
          {1 - 0.03 * k, 3 + 3 * k});
    BUILD(ankle, {0, 5 * k - 3}, {0.08, 4 * k - 18}, {0.5 - 0.1 * k, 8 - 3 * k}, {d, -20 - 8 * k},
          {0.85, 5 * k - 3});
    BUILD(elbow, {0.05, 14 - 6 * k}, {0.51 + 0.04 * k, 44 + 26 * k}, {0.9 - 0.1 * k, 17 - 6 * k});
  }
#undef BUILD
}

iscc_status iscc_gait_init(iscc_gait *g, double relative_speed, iscc_error *error) {
  if (!(relative_speed >= 0.0 && relative_speed <= 3.0))
    return iscc_fail(error, ISCC_EINVAL, "relative speed (speed / 0.491 height, 1/s): %g is outside 0..3",
                     relative_speed);
  memset(g, 0, sizeof *g);
  g->relative_speed = relative_speed;
  g->cycle_s = INFINITY;
  if (relative_speed > 0.0) {
    g->cycle_s = 1.346 / sqrt(relative_speed);
    g->support = (0.752 * g->cycle_s - 0.143) / g->cycle_s;
    build_joint_curves(g);
  }
  return ISCC_OK;
}

/* Pelvis tilt to the side that swings: four cosine arcs. */
static double side_tilt(double amplitude, double t) {
  const double w = TWO_PI * 10.0;
  if (t < 0.15) return amplitude * (cos(w * t / 3) - 1);
  if (t < 0.50) return amplitude * (-cos(w * (t - 0.15) / 7) - 1);
  if (t < 0.65) return amplitude * (1 - cos(w * (t - 0.50) / 3));
  return amplitude * (1 + cos(w * (t - 0.65) / 7));
}

void iscc_gait_angles_at(const iscc_gait *g, double t, iscc_gait_angles *a) {
  memset(a, 0, sizeof *a);
  const double v = g->relative_speed;
  if (v <= 0.0) return;
  t -= floor(t);
  const int slow = v < 0.5;
  const double up = 0.015 * v, sideways = slow ? 0.128 * v - 0.128 * v * v : -0.032;
  const double forward = slow ? 0.084 * v - 0.084 * v * v : -0.021, tilt = slow ? 8 * v - 8 * v * v : 2;
  a->vertical = -up + up * sin(TWO_PI * (2 * t - 0.35));
  a->lateral = sideways * sin(TWO_PI * (t - 0.1));
  a->fore_aft = forward * sin(TWO_PI * (2 * t + 2 * (0.625 - g->support)));
  a->tilt_forward = -tilt + tilt * sin(TWO_PI * (2 * t - 0.1));
  a->tilt_side = side_tilt(1.66 * v, t);
  a->torsion = -4 * v * cos(TWO_PI * t);
  a->thorax = iscc_pchip_at(&g->thorax, t);
  for (int side = 0; side < 2; side++) { /* left half a cycle ahead */
    const double at = side == 0 ? t + 0.5 : t;
    a->hip[side] = iscc_pchip_at(&g->hip, at);
    a->knee[side] = iscc_pchip_at(&g->knee, at);
    a->ankle[side] = iscc_pchip_at(&g->ankle, at);
    a->elbow[side] = iscc_pchip_at(&g->elbow, at);
    a->shoulder[side] = 3 - 0.5 * 9.88 * v - 9.88 * v * cos(TWO_PI * at);
  }
}

/* Rotations of p in degrees. About y: a downward vector swings forward. */
static void rotate_x(double p[3], double degrees) {
  const double c = cos(degrees * DEGREE), s = sin(degrees * DEGREE), y = p[1], z = p[2];
  p[1] = c * y + s * z;
  p[2] = c * z - s * y;
}

static void rotate_y(double p[3], double degrees) {
  const double c = cos(degrees * DEGREE), s = sin(degrees * DEGREE), x = p[0], z = p[2];
  p[0] = c * x - s * z;
  p[2] = s * x + c * z;
}

static void rotate_z(double p[3], double degrees) {
  const double c = cos(degrees * DEGREE), s = sin(degrees * DEGREE), x = p[0], y = p[1];
  p[0] = c * x + s * y;
  p[1] = c * y - s * x;
}

static void set(double p[3], double x, double y, double z) {
  p[0] = x;
  p[1] = y;
  p[2] = z;
}

static void pose_leg(const iscc_gait_angles *a, int side, double point[ISCC_POINT_COUNT][3]) {
  double *hip = point[ISCC_POINT_HIP + side], *knee = point[ISCC_POINT_KNEE + side];
  double *ankle = point[ISCC_POINT_ANKLE + side], *toe = point[ISCC_POINT_TOE + side];
  set(toe, FOOT, 0, 0);
  rotate_y(toe, a->ankle[side]);
  set(ankle, 0, 0, -LOWER_LEG);
  toe[2] -= LOWER_LEG;
  rotate_y(ankle, -a->knee[side]);
  rotate_y(toe, -a->knee[side]);
  set(knee, 0, 0, -UPPER_LEG);
  ankle[2] -= UPPER_LEG;
  toe[2] -= UPPER_LEG;
  set(hip, 0, 0, 0);
  double *chain[] = {hip, knee, ankle, toe};
  for (int i = 0; i < 4; i++) {
    rotate_y(chain[i], a->hip[side]);
    chain[i][1] += side == 0 ? HALF_HIPS : -HALF_HIPS;
    rotate_x(chain[i], -a->tilt_side);
    rotate_z(chain[i], a->torsion);
  }
}

static void pose_arm(const iscc_gait_angles *a, int side, double point[ISCC_POINT_COUNT][3]) {
  double *shoulder = point[ISCC_POINT_SHOULDER + side], *elbow = point[ISCC_POINT_ELBOW + side];
  double *hand = point[ISCC_POINT_HAND + side];
  set(hand, 0, 0, -FOREARM);
  rotate_y(hand, a->elbow[side]);
  hand[2] -= UPPER_ARM;
  set(elbow, 0, 0, -UPPER_ARM);
  set(shoulder, 0, 0, 0);
  double *chain[] = {shoulder, elbow, hand};
  for (int i = 0; i < 3; i++) {
    rotate_y(chain[i], a->shoulder[side]);
    chain[i][1] += side == 0 ? HALF_SHOULDERS : -HALF_SHOULDERS;
    chain[i][2] += TORSO;
  }
}

void iscc_gait_pose_at(const iscc_gait *g, double t, double point[ISCC_POINT_COUNT][3]) {
  iscc_gait_angles a;
  iscc_gait_angles_at(g, t, &a);
  set(point[ISCC_POINT_BASE], 0, 0, 0);
  set(point[ISCC_POINT_NECK], 0, 0, TORSO);
  set(point[ISCC_POINT_HEAD], 0, 0, TORSO + HEAD);
  for (int side = 0; side < 2; side++) {
    pose_leg(&a, side, point);
    pose_arm(&a, side, point);
  }
  for (int i = ISCC_POINT_NECK; i < ISCC_POINT_HIP; i++) { /* the trunk and all that hangs on it */
    rotate_y(point[i], a.tilt_forward);
    rotate_z(point[i], a.thorax);
  }
  for (int i = 0; i < ISCC_POINT_COUNT; i++) {
    point[i][0] += a.fore_aft * ISCC_GAIT_HIP_HEIGHT;
    point[i][1] += a.lateral * ISCC_GAIT_HIP_HEIGHT;
    point[i][2] += a.vertical * ISCC_GAIT_HIP_HEIGHT;
  }
}

double iscc_gait_pelvis_height(const iscc_gait *g) {
  enum { STEPS = 200 };
  double lowest = 0;
  for (int i = 0; i < STEPS; i++) {
    double point[ISCC_POINT_COUNT][3];
    iscc_gait_pose_at(g, (double)i / STEPS, point);
    for (int side = 0; side < 2; side++) lowest = fmin(lowest, point[ISCC_POINT_TOE + side][2]);
  }
  return -lowest;
}
