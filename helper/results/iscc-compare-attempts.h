/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-compare-attempts - how many replications of either side of a comparison have come to no value.
 *
 * A replication is without a value when it was run and is not done, however often it was tried, or is done without the metric. It is in
 * no pair; where failing depends on the option that is compared, the pairs that are left are no fair sample. */
#ifndef ISCC_COMPARE_ATTEMPTS_H
#define ISCC_COMPARE_ATTEMPTS_H

#include <sqlite3.h>

#include "iscc-compare.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Sets tried and without of the rows, which are those of single points, ordered by rest and value as texts. A value of which no
 * replication at a point has come to a value gets a row without pairs, behind the others. by: JSON path of the option. db must have
 * been prepared for where (iscc-campaign-where.h). */
iscc_status iscc_compare_attempts_read(sqlite3 *db, const char *by, const char *baseline, const char *metric,
                                       const char *where, iscc_comparison *comparison, iscc_error *error);

/* Sets those of the rows from `single` on, which are of all points, to the sums of the rows before with the same value. */
void iscc_compare_attempts_sum(iscc_comparison *comparison, size_t single);

#ifdef __cplusplus
}
#endif
#endif
