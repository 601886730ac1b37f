/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-pair-solve - the optimum of one (split layer, bits) pair, with its prices and a lower bound.
 *
 * Along the path of points where uplink and compute have the same latency price mu and use up the budget, all
 * is given in closed form by x = b ln 2/s: mu, then the speed nu, the FLOPs F = nu (T_2 - s) and p. The
 * optimum is the one root of the balance between what a weight costs in latency and what it saves in sensing,
 *
 *   f = ln( h(mu) F'(p) / (lambda C (ln p)^2) ),   lambda = -T_sen dP_s/dD,
 *
 * increasing along the path, or an end of it. Where s is fixed the path's coordinate is nu itself. */
#ifndef ISCC_PAIR_SOLVE_H
#define ISCC_PAIR_SOLVE_H

#include "iscc-pair.h"
#include "iscc-prices.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
  double keep_ratio, uplink_s, compute_s; /* p, s, c */
  double energy_j, lower_bound_j;
  iscc_prices prices; /* that give the lower bound: those of the optimum */
  int iterations;     /* points of the path looked at */
} iscc_pair_solution;

/* pair must be FEASIBLE. The bound holds however well the optimum was found. */
void iscc_pair_solve(const iscc_pair *pair, iscc_pair_solution *solution);

#ifdef __cplusplus
}
#endif
#endif
