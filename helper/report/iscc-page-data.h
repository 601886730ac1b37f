/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-page-data - what a report shows, as JSON.
 *
 * {"file": name without folders, "iscc": version of this program, "summary": [sentence, ...],
 *  "answers": [{"name", "title", "note", "sql", "columns", "rows"}, ...]  the questions of `iscc query`, as of iscc_answer_json()
 *  "origins": [{"title", "sql", "columns", "rows"}, ...]                  where the numbers come from
 *  "latency": {"sql", "columns", "rows"},                                points of the distribution of latencies
 *  "metrics": [...], "comparisons": [...]}                              of iscc-page-campaign.h
 *
 * Its size depends on how many runs and grid points there are, not on tasks; long lists are cut and say so. */
#ifndef ISCC_PAGE_DATA_H
#define ISCC_PAGE_DATA_H

#include <jansson.h>

#include "iscc-status.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {        /* what is compared, of a campaign */
  const char *by;       /* an option; NULL: scheme */
  const char *baseline; /* its value that others are compared with; NULL: joint, or else the first */
} iscc_page_question;

enum { ISCC_PAGE_ROWS_MAX = 1000 };

/* json_decref() it. ISCC_EINVAL: what was asked to be compared cannot be; else as iscc_query_open() and iscc_answer_json(). */
iscc_status iscc_page_data(const char *database, const iscc_page_question *question, json_t **out,
                           iscc_error *error);

#ifdef __cplusplus
}
#endif
#endif
