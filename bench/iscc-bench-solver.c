/* SPDX-License-Identifier: GPL-2.0-only */
/* One decision of the joint solver, cold and warm, beside the paper's alternating algorithm at the same
 * tolerance, in one process: on the default network and on synthetic ones of 50 and 300 layers. Cold: the
 * handle remembers nothing. Warm: it has just answered the same task at an SNR up to 10 % different. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "iscc-default-model.h"
#include "iscc-model.h"
#include "iscc-node-settings.h"
#include "iscc-random.h"
#include "iscc-solver.h"
#include "iscc-splits.h"

enum { PROBLEMS = 10000, REPEATS = 3 };

static double joint_us[PROBLEMS], warm_us[PROBLEMS], alternating_us[PROBLEMS], excess[PROBLEMS];

typedef struct {
  const char *name;
  iscc_problem problem;
  int alternating_problems; /* it takes so long that fewer must do */
  bool fading_only;         /* target and latency as in the demo */
} bench_case;

static double now_us(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return 1e6 * (double)t.tv_sec + 1e-3 * (double)t.tv_nsec;
}

static int ascending(const void *a, const void *b) {
  const double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

/* Sorts; the value that a share of them does not exceed. */
static double quantile(double *values, int count, double share) {
  qsort(values, (size_t)count, sizeof *values, ascending);
  return count ? values[(int)(share * (count - 1) + 0.5)] : (double)NAN;
}

static void draw(iscc_problem *p, iscc_random *r, bool fading_only) {
  p->uplink.snr_per_w = 10 * -log(1 - iscc_random_uniform(r));
  if (fading_only) return;
  p->target_accuracy = iscc_random_between(r, 0.6, 0.93);
  p->max_latency_s = iscc_random_between(r, 0.55, 1.5);
}

/* Layers whose features shrink and whose compute and losses add up, as in a deep network on a small input. */
static void synthesize(iscc_split *splits, int layers, iscc_random *r) {
  const double flops = 4e6 / layers, loss = 0.5 / layers;
  double slope = 0, pruning_loss = 0;
  for (int l = 0; l <= layers; l++) {
    iscc_split *s = &splits[l];
    *s = (iscc_split){
        .layer = l, .flops_slope = slope, .flops_const = -1e-3 * slope, .pruning_loss = pruning_loss};
    s->features =
        l == layers ? 0 : (int)(5292 * pow(0.02, (double)l / layers) * iscc_random_between(r, 0.5, 1.5));
    s->server_flops = 4e6 - slope > 0 ? 4e6 - slope : 0;
    for (int q = 2; q <= ISCC_PROBLEM_BITS_MAX; q++)
      s->quantization_loss[q] = 0.05 / pow(pow(2, q - 1) - 1, 2) * iscc_random_between(r, 0.5, 1.5);
    slope += 2 * flops * iscc_random_uniform(r);
    pruning_loss += 2 * loss * iscc_random_uniform(r);
  }
}

static double time_of(iscc_solver *solver, const iscc_problem *p, iscc_decision *d) {
  iscc_error error;
  const double start_us = now_us();
  if (iscc_solver_solve(solver, p, d, &error)) {
    fprintf(stderr, "iscc-bench-solver: %s\n", error.text);
    exit(EXIT_FAILURE);
  }
  return now_us() - start_us;
}

typedef struct {
  iscc_solver *joint, *alternating;
} solvers;

/* The least of some repeats: the others were interrupted. */
static void time_joint(const solvers *s, const iscc_problem *p, iscc_random *r, int k, iscc_decision *d) {
  iscc_problem before = *p;
  iscc_decision other;
  before.uplink.snr_per_w *= iscc_random_between(r, 0.9, 1.1);
  joint_us[k] = warm_us[k] = INFINITY;
  for (int i = 0; i < REPEATS; i++) {
    iscc_solver_forget(s->joint);
    joint_us[k] = fmin(joint_us[k], time_of(s->joint, p, d));
    time_of(s->joint, &before, &other);
    warm_us[k] = fmin(warm_us[k], time_of(s->joint, p, &other));
  }
}

static void print_excess(int count, int below) {
  int more = 0;
  for (int i = 0; i < count; i++) more += excess[i] > 1e-6;
  printf("  energy of alternating over joint: median %.2g %%, 90 %% %.2g %%, 99 %% %.3g %%, most %.3g %%; "
         "above 1e-6 in "
         "%.0f %% of %d; below joint by more than 1e-9 in %d\n",
         100 * quantile(excess, count, 0.5), 100 * quantile(excess, count, 0.9),
         100 * quantile(excess, count, 0.99), 100 * quantile(excess, count, 1),
         100.0 * more / (count ? count : 1), count, below);
}

static void measure(const solvers *s, bench_case *c) {
  iscc_random r;
  iscc_random_seed(&r, 1, 0, 0, ISCC_STREAM_TEST);
  double evaluated = 0, feasible = 0;
  int pairs = 0, compared = 0, below = 0;
  for (int k = 0; k < PROBLEMS; k++) {
    iscc_decision d, other;
    draw(&c->problem, &r, c->fading_only);
    time_joint(s, &c->problem, &r, k, &d);
    pairs = d.evaluated + d.discarded;
    const bool found = d.status != ISCC_DECISION_INFEASIBLE;
    feasible += found;
    evaluated += found ? d.evaluated : 0;
    if (k >= c->alternating_problems) continue;
    alternating_us[k] = time_of(s->alternating, &c->problem, &other);
    if (!found) continue;
    const double over = other.energy.total / d.energy.total - 1;
    below += over < -1e-9;
    excess[compared++] = over;
  }
  const int tried = c->alternating_problems;
  const double cold = quantile(joint_us, PROBLEMS, 0.5), slow = quantile(alternating_us, tried, 0.5);
  printf("%-20s %6d %8.1f %8.2f %8.2f %8.2f %8.2f %8.2f %10.0f %9.0f\n", c->name, pairs,
         100 * feasible / PROBLEMS, evaluated / feasible, cold, quantile(joint_us, PROBLEMS, 0.99),
         quantile(warm_us, PROBLEMS, 0.5), quantile(warm_us, PROBLEMS, 0.99), slow, slow / cold);
  print_excess(compared, below);
}

int main(int argc, char **argv) {
  enum { DEEP = 50, DEEPEST = 300 };
  static iscc_split deep[DEEP + 1], deepest[DEEPEST + 1];
  char path[4096];
  iscc_error error = {""};
  iscc_model *model;
  solvers s;
  iscc_split splits[ISCC_LAYERS_MAX + 1];
  iscc_node_settings settings;
  iscc_problem problem;
  iscc_random r;
  (void)argc;
  iscc_node_defaults(&settings);
  iscc_problem_defaults(&problem);
  if (iscc_default_model_path(path, sizeof path, &error) || iscc_model_read(path, &model, &error) ||
      iscc_splits_from_model(model, settings.candidates, settings.candidate_count, splits, &error) ||
      iscc_solver_create("joint", &s.joint, &error) ||
      iscc_solver_create("alternating", &s.alternating, &error)) {
    fprintf(stderr, "%s: %s\n", argv[0], error.text);
    return EXIT_FAILURE;
  }
  iscc_curve_from_model(model, 1, &problem.accuracy_curve);
  iscc_random_seed(&r, 2, 0, 0, ISCC_STREAM_TEST);
  synthesize(deep, DEEP, &r);
  synthesize(deepest, DEEPEST, &r);
  problem.splits = splits;
  problem.split_count = (size_t)settings.candidate_count;
  bench_case cases[] = {{"default, demo", problem, 10000, true},
                        {"default", problem, 10000, false},
                        {"default, no l = 0", problem, 10000, false},
                        {"50 layers, Q 2..8", problem, 2000, false},
                        {"300 layers, Q 2..16", problem, 100, false}};
  cases[2].problem.splits = splits + 1;
  cases[2].problem.split_count--;
  cases[3].problem.splits = deep;
  cases[3].problem.split_count = DEEP + 1;
  cases[4].problem.splits = deepest;
  cases[4].problem.split_count = DEEPEST + 1;
  cases[4].problem.bits_max = 16;
  printf("One decision in us, %d seeded problems each; alternating on the first of them\n", PROBLEMS);
  printf("%-20s %6s %8s %8s %8s %8s %8s %8s %10s %9s\n", "network", "pairs", "feasible", "solved", "cold",
         "99 %", "warm", "99 %", "alternating", "ratio");
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) measure(&s, &cases[i]);
  iscc_solver_destroy(s.joint);
  iscc_solver_destroy(s.alternating);
  iscc_model_destroy(model);
  return EXIT_SUCCESS;
}
