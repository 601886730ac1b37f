/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-ns3-tcp - C bindings to ns-3's TCP, between a hub and the other devices of its channel.
 *
 * A connection of a device can have send options: then each of its segments, those that carry no data
 * included, is sent with them and told of by iscc_ns3_device_on_transmitted(). Segments hold what fits into
 * one frame and go at once (no Nagle); a device acknowledges each segment at once, a hub as TcpSocket's
 * DelAckCount and DelAckTimeout say; no timestamps. All else is ns-3's, by the attributes of its
 * TcpSocketBase and TcpL4Protocol. */
#ifndef ISCC_NS3_TCP_H
#define ISCC_NS3_TCP_H

#include "iscc-ns3.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct { /* any may be NULL */
  /* The next bytes of the stream, after the segment that brought them was acknowledged. */
  void (*received)(void *ctx, const void *bytes, size_t n_bytes);
  void (*acknowledged)(void *ctx, uint64_t n_bytes); /* so many of those sent, in all */
  void (*sending)(void *ctx, bool repeated);         /* a segment with options goes to the radio next */
  void (*closed)(void *ctx); /* could not be made, ended by the peer, or given up; the handle is stale now */
} iscc_ns3_tcp_events;

/* A connection came from a device: iscc_ns3_tcp_watch() it. */
typedef void iscc_ns3_tcp_accepted(void *ctx, iscc_ns3_handle from, iscc_ns3_handle connection);

iscc_status iscc_ns3_tcp_listen(iscc_ns3_handle hub, uint16_t port, iscc_ns3_tcp_accepted *fn, void *ctx,
                                iscc_ns3_handle *socket, iscc_error *error);

/* Begins to connect; what is sent meanwhile waits. options NULL: none. */
iscc_status iscc_ns3_tcp_connect(iscc_ns3_handle device, iscc_ns3_handle hub, uint16_t port,
                                 const iscc_ns3_send_options *options, const iscc_ns3_tcp_events *events,
                                 void *ctx, iscc_ns3_handle *connection, iscc_error *error);

/* events is copied; NULL: nobody is told any more. */
iscc_status iscc_ns3_tcp_watch(iscc_ns3_handle connection, const iscc_ns3_tcp_events *events, void *ctx,
                               iscc_error *error);
/* Of the segments from now on, repeated ones included. NULL: none. charged_bits must be < 0. */
iscc_status iscc_ns3_tcp_set_options(iscc_ns3_handle connection, const iscc_ns3_send_options *options,
                                     iscc_error *error);

/* Sends two pieces one behind the other: both or, when the buffer has no room (ISCC_EIO), neither. */
iscc_status iscc_ns3_tcp_send(iscc_ns3_handle connection, const void *head, size_t n_head, const void *bytes,
                              size_t n_bytes, iscc_error *error);

/* Resets the connection, with a last segment to the peer; tells nobody. A stale handle is ignored. */
void iscc_ns3_tcp_reset(iscc_ns3_handle connection);

enum { ISCC_NS3_TCP_HEADER_BYTES = 20 }; /* of a segment with data */

/* What a link as UDP's datagrams see it is for segments of which each holds a message and head_bytes of it. */
void iscc_ns3_tcp_link(iscc_link *link, int head_bytes);

#ifdef __cplusplus
}
#endif
#endif
