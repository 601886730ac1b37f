/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-page-summary - a result database in sentences.
 *
 * What is in it; of each scheme energy, misses, accuracy beside the target; of a campaign what its comparison says. A difference is claimed only
 * where that comparison does. */
#ifndef ISCC_PAGE_SUMMARY_H
#define ISCC_PAGE_SUMMARY_H

#include <jansson.h>
#include <sqlite3.h>

#include "iscc-status.h"

#ifdef __cplusplus
extern "C" {
#endif

/* db: of iscc_query_open(); comparisons: an array of iscc_page_comparison()'s, of which the first is told. *out: an array of texts. */
iscc_status iscc_page_summary(sqlite3 *db, const json_t *comparisons, json_t **out, iscc_error *error);

#ifdef __cplusplus
}
#endif
#endif
