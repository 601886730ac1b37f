/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-tcp-end - an ns-3 TCP socket and who listens to it; private to the bindings. C++ only. */
#ifndef ISCC_TCP_END_H
#define ISCC_TCP_END_H

#ifdef __cplusplus

#include <vector>

#include "iscc-ns3-tcp.h"
#include "iscc-radio.h"
#include "ns3/object.h"
#include "ns3/sequence-number.h"
#include "ns3/socket.h"
#include "ns3/tcp-header.h"
#include "ns3/tcp-socket-base.h"

namespace ns3 {

class IsccTcpEnd : public Object {
public:
  static TypeId GetTypeId();

  /* A new socket of the radio's node, bound to its device. */
  bool Open(Ptr<IsccRadio> radio, const Address &local);
  bool Listen(iscc_ns3_tcp_accepted *fn, void *ctx);
  bool Connect(const Address &peer);
  void SetEvents(const iscc_ns3_tcp_events *events, void *ctx);
  void SetOptions(const iscc_ns3_send_options *options);
  bool Send(Ptr<Packet> packet);
  void Reset();
  bool IsOpen() const {
    return bool(m_socket);
  }

private:
  void DoDispose() override;
  void Take(Ptr<Socket> socket); // a connection, under way or made
  void Release();                // of the socket's callbacks
  void OnAccepted(Ptr<Socket> socket, const Address &from);
  void OnReadable(Ptr<Socket> socket);
  void Deliver();
  void OnSpace(Ptr<Socket> socket, uint32_t bytes);
  void OnSegment(Ptr<const Packet> packet, const TcpHeader &header, Ptr<const TcpSocketBase> socket);
  void OnClosed(Ptr<Socket> socket);

  Ptr<Socket> m_socket; // null: closed
  Ptr<IsccRadio> m_radio;
  iscc_ns3_tcp_accepted *m_accepted{nullptr};
  iscc_ns3_tcp_events m_events{};
  void *m_ctx{nullptr};
  iscc_ns3_send_options m_options{};
  bool m_hasOptions{false}, m_delivering{false};
  uint64_t m_sent{0};
  SequenceNumber32 m_high{0}; // the first that was never sent
  std::vector<uint8_t> m_buffer;
};

} // namespace ns3

#endif
#endif
