/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-edge-node - the battery-powered node as a state machine over a host table.
 *
 *   arrival -> FIFO queue -> decision -> sensing T_sen at P_s -> device layers -> uplink at P_c -> answer
 *
 * One task at a time. The solver is called at each arrival with the current channel; a task that had to wait
 * is decided again at its turn with T_max less the time waited. The plan charges what is really sent
 * (payload, fragment, UDP, IP and link headers, the server's answer, propagation) or, on request, the payload
 * alone as in eqs. (7)-(9). Time is planned with a margin for rounding to nanoseconds, so rounding never
 * makes a task late.
 *
 * Memory: create allocates; nothing afterwards. Threads: one simulation, one thread. */
#ifndef ISCC_EDGE_NODE_H
#define ISCC_EDGE_NODE_H

#include "iscc-draws.h"
#include "iscc-host.h"
#include "iscc-model.h"
#include "iscc-node-settings.h"
#include "iscc-task.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct iscc_edge_node iscc_edge_node;

/* Copies host, settings and sink; model is borrowed and read only. ISCC_EINVAL names the setting. */
iscc_status iscc_edge_node_create(const iscc_host *host, const iscc_node_settings *settings,
                                  const iscc_model *model, const iscc_task_sink *sink, iscc_edge_node **out,
                                  iscc_error *error);
/* Cancels the node's events, so the host must still be there. NULL is fine; reports nothing. */
void iscc_edge_node_destroy(iscc_edge_node *node);

/* Schedules the first arrival. Once. */
iscc_status iscc_edge_node_start(iscc_edge_node *node, iscc_error *error);

/* Ends the node: tasks still queued or in service are reported unfinished, events cancelled. */
void iscc_edge_node_stop(iscc_edge_node *node);

/* Stopped, or all arrivals made and none queued or in service. */
bool iscc_edge_node_idle(const iscc_edge_node *node);

/* From the host: a datagram of the node went on the air at start_ns for airtime_ns, costing energy_j. */
void iscc_edge_node_on_transmitted(iscc_edge_node *node, uint64_t token, int64_t start_ns, int64_t airtime_ns,
                                   double sent_bits, double energy_j);

/* From a reliable host: a frame of its own for task `token` goes to the radio, repeated or not. */
void iscc_edge_node_on_sending(iscc_edge_node *node, uint64_t token, bool repeated);

/* From a reliable host: the connection is lost, with all that is not acknowledged. */
void iscc_edge_node_on_disconnected(iscc_edge_node *node);

/* From the host: a datagram from the server arrived. Malformed ones are counted and ignored. */
void iscc_edge_node_on_receive(iscc_edge_node *node, const void *bytes, size_t n_bytes);

uint64_t iscc_edge_node_malformed(const iscc_edge_node *node);
/* The first numbers that the node drew for a purpose so far (iscc-draws.h): of arrivals by their order; of all others by
 * task, fading and shadowing being those at its arrival. Borrowed. */
const iscc_draws *iscc_edge_node_draws(const iscc_edge_node *node, iscc_purpose purpose);

/* The first thing that failed without ending the simulation (an unusable link, a datagram the host refused,
 * ...); NULL: nothing did. A task that could not even be decided ends infeasible with at_arrival.made false.
 */
const char *iscc_edge_node_fault(const iscc_edge_node *node);

#ifdef __cplusplus
}
#endif
#endif
