/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-scenario-read.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "iscc-option-scope.h"
#include "iscc-options.h"

enum { OPTIONS = ISCC_OPTION_LAST - ISCC_OPTION_FIRST + 1 };

/* The last text of each option in a layer, NULL: none. */
typedef struct {
  const char *text[OPTIONS];
} layer;

typedef struct {
  iscc_scenario *scenario;
  layer *now; /* the layer that is being read */
  layer example, preset, user;
} reading;

typedef struct {
  int key;
  const char *text;
} setting;

/* Table II says nothing of fading, headers or answers. */
static const struct {
  const char *name;
  setting settings[4]; /* ended by NULL */
} paper = {
    "paper",
    {{ISCC_OPTION_SNR, "20"}, {ISCC_OPTION_COHERENCE, "0"}, {ISCC_OPTION_CHARGE, "payload"}, {0, NULL}}};

static const char **text_of(layer *l, int key) {
  return &l->text[key - ISCC_OPTION_FIRST];
}

static void choose_preset(reading *r, const char *name, const struct argp_state *state) {
  if (strcmp(name, paper.name) != 0)
    iscc_option_refuse(state, "--preset: '%s' is not one of %s", name, paper.name);
  for (const setting *s = paper.settings; s->text; s++) *text_of(&r->preset, s->key) = s->text;
}

/* A preset lies below what else is on its line, whichever came first; an example's is the example's own. */
static void set_preset(reading *r, const struct argp_state *state) {
  for (int key = ISCC_OPTION_FIRST; key <= ISCC_OPTION_LAST; key++) {
    const char *text = *text_of(&r->preset, key);
    if (!text || *text_of(r->now, key)) continue;
    iscc_scenario_set(r->scenario, key, text, state);
    if (r->now == &r->example) *text_of(&r->example, key) = text;
  }
}

static bool user_gave(const void *ctx, iscc_option option) {
  const reading *r = ctx;
  return r->user.text[option - ISCC_OPTION_FIRST] != NULL;
}

static void end_layer(reading *r, const struct argp_state *state) {
  iscc_error error;
  set_preset(r, state);
  if (r->now == &r->user && iscc_option_scope_apply(r->scenario, user_gave, r, &error))
    iscc_option_refuse(state, "%s", error.text);
}

static error_t parse(int key, char *arg, struct argp_state *state) {
  reading *r = state->input;
  if (key == ARGP_KEY_INIT) state->child_inputs[0] = r;
  if (key == ARGP_KEY_ARG) iscc_option_refuse(state, "'%s': there are no arguments but options", arg);
  if (key == ARGP_KEY_END) end_layer(r, state);
  if (key < ISCC_OPTION_FIRST || key > ISCC_OPTION_LAST) return ARGP_ERR_UNKNOWN;
  *text_of(r->now, key) = arg;
  if (key == ISCC_OPTION_PRESET)
    choose_preset(r, arg, state);
  else
    iscc_scenario_set(r->scenario, key, arg, state);
  return 0;
}

static error_t parse_world(int key, char *arg, struct argp_state *state) {
  return key < ISCC_OPTION_FIRST || key > ISCC_OPTION_LAST ? ARGP_ERR_UNKNOWN : parse(key, arg, state);
}

/* The text of an option with the default that is in force here in place of the general one at its end. */
static char *tell_default(int key, const char *text, void *input) {
  reading *r = input;
  if (!r || !text || key < ISCC_OPTION_FIRST || key > ISCC_OPTION_LAST) return (char *)(uintptr_t)text;
  const char *now = *text_of(&r->preset, key);
  if (!now) now = *text_of(&r->example, key);
  if (!now) return (char *)(uintptr_t)text;
  const char *general = strstr(text, " (default");
  const int kept = (int)(general ? general - text : (long)strlen(text));
  const size_t size = (size_t)kept + strlen(now) + sizeof " (default )";
  char *told = malloc(size);
  if (told) snprintf(told, size, "%.*s (default %s)", kept, text, now);
  return told; /* freed by argp */
}

static const struct argp world_argp = {
    .options = iscc_world_options, .parser = parse_world, .help_filter = tell_default};
static const struct argp_child children[] = {{&world_argp, 0, NULL, 0}, {0}};

/* The example's options as a command line of their own. */
static iscc_status read_example(reading *r, const struct argp *argp, const char *const *example,
                                char *program, iscc_error *error) {
  int count = 0;
  while (example[count]) count++;
  char **line = calloc((size_t)count + 2, sizeof *line);
  if (!line) return iscc_fail(error, ISCC_ENOMEM, "out of memory");
  line[0] = program;
  for (int i = 0; i < count; i++)
    memcpy(&line[1 + i], &example[i], sizeof *line); /* argp changes none of them */
  r->now = &r->example;
  iscc_options_parse(argp, count + 1, line, ARGP_NO_HELP, r);
  r->preset = (layer){{NULL}};
  free(line); /* the texts are the example's */
  return ISCC_OK;
}

iscc_status iscc_scenario_read(iscc_scenario *s, const char *doc, const char *const *example, int argc,
                               char **argv, iscc_error *error) {
  const struct argp argp = {.options = iscc_scenario_options,
                            .parser = parse,
                            .doc = doc,
                            .children = children,
                            .help_filter = tell_default};
  reading r = {.scenario = s};
  const iscc_status status = read_example(&r, &argp, example, argv[0], error);
  if (status) return status;
  r.now = &r.user;
  iscc_options_parse(&argp, argc, argv, 0, &r);
  return ISCC_OK;
}
