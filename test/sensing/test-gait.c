/* SPDX-License-Identifier: GPL-2.0-only */
/* Reference values come from an independent implementation of the published equations (doc/sensing.rst). */
#include <check.h>
#include <math.h>

#include "iscc-gait.h"
#include "iscc-pchip.h"

#define HEIGHT_M 1.8
#define HIP_M    (ISCC_GAIT_HIP_HEIGHT * HEIGHT_M)

static void assert_near(double value, double wanted, double tolerance, const char *what, double at) {
  ck_assert_msg(fabs(value - wanted) <= tolerance, "%s at %g: %.7g, reference %.7g", what, at, value, wanted);
}

START_TEST(angles_match_the_reference_at_four_instants) {
  enum { LEFT, RIGHT };
  static const struct {
    const char *name;
    double wanted[4];
  } rows[] = {{"vertical (m)", {-0.02398, -0.00253, -0.02398, -0.00253}},
              {"lateral (m)", {0.01662, -0.02288, -0.01662, 0.02288}},
              {"fore-aft (m)", {0.00479, -0.00479, 0.00479, -0.00479}},
              {"tilt forward", {-3.17557, -0.82443, -3.17557, -0.82443}},
              {"tilt to the side", {0, -2.69499, 0, 2.69499}},
              {"torsion", {-4, 0, 4, 0}},
              {"hip", {22.03704, 0.04630, -15, 12.34375}},
              {"knee", {3, 3, 16.28280, 70}},
              {"ankle", {-3, -8.66937, 8, -11.23531}},
              {"thorax", {1.45293, -0.13773, -1.45293, 0.13773}},
              {"shoulder", {-11.82, -1.94, 7.94, -1.94}},
              {"elbow", {11.40739, 20.79207, 34.98661, 21.98089}}};
  iscc_gait gait;
  ck_assert_int_eq(iscc_gait_init(&gait, 1.0, NULL), ISCC_OK);
  for (int i = 0; i < 4; i++) {
    iscc_gait_angles a, half_later;
    iscc_gait_angles_at(&gait, 0.25 * i, &a);
    iscc_gait_angles_at(&gait, 0.25 * i + 0.5, &half_later);
    const double found[] = {a.vertical * HIP_M, a.lateral * HIP_M, a.fore_aft * HIP_M, a.tilt_forward,
                            a.tilt_side,        a.torsion,         a.hip[RIGHT],       a.knee[RIGHT],
                            a.ankle[RIGHT],     a.thorax,          a.shoulder[RIGHT],  a.elbow[RIGHT]};
    for (int k = 0; k < 12; k++) assert_near(found[k], rows[k].wanted[i], 6e-6, rows[k].name, 0.25 * i);
    ck_assert_double_eq_tol(a.hip[LEFT], half_later.hip[RIGHT],
                            1e-9); /* the left leg is half a cycle ahead */
  }
}
END_TEST

START_TEST(pose_matches_the_reference) {
  static const struct {
    int point;
    double wanted_m[3];
  } rows[] = {{ISCC_POINT_BASE, {-.0048, -.0229, -.0025}},     {ISCC_POINT_HEAD, {.0060, -.0229, .7498}},
              {ISCC_POINT_TOE + 1, {.2249, -.2386, -.9285}},   {ISCC_POINT_TOE, {-.1919, .1061, -.9174}},
              {ISCC_POINT_HAND + 1, {.0716, -.2558, -.0824}},  {ISCC_POINT_HAND, {.0758, .2104, -.0805}},
              {ISCC_POINT_KNEE + 1, {-.0044, -.2153, -.4350}}, {ISCC_POINT_KNEE, {.0895, .1286, -.4409}}};
  iscc_gait gait;
  double point[ISCC_POINT_COUNT][3];
  ck_assert_int_eq(iscc_gait_init(&gait, 1.0, NULL), ISCC_OK);
  iscc_gait_pose_at(&gait, 0.25, point);
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
    for (int axis = 0; axis < 3; axis++)
      assert_near(HEIGHT_M * point[rows[i].point][axis], rows[i].wanted_m[axis], 6e-5, "coordinate",
                  (double)i);
}
END_TEST

static const struct { /* forward speeds in m/s over a cycle */
  double height_m, speed_mps;
  struct {
    int point;
    double low, high;
  } limits[5];
} speeds[] = {
#define ROW(h, v, ...)                                                                                       \
  {                                                                                                          \
    h, v, {                                                                                                  \
      __VA_ARGS__                                                                                            \
    }                                                                                                        \
  }
    ROW(1.8, 0.9, {ISCC_POINT_BASE, 0.73, 1.08}, {ISCC_POINT_KNEE, 0.29, 1.94},
        {ISCC_POINT_ANKLE, -0.45, 3.79}, {ISCC_POINT_TOE, -0.85, 4.63}, {ISCC_POINT_HAND, 0.26, 1.86}),
    ROW(1.8, 0.45, {ISCC_POINT_BASE, 0.33, 0.57}, {ISCC_POINT_KNEE, -0.01, 1.14},
        {ISCC_POINT_ANKLE, -0.48, 2.52}, {ISCC_POINT_TOE, -0.69, 3.13}, {ISCC_POINT_HAND, 0.18, 0.85}),
    ROW(1.05, 0.525, {ISCC_POINT_BASE, 0.42, 0.63}, {ISCC_POINT_KNEE, 0.17, 1.13},
        {ISCC_POINT_ANKLE, -0.26, 2.21}, {ISCC_POINT_TOE, -0.50, 2.70}, {ISCC_POINT_HAND, 0.15, 1.08}),
    ROW(1.05, 0.2625, {ISCC_POINT_BASE, 0.19, 0.34}, {ISCC_POINT_KNEE, -0.01, 0.66},
        {ISCC_POINT_ANKLE, -0.28, 1.47}, {ISCC_POINT_TOE, -0.40, 1.82}, {ISCC_POINT_HAND, 0.10, 0.50}),
#undef ROW
};

/* Central differences over one cycle; the reference is given to a hundredth. */
START_TEST(peak_speeds_match_the_reference) {
  enum { STEPS = 4000 };
  const double height = speeds[_i].height_m, speed = speeds[_i].speed_mps;
  iscc_gait gait;
  ck_assert_int_eq(iscc_gait_init(&gait, speed / (ISCC_GAIT_HIP_HEIGHT * height), NULL), ISCC_OK);
  double low[ISCC_POINT_COUNT], high[ISCC_POINT_COUNT], before[ISCC_POINT_COUNT][3],
      after[ISCC_POINT_COUNT][3];
  for (int i = 0; i < ISCC_POINT_COUNT; i++) low[i] = INFINITY, high[i] = -INFINITY;
  for (int step = 0; step < STEPS; step++) {
    const double t = (double)step / STEPS, h = 1e-5;
    iscc_gait_pose_at(&gait, t - h, before);
    iscc_gait_pose_at(&gait, t + h, after);
    for (int i = 0; i < ISCC_POINT_COUNT; i++) {
      const double v = speed + height * (after[i][0] - before[i][0]) / (2 * h * gait.cycle_s);
      low[i] = fmin(low[i], v);
      high[i] = fmax(high[i], v);
    }
  }
  for (int k = 0; k < 5; k++) {
    const int p = speeds[_i].limits[k].point;
    assert_near(low[p], speeds[_i].limits[k].low, 0.0055, "lowest speed of point", p);
    assert_near(high[p], speeds[_i].limits[k].high, 0.0055, "highest speed of point", p);
  }
}
END_TEST

START_TEST(cadence_does_not_depend_on_height) {
  iscc_gait walk, pace;
  ck_assert_int_eq(iscc_gait_init(&walk, 0.5 / ISCC_GAIT_HIP_HEIGHT, NULL), ISCC_OK);
  ck_assert_int_eq(iscc_gait_init(&pace, 0.25 / ISCC_GAIT_HIP_HEIGHT, NULL), ISCC_OK);
  ck_assert_double_eq_tol(walk.cycle_s, 1.3338, 5e-5);
  ck_assert_double_eq_tol(pace.cycle_s, 1.8863, 5e-5);
}
END_TEST

START_TEST(lowest_toe_stands_on_the_floor) {
  iscc_gait gait;
  double point[ISCC_POINT_COUNT][3];
  ck_assert_int_eq(iscc_gait_init(&gait, 1.0, NULL), ISCC_OK);
  const double pelvis = iscc_gait_pelvis_height(&gait);
  double lowest = 1;
  for (int i = 0; i < 1000; i++) {
    iscc_gait_pose_at(&gait, i / 1000.0, point);
    lowest = fmin(lowest, pelvis + fmin(point[ISCC_POINT_TOE][2], point[ISCC_POINT_TOE + 1][2]));
  }
  ck_assert_double_eq_tol(lowest, 0, 1e-3);
  ck_assert(pelvis > 0.5 && pelvis < 0.56);
}
END_TEST

START_TEST(standing_is_straight_and_speeds_are_bounded) {
  iscc_gait gait;
  double a[ISCC_POINT_COUNT][3], b[ISCC_POINT_COUNT][3];
  ck_assert_int_eq(iscc_gait_init(&gait, 0.0, NULL), ISCC_OK);
  iscc_gait_pose_at(&gait, 0.1, a);
  iscc_gait_pose_at(&gait, 0.6, b);
  ck_assert_mem_eq(a, b, sizeof a);
  ck_assert_double_eq_tol(a[ISCC_POINT_ANKLE][2], -ISCC_GAIT_HIP_HEIGHT, 1e-12);
  const double refused[] = {-0.1, 3.001, NAN, INFINITY};
  for (int i = 0; i < 4; i++) {
    iscc_error error = {.text = ""};
    ck_assert_int_eq(iscc_gait_init(&gait, refused[i], &error), ISCC_EINVAL);
    ck_assert_str_ne(error.text, "");
  }
  for (double v = 0.01; v <= 3.0; v += 0.01) { /* all three zones give limbs of the right length */
    ck_assert_int_eq(iscc_gait_init(&gait, v, NULL), ISCC_OK);
    iscc_gait_pose_at(&gait, 0.37, a);
    double square = 0;
    for (int k = 0; k < 3; k++) square += pow(a[ISCC_POINT_KNEE][k] - a[ISCC_POINT_HIP][k], 2);
    ck_assert_double_eq_tol(sqrt(square), 0.245, 1e-9);
  }
}
END_TEST

START_TEST(interpolation_goes_through_its_points_and_never_beyond) {
  const double x[] = {0.17, 0.4, 0.75, 1.0}, y[] = {3, 3, 70, 3};
  iscc_pchip curve;
  iscc_pchip_build(&curve, 4, x, y);
  for (int i = 0; i < 4; i++) {
    ck_assert_double_eq_tol(iscc_pchip_at(&curve, x[i]), y[i], 1e-12);
    ck_assert_double_eq_tol(iscc_pchip_at(&curve, x[i] - 3), y[i], 1e-9); /* period 1 */
  }
  for (double t = 0; t < 1; t += 1e-3) {
    const double value = iscc_pchip_at(&curve, t);
    ck_assert(value >= 3 - 1e-12 && value <= 70 + 1e-12);
    if (t >= 0.17 && t <= 0.4) ck_assert_double_eq_tol(value, 3, 1e-12);
    if (t > 0.41 && t < 0.74) ck_assert(iscc_pchip_at(&curve, t + 1e-3) > value);
  }
}
END_TEST

Suite *iscc_suite_gait(void);
Suite *iscc_suite_gait(void) {
  Suite *s = suite_create("sensing: gait");
  TCase *t = tcase_create("gait");
  tcase_add_test(t, angles_match_the_reference_at_four_instants);
  tcase_add_test(t, pose_matches_the_reference);
  tcase_add_loop_test(t, peak_speeds_match_the_reference, 0, (int)(sizeof speeds / sizeof *speeds));
  tcase_add_test(t, cadence_does_not_depend_on_height);
  tcase_add_test(t, lowest_toe_stands_on_the_floor);
  tcase_add_test(t, standing_is_straight_and_speeds_are_bounded);
  tcase_add_test(t, interpolation_goes_through_its_points_and_never_beyond);
  suite_add_tcase(s, t);
  return s;
}
