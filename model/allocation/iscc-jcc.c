/* SPDX-License-Identifier: GPL-2.0-only */
/* Scheme `jcc`, joint communication and computation: the sensing power is fixed, the rest (split, pruning,
 * bits, transmit power, speed) is at its optimum. Without a power given, it is where R_0 is 97 % of its
 * limit.
 *
 * A curve of a single point says just that: this power whatever the accuracy, and no more than its accuracy.
 */
#include <math.h>

#include "iscc-scheme.h"

#define SHARE_OF_LIMIT 0.97 /* of R_0 for P_s to infinity; a choice of ours, the paper names no figure */

double iscc_jcc_sensing_power(const iscc_problem *problem) {
  const iscc_accuracy_curve *curve = &problem->accuracy_curve;
  if (problem->fixed_sensing_power_w > 0) return problem->fixed_sensing_power_w;
  const double limit = curve->kind == ISCC_CURVE_ARCTAN ? curve->a * 1.57079632679489661923
                                                        : curve->accuracy[curve->points - 1];
  return fmin(iscc_accuracy_curve_inverse(curve, SHARE_OF_LIMIT * limit).power_w, problem->max_power_w);
}

iscc_status iscc_jcc_decide(iscc_solver_memory *memory, const iscc_problem *problem, iscc_decision *decision,
                            iscc_error *error) {
  const double power_w = iscc_jcc_sensing_power(problem);
  const double accuracy = iscc_accuracy_curve_at(&problem->accuracy_curve, power_w);
  iscc_problem fixed = *problem;
  fixed.accuracy_curve = (iscc_accuracy_curve){
      .kind = ISCC_CURVE_TABLE, .power_w = &power_w, .accuracy = &accuracy, .points = 1};
  iscc_decision d;
  const iscc_status status = iscc_joint_decide(memory, &fixed, &d, error);
  if (status) return status;
  if (d.status != ISCC_DECISION_INFEASIBLE) { /* what joint holds back for rounding is of no use here */
    d.energy.total -= d.energy.sensing;
    d.sensing_power_w = power_w;
    d.energy.sensing = problem->sensing_time_s * power_w;
    d.energy.total += d.energy.sensing;
    d.lower_bound_j = fmin(d.lower_bound_j, d.energy.total);
    d.relative_gap = d.energy.total > 0 ? (d.energy.total - d.lower_bound_j) / d.energy.total : 0;
  }
  *decision = d;
  return ISCC_OK;
}
