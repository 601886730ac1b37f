/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-restrict.h"

#include <math.h>

bool iscc_restrict(const iscc_problem *problem, iscc_restriction *stays, iscc_solver_memory *memory,
                   iscc_problem *restricted) {
  *restricted = *problem;
  restricted->splits = memory->splits;
  restricted->split_count = 0;
  for (size_t i = 0; i < problem->split_count; i++) {
    iscc_split *split = &memory->splits[restricted->split_count];
    *split = problem->splits[i];
    restricted->split_count += stays(split);
  }
  return restricted->split_count > 0;
}

void iscc_split_unprune(iscc_split *split) {
  split->flops_const = fmax(0, split->flops_slope + split->flops_const);
  split->flops_slope = 0;
  split->pruning_loss = split->pruning_slope = split->keep_min = 0;
}
