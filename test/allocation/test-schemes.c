/* SPDX-License-Identifier: GPL-2.0-only */
/* Every scheme keeps the problem's constraints and its own restriction, and none is better than `joint`. */
#include <check.h>
#include <math.h>
#include <string.h>

#include "iscc-check-allocation.h"
#include "iscc-random-problem.h"
#include "iscc-solver.h"

enum { PROBLEMS = 500, SPLITS = 6 };

static iscc_random_problem drawn;
static iscc_random stream;
static iscc_error error;

static void set_up(void) {
  iscc_random_seed(&stream, 57, 0, 0, ISCC_STREAM_TEST);
}

static iscc_decision decide(const char *scheme, const iscc_problem *problem) {
  iscc_solver *solver;
  iscc_decision d;
  ck_assert_int_eq(iscc_solver_create(scheme, &solver, &error), ISCC_OK);
  ck_assert_msg(iscc_solver_solve(solver, problem, &d, &error) == ISCC_OK, "%s: %s", scheme, error.text);
  iscc_solver_destroy(solver);
  return d;
}

static void draw_shannon(void) {
  do iscc_random_problem_draw(&drawn, &stream, SPLITS);
  while (drawn.problem.uplink.kind != ISCC_UPLINK_SHANNON);
}

static const char *const schemes[] = {"alternating", "on-server", "on-device", "no-pruning", "jcc"};

START_TEST(no_scheme_is_better_than_joint) {
  const char *scheme = schemes[_i];
  int feasible = 0, worse = 0;
  for (int k = 0; k < PROBLEMS; k++) {
    if (strcmp(scheme, "alternating") == 0)
      draw_shannon();
    else
      iscc_random_problem_draw(&drawn, &stream, SPLITS);
    const iscc_decision joint = decide("joint", &drawn.problem), d = decide(scheme, &drawn.problem);
    if (d.status == ISCC_DECISION_INFEASIBLE) {
      ck_assert_uint_ne(d.conflict, 0);
      if (strcmp(scheme, "alternating") == 0) ck_assert_int_eq(joint.status, ISCC_DECISION_INFEASIBLE);
      continue;
    }
    ck_assert_int_eq(joint.status, ISCC_DECISION_OPTIMAL);
    iscc_check_allocation(&drawn.problem, &d, k);
    ck_assert_msg(joint.energy.total <= d.energy.total * (1 + 1e-9) + 1e-30,
                  "problem %d: %s %.12g J, joint %.12g J", k, scheme, d.energy.total, joint.energy.total);
    feasible++;
    worse += d.energy.total > joint.energy.total * (1 + 1e-6);
  }
  ck_assert_int_gt(feasible, PROBLEMS / 10);
  ck_assert_int_gt(worse, feasible / 10);
}
END_TEST

START_TEST(each_scheme_keeps_its_restriction) {
  for (int k = 0; k < PROBLEMS; k++) {
    iscc_random_problem_draw(&drawn, &stream, SPLITS);
    iscc_problem *p = &drawn.problem;
    const iscc_decision server = decide("on-server", p), device = decide("on-device", p);
    const iscc_decision unpruned = decide("no-pruning", p);
    if (server.status == ISCC_DECISION_OPTIMAL)
      ck_assert(server.edge_speed_flops == 0 && server.energy.compute == 0 && server.bits > 0);
    if (device.status == ISCC_DECISION_OPTIMAL)
      ck_assert(device.transmit_power_w == 0 && device.energy.uplink == 0 && device.bits == 0);
    if (unpruned.status == ISCC_DECISION_OPTIMAL) ck_assert_double_eq(unpruned.keep_ratio, 1);
    p->fixed_sensing_power_w = p->max_power_w * iscc_random_between(&stream, 0.1, 1);
    const iscc_decision fixed = decide("jcc", p);
    if (fixed.status == ISCC_DECISION_OPTIMAL)
      ck_assert_double_eq(fixed.sensing_power_w, p->fixed_sensing_power_w);
  }
}
END_TEST

/* The optimum over p = 1 alone, and over one kind of split, are those of a search of the restricted problem.
 */
START_TEST(baselines_are_at_the_optimum_of_their_own_problem) {
  int compared = 0;
  for (int k = 0; k < PROBLEMS / 2; k++) {
    iscc_random_problem_draw(&drawn, &stream, SPLITS);
    iscc_problem *p = &drawn.problem;
    const iscc_decision unpruned = decide("no-pruning", p), device = decide("on-device", p);
    const iscc_split last = drawn.split[SPLITS - 1];
    for (int i = 0; i < SPLITS; i++) {
      iscc_split *s = &drawn.split[i];
      s->flops_const = fmax(0, s->flops_slope + s->flops_const);
      s->flops_slope = s->pruning_loss = s->pruning_slope = s->keep_min = 0;
    }
    const double reference = iscc_reference_energy(p);
    ck_assert_int_eq(isfinite(reference), unpruned.status == ISCC_DECISION_OPTIMAL);
    if (isfinite(reference))
      ck_assert_double_eq_tol(unpruned.energy.total, reference, 1e-6 * reference + 1e-30);
    ck_assert_int_eq(last.features, 0);
    p->splits = &last;
    p->split_count = 1;
    const double alone = iscc_reference_energy(p);
    ck_assert_int_eq(isfinite(alone), device.status == ISCC_DECISION_OPTIMAL);
    if (isfinite(alone)) ck_assert_double_eq_tol(device.energy.total, alone, 1e-6 * alone + 1e-30);
    compared += isfinite(alone) + isfinite(reference);
  }
  ck_assert_int_gt(compared, PROBLEMS / 4);
}
END_TEST

/* Candidates of pca made of the drawn splits, each with a curve of its own; the last sends nothing. */
static void make_pca(iscc_pca_split pca[SPLITS]) {
  for (int i = 0; i < SPLITS; i++) {
    pca[i].split = drawn.split[i];
    pca[i].accuracy_curve = drawn.problem.accuracy_curve;
    if (i % 2 == 0) continue;
    pca[i].accuracy_curve = (iscc_accuracy_curve){.kind = ISCC_CURVE_ARCTAN,
                                                  .a = iscc_random_between(&stream, 0.4, 0.63),
                                                  .b_per_w = pow(10, iscc_random_between(&stream, 0, 3))};
  }
  drawn.problem.pca_splits = pca;
  drawn.problem.pca_split_count = SPLITS;
}

START_TEST(pca_is_the_best_of_its_candidates) {
  int compared = 0, infeasible = 0;
  for (int k = 0; k < PROBLEMS; k++) {
    iscc_random_problem_draw(&drawn, &stream, SPLITS);
    iscc_pca_split pca[SPLITS];
    make_pca(pca);
    const iscc_decision d = decide("pca", &drawn.problem);
    double best = INFINITY;
    for (int i = 0; i < SPLITS; i++) {
      iscc_problem one = drawn.problem;
      iscc_split split = pca[i].split;
      split.flops_const = fmax(0, split.flops_slope + split.flops_const);
      split.flops_slope = split.pruning_loss = split.pruning_slope = split.keep_min = 0;
      one.splits = &split;
      one.split_count = 1;
      one.accuracy_curve = pca[i].accuracy_curve;
      best = fmin(best, iscc_reference_energy(&one));
    }
    ck_assert_int_eq(isfinite(best), d.status == ISCC_DECISION_OPTIMAL);
    infeasible += !isfinite(best);
    if (!isfinite(best)) continue;
    ck_assert_double_eq_tol(d.energy.total, best, 1e-6 * best + 1e-30);
    ck_assert_double_eq(d.keep_ratio, 1);
    ck_assert_double_le(d.lower_bound_j, d.energy.total);
    ck_assert(d.relative_gap >= 0 && d.relative_gap <= 1e-8);
    compared++;
  }
  ck_assert_int_gt(compared, PROBLEMS / 4);
  ck_assert_int_gt(infeasible, 10);
}
END_TEST

/* Of several infeasible candidates the nearest relaxations are told, and they are feasible. */
START_TEST(pca_tells_the_nearest_relaxation_of_all) {
  int relaxed = 0;
  for (int k = 0; k < PROBLEMS; k++) {
    iscc_random_problem_draw(&drawn, &stream, SPLITS);
    iscc_pca_split pca[SPLITS];
    make_pca(pca);
    drawn.problem.pca_splits = pca + 1; /* not the raw input: it is nearly always feasible */
    drawn.problem.pca_split_count = SPLITS - 1;
    const iscc_decision d = decide("pca", &drawn.problem);
    if (d.status != ISCC_DECISION_INFEASIBLE || isnan(d.least_latency_s)) continue;
    drawn.problem.max_latency_s = d.least_latency_s * (1 - 1e-6);
    ck_assert_int_eq(decide("pca", &drawn.problem).status, ISCC_DECISION_INFEASIBLE);
    drawn.problem.max_latency_s = d.least_latency_s * (1 + 1e-6);
    ck_assert_int_eq(decide("pca", &drawn.problem).status, ISCC_DECISION_OPTIMAL);
    relaxed++;
  }
  ck_assert_int_gt(relaxed, 10);
}
END_TEST

START_TEST(without_a_power_jcc_senses_at_97_percent_of_the_limit) {
  int below = 0;
  for (int k = 0; k < PROBLEMS; k++) {
    iscc_random_problem_draw(&drawn, &stream, SPLITS);
    const iscc_problem *p = &drawn.problem;
    const iscc_accuracy_curve *c = &p->accuracy_curve;
    const double limit =
        c->kind == ISCC_CURVE_ARCTAN ? c->a * 0.5 * 3.14159265358979 : c->accuracy[c->points - 1];
    const double power = iscc_jcc_sensing_power(p);
    ck_assert(power > 0 && power <= p->max_power_w);
    if (power == p->max_power_w) continue;
    below++;
    const double reached = iscc_accuracy_curve_at(c, power);
    ck_assert_double_ge(reached, 0.97 * limit * (1 - 1e-9));
    if (power > (c->kind == ISCC_CURVE_TABLE ? c->power_w[0] : 0) * (1 + 1e-9))
      ck_assert_double_le(reached, 0.97 * limit * (1 + 1e-9));
  }
  ck_assert_int_gt(below, 20);
}
END_TEST

START_TEST(schemes_without_their_split_are_refused) {
  iscc_solver *solver;
  iscc_decision d;
  draw_shannon();
  drawn.problem.splits = &drawn.split[1]; /* neither the first nor the last */
  drawn.problem.split_count = 2;
  static const char *const needy[] = {"on-server", "on-device", "pca"};
  for (int i = 0; i < 3; i++) {
    ck_assert_int_eq(iscc_solver_create(needy[i], &solver, &error), ISCC_OK);
    ck_assert_int_eq(iscc_solver_solve(solver, &drawn.problem, &d, &error), ISCC_EINVAL);
    ck_assert_ptr_nonnull(strstr(error.text, needy[i]));
    iscc_solver_destroy(solver);
  }
  do iscc_random_problem_draw(&drawn, &stream, SPLITS);
  while (drawn.problem.uplink.kind == ISCC_UPLINK_SHANNON);
  ck_assert_int_eq(iscc_solver_create("alternating", &solver, &error), ISCC_OK);
  ck_assert_int_eq(iscc_solver_solve(solver, &drawn.problem, &d, &error), ISCC_EINVAL);
  ck_assert_ptr_nonnull(strstr(error.text, "uplink.type"));
  iscc_solver_destroy(solver);
}
END_TEST

typedef struct {
  int turns, pairs, layer, bits;
  double before_j, least_j;
} turns;

static void note(void *ctx, int layer, int bits, int turn, double energy_j) {
  turns *seen = ctx;
  if (turn == 0) {
    seen->pairs++;
    seen->before_j = INFINITY;
    seen->layer = layer;
    seen->bits = bits;
  }
  ck_assert(layer == seen->layer && bits == seen->bits);
  ck_assert_double_le(energy_j, seen->before_j * (1 + 1e-4) + 1e-30); /* never rises but by its tolerances */
  seen->before_j = energy_j;
  seen->least_j = fmin(seen->least_j, energy_j);
  seen->turns++;
}

/* Inside its limits, a second is worth the same to uplink and compute: (27), (28). */
static bool check_balance(const iscc_problem *p, const iscc_decision *d) {
  if (d->transmit_power_w >= 0.99 * iscc_transmit_power_max(p) ||
      d->edge_speed_flops >= 0.99 * p->max_speed_flops)
    return false;
  if (!(d->transmit_power_w > 0 && d->edge_speed_flops > 0)) return false;
  const double x = log1p(p->uplink.snr_per_w * d->transmit_power_w);
  if (x < 0.01) return false; /* the difference below cancels */
  const double sending = (x * exp(x) - expm1(x)) / p->uplink.snr_per_w;
  const double computing = 2 * p->kappa * pow(d->edge_speed_flops, 3);
  ck_assert_double_eq_tol(sending / computing, 1, 1e-4);
  return true;
}

START_TEST(alternating_tells_its_turns) {
  iscc_solver *solver;
  iscc_decision d;
  ck_assert_int_eq(iscc_solver_create("alternating", &solver, &error), ISCC_OK);
  int told = 0, balanced = 0;
  for (int k = 0; k < 2 * PROBLEMS; k++) {
    draw_shannon();
    turns seen = {.least_j = INFINITY};
    const iscc_history history = {.ctx = &seen, .note = note};
    iscc_solver_tell(solver, &history);
    ck_assert_int_eq(iscc_solver_solve(solver, &drawn.problem, &d, &error), ISCC_OK);
    iscc_solver_tell(solver, NULL);
    ck_assert_int_eq(seen.pairs, d.evaluated);
    if (d.status == ISCC_DECISION_INFEASIBLE) continue;
    ck_assert_double_eq_tol(seen.least_j, d.energy.total, 1e-4 * d.energy.total + 1e-30);
    ck_assert_int_ge(seen.turns, 2 * seen.pairs); /* the last one finds nothing more */
    told++;
    balanced += check_balance(&drawn.problem, &d);
  }
  ck_assert_int_gt(told, 50);
  ck_assert_int_gt(balanced, 10);
  iscc_solver_destroy(solver);
}
END_TEST

static double flops_of(const iscc_split *s, double keep) {
  return fmax(0, s->flops_slope * keep + s->flops_const);
}

static double sensing_power_for(const iscc_problem *p, const iscc_split *s, int bits, double keep) {
  const double factor = 1 - iscc_reference_pruned(s, keep) - s->quantization_loss[bits];
  return factor > 0 ? iscc_reference_sensing_power(p, p->target_accuracy / factor) : (double)INFINITY;
}

/* Least energy of uplink and compute within left_s, by a fine grid of uplink times. */
static double least_time_energy(const iscc_problem *p, double sent, double flops, double left_s) {
  const double snr = p->uplink.snr_per_w, bandwidth = p->uplink.bandwidth_hz;
  const double least_s = sent / (bandwidth * log2(1 + snr * iscc_transmit_power_max(p)));
  double best = INFINITY;
  for (int i = 0; i <= 4000; i++) {
    const double s = least_s + (left_s - flops / p->max_speed_flops - least_s) * i / 4000;
    if (s < least_s) continue;
    const double speed = fmin(flops / (left_s - s), p->max_speed_flops);
    const double power = (exp2(sent / bandwidth / s) - 1) / snr;
    best = fmin(best, power * s + p->kappa * flops * speed * speed);
  }
  return best;
}

static void note_first(void *ctx, int layer, int bits, int turn, double energy_j) {
  (void)layer;
  (void)bits;
  if (turn == 0) *(double *)ctx = energy_j;
}

/* The first turn by a grid: p at full power and speed, then the times at that p. */
START_TEST(a_turn_is_two_optima_by_turns) {
  iscc_solver *solver;
  iscc_decision d;
  ck_assert_int_eq(iscc_solver_create("alternating", &solver, &error), ISCC_OK);
  int compared = 0;
  for (int k = 0; k < PROBLEMS; k++) {
    draw_shannon();
    iscc_problem *p = &drawn.problem;
    const iscc_split *s = &drawn.split[2];
    p->splits = s;
    p->split_count = 1;
    p->bits_max = p->bits_min;
    double told_j = NAN;
    const iscc_history history = {.ctx = &told_j, .note = note_first};
    iscc_solver_tell(solver, &history);
    ck_assert_int_eq(iscc_solver_solve(solver, p, &d, &error), ISCC_OK);
    if (d.status == ISCC_DECISION_INFEASIBLE) continue;
    const double left_s =
        p->max_latency_s - p->sensing_time_s - s->server_flops / p->server_speed_flops - s->delay_s;
    const double sent = (double)s->features * p->bits_min + s->overhead_bits[p->bits_min];
    const double full_rate =
        p->uplink.bandwidth_hz * log2(1 + p->uplink.snr_per_w * iscc_transmit_power_max(p));
    const double most_flops = (left_s - sent / full_rate) * p->max_speed_flops;
    double best_j = INFINITY, keep = NAN;
    for (int i = 1; i <= 20000; i++) {
      const double q = pow(i / 20000.0, 2); /* fine where p is small */
      const double power = sensing_power_for(p, s, p->bits_min, q);
      if (!(power <= p->max_power_w) || flops_of(s, q) > most_flops || q < s->keep_min) continue;
      const double at =
          p->sensing_time_s * power + p->kappa * flops_of(s, q) * p->max_speed_flops * p->max_speed_flops;
      if (at < best_j) keep = q;
      best_j = fmin(best_j, at);
    }
    if (!(keep > 0.01)) continue; /* the grid says nothing, or little */
    const double want_j = p->sensing_time_s * sensing_power_for(p, s, p->bits_min, keep) +
                          least_time_energy(p, sent, flops_of(s, keep), left_s);
    ck_assert_msg(fabs(told_j - want_j) <= 0.03 * want_j, "problem %d, p %g: %.9g J, by the grid %.9g J", k,
                  keep, told_j, want_j);
    compared++;
  }
  ck_assert_int_gt(compared, 50);
  iscc_solver_destroy(solver);
}
END_TEST

/* Where nothing can be pruned and nothing traded, both algorithms are at the same optimum. */
START_TEST(alternating_agrees_when_the_raw_input_is_sent) {
  int compared = 0;
  for (int k = 0; k < PROBLEMS; k++) {
    draw_shannon();
    drawn.problem.split_count = 1;
    const iscc_decision joint = decide("joint", &drawn.problem), d = decide("alternating", &drawn.problem);
    ck_assert_int_eq(d.status == ISCC_DECISION_INFEASIBLE, joint.status == ISCC_DECISION_INFEASIBLE);
    if (d.status == ISCC_DECISION_INFEASIBLE) continue;
    ck_assert_double_eq_tol(d.energy.total, joint.energy.total, 1e-6 * joint.energy.total);
    ck_assert_int_eq(d.bits, joint.bits);
    compared++;
  }
  ck_assert_int_gt(compared, PROBLEMS / 4);
}
END_TEST

Suite *iscc_suite_schemes(void);
Suite *iscc_suite_schemes(void) {
  Suite *suite = suite_create("allocation: schemes");
  TCase *c = tcase_create("schemes");
  tcase_set_timeout(c, 60);
  tcase_add_checked_fixture(c, set_up, NULL);
  tcase_add_loop_test(c, no_scheme_is_better_than_joint, 0, sizeof schemes / sizeof *schemes);
  tcase_add_test(c, each_scheme_keeps_its_restriction);
  tcase_add_test(c, baselines_are_at_the_optimum_of_their_own_problem);
  tcase_add_test(c, pca_is_the_best_of_its_candidates);
  tcase_add_test(c, pca_tells_the_nearest_relaxation_of_all);
  tcase_add_test(c, without_a_power_jcc_senses_at_97_percent_of_the_limit);
  tcase_add_test(c, schemes_without_their_split_are_refused);
  tcase_add_test(c, alternating_tells_its_turns);
  tcase_add_test(c, a_turn_is_two_optima_by_turns);
  tcase_add_test(c, alternating_agrees_when_the_raw_input_is_sent);
  suite_add_tcase(suite, c);
  return suite;
}
