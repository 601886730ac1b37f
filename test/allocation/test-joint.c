/* SPDX-License-Identifier: GPL-2.0-only */
/* The joint solver beside a search that shares no code with it, and against what must hold of any optimum. */
#include <check.h>
#include <math.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "iscc-allocations.h"
#include "iscc-check-allocation.h"
#include "iscc-random-problem.h"
#include "iscc-solver.h"

enum { SPLITS = 6 };

static iscc_random_problem drawn;
static iscc_random stream;
static iscc_solver *solver;
static iscc_error error;

static void set_up(void) {
  iscc_random_seed(&stream, 20, 0, 0, ISCC_STREAM_TEST);
  ck_assert_int_eq(iscc_solver_create("joint", &solver, &error), ISCC_OK);
}

static void tear_down(void) {
  iscc_solver_destroy(solver);
}

static iscc_decision solve(void) {
  iscc_decision d;
  ck_assert_msg(iscc_solver_solve(solver, &drawn.problem, &d, &error) == ISCC_OK, "%s", error.text);
  return d;
}

static double energy_or_infinity(void) {
  const iscc_decision d = solve();
  return d.status == ISCC_DECISION_OPTIMAL ? d.energy.total : (double)INFINITY;
}

START_TEST(no_search_finds_less_energy) {
  int feasible = 0, infeasible = 0;
  for (int k = 0; k < 4000; k++) {
    iscc_random_problem_draw(&drawn, &stream, SPLITS);
    const iscc_decision d = solve();
    const double reference = iscc_reference_energy(&drawn.problem);
    if (d.status == ISCC_DECISION_INFEASIBLE) {
      ck_assert_msg(isinf(reference), "problem %d is feasible with %g J", k, reference);
      infeasible++;
      continue;
    }
    feasible++;
    iscc_check_allocation(&drawn.problem, &d, k);
    ck_assert_msg(d.energy.total <= reference * (1 + 1e-6), "problem %d: %.12g J, the search has %.12g", k,
                  d.energy.total, reference);
    ck_assert_msg(d.lower_bound_j <= reference * (1 + 1e-11), "problem %d: bound %.15g above %.15g", k,
                  d.lower_bound_j, reference);
    ck_assert_msg(d.relative_gap >= 0 && d.relative_gap <= 1e-8, "problem %d: gap %g", k, d.relative_gap);
  }
  ck_assert_int_gt(feasible, 800);
  ck_assert_int_gt(infeasible, 50);
}
END_TEST

/* A raw input that must be sent whole: the power follows from the accuracy, the uplink has all the time. */
START_TEST(sending_the_raw_input_has_a_closed_form) {
  int checked = 0;
  for (int k = 0; k < 300; k++) {
    iscc_random_problem_draw(&drawn, &stream, 2);
    iscc_problem *p = &drawn.problem;
    p->split_count = 1;
    p->uplink = (iscc_uplink){.kind = ISCC_UPLINK_SHANNON, .bandwidth_hz = 1e5, .snr_per_w = 50};
    const iscc_split *s = &p->splits[0];
    const double time_s =
        p->max_latency_s - p->sensing_time_s - s->server_flops / p->server_speed_flops - s->delay_s;
    double best = INFINITY;
    for (int q = p->bits_min; q <= p->bits_max && time_s > 0; q++) {
      const double sensing =
          iscc_reference_sensing_power(p, p->target_accuracy / (1 - s->quantization_loss[q]));
      const double power = (exp2((s->features * q + s->overhead_bits[q]) / (1e5 * time_s)) - 1) / 50;
      if (sensing <= p->max_power_w && power <= p->max_power_w)
        best = fmin(best, p->sensing_time_s * sensing + power * time_s);
    }
    const double got = energy_or_infinity();
    ck_assert_msg(isinf(best) ? isinf(got) : fabs(got - best) <= 1e-9 * best, "%d: %.12g, closed form %.12g",
                  k, got, best);
    checked += isfinite(best);
  }
  ck_assert_int_gt(checked, 100);
}
END_TEST

/* Everything on the device without loss by pruning: E = T_sen P_s + kappa F^3/T^2. */
START_TEST(computing_on_the_device_has_a_closed_form) {
  int checked = 0;
  for (int k = 0; k < 300; k++) {
    iscc_random_problem_draw(&drawn, &stream, 1);
    iscc_problem *p = &drawn.problem;
    const double flops = pow(10, iscc_random_between(&stream, 4, 7));
    drawn.split[0] = (iscc_split){.layer = 7, .flops_const = flops};
    const double time_s = p->max_latency_s - p->sensing_time_s, speed = flops / time_s;
    const double sensing = iscc_reference_sensing_power(p, p->target_accuracy);
    const iscc_decision d = solve();
    if (speed > p->max_speed_flops || sensing > p->max_power_w) {
      ck_assert_int_eq(d.status, ISCC_DECISION_INFEASIBLE);
      continue;
    }
    const double want = p->sensing_time_s * sensing + p->kappa * flops * speed * speed;
    ck_assert_double_eq_tol(d.energy.total, want, 1e-9 * want);
    ck_assert_double_eq_tol(d.edge_speed_flops, speed, 1e-9 * speed);
    ck_assert_int_eq(d.bits, 0);
    ck_assert_double_eq(d.transmit_power_w, 0);
    checked++;
  }
  ck_assert_int_gt(checked, 100);
}
END_TEST

static void more_time(iscc_problem *p) {
  p->max_latency_s *= 1.05;
}
static void less_accuracy(iscc_problem *p) {
  p->target_accuracy *= 0.98;
}
static void better_channel(iscc_problem *p) {
  p->uplink.snr_per_w *= 1.3;
}
static void more_power(iscc_problem *p) {
  p->max_power_w *= 1.2;
}
static void faster_device(iscc_problem *p) {
  p->max_speed_flops *= 1.2;
}
static void faster_server(iscc_problem *p) {
  p->server_speed_flops *= 2;
}
static void better_process(iscc_problem *p) {
  p->kappa *= 0.8;
}
static void more_bandwidth(iscc_problem *p) { /* of a stepped uplink: each rate for less */
  static double power_w[RANDOM_TABLE_MAX];
  p->uplink.bandwidth_hz *= 1.2;
  for (int i = 0; i < p->uplink.steps; i++) power_w[i] = 0.9 * p->uplink.power_w[i];
  if (p->uplink.kind == ISCC_UPLINK_STEPS) p->uplink.power_w = power_w;
}
static void more_bits(iscc_problem *p) {
  p->bits_max++;
}
static void (*const relief[])(iscc_problem *) = {more_time,      less_accuracy,  better_channel,
                                                 more_power,     faster_device,  faster_server,
                                                 better_process, more_bandwidth, more_bits};

START_TEST(relief_never_costs_energy) {
  int strictly = 0;
  for (int k = 0; k < 300; k++) {
    iscc_random_problem_draw(&drawn, &stream, SPLITS);
    double before = energy_or_infinity();
    for (int i = 0; i < 3; i++) {
      relief[_i](&drawn.problem);
      const double after = energy_or_infinity();
      ck_assert_msg(after <= before * (1 + 1e-8), "problem %d: %.12g J, then %.12g J", k, before, after);
      strictly += after < before * (1 - 1e-6);
      before = after;
    }
  }
  ck_assert_int_gt(strictly, 0);
}
END_TEST

START_TEST(the_order_of_candidates_does_not_matter) {
  for (int k = 0; k < 300; k++) {
    iscc_random_problem_draw(&drawn, &stream, SPLITS);
    const iscc_decision first = solve();
    for (int i = 0; i < SPLITS / 2; i++) {
      const iscc_split moved = drawn.split[i];
      drawn.split[i] = drawn.split[SPLITS - 1 - i];
      drawn.split[SPLITS - 1 - i] = moved;
    }
    const iscc_decision turned = solve();
    ck_assert_int_eq(first.status, turned.status);
    if (first.status == ISCC_DECISION_INFEASIBLE) continue;
    ck_assert_int_eq(first.split, turned.split);
    ck_assert_int_eq(first.bits, turned.bits);
    ck_assert_double_eq(first.energy.total, turned.energy.total);
  }
}
END_TEST

START_TEST(the_nearest_relaxations_are_the_limits_of_feasibility) {
  int by_time = 0, by_accuracy = 0;
  for (int k = 0; k < 2000; k++) {
    iscc_random_problem_draw(&drawn, &stream, SPLITS);
    iscc_problem *p = &drawn.problem;
    if (k % 2)
      p->target_accuracy = iscc_random_between(&stream, 0.9, 0.999);
    else
      p->max_latency_s = p->sensing_time_s + pow(10, iscc_random_between(&stream, -4, -1));
    const iscc_decision d = solve();
    if (d.status != ISCC_DECISION_INFEASIBLE) continue;
    ck_assert_uint_ne(d.conflict, 0);
    const double asked_s = p->max_latency_s, asked = p->target_accuracy;
    if (isfinite(d.least_latency_s)) {
      p->max_latency_s = d.least_latency_s * (1 + 1e-9);
      ck_assert_msg(isfinite(energy_or_infinity()), "%d: not feasible at %g s", k, d.least_latency_s);
      p->max_latency_s = d.least_latency_s * (1 - 1e-6);
      ck_assert_msg(isinf(energy_or_infinity()), "%d: feasible below %g s", k, d.least_latency_s);
      p->max_latency_s = asked_s;
      by_time++;
    }
    if (isfinite(d.highest_accuracy) && d.highest_accuracy > 0.01) {
      p->target_accuracy = d.highest_accuracy * (1 - 1e-9);
      ck_assert_msg(isfinite(energy_or_infinity()), "%d: not feasible at %g", k, d.highest_accuracy);
      p->target_accuracy = fmin(d.highest_accuracy * (1 + 1e-6), 0.9999999);
      ck_assert_msg(isinf(energy_or_infinity()), "%d: feasible above %g", k, d.highest_accuracy);
      p->target_accuracy = asked;
      by_accuracy++;
    }
    /* without a latency at which it works, the accuracy is out of reach of the sensing power */
    ck_assert_int_eq((d.conflict & ISCC_CONSTRAINT_SENSING_POWER) != 0, isnan(d.least_latency_s));
  }
  ck_assert_int_gt(by_time, 50);
  ck_assert_int_gt(by_accuracy, 50);
}
END_TEST

START_TEST(binding_constraints_are_those_without_slack) {
  unsigned seen = 0;
  for (int k = 0; k < 500; k++) {
    iscc_random_problem_draw(&drawn, &stream, SPLITS);
    const iscc_problem *p = &drawn.problem;
    const iscc_decision d = solve();
    if (d.status == ISCC_DECISION_INFEASIBLE) continue;
    const bool full_power = d.transmit_power_w > iscc_transmit_power_max(p) * (1 - 1e-8);
    const bool full_speed = d.edge_speed_flops > p->max_speed_flops * (1 - 1e-8);
    const bool full_sensing = d.sensing_power_w > p->max_power_w * (1 - 1e-8);
    const bool full_time = d.latency.total > p->max_latency_s * (1 - 1e-8);
    ck_assert_int_eq((d.binding & ISCC_CONSTRAINT_TRANSMIT_POWER) != 0, full_power);
    ck_assert_int_eq((d.binding & ISCC_CONSTRAINT_SPEED) != 0, full_speed);
    ck_assert_int_eq((d.binding & ISCC_CONSTRAINT_SENSING_POWER) != 0, full_sensing);
    ck_assert_int_eq((d.binding & ISCC_CONSTRAINT_LATENCY) != 0, full_time);
    ck_assert_int_eq((d.binding & ISCC_CONSTRAINT_KEEP_RATIO) != 0, d.keep_ratio >= 1);
    seen |= d.binding;
  }
  ck_assert_uint_eq(seen, (1U << ISCC_CONSTRAINT_COUNT) - 1);
}
END_TEST

START_TEST(bounds_discard_most_pairs_of_deep_networks) {
  double pairs = 0, solved = 0;
  for (int k = 0; k < 60; k++) {
    iscc_random_problem_draw(&drawn, &stream, RANDOM_SPLITS_MAX);
    drawn.problem.bits_max = 16;
    const iscc_decision d = solve();
    const double count = (RANDOM_SPLITS_MAX - 1) * (16 - drawn.problem.bits_min + 1) + 1;
    ck_assert_double_eq(d.evaluated + d.discarded, count);
    if (d.status == ISCC_DECISION_INFEASIBLE) continue;
    ck_assert_double_le(d.relative_gap, 1e-6);
    pairs += count;
    solved += d.evaluated;
  }
  ck_assert_double_gt(pairs, 0);
  ck_assert_msg(solved < 0.01 * pairs, "%g of %g pairs were solved", solved, pairs);
}
END_TEST

/* The same bits but for the certificate, which counts what was solved on the way. */
static bool same_answer(const iscc_decision *a, const iscc_decision *b) {
  return a->status == b->status && a->split == b->split && a->bits == b->bits && a->binding == b->binding &&
         a->conflict == b->conflict && memcmp(&a->keep_ratio, &b->keep_ratio, 4 * sizeof(double)) == 0 &&
         memcmp(&a->energy, &b->energy, sizeof a->energy) == 0 &&
         memcmp(&a->latency, &b->latency, sizeof a->latency) == 0 && a->uplink_bits == b->uplink_bits &&
         a->predicted_accuracy == b->predicted_accuracy &&
         memcmp(&a->least_latency_s, &b->least_latency_s, 2 * sizeof(double)) == 0;
}

/* The last answer tells where to look first, and nothing else: neighbours and strangers come before. */
START_TEST(a_warm_start_never_changes_the_answer) {
  double warm_solved = 0, cold_solved = 0;
  for (int k = 0; k < 600; k++) {
    iscc_random_problem_draw(&drawn, &stream, SPLITS);
    iscc_decision warm, cold;
    int cold_iterations = 0;
    for (int i = 0; i < 4; i++) { /* a channel that fades */
      drawn.problem.uplink.snr_per_w *= exp(iscc_random_between(&stream, -0.5, 0.5));
      warm = solve();
      warm_solved += warm.evaluated;
      iscc_solver *fresh;
      ck_assert_int_eq(iscc_solver_create("joint", &fresh, &error), ISCC_OK);
      ck_assert_int_eq(iscc_solver_solve(fresh, &drawn.problem, &cold, &error), ISCC_OK);
      iscc_solver_destroy(fresh);
      cold_solved += cold.evaluated;
      ck_assert(warm.status == ISCC_DECISION_INFEASIBLE ||
                fabs(warm.lower_bound_j - cold.lower_bound_j) <= 1e-8 * cold.energy.total);
      cold_iterations = cold.iterations;
      ck_assert_msg(same_answer(&warm, &cold), "problem %d, change %d: %.17g J and %.17g J", k, i,
                    warm.energy.total, cold.energy.total);
    }
    iscc_solver_forget(solver); /* then it does what a fresh handle does */
    ck_assert_int_eq(solve().iterations, cold_iterations);
  }
  ck_assert_double_lt(warm_solved, 0.9 * cold_solved);
}
END_TEST

START_TEST(solving_allocates_nothing) {
  iscc_solver *any;
  ck_assert_int_eq(iscc_solver_create(iscc_scheme_name((size_t)_i), &any, &error), ISCC_OK);
  int solved = 0;
  for (int k = 0; k < 50; k++) {
    iscc_random_problem_draw(&drawn, &stream, 50);
    const iscc_pca_split pca[2] = {{drawn.split[0], drawn.problem.accuracy_curve},
                                   {drawn.split[49], drawn.problem.accuracy_curve}};
    drawn.problem.pca_splits = pca;
    drawn.problem.pca_split_count = 2;
    iscc_decision d;
    const unsigned long before = iscc_allocations_count();
    const iscc_status status = iscc_solver_solve(any, &drawn.problem, &d, &error);
    const unsigned long after = iscc_allocations_count();
    solved += status == ISCC_OK; /* alternating has no steps */
    ck_assert_uint_eq(before, after);
  }
  ck_assert_int_gt(solved, 10);
  iscc_solver_destroy(any);
}
END_TEST

typedef struct {
  iscc_decision decision[100];
} answers;

static void *solve_all(void *where) {
  answers *a = where;
  iscc_random_problem *mine = malloc(sizeof *mine);
  iscc_random r;
  iscc_error e;
  iscc_solver *own;
  iscc_random_seed(&r, 7, 0, 0, ISCC_STREAM_TEST);
  if (!mine || iscc_solver_create("joint", &own, &e)) abort();
  for (int k = 0; k < 100; k++) {
    iscc_random_problem_draw(mine, &r, SPLITS);
    if (iscc_solver_solve(own, &mine->problem, &a->decision[k], &e)) abort();
  }
  iscc_solver_destroy(own);
  free(mine);
  return NULL;
}

START_TEST(handles_in_threads_answer_alike) {
  static answers a[2];
  pthread_t thread[2];
  for (int i = 0; i < 2; i++) ck_assert_int_eq(pthread_create(&thread[i], NULL, solve_all, &a[i]), 0);
  for (int i = 0; i < 2; i++) ck_assert_int_eq(pthread_join(thread[i], NULL), 0);
  for (int k = 0; k < 100; k++) {
    const iscc_decision *x = &a[0].decision[k], *y = &a[1].decision[k];
    ck_assert_int_eq(x->status, y->status);
    if (x->status == ISCC_DECISION_INFEASIBLE) continue;
    ck_assert(x->split == y->split && x->bits == y->bits && x->iterations == y->iterations);
    ck_assert(x->keep_ratio == y->keep_ratio && x->energy.total == y->energy.total);
  }
}
END_TEST

START_TEST(unknown_schemes_are_refused_with_the_known_ones) {
  iscc_solver *none;
  ck_assert_int_eq(iscc_solver_create("best", &none, &error), ISCC_EINVAL);
  ck_assert_ptr_null(none);
  ck_assert_ptr_nonnull(strstr(error.text, "'best'"));
  ck_assert_ptr_nonnull(strstr(error.text, "joint"));
}
END_TEST

Suite *iscc_suite_joint(void);
Suite *iscc_suite_joint(void) {
  Suite *suite = suite_create("allocation: joint");
  TCase *c = tcase_create("optimum");
  tcase_add_checked_fixture(c, set_up, tear_down);
  tcase_set_timeout(c, 120);
  tcase_add_test(c, no_search_finds_less_energy);
  tcase_add_test(c, sending_the_raw_input_has_a_closed_form);
  tcase_add_test(c, computing_on_the_device_has_a_closed_form);
  tcase_add_loop_test(c, relief_never_costs_energy, 0, (int)(sizeof relief / sizeof *relief));
  tcase_add_test(c, the_order_of_candidates_does_not_matter);
  tcase_add_test(c, binding_constraints_are_those_without_slack);
  tcase_add_test(c, bounds_discard_most_pairs_of_deep_networks);
  suite_add_tcase(suite, c);
  c = tcase_create("infeasible");
  tcase_add_checked_fixture(c, set_up, tear_down);
  tcase_add_test(c, the_nearest_relaxations_are_the_limits_of_feasibility);
  suite_add_tcase(suite, c);
  c = tcase_create("handle");
  tcase_add_checked_fixture(c, set_up, tear_down);
  tcase_add_test(c, a_warm_start_never_changes_the_answer);
  int schemes = 0;
  while (iscc_scheme_name((size_t)schemes)) schemes++;
  if (iscc_allocations_available) tcase_add_loop_test(c, solving_allocates_nothing, 0, schemes);
  tcase_add_test(c, handles_in_threads_answer_alike);
  tcase_add_test(c, unknown_schemes_are_refused_with_the_known_ones);
  suite_add_tcase(suite, c);
  return suite;
}
