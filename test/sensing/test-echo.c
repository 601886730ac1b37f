/* SPDX-License-Identifier: GPL-2.0-only */
/* Radar echo against the dechirped signal written out for every sample in double precision. */
#include <check.h>
#include <complex.h>
#include <math.h>
#include <stdlib.h>

#include "iscc-echo.h"
#include "iscc-random.h"

#define TWO_PI    6.28318530717958647692
#define LIGHT_MPS 299792458.0
enum { SAMPLES = 100, CHIRPS = 256 };
#define SPACING_S 0.25e-3

static const iscc_echo_settings usual = {.carrier_hz = 60e9,
                                         .sweep_hz = 10e6,
                                         .chirp_s = 10e-6,
                                         .sampling_hz = 10e6,
                                         .chirps = CHIRPS,
                                         .farthest_m = 15};

static double range_m[CHIRPS], amplitude[CHIRPS];
static double complex matrix[SAMPLES][CHIRPS], direct[SAMPLES][CHIRPS];

/* Fills matrix with Q Z. */
static void expand(iscc_echo *echo, double scale) {
  const int rank = iscc_echo_rank(echo);
  const double complex *basis = (const double complex *)iscc_echo_basis(echo);
  double complex *z = malloc(sizeof *z * (size_t)rank * CHIRPS);
  iscc_echo_gather(echo, scale, (double *)z);
  for (int n = 0; n < SAMPLES; n++)
    for (int m = 0; m < CHIRPS; m++) {
      matrix[n][m] = 0;
      for (int r = 0; r < rank; r++) matrix[n][m] += basis[r * SAMPLES + n] * z[r * CHIRPS + m];
    }
  free(z);
}

static double complex dechirped(const iscc_echo_settings *set, double tau_s, int n) {
  const double slope = set->sweep_hz / set->chirp_s, t = n / set->sampling_hz;
  const double cycles = -set->carrier_hz * tau_s + 0.5 * slope * tau_s * tau_s - slope * tau_s * t;
  return cexp(CMPLX(0, TWO_PI * (cycles - rint(cycles))));
}

static void fill_moving(double start_m, double speed_mps, double strength) {
  for (int m = 0; m < CHIRPS; m++) {
    range_m[m] = start_m + speed_mps * m * SPACING_S;
    amplitude[m] = strength;
  }
}

/* Largest |DFT| bin of n values with a given stride, padded to `points`. */
static int peak_bin(const double complex *values, int n, int stride, int points) {
  int best = 0;
  double most = -1;
  for (int k = 0; k < points; k++) {
    double complex sum = 0;
    for (int i = 0; i < n; i++)
      sum += values[(size_t)i * stride] * cexp(CMPLX(0, -TWO_PI * ((long)k * i % points) / points));
    if (cabs(sum) > most) most = cabs(sum), best = k;
  }
  return best;
}

/* Beat: -2 mu R/c in fast time. Doppler: -2 v/lambda in slow time, v away from the radar. */
START_TEST(point_target_appears_at_its_beat_and_doppler_frequency) {
  static const struct {
    double range_m, speed_mps;
  } rows[] = {{3, 1}, {7.5, -2}, {12, 0.4}, {14, -4.5}, {1, 4}};
  enum { POINTS = 8192 };
  iscc_echo *echo;
  ck_assert_int_eq(iscc_echo_create(&usual, &echo, NULL), ISCC_OK);
  fill_moving(rows[_i].range_m, rows[_i].speed_mps, 1e-5);
  iscc_echo_clear(echo);
  ck_assert_int_eq(iscc_echo_add_moving(echo, range_m, amplitude, NULL), ISCC_OK);
  expand(echo, 1);
  const int beat_bin = peak_bin(&matrix[0][0], SAMPLES, CHIRPS, POINTS);
  const int doppler_bin = peak_bin(&matrix[0][0], CHIRPS, 1, POINTS);
  const double beat_hz = (beat_bin > POINTS / 2 ? beat_bin - POINTS : beat_bin) * usual.sampling_hz / POINTS;
  const double doppler_hz =
      (doppler_bin > POINTS / 2 ? doppler_bin - POINTS : doppler_bin) / (POINTS * SPACING_S);
  const double wanted_beat = -2 * rows[_i].range_m / LIGHT_MPS * usual.sweep_hz / usual.chirp_s;
  const double wanted_doppler = -2 * rows[_i].speed_mps / LIGHT_MPS * usual.carrier_hz;
  ck_assert_double_eq_tol(beat_hz, wanted_beat, 0.6 * usual.sampling_hz / POINTS);
  ck_assert_double_eq_tol(doppler_hz, wanted_doppler, 0.6 / (POINTS * SPACING_S));
  iscc_echo_destroy(echo);
}
END_TEST

/* The wide sweep of row 1 needs many more terms, which cancel: ten times less exact.
 * Several points at once, moving and fixed, over the whole range that is covered. */
START_TEST(low_rank_form_equals_the_full_matrix) {
  iscc_echo_settings set = usual;
  if (_i == 1) set.sweep_hz = 50e6;
  if (_i == 2) set.carrier_hz = 3.5e9;
  iscc_echo *echo;
  ck_assert_int_eq(iscc_echo_create(&set, &echo, NULL), ISCC_OK);
  ck_assert_int_eq(iscc_echo_fast_samples(echo), SAMPLES);
  iscc_random r;
  iscc_random_seed(&r, 1, 0, 0, ISCC_STREAM_TEST);
  iscc_echo_clear(echo);
  double size = 0;
  for (int point = 0; point < 20; point++) {
    const double start = point == 0 ? 0.01 : point == 1 ? 13.9 : iscc_random_between(&r, 0.1, 14);
    fill_moving(start, iscc_random_between(&r, 0, 5), 1e-5);
    ck_assert_int_eq(iscc_echo_add_moving(echo, range_m, amplitude, NULL), ISCC_OK);
    for (int n = 0; n < SAMPLES; n++)
      for (int m = 0; m < CHIRPS; m++)
        direct[n][m] += 3 * amplitude[m] * dechirped(&set, 2 * range_m[m] / LIGHT_MPS, n);
  }
  float re[CHIRPS], im[CHIRPS];
  for (int m = 0; m < CHIRPS; m++) re[m] = 1 + 0.1F * sinf((float)m), im[m] = 0.1F * cosf((float)m);
  const double tap[2] = {3e-6, -4e-6};
  iscc_echo_add_fixed(echo, 21.3, tap, re, im);
  for (int n = 0; n < SAMPLES; n++)
    for (int m = 0; m < CHIRPS; m++)
      direct[n][m] += 3 * CMPLX(tap[0], tap[1]) * CMPLX((double)re[m], (double)im[m]) *
                      dechirped(&set, 21.3 / LIGHT_MPS, n);
  expand(echo, 3);
  double worst = 0;
  for (int n = 0; n < SAMPLES; n++)
    for (int m = 0; m < CHIRPS; m++) {
      worst = fmax(worst, cabs(matrix[n][m] - direct[n][m]));
      size = fmax(size, cabs(direct[n][m]));
    }
  ck_assert_msg(worst < (_i == 1 ? 1e-5 : 1e-6) * size, "off by %g of %g", worst, size);
  iscc_echo_destroy(echo);
}
END_TEST

START_TEST(basis_is_orthonormal) {
  iscc_echo *echo;
  ck_assert_int_eq(iscc_echo_create(&usual, &echo, NULL), ISCC_OK);
  const int rank = iscc_echo_rank(echo);
  ck_assert(rank >= 3 && rank <= 12);
  const double complex *q = (const double complex *)iscc_echo_basis(echo);
  for (int a = 0; a < rank; a++)
    for (int b = 0; b < rank; b++) {
      double complex product = 0;
      for (int n = 0; n < SAMPLES; n++) product += conj(q[a * SAMPLES + n]) * q[b * SAMPLES + n];
      ck_assert(cabs(product - (a == b)) < 1e-12);
    }
  iscc_echo_destroy(echo);
}
END_TEST

START_TEST(refuses_points_too_far_and_sweeps_too_wide) {
  iscc_echo *echo;
  iscc_error error = {.text = ""};
  ck_assert_int_eq(iscc_echo_create(&usual, &echo, NULL), ISCC_OK);
  fill_moving(14.9, 5, 1);
  ck_assert_int_eq(iscc_echo_add_moving(echo, range_m, amplitude, &error), ISCC_EINVAL);
  ck_assert_str_ne(error.text, "");
  iscc_echo_destroy(echo);
  iscc_echo_settings wide = usual;
  wide.sweep_hz = 1e10;
  ck_assert_int_eq(iscc_echo_create(&wide, &echo, &error), ISCC_EINVAL);
  ck_assert_ptr_null(echo);
}
END_TEST

Suite *iscc_suite_echo(void);
Suite *iscc_suite_echo(void) {
  Suite *s = suite_create("sensing: echo");
  TCase *t = tcase_create("echo");
  tcase_set_timeout(t, 30);
  tcase_add_loop_test(t, point_target_appears_at_its_beat_and_doppler_frequency, 0, 5);
  tcase_add_loop_test(t, low_rank_form_equals_the_full_matrix, 0, 3);
  tcase_add_test(t, basis_is_orthonormal);
  tcase_add_test(t, refuses_points_too_far_and_sweeps_too_wide);
  suite_add_tcase(s, t);
  return s;
}
