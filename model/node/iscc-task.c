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

static bool replaces(const iscc_task_decision *after_stage) {
  return after_stage->made && after_stage->decision.status != ISCC_DECISION_INFEASIBLE;
}

const iscc_task_decision *iscc_task_executed(const iscc_task *task) {
  if (replaces(&task->after_compute)) return &task->after_compute;
  if (replaces(&task->after_sensing)) return &task->after_sensing;
  if (task->at_turn.made) return &task->at_turn;
  return task->at_arrival.made ? &task->at_arrival : NULL;
}

void iscc_task_tell(const iscc_task_sink *sink, iscc_task_event event, const iscc_task *task) {
  if (sink->task_event) sink->task_event(sink->ctx, event, task);
}

void iscc_task_report(const iscc_task_sink *sink, const iscc_task *task) {
  iscc_task_tell(sink, ISCC_TASK_FINISHED, task);
  if (sink->task_ended) sink->task_ended(sink->ctx, task);
}
