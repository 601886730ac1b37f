/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-prices.h"

#include <math.h>

#define LN2 0.69314718055994530942

double iscc_prices_of_uplink(double x, double expm1_x, double snr_per_w) {
  /* the difference cancels for small x: use its series */
  const double over = x < 1e-3 ? x * x * (0.5 + x * (1.0 / 3 + x / 8)) : x * (expm1_x + 1) - expm1_x;
  return over / snr_per_w;
}

double iscc_prices_of_flop(const iscc_problem *problem, double latency_w) {
  const double nu = fmin(problem->max_speed_flops, cbrt(latency_w / (2 * problem->kappa)));
  return nu > 0 ? problem->kappa * nu * nu + latency_w / nu : 0;
}

/* psi of the Shannon uplink. Newton's method from the right of the root x of x e^x - expm1(x) = mu snr; *mu
 * becomes the price for which the x reached is exact: every price gives a valid bound. */
static double shannon_bit_price(const iscc_problem *problem, double *mu) {
  const iscc_uplink *u = &problem->uplink;
  const double m = *mu * u->snr_per_w, most = log1p(u->snr_per_w * iscc_transmit_power_max(problem));
  double x = fmin(sqrt(2 * m), 1 + log1p(m));
  for (int i = 0; i < 8 && x > 0; i++) {
    const double e = expm1(x), over = iscc_prices_of_uplink(x, e, 1) - m;
    x -= over / (x * (e + 1));
    if (fabs(over) <= 1e-9 * m) break;
  }
  if (!(x > 0)) { /* a price of nothing: at the lowest rate, in the limit */
    *mu = 0;
    return LN2 / (u->snr_per_w * u->bandwidth_hz);
  }
  if (x >= most) return (iscc_transmit_power_max(problem) + *mu) * LN2 / (u->bandwidth_hz * most);
  const double e = expm1(x);
  *mu = iscc_prices_of_uplink(x, e, u->snr_per_w);
  return (e / u->snr_per_w + *mu) * LN2 / (u->bandwidth_hz * x);
}

static double stepped_bit_price(const iscc_problem *problem, double mu) {
  const iscc_uplink *u = &problem->uplink;
  double least = INFINITY;
  for (int i = 0; i < u->steps && u->power_w[i] <= iscc_transmit_power_max(problem); i++)
    least = fmin(least, iscc_prices_of_step(problem, i, mu));
  return isfinite(least) ? least : 0;
}

void iscc_prices_set(iscc_prices *prices, const iscc_problem *problem, double latency_w, double accuracy_j,
                     double sensing_power_w) {
  const double reached = iscc_accuracy_curve_at(&problem->accuracy_curve, sensing_power_w);
  prices->bit_j = problem->uplink.kind == ISCC_UPLINK_SHANNON ? shannon_bit_price(problem, &latency_w)
                                                              : stepped_bit_price(problem, latency_w);
  prices->latency_w = latency_w;
  prices->flop_j = iscc_prices_of_flop(problem, latency_w);
  prices->accuracy_j = accuracy_j;
  prices->sensing_j = problem->sensing_time_s * sensing_power_w;
  if (accuracy_j > 0) prices->sensing_j += accuracy_j * problem->target_accuracy / reached;
}

void iscc_prices_guess(iscc_prices *prices, const iscc_problem *problem) {
  const iscc_accuracy_curve *curve = &problem->accuracy_curve;
  const double ceiling = iscc_accuracy_curve_at(curve, problem->max_power_w);
  const double accuracy = 0.5 * (problem->target_accuracy + fmax(ceiling, problem->target_accuracy));
  const iscc_sensing_point at = iscc_accuracy_curve_inverse(curve, fmin(accuracy, ceiling));
  const double speed = 0.5 * problem->max_speed_flops, snr = problem->uplink.snr_per_w;
  double mu = 2 * problem->kappa * speed * speed * speed;
  if (problem->uplink.kind == ISCC_UPLINK_SHANNON) {
    const double x = 0.5 * log1p(snr * iscc_transmit_power_max(problem));
    mu = iscc_prices_of_uplink(x, expm1(x), snr);
  }
  const double lambda = problem->sensing_time_s * at.slope_w * accuracy * accuracy / problem->target_accuracy;
  iscc_prices_set(prices, problem, mu, lambda, at.power_w);
}

double iscc_prices_split_bound(const iscc_prices *prices, const iscc_problem *problem,
                               const iscc_split *split, double keep_low) {
  const double lambda = prices->accuracy_j, mu = prices->latency_w;
  const double left_s = problem->max_latency_s - problem->sensing_time_s -
                        split->server_flops / problem->server_speed_flops - split->delay_s;
  const double rounding = ISCC_PRICES_ROUNDING * (prices->sensing_j + lambda + mu * problem->max_latency_s);
  const double bound = prices->sensing_j - lambda - mu * left_s - rounding;
  const double per_keep = prices->flop_j * split->flops_slope, loss = lambda * split->pruning_loss;
  const double over = per_keep - lambda * split->pruning_slope; /* what p costs near 1 */
  if (!(per_keep > 0))
    return bound + (1 - ISCC_PRICES_ROUNDING) * prices->flop_j * fmax(0, split->flops_const);
  /* d/dp of loss u(p) + h F(p) + lambda slope (1 - p) is 0 where (ln p)^2 = over/loss; F has a corner where
   * it is cut at 0 */
  const double zero = fmax(fmax(keep_low, split->keep_min), -split->flops_const / split->flops_slope);
  double t = !(over > 0) ? 0 : loss > 0 ? fmin(sqrt(over / loss), 700) : 700, p = exp(-t);
  if (p < zero) {
    p = fmin(zero, 1);
    t = -log(p);
  }
  const double computed = prices->flop_j * fmax(0, split->flops_slope * p + split->flops_const);
  return bound + (1 - ISCC_PRICES_ROUNDING) * (lambda * iscc_split_pruned(split, p, t) + computed);
}
