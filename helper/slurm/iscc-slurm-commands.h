/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-slurm - Slurm's commands sbatch, squeue and scontrol, as far as job arrays need them.
 *
 * An array is known by its job name, which whoever submits it makes so that no other has it: it is there before the
 * job is, so that an array whose submission was interrupted is found again. */
#ifndef ISCC_SLURM_H
#define ISCC_SLURM_H

#include <stdbool.h>
#include <stddef.h>

#include "iscc-status.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
  const char *name;    /* of the job */
  const char *command; /* of a shell; the task's number 0.. is in SLURM_ARRAY_TASK_ID */
  const char *output;  /* file of each task's stdout and stderr, in sbatch's patterns */
  const char *options; /* more for sbatch, in words as a shell would split them; NULL: none */
  size_t tasks;        /* 1.. */
  int at_once;         /* tasks; 0: no limit */
} iscc_slurm_array;

/* How many tasks an array may have. ISCC_EIO: there is no Slurm, it does not answer, or has no arrays. */
iscc_status iscc_slurm_tasks_max(size_t *tasks, iscc_error *error);

/* Tasks that are lost with their node are not started again by Slurm. ISCC_EINVAL: options that cannot be split. ISCC_EIO: refused; the
 * text is sbatch's. */
iscc_status iscc_slurm_submit(const iscc_slurm_array *array, iscc_error *error);

/* Asks what Slurm knows of the tasks of some arrays, for iscc_slurm_read(). ISCC_EIO: it does not answer. */
iscc_status iscc_slurm_ask(const char *const *name, size_t names, char **answer, iscc_error *error);

/* Calls each() for every task that it knows, and frees the answer. over: it does not run any more, whatever became of it. state: Slurm's
 * word, e.g. PENDING. */
typedef void iscc_slurm_each(void *ctx, const char *name, size_t task, bool over, const char *state);
void iscc_slurm_read(char *answer, iscc_slurm_each *each, void *ctx);

#ifdef __cplusplus
}
#endif
#endif
