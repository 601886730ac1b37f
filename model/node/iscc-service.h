/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-service - one task of a node at a time, from its decision to its outcome.
 *
 *   sensing T_sen at P_s -> device layers -> uplink at P_c -> answer
 *
 * With ISCC_REPLAN_STAGE the link is asked for again between the stages; when it is another than the one that
 * the decision was made for, what is left is decided again.
 *
 * Memory: create allocates; nothing afterwards. Threads: one simulation, one thread. */
#ifndef ISCC_SERVICE_H
#define ISCC_SERVICE_H

#include "iscc-channel-estimate.h"
#include "iscc-drain.h"
#include "iscc-host.h"
#include "iscc-inference.h"
#include "iscc-planner.h"
#include "iscc-transfer-time.h"
#include "iscc-transfer.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum {
  ISCC_STAGE_NONE,
  ISCC_STAGE_SENSING,
  ISCC_STAGE_COMPUTE,
  ISCC_STAGE_UPLINK
} iscc_service_stage;

typedef struct {
  iscc_host host;
  iscc_node_settings settings;
  const iscc_model *model;
  iscc_task_sink sink;
  void *ctx;
  void (*free)(void *ctx); /* another task may be able to begin */
  /* private */
  int64_t max_latency_ns;
  iscc_planner *planner;
  iscc_inference *inference;
  uint8_t *payload, *datagram;
  size_t payload_capacity;
  iscc_transfer transfer;
  iscc_transfer_time uplink_time, answer_time;
  iscc_task current;
  iscc_channel_estimate estimate;
  iscc_draws fading, shadowing; /* at the first arrivals */
  iscc_link link;               /* as seen last */
  iscc_link plan_link; /* that the current task's decision was made for; kept with ISCC_REPLAN_STAGE alone */
  iscc_service_stage stage;
  int64_t stage_start_ns, stage_ns; /* since when; how long sensing and device layers take */
  int device_class;                 /* real inference at l = L; -1: none */
  iscc_drain drain;
  uint64_t stage_event, sent_event;
  bool sent; /* the current task was told so */
  bool stopping, stopped;
  uint64_t malformed;
  iscc_error fault; /* the first thing that went wrong; "" when nothing */
} iscc_service;

/* The public fields are set, the others zero. Scheme and arrivals of the settings are not used any more when
 * this returns. After a failure, destroy. */
iscc_status iscc_service_create(iscc_service *service, iscc_error *error);
void iscc_service_destroy(iscc_service *service); /* cancels its events */

/* Asks for the link and the solver's decision, for `decision` of the task. false: infeasible, or (made false)
 * the link or the problem cannot be used. */
bool iscc_service_decide(iscc_service *service, iscc_task *task, iscc_task_decision *decision);

/* A task ended without a transfer. */
void iscc_service_pass(iscc_service *service);

bool iscc_service_may_begin(const iscc_service *service);
void iscc_service_begin(iscc_service *service, const iscc_task *task); /* decided just now, feasible */
bool iscc_service_idle(const iscc_service *service);                   /* none in service or draining */

/* Begins nothing any more; tasks draining or in service are reported as far as they came. */
void iscc_service_stop(iscc_service *service);

/* As of iscc-edge-node.h. */
void iscc_service_on_transmitted(iscc_service *service, uint64_t token, int64_t start_ns, int64_t airtime_ns,
                                 double sent_bits, double energy_j);
void iscc_service_on_sending(iscc_service *service, uint64_t token, bool repeated);
void iscc_service_on_disconnected(iscc_service *service);
void iscc_service_on_receive(iscc_service *service, const void *bytes, size_t n_bytes);
const char *iscc_service_fault(const iscc_service *service);

#ifdef __cplusplus
}
#endif
#endif
