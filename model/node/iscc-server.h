/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-server - the edge server as a state machine over a host table: puts fragments together, queues
 * complete tasks, computes the remaining layers at nu_s on each of its cores, answers the node.
 *
 * The answer tells the class (real inference) and the server's times, and acknowledges the features. A node
 * that hears nothing asks; the server then names the fragments it lacks, or says that it is at work.
 *
 * Memory: create allocates for node_max nodes (a node has one task under way at a time). */
#ifndef ISCC_SERVER_H
#define ISCC_SERVER_H

#include "iscc-edge-node.h"
#include "iscc-host.h"
#include "iscc-model.h"
#include "iscc-ready-queue.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
  double speed_flops;            /* nu_s of each core */
  int cores;                     /* tasks computed at once, 1..ISCC_SERVER_CORES_MAX; 0: 1 */
  iscc_queue_discipline queue;   /* who is next when a core is free; a task once begun is not stopped */
  uint32_t node_max;             /* nodes it can serve: peers 0..node_max-1 */
  iscc_inference_mode inference; /* real: decodes the payload and finishes the network */
  iscc_charge charge;
} iscc_server_settings;

enum { ISCC_SERVER_CORES_MAX = 1024 };

typedef struct iscc_server iscc_server;

iscc_status iscc_server_create(const iscc_host *host, const iscc_server_settings *settings,
                               const iscc_model *model, iscc_server **out, iscc_error *error);
/* Cancels the server's event, so the host must still be there. NULL is fine. */
void iscc_server_destroy(iscc_server *server);

/* From the host: a datagram of node `peer` arrived. Malformed ones are counted and ignored. */
void iscc_server_on_receive(iscc_server *server, uint32_t peer, const void *bytes, size_t n_bytes);

uint64_t iscc_server_malformed(const iscc_server *server);

/* The first thing that failed without ending the simulation; NULL: nothing did. */
const char *iscc_server_fault(const iscc_server *server);

#ifdef __cplusplus
}
#endif
#endif
