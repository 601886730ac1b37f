/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-metric-unit - the unit of a metric, as the end of its name says it: energy_per_task_j is in joules. */
#ifndef ISCC_METRIC_UNIT_H
#define ISCC_METRIC_UNIT_H

#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
  const char *ending, *unit; /* "_j", "J" */
  bool small;                /* thousandths are usual */
} iscc_metric_unit;

/* NULL: the name has none. */
const iscc_metric_unit *iscc_metric_unit_of(const char *metric);

#ifdef __cplusplus
}
#endif
#endif
