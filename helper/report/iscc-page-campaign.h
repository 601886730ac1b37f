/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-page-campaign - means and comparisons of a campaign, as `iscc campaign show` and `compare` have them, as JSON.
 *
 * Each is {"metric", "columns": [name, ...], "rows": [[value, ...], ...], "options": how many of the first columns are options,
 * "cut": true if rows are left out}. */
#ifndef ISCC_PAGE_CAMPAIGN_H
#define ISCC_PAGE_CAMPAIGN_H

#include <jansson.h>

#include "iscc-status.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A metric's means at all points, columns: program where there are several, the options in which points differ, n, without, failed, mean, low, high, deviation, interval, remark. */
iscc_status iscc_page_means(const char *database, const char *metric, json_t **out, iscc_error *error);

/* Every value of an option less the baseline, columns: the other options in which points differ, the option, pairs, mean, baseline_mean, difference,
 * low, high, relative_pct, relative_low_pct, relative_high_pct, p, adjusted_p, unpaired, remark. Also "by", "baseline" and "sentences". Status as of
 * iscc_compare(). */
iscc_status iscc_page_comparison(const char *database, const char *metric, const char *by,
                                 const char *baseline, json_t **out, iscc_error *error);

#ifdef __cplusplus
}
#endif
#endif
