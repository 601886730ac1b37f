/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-yaml - a YAML file as a tree whose every complaint says FILE:LINE.
 *
 * libyaml reads the file; a thin layer on its nodes checks kinds, keys and numbers. All texts are the tree's and last
 * until iscc_yaml_destroy(). One document a file; aliases are followed, merge keys (<<) and tags have no meaning.
 * Reentrant: a tree may be read by several threads. */
#ifndef ISCC_YAML_H
#define ISCC_YAML_H

#include <stddef.h>
#include <yaml.h>

#include "iscc-status.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Of a file, of a mapping, of lists and mappings in each other. */
enum { ISCC_YAML_BYTES_MAX = 1 << 20, ISCC_YAML_KEYS_MAX = 1000, ISCC_YAML_DEPTH_MAX = 16 };

typedef struct iscc_yaml iscc_yaml;

/* ISCC_EIO: cannot be read; ISCC_EFORMAT: not YAML, empty, or too long. */
iscc_status iscc_yaml_read(const char *path, iscc_yaml **out, iscc_error *error);
void iscc_yaml_destroy(iscc_yaml *yaml); /* NULL is fine */

const yaml_node_t *iscc_yaml_root(const iscc_yaml *yaml);
const char *iscc_yaml_path(const iscc_yaml *yaml);
int iscc_yaml_line(const yaml_node_t *node); /* 1.. */

/* Writes "FILE:LINE: text" into error; ISCC_EFORMAT. */
iscc_status iscc_yaml_fail(const iscc_yaml *yaml, const yaml_node_t *node, iscc_error *error,
                           const char *format, ...) ISCC_PRINTF(4, 5);

/* Pairs of a mapping or items of a list, in their order; 0 of another kind. */
size_t iscc_yaml_size(const yaml_node_t *node);
const yaml_node_t *iscc_yaml_item(const iscc_yaml *yaml, const yaml_node_t *list, size_t i);
const yaml_node_t *iscc_yaml_value(const iscc_yaml *yaml, const yaml_node_t *map, size_t i);
const char *iscc_yaml_key(const iscc_yaml *yaml, const yaml_node_t *map, size_t i);
/* The value of a key; NULL: the mapping has no such key. */
const yaml_node_t *iscc_yaml_get(const iscc_yaml *yaml, const yaml_node_t *map, const char *key);

/* Whether node is a mapping of single texts to anything, none twice. what: for the complaint, e.g. "grid". Before it, keys
 * must not be asked for. */
iscc_status iscc_yaml_check_map(const iscc_yaml *yaml, const yaml_node_t *node, const char *what,
                                iscc_error *error);
/* The same with no key but those of a list that NULL ends; a complaint asks for the nearest. */
iscc_status iscc_yaml_check_keys(const iscc_yaml *yaml, const yaml_node_t *node, const char *what,
                                 const char *const *keys, iscc_error *error);
iscc_status iscc_yaml_check_list(const iscc_yaml *yaml, const yaml_node_t *node, const char *what,
                                 iscc_error *error);

/* A single text without control characters. An empty one (~, null, nothing) is "". */
iscc_status iscc_yaml_text(const iscc_yaml *yaml, const yaml_node_t *node, const char *what,
                           const char **text, iscc_error *error);
/* low <= *value <= high. */
iscc_status iscc_yaml_real(const iscc_yaml *yaml, const yaml_node_t *node, const char *what, double low,
                           double high, double *value, iscc_error *error);
iscc_status iscc_yaml_integer(const iscc_yaml *yaml, const yaml_node_t *node, const char *what, long low,
                              long high, long *value, iscc_error *error);

#ifdef __cplusplus
}
#endif
#endif
