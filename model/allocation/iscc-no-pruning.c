/* SPDX-License-Identifier: GPL-2.0-only */
/* Scheme `no-pruning`: p = 1. Split, bits, powers and speed are at their optimum. */
#include "iscc-restrict.h"

static bool unpruned(iscc_split *split) {
  iscc_split_unprune(split);
  return true;
}

iscc_status iscc_no_pruning_decide(iscc_solver_memory *memory, const iscc_problem *problem,
                                   iscc_decision *decision, iscc_error *error) {
  iscc_problem restricted;
  iscc_restrict(problem, unpruned, memory, &restricted);
  return iscc_joint_decide(memory, &restricted, decision, error);
}
