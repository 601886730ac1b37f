/* SPDX-License-Identifier: GPL-2.0-only */
/* Scheme `jcc`, joint communication and computation: the sensing power is fixed, the rest (split, pruning,
 * bits, transmit power, speed) is at its optimum. Without a power given, it is where R_0 is 97 % of its
 * limit. */
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
  iscc_problem fixed = *problem;
  if (!problem->sensed) fixed.sensed_power_w = iscc_jcc_sensing_power(problem);
  fixed.sensed = true;
  return iscc_joint_decide(memory, &fixed, decision, error);
}
