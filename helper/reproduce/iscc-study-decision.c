/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-study-decision.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "iscc-node-settings.h"
#include "iscc-realised.h"
#include "iscc-splits.h"
#include "iscc-train.h"

/* How far the test accuracy of a classifier trained anew may be from the calibrated one's: other processors
 * may round otherwise, which gives a classifier as good; other settings of training give another one. */
#define SAME_CLASSIFIER 0.01

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

/* Bars of their own, one for each phase. */
static bool show_training(void *ctx, const iscc_train_progress *p) {
  static const char *const labels[] = {"pca samples", "pca test samples", "pca training", "pca training"};
  iscc_study *s = ctx;
  if (s->training.label != labels[p->phase])
    iscc_progress_begin(&s->training, labels[p->phase], p->done, p->total);
  iscc_progress_show(&s->training, p->done);
  if (p->done == p->total) iscc_progress_end(&s->training, p->done);
  return !iscc_study_is_stopped(s);
}

/* Trains the classifiers of scheme pca as the model's own were. */
static iscc_status train_components(iscc_study *s, iscc_error *error) {
  if (s->components) return ISCC_OK;
  if (s->components_refused.text[0]) return iscc_fail(error, ISCC_ESTATE, "%s", s->components_refused.text);
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
          &s->components_refused, ISCC_ESTATE,
          "pca: the classifier on %d components does not come out of training as the calibrated one",
          c->pca[i].components);
  if (status == ISCC_ESTATE) iscc_fail(error, status, "%s", s->components_refused.text);
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

bool iscc_study_is_unrestricted(const iscc_study *s, size_t scheme) {
  const char *name = iscc_study_scheme(s, scheme);
  return strcmp(name, "joint") == 0 || strcmp(name, "alternating") == 0;
}

static bool is_pca(const iscc_study *s, size_t scheme) {
  return strcmp(iscc_study_scheme(s, scheme), "pca") == 0;
}

size_t iscc_study_check_samples(const iscc_study *s, size_t scheme) {
  if (is_pca(s, scheme) && s->settings.quick) return 0;
  const iscc_effort *e = &s->settings.effort;
  return iscc_study_is_unrestricted(s, scheme) ? e->check : e->check_others;
}

static void check_key(const iscc_study *s, size_t scheme, const iscc_decision *d, size_t samples,
                      char key[ISCC_DIGEST_TEXT]) {
  const bool pca = is_pca(s, scheme);
  iscc_digest digest = iscc_study_key(s, pca ? "check pca" : "check");
  iscc_digest_integer(&digest, d->split);
  iscc_digest_real(&digest, pca ? 1 : d->keep_ratio);
  iscc_digest_integer(&digest, d->bits);
  iscc_digest_real(&digest, d->sensing_power_w);
  iscc_digest_integer(&digest, (int64_t)samples);
  iscc_digest_end(&digest, key);
}

bool iscc_study_recall_check(const iscc_study *s, size_t scheme, const iscc_decision *d, size_t samples,
                             size_t *correct) {
  char key[ISCC_DIGEST_TEXT];
  uint64_t count;
  check_key(s, scheme, d, samples, key);
  if (!iscc_study_recall(s, key, &count, sizeof count)) return false;
  *correct = (size_t)count;
  return true;
}

iscc_status iscc_study_check(iscc_study *s, size_t scheme, const iscc_decision *d, size_t samples,
                             size_t *correct, iscc_error *error) {
  if (iscc_study_recall_check(s, scheme, d, samples, correct)) return ISCC_OK;
  const bool pca = is_pca(s, scheme);
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
  const iscc_status status = count_correct(s, pca, &r, correct, error);
  if (status) return status;
  char key[ISCC_DIGEST_TEXT];
  const uint64_t count = *correct;
  check_key(s, scheme, d, samples, key);
  return iscc_study_keep(s, key, &count, sizeof count, error);
}
