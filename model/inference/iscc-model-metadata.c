/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-model-metadata.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* One table per structure serves writing and reading, so that the two cannot drift apart. */
typedef enum { FIELD_REAL, FIELD_INTEGER, FIELD_FLAG } field_kind;

typedef struct {
  const char *name;
  field_kind kind;
  size_t offset;
  double low, high;
} field;

#define REAL(type, member, low, high)                                                                        \
  { #member, FIELD_REAL, offsetof(type, member), low, high }
#define INTEGER(type, member, low, high)                                                                     \
  { #member, FIELD_INTEGER, offsetof(type, member), low, high }
#define FLAG(type, member)                                                                                   \
  { #member, FIELD_FLAG, offsetof(type, member), 0, 1 }
#define COUNT(table) (sizeof(table) / sizeof *(table))
#define HUGE_REAL    1e300

static const field calibration_fields[] = {
    REAL(iscc_calibration, arctan_a, 0, 1),
    REAL(iscc_calibration, arctan_b_per_w, 0, HUGE_REAL),
    REAL(iscc_calibration, arctan_rmse, 0, 1),
    REAL(iscc_calibration, clean_accuracy, 0, 1),
    INTEGER(iscc_calibration, curve_points, 1, ISCC_CURVE_POINTS_MAX),
    INTEGER(iscc_calibration, concave_points, 1, ISCC_CURVE_POINTS_MAX),
    INTEGER(iscc_calibration, curve_samples, 1, 1e9),
    INTEGER(iscc_calibration, split_samples, 1, 1e9),
};

static const field split_fields[] = {
    REAL(iscc_split_calibration, laplace_rate, 0, HUGE_REAL),
    REAL(iscc_split_calibration, laplace_distance, 0, 1),
    REAL(iscc_split_calibration, frobenius, 0, HUGE_REAL),
    REAL(iscc_split_calibration, bound_pruning, 0, HUGE_REAL),
    REAL(iscc_split_calibration, bound_quantization, 0, HUGE_REAL),
    REAL(iscc_split_calibration, margin, 0, HUGE_REAL),
    REAL(iscc_split_calibration, pruning_loss, 0, HUGE_REAL),
    REAL(iscc_split_calibration, pruning_slope, 0, HUGE_REAL),
    REAL(iscc_split_calibration, keep_min, 0, 1),
    REAL(iscc_split_calibration, pruning_rmse, 0, 1),
    REAL(iscc_split_calibration, pruning_loss_u, 0, HUGE_REAL),
    REAL(iscc_split_calibration, pruning_rmse_u, 0, 1),
    REAL(iscc_split_calibration, quantization_loss_v, 0, HUGE_REAL),
    REAL(iscc_split_calibration, quantization_rmse, 0, 1),
    REAL(iscc_split_calibration, promise_excess, 0, 1),
};

static const field pca_fields[] = {
    INTEGER(iscc_pca_calibration, components, 1, 1e6),
    REAL(iscc_pca_calibration, device_flops, 0, HUGE_REAL),
    REAL(iscc_pca_calibration, server_flops, 0, HUGE_REAL),
    REAL(iscc_pca_calibration, test_accuracy, 0, 1),
    REAL(iscc_pca_calibration, arctan_a, 0, 1),
    REAL(iscc_pca_calibration, arctan_b_per_w, 0, HUGE_REAL),
    REAL(iscc_pca_calibration, arctan_rmse, 0, 1),
    INTEGER(iscc_pca_calibration, concave_points, 1, ISCC_CURVE_POINTS_MAX),
};

static const field provenance_fields[] = {
    INTEGER(iscc_provenance, train_samples, 0, 1e9), INTEGER(iscc_provenance, validation_samples, 0, 1e9),
    INTEGER(iscc_provenance, test_samples, 0, 1e9),  INTEGER(iscc_provenance, epochs, 0, 1e9),
    INTEGER(iscc_provenance, threads, 0, 1e6),       REAL(iscc_provenance, test_accuracy, 0, 1),
};

/* Ranges of sense are the sensing chain's own to check; here only kinds and finiteness. */
static const field sensing_fields[] = {
    REAL(iscc_sensing_settings, carrier_hz, -HUGE_REAL, HUGE_REAL),
    REAL(iscc_sensing_settings, sweep_hz, -HUGE_REAL, HUGE_REAL),
    REAL(iscc_sensing_settings, chirp_s, -HUGE_REAL, HUGE_REAL),
    REAL(iscc_sensing_settings, sampling_hz, -HUGE_REAL, HUGE_REAL),
    REAL(iscc_sensing_settings, chirp_spacing_s, -HUGE_REAL, HUGE_REAL),
    INTEGER(iscc_sensing_settings, chirps, 0, 1e9),
    REAL(iscc_sensing_settings, radar_x_m, -HUGE_REAL, HUGE_REAL),
    REAL(iscc_sensing_settings, radar_y_m, -HUGE_REAL, HUGE_REAL),
    REAL(iscc_sensing_settings, radar_z_m, -HUGE_REAL, HUGE_REAL),
    REAL(iscc_sensing_settings, noise_power_w, -HUGE_REAL, HUGE_REAL),
    FLAG(iscc_sensing_settings, clutter),
    REAL(iscc_sensing_settings, clutter_correlation, -HUGE_REAL, HUGE_REAL),
    FLAG(iscc_sensing_settings, subtract_mean),
    INTEGER(iscc_sensing_settings, svd_first, 0, 1e9),
    INTEGER(iscc_sensing_settings, svd_last, 0, 1e9),
    REAL(iscc_sensing_settings, doppler_limit_hz, -HUGE_REAL, HUGE_REAL),
    FLAG(iscc_sensing_settings, random_gait_phase),
};

/* ---- writing ---- */

static json_t *describe_fields(const field *fields, size_t count, const void *base) {
  json_t *json = json_object();
  for (size_t i = 0; i < count; i++) {
    const void *at = (const char *)base + fields[i].offset;
    json_t *value = NULL;
    switch (fields[i].kind) {
    case FIELD_REAL:
      value = json_real(*(const double *)at);
      break;
    case FIELD_INTEGER:
      value = json_integer(*(const int *)at);
      break;
    case FIELD_FLAG:
      value = json_boolean(*(const bool *)at);
      break;
    }
    if (json_object_set_new(json, fields[i].name, value)) { /* a number that is not finite has no JSON */
      json_decref(json);
      return NULL;
    }
  }
  return json;
}

static json_t *describe_reals(const double *values, int n) {
  json_t *array = json_array();
  for (int i = 0; i < n; i++) {
    if (json_array_append_new(array, json_real(values[i]))) {
      json_decref(array);
      return NULL;
    }
  }
  return array;
}

static const char *const kind_names[] = {"conv", "relu", "maxpool", "dense"};

const char *iscc_layer_kind_name(iscc_layer_kind kind) {
  return (size_t)kind < COUNT(kind_names) ? kind_names[kind] : NULL;
}

json_t *iscc_topology_describe(const iscc_network *network) {
  json_t *layers = json_array();
  for (int l = 1; l <= network->layers; l++) {
    const iscc_layer *layer = &network->layer[l];
    json_t *json = json_pack("{s:s, s:s}", "kind", iscc_layer_kind_name(layer->kind), "name", layer->name);
    if (layer->kind == ISCC_LAYER_CONV || layer->kind == ISCC_LAYER_MAXPOOL)
      json_object_set_new(json, "kernel", json_integer(layer->kernel));
    if (layer->kind == ISCC_LAYER_CONV || layer->kind == ISCC_LAYER_DENSE)
      json_object_set_new(json, "units", json_integer(layer->units));
    json_array_append_new(layers, json);
  }
  return json_pack("{s:[i, i, i], s:o}", "input", network->channels, network->rows, network->columns,
                   "layers", layers);
}

/* Numbers of Q = 2, 3, ... */
static json_t *describe_per_bits(const double *values) {
  return describe_reals(values + ISCC_BITS_MIN, ISCC_BITS_MAX - ISCC_BITS_MIN + 1);
}

static json_t *describe_split(int split, const iscc_split_calibration *calibration) {
  json_t *json = describe_fields(split_fields, COUNT(split_fields), calibration);
  json_object_set_new(json, "split", json_integer(split));
  json_object_set_new(json, "feature_max", describe_per_bits(calibration->feature_max));
  json_object_set_new(json, "clipped_share", describe_per_bits(calibration->clipped_share));
  json_object_set_new(json, "quantization_loss", describe_per_bits(calibration->quantization_loss));
  return json;
}

static json_t *describe_pca(const iscc_pca_calibration *p) {
  json_t *json = describe_fields(pca_fields, COUNT(pca_fields), p);
  json_object_set_new(json, "concave_accuracy", describe_reals(p->concave_accuracy, p->concave_points));
  json_object_set_new(json, "feature_max", describe_per_bits(p->feature_max));
  json_object_set_new(json, "quantization_loss", describe_per_bits(p->quantization_loss));
  return json;
}

json_t *iscc_calibration_describe(const iscc_network *network, const iscc_calibration *c) {
  json_t *json = describe_fields(calibration_fields, COUNT(calibration_fields), c);
  json_t *splits = json_array();
  int failed = json_object_set_new(json, "power_w", describe_reals(c->power_w, c->curve_points));
  failed |=
      json_object_set_new(json, "measured_accuracy", describe_reals(c->measured_accuracy, c->curve_points));
  failed |=
      json_object_set_new(json, "concave_power_w", describe_reals(c->concave_power_w, c->concave_points));
  failed |=
      json_object_set_new(json, "concave_accuracy", describe_reals(c->concave_accuracy, c->concave_points));
  for (int l = 0; l <= network->layers; l++)
    failed |= json_array_append_new(splits, describe_split(l, &c->split[l]));
  failed |= json_object_set_new(json, "splits", splits);
  json_t *pca = json_array();
  for (int i = 0; i < c->pca_count; i++) failed |= json_array_append_new(pca, describe_pca(&c->pca[i]));
  failed |= json_object_set_new(json, "pca", pca);
  if (!failed) return json;
  json_decref(json);
  return NULL;
}

static json_t *describe_confusion(const iscc_model *model) {
  json_t *rows = json_array();
  for (int i = 0; i < model->network.classes; i++) {
    json_t *row = json_array();
    for (int j = 0; j < model->network.classes; j++)
      json_array_append_new(row, json_integer(model->provenance.confusion[i][j]));
    json_array_append_new(rows, row);
  }
  return rows;
}

json_t *iscc_provenance_describe(const iscc_model *model) {
  char seed[24]; /* a text: JSON numbers of many readers end at 2^53 */
  snprintf(seed, sizeof seed, "%llu", (unsigned long long)model->provenance.seed);
  json_t *json = describe_fields(provenance_fields, COUNT(provenance_fields), &model->provenance);
  int failed = json_object_set_new(json, "version", json_string(model->provenance.version));
  failed |= json_object_set_new(json, "seed", json_string(seed));
  failed |= json_object_set_new(json, "confusion", describe_confusion(model));
  failed |= json_object_set_new(json, "sensing",
                                describe_fields(sensing_fields, COUNT(sensing_fields), &model->sensing));
  if (!failed) return json;
  json_decref(json);
  return NULL;
}

/* ---- reading ---- */

/* Fills one member from JSON, or tells what is wrong with it. */
static iscc_status parse_field(const char *where, const field *f, const json_t *value, void *at,
                               iscc_error *error) {
  const int kind_fits = f->kind == FIELD_REAL      ? json_is_number(value)
                        : f->kind == FIELD_INTEGER ? json_is_integer(value)
                                                   : json_is_boolean(value);
  if (!kind_fits)
    return iscc_fail(error, ISCC_EFORMAT, "%s.%s is missing or of another kind", where, f->name);
  if (f->kind == FIELD_FLAG) {
    *(bool *)at = json_is_true(value);
    return ISCC_OK;
  }
  const double number = json_number_value(value);
  if (!(number >= f->low && number <= f->high))
    return iscc_fail(error, ISCC_EFORMAT, "%s.%s: %g is outside %g..%g", where, f->name, number, f->low,
                     f->high);
  if (f->kind == FIELD_REAL)
    *(double *)at = number;
  else
    *(int *)at = (int)number;
  return ISCC_OK;
}

static iscc_status parse_fields(const char *where, const field *fields, size_t count, const json_t *json,
                                void *base, iscc_error *error) {
  iscc_status status = ISCC_OK;
  for (size_t i = 0; !status && i < count; i++)
    status = parse_field(where, &fields[i], json_object_get(json, fields[i].name),
                         (char *)base + fields[i].offset, error);
  return status;
}

static iscc_status parse_reals_between(const char *where, const char *name, const json_t *json, double low,
                                       double high, int n, double *values, iscc_error *error) {
  const json_t *array = json_object_get(json, name);
  if (!json_is_array(array) || json_array_size(array) != (size_t)n)
    return iscc_fail(error, ISCC_EFORMAT, "%s.%s is no list of %d numbers", where, name, n);
  const field each = {.name = name, .kind = FIELD_REAL, .low = low, .high = high};
  iscc_status status = ISCC_OK;
  for (int i = 0; !status && i < n; i++)
    status = parse_field(where, &each, json_array_get(array, (size_t)i), &values[i], error);
  return status;
}

static iscc_status parse_reals(const char *where, const char *name, const json_t *json, double high, int n,
                               double *values, iscc_error *error) {
  return parse_reals_between(where, name, json, 0, high, n, values, error);
}

static iscc_status parse_per_bits(const char *where, const char *name, const json_t *json, double low,
                                  double high, double *values, iscc_error *error) {
  return parse_reals_between(where, name, json, low, high, ISCC_BITS_MAX - ISCC_BITS_MIN + 1,
                             values + ISCC_BITS_MIN, error);
}

static iscc_status parse_layer(const json_t *json, int l, iscc_layer *layer, iscc_error *error) {
  char where[32];
  snprintf(where, sizeof where, "topology.layers[%d]", l - 1);
  const char *kind = json_string_value(json_object_get(json, "kind"));
  size_t k = 0;
  while (kind && k < COUNT(kind_names) && strcmp(kind, kind_names[k]) != 0) k++;
  if (!kind || k == COUNT(kind_names))
    return iscc_fail(error, ISCC_EFORMAT, "%s.kind is none of conv, relu, maxpool, dense", where);
  const char *name = json_string_value(json_object_get(json, "name"));
  if (!name || !*name || strlen(name) >= sizeof layer->name)
    return iscc_fail(error, ISCC_EFORMAT, "%s.name is missing or longer than %zu characters", where,
                     sizeof layer->name - 1);
  *layer = (iscc_layer){.kind = (iscc_layer_kind)k};
  memcpy(layer->name, name, strlen(name) + 1);
  const field fields[] = {INTEGER(iscc_layer, kernel, 1, 4096), INTEGER(iscc_layer, units, 1, 65536)};
  const int has_kernel = layer->kind == ISCC_LAYER_CONV || layer->kind == ISCC_LAYER_MAXPOOL;
  const int has_units = layer->kind == ISCC_LAYER_CONV || layer->kind == ISCC_LAYER_DENSE;
  iscc_status status = has_kernel ? parse_fields(where, &fields[0], 1, json, layer, error) : ISCC_OK;
  if (!status && has_units) status = parse_fields(where, &fields[1], 1, json, layer, error);
  return status;
}

iscc_status iscc_topology_parse(const json_t *json, iscc_network *network, iscc_error *error) {
  memset(network, 0, sizeof *network);
  double input[3] = {0};
  iscc_status status = parse_reals("topology", "input", json, 4096, 3, input, error);
  if (status) return status;
  if (!(input[0] >= 1 && input[1] >= 1 && input[2] >= 1))
    return iscc_fail(error, ISCC_EFORMAT, "topology.input: sizes must be 1..4096");
  network->channels = (int)input[0], network->rows = (int)input[1], network->columns = (int)input[2];
  const json_t *layers = json_object_get(json, "layers");
  const size_t count = json_array_size(layers);
  if (count < 1 || count > ISCC_LAYERS_MAX)
    return iscc_fail(error, ISCC_EFORMAT, "topology.layers is no list of 1..%d layers", ISCC_LAYERS_MAX);
  network->layers = (int)count;
  for (int l = 1; !status && l <= network->layers; l++)
    status = parse_layer(json_array_get(layers, (size_t)l - 1), l, &network->layer[l], error);
  return status ? status : iscc_network_shape(network, error);
}

/* Powers rise, accuracies do not fall: what every user of the curves builds on. */
static iscc_status check_curve(const char *name, const double *power_w, const double *accuracy, int points,
                               iscc_error *error) {
  for (int i = 0; i < points; i++) {
    if (!(power_w[i] > 0) || (i && !(power_w[i] > power_w[i - 1])))
      return iscc_fail(error, ISCC_EFORMAT, "calibration.%s: powers must be positive and rise", name);
    if (accuracy && i && !(accuracy[i] >= accuracy[i - 1]))
      return iscc_fail(error, ISCC_EFORMAT, "calibration.%s: accuracies must not fall", name);
  }
  return ISCC_OK;
}

static iscc_status parse_split(const json_t *json, int split, iscc_split_calibration *out,
                               iscc_error *error) {
  char where[40];
  snprintf(where, sizeof where, "calibration.splits[%d]", split);
  iscc_status status = parse_fields(where, split_fields, COUNT(split_fields), json, out, error);
  if (!status) status = parse_per_bits(where, "feature_max", json, 1e-30, 1e30, out->feature_max, error);
  if (!status) status = parse_per_bits(where, "clipped_share", json, 0, 1, out->clipped_share, error);
  if (!status)
    status = parse_per_bits(where, "quantization_loss", json, 0, HUGE_REAL, out->quantization_loss, error);
  return status;
}

/* Models of a training without such classifiers have none. */
static iscc_status parse_pca(const json_t *list, iscc_calibration *c, iscc_error *error) {
  if (json_array_size(list) > ISCC_PCA_MAX || (list && !json_is_array(list)))
    return iscc_fail(error, ISCC_EFORMAT, "calibration.pca is no list of 0..%d classifiers", ISCC_PCA_MAX);
  c->pca_count = (int)json_array_size(list);
  iscc_status status = ISCC_OK;
  for (int i = 0; !status && i < c->pca_count; i++) {
    char where[40];
    snprintf(where, sizeof where, "calibration.pca[%d]", i);
    iscc_pca_calibration *p = &c->pca[i];
    const json_t *json = json_array_get(list, (size_t)i);
    status = parse_fields(where, pca_fields, COUNT(pca_fields), json, p, error);
    if (!status && p->concave_points > c->curve_points)
      status = iscc_fail(error, ISCC_EFORMAT, "%s.concave_points: %d are more than powers", where,
                         p->concave_points);
    if (!status)
      status = parse_reals(where, "concave_accuracy", json, 1, p->concave_points, p->concave_accuracy, error);
    if (!status) status = check_curve(where, c->power_w, p->concave_accuracy, p->concave_points, error);
    if (!status) status = parse_per_bits(where, "feature_max", json, 1e-30, 1e30, p->feature_max, error);
    if (!status)
      status = parse_per_bits(where, "quantization_loss", json, 0, HUGE_REAL, p->quantization_loss, error);
  }
  return status;
}

iscc_status iscc_calibration_parse(const json_t *json, const iscc_network *network, iscc_calibration *c,
                                   iscc_error *error) {
  static const char where[] = "calibration";
  memset(c, 0, sizeof *c);
  iscc_status status = parse_fields(where, calibration_fields, COUNT(calibration_fields), json, c, error);
  if (!status) status = parse_reals(where, "power_w", json, HUGE_REAL, c->curve_points, c->power_w, error);
  if (!status)
    status = parse_reals(where, "measured_accuracy", json, 1, c->curve_points, c->measured_accuracy, error);
  if (!status)
    status =
        parse_reals(where, "concave_power_w", json, HUGE_REAL, c->concave_points, c->concave_power_w, error);
  if (!status)
    status = parse_reals(where, "concave_accuracy", json, 1, c->concave_points, c->concave_accuracy, error);
  if (!status) status = check_curve("power_w", c->power_w, NULL, c->curve_points, error);
  if (!status)
    status =
        check_curve("concave_power_w", c->concave_power_w, c->concave_accuracy, c->concave_points, error);
  if (status) return status;
  const json_t *splits = json_object_get(json, "splits");
  if (json_array_size(splits) != (size_t)network->layers + 1)
    return iscc_fail(error, ISCC_EFORMAT, "calibration.splits is no list of %d splits", network->layers + 1);
  for (int l = 0; !status && l <= network->layers; l++)
    status = parse_split(json_array_get(splits, (size_t)l), l, &c->split[l], error);
  return status ? status : parse_pca(json_object_get(json, "pca"), c, error);
}

static iscc_status parse_confusion(const json_t *json, iscc_model *model, iscc_error *error) {
  const json_t *rows = json_object_get(json, "confusion");
  const int n = model->network.classes;
  if (json_array_size(rows) != (size_t)n)
    return iscc_fail(error, ISCC_EFORMAT, "provenance.confusion is no %d x %d table", n, n);
  const field count = {.name = "confusion", .kind = FIELD_INTEGER, .high = 1e9};
  iscc_status status = ISCC_OK;
  for (int i = 0; i < n; i++)
    for (int j = 0; !status && j < n; j++)
      status = parse_field("provenance", &count, json_array_get(json_array_get(rows, (size_t)i), (size_t)j),
                           &model->provenance.confusion[i][j], error);
  return status;
}

iscc_status iscc_provenance_parse(const json_t *json, iscc_model *model, iscc_error *error) {
  iscc_provenance *p = &model->provenance;
  memset(p, 0, sizeof *p);
  iscc_status status =
      parse_fields("provenance", provenance_fields, COUNT(provenance_fields), json, p, error);
  if (status) return status;
  const char *version = json_string_value(json_object_get(json, "version"));
  if (!version || strlen(version) >= sizeof p->version)
    return iscc_fail(error, ISCC_EFORMAT, "provenance.version is missing or too long");
  memcpy(p->version, version, strlen(version) + 1);
  const char *seed = json_string_value(json_object_get(json, "seed"));
  if (!seed || !*seed || strspn(seed, "0123456789") != strlen(seed))
    return iscc_fail(error, ISCC_EFORMAT, "provenance.seed is no whole number as text");
  p->seed = strtoull(seed, NULL, 10);
  status = parse_confusion(json, model, error);
  if (status) return status;
  return parse_fields("provenance.sensing", sensing_fields, COUNT(sensing_fields),
                      json_object_get(json, "sensing"), &model->sensing, error);
}
