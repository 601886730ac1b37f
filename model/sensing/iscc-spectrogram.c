/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-spectrogram.h"

#include <fftw3.h>
#include <math.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "iscc-sensing.h"

enum { CHANNELS = ISCC_INPUT_CHANNELS, ROWS = ISCC_INPUT_ROWS, FRAMES = ISCC_INPUT_COLUMNS };

typedef struct { /* one row of the picture: bins first..first+count-1 (modulo F) with weights that sum to 1 */
  int first, count, weight_at;
} picture_row;

struct iscc_spectrogram {
  int samples, size; /* of y, of the transform */
  int window_size[CHANNELS];
  float *window[CHANNELS];
  fftwf_complex *frames; /* FRAMES x F, transformed in place */
  float *power;          /* CHANNELS x FRAMES x F */
  fftwf_plan plan;
  picture_row row[ROWS];
  float *row_weight;
  float largest; /* of the last y's components */
};

/* FFTW's planner is the one part of it that is not thread safe. */
static pthread_mutex_t planner = PTHREAD_MUTEX_INITIALIZER;

/* Modified Bessel function I_0 by its series: all terms are positive, so it is exact to rounding. */
static double bessel_i0(double x) {
  double term = 1.0, sum = 1.0;
  for (int k = 1; term > 1e-17 * sum; k++) {
    term *= (x / (2 * k)) * (x / (2 * k));
    sum += term;
  }
  return sum;
}

static void fill_kaiser(float *window, int size) {
  for (int i = 0; i < size; i++) {
    const double x = size > 1 ? 2.0 * i / (size - 1) - 1.0 : 0.0;
    window[i] =
        (float)(bessel_i0(ISCC_WINDOW_BETA * sqrt(fmax(0.0, 1.0 - x * x))) / bessel_i0(ISCC_WINDOW_BETA));
  }
}

/* Rows of equal height over +-limit; bin k covers (k +- 1/2) bin_hz and counts with the part of it in the
 * row. */
static void lay_out_rows(iscc_spectrogram *s, double bin_hz, double limit_hz) {
  const double height = 2 * limit_hz / ROWS;
  int at = 0;
  for (int r = 0; r < ROWS; r++) {
    const double low = -limit_hz + r * height, high = low + height;
    const int first = (int)floor(low / bin_hz + 0.5), last = (int)floor(high / bin_hz + 0.5);
    s->row[r] = (picture_row){.first = first, .count = last - first + 1, .weight_at = at};
    for (int k = first; k <= last; k++) {
      const double overlap = fmin(high, (k + 0.5) * bin_hz) - fmax(low, (k - 0.5) * bin_hz);
      s->row_weight[at++] = (float)(fmax(0.0, overlap) / height);
    }
  }
}

static iscc_status check(int samples, double spacing_s, double limit_hz, iscc_error *error) {
  const double longest_s = ISCC_WINDOW_SHORTEST_S * (1 << (CHANNELS - 1));
  if (!(spacing_s > 0 && spacing_s <= ISCC_WINDOW_SHORTEST_S / 8))
    return iscc_fail(error, ISCC_EINVAL, "chirp_spacing_s: %g is outside (0, %g] s", spacing_s,
                     ISCC_WINDOW_SHORTEST_S / 8);
  if (samples < (int)lround(longest_s / spacing_s))
    return iscc_fail(error, ISCC_EINVAL,
                     "chirps: %d chirps of %g s are shorter than the longest window (%g s)", samples,
                     spacing_s, longest_s);
  if (!(limit_hz > 0 && limit_hz <= 0.5 / spacing_s))
    return iscc_fail(error, ISCC_EINVAL, "doppler_limit_hz: %g is outside (0, %g] Hz (half the chirp rate)",
                     limit_hz, 0.5 / spacing_s);
  return ISCC_OK;
}

static iscc_status allocate(iscc_spectrogram *s, iscc_error *error) {
  const size_t size = (size_t)s->size;
  s->frames = fftwf_malloc(sizeof *s->frames * FRAMES * size);
  s->power = calloc(CHANNELS * FRAMES * size, sizeof *s->power);
  s->row_weight = calloc(size + 3 * ROWS, sizeof *s->row_weight);
  bool complete = s->frames && s->power && s->row_weight;
  for (int c = 0; c < CHANNELS; c++) {
    s->window[c] = malloc(sizeof *s->window[c] * (size_t)s->window_size[c]);
    complete = complete && s->window[c];
  }
  if (!complete) return iscc_fail(error, ISCC_ENOMEM, "spectrogram: out of memory");
  pthread_mutex_lock(&planner);
  s->plan = fftwf_plan_many_dft(1, &s->size, FRAMES, s->frames, NULL, 1, s->size, s->frames, NULL, 1, s->size,
                                FFTW_FORWARD, FFTW_ESTIMATE);
  pthread_mutex_unlock(&planner);
  return s->plan ? ISCC_OK
                 : iscc_fail(error, ISCC_ELIBRARY, "spectrogram: FFTW made no plan for %d points", s->size);
}

iscc_status iscc_spectrogram_create(int samples, double spacing_s, double limit_hz, iscc_spectrogram **out,
                                    iscc_error *error) {
  *out = NULL;
  iscc_status status = check(samples, spacing_s, limit_hz, error);
  if (status) return status;
  iscc_spectrogram *s = calloc(1, sizeof *s);
  if (!s) return iscc_fail(error, ISCC_ENOMEM, "spectrogram: out of memory");
  s->samples = samples;
  s->size = (int)lround(ISCC_TRANSFORM_S / spacing_s);
  for (int c = 0; c < CHANNELS; c++)
    s->window_size[c] = (int)lround(ISCC_WINDOW_SHORTEST_S * (1 << c) / spacing_s);
  status = allocate(s, error);
  if (status) {
    iscc_spectrogram_destroy(s);
    return status;
  }
  for (int c = 0; c < CHANNELS; c++) fill_kaiser(s->window[c], s->window_size[c]);
  lay_out_rows(s, 1.0 / (spacing_s * s->size), limit_hz);
  *out = s;
  return ISCC_OK;
}

void iscc_spectrogram_destroy(iscc_spectrogram *s) {
  if (!s) return;
  pthread_mutex_lock(&planner);
  if (s->plan) fftwf_destroy_plan(s->plan);
  pthread_mutex_unlock(&planner);
  fftwf_free(s->frames);
  free(s->power);
  free(s->row_weight);
  for (int c = 0; c < CHANNELS; c++) free(s->window[c]);
  free(s);
}

int iscc_spectrogram_transform_size(const iscc_spectrogram *s) {
  return s->size;
}

int iscc_spectrogram_window_size(const iscc_spectrogram *s, int channel) {
  return s->window_size[channel];
}

int iscc_spectrogram_frame_start(const iscc_spectrogram *s, int channel, int frame) {
  return (int)lround((double)frame * (s->samples - s->window_size[channel]) / (FRAMES - 1));
}

double iscc_spectrogram_scale(const iscc_spectrogram *s) {
  return (double)s->largest * (double)s->largest;
}

const float *iscc_spectrogram_power(const iscc_spectrogram *s, int channel, int frame) {
  return s->power + (size_t)(channel * FRAMES + frame) * (size_t)s->size;
}

static void transform_channel(iscc_spectrogram *s, int channel, const float *y) {
  const int size = s->window_size[channel];
  const float *restrict window = s->window[channel];
  const float scale = s->largest > 0 ? 1 / s->largest : 0;
  memset(s->frames, 0, sizeof *s->frames * FRAMES * (size_t)s->size);
  for (int f = 0; f < FRAMES; f++) {
    const float *restrict from = y + 2 * (size_t)iscc_spectrogram_frame_start(s, channel, f);
    float *restrict to = (float *)(s->frames + (size_t)f * s->size);
    for (int i = 0; i < size; i++) {
      to[2 * i] = window[i] * (scale * from[2 * i]);
      to[2 * i + 1] = window[i] * (scale * from[2 * i + 1]);
    }
  }
  fftwf_execute(s->plan);
  const float *restrict spectrum = (const float *)s->frames;
  float *restrict power = s->power + (size_t)channel * FRAMES * s->size;
  for (int i = 0; i < FRAMES * s->size; i++)
    power[i] = spectrum[2 * i] * spectrum[2 * i] + spectrum[2 * i + 1] * spectrum[2 * i + 1];
}

static float average_power(const iscc_spectrogram *s, const float *power, const picture_row *row) {
  float sum = 0;
  for (int i = 0; i < row->count; i++) {
    int k = (row->first + i) % s->size;
    if (k < 0) k += s->size;
    sum += s->row_weight[row->weight_at + i] * power[k];
  }
  return sum;
}

void iscc_spectrogram_run(iscc_spectrogram *s, const float *y, float *input) {
  double energy = 0;
  s->largest = 0;
  for (int i = 0; i < 2 * s->samples; i++) s->largest = fmaxf(s->largest, fabsf(y[i]));
  for (int c = 0; c < CHANNELS; c++) {
    transform_channel(s, c, y);
    for (int f = 0; f < FRAMES; f++)
      for (int r = 0; r < ROWS; r++) {
        const float value = sqrtf(sqrtf(average_power(s, iscc_spectrogram_power(s, c, f), &s->row[r])));
        input[(c * ROWS + r) * FRAMES + f] = value;
        energy += (double)value * (double)value;
      }
  }
  if (energy <= 0) return;
  const float scale = (float)(1 / sqrt(energy));
  for (int i = 0; i < ISCC_INPUT_SIZE; i++) input[i] *= scale;
}
