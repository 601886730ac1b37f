/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-study.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "iscc-default-model.h"
#include "iscc-observations.h"
#include "iscc-parallel.h"
#include "iscc-sealed-file.h"
#include "iscc-split-network.h"

enum { PATH_TEXT_MAX = 4096 };

void iscc_study_defaults(iscc_study_settings *settings, bool quick) {
  static const iscc_effort full = {.curve = 3000, .losses = 3000, .check = 2000, .check_others = 500};
  static const iscc_effort fast = {.curve = 200, .losses = 200, .check = 100, .check_others = 25};
  *settings = (iscc_study_settings){.quick = quick, .effort = quick ? fast : full, .seed = 1};
}

/* ---- opening ---- */

static iscc_status read_model(iscc_study *s, iscc_error *error) {
  iscc_status status = ISCC_OK;
  s->model_path = s->settings.model ? s->settings.model : s->path;
  if (!s->settings.model) status = iscc_default_model_path(s->path, sizeof s->path, error);
  if (!status) status = iscc_model_read(s->model_path, &s->model, error);
  if (!status && !s->model->calibrated)
    status =
        iscc_fail(error, ISCC_EFORMAT,
                  "%s: the model has no calibration, so there is nothing to plan with; train it with 'iscc "
                  "train' and without --no-calibration",
                  s->model_path);
  return status;
}

static iscc_status make_directory(const iscc_study *s, iscc_error *error) {
  char path[PATH_TEXT_MAX];
  if (snprintf(path, sizeof path, "%s/cache", s->settings.directory) >= (int)sizeof path)
    return iscc_fail(error, ISCC_EIO, "%s: the name is too long", s->settings.directory);
  const iscc_status status = iscc_directory_make(path, error);
  if (status) return status;
  if (access(path, W_OK | X_OK) != 0 || access(s->settings.directory, W_OK | X_OK) != 0)
    return iscc_fail(error, ISCC_EIO, "%s: cannot be written: %s", s->settings.directory, strerror(errno));
  return ISCC_OK;
}

static iscc_status make_solvers(iscc_study *s, iscc_error *error) {
  iscc_status status = ISCC_OK;
  while (!status && iscc_scheme_name(s->schemes) && s->schemes < sizeof s->solver / sizeof *s->solver) {
    status = iscc_solver_create(iscc_scheme_name(s->schemes), &s->solver[s->schemes], error);
    s->schemes += !status;
  }
  return status;
}

/* The basis: model, seed, and what one noisy observation and its scores are like here. */
static iscc_status probe(iscc_study *s, iscc_error *error) {
  float input[ISCC_INPUT_SIZE], scores[ISCC_MOTION_COUNT];
  uint8_t label;
  const iscc_observations o = {.sensing = &s->model->sensing,
                               .seed = s->settings.seed,
                               .series = ISCC_SERIES_CHECK,
                               .power_w = 0.05,
                               .samples = 1,
                               .threads = 1};
  iscc_split_network *net = NULL;
  iscc_status status = iscc_observations_fill(&o, input, &label, error);
  if (!status) status = iscc_split_network_create(s->model, &net, error);
  if (!status) status = iscc_split_network_server(net, 0, input, scores, error);
  iscc_split_network_destroy(net);
  if (status) return status;
  iscc_digest d;
  iscc_digest_begin(&d);
  iscc_digest_text(&d, "iscc study 1");
  iscc_digest_text(&d, ISCC_VERSION);
  iscc_digest_text(&d, s->model->sha256);
  iscc_digest_integer(&d, (int64_t)s->settings.seed);
  iscc_digest_bytes(&d, input, sizeof input);
  iscc_digest_bytes(&d, scores, sizeof scores);
  iscc_digest_end(&d, s->basis);
  return ISCC_OK;
}

iscc_status iscc_study_open(const iscc_study_settings *settings, iscc_study **out, iscc_error *error) {
  *out = NULL;
  iscc_study *s = calloc(1, sizeof *s);
  if (!s) return iscc_fail(error, ISCC_ENOMEM, "out of memory");
  s->settings = *settings;
  s->settings.threads = iscc_parallel_threads(settings->threads);
  iscc_status status = read_model(s, error);
  if (!status) status = make_directory(s, error);
  if (!status) status = make_solvers(s, error);
  if (!status) status = probe(s, error);
  if (status) {
    iscc_study_close(s);
    return status;
  }
  *out = s;
  return ISCC_OK;
}

void iscc_study_close(iscc_study *s) {
  if (!s) return;
  for (size_t i = 0; i < s->schemes; i++) iscc_solver_destroy(s->solver[i]);
  iscc_model_destroy(s->components);
  iscc_model_destroy(s->model);
  free(s);
}

/* ---- kept results ---- */

iscc_digest iscc_study_key(const iscc_study *s, const char *what) {
  iscc_digest d;
  iscc_digest_begin(&d);
  iscc_digest_text(&d, s->basis);
  iscc_digest_text(&d, what);
  return d;
}

static void path_of(const iscc_study *s, const char *key, char path[PATH_TEXT_MAX]) {
  snprintf(path, PATH_TEXT_MAX, "%s/cache/%.32s", s->settings.directory, key);
}

bool iscc_study_recall(const iscc_study *s, const char key[ISCC_DIGEST_TEXT], void *bytes, size_t n) {
  char path[PATH_TEXT_MAX];
  path_of(s, key, path);
  char kept[ISCC_DIGEST_TEXT];
  const iscc_file_part parts[] = {{kept, sizeof kept}, {bytes, n}};
  return iscc_sealed_file_read(path, parts, 2) && memcmp(kept, key, sizeof kept) == 0;
}

iscc_status iscc_study_keep(const iscc_study *s, const char key[ISCC_DIGEST_TEXT], const void *bytes,
                            size_t n, iscc_error *error) {
  char path[PATH_TEXT_MAX];
  path_of(s, key, path);
  const iscc_file_part parts[] = {{(void *)(uintptr_t)key, ISCC_DIGEST_TEXT}, {(void *)(uintptr_t)bytes, n}};
  return iscc_sealed_file_write(path, parts, 2, error);
}

/* ---- progress ---- */

void iscc_study_begin(iscc_study *s, const char *label, uint64_t total) {
  s->done = 0;
  iscc_progress_begin(&s->bar, label, 0, total);
}

bool iscc_study_is_stopped(const iscc_study *s) {
  return s->settings.stop && *s->settings.stop;
}

bool iscc_study_show(void *ctx, size_t done) {
  iscc_study *s = ctx;
  iscc_progress_show(&s->bar, s->done + done);
  return !iscc_study_is_stopped(s);
}

iscc_status iscc_study_advance(iscc_study *s, uint64_t n, iscc_error *error) {
  s->done += n;
  return iscc_study_show(s, 0) ? ISCC_OK : iscc_fail(error, ISCC_EINTR, "interrupted");
}

void iscc_study_end(iscc_study *s) {
  iscc_progress_end(&s->bar, s->done);
}
