/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-report - what a recorded run says, as a table for people. All numbers come from the database by SQL.
 */
#ifndef ISCC_REPORT_H
#define ISCC_REPORT_H

#include <stdint.h>
#include <stdio.h>

#include "iscc-status.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { ISCC_REPORT_OUTCOMES = 6 }; /* done, late, infeasible, dropped, lost, unfinished */

typedef struct {
  int64_t tasks, outcome[ISCC_REPORT_OUTCOMES];
  int64_t judged, correct;            /* answers whose truth is known */
  double accuracy_low, accuracy_high; /* 95 % interval (Clopper and Pearson) of correct/judged; NAN without */
  double target_accuracy;             /* R_t of the run's first node */
  int64_t charged;                    /* tasks that used energy */
  double sensing_j, compute_j, uplink_j; /* mean per such task */
  int64_t answered;                      /* tasks with an answer, in time or late */
  double mean_latency_s, p95_latency_s;  /* of those; NAN without */
  double max_latency_s;                  /* T_max */
  int64_t batteries, empty;              /* nodes that have one; those whose is empty */
  double first_empty_s, median_empty_s;  /* lifetimes; NAN: not so many are empty */
  double mean_solver_us, p95_solver_us;  /* wall clock, over all calls; NAN without */
} iscc_report;

/* Reads run run_id. ISCC_EINVAL: no such run. */
iscc_status iscc_report_read(const char *path, int64_t run_id, iscc_report *report, iscc_error *error);

void iscc_report_print(const iscc_report *report, FILE *out);

#ifdef __cplusplus
}
#endif
#endif
