/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-pair.h"

#include <math.h>

#define LN2 0.69314718055994530942

/* Budget held back, relative to T_max and to F's terms, so that rounding never makes a plan pass T_max. */
#define BUDGET_GUARD 1e-12
#define FLOPS_GUARD  1e-15

#define STEP_ENOUGH 1e-8 /* Newton's last step, relative: what is left is its square */

enum { STEPS_MAX = 100 };

double iscc_pair_accuracy_factor(const iscc_pair *a, double p) {
  return 1 - iscc_split_pruned(a->split, p, -log(p)) - a->quantization_loss;
}

iscc_sensing_point iscc_pair_sensing(const iscc_pair *a, double p) {
  const double factor = iscc_pair_accuracy_factor(a, p);
  if (!(factor > 0)) return iscc_accuracy_curve_inverse(&a->problem->accuracy_curve, INFINITY);
  double asked = a->problem->target_accuracy / factor;
  /* where the ceiling does, no more than that, whatever the division rounds to */
  if (factor >= a->problem->target_accuracy / a->ceiling) asked = fmin(asked, a->ceiling);
  return iscc_accuracy_curve_inverse(&a->problem->accuracy_curve, asked);
}

double iscc_pair_flops(const iscc_pair *a, double p) {
  return fmax(0, a->split->flops_slope * p + a->split->flops_const);
}

double iscc_pair_uplink_power(const iscc_pair *a, double s) {
  if (a->sent_bits <= 0) return 0;
  const iscc_uplink *u = &a->problem->uplink;
  if (a->step >= 0) return u->power_w[a->step];
  return expm1(a->sent_bits / u->bandwidth_hz * LN2 / s) / u->snr_per_w;
}

/* A p at or below the root of u(p) = value, value in (0, 2): u(p) is the integral of (ln x)^2 from p to 1
 * and, with d = 1 - x, (ln x)^2 >= d^2 + d^3 + 11/12 d^4, so u(p) >= d^3/3 + d^4/4 + 11/60 d^5 with d = 1 -
 * p; Newton for that from above. Where it says little, from a few values of u. */
static double below_root_of_shape(double value) {
  static const double keep[] = {0.15, 0.1, 0.05, 0.02, 0.01, 0.003, 0.001, 1e-4, 1e-5, ISCC_PAIR_KEEP_MIN};
  double d = cbrt(3 * value);
  for (int i = 0; i < 3; i++)
    d -=
        (d * d * d * (1.0 / 3 + d * (1.0 / 4 + d * 11 / 60)) - value) / (d * d * (1 + d * (1 + d * 11 / 12)));
  if (1 - d > keep[0]) return 1 - d;
  size_t i = 0;
  while (i + 1 < sizeof keep / sizeof *keep && iscc_keep_shape(keep[i], -log(keep[i])) < value) i++;
  return keep[i];
}

/* A p at or below the one at which pruning loses `most`: neither of its two terms may lose that alone. */
static double below_root_of_loss(const iscc_split *split, double most) {
  if (!(most > 0)) return 1;
  const double value = most / split->pruning_loss;
  return fmax(value < 2 ? below_root_of_shape(value) : ISCC_PAIR_KEEP_MIN,
              split->pruning_slope > 0 ? 1 - most / split->pruning_slope : 0);
}

/* D is concave and increasing, so Newton's steps from the left grow towards the root and never pass it but by
 * rounding. */
double iscc_pair_least_keep(const iscc_pair *a, double accuracy, double below) {
  const iscc_split *split = a->split;
  if (!(split->pruning_loss > 0) && !(split->pruning_slope > 0)) return a->keep_floor;
  const double wanted = a->problem->target_accuracy / accuracy, most = 1 - a->quantization_loss - wanted;
  double p = below > 0 ? below : below_root_of_loss(split, most);
  for (int i = 0; i < STEPS_MAX && p < 1 && most < 2 * split->pruning_loss + split->pruning_slope; i++) {
    const double t = -log(p),
                 next = p + (iscc_split_pruned(split, p, t) - most) / iscc_split_pruned_slope(split, t);
    const bool last = !(next > p * (1 + STEP_ENOUGH));
    p = fmax(p, next);
    if (last) break;
  }
  for (double step = 1e-16; p < 1 && iscc_pair_accuracy_factor(a, p) < wanted; step *= 2)
    p += step; /* rounding */
  return fmin(fmax(p, a->keep_floor), 1);
}

iscc_pair_status iscc_pair_init(iscc_pair *a, const iscc_problem *problem, const iscc_split *split, int bits,
                                int step) {
  const iscc_uplink *u = &problem->uplink;
  a->problem = problem;
  a->split = split;
  a->bits = bits;
  a->step = step;
  a->sent_bits = bits ? (double)split->features * bits + split->overhead_bits[bits] : 0;
  a->quantization_loss = bits ? split->quantization_loss[bits] : 0;
  a->budget_s = problem->max_latency_s * (1 - BUDGET_GUARD) - problem->sensing_time_s -
                split->server_flops / problem->server_speed_flops - split->delay_s -
                FLOPS_GUARD * (split->flops_slope + fabs(split->flops_const)) / problem->max_speed_flops;
  a->keep_floor = fmax(ISCC_PAIR_KEEP_MIN, split->keep_min);
  a->uplink_least_s = 0;
  if (a->sent_bits > 0)
    a->uplink_least_s =
        a->sent_bits /
        (step >= 0 ? u->rate_bps[step] : iscc_uplink_rate_bps(u, iscc_transmit_power_max(problem)));
  a->ceiling = iscc_accuracy_curve_at(&problem->accuracy_curve, problem->max_power_w);
  const double wanted = problem->target_accuracy / a->ceiling;
  if (!(iscc_pair_accuracy_factor(a, 1) >= wanted)) return ISCC_PAIR_NEEDS_ACCURACY;
  const double time_left = a->budget_s - a->uplink_least_s, most = time_left * problem->max_speed_flops;
  a->keep_high = 1;
  if (!(time_left >= 0)) return ISCC_PAIR_NEEDS_TIME;
  if (iscc_pair_flops(a, 1) > most) {
    if (!(split->flops_slope > 0)) return ISCC_PAIR_NEEDS_TIME;
    a->keep_high = fmin(1, (most - split->flops_const) / split->flops_slope);
    if (!(a->keep_high >= a->keep_floor && iscc_pair_accuracy_factor(a, a->keep_high) >= wanted))
      return ISCC_PAIR_NEEDS_TIME;
  }
  return ISCC_PAIR_FEASIBLE;
}

int iscc_pair_first_step(const iscc_problem *p, int bits) {
  return bits && p->uplink.kind == ISCC_UPLINK_STEPS ? 0 : -1;
}

int iscc_pair_last_step(const iscc_problem *p, int bits) {
  if (iscc_pair_first_step(p, bits) < 0) return -1;
  int last = -1;
  while (last + 1 < p->uplink.steps && p->uplink.power_w[last + 1] <= iscc_transmit_power_max(p)) last++;
  return last;
}

int iscc_pair_first_bits(const iscc_problem *problem, const iscc_split *split) {
  return split->features > 0 ? problem->bits_min : 0;
}

int iscc_pair_last_bits(const iscc_problem *problem, const iscc_split *split) {
  return split->features > 0 ? problem->bits_max : 0;
}
