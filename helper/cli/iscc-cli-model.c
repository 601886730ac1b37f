/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc model info - what a model file says. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "iscc-cli.h"
#include "iscc-default-model.h"
#include "iscc-model-report.h"
#include "iscc-options.h"

enum { OPTION_JSON = 256 };

static const struct argp_option options[] = {{"json", OPTION_JSON, NULL, 0, "print JSON", 0}, {0}};

typedef struct {
  const char *verb, *path;
  int json;
} arguments;

static error_t parse(int key, char *arg, struct argp_state *state) {
  arguments *a = state->input;
  switch (key) {
  case OPTION_JSON:
    a->json = 1;
    break;
  case ARGP_KEY_ARG:
    if (!a->verb)
      a->verb = arg;
    else if (!a->path)
      a->path = arg;
    else
      iscc_option_refuse(state, "'%s': one file at a time", arg);
    break;
  case ARGP_KEY_END:
    if (!a->verb || strcmp(a->verb, "info") != 0)
      iscc_option_refuse(state, "'%s': say 'iscc model info'", a->verb ? a->verb : "");
    break;
  default:
    return ARGP_ERR_UNKNOWN;
  }
  return 0;
}

int iscc_cli_model(int argc, char **argv) {
  static const struct argp argp = {
      .options = options,
      .parser = parse,
      .args_doc = "info [FILE]",
      .doc = "Prints a trained network's topology, training, accuracy model and fit errors. "
             "FILE: default the model that comes with the project."};
  arguments a = {0};
  char path[4096];
  iscc_error error = {""};
  iscc_model *model = NULL;
  iscc_status status = ISCC_OK;
  iscc_options_parse(&argp, argc, argv, 0, &a);
  if (a.path)
    snprintf(path, sizeof path, "%s", a.path);
  else
    status = iscc_default_model_path(path, sizeof path, &error);
  if (!status) status = iscc_model_read(path, &model, &error);
  if (status) return iscc_report_failure(argv[0], status, &error);
  if (a.json) {
    char *text = iscc_model_json(model, path);
    if (text) puts(text);
    if (!text) status = iscc_fail(&error, ISCC_ENOMEM, "out of memory");
    free(text);
  } else {
    iscc_model_print(model, path, stdout);
  }
  iscc_model_destroy(model);
  return status ? iscc_report_failure(argv[0], status, &error) : 0;
}
