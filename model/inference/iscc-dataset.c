/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-dataset.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "iscc-parallel.h"
#include "iscc-sealed-file.h"

/* No simulated node has such a number, so that data sets and simulation runs share no stream. */
static const uint64_t DATASET_NODES = (uint64_t)0x15cc << 48;

enum { FINGERPRINT_SAMPLES = ISCC_MOTION_COUNT, PATH_TEXT_MAX = 4096 };

typedef struct {
  const iscc_dataset_settings *settings;
  iscc_dataset *data;
  iscc_sensing *sensing[ISCC_THREADS_MAX]; /* per worker, made at its first shard to be synthesized */
} synthesis;

iscc_status iscc_dataset_sample(const iscc_dataset_settings *settings, iscc_sensing *sensing, uint64_t index,
                                float *input, uint8_t *label, iscc_error *error) {
  const uint64_t seed = settings->seed, node = DATASET_NODES | (uint64_t)settings->set;
  iscc_random placement, clutter, noise;
  iscc_random_seed_at(&placement, seed, 0, node, ISCC_STREAM_PLACEMENT, index);
  iscc_random_seed_at(&clutter, seed, 0, node, ISCC_STREAM_CLUTTER, index);
  iscc_random_seed_at(&noise, seed, 0, node, ISCC_STREAM_NOISE, index);
  iscc_person person;
  *label = (uint8_t)(index % ISCC_MOTION_COUNT);
  iscc_person_draw(&placement, (iscc_motion)*label, &person);
  const bool noisy = settings->noisy_from_w > 0.0;
  const double power_w = noisy ? exp(iscc_random_between(&noise, log(settings->noisy_from_w), 0.0)) : 1.0;
  return iscc_sensing_run(sensing, &person, power_w, &clutter, noisy ? &noise : NULL, input, error);
}

static void digest_settings(iscc_digest *d, const iscc_dataset_settings *settings) {
  const iscc_sensing_settings *s = &settings->sensing;
  const double reals[] = {s->carrier_hz,          s->sweep_hz,        s->chirp_s,   s->sampling_hz,
                          s->chirp_spacing_s,     s->radar_x_m,       s->radar_y_m, s->radar_z_m,
                          s->clutter_correlation, s->doppler_limit_hz};
  const int integers[] = {s->chirps,    s->clutter,  s->subtract_mean,
                          s->svd_first, s->svd_last, s->random_gait_phase};
  iscc_digest_text(d, "iscc data set 1");
  for (size_t i = 0; i < sizeof reals / sizeof *reals; i++) iscc_digest_real(d, reals[i]);
  for (size_t i = 0; i < sizeof integers / sizeof *integers; i++) iscc_digest_integer(d, integers[i]);
  iscc_digest_integer(d, (int64_t)settings->seed);
  iscc_digest_integer(d, settings->set);
  iscc_digest_real(d, settings->noisy_from_w); /* the noise's own power shows in the first samples */
}

/* Settings, seed, set and what the sensing code of today makes of the first samples. */
static iscc_status digest_dataset(const iscc_dataset_settings *settings, char text[ISCC_DIGEST_TEXT],
                                  iscc_error *error) {
  iscc_digest digest;
  iscc_digest_begin(&digest);
  digest_settings(&digest, settings);
  iscc_sensing *sensing;
  iscc_status status = iscc_sensing_create(&settings->sensing, &sensing, error);
  if (status) return status;
  for (uint64_t i = 0; i < FINGERPRINT_SAMPLES && !status; i++) {
    float input[ISCC_INPUT_SIZE];
    uint8_t label;
    status = iscc_dataset_sample(settings, sensing, i, input, &label, error);
    if (!status) iscc_digest_bytes(&digest, input, sizeof input);
  }
  iscc_sensing_destroy(sensing);
  iscc_digest_end(&digest, text);
  return status;
}

static iscc_status synthesize_shard(synthesis *s, int worker, size_t first, float *input, uint8_t *label,
                                    iscc_error *error) {
  iscc_status status = ISCC_OK;
  if (!s->sensing[worker]) status = iscc_sensing_create(&s->settings->sensing, &s->sensing[worker], error);
  for (size_t i = 0; i < ISCC_DATASET_SHARD && !status; i++)
    status = iscc_dataset_sample(s->settings, s->sensing[worker], first + i, input + i * ISCC_INPUT_SIZE,
                                 label + i, error);
  return status;
}

/* One piece of parallel work. Shards are made whole whatever the number of samples, so that the cache serves
 * any. */
static iscc_status fill_shard(void *ctx, int worker, size_t shard, iscc_error *error) {
  synthesis *s = ctx;
  const size_t first = shard * ISCC_DATASET_SHARD;
  const size_t left = s->data->samples - first;
  const size_t n = left < ISCC_DATASET_SHARD ? left : ISCC_DATASET_SHARD;
  float *input = malloc(ISCC_DATASET_SHARD * ISCC_INPUT_SIZE * sizeof *input);
  if (!input) return iscc_fail(error, ISCC_ENOMEM, "data set: out of memory");
  uint8_t label[ISCC_DATASET_SHARD];
  const iscc_file_part parts[] = {{label, sizeof label},
                                  {input, ISCC_DATASET_SHARD * ISCC_INPUT_SIZE * sizeof *input}};
  char path[PATH_TEXT_MAX] = "";
  const char *cache = s->settings->cache_dir;
  if (cache) snprintf(path, sizeof path, "%s/samples-%.32s-%05zu.shard", cache, s->data->digest, shard);
  iscc_status status = ISCC_OK;
  if (!cache || !iscc_sealed_file_read(path, parts, 2)) {
    status = synthesize_shard(s, worker, first, input, label, error);
    if (!status && cache) status = iscc_sealed_file_write(path, parts, 2, error);
  }
  if (!status) {
    memcpy(s->data->input + first * ISCC_INPUT_SIZE, input, n * ISCC_INPUT_SIZE * sizeof *input);
    memcpy(s->data->label + first, label, n);
  }
  free(input);
  return status;
}

static bool shard_progress(void *ctx, size_t shards_done) {
  const synthesis *s = ctx;
  const size_t done = shards_done * ISCC_DATASET_SHARD;
  return s->settings->progress(s->settings->progress_ctx, done < s->data->samples ? done : s->data->samples);
}

static iscc_status fill(const iscc_dataset_settings *settings, iscc_dataset *data, iscc_error *error) {
  synthesis s = {.settings = settings, .data = data};
  const size_t shards = (data->samples + ISCC_DATASET_SHARD - 1) / ISCC_DATASET_SHARD;
  const iscc_status status = iscc_parallel_for(iscc_parallel_threads(settings->threads), shards, fill_shard,
                                               settings->progress ? shard_progress : NULL, &s, error);
  for (int i = 0; i < ISCC_THREADS_MAX; i++) iscc_sensing_destroy(s.sensing[i]);
  return status;
}

iscc_status iscc_dataset_create(const iscc_dataset_settings *settings, iscc_dataset **out,
                                iscc_error *error) {
  *out = NULL;
  if (settings->samples < 1 || settings->samples > ISCC_DATASET_SAMPLES_MAX)
    return iscc_fail(error, ISCC_EINVAL, "data set: %zu samples are not in 1..%d", settings->samples,
                     ISCC_DATASET_SAMPLES_MAX);
  if (!(settings->noisy_from_w >= 0.0 && settings->noisy_from_w <= 1.0))
    return iscc_fail(error, ISCC_EINVAL, "noisy from: %g W is not in [0, 1]", settings->noisy_from_w);
  iscc_dataset *d = calloc(1, sizeof *d);
  if (!d) return iscc_fail(error, ISCC_ENOMEM, "data set: out of memory");
  d->samples = settings->samples;
  d->input = malloc(d->samples * ISCC_INPUT_SIZE * sizeof *d->input);
  d->label = malloc(d->samples);
  iscc_status status = ISCC_OK;
  if (!d->input || !d->label)
    status = iscc_fail(error, ISCC_ENOMEM, "data set: out of memory for %zu samples", d->samples);
  if (!status) status = digest_dataset(settings, d->digest, error);
  if (!status) status = fill(settings, d, error);
  if (status)
    iscc_dataset_destroy(d);
  else
    *out = d;
  return status;
}

void iscc_dataset_destroy(iscc_dataset *d) {
  if (!d) return;
  free(d->input);
  free(d->label);
  free(d);
}
