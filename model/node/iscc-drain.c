/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-drain.h"

#include <string.h>

void iscc_drain_add(iscc_drain *drain, const iscc_task *task, int outstanding) {
  drain->slot[drain->count].task = *task;
  drain->slot[drain->count].outstanding = outstanding;
  drain->count++;
}

static int find(const iscc_drain *drain, uint64_t number) {
  int i = 0;
  while (i < drain->count && drain->slot[i].task.number != number) i++;
  return i;
}

iscc_task *iscc_drain_expect(iscc_drain *drain, uint64_t number) {
  const int i = find(drain, number);
  if (i == drain->count) return NULL;
  drain->slot[i].outstanding++;
  return &drain->slot[i].task;
}

bool iscc_drain_transmitted(iscc_drain *drain, uint64_t number, double sent_bits, double energy_j,
                            iscc_task *done) {
  const int i = find(drain, number);
  if (i == drain->count) return false;
  drain->slot[i].task.sent_bits += sent_bits;
  drain->slot[i].task.uplink_j += energy_j;
  if (--drain->slot[i].outstanding > 0) return false;
  *done = drain->slot[i].task;
  drain->count--;
  memmove(&drain->slot[i], &drain->slot[i + 1], (size_t)(drain->count - i) * sizeof drain->slot[0]);
  return true;
}
