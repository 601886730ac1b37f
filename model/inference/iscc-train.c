/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-train.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "iscc-dataset.h"
#include "iscc-digest.h"
#include "iscc-parallel.h"
#include "iscc-pca-train.h"
#include "iscc-sealed-file.h"

enum { PATH_TEXT_MAX = 4096 };

typedef struct { /* hands a part's progress on under its phase's name */
  const iscc_train_settings *settings;
  iscc_train_phase phase;
  uint64_t total;
} reporter;

void iscc_train_defaults(iscc_train_settings *settings) {
  *settings = (iscc_train_settings){.seed = 1,
                                    .train_samples = 12000,
                                    .validation_samples = 1200,
                                    .test_samples = 3000,
                                    .epochs = 30,
                                    .batch = 64,
                                    .pca = {8, 16, 32, 64, 128, 256},
                                    .pca_count = 6};
  iscc_network_default(&settings->network);
  iscc_sensing_defaults(&settings->sensing);
  iscc_adamw_defaults(&settings->optimizer);
}

static iscc_status check_settings(const iscc_train_settings *s, iscc_error *error) {
  const iscc_network *net = &s->network;
  if (net->channels != ISCC_INPUT_CHANNELS || net->rows != ISCC_INPUT_ROWS ||
      net->columns != ISCC_INPUT_COLUMNS)
    return iscc_fail(error, ISCC_EINVAL, "network: its input is %d x %d x %d, sensing gives %d x %d x %d",
                     net->channels, net->rows, net->columns, ISCC_INPUT_CHANNELS, ISCC_INPUT_ROWS,
                     ISCC_INPUT_COLUMNS);
  if (net->classes != ISCC_MOTION_COUNT)
    return iscc_fail(error, ISCC_EINVAL, "network: it has %d outputs, motions are %d", net->classes,
                     ISCC_MOTION_COUNT);
  if (s->train_samples < 1 || s->train_samples > ISCC_DATASET_SAMPLES_MAX)
    return iscc_fail(error, ISCC_EINVAL, "training samples: %d is not in 1..%d", s->train_samples,
                     ISCC_DATASET_SAMPLES_MAX);
  if (s->test_samples < 1 || s->test_samples > ISCC_DATASET_SAMPLES_MAX)
    return iscc_fail(error, ISCC_EINVAL, "test samples: %d is not in 1..%d", s->test_samples,
                     ISCC_DATASET_SAMPLES_MAX);
  if (s->validation_samples < 0 || s->validation_samples >= s->train_samples)
    return iscc_fail(error, ISCC_EINVAL,
                     "validation samples: %d is not in 0..%d (fewer than training samples)",
                     s->validation_samples, s->train_samples - 1);
  return ISCC_OK;
}

static bool report_samples(void *ctx, size_t done) {
  const reporter *r = ctx;
  const iscc_train_progress progress = {r->phase, done, r->total};
  return r->settings->progress(r->settings->progress_ctx, &progress);
}

static bool report_steps(void *ctx, uint64_t done, uint64_t total) {
  const reporter *r = ctx;
  const iscc_train_progress progress = {r->phase, done, total};
  return r->settings->progress(r->settings->progress_ctx, &progress);
}

static iscc_status synthesize(const iscc_train_settings *s, iscc_dataset_set set, int samples,
                              iscc_dataset **out, iscc_error *error) {
  reporter r = {.settings = s,
                .phase = set == ISCC_DATASET_TEST ? ISCC_TRAIN_TEST_SAMPLES : ISCC_TRAIN_TRAINING_SAMPLES,
                .total = (uint64_t)samples};
  const iscc_dataset_settings settings = {.sensing = s->sensing,
                                          .seed = s->seed,
                                          .set = set,
                                          .samples = (size_t)samples,
                                          .noisy_from_w =
                                              set == ISCC_DATASET_TRAINING ? s->noisy_from_w : 0.0,
                                          .threads = s->threads,
                                          .cache_dir = s->cache_dir,
                                          .progress = s->progress ? report_samples : NULL,
                                          .progress_ctx = &r};
  return iscc_dataset_create(&settings, out, error);
}

/* All that the weights depend on. Neither threads nor test samples belong to it. */
static void digest_training(const iscc_train_settings *s, const iscc_dataset *training,
                            char key[ISCC_DIGEST_TEXT]) {
  const iscc_adamw *o = &s->optimizer;
  const double reals[] = {o->learning_rate, o->weight_decay, o->beta1, o->beta2, o->epsilon};
  iscc_digest d;
  iscc_digest_begin(&d);
  iscc_digest_text(&d, "iscc training 1");
  iscc_digest_text(&d, training->digest);
  iscc_digest_integer(&d, (int64_t)s->seed);
  iscc_digest_integer(&d, s->train_samples);
  iscc_digest_integer(&d, s->validation_samples);
  iscc_digest_integer(&d, s->epochs);
  iscc_digest_integer(&d, s->batch);
  for (size_t i = 0; i < sizeof reals / sizeof *reals; i++) iscc_digest_real(&d, reals[i]);
  for (int l = 1; l <= s->network.layers; l++) {
    const iscc_layer *layer = &s->network.layer[l];
    iscc_digest_integer(&d, layer->kind);
    iscc_digest_integer(&d, layer->kernel);
    iscc_digest_integer(&d, layer->units);
  }
  iscc_digest_end(&d, key);
}

static iscc_status run_epochs(const iscc_train_settings *s, iscc_trainer *trainer, const char *key,
                              iscc_train_report *report, iscc_error *error) {
  char path[PATH_TEXT_MAX] = "";
  if (s->cache_dir) {
    snprintf(path, sizeof path, "%s/training-%.32s.state", s->cache_dir, key);
    (void)iscc_trainer_load(trainer, path, key); /* none there yet: start at the first epoch */
  }
  report->resumed_epochs = iscc_trainer_epochs_done(trainer);
  iscc_status status = ISCC_OK;
  while (!status && iscc_trainer_epochs_done(trainer) < s->epochs) {
    status = iscc_trainer_epoch(trainer, error);
    if (!status && s->cache_dir) status = iscc_trainer_save(trainer, path, key, error);
  }
  report->epochs = iscc_trainer_epochs_done(trainer);
  memcpy(report->epoch, iscc_trainer_history(trainer), (size_t)report->epochs * sizeof *report->epoch);
  return status;
}

static iscc_status make_model(const iscc_train_settings *s, iscc_trainer *trainer, const iscc_dataset *test,
                              iscc_model **out, iscc_error *error) {
  const iscc_samples samples = {test->input, test->label, test->samples};
  int confusion[ISCC_MOTION_COUNT * ISCC_MOTION_COUNT];
  double accuracy = 0.0;
  iscc_status status = iscc_trainer_test(trainer, &samples, confusion, &accuracy, error);
  iscc_model *model = NULL;
  if (!status) status = iscc_model_create(&s->network, &model, error);
  if (status) return status;
  for (int l = 1; l <= s->network.layers; l++)
    if (s->network.layer[l].weights > 0) iscc_trainer_weights(trainer, l, model->weight[l], model->bias[l]);
  model->sensing = s->sensing;
  iscc_provenance *p = &model->provenance;
  *p = (iscc_provenance){.seed = s->seed,
                         .train_samples = s->train_samples - s->validation_samples,
                         .validation_samples = s->validation_samples,
                         .test_samples = s->test_samples,
                         .epochs = s->epochs,
                         .threads = s->threads, /* as asked: the same file on any machine */
                         .test_accuracy = accuracy};
  for (int i = 0; i < ISCC_MOTION_COUNT; i++)
    for (int j = 0; j < ISCC_MOTION_COUNT; j++) p->confusion[i][j] = confusion[i * ISCC_MOTION_COUNT + j];
  snprintf(p->version, sizeof p->version, "%s", ISCC_VERSION);
  *out = model;
  return ISCC_OK;
}

/* The classifiers of scheme pca, on the same samples; few samples carry few components. */
static iscc_status train_pca(const iscc_train_settings *s, const iscc_trainer_settings *trainer,
                             const iscc_samples *fit, const iscc_samples *validation,
                             const iscc_dataset *test, iscc_model *model, iscc_error *error) {
  reporter r = {.settings = s, .phase = ISCC_TRAIN_PCA};
  iscc_trainer_settings settings = *trainer;
  settings.progress_ctx = &r;
  const iscc_samples tested = {test->input, test->label, test->samples};
  int count = 0;
  while (count < s->pca_count && 2 * (size_t)s->pca[count] < fit->samples) count++;
  return iscc_pca_train(s->pca, count, &settings, fit, validation, &tested, model, error);
}

typedef struct { /* what a trainer needs of the samples and settings */
  reporter reporter;
  iscc_trainer_settings settings;
  iscc_samples fit, validation;
} preparation;

static void prepare(const iscc_train_settings *s, const iscc_dataset *training, preparation *p) {
  const size_t fitted = (size_t)(s->train_samples - s->validation_samples);
  *p = (preparation){.reporter = {.settings = s, .phase = ISCC_TRAIN_EPOCHS},
                     .settings = {.seed = s->seed,
                                  .epochs = s->epochs,
                                  .batch = s->batch,
                                  .threads = iscc_parallel_threads(s->threads),
                                  .input_gain = sqrt((double)ISCC_INPUT_SIZE), /* norm 1 to mean square 1 */
                                  .optimizer = s->optimizer,
                                  .progress = s->progress ? report_steps : NULL,
                                  .progress_ctx = &p->reporter},
                     .fit = {training->input, training->label, fitted},
                     .validation = {training->input + fitted * ISCC_INPUT_SIZE, training->label + fitted,
                                    (size_t)s->validation_samples}};
}

static iscc_status train_on(const iscc_train_settings *s, const iscc_dataset *training,
                            const iscc_dataset *test, iscc_model **out, iscc_train_report *report,
                            iscc_error *error) {
  char key[ISCC_DIGEST_TEXT];
  preparation p;
  digest_training(s, training, key);
  prepare(s, training, &p);
  iscc_trainer *trainer;
  iscc_status status = iscc_trainer_create(&s->network, &p.settings, &p.fit, &p.validation, &trainer, error);
  if (status) return status;
  status = run_epochs(s, trainer, key, report, error);
  if (!status) status = make_model(s, trainer, test, out, error);
  if (!status) status = train_pca(s, &p.settings, &p.fit, &p.validation, test, *out, error);
  if (status) {
    iscc_model_destroy(*out);
    *out = NULL;
  }
  iscc_trainer_destroy(trainer);
  return status;
}

static iscc_status make_samples(const iscc_train_settings *s, iscc_dataset **training, iscc_dataset **test,
                                iscc_error *error) {
  *training = *test = NULL;
  iscc_status status = check_settings(s, error);
  if (!status && s->cache_dir) status = iscc_directory_make(s->cache_dir, error);
  if (!status) status = synthesize(s, ISCC_DATASET_TRAINING, s->train_samples, training, error);
  if (!status) status = synthesize(s, ISCC_DATASET_TEST, s->test_samples, test, error);
  return status;
}

iscc_status iscc_train_run(const iscc_train_settings *settings, iscc_model **out, iscc_train_report *report,
                           iscc_error *error) {
  *out = NULL;
  iscc_train_report unwanted;
  iscc_dataset *training, *test;
  iscc_status status = make_samples(settings, &training, &test, error);
  if (!status) status = train_on(settings, training, test, out, report ? report : &unwanted, error);
  iscc_dataset_destroy(training);
  iscc_dataset_destroy(test);
  return status;
}

iscc_status iscc_train_components(const iscc_train_settings *settings, iscc_model *model, iscc_error *error) {
  iscc_dataset *training = NULL, *test = NULL;
  iscc_status status = ISCC_OK;
  if (model->pca_count)
    status = iscc_fail(error, ISCC_ESTATE, "principal components: the model has classifiers already");
  if (!status) status = make_samples(settings, &training, &test, error);
  if (!status) {
    preparation p;
    prepare(settings, training, &p);
    status = train_pca(settings, &p.settings, &p.fit, &p.validation, test, model, error);
  }
  iscc_dataset_destroy(training);
  iscc_dataset_destroy(test);
  return status;
}
