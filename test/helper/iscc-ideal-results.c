/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-ideal-results.h"

#include <check.h>
#include <math.h>
#include <string.h>

#include "iscc-loss-fit.h"
#include "iscc-reproduction.h"
#include "iscc-run-program.h"

iscc_study *iscc_ideal_study;
iscc_reproduction iscc_ideal_results;
static iscc_reproduction ideal;

static double over(size_t i, size_t cases) {
  return (double)i / (double)(cases - 1);
}

/* Times the energy of joint; INFINITY: no allocation. x goes from 0 to 1 along the figure. */
static double ideal_ratio(iscc_figure figure, const char *scheme, double x, double joint) {
  if (strcmp(scheme, "joint") == 0 || strcmp(scheme, "alternating") == 0) return 1;
  if (strcmp(scheme, "on-device") == 0 && figure == ISCC_FIGURE_9) return x > 0 ? 1.04 : (double)INFINITY;
  if (strcmp(scheme, "on-device") == 0 && figure == ISCC_FIGURE_10) return 4;
  if (strcmp(scheme, "on-device") == 0 && figure == ISCC_FIGURE_11) return 0.06 / joint;
  if (strcmp(scheme, "on-server") == 0) return figure == ISCC_FIGURE_11 ? 1.5 - 0.42 * x : 1.05;
  if (strcmp(scheme, "pca") == 0) return figure == ISCC_FIGURE_11 ? 1.45 - 0.42 * x : 2;
  if (strcmp(scheme, "jcc") == 0) return figure == ISCC_FIGURE_9 ? 1.05 + 2 * x : 3;
  return 1.2;
}

static void fill_energies(iscc_figure figure, iscc_energy_results *r) {
  for (int set = 0; set < ISCC_ENERGY_CANDIDATES; set++)
    for (size_t k = 0; k < r->schemes; k++)
      for (size_t i = 0; i < r->cases; i++) {
        iscc_energy_point *p = &r->point[set][k][i];
        const double x = over(i, r->cases);
        const double joint = figure == ISCC_FIGURE_10 ? 0.02 + 0.02 * x : 0.04 - 0.02 * x;
        const double ratio = ideal_ratio(figure, iscc_study_scheme(iscc_ideal_study, k), x, joint);
        p->refused = false;
        p->decision.status = isfinite(ratio) ? ISCC_DECISION_FEASIBLE : ISCC_DECISION_INFEASIBLE;
        p->decision.energy.total = ratio * joint;
        p->samples = ISCC_IDEAL_CHECKS;
        p->correct = (size_t)ceil(ISCC_IDEAL_CHECKS * (r->at[i].target_accuracy + 0.02));
      }
}

static void fill_scenarios(iscc_energy_results *r) {
  static const double keep[] = {0.3, 0.7, 0.6}, power_w[] = {0.02, 0.06, 0.015};
  static const int split[] = {3, 3, 11};
  for (int set = 0; set < ISCC_ENERGY_CANDIDATES; set++)
    for (size_t k = 0; k < r->schemes; k++)
      for (size_t i = 0; i < 3; i++) {
        iscc_decision *d = &r->point[set][k][i].decision;
        d->keep_ratio = keep[i], d->sensing_power_w = power_w[i], d->split = split[i];
      }
}

static void fill_sensing(iscc_sensing_results *r) {
  static const double power_w[] = {0.005, 0.01, 0.02, 0.05, 0.1, 1};
  const iscc_calibration *c = &iscc_ideal_study->model->calibration;
  r->powers = 6;
  r->samples = ISCC_IDEAL_SAMPLES;
  for (int k = 0; k < r->powers; k++) {
    const double accuracy = c->arctan_a * atan(c->arctan_b_per_w * power_w[k]);
    r->power_w[k] = power_w[k];
    r->point[k] = (iscc_sensing_quality){
        .correct = (uint64_t)(accuracy * ISCC_IDEAL_SAMPLES), .ssim = 0.5 + 0.08 * k, .gain = 5 + 0.3 * k};
  }
}

static void fill_weights(iscc_weights_results *r) {
  for (int i = 0; i < r->layers; i++) {
    iscc_weights_layer *l = &r->layer[i];
    l->laplace_distance = l->magnitude_distance = l->normal_distance = 0.06;
    if (strcmp(l->name, "conv2") == 0) l->laplace_distance = l->magnitude_distance = 0.02;
    if (strcmp(l->name, "fc1") == 0) l->laplace_distance = l->magnitude_distance = 0.03;
  }
}

/* Losses just as the approximation has them: 0.02 at p = 0.5, 0.005 at 4 bits. */
static void fill_losses(iscc_losses_results *r) {
  const int layers = iscc_ideal_study->model->network.layers;
  const double u = 0.02 / iscc_pruning_shape(0.5), v = 0.005 / iscc_quantization_shape(4);
  for (int l = 0; l <= layers; l++) {
    iscc_ideal_study->model->calibration.split[l].pruning_loss_u = u;
    iscc_ideal_study->model->calibration.split[l].quantization_loss_v = v;
  }
  *r = (iscc_losses_results){
      .samples = ISCC_IDEAL_SAMPLES, .power_w = {0, 0.03}, .split = {0, 3, 6, 8, 10, 11}, .splits = 6};
  for (int k = 0; k < ISCC_LOSSES_RATIOS; k++) r->keep_ratio[k] = 1 - 0.1 * k + (k > 5 ? 0.05 * (k - 5) : 0);
  for (int set = 0; set < ISCC_LOSSES_SETS; set++) {
    iscc_losses_counts *c = &r->set[set];
    c->whole = ISCC_IDEAL_SAMPLES;
    for (int l = 0; l <= layers; l++) {
      for (int k = 0; k < ISCC_LOSSES_RATIOS; k++)
        c->pruned[k][l] =
            (int32_t)lround(ISCC_IDEAL_SAMPLES * (1 - u * iscc_pruning_shape(r->keep_ratio[k])));
      for (int k = 0; k < ISCC_LOSSES_WIDTHS; k++)
        c->quantized[k][l] =
            (int32_t)lround(ISCC_IDEAL_SAMPLES * (1 - v * iscc_quantization_shape(k + ISCC_BITS_MIN)));
    }
  }
}

/* Cases, schemes and layers are those of a quick study; no Monte Carlo runs. */
void iscc_ideal_begin(void) {
  iscc_study_settings settings;
  iscc_error error = {""};
  iscc_run_begin();
  iscc_study_defaults(&settings, true);
  settings.directory = iscc_run_folder;
  settings.threads = 1;
  ck_assert_msg(iscc_study_open(&settings, &iscc_ideal_study, &error) == ISCC_OK, "%s", error.text);
  for (int f = ISCC_FIGURE_9; f < ISCC_FIGURES; f++) {
    iscc_energy_results *r = &ideal.energy[f - ISCC_FIGURE_9];
    ck_assert_int_eq(iscc_energy_decide(iscc_ideal_study, (iscc_energy_axis)(f - ISCC_FIGURE_9), r, &error),
                     ISCC_OK);
    fill_energies((iscc_figure)f, r);
  }
  fill_scenarios(&ideal.energy[ISCC_TABLE_3 - ISCC_FIGURE_9]);
  fill_sensing(&ideal.sensing);
  ck_assert_int_eq(iscc_weights_measure(iscc_ideal_study, &ideal.weights, &error), ISCC_OK);
  fill_weights(&ideal.weights);
  fill_losses(&ideal.losses);
  for (int f = 0; f < ISCC_FIGURES; f++) ideal.have[f] = true;
}

void iscc_ideal_end(void) {
  iscc_study_close(iscc_ideal_study);
  iscc_run_end();
}

void iscc_ideal_take(void) {
  iscc_ideal_results = ideal;
}
