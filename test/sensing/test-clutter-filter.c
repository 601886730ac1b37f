/* SPDX-License-Identifier: GPL-2.0-only */
/* What the filter does to a walking person and to the room, each on its own: the filter is worked out on the
 * sum of both and then applied to each, in the low-rank form of the echo. The decibels asserted here stand in
 * doc/sensing.rst. */
#include <check.h>
#include <complex.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "iscc-body.h"
#include "iscc-clutter-filter.h"
#include "iscc-echo.h"
#include "iscc-room.h"

enum { CHIRPS = 2000, RANK_MAX = 16 };
#define WAVELENGTH_M (299792458.0 / 60e9)

static iscc_echo *echo;
static iscc_body *body;
static int rank;
static double complex person_z[RANK_MAX * CHIRPS], room_z[RANK_MAX * CHIRPS];
static const double radar_m[3] = {0, 1, 1};

static void make_echo(void) {
  const iscc_echo_settings set = {.carrier_hz = 60e9,
                                  .sweep_hz = 10e6,
                                  .chirp_s = 10e-6,
                                  .sampling_hz = 10e6,
                                  .chirps = CHIRPS,
                                  .farthest_m = 15};
  ck_assert_int_eq(iscc_echo_create(&set, &echo, NULL), ISCC_OK);
  ck_assert_int_eq(iscc_body_create(CHIRPS, 0.25e-3, false, &body, NULL), ISCC_OK);
  rank = iscc_echo_rank(echo);
  ck_assert_int_le(rank, RANK_MAX);
}

static void drop_echo(void) {
  iscc_echo_destroy(echo);
  iscc_body_destroy(body);
}

static void fill_person(double x_m) {
  static double range_m[ISCC_BODY_SEGMENTS * CHIRPS], amplitude[ISCC_BODY_SEGMENTS * CHIRPS];
  const iscc_person person = {
      .motion = ISCC_MOTION_ADULT_WALK, .height_m = 1.75, .speed_mps = 0.875, .heading_rad = 2.8, .x_m = x_m};
  ck_assert_int_eq(iscc_body_echoes(body, &person, radar_m, WAVELENGTH_M, range_m, amplitude, NULL), ISCC_OK);
  iscc_echo_clear(echo);
  for (int k = 0; k < ISCC_BODY_SEGMENTS; k++)
    ck_assert_int_eq(iscc_echo_add_moving(echo, range_m + k * CHIRPS, amplitude + k * CHIRPS, NULL), ISCC_OK);
  iscc_echo_gather(echo, 1, (double *)person_z);
}

/* The ten taps; fluctuating: with their autoregressive part. */
static void fill_room(bool fluctuating, uint64_t seed) {
  static float re[CHIRPS], im[CHIRPS];
  iscc_random clutter;
  iscc_random_seed(&clutter, seed, 0, 0, ISCC_STREAM_CLUTTER);
  iscc_room room;
  iscc_room_draw(&clutter, radar_m, WAVELENGTH_M, &room);
  iscc_echo_clear(echo);
  for (int i = 0; i < ISCC_ROOM_TAPS; i++) {
    iscc_room_fluctuation(&clutter, 0.99, CHIRPS, re, im);
    for (int m = 0; m < CHIRPS && !fluctuating; m++) re[m] = 1, im[m] = 0;
    iscc_echo_add_fixed(echo, room.path_m[i], room.amplitude[i], re, im);
  }
  iscc_echo_gather(echo, 1, (double *)room_z);
}

static void subtract_mean(double complex *z) {
  for (int r = 0; r < rank; r++) {
    double complex mean = 0;
    for (int m = 0; m < CHIRPS; m++) mean += z[r * CHIRPS + m] / CHIRPS;
    for (int m = 0; m < CHIRPS; m++) z[r * CHIRPS + m] -= mean;
  }
}

static double energy_of(const double complex *z) {
  double energy = 0;
  for (int i = 0; i < rank * CHIRPS; i++) energy += creal(z[i] * conj(z[i]));
  return energy;
}

static double energy_kept(const double complex *vectors, int count, const double complex *z) {
  double energy = 0;
  for (int k = 0; k < count; k++)
    for (int m = 0; m < CHIRPS; m++) {
      double complex sum = 0;
      for (int r = 0; r < rank; r++) sum += conj(vectors[k * rank + r]) * z[r * CHIRPS + m];
      energy += creal(sum * conj(sum));
    }
  return energy;
}

/* Change of person's and room's energy by the filter, in dB. */
static void measure(bool mean, int first, int last, double *person_db, double *room_db) {
  const double person_before = energy_of(person_z), room_before = energy_of(room_z);
  if (mean) subtract_mean(person_z);
  if (mean) subtract_mean(room_z);
  static double complex sum[RANK_MAX * CHIRPS], gram[RANK_MAX * RANK_MAX], ones[RANK_MAX], weights[RANK_MAX];
  for (int i = 0; i < rank * CHIRPS; i++) sum[i] = person_z[i] + room_z[i];
  for (int i = 0; i < rank; i++)
    for (int j = 0; j < rank; j++) {
      gram[j * rank + i] = 0; /* column-major */
      for (int m = 0; m < CHIRPS; m++) gram[j * rank + i] += sum[i * CHIRPS + m] * conj(sum[j * CHIRPS + m]);
    }
  iscc_clutter_filter *filter;
  ck_assert_int_eq(iscc_clutter_filter_create(rank, first, last, &filter, NULL), ISCC_OK);
  ck_assert_int_eq(
      iscc_clutter_filter_weights(filter, rank, (double *)gram, (double *)ones, (double *)weights, NULL),
      ISCC_OK);
  int count;
  const double complex *vectors = (const double complex *)iscc_clutter_filter_vectors(filter, &count);
  ck_assert_int_eq(count, last - first + 1);
  *person_db = 10 * log10(energy_kept(vectors, count, person_z) / person_before);
  *room_db = 10 * log10(energy_kept(vectors, count, room_z) / room_before + 1e-30);
  iscc_clutter_filter_destroy(filter);
}

START_TEST(static_reflectors_vanish_and_the_person_stays) {
  double person_db, room_db;
  fill_person(1 + 0.5 * _i);
  fill_room(false, 7);
  ck_assert(energy_of(room_z) > 10 * energy_of(person_z) || _i < 3);
  measure(true, 1, 2, &person_db, &room_db);
  ck_assert_msg(room_db < -200, "static room %.1f dB", room_db);
  ck_assert_msg(person_db > -0.1, "person %.2f dB", person_db);
}
END_TEST

START_TEST(moving_clutter_is_attenuated) {
  double person_db, room_db;
  fill_person(2.5);
  fill_room(true, (uint64_t)_i);
  measure(true, 1, 2, &person_db, &room_db);
  ck_assert_msg(room_db < -15, "room %.1f dB", room_db);
  ck_assert_msg(person_db > -0.1, "person %.2f dB", person_db);
}
END_TEST

/* Person and clutter share their fast-time direction at this bandwidth, so dropping the strongest triplet of
 * the unfiltered matrix drops the person with it. */
START_TEST(dropping_the_first_triplet_drops_the_person) {
  double person_db, room_db;
  fill_person(1 + 0.5 * _i);
  fill_room(false, 7);
  measure(false, 2, 3, &person_db, &room_db);
  ck_assert_msg(person_db < -11, "person %.2f dB", person_db);
}
END_TEST

START_TEST(keeps_the_triplets_asked_for) {
  /* diag(4, 3, 2, 1): left vectors are unit vectors, strongest first */
  double complex ones[4] = {1, 1, 1, 1}, weights[4];
  static const double wanted[][4] = {{1, 1, 0, 0}, {0, 1, 1, 0}, {0, 0, 0, 1}, {1, 1, 1, 1}, {1, 1, 1, 1}};
  static const int limits[][2] = {{1, 2}, {2, 3}, {4, 4}, {1, 4}, {0, 0}};
  double complex gram[16] = {0};
  for (int i = 0; i < 4; i++) gram[5 * i] = (4 - i) * (4 - i);
  iscc_clutter_filter *filter;
  ck_assert_int_eq(iscc_clutter_filter_create(4, limits[_i][0], limits[_i][1], &filter, NULL), ISCC_OK);
  ck_assert_int_eq(
      iscc_clutter_filter_weights(filter, 4, (double *)gram, (double *)ones, (double *)weights, NULL),
      ISCC_OK);
  for (int i = 0; i < 4; i++) ck_assert(cabs(weights[i] - wanted[_i][i]) < 1e-12);
  iscc_clutter_filter_destroy(filter);
}
END_TEST

START_TEST(refusals) {
  static const int rows[][3] = {{0, 1, 1}, {4, 0, 2}, {4, 3, 2}, {4, 1, 5}, {4, -1, 2}, {5000, 1, 2}};
  iscc_clutter_filter *filter;
  iscc_error error = {.text = ""};
  ck_assert_int_eq(iscc_clutter_filter_create(rows[_i][0], rows[_i][1], rows[_i][2], &filter, &error),
                   ISCC_EINVAL);
  ck_assert_ptr_null(filter);
  ck_assert_str_ne(error.text, "");
}
END_TEST

Suite *iscc_suite_clutter_filter(void);
Suite *iscc_suite_clutter_filter(void) {
  Suite *s = suite_create("sensing: clutter filter");
  TCase *t = tcase_create("echoes");
  tcase_add_checked_fixture(t, make_echo, drop_echo);
  tcase_set_timeout(t, 30);
  tcase_add_loop_test(t, static_reflectors_vanish_and_the_person_stays, 0, 7);
  tcase_add_loop_test(t, moving_clutter_is_attenuated, 0, 10);
  tcase_add_loop_test(t, dropping_the_first_triplet_drops_the_person, 0, 7);
  suite_add_tcase(s, t);
  TCase *alone = tcase_create("alone");
  tcase_add_loop_test(alone, keeps_the_triplets_asked_for, 0, 5);
  tcase_add_loop_test(alone, refusals, 0, 6);
  suite_add_tcase(s, alone);
  return s;
}
