/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-run-arguments.h"

#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void iscc_run_arguments_free(char **argv) {
  for (size_t i = 0; argv && argv[i]; i++) free(argv[i]);
  free(argv);
}

static char *option_text(const char *name, const char *value) {
  char *text = NULL;
  return asprintf(&text, "--%s%s%s", name, *value ? "=" : "", value) < 0 ? NULL : text;
}

static char *option_number(const char *name, int64_t value) {
  char number[32];
  snprintf(number, sizeof number, "%lld", (long long)value);
  return option_text(name, number);
}

char **iscc_run_arguments_make(const char *path, const char *arguments, int64_t seed, int64_t run,
                               const char *shard) {
  enum { OURS = 5 }; /* path, seed, run, database, end */
  json_t *object = json_loads(arguments, 0, NULL), *value;
  const char *name;
  char **argv = calloc(json_object_size(object) + OURS, sizeof *argv);
  size_t n = 0;
  bool fine = object && argv && (argv[n++] = strdup(path));
  json_object_foreach(object, name, value) fine =
      fine && json_is_string(value) && (argv[n++] = option_text(name, json_string_value(value)));
  json_decref(object);
  fine = fine && (argv[n++] = option_number("RngSeed", seed));
  fine = fine && (argv[n++] = option_number("RngRun", run));
  if (shard) fine = fine && (argv[n] = option_text("db", shard));
  if (fine) return argv;
  iscc_run_arguments_free(argv);
  return NULL;
}
