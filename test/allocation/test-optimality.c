/* SPDX-License-Identifier: GPL-2.0-only */
/* What must hold at an optimum, worked out from the raw problem: the KKT conditions, the limits of the
 * channel, and sane answers however far the numbers are from the usual ones. */
#include <check.h>
#include <float.h>
#include <math.h>

#include "iscc-check-allocation.h"
#include "iscc-random-problem.h"
#include "iscc-solver.h"

enum { PROBLEMS = 2000, SPLITS = 6 };

static iscc_random_problem drawn;
static iscc_random stream;
static iscc_solver *solver;
static iscc_error error;

static void set_up(void) {
  iscc_random_seed(&stream, 77, 0, 0, ISCC_STREAM_TEST);
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

/* T_sen P_s that the accuracy asks for at p. */
static double sensing_energy(const iscc_split *s, int bits, double keep) {
  const iscc_problem *p = &drawn.problem;
  const double loss = s->features ? s->quantization_loss[bits] : 0;
  const double factor = 1 - iscc_reference_pruned(s, keep) - loss;
  return p->sensing_time_s * iscc_reference_sensing_power(p, p->target_accuracy / factor);
}

/* d/dp of sensing and of compute at the answer's speed price: 0 between them, or of opposite signs on both
 * sides of a corner of R_0. */
static bool check_keep_ratio(const iscc_decision *d, int k) {
  const iscc_problem *p = &drawn.problem;
  const iscc_split *s = iscc_split_of(p, d);
  const double keep = d->keep_ratio, h = 1e-5 * keep;
  if (s->flops_slope <= 0 || keep > 0.999 || d->edge_speed_flops <= 0) return false;
  if (d->binding & (ISCC_CONSTRAINT_SENSING_POWER | ISCC_CONSTRAINT_SPEED | ISCC_CONSTRAINT_TRANSMIT_POWER))
    return false;
  if (s->pruning_loss <= 0 || p->sensing_time_s <= 0 || keep <= s->keep_min * (1 + 1e-3)) return false;
  const double price = 3 * p->kappa * pow(d->edge_speed_flops, 2) * s->flops_slope;
  const double here = sensing_energy(s, d->bits, keep);
  if (!isfinite(sensing_energy(s, d->bits, keep - h))) return false; /* at the end of R_0 */
  const double left = (here - sensing_energy(s, d->bits, keep - h)) / h + price;
  const double right = (sensing_energy(s, d->bits, keep + h) - here) / h + price;
  ck_assert_msg(left <= 2e-3 * price && right >= -2e-3 * price,
                "problem %d: p %g, derivatives %g and %g beside %g J", k, keep, left, right, price);
  return true;
}

/* Uplink and device value a second alike. */
static bool check_times(const iscc_decision *d, int k) {
  const iscc_problem *p = &drawn.problem;
  if (d->uplink_bits <= 0 || d->edge_speed_flops <= 0 || p->uplink.kind != ISCC_UPLINK_SHANNON) return false;
  if (d->binding & (ISCC_CONSTRAINT_SPEED | ISCC_CONSTRAINT_TRANSMIT_POWER)) return false;
  const double x = log1p(p->uplink.snr_per_w * d->transmit_power_w);
  if (x < 0.01) return false; /* the difference below cancels */
  const double sending = (x * exp(x) - expm1(x)) / p->uplink.snr_per_w;
  const double computing = 2 * p->kappa * pow(d->edge_speed_flops, 3);
  ck_assert_msg(fabs(sending / computing - 1) <= 1e-5, "problem %d: a second is worth %g J and %g J", k,
                sending, computing);
  return true;
}

START_TEST(the_kkt_conditions_hold) {
  int keeps = 0, times = 0;
  for (int k = 0; k < 2 * PROBLEMS; k++) {
    iscc_random_problem_draw(&drawn, &stream, SPLITS);
    const iscc_decision d = solve();
    if (d.status == ISCC_DECISION_INFEASIBLE) continue;
    keeps += check_keep_ratio(&d, k);
    times += check_times(&d, k);
    /* accuracy and latency are met, and not more than met, but where nothing can be saved by it */
    if (d.energy.sensing > 0 && d.sensing_power_w > drawn.curve_power_w[0] * (1 + 1e-9))
      ck_assert_double_le(d.predicted_accuracy, drawn.problem.target_accuracy * (1 + 1e-8));
    if (d.energy.compute > 0 && !(d.binding & ISCC_CONSTRAINT_SPEED) &&
        drawn.problem.uplink.kind == ISCC_UPLINK_SHANNON)
      ck_assert_double_ge(d.latency.total, drawn.problem.max_latency_s * (1 - 1e-8));
  }
  ck_assert_int_gt(keeps, 100);
  ck_assert_int_gt(times, 40);
}
END_TEST

static iscc_decision alone(size_t first) { /* the splits from one on */
  const iscc_split *splits = drawn.problem.splits;
  const size_t count = drawn.problem.split_count;
  drawn.problem.splits = splits + first;
  drawn.problem.split_count = count - first;
  const iscc_decision d = solve();
  drawn.problem.splits = splits;
  drawn.problem.split_count = count;
  return d;
}

START_TEST(without_a_channel_all_is_on_the_device) {
  int compared = 0;
  for (int k = 0; k < PROBLEMS; k++) {
    iscc_random_problem_draw(&drawn, &stream, SPLITS);
    if (drawn.problem.uplink.kind != ISCC_UPLINK_SHANNON) continue;
    drawn.problem.uplink.snr_per_w = 1e-12;
    const iscc_decision d = solve(), device = alone(SPLITS - 1);
    ck_assert_int_eq(d.status, device.status);
    if (d.status == ISCC_DECISION_INFEASIBLE) continue;
    ck_assert_int_eq(d.bits, 0);
    ck_assert_double_eq(d.energy.total, device.energy.total);
    compared++;
  }
  ck_assert_int_gt(compared, 100);
}
END_TEST

START_TEST(on_a_perfect_channel_sending_costs_nothing) {
  int sent = 0;
  for (int k = 0; k < PROBLEMS; k++) {
    iscc_random_problem_draw(&drawn, &stream, SPLITS);
    if (drawn.problem.uplink.kind != ISCC_UPLINK_SHANNON) continue;
    drawn.problem.uplink.snr_per_w = 1e25;
    drawn.problem.uplink.bandwidth_hz = 1e9;
    const iscc_decision d = solve();
    if (d.status == ISCC_DECISION_INFEASIBLE) continue;
    ck_assert_double_le(d.energy.uplink, 1e-8 * d.energy.total + 1e-9);
    if (d.split != 0) continue; /* something is lost: fewer bits, or no split 0 in time */
    double least = INFINITY;    /* eq. (24) without pruning, at the Q that loses least */
    for (int q = drawn.problem.bits_min; q <= drawn.problem.bits_max; q++)
      least = fmin(least, sensing_energy(&drawn.split[0], q, 1));
    ck_assert_double_eq_tol(d.energy.total, least, 1e-9 * least + 1e-9);
    sent++;
  }
  ck_assert_int_gt(sent, 100);
}
END_TEST

/* Ten decades up or down on any of the numbers. */
static void stretch(void) {
  iscc_problem *p = &drawn.problem;
  iscc_split *s = &drawn.split[iscc_random_below(&stream, SPLITS)];
  double *const any[] = {&p->kappa,
                         &p->max_power_w,
                         &p->max_speed_flops,
                         &p->server_speed_flops,
                         &p->uplink.snr_per_w,
                         &p->uplink.bandwidth_hz,
                         &s->flops_slope,
                         &s->pruning_loss,
                         &p->max_latency_s,
                         &p->sensing_time_s};
  const size_t i = iscc_random_below(&stream, sizeof any / sizeof *any);
  double low = -10, high = 10;
  if (any[i] == &p->max_speed_flops) low = -7; /* below 0.1 FLOP/s, rounding of F takes noticeable time */
  if (any[i] == &s->pruning_loss) high = 0;
  if (any[i] == &p->max_latency_s) low = 0; /* else nothing would be feasible */
  if (any[i] == &p->sensing_time_s) high = 0;
  *any[i] *= pow(10, iscc_random_between(&stream, low, high));
}

START_TEST(far_from_the_usual_the_answer_is_still_an_optimum) {
  int feasible = 0;
  for (int k = 0; k < 2 * PROBLEMS; k++) {
    iscc_random_problem_draw(&drawn, &stream, SPLITS);
    const int stretches = 1 + (int)iscc_random_below(&stream, 4);
    for (int i = 0; i < stretches; i++) stretch();
    iscc_decision d;
    if (iscc_solver_solve(solver, &drawn.problem, &d, &error) != ISCC_OK) continue; /* a range was left */
    if (d.status == ISCC_DECISION_INFEASIBLE) continue;
    iscc_check_allocation(&drawn.problem, &d, k);
    ck_assert_msg(d.relative_gap >= 0 && d.relative_gap <= 1e-6, "problem %d: gap %g", k, d.relative_gap);
    feasible++;
  }
  ck_assert_int_gt(feasible, PROBLEMS / 2);
}
END_TEST

/* The first point of a table is power that is spent anyway: less accuracy may be asked than it gives. */
START_TEST(the_first_point_of_a_table_is_certified_too) {
  int at_first = 0;
  for (int k = 0; k < PROBLEMS; k++) {
    iscc_random_problem_draw(&drawn, &stream, SPLITS);
    iscc_problem *p = &drawn.problem;
    if (p->accuracy_curve.kind != ISCC_CURVE_TABLE) continue;
    p->target_accuracy = p->accuracy_curve.accuracy[0] * iscc_random_between(&stream, 0.5, 0.999);
    const iscc_decision d = solve();
    if (d.status == ISCC_DECISION_INFEASIBLE) continue;
    iscc_check_allocation(p, &d, k);
    ck_assert_msg(d.relative_gap >= 0 && d.relative_gap <= 1e-8, "problem %d: gap %g", k, d.relative_gap);
    at_first += fabs(d.sensing_power_w / p->accuracy_curve.power_w[0] - 1) < 1e-6;
  }
  ck_assert_int_gt(at_first, PROBLEMS / 5);
}
END_TEST

START_TEST(layers_without_flops_and_denormal_numbers_are_fine) {
  int feasible = 0;
  for (int k = 0; k < PROBLEMS / 4; k++) {
    iscc_random_problem_draw(&drawn, &stream, SPLITS);
    iscc_split *s = &drawn.split[1 + iscc_random_below(&stream, SPLITS - 1)];
    switch (k % 4) {
    case 0:
      s->flops_slope = s->flops_const = 0; /* as a ReLU at the front */
      break;
    case 1:
      s->flops_slope = DBL_MIN / 1024;
      break;
    case 2:
      s->pruning_loss = DBL_MIN / 1024;
      break;
    case 3:
      drawn.problem.sensing_time_s = DBL_MIN / 1024;
      break;
    }
    const iscc_decision d = solve();
    if (d.status == ISCC_DECISION_INFEASIBLE) continue;
    iscc_check_allocation(&drawn.problem, &d, k);
    if (d.energy.sensing > 0 && d.energy.sensing < DBL_MIN) continue; /* its digits are lost */
    ck_assert_msg(d.relative_gap >= 0 && d.relative_gap <= 1e-6, "problem %d: gap %g", k, d.relative_gap);
    feasible++;
  }
  ck_assert_int_gt(feasible, PROBLEMS / 8);
}
END_TEST

Suite *iscc_suite_optimality(void);
Suite *iscc_suite_optimality(void) {
  Suite *suite = suite_create("allocation: optimality");
  TCase *c = tcase_create("optimality");
  tcase_set_timeout(c, 60);
  tcase_add_checked_fixture(c, set_up, tear_down);
  tcase_add_test(c, the_kkt_conditions_hold);
  tcase_add_test(c, without_a_channel_all_is_on_the_device);
  tcase_add_test(c, on_a_perfect_channel_sending_costs_nothing);
  tcase_add_test(c, far_from_the_usual_the_answer_is_still_an_optimum);
  tcase_add_test(c, the_first_point_of_a_table_is_certified_too);
  tcase_add_test(c, layers_without_flops_and_denormal_numbers_are_fine);
  suite_add_tcase(suite, c);
  return suite;
}
