/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-body.h"

#include <math.h>
#include <stdlib.h>

#define PI     3.14159265358979323846
#define TWO_PI (2 * PI)

typedef struct { /* poses of one relative speed: at[(3 * point + axis) * steps + m], in body heights */
  double relative_speed;
  double pelvis_height;
  double *at;
} pose_table;

enum { TABLE_STANDING, TABLE_PACING, TABLE_WALKING, TABLE_OWN, TABLE_COUNT };

struct iscc_body {
  int steps;
  double step_s;
  bool random_phase;
  pose_table table[TABLE_COUNT]; /* TABLE_OWN is filled per person: another speed or a random phase */
  double *forward_m;             /* displacement of the whole body along its heading */
  double *breath_m;              /* further displacement of the trunk */
};

/* Segment k: echo centre = mean of two points (the same point twice: that point), axis from one point to
 * another. */
static const struct {
  int centre[2];
  int axis[2];
  double across_m; /* a = b */
  double along;    /* c / H */
  bool trunk;
} segments[ISCC_BODY_SEGMENTS] = {
#define PAIR(c0, c1, a0, a1, across, along, trunk)                                                           \
  {{c0, c1}, {a0, a1}, across, along, trunk}, {                                                              \
    {(c0) + 1, (c1) + 1}, {(a0) + 1, (a1) + 1}, across, along, trunk                                         \
  }
#define FROM_BASE(point, base, across, along, trunk)                                                         \
  {{point, point}, {base, point}, across, along, trunk}, {                                                   \
    {(point) + 1, (point) + 1}, {base, (point) + 1}, across, along, trunk                                    \
  }
    {{ISCC_POINT_HEAD, ISCC_POINT_HEAD}, {ISCC_POINT_NECK, ISCC_POINT_HEAD}, 0.10, 0.130 / 2, false},
    {{ISCC_POINT_NECK, ISCC_POINT_BASE}, {ISCC_POINT_BASE, ISCC_POINT_NECK}, 0.15, 0.288 / 2, true},
    FROM_BASE(ISCC_POINT_SHOULDER, ISCC_POINT_NECK, 0.06, 0.259 / 4, true),
    PAIR(ISCC_POINT_SHOULDER, ISCC_POINT_ELBOW, ISCC_POINT_ELBOW, ISCC_POINT_SHOULDER, 0.06, 0.188 / 2,
         false),
    PAIR(ISCC_POINT_HAND, ISCC_POINT_HAND, ISCC_POINT_HAND, ISCC_POINT_ELBOW, 0.05, 0.152 / 2, false),
    FROM_BASE(ISCC_POINT_HIP, ISCC_POINT_BASE, 0.07, 0.191 / 4, false),
    PAIR(ISCC_POINT_HIP, ISCC_POINT_KNEE, ISCC_POINT_HIP, ISCC_POINT_KNEE, 0.07, 0.245 / 2, false),
    PAIR(ISCC_POINT_KNEE, ISCC_POINT_ANKLE, ISCC_POINT_KNEE, ISCC_POINT_ANKLE, 0.06, 0.246 / 2, false),
    PAIR(ISCC_POINT_TOE, ISCC_POINT_TOE, ISCC_POINT_TOE, ISCC_POINT_ANKLE, 0.05, 0.143 / 2, false),
#undef PAIR
#undef FROM_BASE
};

/* Fills a table from gait phase on; a standing one is the same pose throughout. */
static iscc_status fill_table(const iscc_body *body, pose_table *table, double relative_speed, double phase,
                              iscc_error *error) {
  iscc_gait gait;
  const iscc_status status = iscc_gait_init(&gait, relative_speed, error);
  if (status) return status;
  table->relative_speed = relative_speed;
  table->pelvis_height = iscc_gait_pelvis_height(&gait);
  for (int m = 0; m < body->steps; m++) {
    double point[ISCC_POINT_COUNT][3];
    iscc_gait_pose_at(&gait, phase + m * body->step_s / gait.cycle_s, point);
    for (int i = 0; i < 3 * ISCC_POINT_COUNT; i++)
      table->at[(size_t)i * body->steps + m] = point[i / 3][i % 3];
  }
  return ISCC_OK;
}

iscc_status iscc_body_create(int steps, double step_s, bool random_phase, iscc_body **out,
                             iscc_error *error) {
  static const double speed_per_height[TABLE_COUNT] = {0, 0.25, 0.5, 0};
  *out = NULL;
  iscc_body *body = calloc(1, sizeof *body);
  if (!body) return iscc_fail(error, ISCC_ENOMEM, "body poses: out of memory");
  body->steps = steps;
  body->step_s = step_s;
  body->random_phase = random_phase;
  body->forward_m = malloc(sizeof(double) * (size_t)steps);
  body->breath_m = malloc(sizeof(double) * (size_t)steps);
  iscc_status status = body->forward_m && body->breath_m ? ISCC_OK : ISCC_ENOMEM;
  for (int i = 0; i < TABLE_COUNT && !status; i++) {
    pose_table *table = &body->table[i];
    table->at = malloc(sizeof(double) * 3 * ISCC_POINT_COUNT * (size_t)steps);
    if (!table->at)
      status = iscc_fail(error, ISCC_ENOMEM, "body poses: out of memory");
    else
      status = fill_table(body, table, speed_per_height[i] / ISCC_GAIT_HIP_HEIGHT, 0.0, error);
  }
  if (status) {
    iscc_body_destroy(body);
    return status;
  }
  *out = body;
  return ISCC_OK;
}

void iscc_body_destroy(iscc_body *body) {
  if (!body) return;
  for (int i = 0; i < TABLE_COUNT; i++) free(body->table[i].at);
  free(body->forward_m);
  free(body->breath_m);
  free(body);
}

static iscc_status check_person(const iscc_person *p, iscc_error *error) {
  if (!iscc_motion_name(p->motion))
    return iscc_fail(error, ISCC_EINVAL, "motion: %d is outside 0..4", p->motion);
  if (!(p->height_m >= 0.3 && p->height_m <= 3.0))
    return iscc_fail(error, ISCC_EINVAL, "height_m: %g is outside 0.3..3 m", p->height_m);
  if (!(p->speed_mps >= 0.0 && p->speed_mps <= 3.0 * ISCC_GAIT_HIP_HEIGHT * p->height_m))
    return iscc_fail(error, ISCC_EINVAL, "speed_mps: %g is outside 0..%g m/s for a height of %g m",
                     p->speed_mps, 3.0 * ISCC_GAIT_HIP_HEIGHT * p->height_m, p->height_m);
  if (!isfinite(p->heading_rad))
    return iscc_fail(error, ISCC_EINVAL, "heading_rad: %g is not finite", p->heading_rad);
  if (!isfinite(p->x_m) || !isfinite(p->y_m))
    return iscc_fail(error, ISCC_EINVAL, "x_m, y_m: %g, %g is not a place", p->x_m, p->y_m);
  if (!(p->gait_phase >= 0.0 && p->gait_phase < 1.0))
    return iscc_fail(error, ISCC_EINVAL, "gait_phase: %g is outside [0, 1)", p->gait_phase);
  return ISCC_OK;
}

/* The table of the person's gait; another speed or phase than the tabulated ones is worked out now. */
static iscc_status find_table(iscc_body *body, const iscc_person *p, const pose_table **table,
                              iscc_error *error) {
  const double v = p->speed_mps / (ISCC_GAIT_HIP_HEIGHT * p->height_m);
  const double phase = body->random_phase ? p->gait_phase : 0.0;
  for (int i = 0; i < TABLE_OWN; i++) {
    *table = &body->table[i];
    if (fabs((*table)->relative_speed - v) <= 1e-12 * v && (phase == 0.0 || i == TABLE_STANDING))
      return ISCC_OK;
  }
  *table = &body->table[TABLE_OWN];
  return fill_table(body, &body->table[TABLE_OWN], v, phase, error);
}

static void fill_displacements(iscc_body *body, const iscc_person *p) {
  for (int m = 0; m < body->steps; m++) {
    const double t = m * body->step_s;
    if (p->speed_mps > 0.0) {
      body->forward_m[m] = p->speed_mps * t;
      body->breath_m[m] = 0.0;
    } else {
      body->forward_m[m] = ISCC_SWAY_M * sin(TWO_PI * (ISCC_SWAY_HZ * t + p->gait_phase));
      body->breath_m[m] = ISCC_BREATH_M * sin(TWO_PI * (ISCC_BREATH_HZ * t + 2 * p->gait_phase));
    }
  }
}

iscc_status iscc_body_echoes(iscc_body *body, const iscc_person *p, const double radar_m[3],
                             double wavelength_m, double *range_m, double *amplitude, iscc_error *error) {
  const pose_table *table;
  iscc_status status = check_person(p, error);
  if (!status) status = find_table(body, p, &table, error);
  if (status) return status;
  fill_displacements(body, p);
  const int steps = body->steps;
  const double h = p->height_m, cos_h = cos(p->heading_rad), sin_h = sin(p->heading_rad);
  /* the radar seen from the walking body: turned by -heading, so that poses need no rotation */
  const double dx = radar_m[0] - p->x_m, dy = radar_m[1] - p->y_m;
  const double radar_x = cos_h * dx + sin_h * dy, radar_y = cos_h * dy - sin_h * dx;
  const double radar_z = radar_m[2] - h * table->pelvis_height;
  const double scale = wavelength_m / pow(4 * PI, 1.5) * sqrt(PI);
  for (int k = 0; k < ISCC_BODY_SEGMENTS; k++) {
    const double *c0 = table->at + (size_t)3 * segments[k].centre[0] * steps;
    const double *c1 = table->at + (size_t)3 * segments[k].centre[1] * steps;
    const double *a0 = table->at + (size_t)3 * segments[k].axis[0] * steps;
    const double *a1 = table->at + (size_t)3 * segments[k].axis[1] * steps;
    const double a = segments[k].across_m, c = segments[k].along * h, a2 = a * a, c2 = c * c;
    const double breath = segments[k].trunk ? 1.0 : 0.0;
    double *restrict range = range_m + (size_t)k * steps, *restrict amp = amplitude + (size_t)k * steps;
    for (int m = 0; m < steps; m++) {
      const double forward = body->forward_m[m] + breath * body->breath_m[m];
      const double lx = 0.5 * h * (c0[m] + c1[m]) + forward - radar_x;
      const double ly = 0.5 * h * (c0[m + steps] + c1[m + steps]) - radar_y;
      const double lz = 0.5 * h * (c0[m + 2 * steps] + c1[m + 2 * steps]) - radar_z;
      const double ax = a1[m] - a0[m], ay = a1[m + steps] - a0[m + steps],
                   az = a1[m + 2 * steps] - a0[m + 2 * steps];
      const double r2 = lx * lx + ly * ly + lz * lz, dot = ax * lx + ay * ly + az * lz;
      const double cos2 = dot * dot / (r2 * (ax * ax + ay * ay + az * az));
      range[m] = sqrt(r2);
      amp[m] =
          scale * a2 * c / ((a2 * (1.0 - cos2) + c2 * cos2) * r2); /* sqrt(sigma) = sqrt(pi) a^2 c / (...) */
    }
  }
  return ISCC_OK;
}
