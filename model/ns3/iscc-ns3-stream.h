/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-ns3-stream - the messages of a node and its server over a TCP connection, as iscc-host.h has it.
 *
 * A node connects when it begins to serve a task that will send something, so while it senses, or as soon as its device
 * has joined the network after that, looked at each 10 ms; at the latest when something is sent. The connection
 * stays for later tasks. When it is lost the task under way is lost with it, and the next task connects anew.
 * A task that ends before all of its messages are acknowledged resets it, lest they delay the next one. Each
 * message goes behind its length (iscc-framing.h) and fills at most one segment. */
#ifndef ISCC_NS3_STREAM_H
#define ISCC_NS3_STREAM_H

#include "iscc-edge-node.h"
#include "iscc-framing.h"
#include "iscc-ns3-tcp.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
  uint64_t end;   /* the stream's bytes up to its last one */
  uint64_t token; /* of the task */
} iscc_ns3_stream_message;

typedef struct {
  iscc_ns3_handle device, hub;
  uint16_t port;
  iscc_edge_node *machine; /* is told; NULL: nobody */
  /* private */
  iscc_ns3_handle connection; /* index 0: none */
  iscc_framing in;
  bool serving;
  uint64_t token; /* of the task in service */
  uint64_t look;  /* event that looks whether the device has joined; 0: none */
  double power_w; /* of the last task that named one */
  uint64_t sent;  /* bytes given to the connection */
  int64_t last_end_ns;
  iscc_ns3_stream_message *message; /* ring of those not acknowledged, oldest first */
  size_t first, messages, capacity;
} iscc_ns3_stream;

/* The public fields are set, the others zero. */
void iscc_ns3_stream_serve(iscc_ns3_stream *stream, uint64_t token, double power_w);
iscc_status iscc_ns3_stream_send(iscc_ns3_stream *stream, const iscc_transmission *transmission,
                                 iscc_error *error);
void iscc_ns3_stream_transmitted(iscc_ns3_stream *stream, int64_t end_ns); /* a frame of the device */
void iscc_ns3_stream_reset(iscc_ns3_stream *stream); /* all messages are told to have ended */
void iscc_ns3_stream_end(iscc_ns3_stream *stream);   /* tells nobody any more; the connection is left alone */

#ifdef __cplusplus
}
#endif
#endif
