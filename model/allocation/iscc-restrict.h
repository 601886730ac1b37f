/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-restrict - baselines as the joint problem with fewer choices: a copy of a problem whose splits may be
 * left out or changed. Solved by iscc_joint_decide(), each baseline is at the certified optimum of its own
 * problem, so that none is weakened by its solver. */
#ifndef ISCC_RESTRICT_H
#define ISCC_RESTRICT_H

#include "iscc-scheme.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Whether a split stays; may change it. */
typedef bool iscc_restriction(iscc_split *split);

/* The problem with the splits that stay, kept in the memory until it is used again; false: none stays. */
bool iscc_restrict(const iscc_problem *problem, iscc_restriction *stays, iscc_solver_memory *memory,
                   iscc_problem *restricted);

/* Fixes p = 1: the FLOPs become constant, nothing is lost by pruning. */
void iscc_split_unprune(iscc_split *split);

#ifdef __cplusplus
}
#endif
#endif
