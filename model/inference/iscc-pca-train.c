/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-pca-train.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "iscc-pca.h"

typedef struct { /* projections of one set of samples on all components */
  float *input;
  iscc_samples samples; /* of the first d components, made for each d */
} projected;

typedef struct {
  const iscc_trainer_settings *settings;
  const iscc_samples *given[3]; /* training, validation, test */
  projected set[3];
  iscc_pca *pca;
  iscc_model *model;
  int classifier, classifiers; /* for the progress */
} pca_training;

static bool show(void *ctx, uint64_t done, uint64_t total) {
  const pca_training *w = ctx;
  return w->settings->progress(w->settings->progress_ctx, (uint64_t)w->classifier * total + done,
                               (uint64_t)w->classifiers * total);
}

/* Dense layers behind an input of so many values; projection: a first layer of d outputs more. */
static iscc_status head(iscc_network *net, int channels, int rows, int columns, int projection, int classes,
                        iscc_error *error) {
  static const int units[] = {120, 60};
  memset(net, 0, sizeof *net);
  net->channels = channels, net->rows = rows, net->columns = columns;
  if (projection) {
    net->layer[++net->layers] = (iscc_layer){.kind = ISCC_LAYER_DENSE, .units = projection, .name = "pca"};
  }
  for (int i = 0; i < 2; i++) {
    iscc_layer *dense = &net->layer[++net->layers], *relu = &net->layer[++net->layers];
    *dense = (iscc_layer){.kind = ISCC_LAYER_DENSE, .units = units[i]};
    *relu = (iscc_layer){.kind = ISCC_LAYER_RELU};
    snprintf(dense->name, sizeof dense->name, "fc%d", i + 1);
    snprintf(relu->name, sizeof relu->name, "relu%d", i + 1);
  }
  net->layer[++net->layers] = (iscc_layer){.kind = ISCC_LAYER_DENSE, .units = classes, .name = "fc3"};
  return iscc_network_shape(net, error);
}

static iscc_status project(pca_training *w, int k, int components, iscc_error *error) {
  const iscc_samples *given = w->given[k];
  const size_t size = (size_t)w->pca->size, d = (size_t)components;
  projected *set = &w->set[k];
  if (!set->input) set->input = malloc((given->samples + 1) * (size_t)w->pca->components * sizeof(float));
  if (!set->input)
    return iscc_fail(error, ISCC_ENOMEM, "out of memory for the components of %zu samples", given->samples);
  for (size_t i = 0; i < given->samples; i++)
    iscc_pca_project(w->pca, components, given->input + i * size, set->input + i * d);
  set->samples = (iscc_samples){set->input, given->label, given->samples};
  return ISCC_OK;
}

/* The classifier behind its projection, as one model. */
static iscc_status assemble(pca_training *w, const iscc_trainer *trainer, int components, double accuracy,
                            iscc_error *error) {
  const iscc_network *input = &w->model->network;
  iscc_network net;
  iscc_model *model;
  iscc_status status =
      head(&net, input->channels, input->rows, input->columns, components, input->classes, error);
  if (!status) status = iscc_model_create(&net, &model, error);
  if (status) return status;
  const size_t size = (size_t)w->pca->size;
  memcpy(model->weight[1], w->pca->basis, (size_t)components * size * sizeof(float));
  for (int k = 0; k < components; k++) {
    double shift = 0; /* z = b (x - mean) */
    for (size_t j = 0; j < size; j++)
      shift -= (double)w->pca->basis[(size_t)k * size + j] * (double)w->pca->mean[j];
    model->bias[1][k] = (float)shift;
  }
  for (int l = 2; l <= net.layers; l++)
    if (net.layer[l].weights) iscc_trainer_weights(trainer, l - 1, model->weight[l], model->bias[l]);
  model->sensing = w->model->sensing;
  model->provenance.test_accuracy = accuracy;
  w->model->pca[w->model->pca_count++] = model;
  return ISCC_OK;
}

static iscc_status train_one(pca_training *w, int components, iscc_error *error) {
  iscc_network net;
  iscc_trainer *trainer = NULL;
  iscc_trainer_settings settings = *w->settings;
  double accuracy = 0;
  settings.input_gain = 1; /* whitened already */
  if (settings.progress) settings.progress = show, settings.progress_ctx = w;
  iscc_status status = head(&net, components, 1, 1, 0, w->model->network.classes, error);
  for (int k = 0; !status && k < 3; k++) status = project(w, k, components, error);
  if (!status)
    status = iscc_trainer_create(&net, &settings, &w->set[0].samples, &w->set[1].samples, &trainer, error);
  for (int epoch = 0; !status && epoch < settings.epochs; epoch++)
    status = iscc_trainer_epoch(trainer, error);
  if (!status) status = iscc_trainer_test(trainer, &w->set[2].samples, NULL, &accuracy, error);
  if (!status) status = assemble(w, trainer, components, accuracy, error);
  iscc_trainer_destroy(trainer);
  return status;
}

static iscc_status check(const int *components, int count, const iscc_samples *training, iscc_error *error) {
  if (count < 0 || count > ISCC_PCA_MAX)
    return iscc_fail(error, ISCC_EINVAL, "principal components: %d classifiers are not within 0..%d", count,
                     ISCC_PCA_MAX);
  for (int i = 0; i < count; i++)
    if (components[i] < 1 || (size_t)components[i] >= training->samples ||
        (i && components[i] <= components[i - 1]))
      return iscc_fail(error, ISCC_EINVAL,
                       "principal components: %d are not within 1..%zu, or not above the number before",
                       components[i], training->samples - 1);
  return ISCC_OK;
}

iscc_status iscc_pca_train(const int *components, int count, const iscc_trainer_settings *trainer,
                           const iscc_samples *training, const iscc_samples *validation,
                           const iscc_samples *test, iscc_model *model, iscc_error *error) {
  iscc_status status = check(components, count, training, error);
  if (status || count == 0) return status;
  pca_training w = {
      .settings = trainer, .given = {training, validation, test}, .model = model, .classifiers = count};
  const size_t most = training->samples < ISCC_PCA_FIT_SAMPLES ? training->samples : ISCC_PCA_FIT_SAMPLES;
  status =
      iscc_pca_fit(training->input, most, (int)model->network.inputs, components[count - 1], &w.pca, error);
  for (int i = 0; !status && i < count; i++) {
    w.classifier = i;
    status = train_one(&w, components[i], error);
  }
  for (int k = 0; k < 3; k++) free(w.set[k].input);
  iscc_pca_destroy(w.pca);
  return status;
}
