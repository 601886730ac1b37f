/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-pair - the continuous problem of one (split layer, bits) pair, solved with a certificate.
 *
 *   minimise  E(p, s) = T_sen r(p) + e(s) + kappa F(p)^3 / (T_2 - s)^2       (doc/solver.rst)
 *   over      p_low <= p <= 1,  s_min <= s <= T_2 - F(p)/nu_max
 *
 * p pruning ratio; s = T_comm, so that c = T_2 - s is left for device compute (latency always used up: both
 * energies fall with time); r(p) = R_0^-1(R_t / D(p)) sensing power; e(s) uplink energy; F(p) = max(0, slope
 * p + const). E is jointly convex, so the minimum is global. The Lagrangian in the latency price mu separates
 * into p and s; its tangents give a lower bound for any mu, no matter how well the minimum was found. */
#ifndef ISCC_PAIR_H
#define ISCC_PAIR_H

#include "iscc-problem.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct { /* what is fixed within a pair */
  const iscc_problem *problem;
  const iscc_split *split;
  int bits;         /* Q; 0 when nothing is sent */
  double sent_bits; /* N_l Q + overhead */
  double quantization_loss;
  int step;              /* of a stepped uplink: s is fixed; -1 otherwise */
  double budget_s;       /* T_2 */
  double uplink_least_s; /* s_min */
  double keep_low;       /* p_low: accuracy needs at least this */
  double keep_high;      /* p_high: the latency allows at most this; <= 1 */
  double ceiling;        /* R_0(P_max) */
} iscc_pair;

typedef struct {
  double keep_ratio, uplink_s, compute_s; /* p, s, c */
  double energy_j, lower_bound_j;
  double price_w; /* mu, J per s of latency */
  int iterations;
} iscc_pair_solution;

typedef enum { ISCC_PAIR_FEASIBLE, ISCC_PAIR_NEEDS_ACCURACY, ISCC_PAIR_NEEDS_TIME } iscc_pair_status;

/* Fills the fixed part and its bounds. NEEDS_ACCURACY: out of reach even unpruned at P_max (keep_low unset).
 * NEEDS_TIME: keep_low is set, but does not fit into the budget. */
iscc_pair_status iscc_pair_init(iscc_pair *pair, const iscc_problem *problem, const iscc_split *split,
                                int bits, int step);
/* The same for iscc_pair_quick_bound() alone, cheaper: keep_low may be less than what the accuracy needs, so
 * a pair called FEASIBLE may not be. */
iscc_pair_status iscc_pair_sketch(iscc_pair *pair, const iscc_problem *problem, const iscc_split *split,
                                  int bits, int step);

double iscc_pair_accuracy_factor(const iscc_pair *pair, double keep_ratio); /* D(p) */
double iscc_pair_sensing_power(const iscc_pair *pair, double keep_ratio);   /* r(p), W */
double iscc_pair_flops(const iscc_pair *pair, double keep_ratio);           /* F(p) */
double iscc_pair_uplink_power(const iscc_pair *pair, double uplink_s);      /* P_c of sending in s, W */

/* A lower bound that costs no iteration: sensing at p_high, uplink and compute each with all the time that
 * the other can spare. */
double iscc_pair_quick_bound(const iscc_pair *pair);

/* The Lagrangian lower bound at a latency price near mu (J/s), as another pair's solution gives one; no
 * better than enough_j is asked for. */
double iscc_pair_price_bound(const iscc_pair *pair, double mu, double enough_j);

/* pair must be FEASIBLE. */
void iscc_pair_solve(const iscc_pair *pair, iscc_pair_solution *solution);

#ifdef __cplusplus
}
#endif
#endif
