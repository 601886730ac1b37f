/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-solve-job - what `iscc solve` does: one problem or a sweep of one of its numbers, by one scheme or by
 * all, printed in one of four ways. */
#ifndef ISCC_SOLVE_JOB_H
#define ISCC_SOLVE_JOB_H

#include <stdio.h>

#include "iscc-solver.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { ISCC_SCHEMES_MAX = 16, ISCC_SWEEP_POINTS_MAX = 10000 };

typedef enum { ISCC_OUTPUT_PAGE, ISCC_OUTPUT_JSON, ISCC_OUTPUT_TABLE, ISCC_OUTPUT_CSV } iscc_output;

typedef struct {
  iscc_solver *solvers[ISCC_SCHEMES_MAX];
  size_t count;
  iscc_output output;
} iscc_solve_job;

typedef struct {
  const char *name; /* as the option, e.g. "max-latency"; borrowed from a table */
  double first, step;
  size_t count; /* 0: nothing is swept */
} iscc_solve_sweep;

/* scheme: a name of the table, or "all". */
iscc_status iscc_solve_job_begin(iscc_solve_job *job, const char *scheme, iscc_output output,
                                 iscc_error *error);
void iscc_solve_job_end(iscc_solve_job *job);

/* "NAME=A:B:STEP". */
iscc_status iscc_solve_sweep_parse(const char *text, iscc_solve_sweep *sweep, iscc_error *error);

/* Decides and prints. With several schemes, one that has no place for the problem gets a line saying so. */
iscc_status iscc_solve_job_run(iscc_solve_job *job, const iscc_problem *problem, FILE *out,
                               iscc_error *error);

/* The same for each value; plot: a figure of the energy over the value (iscc-plot.h), NULL for none. */
iscc_status iscc_solve_job_sweep(iscc_solve_job *job, const iscc_problem *problem,
                                 const iscc_solve_sweep *sweep, const char *plot, FILE *out,
                                 iscc_error *error);

#ifdef __cplusplus
}
#endif
#endif
