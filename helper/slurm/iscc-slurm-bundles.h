/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-slurm-bundles - the runs of a job array, dealt out to its tasks, in a file that the nodes read.
 *
 * Task t of n has runs t, t + n, t + 2 n, ...: whoever lists long runs first gets bundles of about the same length. */
#ifndef ISCC_SLURM_BUNDLES_H
#define ISCC_SLURM_BUNDLES_H

#include "iscc-campaign-record.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
  size_t point; /* of the list below */
  int64_t run;
} iscc_bundle_run;

typedef struct {
  iscc_campaign_program program;
  bool mix_programs;          /* iscc_campaign_store_mix_programs() of the tasks' shards */
  size_t points, runs, tasks; /* tasks <= runs */
  const char **arguments;     /* of each point, JSON */
  iscc_bundle_run *run;
  struct json_t *json; /* of bundles that were read: holds their texts */
} iscc_campaign_bundles;

/* Reaches the disk before it returns. ISCC_EIO. */
iscc_status iscc_campaign_bundles_write(const iscc_campaign_bundles *bundles, const char *path,
                                        iscc_error *error);

/* ISCC_EIO, ISCC_EFORMAT. Free with iscc_campaign_bundles_free(); on failure nothing is to be freed. */
iscc_status iscc_campaign_bundles_read(const char *path, iscc_campaign_bundles *out, iscc_error *error);
void iscc_campaign_bundles_free(iscc_campaign_bundles *bundles);

#ifdef __cplusplus
}
#endif
#endif
