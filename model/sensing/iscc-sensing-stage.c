/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-sensing-stage.h"

#include <complex.h>
#include <stdlib.h>
#include <string.h>

#include "iscc-sensing-state.h"

static const char *const names[ISCC_STAGE_COUNT] = {
    [ISCC_STAGE_ECHO] = "echo",           [ISCC_STAGE_FILTERED] = "filtered",
    [ISCC_STAGE_SLOW_TIME] = "slow-time", [ISCC_STAGE_SPECTROGRAM] = "spectrogram",
    [ISCC_STAGE_INPUT] = "input",
};

const char *iscc_stage_name(iscc_stage stage) {
  return (int)stage >= 0 && (int)stage < ISCC_STAGE_COUNT ? names[stage] : NULL;
}

iscc_status iscc_stage_from_name(const char *name, iscc_stage *stage, iscc_error *error) {
  for (int i = 0; i < ISCC_STAGE_COUNT; i++) {
    if (strcmp(name, names[i]) != 0) continue;
    *stage = (iscc_stage)i;
    return ISCC_OK;
  }
  return iscc_fail(error, ISCC_EINVAL,
                   "stage: '%s' is not one of echo, filtered, slow-time, spectrogram, input", name);
}

void iscc_sensing_stage_shape(const iscc_sensing *s, iscc_stage stage, iscc_stage_shape *shape) {
  const size_t samples = (size_t)s->samples, chirps = (size_t)s->set.chirps;
  const size_t transform = (size_t)iscc_spectrogram_transform_size(s->spectrogram);
  const iscc_stage_shape shapes[ISCC_STAGE_COUNT] = {
      [ISCC_STAGE_ECHO] = {2, {samples, chirps}, 0, true},
      [ISCC_STAGE_FILTERED] = {2, {samples, chirps}, 0, true},
      [ISCC_STAGE_SLOW_TIME] = {1, {chirps}, 0, true},
      [ISCC_STAGE_SPECTROGRAM] = {3, {ISCC_INPUT_CHANNELS, transform, ISCC_INPUT_COLUMNS}, 0, false},
      [ISCC_STAGE_INPUT] = {3, {ISCC_INPUT_CHANNELS, ISCC_INPUT_ROWS, ISCC_INPUT_COLUMNS}, 0, false},
  };
  *shape = shapes[stage];
  shape->doubles = shape->is_complex ? 2 : 1;
  for (int i = 0; i < shape->dimensions; i++) shape->doubles *= shape->shape[i];
}

/* One chirp's fast-time samples, less the mean if it was subtracted. */
static void read_chirp(const iscc_sensing *s, int chirp, double complex *column) {
  if (s->noisy) {
    const float *from = s->matrix + 2 * (size_t)chirp * s->samples;
    for (int n = 0; n < s->samples; n++) column[n] = CMPLX((double)from[2 * n], (double)from[2 * n + 1]);
    return;
  }
  const double complex *basis = (const double complex *)iscc_echo_basis(s->echo);
  const double complex *z = (const double complex *)s->z;
  for (int n = 0; n < s->samples; n++) column[n] = 0;
  for (int r = 0; r < s->rank; r++) {
    const double complex value = z[(size_t)r * s->set.chirps + chirp];
    for (int n = 0; n < s->samples; n++) column[n] += basis[(size_t)r * s->samples + n] * value;
  }
}

/* The kept left singular vectors in fast time: of Z they still have to be turned by Q. */
static void expand_vectors(const iscc_sensing *s, const double complex *kept, int count,
                           double complex *vectors) {
  const double complex *basis = (const double complex *)iscc_echo_basis(s->echo);
  const int size = s->noisy ? s->samples : s->rank;
  for (int k = 0; k < count; k++) {
    double complex *u = vectors + (size_t)k * s->samples;
    for (int n = 0; n < s->samples; n++) {
      u[n] = s->noisy ? kept[(size_t)k * size + n] : 0;
      for (int r = 0; r < size && !s->noisy; r++)
        u[n] += basis[(size_t)r * s->samples + n] * kept[(size_t)k * size + r];
    }
  }
}

/* column = U U^H column */
static void project(int samples, int count, const double complex *vectors, double complex *column,
                    double complex *share) {
  for (int k = 0; k < count; k++) {
    share[k] = 0;
    for (int n = 0; n < samples; n++) share[k] += conj(vectors[(size_t)k * samples + n]) * column[n];
  }
  for (int n = 0; n < samples; n++) column[n] = 0;
  for (int k = 0; k < count; k++)
    for (int n = 0; n < samples; n++) column[n] += vectors[(size_t)k * samples + n] * share[k];
}

static iscc_status read_matrix(const iscc_sensing *s, bool filtered, double complex *values,
                               iscc_error *error) {
  const int samples = s->samples;
  const double complex *mean = (const double complex *)s->mean;
  const bool projects = filtered && !iscc_clutter_filter_keeps_all(s->filter);
  int count = 0;
  const double complex *kept = (const double complex *)iscc_clutter_filter_vectors(s->filter, &count);
  if (!projects) count = 0;
  double complex *column = malloc(sizeof *column * (size_t)(samples + count + samples * count));
  if (!column) return iscc_fail(error, ISCC_ENOMEM, "echo matrix: out of memory");
  double complex *share = column + samples, *vectors = share + count;
  expand_vectors(s, kept, count, vectors);
  for (int m = 0; m < s->set.chirps; m++) {
    read_chirp(s, m, column);
    if (projects) project(samples, count, vectors, column, share);
    for (int n = 0; n < samples; n++)
      values[(size_t)n * s->set.chirps + m] = column[n] + (filtered ? 0 : mean[n]);
  }
  free(column);
  return ISCC_OK;
}

static void read_spectrogram(const iscc_sensing *s, double *values) {
  const int size = iscc_spectrogram_transform_size(s->spectrogram);
  const double scale = iscc_spectrogram_scale(s->spectrogram);
  for (int c = 0; c < ISCC_INPUT_CHANNELS; c++)
    for (int f = 0; f < ISCC_INPUT_COLUMNS; f++) {
      const float *power = iscc_spectrogram_power(s->spectrogram, c, f);
      for (int k = 0; k < size; k++) /* row k is frequency (k - size/2) / size */
        values[((size_t)c * size + k) * ISCC_INPUT_COLUMNS + f] =
            scale * (double)power[(k + size - size / 2) % size];
    }
}

iscc_status iscc_sensing_stage_read(const iscc_sensing *s, iscc_stage stage, double *values,
                                    iscc_error *error) {
  if (!s->ran) return iscc_fail(error, ISCC_ESTATE, "stage %s: no successful run to read from", names[stage]);
  switch (stage) {
  case ISCC_STAGE_ECHO:
  case ISCC_STAGE_FILTERED:
    return read_matrix(s, stage == ISCC_STAGE_FILTERED, (double complex *)values, error);
  case ISCC_STAGE_SLOW_TIME:
    for (int i = 0; i < 2 * s->set.chirps; i++) values[i] = (double)s->slow_time[i];
    break;
  case ISCC_STAGE_SPECTROGRAM:
    read_spectrogram(s, values);
    break;
  case ISCC_STAGE_INPUT:
    for (int i = 0; i < ISCC_INPUT_SIZE; i++) values[i] = (double)s->input[i];
    break;
  }
  return ISCC_OK;
}
