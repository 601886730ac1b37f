/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-ready-queue.h"

#include <stdlib.h>

typedef struct {
  int64_t deadline_ns; /* 0 with first come first served */
  uint64_t turn;       /* number of its arrival */
  int place;           /* in the heap, or ISCC_READY_NOBODY */
} membership;

struct iscc_ready_queue {
  iscc_queue_discipline discipline;
  int length;
  uint64_t turns;
  int *heap; /* members; heap[0] is next, children of i are 2 i + 1 and 2 i + 2 */
  membership *of;
};

iscc_status iscc_ready_queue_create(iscc_queue_discipline discipline, int capacity, iscc_ready_queue **out,
                                    iscc_error *error) {
  *out = NULL;
  if (discipline != ISCC_QUEUE_FIFO && discipline != ISCC_QUEUE_DEADLINE)
    return iscc_fail(error, ISCC_EINVAL, "queue: %d is neither fifo nor deadline", (int)discipline);
  if (capacity < 1) return iscc_fail(error, ISCC_EINVAL, "queue: room for %d members is not > 0", capacity);
  iscc_ready_queue *q = calloc(1, sizeof *q);
  if (q) {
    q->heap = malloc((size_t)capacity * sizeof *q->heap);
    q->of = malloc((size_t)capacity * sizeof *q->of);
  }
  if (!q || !q->heap || !q->of) {
    iscc_ready_queue_destroy(q);
    return iscc_fail(error, ISCC_ENOMEM, "queue: no memory for %d members", capacity);
  }
  q->discipline = discipline;
  for (int i = 0; i < capacity; i++) q->of[i].place = ISCC_READY_NOBODY;
  *out = q;
  return ISCC_OK;
}

void iscc_ready_queue_destroy(iscc_ready_queue *q) {
  if (!q) return;
  free(q->heap);
  free(q->of);
  free(q);
}

static bool before(const iscc_ready_queue *q, int a, int b) {
  const membership *x = &q->of[a], *y = &q->of[b];
  return x->deadline_ns != y->deadline_ns ? x->deadline_ns < y->deadline_ns : x->turn < y->turn;
}

static void put(iscc_ready_queue *q, int place, int member) {
  q->heap[place] = member;
  q->of[member].place = place;
}

static void rise(iscc_ready_queue *q, int place, int member) {
  while (place > 0 && before(q, member, q->heap[(place - 1) / 2])) {
    put(q, place, q->heap[(place - 1) / 2]);
    place = (place - 1) / 2;
  }
  put(q, place, member);
}

static void sink(iscc_ready_queue *q, int place, int member) {
  for (;;) {
    int child = 2 * place + 1;
    if (child + 1 < q->length && before(q, q->heap[child + 1], q->heap[child])) child++;
    if (child >= q->length || !before(q, q->heap[child], member)) break;
    put(q, place, q->heap[child]);
    place = child;
  }
  put(q, place, member);
}

void iscc_ready_queue_add(iscc_ready_queue *q, int member, int64_t deadline_ns) {
  q->of[member].deadline_ns = q->discipline == ISCC_QUEUE_DEADLINE ? deadline_ns : 0;
  q->of[member].turn = q->turns++;
  rise(q, q->length++, member);
}

void iscc_ready_queue_remove(iscc_ready_queue *q, int member) {
  const int place = q->of[member].place;
  if (place == ISCC_READY_NOBODY) return;
  q->of[member].place = ISCC_READY_NOBODY;
  const int last = q->heap[--q->length];
  if (last == member) return;
  if (before(q, last, member))
    rise(q, place, last);
  else
    sink(q, place, last);
}

int iscc_ready_queue_next(iscc_ready_queue *q) {
  if (q->length == 0) return ISCC_READY_NOBODY;
  const int member = q->heap[0];
  iscc_ready_queue_remove(q, member);
  return member;
}

int iscc_ready_queue_length(const iscc_ready_queue *q) {
  return q->length;
}
