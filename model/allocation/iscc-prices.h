/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-prices - the Lagrangian of the allocation problem: lower bounds of all (l, Q) pairs at once.
 *
 * With a price mu (J/s) on latency and lambda (J) on the accuracy factor D, the energy of pair (l, Q) is at
 * least
 *
 *   S(lambda) + h(mu) F(p) - lambda D(p) + psi(mu) bits - mu T_2,  minimised over p in [keep_low, 1],
 *   S = min over P_s of T_sen P_s + lambda R_t/R_0(P_s)
 *   h = min over nu of kappa nu^2 + mu/nu                          J per FLOP
 *   psi = min over P_c of (P_c + mu)/R(P_c)                        J per bit
 *
 * for any mu, lambda >= 0, and exactly that at the pair's own optimal prices (doc/solver.rst). S, h and psi
 * are the same for all pairs, the best p is known in closed form, and Q stands in two linear terms:
 * a pair costs a few multiplications. Reentrant; never fails. */
#ifndef ISCC_PRICES_H
#define ISCC_PRICES_H

#include "iscc-problem.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What rounding may do to a bound, relative to the terms summed: it is taken off. */
#define ISCC_PRICES_ROUNDING 1e-15

typedef struct {
  double latency_w;  /* mu */
  double accuracy_j; /* lambda */
  double sensing_j;  /* S */
  double flop_j;     /* h */
  double bit_j;      /* psi */
} iscc_prices;

/* Prices at which sensing_power_w is the S part's minimum: accuracy_j within the subdifferential there, as
 * iscc_pair_solve() gives it. latency_w may be moved by a relative 1e-9, to where psi is known exactly. */
void iscc_prices_set(iscc_prices *prices, const iscc_problem *problem, double latency_w, double accuracy_j,
                     double sensing_power_w);

/* A guess without any solution at hand: the uplink at half its range, sensing half way to its limit. */
void iscc_prices_guess(iscc_prices *prices, const iscc_problem *problem);

/* The bound of a split but for the terms of Q. */
double iscc_prices_split_bound(const iscc_prices *prices, const iscc_problem *problem,
                               const iscc_split *split, double keep_low);

/* The terms of Q; bit_j is prices->bit_j, or that of a single uplink step. */
static inline double iscc_prices_bits_bound(const iscc_prices *prices, const iscc_split *split, int bits,
                                            double bit_j) {
  if (!bits) return 0;
  const double sent = bit_j * ((double)split->features * bits + split->overhead_bits[bits]);
  return (1 - ISCC_PRICES_ROUNDING) * (prices->accuracy_j * split->quantization_loss[bits] + sent);
}

/* J per bit at price mu by one step of a stepped uplink. */
static inline double iscc_prices_of_step(const iscc_problem *problem, int step, double latency_w) {
  return (problem->uplink.power_w[step] + latency_w) / problem->uplink.rate_bps[step];
}

/* mu at which sending at x = R ln 2/B costs least: (x e^x - expm1(x))/snr. */
double iscc_prices_of_uplink(double x, double expm1_x, double snr_per_w);
/* h(mu) */
double iscc_prices_of_flop(const iscc_problem *problem, double latency_w);

#ifdef __cplusplus
}
#endif
#endif
