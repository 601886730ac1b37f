/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-claims - what the paper claims of its evaluation, judged by our own numbers.
 *
 * Each claim has a rule of its own, which is printed beside the verdict. A claim about energies is judged
 * twice, with l = 0 among the candidates and without it. */
#ifndef ISCC_CLAIMS_H
#define ISCC_CLAIMS_H

#include "iscc-figures.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum {
  ISCC_CLAIM_HOLDS,
  ISCC_CLAIM_IN_PART, /* in some of its cases */
  ISCC_CLAIM_FAILS,
  ISCC_CLAIM_NOT_COMPARABLE,
  ISCC_CLAIM_NOT_MEASURED /* its figure is not there */
} iscc_claim_verdict;

enum { ISCC_CLAIMS_MAX = 32, ISCC_CLAIM_TEXT_MAX = 640 };

typedef struct {
  const char *where; /* of the paper */
  const char *claim;
  const char *rule; /* when we say that it holds */
  iscc_claim_verdict verdict;
  char found[ISCC_CLAIM_TEXT_MAX]; /* our numbers */
  char why[ISCC_CLAIM_TEXT_MAX];   /* where it does not hold; "" otherwise */
} iscc_claim;

const char *iscc_claim_verdict_name(iscc_claim_verdict verdict); /* "holds", "holds in part", ... */

/* Fills claims[0..ISCC_CLAIMS_MAX); returns how many. */
size_t iscc_claims_judge(const iscc_study *study, const iscc_reproduction *results, iscc_claim *claims);

/* ---- for the files that judge ---- */

typedef struct {
  const iscc_study *study;
  const iscc_reproduction *results;
} iscc_evidence;

/* Judges one claim: fills verdict, found and why. */
typedef void iscc_claim_judge(const iscc_evidence *e, iscc_claim *claim);

iscc_claim_judge iscc_judge_sensing_quality, iscc_judge_arctan, iscc_judge_laplace, iscc_judge_pruning_clean,
    iscc_judge_pruning_noisy, iscc_judge_quantization, iscc_judge_scaled, iscc_judge_fewer_bits;
iscc_claim_judge iscc_judge_least_energy, iscc_judge_infeasible_baselines, iscc_judge_jcc_tight,
    iscc_judge_jcc_loose, iscc_judge_on_device_loose, iscc_judge_on_device_accurate,
    iscc_judge_on_server_accurate, iscc_judge_on_server_snr, iscc_judge_falls_with_snr, iscc_judge_pca,
    iscc_judge_saving, iscc_judge_alternating;
iscc_claim_judge iscc_judge_trend_latency, iscc_judge_trend_accuracy, iscc_judge_trend_snr,
    iscc_judge_promise;

/* Appends to a text of ISCC_CLAIM_TEXT_MAX; what does not fit is cut. */
void iscc_claim_add(char *text, const char *format, ...) ISCC_PRINTF(2, 3);

#ifdef __cplusplus
}
#endif
#endif
