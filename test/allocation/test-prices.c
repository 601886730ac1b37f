/* SPDX-License-Identifier: GPL-2.0-only */
/* Lagrangian bounds at any prices beside allocations drawn at random, and the prices of solved pairs. */
#include <check.h>
#include <math.h>

#include "iscc-pair-solve.h"
#include "iscc-prices.h"
#include "iscc-random-problem.h"

enum { PROBLEMS = 600, SPLITS = 6, TRIES = 60 };

static iscc_random_problem drawn;
static iscc_random stream;

static void set_up(void) {
  iscc_random_seed(&stream, 41, 0, 0, ISCC_STREAM_TEST);
}

/* Prices at a random sensing power and a random price of latency. */
static void draw_prices(iscc_prices *prices, const iscc_problem *p) {
  const double power = p->max_power_w * pow(10, iscc_random_between(&stream, -2, 0));
  const double y = fmax(iscc_accuracy_curve_at(&p->accuracy_curve, power), 1e-3);
  const iscc_sensing_point at = iscc_accuracy_curve_inverse(&p->accuracy_curve, y);
  const double lambda = p->sensing_time_s * at.slope_w * y * y / p->target_accuracy;
  iscc_prices_set(prices, p, pow(10, iscc_random_between(&stream, -6, 1)), lambda, at.power_w);
}

static double rate_at(const iscc_uplink *u, double power) {
  if (u->kind == ISCC_UPLINK_SHANNON) return u->bandwidth_hz * log2(1 + u->snr_per_w * power);
  double rate = 0;
  for (int i = 0; i < u->steps; i++)
    if (u->power_w[i] <= power) rate = u->rate_bps[i];
  return rate;
}

/* The energy of a random allocation of a split; INFINITY when it misses accuracy or latency. */
static double draw_energy(const iscc_problem *p, const iscc_split *s, int bits) {
  const double keep = s->flops_slope > 0 ? pow(10, iscc_random_between(&stream, -3, 0)) : 1;
  const double sensing = p->max_power_w * pow(10, iscc_random_between(&stream, -3, 0));
  const double transmit = iscc_transmit_power_max(p) * pow(10, iscc_random_between(&stream, -3, 0));
  const double speed = p->max_speed_flops * pow(10, iscc_random_between(&stream, -1.5, 0));
  const double flops = fmax(0, s->flops_slope * keep + s->flops_const);
  const double sent = bits ? (double)s->features * bits + s->overhead_bits[bits] : 0;
  const double uplink_s = sent > 0 ? sent / rate_at(&p->uplink, transmit) : 0;
  const double latency =
      p->sensing_time_s + flops / speed + uplink_s + s->server_flops / p->server_speed_flops + s->delay_s;
  const double accuracy = iscc_reference_accuracy(p, sensing) *
                          (1 - iscc_reference_pruned(s, keep) - (bits ? s->quantization_loss[bits] : 0));
  if (keep < s->keep_min) return INFINITY;
  if (!(latency <= p->max_latency_s && accuracy >= p->target_accuracy)) return INFINITY;
  return p->sensing_time_s * sensing + p->kappa * flops * speed * speed + transmit * uplink_s;
}

START_TEST(no_allocation_costs_less_than_a_bound_at_any_prices) {
  int feasible = 0, close = 0;
  for (int k = 0; k < PROBLEMS; k++) {
    iscc_random_problem_draw(&drawn, &stream, SPLITS);
    const iscc_problem *p = &drawn.problem;
    iscc_prices prices;
    draw_prices(&prices, p);
    for (int i = 0; i < TRIES; i++) {
      const iscc_split *s = &p->splits[i % SPLITS];
      const int bits = s->features ? p->bits_min + i % (p->bits_max - p->bits_min + 1) : 0;
      const double energy = draw_energy(p, s, bits);
      const double bound =
          iscc_prices_split_bound(&prices, p, s, 0) + iscc_prices_bits_bound(&prices, s, bits, prices.bit_j);
      ck_assert(isfinite(bound));
      ck_assert_msg(bound <= energy, "problem %d try %d: bound %.17g J, an allocation costs %.17g J", k, i,
                    bound, energy);
      feasible += isfinite(energy);
      close += isfinite(energy) && bound > 0.5 * energy;
    }
  }
  ck_assert_int_gt(feasible, 1000);
  ck_assert_int_gt(close, 50); /* bounds that say something */
}
END_TEST

START_TEST(a_bound_on_fewer_keep_ratios_is_no_smaller) {
  for (int k = 0; k < PROBLEMS; k++) {
    iscc_random_problem_draw(&drawn, &stream, SPLITS);
    iscc_prices prices;
    draw_prices(&prices, &drawn.problem);
    for (int i = 0; i < SPLITS; i++) {
      double before = -(double)INFINITY;
      for (double keep_low = 0; keep_low <= 1; keep_low += 0.125) {
        const double bound =
            iscc_prices_split_bound(&prices, &drawn.problem, &drawn.problem.splits[i], keep_low);
        const double scale = fabs(prices.accuracy_j) + fabs(bound);
        ck_assert_double_ge(bound, before - 1e-14 * scale);
        before = bound;
      }
    }
  }
}
END_TEST

/* psi and h are the least of their formulas on a grid of powers and speeds. */
START_TEST(prices_of_bits_and_flops_are_minima) {
  for (int k = 0; k < PROBLEMS; k++) {
    iscc_random_problem_draw(&drawn, &stream, SPLITS);
    const iscc_problem *p = &drawn.problem;
    iscc_prices prices;
    draw_prices(&prices, p);
    const double mu = prices.latency_w;
    double least_bit = INFINITY, least_flop = INFINITY;
    for (double x = -30; x <= 1e-9; x += 0.005) {
      const double power = iscc_transmit_power_max(p) * exp(fmin(x, 0)),
                   speed = p->max_speed_flops * exp(fmin(x, 0));
      const double rate = rate_at(&p->uplink, power);
      if (rate > 0) least_bit = fmin(least_bit, (power + mu) / rate);
      least_flop = fmin(least_flop, p->kappa * speed * speed + mu / speed);
    }
    if (isinf(least_bit)) continue; /* no step of the uplink is within P_max */
    ck_assert_double_le(prices.bit_j, least_bit * (1 + 1e-9));
    ck_assert_double_le(prices.flop_j, least_flop * (1 + 1e-9));
    if (p->uplink.kind == ISCC_UPLINK_SHANNON && mu * p->uplink.snr_per_w > 1e-3)
      ck_assert_double_ge(prices.bit_j, least_bit * (1 - 1e-4));
  }
}
END_TEST

START_TEST(a_solved_pair_is_supported_by_its_own_prices) {
  int solved = 0;
  for (int k = 0; k < PROBLEMS; k++) {
    iscc_random_problem_draw(&drawn, &stream, SPLITS);
    for (int i = 0; i < SPLITS; i++) {
      const iscc_split *s = &drawn.problem.splits[i];
      const int bits = s->features ? drawn.problem.bits_min : 0;
      const int step = bits && drawn.problem.uplink.kind == ISCC_UPLINK_STEPS ? 0 : -1;
      iscc_pair pair;
      iscc_pair_solution solution;
      if (step == 0 && drawn.problem.uplink.power_w[0] > iscc_transmit_power_max(&drawn.problem)) continue;
      if (iscc_pair_init(&pair, &drawn.problem, s, bits, step)) continue;
      iscc_pair_solve(&pair, &solution);
      ck_assert(solution.keep_ratio > 0 && solution.keep_ratio <= 1);
      ck_assert_double_eq_tol(solution.uplink_s + solution.compute_s, pair.budget_s, 1e-15);
      ck_assert_double_le(solution.lower_bound_j, solution.energy_j);
      ck_assert_msg(solution.lower_bound_j >= solution.energy_j * (1 - 1e-6) - 1e-15,
                    "problem %d split %d: %.17g J, bound %.17g J", k, i, solution.energy_j,
                    solution.lower_bound_j);
      solved++;
    }
  }
  ck_assert_int_gt(solved, PROBLEMS);
}
END_TEST

Suite *iscc_suite_prices(void);
Suite *iscc_suite_prices(void) {
  Suite *suite = suite_create("allocation: prices");
  TCase *c = tcase_create("prices");
  tcase_add_checked_fixture(c, set_up, NULL);
  tcase_add_test(c, no_allocation_costs_less_than_a_bound_at_any_prices);
  tcase_add_test(c, a_bound_on_fewer_keep_ratios_is_no_smaller);
  tcase_add_test(c, prices_of_bits_and_flops_are_minima);
  tcase_add_test(c, a_solved_pair_is_supported_by_its_own_prices);
  suite_add_tcase(suite, c);
  return suite;
}
