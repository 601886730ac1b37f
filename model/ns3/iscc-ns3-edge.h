/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-ns3-edge - edge nodes and their server as ns-3 hosts: fills the host tables of iscc-edge-node and
 * iscc-server.
 *
 * The node's features and the server's answers are UDP datagrams between ISCC_NS3_SERVER_PORT and
 * ISCC_NS3_NODE_PORT, or go over a TCP connection of each node (iscc-ns3-stream.h). The handles own their sockets' callbacks: destroy them before iscc_ns3_end(). */
#ifndef ISCC_NS3_EDGE_H
#define ISCC_NS3_EDGE_H

#include "iscc-edge-node.h"
#include "iscc-ns3.h"
#include "iscc-server.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { ISCC_NS3_SERVER_PORT = 4000, ISCC_NS3_NODE_PORT = 4001 };

typedef struct iscc_ns3_server iscc_ns3_server;
typedef struct iscc_ns3_edge iscc_ns3_edge;

/* A server on a hub device that has an address. model is borrowed. */
iscc_status iscc_ns3_server_create(iscc_ns3_handle hub, const iscc_server_settings *settings,
                                   const iscc_model *model, iscc_ns3_server **out, iscc_error *error);
/* Nodes that are created from now on connect by TCP; once, before the first of them. */
iscc_status iscc_ns3_server_use_tcp(iscc_ns3_server *server, iscc_error *error);
/* Takes and answers nothing any more; its connections are reset. */
void iscc_ns3_server_stop(iscc_ns3_server *server);
void iscc_ns3_server_destroy(iscc_ns3_server *server); /* NULL is fine */
iscc_server *iscc_ns3_server_machine(iscc_ns3_server *server);

/* An edge node on a device that has an address, with that server. settings->id must be below the server's
 * node_max and unique, and no other node of the server on that device. The server must outlive it. */
iscc_status iscc_ns3_edge_create(iscc_ns3_handle device, iscc_ns3_server *server,
                                 const iscc_node_settings *settings, const iscc_model *model,
                                 const iscc_task_sink *sink, iscc_ns3_edge **out, iscc_error *error);
void iscc_ns3_edge_destroy(iscc_ns3_edge *edge); /* NULL is fine */

/* The node draws from a battery of iscc-ns3-energy.h from now on. */
void iscc_ns3_edge_power(iscc_ns3_edge *edge, iscc_ns3_handle battery);
iscc_edge_node *iscc_ns3_edge_machine(iscc_ns3_edge *edge);

/* Has fn(ctx) called once, in an event of its own, when the node has nothing left to do for good: as
 * iscc_edge_node_idle() says. NULL: nobody. */
void iscc_ns3_edge_on_idle(iscc_ns3_edge *edge, void (*fn)(void *ctx), void *ctx);

/* Runs as iscc_ns3_run() does, but at most until all of count >= 1 nodes have nothing left to do. Access points send
 * beacons, walkers walk and batteries are looked at for ever: without this, or a stop_ns, a run with them has no
 * end. Takes the nodes' on_idle; they must outlive it. */
iscc_status iscc_ns3_run_until_idle(iscc_ns3_edge *const *edges, size_t count, int64_t stop_ns,
                                    iscc_error *error);

#ifdef __cplusplus
}
#endif
#endif
