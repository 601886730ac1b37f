/* SPDX-License-Identifier: GPL-2.0-only */
/* Y = Q Z + N: Q (fast x rank) orthonormal, Z (rank x chirps) the echoes, N receiver noise. Two routes to the
 * slow-time vector y. Without noise all happens in Z. With noise the full matrix is formed in single
 * precision, after the mean was taken from Z in double precision: static echoes are up to 60 dB above the
 * person's. The mean of N is taken out of its Gram matrix and of y afterwards, which is the same and needs no
 * second pass. */
#include "iscc-sensing.h"

#include <cblas.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "iscc-body.h"
#include "iscc-clutter-filter.h"
#include "iscc-echo.h"
#include "iscc-room.h"
#include "iscc-spectrogram.h"

#define LIGHT_MPS  299792458.0
#define FARTHEST_M 15.0 /* person or room echo, one way */

struct iscc_sensing {
  iscc_sensing_settings set;
  int samples, chirps, rank;
  iscc_body *body;
  iscc_echo *echo;
  iscc_clutter_filter *filter_low, *filter_full; /* on Z, on Y */
  iscc_spectrogram *spectrogram;
  double *range_m, *amplitude; /* per segment and chirp */
  float *gain_re, *gain_im;    /* of one tap per chirp */
  double *z;                   /* Z, row after row */
  float *z_single;             /* Z, chirp after chirp: rank x chirps column-major */
  float *matrix;               /* Y, chirp after chirp: samples x chirps column-major */
  float *basis_single;         /* Q */
  double *gram;
  float *gram_single;
  double *sum_low, *sum_full; /* 1^T in the row basis of Z (1^T Q) and of Y (ones) */
  double *weights;
  float *y; /* slow-time vector */
};

void iscc_sensing_defaults(iscc_sensing_settings *s) {
  *s = (iscc_sensing_settings){
      .carrier_hz = 60e9,
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
      .random_gait_phase = false,
  };
}

static iscc_status check_settings(const iscc_sensing_settings *s, iscc_error *error) {
  const struct {
    const char *name;
    double value, low, high;
    const char *unit;
  } ranges[] = {
      {"carrier_hz", s->carrier_hz, 1e6, 1e12, "Hz"},
      {"sweep_hz", s->sweep_hz, 1, 1e11, "Hz"},
      {"chirp_s", s->chirp_s, 1e-7, 1, "s"},
      {"sampling_hz", s->sampling_hz, 1e3, 1e10, "Hz"},
      {"chirp_spacing_s", s->chirp_spacing_s, s->chirp_s, 1, "s"},
      {"chirps", s->chirps, ISCC_DFT_POINTS, 1000000, ""},
      {"radar_x_m", s->radar_x_m, -1, 6, "m"},
      {"radar_y_m", s->radar_y_m, -3, 3, "m"},
      {"radar_z_m", s->radar_z_m, 0, 3, "m"},
      {"noise_power_w", s->noise_power_w, 0, 1, "W"},
      {"clutter_correlation", s->clutter_correlation, 0, 0.999999, ""},
  };
  for (size_t i = 0; i < sizeof ranges / sizeof *ranges; i++)
    if (!(ranges[i].value >= ranges[i].low && ranges[i].value <= ranges[i].high))
      return iscc_fail(error, ISCC_EINVAL, "%s: %g is outside %g..%g %s", ranges[i].name, ranges[i].value,
                       ranges[i].low, ranges[i].high, ranges[i].unit);
  const double samples = s->sampling_hz * s->chirp_s;
  if (!(samples >= 8 && samples <= ISCC_FILTER_SIZE_MAX))
    return iscc_fail(error, ISCC_EINVAL, "sampling_hz * chirp_s: %g fast-time samples are outside 8..%d",
                     samples, ISCC_FILTER_SIZE_MAX);
  return ISCC_OK;
}

static iscc_status create_parts(iscc_sensing *s, iscc_error *error) {
  const iscc_sensing_settings *set = &s->set;
  const iscc_echo_settings echo = {.carrier_hz = set->carrier_hz,
                                   .sweep_hz = set->sweep_hz,
                                   .chirp_s = set->chirp_s,
                                   .sampling_hz = set->sampling_hz,
                                   .chirps = set->chirps,
                                   .farthest_m = FARTHEST_M};
  iscc_status status = iscc_echo_create(&echo, &s->echo, error);
  if (status) return status;
  s->samples = iscc_echo_fast_samples(s->echo);
  s->rank = iscc_echo_rank(s->echo);
  status = iscc_body_create(set->chirps, set->chirp_spacing_s, set->random_gait_phase, &s->body, error);
  if (!status)
    status = iscc_clutter_filter_create(s->rank, set->svd_first, set->svd_last, &s->filter_low, error);
  if (!status)
    status = iscc_clutter_filter_create(s->samples, set->svd_first, set->svd_last, &s->filter_full, error);
  if (!status)
    status = iscc_spectrogram_create(set->chirps, 1 / set->chirp_spacing_s, set->doppler_limit_hz,
                                     &s->spectrogram, error);
  return status;
}

static iscc_status create_work_space(iscc_sensing *s, iscc_error *error) {
  const size_t chirps = (size_t)s->chirps, rank = (size_t)s->rank, samples = (size_t)s->samples;
  const struct {
    void **at;
    size_t bytes;
  } blocks[] = {
      {(void **)&s->range_m, sizeof(double) * ISCC_BODY_SEGMENTS * chirps},
      {(void **)&s->amplitude, sizeof(double) * ISCC_BODY_SEGMENTS * chirps},
      {(void **)&s->gain_re, sizeof(float) * chirps},
      {(void **)&s->gain_im, sizeof(float) * chirps},
      {(void **)&s->z, sizeof(double) * 2 * rank * chirps},
      {(void **)&s->z_single, sizeof(float) * 2 * rank * chirps},
      {(void **)&s->matrix, sizeof(float) * 2 * samples * chirps},
      {(void **)&s->basis_single, sizeof(float) * 2 * samples * rank},
      {(void **)&s->gram, sizeof(double) * 2 * samples * samples},
      {(void **)&s->gram_single, sizeof(float) * 2 * samples * samples},
      {(void **)&s->sum_low, sizeof(double) * 2 * rank},
      {(void **)&s->sum_full, sizeof(double) * 2 * samples},
      {(void **)&s->weights, sizeof(double) * 2 * samples},
      {(void **)&s->y, sizeof(float) * 2 * chirps},
  };
  for (size_t i = 0; i < sizeof blocks / sizeof *blocks; i++) {
    *blocks[i].at = malloc(blocks[i].bytes);
    if (!*blocks[i].at)
      return iscc_fail(error, ISCC_ENOMEM, "sensing: no memory for %zu x %zu echo samples", samples, chirps);
  }
  return ISCC_OK;
}

static void fill_bases(iscc_sensing *s) {
  const double *q = iscc_echo_basis(s->echo);
  memset(s->sum_low, 0, sizeof(double) * 2 * (size_t)s->rank);
  for (int r = 0; r < s->rank; r++)
    for (int n = 0; n < s->samples; n++)
      for (int part = 0; part < 2; part++) {
        const int i = 2 * (r * s->samples + n) + part;
        s->basis_single[i] = (float)q[i];
        s->sum_low[2 * r + part] += q[i];
      }
  for (int n = 0; n < s->samples; n++) {
    s->sum_full[2 * n] = 1;
    s->sum_full[2 * n + 1] = 0;
  }
}

iscc_status iscc_sensing_create(const iscc_sensing_settings *settings, iscc_sensing **out,
                                iscc_error *error) {
  *out = NULL;
  iscc_status status = check_settings(settings, error);
  if (status) return status;
  openblas_set_num_threads(1); /* one thread per handle; more would only fight, and change the bytes */
  iscc_sensing *s = calloc(1, sizeof *s);
  if (!s) return iscc_fail(error, ISCC_ENOMEM, "sensing: out of memory");
  s->set = *settings;
  s->chirps = settings->chirps;
  status = create_parts(s, error);
  if (!status) status = create_work_space(s, error);
  if (status) {
    iscc_sensing_destroy(s);
    return status;
  }
  fill_bases(s);
  *out = s;
  return ISCC_OK;
}

void iscc_sensing_destroy(iscc_sensing *s) {
  if (!s) return;
  iscc_body_destroy(s->body);
  iscc_echo_destroy(s->echo);
  iscc_clutter_filter_destroy(s->filter_low);
  iscc_clutter_filter_destroy(s->filter_full);
  iscc_spectrogram_destroy(s->spectrogram);
  void *blocks[] = {s->range_m,  s->amplitude, s->gain_re,      s->gain_im, s->z,
                    s->z_single, s->matrix,    s->basis_single, s->gram,    s->gram_single,
                    s->sum_low,  s->sum_full,  s->weights,      s->y};
  for (size_t i = 0; i < sizeof blocks / sizeof *blocks; i++) free(blocks[i]);
  free(s);
}

double iscc_sensing_time_s(const iscc_sensing *s) {
  return s->set.chirps * s->set.chirp_spacing_s;
}

/* Z of person and room at the given power. */
static iscc_status gather_echo(iscc_sensing *s, const iscc_person *person, double power_w,
                               iscc_random *clutter, iscc_error *error) {
  const double radar_m[3] = {s->set.radar_x_m, s->set.radar_y_m, s->set.radar_z_m};
  const double wavelength_m = LIGHT_MPS / s->set.carrier_hz;
  iscc_status status =
      iscc_body_echoes(s->body, person, radar_m, wavelength_m, s->range_m, s->amplitude, error);
  iscc_echo_clear(s->echo);
  for (int k = 0; k < ISCC_BODY_SEGMENTS && !status; k++)
    status = iscc_echo_add_moving(s->echo, s->range_m + (size_t)k * s->chirps,
                                  s->amplitude + (size_t)k * s->chirps, error);
  if (status) return status;
  if (s->set.clutter) {
    iscc_room room;
    iscc_room_draw(clutter, radar_m, wavelength_m, &room);
    for (int i = 0; i < ISCC_ROOM_TAPS; i++) {
      iscc_room_fluctuation(clutter, s->set.clutter_correlation, s->chirps, s->gain_re, s->gain_im);
      iscc_echo_add_fixed(s->echo, room.path_m[i], room.amplitude[i], s->gain_re, s->gain_im);
    }
  }
  iscc_echo_gather(s->echo, sqrt(power_w), s->z);
  return ISCC_OK;
}

static void subtract_row_means(double *z, int rows, int columns) {
  for (int r = 0; r < rows; r++) {
    double *row = z + 2 * (size_t)r * columns, re = 0, im = 0;
    for (int m = 0; m < columns; m++) {
      re += row[2 * m];
      im += row[2 * m + 1];
    }
    for (int m = 0; m < columns; m++) {
      row[2 * m] -= re / columns;
      row[2 * m + 1] -= im / columns;
    }
  }
}

/* y from Z alone: Q is orthonormal, so Z has the singular values and right vectors of Y. */
static iscc_status slow_time_low_rank(iscc_sensing *s, iscc_error *error) {
  static const double zero[2] = {0, 0}, one[2] = {1, 0};
  cblas_zherk(CblasColMajor, CblasLower, CblasConjTrans, s->rank, s->chirps, 1.0, s->z, s->chirps, 0.0,
              s->gram, s->rank);
  /* stored row after row, Z^H Z of the transposed matrix is the conjugate of Z Z^H */
  for (int i = 0; i < s->rank * s->rank; i++) s->gram[2 * i + 1] = -s->gram[2 * i + 1];
  iscc_status status =
      iscc_clutter_filter_weights(s->filter_low, s->rank, s->gram, s->sum_low, s->weights, error);
  if (status) return status;
  double *y = s->range_m; /* long since used: 16 values per chirp */
  cblas_zgemv(CblasColMajor, CblasNoTrans, s->chirps, s->rank, one, s->z, s->chirps, s->weights, 1, zero, y,
              1);
  for (int i = 0; i < 2 * s->chirps; i++) s->y[i] = (float)y[i];
  return ISCC_OK;
}

/* Y = Q Z + N in s->matrix, chirp after chirp. */
static void form_matrix(iscc_sensing *s, iscc_random *noise) {
  static const float one[2] = {1, 0};
  for (int r = 0; r < s->rank; r++)
    for (int m = 0; m < s->chirps; m++)
      for (int part = 0; part < 2; part++)
        s->z_single[2 * ((size_t)m * s->rank + r) + part] =
            (float)s->z[2 * ((size_t)r * s->chirps + m) + part];
  const size_t values = 2 * (size_t)s->samples * (size_t)s->chirps;
  if (noise)
    iscc_random_fill_normal(noise, (float)sqrt(0.5 * s->set.noise_power_w), s->matrix, values);
  else
    memset(s->matrix, 0, sizeof(float) * values);
  cblas_cgemm(CblasColMajor, CblasNoTrans, CblasNoTrans, s->samples, s->chirps, s->rank, one, s->basis_single,
              s->samples, s->z_single, s->rank, one, s->matrix, s->samples);
}

/* Column mean of s->matrix: the slow-time mean of each fast-time sample. */
static void matrix_mean(const iscc_sensing *s, double *mean) {
  memset(mean, 0, sizeof(double) * 2 * (size_t)s->samples);
  for (int m = 0; m < s->chirps; m++)
    for (int i = 0; i < 2 * s->samples; i++) mean[i] += (double)s->matrix[2 * (size_t)m * s->samples + i];
  for (int i = 0; i < 2 * s->samples; i++) mean[i] /= s->chirps;
}

/* Gram matrix of s->matrix less its mean, lower half, in double precision. */
static void matrix_gram(iscc_sensing *s, const double *mean) {
  const int n = s->samples;
  cblas_cherk(CblasColMajor, CblasLower, CblasNoTrans, n, s->chirps, 1.0f, s->matrix, n, 0.0f, s->gram_single,
              n);
  for (int j = 0; j < n; j++)
    for (int i = j; i < n; i++) {
      const double *a = mean + 2 * i, *b = mean + 2 * j;
      const size_t at = 2 * ((size_t)j * n + i);
      s->gram[at] = (double)s->gram_single[at] - s->chirps * (a[0] * b[0] + a[1] * b[1]);
      s->gram[at + 1] = (double)s->gram_single[at + 1] - s->chirps * (a[1] * b[0] - a[0] * b[1]);
    }
}

static iscc_status slow_time_full(iscc_sensing *s, iscc_error *error) {
  static const float zero[2] = {0, 0}, one[2] = {1, 0};
  double *mean = s->range_m;
  matrix_mean(s, mean);
  if (!s->set.subtract_mean) memset(mean, 0, sizeof(double) * 2 * (size_t)s->samples);
  matrix_gram(s, mean);
  iscc_status status =
      iscc_clutter_filter_weights(s->filter_full, s->samples, s->gram, s->sum_full, s->weights, error);
  if (status) return status;
  float *w = s->gram_single; /* free again */
  double mean_re = 0, mean_im = 0;
  for (int i = 0; i < s->samples; i++) {
    const double re = s->weights[2 * i], im = s->weights[2 * i + 1];
    w[2 * i] = (float)re;
    w[2 * i + 1] = (float)im;
    mean_re += re * mean[2 * i] - im * mean[2 * i + 1];
    mean_im += re * mean[2 * i + 1] + im * mean[2 * i];
  }
  cblas_cgemv(CblasColMajor, CblasTrans, s->samples, s->chirps, one, s->matrix, s->samples, w, 1, zero, s->y,
              1);
  for (int m = 0; m < s->chirps; m++) {
    s->y[2 * m] -= (float)mean_re;
    s->y[2 * m + 1] -= (float)mean_im;
  }
  return ISCC_OK;
}

iscc_status iscc_sensing_run(iscc_sensing *s, const iscc_person *person, double power_w, iscc_random *clutter,
                             iscc_random *noise, float *input, iscc_error *error) {
  if (!(power_w > 0 && isfinite(power_w)))
    return iscc_fail(error, ISCC_EINVAL, "power_w: %g is not greater than 0 W", power_w);
  iscc_status status = gather_echo(s, person, power_w, clutter, error);
  if (status) return status;
  if (s->set.subtract_mean) subtract_row_means(s->z, s->rank, s->chirps);
  if (noise && s->set.noise_power_w > 0) {
    form_matrix(s, noise);
    status = slow_time_full(s, error);
  } else {
    status = slow_time_low_rank(s, error);
  }
  if (!status) iscc_spectrogram_input(s->spectrogram, s->y, input);
  return status;
}
