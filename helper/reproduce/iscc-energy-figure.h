/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-energy-figure - Figs. 9 to 11 and Table III: energy of one task by every scheme, and whether the
 * allocations keep their promise.
 *
 * A figure is a row of cases: one of T_max, R_t and SNR varies (Table III: three scenarios). Each is decided
 * by every scheme with l = 0 among the candidates and without it; scheme on-server has l = 0 always. Each
 * allocation is then run through the real chain (iscc-realised.h), and its accuracy is held against R_t. */
#ifndef ISCC_ENERGY_FIGURE_H
#define ISCC_ENERGY_FIGURE_H

#include "iscc-proportion.h"
#include "iscc-study-decision.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { ISCC_ENERGY_CASES_MAX = 16, ISCC_ENERGY_SCHEMES_MAX = 8, ISCC_ENERGY_CANDIDATES = 2 };

typedef struct {
  bool refused; /* the scheme has no place for the case */
  iscc_decision decision;
  size_t samples, correct; /* of the check; samples 0: not checked */
} iscc_energy_point;

typedef enum { ISCC_SWEEP_LATENCY, ISCC_SWEEP_TARGET, ISCC_SWEEP_SNR, ISCC_SWEEP_SCENARIOS } iscc_energy_axis;

typedef struct {
  iscc_energy_axis axis;
  size_t cases, schemes;
  iscc_study_case at[ISCC_ENERGY_CASES_MAX]; /* raw: as in the first candidate set */
  /* [0]: with l = 0 among the candidates, [1]: without */
  iscc_energy_point point[ISCC_ENERGY_CANDIDATES][ISCC_ENERGY_SCHEMES_MAX][ISCC_ENERGY_CASES_MAX];
} iscc_energy_results;

/* The cases and all decisions: no Monte Carlo, milliseconds. */
iscc_status iscc_energy_decide(iscc_study *study, iscc_energy_axis axis, iscc_energy_results *results,
                               iscc_error *error);

/* Takes the checks that are known from earlier runs; the other points keep samples 0. */
void iscc_energy_recall(const iscc_study *study, iscc_energy_results *results);

/* Samples that iscc_energy_check() still has to run, or to recall. */
uint64_t iscc_energy_check_cost(const iscc_study *study, const iscc_energy_results *results);

/* Checks every allocation that is not checked yet. ISCC_EINTR leaves the points checked so far; those that
 * cannot be checked keep samples 0. To be called between iscc_study_begin() and iscc_study_end(). */
iscc_status iscc_energy_check(iscc_study *study, iscc_energy_results *results, iscc_error *error);

/* NAME.csv; of a sweep also the pictures of iscc-energy-plot.h. */
iscc_status iscc_energy_write(const iscc_study *study, const char *name, const iscc_energy_results *results,
                              iscc_error *error);

/* ---- what the report reads ---- */

bool iscc_energy_is_checked(const iscc_energy_results *results); /* any of its points */
bool iscc_energy_has_allocation(const iscc_energy_point *point);
double iscc_energy_x(const iscc_energy_results *results,
                     size_t index);                        /* of the axis; an index of scenarios */
const char *iscc_energy_axis_label(iscc_energy_axis axis); /* with its unit */

#ifdef __cplusplus
}
#endif
#endif
