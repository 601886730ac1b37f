/* SPDX-License-Identifier: GPL-2.0-only */
/* Scheme `alternating`: the paper's Algorithms 1 and 2 as printed, for comparison. Every (l, Q) is tried;
 * from P_c = P_max and nu_e = nu_max on, two steps take turns until the energy stops falling:
 *
 *   (a) p by golden section on T_sen r(p) + kappa nu_e^2 F(p), P_s = r(p)                  eqs. (23)-(25)
 *   (b) t and nu_e at the price mu that uses up the latency, mu by bisection               eqs. (26)-(29)
 *
 * Symbols of the paper: A_1 = bits/B, A_2 = F(p), t = 1/log2(1 + snr P_c) so that T_comm = A_1 t, T_2 the
 * time left for uplink and compute, W the principal branch of Lambert's function. Since (b) uses up the
 * latency, the next (a) cannot raise p again: it stops where joint does not (doc/solver.rst). Shannon uplink
 * alone. */
#include <math.h>

#include "iscc-allocation-answer.h"
#include "iscc-remaining.h"

#define LN2 0.69314718055994530942

/* Golden section's last interval; the bisection's, relative; the energy's last fall, relative. */
#define KEEP_ENOUGH   1e-8
#define PRICE_ENOUGH  1e-9
#define ENERGY_ENOUGH 1e-6
#define PRICE_LEAST   1e-30 /* J/s, where the search of the price begins */

enum { TURNS_MAX = 100, BISECTIONS_MAX = 400 };

/* W(x), x >= -1/e, by Halley's method. */
static double lambert_w(double x) {
  double w = x > 2.718281828459045 ? log(x) - log(log(x)) : sqrt(2 * fmax(0, 2.718281828459045 * x + 1)) - 1;
  if (x > -0.25 && x < 2.718281828459045) w = x > 0 ? log1p(x) : x;
  for (int i = 0; i < 50; i++) {
    const double e = exp(w), f = w * e - x, slope = e * (w + 1);
    if (!(fabs(slope) > 0)) break;
    const double step = f / (slope - f * (w + 2) / (2 * w + 2));
    w -= step;
    if (fabs(step) <= 1e-15 * (1 + fabs(w))) break;
  }
  return w;
}

typedef struct {
  const iscc_pair *pair;
  double keep_low;              /* P_s = P_max */
  double bandwidth_time, t_min; /* A_1, least t */
  double keep, t, speed;        /* p, t, nu_e */
  int steps;                    /* of golden section and bisection */
} turns;

static double sensing_and_compute(const turns *w, double p) {
  const iscc_problem *problem = w->pair->problem;
  return problem->sensing_time_s * iscc_pair_sensing(w->pair, p).power_w +
         problem->kappa * iscc_pair_flops(w->pair, p) * w->speed * w->speed;
}

/* Algorithm 1: p within what the latency allows at the present T_comm and nu_e. */
static void choose_keep(turns *w) {
  const iscc_pair *a = w->pair;
  const double golden = 0.5 * (sqrt(5) - 1), left = a->budget_s - w->bandwidth_time * w->t;
  const double most = left * w->speed; /* FLOPs */
  double low = w->keep_low, high = 1;
  if (iscc_pair_flops(a, 1) > most) high = (most - a->split->flops_const) / a->split->flops_slope;
  if (!(a->split->flops_slope > 0)) low = high = 1;
  high = fmax(low, fmin(high, 1));
  double inner = high - golden * (high - low), outer = low + golden * (high - low);
  double at_inner = sensing_and_compute(w, inner), at_outer = sensing_and_compute(w, outer);
  while (high - low > KEEP_ENOUGH) {
    w->steps++;
    if (at_inner < at_outer) {
      high = outer;
      outer = inner;
      at_outer = at_inner;
      inner = high - golden * (high - low);
      at_inner = sensing_and_compute(w, inner);
    } else {
      low = inner;
      inner = outer;
      at_inner = at_outer;
      outer = low + golden * (high - low);
      at_outer = sensing_and_compute(w, outer);
    }
  }
  w->keep = 0.5 * (low + high);
}

static double speed_at_price(const iscc_problem *p, double mu) { /* (27) */
  return fmin(p->max_speed_flops, cbrt(mu / (2 * p->kappa)));
}

static double t_at_price(const turns *w, double mu) { /* (28) */
  const double x = (mu * w->pair->problem->uplink.snr_per_w - 1) / 2.718281828459045;
  const double below = 1 + lambert_w(x);
  return below > 0 ? fmax(LN2 / below, w->t_min) : (double)INFINITY;
}

/* Time that uplink and compute take at a price; falls as the price grows. */
static double time_at_price(const turns *w, double flops, double mu) {
  double time_s = w->bandwidth_time > 0 ? w->bandwidth_time * t_at_price(w, mu) : 0;
  if (flops > 0) time_s += flops / speed_at_price(w->pair->problem, mu);
  return time_s;
}

/* Lemma 4: mu by bisection on (29), then t and nu_e. */
static void choose_times(turns *w) {
  const iscc_pair *a = w->pair;
  const double flops = iscc_pair_flops(a, w->keep);
  double low = PRICE_LEAST, high = PRICE_LEAST;
  while (time_at_price(w, flops, high) > a->budget_s && high < 1e300) high *= 10;
  low = 0.1 * high;
  for (int i = 0; i < BISECTIONS_MAX && high - low > PRICE_ENOUGH * high; i++) {
    const double middle = 0.5 * (low + high);
    w->steps++;
    if (time_at_price(w, flops, middle) > a->budget_s)
      low = middle;
    else
      high = middle;
  }
  w->t = w->bandwidth_time > 0 ? t_at_price(w, high) : 0; /* high is on the side that keeps the latency */
  w->speed = speed_at_price(a->problem, high);
}

static double energy_of(const turns *w) {
  const iscc_problem *p = w->pair->problem;
  const double transmit = w->bandwidth_time > 0 ? expm1(LN2 / w->t) / p->uplink.snr_per_w : 0;
  return sensing_and_compute(w, w->keep) + w->bandwidth_time * w->t * transmit;
}

/* Algorithm 2's inner loop. The energy of the last turn. */
static double take_turns(turns *w, const iscc_history *history) {
  const iscc_pair *a = w->pair;
  double energy = INFINITY;
  w->t = w->t_min;
  w->speed = a->problem->max_speed_flops;
  for (int i = 0; i < TURNS_MAX; i++) {
    const double before = energy;
    choose_keep(w);
    choose_times(w);
    energy = energy_of(w);
    if (history) history->note(history->ctx, a->split->layer, a->bits, i, energy);
    if (before - energy <= ENERGY_ENOUGH * energy) break;
  }
  return energy;
}

static void decide_pair(iscc_solver_memory *memory, const iscc_pair *pair, double *best_j, iscc_decision *d) {
  const iscc_problem *p = pair->problem;
  turns w = {.pair = pair, .t_min = LN2 / log1p(p->uplink.snr_per_w * iscc_transmit_power_max(p))};
  w.bandwidth_time = pair->sent_bits / p->uplink.bandwidth_hz;
  w.keep_low = pair->split->flops_slope > 0 ? iscc_pair_least_keep(pair, pair->ceiling, 0) : 1;
  const double energy = take_turns(&w, memory->history);
  d->iterations += w.steps;
  d->evaluated++;
  if (!(energy < *best_j)) return;
  const double uplink_s = w.bandwidth_time * w.t, flops = iscc_pair_flops(pair, w.keep);
  *best_j = energy;
  iscc_answer_allocation(pair, w.keep, uplink_s, flops > 0 ? flops / w.speed : 0, d);
}

iscc_status iscc_alternating_decide(iscc_solver_memory *memory, const iscc_problem *problem,
                                    iscc_decision *decision, iscc_error *error) {
  if (problem->uplink.kind != ISCC_UPLINK_SHANNON)
    return iscc_fail(error, ISCC_EINVAL, "uplink.type: scheme alternating is printed for 'shannon' alone");
  if (problem->sensed)
    return iscc_remaining_sensed(iscc_alternating_decide, memory, problem, decision, error);
  iscc_decision d = iscc_answer_blank(ISCC_DECISION_FEASIBLE);
  double best_j = INFINITY;
  for (size_t i = 0; i < problem->split_count; i++) {
    const iscc_split *split = &problem->splits[i];
    for (int bits = iscc_pair_first_bits(problem, split); bits <= iscc_pair_last_bits(problem, split);
         bits++) {
      iscc_pair pair;
      if (iscc_pair_init(&pair, problem, split, bits, -1))
        d.discarded++;
      else
        decide_pair(memory, &pair, &best_j, &d);
    }
  }
  if (isinf(best_j)) iscc_answer_infeasible(problem, &d);
  *decision = d;
  return ISCC_OK;
}
