/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-reproduction.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "iscc-reproduction-report.h"

static const iscc_energy_axis axes[ISCC_ENERGY_FIGURES] = {ISCC_SWEEP_LATENCY, ISCC_SWEEP_TARGET,
                                                           ISCC_SWEEP_SNR, ISCC_SWEEP_SCENARIOS};

/* ---- figures of earlier runs ---- */

/* A figure is marked when it is done, so that a later run for another one still reports it. */
static void mark_key(const iscc_study *study, iscc_figure figure, char key[ISCC_DIGEST_TEXT]) {
  const iscc_effort *e = &study->settings.effort;
  iscc_digest d = iscc_study_key(study, "figure");
  iscc_digest_text(&d, iscc_figure_name(figure));
  iscc_digest_integer(&d, study->settings.quick);
  iscc_digest_integer(&d, (int64_t)e->curve);
  iscc_digest_integer(&d, (int64_t)e->losses);
  iscc_digest_end(&d, key);
}

static bool was_done(const iscc_study *study, iscc_figure figure) {
  char key[ISCC_DIGEST_TEXT], mark;
  mark_key(study, figure, key);
  return iscc_study_recall(study, key, &mark, sizeof mark);
}

static iscc_status mark_done(const iscc_study *study, iscc_figure figure, iscc_error *error) {
  char key[ISCC_DIGEST_TEXT];
  const char mark = 1;
  mark_key(study, figure, key);
  return iscc_study_keep(study, key, &mark, sizeof mark, error);
}

/* ---- one figure ---- */

static iscc_status measure(iscc_study *study, iscc_figure figure, iscc_reproduction *r, iscc_error *error) {
  switch (figure) {
  case ISCC_FIGURE_4:
    return iscc_sensing_measure(study, &r->sensing, error);
  case ISCC_FIGURE_7:
    return iscc_weights_measure(study, &r->weights, error);
  case ISCC_FIGURE_8:
    return iscc_losses_measure(study, &r->losses, error);
  default:
    return iscc_energy_decide(study, axes[figure - ISCC_FIGURE_9], &r->energy[figure - ISCC_FIGURE_9], error);
  }
}

static iscc_status write_files(const iscc_study *study, iscc_figure figure, const iscc_reproduction *r,
                               iscc_error *error) {
  switch (figure) {
  case ISCC_FIGURE_4:
    return iscc_sensing_write(study, &r->sensing, error);
  case ISCC_FIGURE_7:
    return iscc_weights_write(study, &r->weights, error);
  case ISCC_FIGURE_8:
    return iscc_losses_write(study, &r->losses, error);
  default:
    return iscc_energy_write(study, iscc_figure_name(figure), &r->energy[figure - ISCC_FIGURE_9], error);
  }
}

static iscc_status make(iscc_study *study, iscc_figure figure, iscc_reproduction *r, iscc_error *error) {
  iscc_status status = measure(study, figure, r, error);
  if (!status && figure >= ISCC_FIGURE_9) iscc_energy_recall(study, &r->energy[figure - ISCC_FIGURE_9]);
  if (!status) status = write_files(study, figure, r, error);
  if (!status && !was_done(study, figure)) status = mark_done(study, figure, error);
  r->have[figure] = !status;
  return status;
}

/* ---- all of them ---- */

static uint64_t check_cost(const iscc_study *study, const bool *wanted, const iscc_reproduction *r, int f) {
  return wanted[f] ? iscc_energy_check_cost(study, &r->energy[f - ISCC_FIGURE_9]) : 0;
}

/* Checks the allocations of the energy figures that are wanted; their files show as much as was checked. */
static iscc_status check_all(iscc_study *study, const bool *wanted, iscc_reproduction *r, iscc_error *error) {
  uint64_t cost = 0;
  for (int f = ISCC_FIGURE_9; f < ISCC_FIGURES; f++) cost += check_cost(study, wanted, r, f);
  if (cost == 0) return ISCC_OK;
  iscc_study_begin(study, "check", cost);
  iscc_status status = ISCC_OK;
  for (int f = ISCC_FIGURE_9; f < ISCC_FIGURES && !status; f++) {
    if (check_cost(study, wanted, r, f) == 0) continue;
    status = iscc_energy_check(study, &r->energy[f - ISCC_FIGURE_9], error);
    const iscc_status written = write_files(study, (iscc_figure)f, r, status ? NULL : error);
    if (!status) status = written;
  }
  iscc_study_end(study);
  return status;
}

static iscc_status run(iscc_study *study, const bool *wanted, bool check, iscc_reproduction *r,
                       iscc_error *error) {
  iscc_status status = ISCC_OK;
  /* figures of earlier runs first, so that the report has them even if this run ends early */
  for (int f = 0; f < ISCC_FIGURES && !status; f++)
    if (was_done(study, (iscc_figure)f)) status = make(study, (iscc_figure)f, r, error);
  if (status) return status; /* the report of the run before stays */
  for (int f = 0; f < ISCC_FIGURES && !status; f++)
    if (wanted[f] && !r->have[f]) status = make(study, (iscc_figure)f, r, error);
  if (!status) status = iscc_reproduction_report(study, r, error);
  if (!status && check) status = check_all(study, wanted, r, error);
  /* once more, with what has been checked; also of a run that ended early */
  const iscc_status reported = iscc_reproduction_report(study, r, status ? NULL : error);
  return status ? status : reported;
}

iscc_status iscc_reproduce(iscc_study *study, const bool *wanted, bool check, iscc_reproduction *out,
                           iscc_error *error) {
  iscc_reproduction *r = out ? out : malloc(sizeof *r);
  if (!r) return iscc_fail(error, ISCC_ENOMEM, "out of memory");
  memset(r, 0, sizeof *r);
  const iscc_status status = run(study, wanted, check, r, error);
  if (!out) free(r);
  return status;
}
