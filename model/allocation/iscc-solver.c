/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-solver.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "iscc-remaining.h"
#include "iscc-restrict.h"

struct iscc_solver {
  const char *scheme;
  iscc_scheme_decide *decide;
  iscc_solver_memory memory;
};

const char *iscc_decision_status_name(iscc_decision_status status) {
  static const char *const names[] = {"optimal", "feasible", "infeasible"};
  return names[status];
}

const char *iscc_constraint_name(iscc_constraint constraint) {
  switch (constraint) {
  case ISCC_CONSTRAINT_ACCURACY:
    return "accuracy";
  case ISCC_CONSTRAINT_LATENCY:
    return "latency";
  case ISCC_CONSTRAINT_SENSING_POWER:
    return "sensing_power";
  case ISCC_CONSTRAINT_TRANSMIT_POWER:
    return "transmit_power";
  case ISCC_CONSTRAINT_SPEED:
    return "speed";
  case ISCC_CONSTRAINT_KEEP_RATIO:
    return "keep_ratio";
  }
  return "unknown";
}

static iscc_status unknown_scheme(const char *name, iscc_error *error) {
  char names[256] = "";
  for (size_t i = 0, used = 0; iscc_scheme_name(i) && used < sizeof names; i++)
    used += (size_t)snprintf(names + used, sizeof names - used, "%s%s", i ? ", " : "", iscc_scheme_name(i));
  return iscc_fail(error, ISCC_EINVAL, "scheme: '%s' is not one of: %s", name, names);
}

iscc_status iscc_solver_create(const char *scheme, iscc_solver **out, iscc_error *error) {
  *out = NULL;
  iscc_scheme_decide *decide = iscc_scheme_find(scheme);
  if (!decide) return unknown_scheme(scheme, error);
  iscc_solver *solver = calloc(1, sizeof *solver);
  if (!solver) return iscc_fail(error, ISCC_ENOMEM, "solver: out of memory");
  solver->decide = decide;
  solver->memory.last_bits = -1;
  for (size_t i = 0; iscc_scheme_name(i); i++)
    if (iscc_scheme_find(iscc_scheme_name(i)) == decide) solver->scheme = iscc_scheme_name(i);
  solver->memory.open = malloc(sizeof *solver->memory.open * ISCC_PROBLEM_SPLITS_MAX);
  solver->memory.splits = malloc(sizeof *solver->memory.splits * ISCC_PROBLEM_SPLITS_MAX);
  if (!solver->memory.open || !solver->memory.splits) {
    iscc_solver_destroy(solver);
    return iscc_fail(error, ISCC_ENOMEM, "solver: out of memory");
  }
  *out = solver;
  return ISCC_OK;
}

void iscc_solver_destroy(iscc_solver *solver) {
  if (!solver) return;
  free(solver->memory.open);
  free(solver->memory.splits);
  free(solver);
}

const char *iscc_solver_scheme(const iscc_solver *solver) {
  return solver->scheme;
}

iscc_status iscc_solver_solve(iscc_solver *solver, const iscc_problem *problem, iscc_decision *decision,
                              iscc_error *error) {
  const iscc_status status = iscc_problem_check(problem, error);
  return status ? status : solver->decide(&solver->memory, problem, decision, error);
}

/* The split of a layer and the R_0 that goes with it; false: there is none. */
static bool find_split(const iscc_solver *solver, const iscc_problem *problem, int layer, iscc_split *split,
                       iscc_accuracy_curve *curve) {
  *curve = problem->accuracy_curve;
  const bool components = solver->decide == iscc_pca_decide;
  const size_t count = components ? problem->pca_split_count : problem->split_count;
  for (size_t i = 0; i < count; i++) {
    *split = components ? problem->pca_splits[i].split : problem->splits[i];
    if (split->layer != layer) continue;
    if (components) {
      *curve = problem->pca_splits[i].accuracy_curve;
      iscc_split_unprune(split);
    }
    return true;
  }
  return false;
}

iscc_status iscc_solver_finish(iscc_solver *solver, const iscc_problem *problem, const iscc_decision *done,
                               double compute_s, iscc_decision *decision, iscc_error *error) {
  iscc_split split;
  iscc_accuracy_curve curve;
  const iscc_status status = iscc_problem_check(problem, error);
  if (status) return status;
  if (!find_split(solver, problem, done->split, &split, &curve))
    return iscc_fail(error, ISCC_EINVAL, "splits: none is of layer %d, which was computed", done->split);
  if (!(compute_s >= 0 && isfinite(compute_s)))
    return iscc_fail(error, ISCC_EINVAL, "compute time: %g s is not a finite number of at least 0",
                     compute_s);
  return iscc_remaining_computed(&solver->memory, problem, &split, &curve, done, compute_s, decision, error);
}

void iscc_solver_forget(iscc_solver *solver) {
  solver->memory.last_bits = -1;
}

void iscc_solver_tell(iscc_solver *solver, const iscc_history *history) {
  solver->memory.history = history;
}
