/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-random-problem - seeded allocation problems of every kind, and a search of their optimum that shares
 * no code with the solver: for tests. */
#ifndef ISCC_RANDOM_PROBLEM_H
#define ISCC_RANDOM_PROBLEM_H

#include "iscc-problem.h"
#include "iscc-random.h"

enum { RANDOM_SPLITS_MAX = 300, RANDOM_TABLE_MAX = 12 };

typedef struct {
  iscc_problem problem; /* points to the rest: do not copy */
  iscc_split split[RANDOM_SPLITS_MAX];
  double curve_power_w[RANDOM_TABLE_MAX], curve_accuracy[RANDOM_TABLE_MAX];
  double step_rate_bps[RANDOM_TABLE_MAX], step_power_w[RANDOM_TABLE_MAX];
} iscc_random_problem;

/* Arctan or tabulated R_0, Shannon or stepped uplink, limits that may or may not bind. */
void iscc_random_problem_draw(iscc_random_problem *drawn, iscc_random *r, int splits);

/* R_0 and its inverse, and u(p), by the formulas of doc/model.rst. */
double iscc_reference_accuracy(const iscc_problem *problem, double sensing_power_w);
double iscc_reference_sensing_power(const iscc_problem *problem, double accuracy);
double iscc_reference_pruning_shape(double keep_ratio);
/* What pruning to p loses: both terms. */
double iscc_reference_pruned(const iscc_split *split, double keep_ratio);

/* Least energy found by a grid over p and golden sections over p and the uplink time, over all (l, Q) and
 * steps; INFINITY when nothing feasible was met. */
double iscc_reference_energy(const iscc_problem *problem);

#endif
