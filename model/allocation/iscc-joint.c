/* SPDX-License-Identifier: GPL-2.0-only */
/* Scheme `joint`: the optimum over all (l, Q), each continuous problem solved by iscc-pair-solve.
 *
 * The prices of one pair's optimum give a lower bound of every pair (iscc-prices): those that cannot be
 * better than the best solution so far are discarded, the most promising of the others is solved next, and
 * better prices take the place of the old. The certificate is the least lower bound of the solved pairs: that
 * of a discarded one is no less than the best energy. doc/solver.rst has the proof.
 */
#include <math.h>

#include "iscc-pair-solve.h"
#include "iscc-scheme.h"

/* Pairs whose bound is this close to the best energy are solved as well, so that of equals the same one is
 * taken in whatever order they come. */
#define TIE (1 + 1e-10)

/* Steps of the uplink to try for a pair: -1 alone for a formula. */
static int first_step(const iscc_problem *p, int bits) {
  return bits && p->uplink.kind == ISCC_UPLINK_STEPS ? 0 : -1;
}

static int last_step(const iscc_problem *p, int bits) {
  if (first_step(p, bits) < 0) return -1;
  int last = -1;
  while (last + 1 < p->uplink.steps && p->uplink.power_w[last + 1] <= p->max_power_w) last++;
  return last;
}

typedef struct { /* what the infeasible answer needs, gathered over all pairs */
  bool accuracy_reachable, time_reachable;
  double least_latency_s, highest_accuracy;
} relaxation;

static void note_relaxation(relaxation *r, const iscc_pair *a, iscc_pair_status status) {
  const iscc_problem *problem = a->problem;
  const double ceiling = iscc_accuracy_curve_at(&problem->accuracy_curve, problem->max_power_w);
  const double spare = a->budget_s - a->uplink_least_s;
  if (status != ISCC_PAIR_NEEDS_ACCURACY) {
    const double least = a->split->flops_slope > 0 ? iscc_pair_least_keep(a, a->ceiling, 0) : 1;
    r->accuracy_reachable = true;
    const double busy = a->uplink_least_s + iscc_pair_flops(a, least) / problem->max_speed_flops;
    r->least_latency_s = fmin(r->least_latency_s, problem->max_latency_s - a->budget_s + busy);
  }
  if (spare < 0) return;
  const double most = spare * problem->max_speed_flops;
  double keep = 1;
  if (iscc_pair_flops(a, 1) > most) keep = (most - a->split->flops_const) / a->split->flops_slope;
  if (!(keep > 0)) return;
  r->time_reachable = true;
  r->highest_accuracy = fmax(r->highest_accuracy, ceiling * fmax(0, iscc_pair_accuracy_factor(a, keep)));
}

/* Bits of a split: none when it sends nothing. */
static int first_bits(const iscc_problem *problem, const iscc_split *split) {
  return split->features > 0 ? problem->bits_min : 0;
}

static int last_bits(const iscc_problem *problem, const iscc_split *split) {
  return split->features > 0 ? problem->bits_max : 0;
}

static void note_all_relaxations(relaxation *r, const iscc_problem *problem) {
  for (size_t i = 0; i < problem->split_count; i++) {
    const iscc_split *split = &problem->splits[i];
    for (int bits = first_bits(problem, split); bits <= last_bits(problem, split); bits++)
      for (int step = first_step(problem, bits); step <= last_step(problem, bits); step++) {
        iscc_pair pair;
        const iscc_pair_status status = iscc_pair_init(&pair, problem, split, bits, step);
        note_relaxation(r, &pair, status);
      }
  }
}

static unsigned binding_of(const iscc_pair *a, const iscc_decision *d) {
  const iscc_problem *p = a->problem;
  unsigned binding = ISCC_CONSTRAINT_ACCURACY | ISCC_CONSTRAINT_LATENCY;
  const double near_one = 1 - 1e-9;
  if (d->sensing_power_w >= p->max_power_w * near_one) binding |= ISCC_CONSTRAINT_SENSING_POWER;
  if (d->transmit_power_w >= p->max_power_w * near_one) binding |= ISCC_CONSTRAINT_TRANSMIT_POWER;
  if (d->edge_speed_flops >= p->max_speed_flops * near_one) binding |= ISCC_CONSTRAINT_SPEED;
  if (d->keep_ratio >= 1) binding |= ISCC_CONSTRAINT_KEEP_RATIO;
  if (d->predicted_accuracy > p->target_accuracy * (1 + 1e-9)) binding &= ~(unsigned)ISCC_CONSTRAINT_ACCURACY;
  if (d->latency.total < p->max_latency_s * near_one) binding &= ~(unsigned)ISCC_CONSTRAINT_LATENCY;
  return binding;
}

/* The allocation of a solved pair, its stages worked out from the raw problem. */
static void fill_allocation(const iscc_pair *a, const iscc_pair_solution *s, iscc_decision *d) {
  const iscc_problem *p = a->problem;
  const double flops = iscc_pair_flops(a, s->keep_ratio);
  d->split = a->split->layer;
  d->bits = a->bits;
  d->keep_ratio = s->keep_ratio;
  d->sensing_power_w = fmin(p->max_power_w, iscc_pair_sensing(a, s->keep_ratio).power_w * (1 + 1e-12));
  d->transmit_power_w = fmin(p->max_power_w, iscc_pair_uplink_power(a, s->uplink_s));
  d->edge_speed_flops = flops > 0 ? fmin(p->max_speed_flops, flops / s->compute_s) : 0;
  d->uplink_bits = a->sent_bits;
  d->latency.sensing = p->sensing_time_s;
  d->latency.compute = flops > 0 ? flops / d->edge_speed_flops : 0;
  d->latency.uplink =
      a->sent_bits > 0 ? a->sent_bits / iscc_uplink_rate_bps(&p->uplink, d->transmit_power_w) : 0;
  d->latency.server = a->split->server_flops / p->server_speed_flops;
  d->latency.total =
      d->latency.sensing + d->latency.compute + d->latency.uplink + d->latency.server + a->split->delay_s;
  d->energy.sensing = p->sensing_time_s * d->sensing_power_w;
  d->energy.compute = p->kappa * flops * d->edge_speed_flops * d->edge_speed_flops;
  d->energy.uplink = d->transmit_power_w * d->latency.uplink;
  d->energy.total = d->energy.sensing + d->energy.compute + d->energy.uplink;
  d->predicted_accuracy = iscc_accuracy_curve_at(&p->accuracy_curve, d->sensing_power_w) *
                          iscc_pair_accuracy_factor(a, s->keep_ratio);
  d->binding = binding_of(a, d);
}

static void fill_infeasible(const iscc_problem *problem, iscc_decision *d) {
  relaxation found = {.least_latency_s = INFINITY}, *r = &found;
  note_all_relaxations(r, problem);
  d->status = ISCC_DECISION_INFEASIBLE;
  d->conflict = r->accuracy_reachable ? ISCC_CONSTRAINT_ACCURACY | ISCC_CONSTRAINT_LATENCY |
                                            ISCC_CONSTRAINT_TRANSMIT_POWER | ISCC_CONSTRAINT_SPEED
                                      : ISCC_CONSTRAINT_ACCURACY | ISCC_CONSTRAINT_SENSING_POWER;
  if (!r->time_reachable)
    d->conflict = (d->conflict & ~(unsigned)ISCC_CONSTRAINT_ACCURACY) | ISCC_CONSTRAINT_LATENCY;
  d->least_latency_s = r->accuracy_reachable ? r->least_latency_s : (double)NAN;
  d->highest_accuracy = r->time_reachable ? r->highest_accuracy : (double)NAN;
}

typedef struct {
  const iscc_problem *problem;
  iscc_open_split *open; /* pairs neither solved nor discarded, by split */
  iscc_prices prices;    /* of the best solution so far */
  double best_j;
  size_t best_split; /* index */
  double bound_j;    /* least lower bound of the pairs solved */
} search;

static void open_all(search *w, int *pairs) {
  *pairs = 0;
  for (size_t i = 0; i < w->problem->split_count; i++) {
    const iscc_split *split = &w->problem->splits[i];
    const int low = first_bits(w->problem, split), high = last_bits(w->problem, split);
    w->open[i].bits = ((1u << (high + 1)) - 1) & ~((1u << low) - 1);
    *pairs += high - low + 1;
  }
}

/* Works out a split's bounds at the present prices: closes pairs that cannot be better than the best, and
 * notes the most promising of the others. */
static void bound_split(const search *w, size_t i) {
  const iscc_split *split = &w->problem->splits[i];
  iscc_open_split *o = &w->open[i];
  o->bound_j = INFINITY;
  if (!o->bits) return;
  const double base = iscc_prices_split_bound(&w->prices, w->problem, split, 0), limit = w->best_j * TIE;
  for (int bits = first_bits(w->problem, split); bits <= last_bits(w->problem, split); bits++) {
    if (!(o->bits >> bits & 1)) continue;
    const double bound = base + iscc_prices_bits_bound(&w->prices, split, bits, w->prices.bit_j);
    if (bound >= limit) {
      o->bits &= ~(1u << bits);
    } else if (bound < o->bound_j) {
      o->bound_j = bound;
      o->promising = bits;
    }
  }
}

/* Solves one pair, with each step of a stepped uplink that may be better than the best. */
static bool solve_pair(search *w, size_t i, int bits, iscc_decision *d) {
  const iscc_split *split = &w->problem->splits[i];
  bool solved = false;
  for (int step = first_step(w->problem, bits); step <= last_step(w->problem, bits); step++) {
    iscc_pair pair;
    iscc_pair_solution solution;
    if (iscc_pair_init(&pair, w->problem, split, bits, step)) continue;
    iscc_pair_solve(&pair, &solution);
    solved = true;
    d->iterations += solution.iterations;
    w->bound_j = fmin(w->bound_j, solution.lower_bound_j);
    w->prices = solution.prices;
    if (solution.energy_j >= w->best_j) continue;
    w->best_j = solution.energy_j;
    w->best_split = i;
    fill_allocation(&pair, &solution, d);
  }
  d->evaluated += solved;
  return solved;
}

/* The pair of the last answer, if this problem has it. */
static bool solve_last(search *w, const iscc_solver_memory *memory, iscc_decision *d) {
  const size_t i = memory->last_split;
  const int bits = memory->last_bits;
  if (bits < 0 || i >= w->problem->split_count || !(w->open[i].bits >> bits & 1)) return false;
  w->open[i].bits &= ~(1u << bits);
  return solve_pair(w, i, bits, d);
}

static void search_all(search *w, iscc_solver_memory *memory, iscc_decision *d) {
  const size_t count = w->problem->split_count;
  if (!solve_last(w, memory, d)) iscc_prices_guess(&w->prices, w->problem);
  for (size_t i = 0; i < count; i++) bound_split(w, i);
  for (;;) {
    size_t next = 0;
    for (size_t i = 1; i < count; i++)
      if (w->open[i].bound_j < w->open[next].bound_j) next = i;
    iscc_open_split *o = &w->open[next];
    if (isinf(o->bound_j)) return;
    o->bits &= ~(1u << o->promising);
    if (solve_pair(w, next, o->promising, d))
      for (size_t i = 0; i < count; i++) bound_split(w, i);
    else
      bound_split(w, next);
  }
}

iscc_status iscc_joint_decide(iscc_solver_memory *memory, const iscc_problem *problem,
                              iscc_decision *decision, iscc_error *error) {
  (void)error;
  iscc_decision d = {.status = ISCC_DECISION_OPTIMAL,
                     .least_latency_s = NAN,
                     .highest_accuracy = NAN,
                     .lower_bound_j = NAN,
                     .relative_gap = NAN};
  int pairs;
  search w = {.problem = problem, .open = memory->open, .best_j = INFINITY, .bound_j = INFINITY};
  open_all(&w, &pairs);
  search_all(&w, memory, &d);
  memory->last_split = w.best_split;
  memory->last_bits = isinf(w.best_j) ? -1 : d.bits;
  d.discarded = pairs - d.evaluated;
  if (isinf(w.best_j)) {
    fill_infeasible(problem, &d);
    *decision = d;
    return ISCC_OK;
  }
  d.lower_bound_j = fmin(w.bound_j, d.energy.total);
  d.relative_gap = d.energy.total > 0 ? (d.energy.total - d.lower_bound_j) / d.energy.total : 0;
  *decision = d;
  return ISCC_OK;
}
