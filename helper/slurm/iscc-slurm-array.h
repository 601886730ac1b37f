/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-slurm-array - a job array of a campaign: a folder in DATABASE.runs, named as the job, of the files that iscc-slurm-work.h
 * lists. It is there before the job is, and until all of it has been merged. */
#ifndef ISCC_SLURM_ARRAY_H
#define ISCC_SLURM_ARRAY_H

#include <stdio.h>

#include "iscc-campaign-merge.h"
#include "iscc-slurm-bundles.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { ISCC_ARRAY_STATE_MAX = 24 };

typedef enum {
  ISCC_TASK_OPEN,  /* not at its end, as far as its files say */
  ISCC_TASK_WHOLE, /* its shard waits to be merged */
  ISCC_TASK_MERGED
} iscc_task_stage;

typedef struct {
  iscc_task_stage stage;
  bool queued;                      /* Slurm knew it when it was last asked: it waits or works */
  char state[ISCC_ARRAY_STATE_MAX]; /* Slurm's word then; empty: it did not know the task */
} iscc_campaign_task;

typedef struct {
  char *name, *folder;
  iscc_campaign_bundles bundles;
  iscc_campaign_task *task; /* [bundles.tasks] */
} iscc_campaign_array;

/* Makes one for such bundles, with a name that no other has. runs: the folder DATABASE.runs. ISCC_EIO. */
iscc_status iscc_campaign_array_create(const char *runs, const iscc_campaign_bundles *bundles,
                                       iscc_campaign_array *out, iscc_error *error);
/* ISCC_EIO, ISCC_EFORMAT. On failure nothing is to be closed. */
iscc_status iscc_campaign_array_open(const char *runs, const char *name, iscc_campaign_array *out,
                                     iscc_error *error);
void iscc_campaign_array_close(iscc_campaign_array *array);
/* Removes it from the disk, and closes it. */
void iscc_campaign_array_remove(iscc_campaign_array *array);

/* Removes what was not made to its end. Nobody else must make arrays meanwhile. */
void iscc_campaign_arrays_tidy(const char *runs);

/* All that are in the folder DATABASE.runs, which need not be there. Free with iscc_campaign_arrays_close(). */
iscc_status iscc_campaign_arrays_open(const char *runs, iscc_campaign_array **out, size_t *count,
                                      iscc_error *error);
void iscc_campaign_arrays_close(iscc_campaign_array *arrays, size_t count);

/* Looks at their files, for each task's stage. */
void iscc_campaign_array_look(iscc_campaign_array *array);
/* Asks Slurm about the tasks of all of them but those that are all zero. ISCC_EIO: it does not answer; nothing has changed then. */
iscc_status iscc_campaign_arrays_ask(iscc_campaign_array *arrays, size_t count, iscc_error *error);

/* Merges what a task has done, whole or not; it is merged then. A shard that is damaged, or of another version, gives nothing: it is kept
 * in DATABASE.runs as bad-NAME-TASK.db, and a line in notes says so. notes NULL: none. */
iscc_status iscc_campaign_array_merge(iscc_campaign_array *array, size_t task, iscc_campaign_store *store,
                                      iscc_campaign_merge_each *each, void *ctx, FILE *notes,
                                      iscc_error *error);

#ifdef __cplusplus
}
#endif
#endif
