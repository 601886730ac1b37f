/* SPDX-License-Identifier: GPL-2.0-only */
#include <check.h>
#include <math.h>
#include <stdlib.h>

#include "iscc-random.h"
#include "iscc-sensing.h"
#include "iscc-spectrogram.h"

#define TWO_PI 6.28318530717958647692
enum { SAMPLES = 2000, POINTS = 512 };
#define SPACING_S 0.25e-3

static iscc_spectrogram *spectrogram;
static float y[2 * SAMPLES], input[ISCC_INPUT_SIZE];

static void make_spectrogram(void) {
  ck_assert_int_eq(iscc_spectrogram_create(SAMPLES, SPACING_S, 1000, &spectrogram, NULL), ISCC_OK);
}

static void drop_spectrogram(void) {
  iscc_spectrogram_destroy(spectrogram);
}

static void fill_noise(void) {
  iscc_random r;
  iscc_random_seed(&r, 5, 0, 0, ISCC_STREAM_TEST);
  iscc_random_fill_normal(&r, 3e-6F, y, 2 * SAMPLES);
}

/* I_0(x) = (1/pi) int_0^pi exp(x cos t) dt: another way than the series of the implementation. */
static double bessel_i0(double x) {
  enum { STEPS = 2000 };
  double sum = 0;
  for (int i = 0; i < STEPS; i++) sum += exp(x * cos(TWO_PI / 2 * (i + 0.5) / STEPS));
  return sum / STEPS;
}

/* |DFT|^2 of one windowed frame straight from the definition, in double precision. */
static double direct_power(int size, int start, int k) {
  double re = 0, im = 0;
  for (int i = 0; i < size; i++) {
    const double u = 2.0 * i / (size - 1) - 1.0;
    const double w = bessel_i0(8 * sqrt(fmax(0, 1 - u * u))) / bessel_i0(8);
    const double c = cos(-TWO_PI * k * i / POINTS), s = sin(-TWO_PI * k * i / POINTS);
    const double a = w * (double)y[2 * (start + i)], b = w * (double)y[2 * (start + i) + 1];
    re += a * c - b * s;
    im += a * s + b * c;
  }
  return re * re + im * im;
}

START_TEST(transform_matches_a_direct_dft) {
  fill_noise();
  iscc_spectrogram_run(spectrogram, y, input);
  static const int sizes[] = {64, 128, 256}, frames[] = {0, 17, 41}, bins[] = {0, 1, 100, 255, 256, 300, 511};
  for (int c = 0; c < 3; c++) {
    ck_assert_int_eq(iscc_spectrogram_window_size(spectrogram, c), sizes[c]);
    double mean = 0;
    for (int f = 0; f < 3; f++) {
      const int start = iscc_spectrogram_frame_start(spectrogram, c, frames[f]);
      ck_assert_int_eq(start, (int)lround(frames[f] * (SAMPLES - sizes[c]) / 41.0));
      for (int k = 0; k < 7; k++) mean += direct_power(sizes[c], start, bins[k]) / 21;
      for (int k = 0; k < 7; k++) {
        const double wanted = direct_power(sizes[c], start, bins[k]);
        const double found = iscc_spectrogram_scale(spectrogram) *
                             (double)iscc_spectrogram_power(spectrogram, c, frames[f])[bins[k]];
        ck_assert_msg(fabs(found - wanted) <= 1e-5 * (wanted + mean),
                      "window %d frame %d bin %d: %g, direct %g", sizes[c], frames[f], bins[k], found,
                      wanted);
      }
    }
  }
}
END_TEST

START_TEST(frames_cover_the_vector_from_end_to_end) {
  for (int c = 0; c < 3; c++) {
    ck_assert_int_eq(iscc_spectrogram_frame_start(spectrogram, c, 0), 0);
    ck_assert_int_eq(iscc_spectrogram_frame_start(spectrogram, c, 41),
                     SAMPLES - iscc_spectrogram_window_size(spectrogram, c));
  }
}
END_TEST

/* Rows redone from the transform with an area average written another way: by fine slices of each row. */
START_TEST(rows_average_power_by_area) {
  enum { SLICES = 2000 };
  fill_noise();
  iscc_spectrogram_run(spectrogram, y, input);
  double energy = 0, wanted[42];
  for (int c = 0; c < 3; c++)
    for (int f = 0; f < 42; f++)
      for (int r = 0; r < 42; r++) {
        const double value = (double)input[(c * 42 + r) * 42 + f];
        energy += value * value;
      }
  ck_assert_double_eq_tol(energy, 1, 1e-5);
  const float *power = iscc_spectrogram_power(spectrogram, 1, 20);
  double ratio_low = INFINITY, ratio_high = 0;
  for (int r = 0; r < 42; r++) {
    wanted[r] = 0;
    for (int i = 0; i < SLICES; i++) {
      const double hz = -1000 + (r + (i + 0.5) / SLICES) * 2000 / 42;
      wanted[r] += (double)power[((int)lround(hz * POINTS * SPACING_S) + POINTS) % POINTS] / SLICES;
    }
    const double ratio = (double)input[(42 + r) * 42 + 20] / pow(wanted[r], 0.25);
    ratio_low = fmin(ratio_low, ratio);
    ratio_high = fmax(ratio_high, ratio);
  }
  ck_assert_msg(ratio_high / ratio_low < 1.002, "rows scale by %g..%g", ratio_low, ratio_high);
}
END_TEST

/* A tone ends up in the row of its frequency, positive frequencies above. */
START_TEST(tone_appears_in_its_row) {
  const double hz = _i * 100 - 950;
  for (int i = 0; i < SAMPLES; i++) {
    y[2 * i] = (float)cos(TWO_PI * hz * i * SPACING_S);
    y[2 * i + 1] = (float)sin(TWO_PI * hz * i * SPACING_S);
  }
  iscc_spectrogram_run(spectrogram, y, input);
  const int row = (int)floor((hz + 1000) / 2000 * 42);
  for (int c = 0; c < 3; c++) {
    int best = 0;
    for (int r = 1; r < 42; r++)
      if (input[(c * 42 + r) * 42 + 20] > input[(c * 42 + best) * 42 + 20]) best = r;
    ck_assert_msg(abs(best - row) <= 1, "%g Hz: row %d, found %d", hz, row, best);
  }
}
END_TEST

START_TEST(any_scale_gives_the_same_picture_and_zero_gives_zeros) {
  static float again[ISCC_INPUT_SIZE];
  fill_noise();
  iscc_spectrogram_run(spectrogram, y, input);
  for (int i = 0; i < 2 * SAMPLES; i++) y[i] *= 0x1p-40F;
  iscc_spectrogram_run(spectrogram, y, again);
  for (int i = 0; i < ISCC_INPUT_SIZE; i++) ck_assert(fabsf(again[i] - input[i]) < 1e-6F);
  for (int i = 0; i < 2 * SAMPLES; i++) y[i] = 0;
  iscc_spectrogram_run(spectrogram, y, again);
  for (int i = 0; i < ISCC_INPUT_SIZE; i++) ck_assert(again[i] == 0);
}
END_TEST

START_TEST(refusals) {
  static const struct {
    int samples;
    double spacing_s, limit_hz;
  } rows[] = {{255, SPACING_S, 1000},   {SAMPLES, 0, 1000},      {SAMPLES, NAN, 1000},
              {SAMPLES, 3e-3, 100},     {SAMPLES, SPACING_S, 0}, {SAMPLES, SPACING_S, 2001},
              {SAMPLES, SPACING_S, NAN}};
  iscc_spectrogram *none;
  iscc_error error = {.text = ""};
  ck_assert_int_eq(
      iscc_spectrogram_create(rows[_i].samples, rows[_i].spacing_s, rows[_i].limit_hz, &none, &error),
      ISCC_EINVAL);
  ck_assert_ptr_null(none);
  ck_assert_str_ne(error.text, "");
}
END_TEST

Suite *iscc_suite_spectrogram(void);
Suite *iscc_suite_spectrogram(void) {
  Suite *s = suite_create("sensing: spectrogram");
  TCase *t = tcase_create("spectrogram");
  tcase_add_checked_fixture(t, make_spectrogram, drop_spectrogram);
  tcase_set_timeout(t, 60);
  tcase_add_test(t, transform_matches_a_direct_dft);
  tcase_add_test(t, frames_cover_the_vector_from_end_to_end);
  tcase_add_test(t, rows_average_power_by_area);
  tcase_add_loop_test(t, tone_appears_in_its_row, 0, 20);
  tcase_add_test(t, any_scale_gives_the_same_picture_and_zero_gives_zeros);
  tcase_add_loop_test(t, refusals, 0, 7);
  suite_add_tcase(s, t);
  return s;
}
