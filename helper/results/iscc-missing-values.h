/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-missing-values - runs that are done and yet lack a metric.
 *
 * A metric belongs to a point when a run of it that is done has the metric, or when it is named. A run that lacks one of its point is
 * in no mean of that metric; what it lacks may be lost, or may not exist (the lifetime of a battery that never was empty). */
#ifndef ISCC_MISSING_VALUES_H
#define ISCC_MISSING_VALUES_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "iscc-status.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { ISCC_MISSING_VALUES_MAX = 64, ISCC_MISSING_NAME_MAX = 64 };

typedef struct {
  char name[ISCC_MISSING_NAME_MAX];
  int64_t without, done; /* runs of the points that the metric belongs to */
} iscc_missing_value;

typedef struct {
  size_t count; /* what does not fit is left out */
  iscc_missing_value metric[ISCC_MISSING_VALUES_MAX];
} iscc_missing_values;

/* Of a program's runs that are done, the metrics that some lack, by name. named: names of metrics that every run is to have. */
iscc_status iscc_missing_values_read(const char *database, const char *program, const char *const *named,
                                     size_t count, iscc_missing_values *out, iscc_error *error);

/* A line for each; none when nothing is missing. */
void iscc_missing_values_print(const iscc_missing_values *missing, FILE *out);

#ifdef __cplusplus
}
#endif
#endif
