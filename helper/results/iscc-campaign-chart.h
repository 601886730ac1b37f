/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-campaign-chart - a metric for each value of an option, against another option.
 *
 * A point is one of iscc-point-means.h: mean over replications and its interval. With a baseline it also has the relative difference to
 * the baseline's value at the same place, in pairs of replications, with Fieller's interval: the row of iscc-compare.h.
 *
 * Points that were not given one of the two options are left out. Those that stay may not differ in any other. */
#ifndef ISCC_CAMPAIGN_CHART_H
#define ISCC_CAMPAIGN_CHART_H

#include <stdbool.h>
#include <stddef.h>

#include "iscc-point-means.h"
#include "iscc-status.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
  const char *metric, *by;
  const char *against;  /* an option whose values are numbers; NULL: none, one point for each value of `by` */
  const char *baseline; /* a value of `by`; NULL: none */
  const char *where;    /* of iscc-campaign-where.h; NULL: all */
  double confidence;    /* of the intervals, in (0, 1) */
} iscc_chart_question;

typedef struct {
  const char *value, *place; /* of `by` and of `against`, as given; place "": none */
  double x;                  /* place as a number; NAN: none */
  const iscc_point_mean *mean;
  size_t pairs;                                 /* with the baseline; 0: the rest is NAN */
  double relative, relative_low, relative_high; /* to the baseline; bounds may be infinite */
} iscc_chart_point;

typedef struct {
  size_t points, values;   /* values: how many of `by` */
  iscc_chart_point *point; /* by value, then place: numbers by their size */
  char *command;           /* program and the options that all points share: "NAME --OPTION=VALUE ..." */
  iscc_point_means means;  /* what the points borrow, as from `arguments` */
  void *arguments;
} iscc_chart;

/* ISCC_EINVAL: an option, the metric or a condition is not in the database, a place is no number, or points differ in other options;
 * the text says what there is or what to choose. On failure nothing is to be freed. */
iscc_status iscc_chart_read(const char *database, const iscc_chart_question *question, iscc_chart *out,
                            iscc_error *error);
void iscc_chart_free(iscc_chart *chart);

#ifdef __cplusplus
}
#endif
#endif
