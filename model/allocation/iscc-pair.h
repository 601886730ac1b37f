/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-pair - the continuous problem of one (split layer, bits) pair: its functions and its feasibility.
 *
 *   minimise  E(p, s) = T_sen r(p) + e(s) + kappa F(p)^3 / (T_2 - s)^2       (doc/solver.rst)
 *   over      p_min <= p <= 1,  r(p) <= P_max,  s_min <= s <= T_2 - F(p)/nu_max
 *
 * p pruning ratio; s = T_comm, so that c = T_2 - s is left for device compute (latency always used up: both
 * energies fall with time); r(p) = R_0^-1(R_t / D(p)) sensing power; e(s) uplink energy; F(p) = max(0, slope
 * p + const). iscc-pair-solve.h finds its optimum. */
#ifndef ISCC_PAIR_H
#define ISCC_PAIR_H

#include "iscc-problem.h"

#ifdef __cplusplus
extern "C" {
#endif

/* p is never planned below this, nor below the split's keep_min: p > 0 is asked, and there is nothing to gain
 * so close to it. */
#define ISCC_PAIR_KEEP_MIN 1e-9

typedef struct { /* what is fixed within a pair */
  const iscc_problem *problem;
  const iscc_split *split;
  int bits;         /* Q; 0 when nothing is sent */
  double sent_bits; /* N_l Q + overhead */
  double quantization_loss;
  int step;              /* of a stepped uplink: s is fixed; -1 otherwise */
  double budget_s;       /* T_2 */
  double uplink_least_s; /* s_min */
  double ceiling;        /* R_0(P_max) */
  double keep_floor;     /* no p below this */
  double keep_high;      /* the most that the latency allows; <= 1 */
} iscc_pair;

typedef enum { ISCC_PAIR_FEASIBLE, ISCC_PAIR_NEEDS_ACCURACY, ISCC_PAIR_NEEDS_TIME } iscc_pair_status;

/* The pairs of a problem: bits of a split, 0 alone when it sends nothing; of each, steps of the uplink within
 * P_max, -1 alone for a formula. */
int iscc_pair_first_bits(const iscc_problem *problem, const iscc_split *split);
int iscc_pair_last_bits(const iscc_problem *problem, const iscc_split *split);
int iscc_pair_first_step(const iscc_problem *problem, int bits);
int iscc_pair_last_step(const iscc_problem *problem, int bits);

/* Fills the fixed part. NEEDS_ACCURACY: out of reach even unpruned at P_max (keep_high unset). NEEDS_TIME:
 * what the accuracy needs does not fit into the budget. */
iscc_pair_status iscc_pair_init(iscc_pair *pair, const iscc_problem *problem, const iscc_split *split,
                                int bits, int step);

double iscc_pair_accuracy_factor(const iscc_pair *pair, double keep_ratio); /* D(p) */
/* r(p) as power and derivatives by R_t/D(p); INFINITY where no power is enough. */
iscc_sensing_point iscc_pair_sensing(const iscc_pair *pair, double keep_ratio);
double iscc_pair_flops(const iscc_pair *pair, double keep_ratio);      /* F(p) */
double iscc_pair_uplink_power(const iscc_pair *pair, double uplink_s); /* P_c of sending in s, W */

/* The least p with R_0 = accuracy enough for R_t, by Newton's method; p = 1 must do. p_low: accuracy =
 * pair->ceiling. below: a p known to be no more than that, 0 for none. */
double iscc_pair_least_keep(const iscc_pair *pair, double accuracy, double below);

#ifdef __cplusplus
}
#endif
#endif
