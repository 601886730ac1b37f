/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-solver - decides split layer, pruning ratio, powers, speed and bits for one task.
 *
 * A scheme is a way to decide; the table of schemes is in iscc-scheme.c. `joint` returns the optimum of
 * iscc-problem.h with a Lagrangian lower bound as certificate (doc/solver.rst).
 *
 * Memory:  create allocates; solve never does. Threads: one handle per thread, no globals.
 * A handle may warm-start from its last answer: that changes the time, never the answer. */
#ifndef ISCC_SOLVER_H
#define ISCC_SOLVER_H

#include "iscc-problem.h"
#include "iscc-status.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum {
  ISCC_DECISION_OPTIMAL,   /* certified: lower_bound_j and relative_gap hold */
  ISCC_DECISION_FEASIBLE,  /* of a scheme without certificate */
  ISCC_DECISION_INFEASIBLE /* conflict names the constraints; no allocation */
} iscc_decision_status;

/* "optimal", "feasible", "infeasible" */
const char *iscc_decision_status_name(iscc_decision_status status);

typedef enum { /* bits of iscc_decision.binding and .conflict */
               ISCC_CONSTRAINT_ACCURACY = 1 << 0,
               ISCC_CONSTRAINT_LATENCY = 1 << 1,
               ISCC_CONSTRAINT_SENSING_POWER = 1 << 2,
               ISCC_CONSTRAINT_TRANSMIT_POWER = 1 << 3,
               ISCC_CONSTRAINT_SPEED = 1 << 4,
               ISCC_CONSTRAINT_KEEP_RATIO = 1 << 5 /* p = 1 */
} iscc_constraint;

enum { ISCC_CONSTRAINT_COUNT = 6 };

/* "accuracy", "latency", "sensing_power", "transmit_power", "speed", "keep_ratio" for a single bit. */
const char *iscc_constraint_name(iscc_constraint constraint);

typedef struct {
  double sensing, compute, uplink, total;
} iscc_energy_j;

typedef struct {
  double sensing, compute, uplink, server, total; /* total includes the split's fixed delay */
} iscc_latency_s;

typedef struct {
  iscc_decision_status status;
  int split;               /* l */
  int bits;                /* Q; 0 when nothing is sent */
  double keep_ratio;       /* p */
  double sensing_power_w;  /* P_s */
  double transmit_power_w; /* P_c; 0 when nothing is sent */
  double edge_speed_flops; /* nu_e; 0 without device compute */
  iscc_energy_j energy;
  iscc_latency_s latency;
  double uplink_bits; /* N_l Q + overhead */
  double predicted_accuracy;
  unsigned binding;       /* iscc_constraint bits that hold with equality */
  unsigned conflict;      /* when infeasible: constraints that cannot hold together */
  double least_latency_s; /* when infeasible: nearest relaxations; NAN where none exists */
  double highest_accuracy;
  double lower_bound_j, relative_gap; /* optimal: certificate; else NAN */
  int evaluated, discarded;           /* (l, Q) pairs solved and discarded by bounds */
  int iterations;
} iscc_decision;

typedef struct iscc_solver iscc_solver;

/* scheme: a name of the table, e.g. "joint". ISCC_EINVAL lists the names. */
iscc_status iscc_solver_create(const char *scheme, iscc_solver **out, iscc_error *error);
void iscc_solver_destroy(iscc_solver *solver);

/* Scheme names in table order; NULL past the end. */
const char *iscc_scheme_name(size_t index);
const char *iscc_solver_scheme(const iscc_solver *solver);

/* P_s of scheme jcc: the problem's, or where R_0 is 97 % of its limit, within P_max. */
double iscc_jcc_sensing_power(const iscc_problem *problem);

/* ISCC_OK for every valid problem, infeasible ones included (decision->status tells). ISCC_EINVAL: a field is
 * out of range; the decision is untouched. */
iscc_status iscc_solver_solve(iscc_solver *solver, const iscc_problem *problem, iscc_decision *decision,
                              iscc_error *error);

/* The rest of a task whose sensing and device layers were done as `done` tells, the latter in compute_s: the
 * Q and P_c of least energy, whatever the scheme. problem is the whole task's, with the channel and the time
 * of now; `sensed` is not looked at. Answers as iscc_solver_solve() does, with all stages. ISCC_EINVAL
 * also: the problem has no such split, or compute_s is negative. */
iscc_status iscc_solver_finish(iscc_solver *solver, const iscc_problem *problem, const iscc_decision *done,
                               double compute_s, iscc_decision *decision, iscc_error *error);

typedef struct { /* whom `alternating` tells of each turn */
  void *ctx;
  void (*note)(void *ctx, int split, int bits, int turn, double energy_j);
} iscc_history;

/* history is borrowed until the handle ends or another is given; NULL: none. Other schemes have none to tell.
 */
void iscc_solver_tell(iscc_solver *solver, const iscc_history *history);

/* Forgets the last answer: the next solve starts cold. For measurements. */
void iscc_solver_forget(iscc_solver *solver);

#ifdef __cplusplus
}
#endif
#endif
