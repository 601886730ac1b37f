/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-claims.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

typedef struct {
  const char *where, *claim, *rule;
  iscc_claim_judge *judge;
  iscc_figure needs[4]; /* figures; ends with ISCC_FIGURES where there are fewer */
} row;

#define NEEDS_ENERGY                                                                                         \
  { ISCC_FIGURE_9, ISCC_FIGURE_10, ISCC_FIGURE_11, ISCC_FIGURES }
#define NEEDS(figure)                                                                                        \
  { figure, ISCC_FIGURES, ISCC_FIGURES, ISCC_FIGURES }

static const row rows[] = {
    {"II-A.2", "Similarity to the noise-free spectrogram and discriminant gain rise with sensing power",
     "both rise from each power to the next, but for a fall of at most 1 %", iscc_judge_sensing_quality,
     NEEDS(ISCC_FIGURE_4)},
    {"Fig. 4", "Accuracy is well approximated by a arctan(b P_s)",
     "largest distance from the measured accuracy at most 0.02 at all powers drawn", iscc_judge_arctan,
     NEEDS(ISCC_FIGURE_4)},
    {"Fig. 7", "Laplace weights; the fit is best in conv2 and fc1",
     "conv2 and fc1 have the two least Kolmogorov-Smirnov distances, of w and of |w|", iscc_judge_laplace,
     NEEDS(ISCC_FIGURE_7)},
    {"Fig. 8a", "Pruning up to 50 % costs little (samples without noise)",
     "at p = 0.5 at most 0.03 of accuracy is lost at each split drawn", iscc_judge_pruning_clean,
     NEEDS(ISCC_FIGURE_8)},
    {"Fig. 8a", "The same with receiver noise, where the allocations operate",
     "as above, at the noisy sensing power of the figure", iscc_judge_pruning_noisy, NEEDS(ISCC_FIGURE_8)},
    {"Fig. 8b", "Quantization loses little beside pruning",
     "at each split drawn, 4 bits lose less than p = 0.5 does or at most 0.01, with and without noise",
     iscc_judge_quantization, NEEDS(ISCC_FIGURE_8)},
    {"Fig. 8", "The approximation with one scaling constant aligns with Monte Carlo",
     "root mean square error at most 0.02 over p >= 0.5 and over Q >= 3 at the splits drawn",
     iscc_judge_scaled, NEEDS(ISCC_FIGURE_8)},
    {"Table III", "A deeper split needs fewer bits",
     "fewest bits that need not lose more than 0.02 without noise (lower end of the 95 % interval) do not "
     "rise with the split",
     iscc_judge_fewer_bits, NEEDS(ISCC_FIGURE_8)},
    {"Figs. 9-11", "The proposed allocation has the least energy everywhere",
     "joint at most a relative 1e-6 above every other scheme in every case", iscc_judge_least_energy,
     NEEDS_ENERGY},
    {"Fig. 9", "Some baselines are infeasible at 0.6 s", "at least one other scheme has no allocation there",
     iscc_judge_infeasible_baselines, NEEDS(ISCC_FIGURE_9)},
    {"Fig. 9", "JC&C is near the optimum at tight latency",
     "at most 10 % above joint at the least latency where it is feasible", iscc_judge_jcc_tight,
     NEEDS(ISCC_FIGURE_9)},
    {"Fig. 9", "JC&C is the worst at loose latency", "most energy of all schemes at the largest latency",
     iscc_judge_jcc_loose, NEEDS(ISCC_FIGURE_9)},
    {"Fig. 9", "On-device inference is preferred at loose latency",
     "within 5 % of joint at the largest latency", iscc_judge_on_device_loose, NEEDS(ISCC_FIGURE_9)},
    {"Fig. 10", "On-device inference is the worst at high accuracy",
     "most energy of all schemes, or infeasible, at the highest target that joint meets",
     iscc_judge_on_device_accurate, NEEDS(ISCC_FIGURE_10)},
    {"Fig. 10", "On-server inference is near the optimum at high accuracy",
     "within 10 % of joint at the highest target that joint meets", iscc_judge_on_server_accurate,
     NEEDS(ISCC_FIGURE_10)},
    {"Fig. 11", "On-server inference is near the optimum at high SNR",
     "within 10 % of joint at the highest SNR", iscc_judge_on_server_snr, NEEDS(ISCC_FIGURE_11)},
    {"Fig. 11", "Energy falls with SNR, but for on-device inference",
     "no scheme's energy rises from one SNR to the next, and on-device inference's is the same at all",
     iscc_judge_falls_with_snr, NEEDS(ISCC_FIGURE_11)},
    {"Fig. 11", "Typical ISCC (PCA) is slightly better than on-server inference",
     "less energy than on-server inference at every SNR where either is feasible", iscc_judge_pca,
     NEEDS(ISCC_FIGURE_11)},
    {"Table III", "Tight latency brings the strongest pruning",
     "p is least in the latency-constrained scenario", iscc_judge_trend_latency, NEEDS(ISCC_TABLE_3)},
    {"Table III", "A high target brings the largest sensing power",
     "P_s is largest in the accuracy-constrained scenario", iscc_judge_trend_accuracy, NEEDS(ISCC_TABLE_3)},
    {"Table III", "Low SNR brings all layers onto the device",
     "l is the last layer in the SNR-constrained scenario", iscc_judge_trend_snr, NEEDS(ISCC_TABLE_3)},
    {"Conclusion", "Up to 40 % less energy than existing methods",
     "at least 40 % less than the better of typical ISCC and JC&C in some case where both are feasible "
     "(the paper adds: most at low latency; where most is saved here is told, not judged)",
     iscc_judge_saving, NEEDS_ENERGY},
    {"beyond", "The paper's alternating algorithm reaches the optimum",
     "at most a relative 1e-4 above joint in every case", iscc_judge_alternating, NEEDS_ENERGY},
    {"beyond",
     "Allocations keep their promise: realised accuracy reaches R_t",
     "the 95 % interval of each checked allocation reaches R_t, whatever the scheme; in part: some do not, "
     "but "
     "none by more than chance brings about among so many",
     iscc_judge_promise,
     {ISCC_FIGURE_9, ISCC_FIGURE_10, ISCC_FIGURE_11, ISCC_TABLE_3}},
};

const char *iscc_claim_verdict_name(iscc_claim_verdict verdict) {
  static const char *const names[] = {"holds", "holds in part", "does not hold", "not comparable",
                                      "not measured"};
  return names[verdict];
}

void iscc_claim_add(char *text, const char *format, ...) {
  const size_t used = strlen(text);
  va_list values;
  va_start(values, format);
  vsnprintf(text + used, ISCC_CLAIM_TEXT_MAX - used, format, values);
  va_end(values);
}

static bool is_measured(const row *r, const iscc_reproduction *results) {
  for (size_t i = 0; i < sizeof r->needs / sizeof *r->needs; i++)
    if (r->needs[i] != ISCC_FIGURES && !results->have[r->needs[i]]) return false;
  return true;
}

size_t iscc_claims_judge(const iscc_study *study, const iscc_reproduction *results, iscc_claim *claims) {
  const iscc_evidence evidence = {study, results};
  const size_t count = sizeof rows / sizeof *rows;
  for (size_t i = 0; i < count; i++) {
    claims[i] = (iscc_claim){.where = rows[i].where,
                             .claim = rows[i].claim,
                             .rule = rows[i].rule,
                             .verdict = ISCC_CLAIM_NOT_MEASURED};
    if (is_measured(&rows[i], results)) rows[i].judge(&evidence, &claims[i]);
  }
  return count;
}
