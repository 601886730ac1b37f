/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-trainer.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "iscc-engine.h"
#include "iscc-loss.h"
#include "iscc-parallel.h"
#include "iscc-random.h"
#include "iscc-sealed-file.h"

enum { KEY_TEXT = 65 };

typedef struct { /* one part of a batch */
  iscc_engine *engine;
  float *input, *scores, *scores_gradient;
  float *gradient; /* all parameters */
  double loss;
} part;

struct iscc_trainer {
  iscc_network net;
  iscc_trainer_settings settings;
  iscc_samples training, validation;
  int part_size;
  size_t offset[ISCC_LAYERS_MAX + 2]; /* of layer l's weights in the parameter array; its biases follow */
  size_t parameters;
  float *parameter, *m, *v;
  uint32_t *order; /* of the training samples in this epoch */
  int epochs_done;
  iscc_epoch *history;
  part part[ISCC_TRAINER_PARTS];
  /* the batch or test at work */
  const iscc_samples *samples;
  const uint32_t *picked; /* sample numbers; NULL: in order */
  size_t first, count;
  uint8_t *predicted;
};

static bool has_weights(const iscc_trainer *t, int l) {
  return t->net.layer[l].weights > 0;
}

static size_t size_min(size_t a, size_t b) {
  return a < b ? a : b;
}

static uint64_t steps_per_epoch(const iscc_trainer *t) {
  const size_t batch = (size_t)t->settings.batch;
  return (t->training.samples + batch - 1) / batch;
}

/* --- making --- */

static iscc_status check_settings(const iscc_network *net, const iscc_trainer_settings *s,
                                  const iscc_samples *training, iscc_error *error) {
  const iscc_adamw *o = &s->optimizer;
  if (s->epochs < 1 || s->epochs > ISCC_TRAINER_EPOCHS_MAX)
    return iscc_fail(error, ISCC_EINVAL, "epochs: %d is not in 1..%d", s->epochs, ISCC_TRAINER_EPOCHS_MAX);
  if (s->batch < 1 || s->batch > ISCC_TRAINER_BATCH_MAX)
    return iscc_fail(error, ISCC_EINVAL, "batch: %d is not in 1..%d", s->batch, ISCC_TRAINER_BATCH_MAX);
  if (s->threads < 1 || s->threads > ISCC_THREADS_MAX)
    return iscc_fail(error, ISCC_EINVAL, "threads: %d is not in 1..%d", s->threads, ISCC_THREADS_MAX);
  if (!(s->input_gain > 0.0) || !isfinite(s->input_gain))
    return iscc_fail(error, ISCC_EINVAL, "input gain: %g is not > 0", s->input_gain);
  if (!(o->learning_rate > 0.0 && o->learning_rate <= 1.0))
    return iscc_fail(error, ISCC_EINVAL, "learning rate: %g is not in (0, 1]", o->learning_rate);
  if (!(o->weight_decay >= 0.0 && o->weight_decay <= 1.0))
    return iscc_fail(error, ISCC_EINVAL, "weight decay: %g is not in [0, 1]", o->weight_decay);
  if (!(o->beta1 >= 0.0 && o->beta1 < 1.0 && o->beta2 >= 0.0 && o->beta2 < 1.0 && o->epsilon > 0.0))
    return iscc_fail(error, ISCC_EINVAL, "AdamW: betas must lie in [0, 1) and epsilon above 0");
  if (training->samples < 1 || training->samples > UINT32_MAX)
    return iscc_fail(error, ISCC_EINVAL, "training: %zu samples are not in 1..%u", training->samples,
                     UINT32_MAX);
  if (net->classes < 2 || net->classes > ISCC_CLASSES_MAX)
    return iscc_fail(error, ISCC_EINVAL, "network: %d classes are not in 2..%d", net->classes,
                     ISCC_CLASSES_MAX);
  return ISCC_OK;
}

static iscc_status check_labels(const iscc_samples *samples, int classes, iscc_error *error) {
  for (size_t i = 0; i < samples->samples; i++)
    if (samples->label[i] >= classes)
      return iscc_fail(error, ISCC_EINVAL, "sample %zu: class %d is not in 0..%d", i, samples->label[i],
                       classes - 1);
  return ISCC_OK;
}

static iscc_status make_part(iscc_trainer *t, part *p, iscc_error *error) {
  const size_t n = (size_t)t->part_size, scores = n * (size_t)t->net.classes;
  p->input = calloc(n * t->net.inputs, sizeof *p->input);
  p->scores = calloc(scores, sizeof *p->scores);
  p->scores_gradient = calloc(scores, sizeof *p->scores_gradient);
  p->gradient = calloc(t->parameters, sizeof *p->gradient);
  if (!p->input || !p->scores || !p->scores_gradient || !p->gradient)
    return iscc_fail(error, ISCC_ENOMEM, "training: out of memory");
  return iscc_engine_create(&t->net, t->part_size, true, &p->engine, error);
}

static void draw_start(iscc_trainer *t) {
  for (int l = 1; l <= t->net.layers; l++) {
    if (!has_weights(t, l)) continue;
    const iscc_layer *layer = &t->net.layer[l];
    const size_t units = (size_t)layer->units;
    const double bound = 1.0 / sqrt((double)(layer->weights / units));
    iscc_random r;
    iscc_random_seed_at(&r, t->settings.seed, 0, 0, ISCC_STREAM_WEIGHTS, (uint64_t)l);
    float *w = t->parameter + t->offset[l];
    for (size_t i = 0; i < layer->weights + units; i++) w[i] = (float)iscc_random_between(&r, -bound, bound);
  }
}

static iscc_status allocate(iscc_trainer *t, iscc_error *error) {
  for (int l = 1; l <= t->net.layers; l++) {
    t->offset[l] = t->parameters;
    if (has_weights(t, l)) t->parameters += t->net.layer[l].weights + (size_t)t->net.layer[l].units;
  }
  const size_t most =
      t->training.samples > t->validation.samples ? t->training.samples : t->validation.samples;
  t->part_size = (t->settings.batch + ISCC_TRAINER_PARTS - 1) / ISCC_TRAINER_PARTS;
  t->parameter = calloc(t->parameters, sizeof *t->parameter);
  t->m = calloc(t->parameters, sizeof *t->m);
  t->v = calloc(t->parameters, sizeof *t->v);
  t->order = calloc(t->training.samples, sizeof *t->order);
  t->history = calloc((size_t)t->settings.epochs, sizeof *t->history);
  t->predicted = calloc(most, 1);
  if (!t->parameter || !t->m || !t->v || !t->order || !t->history || !t->predicted)
    return iscc_fail(error, ISCC_ENOMEM, "training: out of memory");
  iscc_status status = ISCC_OK;
  for (int i = 0; i < ISCC_TRAINER_PARTS && !status; i++) status = make_part(t, &t->part[i], error);
  return status;
}

iscc_status iscc_trainer_create(const iscc_network *net, const iscc_trainer_settings *settings,
                                const iscc_samples *training, const iscc_samples *validation,
                                iscc_trainer **out, iscc_error *error) {
  *out = NULL;
  iscc_status status = check_settings(net, settings, training, error);
  if (!status) status = check_labels(training, net->classes, error);
  if (!status) status = check_labels(validation, net->classes, error);
  if (status) return status;
  iscc_trainer *t = calloc(1, sizeof *t);
  if (!t) return iscc_fail(error, ISCC_ENOMEM, "training: out of memory");
  t->net = *net;
  t->settings = *settings;
  if (t->settings.threads > ISCC_TRAINER_PARTS) t->settings.threads = ISCC_TRAINER_PARTS;
  t->training = *training;
  t->validation = *validation;
  status = allocate(t, error);
  if (status) {
    iscc_trainer_destroy(t);
    return status;
  }
  draw_start(t);
  *out = t;
  return ISCC_OK;
}

void iscc_trainer_destroy(iscc_trainer *t) {
  if (!t) return;
  for (int i = 0; i < ISCC_TRAINER_PARTS; i++) {
    part *p = &t->part[i];
    iscc_engine_destroy(p->engine);
    free(p->input);
    free(p->scores);
    free(p->scores_gradient);
    free(p->gradient);
  }
  free(t->parameter);
  free(t->m);
  free(t->v);
  free(t->order);
  free(t->history);
  free(t->predicted);
  free(t);
}

/* --- one batch --- */

static iscc_status load_weights(const iscc_trainer *t, iscc_engine *engine, iscc_error *error) {
  iscc_status status = ISCC_OK;
  for (int l = 1; l <= t->net.layers && !status; l++) {
    if (!has_weights(t, l)) continue;
    const float *w = t->parameter + t->offset[l];
    status = iscc_engine_set_weights(engine, l, w, w + t->net.layer[l].weights, error);
  }
  return status;
}

static void gather(const iscc_trainer *t, part *p, size_t first, size_t n, uint8_t *label) {
  const float gain = (float)t->settings.input_gain;
  const size_t inputs = t->net.inputs;
  for (size_t i = 0; i < n; i++) {
    const size_t sample = t->picked ? t->picked[first + i] : first + i;
    const float *from = t->samples->input + sample * inputs;
    float *to = p->input + i * inputs;
    for (size_t k = 0; k < inputs; k++) to[k] = gain * from[k];
    label[i] = t->samples->label[sample];
  }
}

/* Rows of the part beyond its n samples hold older ones: with a zero gradient they add nothing. */
static iscc_status part_gradient(void *ctx, int worker, size_t index, iscc_error *error) {
  (void)worker;
  iscc_trainer *t = ctx;
  part *p = &t->part[index];
  const size_t size = (size_t)t->part_size, begin = size_min(index * size, t->count);
  const size_t n = size_min(size, t->count - begin), classes = (size_t)t->net.classes;
  uint8_t label[ISCC_TRAINER_BATCH_MAX];
  p->loss = 0.0;
  if (n == 0) {
    memset(p->gradient, 0, t->parameters * sizeof *p->gradient);
    return ISCC_OK;
  }
  gather(t, p, t->first + begin, n, label);
  iscc_status status = load_weights(t, p->engine, error);
  if (!status) status = iscc_engine_forward(p->engine, 1, t->net.layers, p->input, p->scores, error);
  if (status) return status;
  memset(p->scores_gradient, 0, size * classes * sizeof *p->scores_gradient);
  p->loss =
      iscc_softmax_loss(p->scores, label, n, t->net.classes, 1.0 / (double)t->count, p->scores_gradient);
  status = iscc_engine_backward(p->engine, 1, t->net.layers, p->scores_gradient, NULL, error);
  for (int l = 1; l <= t->net.layers && !status; l++) {
    if (!has_weights(t, l)) continue;
    float *g = p->gradient + t->offset[l];
    status = iscc_engine_gradients(p->engine, l, g, g + t->net.layer[l].weights, error);
  }
  return status;
}

static void descend(iscc_trainer *t, uint64_t step) {
  float *sum = t->part[0].gradient;
  for (int i = 1; i < ISCC_TRAINER_PARTS; i++) {
    const float *g = t->part[i].gradient;
    for (size_t k = 0; k < t->parameters; k++) sum[k] += g[k];
  }
  const iscc_adamw *o = &t->settings.optimizer;
  const double rate =
      iscc_one_cycle(o->learning_rate, step, steps_per_epoch(t) * (uint64_t)t->settings.epochs);
  for (int l = 1; l <= t->net.layers; l++) {
    if (!has_weights(t, l)) continue;
    const size_t w = t->offset[l], b = w + t->net.layer[l].weights;
    iscc_adamw_step(o, rate, step, 1, sum + w, t->m + w, t->v + w, t->parameter + w, t->net.layer[l].weights);
    iscc_adamw_step(o, rate, step, 0, sum + b, t->m + b, t->v + b, t->parameter + b,
                    (size_t)t->net.layer[l].units);
  }
}

/* --- epochs --- */

static void shuffle(iscc_trainer *t) {
  iscc_random r;
  iscc_random_seed_at(&r, t->settings.seed, 0, 0, ISCC_STREAM_SHUFFLE, (uint64_t)t->epochs_done);
  for (size_t i = 0; i < t->training.samples; i++) t->order[i] = (uint32_t)i;
  for (size_t i = t->training.samples; i > 1; i--) {
    const size_t j = (size_t)iscc_random_below(&r, i);
    const uint32_t kept = t->order[i - 1];
    t->order[i - 1] = t->order[j];
    t->order[j] = kept;
  }
}

static iscc_status run_batches(iscc_trainer *t, double *loss, iscc_error *error) {
  const uint64_t per_epoch = steps_per_epoch(t), before = per_epoch * (uint64_t)t->epochs_done;
  t->samples = &t->training;
  t->picked = t->order;
  *loss = 0.0;
  for (uint64_t step = 1; step <= per_epoch; step++) {
    t->first = (size_t)(step - 1) * (size_t)t->settings.batch;
    t->count = size_min((size_t)t->settings.batch, t->training.samples - t->first);
    const iscc_status status =
        iscc_parallel_for(t->settings.threads, ISCC_TRAINER_PARTS, part_gradient, NULL, t, error);
    if (status) return status;
    for (int i = 0; i < ISCC_TRAINER_PARTS; i++) *loss += t->part[i].loss;
    if (!isfinite(*loss))
      return iscc_fail(error, ISCC_ENOCONV,
                       "training: the loss is not finite in epoch %d; lower the learning rate",
                       t->epochs_done + 1);
    descend(t, before + step);
    if (t->settings.progress && !t->settings.progress(t->settings.progress_ctx, before + step,
                                                      per_epoch * (uint64_t)t->settings.epochs))
      return iscc_fail(error, ISCC_EINTR, "training: interrupted in epoch %d", t->epochs_done + 1);
  }
  *loss /= (double)t->training.samples;
  return ISCC_OK;
}

iscc_status iscc_trainer_epoch(iscc_trainer *t, iscc_error *error) {
  if (t->epochs_done >= t->settings.epochs)
    return iscc_fail(error, ISCC_ESTATE, "training: all %d epochs are done", t->settings.epochs);
  shuffle(t);
  iscc_epoch *epoch = &t->history[t->epochs_done];
  iscc_status status = run_batches(t, &epoch->loss, error);
  if (!status && t->validation.samples)
    status = iscc_trainer_test(t, &t->validation, NULL, &epoch->validation_accuracy, error);
  if (!status) t->epochs_done++;
  return status;
}

int iscc_trainer_epochs_done(const iscc_trainer *t) {
  return t->epochs_done;
}

const iscc_epoch *iscc_trainer_history(const iscc_trainer *t) {
  return t->history;
}

/* --- testing --- */

static iscc_status part_predict(void *ctx, int worker, size_t chunk, iscc_error *error) {
  iscc_trainer *t = ctx;
  part *p = &t->part[worker];
  const size_t size = (size_t)t->part_size, begin = chunk * size;
  const size_t n = size_min(size, t->samples->samples - begin);
  uint8_t label[ISCC_TRAINER_BATCH_MAX];
  gather(t, p, begin, n, label);
  const iscc_status status = iscc_engine_forward(p->engine, 1, t->net.layers, p->input, p->scores, error);
  for (size_t i = 0; i < n && !status; i++) {
    const float *s = p->scores + i * (size_t)t->net.classes;
    int best = 0;
    for (int j = 1; j < t->net.classes; j++)
      if (s[j] > s[best]) best = j;
    t->predicted[begin + i] = (uint8_t)best;
  }
  return status;
}

static void count_right(const iscc_trainer *t, int *confusion, double *accuracy) {
  const int classes = t->net.classes;
  size_t right = 0;
  if (confusion) memset(confusion, 0, (size_t)classes * (size_t)classes * sizeof *confusion);
  for (size_t i = 0; i < t->samples->samples; i++) {
    const int label = t->samples->label[i], predicted = t->predicted[i];
    right += label == predicted;
    if (confusion) confusion[label * classes + predicted]++;
  }
  *accuracy = (double)right / (double)t->samples->samples;
}

iscc_status iscc_trainer_test(iscc_trainer *t, const iscc_samples *samples, int *confusion, double *accuracy,
                              iscc_error *error) {
  if (samples->samples < 1) return iscc_fail(error, ISCC_EINVAL, "test: no samples");
  iscc_status status = check_labels(samples, t->net.classes, error);
  if (status) return status;
  uint8_t *kept = t->predicted, *own = NULL;
  if (samples != &t->validation) { /* any number of samples: a buffer of their own */
    own = calloc(samples->samples, 1);
    if (!own) return iscc_fail(error, ISCC_ENOMEM, "test: out of memory");
    t->predicted = own;
  }
  t->samples = samples;
  t->picked = NULL;
  for (int i = 0; i < ISCC_TRAINER_PARTS && !status; i++) status = load_weights(t, t->part[i].engine, error);
  const size_t size = (size_t)t->part_size, chunks = (samples->samples + size - 1) / size;
  if (!status) status = iscc_parallel_for(t->settings.threads, chunks, part_predict, NULL, t, error);
  if (!status) count_right(t, confusion, accuracy);
  t->predicted = kept;
  free(own);
  return status;
}

void iscc_trainer_weights(const iscc_trainer *t, int layer, float *weight, float *bias) {
  int first = 1;
  while (first < t->net.layers && !has_weights(t, first)) first++;
  const float gain = layer == first ? (float)t->settings.input_gain : 1.0F;
  const float *w = t->parameter + t->offset[layer];
  for (size_t i = 0; i < t->net.layer[layer].weights; i++) weight[i] = gain * w[i];
  memcpy(bias, w + t->net.layer[layer].weights, (size_t)t->net.layer[layer].units * sizeof *bias);
}

/* --- state between epochs --- */

iscc_status iscc_trainer_save(const iscc_trainer *t, const char *path, const char *key, iscc_error *error) {
  char text[KEY_TEXT] = "";
  strncpy(text, key, sizeof text - 1);
  int epochs_done = t->epochs_done;
  const size_t bytes = t->parameters * sizeof *t->parameter;
  const iscc_file_part parts[] = {{text, sizeof text},
                                  {&epochs_done, sizeof epochs_done},
                                  {t->history, (size_t)t->settings.epochs * sizeof *t->history},
                                  {t->parameter, bytes},
                                  {t->m, bytes},
                                  {t->v, bytes}};
  return iscc_sealed_file_write(path, parts, sizeof parts / sizeof *parts, error);
}

bool iscc_trainer_load(iscc_trainer *t, const char *path, const char *key) {
  char text[KEY_TEXT] = "", wanted[KEY_TEXT] = "";
  strncpy(wanted, key, sizeof wanted - 1);
  int epochs_done = 0;
  const size_t history = (size_t)t->settings.epochs * sizeof *t->history;
  const size_t bytes = t->parameters * sizeof *t->parameter;
  iscc_epoch *new_history = malloc(history);
  float *values = malloc(3 * bytes); /* beside, so that a damaged file changes nothing */
  bool fine = false;
  if (new_history && values) {
    const iscc_file_part parts[] = {
        {text, sizeof text}, {&epochs_done, sizeof epochs_done}, {new_history, history}, {values, 3 * bytes}};
    fine = iscc_sealed_file_read(path, parts, sizeof parts / sizeof *parts) &&
           memcmp(text, wanted, sizeof text) == 0 && epochs_done >= 0 && epochs_done <= t->settings.epochs;
  }
  if (fine) {
    t->epochs_done = epochs_done;
    memcpy(t->history, new_history, history);
    memcpy(t->parameter, values, bytes);
    memcpy(t->m, values + t->parameters, bytes);
    memcpy(t->v, values + 2 * t->parameters, bytes);
  }
  free(new_history);
  free(values);
  return fine;
}
