/* SPDX-License-Identifier: GPL-2.0-only */
/* Ranges and amplitudes worked out again, point by point in the room's frame, from the segment table as
 * published. */
#include <check.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "iscc-body.h"
#include "iscc-room.h"

#define PI 3.14159265358979323846
enum { STEPS = 60 };
#define STEP_S       5e-3
#define WAVELENGTH_M 5e-3

enum { L, R };
#define P(name, side) (ISCC_POINT_##name + (side))

/* centre = mean of two points, axis from one to another, a in m, c in body heights; left and right of each
 * pair */
static const struct {
  int centre[2], axis[2];
  double a_m, c;
} table[] = {
    {{P(HEAD, 0), P(HEAD, 0)}, {P(NECK, 0), P(HEAD, 0)}, 0.10, 0.130 / 2},
    {{P(NECK, 0), P(BASE, 0)}, {P(BASE, 0), P(NECK, 0)}, 0.15, 0.288 / 2},
    {{P(SHOULDER, L), P(SHOULDER, L)}, {P(NECK, 0), P(SHOULDER, L)}, 0.06, 0.259 / 2 / 2},
    {{P(SHOULDER, R), P(SHOULDER, R)}, {P(NECK, 0), P(SHOULDER, R)}, 0.06, 0.259 / 2 / 2},
    {{P(SHOULDER, L), P(ELBOW, L)}, {P(ELBOW, L), P(SHOULDER, L)}, 0.06, 0.188 / 2},
    {{P(SHOULDER, R), P(ELBOW, R)}, {P(ELBOW, R), P(SHOULDER, R)}, 0.06, 0.188 / 2},
    {{P(HAND, L), P(HAND, L)}, {P(HAND, L), P(ELBOW, L)}, 0.05, 0.152 / 2},
    {{P(HAND, R), P(HAND, R)}, {P(HAND, R), P(ELBOW, R)}, 0.05, 0.152 / 2},
    {{P(HIP, L), P(HIP, L)}, {P(BASE, 0), P(HIP, L)}, 0.07, 0.191 / 2 / 2},
    {{P(HIP, R), P(HIP, R)}, {P(BASE, 0), P(HIP, R)}, 0.07, 0.191 / 2 / 2},
    {{P(HIP, L), P(KNEE, L)}, {P(HIP, L), P(KNEE, L)}, 0.07, 0.245 / 2},
    {{P(HIP, R), P(KNEE, R)}, {P(HIP, R), P(KNEE, R)}, 0.07, 0.245 / 2},
    {{P(KNEE, L), P(ANKLE, L)}, {P(KNEE, L), P(ANKLE, L)}, 0.06, 0.246 / 2},
    {{P(KNEE, R), P(ANKLE, R)}, {P(KNEE, R), P(ANKLE, R)}, 0.06, 0.246 / 2},
    {{P(TOE, L), P(TOE, L)}, {P(TOE, L), P(ANKLE, L)}, 0.05, 0.143 / 2},
    {{P(TOE, R), P(TOE, R)}, {P(TOE, R), P(ANKLE, R)}, 0.05, 0.143 / 2},
};

static double range_m[ISCC_BODY_SEGMENTS * STEPS], amplitude[ISCC_BODY_SEGMENTS * STEPS];

static double norm(const double v[3]) {
  return sqrt(v[0] * v[0] + v[1] * v[1] + v[2] * v[2]);
}

/* Published form of the cross-section, with the sine kept. */
static double cross_section(double a, double c, double theta) {
  return PI * pow(a, 4) * c * c / pow(a * a * pow(sin(theta), 2) + c * c * pow(cos(theta), 2), 2);
}

static const iscc_person persons[] = {
    {ISCC_MOTION_ADULT_WALK, 1.8, 0.9, 2.5, 3, 0.5, 0},
    {ISCC_MOTION_CHILD_PACE, 1.0, 0.25, -1, 1.5, -0.9, 0.3},
    {ISCC_MOTION_ADULT_WALK, 1.7, 1.4, 0.3, 2, 0, 0.6},
    {ISCC_MOTION_CHILD_WALK, 1.2, 0.1, PI, 4, 1, 0.9},
};

START_TEST(ranges_and_amplitudes_match_a_plain_computation) {
  const iscc_person *p = &persons[_i];
  const double radar_m[3] = {0, 1, 1};
  iscc_body *body;
  iscc_gait gait;
  ck_assert_int_eq(iscc_body_create(STEPS, STEP_S, true, &body, NULL), ISCC_OK);
  ck_assert_int_eq(iscc_body_echoes(body, p, radar_m, WAVELENGTH_M, range_m, amplitude, NULL), ISCC_OK);
  ck_assert_int_eq(iscc_gait_init(&gait, p->speed_mps / (0.491 * p->height_m), NULL), ISCC_OK);
  for (int m = 0; m < STEPS; m++) {
    double pose[ISCC_POINT_COUNT][3], at[ISCC_POINT_COUNT][3];
    iscc_gait_pose_at(&gait, p->gait_phase + m * STEP_S / gait.cycle_s, pose);
    for (int i = 0; i < ISCC_POINT_COUNT; i++) {
      const double x = p->height_m * pose[i][0] + p->speed_mps * m * STEP_S, y = p->height_m * pose[i][1];
      at[i][0] = p->x_m + x * cos(p->heading_rad) - y * sin(p->heading_rad);
      at[i][1] = p->y_m + x * sin(p->heading_rad) + y * cos(p->heading_rad);
      at[i][2] = p->height_m * (pose[i][2] + iscc_gait_pelvis_height(&gait));
    }
    for (int k = 0; k < ISCC_BODY_SEGMENTS; k++) {
      double sight[3], axis[3];
      for (int d = 0; d < 3; d++) {
        sight[d] = 0.5 * (at[table[k].centre[0]][d] + at[table[k].centre[1]][d]) - radar_m[d];
        axis[d] = at[table[k].axis[1]][d] - at[table[k].axis[0]][d];
      }
      const double range = norm(sight);
      const double dot = sight[0] * axis[0] + sight[1] * axis[1] + sight[2] * axis[2];
      const double theta = acos(fmax(-1, fmin(1, dot / (range * norm(axis)))));
      const double sigma = cross_section(table[k].a_m, table[k].c * p->height_m, theta);
      const double wanted = WAVELENGTH_M * sqrt(sigma) / (pow(4 * PI, 1.5) * range * range);
      ck_assert_msg(fabs(range_m[k * STEPS + m] - range) < 1e-9, "segment %d step %d: range %.9g, plain %.9g",
                    k, m, range_m[k * STEPS + m], range);
      ck_assert_msg(fabs(amplitude[k * STEPS + m] - wanted) < 1e-9 * wanted,
                    "segment %d step %d: %.9g, plain %.9g", k, m, amplitude[k * STEPS + m], wanted);
    }
  }
  iscc_body_destroy(body);
}
END_TEST

START_TEST(ellipsoid_seen_from_the_side_and_from_the_end) {
  ck_assert_double_eq_tol(cross_section(0.06, 0.2, PI / 2), PI * 0.04, 1e-12);
  ck_assert_double_eq_tol(cross_section(0.06, 0.2, 0), PI * pow(0.06, 4) / 0.04, 1e-12);
}
END_TEST

/* A standing person moves by millimetres, not by nothing. */
START_TEST(standing_sways_and_breathes) {
  const double radar_m[3] = {0, 1, 1};
  const iscc_person p = {
      .motion = ISCC_MOTION_STANDING, .height_m = 1.7, .heading_rad = PI, .x_m = 2, .y_m = 1};
  iscc_body *body;
  ck_assert_int_eq(iscc_body_create(STEPS, 0.1, false, &body, NULL), ISCC_OK);
  ck_assert_int_eq(iscc_body_echoes(body, &p, radar_m, WAVELENGTH_M, range_m, amplitude, NULL), ISCC_OK);
  for (int k = 0; k < ISCC_BODY_SEGMENTS; k++) {
    double low = INFINITY, high = 0;
    for (int m = 0; m < STEPS; m++) {
      low = fmin(low, range_m[k * STEPS + m]);
      high = fmax(high, range_m[k * STEPS + m]);
    }
    ck_assert_msg(high - low > 3e-3 && high - low < 11e-3, "segment %d moves by %g m", k, high - low);
  }
  iscc_body_destroy(body);
}
END_TEST

/* Paths to the six walls and four edges; reflections at most -2 dB; fluctuation stationary with correlation
 * rho. */
START_TEST(room_taps_have_their_paths_and_levels) {
  const double radar_m[3] = {0, 1, 1},
               wanted_m[] = {
                   2, 12, 8, 4, 2, 4, 2 * hypot(1, 4), 2 * hypot(6, 4), 2 * hypot(1, 2), 2 * hypot(6, 2)};
  enum { ROOMS = 4000 };
  double mean_db[ISCC_ROOM_TAPS] = {0};
  iscc_random r;
  iscc_random_seed(&r, 1, 0, 0, ISCC_STREAM_CLUTTER);
  for (int i = 0; i < ROOMS; i++) {
    iscc_room room;
    iscc_room_draw(&r, radar_m, WAVELENGTH_M, &room);
    for (int k = 0; k < ISCC_ROOM_TAPS; k++) {
      ck_assert_double_eq_tol(room.path_m[k], wanted_m[k], 1e-12);
      const double gain =
          hypot(room.amplitude[k][0], room.amplitude[k][1]) * 4 * PI * room.path_m[k] / WAVELENGTH_M;
      ck_assert(20 * log10(gain) < -2 + 1e-9);
      mean_db[k] += 20 * log10(gain) / ROOMS;
    }
  }
  /* mean of min(N(m, s), -2): -10.05 and -16.00, standard error below 0.08 */
  for (int k = 0; k < ISCC_ROOM_TAPS; k++) ck_assert_double_eq_tol(mean_db[k], k < 6 ? -10.03 : -16.0, 0.4);
}
END_TEST

START_TEST(fluctuation_is_stationary) {
  enum { SERIES = 400, LENGTH = 500 };
  static float re[LENGTH], im[LENGTH];
  const double rho = 0.9, variance = (1 - rho) / (1 + rho);
  double first = 0, last = 0, product = 0, mean = 0;
  iscc_random r;
  iscc_random_seed(&r, 2, 0, 0, ISCC_STREAM_CLUTTER);
  for (int i = 0; i < SERIES; i++) {
    iscc_room_fluctuation(&r, rho, LENGTH, re, im);
    const double a = (double)re[0] - 1, b = (double)im[0], c = (double)re[LENGTH - 1] - 1,
                 d = (double)im[LENGTH - 1];
    first += (a * a + b * b) / SERIES;
    last += (c * c + d * d) / SERIES;
    for (int m = 1; m < LENGTH; m++) {
      mean += ((double)re[m] - 1) / (SERIES * LENGTH);
      product += (((double)re[m] - 1) * ((double)re[m - 1] - 1) + (double)im[m] * (double)im[m - 1]) /
                 (SERIES * LENGTH);
    }
  }
  ck_assert_double_eq_tol(first / variance, 1, 5 / sqrt(SERIES));
  ck_assert_double_eq_tol(last / variance, 1, 5 / sqrt(SERIES));
  ck_assert_double_eq_tol(product / variance, rho, 0.05);
  ck_assert_double_eq_tol(mean, 0, 0.01);
}
END_TEST

START_TEST(persons_are_drawn_as_specified) {
  static const double heights[][2] = {{0.9, 1.9}, {1.6, 1.9}, {1.6, 1.9}, {0.9, 1.2}, {0.9, 1.2}};
  static const double speeds[] = {0, 0.25, 0.5, 0.25, 0.5};
  int counts[ISCC_MOTION_COUNT] = {0};
  iscc_random r;
  iscc_random_seed(&r, 3, 0, 0, ISCC_STREAM_PLACEMENT);
  for (int i = 0; i < 20000; i++) {
    iscc_person p;
    iscc_person_draw_any(&r, &p);
    counts[p.motion]++;
    ck_assert(p.height_m >= heights[p.motion][0] && p.height_m <= heights[p.motion][1]);
    ck_assert(p.height_m <= 1.2 || p.height_m >= 1.6);
    ck_assert_double_eq_tol(p.speed_mps, speeds[p.motion] * p.height_m, 1e-12);
    ck_assert(p.heading_rad >= -PI && p.heading_rad <= PI && p.gait_phase >= 0 && p.gait_phase < 1);
    ck_assert(p.x_m >= 1 && p.x_m <= 4 && p.y_m >= -1 && p.y_m <= 1);
  }
  for (int k = 0; k < ISCC_MOTION_COUNT; k++) ck_assert_int_le(abs(counts[k] - 4000), 5 * 57);
  for (int k = 0; k < ISCC_MOTION_COUNT; k++) {
    iscc_motion found;
    ck_assert_int_eq(iscc_motion_from_name(iscc_motion_name((iscc_motion)k), &found, NULL), ISCC_OK);
    ck_assert_int_eq(found, k);
  }
  iscc_motion none;
  ck_assert_int_eq(iscc_motion_from_name("running", &none, NULL), ISCC_EINVAL);
}
END_TEST

Suite *iscc_suite_body(void);
Suite *iscc_suite_body(void) {
  Suite *s = suite_create("sensing: body and room");
  TCase *t = tcase_create("body");
  tcase_set_timeout(t, 20);
  tcase_add_loop_test(t, ranges_and_amplitudes_match_a_plain_computation, 0,
                      (int)(sizeof persons / sizeof *persons));
  tcase_add_test(t, ellipsoid_seen_from_the_side_and_from_the_end);
  tcase_add_test(t, standing_sways_and_breathes);
  tcase_add_test(t, room_taps_have_their_paths_and_levels);
  tcase_add_test(t, fluctuation_is_stationary);
  tcase_add_test(t, persons_are_drawn_as_specified);
  suite_add_tcase(s, t);
  return s;
}
