/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-energy-figure.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "iscc-energy-plot.h"
#include "iscc-figure-files.h"

/* ---- cases ---- */

typedef struct {
  double first, last, step, quick_step;
} grid;

static const grid grids[] = {[ISCC_SWEEP_LATENCY] = {0.6, 1.2, 0.05, 0.2},
                             [ISCC_SWEEP_TARGET] = {0.80, 0.96, 0.02, 0.05},
                             [ISCC_SWEEP_SNR] = {0, 30, 2.5, 10}};

static const iscc_study_case scenarios[] = {{0.8, 0.6, 20, true}, {0.94, 1.2, 20, true}, {0.8, 1.2, 0, true}};

static void set_value(iscc_study_case *c, iscc_energy_axis axis, double value) {
  if (axis == ISCC_SWEEP_LATENCY) c->max_latency_s = value;
  if (axis == ISCC_SWEEP_TARGET) c->target_accuracy = value;
  if (axis == ISCC_SWEEP_SNR) c->snr_db = value;
}

static void fill_cases(const iscc_study *study, iscc_energy_axis axis, iscc_energy_results *r) {
  static const iscc_study_case table2 = {0.85, 0.8, 20, true};
  if (axis == ISCC_SWEEP_SCENARIOS) {
    r->cases = sizeof scenarios / sizeof *scenarios;
    memcpy(r->at, scenarios, sizeof scenarios);
    return;
  }
  const grid *g = &grids[axis];
  const double step = study->settings.quick ? g->quick_step : g->step;
  for (size_t i = 0; i < ISCC_ENERGY_CASES_MAX && g->first + (double)i * step <= g->last * (1 + 1e-9); i++) {
    r->at[i] = table2;
    set_value(&r->at[i], axis, round(1e6 * (g->first + (double)i * step)) / 1e6);
    r->cases = i + 1;
  }
}

double iscc_energy_x(const iscc_energy_results *r, size_t i) {
  switch (r->axis) {
  case ISCC_SWEEP_LATENCY:
    return r->at[i].max_latency_s;
  case ISCC_SWEEP_TARGET:
    return r->at[i].target_accuracy;
  case ISCC_SWEEP_SNR:
    return r->at[i].snr_db;
  case ISCC_SWEEP_SCENARIOS:
    break;
  }
  return (double)i;
}

const char *iscc_energy_axis_label(iscc_energy_axis axis) {
  static const char *const labels[] = {"maximum latency in s", "target accuracy", "SNR at 1 W in dB",
                                       "scenario"};
  return labels[axis];
}

/* ---- deciding and checking ---- */

bool iscc_energy_has_allocation(const iscc_energy_point *p) {
  return !p->refused && p->decision.status != ISCC_DECISION_INFEASIBLE;
}

iscc_status iscc_energy_decide(iscc_study *study, iscc_energy_axis axis, iscc_energy_results *r,
                               iscc_error *error) {
  memset(r, 0, sizeof *r);
  r->axis = axis;
  r->schemes = study->schemes < ISCC_ENERGY_SCHEMES_MAX ? study->schemes : ISCC_ENERGY_SCHEMES_MAX;
  fill_cases(study, axis, r);
  for (int set = 0; set < ISCC_ENERGY_CANDIDATES; set++)
    for (size_t k = 0; k < r->schemes; k++)
      for (size_t i = 0; i < r->cases; i++) {
        iscc_energy_point *p = &r->point[set][k][i];
        iscc_study_case at = r->at[i];
        at.raw = set == 0;
        const iscc_status status = iscc_study_decide(study, k, &at, &p->decision, error);
        p->refused = status == ISCC_EINVAL; /* e.g. pca without calibrated classifiers */
        if (status && !p->refused) return status;
      }
  return ISCC_OK;
}

uint64_t iscc_energy_check_cost(const iscc_study *study, const iscc_energy_results *r) {
  uint64_t cost = 0;
  for (int set = 0; set < ISCC_ENERGY_CANDIDATES; set++)
    for (size_t k = 0; k < r->schemes; k++)
      for (size_t i = 0; i < r->cases; i++)
        if (iscc_energy_has_allocation(&r->point[set][k][i]) && !r->point[set][k][i].samples)
          cost += iscc_study_check_samples(study, k);
  return cost;
}

void iscc_energy_recall(const iscc_study *study, iscc_energy_results *r) {
  for (int set = 0; set < ISCC_ENERGY_CANDIDATES; set++)
    for (size_t k = 0; k < r->schemes; k++)
      for (size_t i = 0; i < r->cases; i++) {
        iscc_energy_point *p = &r->point[set][k][i];
        const size_t samples = iscc_study_check_samples(study, k);
        if (samples && iscc_energy_has_allocation(p) &&
            iscc_study_recall_check(study, k, &p->decision, samples, &p->correct))
          p->samples = samples;
      }
}

static iscc_status check_scheme(iscc_study *study, iscc_energy_results *r, size_t k, iscc_error *error) {
  const size_t samples = iscc_study_check_samples(study, k);
  iscc_status status = ISCC_OK;
  for (int set = 0; set < ISCC_ENERGY_CANDIDATES && samples && !status; set++)
    for (size_t i = 0; i < r->cases && !status; i++) {
      iscc_energy_point *p = &r->point[set][k][i];
      if (!iscc_energy_has_allocation(p) || p->samples) continue;
      status = iscc_study_check(study, k, &p->decision, samples, &p->correct, error);
      if (status) break;
      p->samples = samples;
      status = iscc_study_advance(study, samples, error);
    }
  return status;
}

iscc_status iscc_energy_check(iscc_study *study, iscc_energy_results *r, iscc_error *error) {
  iscc_status status = ISCC_OK;
  for (size_t k = 0; k < r->schemes && !status; k++) {
    status = check_scheme(study, r, k, error);
    if (status == ISCC_ESTATE) status = ISCC_OK; /* the classifiers of pca cannot be had: unchecked */
  }
  return status;
}

/* ---- files ---- */

static void write_point(FILE *csv, const iscc_study *study, const iscc_energy_results *r, int set, size_t k,
                        size_t i) {
  const iscc_energy_point *p = &r->point[set][k][i];
  const iscc_study_case *at = &r->at[i];
  fprintf(csv, "%d,%s,%.9g,%.9g,%.9g,", set == 0, iscc_study_scheme(study, k), at->target_accuracy,
          at->max_latency_s, at->snr_db);
  if (!iscc_energy_has_allocation(p)) {
    fprintf(csv, "%s,,,,,,,,,,,,,,,,,\n", p->refused ? "refused" : "infeasible");
    return;
  }
  const iscc_decision *d = &p->decision;
  fprintf(csv, "%s,%.9g,%.9g,%.9g,%.9g,%d,%d,%.9g,%.9g,%.9g,%.9g,%.9g,", iscc_decision_status_name(d->status),
          d->energy.total, d->energy.sensing, d->energy.compute, d->energy.uplink, d->split, d->bits,
          d->keep_ratio, d->sensing_power_w, d->transmit_power_w, d->edge_speed_flops, d->predicted_accuracy);
  if (isfinite(d->lower_bound_j)) fprintf(csv, "%.9g", d->lower_bound_j);
  if (p->samples == 0) {
    fputs(",,,,,\n", csv);
    return;
  }
  const iscc_proportion a = iscc_proportion_of((double)p->correct, (double)p->samples);
  fprintf(csv, ",%zu,%zu,%.6f,%.6f,%.6f\n", p->samples, p->correct, a.share, a.low, a.high);
}

static iscc_status write_csv(const iscc_study *study, const char *name, const iscc_energy_results *r,
                             iscc_error *error) {
  iscc_output_file output;
  FILE *csv = iscc_figure_csv(study, name, &output, error);
  if (!csv) return ISCC_EIO;
  fputs("raw_candidate,scheme,target_accuracy,max_latency_s,snr_db,status,energy_j,sensing_j,compute_j,"
        "uplink_j,"
        "split,bits,keep_ratio,sensing_power_w,transmit_power_w,edge_speed_flops,predicted_accuracy,"
        "lower_bound_j,checked_samples,checked_correct,realised_accuracy,realised_low,realised_high\n",
        csv);
  for (int set = 0; set < ISCC_ENERGY_CANDIDATES; set++)
    for (size_t k = 0; k < r->schemes; k++)
      for (size_t i = 0; i < r->cases; i++) write_point(csv, study, r, set, k, i);
  return iscc_output_end(&output, error);
}

bool iscc_energy_is_checked(const iscc_energy_results *r) {
  for (int set = 0; set < ISCC_ENERGY_CANDIDATES; set++)
    for (size_t k = 0; k < r->schemes; k++)
      for (size_t i = 0; i < r->cases; i++)
        if (r->point[set][k][i].samples) return true;
  return false;
}

iscc_status iscc_energy_write(const iscc_study *study, const char *name, const iscc_energy_results *r,
                              iscc_error *error) {
  const iscc_status status = write_csv(study, name, r, error);
  if (status || r->axis == ISCC_SWEEP_SCENARIOS) return status;
  return iscc_energy_draw(study, name, r, error);
}
