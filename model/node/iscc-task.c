/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-task.h"

#include <stddef.h>

const char *iscc_outcome_name(iscc_outcome outcome) {
  switch (outcome) {
  case ISCC_OUTCOME_DONE:
    return "done";
  case ISCC_OUTCOME_LATE:
    return "late";
  case ISCC_OUTCOME_INFEASIBLE:
    return "infeasible";
  case ISCC_OUTCOME_DROPPED:
    return "dropped";
  case ISCC_OUTCOME_LOST:
    return "lost";
  case ISCC_OUTCOME_UNFINISHED:
    return "unfinished";
  }
  return NULL;
}

iscc_task iscc_task_arriving(uint32_t node, uint64_t number, int64_t arrival_ns) {
  return (iscc_task){.node = node,
                     .number = number,
                     .outcome = ISCC_OUTCOME_UNFINISHED,
                     .arrival_ns = arrival_ns,
                     .start_ns = -1,
                     .finish_ns = -1,
                     .true_class = -1,
                     .predicted_class = -1,
                     .correct = -1};
}

const iscc_task_decision *iscc_task_executed(const iscc_task *task) {
  if (task->at_turn.made) return &task->at_turn;
  return task->at_arrival.made ? &task->at_arrival : NULL;
}
