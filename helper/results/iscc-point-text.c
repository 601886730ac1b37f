/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-point-text.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void iscc_point_differ(json_t *differ, const char *a, const char *b) {
  json_t *x = json_loads(a, 0, NULL), *y = json_loads(b, 0, NULL), *value;
  const char *option;
  json_object_foreach(x, option, value) {
    if (!json_equal(json_object_get(y, option), value)) json_object_set_new(differ, option, json_true());
  }
  json_object_foreach(y, option, value) {
    if (!json_object_get(x, option)) json_object_set_new(differ, option, json_true());
  }
  json_decref(x);
  json_decref(y);
}

void iscc_point_describe(const json_t *differ, const char *arguments, char text[ISCC_POINT_TEXT_MAX]) {
  json_t *options = json_loads(arguments, 0, NULL), *value;
  const char *option;
  int used = 0;
  text[0] = '\0';
  json_object_foreach(options, option, value) {
    if (!json_object_get(differ, option) || used >= ISCC_POINT_TEXT_MAX) continue;
    used += snprintf(text + used, (size_t)(ISCC_POINT_TEXT_MAX - used), "%s%s=%s", used ? " " : "", option,
                     json_string_value(value));
  }
  json_decref(options);
}

int iscc_point_value_order(const char *a, const char *b) {
  char *end_a, *end_b;
  const double x = strtod(a, &end_a), y = strtod(b, &end_b);
  const bool numbers = *a && *b && !*end_a && !*end_b;
  if (numbers && x != y) return x < y ? -1 : 1;
  return strcmp(a, b);
}

int iscc_point_order(const char *a, const char *b) {
  json_t *x = json_loads(a, 0, NULL), *y = json_loads(b, 0, NULL), *value;
  const char *option;
  int order = 0;
  json_object_foreach(x, option, value) {
    const json_t *other = json_object_get(y, option);
    if (!order && json_is_string(value) && json_is_string(other))
      order = iscc_point_value_order(json_string_value(value), json_string_value(other));
  }
  json_decref(x);
  json_decref(y);
  return order ? order : strcmp(a, b);
}
