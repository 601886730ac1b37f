/* SPDX-License-Identifier: GPL-2.0-only */
/* What is decided of a task whose first stages are done, beside searches of the problem that is left. */
#include <check.h>
#include <math.h>
#include <string.h>

#include "iscc-check-allocation.h"
#include "iscc-random-problem.h"
#include "iscc-solver.h"

enum { PROBLEMS = 1500, SPLITS = 5 };

static iscc_random_problem drawn;
static iscc_random stream;
static iscc_solver *solver;
static iscc_error error;

static void set_up(void) {
  iscc_random_seed(&stream, 91, 0, 0, ISCC_STREAM_TEST);
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

static iscc_decision finish(const iscc_decision *done) {
  iscc_decision d;
  ck_assert_msg(iscc_solver_finish(solver, &drawn.problem, done, done->latency.compute, &d, &error) ==
                    ISCC_OK,
                "%s", error.text);
  return d;
}

/* A problem with its optimum; false: it has none. */
static bool draw_planned(iscc_decision *plan) {
  iscc_random_problem_draw(&drawn, &stream, SPLITS);
  drawn.problem.sensed = false;
  *plan = solve();
  drawn.problem.max_latency_s *= 1 + 1e-11; /* sums in another order */
  return plan->status == ISCC_DECISION_OPTIMAL;
}

/* The channel becomes up to ten times better or 30 times worse, all rates alike. */
static void change_channel(void) {
  const double by = pow(10, iscc_random_between(&stream, -1.5, 1));
  drawn.problem.uplink.snr_per_w *= by;
  if (drawn.problem.uplink.kind != ISCC_UPLINK_STEPS) return;
  for (int i = 0; i < drawn.problem.uplink.steps; i++) drawn.step_power_w[i] /= by;
}

/* Time and energy of a plan in the channel as it is now; false: it is late, or none of its rates is left. */
static bool carried_out(const iscc_decision *d, double *energy_j) {
  const iscc_uplink *u = &drawn.problem.uplink;
  double rate = u->bandwidth_hz * log1p(u->snr_per_w * d->transmit_power_w) / log(2);
  if (u->kind == ISCC_UPLINK_STEPS) {
    rate = 0;
    for (int i = 0; i < u->steps; i++)
      if (u->power_w[i] <= d->transmit_power_w) rate = u->rate_bps[i];
  }
  const double uplink_s = d->bits ? d->uplink_bits / rate : 0;
  *energy_j = d->energy.sensing + d->energy.compute + d->transmit_power_w * uplink_s;
  return d->latency.total - d->latency.uplink + uplink_s <= drawn.problem.max_latency_s * (1 + 1e-12);
}

static void assert_close(double value, double reference, int k, const char *what) {
  ck_assert_msg(fabs(value - reference) <= 1e-6 * reference + 1e-30,
                "problem %d: %s %.12g, a search finds %.12g", k, what, value, reference);
}

/* R_0 that is 0 below P_s and R_0(P_s) from there on, for the search: P_s is the least it can take. */
static void hold_sensing(double power_w) {
  static double held_power_w[2], held_accuracy[2];
  const double accuracy = iscc_reference_accuracy(&drawn.problem, power_w);
  held_power_w[0] = power_w;
  held_power_w[1] = power_w * 2;
  held_accuracy[0] = accuracy;
  held_accuracy[1] = accuracy * (1 + 1e-15) + 1e-300;
  drawn.problem.accuracy_curve = (iscc_accuracy_curve){
      .kind = ISCC_CURVE_TABLE, .power_w = held_power_w, .accuracy = held_accuracy, .points = 2};
}

START_TEST(after_sensing_the_rest_is_at_its_optimum) {
  int compared = 0, infeasible = 0, other = 0;
  for (int k = 0; k < PROBLEMS; k++) {
    iscc_decision plan;
    if (!draw_planned(&plan)) continue;
    change_channel();
    drawn.problem.sensed = true;
    drawn.problem.sensed_power_w = plan.sensing_power_w;
    const iscc_decision d = solve();
    if (d.status == ISCC_DECISION_OPTIMAL) {
      iscc_check_allocation(&drawn.problem, &d, k);
      ck_assert_double_eq(d.sensing_power_w, plan.sensing_power_w);
      ck_assert_msg(d.relative_gap >= 0 && d.relative_gap <= 1e-6, "problem %d: gap %g", k, d.relative_gap);
    }
    hold_sensing(plan.sensing_power_w);
    drawn.problem.target_accuracy *= 1 - 1e-12; /* the plan has no more than it needs */
    const double reference = iscc_reference_energy(&drawn.problem);
    ck_assert_msg(isfinite(reference) == (d.status == ISCC_DECISION_OPTIMAL), "problem %d: %g J", k,
                  reference);
    infeasible += !isfinite(reference);
    if (!isfinite(reference)) continue;
    assert_close(d.energy.total, reference, k, "after sensing");
    compared++;
    other += d.split != plan.split || d.bits != plan.bits || fabs(d.keep_ratio - plan.keep_ratio) > 1e-3;
  }
  ck_assert_int_gt(compared, PROBLEMS / 4);
  ck_assert_int_gt(infeasible, 10);
  ck_assert_int_gt(other, compared / 50);
}
END_TEST

/* Of all Q that are accurate enough, all transmit powers on a fine grid: the least energy in time. */
static double search_finish(const iscc_decision *done) {
  enum { POINTS = 20000 };
  const iscc_problem *p = &drawn.problem;
  const iscc_split *s = iscc_split_of(p, done);
  const double spent = done->energy.sensing + done->energy.compute;
  const double left_s = p->max_latency_s - p->sensing_time_s - done->latency.compute -
                        s->server_flops / p->server_speed_flops - s->delay_s;
  const double most_w = iscc_transmit_power_max(p), least_w = 1e-9 * most_w;
  const double pruned = iscc_reference_pruned(s, done->keep_ratio);
  if (!s->features) return left_s >= -1e-12 * p->max_latency_s ? spent : (double)INFINITY;
  double best = INFINITY;
  for (int q = p->bits_min; q <= p->bits_max; q++) {
    const double accuracy =
        iscc_reference_accuracy(p, done->sensing_power_w) * (1 - pruned - s->quantization_loss[q]);
    if (accuracy < p->target_accuracy * (1 - 1e-11)) continue;
    const double bits = (double)s->features * q + s->overhead_bits[q];
    const bool steps = p->uplink.kind == ISCC_UPLINK_STEPS;
    for (int i = 0; i < (steps ? p->uplink.steps : POINTS + 1); i++) {
      const double power = steps ? p->uplink.power_w[i] : least_w * pow(most_w / least_w, (double)i / POINTS);
      const double rate = steps ? p->uplink.rate_bps[i]
                                : p->uplink.bandwidth_hz * log1p(p->uplink.snr_per_w * power) / log(2);
      if (power <= most_w * (1 + 1e-12) && bits / rate <= left_s)
        best = fmin(best, spent + power * bits / rate);
    }
  }
  return best;
}

START_TEST(after_the_device_layers_bits_and_power_are_at_their_optimum) {
  int compared = 0, infeasible = 0, fewer = 0;
  for (int k = 0; k < PROBLEMS; k++) {
    iscc_decision plan;
    if (!draw_planned(&plan)) continue;
    change_channel();
    if (k % 2) drawn.problem.target_accuracy *= iscc_random_between(&stream, 0.9, 1); /* other Q do */
    const iscc_decision d = finish(&plan);
    const double reference = search_finish(&plan);
    if (d.status != ISCC_DECISION_OPTIMAL) {
      ck_assert_msg(!isfinite(reference), "problem %d: a search finds %g J", k, reference);
      infeasible++;
      continue;
    }
    drawn.problem.target_accuracy *= 1 - 2e-12; /* the order of a sum */
    iscc_check_allocation(&drawn.problem, &d, k);
    ck_assert(d.split == plan.split && d.keep_ratio == plan.keep_ratio &&
              d.sensing_power_w == plan.sensing_power_w && d.edge_speed_flops == plan.edge_speed_flops);
    ck_assert_double_eq(d.energy.compute, plan.energy.compute);
    ck_assert_msg(d.relative_gap >= 0 && d.relative_gap <= 1e-6, "problem %d: gap %g", k, d.relative_gap);
    ck_assert_msg(d.energy.total <= reference * (1 + 1e-9), "problem %d: %.12g J, a search finds %.12g", k,
                  d.energy.total, reference);
    if (isfinite(reference)) /* the grid's power is up to 0.1 % too high, which bits at low SNR hardly feel */
      ck_assert_msg(d.energy.total >= reference * (1 - 2e-3), "problem %d: %.12g J, a search finds %.12g", k,
                    d.energy.total, reference);
    compared += isfinite(reference) && d.bits;
    fewer += d.bits < plan.bits;
  }
  ck_assert_int_gt(compared, PROBLEMS / 10);
  ck_assert_int_gt(infeasible, 10);
  ck_assert_int_gt(fewer, 10);
}
END_TEST

/* A new decision never costs more than the old one where that is still in time. */
START_TEST(deciding_again_is_never_worse_than_the_old_plan) {
  int kept = 0, saved = 0, rescued = 0;
  for (int k = 0; k < PROBLEMS; k++) {
    iscc_decision plan, after_sensing;
    if (!draw_planned(&plan)) continue;
    change_channel();
    const iscc_decision after_compute = finish(&plan);
    drawn.problem.sensed = true;
    drawn.problem.sensed_power_w = plan.sensing_power_w;
    after_sensing = solve();
    double old_j;
    const bool in_time = carried_out(&plan, &old_j);
    const iscc_decision *again[] = {&after_sensing, &after_compute};
    for (int i = 0; i < 2; i++) {
      const bool feasible = again[i]->status == ISCC_DECISION_OPTIMAL;
      rescued += feasible && !in_time;
      if (!in_time) continue;
      ck_assert_msg(feasible, "problem %d: the old plan is in time, turn %d finds none", k, i);
      ck_assert_msg(again[i]->energy.total <= old_j * (1 + 1e-9),
                    "problem %d: %.12g J, the old plan's %.12g J", k, again[i]->energy.total, old_j);
      kept++;
      saved += again[i]->energy.total < old_j * (1 - 1e-3);
    }
    ck_assert(after_sensing.status == ISCC_DECISION_INFEASIBLE ||
              after_compute.status == ISCC_DECISION_INFEASIBLE ||
              after_sensing.energy.total <=
                  after_compute.energy.total * (1 + 1e-9)); /* more is left to choose */
  }
  ck_assert_int_gt(kept, PROBLEMS / 4);
  ck_assert_int_gt(saved, 10);
  ck_assert_int_gt(rescued, 10);
}
END_TEST

/* Each scheme keeps to its own restriction; in the same channel its own plan is still good. */
START_TEST(each_scheme_decides_its_rest) {
  static const char *const schemes[] = {"joint",     "alternating", "on-server",
                                        "on-device", "no-pruning",  "jcc"};
  const char *scheme = schemes[_i];
  int planned = 0;
  iscc_solver_destroy(solver);
  ck_assert_int_eq(iscc_solver_create(scheme, &solver, &error), ISCC_OK);
  for (int k = 0; k < PROBLEMS / 2; k++) {
    iscc_random_problem_draw(&drawn, &stream, SPLITS);
    drawn.problem.sensed = false;
    if (drawn.problem.uplink.kind != ISCC_UPLINK_SHANNON) continue;
    const iscc_decision plan = solve();
    if (plan.status == ISCC_DECISION_INFEASIBLE) continue;
    drawn.problem.max_latency_s *= 1 + 1e-11;
    const iscc_decision last = finish(&plan);
    drawn.problem.sensed = true;
    drawn.problem.sensed_power_w = plan.sensing_power_w;
    const iscc_decision rest = solve();
    ck_assert_int_ne(last.status, ISCC_DECISION_INFEASIBLE);
    ck_assert_int_ne(rest.status, ISCC_DECISION_INFEASIBLE);
    ck_assert_double_le(last.energy.total, plan.energy.total * (1 + 1e-9));
    ck_assert_double_le(rest.energy.total, plan.energy.total * (1 + 1e-6) + 1e-30);
    if (strcmp(scheme, "on-server") == 0) ck_assert(rest.energy.compute == 0 && rest.bits > 0);
    if (strcmp(scheme, "on-device") == 0) ck_assert(rest.bits == 0 && last.bits == 0);
    if (strcmp(scheme, "no-pruning") == 0) ck_assert_double_eq(rest.keep_ratio, 1);
    planned++;
  }
  ck_assert_int_gt(planned, 20);
}
END_TEST

START_TEST(components_decide_their_rest) {
  int planned = 0, other = 0;
  iscc_pca_split pca[SPLITS];
  iscc_solver_destroy(solver);
  ck_assert_int_eq(iscc_solver_create("pca", &solver, &error), ISCC_OK);
  drawn.problem.pca_splits = pca;
  for (int k = 0; k < PROBLEMS; k++) {
    iscc_random_problem_draw(&drawn, &stream, SPLITS);
    drawn.problem.sensed = false;
    for (int i = 0; i < SPLITS; i++) {
      pca[i].split = drawn.split[i];
      pca[i].accuracy_curve =
          (iscc_accuracy_curve){.kind = ISCC_CURVE_ARCTAN, .a = 0.62 - 0.03 * i, .b_per_w = 40 + 100 * i};
    }
    drawn.problem.pca_splits = pca;
    drawn.problem.pca_split_count = SPLITS;
    const iscc_decision plan = solve();
    if (plan.status == ISCC_DECISION_INFEASIBLE) continue;
    const double accuracy = iscc_accuracy_curve_at(&pca[plan.split].accuracy_curve, plan.sensing_power_w);
    drawn.problem.max_latency_s *= 1 + 1e-11;
    const iscc_decision last = finish(&plan);
    ck_assert_int_eq(last.status, ISCC_DECISION_OPTIMAL);
    ck_assert_double_le(last.energy.total, plan.energy.total * (1 + 1e-9));
    const double lost = last.bits ? pca[plan.split].split.quantization_loss[last.bits] : 0;
    ck_assert_double_eq_tol(last.predicted_accuracy, accuracy * (1 - lost), 1e-12);
    drawn.problem.sensed = true;
    drawn.problem.sensed_power_w = plan.sensing_power_w;
    drawn.problem.uplink.snr_per_w *= 10;
    const iscc_decision rest = solve();
    if (rest.status == ISCC_DECISION_INFEASIBLE) continue;
    ck_assert_double_eq(rest.sensing_power_w, plan.sensing_power_w);
    planned++;
    other += rest.split != plan.split;
  }
  ck_assert_int_gt(planned, 100);
  ck_assert_int_gt(other, 5);
}
END_TEST

START_TEST(what_was_not_done_is_refused) {
  iscc_decision plan, d = {.split = -7};
  while (!draw_planned(&plan)) continue;
  plan.split = SPLITS + 3;
  ck_assert_int_eq(iscc_solver_finish(solver, &drawn.problem, &plan, 0, &d, &error), ISCC_EINVAL);
  ck_assert_str_eq(error.text, "splits: none is of layer 8, which was computed");
  plan.split = 1;
  ck_assert_int_eq(iscc_solver_finish(solver, &drawn.problem, &plan, -1, &d, &error), ISCC_EINVAL);
  ck_assert_str_eq(error.text, "compute time: -1 s is not a finite number of at least 0");
  drawn.problem.sensed = true;
  drawn.problem.sensed_power_w = drawn.problem.max_power_w = 2;
  drawn.problem.sensed_power_w *= 1.5;
  ck_assert_int_eq(iscc_solver_solve(solver, &drawn.problem, &d, &error), ISCC_EINVAL);
  ck_assert_str_eq(error.text, "sensed_power_w: 3 is outside [0, max_power_w = 2]");
  ck_assert_int_eq(d.split, -7);
}
END_TEST

Suite *iscc_suite_remaining(void);
Suite *iscc_suite_remaining(void) {
  Suite *suite = suite_create("allocation: remaining stages");
  TCase *c = tcase_create("remaining stages");
  tcase_set_timeout(c, 120);
  tcase_add_checked_fixture(c, set_up, tear_down);
  tcase_add_test(c, after_sensing_the_rest_is_at_its_optimum);
  tcase_add_test(c, after_the_device_layers_bits_and_power_are_at_their_optimum);
  tcase_add_test(c, deciding_again_is_never_worse_than_the_old_plan);
  tcase_add_loop_test(c, each_scheme_decides_its_rest, 0, 6);
  tcase_add_test(c, components_decide_their_rest);
  tcase_add_test(c, what_was_not_done_is_refused);
  suite_add_tcase(suite, c);
  return suite;
}
