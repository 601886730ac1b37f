/* SPDX-License-Identifier: GPL-2.0-only */
/* Scheme `joint`: the optimum over all (l, Q), each continuous problem solved by iscc-pair.
 *
 * Pairs are ranked by a quick lower bound and visited from the most promising on; one is solved only if its
 * Lagrangian bound at the best solution's latency price is below the best energy. Once the quick bound of the
 * next one reaches that energy, it and all after it are discarded. The certificate is the least lower bound
 * of the solved pairs: that of a discarded one is no less than the best energy. doc/solver.rst has the proof.
 */
#include <math.h>

#include "iscc-pair.h"
#include "iscc-scheme.h"

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
    r->accuracy_reachable = true;
    const double busy = a->uplink_least_s + iscc_pair_flops(a, a->keep_low) / problem->max_speed_flops;
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

/* Least quick bound of a pair over the uplink's steps; INFINITY when infeasible. */
static double rank_pair(const iscc_problem *problem, const iscc_split *split, int bits) {
  double bound = INFINITY;
  for (int step = first_step(problem, bits); step <= last_step(problem, bits); step++) {
    iscc_pair pair;
    if (iscc_pair_sketch(&pair, problem, split, bits, step) == ISCC_PAIR_FEASIBLE)
      bound = fmin(bound, iscc_pair_quick_bound(&pair));
  }
  return bound;
}

/* Smaller bound first; equal bounds in order of (split, bits), so that the answer depends on nothing else. */
static bool ranks_before(const iscc_ranked_pair *a, const iscc_ranked_pair *b) {
  if (a->bound_j != b->bound_j) return a->bound_j < b->bound_j;
  return a->split != b->split ? a->split < b->split : a->bits < b->bits;
}

/* Restores the heap below node i; the first pair of a heap is the most promising. */
static void sift_down(iscc_ranked_pair *heap, size_t count, size_t i) {
  for (;;) {
    size_t first = i;
    for (size_t child = 2 * i + 1; child <= 2 * i + 2 && child < count; child++)
      if (ranks_before(&heap[child], &heap[first])) first = child;
    if (first == i) return;
    const iscc_ranked_pair moved = heap[i];
    heap[i] = heap[first];
    heap[first] = moved;
    i = first;
  }
}

/* Bits of a split: none when it sends nothing. */
static int first_bits(const iscc_problem *problem, const iscc_split *split) {
  return split->features > 0 ? problem->bits_min : 0;
}

static int last_bits(const iscc_problem *problem, const iscc_split *split) {
  return split->features > 0 ? problem->bits_max : 0;
}

/* Puts all pairs that may be feasible into a heap. */
static size_t rank_all(iscc_ranked_pair *ranked, const iscc_problem *problem, int *pairs) {
  size_t count = 0;
  *pairs = 0;
  for (size_t i = 0; i < problem->split_count; i++) {
    const iscc_split *split = &problem->splits[i];
    for (int bits = first_bits(problem, split); bits <= last_bits(problem, split); bits++) {
      const double bound = rank_pair(problem, split, bits);
      ++*pairs;
      if (isfinite(bound)) ranked[count++] = (iscc_ranked_pair){bound, (int)i, bits};
    }
  }
  for (size_t i = count / 2; i-- > 0;) sift_down(ranked, count, i);
  return count;
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
  d->sensing_power_w = fmin(p->max_power_w, iscc_pair_sensing_power(a, s->keep_ratio) * (1 + 1e-12));
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
  double best_j, price_w; /* of the best solution so far */
  double bound_j;         /* least lower bound of the pairs solved */
} search;

/* Solves what the price of the best solution does not discard: discarded ones cannot be better. */
static void solve_ranked(search *found, const iscc_problem *problem, const iscc_ranked_pair *ranked,
                         iscc_decision *d) {
  bool solved = false;
  for (int step = first_step(problem, ranked->bits); step <= last_step(problem, ranked->bits); step++) {
    iscc_pair pair;
    iscc_pair_solution solution;
    if (iscc_pair_init(&pair, problem, &problem->splits[ranked->split], ranked->bits, step)) continue;
    if (isfinite(found->best_j) &&
        iscc_pair_price_bound(&pair, found->price_w, found->best_j) >= found->best_j)
      continue;
    iscc_pair_solve(&pair, &solution);
    solved = true;
    d->iterations += solution.iterations;
    found->bound_j = fmin(found->bound_j, solution.lower_bound_j);
    if (solution.energy_j >= found->best_j) continue;
    found->best_j = solution.energy_j;
    found->price_w = solution.price_w;
    fill_allocation(&pair, &solution, d);
  }
  d->evaluated += solved;
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
  size_t count = rank_all(memory->ranked, problem, &pairs);
  search found = {.best_j = INFINITY, .bound_j = INFINITY};
  while (count > 0) {
    const iscc_ranked_pair next = memory->ranked[0];
    if (next.bound_j >= found.best_j) break; /* so are all that follow */
    memory->ranked[0] = memory->ranked[--count];
    sift_down(memory->ranked, count, 0);
    solve_ranked(&found, problem, &next, &d);
  }
  d.discarded = pairs - d.evaluated;
  if (isinf(found.best_j)) {
    fill_infeasible(problem, &d);
    *decision = d;
    return ISCC_OK;
  }
  d.lower_bound_j = fmin(found.bound_j, d.energy.total);
  d.relative_gap = d.energy.total > 0 ? (d.energy.total - d.lower_bound_j) / d.energy.total : 0;
  *decision = d;
  return ISCC_OK;
}
