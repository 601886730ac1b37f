/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-task-queue - tasks that wait for their turn, first in first out.
 *
 * Memory: create allocates room for capacity tasks; nothing afterwards. */
#ifndef ISCC_TASK_QUEUE_H
#define ISCC_TASK_QUEUE_H

#include "iscc-task.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
  iscc_task *ring;
  int capacity, head, waiting;
} iscc_task_queue;

bool iscc_task_queue_create(iscc_task_queue *queue, int capacity); /* >= 0; false: no memory */
void iscc_task_queue_destroy(iscc_task_queue *queue);              /* one of zeros is fine */

bool iscc_task_queue_push(iscc_task_queue *queue, const iscc_task *task); /* false: full */
bool iscc_task_queue_pop(iscc_task_queue *queue, iscc_task *task);        /* false: empty */

#ifdef __cplusplus
}
#endif
#endif
