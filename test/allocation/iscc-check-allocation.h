/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-check-allocation - a decision held against its raw problem: for tests. */
#ifndef ISCC_CHECK_ALLOCATION_H
#define ISCC_CHECK_ALLOCATION_H

#include "iscc-solver.h"

const iscc_split *iscc_split_of(const iscc_problem *problem, const iscc_decision *decision);

/* Works every stage out again from the allocation alone; k is named when something is wrong. */
void iscc_check_allocation(const iscc_problem *problem, const iscc_decision *decision, int k);

#endif
