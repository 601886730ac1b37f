/* SPDX-License-Identifier: GPL-2.0-only */
/* Each claim is seen to hold and not to hold: first in results made so that all of them hold, then with a
 * number or two of them changed. */
#include <check.h>
#include <string.h>

#include "iscc-claims.h"
#include "iscc-result-change.h"

enum { CHANGES = 6 };

/* ---- judging ---- */

static iscc_claim claims[ISCC_CLAIMS_MAX];

static size_t judge(void) {
  const size_t n = iscc_claims_judge(iscc_ideal_study, &iscc_ideal_results, claims);
  ck_assert_uint_le(n, ISCC_CLAIMS_MAX);
  for (size_t i = 0; i < n; i++) {
    const iscc_claim *c = &claims[i];
    ck_assert_msg(strlen(c->found) < ISCC_CLAIM_TEXT_MAX - 1 && strlen(c->why) < ISCC_CLAIM_TEXT_MAX - 1,
                  "cut: %s / %s", c->found, c->why);
    ck_assert_msg(c->found[0] || c->verdict == ISCC_CLAIM_NOT_MEASURED, "%s: nothing found", c->claim);
    const bool needs_reason = c->verdict != ISCC_CLAIM_HOLDS && c->verdict != ISCC_CLAIM_NOT_MEASURED;
    ck_assert_msg((c->why[0] != '\0') == needs_reason, "%s: %s, because '%s'", c->claim,
                  iscc_claim_verdict_name(c->verdict), c->why);
  }
  return n;
}

static const iscc_claim *claim_about(const char *words) {
  const iscc_claim *found = NULL;
  const size_t n = judge();
  for (size_t i = 0; i < n; i++) {
    if (!strstr(claims[i].claim, words)) continue;
    ck_assert_msg(!found, "two claims about '%s'", words);
    found = &claims[i];
  }
  ck_assert_msg(found != NULL, "no claim about '%s'", words);
  return found;
}

START_TEST(all_hold_where_all_is_as_the_paper_says) {
  const size_t n = judge();
  ck_assert_uint_eq(n, 24);
  for (size_t i = 0; i < n; i++) {
    ck_assert_msg(claims[i].verdict == ISCC_CLAIM_HOLDS, "%s: %s, %s", claims[i].claim, claims[i].found,
                  claims[i].why);
    ck_assert(claims[i].where[0] && claims[i].rule[0]);
    for (size_t k = 0; k < i; k++) ck_assert_str_ne(claims[i].claim, claims[k].claim);
  }
}
END_TEST

/* ---- changes ---- */

#define TIMES       ISCC_CHANGE_TIMES
#define GONE        ISCC_CHANGE_GONE
#define THERE       ISCC_CHANGE_THERE
#define REFUSED     ISCC_CHANGE_REFUSED
#define KEEP        ISCC_CHANGE_KEEP
#define POWER       ISCC_CHANGE_POWER
#define SPLIT       ISCC_CHANGE_SPLIT
#define RIGHT       ISCC_CHANGE_RIGHT
#define UNCHECKED   ISCC_CHANGE_UNCHECKED
#define ACCURACY    ISCC_CHANGE_ACCURACY
#define SSIM        ISCC_CHANGE_SSIM
#define GAIN        ISCC_CHANGE_GAIN
#define DISTANCE    ISCC_CHANGE_DISTANCE
#define MAGNITUDE   ISCC_CHANGE_MAGNITUDE
#define NORMAL      ISCC_CHANGE_NORMAL
#define PRUNED      ISCC_CHANGE_PRUNED
#define BITS2       ISCC_CHANGE_BITS2
#define BITS3       ISCC_CHANGE_BITS3
#define BITS4       ISCC_CHANGE_BITS4
#define BITS5       ISCC_CHANGE_BITS5
#define BITS6       ISCC_CHANGE_BITS6
#define BITS7       ISCC_CHANGE_BITS7
#define BITS8       ISCC_CHANGE_BITS8
#define BOTH        ISCC_CHANGE_BOTH
#define EVERY       ISCC_CHANGE_EVERY
#define LAST        ISCC_CHANGE_LAST
#define ALL_SCHEMES NULL

#define HOLDS ISCC_CLAIM_HOLDS
#define PART  ISCC_CLAIM_IN_PART
#define FAILS ISCC_CLAIM_FAILS
#define F9    ISCC_FIGURE_9
#define F10   ISCC_FIGURE_10
#define F11   ISCC_FIGURE_11
#define T3    ISCC_TABLE_3

static const struct {
  const char *claim;
  iscc_result_change change[CHANGES];
  iscc_claim_verdict verdict;
  const char *found, *why; /* words of it; NULL: any */
} rows[] = {
    /* Fig. 4 */
    {"Similarity", {{SSIM, .at = 2, .value = 0.5}}, FAILS, NULL, "similarity falls from 10 to 20 mW"},
    {"Similarity", {{SSIM, .at = 2, .value = 0.578}}, HOLDS, "from 0.500 to 0.900", NULL},
    {"Similarity", {{GAIN, .at = LAST, .value = 6.1}}, FAILS, "to 6.10", "gain falls from 100 to 1000 mW"},
    {"arctan", {{ACCURACY, .at = 0, .value = 0.62}}, FAILS, "at 5 mW", "from 10 mW on it stays within 0.000"},
    {"arctan", {{ACCURACY, .at = LAST, .value = 0.962}}, HOLDS, "at 1000 mW", NULL},
    {"arctan", {{ACCURACY, .at = LAST, .value = 0.95}}, FAILS, "at 1000 mW", "Plans use the measured table"},
    /* Fig. 7 */
    {"Laplace",
     {{DISTANCE, .scheme = "fc2", .value = 0.029}},
     PART,
     "fc2 0.029 / 0.060 (normal 0.060)",
     "signed weights of fc2 fit better than those of fc1"},
    {"Laplace",
     {{MAGNITUDE, .scheme = "fc1", .value = 0.061}},
     PART,
     "fc1 0.030 / 0.061",
     "magnitudes of conv1 fit better than those of fc1"},
    {"Laplace",
     {{DISTANCE, .scheme = "fc2", .value = 0.029}, {MAGNITUDE, .scheme = "fc3", .value = 0.019}},
     FAILS,
     NULL,
     "magnitudes of fc3 fit better"},
    {"Laplace", {{NORMAL, .scheme = "fc1", .value = 0.001}}, HOLDS, "fc1 0.030 / 0.030 (normal 0.001)", NULL},
    /* Fig. 8 */
    {"(samples without noise)", {{PRUNED, .at = 6, .value = 0.031}}, FAILS, "l = 6 0.031", "less to spare"},
    {"(samples without noise)", {{PRUNED, .at = 6, .value = 0.029}}, HOLDS, "l = 6 0.029", NULL},
    {"(samples without noise)", {{PRUNED, .set = 1, .at = 6, .value = 0.2}}, HOLDS, "l = 6 0.020", NULL},
    {"with receiver noise", {{PRUNED, .set = 1, .at = 8, .value = 0.2}}, FAILS, "l = 8 0.200", "at l = 8"},
    {"with receiver noise", {{PRUNED, .at = 8, .value = 0.2}}, HOLDS, "l = 8 0.020", NULL},
    {"loses little beside", {{BITS4, .at = 6, .value = 0.019}}, HOLDS, "l = 6 0.019 / 0.020", NULL},
    {"loses little beside", {{BITS4, .at = 6, .value = 0.021}}, FAILS, NULL, "not at l = 6: "},
    {"loses little beside", {{BITS4, .set = 1, .at = 3, .value = 0.02}}, FAILS, NULL, "l = 3 with noise"},
    {"loses little beside",
     {{BITS4, .at = 6, .value = 0.009}, {PRUNED, .at = 6, .value = 0.001}},
     HOLDS,
     "l = 6 0.009 / 0.001",
     NULL},
    {"loses little beside", {{BITS5, .at = 6, .value = 0.5}}, HOLDS, "l = 6 0.005 / 0.020", NULL},
    {"one scaling constant", {{PRUNED, .at = 8, .value = 0.2}}, HOLDS, "error 0.016", NULL},
    {"one scaling constant", {{PRUNED, .at = 8, .value = 0.3}}, FAILS, "error 0.026", "u(p) is flatter"},
    {"one scaling constant", {{BITS3, .at = 0, .value = 0.3}}, FAILS, "error 0.025", "v(Q) falls faster"},
    {"one scaling constant", {{BITS2, .at = 0, .value = 0.9}}, HOLDS, "error 0.000", NULL},
    {"fewer bits", {{BITS4, .at = 8, .value = 0.024}}, FAILS, "l = 8 5 bits", "l = 8 needs more"},
    {"fewer bits", {{BITS4, .at = 0, .value = 0.024}}, HOLDS, "l = 0 5 bits, l = 3 4 bits", NULL},
    {"fewer bits", {{BITS4, .at = 8, .value = 0.022}}, HOLDS, "l = 8 4 bits", NULL}, /* may be chance */
    {"fewer bits", {{BITS4, .set = 1, .at = 8, .value = 0.5}}, HOLDS, "l = 8 4 bits", NULL},
    {"fewer bits",
     {{BITS4, .at = 8, .value = 0.1},
      {BITS5, .at = 8, .value = 0.1},
      {BITS6, .at = 8, .value = 0.1},
      {BITS7, .at = 8, .value = 0.1},
      {BITS8, .at = 8, .value = 0.1}},
     FAILS,
     "l = 8 above 8 bits",
     "l = 8 needs more"},
    /* all energies */
    {"least energy",
     {{TIMES, F11, 0, "pca", 0, 0.5}},
     PART,
     "with l = 0: 1 of 6 other schemes have less in some of 12 cases; without l = 0: 0 of 6",
     "with l = 0: pca has less in 1 cases (it has classifiers of its own"},
    {"least energy",
     {{TIMES, F9, 1, "on-server", EVERY, 0.9}},
     PART,
     "without l = 0: 1 of 6",
     "without l = 0: on-server has less in 4 cases (it has l = 0"},
    {"least energy",
     {{TIMES, F10, BOTH, "jcc", LAST, 0.3}, {TIMES, F9, BOTH, "pca", 0, 0.4}},
     FAILS,
     "without l = 0: 2 of 6",
     "jcc has less in 1 cases"},
    {"least energy", {{TIMES, F10, BOTH, "alternating", 1, 1 - 1e-7}}, HOLDS, "with l = 0: 0 of 6", NULL},
    {"least energy", {{GONE, F10, BOTH, "joint", LAST, 0}}, FAILS, "6 of 6", "no-pruning has less"},
    {"Up to 40 %",
     {{TIMES, F9, BOTH, "pca", EVERY, 0.8}, {TIMES, F10, BOTH, "pca", EVERY, 0.8}},
     FAILS,
     "3 to 38 %",
     "the most that is saved is 38 %"},
    {"Up to 40 %",
     {{TIMES, F9, 1, "jcc", EVERY, 0.5}, {TIMES, F10, 1, "jcc", EVERY, 0.5}},
     PART,
     "%, most at T_max",
     "without l = 0: the most"},
    {"Up to 40 %", {{TIMES, F9, BOTH, "jcc", EVERY, 0.5}}, HOLDS, "to 50 %, most at R_t = 0.8", NULL},
    {"Up to 40 %",
     {{GONE, F9, 0, "pca", EVERY, 0}, {GONE, F10, 0, "pca", EVERY, 0}, {GONE, F11, 0, "jcc", EVERY, 0}},
     PART,
     "with l = 0: never both feasible",
     "with l = 0: "},
    {"alternating",
     {{TIMES, F10, 1, "alternating", 1, 1.03}},
     PART,
     "1 of 12 cases above joint, by up to 3.0",
     "without l = 0: "},
    {"alternating", {{TIMES, F9, BOTH, "alternating", 2, 1.001}}, FAILS, "by up to 0.1 %", "with l = 0: "},
    {"alternating",
     {{GONE, F9, 0, "joint", EVERY, 0}, {GONE, F10, 0, "joint", EVERY, 0}, {GONE, F11, 0, "joint", EVERY, 0}},
     PART,
     "with l = 0: 0 of 0 cases",
     "joint is never feasible"},
    {"alternating", {{TIMES, F9, BOTH, "alternating", 2, 1.00005}}, HOLDS, "0 of 12 cases", NULL},
    /* Fig. 9 */
    {"infeasible at 0.6", {{THERE, F9, 1, "on-device", 0, 2}}, PART, "without l = 0: none", "in time"},
    {"infeasible at 0.6", {{THERE, F9, BOTH, "on-device", 0, 2}}, FAILS, "with l = 0: none", "in time"},
    {"infeasible at 0.6",
     {{THERE, F9, BOTH, "on-device", 0, 2}, {GONE, F9, BOTH, "jcc", 0, 0}},
     HOLDS,
     "with l = 0: jcc",
     NULL},
    {"infeasible at 0.6",
     {{THERE, F9, BOTH, "on-device", 0, 2}, {REFUSED, F9, BOTH, "pca", 0, 0}},
     FAILS,
     "with l = 0: none",
     NULL},
    {"infeasible at 0.6",
     {{THERE, F9, BOTH, "on-device", 0, 2}, {GONE, F9, BOTH, "joint", 0, 0}},
     FAILS,
     "with l = 0: none",
     NULL},
    {"at tight latency", {{TIMES, F9, 0, "jcc", 0, 1.06}}, PART, "1.11 times joint", "with l = 0: joint"},
    {"at tight latency", {{TIMES, F9, BOTH, "jcc", 0, 1.04}}, HOLDS, "1.09 times joint at T_max = 0.6", NULL},
    {"at tight latency", {{GONE, F9, BOTH, "jcc", 0, 0}}, FAILS, "1.72 times joint at T_max = 0.8 s", NULL},
    {"at tight latency", {{GONE, F9, BOTH, "jcc", EVERY, 0}}, FAILS, "infeasible", "infeasible"},
    {"worst at loose", {{TIMES, F9, BOTH, "pca", LAST, 2}}, FAILS, "most pca with 80.0 mJ", "pca needs more"},
    {"worst at loose", {{TIMES, F9, 1, "jcc", LAST, 0.5}}, PART, "JC&C 30.5 mJ", "without l = 0: pca"},
    {"worst at loose", {{TIMES, F9, BOTH, "pca", LAST, 1.5}}, HOLDS, "most jcc with 61.0 mJ", NULL},
    {"worst at loose", {{GONE, F9, BOTH, "pca", LAST, 0}}, HOLDS, "most jcc with 61.0 mJ", NULL},
    {"worst at loose", {{GONE, F9, BOTH, "jcc", LAST, 0}}, FAILS, "infeasible", "infeasible"},
    {"preferred at loose",
     {{TIMES, F9, 1, "on-device", LAST, 1.02}},
     PART,
     "1.06 times joint at T_max = 1.2 s",
     "without l = 0: joint splits at"},
    {"preferred at loose",
     {{GONE, F9, BOTH, "on-device", LAST, 0}},
     FAILS,
     "infeasible at T_max = 1.2 s",
     NULL},
    {"preferred at loose", {{GONE, F9, BOTH, ALL_SCHEMES, LAST, 0}}, FAILS, "infeasible", NULL},
    /* Fig. 10 */
    {"device inference is the worst at high",
     {{TIMES, F10, BOTH, "on-device", LAST, 0.7}},
     FAILS,
     "most jcc with 120.0 mJ, at R_t = 0.95",
     "jcc needs more"},
    {"device inference is the worst at high",
     {{TIMES, F10, 0, "pca", LAST, 2.1}},
     PART,
     NULL,
     "with l = 0: "},
    {"device inference is the worst at high",
     {{GONE, F10, BOTH, "on-device", LAST, 0}},
     HOLDS,
     "infeasible at R_t = 0.95",
     NULL},
    {"device inference is the worst at high",
     {{GONE, F10, BOTH, ALL_SCHEMES, LAST, 0}, {TIMES, F10, BOTH, "on-device", 2, 0.5}},
     FAILS,
     "at R_t = 0.9",
     "jcc needs more"},
    {"optimum at high accuracy",
     {{TIMES, F10, BOTH, "on-server", LAST, 1.05}},
     FAILS,
     "1.10 times joint at R_t = 0.95",
     "on-server 44.1 mJ"},
    {"optimum at high accuracy", {{TIMES, F10, 0, "on-server", LAST, 1.04}}, HOLDS, "1.09 times", NULL},
    {"optimum at high accuracy",
     {{GONE, F10, 1, "on-server", LAST, 0}},
     PART,
     "without l = 0: infeasible",
     "without l = 0: joint"},
    /* Fig. 11 */
    {"optimum at high SNR",
     {{TIMES, F11, BOTH, "on-server", LAST, 1.03}},
     FAILS,
     "1.11 times joint at SNR = 30 dB",
     "on-server 22.2 mJ"},
    {"optimum at high SNR", {{TIMES, F11, 1, "on-server", LAST, 0.7}}, PART, "0.76 times", "it has l = 0"},
    {"optimum at high SNR", {{TIMES, F11, BOTH, "on-server", 0, 3}}, HOLDS, "1.08 times joint", NULL},
    {"falls with SNR", {{TIMES, F11, 0, "joint", 1, 1.3}}, PART, NULL, "with l = 0: not joint"},
    {"falls with SNR",
     {{TIMES, F11, BOTH, "on-device", LAST, 0.9}},
     FAILS,
     "on-device 54.0",
     "not on-device"},
    {"falls with SNR", {{GONE, F11, 1, "pca", LAST, 0}}, PART, NULL, "without l = 0: not pca"},
    {"falls with SNR", {{GONE, F11, BOTH, "pca", 0, 0}}, HOLDS, "joint from 40.0 to 20.0 mJ", NULL},
    {"(PCA)", {{TIMES, F11, BOTH, "pca", 1, 1.1}}, PART, "less in 3 of 4 cases", "mW of sensing power"},
    {"(PCA)", {{TIMES, F11, BOTH, "pca", EVERY, 1.1}}, FAILS, "less in 0 of 4 cases", "mW of sensing power"},
    {"(PCA)", {{GONE, F11, BOTH, "pca", LAST, 0}}, PART, "pca inf", "pca is infeasible at high SNR"},
    {"(PCA)", {{GONE, F11, BOTH, "on-server", 0, 0}}, HOLDS, "on-server inf mJ", NULL},
    {"(PCA)",
     {{GONE, F11, BOTH, "pca", EVERY, 0}, {GONE, F11, BOTH, "on-server", EVERY, 0}},
     FAILS,
     "less in 0 of 0 cases",
     NULL},
    /* Table III */
    {"strongest pruning", {{KEEP, T3, 0, "joint", 0, 0.65}}, PART, "p = 0.65, 0.7, 0.6", NULL},
    {"strongest pruning",
     {{KEEP, T3, BOTH, "joint", 0, 0.7}, {KEEP, T3, BOTH, "joint", 1, 0.3}},
     FAILS,
     "without l = 0: p = 0.7, 0.3, 0.6",
     "after layer 3"},
    {"strongest pruning",
     {{KEEP, T3, 0, "joint", 0, 1}, {SPLIT, T3, 0, "joint", 0, 0}},
     PART,
     "with l = 0: p = 1, 0.7, 0.6",
     "raw spectrogram"},
    {"strongest pruning", {{KEEP, T3, BOTH, "alternating", 0, 0.9}}, HOLDS, NULL, NULL},
    {"strongest pruning", {{GONE, T3, BOTH, "joint", 0, 0}}, FAILS, "p = nan, 0.7, 0.6", NULL},
    {"largest sensing power", {{POWER, T3, 1, "joint", 2, 0.07}}, PART, "20, 60, 70", "another scenario"},
    {"largest sensing power", {{POWER, T3, BOTH, "joint", 1, 0.01}}, FAILS, "20, 10, 15", "another scenario"},
    {"largest sensing power", {{GONE, T3, BOTH, "joint", 1, 0}}, FAILS, "20, nan, 15", NULL},
    {"all layers onto", {{SPLIT, T3, 0, "joint", 2, 10}}, PART, "with l = 0: l = 3, 3, 10", "cheaper"},
    {"all layers onto", {{SPLIT, T3, BOTH, "joint", 2, 3}}, FAILS, "l = 3, 3, 3", "cheaper"},
    {"all layers onto", {{SPLIT, T3, BOTH, "joint", 0, 11}}, HOLDS, "l = 11, 3, 11", NULL},
    /* promises: at R_t = 0.85, 78 of 100 may still be chance, 77 not */
    {"keep their promise", {{RIGHT, F9, 0, "joint", 1, 78}}, HOLDS, "(30 different ones", NULL},
    {"keep their promise", {{KEEP, F9, 0, "joint", 1, 0.123}}, HOLDS, "(31 different ones", NULL},
    {"keep their promise", {{RIGHT, F9, 0, "joint", 1, 77}}, PART, "alternating: 59 of 60", "joint with"},
    {"keep their promise", {{RIGHT, F9, 0, "joint", 1, 65}}, FAILS, "alternating: 59 of 60", "is below"},
    {"keep their promise", {{RIGHT, T3, 1, "alternating", 1, 80}}, FAILS, "-0.140 at the least", "of 0.94"},
    {"keep their promise", {{RIGHT, F11, 0, "pca", LAST, 60}}, FAILS, "schemes: 147 of 148", "pca with"},
    {"keep their promise", {{UNCHECKED, F9, BOTH, "joint", EVERY, 0}}, HOLDS, "alternating: 52 of 52", NULL},
    {"keep their promise", {{GONE, F9, BOTH, "joint", EVERY, 0}}, HOLDS, "52 of 52 checked", NULL},
};

START_TEST(a_claim_follows_the_numbers) {
  for (int i = 0; i < CHANGES; i++) iscc_result_change_apply(&rows[_i].change[i]);
  const iscc_claim *c = claim_about(rows[_i].claim);
  ck_assert_msg(c->verdict == rows[_i].verdict, "%s: %s instead of %s: %s / %s", c->claim,
                iscc_claim_verdict_name(c->verdict), iscc_claim_verdict_name(rows[_i].verdict), c->found,
                c->why);
  ck_assert_msg(!rows[_i].found || strstr(c->found, rows[_i].found), "'%s' is not in: %s", rows[_i].found,
                c->found);
  ck_assert_msg(!rows[_i].why || strstr(c->why, rows[_i].why), "'%s' is not in: %s", rows[_i].why, c->why);
}
END_TEST

/* A reason of one scheme is not another's. */
START_TEST(only_some_schemes_may_have_less) {
  iscc_result_change_apply(&(iscc_result_change){TIMES, F10, 0, "jcc", LAST, 0.3});
  iscc_result_change_apply(&(iscc_result_change){TIMES, F10, 0, "on-server", LAST, 0.3});
  ck_assert_str_eq(claim_about("least energy")->why,
                   "with l = 0: on-server has less in 1 cases, jcc has less in 1 cases");
}
END_TEST

START_TEST(what_is_not_checked_is_told) {
  const iscc_figure figures[] = {F9, F10, F11, T3};
  iscc_result_change_apply(&(iscc_result_change){UNCHECKED, F9, BOTH, "joint", EVERY, 0});
  ck_assert_ptr_nonnull(strstr(claim_about("promise")->found, ", 8 are not checked; other schemes"));
  for (int f = 0; f < 4; f++)
    iscc_result_change_apply(&(iscc_result_change){UNCHECKED, figures[f], BOTH, ALL_SCHEMES, EVERY, 0});
  const iscc_claim *none = claim_about("promise");
  ck_assert_int_eq(none->verdict, ISCC_CLAIM_NOT_MEASURED);
  ck_assert_ptr_nonnull(
      strstr(none->found, "alternating: 0 of 0 checked allocations reach R_t within their interval, 60"));
}
END_TEST

START_TEST(many_broken_promises_are_two_reasons_each) {
  iscc_result_change_apply(&(iscc_result_change){RIGHT, F9, BOTH, "joint", EVERY, 10});
  iscc_result_change_apply(&(iscc_result_change){RIGHT, F9, BOTH, "no-pruning", EVERY, 10});
  const iscc_claim *c = claim_about("promise");
  int reasons = 0;
  for (const char *at = c->why; (at = strstr(at, " reaches ")) != NULL; at++) reasons++;
  ck_assert_int_eq(reasons, 4);
  ck_assert_ptr_nonnull(strstr(c->found, "alternating: 52 of 60"));
}
END_TEST

START_TEST(layers_of_other_names_are_not_comparable) {
  for (int i = 0; i < iscc_ideal_results.weights.layers; i++)
    if (strcmp(iscc_ideal_results.weights.layer[i].name, "fc1") == 0)
      strcpy(iscc_ideal_results.weights.layer[i].name, "dense1");
  const iscc_claim *c = claim_about("Laplace");
  ck_assert_int_eq(c->verdict, ISCC_CLAIM_NOT_COMPARABLE);
  ck_assert_str_eq(iscc_claim_verdict_name(c->verdict), "not comparable");
  ck_assert_ptr_nonnull(strstr(c->found, "dense1 0.030 / 0.030"));
}
END_TEST

/* Claims that rest on a figure, and those that do not. */
START_TEST(a_figure_that_is_missing_is_not_judged) {
  static const int resting[ISCC_FIGURES] = {2, 1, 5, 8, 6, 7, 4};
  iscc_ideal_results.have[_i] = false;
  const size_t n = judge();
  int missing = 0;
  for (size_t i = 0; i < n; i++) {
    ck_assert(claims[i].verdict == ISCC_CLAIM_HOLDS || claims[i].verdict == ISCC_CLAIM_NOT_MEASURED);
    if (claims[i].verdict == ISCC_CLAIM_HOLDS) continue;
    ck_assert_str_eq(claims[i].found, "");
    missing++;
  }
  ck_assert_msg(missing == resting[_i], "%s: %d", iscc_figure_name((iscc_figure)_i), missing);
}
END_TEST

START_TEST(a_long_text_is_cut) {
  char text[ISCC_CLAIM_TEXT_MAX] = "";
  for (int i = 0; i < ISCC_CLAIM_TEXT_MAX; i++) iscc_claim_add(text, "%d;", 1000 + i);
  ck_assert_uint_eq(strlen(text), ISCC_CLAIM_TEXT_MAX - 1);
  ck_assert_mem_eq(text, "1000;1001;1002;", 15);
}
END_TEST

Suite *iscc_suite_claims(void);
Suite *iscc_suite_claims(void) {
  Suite *s = suite_create("helper: claims");
  TCase *t = tcase_create("claims");
  tcase_set_timeout(t, 30);
  tcase_add_unchecked_fixture(t, iscc_ideal_begin, iscc_ideal_end);
  tcase_add_checked_fixture(t, iscc_ideal_take, NULL);
  tcase_add_test(t, all_hold_where_all_is_as_the_paper_says);
  tcase_add_loop_test(t, a_claim_follows_the_numbers, 0, sizeof rows / sizeof *rows);
  tcase_add_test(t, only_some_schemes_may_have_less);
  tcase_add_test(t, what_is_not_checked_is_told);
  tcase_add_test(t, many_broken_promises_are_two_reasons_each);
  tcase_add_test(t, layers_of_other_names_are_not_comparable);
  tcase_add_loop_test(t, a_figure_that_is_missing_is_not_judged, 0, ISCC_FIGURES);
  tcase_add_test(t, a_long_text_is_cut);
  suite_add_tcase(s, t);
  return s;
}
