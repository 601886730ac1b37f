/* SPDX-License-Identifier: GPL-2.0-only */
/* What a problem may hold: each field is refused by its name, and the curve and the uplink by their formulas.
 */
#include <check.h>
#include <math.h>
#include <stddef.h>
#include <string.h>

#include "iscc-random-problem.h"
#include "iscc-solver.h"

static iscc_split split;
static iscc_problem problem;
static const double powers[] = {0.01, 0.02, 0.1}, accuracies[] = {0.4, 0.7, 0.9};
static const double rates[] = {1e4, 1e5}, step_powers[] = {0.01, 0.2};

static void set_up(void) {
  split =
      (iscc_split){.layer = 3, .flops_slope = 1e6, .flops_const = -100, .server_flops = 1e6, .features = 500};
  for (int q = 2; q <= 16; q++) split.quantization_loss[q] = 0.01, split.overhead_bits[q] = 10;
  iscc_problem_defaults(&problem);
  problem.accuracy_curve = (iscc_accuracy_curve){.kind = ISCC_CURVE_ARCTAN, .a = 0.6, .b_per_w = 200};
  problem.splits = &split;
  problem.split_count = 1;
}

typedef struct {
  const char *name;
  double *at;
  double low, high; /* open range */
  bool low_is_fine;
} field;

static const field fields[] = {
    {"target_accuracy", &problem.target_accuracy, 0, 1, false},
    {"max_latency_s", &problem.max_latency_s, 0, INFINITY, false},
    {"sensing_time_s", &problem.sensing_time_s, 0, INFINITY, true},
    {"max_power_w", &problem.max_power_w, 0, INFINITY, false},
    {"max_speed_flops", &problem.max_speed_flops, 0, INFINITY, false},
    {"server_speed_flops", &problem.server_speed_flops, 0, INFINITY, false},
    {"kappa", &problem.kappa, 0, INFINITY, false},
    {"uplink.bandwidth_hz", &problem.uplink.bandwidth_hz, 0, INFINITY, false},
    {"uplink.snr_per_w", &problem.uplink.snr_per_w, 0, INFINITY, false},
    {"accuracy_curve.a", &problem.accuracy_curve.a, 0, 0.6367, false},
    {"accuracy_curve.b_per_w", &problem.accuracy_curve.b_per_w, 0, INFINITY, false},
    {"fixed_sensing_power_w", &problem.fixed_sensing_power_w, 0, 1.0000001, true},
    {"splits[0].flops_slope", &split.flops_slope, 0, INFINITY, true},
    {"splits[0].server_flops", &split.server_flops, 0, INFINITY, true},
    {"splits[0].pruning_loss", &split.pruning_loss, 0, INFINITY, true},
    {"splits[0].pruning_slope", &split.pruning_slope, 0, INFINITY, true},
    {"splits[0].keep_ratio_min", &split.keep_min, 0, 1.0000001, true},
    {"splits[0].delay_s", &split.delay_s, 0, INFINITY, true},
    {"splits[0].quantization_loss", &split.quantization_loss[8], 0, INFINITY, true},
    {"splits[0].overhead_bits", &split.overhead_bits[2], 0, INFINITY, true},
};

static void refused(const char *name) {
  iscc_solver *solver;
  iscc_error error;
  iscc_decision decision, before;
  memset(&decision, 0x5a, sizeof decision);
  memcpy(&before, &decision, sizeof before);
  ck_assert_int_eq(iscc_solver_create("joint", &solver, &error), ISCC_OK);
  ck_assert_int_eq(iscc_solver_solve(solver, &problem, &decision, &error), ISCC_EINVAL);
  ck_assert_msg(strncmp(error.text, name, strlen(name)) == 0, "'%s' does not name %s", error.text, name);
  ck_assert_ptr_null(strchr(error.text, '\n'));
  ck_assert_mem_eq(&decision, &before, sizeof before);
  iscc_solver_destroy(solver);
}

START_TEST(each_field_is_refused_by_name) {
  const field *f = &fields[_i];
  iscc_error error;
  ck_assert_msg(iscc_problem_check(&problem, &error) == ISCC_OK, "%s", error.text);
  const double wrong[] = {NAN, INFINITY, -INFINITY, f->low - 1e-9, f->high, f->low};
  for (size_t i = 0; i < sizeof wrong / sizeof *wrong - f->low_is_fine; i++) {
    *f->at = wrong[i];
    refused(f->name);
  }
  *f->at = f->low_is_fine ? f->low : fmin(0.5 * f->high, 1e-300);
  ck_assert_msg(iscc_problem_check(&problem, &error) == ISCC_OK, "%s", error.text);
}
END_TEST

START_TEST(bits_splits_and_layers_have_ranges) {
  problem.bits_min = 1;
  refused("bits");
  problem.bits_min = 9;
  refused("bits");
  problem.bits_min = 2;
  problem.bits_max = 17;
  refused("bits");
  problem.bits_max = 8;
  split.layer = -1;
  refused("splits[0].layer");
  split.layer = 0;
  split.features = -1;
  refused("splits[0].features");
  split.features = 0;
  split.flops_const = NAN;
  refused("splits[0].flops_const");
  problem.split_count = 0;
  refused("splits");
  problem.split_count = ISCC_PROBLEM_SPLITS_MAX + 1;
  refused("splits");
}
END_TEST

START_TEST(candidates_of_pca_are_checked_as_the_others) {
  iscc_pca_split pca[2] = {{split, problem.accuracy_curve}, {split, problem.accuracy_curve}};
  iscc_error error;
  problem.pca_splits = pca;
  problem.pca_split_count = 2;
  ck_assert_msg(iscc_problem_check(&problem, &error) == ISCC_OK, "%s", error.text);
  pca[1].accuracy_curve.a = 0.7;
  refused("pca_splits[1].accuracy_curve.a");
  pca[1].split.features = -1;
  refused("pca_splits[1].features");
  pca[0].split.quantization_loss[4] = NAN;
  refused("pca_splits[0].quantization_loss (Q = 4)");
  problem.pca_split_count = ISCC_PROBLEM_SPLITS_MAX + 1;
  refused("pca_splits");
  problem.pca_splits = NULL;
  problem.pca_split_count = 1;
  refused("pca_splits");
}
END_TEST

static void use_table(const double *power, const double *accuracy, int points) {
  problem.accuracy_curve = (iscc_accuracy_curve){
      .kind = ISCC_CURVE_TABLE, .power_w = power, .accuracy = accuracy, .points = points};
}

START_TEST(tables_must_increase_and_be_concave) {
  iscc_error error;
  use_table(powers, accuracies, 3);
  ck_assert_int_eq(iscc_problem_check(&problem, &error), ISCC_OK);
  use_table(powers, accuracies, 1);
  refused("accuracy_curve");
  use_table(powers, (double[]){0.4, 0.4, 0.9}, 3);
  refused("accuracy_curve.accuracy[1]");
  use_table((double[]){0.01, 0.02, 0.02}, accuracies, 3);
  refused("accuracy_curve.power_w[2]");
  use_table(powers, (double[]){0.4, 0.42, 0.9}, 3);
  refused("accuracy_curve.accuracy[1]: the curve turns up");
  use_table(powers, (double[]){0.4, 0.7, 1.01}, 3);
  refused("accuracy_curve.accuracy[2]");
  use_table(powers, (double[]){0.4, NAN, 0.9}, 3);
  refused("accuracy_curve.accuracy[1]");
  use_table(powers, accuracies, 3);
  problem.uplink =
      (iscc_uplink){.kind = ISCC_UPLINK_STEPS, .rate_bps = rates, .power_w = step_powers, .steps = 2};
  ck_assert_int_eq(iscc_problem_check(&problem, &error), ISCC_OK);
  problem.uplink.steps = 0;
  refused("uplink.rate_bps");
  problem.uplink.steps = 2;
  problem.uplink.rate_bps = (double[]){1e5, 1e4};
  refused("uplink.rate_bps[1]");
  problem.uplink.rate_bps = rates;
  problem.uplink.power_w = (double[]){0.2, -0.1};
  refused("uplink.power_w[1]");
}
END_TEST

START_TEST(curves_and_their_inverses_follow_the_formulas) {
  static iscc_random_problem drawn;
  iscc_random r;
  iscc_random_seed(&r, 3, 0, 0, ISCC_STREAM_TEST);
  int tables = 0;
  for (int k = 0; k < 400; k++) {
    iscc_random_problem_draw(&drawn, &r, 2);
    const iscc_accuracy_curve *c = &drawn.problem.accuracy_curve;
    tables += c->kind == ISCC_CURVE_TABLE;
    const double power = pow(10, iscc_random_between(&r, -5, 1));
    ck_assert_double_eq_tol(iscc_accuracy_curve_at(c, power), iscc_reference_accuracy(&drawn.problem, power),
                            1e-12);
    const double asked = iscc_random_between(&r, 0.05, 0.95), h = 1e-6;
    const double want = iscc_reference_sensing_power(&drawn.problem, asked);
    const iscc_sensing_point at = iscc_accuracy_curve_inverse(c, asked);
    const double got = at.power_w;
    if (isinf(want)) {
      ck_assert(isinf(got) && isinf(at.slope_w));
      continue;
    }
    ck_assert_double_eq_tol(got, want, 1e-11 * want);
    ck_assert_double_ge(iscc_accuracy_curve_at(c, got * (1 + 1e-12)), asked * (1 - 1e-11));
    const iscc_sensing_point next = iscc_accuracy_curve_inverse(c, asked + h);
    const double above = next.power_w, below = iscc_accuracy_curve_inverse(c, asked - h).power_w;
    const double slope = at.slope_w;
    if (c->kind == ISCC_CURVE_ARCTAN && isfinite(above))
      ck_assert_double_eq_tol((next.slope_w / slope - 1) / h, at.bend, 1e-3 * at.bend + 1e-6);
    if (c->kind == ISCC_CURVE_TABLE) {
      ck_assert(at.bend == 0 && (at.segment == 0 || c->accuracy[at.segment - 1] < asked));
      ck_assert(at.segment < c->points && asked <= c->accuracy[at.segment]);
    }
    if (isfinite(above)) /* between the slopes on both sides, by convexity */
      ck_assert(slope >= (got - below) / h * (1 - 1e-4) - 1e-9 &&
                slope <= (above - got) / h * (1 + 1e-4) + 1e-9);
  }
  ck_assert_int_gt(tables, 100);
}
END_TEST

START_TEST(uplinks_follow_the_formulas) {
  const iscc_uplink shannon = {.kind = ISCC_UPLINK_SHANNON, .bandwidth_hz = 1e5, .snr_per_w = 30};
  ck_assert_double_eq_tol(iscc_uplink_rate_bps(&shannon, 0.1), 2e5, 1e-6);
  ck_assert_double_eq_tol(iscc_uplink_rate_bps(&shannon, 1e-9), 1e5 * 3e-8 / log(2) * (1 - 1.5e-8), 1e-12);
  ck_assert_double_eq(iscc_uplink_rate_bps(&shannon, 0), 0);
  const iscc_uplink steps = {
      .kind = ISCC_UPLINK_STEPS, .rate_bps = rates, .power_w = step_powers, .steps = 2};
  ck_assert_double_eq(iscc_uplink_rate_bps(&steps, 0.009), 0);
  ck_assert_double_eq(iscc_uplink_rate_bps(&steps, 0.01), 1e4);
  ck_assert_double_eq(iscc_uplink_rate_bps(&steps, 0.1999), 1e4);
  ck_assert_double_eq(iscc_uplink_rate_bps(&steps, 5), 1e5);
}
END_TEST

Suite *iscc_suite_problem(void);
Suite *iscc_suite_problem(void) {
  Suite *suite = suite_create("allocation: problem");
  TCase *c = tcase_create("problem");
  tcase_add_checked_fixture(c, set_up, NULL);
  tcase_add_loop_test(c, each_field_is_refused_by_name, 0, (int)(sizeof fields / sizeof *fields));
  tcase_add_test(c, bits_splits_and_layers_have_ranges);
  tcase_add_test(c, candidates_of_pca_are_checked_as_the_others);
  tcase_add_test(c, tables_must_increase_and_be_concave);
  tcase_add_test(c, curves_and_their_inverses_follow_the_formulas);
  tcase_add_test(c, uplinks_follow_the_formulas);
  suite_add_tcase(suite, c);
  return suite;
}
