/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-study-decision - a case of the paper's evaluation decided by a scheme, and the decision run for real.
 *
 * What a case leaves open is Table II of the paper; the accuracy curve is the measured table. */
#ifndef ISCC_STUDY_DECISION_H
#define ISCC_STUDY_DECISION_H

#include "iscc-solver.h"
#include "iscc-study.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
  double target_accuracy, max_latency_s, snr_db;
  bool raw; /* l = 0 is among the candidates */
} iscc_study_case;

/* index: of the scheme in table order. What the case leaves open is Table II; the accuracy curve is the
 * measured table. Scheme on-server has l = 0 in any case. Infeasible cases are ISCC_OK (decision->status
 * tells). */
iscc_status iscc_study_decide(iscc_study *study, size_t scheme, const iscc_study_case *at,
                              iscc_decision *decision, iscc_error *error);

const char *iscc_study_scheme(const iscc_study *study, size_t scheme); /* its name */
size_t iscc_study_find(const iscc_study *study, const char *scheme);   /* its index; study->schemes: none */

/* joint or alternating, which choose all six variables. */
bool iscc_study_is_unrestricted(const iscc_study *study, size_t scheme);

/* Right answers that an allocation really gets, out of `samples`; recalled when known. Scheme pca: the
 * classifiers, whose weights are in no model file, are trained anew first; ISCC_ESTATE when they do not come
 * out as the calibrated ones. */
iscc_status iscc_study_check(iscc_study *study, size_t scheme, const iscc_decision *decision, size_t samples,
                             size_t *correct, iscc_error *error);

/* The same where it is known; false: it is not. */
bool iscc_study_recall_check(const iscc_study *study, size_t scheme, const iscc_decision *decision,
                             size_t samples, size_t *correct);

/* Samples that a decision of the scheme is checked with; 0: not at all. */
size_t iscc_study_check_samples(const iscc_study *study, size_t scheme);

#ifdef __cplusplus
}
#endif
#endif
