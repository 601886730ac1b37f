/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-axes.h"

#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "iscc-axis-twins.h"
#include "iscc-number-text.h"

typedef struct {
  const iscc_yaml *yaml;
  iscc_axes *axes;
  iscc_error *error;
} reader;

static iscc_status no_memory(const reader *r) {
  return iscc_fail(r->error, ISCC_ENOMEM, "%s: out of memory", iscc_yaml_path(r->yaml));
}

const iscc_grid_option *iscc_axes_find(const iscc_axes *axes, const char *name, size_t *length) {
  for (size_t a = 0; a < axes->axes; a++)
    for (size_t i = 0; i < axes->axis[a].options; i++) {
      if (strcmp(axes->axis[a].option[i].name, name) != 0) continue;
      if (length) *length = axes->axis[a].length;
      return axes->axis[a].option + i;
    }
  return NULL;
}

/* What the campaign itself gives every run. */
static bool is_ours(const char *name) {
  return strcmp(name, "RngSeed") == 0 || strcmp(name, "RngRun") == 0 || strcmp(name, "seed") == 0 ||
         strcmp(name, "run") == 0 || strcmp(name, "db") == 0;
}

static iscc_status check_name(const reader *r, const yaml_node_t *value, const char *name) {
  static const char allowed[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_:.";
  if (!*name || *name == '-' || name[strspn(name, allowed)])
    return iscc_yaml_fail(r->yaml, value, r->error,
                          "'%s' is not an option's name: letters, digits and -_:., without the leading --",
                          name);
  if (is_ours(name))
    return iscc_yaml_fail(r->yaml, value, r->error,
                          "'%s' is given to every run by the campaign; leave it out (see seed and runs)",
                          name);
  if (iscc_axes_find(r->axes, name, NULL))
    return iscc_yaml_fail(r->yaml, value, r->error, "'%s' has values already, further up", name);
  return ISCC_OK;
}

/* Pointers and room for as many numbers, which it returns, in one block. */
static char *allocate(size_t length, const char ***values) {
  *values = malloc(length * (sizeof **values + ISCC_NUMBER_TEXT_MAX));
  return *values ? (char *)(*values + length) : NULL;
}

/* {from: a, to: b, step: s} */
static iscc_status read_range(const reader *r, const yaml_node_t *node, const char *name,
                              const char ***values, size_t *length) {
  static const char *const keys[] = {"from", "to", "step", NULL};
  double number[3];
  iscc_status status = iscc_yaml_check_keys(r->yaml, node, name, keys, r->error);
  for (int i = 0; !status && i < 3; i++) {
    const yaml_node_t *given = iscc_yaml_get(r->yaml, node, keys[i]);
    if (!given)
      status = iscc_yaml_fail(r->yaml, node, r->error, "%s: a range needs from, to and step; '%s' is missing",
                              name, keys[i]);
    else
      status = iscc_yaml_real(r->yaml, given, keys[i], -1e300, 1e300, &number[i], r->error);
  }
  if (status) return status;
  const double steps = floor((number[1] - number[0]) / number[2] + 1e-9);
  if (number[2] == 0 || steps < 0)
    return iscc_yaml_fail(r->yaml, node, r->error, "%s: no steps of %g lead from %g to %g", name, number[2],
                          number[0], number[1]);
  if (steps >= ISCC_AXIS_LENGTH_MAX)
    return iscc_yaml_fail(r->yaml, node, r->error, "%s: more than %d values", name, ISCC_AXIS_LENGTH_MAX);
  *length = (size_t)steps + 1;
  char *text = allocate(*length, values);
  if (!text) return no_memory(r);
  for (size_t i = 0; i < *length; i++, text += ISCC_NUMBER_TEXT_MAX) {
    const double value = number[0] + (double)i * number[2];
    char written[ISCC_NUMBER_TEXT_MAX];
    snprintf(written, sizeof written, "%.15g", fabs(value) < 1e-9 * fabs(number[2]) ? 0 : value);
    iscc_number_text(written, text);
    (*values)[i] = text;
  }
  return ISCC_OK;
}

/* Of an option by itself, at the line of the second value. */
static iscc_status check_distinct(const reader *r, const yaml_node_t *node, const iscc_grid_option *option,
                                  size_t length) {
  const iscc_grid_axis axis = {.options = 1, .length = length, .option = option};
  bool found;
  size_t first, second;
  const iscc_status status = iscc_axis_twins_find(&axis, &found, &first, &second, r->error);
  if (status || !found) return status;
  return iscc_yaml_fail(
      r->yaml, node->type == YAML_SEQUENCE_NODE ? iscc_yaml_item(r->yaml, node, second) : node, r->error,
      "%s: '%s' and '%s' are the same", option->name, option->value[first], option->value[second]);
}

/* One value. Numbers have one text, so that a run is known by them; what is in quotes is given as it is. */
static iscc_status read_value(const reader *r, const yaml_node_t *node, const char *name, char *room,
                              const char **value) {
  const iscc_status status = iscc_yaml_text(r->yaml, node, name, value, r->error);
  if (!status && node->data.scalar.style == YAML_PLAIN_SCALAR_STYLE && iscc_number_text(*value, room))
    *value = room;
  return status;
}

/* A list, or one text. */
static iscc_status read_texts(const reader *r, const yaml_node_t *node, const char *name,
                              const char ***values, size_t *length) {
  const bool list = node->type == YAML_SEQUENCE_NODE;
  iscc_status status = list ? iscc_yaml_check_list(r->yaml, node, name, r->error) : ISCC_OK;
  if (status) return status;
  *length = list ? iscc_yaml_size(node) : 1;
  if (*length > ISCC_AXIS_LENGTH_MAX)
    return iscc_yaml_fail(r->yaml, node, r->error, "%s: more than %d values", name, ISCC_AXIS_LENGTH_MAX);
  char *room = allocate(*length, values);
  if (!room) return no_memory(r);
  for (size_t i = 0; !status && i < *length; i++, room += ISCC_NUMBER_TEXT_MAX)
    status = read_value(r, list ? iscc_yaml_item(r->yaml, node, i) : node, name, room, &(*values)[i]);
  return status;
}

/* One option; its values are freed by the caller, also after a failure. */
static iscc_status read_option(const reader *r, const yaml_node_t *map, size_t i, bool fixed, bool zipped,
                               iscc_grid_option *out, size_t *length) {
  const yaml_node_t *node = iscc_yaml_value(r->yaml, map, i);
  const char **values = NULL;
  out->name = iscc_yaml_key(r->yaml, map, i);
  iscc_status status = check_name(r, node, out->name);
  if (status) return status;
  if (fixed && node->type != YAML_SCALAR_NODE)
    return iscc_yaml_fail(r->yaml, node, r->error,
                          "options: '%s' has one value in all runs; several go to grid", out->name);
  if (node->type == YAML_MAPPING_NODE)
    status = read_range(r, node, out->name, &values, length);
  else
    status = read_texts(r, node, out->name, &values, length);
  out->value = values;
  return status || zipped ? status : check_distinct(r, node, out, *length);
}

static iscc_status add_axis(const reader *r, size_t options, iscc_grid_option **option) {
  iscc_axes *a = r->axes;
  iscc_grid_axis *more = realloc(a->axis, (a->axes + 1) * sizeof *more);
  if (!more) return no_memory(r);
  a->axis = more;
  *option = calloc(options, sizeof **option);
  if (!*option) return no_memory(r);
  a->axis[a->axes++] = (iscc_grid_axis){.option = *option};
  return ISCC_OK;
}

/* Each pair of a mapping is an axis. */
static iscc_status read_axes(const reader *r, const yaml_node_t *map, const char *what, bool fixed) {
  iscc_status status = iscc_yaml_check_map(r->yaml, map, what, r->error);
  for (size_t i = 0; !status && i < iscc_yaml_size(map); i++) {
    iscc_grid_option option = {0}, *place;
    size_t length = 0;
    status = read_option(r, map, i, fixed, false, &option, &length);
    if (!status) status = add_axis(r, 1, &place);
    if (status) {
      free((void *)(uintptr_t)option.value);
      return status;
    }
    *place = option;
    r->axes->axis[r->axes->axes - 1].options = 1;
    r->axes->axis[r->axes->axes - 1].length = length;
  }
  return status;
}

/* Two places of options that go together at which all of them are the same: one point twice. */
static iscc_status check_together(const reader *r, const yaml_node_t *map, const iscc_grid_axis *axis) {
  bool found;
  size_t first, second;
  const iscc_status status = iscc_axis_twins_find(axis, &found, &first, &second, r->error);
  if (status || !found) return status;
  return iscc_yaml_fail(r->yaml, map, r->error,
                        "zip: values %zu and %zu are the same in all options, as %s=%s", first + 1,
                        second + 1, axis->option[0].name, axis->option[0].value[second]);
}

/* A mapping whose pairs are one axis together. */
static iscc_status read_together(const reader *r, const yaml_node_t *map) {
  iscc_grid_option *option;
  iscc_status status = iscc_yaml_check_map(r->yaml, map, "zip", r->error);
  if (!status && iscc_yaml_size(map) < 2)
    status = iscc_yaml_fail(r->yaml, map, r->error,
                            "zip: two options or more go together; one alone goes to grid");
  if (!status) status = add_axis(r, iscc_yaml_size(map), &option);
  for (size_t i = 0; !status && i < iscc_yaml_size(map); i++) {
    iscc_grid_axis *axis = r->axes->axis + r->axes->axes - 1;
    size_t length = 0;
    status = read_option(r, map, i, false, true, option + i, &length);
    if (!status && i > 0 && length != axis->length)
      status = iscc_yaml_fail(r->yaml, iscc_yaml_value(r->yaml, map, i), r->error,
                              "zip: '%s' has %zu values, '%s' %zu; both must have as many", option[i].name,
                              length, option[0].name, axis->length);
    axis->options = i + 1;
    if (i == 0) axis->length = length;
  }
  if (!status) status = check_together(r, map, r->axes->axis + r->axes->axes - 1);
  return status;
}

iscc_status iscc_axes_read(const iscc_yaml *yaml, const yaml_node_t *root, iscc_axes *out,
                           iscc_error *error) {
  const reader r = {yaml, out, error};
  const yaml_node_t *options = iscc_yaml_get(yaml, root, "options"),
                    *grid = iscc_yaml_get(yaml, root, "grid"), *zip = iscc_yaml_get(yaml, root, "zip");
  iscc_status status = ISCC_OK;
  memset(out, 0, sizeof *out);
  if (options) status = read_axes(&r, options, "options", true);
  out->fixed = out->axes;
  if (!status && grid) status = read_axes(&r, grid, "grid", false);
  if (!status && zip) status = iscc_yaml_check_list(yaml, zip, "zip", error);
  for (size_t i = 0; !status && zip && i < iscc_yaml_size(zip); i++)
    status = read_together(&r, iscc_yaml_item(yaml, zip, i));
  if (status) iscc_axes_free(out);
  return status;
}

void iscc_axes_free(iscc_axes *axes) {
  for (size_t a = 0; a < axes->axes; a++) {
    for (size_t i = 0; i < axes->axis[a].options; i++) free((void *)(uintptr_t)axes->axis[a].option[i].value);
    free((void *)(uintptr_t)axes->axis[a].option);
  }
  free(axes->axis);
  memset(axes, 0, sizeof *axes);
}
