/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-task-queue.h"

#include <stdlib.h>

bool iscc_task_queue_create(iscc_task_queue *queue, int capacity) {
  *queue =
      (iscc_task_queue){.ring = malloc(((size_t)capacity + 1) * sizeof *queue->ring), .capacity = capacity};
  return queue->ring != NULL;
}

void iscc_task_queue_destroy(iscc_task_queue *queue) {
  free(queue->ring);
}

bool iscc_task_queue_push(iscc_task_queue *queue, const iscc_task *task) {
  if (queue->waiting == queue->capacity) return false;
  queue->ring[(queue->head + queue->waiting++) % queue->capacity] = *task;
  return true;
}

bool iscc_task_queue_pop(iscc_task_queue *queue, iscc_task *task) {
  if (queue->waiting == 0) return false;
  *task = queue->ring[queue->head];
  queue->head = queue->head + 1 == queue->capacity ? 0 : queue->head + 1;
  queue->waiting--;
  return true;
}
