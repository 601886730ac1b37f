/* SPDX-License-Identifier: GPL-2.0-only */
/* One decision of the joint solver on the default network: time, and how much of the problem was solved. The
 * channel fades around 10 dB; targets and limits are drawn around Table II. The baseline in the same run is
 * the time of one tan(), so that machines can be compared. */
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

enum { PROBLEMS = 10000, REPEATS = 5 };

static double now_us(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return 1e6 * (double)t.tv_sec + 1e-3 * (double)t.tv_nsec;
}

static int ascending(const void *a, const void *b) {
  const double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

static double tan_us(void) {
  volatile double sum = 0;
  const double start_us = now_us();
  for (int i = 0; i < 1000000; i++) sum += tan(1e-6 * i);
  return (now_us() - start_us) / 1e6;
}

static void draw(iscc_problem *p, iscc_random *r, int demo) {
  p->uplink.snr_per_w = 10 * -log(1 - iscc_random_uniform(r));
  if (demo) return;
  p->target_accuracy = iscc_random_between(r, 0.6, 0.93);
  p->max_latency_s = iscc_random_between(r, 0.55, 1.5);
}

static int measure(iscc_solver *solver, iscc_problem *p, const char *name, int demo, double baseline_us) {
  static double times_us[PROBLEMS];
  iscc_random r;
  iscc_error error;
  iscc_random_seed(&r, 1, 0, 0, ISCC_STREAM_TEST);
  double evaluated = 0, iterations = 0, feasible = 0;
  for (int k = 0; k < PROBLEMS; k++) {
    iscc_decision d;
    draw(p, &r, demo);
    times_us[k] = INFINITY;
    for (int i = 0; i < REPEATS; i++) { /* the least: the others were interrupted */
      const double start_us = now_us();
      if (iscc_solver_solve(solver, p, &d, &error)) return 1;
      times_us[k] = fmin(times_us[k], now_us() - start_us);
    }
    if (d.status == ISCC_DECISION_INFEASIBLE) continue;
    feasible++;
    evaluated += d.evaluated;
    iterations += d.iterations;
  }
  qsort(times_us, PROBLEMS, sizeof *times_us, ascending);
  const double median = times_us[PROBLEMS / 2], p99 = times_us[PROBLEMS * 99 / 100];
  printf("%-10s %10.1f %12.2f %12.2f %12.0f %12.2f %12.1f\n", name, 100 * feasible / PROBLEMS, median, p99,
         median / baseline_us, evaluated / feasible, iterations / feasible);
  return 0;
}

int main(int argc, char **argv) {
  char path[4096];
  iscc_error error = {""};
  iscc_model *model;
  iscc_solver *solver;
  iscc_split splits[ISCC_LAYERS_MAX + 1];
  iscc_node_settings settings;
  iscc_problem problem;
  (void)argc;
  iscc_node_defaults(&settings);
  iscc_problem_defaults(&problem);
  if (iscc_default_model_path(path, sizeof path, &error) || iscc_model_read(path, &model, &error) ||
      iscc_splits_from_model(model, settings.candidates, settings.candidate_count, splits, &error) ||
      iscc_solver_create("joint", &solver, &error)) {
    fprintf(stderr, "%s: %s\n", argv[0], error.text);
    return EXIT_FAILURE;
  }
  iscc_curve_from_model(model, 1, &problem.accuracy_curve);
  problem.splits = splits;
  problem.split_count = (size_t)settings.candidate_count;
  const double baseline_us = tan_us();
  printf("Joint solver, default network, %d seeded problems each; tan() takes %.4f us\n", PROBLEMS,
         baseline_us);
  printf("%-10s %10s %12s %12s %12s %12s %12s\n", "problems", "feasible %", "median us", "99 % us",
         "median/tan", "pairs solved", "iterations");
  const int failed =
      measure(solver, &problem, "demo", 1, baseline_us) || measure(solver, &problem, "drawn", 0, baseline_us);
  iscc_solver_destroy(solver);
  iscc_model_destroy(model);
  return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
