/* SPDX-License-Identifier: GPL-2.0-only */
/* Claims about energies: figs. 9 to 11. Each is judged with l = 0 among the candidates and without it. */
#include <math.h>
#include <string.h>

#include "iscc-claims.h"

#define EQUAL (1 + 1e-6)
#define NEAR  1.10

static const iscc_energy_results *figure_of(const iscc_evidence *e, iscc_figure figure) {
  return &e->results->energy[figure - ISCC_FIGURE_9];
}

/* J; INFINITY where there is no allocation. */
static double energy(const iscc_evidence *e, iscc_figure figure, int set, const char *scheme, size_t at) {
  const iscc_energy_results *r = figure_of(e, figure);
  const size_t k = iscc_study_find(e->study, scheme);
  if (k >= r->schemes || !iscc_energy_has_allocation(&r->point[set][k][at])) return INFINITY;
  return r->point[set][k][at].decision.energy.total;
}

static const char *const set_names[] = {"with l = 0", "without l = 0"};

/* The verdict from one for each candidate set. */
static void combine(iscc_claim *c, bool with, bool without) {
  c->verdict = with && without ? ISCC_CLAIM_HOLDS : with || without ? ISCC_CLAIM_IN_PART : ISCC_CLAIM_FAILS;
}

static void begin_set(iscc_claim *c, int set) {
  iscc_claim_add(c->found, "%s%s: ", set ? "; " : "", set_names[set]);
}

/* Where a reason is needed in a set: "without l = 0: ". */
static void begin_reason(iscc_claim *c, int set) {
  iscc_claim_add(c->why, "%s%s: ", c->why[0] ? "; " : "", set_names[set]);
}

static void add_case(char *text, const iscc_energy_results *r, size_t i) {
  const double x = iscc_energy_x(r, i);
  switch (r->axis) {
  case ISCC_SWEEP_LATENCY:
    iscc_claim_add(text, "T_max = %g s", x);
    break;
  case ISCC_SWEEP_TARGET:
    iscc_claim_add(text, "R_t = %g", x);
    break;
  case ISCC_SWEEP_SNR:
    iscc_claim_add(text, "SNR = %g dB", x);
    break;
  case ISCC_SWEEP_SCENARIOS:
    break;
  }
}

/* ---- over all three figures ---- */

/* Schemes that choose among what joint has not: they may have less. */
static const char *choice_of_its_own(const char *scheme, int set) {
  if (strcmp(scheme, "pca") == 0)
    return " (it has classifiers of its own, which are none of joint's choices)";
  if (strcmp(scheme, "on-server") == 0 && set == 1) return " (it has l = 0, which joint has not there)";
  return "";
}

void iscc_judge_least_energy(const iscc_evidence *e, iscc_claim *c) {
  bool holds[ISCC_ENERGY_CANDIDATES] = {true, true};
  for (int set = 0; set < ISCC_ENERGY_CANDIDATES; set++) {
    const size_t schemes = figure_of(e, ISCC_FIGURE_9)->schemes;
    int cases = 0, beaten_in = 0;
    for (size_t k = 0; k < schemes; k++) {
      const char *scheme = iscc_study_scheme(e->study, k);
      int less = 0;
      cases = 0;
      for (iscc_figure f = ISCC_FIGURE_9; f <= ISCC_FIGURE_11; f++)
        for (size_t i = 0; i < figure_of(e, f)->cases; i++, cases++)
          less += isfinite(energy(e, f, set, scheme, i)) &&
                  energy(e, f, set, "joint", i) > energy(e, f, set, scheme, i) * EQUAL;
      if (less == 0) continue;
      if (beaten_in++ == 0)
        begin_reason(c, set);
      else
        iscc_claim_add(c->why, ", ");
      iscc_claim_add(c->why, "%s has less in %d cases%s", scheme, less, choice_of_its_own(scheme, set));
    }
    holds[set] = beaten_in == 0;
    begin_set(c, set);
    iscc_claim_add(c->found, "%d of %zu other schemes have less in some of %d cases", beaten_in, schemes - 1,
                   cases);
  }
  combine(c, holds[0], holds[1]);
}

void iscc_judge_saving(const iscc_evidence *e, iscc_claim *c) {
  bool holds[ISCC_ENERGY_CANDIDATES];
  for (int set = 0; set < ISCC_ENERGY_CANDIDATES; set++) {
    double most = -INFINITY, least = INFINITY;
    const iscc_energy_results *most_in = NULL;
    size_t at = 0;
    for (iscc_figure f = ISCC_FIGURE_9; f <= ISCC_FIGURE_11; f++)
      for (size_t i = 0; i < figure_of(e, f)->cases; i++) {
        const double pca = energy(e, f, set, "pca", i), jcc = energy(e, f, set, "jcc", i);
        if (!isfinite(pca) || !isfinite(jcc)) continue;
        const double saving = 1 - energy(e, f, set, "joint", i) / fmin(pca, jcc);
        least = fmin(least, saving);
        if (saving > most) most = saving, most_in = figure_of(e, f), at = i;
      }
    holds[set] = most >= 0.40;
    begin_set(c, set);
    if (!most_in) {
      iscc_claim_add(c->found, "never both feasible");
      begin_reason(c, set);
      iscc_claim_add(c->why, "there is nothing to compare with");
      continue;
    }
    iscc_claim_add(c->found, "saves from %.0f to %.0f %%, most at ", 100 * least, 100 * most);
    add_case(c->found, most_in, at);
    iscc_claim_add(c->found, " (the paper: at low latency)");
    if (holds[set]) continue;
    begin_reason(c, set);
    iscc_claim_add(c->why, "the most that is saved is %.0f %%", 100 * most);
  }
  combine(c, holds[0], holds[1]);
}

void iscc_judge_alternating(const iscc_evidence *e, iscc_claim *c) {
  bool holds[ISCC_ENERGY_CANDIDATES];
  for (int set = 0; set < ISCC_ENERGY_CANDIDATES; set++) {
    double worst = 0;
    int above = 0, cases = 0;
    for (iscc_figure f = ISCC_FIGURE_9; f <= ISCC_FIGURE_11; f++)
      for (size_t i = 0; i < figure_of(e, f)->cases; i++) {
        const double joint = energy(e, f, set, "joint", i);
        if (!isfinite(joint)) continue;
        const double excess = energy(e, f, set, "alternating", i) / joint - 1;
        cases++;
        above += excess > 1e-4;
        worst = fmax(worst, excess);
      }
    holds[set] = cases > 0 && above == 0;
    begin_set(c, set);
    iscc_claim_add(c->found, "%d of %d cases above joint, by up to %.1f %%", above, cases, 100 * worst);
    if (holds[set]) continue;
    begin_reason(c, set);
    iscc_claim_add(c->why,
                   cases ? "its second step uses up the latency, so that its first can never raise p again"
                         : "joint is never feasible");
  }
  combine(c, holds[0], holds[1]);
}

/* ---- Fig. 9 ---- */

void iscc_judge_infeasible_baselines(const iscc_evidence *e, iscc_claim *c) {
  const iscc_energy_results *r = figure_of(e, ISCC_FIGURE_9);
  const size_t joint = iscc_study_find(e->study, "joint");
  bool holds[ISCC_ENERGY_CANDIDATES] = {false, false};
  for (int set = 0; set < ISCC_ENERGY_CANDIDATES; set++) {
    begin_set(c, set);
    for (size_t k = 0; k < r->schemes; k++) {
      if (k == joint || r->point[set][k][0].refused || iscc_energy_has_allocation(&r->point[set][k][0]))
        continue;
      iscc_claim_add(c->found, "%s%s", holds[set] ? ", " : "", iscc_study_scheme(e->study, k));
      holds[set] = true;
    }
    if (!holds[set]) iscc_claim_add(c->found, "none");
  }
  combine(c, holds[0], holds[1]);
  if (c->verdict != ISCC_CLAIM_HOLDS)
    iscc_claim_add(c->why, "every other scheme finds an allocation in time");
}

void iscc_judge_jcc_tight(const iscc_evidence *e, iscc_claim *c) {
  const iscc_energy_results *r = figure_of(e, ISCC_FIGURE_9);
  bool holds[ISCC_ENERGY_CANDIDATES] = {false, false};
  for (int set = 0; set < ISCC_ENERGY_CANDIDATES; set++) {
    size_t i = 0;
    while (i + 1 < r->cases && !isfinite(energy(e, ISCC_FIGURE_9, set, "jcc", i))) i++;
    if (!isfinite(energy(e, ISCC_FIGURE_9, set, "jcc", i))) {
      begin_set(c, set);
      iscc_claim_add(c->found, "infeasible at every latency");
      begin_reason(c, set);
      iscc_claim_add(c->why, "JC&C is infeasible");
      continue;
    }
    const double ratio = energy(e, ISCC_FIGURE_9, set, "jcc", i) / energy(e, ISCC_FIGURE_9, set, "joint", i);
    holds[set] = ratio <= NEAR;
    begin_set(c, set);
    iscc_claim_add(c->found, "%.2f times joint at ", ratio);
    add_case(c->found, r, i);
    if (holds[set]) continue;
    const iscc_decision *d = &r->point[set][iscc_study_find(e->study, "joint")][i].decision;
    begin_reason(c, set);
    iscc_claim_add(c->why, "joint senses with %.1f mW there, less than what JC&C always spends",
                   1e3 * d->sensing_power_w);
  }
  combine(c, holds[0], holds[1]);
}

/* Whether a scheme has the most energy of all at a case; *worst is the one that has. Infeasible ones do not
 * count. */
static bool is_worst(const iscc_evidence *e, iscc_figure figure, int set, const char *scheme, size_t i,
                     const char **worst) {
  const iscc_energy_results *r = figure_of(e, figure);
  double most = -1;
  *worst = "none";
  for (size_t k = 0; k < r->schemes; k++) {
    const double other = energy(e, figure, set, iscc_study_scheme(e->study, k), i);
    if (isfinite(other) && other > most) most = other, *worst = iscc_study_scheme(e->study, k);
  }
  return energy(e, figure, set, scheme, i) * EQUAL >= most;
}

void iscc_judge_jcc_loose(const iscc_evidence *e, iscc_claim *c) {
  const size_t i = figure_of(e, ISCC_FIGURE_9)->cases - 1;
  bool holds[ISCC_ENERGY_CANDIDATES];
  for (int set = 0; set < ISCC_ENERGY_CANDIDATES; set++) {
    const char *worst;
    const double own = energy(e, ISCC_FIGURE_9, set, "jcc", i);
    holds[set] = isfinite(own) && is_worst(e, ISCC_FIGURE_9, set, "jcc", i, &worst);
    begin_set(c, set);
    if (!isfinite(own)) {
      iscc_claim_add(c->found, "infeasible");
      begin_reason(c, set);
      iscc_claim_add(c->why, "JC&C is infeasible");
      continue;
    }
    iscc_claim_add(c->found, "JC&C %.1f mJ, joint %.1f mJ, most %s with %.1f mJ", 1e3 * own,
                   1e3 * energy(e, ISCC_FIGURE_9, set, "joint", i), worst,
                   1e3 * energy(e, ISCC_FIGURE_9, set, worst, i));
    if (holds[set]) continue;
    begin_reason(c, set);
    iscc_claim_add(c->why, "%s needs more than JC&C's fixed sensing costs", worst);
  }
  combine(c, holds[0], holds[1]);
}

/* Within `near` times joint at a case, above or below. */
static void judge_near(const iscc_evidence *e, iscc_figure figure, const char *scheme, const size_t at[2],
                       double near, iscc_claim *c) {
  const iscc_energy_results *r = figure_of(e, figure);
  bool holds[ISCC_ENERGY_CANDIDATES];
  for (int set = 0; set < ISCC_ENERGY_CANDIDATES; set++) {
    const size_t i = at[set];
    const double joint = energy(e, figure, set, "joint", i), own = energy(e, figure, set, scheme, i);
    holds[set] = isfinite(own) && own <= near * joint && own * near >= joint;
    begin_set(c, set);
    if (isfinite(own))
      iscc_claim_add(c->found, "%.2f times joint at ", own / joint);
    else
      iscc_claim_add(c->found, "infeasible at ");
    add_case(c->found, r, i);
    if (holds[set]) continue;
    const iscc_decision *best = &r->point[set][iscc_study_find(e->study, "joint")][i].decision;
    begin_reason(c, set);
    if (!isfinite(joint)) {
      iscc_claim_add(c->why, "joint is infeasible, too");
      continue;
    }
    iscc_claim_add(c->why, "joint splits at l = %d and needs %.1f mJ", best->split, 1e3 * best->energy.total);
    if (own < joint) {
      iscc_claim_add(c->why, ", %s less%s", scheme, choice_of_its_own(scheme, set));
      continue;
    }
    if (isfinite(own)) {
      const iscc_decision *d = &r->point[set][iscc_study_find(e->study, scheme)][i].decision;
      iscc_claim_add(c->why, ", %s %.1f mJ: sensing %.1f, compute %.1f, uplink %.1f", scheme, 1e3 * own,
                     1e3 * d->energy.sensing, 1e3 * d->energy.compute, 1e3 * d->energy.uplink);
    }
  }
  combine(c, holds[0], holds[1]);
}

void iscc_judge_on_device_loose(const iscc_evidence *e, iscc_claim *c) {
  const size_t last = figure_of(e, ISCC_FIGURE_9)->cases - 1;
  judge_near(e, ISCC_FIGURE_9, "on-device", (const size_t[]){last, last}, 1.05, c);
}

/* ---- Fig. 10 ---- */

/* The highest target that joint meets. */
static size_t highest_target(const iscc_evidence *e, int set) {
  size_t i = figure_of(e, ISCC_FIGURE_10)->cases - 1;
  while (i > 0 && !isfinite(energy(e, ISCC_FIGURE_10, set, "joint", i))) i--;
  return i;
}

void iscc_judge_on_device_accurate(const iscc_evidence *e, iscc_claim *c) {
  const iscc_energy_results *r = figure_of(e, ISCC_FIGURE_10);
  bool holds[ISCC_ENERGY_CANDIDATES];
  for (int set = 0; set < ISCC_ENERGY_CANDIDATES; set++) {
    const size_t i = highest_target(e, set);
    const double own = energy(e, ISCC_FIGURE_10, set, "on-device", i);
    const char *worst;
    holds[set] = !isfinite(own) || is_worst(e, ISCC_FIGURE_10, set, "on-device", i, &worst);
    begin_set(c, set);
    if (isfinite(own))
      iscc_claim_add(c->found, "%.1f mJ, most %s with %.1f mJ, at ", 1e3 * own, worst,
                     1e3 * energy(e, ISCC_FIGURE_10, set, worst, i));
    else
      iscc_claim_add(c->found, "infeasible at ");
    add_case(c->found, r, i);
    if (holds[set]) continue;
    begin_reason(c, set);
    iscc_claim_add(c->why, "%s needs more there", worst);
  }
  combine(c, holds[0], holds[1]);
}

void iscc_judge_on_server_accurate(const iscc_evidence *e, iscc_claim *c) {
  judge_near(e, ISCC_FIGURE_10, "on-server", (const size_t[]){highest_target(e, 0), highest_target(e, 1)},
             NEAR, c);
}

/* ---- Fig. 11 ---- */

void iscc_judge_on_server_snr(const iscc_evidence *e, iscc_claim *c) {
  const size_t last = figure_of(e, ISCC_FIGURE_11)->cases - 1;
  judge_near(e, ISCC_FIGURE_11, "on-server", (const size_t[]){last, last}, NEAR, c);
}

void iscc_judge_falls_with_snr(const iscc_evidence *e, iscc_claim *c) {
  const iscc_energy_results *r = figure_of(e, ISCC_FIGURE_11);
  const size_t last = r->cases - 1;
  bool holds[ISCC_ENERGY_CANDIDATES] = {true, true};
  for (int set = 0; set < ISCC_ENERGY_CANDIDATES; set++) {
    for (size_t k = 0; k < r->schemes; k++) {
      const char *scheme = iscc_study_scheme(e->study, k);
      const double first_j = energy(e, ISCC_FIGURE_11, set, scheme, 0);
      for (size_t i = 1; i < r->cases; i++) {
        const double before = energy(e, ISCC_FIGURE_11, set, scheme, i - 1),
                     now = energy(e, ISCC_FIGURE_11, set, scheme, i);
        const bool rises = now > before * EQUAL;
        const bool moves = k == iscc_study_find(e->study, "on-device") && fabs(now / first_j - 1) > 1e-9;
        if (!rises && !moves) continue;
        if (holds[set]) begin_reason(c, set), iscc_claim_add(c->why, "not %s", scheme);
        holds[set] = false;
      }
    }
    begin_set(c, set);
    iscc_claim_add(c->found, "joint from %.1f to %.1f mJ, on-device %.1f mJ",
                   1e3 * energy(e, ISCC_FIGURE_11, set, "joint", 0),
                   1e3 * energy(e, ISCC_FIGURE_11, set, "joint", last),
                   1e3 * energy(e, ISCC_FIGURE_11, set, "on-device", last));
  }
  combine(c, holds[0], holds[1]);
}

void iscc_judge_pca(const iscc_evidence *e, iscc_claim *c) {
  const iscc_energy_results *r = figure_of(e, ISCC_FIGURE_11);
  int better = 0, cases = 0;
  for (size_t i = 0; i < r->cases; i++) {
    const double pca = energy(e, ISCC_FIGURE_11, 0, "pca", i),
                 server = energy(e, ISCC_FIGURE_11, 0, "on-server", i);
    if (!isfinite(pca) && !isfinite(server)) continue;
    cases++;
    better += pca < server;
    if (i == 0 || i + 1 == r->cases || i == r->cases / 2) {
      iscc_claim_add(c->found, "%s", c->found[0] ? "; " : "");
      add_case(c->found, r, i);
      iscc_claim_add(c->found, ": pca %.1f, on-server %.1f mJ", 1e3 * pca, 1e3 * server);
    }
  }
  iscc_claim_add(c->found, "%sless in %d of %d cases", c->found[0] ? "; " : "", better, cases);
  c->verdict = better && better == cases ? ISCC_CLAIM_HOLDS : better ? ISCC_CLAIM_IN_PART : ISCC_CLAIM_FAILS;
  const iscc_energy_point *pca = &r->point[0][iscc_study_find(e->study, "pca")][r->cases - 1];
  const iscc_energy_point *server = &r->point[0][iscc_study_find(e->study, "on-server")][r->cases - 1];
  if (c->verdict == ISCC_CLAIM_HOLDS) return;
  if (!iscc_energy_has_allocation(pca) || !iscc_energy_has_allocation(server)) {
    iscc_claim_add(c->why, "%s is infeasible at high SNR",
                   iscc_energy_has_allocation(pca) ? "on-server inference" : "pca");
    return;
  }
  iscc_claim_add(
      c->why,
      "a classifier on principal components tells noisy spectrograms apart less well than the "
      "convolutional network: it needs %.1f mW of sensing power at high SNR, on-server inference %.1f mW",
      1e3 * pca->decision.sensing_power_w, 1e3 * server->decision.sensing_power_w);
}
