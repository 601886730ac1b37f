/* SPDX-License-Identifier: GPL-2.0-only */
/* Scheme `joint`: the optimum over all (l, Q), each continuous problem solved by iscc-pair-solve.
 *
 * The prices of one pair's optimum give a lower bound of every pair (iscc-prices): those that cannot be
 * better than the best solution so far are discarded, the most promising of the others is solved next, and
 * its prices take the place of the old. The certificate is the least lower bound of the solved pairs: that
 * of a discarded one is no less than the best energy. doc/solver.rst has the proof.
 */
#include <math.h>

#include "iscc-allocation-answer.h"
#include "iscc-pair-solve.h"
#include "iscc-remaining.h"

/* Pairs whose bound is this close to the best energy are solved as well, so that of equals the same one is
 * taken in whatever order they come. */
#define TIE (1 + 1e-10)

typedef struct {
  const iscc_problem *problem;
  iscc_open_split *open; /* pairs neither solved nor discarded, by split */
  iscc_prices prices;    /* of the pair solved last */
  double best_j;
  size_t best_split; /* index */
  double bound_j;    /* least lower bound of the pairs solved */
} search;

static void open_all(search *w, int *pairs) {
  *pairs = 0;
  for (size_t i = 0; i < w->problem->split_count; i++) {
    const iscc_split *split = &w->problem->splits[i];
    const int low = iscc_pair_first_bits(w->problem, split), high = iscc_pair_last_bits(w->problem, split);
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
  for (int bits = iscc_pair_first_bits(w->problem, split); bits <= iscc_pair_last_bits(w->problem, split);
       bits++) {
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

/* Whether one step of a stepped uplink may still be better than the best. */
static bool is_promising(const search *w, const iscc_split *split, int bits, int step) {
  if (step < 0 || isinf(w->best_j)) return true;
  const double bit_j = iscc_prices_of_step(w->problem, step, w->prices.latency_w);
  return iscc_prices_split_bound(&w->prices, w->problem, split, 0) +
             iscc_prices_bits_bound(&w->prices, split, bits, bit_j) <
         w->best_j * TIE;
}

/* Solves one pair, with each step of a stepped uplink that may be better than the best. */
static bool solve_pair(search *w, size_t i, int bits, iscc_decision *d) {
  const iscc_split *split = &w->problem->splits[i];
  bool solved = false;
  for (int step = iscc_pair_first_step(w->problem, bits); step <= iscc_pair_last_step(w->problem, bits);
       step++) {
    iscc_pair pair;
    iscc_pair_solution solution;
    if (!is_promising(w, split, bits, step)) continue;
    if (iscc_pair_init(&pair, w->problem, split, bits, step)) continue;
    iscc_pair_solve(&pair, &solution);
    solved = true;
    d->iterations += solution.iterations;
    w->bound_j = fmin(w->bound_j, solution.lower_bound_j);
    w->prices = solution.prices;
    if (solution.energy_j >= w->best_j) continue;
    w->best_j = solution.energy_j;
    w->best_split = i;
    iscc_answer_allocation(&pair, solution.keep_ratio, solution.uplink_s, solution.compute_s, d);
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
  if (problem->sensed) return iscc_remaining_sensed(iscc_joint_decide, memory, problem, decision, error);
  iscc_decision d = iscc_answer_blank(ISCC_DECISION_OPTIMAL);
  int pairs;
  search w = {.problem = problem, .open = memory->open, .best_j = INFINITY, .bound_j = INFINITY};
  open_all(&w, &pairs);
  search_all(&w, memory, &d);
  memory->last_split = w.best_split;
  memory->last_bits = isinf(w.best_j) ? -1 : d.bits;
  d.discarded = pairs - d.evaluated;
  if (isinf(w.best_j)) {
    iscc_answer_infeasible(problem, &d);
    *decision = d;
    return ISCC_OK;
  }
  d.lower_bound_j = fmin(fmax(w.bound_j, 0), d.energy.total);
  d.relative_gap = d.energy.total > 0 ? (d.energy.total - d.lower_bound_j) / d.energy.total : 0;
  *decision = d;
  return ISCC_OK;
}
