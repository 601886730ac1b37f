/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-task - one inference task from its arrival to its end: what was planned, what it really took. */
#ifndef ISCC_TASK_H
#define ISCC_TASK_H

#include <stdbool.h>
#include <stdint.h>

#include "iscc-solver.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum {
  ISCC_OUTCOME_DONE,       /* answer within T_max of the arrival */
  ISCC_OUTCOME_LATE,       /* answer after that */
  ISCC_OUTCOME_INFEASIBLE, /* no allocation meets the constraints; conflict tells which */
  ISCC_OUTCOME_DROPPED,    /* queue full at its arrival */
  ISCC_OUTCOME_LOST,       /* gave up: retry limit or uplink time limit */
  ISCC_OUTCOME_UNFINISHED  /* the simulation ended first */
} iscc_outcome;

enum { ISCC_OUTCOME_COUNT = 6 };

const char *iscc_outcome_name(iscc_outcome outcome); /* "done", "late", ...; NULL outside the range */

typedef struct { /* one call of the solver for this task */
  bool made;
  double snr_per_w;       /* channel it saw */
  double true_snr_per_w;  /* as it was then */
  double max_latency_s;   /* T_max less the time waited and the margins: what the solver was given */
  double transfer_factor; /* planned transfer time over that of the link's model; iscc-transfer-time.h */
  double answer_factor;   /* the same of the answer's time */
  double answer_s;        /* of the link's model */
  iscc_decision decision;
  int64_t solver_wall_ns; /* wall-clock time of the call; not reproducible, everything else is */
} iscc_task_decision;

typedef struct {
  uint32_t node;
  uint64_t number; /* 0.. in arrival order at this node */
  iscc_outcome outcome;
  int64_t arrival_ns, start_ns, finish_ns; /* start: its turn; -1 where it never came so far */
  /* realised time, ns; 0 for stages not reached */
  int64_t wait_ns, sensing_ns, compute_ns, uplink_ns, server_wait_ns, server_ns, answer_ns;
  /* realised energy, J */
  double sensing_j, compute_j, uplink_j;
  double payload_bits; /* quantized features */
  double sent_bits;    /* all that went over the air, headers and retransmissions included */
  int datagrams, retransmissions;
  int true_class, predicted_class; /* -1: not known */
  int correct;                     /* 1, 0; -1: not known */
  iscc_task_decision at_arrival;
  iscc_task_decision at_turn; /* only of a task that waited */
  /* what was left was decided again; both tell the whole task. Infeasible ones change nothing. */
  iscc_task_decision after_sensing, after_compute;
} iscc_task;

/* A task as it arrives: unfinished, nothing known, nothing spent. */
iscc_task iscc_task_arriving(uint32_t node, uint64_t number, int64_t arrival_ns);

/* The decision that is carried out: the last one made, an infeasible one after a stage not counted; NULL:
 * none. */
const iscc_task_decision *iscc_task_executed(const iscc_task *task);

typedef enum { /* what happens to a task, in this order */
               ISCC_TASK_ARRIVED,
               ISCC_TASK_DECIDED, /* at its arrival, again at its turn if it waited, and after a stage if what is
                                     left was decided again */
               ISCC_TASK_SENSED,
               ISCC_TASK_COMPUTED, /* the device layers */
               ISCC_TASK_SENT, /* the last of its datagrams has left for the first time; only if something is sent */
               ISCC_TASK_FINISHED /* its outcome is known, and all of its energy */
} iscc_task_event;

enum { ISCC_TASK_EVENT_COUNT = 6 };

/* Is told of tasks; must not call back into the node. Either function may be NULL. */
typedef struct {
  void *ctx;
  void (*task_ended)(void *ctx, const iscc_task *task); /* each task once, when it is finished */
  void (*task_event)(void *ctx, iscc_task_event event, const iscc_task *task); /* before task_ended */
} iscc_task_sink;

void iscc_task_tell(const iscc_task_sink *sink, iscc_task_event event, const iscc_task *task);
void iscc_task_report(const iscc_task_sink *sink, const iscc_task *task); /* finished */

#ifdef __cplusplus
}
#endif
#endif
