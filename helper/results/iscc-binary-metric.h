/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-binary-metric - whether a metric of a program is one of successes and failures.
 *
 * It is when its name has no unit (iscc-metric-unit.h) and every value of it in the runs that are looked at is 0 or 1 and both occur. A duration or a share of several tasks may well be 0 or 1
 * in all replications of one point; what it is elsewhere tells it apart. So where all values looked at are the same, all others of that program are looked at, too. Where a single
 * value is all there is, nothing tells. What another program prints by that name is another metric. */
#ifndef ISCC_BINARY_METRIC_H
#define ISCC_BINARY_METRIC_H

#include <sqlite3.h>
#include <stddef.h>

#include "iscc-status.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum {
  ISCC_METRIC_OTHER,
  ISCC_METRIC_BINARY,
  ISCC_METRIC_ALL_EQUAL /* all 0, or all 1 */
} iscc_metric_kind;

typedef struct {
  char *program;
  iscc_metric_kind kind;
} iscc_program_kind;

typedef struct {
  size_t programs;
  iscc_program_kind *program;
} iscc_metric_kinds;

/* Over runs that are done and are as `where` says (iscc-campaign-where.h, NULL: all), leaving out what it says of the option whose path in JSON is `by` (NULL: nothing): its values are
 * compared with those of a baseline. ISCC_EIO, ISCC_ENOMEM; nothing is to be freed then. */
iscc_status iscc_metric_kinds_read(sqlite3 *db, const char *metric, const char *where, const char *by,
                                   iscc_metric_kinds *kinds, iscc_error *error);

/* OTHER of a program without the metric. */
iscc_metric_kind iscc_metric_kinds_of(const iscc_metric_kinds *kinds, const char *program);

void iscc_metric_kinds_free(iscc_metric_kinds *kinds);

#ifdef __cplusplus
}
#endif
#endif
