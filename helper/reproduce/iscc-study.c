/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-study.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "iscc-default-model.h"
#include "iscc-node-settings.h"
#include "iscc-observations.h"
#include "iscc-parallel.h"
#include "iscc-realised.h"
#include "iscc-sealed-file.h"
#include "iscc-split-network.h"
#include "iscc-splits.h"
#include "iscc-train.h"

enum { PATH_TEXT_MAX = 4096 };

/* How far the test accuracy of a classifier trained anew may be from the calibrated one's: other processors
 * may round otherwise, which gives a classifier as good; other settings of training give another one. */
#define SAME_CLASSIFIER 0.01

void iscc_study_defaults(iscc_study_settings *settings, bool quick) {
  static const iscc_effort full = {.curve = 3000, .losses = 3000, .check = 2000, .check_others = 500};
  static const iscc_effort fast = {.curve = 200, .losses = 200, .check = 100, .check_others = 40};
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
  const iscc_file_part part = {bytes, n};
  return iscc_sealed_file_read(path, &part, 1);
}

iscc_status iscc_study_keep(const iscc_study *s, const char key[ISCC_DIGEST_TEXT], const void *bytes,
                            size_t n, iscc_error *error) {
  char path[PATH_TEXT_MAX];
  path_of(s, key, path);
  const iscc_file_part part = {(void *)(uintptr_t)bytes, n};
  return iscc_sealed_file_write(path, &part, 1, error);
}

/* ---- progress ---- */

void iscc_study_begin(iscc_study *s, const char *label, uint64_t total) {
  s->done = 0;
  iscc_progress_begin(&s->bar, label, 0, total);
}

static bool is_stopped(const iscc_study *s) {
  return s->settings.stop && *s->settings.stop;
}

bool iscc_study_show(void *ctx, size_t done) {
  iscc_study *s = ctx;
  iscc_progress_show(&s->bar, s->done + done);
  return !is_stopped(s);
}

iscc_status iscc_study_advance(iscc_study *s, uint64_t n, iscc_error *error) {
  s->done += n;
  return iscc_study_show(s, 0) ? ISCC_OK : iscc_fail(error, ISCC_EINTR, "interrupted");
}

void iscc_study_end(iscc_study *s) {
  iscc_progress_end(&s->bar, s->done);
}

/* ---- decisions ---- */

const char *iscc_study_scheme(const iscc_study *s, size_t scheme) {
  return iscc_solver_scheme(s->solver[scheme]);
}

size_t iscc_study_find(const iscc_study *s, const char *scheme) {
  size_t i = 0;
  while (i < s->schemes && strcmp(iscc_study_scheme(s, i), scheme) != 0) i++;
  return i;
}

iscc_status iscc_study_decide(iscc_study *s, size_t scheme, const iscc_study_case *at,
                              iscc_decision *decision, iscc_error *error) {
  iscc_node_settings defaults;
  iscc_problem problem;
  iscc_split splits[ISCC_LAYERS_MAX + 1];
  iscc_pca_split components[ISCC_PCA_MAX];
  iscc_node_defaults(&defaults);
  const bool raw = at->raw || strcmp(iscc_study_scheme(s, scheme), "on-server") == 0;
  int candidates[ISCC_LAYERS_MAX + 1], count = 0;
  for (int i = 0; i < defaults.candidate_count; i++)
    if ((raw || defaults.candidates[i] > 0) && defaults.candidates[i] <= s->model->network.layers)
      candidates[count++] = defaults.candidates[i];
  iscc_status status = iscc_splits_from_model(s->model, candidates, count, splits, error);
  if (status) return status;
  iscc_problem_defaults(&problem);
  problem.target_accuracy = at->target_accuracy;
  problem.max_latency_s = at->max_latency_s;
  problem.sensing_time_s = s->model->sensing.chirps * s->model->sensing.chirp_spacing_s;
  problem.uplink.snr_per_w = pow(10, 0.1 * at->snr_db);
  iscc_curve_from_model(s->model, true, &problem.accuracy_curve);
  problem.splits = splits;
  problem.split_count = (size_t)count;
  problem.pca_splits = components;
  problem.pca_split_count = iscc_pca_splits_from_model(s->model, true, components);
  return iscc_solver_solve(s->solver[scheme], &problem, decision, error);
}

/* ---- checks ---- */

static bool show_training(void *ctx, const iscc_train_progress *p) {
  (void)p;
  return iscc_study_show(ctx, 0);
}

/* Trains the classifiers of scheme pca as the model's own were. */
static iscc_status train_components(iscc_study *s, iscc_error *error) {
  if (s->components) return ISCC_OK;
  const iscc_provenance *p = &s->model->provenance;
  const iscc_calibration *c = &s->model->calibration;
  iscc_train_settings t;
  iscc_train_defaults(&t);
  t.network = s->model->network;
  t.sensing = s->model->sensing;
  t.seed = p->seed;
  t.train_samples = p->train_samples + p->validation_samples;
  t.validation_samples = p->validation_samples;
  t.test_samples = p->test_samples;
  t.epochs = p->epochs;
  t.threads = s->settings.threads;
  t.pca_count = c->pca_count;
  for (int i = 0; i < c->pca_count; i++) t.pca[i] = c->pca[i].components;
  t.progress = show_training, t.progress_ctx = s;
  iscc_model *holder = NULL;
  iscc_status status = iscc_model_create(&s->model->network, &holder, error);
  if (!status) holder->sensing = s->model->sensing;
  if (!status) status = iscc_train_components(&t, holder, error);
  for (int i = 0; !status && i < c->pca_count; i++)
    if (i >= holder->pca_count ||
        fabs(holder->pca[i]->provenance.test_accuracy - c->pca[i].test_accuracy) > SAME_CLASSIFIER)
      status = iscc_fail(
          error, ISCC_ESTATE,
          "pca: the classifier on %d components does not come out of training as the calibrated one",
          c->pca[i].components);
  if (status)
    iscc_model_destroy(holder);
  else
    s->components = holder;
  return status;
}

static iscc_status count_correct(iscc_study *s, bool pca, iscc_realised *r, size_t *correct,
                                 iscc_error *error) {
  if (pca) {
    const iscc_status status = train_components(s, error);
    if (status) return status;
    int i = 0; /* the decision's split is a number of components: split 1 of that classifier */
    while (s->model->calibration.pca[i].components != r->split) i++;
    r->model = s->components->pca[i];
    r->feature_max = s->model->calibration.pca[i].feature_max[r->bits];
    r->split = 1;
  }
  return iscc_realised_count(r, correct, error);
}

size_t iscc_study_check_samples(const iscc_study *s, size_t scheme) {
  const char *name = iscc_study_scheme(s, scheme);
  if (strcmp(name, "pca") == 0 && s->settings.quick) return 0;
  const bool ours = strcmp(name, "joint") == 0 || strcmp(name, "alternating") == 0;
  return ours ? s->settings.effort.check : s->settings.effort.check_others;
}

iscc_status iscc_study_check(iscc_study *s, size_t scheme, const iscc_decision *d, size_t samples,
                             size_t *correct, iscc_error *error) {
  const bool pca = strcmp(iscc_study_scheme(s, scheme), "pca") == 0;
  iscc_realised r = {.model = s->model,
                     .split = d->split,
                     .keep_ratio = pca ? 1 : d->keep_ratio,
                     .bits = d->bits,
                     .sensing_power_w = d->sensing_power_w,
                     .seed = s->settings.seed,
                     .series = ISCC_SERIES_CHECK,
                     .samples = samples,
                     .threads = s->settings.threads,
                     .progress = iscc_study_show,
                     .progress_ctx = s};
  if (!pca) r.feature_max = s->model->calibration.split[d->split].feature_max[d->bits];
  char key[ISCC_DIGEST_TEXT];
  iscc_digest digest = iscc_study_key(s, pca ? "check pca" : "check");
  iscc_digest_integer(&digest, r.split);
  iscc_digest_real(&digest, r.keep_ratio);
  iscc_digest_integer(&digest, r.bits);
  iscc_digest_real(&digest, r.sensing_power_w);
  iscc_digest_integer(&digest, (int64_t)samples);
  iscc_digest_end(&digest, key);
  uint64_t count;
  iscc_status status = ISCC_OK;
  if (!iscc_study_recall(s, key, &count, sizeof count)) {
    size_t fresh;
    status = count_correct(s, pca, &r, &fresh, error);
    if (status) return status;
    count = fresh;
    status = iscc_study_keep(s, key, &count, sizeof count, error);
  }
  *correct = (size_t)count;
  return status;
}
