/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-remaining.h"

#include <math.h>

/* Taken off R_t after the device layers, relative: the losses are summed in another order than they were
 * planned in, and what was just accurate enough shall stay so. */
#define TARGET_GUARD 1e-12

/* Total, bound and gap after a stage's energy became another: bound_j more is certain. */
static void add_energy(iscc_decision *d, double bound_j) {
  d->energy.total = d->energy.sensing + d->energy.compute + d->energy.uplink;
  if (isnan(d->lower_bound_j)) return; /* of a scheme without certificate */
  d->lower_bound_j = fmin(d->lower_bound_j + bound_j, d->energy.total);
  d->relative_gap = d->energy.total > 0 ? (d->energy.total - d->lower_bound_j) / d->energy.total : 0;
}

/* Decides with P_s held at power_w and R_0(P_s) at accuracy. */
static iscc_status hold_sensing(iscc_scheme_decide *decide, iscc_solver_memory *memory,
                                const iscc_problem *problem, double power_w, double accuracy,
                                iscc_decision *decision, iscc_error *error) {
  iscc_problem held = *problem;
  held.sensed = false;
  held.accuracy_curve = (iscc_accuracy_curve){
      .kind = ISCC_CURVE_TABLE, .power_w = &power_w, .accuracy = &accuracy, .points = 1};
  const iscc_status status = decide(memory, &held, decision, error);
  if (status || decision->status == ISCC_DECISION_INFEASIBLE) return status;
  decision->sensing_power_w = power_w; /* what is held back for rounding is of no use here */
  decision->energy.sensing = problem->sensing_time_s * power_w;
  add_energy(decision, 0);
  return ISCC_OK;
}

iscc_status iscc_remaining_sensed(iscc_scheme_decide *decide, iscc_solver_memory *memory,
                                  const iscc_problem *problem, iscc_decision *decision, iscc_error *error) {
  iscc_decision d;
  const double power_w = problem->sensed_power_w;
  const double accuracy = iscc_accuracy_curve_at(&problem->accuracy_curve, power_w);
  const iscc_status status = hold_sensing(decide, memory, problem, power_w, accuracy, &d, error);
  if (!status) *decision = d;
  return status;
}

/* The split as it is when F_e(p) is done: (1 - pruned) (1 - q/(1 - pruned)) = 1 - pruned - q. */
static iscc_split rest_of_split(const iscc_split *split, double kept, double compute_s) {
  iscc_split rest = *split;
  rest.flops_slope = rest.flops_const = 0;
  rest.pruning_loss = rest.pruning_slope = rest.keep_min = 0;
  rest.delay_s += compute_s;
  for (int q = 0; q <= ISCC_PROBLEM_BITS_MAX; q++) rest.quantization_loss[q] /= kept;
  return rest;
}

iscc_status iscc_remaining_computed(iscc_solver_memory *memory, const iscc_problem *problem,
                                    const iscc_split *split, const iscc_accuracy_curve *curve,
                                    const iscc_decision *done, double compute_s, iscc_decision *decision,
                                    iscc_error *error) {
  const double kept = 1 - iscc_split_pruned(split, done->keep_ratio, -log(done->keep_ratio));
  const iscc_split rest = rest_of_split(split, kept, compute_s);
  const double accuracy = fmax(0, kept * iscc_accuracy_curve_at(curve, done->sensing_power_w));
  iscc_problem one = *problem;
  one.splits = &rest;
  one.split_count = 1;
  one.target_accuracy *= 1 - TARGET_GUARD;
  iscc_decision d;
  const iscc_status status =
      hold_sensing(iscc_joint_decide, memory, &one, done->sensing_power_w, accuracy, &d, error);
  if (status) return status;
  if (d.status != ISCC_DECISION_INFEASIBLE) {
    const unsigned of_device = ISCC_CONSTRAINT_KEEP_RATIO | ISCC_CONSTRAINT_SPEED;
    d.keep_ratio = done->keep_ratio;
    d.edge_speed_flops = done->edge_speed_flops;
    d.latency.compute = compute_s;
    d.energy.compute = done->energy.compute;
    d.binding = (d.binding & ~of_device) | (done->binding & of_device);
    add_energy(&d, done->energy.compute);
  }
  *decision = d;
  return ISCC_OK;
}
