/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-ns3-tcp.h"

#include <cmath>

#include "iscc-ns3-state.h"
#include "iscc-tcp-end.h"

using namespace ns3;
using namespace iscc_ns3;

namespace {

iscc_status CheckOptions(const iscc_ns3_send_options *options, iscc_error *error) {
  if (options && !(std::isfinite(options->power_w) && options->charged_bits < 0))
    return iscc_fail(error, ISCC_EINVAL, "tcp: power_w %g is not finite or charged_bits %g not < 0",
                     options->power_w, options->charged_bits);
  return ISCC_OK;
}

Ptr<IsccTcpEnd> FindOpen(iscc_ns3_handle connection) {
  Ptr<IsccTcpEnd> end = g_simulation ? Find<IsccTcpEnd>(connection) : nullptr;
  return end && end->IsOpen() ? end : nullptr;
}

} // namespace

iscc_status iscc_ns3_tcp_listen(iscc_ns3_handle hub, uint16_t port, iscc_ns3_tcp_accepted *fn, void *ctx,
                                iscc_ns3_handle *socket, iscc_error *error) {
  *socket = {0, 0};
  return Guard(error, [&] {
    Ptr<IsccRadio> radio = FindAddressed(hub);
    if (!radio) return Stale(error, "device with an address");
    Ptr<IsccTcpEnd> end = CreateObject<IsccTcpEnd>();
    if (!end->Open(radio, EndOf(radio, port)) || !end->Listen(fn, ctx))
      return iscc_fail(error, ISCC_ESTATE, "tcp: port %u of the node is taken", port);
    *socket = Keep(end);
    return ISCC_OK;
  });
}

iscc_status iscc_ns3_tcp_connect(iscc_ns3_handle device, iscc_ns3_handle hub, uint16_t port,
                                 const iscc_ns3_send_options *options, const iscc_ns3_tcp_events *events,
                                 void *ctx, iscc_ns3_handle *connection, iscc_error *error) {
  *connection = {0, 0};
  return Guard(error, [&] {
    Ptr<IsccRadio> radio = FindAddressed(device), peer = FindAddressed(hub);
    if (!radio || !peer) return Stale(error, "device with an address");
    if (!radio->Reaches(peer))
      return iscc_fail(error, ISCC_EINVAL,
                       "tcp: connections are between a hub and another device of its channel");
    const iscc_status status = CheckOptions(options, error);
    if (status) return status;
    Ptr<IsccTcpEnd> end = CreateObject<IsccTcpEnd>();
    if (!end->Open(radio, EndOf(radio, 0)))
      return iscc_fail(error, ISCC_EIO, "tcp: no port is left for another connection");
    end->SetEvents(events, ctx);
    end->SetOptions(options);
    *connection = Keep(end);
    if (!end->Connect(EndOf(peer, port)))
      return iscc_fail(error, ISCC_EIO, "tcp: ns-3 finds no way to the hub");
    return ISCC_OK;
  });
}

iscc_status iscc_ns3_tcp_watch(iscc_ns3_handle connection, const iscc_ns3_tcp_events *events, void *ctx,
                               iscc_error *error) {
  return Guard(error, [&] {
    Ptr<IsccTcpEnd> end = FindOpen(connection);
    if (!end) return Stale(error, "connection");
    end->SetEvents(events, ctx);
    return ISCC_OK;
  });
}

iscc_status iscc_ns3_tcp_set_options(iscc_ns3_handle connection, const iscc_ns3_send_options *options,
                                     iscc_error *error) {
  return Guard(error, [&] {
    Ptr<IsccTcpEnd> end = FindOpen(connection);
    if (!end) return Stale(error, "connection");
    const iscc_status status = CheckOptions(options, error);
    if (!status) end->SetOptions(options);
    return status;
  });
}

iscc_status iscc_ns3_tcp_send(iscc_ns3_handle connection, const void *head, size_t n_head, const void *bytes,
                              size_t n_bytes, iscc_error *error) {
  return Guard(error, [&] {
    Ptr<IsccTcpEnd> end = FindOpen(connection);
    if (!end) return Stale(error, "connection");
    Ptr<Packet> packet = Create<Packet>(static_cast<const uint8_t *>(head), n_head);
    packet->AddAtEnd(Create<Packet>(static_cast<const uint8_t *>(bytes), n_bytes));
    return end->Send(packet)
               ? ISCC_OK
               : iscc_fail(error, ISCC_EIO, "tcp: the connection takes no %zu bytes more", n_head + n_bytes);
  });
}

void iscc_ns3_tcp_reset(iscc_ns3_handle connection) {
  Guard(nullptr, [&] {
    Ptr<IsccTcpEnd> end = FindOpen(connection);
    if (end) end->Reset();
    return ISCC_OK;
  });
}

void iscc_ns3_tcp_link(iscc_link *link, int head_bytes) {
  const int longer = ISCC_NS3_TCP_HEADER_BYTES - 8; // than UDP's
  link->datagram_overhead_bytes += longer + head_bytes;
  link->datagram_max_bytes -= longer + head_bytes;
  link->answer_ahead_bytes = link->datagram_overhead_bytes - head_bytes; // the features' last acknowledgement
}
