/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-binary-metric - whether a metric is one of successes and failures.
 *
 * It is when its name has no unit (iscc-metric-unit.h) and every value of it in the database is 0 or 1 and both occur. A duration or a share of several tasks may well be 0 or 1
 * in all replications of one point; what it is elsewhere tells it apart. Where a single value is all there is, nothing does. */
#ifndef ISCC_BINARY_METRIC_H
#define ISCC_BINARY_METRIC_H

#include <sqlite3.h>

#include "iscc-status.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum {
  ISCC_METRIC_OTHER,
  ISCC_METRIC_BINARY,
  ISCC_METRIC_ALL_EQUAL /* all 0, or all 1 */
} iscc_metric_kind;

/* Over runs that are done; program NULL: of all. ISCC_EIO. */
iscc_status iscc_metric_kind_read(sqlite3 *db, const char *metric, const char *program,
                                  iscc_metric_kind *kind, iscc_error *error);

#ifdef __cplusplus
}
#endif
#endif
