/* SPDX-License-Identifier: GPL-2.0-only */
/* Scheme `pca`, typical ISCC: the device sends principal components of the spectrogram, a classifier of its
 * own at the server does the rest. Number of components, sensing power, bits, transmit power and speed are at
 * their optimum.
 *
 * Each number of components has an accuracy curve R_0 of its own, so each is a joint problem of one split. */
#include <math.h>

#include "iscc-restrict.h"

/* Takes the better answer, and of two infeasible ones the nearest relaxations. */
static void merge(iscc_decision *best, const iscc_decision *d) {
  const int evaluated = best->evaluated + d->evaluated, discarded = best->discarded + d->discarded;
  const int iterations = best->iterations + d->iterations;
  const bool found = d->status != ISCC_DECISION_INFEASIBLE, had = best->status != ISCC_DECISION_INFEASIBLE;
  if (found && had) {
    const double bound = fmin(best->lower_bound_j, d->lower_bound_j);
    if (d->energy.total < best->energy.total) *best = *d;
    best->lower_bound_j = bound;
    best->relative_gap = best->energy.total > 0 ? (best->energy.total - bound) / best->energy.total : 0;
  } else if (found) {
    *best = *d;
  } else if (!had) {
    if (isnan(best->least_latency_s)) best->conflict = d->conflict; /* R_t out of reach, there at least */
    best->least_latency_s = fmin(best->least_latency_s, d->least_latency_s); /* fmin leaves NAN out */
    best->highest_accuracy = fmax(best->highest_accuracy, d->highest_accuracy);
  }
  best->evaluated = evaluated;
  best->discarded = discarded;
  best->iterations = iterations;
}

iscc_status iscc_pca_decide(iscc_solver_memory *memory, const iscc_problem *problem, iscc_decision *decision,
                            iscc_error *error) {
  if (problem->pca_split_count == 0)
    return iscc_fail(error, ISCC_EINVAL, "pca_splits: scheme pca needs at least one");
  iscc_decision best;
  for (size_t i = 0; i < problem->pca_split_count; i++) {
    const iscc_pca_split *candidate = &problem->pca_splits[i];
    iscc_problem one = *problem;
    iscc_decision d;
    memory->splits[0] = candidate->split;
    iscc_split_unprune(&memory->splits[0]);
    one.splits = memory->splits;
    one.split_count = 1;
    one.accuracy_curve = candidate->accuracy_curve;
    const iscc_status status = iscc_joint_decide(memory, &one, &d, error);
    if (status) return status;
    if (i == 0)
      best = d;
    else
      merge(&best, &d);
  }
  *decision = best;
  return ISCC_OK;
}
