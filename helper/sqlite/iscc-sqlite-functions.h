/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-sqlite-functions - statistics and decibels as functions of SQL, for result databases.
 *
 *   to_db(x), from_db(y)                    10 lg x;  10^(y/10)
 *   w_to_dbm(x), dbm_to_w(y)                watts and decibels above a milliwatt
 *   stable_sum(x)                           sum by Neumaier's compensated summation
 *   variance(x), stddev(x), cv(x)           of a sample: sum (x - m)^2/(n - 1), its root s, s/|m|
 *   median(x), quantile(x, p)               linear between order statistics (type 7 of Hyndman and Fan), 0 <= p <= 1
 *   t_half_width(x[, confidence])           of Student's interval of the mean (iscc-mean-interval.h)
 *   paired_half_width(a, b[, confidence])   the same of the mean of a - b
 *   paired_p(a, b)                          p-value of a mean difference of 0 (iscc-paired.h)
 *   paired_relative(a, b)                   mean a/mean b - 1, and its interval after Fieller:
 *   paired_relative_low(a, b[, confidence]), paired_relative_high(a, b[, confidence])
 *   wilson_low(k, n[, confidence]), wilson_high(k, n[, confidence])   of a share k/n (iscc-wilson.h)
 *
 * Confidence is in (0, 1), 0.95 when left out; p and confidence are taken from the group's first row. Rows with a NULL among the values are left
 * out; what is not defined (too few values, a logarithm of what is not positive) is NULL. Aggregates keep all values of a group
 * in memory, 8 or 16 bytes each; sums and variances keep none. */
#ifndef ISCC_SQLITE_FUNCTIONS_H
#define ISCC_SQLITE_FUNCTIONS_H

#include <sqlite3.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Returns SQLite's result code. */
int iscc_sqlite_functions_add(sqlite3 *db);

#ifdef __cplusplus
}
#endif
#endif
