/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-sensing.h"

#include <cblas.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "iscc-room.h"
#include "iscc-sensing-state.h"

#define LIGHT_MPS  299792458.0
#define FARTHEST_M 15.0 /* person or room echo, one way */

void iscc_sensing_defaults(iscc_sensing_settings *settings) {
  *settings = (iscc_sensing_settings){.carrier_hz = 60e9,
                                      .sweep_hz = 10e6,
                                      .chirp_s = 10e-6,
                                      .sampling_hz = 10e6,
                                      .chirp_spacing_s = 0.25e-3,
                                      .chirps = 2000,
                                      .radar_x_m = 0,
                                      .radar_y_m = 1,
                                      .radar_z_m = 1,
                                      .noise_power_w = 2.9e-11,
                                      .clutter = true,
                                      .clutter_correlation = 0.99,
                                      .subtract_mean = true,
                                      .svd_first = 1,
                                      .svd_last = 2,
                                      .doppler_limit_hz = 1000,
                                      .random_gait_phase = false};
}

static iscc_status check_ranges(const iscc_sensing_settings *set, iscc_error *error) {
  const struct {
    const char *name, *unit;
    double value, low, high;
  } rows[] = {{"carrier_hz", "Hz", set->carrier_hz, 1e6, 1e13},
              {"sweep_hz", "Hz", set->sweep_hz, 0, 1e12},
              {"chirp_s", "s", set->chirp_s, 1e-9, 1},
              {"sampling_hz", "Hz", set->sampling_hz, 1, 1e12},
              {"chirp_spacing_s", "s", set->chirp_spacing_s, 1e-7, 1},
              {"chirps", "", set->chirps, 1, 1e6},
              {"radar_x_m", "m", set->radar_x_m, -1, 6},
              {"radar_y_m", "m", set->radar_y_m, -3, 3},
              {"radar_z_m", "m", set->radar_z_m, 0, 3},
              {"noise_power_w", "W", set->noise_power_w, 0, 1},
              {"clutter_correlation", "", set->clutter_correlation, 0, 0.999999}};
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
    if (!(rows[i].value >= rows[i].low && rows[i].value <= rows[i].high))
      return iscc_fail(error, ISCC_EINVAL, "%s: %g is outside %g..%g%s%s", rows[i].name, rows[i].value,
                       rows[i].low, rows[i].high, *rows[i].unit ? " " : "", rows[i].unit);
  if (set->chirp_spacing_s < set->chirp_s * (1 - 1e-9))
    return iscc_fail(error, ISCC_EINVAL, "chirp_spacing_s: %g s is shorter than a chirp (chirp_s, %g s)",
                     set->chirp_spacing_s, set->chirp_s);
  const double samples = set->sampling_hz * set->chirp_s;
  if (!(samples >= 1.5 && samples < ISCC_FILTER_SIZE_MAX + 0.5))
    return iscc_fail(error, ISCC_EINVAL,
                     "sampling_hz: %g Hz gives %.4g samples in a chirp of %g s, outside 2..%d",
                     set->sampling_hz, samples, set->chirp_s, ISCC_FILTER_SIZE_MAX);
  if (samples * set->chirps > 1e8)
    return iscc_fail(error, ISCC_EINVAL, "chirps: %d chirps of %.0f samples are more than 1e8 values",
                     set->chirps, samples);
  return ISCC_OK;
}

/* Room for n values of that size, aligned so that results do not depend on where memory happens to lie. */
static void *reserve(size_t n, size_t size, bool *complete) {
  void *block = aligned_alloc(64, (n * size + 63) / 64 * 64);
  if (!block) *complete = false;
  return block;
}

static iscc_status reserve_all(iscc_sensing *s, iscc_error *error) {
  const size_t n = (size_t)s->samples, rank = (size_t)s->rank, chirps = (size_t)s->set.chirps;
  bool complete = true;
  s->range_m = reserve(ISCC_BODY_SEGMENTS * chirps, sizeof(double), &complete);
  s->amplitude = reserve(ISCC_BODY_SEGMENTS * chirps, sizeof(double), &complete);
  s->fluctuation = reserve(2 * chirps, sizeof(float), &complete);
  s->z = reserve(2 * rank * chirps, sizeof(double), &complete);
  s->gram = reserve(2 * n * n, sizeof(double), &complete);
  s->weights = reserve(2 * n, sizeof(double), &complete);
  s->basis_sum = reserve(2 * n, sizeof(double), &complete);
  s->ones = reserve(2 * n, sizeof(double), &complete);
  s->mean = reserve(2 * n, sizeof(double), &complete);
  s->basis_f = reserve(2 * n * (rank + 1), sizeof(float), &complete);
  s->z_f = reserve(2 * (rank + 1) * chirps, sizeof(float), &complete);
  s->gram_f = reserve(2 * n * n, sizeof(float), &complete);
  s->weights_f = reserve(2 * n, sizeof(float), &complete);
  s->matrix = reserve(2 * n * chirps, sizeof(float), &complete);
  s->slow_time = reserve(2 * chirps, sizeof(float), &complete);
  return complete ? ISCC_OK
                  : iscc_fail(error, ISCC_ENOMEM, "sensing: out of memory for %d chirps", s->set.chirps);
}

/* What depends on the settings alone: Q and its column sums. */
static void fill_tables(iscc_sensing *s) {
  const double *basis = iscc_echo_basis(s->echo);
  memset(s->basis_sum, 0, sizeof(double) * 2 * (size_t)s->samples);
  for (int r = 0; r < s->rank; r++)
    for (int i = 0; i < 2 * s->samples; i++) {
      const double value = basis[2 * r * s->samples + i];
      s->basis_sum[2 * r + (i & 1)] += value;
      s->basis_f[2 * r * s->samples + i] = (float)value;
    }
  for (int i = 0; i < 2 * s->samples; i++) s->ones[i] = i & 1 ? 0.0 : 1.0;
  float *last = s->z_f + 2 * (size_t)s->rank * s->set.chirps;
  for (int m = 0; m < s->set.chirps; m++) {
    last[2 * m] = -1;
    last[2 * m + 1] = 0;
  }
}

static iscc_status create_parts(iscc_sensing *s, iscc_error *error) {
  const iscc_sensing_settings *set = &s->set;
  const iscc_echo_settings echo = {.carrier_hz = set->carrier_hz,
                                   .sweep_hz = set->sweep_hz,
                                   .chirp_s = set->chirp_s,
                                   .sampling_hz = set->sampling_hz,
                                   .chirps = set->chirps,
                                   .farthest_m = FARTHEST_M};
  iscc_status status = iscc_spectrogram_create(set->chirps, set->chirp_spacing_s, set->doppler_limit_hz,
                                               &s->spectrogram, error);
  if (!status) status = iscc_echo_create(&echo, &s->echo, error);
  if (status) return status;
  s->samples = iscc_echo_fast_samples(s->echo);
  s->rank = iscc_echo_rank(s->echo);
  status = iscc_clutter_filter_create(s->samples, set->svd_first, set->svd_last, &s->filter, error);
  if (!status)
    status = iscc_body_create(set->chirps, set->chirp_spacing_s, set->random_gait_phase, &s->body, error);
  return status ? status : reserve_all(s, error);
}

iscc_status iscc_sensing_create(const iscc_sensing_settings *settings, iscc_sensing **out,
                                iscc_error *error) {
  *out = NULL;
  iscc_status status = check_ranges(settings, error);
  if (status) return status;
  iscc_sensing *s = calloc(1, sizeof *s);
  if (!s) return iscc_fail(error, ISCC_ENOMEM, "sensing: out of memory");
  openblas_set_num_threads(1); /* these matrices are small, and threads would change the order of sums */
  s->set = *settings;
  s->wavelength_m = LIGHT_MPS / settings->carrier_hz;
  status = create_parts(s, error);
  if (status) {
    iscc_sensing_destroy(s);
    return status;
  }
  fill_tables(s);
  *out = s;
  return ISCC_OK;
}

void iscc_sensing_destroy(iscc_sensing *s) {
  if (!s) return;
  iscc_body_destroy(s->body);
  iscc_echo_destroy(s->echo);
  iscc_clutter_filter_destroy(s->filter);
  iscc_spectrogram_destroy(s->spectrogram);
  void *blocks[] = {s->range_m, s->amplitude, s->fluctuation, s->z,      s->gram,
                    s->weights, s->basis_sum, s->ones,        s->mean,   s->basis_f,
                    s->z_f,     s->gram_f,    s->weights_f,   s->matrix, s->slow_time};
  for (size_t i = 0; i < sizeof blocks / sizeof *blocks; i++) free(blocks[i]);
  free(s);
}

double iscc_sensing_time_s(const iscc_sensing *s) {
  return s->set.chirps * s->set.chirp_spacing_s;
}

/* Z of person and room at power_w (eq. 1 without its noise). */
static iscc_status synthesize(iscc_sensing *s, const iscc_person *person, double power_w,
                              iscc_random *clutter, iscc_error *error) {
  const double radar_m[3] = {s->set.radar_x_m, s->set.radar_y_m, s->set.radar_z_m};
  const size_t chirps = (size_t)s->set.chirps;
  iscc_status status =
      iscc_body_echoes(s->body, person, radar_m, s->wavelength_m, s->range_m, s->amplitude, error);
  if (status) return status;
  iscc_echo_clear(s->echo);
  for (int k = 0; k < ISCC_BODY_SEGMENTS; k++) {
    status = iscc_echo_add_moving(s->echo, s->range_m + (size_t)k * chirps, s->amplitude + (size_t)k * chirps,
                                  error);
    if (status) return status;
  }
  if (s->set.clutter) {
    iscc_room room;
    iscc_room_draw(clutter, radar_m, s->wavelength_m, &room);
    for (int i = 0; i < ISCC_ROOM_TAPS; i++) {
      iscc_room_fluctuation(clutter, s->set.clutter_correlation, s->set.chirps, s->fluctuation,
                            s->fluctuation + chirps);
      iscc_echo_add_fixed(s->echo, room.path_m[i], room.amplitude[i], s->fluctuation,
                          s->fluctuation + chirps);
    }
  }
  iscc_echo_gather(s->echo, sqrt(power_w), s->z);
  return ISCC_OK;
}

/* Takes the mean off each row of Z; mean = Q (means of the rows). */
static void subtract_mean(iscc_sensing *s) {
  const double *basis = iscc_echo_basis(s->echo);
  for (int r = 0; r < s->rank; r++) {
    double *restrict row = s->z + 2 * (size_t)r * s->set.chirps;
    double re = 0, im = 0;
    for (int m = 0; m < s->set.chirps; m++) {
      re += row[2 * m];
      im += row[2 * m + 1];
    }
    re /= s->set.chirps;
    im /= s->set.chirps;
    for (int m = 0; m < s->set.chirps; m++) {
      row[2 * m] -= re;
      row[2 * m + 1] -= im;
    }
    for (int i = 0; i < s->samples; i++) {
      const double *q = basis + 2 * ((size_t)r * s->samples + i);
      s->mean[2 * i] += q[0] * re - q[1] * im;
      s->mean[2 * i + 1] += q[0] * im + q[1] * re;
    }
  }
}

/* y = w Z with the filter worked out on Z: exact, since Q has orthonormal columns. */
static iscc_status filter_low_rank(iscc_sensing *s, iscc_error *error) {
  const int rank = s->rank, chirps = s->set.chirps;
  /* Z lies row after row, which column-major BLAS reads as Z^T (chirps x rank); Z^T's Gram matrix is conj(Z
   * Z^H) */
  cblas_zherk(CblasRowMajor, CblasUpper, CblasNoTrans, rank, chirps, 1.0, s->z, chirps, 0.0, s->gram, rank);
  for (int i = 0; i < rank; i++) /* row-major upper half of G = column-major lower half of G^T = conj(G) */
    for (int j = i; j < rank; j++) s->gram[2 * (i * rank + j) + 1] *= -1;
  const iscc_status status =
      iscc_clutter_filter_weights(s->filter, rank, s->gram, s->basis_sum, s->weights, error);
  if (status) return status;
  float *restrict y = s->slow_time;
  for (int m = 0; m < chirps; m++) {
    double re = 0, im = 0;
    for (int r = 0; r < rank; r++) {
      const double *z = s->z + 2 * ((size_t)r * chirps + m), *w = s->weights + 2 * r;
      re += w[0] * z[0] - w[1] * z[1];
      im += w[0] * z[1] + w[1] * z[0];
    }
    y[2 * m] = (float)re;
    y[2 * m + 1] = (float)im;
  }
  return ISCC_OK;
}

/* matrix = Q Z + N: white circular noise stays white and circular when dechirped, so it is drawn as such. Its
 * mean goes into the product as one more column, which saves a pass. */
static void fill_matrix(iscc_sensing *s, iscc_random *noise) {
  static const float one[2] = {1, 0};
  const int n = s->samples, chirps = s->set.chirps, columns = s->rank + (s->set.subtract_mean ? 1 : 0);
  iscc_random_fill_normal(noise, (float)sqrt(0.5 * s->set.noise_power_w), s->matrix, 2 * (size_t)n * chirps);
  if (s->set.subtract_mean) {
    double *restrict sum = s->gram; /* free until the Gram matrix is built */
    memset(sum, 0, sizeof(double) * 2 * (size_t)n);
    for (int m = 0; m < chirps; m++) {
      const float *restrict column = s->matrix + 2 * (size_t)m * n;
      for (int i = 0; i < 2 * n; i++) sum[i] += (double)column[i];
    }
    for (int i = 0; i < 2 * n; i++) {
      s->mean[i] += sum[i] / chirps;
      s->basis_f[2 * (size_t)s->rank * n + i] = (float)(sum[i] / chirps);
    }
  }
  for (size_t i = 0; i < 2 * (size_t)s->rank * chirps; i++) s->z_f[i] = (float)s->z[i];
  cblas_cgemm(CblasColMajor, CblasNoTrans, CblasTrans, n, chirps, columns, one, s->basis_f, n, s->z_f, chirps,
              one, s->matrix, n);
}

static iscc_status filter_matrix(iscc_sensing *s, iscc_error *error) {
  static const float one[2] = {1, 0}, zero[2] = {0, 0};
  const int n = s->samples, chirps = s->set.chirps;
  if (!iscc_clutter_filter_keeps_all(s->filter)) {
    cblas_cherk(CblasColMajor, CblasLower, CblasNoTrans, n, chirps, 1.0F, s->matrix, n, 0.0F, s->gram_f, n);
    for (size_t i = 0; i < 2 * (size_t)n * n; i++) s->gram[i] = (double)s->gram_f[i];
  }
  const iscc_status status = iscc_clutter_filter_weights(s->filter, n, s->gram, s->ones, s->weights, error);
  if (status) return status;
  for (int i = 0; i < 2 * n; i++) s->weights_f[i] = (float)s->weights[i];
  cblas_cgemv(CblasColMajor, CblasTrans, n, chirps, one, s->matrix, n, s->weights_f, 1, zero, s->slow_time,
              1);
  return ISCC_OK;
}

iscc_status iscc_sensing_run(iscc_sensing *s, const iscc_person *person, double power_w, iscc_random *clutter,
                             iscc_random *noise, float *input, iscc_error *error) {
  if (!(power_w > 0 && power_w <= 1e6))
    return iscc_fail(error, ISCC_EINVAL, "power_w: %g is outside (0, 1e6] W", power_w);
  s->ran = false;
  iscc_status status = synthesize(s, person, power_w, clutter, error);
  if (status) return status;
  if (noise && s->set.noise_power_w <= 0) noise = NULL;
  memset(s->mean, 0, sizeof(double) * 2 * (size_t)s->samples);
  if (s->set.subtract_mean) subtract_mean(s);
  if (noise) fill_matrix(s, noise);
  status = noise ? filter_matrix(s, error) : filter_low_rank(s, error);
  if (status) return status;
  iscc_spectrogram_run(s->spectrogram, s->slow_time, s->input);
  memcpy(input, s->input, sizeof s->input);
  s->noisy = noise != NULL;
  s->ran = true;
  return ISCC_OK;
}
