/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-solve-json.h"

#include <jansson.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "iscc-calibration.h"

typedef struct {
  double *power, *accuracy;
} table_columns;

struct iscc_problem_json {
  iscc_problem problem;
  iscc_split *splits;
  iscc_pca_split *pca;
  table_columns *pca_columns; /* of tabulated curves, NULL for others */
  size_t pca_count;
  double *curve_power, *curve_accuracy, *step_rate, *step_power;
};

typedef struct { /* one object being read: the first mistake stays */
  json_t *object;
  const char *path; /* "" or "uplink." or "splits[2]." */
  iscc_status status;
  iscc_error *error;
} reader;

static void refuse(reader *r, const char *format, ...) ISCC_PRINTF(2, 3);

static void refuse(reader *r, const char *format, ...) {
  if (r->status) return;
  char text[ISCC_ERROR_TEXT_MAX];
  va_list args;
  va_start(args, format);
  vsnprintf(text, sizeof text, format, args);
  va_end(args);
  r->status = iscc_fail(r->error, ISCC_EINVAL, "%s%s", r->path, text);
}

/* Refuses keys that are not in names. */
static void know_only(reader *r, const char *const *names) {
  const char *key;
  json_t *value;
  json_object_foreach(r->object, key, value) {
    bool known = false;
    for (int i = 0; names[i]; i++) known |= strcmp(key, names[i]) == 0;
    if (!known) refuse(r, "%s: unknown field", key);
  }
}

static json_t *need(reader *r, const char *name) {
  json_t *value = json_object_get(r->object, name);
  if (!value) refuse(r, "%s: missing", name);
  return value;
}

/* Ranges are checked by iscc_problem_check(); here only that it is a number. */
static double need_number(reader *r, const char *name) {
  const json_t *value = need(r, name);
  if (value && !json_is_number(value)) refuse(r, "%s: is not a number", name);
  return json_number_value(value);
}

static int need_integer(reader *r, const char *name, int low, int high) {
  const json_t *value = need(r, name);
  if (!value) return 0;
  const json_int_t number = json_integer_value(value);
  if (!json_is_integer(value) || number < low || number > high)
    refuse(r, "%s: is not a whole number within %d..%d", name, low, high);
  return (int)number;
}

/* An array of numbers; the caller frees it. */
static double *need_numbers(reader *r, const char *name, size_t *count) {
  const json_t *array = need(r, name);
  *count = 0;
  if (array && (!json_is_array(array) || json_array_size(array) == 0 || json_array_size(array) > 100000))
    refuse(r, "%s: is not an array of 1..100000 numbers", name);
  if (r->status) return NULL;
  double *values = malloc(sizeof *values * json_array_size(array));
  if (!values) {
    r->status = iscc_fail(r->error, ISCC_ENOMEM, "%s%s: out of memory", r->path, name);
    return NULL;
  }
  for (size_t i = 0; i < json_array_size(array); i++) {
    const json_t *item = json_array_get(array, i);
    if (!json_is_number(item)) refuse(r, "%s[%zu]: is not a number", name, i);
    values[i] = json_number_value(item);
  }
  *count = json_array_size(array);
  return values;
}

/* A number, or an array with one entry per Q of the problem's range; scale[Q] multiplies a plain number. */
static void read_per_bits(reader *r, const char *name, const iscc_problem *p, const double *scale,
                          double *values) {
  const json_t *value = json_object_get(r->object, name);
  const size_t wanted = (size_t)(p->bits_max - p->bits_min + 1);
  if (json_is_array(value) && json_array_size(value) != wanted) {
    refuse(r, "%s: has %zu entries, bits %d..%d need %zu", name, json_array_size(value), p->bits_min,
           p->bits_max, wanted);
    return;
  }
  for (int q = p->bits_min; q <= p->bits_max && !r->status; q++) {
    const json_t *item = json_is_array(value) ? json_array_get(value, (size_t)(q - p->bits_min)) : value;
    if (!json_is_number(item)) refuse(r, "%s: is neither a number nor an array of numbers", name);
    values[q] = json_number_value(item) * (json_is_array(value) || !scale ? 1 : scale[q]);
  }
}

/* The text of a "type" field. */
static const char *need_type(reader *r, const char *first, const char *second) {
  const json_t *value = need(r, "type");
  const char *type = value ? json_string_value(value) : NULL;
  if (value && (!type || (strcmp(type, first) != 0 && strcmp(type, second) != 0)))
    refuse(r, "type: is neither \"%s\" nor \"%s\"", first, second);
  return r->status ? first : type;
}

static reader inside(const reader *outer, json_t *object, const char *path) {
  reader r = {.object = object, .path = path, .status = outer->status, .error = outer->error};
  if (!r.status && !json_is_object(object)) {
    r.path = "";
    refuse(&r, "%.*s: is not an object", (int)strcspn(path, "."), path);
    r.path = path;
  }
  return r;
}

static void read_uplink(reader *outer, iscc_problem_json *out) {
  reader r = inside(outer, need(outer, "uplink"), "uplink.");
  iscc_uplink *u = &out->problem.uplink;
  if (!r.status && strcmp(need_type(&r, "shannon", "steps"), "shannon") == 0) {
    static const char *const fields[] = {"type", "bandwidth_hz", "snr_per_w", NULL};
    know_only(&r, fields);
    *u = (iscc_uplink){.kind = ISCC_UPLINK_SHANNON,
                       .bandwidth_hz = need_number(&r, "bandwidth_hz"),
                       .snr_per_w = need_number(&r, "snr_per_w")};
  } else if (!r.status) {
    static const char *const fields[] = {"type", "rate_bps", "power_w", NULL};
    size_t rates, powers;
    know_only(&r, fields);
    out->step_rate = need_numbers(&r, "rate_bps", &rates);
    out->step_power = need_numbers(&r, "power_w", &powers);
    if (rates != powers) refuse(&r, "power_w: has %zu entries, rate_bps has %zu", powers, rates);
    *u = (iscc_uplink){.kind = ISCC_UPLINK_STEPS,
                       .rate_bps = out->step_rate,
                       .power_w = out->step_power,
                       .steps = (int)rates};
  }
  outer->status = r.status;
}

/* power and accuracy: where a table's arrays go, to be freed by the caller. */
static void read_curve(reader *outer, const char *path, iscc_accuracy_curve *curve, double **power,
                       double **accuracy) {
  reader r = inside(outer, need(outer, "accuracy_curve"), path);
  if (!r.status && strcmp(need_type(&r, "arctan", "table"), "arctan") == 0) {
    static const char *const fields[] = {"type", "a", "b_per_w", NULL};
    know_only(&r, fields);
    *curve = (iscc_accuracy_curve){
        .kind = ISCC_CURVE_ARCTAN, .a = need_number(&r, "a"), .b_per_w = need_number(&r, "b_per_w")};
  } else if (!r.status) {
    static const char *const fields[] = {"type", "power_w", "accuracy", NULL};
    size_t powers, accuracies;
    know_only(&r, fields);
    *power = need_numbers(&r, "power_w", &powers);
    *accuracy = need_numbers(&r, "accuracy", &accuracies);
    if (powers != accuracies) refuse(&r, "accuracy: has %zu entries, power_w has %zu", accuracies, powers);
    *curve = (iscc_accuracy_curve){
        .kind = ISCC_CURVE_TABLE, .power_w = *power, .accuracy = *accuracy, .points = (int)powers};
  }
  outer->status = r.status;
}

static void read_split_fields(reader *r, const iscc_problem *p, iscc_split *s) {
  double shape[ISCC_PROBLEM_BITS_MAX + 1];
  for (int q = p->bits_min; q <= p->bits_max; q++) shape[q] = iscc_quantization_shape(q);
  memset(s, 0, sizeof *s);
  s->layer = need_integer(r, "layer", 0, 1000000);
  s->flops_slope = need_number(r, "flops_slope");
  s->flops_const = need_number(r, "flops_const");
  s->server_flops = need_number(r, "server_flops");
  s->features = need_integer(r, "features", 0, 1000000000);
  if (!json_object_get(r->object, "quantization_loss")) refuse(r, "quantization_loss: missing");
  if (!r->status) read_per_bits(r, "quantization_loss", p, shape, s->quantization_loss);
  if (!r->status && json_object_get(r->object, "overhead_bits"))
    read_per_bits(r, "overhead_bits", p, NULL, s->overhead_bits);
}

static void read_splits(reader *outer, iscc_problem_json *out) {
  static const char *const fields[] = {
      "layer",         "flops_slope",    "flops_const",       "server_flops",  "features", "pruning_loss",
      "pruning_slope", "keep_ratio_min", "quantization_loss", "overhead_bits", NULL};
  const json_t *array = need(outer, "splits");
  const size_t count = json_array_size(array);
  if (array && (!json_is_array(array) || count < 1 || count > ISCC_PROBLEM_SPLITS_MAX))
    refuse(outer, "splits: is not an array of 1..%d objects", ISCC_PROBLEM_SPLITS_MAX);
  if (outer->status) return;
  out->splits = calloc(count, sizeof *out->splits);
  if (!out->splits) outer->status = iscc_fail(outer->error, ISCC_ENOMEM, "splits: out of memory");
  for (size_t i = 0; i < count && !outer->status; i++) {
    char path[32];
    snprintf(path, sizeof path, "splits[%zu].", i);
    reader r = inside(outer, json_array_get(array, i), path);
    if (!r.status) {
      know_only(&r, fields);
      read_split_fields(&r, &out->problem, &out->splits[i]);
      out->splits[i].pruning_loss = need_number(&r, "pruning_loss");
      if (json_object_get(r.object, "pruning_slope"))
        out->splits[i].pruning_slope = need_number(&r, "pruning_slope");
      if (json_object_get(r.object, "keep_ratio_min"))
        out->splits[i].keep_min = need_number(&r, "keep_ratio_min");
    }
    outer->status = r.status;
  }
  out->problem.splits = out->splits;
  out->problem.split_count = count;
}

static void read_pca_splits(reader *outer, iscc_problem_json *out) {
  static const char *const fields[] = {
      "layer",        "flops_slope",       "flops_const",   "server_flops",   "features",
      "pruning_loss", "quantization_loss", "overhead_bits", "accuracy_curve", NULL};
  const json_t *array = json_object_get(outer->object, "pca_splits");
  const size_t count = json_array_size(array);
  if (array && (!json_is_array(array) || count > ISCC_PROBLEM_SPLITS_MAX))
    refuse(outer, "pca_splits: is not an array of 0..%d objects", ISCC_PROBLEM_SPLITS_MAX);
  if (outer->status || count == 0) return;
  out->pca = calloc(count, sizeof *out->pca);
  out->pca_columns = calloc(count, sizeof *out->pca_columns);
  if (!out->pca || !out->pca_columns)
    outer->status = iscc_fail(outer->error, ISCC_ENOMEM, "pca_splits: out of memory");
  out->pca_count = outer->status ? 0 : count;
  for (size_t i = 0; i < out->pca_count && !outer->status; i++) {
    char path[64], curve_path[80];
    snprintf(path, sizeof path, "pca_splits[%zu].", i);
    snprintf(curve_path, sizeof curve_path, "pca_splits[%zu].accuracy_curve.", i);
    reader r = inside(outer, json_array_get(array, i), path);
    if (!r.status) {
      know_only(&r, fields);
      read_split_fields(&r, &out->problem, &out->pca[i].split);
      if (json_object_get(r.object, "pruning_loss")) /* of no effect: nothing is pruned */
        out->pca[i].split.pruning_loss = need_number(&r, "pruning_loss");
      read_curve(&r, curve_path, &out->pca[i].accuracy_curve, &out->pca_columns[i].power,
                 &out->pca_columns[i].accuracy);
    }
    outer->status = r.status;
  }
  out->problem.pca_splits = out->pca;
  out->problem.pca_split_count = out->pca_count;
}

static void read_bits(reader *r, iscc_problem *p) {
  const json_t *array = need(r, "bits");
  const json_t *low = json_array_get(array, 0), *high = json_array_get(array, 1);
  if (array && (json_array_size(array) != 2 || !json_is_integer(low) || !json_is_integer(high)))
    refuse(r, "bits: is not [low, high], two whole numbers");
  if (r->status) return;
  const json_int_t first = json_integer_value(low), last = json_integer_value(high);
  if (first < 2 || first > last || last > ISCC_PROBLEM_BITS_MAX)
    refuse(r, "bits: %lld..%lld is not a range within 2..%d", (long long)first, (long long)last,
           ISCC_PROBLEM_BITS_MAX);
  p->bits_min = (int)first;
  p->bits_max = (int)last;
}

static void read_problem(reader *r, iscc_problem_json *out) {
  static const char *const fields[] = {"target_accuracy",
                                       "max_latency_s",
                                       "sensing_time_s",
                                       "max_power_w",
                                       "max_speed_flops",
                                       "server_speed_flops",
                                       "kappa",
                                       "uplink",
                                       "accuracy_curve",
                                       "bits",
                                       "fixed_sensing_power_w",
                                       "splits",
                                       "pca_splits",
                                       NULL};
  iscc_problem *p = &out->problem;
  know_only(r, fields);
  p->target_accuracy = need_number(r, "target_accuracy");
  p->max_latency_s = need_number(r, "max_latency_s");
  p->sensing_time_s = need_number(r, "sensing_time_s");
  p->max_power_w = need_number(r, "max_power_w");
  p->max_speed_flops = need_number(r, "max_speed_flops");
  p->server_speed_flops = need_number(r, "server_speed_flops");
  p->kappa = need_number(r, "kappa");
  if (json_object_get(r->object, "fixed_sensing_power_w")) {
    p->fixed_sensing_power_w = need_number(r, "fixed_sensing_power_w");
    if (!(p->fixed_sensing_power_w > 0))
      refuse(r, "fixed_sensing_power_w: %g is not greater than 0", p->fixed_sensing_power_w);
  }
  if (!r->status) read_uplink(r, out);
  if (!r->status)
    read_curve(r, "accuracy_curve.", &p->accuracy_curve, &out->curve_power, &out->curve_accuracy);
  if (!r->status) read_bits(r, p);
  if (!r->status) read_splits(r, out);
  if (!r->status) read_pca_splits(r, out);
  if (!r->status) r->status = iscc_problem_check(p, r->error);
}

iscc_status iscc_problem_json_parse(const char *text, iscc_problem_json **out, iscc_error *error) {
  *out = NULL;
  json_error_t where;
  json_t *root = json_loads(text, JSON_REJECT_DUPLICATES, &where);
  if (!root) return iscc_fail(error, ISCC_EFORMAT, "not JSON: %s (column %d)", where.text, where.column);
  iscc_problem_json *parsed = calloc(1, sizeof *parsed);
  reader r = {.object = root, .path = "", .error = error};
  if (!parsed)
    r.status = iscc_fail(error, ISCC_ENOMEM, "problem: out of memory");
  else if (!json_is_object(root))
    refuse(&r, "problem: is not a JSON object");
  else
    read_problem(&r, parsed);
  json_decref(root);
  if (r.status) {
    iscc_problem_json_destroy(parsed);
    return r.status;
  }
  *out = parsed;
  return ISCC_OK;
}

void iscc_problem_json_destroy(iscc_problem_json *p) {
  if (!p) return;
  for (size_t i = 0; i < p->pca_count; i++) {
    free(p->pca_columns[i].power);
    free(p->pca_columns[i].accuracy);
  }
  free(p->pca);
  free(p->pca_columns);
  free(p->splits);
  free(p->curve_power);
  free(p->curve_accuracy);
  free(p->step_rate);
  free(p->step_power);
  free(p);
}

const iscc_problem *iscc_problem_json_problem(const iscc_problem_json *parsed) {
  return &parsed->problem;
}

/* ---- decisions ---- */

static json_t *number_or_null(double value) {
  return isfinite(value) ? json_real(value) : json_null();
}

static json_t *constraint_names(unsigned set) {
  json_t *names = json_array();
  for (int i = 0; i < ISCC_CONSTRAINT_COUNT; i++)
    if (set & 1u << i)
      json_array_append_new(names, json_string(iscc_constraint_name((iscc_constraint)(1 << i))));
  return names;
}

static void put_allocation(json_t *o, const iscc_decision *d) {
  json_object_set_new(o, "split", json_integer(d->split));
  json_object_set_new(o, "bits", json_integer(d->bits));
  json_object_set_new(o, "keep_ratio", json_real(d->keep_ratio));
  json_object_set_new(o, "sensing_power_w", json_real(d->sensing_power_w));
  json_object_set_new(o, "transmit_power_w", json_real(d->transmit_power_w));
  json_object_set_new(o, "edge_speed_flops", json_real(d->edge_speed_flops));
  json_object_set_new(o, "energy_j",
                      json_pack("{s:f, s:f, s:f, s:f}", "sensing", d->energy.sensing, "compute",
                                d->energy.compute, "uplink", d->energy.uplink, "total", d->energy.total));
  json_object_set_new(o, "latency_s",
                      json_pack("{s:f, s:f, s:f, s:f, s:f}", "sensing", d->latency.sensing, "compute",
                                d->latency.compute, "uplink", d->latency.uplink, "server", d->latency.server,
                                "total", d->latency.total));
  json_object_set_new(o, "predicted_accuracy", json_real(d->predicted_accuracy));
  json_object_set_new(o, "binding", constraint_names(d->binding));
  json_object_set_new(o, "lower_bound_j", number_or_null(d->lower_bound_j));
  json_object_set_new(o, "relative_gap", number_or_null(d->relative_gap));
}

static char *dump(json_t *o) {
  char *text = json_dumps(o, JSON_REAL_PRECISION(17));
  json_decref(o);
  return text;
}

char *iscc_decision_json(const char *scheme, const iscc_decision *d, double time_us) {
  json_t *o = json_pack("{s:s, s:s}", "scheme", scheme, "status", iscc_decision_status_name(d->status));
  if (!o) return NULL;
  if (d->status == ISCC_DECISION_INFEASIBLE) {
    json_object_set_new(o, "conflict", constraint_names(d->conflict));
    json_object_set_new(o, "least_latency_s", number_or_null(d->least_latency_s));
    json_object_set_new(o, "highest_accuracy", number_or_null(d->highest_accuracy));
  } else {
    put_allocation(o, d);
  }
  json_object_set_new(o, "evaluated", json_integer(d->evaluated));
  json_object_set_new(o, "discarded", json_integer(d->discarded));
  json_object_set_new(o, "iterations", json_integer(d->iterations));
  json_object_set_new(o, "time_us", json_real(time_us));
  return dump(o);
}

char *iscc_error_json(const char *scheme, const char *text) {
  json_t *o = json_pack("{s:s, s:s, s:s}", "scheme", scheme, "status", "error", "error", text);
  return o ? dump(o) : NULL;
}
