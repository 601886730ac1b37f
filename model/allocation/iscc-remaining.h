/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-remaining - the choices that are left of a task whose first stages are done.
 *
 * After sensing at P_s, R_0 is the single point (P_s, R_0(P_s)): whatever scheme decides the rest decides the
 * problem with that curve. After the device layers p and F_e are constants as well: what pruning has left
 * joins R_0(P_s), the compute time joins the delay, and the joint optimum over Q and P_c is left. */
#ifndef ISCC_REMAINING_H
#define ISCC_REMAINING_H

#include "iscc-scheme.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What `decide` decides of a problem with `sensed`, which it is given with a single point for R_0 and that
 * field false. */
iscc_status iscc_remaining_sensed(iscc_scheme_decide *decide, iscc_solver_memory *memory,
                                  const iscc_problem *problem, iscc_decision *decision, iscc_error *error);

/* iscc_solver_finish() for a known split and its R_0; nothing of the problem's own splits and curve counts.
 */
iscc_status iscc_remaining_computed(iscc_solver_memory *memory, const iscc_problem *problem,
                                    const iscc_split *split, const iscc_accuracy_curve *curve,
                                    const iscc_decision *done, double compute_s, iscc_decision *decision,
                                    iscc_error *error);

#ifdef __cplusplus
}
#endif
#endif
