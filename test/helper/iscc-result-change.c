/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-result-change.h"

#include <check.h>
#include <math.h>
#include <string.h>

static void change_point(const iscc_result_change *c, const iscc_energy_point *joint, iscc_energy_point *p) {
  switch (c->kind) {
  case ISCC_CHANGE_TIMES:
    p->decision.energy.total *= c->value;
    break;
  case ISCC_CHANGE_GONE:
    p->decision.status = ISCC_DECISION_INFEASIBLE;
    break;
  case ISCC_CHANGE_THERE:
    p->decision.status = ISCC_DECISION_FEASIBLE;
    p->decision.energy.total = c->value * joint->decision.energy.total;
    break;
  case ISCC_CHANGE_REFUSED:
    p->refused = true;
    break;
  case ISCC_CHANGE_KEEP:
    p->decision.keep_ratio = c->value;
    break;
  case ISCC_CHANGE_POWER:
    p->decision.sensing_power_w = c->value;
    break;
  case ISCC_CHANGE_SPLIT:
    p->decision.split = (int)c->value;
    break;
  case ISCC_CHANGE_RIGHT:
    p->correct = (size_t)c->value;
    break;
  case ISCC_CHANGE_UNCHECKED:
    p->samples = p->correct = 0;
    break;
  default:
    ck_abort_msg("no change of a point");
  }
}

static bool is_meant(const iscc_result_change *c, size_t i, size_t cases) {
  return c->at == ISCC_CHANGE_EVERY || i == (c->at == ISCC_CHANGE_LAST ? cases - 1 : (size_t)c->at);
}

static void change_energies(const iscc_result_change *c) {
  iscc_energy_results *r = &iscc_ideal_results.energy[c->figure - ISCC_FIGURE_9];
  const size_t joint = iscc_study_find(iscc_ideal_study, "joint");
  bool met = false;
  for (int set = 0; set < ISCC_ENERGY_CANDIDATES; set++)
    for (size_t k = 0; k < r->schemes; k++)
      for (size_t i = 0; i < r->cases; i++) {
        if (c->set != ISCC_CHANGE_BOTH && c->set != set) continue;
        if (!is_meant(c, i, r->cases)) continue;
        if (c->scheme && strcmp(iscc_study_scheme(iscc_ideal_study, k), c->scheme) != 0) continue;
        change_point(c, &r->point[set][joint][i], &r->point[set][k][i]);
        met = true;
      }
  ck_assert_msg(met, "no scheme %s", c->scheme);
}

static void change_losses(const iscc_result_change *c) {
  int half = 0;
  while (fabs(iscc_ideal_results.losses.keep_ratio[half] - 0.5) > 1e-9) half++;
  for (int set = 0; set < ISCC_LOSSES_SETS; set++) {
    iscc_losses_counts *counts = &iscc_ideal_results.losses.set[set];
    const int32_t left = (int32_t)lround(counts->whole - c->value * ISCC_IDEAL_SAMPLES);
    if (c->set != ISCC_CHANGE_BOTH && c->set != set) continue;
    for (int l = 0; l <= iscc_ideal_study->model->network.layers; l++)
      if (is_meant(c, (size_t)l, 0)) {
        if (c->kind == ISCC_CHANGE_PRUNED)
          counts->pruned[half][l] = left;
        else
          counts->quantized[c->kind - ISCC_CHANGE_BITS2][l] = left;
      }
  }
}

static void change_weights(const iscc_result_change *c) {
  bool met = false;
  for (int i = 0; i < iscc_ideal_results.weights.layers; i++) {
    iscc_weights_layer *l = &iscc_ideal_results.weights.layer[i];
    if (strcmp(l->name, c->scheme) != 0) continue;
    *(c->kind == ISCC_CHANGE_DISTANCE    ? &l->laplace_distance
      : c->kind == ISCC_CHANGE_MAGNITUDE ? &l->magnitude_distance
                                         : &l->normal_distance) = c->value;
    met = true;
  }
  ck_assert_msg(met, "no layer %s", c->scheme);
}

void iscc_result_change_apply(const iscc_result_change *c) {
  iscc_sensing_results *sensing = &iscc_ideal_results.sensing;
  const int k = c->at == ISCC_CHANGE_LAST ? sensing->powers - 1 : c->at;
  switch (c->kind) {
  case ISCC_CHANGE_NOTHING:
    break;
  case ISCC_CHANGE_ACCURACY:
    sensing->point[k].correct = (uint64_t)(c->value * ISCC_IDEAL_SAMPLES);
    break;
  case ISCC_CHANGE_SSIM:
    sensing->point[k].ssim = c->value;
    break;
  case ISCC_CHANGE_GAIN:
    sensing->point[k].gain = c->value;
    break;
  case ISCC_CHANGE_DISTANCE:
  case ISCC_CHANGE_MAGNITUDE:
  case ISCC_CHANGE_NORMAL:
    change_weights(c);
    break;
  default:
    if (c->kind >= ISCC_CHANGE_PRUNED)
      change_losses(c);
    else
      change_energies(c);
  }
}
