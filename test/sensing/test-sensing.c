/* SPDX-License-Identifier: GPL-2.0-only */
#include <check.h>
#include <complex.h>
#include <lapacke.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "iscc-sensing-stage.h"
#include "iscc-spectrogram.h"

enum { SAMPLES = 100, CHIRPS = 2000, VALUES = SAMPLES * CHIRPS };

static iscc_sensing_settings set;
static iscc_sensing *sensing;
static float input[ISCC_INPUT_SIZE];
static const iscc_person walker = {.motion = ISCC_MOTION_CHILD_WALK,
                                   .height_m = 1.1,
                                   .speed_mps = 0.55,
                                   .heading_rad = 0.35,
                                   .x_m = 2.5,
                                   .y_m = 0.2};

static void make_sensing(void) {
  iscc_sensing_defaults(&set);
  ck_assert_int_eq(iscc_sensing_create(&set, &sensing, NULL), ISCC_OK);
}

static void drop_sensing(void) {
  iscc_sensing_destroy(sensing);
}

static void use_settings(void) {
  iscc_sensing_destroy(sensing);
  ck_assert_int_eq(iscc_sensing_create(&set, &sensing, NULL), ISCC_OK);
}

/* One run with streams of that seed. */
static void run(const iscc_person *person, double power_w, uint64_t seed, bool noisy) {
  iscc_random clutter, noise;
  iscc_random_seed(&clutter, seed, 0, 0, ISCC_STREAM_CLUTTER);
  iscc_random_seed(&noise, seed, 0, 0, ISCC_STREAM_NOISE);
  iscc_error error = {.text = ""};
  const iscc_status status =
      iscc_sensing_run(sensing, person, power_w, &clutter, noisy ? &noise : NULL, input, &error);
  ck_assert_msg(status == ISCC_OK, "%s", error.text);
}

/* The caller frees. */
static double complex *read_stage(iscc_stage stage) {
  iscc_stage_shape shape;
  iscc_sensing_stage_shape(sensing, stage, &shape);
  double *values = malloc(sizeof *values * shape.doubles);
  ck_assert_int_eq(iscc_sensing_stage_read(sensing, stage, values, NULL), ISCC_OK);
  return (double complex *)values;
}

static double energy_of(const double complex *values, int n) {
  double sum = 0;
  for (int i = 0; i < n; i++)
    sum += creal(values[i]) * creal(values[i]) + cimag(values[i]) * cimag(values[i]);
  return sum;
}

START_TEST(echo_power_is_proportional_to_the_power_sent) {
  run(&walker, 0.01, 3, false);
  double complex *one = read_stage(ISCC_STAGE_ECHO);
  run(&walker, 0.04, 3, false);
  double complex *four = read_stage(ISCC_STAGE_ECHO);
  run(&walker, 0.03, 3, false);
  double complex *three = read_stage(ISCC_STAGE_ECHO);
  for (int i = 0; i < VALUES; i++) ck_assert(cabs(four[i] - 2 * one[i]) <= 1e-13 * cabs(four[i]));
  ck_assert_double_eq_tol(energy_of(three, VALUES) / energy_of(one, VALUES), 3, 1e-12);
  free(one);
  free(three);
  free(four);
}
END_TEST

/* Over n samples a power has the standard error 1/sqrt(n), so has a correlation coefficient; five are
 * allowed. */
START_TEST(noise_has_its_power_and_is_white_and_circular) {
  enum { RUNS = 25 };
  const double n = (double)VALUES * RUNS, tolerance = 5 / sqrt(n);
  double re2 = 0, im2 = 0, re_im = 0;
  double complex mean = 0, fast = 0, slow = 0;
  for (uint64_t seed = 0; seed < RUNS; seed++) {
    run(&walker, 0.05, seed, false);
    double complex *clean = read_stage(ISCC_STAGE_ECHO);
    run(&walker, 0.05, seed, true);
    double complex *noisy = read_stage(ISCC_STAGE_ECHO);
    for (int i = 0; i < VALUES; i++) noisy[i] = (noisy[i] - clean[i]) / sqrt(set.noise_power_w);
    for (int i = 0; i < VALUES; i++) {
      re2 += creal(noisy[i]) * creal(noisy[i]) / n;
      im2 += cimag(noisy[i]) * cimag(noisy[i]) / n;
      re_im += creal(noisy[i]) * cimag(noisy[i]) / n;
      mean += noisy[i] / n;
      if (i >= CHIRPS) fast += noisy[i] * conj(noisy[i - CHIRPS]) / n;
      if (i % CHIRPS) slow += noisy[i] * conj(noisy[i - 1]) / n;
    }
    free(clean);
    free(noisy);
  }
  ck_assert_double_eq_tol(re2 + im2, 1, tolerance);
  ck_assert_double_eq_tol(re2, 0.5, tolerance);
  ck_assert_double_eq_tol(re_im, 0, tolerance);
  ck_assert(cabs(mean) < tolerance && cabs(fast) < tolerance && cabs(slow) < tolerance);
}
END_TEST

/* The mean taken off is that of echo and noise together. */
START_TEST(mean_subtraction_takes_the_mean_of_the_noise_too) {
  set.svd_first = set.svd_last = 0;
  set.noise_power_w = 1e-6; /* far above the echo */
  use_settings();
  run(&walker, 0.05, 4, true);
  double complex *filtered = read_stage(ISCC_STAGE_FILTERED);
  for (int n = 0; n < SAMPLES; n++) {
    double complex mean = 0;
    for (int m = 0; m < CHIRPS; m++) mean += filtered[n * CHIRPS + m] / CHIRPS;
    ck_assert_msg(cabs(mean) < 1e-3 * sqrt(set.noise_power_w / CHIRPS), "row %d: %g", n, cabs(mean));
  }
  free(filtered);
}
END_TEST

/* The route without the full matrix against mean subtraction and SVD of the full matrix. */
START_TEST(low_rank_route_equals_the_full_matrix_route) {
  static double complex u[SAMPLES * SAMPLES];
  double s[SAMPLES], superb[SAMPLES];
  set.subtract_mean = _i % 2 == 0;
  set.svd_first = _i < 2 ? 1 : 2;
  set.svd_last = _i < 2 ? 2 : 3;
  use_settings();
  run(&walker, 0.05, 5, false);
  double complex *echo = read_stage(ISCC_STAGE_ECHO), *y = read_stage(ISCC_STAGE_SLOW_TIME);
  double complex *filtered = read_stage(ISCC_STAGE_FILTERED);
  for (int n = 0; n < SAMPLES && set.subtract_mean; n++) {
    double complex mean = 0;
    for (int m = 0; m < CHIRPS; m++) mean += echo[n * CHIRPS + m] / CHIRPS;
    for (int m = 0; m < CHIRPS; m++) echo[n * CHIRPS + m] -= mean;
  }
  double complex *work = malloc(sizeof *work * VALUES);
  memcpy(work, echo, sizeof *work * VALUES);
  ck_assert_int_eq(LAPACKE_zgesvd(LAPACK_ROW_MAJOR, 'A', 'N', SAMPLES, CHIRPS, (void *)work, CHIRPS, s,
                                  (void *)u, SAMPLES, NULL, CHIRPS, superb),
                   0);
  const double size = sqrt(energy_of(y, CHIRPS) / CHIRPS);
  double worst = 0, worst_sum = 0;
  for (int m = 0; m < CHIRPS; m++) {
    double complex wanted = 0, sum = 0;
    for (int r = set.svd_first - 1; r < set.svd_last; r++) {
      double complex share = 0, all = 0;
      for (int n = 0; n < SAMPLES; n++) {
        share += conj(u[n * SAMPLES + r]) * echo[n * CHIRPS + m];
        all += u[n * SAMPLES + r];
      }
      wanted += all * share;
    }
    for (int n = 0; n < SAMPLES; n++) sum += filtered[n * CHIRPS + m];
    worst = fmax(worst, cabs(y[m] - wanted));
    worst_sum = fmax(worst_sum, cabs(y[m] - sum));
  }
  ck_assert_msg(worst < 1e-5 * size, "slow time off by %g of %g", worst, size);
  ck_assert_msg(worst_sum < 1e-6 * size, "sum of filtered off by %g of %g", worst_sum, size);
  free(work);
  free(echo);
  free(y);
  free(filtered);
}
END_TEST

/* The full-matrix route with noise far below anything else gives what the low-rank route gives. */
START_TEST(noisy_route_with_vanishing_noise_equals_the_noise_free_one) {
  set.noise_power_w = 1e-28;
  set.subtract_mean = _i == 0;
  if (_i == 2) set.svd_first = set.svd_last = 0;
  use_settings();
  run(&walker, 0.05, 6, false);
  double complex *clean = read_stage(ISCC_STAGE_SLOW_TIME);
  run(&walker, 0.05, 6, true);
  double complex *noisy = read_stage(ISCC_STAGE_SLOW_TIME);
  double complex *filtered = read_stage(ISCC_STAGE_FILTERED);
  const double size = sqrt(energy_of(clean, CHIRPS) / CHIRPS);
  for (int m = 0; m < CHIRPS; m++) {
    ck_assert_msg(cabs(noisy[m] - clean[m]) < 2e-4 * size, "chirp %d off by %g of %g", m,
                  cabs(noisy[m] - clean[m]), size);
    double complex sum = 0;
    for (int n = 0; n < SAMPLES; n++) sum += filtered[n * CHIRPS + m];
    ck_assert(cabs(sum - noisy[m]) < 1e-5 * size);
  }
  free(clean);
  free(noisy);
  free(filtered);
}
END_TEST

START_TEST(same_streams_give_the_same_bytes) {
  static float first[ISCC_INPUT_SIZE], other[ISCC_INPUT_SIZE];
  const bool noisy = _i == 1;
  iscc_person stander = {.motion = ISCC_MOTION_STANDING, .height_m = 1.7, .x_m = 2, .y_m = 0.4};
  run(&walker, 0.05, 7, noisy);
  memcpy(first, input, sizeof first);
  run(&stander, 0.5, 8, !noisy); /* what the handle did before must not matter */
  run(&walker, 0.05, 8, noisy);
  memcpy(other, input, sizeof other);
  ck_assert_mem_ne(first, other, sizeof first);
  use_settings(); /* nor which handle it is */
  run(&walker, 0.05, 7, noisy);
  ck_assert_mem_eq(first, input, sizeof first);
}
END_TEST

START_TEST(gait_phase_counts_when_the_setting_says_so) {
  static float fixed[ISCC_INPUT_SIZE];
  iscc_person later = walker;
  later.gait_phase = 0.4;
  run(&walker, 0.05, 7, false);
  memcpy(fixed, input, sizeof fixed);
  run(&later, 0.05, 7, false);
  ck_assert_mem_eq(fixed, input, sizeof fixed);
  set.random_gait_phase = true;
  use_settings();
  run(&later, 0.05, 7, false);
  ck_assert_mem_ne(fixed, input, sizeof fixed);
  run(&walker, 0.05, 7, false);
  ck_assert_mem_eq(fixed, input, sizeof fixed);
}
END_TEST

START_TEST(settings_out_of_range_are_refused_by_name) {
  static const struct {
    size_t offset;
    double value;
    const char *name;
  } rows[] = {{offsetof(iscc_sensing_settings, carrier_hz), 0, "carrier_hz"},
              {offsetof(iscc_sensing_settings, sweep_hz), NAN, "sweep_hz"},
              {offsetof(iscc_sensing_settings, sweep_hz), 1e10, "sweep_hz"},
              {offsetof(iscc_sensing_settings, chirp_s), -1, "chirp_s"},
              {offsetof(iscc_sensing_settings, sampling_hz), 1e5, "sampling_hz"},
              {offsetof(iscc_sensing_settings, sampling_hz), INFINITY, "sampling_hz"},
              {offsetof(iscc_sensing_settings, chirp_spacing_s), 5e-6, "chirp_spacing_s"},
              {offsetof(iscc_sensing_settings, radar_x_m), 7, "radar_x_m"},
              {offsetof(iscc_sensing_settings, radar_z_m), NAN, "radar_z_m"},
              {offsetof(iscc_sensing_settings, noise_power_w), -1, "noise_power_w"},
              {offsetof(iscc_sensing_settings, clutter_correlation), 1, "clutter_correlation"},
              {offsetof(iscc_sensing_settings, doppler_limit_hz), 2500, "doppler_limit_hz"}};
  iscc_sensing_defaults(&set);
  iscc_error error = {.text = ""};
  iscc_sensing *none = (iscc_sensing *)&set;
  double *value = (void *)((char *)&set + rows[_i].offset);
  *value = rows[_i].value;
  ck_assert_int_eq(iscc_sensing_create(&set, &none, &error), ISCC_EINVAL);
  ck_assert_ptr_null(none);
  ck_assert_msg(strstr(error.text, rows[_i].name) != NULL, "'%s' does not name %s", error.text,
                rows[_i].name);
}
END_TEST

START_TEST(counts_out_of_range_are_refused) {
  static const int rows[][3] = {{0, 1, 2},      {100, 1, 2},   {2000, 2, 1},
                                {2000, 1, 101}, {2000, -1, 2}, {2000000, 1, 2}};
  iscc_sensing_defaults(&set);
  set.chirps = rows[_i][0];
  set.svd_first = rows[_i][1];
  set.svd_last = rows[_i][2];
  iscc_sensing *none;
  iscc_error error = {.text = ""};
  ck_assert_int_eq(iscc_sensing_create(&set, &none, &error), ISCC_EINVAL);
  ck_assert_str_ne(error.text, "");
}
END_TEST

START_TEST(persons_and_powers_out_of_range_are_refused) {
  static const struct {
    iscc_person person;
    double power_w;
  } rows[] = {{{4, 1.1, 0.55, 0, 2, 0, 0}, 0},        {{4, 1.1, 0.55, 0, 2, 0, 0}, -1},
              {{4, 1.1, 0.55, 0, 2, 0, 0}, NAN},      {{4, NAN, 0.55, 0, 2, 0, 0}, 1},
              {{4, 1.1, 9, 0, 2, 0, 0}, 1},           {{4, 1.1, -1, 0, 2, 0, 0}, 1},
              {{4, 1.1, 0.55, INFINITY, 2, 0, 0}, 1}, {{4, 1.1, 0.55, 0, 200, 0, 0}, 1},
              {{4, 1.1, 0.55, 0, NAN, 0, 0}, 1},      {{9, 1.1, 0.55, 0, 2, 0, 0}, 1},
              {{4, 1.1, 0.55, 0, 2, 0, 1}, 1}};
  iscc_random clutter;
  iscc_random_seed(&clutter, 1, 0, 0, ISCC_STREAM_CLUTTER);
  iscc_error error = {.text = ""};
  ck_assert_int_eq(
      iscc_sensing_run(sensing, &rows[_i].person, rows[_i].power_w, &clutter, NULL, input, &error),
      ISCC_EINVAL);
  ck_assert_str_ne(error.text, "");
  double value;
  ck_assert_int_eq(iscc_sensing_stage_read(sensing, ISCC_STAGE_ECHO, &value, &error), ISCC_ESTATE);
}
END_TEST

/* Chirps back to back, 100 x 50 000: another sampling of the same scene, so without noise the same picture.
 */
START_TEST(back_to_back_chirps_give_the_same_picture) {
  static float usual[ISCC_INPUT_SIZE];
  set.clutter = false;
  use_settings();
  run(&walker, 0.05, 9, false);
  memcpy(usual, input, sizeof usual);
  set.chirp_spacing_s = 10e-6;
  set.chirps = 50000;
  use_settings();
  ck_assert_double_eq_tol(iscc_sensing_time_s(sensing), 0.5, 1e-12);
  iscc_stage_shape shape;
  iscc_sensing_stage_shape(sensing, ISCC_STAGE_ECHO, &shape);
  ck_assert_uint_eq(shape.shape[0], 100);
  ck_assert_uint_eq(shape.shape[1], 50000);
  for (int noisy = 0; noisy < 2; noisy++) {
    run(&walker, 0.05, 9, noisy);
    double product = 0;
    for (int i = 0; i < ISCC_INPUT_SIZE; i++) product += (double)usual[i] * (double)input[i];
    ck_assert_msg(product > (noisy ? 0.9 : 0.995), "cosine of the two pictures: %g", product);
  }
}
END_TEST

Suite *iscc_suite_sensing(void);
Suite *iscc_suite_sensing(void) {
  Suite *s = suite_create("sensing: chain");
  TCase *t = tcase_create("chain");
  tcase_add_checked_fixture(t, make_sensing, drop_sensing);
  tcase_set_timeout(t, 30);
  tcase_add_test(t, echo_power_is_proportional_to_the_power_sent);
  tcase_add_test(t, noise_has_its_power_and_is_white_and_circular);
  tcase_add_test(t, mean_subtraction_takes_the_mean_of_the_noise_too);
  tcase_add_loop_test(t, low_rank_route_equals_the_full_matrix_route, 0, 4);
  tcase_add_loop_test(t, noisy_route_with_vanishing_noise_equals_the_noise_free_one, 0, 3);
  tcase_add_loop_test(t, same_streams_give_the_same_bytes, 0, 2);
  tcase_add_test(t, gait_phase_counts_when_the_setting_says_so);
  tcase_add_loop_test(t, persons_and_powers_out_of_range_are_refused, 0, 11);
  suite_add_tcase(s, t);
  TCase *refused = tcase_create("settings");
  tcase_add_loop_test(refused, settings_out_of_range_are_refused_by_name, 0, 12);
  tcase_add_loop_test(refused, counts_out_of_range_are_refused, 0, 6);
  suite_add_tcase(s, refused);
  TCase *slow = tcase_create("slow");
  tcase_set_tags(slow, "slow");
  tcase_set_timeout(slow, 60);
  tcase_add_checked_fixture(slow, make_sensing, drop_sensing);
  tcase_add_test(slow, back_to_back_chirps_give_the_same_picture);
  suite_add_tcase(s, slow);
  return s;
}
