/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-model.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "iscc-model-metadata.h"
#include "iscc-safetensors.h"

/* Value of the metadata key "format": tells our files from others of the same layout. A reader refuses other
 * numbers. */
#define MODEL_FORMAT "iscc-model-2"

/* ---- the model in memory ---- */

static size_t bias_count(const iscc_network *network, int l) {
  return network->layer[l].weights ? (size_t)network->layer[l].units : 0;
}

void iscc_model_destroy(iscc_model *model) {
  if (!model) return;
  for (int i = 0; i < ISCC_PCA_MAX; i++) iscc_model_destroy(model->pca[i]);
  for (int l = 1; l <= ISCC_LAYERS_MAX; l++) free(model->weight[l]), free(model->bias[l]);
  free(model);
}

iscc_status iscc_model_create(const iscc_network *network, iscc_model **out, iscc_error *error) {
  *out = NULL;
  enum { CLASSES_MAX = sizeof((iscc_provenance *)0)->confusion / sizeof((iscc_provenance *)0)->confusion[0] };
  if (network->classes < 1 || network->classes > CLASSES_MAX)
    return iscc_fail(error, ISCC_EINVAL, "network: %d outputs, a model has 1..%d classes", network->classes,
                     CLASSES_MAX);
  iscc_model *model = calloc(1, sizeof *model);
  if (!model) return iscc_fail(error, ISCC_ENOMEM, "out of memory creating a model");
  model->network = *network;
  for (int l = 1; l <= network->layers; l++) {
    if (!network->layer[l].weights) continue;
    model->weight[l] = calloc(network->layer[l].weights, sizeof *model->weight[l]);
    model->bias[l] = calloc(bias_count(network, l), sizeof *model->bias[l]);
    if (!model->weight[l] || !model->bias[l]) {
      iscc_model_destroy(model);
      return iscc_fail(error, ISCC_ENOMEM, "out of memory creating a model");
    }
  }
  *out = model;
  return ISCC_OK;
}

/* ---- the model as tensors ---- */

/* Name and shape of a layer's weights or biases; data is not set. */
static iscc_tensor describe_tensor(const iscc_network *network, int l, int is_bias) {
  const iscc_layer *layer = &network->layer[l], *before = &network->layer[l - 1];
  iscc_tensor t = {.rank = 1, .shape = {(size_t)layer->units}, .count = (size_t)layer->units};
  snprintf(t.name, sizeof t.name, "%s.%s", layer->name, is_bias ? "bias" : "weight");
  if (is_bias) return t;
  t.count = layer->weights;
  if (layer->kind == ISCC_LAYER_CONV) {
    t.rank = 4;
    t.shape[1] = (size_t)before->channels;
    t.shape[2] = t.shape[3] = (size_t)layer->kernel;
  } else {
    t.rank = 2;
    t.shape[1] = before->features;
  }
  return t;
}

/* "(16, 6, 5, 5)" */
static void format_shape(const iscc_tensor *t, char *text, size_t size) {
  size_t used = (size_t)snprintf(text, size, "(");
  for (int i = 0; i < t->rank && used < size; i++)
    used += (size_t)snprintf(text + used, size - used, "%s%zu", i ? ", " : "", t->shape[i]);
  if (used < size) snprintf(text + used, size - used, ")");
}

/* Checks that the file holds the tensor and, given a place, copies it there. */
static iscc_status take_tensor(const char *path, const iscc_safetensors *file, const iscc_tensor *want,
                               float *to, iscc_error *error) {
  const iscc_tensor *have = iscc_safetensors_tensor(file, want->name);
  if (!have) return iscc_fail(error, ISCC_EFORMAT, "%s: tensor '%s' is missing", path, want->name);
  if (have->rank != want->rank ||
      memcmp(have->shape, want->shape, sizeof have->shape[0] * (size_t)have->rank) != 0) {
    char have_shape[96], want_shape[96];
    format_shape(have, have_shape, sizeof have_shape);
    format_shape(want, want_shape, sizeof want_shape);
    return iscc_fail(error, ISCC_EFORMAT, "%s: tensor '%s' has shape %s, its topology needs %s", path,
                     want->name, have_shape, want_shape);
  }
  for (size_t i = 0; i < have->count; i++)
    if (!isfinite(have->data[i]))
      return iscc_fail(error, ISCC_EFORMAT, "%s: tensor '%s' holds a value that is no finite number at %zu",
                       path, want->name, i);
  if (to) memcpy(to, have->data, have->count * sizeof *to);
  return ISCC_OK;
}

/* Every tensor of the topology and no other. model NULL: only checks, so that nothing is allocated for a
 * topology whose tensors are not there. */
static iscc_status take_tensors(const char *path, const iscc_safetensors *file, const iscc_network *network,
                                iscc_model *model, iscc_error *error) {
  size_t taken = 0;
  for (int l = 1; l <= network->layers; l++) {
    if (!network->layer[l].weights) continue;
    const iscc_tensor weight = describe_tensor(network, l, 0), bias = describe_tensor(network, l, 1);
    iscc_status status = take_tensor(path, file, &weight, model ? model->weight[l] : NULL, error);
    if (!status) status = take_tensor(path, file, &bias, model ? model->bias[l] : NULL, error);
    if (status) return status;
    taken += 2;
  }
  const iscc_tensor *extra = iscc_safetensors_at(file, taken);
  if (extra) return iscc_fail(error, ISCC_EFORMAT, "%s: has tensors that its topology does not know", path);
  return ISCC_OK;
}

/* ---- reading ---- */

/* A JSON text of the metadata; the caller drops the reference. */
static iscc_status load_note(const char *path, const iscc_safetensors *file, const char *key, json_t **out,
                             iscc_error *error) {
  json_error_t fault;
  const char *text = iscc_safetensors_text(file, key);
  if (!text) return iscc_fail(error, ISCC_EFORMAT, "%s: its metadata lacks '%s'", path, key);
  *out = json_loads(text, JSON_REJECT_DUPLICATES, &fault);
  if (!*out) return iscc_fail(error, ISCC_EFORMAT, "%s: metadata '%s' is no JSON: %s", path, key, fault.text);
  return ISCC_OK;
}

/* Puts the file's name before what a parser found. */
static iscc_status blame(const char *path, iscc_status status, const iscc_error *why, iscc_error *error) {
  if (!status) return ISCC_OK;
  return iscc_fail(error, status == ISCC_EINVAL ? ISCC_EFORMAT : status, "%s: %s", path, why->text);
}

static iscc_status read_topology(const char *path, const iscc_safetensors *file, iscc_network *network,
                                 iscc_error *error) {
  json_t *json = NULL;
  iscc_error why = {.text = ""};
  iscc_status status = load_note(path, file, "topology", &json, error);
  if (!status) status = blame(path, iscc_topology_parse(json, network, &why), &why, error);
  json_decref(json);
  return status;
}

static iscc_status read_provenance(const char *path, const iscc_safetensors *file, iscc_model *model,
                                   iscc_error *error) {
  json_t *json = NULL;
  iscc_error why = {.text = ""};
  iscc_status status = load_note(path, file, "provenance", &json, error);
  if (!status) status = blame(path, iscc_provenance_parse(json, model, &why), &why, error);
  json_decref(json);
  return status;
}

static iscc_status read_calibration(const char *path, const iscc_safetensors *file, iscc_model *model,
                                    iscc_error *error) {
  if (!iscc_safetensors_text(file, "calibration")) return ISCC_OK;
  json_t *json = NULL;
  iscc_error why = {.text = ""};
  iscc_status status = load_note(path, file, "calibration", &json, error);
  if (!status)
    status =
        blame(path, iscc_calibration_parse(json, &model->network, &model->calibration, &why), &why, error);
  json_decref(json);
  model->calibrated = !status;
  return status;
}

static iscc_status read_file(const char *path, const iscc_safetensors *file, iscc_model **out,
                             iscc_error *error) {
  const char *format = iscc_safetensors_text(file, "format");
  if (!format) return iscc_fail(error, ISCC_EFORMAT, "%s: a safetensors file, but not a model of iscc", path);
  if (strcmp(format, MODEL_FORMAT) != 0)
    return iscc_fail(error, ISCC_EFORMAT, "%s: its format is not %s, the one this version reads", path,
                     MODEL_FORMAT);
  iscc_network network;
  iscc_status status = read_topology(path, file, &network, error);
  if (!status) status = take_tensors(path, file, &network, NULL, error);
  if (status) return status;
  iscc_error why = {.text = ""};
  iscc_model *model;
  status = blame(path, iscc_model_create(&network, &model, &why), &why, error);
  if (status) return status;
  status = take_tensors(path, file, &network, model, error);
  if (!status) status = read_provenance(path, file, model, error);
  if (!status) status = read_calibration(path, file, model, error);
  if (status) {
    iscc_model_destroy(model);
    return status;
  }
  snprintf(model->sha256, sizeof model->sha256, "%s", iscc_safetensors_sha256(file));
  *out = model;
  return ISCC_OK;
}

iscc_status iscc_model_read(const char *path, iscc_model **out, iscc_error *error) {
  *out = NULL;
  iscc_safetensors *file;
  iscc_status status = iscc_safetensors_read(path, &file, error);
  if (status) return status;
  status = read_file(path, file, out, error);
  iscc_safetensors_destroy(file);
  return status;
}

/* ---- writing ---- */

/* The JSON text of a description, whose reference is dropped; NULL when there is none. */
static char *dump_note(json_t *json) {
  char *text = json ? json_dumps(json, JSON_COMPACT | JSON_REAL_PRECISION(17)) : NULL;
  json_decref(json);
  return text;
}

static size_t list_tensors(const iscc_model *model, iscc_tensor *tensors) {
  size_t n = 0;
  for (int l = 1; l <= model->network.layers; l++) {
    if (!model->network.layer[l].weights) continue;
    tensors[n] = describe_tensor(&model->network, l, 0);
    tensors[n++].data = model->weight[l];
    tensors[n] = describe_tensor(&model->network, l, 1);
    tensors[n++].data = model->bias[l];
  }
  return n;
}

iscc_status iscc_model_write(const char *path, const iscc_model *model, iscc_error *error) {
  iscc_tensor tensors[2 * ISCC_LAYERS_MAX];
  const size_t tensor_count = list_tensors(model, tensors);
  for (size_t i = 0; i < tensor_count; i++)
    for (size_t k = 0; k < tensors[i].count; k++)
      if (!isfinite(tensors[i].data[k]))
        return iscc_fail(error, ISCC_EINVAL, "%s: not written: %s holds a value that is no finite number",
                         path, tensors[i].name);
  char accuracy[32];
  snprintf(accuracy, sizeof accuracy, "%.6g", model->provenance.test_accuracy);
  char *topology = dump_note(iscc_topology_describe(&model->network));
  char *provenance = dump_note(iscc_provenance_describe(model));
  char *calibration =
      model->calibrated ? dump_note(iscc_calibration_describe(&model->network, &model->calibration)) : NULL;
  const iscc_safetensors_note notes[] = {{"format", MODEL_FORMAT},
                                         {"test_accuracy", accuracy},
                                         {"topology", topology},
                                         {"provenance", provenance},
                                         {"calibration", calibration}};
  iscc_status status;
  if (!topology || !provenance || (model->calibrated && !calibration))
    status = iscc_fail(error, ISCC_EINVAL,
                       "%s: not written: calibration or provenance holds a value that is no finite "
                       "number",
                       path);
  else
    status = iscc_safetensors_write(path, tensors, tensor_count, notes, calibration ? 5 : 4, error);
  free(topology), free(provenance), free(calibration);
  return status;
}
