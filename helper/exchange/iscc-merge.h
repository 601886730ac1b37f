/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-merge - all that one result database holds into another, each run once.
 *
 * Executions of campaigns are known as in iscc-campaign-merge.h: by program, arguments, seed and run; runs that belong to none by all that is
 * recorded of them (iscc-run-twin.h). So a merge may be repeated, or interrupted: all of a database comes in one transaction. */
#ifndef ISCC_MERGE_H
#define ISCC_MERGE_H

#include "iscc-campaign-store.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct { /* executions, and runs that belong to none */
  int64_t added, there;
} iscc_merged_runs;

/* shard, statuses: as of iscc_campaign_merge(). ISCC_EINVAL: also, results of different files of a program or a model would be mixed and
 * the store does not mix them. After a failure nothing of the shard is there. */
iscc_status iscc_merge(iscc_campaign_store *store, const char *shard, iscc_merged_runs *runs,
                       iscc_error *error);

#ifdef __cplusplus
}
#endif
#endif
