/* SPDX-License-Identifier: GPL-2.0-only */
/* Scheme `on-server`: the raw input is quantized and sent (l = 0), all inference is the server's. Bits,
 * powers and times are at their optimum. */
#include "iscc-restrict.h"

static bool computes_nothing(iscc_split *split) {
  return split->features > 0 && split->flops_slope <= 0 && split->flops_const <= 0;
}

iscc_status iscc_on_server_decide(iscc_solver_memory *memory, const iscc_problem *problem,
                                  iscc_decision *decision, iscc_error *error) {
  iscc_problem restricted;
  if (!iscc_restrict(problem, computes_nothing, memory, &restricted))
    return iscc_fail(error, ISCC_EINVAL,
                     "splits: scheme on-server needs one that sends without device compute (split layer 0)");
  return iscc_joint_decide(memory, &restricted, decision, error);
}
