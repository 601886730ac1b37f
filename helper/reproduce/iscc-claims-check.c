/* SPDX-License-Identifier: GPL-2.0-only */
/* Claims about Table III, and whether allocations keep their promise. */
#define MATHLIB_STANDALONE
#include <Rmath.h>
#include <math.h>
#include <string.h>

#include "iscc-claims.h"
#include "iscc-study-decision.h"

enum { LATENCY, ACCURACY, SNR, SCENARIOS };

static const char *const set_names[] = {"with l = 0", "without l = 0"};

/* What joint decides in the three scenarios; NAN where it has no allocation. */
static void take_values(const iscc_evidence *e, int set, double (*value)(const iscc_decision *),
                        double v[SCENARIOS]) {
  const iscc_energy_results *r = &e->results->energy[ISCC_TABLE_3 - ISCC_FIGURE_9];
  const iscc_energy_point *p = r->point[set][iscc_study_find(e->study, "joint")];
  for (int i = 0; i < SCENARIOS; i++)
    v[i] = iscc_energy_has_allocation(&p[i]) ? value(&p[i].decision) : (double)NAN;
}

/* Judges the decisions of joint in the three scenarios, for each candidate set. */
static void judge_trend(const iscc_evidence *e, iscc_claim *c, const char *symbol, double scale,
                        double (*value)(const iscc_decision *),
                        bool (*holds)(const double *, int last_layer)) {
  bool good[ISCC_ENERGY_CANDIDATES];
  for (int set = 0; set < ISCC_ENERGY_CANDIDATES; set++) {
    double v[SCENARIOS];
    take_values(e, set, value, v);
    good[set] = holds(v, e->study->model->network.layers);
    iscc_claim_add(c->found, "%s%s: %s = %.4g, %.4g, %.4g", set ? "; " : "", set_names[set], symbol,
                   scale * v[LATENCY], scale * v[ACCURACY], scale * v[SNR]);
  }
  c->verdict = good[0] && good[1]   ? ISCC_CLAIM_HOLDS
               : good[0] || good[1] ? ISCC_CLAIM_IN_PART
                                    : ISCC_CLAIM_FAILS;
  iscc_claim_add(c->found, " (latency-, accuracy-, SNR-constrained)");
}

static double keep_of(const iscc_decision *d) {
  return d->keep_ratio;
}

static bool latency_prunes_most(const double *v, int last_layer) {
  (void)last_layer;
  return v[LATENCY] < v[ACCURACY] && v[LATENCY] < v[SNR];
}

void iscc_judge_trend_latency(const iscc_evidence *e, iscc_claim *c) {
  const iscc_energy_results *r = &e->results->energy[ISCC_TABLE_3 - ISCC_FIGURE_9];
  judge_trend(e, c, "p", 1, keep_of, latency_prunes_most);
  for (int set = 0; set < ISCC_ENERGY_CANDIDATES; set++) {
    const iscc_energy_point *p = &r->point[set][iscc_study_find(e->study, "joint")][LATENCY];
    double v[SCENARIOS];
    take_values(e, set, keep_of, v);
    if (latency_prunes_most(v, 0)) continue;
    iscc_claim_add(c->why, "%s%s: ", c->why[0] ? "; " : "", set_names[set]);
    if (!iscc_energy_has_allocation(p))
      iscc_claim_add(c->why, "tight latency cannot be met");
    else if (p->decision.split == 0)
      iscc_claim_add(c->why,
                     "tight latency at 20 dB is met by sending the raw spectrogram, and nothing is pruned");
    else
      iscc_claim_add(c->why, "after layer %d the server does the rest, and another scenario prunes more",
                     p->decision.split);
  }
}

static double power_of(const iscc_decision *d) {
  return d->sensing_power_w;
}

static bool accuracy_senses_most(const double *v, int last_layer) {
  (void)last_layer;
  return v[ACCURACY] > v[LATENCY] && v[ACCURACY] > v[SNR];
}

void iscc_judge_trend_accuracy(const iscc_evidence *e, iscc_claim *c) {
  judge_trend(e, c, "P_s in mW", 1e3, power_of, accuracy_senses_most);
  if (c->verdict != ISCC_CLAIM_HOLDS) iscc_claim_add(c->why, "another scenario senses with more power");
}

static double split_of(const iscc_decision *d) {
  return d->split;
}

static bool low_snr_stays_on_device(const double *v, int last_layer) {
  return v[SNR] == last_layer;
}

void iscc_judge_trend_snr(const iscc_evidence *e, iscc_claim *c) {
  judge_trend(e, c, "l", 1, split_of, low_snr_stays_on_device);
  if (c->verdict != ISCC_CLAIM_HOLDS)
    iscc_claim_add(c->why, "sending features is still cheaper than the last layers");
}

/* ---- promises ---- */

enum {
  POINTS_MAX = ISCC_ENERGY_FIGURES * ISCC_ENERGY_CANDIDATES * ISCC_ENERGY_SCHEMES_MAX * ISCC_ENERGY_CASES_MAX
};

typedef struct {
  int checked, kept, unchecked;
  double least_margin, margins;          /* realised accuracy less R_t */
  double least_chance;                   /* of so few right answers, were each right with R_t */
  const iscc_decision *seen[POINTS_MAX]; /* that differ in l, Q, p or P_s: equal ones share their samples */
  int different;
} tally;

static void count_different(const iscc_decision *d, tally *t) {
  for (int i = 0; i < t->different; i++) {
    const iscc_decision *s = t->seen[i];
    if (s->split == d->split && s->bits == d->bits && s->keep_ratio == d->keep_ratio &&
        s->sensing_power_w == d->sensing_power_w)
      return;
  }
  t->seen[t->different++] = d;
}

static void count_point(const iscc_energy_point *p, double target, const char *scheme, tally *t, char *why) {
  if (!iscc_energy_has_allocation(p)) return;
  if (p->samples == 0) {
    t->unchecked++;
    return;
  }
  const iscc_proportion a = iscc_proportion_of((double)p->correct, (double)p->samples);
  t->checked++;
  count_different(&p->decision, t);
  t->least_margin = fmin(t->least_margin, a.share - target);
  t->margins += a.share - target;
  t->least_chance = fmin(t->least_chance, pbinom((double)p->correct, (double)p->samples, target, 1, 0));
  if (a.high >= target) {
    t->kept++;
  } else if (t->checked - t->kept <= 2) {
    iscc_claim_add(why, "%s%s with l = %d, Q = %d, p = %.2f, P_s = %.1f mW reaches %.3f..%.3f of %.2f",
                   why[0] ? "; " : "", scheme, p->decision.split, p->decision.bits, p->decision.keep_ratio,
                   1e3 * p->decision.sensing_power_w, a.low, a.high, target);
  }
}

/* Counts the allocations of joint and alternating, which are checked with more samples, or of the others. */
static void count_promises(const iscc_evidence *e, bool unrestricted, tally *t, char *why) {
  *t = (tally){.least_margin = INFINITY, .least_chance = 1};
  for (size_t k = 0; k < e->study->schemes; k++) {
    if (iscc_study_is_unrestricted(e->study, k) != unrestricted) continue;
    for (int f = 0; f < ISCC_ENERGY_FIGURES; f++)
      for (int set = 0; set < ISCC_ENERGY_CANDIDATES; set++) {
        const iscc_energy_results *r = &e->results->energy[f];
        for (size_t i = 0; i < r->cases && k < r->schemes; i++)
          count_point(&r->point[set][k][i], r->at[i].target_accuracy, iscc_study_scheme(e->study, k), t, why);
      }
  }
}

static void tell_promises(const tally *t, const char *of, char *found) {
  iscc_claim_add(found, "%s%s: %d of %d checked allocations reach R_t within their interval",
                 found[0] ? "; " : "", of, t->kept, t->checked);
  if (t->checked)
    iscc_claim_add(found, " (%d different ones; realised less R_t is %+.3f on average, %+.3f at the least)",
                   t->different, t->margins / t->checked, t->least_margin);
  if (t->unchecked) iscc_claim_add(found, ", %d are not checked", t->unchecked);
}

void iscc_judge_promise(const iscc_evidence *e, iscc_claim *c) {
  tally ours, others;
  count_promises(e, true, &ours, c->why);
  count_promises(e, false, &others, c->why);
  const int checked = ours.checked + others.checked, different = ours.different + others.different;
  const double least_chance = fmin(ours.least_chance, others.least_chance);
  if (checked == 0) {
    c->verdict = ISCC_CLAIM_NOT_MEASURED;
  } else if (ours.kept + others.kept == checked) {
    c->verdict = ISCC_CLAIM_HOLDS;
  } else { /* Bonferroni's correction for so many looks */
    c->verdict = least_chance * different >= 0.025 ? ISCC_CLAIM_IN_PART : ISCC_CLAIM_FAILS;
    iscc_claim_add(c->why, "; the chance of the worst, %.2g, is %s %.2g, a fortieth for %d different ones",
                   least_chance, c->verdict == ISCC_CLAIM_FAILS ? "below" : "not below", 0.025 / different,
                   different);
  }
  tell_promises(&ours, "joint and alternating", c->found);
  tell_promises(&others, "other schemes", c->found);
}
