/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-slurm-work - one task of a job array: runs its bundle, one after the other, and adds each to a shard of its own.
 *
 * The array's folder, on a file system that the nodes share, holds
 *   bundles.json   who runs what (iscc-slurm-bundles.h)
 *   N.part.db      shard of task N, a result database, as long as it is at work or when it was ended
 *   N.db           the same, once it has run its whole bundle
 *   N.merged       its shard has been merged
 *   N.log          what the task printed
 * What a run records until it has ended lies in TMPDIR or /tmp of the node. */
#ifndef ISCC_SLURM_WORK_H
#define ISCC_SLURM_WORK_H

#include <stddef.h>

#include "iscc-status.h"

#ifdef __cplusplus
extern "C" {
#endif

#define ISCC_WORK_BUNDLES "bundles.json"
#define ISCC_WORK_PART    ".part.db"
#define ISCC_WORK_WHOLE   ".db"
#define ISCC_WORK_MERGED  ".merged"
#define ISCC_WORK_LOG     ".log"
#define ISCC_WORK_BAD     "bad-" /* begins the name of a damaged shard, which is kept beside the folder */

/* The path of such a file of a task; free with free(). NULL: out of memory. */
char *iscc_campaign_work_path(const char *folder, size_t task, const char *ending);

/* ISCC_EINVAL: there is no such task. ISCC_ESTATE: the program is another file now, or somebody has worked on this task already.
 * ISCC_EINTR: a signal asked to stop; what was done is in the shard. A run that fails is no failure of the task. */
iscc_status iscc_campaign_work(const char *folder, size_t task, iscc_error *error);

#ifdef __cplusplus
}
#endif
#endif
