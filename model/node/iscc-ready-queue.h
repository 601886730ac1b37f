/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-ready-queue - who is served next: first come first served, or the earliest deadline first.
 *
 * A binary heap over members 0..capacity-1, each in it at most once, ordered by deadline (not with
 * ISCC_QUEUE_FIFO), then by the order in which they came. Every call takes at most about log2(members) steps;
 * nothing is allocated after create. */
#ifndef ISCC_READY_QUEUE_H
#define ISCC_READY_QUEUE_H

#include <stdbool.h>
#include <stdint.h>

#include "iscc-status.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum { ISCC_QUEUE_FIFO, ISCC_QUEUE_DEADLINE } iscc_queue_discipline;

enum { ISCC_READY_NOBODY = -1 };

typedef struct iscc_ready_queue iscc_ready_queue;

iscc_status iscc_ready_queue_create(iscc_queue_discipline discipline, int capacity, iscc_ready_queue **out,
                                    iscc_error *error);
void iscc_ready_queue_destroy(iscc_ready_queue *queue); /* NULL is fine */

/* 0 <= member < capacity, and it is not in the queue. */
void iscc_ready_queue_add(iscc_ready_queue *queue, int member, int64_t deadline_ns);
/* Takes out who is next, or ISCC_READY_NOBODY. */
int iscc_ready_queue_next(iscc_ready_queue *queue);
/* Takes out a member; nothing happens when it is not in the queue. */
void iscc_ready_queue_remove(iscc_ready_queue *queue, int member);
int iscc_ready_queue_length(const iscc_ready_queue *queue);

#ifdef __cplusplus
}
#endif
#endif
