/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-compare - a metric with one value of an option beside the same with another, replication by replication.
 *
 * Executions that are done and differ in nothing but one option are pairs: same program, other arguments, seed and run.
 * Each row compares one value of that option with the baseline, at one point of the rest of the grid; with several such points one more row per value
 * compares means over all of them, of replications that have them all. Differences, intervals and p-values are those of
 * iscc-paired.h, of a metric of successes (iscc-binary-metric.h) those of iscc-paired-shares.h, of its means over
 * points the p-value of iscc-sign-flip.h and, where iscc-uncommon.h allows it, an interval, Student's; adjusted by Holm's procedure over the rows of single points and, apart, over those of all points. */
#ifndef ISCC_COMPARE_H
#define ISCC_COMPARE_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "iscc-chosen-interval.h"
#include "iscc-pair-streams.h"
#include "iscc-paired.h"
#include "iscc-status.h"
#include "iscc-warning.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
  const char *metric, *by, *baseline;
  double confidence; /* of the intervals, in (0, 1) */
  const char *where; /* of iscc-campaign-where.h, for the runs beside the baseline's; NULL: all */
} iscc_compare_question;

typedef struct {
  char *value, *rest; /* of the option; the other arguments as JSON, "" of all points */
  iscc_paired paired; /* value less baseline */
  /* of the difference, where it is not Student's: by bootstrap-t of strongly skewed differences, Newcombe's of successes,
   * whose ratio has none. paired.half_width is NAN then. method NONE: it is Student's, or NAN and there is none */
  iscc_chosen_interval interval;
  double adjusted_p;
  bool stopped;    /* by precision: interval and p-value are corrected as in iscc-sequential.h */
  size_t unpaired; /* runs with this value that have no partner */
  size_t tried,
      without; /* replications with this value; those of them that failed or have no value (iscc-compare-attempts.h) */
  size_t baseline_tried, baseline_without;
  iscc_warning warning; /* about the differences */
} iscc_compare_row;

typedef struct {
  size_t rows;
  iscc_compare_row *row; /* by points, then those of all points */
  iscc_pair_streams streams;
  int64_t hashes; /* how many files of one program made the results; more than 1: mixed */
} iscc_comparison;

/* ISCC_EINVAL: the option, the baseline or the metric is not in the database, no run is as `where` says, or there are no pairs; the text names what
 * there is. On failure nothing is to be freed. */
iscc_status iscc_compare(const char *database, const iscc_compare_question *question, iscc_comparison *out,
                         iscc_error *error);
void iscc_comparison_free(iscc_comparison *comparison);

/* The whole as a table, then a sentence for each value of the option. */
void iscc_comparison_print(const iscc_comparison *comparison, const iscc_compare_question *question,
                           FILE *out);

/* The sentences alone, one a line, with what must be known of them. */
void iscc_comparison_say(const iscc_comparison *comparison, const iscc_compare_question *question, FILE *out);

#ifdef __cplusplus
}
#endif
#endif
