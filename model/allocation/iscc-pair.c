/* SPDX-License-Identifier: GPL-2.0-only */
/* Beside the header's symbols: b = sent bits / B, z = b ln 2 / s; V(F) = min over s of e(s) + kappa F^3/(T_2
 * - s)^2, convex and increasing in F; g(p) = T_sen r'(p) + V'(F(p)) F'(p), increasing: its root is the
 * optimum. */
#include "iscc-pair.h"

#include <math.h>

#define LN2 0.69314718055994530942

/* p is never planned below this: p > 0 is asked, and there is nothing to gain so close to it. */
#define KEEP_MIN 1e-9
/* Budget held back, relative to T_max, so that rounding in the stages' sum never passes T_max. */
#define BUDGET_GUARD 1e-12

/* Newton's last step, relative; the balance of the two forces on p; the bracket around a corner
 * of R_0. The energy depends on each in the second order but at a corner, and the certificate counts what is
 * left. */
#define STEP_ENOUGH    1e-8
#define BALANCE_ENOUGH 1e-9
#define BRACKET_ENOUGH 1e-10
#define NEAR_END       1e-6  /* of a limit, relative: looked at twice */
#define CORNER_WIDTH   2e-11 /* of the bracket around a corner, relative; below BRACKET_ENOUGH */

enum { OUTER_MAX = 100, INNER_MAX = 60, CUTS_MAX = 6 };

static double shape(double p) { /* u(p), eq. 17 */
  const double log_p = log(p);
  return 2 - p - p * (log_p - 1) * (log_p - 1);
}

double iscc_pair_accuracy_factor(const iscc_pair *a, double p) {
  return 1 - a->split->pruning_loss * shape(p) - a->quantization_loss;
}

/* R_t/D(p); where the ceiling R_0(P_max) does, no more than that, whatever the division rounds to. */
static double asked_of_sensing(const iscc_pair *a, double factor) {
  const double asked = a->problem->target_accuracy / factor;
  return factor >= a->problem->target_accuracy / a->ceiling ? fmin(asked, a->ceiling) : asked;
}

double iscc_pair_sensing_power(const iscc_pair *a, double p) {
  const double factor = iscc_pair_accuracy_factor(a, p);
  if (!(factor > 0)) return INFINITY;
  return iscc_accuracy_curve_power(&a->problem->accuracy_curve, asked_of_sensing(a, factor));
}

/* r'(p) = dr/dy y'(p) with y = R_t/D(p) and D'(p) = C (ln p)^2; *asked becomes y. */
static double sensing_power_slope(const iscc_pair *a, double p, double *asked) {
  const double log_p = log(p), shape_p = 2 - p - p * (log_p - 1) * (log_p - 1);
  const double factor = 1 - a->split->pruning_loss * shape_p - a->quantization_loss;
  const double y = *asked = asked_of_sensing(a, factor);
  const double y_slope = -y / factor * a->split->pruning_loss * log_p * log_p;
  return y_slope == 0 ? 0 : y_slope * iscc_accuracy_curve_power_slope(&a->problem->accuracy_curve, y);
}

double iscc_pair_flops(const iscc_pair *a, double p) {
  return fmax(0, a->split->flops_slope * p + a->split->flops_const);
}

/* Subgradient of F: 0 where the printed count is cut at 0. */
static double flops_slope(const iscc_pair *a, double p) {
  return a->split->flops_slope * p + a->split->flops_const > 0 ? a->split->flops_slope : 0;
}

double iscc_pair_uplink_power(const iscc_pair *a, double s) {
  if (a->sent_bits <= 0) return 0;
  const iscc_uplink *u = &a->problem->uplink;
  if (a->step >= 0) return u->power_w[a->step];
  return expm1(a->sent_bits / u->bandwidth_hz * LN2 / s) / u->snr_per_w;
}

static double uplink_energy(const iscc_pair *a, double s) {
  return a->sent_bits > 0 ? s * iscc_pair_uplink_power(a, s) : 0;
}

/* e'(s) = (expm1(z) - z e^z)/snr < 0. */
static double uplink_energy_slope(const iscc_pair *a, double s) {
  if (a->sent_bits <= 0 || a->step >= 0) return 0;
  const double z = a->sent_bits / a->problem->uplink.bandwidth_hz * LN2 / s;
  /* the difference cancels for small z: use its series */
  const double value = z < 1e-3 ? -z * z * (0.5 + z / 3 + z * z / 8) : expm1(z) - z * exp(z);
  return value / a->problem->uplink.snr_per_w;
}

/* A p at or below the root of u(p) = value, value in (0, 2): u(p) is the integral of (ln x)^2 from p to 1
 * and, with d = 1 - x, (ln x)^2 >= d^2 + d^3 + 11/12 d^4, so u(p) >= d^3/3 + d^4/4 + 11/60 d^5 with d = 1 -
 * p; Newton for that from above. Where it says little, from a few values of u. */
static double below_root_of_shape(double value) {
  static const double keep[] = {0.15, 0.1, 0.05, 0.02, 0.01, 0.003, 0.001, 1e-4, 1e-5, KEEP_MIN};
  double d = cbrt(3 * value);
  for (int i = 0; i < 3; i++)
    d -=
        (d * d * d * (1.0 / 3 + d * (1.0 / 4 + d * 11 / 60)) - value) / (d * d * (1 + d * (1 + d * 11 / 12)));
  if (1 - d > keep[0]) return 1 - d;
  size_t i = 0;
  while (i + 1 < sizeof keep / sizeof *keep && shape(keep[i]) < value) i++;
  return keep[i];
}

/* A p at or below least_keep's, at a fraction of its cost. */
static double below_least_keep(const iscc_pair *a, double ceiling) {
  const double value =
      (1 - a->quantization_loss - a->problem->target_accuracy / ceiling) / a->split->pruning_loss;
  return value > 0 && value < 2 ? below_root_of_shape(value) : value > 0 ? KEEP_MIN : 1;
}

/* The least p in [KEEP_MIN, 1] with ceiling D(p) >= R_t; p = 1 must do. D is concave and increasing, so
 * Newton's steps from the left grow towards the root and never pass it but by rounding. */
static double least_keep(const iscc_pair *a, double ceiling) {
  const double wanted = a->problem->target_accuracy / ceiling;
  const double value = (1 - a->quantization_loss - wanted) / a->split->pruning_loss; /* u(p) <= value */
  double p = below_least_keep(a, ceiling);
  for (int i = 0; i < OUTER_MAX && p < 1 && value < 2; i++) {
    const double log_p = log(p), over = 2 - p - p * (log_p - 1) * (log_p - 1) - value;
    const double next = p + over / (log_p * log_p);
    const bool last = !(next > p * (1 + STEP_ENOUGH)); /* what is left is this step squared */
    p = fmax(p, next);
    if (last) break;
  }
  for (double step = 1e-16; p < 1 && iscc_pair_accuracy_factor(a, p) < wanted; step *= 2)
    p += step; /* rounding */
  return fmin(p, 1);
}

/* Initialises a pair; exact: keep_low is what the accuracy needs, else a value at or below that. */
static iscc_pair_status initialise(iscc_pair *a, const iscc_problem *problem, const iscc_split *split,
                                   int bits, int step, bool exact) {
  a->problem = problem;
  a->split = split;
  a->bits = bits;
  a->step = step;
  a->sent_bits = bits ? (double)split->features * bits + split->overhead_bits[bits] : 0;
  a->quantization_loss = bits ? split->quantization_loss[bits] : 0;
  a->budget_s = problem->max_latency_s * (1 - BUDGET_GUARD) - problem->sensing_time_s -
                split->server_flops / problem->server_speed_flops - split->delay_s;
  a->uplink_least_s = 0;
  if (a->sent_bits > 0)
    a->uplink_least_s =
        a->sent_bits / (step >= 0 ? problem->uplink.rate_bps[step]
                                  : iscc_uplink_rate_bps(&problem->uplink, problem->max_power_w));
  a->ceiling = iscc_accuracy_curve_at(&problem->accuracy_curve, problem->max_power_w);
  if (!(iscc_pair_accuracy_factor(a, 1) >= problem->target_accuracy / a->ceiling))
    return ISCC_PAIR_NEEDS_ACCURACY;
  a->keep_low = 1;
  if (split->flops_slope > 0)
    a->keep_low = exact ? least_keep(a, a->ceiling) : below_least_keep(a, a->ceiling);
  const double time_left = a->budget_s - a->uplink_least_s;
  if (!(time_left >= 0) || !(iscc_pair_flops(a, a->keep_low) <= time_left * problem->max_speed_flops))
    return ISCC_PAIR_NEEDS_TIME;
  a->keep_high = 1;
  if (iscc_pair_flops(a, 1) > time_left * problem->max_speed_flops)
    a->keep_high = (time_left * problem->max_speed_flops - split->flops_const) / split->flops_slope;
  if (a->keep_high < a->keep_low) a->keep_high = a->keep_low;
  return ISCC_PAIR_FEASIBLE;
}

iscc_pair_status iscc_pair_init(iscc_pair *a, const iscc_problem *problem, const iscc_split *split, int bits,
                                int step) {
  return initialise(a, problem, split, bits, step, true);
}

iscc_pair_status iscc_pair_sketch(iscc_pair *a, const iscc_problem *problem, const iscc_split *split,
                                  int bits, int step) {
  return initialise(a, problem, split, bits, step, false);
}

/* Derivative by s of e(s) + k/(T_2 - s)^2; increasing. */
static double sum_slope(const iscc_pair *a, double k, double s) {
  const double c = a->budget_s - s;
  return uplink_energy_slope(a, s) + 2 * k / (c * c * c);
}

/* Its root between low and high: Newton's method on ln(2 k/c^3) - ln(-e'(s)), which is nearly straight, kept
 * inside the bracket. e' = -over/snr and e'' = e^z z^2/(s snr). */
static double root_of_sum_slope(const iscc_pair *a, double k, double low, double high, double start,
                                int *iterations) {
  const double snr = a->problem->uplink.snr_per_w, b = a->sent_bits / a->problem->uplink.bandwidth_hz * LN2;
  double s = start > low && start < high ? start : 0.5 * (low + high);
  for (int i = 0; i < INNER_MAX; i++) {
    ++*iterations;
    const double c = a->budget_s - s, before = s, z = b / s, m = expm1(z);
    const double over = z < 1e-3 ? z * z * (0.5 + z / 3 + z * z / 8) : z * (m + 1) - m;
    const double f = log(2 * k * snr / (c * c * c * over));
    if (f > 0)
      high = s;
    else
      low = s;
    const double next = s - f / (3 / c + (m + 1) * z * z / (s * over));
    s = next > low && next < high ? next : 0.5 * (low + high);
    if (fabs(s - before) <= STEP_ENOUGH * s) break; /* the error is this step squared */
  }
  return s;
}

/* The s that minimises e(s) + kappa F^3/(T_2 - s)^2, start is a guess, 0 for none. */
static double best_uplink_time(const iscc_pair *a, double flops, double start, int *iterations) {
  const double k = a->problem->kappa * flops * flops * flops;
  const double low = a->uplink_least_s;
  const double high = fmax(low, a->budget_s - flops / a->problem->max_speed_flops);
  if (a->sent_bits <= 0 || a->step >= 0 || !(high > low)) return low;
  if (flops <= 0) return high;
  const double s = root_of_sum_slope(a, k, low, high, start, iterations);
  if (s - low > NEAR_END * s && high - s > NEAR_END * s) return s;
  /* a limit that binds is met exactly, so that its price is known */
  if (sum_slope(a, k, high) <= 0) return high;
  return sum_slope(a, k, low) >= 0 ? low : s;
}

/* e(s) + kappa F^3/(T_2 - s)^2 */
static double time_energy(const iscc_pair *a, double flops, double s) {
  const double nu = flops > 0 ? flops / (a->budget_s - s) : 0;
  return uplink_energy(a, s) + a->problem->kappa * flops * nu * nu;
}

/* J per FLOP at price mu: h(mu) = min over nu <= nu_max of kappa nu^2 + mu/nu. */
static double flop_price(const iscc_problem *problem, double mu) {
  const double nu = fmin(problem->max_speed_flops, cbrt(mu / (2 * problem->kappa)));
  return nu > 0 ? problem->kappa * nu * nu + mu / nu : 0;
}

static bool uplink_is_held(const iscc_pair *a, double s) {
  return a->sent_bits <= 0 || a->step >= 0 || s <= a->uplink_least_s * (1 + 1e-12);
}

/* V'(F) = h(mu) at the best s, mu from the uplink where that is free: c = T_2 - s says little when it is
 * small. */
static double time_energy_slope(const iscc_pair *a, double flops, double s) {
  if (flops <= 0) return 0;
  if (!uplink_is_held(a, s)) return flop_price(a->problem, -uplink_energy_slope(a, s));
  const double speed = a->problem->max_speed_flops, kappa = a->problem->kappa;
  const double nu = flops / (a->budget_s - s);
  if (nu < speed * (1 - 1e-12)) return 3 * kappa * nu * nu;
  const double price = fmax(-uplink_energy_slope(a, s), 2 * kappa * nu * nu * nu);
  return kappa * speed * speed + price / speed;
}

/* The budget with what is held back: bounds shall hold for the problem as it was asked. */
static double full_budget_s(const iscc_pair *a) {
  return a->budget_s + BUDGET_GUARD * a->problem->max_latency_s;
}

double iscc_pair_quick_bound(const iscc_pair *a) {
  const double flops = iscc_pair_flops(a, a->keep_low), speed = a->problem->max_speed_flops;
  const double longest_c = full_budget_s(a) - a->uplink_least_s, longest_s = full_budget_s(a) - flops / speed;
  const double nu = longest_c > 0 ? flops / longest_c : 0;
  /* the time of a step is fixed */
  const double uplink_s = a->step < 0 ? fmax(longest_s, a->uplink_least_s) : a->uplink_least_s;
  return a->problem->sensing_time_s * iscc_pair_sensing_power(a, a->keep_high) + uplink_energy(a, uplink_s) +
         a->problem->kappa * flops * nu * nu;
}

/* The latency price that supports (p, s): from whichever side is not at its limit. */
static double latency_price(const iscc_pair *a, double p, double s) {
  const double flops = iscc_pair_flops(a, p), c = a->budget_s - s;
  const double nu = c > 0 ? flops / c : 0, compute_price = 2 * a->problem->kappa * nu * nu * nu;
  const double uplink_price = -uplink_energy_slope(a, s);
  if (!uplink_is_held(a, s)) return uplink_price;
  const double speed = a->problem->max_speed_flops, slope = flops_slope(a, p);
  if (nu < speed * (1 - 1e-12) || slope <= 0) return fmax(compute_price, 0);
  /* both at their limits: the price that makes p stationary */
  double asked;
  const double kept = -a->problem->sensing_time_s * sensing_power_slope(a, p, &asked) / slope;
  return fmax(fmax(compute_price, uplink_price), speed * (kept - a->problem->kappa * speed * speed));
}

typedef struct {
  double at, value, slope;
} tangent;

static double tangent_at(const tangent *t, double p) {
  return t->value + t->slope * (p - t->at);
}

/* phi(p) = T_sen r(p) + h F(p), the p part of the Lagrangian. */
static tangent keep_tangent(const iscc_pair *a, double p, double h) {
  const double t_sen = a->problem->sensing_time_s;
  double asked, value = h * iscc_pair_flops(a, p), slope = h * flops_slope(a, p);
  if (t_sen > 0) {
    slope += t_sen * sensing_power_slope(a, p, &asked);
    value += t_sen * iscc_accuracy_curve_power(&a->problem->accuracy_curve, asked);
  }
  return (tangent){p, value, slope};
}

/* Least value on [low, high] of the larger of two tangents: below any convex function that they touch. */
static double under_tangents(const tangent *a, const tangent *b, double low, double high) {
  double best =
      fmin(fmax(tangent_at(a, low), tangent_at(b, low)), fmax(tangent_at(a, high), tangent_at(b, high)));
  if (a->slope != b->slope) {
    const double meet = (b->value - b->slope * b->at - a->value + a->slope * a->at) / (a->slope - b->slope);
    if (meet > low && meet < high) best = fmin(best, fmax(tangent_at(a, meet), tangent_at(b, meet)));
  }
  return best;
}

/* The uplink's part of the Lagrangian at a price near *mu, min over s of e(s) + mu s. With x = b ln 2/s its
 * optimum is where x e^x - expm1(x) = mu snr; Newton from the right of that root, and *mu becomes the price
 * for which the x reached is exact: every price gives a valid bound. */
static double uplink_part_at(const iscc_pair *a, double *mu) {
  if (a->sent_bits <= 0) return 0;
  double s = a->uplink_least_s;
  if (a->step < 0) {
    const iscc_uplink *u = &a->problem->uplink;
    const double k = a->sent_bits / u->bandwidth_hz * LN2, m = *mu * u->snr_per_w, most = k / s;
    double x = fmin(sqrt(2 * m), 1 + log1p(m));
    for (int i = 0; i < 4; i++) {
      const double e = exp(x), over = x * e - expm1(x) - m;
      x -= over / (x * e);
      if (fabs(over) <= 1e-9 * m) break;
    }
    if (x < most && x > 0) {
      s = k / x;
      *mu = -uplink_energy_slope(a, s);
    }
  }
  return uplink_energy(a, s) + *mu * s;
}

double iscc_pair_price_bound(const iscc_pair *a, double mu, double enough_j) {
  double price = mu;
  const double rest = uplink_part_at(a, &price) - price * full_budget_s(a), h = flop_price(a->problem, price);
  tangent low = keep_tangent(a, a->keep_low, h), high = keep_tangent(a, a->keep_high, h);
  double bound = -(double)INFINITY;
  for (int i = 0; i <= CUTS_MAX; i++) { /* each tangent where the two before it meet */
    bound = rest + under_tangents(&low, &high, a->keep_low, a->keep_high);
    if (bound >= enough_j || !(low.slope < 0 && high.slope > 0) || i == CUTS_MAX) break;
    const double p =
        (low.value - low.slope * low.at - high.value + high.slope * high.at) / (high.slope - low.slope);
    if (!(p > low.at && p < high.at)) break;
    const tangent cut = keep_tangent(a, p, h);
    *(cut.slope < 0 ? &low : &high) = cut;
  }
  return isnan(bound) ? -(double)INFINITY : bound;
}

/* Lagrangian bound at price mu, tangents taken at keep ratios p and q (the bracket of the root) and at s. */
static double lower_bound(const iscc_pair *a, double mu, double p, double q, double s) {
  const double h = flop_price(a->problem, mu);
  const tangent at_p = keep_tangent(a, p, h), at_q = keep_tangent(a, q, h);
  const double keep_part = under_tangents(&at_p, &at_q, a->keep_low, 1);
  double uplink_part = uplink_energy(a, s) + mu * s;
  if (a->sent_bits > 0 && a->step < 0) {
    const double slope = uplink_energy_slope(a, s) + mu;
    uplink_part += slope > 0 ? slope * (a->uplink_least_s - s) : slope * (full_budget_s(a) - s);
  }
  return keep_part + uplink_part - mu * full_budget_s(a);
}

/* V'(F) F'(p), the force that the latency puts on p; the best s for p stands beside it. */
static double latency_force(const iscc_pair *a, double p, double *s, int *iterations) {
  const double flops = iscc_pair_flops(a, p);
  *s = best_uplink_time(a, flops, *s, iterations);
  ++*iterations;
  return time_energy_slope(a, flops, *s) * flops_slope(a, p);
}

/* How the two forces on p compare: ln(V'(F) F'(p) / (-T_sen r'(p))), 0 at the optimum, increasing in p and
 * nearly straight even where r' spans many decades. */
static double balance_of(const iscc_pair *a, double p, double latency_force) {
  double asked;
  const double t_sen = a->problem->sensing_time_s;
  const double sensing = t_sen > 0 ? -t_sen * sensing_power_slope(a, p, &asked) : 0;
  if (latency_force <= 0) return sensing > 0 ? -(double)INFINITY : 0; /* more weights cost nothing */
  return sensing > 0 ? log(latency_force / sensing) : (double)INFINITY;
}

static double balance(const iscc_pair *a, double p, double *s, int *iterations) {
  return balance_of(a, p, latency_force(a, p, s, iterations));
}

typedef struct { /* ends where the balance is below and above 0 */
  double low, high, f_low, f_high;
} bracket;

/* A point inside by regula falsi; by bisection when that is of no use. */
static double inner_point(const bracket *b, bool bisect) {
  double p = (double)NAN;
  if (!bisect && isfinite(b->f_low) && isfinite(b->f_high))
    p = b->low + (b->high - b->low) * (b->f_low / (b->f_low - b->f_high));
  return p > b->low && p < b->high ? p : 0.5 * (b->low + b->high);
}

/* Narrows the bracket by Anderson and Bjoerck's regula falsi, with a bisection whenever three steps did not
 * halve it. */
static void narrow(const iscc_pair *a, bracket *b, double *s, int *iterations) {
  int side = 0;
  double width = b->high - b->low;
  for (int i = 1; i < OUTER_MAX && b->high - b->low > BRACKET_ENOUGH * b->high; i++) {
    const bool check = i % 3 == 0, slow = check && b->high - b->low > 0.5 * width;
    if (check) width = b->high - b->low;
    const double p = inner_point(b, slow);
    if (!(p > b->low && p < b->high)) break; /* neighbouring numbers */
    const double f = balance(a, p, s, iterations);
    if (fabs(f) <= BALANCE_ENOUGH) {
      b->low = b->high = p;
    } else if (f > 0) { /* the end that stays gets a smaller weight, so that it moves at last */
      if (side > 0) b->f_low *= fmax(1 - f / b->f_high, 0.5);
      b->high = p;
      b->f_high = f;
      side = 1;
    } else {
      if (side < 0) b->f_high *= fmax(1 - f / b->f_low, 0.5);
      b->low = p;
      b->f_low = f;
      side = -1;
    }
  }
}

/* Halves the bracket at corners of a tabulated R_0 until none is inside or the optimum stands at one: between
 * corners the balance is smooth. */
static void narrow_to_segment(const iscc_pair *a, bracket *b, double *s, int *iterations) {
  const iscc_accuracy_curve *c = &a->problem->accuracy_curve;
  int first = 0, last = c->points - 1; /* corners that may be inside; higher accuracy means smaller p */
  while (c->kind == ISCC_CURVE_TABLE && first <= last && b->high - b->low > BRACKET_ENOUGH * b->high) {
    const int middle = (first + last) / 2;
    const double asked = c->accuracy[middle];
    if (!(iscc_pair_accuracy_factor(a, b->high) * asked > a->problem->target_accuracy)) {
      first = middle + 1; /* its p is beyond the upper end */
      continue;
    }
    const double p = least_keep(a, asked);
    const double before = p * (1 - 0.5 * CORNER_WIDTH), after = p * (1 + 0.5 * CORNER_WIDTH);
    if (before <= b->low || after >= b->high) {
      if (before <= b->low)
        last = middle - 1;
      else
        first = middle + 1;
      continue;
    }
    const double force = latency_force(a, p, s, iterations); /* the same on both sides */
    const double f_before = balance_of(a, before, force);
    if (f_before >= 0) {
      b->high = before;
      b->f_high = f_before;
      first = middle + 1;
      continue;
    }
    const double f_after = balance_of(a, after, force);
    b->low = f_after >= 0 ? before : after;
    b->f_low = f_after >= 0 ? f_before : f_after;
    if (f_after >= 0) {
      b->high = after;
      b->f_high = f_after;
    }
    last = middle - 1;
  }
}

void iscc_pair_solve(const iscc_pair *a, iscc_pair_solution *out) {
  double s = 0, other_s;
  out->iterations = 0;
  bracket b = {.low = a->keep_low, .high = a->keep_high};
  b.f_high = balance(a, b.high, &s, &out->iterations);
  if (b.f_high <= 0) { /* still falling at the upper end */
    b.low = b.high;
  } else {
    b.f_low = balance(a, b.low, &s, &out->iterations);
    if (b.f_low >= 0) /* rising already at the lower end */
      b.high = b.low;
    else {
      narrow_to_segment(a, &b, &s, &out->iterations);
      narrow(a, &b, &s, &out->iterations);
    }
  }
  const double t_sen = a->problem->sensing_time_s, flops_low = iscc_pair_flops(a, b.low),
               flops_high = iscc_pair_flops(a, b.high);
  other_s = best_uplink_time(a, flops_low, s, &out->iterations);
  s = b.high > b.low ? best_uplink_time(a, flops_high, s, &out->iterations) : other_s;
  const double at_low = t_sen * iscc_pair_sensing_power(a, b.low) + time_energy(a, flops_low, other_s);
  const double at_high = t_sen * iscc_pair_sensing_power(a, b.high) + time_energy(a, flops_high, s);
  if (at_low < at_high) s = other_s;
  out->keep_ratio = at_low < at_high ? b.low : b.high;
  out->energy_j = fmin(at_low, at_high);
  out->uplink_s = s;
  out->compute_s = a->budget_s - s;
  out->price_w = latency_price(a, out->keep_ratio, s);
  out->lower_bound_j = lower_bound(a, out->price_w, b.low, b.high, s);
}
