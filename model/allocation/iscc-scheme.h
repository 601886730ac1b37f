/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-scheme - the table of schemes. A scheme is one function that fills a decision for a checked problem;
 * adding one is one file and one row of the table in iscc-scheme.c. */
#ifndef ISCC_SCHEME_H
#define ISCC_SCHEME_H

#include "iscc-solver.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct { /* one (split, bits) pair in order of promise */
  double bound_j;
  int split, bits;
} iscc_ranked_pair;

typedef struct {            /* lives as long as the solver handle */
  iscc_ranked_pair *ranked; /* ISCC_PAIRS_MAX */
} iscc_solver_memory;

typedef iscc_status iscc_scheme_decide(iscc_solver_memory *memory, const iscc_problem *problem,
                                       iscc_decision *decision, iscc_error *error);

iscc_scheme_decide iscc_joint_decide;

/* Most (split, bits) pairs of a problem. */
enum { ISCC_PAIRS_MAX = ISCC_PROBLEM_SPLITS_MAX * (ISCC_PROBLEM_BITS_MAX - 1) };

iscc_scheme_decide *iscc_scheme_find(const char *name);

#ifdef __cplusplus
}
#endif
#endif
