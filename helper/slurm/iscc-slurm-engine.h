/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-slurm-engine - the engine of a campaign that is a Slurm cluster.
 *
 * Runs that are started go to the queue together, when they are waited for, as a job array (iscc-slurm-array.h); the shards of tasks that
 * have ended are merged into the database. What a task did not do, although Slurm does not have it any more, is lost.
 * Arrays stay in the queue when the engine is closed; the next one takes them up, so that nothing is submitted twice, and merges what they
 * have done before it is open. Signals and lock are those of iscc-pool.h. */
#ifndef ISCC_CAMPAIGN_SLURM_H
#define ISCC_CAMPAIGN_SLURM_H

#include <stdio.h>

#include "iscc-campaign-engine.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
  const char *options; /* more for sbatch; NULL: none */
  size_t bundle;       /* runs that a task has at least, 1.. */
  int at_once;         /* tasks; 0: no limit */
  double ask_s;        /* how often Slurm is asked */
  bool mix_programs;   /* although another file of that name is in the queue, and on the nodes, too */
  FILE *notes;         /* gets a line for each shard that is damaged and set aside; NULL: nobody asks */
} iscc_campaign_slurm_settings;

/* ISCC_ESTATE: another campaign works on this database. ISCC_EINVAL: arrays of another file of that program are in the queue. ISCC_EIO: Slurm
 * does not answer. */
iscc_campaign_opener iscc_campaign_slurm_open; /* with such settings */

#ifdef __cplusplus
}
#endif
#endif
