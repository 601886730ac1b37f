/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-stage-plot.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "iscc-plot-map.h"
#include "iscc-plot.h"
#include "iscc-spectrogram.h"

enum { COLUMNS_MAX = 500 }; /* more chirps than this are drawn by the largest value of each group */
#define DECIBELS_SHOWN 60.0

static double decibels(double power) {
  return 10 * log10(fmax(power, 1e-300));
}

static double largest_of(const double *values, size_t n) {
  double largest = -INFINITY;
  for (size_t i = 0; i < n; i++) largest = fmax(largest, values[i]);
  return largest;
}

static iscc_status plot_matrix(const char *path, const char *title, const iscc_sensing_settings *set,
                               const iscc_stage_shape *shape, const double *values, iscc_error *error) {
  const size_t rows = shape->shape[0], chirps = shape->shape[1];
  const size_t group = (chirps + COLUMNS_MAX - 1) / COLUMNS_MAX, columns = chirps / group;
  double *map = calloc(rows * columns, sizeof *map);
  if (!map) return iscc_fail(error, ISCC_ENOMEM, "%s: out of memory", path);
  for (size_t r = 0; r < rows; r++)
    for (size_t c = 0; c < columns; c++) {
      double power = 0;
      for (size_t m = c * group; m < (c + 1) * group; m++) {
        const double *v = values + 2 * (r * chirps + m);
        power = fmax(power, v[0] * v[0] + v[1] * v[1]);
      }
      map[r * columns + c] = decibels(power);
    }
  const double high = largest_of(map, rows * columns);
  double low = high; /* the scale fits what is there, but shows no more than DECIBELS_SHOWN */
  for (size_t i = 0; i < rows * columns; i++) low = fmin(low, map[i]);
  low = fmin(fmax(low, high - DECIBELS_SHOWN), high - 1);
  const double spacing = set->chirp_spacing_s * (double)group;
  const iscc_plot_frame frame = {title, "slow time (s)", "fast time (us)", 900, 600};
  const iscc_plot_map one = {.title = "",
                             .rows = rows,
                             .columns = columns,
                             .x_first = 0.5 * (spacing - set->chirp_spacing_s),
                             .x_last =
                                 0.5 * (spacing - set->chirp_spacing_s) + spacing * (double)(columns - 1),
                             .y_first = 0,
                             .y_last = 1e6 * (double)(rows - 1) / set->sampling_hz,
                             .values = map};
  const iscc_status status = iscc_plot_maps(path, &frame, &one, 1, "power (dBW)", low, high, error);
  free(map);
  return status;
}

static iscc_status plot_slow_time(const char *path, const char *title, const iscc_sensing_settings *set,
                                  const iscc_stage_shape *shape, const double *values, iscc_error *error) {
  const size_t n = shape->shape[0];
  double *time = malloc(sizeof *time * 3 * n);
  if (!time) return iscc_fail(error, ISCC_ENOMEM, "%s: out of memory", path);
  double *re = time + n, *im = re + n;
  for (size_t m = 0; m < n; m++) {
    time[m] = (double)m * set->chirp_spacing_s;
    re[m] = 1e6 * values[2 * m];
    im[m] = 1e6 * values[2 * m + 1];
  }
  const iscc_plot_frame frame = {title, "slow time (s)", "y (micro root W)", 1000, 500};
  const iscc_plot_curve curves[] = {
      {.legend = "real part", .points = n, .x = time, .y = re, .colour = 0},
      {.legend = "imaginary part", .points = n, .x = time, .y = im, .colour = 1}};
  const iscc_status status = iscc_plot_curves(path, &frame, curves, 2, error);
  free(time);
  return status;
}

/* Three pictures side by side, over time and Doppler frequency. */
static iscc_status plot_channels(const char *path, const char *title, const iscc_sensing_settings *set,
                                 const iscc_stage_shape *shape, const double *values, double first_hz,
                                 double last_hz, const char *scale, double low, double high,
                                 iscc_error *error) {
  iscc_plot_map maps[ISCC_INPUT_CHANNELS];
  char titles[ISCC_INPUT_CHANNELS][48];
  for (int c = 0; c < ISCC_INPUT_CHANNELS; c++) {
    const double window_s = ISCC_WINDOW_SHORTEST_S * (1 << c);
    snprintf(titles[c], sizeof titles[c], "window %g ms", 1e3 * window_s);
    maps[c] = (iscc_plot_map){.title = titles[c],
                              .rows = shape->shape[1],
                              .columns = shape->shape[2],
                              .x_first = 0.5 * window_s,
                              .x_last = set->chirps * set->chirp_spacing_s - 0.5 * window_s,
                              .y_first = first_hz,
                              .y_last = last_hz,
                              .values = values + (size_t)c * shape->shape[1] * shape->shape[2]};
  }
  const iscc_plot_frame frame = {title, "time (s)", "Doppler (Hz)", 1300, 480};
  return iscc_plot_maps(path, &frame, maps, ISCC_INPUT_CHANNELS, scale, low, high, error);
}

static iscc_status plot_spectrogram(const char *path, const char *title, const iscc_sensing_settings *set,
                                    const iscc_stage_shape *shape, const double *values, iscc_error *error) {
  double *map = malloc(sizeof *map * shape->doubles);
  if (!map) return iscc_fail(error, ISCC_ENOMEM, "%s: out of memory", path);
  const double peak = decibels(largest_of(values, shape->doubles));
  for (size_t i = 0; i < shape->doubles; i++) map[i] = decibels(values[i]) - peak;
  const double rate = 1 / set->chirp_spacing_s, bin = rate / (double)shape->shape[1];
  const double first = -bin * (double)(shape->shape[1] / 2);
  const iscc_status status =
      plot_channels(path, title, set, shape, map, first, first + bin * (double)(shape->shape[1] - 1),
                    "power below the peak (dB)", -DECIBELS_SHOWN, 0, error);
  free(map);
  return status;
}

iscc_status iscc_stage_plot(const char *path, const char *title, const iscc_sensing_settings *set,
                            iscc_stage stage, const iscc_stage_shape *shape, const double *values,
                            iscc_error *error) {
  switch (stage) {
  case ISCC_STAGE_SLOW_TIME:
    return plot_slow_time(path, title, set, shape, values, error);
  case ISCC_STAGE_SPECTROGRAM:
    return plot_spectrogram(path, title, set, shape, values, error);
  case ISCC_STAGE_INPUT: {
    const double edge = set->doppler_limit_hz * (1 - 1.0 / ISCC_INPUT_ROWS);
    return plot_channels(path, title, set, shape, values, -edge, edge, "network input", 0,
                         fmax(largest_of(values, shape->doubles), 1e-12), error);
  }
  case ISCC_STAGE_ECHO:
  case ISCC_STAGE_FILTERED:
    break;
  }
  return plot_matrix(path, title, set, shape, values, error);
}
