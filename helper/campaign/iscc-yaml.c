/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-yaml.h"

#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "iscc-nearest.h"

struct iscc_yaml {
  char *path;
  yaml_document_t document;
};

static yaml_document_t *
document_of(const iscc_yaml *yaml) { /* libyaml's functions that only look take it so */
  return (yaml_document_t *)(uintptr_t)&yaml->document;
}

static const yaml_node_t *node_at(const iscc_yaml *yaml, int index) {
  return yaml_document_get_node(document_of(yaml), index);
}

static iscc_status say_parser_error(const char *path, const yaml_parser_t *parser, iscc_error *error) {
  if (parser->error == YAML_MEMORY_ERROR) return iscc_fail(error, ISCC_ENOMEM, "%s: out of memory", path);
  if (parser->error == YAML_READER_ERROR)
    return iscc_fail(error, ISCC_EFORMAT, "%s: not a text file in UTF-8: %s at byte %zu", path,
                     parser->problem, parser->problem_offset);
  return iscc_fail(error, ISCC_EFORMAT, "%s:%zu: not YAML: %s", path, parser->problem_mark.line + 1,
                   parser->problem);
}

static int depth_change(yaml_event_type_t type) {
  if (type == YAML_SEQUENCE_START_EVENT || type == YAML_MAPPING_START_EVENT) return 1;
  return type == YAML_SEQUENCE_END_EVENT || type == YAML_MAPPING_END_EVENT ? -1 : 0;
}

/* libyaml takes time quadratic in the depth of nesting. */
static iscc_status check_depth(yaml_parser_t *parser, const char *path, iscc_error *error) {
  yaml_event_t event;
  bool ended = false;
  for (int depth = 0; !ended; yaml_event_delete(&event)) {
    if (!yaml_parser_parse(parser, &event)) return say_parser_error(path, parser, error);
    ended = event.type == YAML_STREAM_END_EVENT;
    depth += depth_change(event.type);
    if (depth > ISCC_YAML_DEPTH_MAX) {
      const size_t line = event.start_mark.line + 1;
      yaml_event_delete(&event);
      return iscc_fail(error, ISCC_EFORMAT, "%s:%zu: nested deeper than %d", path, line, ISCC_YAML_DEPTH_MAX);
    }
  }
  return ISCC_OK;
}

/* The one document of a file. */
static iscc_status load(yaml_parser_t *parser, iscc_yaml *yaml, iscc_error *error) {
  yaml_document_t next;
  if (!yaml_parser_load(parser, &yaml->document)) {
    memset(&yaml->document, 0, sizeof yaml->document);
    return say_parser_error(yaml->path, parser, error);
  }
  if (!yaml_document_get_root_node(&yaml->document))
    return iscc_fail(error, ISCC_EFORMAT, "%s: is empty", yaml->path);
  if (!yaml_parser_load(parser, &next)) return say_parser_error(yaml->path, parser, error);
  const bool second = yaml_document_get_root_node(&next) != NULL;
  const size_t line = next.start_mark.line + 1;
  yaml_document_delete(&next);
  if (second) return iscc_fail(error, ISCC_EFORMAT, "%s:%zu: a second document begins", yaml->path, line);
  return ISCC_OK;
}

static iscc_status read_bytes(const char *path, unsigned char *bytes, size_t *count, iscc_error *error) {
  FILE *file = fopen(path, "rb");
  if (!file) return iscc_fail(error, ISCC_EIO, "%s: %s", path, strerror(errno));
  *count = fread(bytes, 1, ISCC_YAML_BYTES_MAX + 1, file);
  const int failed = ferror(file) ? errno : 0;
  fclose(file);
  if (failed) return iscc_fail(error, ISCC_EIO, "%s: %s", path, strerror(failed));
  if (*count > ISCC_YAML_BYTES_MAX)
    return iscc_fail(error, ISCC_EFORMAT, "%s: longer than %d bytes", path, ISCC_YAML_BYTES_MAX);
  return ISCC_OK;
}

static iscc_status parse(iscc_yaml *yaml, const unsigned char *bytes, size_t count, bool look_only,
                         iscc_error *error) {
  yaml_parser_t parser;
  if (!yaml_parser_initialize(&parser)) return iscc_fail(error, ISCC_ENOMEM, "%s: out of memory", yaml->path);
  yaml_parser_set_input_string(&parser, bytes, count);
  const iscc_status status = look_only ? check_depth(&parser, yaml->path, error) : load(&parser, yaml, error);
  yaml_parser_delete(&parser);
  return status;
}

iscc_status iscc_yaml_read(const char *path, iscc_yaml **out, iscc_error *error) {
  size_t count = 0;
  iscc_yaml *yaml = calloc(1, sizeof *yaml);
  unsigned char *bytes = malloc(ISCC_YAML_BYTES_MAX + 1);
  iscc_status status = ISCC_OK;
  *out = NULL;
  if (yaml) yaml->path = strdup(path);
  if (!yaml || !bytes || !yaml->path) status = iscc_fail(error, ISCC_ENOMEM, "%s: out of memory", path);
  if (!status) status = read_bytes(path, bytes, &count, error);
  if (!status) status = parse(yaml, bytes, count, true, error);
  if (!status) status = parse(yaml, bytes, count, false, error);
  free(bytes);
  if (status)
    iscc_yaml_destroy(yaml);
  else
    *out = yaml;
  return status;
}

void iscc_yaml_destroy(iscc_yaml *yaml) {
  if (!yaml) return;
  yaml_document_delete(&yaml->document);
  free(yaml->path);
  free(yaml);
}

const yaml_node_t *iscc_yaml_root(const iscc_yaml *yaml) {
  return yaml_document_get_root_node(document_of(yaml));
}

const char *iscc_yaml_path(const iscc_yaml *yaml) {
  return yaml->path;
}

int iscc_yaml_line(const yaml_node_t *node) {
  return (int)node->start_mark.line + 1;
}

iscc_status iscc_yaml_fail(const iscc_yaml *yaml, const yaml_node_t *node, iscc_error *error,
                           const char *format, ...) {
  char text[ISCC_ERROR_TEXT_MAX];
  va_list list;
  va_start(list, format);
  vsnprintf(text, sizeof text, format, list);
  va_end(list);
  return iscc_fail(error, ISCC_EFORMAT, "%s:%d: %s", yaml->path, iscc_yaml_line(node), text);
}

size_t iscc_yaml_size(const yaml_node_t *node) {
  if (node->type == YAML_MAPPING_NODE)
    return (size_t)(node->data.mapping.pairs.top - node->data.mapping.pairs.start);
  if (node->type == YAML_SEQUENCE_NODE)
    return (size_t)(node->data.sequence.items.top - node->data.sequence.items.start);
  return 0;
}

const yaml_node_t *iscc_yaml_item(const iscc_yaml *yaml, const yaml_node_t *list, size_t i) {
  return node_at(yaml, list->data.sequence.items.start[i]);
}

static const yaml_node_t *key_node(const iscc_yaml *yaml, const yaml_node_t *map, size_t i) {
  return node_at(yaml, map->data.mapping.pairs.start[i].key);
}

const yaml_node_t *iscc_yaml_value(const iscc_yaml *yaml, const yaml_node_t *map, size_t i) {
  return node_at(yaml, map->data.mapping.pairs.start[i].value);
}

const char *iscc_yaml_key(const iscc_yaml *yaml, const yaml_node_t *map, size_t i) {
  return (const char *)key_node(yaml, map, i)->data.scalar.value;
}

const yaml_node_t *iscc_yaml_get(const iscc_yaml *yaml, const yaml_node_t *map, const char *key) {
  for (size_t i = 0; i < iscc_yaml_size(map); i++)
    if (strcmp(iscc_yaml_key(yaml, map, i), key) == 0) return iscc_yaml_value(yaml, map, i);
  return NULL;
}

iscc_status iscc_yaml_text(const iscc_yaml *yaml, const yaml_node_t *node, const char *what,
                           const char **text, iscc_error *error) {
  if (node->type != YAML_SCALAR_NODE)
    return iscc_yaml_fail(yaml, node, error, "%s: one text or number is wanted", what);
  const unsigned char *value = node->data.scalar.value;
  for (size_t i = 0; i < node->data.scalar.length; i++)
    if (value[i] < ' ' || value[i] == 127)
      return iscc_yaml_fail(yaml, node, error, "%s: has a control character", what);
  const bool plain = node->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
  *text = (const char *)value;
  if (plain && (strcmp(*text, "~") == 0 || strcmp(*text, "null") == 0)) *text = "";
  return ISCC_OK;
}

iscc_status iscc_yaml_check_map(const iscc_yaml *yaml, const yaml_node_t *node, const char *what,
                                iscc_error *error) {
  const char *key;
  if (node->type != YAML_MAPPING_NODE)
    return iscc_yaml_fail(yaml, node, error, "%s: a mapping 'name: value' is wanted", what);
  if (iscc_yaml_size(node) > ISCC_YAML_KEYS_MAX)
    return iscc_yaml_fail(yaml, node, error, "%s: more than %d names", what, ISCC_YAML_KEYS_MAX);
  for (size_t i = 0; i < iscc_yaml_size(node); i++) {
    const iscc_status status = iscc_yaml_text(yaml, key_node(yaml, node, i), what, &key, error);
    if (status) return status;
    for (size_t k = 0; k < i; k++)
      if (strcmp(key, iscc_yaml_key(yaml, node, k)) == 0)
        return iscc_yaml_fail(yaml, key_node(yaml, node, i), error,
                              "%s: '%s' is there twice, first in line %d", what, key,
                              iscc_yaml_line(key_node(yaml, node, k)));
  }
  return ISCC_OK;
}

iscc_status iscc_yaml_check_keys(const iscc_yaml *yaml, const yaml_node_t *node, const char *what,
                                 const char *const *keys, iscc_error *error) {
  iscc_status status = iscc_yaml_check_map(yaml, node, what, error);
  if (status) return status;
  for (size_t i = 0; i < iscc_yaml_size(node); i++) {
    const char *key = iscc_yaml_key(yaml, node, i);
    iscc_nearest nearest = {.typed = key};
    char question[ISCC_ERROR_TEXT_MAX];
    size_t k = 0;
    for (; keys[k] && strcmp(key, keys[k]) != 0; k++) iscc_nearest_offer(&nearest, keys[k]);
    if (!keys[k])
      return iscc_yaml_fail(yaml, key_node(yaml, node, i), error, "%s: '%s' is not known here%s", what, key,
                            iscc_nearest_question(&nearest, question, sizeof question));
  }
  return ISCC_OK;
}

iscc_status iscc_yaml_check_list(const iscc_yaml *yaml, const yaml_node_t *node, const char *what,
                                 iscc_error *error) {
  if (node->type == YAML_SEQUENCE_NODE && iscc_yaml_size(node) > 0) return ISCC_OK;
  return iscc_yaml_fail(yaml, node, error, "%s: a list [..., ...] of at least one is wanted", what);
}

iscc_status iscc_yaml_real(const iscc_yaml *yaml, const yaml_node_t *node, const char *what, double low,
                           double high, double *value, iscc_error *error) {
  const char *text;
  char *end;
  const iscc_status status = iscc_yaml_text(yaml, node, what, &text, error);
  if (status) return status;
  *value = strtod(text, &end);
  if (end != text && !*end && isfinite(*value) && *value >= low && *value <= high) return ISCC_OK;
  return iscc_yaml_fail(yaml, node, error, "%s: '%s' is not a number in %g..%g", what, text, low, high);
}

iscc_status iscc_yaml_integer(const iscc_yaml *yaml, const yaml_node_t *node, const char *what, long low,
                              long high, long *value, iscc_error *error) {
  const char *text;
  char *end;
  const iscc_status status = iscc_yaml_text(yaml, node, what, &text, error);
  if (status) return status;
  errno = 0;
  *value = strtol(text, &end, 10);
  if (end != text && !*end && !errno && *value >= low && *value <= high) return ISCC_OK;
  return iscc_yaml_fail(yaml, node, error, "%s: '%s' is not a whole number in %ld..%ld", what, text, low,
                        high);
}
