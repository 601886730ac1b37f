/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-allocation-answer - a decision's numbers, worked out from the raw problem whatever scheme found the allocation.
 */
#ifndef ISCC_ALLOCATION_ANSWER_H
#define ISCC_ALLOCATION_ANSWER_H

#include "iscc-pair.h"
#include "iscc-solver.h"

#ifdef __cplusplus
extern "C" {
#endif

/* No allocation, no certificate. */
iscc_decision iscc_answer_blank(iscc_decision_status status);

/* Fills in the allocation (p, s, c) of a pair with its stages, accuracy and binding constraints. */
void iscc_answer_allocation(const iscc_pair *pair, double keep_ratio, double uplink_s, double compute_s,
                            iscc_decision *decision);

/* Makes it INFEASIBLE: which constraints conflict, and the nearest relaxations over all pairs. */
void iscc_answer_infeasible(const iscc_problem *problem, iscc_decision *decision);

#ifdef __cplusplus
}
#endif
#endif
