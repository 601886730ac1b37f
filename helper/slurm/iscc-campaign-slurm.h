/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-campaign-slurm - the engine of a campaign that is a Slurm cluster.
 *
 * Runs that are started go to the queue together, when they are waited for, as a job array (iscc-campaign-array.h); the shards of tasks that
 * have ended are merged into the database. What a task did not do, although Slurm does not have it any more, is lost.
 * Arrays stay in the queue when the engine is closed; the next one takes them up, so that nothing is submitted twice, and merges what they
 * have done before it is open. Signals and lock are those of iscc-campaign-pool.h. */
#ifndef ISCC_CAMPAIGN_SLURM_H
#define ISCC_CAMPAIGN_SLURM_H

#include <stdio.h>

#include "iscc-campaign-engine.h"
#include "iscc-campaign-points.h"

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

/* All is borrowed until the engine is closed. ISCC_ESTATE: another campaign works on this database. ISCC_EINVAL: arrays of another file of
 * that program are in the queue. ISCC_EIO: Slurm does not answer. */
iscc_status iscc_campaign_slurm_open(const iscc_campaign_program *program, const iscc_campaign_points *points,
                                     iscc_campaign_store *store, const char *database,
                                     const iscc_campaign_slurm_settings *settings, iscc_campaign_engine *out,
                                     iscc_error *error);

#ifdef __cplusplus
}
#endif
#endif
