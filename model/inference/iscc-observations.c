/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-observations.h"

#include <stdlib.h>

#include "iscc-split-network.h"

/* No simulated node and no data set has such a number, so that no stream is shared with them. */
static const uint64_t OBSERVATION_NODES = (uint64_t)0x0b5e << 48;

typedef struct {
  const iscc_observations *o;
  iscc_sensing *sensing[ISCC_THREADS_MAX];
  float *inputs; /* fill */
  uint8_t *labels;
  int models; /* accuracy */
  iscc_split_network *net[ISCC_THREADS_MAX][ISCC_OBSERVATIONS_MODELS_MAX];
  size_t correct[ISCC_THREADS_MAX][ISCC_OBSERVATIONS_MODELS_MAX];
} context;

static iscc_status observe(const context *c, int thread, size_t index, float *input, uint8_t *label,
                           iscc_error *error) {
  const iscc_observations *o = c->o;
  const uint64_t node = OBSERVATION_NODES | o->series;
  iscc_random placement, clutter, noise;
  iscc_random_seed_at(&placement, o->seed, 0, node, ISCC_STREAM_PLACEMENT, index);
  iscc_random_seed_at(&clutter, o->seed, 0, node, ISCC_STREAM_CLUTTER, index);
  iscc_random_seed_at(&noise, o->seed, 0, node, ISCC_STREAM_NOISE, index);
  iscc_person person;
  *label = (uint8_t)(index % ISCC_MOTION_COUNT);
  iscc_person_draw(&placement, (iscc_motion)*label, &person);
  const bool noisy = o->power_w > 0;
  return iscc_sensing_run(c->sensing[thread], &person, noisy ? o->power_w : 1, &clutter,
                          noisy ? &noise : NULL, input, error);
}

static iscc_status fill_one(void *ctx, int thread, size_t index, iscc_error *error) {
  context *c = ctx;
  return observe(c, thread, index, c->inputs + index * ISCC_INPUT_SIZE, &c->labels[index], error);
}

static iscc_status classify_one(void *ctx, int thread, size_t index, iscc_error *error) {
  context *c = ctx;
  float input[ISCC_INPUT_SIZE], scores[ISCC_MOTION_COUNT];
  uint8_t label;
  iscc_status status = observe(c, thread, index, input, &label, error);
  for (int m = 0; !status && m < c->models; m++) {
    status = iscc_split_network_server(c->net[thread][m], 0, input, scores, error);
    if (!status) c->correct[thread][m] += iscc_scores_class(scores, ISCC_MOTION_COUNT) == label;
  }
  return status;
}

static bool pass_progress(void *ctx, size_t done) {
  const context *c = ctx;
  return c->o->progress(c->o->progress_ctx, done);
}

static iscc_status run(context *c, const iscc_model *const *models, iscc_parallel_task *task,
                       iscc_error *error) {
  const iscc_observations *o = c->o;
  if (o->threads < 1 || o->threads > ISCC_THREADS_MAX)
    return iscc_fail(error, ISCC_EINVAL, "observations: %d threads, allowed are 1..%d", o->threads,
                     ISCC_THREADS_MAX);
  iscc_status status = ISCC_OK;
  for (int t = 0; !status && t < o->threads; t++) {
    status = iscc_sensing_create(o->sensing, &c->sensing[t], error);
    for (int m = 0; !status && m < c->models; m++)
      status = iscc_split_network_create(models[m], &c->net[t][m], error);
  }
  if (!status)
    status = iscc_parallel_for(o->threads, o->samples, task, o->progress ? pass_progress : NULL, c, error);
  for (int t = 0; t < o->threads; t++) {
    iscc_sensing_destroy(c->sensing[t]);
    for (int m = 0; m < c->models; m++) iscc_split_network_destroy(c->net[t][m]);
  }
  return status;
}

iscc_status iscc_observations_fill(const iscc_observations *o, float *inputs, uint8_t *labels,
                                   iscc_error *error) {
  context c = {.o = o, .inputs = inputs, .labels = labels};
  return run(&c, NULL, fill_one, error);
}

iscc_status iscc_observations_accuracy(const iscc_observations *o, const iscc_model *const *models, int count,
                                       double *accuracy, iscc_error *error) {
  if (count < 1 || count > ISCC_OBSERVATIONS_MODELS_MAX || o->samples < 1)
    return iscc_fail(error, ISCC_EINVAL,
                     "observations: %zu samples for %d networks, allowed are 1.. for 1..%d", o->samples,
                     count, ISCC_OBSERVATIONS_MODELS_MAX);
  for (int m = 0; m < count; m++)
    if (models[m]->network.inputs != ISCC_INPUT_SIZE || models[m]->network.classes != ISCC_MOTION_COUNT)
      return iscc_fail(error, ISCC_EINVAL, "observations: network %d does not fit the sensing chain", m);
  context c = {.o = o, .models = count};
  const iscc_status status = run(&c, models, classify_one, error);
  if (status) return status;
  for (int m = 0; m < count; m++) {
    size_t correct = 0;
    for (int t = 0; t < o->threads; t++) correct += c.correct[t][m];
    accuracy[m] = (double)correct / (double)o->samples;
  }
  return ISCC_OK;
}
