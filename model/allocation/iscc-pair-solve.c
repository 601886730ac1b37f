/* SPDX-License-Identifier: GPL-2.0-only */
/* Beside the header's symbols: b = sent bits / B, k = b ln 2, t = -ln p, y = R_t/D(p). */
#include "iscc-pair-solve.h"

#include <math.h>

#define LN2 0.69314718055994530942

/* The balance at the root; the bracket around it, relative; Newton's last step in s, relative. The energy
 * depends on each in the second order, and the bound counts what is left; but where the loss has a part
 * linear in p, the bound depends on the balance in the first order. */
#define BALANCE_ENOUGH 3e-7
#define BALANCE_LINEAR 1e-12
#define BRACKET_ENOUGH 1e-11
#define STEP_ENOUGH    1e-8
#define NEAR_END       1e-6        /* of a limit, relative: looked at twice */
#define NEAR_CEILING   (1 - 1e-12) /* taken as the accuracy at P_max */
/* Most price of accuracy, in energies of the pair: beyond it, bounds drown in rounding. */
#define PRICE_MOST 1e4

enum { POINTS_MAX = 200, INNER_MAX = 60, UNKNOWN = -2 };

typedef struct { /* a point of the path */
  double at;     /* x, or nu where s is fixed */
  double keep_ratio, uplink_s, speed_flops;
  double latency_w, flop_j;   /* mu, h */
  iscc_sensing_point sensing; /* P_s = R_0^-1(y); segment UNKNOWN where p is out of range */
  double saved_j;             /* lambda from the side of sensing: T_sen dP_s/d(-D) */
  double saved_most_j;        /* more than that at a corner of R_0 and at its end */
  double balance, slope;      /* f and its derivative by the coordinate */
  bool beyond;                /* the accuracy is out of reach here: p < p_low */
} point;

typedef struct {
  const iscc_pair *pair;
  double enough;    /* of the balance */
  double k, snr;    /* of the Shannon uplink */
  bool uplink_held; /* s = s_min: the coordinate is nu */
  bool at_top;      /* the optimum stands at the path's upper end: P_max and nu_max */
  int points;
} path;

static double middle(double low, double high) { /* of a bracket that may span decades */
  return low > 0 ? sqrt(low * high) : 0.5 * (low + high);
}

static double uplink_price(const path *w, double s) {
  const double x = w->k / s;
  return iscc_prices_of_uplink(x, expm1(x), w->snr);
}

/* f, from what the accuracy y asks of sensing at slope_w = dP_s/dy; lambda = T_sen slope_w y/D(p), y D(p) =
 * R_t.
 */
static void compare(const path *w, point *o, double y, double t) {
  const iscc_problem *problem = w->pair->problem;
  o->saved_j = problem->sensing_time_s * o->sensing.slope_w * y * y / problem->target_accuracy;
  const double saved = o->saved_j * iscc_split_pruned_slope(w->pair->split, t);
  const double paid = o->flop_j * w->pair->split->flops_slope;
  o->balance = !(paid > 0) ? -(double)INFINITY : saved > 0 ? log(paid / saved) : (double)INFINITY;
}

/* p's side of a point from p and the derivatives of p and ln h by the coordinate. */
static void weigh(path *w, point *o, double p, double keep_slope, double log_h_slope) {
  const iscc_pair *a = w->pair;
  const double target = a->problem->target_accuracy, t = -log(p);
  const double factor = 1 - iscc_split_pruned(a->split, p, t) - a->quantization_loss;
  const double gain = iscc_split_pruned_slope(a->split, t); /* D'(p) */
  const double y = fmin(target / factor, a->ceiling);
  o->keep_ratio = p;
  o->beyond = !(factor * a->ceiling >= target);
  o->sensing = iscc_accuracy_curve_inverse(&a->problem->accuracy_curve, y);
  compare(w, o, y, t);
  o->saved_most_j = y >= a->ceiling * NEAR_CEILING ? (double)INFINITY : o->saved_j;
  o->slope = log_h_slope + keep_slope * (2 * a->split->pruning_loss * t / (p * gain) +
                                         (y * o->sensing.bend + 2) / factor * gain);
}

/* The same from F. Outside p's range, the balance tells the direction alone. */
static void weigh_flops(path *w, point *o, double flops, double flops_slope, double log_h_slope) {
  const iscc_split *split = w->pair->split;
  const double p = (flops - split->flops_const) / split->flops_slope;
  w->points++;
  o->beyond = !(p >= w->pair->keep_floor);
  if (!o->beyond && p < 1) weigh(w, o, p, flops_slope / split->flops_slope, log_h_slope);
  if (o->beyond || p >= 1) {
    o->keep_ratio = fmin(p, 1);
    o->balance = o->beyond ? -(double)INFINITY : (double)INFINITY;
    o->slope = 0;
    o->sensing.segment = UNKNOWN;
  }
}

static void look_at_uplink(path *w, double x, point *o) {
  const iscc_problem *problem = w->pair->problem;
  const double e = expm1(x), s = w->k / x, c = w->pair->budget_s - s;
  const double mu = iscc_prices_of_uplink(x, e, w->snr), mu_slope = x * (e + 1) / w->snr;
  double nu = cbrt(mu / (2 * problem->kappa)), nu_slope = nu * mu_slope / (3 * mu);
  o->flop_j = 3 * problem->kappa * nu * nu;
  double h_slope = 2 * problem->kappa * 3 * nu * nu_slope;
  if (nu >= problem->max_speed_flops) {
    nu = problem->max_speed_flops;
    nu_slope = 0;
    o->flop_j = problem->kappa * nu * nu + mu / nu;
    h_slope = mu_slope / nu;
  }
  o->at = x;
  o->uplink_s = s;
  o->speed_flops = nu;
  o->latency_w = mu;
  weigh_flops(w, o, c * nu, s / x * nu + c * nu_slope, h_slope / o->flop_j);
}

static void look_at_speed(path *w, double nu, point *o) {
  const double kappa = w->pair->problem->kappa, c = w->pair->budget_s - w->pair->uplink_least_s;
  o->at = o->speed_flops = nu;
  o->uplink_s = w->pair->uplink_least_s;
  o->latency_w = 2 * kappa * nu * nu * nu;
  o->flop_j = 3 * kappa * nu * nu;
  weigh_flops(w, o, c * nu, c, 2 / nu);
}

static void look_at(path *w, double at, point *o) {
  if (w->uplink_held)
    look_at_speed(w, at, o);
  else
    look_at_uplink(w, at, o);
}

/* Derivative by s of e(s) + k/(T_2 - s)^2; increasing. */
static double time_balance(const path *w, double k, double s) {
  const double c = w->pair->budget_s - s;
  return 2 * k / (c * c * c) - uplink_price(w, s);
}

/* Its root between low and high: Newton's method on ln(2 k/c^3) - ln(-e'(s)), which is nearly straight, kept
 * inside the bracket. */
static double root_of_time_balance(path *w, double k, double low, double high, double start) {
  double s = start > low && start < high ? start : 0.5 * (low + high);
  for (int i = 0; i < INNER_MAX; i++) {
    w->points++;
    const double c = w->pair->budget_s - s, before = s, x = w->k / s, e = expm1(x);
    const double over = iscc_prices_of_uplink(x, e, 1);
    const double f = log(2 * k * w->snr / (c * c * c * over));
    if (f > 0)
      high = s;
    else
      low = s;
    const double next = s - f / (3 / c + (e + 1) * x * x / (s * over));
    s = next > low && next < high ? next : middle(low, high);
    if (fabs(s - before) <= STEP_ENOUGH * s) break;
  }
  return s;
}

/* The s that minimises e(s) + kappa F^3/(T_2 - s)^2; start is a guess, 0 for none. */
static double best_uplink_time(path *w, double flops, double start) {
  const iscc_pair *a = w->pair;
  const double k = a->problem->kappa * flops * flops * flops, low = a->uplink_least_s;
  const double high = fmax(low, a->budget_s - flops / a->problem->max_speed_flops);
  if (a->sent_bits <= 0 || a->step >= 0 || !(high > low)) return low;
  if (flops <= 0) return high;
  const double s = root_of_time_balance(w, k, low, high, start);
  if (s - low > NEAR_END * s && high - s > NEAR_END * s) return s;
  /* a limit that binds is met exactly, so that its price is known */
  if (time_balance(w, k, high) <= 0) return high;
  return time_balance(w, k, low) >= 0 ? low : s;
}

static bool is_held(const path *w, double s) {
  return w->pair->sent_bits <= 0 || w->pair->step >= 0 || s <= w->pair->uplink_least_s * (1 + 1e-12);
}

/* The path's point at a given p; start is a guess of s, 0 for none. */
static void look_at_keep(path *w, double p, double start, point *o) {
  const iscc_problem *problem = w->pair->problem;
  const double flops = iscc_pair_flops(w->pair, p), s = best_uplink_time(w, flops, start);
  const double c = w->pair->budget_s - s, nu = flops > 0 ? fmin(flops / c, problem->max_speed_flops) : 0;
  const double sent = w->k > 0 ? uplink_price(w, s) : 0, computed = 2 * problem->kappa * nu * nu * nu;
  const bool held = is_held(w, s), fastest = nu >= problem->max_speed_flops * (1 - 1e-12);
  o->uplink_s = s;
  o->speed_flops = nu;
  o->latency_w = !held ? sent : !fastest ? computed : fmax(sent, computed);
  o->flop_j = iscc_prices_of_flop(problem, o->latency_w);
  o->at = w->uplink_held ? nu : w->k > 0 ? w->k / s : 0;
  weigh(w, o, p, 0, 0);
  w->points++;
}

/* The p at or above which the device computes at all and the accuracy can be met. */
static double lowest_keep(const iscc_pair *a) {
  const double cut = -a->split->flops_const / a->split->flops_slope;
  const double free_keep = cut > 0 ? cut * (1 - 4e-16) : 0; /* F = 0 whatever the rounding */
  return fmin(fmax(iscc_pair_least_keep(a, a->ceiling, 0), free_keep), a->keep_high);
}

/* The path's ends: f is below 0 or unknown (-INFINITY) at low, above 0 at high. True when the optimum stands
 * at the upper end. */
static bool find_ends(path *w, point *low, point *high) {
  const iscc_pair *a = w->pair;
  *low = *high = (point){.balance = INFINITY, .sensing.segment = UNKNOWN};
  low->balance = -(double)INFINITY;
  if (!w->uplink_held) {
    look_at_uplink(w, w->k / a->uplink_least_s, high);
    low->at = w->k / a->budget_s;
    if (high->balance > 0) return false;
    *low = *high; /* more is asked: by speed alone */
    low->at = low->speed_flops;
    w->uplink_held = true;
    if (low->speed_flops >= a->problem->max_speed_flops) return true;
  }
  const double whole = iscc_pair_flops(a, 1) / (a->budget_s - a->uplink_least_s); /* p = 1 */
  if (whole < a->problem->max_speed_flops) {
    *high = (point){.at = whole, .balance = INFINITY, .sensing.segment = UNKNOWN};
    return false;
  }
  look_at_speed(w, a->problem->max_speed_flops, high);
  return !(high->balance > 0);
}

/* f at a corner of R_0, on the side of the segment that is asked there. */
static void weigh_corner(const path *w, point *o, int corner, int segment) {
  const iscc_accuracy_curve *c = &w->pair->problem->accuracy_curve;
  o->sensing = iscc_accuracy_curve_inverse(c, c->accuracy[segment]);
  o->sensing.power_w = c->power_w[corner];
  compare(w, o, c->accuracy[corner], -log(o->keep_ratio));
}

/* Looks at the corner between the segments of two points, neighbours: the optimum stands there, *low (true),
 * or one end moves to its side of the corner. */
static bool settle_corner(path *w, point *low, point *high) {
  const int corner = high->sensing.segment; /* where p is higher, less accuracy is asked */
  const double p =
      iscc_pair_least_keep(w->pair, w->pair->problem->accuracy_curve.accuracy[corner], low->keep_ratio);
  const double share = (p - low->keep_ratio) / (high->keep_ratio - low->keep_ratio);
  point above, below;
  look_at_keep(w, p, low->uplink_s + share * (high->uplink_s - low->uplink_s), &above);
  below = above;
  weigh_corner(w, &above, corner, corner);
  weigh_corner(w, &below, corner, corner + 1);
  if (above.balance < 0) {
    *low = above;
    return false;
  }
  if (below.balance > 0) {
    *high = below;
    return false;
  }
  *low = above;
  low->saved_most_j = below.saved_j;
  return true;
}

/* Where to look next: by Newton's method, by a secant from a point without derivative, or half way. */
static double next_point(const point *low, const point *high, const point *last) {
  double next = NAN;
  if (last->slope > 0)
    next = last->at - last->balance / last->slope;
  else if (isfinite(low->balance) && isfinite(high->balance))
    next = low->at + (high->at - low->at) * (low->balance / (low->balance - high->balance));
  return next > low->at && next < high->at ? next : middle(low->at, high->at);
}

/* Segments of a tabulated R_0 that meet in a corner. Below its first point f is INFINITY, not unknown. */
static bool are_neighbours(const path *w, const point *low, const point *high) {
  return w->pair->problem->accuracy_curve.kind == ISCC_CURVE_TABLE && high->sensing.segment >= 0 &&
         low->sensing.segment == high->sensing.segment + 1;
}

/* Where pruning costs accuracy from the first weight on, nothing may be worth pruning: *high becomes the path
 * at p = 1, and true means that this is the optimum. */
static bool settle_unpruned(path *w, point *high) {
  point whole;
  if (!(w->pair->split->pruning_slope > 0) || w->pair->keep_high < 1) return false;
  look_at_keep(w, 1, 0, &whole);
  if (whole.balance <= 0 || whole.at < high->at) *high = whole;
  return whole.balance <= 0;
}

/* The root of f between the ends, or an end of p, or a corner. */
static point find_root(path *w, point *low, point *high) {
  point o;
  if (settle_unpruned(w, high)) return *high;
  double next = middle(low->at, high->at), width = high->at - low->at;
  for (int i = 1; i < POINTS_MAX && high->at - low->at > BRACKET_ENOUGH * high->at; i++) {
    look_at(w, next, &o);
    if (fabs(o.balance) <= w->enough) return o;
    if (o.beyond) {
      if (isfinite(low->balance)) break; /* by rounding */
      look_at_keep(w, lowest_keep(w->pair), 0, low);
      if (low->balance >= 0) return *low;
      o.slope = 0;
    } else {
      *(o.balance < 0 ? low : high) = o;
    }
    if (are_neighbours(w, low, high)) {
      if (settle_corner(w, low, high)) return *low;
      o.slope = 0;
    }
    next = next_point(low, high, &o);
    if (i % 4 == 0) { /* too slow */
      if (high->at - low->at > 0.25 * width) next = middle(low->at, high->at);
      width = high->at - low->at;
    }
    if (!(next > low->at && next < high->at)) break; /* neighbouring numbers */
  }
  if (isfinite(high->balance)) return *high;
  if (!isfinite(low->balance)) look_at_keep(w, lowest_keep(w->pair), 0, low);
  return *low;
}

/* The pair's optimum; *keep_low becomes a p that the bound may count on. */
static point find_optimum(path *w, double *keep_low) {
  const iscc_pair *a = w->pair;
  point low, high;
  const bool keeps_all = !(a->split->flops_slope > 0); /* it costs nothing */
  const bool saves_none =
      !(a->problem->sensing_time_s > 0) || (!(a->split->pruning_loss > 0) && !(a->split->pruning_slope > 0));
  if (keeps_all || saves_none || a->split->flops_const < 0) {
    *keep_low = keeps_all ? 1 : lowest_keep(a);
    look_at_keep(w, *keep_low, 0, &low);
    if (keeps_all || saves_none || low.balance >= 0) return low;
  }
  w->at_top = find_ends(w, &low, &high);
  if (w->at_top) {
    look_at_keep(w, a->keep_high, 0, &high);
    return high;
  }
  return find_root(w, &low, &high);
}

static double energy_of(const path *w, const point *o) {
  const iscc_pair *a = w->pair;
  const double flops = iscc_pair_flops(a, o->keep_ratio);
  return a->problem->sensing_time_s * o->sensing.power_w +
         o->uplink_s * iscc_pair_uplink_power(a, o->uplink_s) +
         a->problem->kappa * flops * o->speed_flops * o->speed_flops;
}

/* The prices that support the optimum: where it stands at a limit, those of the side that does not. */
static void price(const path *w, const point *o, double energy_j, iscc_prices *prices) {
  const iscc_pair *a = w->pair;
  const double weight = iscc_split_pruned_slope(a->split, -log(o->keep_ratio));
  const double slope = a->split->flops_slope, speed = a->problem->max_speed_flops;
  double mu = o->latency_w, lambda = o->saved_j, power_w = o->sensing.power_w;
  if (isinf(o->saved_most_j))
    power_w = iscc_accuracy_curve_inverse(&a->problem->accuracy_curve, a->ceiling).power_w;
  if (o->balance > w->enough) /* less p would save, were the accuracy not asked */
    lambda = fmax(lambda, fmin(o->saved_most_j, fmin(o->flop_j * slope / weight, PRICE_MOST * energy_j)));
  else if (w->at_top) /* more would save, were there time for it */
    mu = fmax(mu, speed * (lambda * weight / slope - a->problem->kappa * speed * speed));
  iscc_prices_set(prices, a->problem, mu, lambda, power_w);
}

void iscc_pair_solve(const iscc_pair *a, iscc_pair_solution *out) {
  path w = {.pair = a, .snr = a->problem->uplink.snr_per_w, .uplink_held = true};
  if (a->sent_bits > 0 && a->step < 0) {
    w.k = a->sent_bits / a->problem->uplink.bandwidth_hz * LN2;
    w.uplink_held = false;
  }
  w.enough = a->split->pruning_slope > 0 ? BALANCE_LINEAR : BALANCE_ENOUGH;
  double keep_low = 0;
  const point o = find_optimum(&w, &keep_low);
  if (o.balance > w.enough) keep_low = fmax(keep_low, fmin(o.keep_ratio, lowest_keep(a)));
  out->keep_ratio = o.keep_ratio;
  out->uplink_s = o.uplink_s;
  out->compute_s = a->budget_s - o.uplink_s;
  out->energy_j = energy_of(&w, &o);
  price(&w, &o, out->energy_j, &out->prices);
  const double bit_j =
      a->step >= 0 ? iscc_prices_of_step(a->problem, a->step, out->prices.latency_w) : out->prices.bit_j;
  out->lower_bound_j = iscc_prices_split_bound(&out->prices, a->problem, a->split, keep_low) +
                       iscc_prices_bits_bound(&out->prices, a->split, a->bits, bit_j);
  out->iterations = w.points;
}
