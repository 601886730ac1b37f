/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-random-problem.h"

#include <math.h>
#include <string.h>

static double decades(iscc_random *r, double low, double high) {
  return pow(10, iscc_random_between(r, low, high));
}

static void draw_curve(iscc_random_problem *d, iscc_random *r) {
  iscc_accuracy_curve *c = &d->problem.accuracy_curve;
  *c = (iscc_accuracy_curve){
      .kind = ISCC_CURVE_ARCTAN, .a = iscc_random_between(r, 0.55, 0.6366), .b_per_w = decades(r, 1, 3)};
  if (iscc_random_below(r, 2)) return;
  const int points = 2 + (int)iscc_random_below(r, RANDOM_TABLE_MAX - 1);
  double power = decades(r, -4, -2), accuracy = iscc_random_between(r, 0, 0.4), slope = decades(r, 1, 2);
  for (int i = 0; i < points; i++) {
    d->curve_power_w[i] = power;
    d->curve_accuracy[i] = accuracy;
    const double rise = (0.99 - accuracy) * iscc_random_between(r, 0.1, 0.7);
    power += rise / slope;
    accuracy += rise;
    slope *= iscc_random_between(r, 0.1, 0.95);
  }
  *c = (iscc_accuracy_curve){
      .kind = ISCC_CURVE_TABLE, .power_w = d->curve_power_w, .accuracy = d->curve_accuracy, .points = points};
}

static void draw_uplink(iscc_random_problem *d, iscc_random *r) {
  iscc_uplink *u = &d->problem.uplink;
  *u = (iscc_uplink){
      .kind = ISCC_UPLINK_SHANNON, .bandwidth_hz = decades(r, 4.3, 6), .snr_per_w = decades(r, -1.5, 3.5)};
  if (iscc_random_below(r, 3)) return;
  const int steps = 1 + (int)iscc_random_below(r, 5);
  double rate = decades(r, 4, 5), power = decades(r, -3, -1);
  for (int i = 0; i < steps; i++) {
    d->step_rate_bps[i] = rate;
    d->step_power_w[i] = power;
    rate *= iscc_random_between(r, 1.2, 3);
    power *= iscc_random_between(r, 1.2, 4);
  }
  *u = (iscc_uplink){
      .kind = ISCC_UPLINK_STEPS, .rate_bps = d->step_rate_bps, .power_w = d->step_power_w, .steps = steps};
}

static void draw_split(iscc_split *s, iscc_random *r, int layer, int splits) {
  memset(s, 0, sizeof *s);
  s->layer = layer;
  if (layer > 0) {
    s->flops_slope = decades(r, 4.5, 6.7);
    s->flops_const = -0.01 * s->flops_slope * iscc_random_uniform(r);
    s->pruning_loss = iscc_random_below(r, 8) ? iscc_random_between(r, 0, 0.6) : 0;
    s->pruning_slope = iscc_random_below(r, 2) ? iscc_random_between(r, 0, 0.3) : 0;
    s->keep_min = iscc_random_below(r, 2) ? iscc_random_between(r, 0, 0.8) : 0;
  }
  s->server_flops = layer == splits - 1 ? 0 : decades(r, 4, 8);
  s->features = layer == splits - 1 ? 0 : (int)decades(r, 1, 3.8);
  const double loss = iscc_random_between(r, 0, 0.3), overhead = iscc_random_below(r, 2) ? 500.0 : 0.0;
  for (int q = 2; q <= ISCC_PROBLEM_BITS_MAX && s->features; q++) {
    s->quantization_loss[q] = loss / pow(exp2(q - 1) - 1, 2);
    s->overhead_bits[q] = overhead;
  }
  s->delay_s = iscc_random_below(r, 2) ? 1e-4 : 0;
}

void iscc_random_problem_draw(iscc_random_problem *d, iscc_random *r, int splits) {
  iscc_problem *p = &d->problem;
  iscc_problem_defaults(p);
  p->target_accuracy = iscc_random_between(r, 0.4, 0.93);
  p->sensing_time_s = iscc_random_below(r, 10) ? iscc_random_between(r, 0.05, 0.6) : 0;
  p->max_latency_s = p->sensing_time_s + decades(r, -1.5, 0.3);
  p->max_power_w = decades(r, -1.5, 0.5);
  p->max_speed_flops = decades(r, 5.5, 8.5);
  p->server_speed_flops = decades(r, 9, 11);
  p->kappa = decades(r, -22, -19);
  p->bits_min = 2 + (int)iscc_random_below(r, 3);
  p->bits_max = p->bits_min + (int)iscc_random_below(r, 6);
  draw_curve(d, r);
  draw_uplink(d, r);
  if (!iscc_random_below(r, 4)) p->uplink.max_power_w = p->max_power_w * decades(r, -1, 0.5);
  for (int i = 0; i < splits; i++) draw_split(&d->split[i], r, i, splits);
  p->splits = d->split;
  p->split_count = (size_t)splits;
}

double iscc_reference_accuracy(const iscc_problem *p, double power_w) {
  const iscc_accuracy_curve *c = &p->accuracy_curve;
  if (c->kind == ISCC_CURVE_ARCTAN) return c->a * atan(c->b_per_w * power_w);
  if (power_w < c->power_w[0]) return 0;
  /* concave: the least of all chords' lines, cut at the last point */
  double least = c->accuracy[c->points - 1];
  for (int i = 1; i < c->points; i++)
    least = fmin(least, c->accuracy[i - 1] + (power_w - c->power_w[i - 1]) *
                                                 (c->accuracy[i] - c->accuracy[i - 1]) /
                                                 (c->power_w[i] - c->power_w[i - 1]));
  return least;
}

double iscc_reference_sensing_power(const iscc_problem *p, double accuracy) {
  const iscc_accuracy_curve *c = &p->accuracy_curve;
  if (c->kind == ISCC_CURVE_ARCTAN)
    return accuracy < c->a * 2 * atan(1) ? tan(accuracy / c->a) / c->b_per_w : (double)INFINITY;
  if (accuracy > c->accuracy[c->points - 1]) return INFINITY;
  double most = c->power_w[0];
  for (int i = 1; i < c->points; i++)
    most =
        fmax(most, c->power_w[i - 1] + (accuracy - c->accuracy[i - 1]) * (c->power_w[i] - c->power_w[i - 1]) /
                                           (c->accuracy[i] - c->accuracy[i - 1]));
  return most;
}

double iscc_reference_pruning_shape(double p) {
  const double log_p = log(p);
  return 2 - p * (log_p * log_p - 2 * log_p + 2);
}

double iscc_reference_pruned(const iscc_split *s, double keep) {
  return s->pruning_loss * iscc_reference_pruning_shape(keep) + s->pruning_slope * (1 - keep);
}

typedef struct { /* one (l, Q, step) */
  const iscc_problem *problem;
  const iscc_split *split;
  int bits, step;
  double sent_bits, flops, budget_s; /* flops: of the p under trial */
} trial;

static double golden(double (*f)(trial *, double), trial *t, double low, double high, int steps,
                     double *best) {
  const double ratio = 0.5 * (sqrt(5) - 1);
  double a = high - ratio * (high - low), b = low + ratio * (high - low), fa = f(t, a), fb = f(t, b);
  for (int i = 0; i < steps; i++) {
    if (fa < fb) {
      high = b, b = a, fb = fa;
      a = high - ratio * (high - low), fa = f(t, a);
    } else {
      low = a, a = b, fa = fb;
      b = low + ratio * (high - low), fb = f(t, b);
    }
  }
  *best = fa < fb ? a : b;
  return fmin(fa, fb);
}

/* Uplink and compute energy when the uplink takes s. */
static double energy_at_time(trial *t, double s) {
  const iscc_uplink *u = &t->problem->uplink;
  const double power = (exp2(t->sent_bits / (u->bandwidth_hz * s)) - 1) / u->snr_per_w;
  const double c = t->budget_s - s;
  return power * s + (t->flops > 0 ? t->problem->kappa * t->flops * pow(t->flops / c, 2) : 0);
}

/* P_s that p asks for; INFINITY when there is none within P_max. */
static double sensing_at_keep(const trial *t, double keep) {
  const iscc_problem *p = t->problem;
  const double factor =
      1 - iscc_reference_pruned(t->split, keep) - (t->bits ? t->split->quantization_loss[t->bits] : 0);
  const double power =
      factor > 0 ? iscc_reference_sensing_power(p, p->target_accuracy / factor) : (double)INFINITY;
  return power <= p->max_power_w ? power : (double)INFINITY;
}

static double flops_at_keep(const trial *t, double keep) {
  return fmax(0, t->split->flops_slope * keep + t->split->flops_const);
}

static double least_uplink_s(const trial *t) {
  const iscc_problem *p = t->problem;
  if (t->sent_bits <= 0) return 0;
  if (t->step >= 0) return t->sent_bits / p->uplink.rate_bps[t->step];
  return t->sent_bits / (p->uplink.bandwidth_hz * log2(1 + p->uplink.snr_per_w * iscc_transmit_power_max(p)));
}

static bool is_accurate(const trial *t, double keep) {
  return isfinite(sensing_at_keep(t, keep));
}

static bool is_late(const trial *t, double keep) {
  const double left_s = t->budget_s - least_uplink_s(t), flops = flops_at_keep(t, keep);
  return left_s < 0 || flops > left_s * t->problem->max_speed_flops;
}

static double energy_at_keep(trial *t, double keep) {
  const iscc_problem *p = t->problem;
  const double sensing = sensing_at_keep(t, keep), least_s = least_uplink_s(t);
  if (isinf(sensing) || is_late(t, keep)) return INFINITY;
  t->flops = flops_at_keep(t, keep);
  double rest, s = least_s;
  if (t->sent_bits > 0 && t->step < 0) {
    const double most_s = fmax(least_s, t->budget_s - t->flops / p->max_speed_flops);
    rest = golden(energy_at_time, t, least_s, most_s, 40, &s);
    rest = fmin(rest, fmin(energy_at_time(t, least_s), energy_at_time(t, most_s)));
  } else {
    rest = s * (t->step >= 0 ? p->uplink.power_w[t->step] : 0) +
           (t->flops > 0 ? p->kappa * t->flops * pow(t->flops / (t->budget_s - s), 2) : 0);
  }
  return p->sensing_time_s * sensing + rest;
}

/* Where a condition that fails at low and holds at high begins to hold. */
static double threshold(bool (*holds)(const trial *, double), const trial *t, double low, double high) {
  for (int i = 0; i < 100; i++) {
    const double middle = 0.5 * (low + high);
    *(holds(t, middle) ? &high : &low) = middle;
  }
  return high;
}

/* Accuracy asks for a p from some value on, latency for one up to some value. */
static double trial_energy(trial *t) {
  enum { POINTS = 48 };
  double low = fmax(1e-9, t->split->keep_min), high = 1, best = INFINITY, keep[POINTS];
  if (!is_accurate(t, high) || is_late(t, low)) return INFINITY;
  if (!is_accurate(t, low)) low = threshold(is_accurate, t, low, high);
  if (is_late(t, high)) high = threshold(is_late, t, low, high) * (1 - 1e-15);
  int at = 0;
  for (int i = 0; i < POINTS; i++) { /* fine near both ends */
    const double x = (double)i / (POINTS - 1);
    keep[i] = low + (high - low) * x * x * (3 - 2 * x);
    const double energy = energy_at_keep(t, keep[i]);
    if (energy < best) best = energy, at = i;
  }
  double where;
  return fmin(best, golden(energy_at_keep, t, keep[at ? at - 1 : 0], keep[at + 1 < POINTS ? at + 1 : at], 36,
                           &where));
}

double iscc_reference_energy(const iscc_problem *p) {
  double best = INFINITY;
  for (size_t i = 0; i < p->split_count; i++) {
    const iscc_split *split = &p->splits[i];
    const int first = split->features ? p->bits_min : 0, last = split->features ? p->bits_max : 0;
    for (int bits = first; bits <= last; bits++) {
      const bool steps = bits && p->uplink.kind == ISCC_UPLINK_STEPS;
      for (int step = steps ? 0 : -1; step < (steps ? p->uplink.steps : 0); step++) {
        if (step >= 0 && p->uplink.power_w[step] > iscc_transmit_power_max(p)) continue;
        trial t = {.problem = p, .split = split, .bits = bits, .step = step};
        t.sent_bits = bits ? (double)split->features * bits + split->overhead_bits[bits] : 0;
        t.budget_s = p->max_latency_s - p->sensing_time_s - split->server_flops / p->server_speed_flops -
                     split->delay_s;
        best = fmin(best, trial_energy(&t));
      }
    }
  }
  return best;
}
