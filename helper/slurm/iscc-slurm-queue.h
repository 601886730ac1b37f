/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-slurm-queue - the runs of a campaign that are in job arrays: which of them it waits for, and how they ended.
 *
 * Arrays that an earlier call has left are taken up: their runs are there to be asked for, and what they have done is
 * merged whether it is asked for or not. */
#ifndef ISCC_SLURM_QUEUE_H
#define ISCC_SLURM_QUEUE_H

#include "iscc-campaign-points.h"
#include "iscc-slurm-array.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
  const iscc_campaign_program *program;
  const iscc_campaign_points *points;
  iscc_campaign_store *store;
  FILE *notes;                   /* lines about damaged shards; NULL: none. For the caller to set */
  size_t count, wanted;          /* arrays; runs that are asked for and have not ended */
  iscc_campaign_array *array;    /* all zero: was merged and removed */
  struct iscc_queued_runs *runs; /* of each array */
  struct iscc_left_run *left;    /* of arrays that were left, sorted */
  size_t left_count;
  struct json_t *place; /* from the text of a point's arguments to its index in this campaign */
  iscc_campaign_end *end;
  size_t ends, ends_taken, ends_room;
} iscc_campaign_queue;

/* Takes up what is in the folder DATABASE.runs. The rest is borrowed. On failure nothing is to be closed. */
iscc_status iscc_campaign_queue_open(const char *folder, const iscc_campaign_program *program,
                                     const iscc_campaign_points *points, iscc_campaign_store *store,
                                     iscc_campaign_queue *out, iscc_error *error);
void iscc_campaign_queue_close(iscc_campaign_queue *queue); /* all zero is fine */

/* Adds an array that was submitted just now, all of whose runs the campaign waits for; the array is the queue's then. */
iscc_status iscc_campaign_queue_add(iscc_campaign_queue *queue, iscc_campaign_array *array,
                                    iscc_error *error);
/* Whether such a run is in an array already and has not ended; the campaign waits for it then. */
bool iscc_campaign_queue_take_up(iscc_campaign_queue *queue, size_t point, int64_t run);
bool iscc_campaign_queue_is_idle(const iscc_campaign_queue *queue); /* nothing to wait for or to take */

/* Merges what has ended, as the files of the arrays say; with ask, it asks Slurm first, and what Slurm does not have any more has ended,
 * too. When Slurm does not answer, that is left for the next time: not *answered, and error has why. Arrays that are merged are removed. */
iscc_status iscc_campaign_queue_merge(iscc_campaign_queue *queue, bool ask, bool *answered,
                                      iscc_error *error);
/* The next run that the campaign has waited for; false: none has ended yet. */
bool iscc_campaign_queue_next(iscc_campaign_queue *queue, iscc_campaign_end *end);

#ifdef __cplusplus
}
#endif
#endif
