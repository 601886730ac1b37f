/* SPDX-License-Identifier: GPL-2.0-only */
/* Scheme `on-device`: all layers run on the device (l = L), nothing is sent. Pruning, sensing power and speed
 * are at their optimum. */
#include "iscc-restrict.h"

static bool sends_nothing(iscc_split *split) {
  return split->features == 0;
}

iscc_status iscc_on_device_decide(iscc_solver_memory *memory, const iscc_problem *problem,
                                  iscc_decision *decision, iscc_error *error) {
  iscc_problem restricted;
  if (!iscc_restrict(problem, sends_nothing, memory, &restricted))
    return iscc_fail(error, ISCC_EINVAL,
                     "splits: scheme on-device needs one that sends nothing (the last split layer)");
  return iscc_joint_decide(memory, &restricted, decision, error);
}
