/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-campaign-merge - the executions of one database into another, with what they recorded, each once.
 *
 * A done execution counts as present when one of the same program, arguments, seed and run is done; one that is not done, when host, start and
 * duration are the same too. So a merge may be repeated, or interrupted: all of a database comes in one transaction. What was recorded
 * without a campaign is not merged here: iscc-merge.h. */
#ifndef ISCC_CAMPAIGN_MERGE_H
#define ISCC_CAMPAIGN_MERGE_H

#include "iscc-campaign-store.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct { /* texts until the call returns */
  const char *program, *program_sha256, *arguments;
  int64_t seed, run;
  iscc_execution_outcome outcome;
  int exit_status, signal;
  const char *stderr_text;
  double elapsed_s; /* wall-clock */
  bool added;       /* it was not there before */
} iscc_merged;

/* Whether both paths are of one file, by whatever names; false where one is not there. */
bool iscc_campaign_merge_is_itself(const char *database, const char *shard);

/* What can be told before there is a database to add to: whether the shard is there, of this schema version and, unless mixing is asked
 * for, not mixed itself. */
iscc_status iscc_campaign_merge_look(const char *shard, bool mix_programs, iscc_error *error);

/* iscc_campaign_store_check_program() for all programs of the shard. */
iscc_status iscc_campaign_merge_check(iscc_campaign_store *store, const char *shard, iscc_error *error);

/* Called for each execution of the shard. May be NULL. */
typedef void iscc_campaign_merge_each(void *ctx, const iscc_merged *merged);

/* shard: another database, not read by others in a way that locks it. ISCC_EFORMAT: it is damaged, or none of this schema version; ISCC_EINVAL: it is the
 * database itself; each() has not been called then. ISCC_EIO. After a failure nothing of it is there, although each() may have been called. */
iscc_status iscc_campaign_merge(iscc_campaign_store *store, const char *shard, iscc_campaign_merge_each *each,
                                void *ctx, iscc_error *error);

/* The same in two steps, for whoever adds more than executions in one transaction, his own: the checks, after which the shard is attached
 * (iscc-run-copy.h); the executions of what is attached. shard: its name, in what is said. */
iscc_status iscc_campaign_merge_attach(iscc_campaign_store *store, const char *shard, iscc_error *error);
iscc_status iscc_campaign_merge_attached(iscc_campaign_store *store, const char *shard,
                                         iscc_campaign_merge_each *each, void *ctx, iscc_error *error);

#ifdef __cplusplus
}
#endif
#endif
