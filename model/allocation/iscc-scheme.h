/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-scheme - the table of schemes. A scheme is one function that fills a decision for a checked problem;
 * adding one is one file, its declaration here and one row of the table in iscc-scheme.c (doc/solver.rst). */
#ifndef ISCC_SCHEME_H
#define ISCC_SCHEME_H

#include "iscc-solver.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct { /* what is left to look at of a split */
  double bound_j;
  unsigned bits; /* set of Q */
  int promising; /* the Q with the least bound */
} iscc_open_split;

typedef struct {               /* lives as long as the solver handle */
  iscc_open_split *open;       /* ISCC_PROBLEM_SPLITS_MAX */
  size_t last_split;           /* of the last answer, the first to be tried: likely the best again */
  int last_bits;               /* -1: there was none */
  iscc_split *splits;          /* ISCC_PROBLEM_SPLITS_MAX, of a restricted problem */
  const iscc_history *history; /* whom an iterative scheme tells of its turns; NULL: nobody */
} iscc_solver_memory;

typedef iscc_status iscc_scheme_decide(iscc_solver_memory *memory, const iscc_problem *problem,
                                       iscc_decision *decision, iscc_error *error);

iscc_scheme_decide iscc_joint_decide, iscc_on_server_decide, iscc_on_device_decide, iscc_no_pruning_decide,
    iscc_jcc_decide, iscc_alternating_decide, iscc_pca_decide;

iscc_scheme_decide *iscc_scheme_find(const char *name);

#ifdef __cplusplus
}
#endif
#endif
