/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-spectrogram.h"

#include <fftw3.h>
#include <math.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum { DFT = ISCC_DFT_POINTS, WINDOWS = ISCC_SPECTROGRAM_WINDOWS, FRAMES = ISCC_SPECTROGRAM_FRAMES };
enum { ROWS = ISCC_SPECTROGRAM_ROWS, LONGEST = 256 };

struct iscc_spectrogram {
  int samples;
  float window[WINDOWS][LONGEST];
  float row_share[ROWS][DFT]; /* weight of each bin in each row; bins in order of frequency */
  int row_first[ROWS], row_last[ROWS];
  fftwf_complex *time, *frequency;
  fftwf_plan plan;
};

/* FFTW's planner is not thread safe; everything else here is per handle. */
static pthread_mutex_t planner = PTHREAD_MUTEX_INITIALIZER;

int iscc_spectrogram_window(int index) {
  static const int lengths[WINDOWS] = {64, 128, 256};
  return lengths[index];
}

/* Modified Bessel function of the first kind, order 0, by its power series. */
static double bessel_i0(double x) {
  double term = 1, sum = 1;
  for (int k = 1; term > 1e-17 * sum; k++) {
    term *= (0.5 * x / k) * (0.5 * x / k);
    sum += term;
  }
  return sum;
}

static void fill_windows(iscc_spectrogram *s) {
  for (int w = 0; w < WINDOWS; w++) {
    const int n = iscc_spectrogram_window(w);
    for (int i = 0; i < n; i++) {
      const double x = 2.0 * i / (n - 1) - 1.0;
      s->window[w][i] = (float)(bessel_i0(ISCC_KAISER_BETA * sqrt(1 - x * x)) / bessel_i0(ISCC_KAISER_BETA));
    }
  }
}

/* Row r covers an equal share of +-limit; a bin counts by the share of the row its band of one bin width
 * fills. */
static void fill_rows(iscc_spectrogram *s, double rate_hz, double limit_hz) {
  const double bin_hz = rate_hz / DFT, row_hz = 2 * limit_hz / ROWS;
  for (int r = 0; r < ROWS; r++) {
    const double low = -limit_hz + r * row_hz, high = low + row_hz;
    s->row_first[r] = DFT;
    for (int b = 0; b < DFT; b++) {
      const double centre = (b - DFT / 2) * bin_hz;
      const double overlap = fmin(high, centre + bin_hz / 2) - fmax(low, centre - bin_hz / 2);
      s->row_share[r][b] = overlap > 0 ? (float)(overlap / row_hz) : 0.0f;
      if (overlap <= 0) continue;
      if (b < s->row_first[r]) s->row_first[r] = b;
      s->row_last[r] = b;
    }
  }
}

iscc_status iscc_spectrogram_create(int samples, double rate_hz, double doppler_limit_hz,
                                    iscc_spectrogram **out, iscc_error *error) {
  *out = NULL;
  if (samples < DFT)
    return iscc_fail(error, ISCC_EINVAL, "chirps: %d are fewer than the DFT's %d", samples, DFT);
  if (!(doppler_limit_hz > 0 && doppler_limit_hz <= 0.5 * rate_hz))
    return iscc_fail(error, ISCC_EINVAL, "doppler_limit_hz: %g is outside 0..%g Hz, half the chirp rate",
                     doppler_limit_hz, 0.5 * rate_hz);
  iscc_spectrogram *s = calloc(1, sizeof *s);
  if (!s) return iscc_fail(error, ISCC_ENOMEM, "spectrogram: out of memory");
  s->samples = samples;
  fill_windows(s);
  fill_rows(s, rate_hz, doppler_limit_hz);
  pthread_mutex_lock(&planner);
  s->time = fftwf_alloc_complex(DFT);
  s->frequency = fftwf_alloc_complex(DFT);
  /* estimate: no timing decides the algorithm, so equal inputs give equal bytes */
  if (s->time && s->frequency)
    s->plan = fftwf_plan_dft_1d(DFT, s->time, s->frequency, FFTW_FORWARD, FFTW_ESTIMATE);
  pthread_mutex_unlock(&planner);
  if (!s->plan) {
    iscc_spectrogram_destroy(s);
    return iscc_fail(error, ISCC_ENOMEM, "spectrogram: no DFT plan");
  }
  *out = s;
  return ISCC_OK;
}

void iscc_spectrogram_destroy(iscc_spectrogram *s) {
  if (!s) return;
  pthread_mutex_lock(&planner);
  if (s->plan) fftwf_destroy_plan(s->plan);
  fftwf_free(s->time);
  fftwf_free(s->frequency);
  pthread_mutex_unlock(&planner);
  free(s);
}

int iscc_spectrogram_frame_start(const iscc_spectrogram *s, int window, int frame) {
  const int room = s->samples - iscc_spectrogram_window(window);
  return (int)lround((double)room * frame / (FRAMES - 1));
}

/* Power of one frame, bins in order of frequency: bin b is DFT index (b + DFT/2) mod DFT. */
static void frame_power(iscc_spectrogram *s, const float *y, int window, int frame, float power[DFT]) {
  const int n = iscc_spectrogram_window(window), start = iscc_spectrogram_frame_start(s, window, frame);
  memset(s->time, 0, sizeof(fftwf_complex) * DFT);
  for (int i = 0; i < n; i++) {
    s->time[i][0] = s->window[window][i] * y[2 * (start + i)];
    s->time[i][1] = s->window[window][i] * y[2 * (start + i) + 1];
  }
  fftwf_execute(s->plan);
  for (int b = 0; b < DFT; b++) {
    const float *x = s->frequency[b < DFT / 2 ? b + DFT / 2 : b - DFT / 2];
    power[b] = x[0] * x[0] + x[1] * x[1];
  }
}

void iscc_spectrogram_power(iscc_spectrogram *s, const float *y, float *power) {
  float one[DFT];
  for (int w = 0; w < WINDOWS; w++)
    for (int f = 0; f < FRAMES; f++) {
      frame_power(s, y, w, f, one);
      for (int b = 0; b < DFT; b++) power[((size_t)w * DFT + b) * FRAMES + f] = one[b];
    }
}

void iscc_spectrogram_input(iscc_spectrogram *s, const float *y, float *input) {
  /* the scale of y spans many decades: bring it near 1 so that no power under- or overflows single precision
   */
  float largest = 0;
  for (int i = 0; i < 2 * s->samples; i++) largest = fmaxf(largest, fabsf(y[i]));
  const float scale = largest > 0 ? 1 / (largest * largest) : 0;
  float power[DFT];
  double square_sum = 0;
  for (int w = 0; w < WINDOWS; w++)
    for (int f = 0; f < FRAMES; f++) {
      frame_power(s, y, w, f, power);
      for (int r = 0; r < ROWS; r++) {
        float mean = 0;
        for (int b = s->row_first[r]; b <= s->row_last[r]; b++) mean += s->row_share[r][b] * power[b];
        const float magnitude = sqrtf(mean * scale);
        square_sum += (double)magnitude;
        input[((size_t)w * ROWS + r) * FRAMES + f] = sqrtf(magnitude);
      }
    }
  const float norm = square_sum > 0 ? (float)(1 / sqrt(square_sum)) : 0;
  for (int i = 0; i < WINDOWS * ROWS * FRAMES; i++) input[i] *= norm;
}
