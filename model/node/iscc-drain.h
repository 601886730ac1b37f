/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-drain - tasks that have their outcome while the radio still holds datagrams of them.
 *
 * A lost task, or one that was answered before a needless repetition left, is reported when the radio has
 * told the energy of its last datagram. Memory: the caller's struct; nothing is allocated. */
#ifndef ISCC_DRAIN_H
#define ISCC_DRAIN_H

#include "iscc-task.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { ISCC_DRAIN_MAX = 16 };

typedef struct {
  struct {
    iscc_task task;
    int outstanding;      /* datagrams not told of yet, > 0 */
  } slot[ISCC_DRAIN_MAX]; /* oldest first */
  int count;
} iscc_drain;

/* There must be a free slot. outstanding > 0. */
void iscc_drain_add(iscc_drain *drain, const iscc_task *task, int outstanding);

/* One more datagram of task `number` will be told of; its task, NULL when it is not here. */
iscc_task *iscc_drain_expect(iscc_drain *drain, uint64_t number);

/* A datagram of task `number` has left. true: it was the task's last one, and *done is the task, taken out.
 */
bool iscc_drain_transmitted(iscc_drain *drain, uint64_t number, double sent_bits, double energy_j,
                            iscc_task *done);

#ifdef __cplusplus
}
#endif
#endif
