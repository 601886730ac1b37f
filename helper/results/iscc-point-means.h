/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-point-means - a metric at each point of a grid: mean over replications, its confidence interval, and what failed.
 *
 * Replications are independent. Of a metric of successes (iscc-binary-metric.h) the interval is Wilson's (iscc-wilson.h); of others that of
 * iscc-chosen-interval.h, which is none where values do not scatter. Where results decided how many replications there are,
 * confidence is raised as iscc-sequential.h says. A failed run has no values; it is counted beside the mean. */
#ifndef ISCC_POINT_MEANS_H
#define ISCC_POINT_MEANS_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "iscc-chosen-interval.h"
#include "iscc-status.h"
#include "iscc-warning.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
  const char *program; /* NULL: all there are */
  const char *metric;
  double confidence; /* of the intervals, in (0, 1) */
} iscc_point_question;

typedef struct {
  char *program, *arguments; /* JSON */
  size_t n, without,
      failed; /* values; replications done without one; those that have never come to be done */
  double mean, deviation, low, high; /* NAN of too few values; low and high of values without scatter */
  iscc_interval_method method;
  bool stopped; /* by precision: the interval is corrected for it */
  iscc_warning warning;
} iscc_point_mean;

typedef struct {
  size_t points;
  iscc_point_mean *point; /* in the order of iscc_point_order() */
} iscc_point_means;

/* ISCC_EINVAL: no run that is done has the metric; the text names those there are. On failure nothing is to be freed. */
iscc_status iscc_point_means_read(const char *database, const iscc_point_question *question,
                                  iscc_point_means *out, iscc_error *error);
void iscc_point_means_free(iscc_point_means *means);

/* As a table. */
void iscc_point_means_print(const iscc_point_means *means, const iscc_point_question *question, FILE *out);

#ifdef __cplusplus
}
#endif
#endif
