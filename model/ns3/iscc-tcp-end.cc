/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-tcp-end.h"

#include "iscc-ns3-state.h"
#include "ns3/boolean.h"
#include "ns3/simulator.h"
#include "ns3/tcp-socket-factory.h"
#include "ns3/uinteger.h"

namespace ns3 {

NS_OBJECT_ENSURE_REGISTERED(IsccTcpEnd);

namespace {

const uint32_t kUdpHeaderBytes = 8;

/* ns-3 keeps resetting a connection to its sockets. */
class Resetter : public TcpSocketBase {
public:
  static void Reset(Ptr<TcpSocketBase> socket) {
    (PeekPointer(socket)->*(&Resetter::SendRST))();
  }
};

} // namespace

TypeId IsccTcpEnd::GetTypeId() {
  static TypeId tid = TypeId("ns3::IsccTcpEnd").SetParent<Object>().SetGroupName("Iscc");
  return tid;
}

bool IsccTcpEnd::Open(Ptr<IsccRadio> radio, const Address &local) {
  m_radio = radio;
  m_socket = Socket::CreateSocket(radio->GetDevice()->GetNode(), TcpSocketFactory::GetTypeId());
  m_socket->SetAttribute("SegmentSize", UintegerValue(radio->GetDatagramMaxBytes() + kUdpHeaderBytes -
                                                      ISCC_NS3_TCP_HEADER_BYTES));
  m_socket->SetAttribute("TcpNoDelay", BooleanValue(true));
  m_socket->SetAttribute("Timestamp", BooleanValue(false));
  if (!radio->IsHub()) m_socket->SetAttribute("DelAckCount", UintegerValue(1));
  m_socket->BindToNetDevice(radio->GetDevice()); // a node may have several, all of one subnet
  if (m_socket->Bind(local)) {
    m_socket = nullptr;
    return false;
  }
  m_socket->BindToNetDevice(radio->GetDevice()); // and its end point, which is there now
  return true;
}

bool IsccTcpEnd::Listen(iscc_ns3_tcp_accepted *fn, void *ctx) {
  m_accepted = fn;
  m_ctx = ctx;
  m_socket->SetAcceptCallback(MakeNullCallback<bool, Ptr<Socket>, const Address &>(),
                              MakeCallback(&IsccTcpEnd::OnAccepted, this));
  return m_socket->Listen() == 0;
}

bool IsccTcpEnd::Connect(const Address &peer) {
  Take(m_socket);
  return m_socket->Connect(peer) == 0;
}

void IsccTcpEnd::Take(Ptr<Socket> socket) {
  m_socket = socket;
  socket->SetConnectCallback(MakeNullCallback<void, Ptr<Socket>>(),
                             MakeCallback(&IsccTcpEnd::OnClosed, this));
  socket->SetCloseCallbacks(MakeCallback(&IsccTcpEnd::OnClosed, this),
                            MakeCallback(&IsccTcpEnd::OnClosed, this));
  socket->SetRecvCallback(MakeCallback(&IsccTcpEnd::OnReadable, this));
  socket->SetSendCallback(MakeCallback(&IsccTcpEnd::OnSpace, this));
  socket->TraceConnectWithoutContext("Tx", MakeCallback(&IsccTcpEnd::OnSegment, this));
}

void IsccTcpEnd::OnAccepted(Ptr<Socket> socket, const Address &from) {
  Ptr<IsccTcpEnd> end = CreateObject<IsccTcpEnd>();
  end->m_radio = m_radio;
  end->Take(socket);
  m_accepted(m_ctx, iscc_ns3::DeviceAt(from), iscc_ns3::Keep(end));
}

void IsccTcpEnd::SetEvents(const iscc_ns3_tcp_events *events, void *ctx) {
  m_events = events ? *events : iscc_ns3_tcp_events{};
  m_ctx = ctx;
}

void IsccTcpEnd::SetOptions(const iscc_ns3_send_options *options) {
  m_hasOptions = options != nullptr;
  if (options) m_options = *options;
}

bool IsccTcpEnd::Send(Ptr<Packet> packet) {
  if (packet->GetSize() > m_socket->GetTxAvailable() || m_socket->Send(packet) < 0) return false;
  m_sent += packet->GetSize();
  return true;
}

/* TCP acknowledges a segment after it has told of it. */
void IsccTcpEnd::OnReadable(Ptr<Socket>) {
  if (m_delivering) return;
  m_delivering = true;
  Simulator::ScheduleNow(&IsccTcpEnd::Deliver, Ptr<IsccTcpEnd>(this));
}

void IsccTcpEnd::Deliver() {
  m_delivering = false;
  while (Ptr<Packet> packet = m_socket ? m_socket->Recv() : nullptr) {
    if (packet->GetSize() == 0) return; // the peer has ended it
    m_buffer.resize(packet->GetSize());
    packet->CopyData(m_buffer.data(), packet->GetSize());
    if (m_events.received) m_events.received(m_ctx, m_buffer.data(), m_buffer.size());
  }
}

/* ns-3 tells of room in the buffer whenever something was acknowledged. */
void IsccTcpEnd::OnSpace(Ptr<Socket> socket, uint32_t bytes) {
  UintegerValue size;
  socket->GetAttribute("SndBufSize", size);
  if (m_events.acknowledged) m_events.acknowledged(m_ctx, m_sent - (size.Get() - bytes));
}

void IsccTcpEnd::OnSegment(Ptr<const Packet> packet, const TcpHeader &header, Ptr<const TcpSocketBase>) {
  const SequenceNumber32 first = header.GetSequenceNumber();
  const bool repeated = packet->GetSize() > 0 && first < m_high;
  if (packet->GetSize() > 0 && first + packet->GetSize() > m_high) m_high = first + packet->GetSize();
  if (!m_hasOptions) return;
  if (m_events.sending) m_events.sending(m_ctx, repeated);
  m_radio->Prepare(ConstCast<Packet>(packet), m_options);
}

void IsccTcpEnd::Release() {
  m_socket->SetConnectCallback(MakeNullCallback<void, Ptr<Socket>>(), MakeNullCallback<void, Ptr<Socket>>());
  m_socket->SetCloseCallbacks(MakeNullCallback<void, Ptr<Socket>>(), MakeNullCallback<void, Ptr<Socket>>());
  m_socket->SetRecvCallback(MakeNullCallback<void, Ptr<Socket>>());
  m_socket->SetSendCallback(MakeNullCallback<void, Ptr<Socket>, uint32_t>());
  m_socket->SetAcceptCallback(MakeNullCallback<bool, Ptr<Socket>, const Address &>(),
                              MakeNullCallback<void, Ptr<Socket>, const Address &>());
  m_socket->TraceDisconnectWithoutContext("Tx", MakeCallback(&IsccTcpEnd::OnSegment, this));
  m_socket = nullptr;
}

void IsccTcpEnd::OnClosed(Ptr<Socket> socket) {
  Release();
  const iscc_ns3_tcp_events events = m_events;
  m_events = {};
  socket->Close(); // this side of it
  if (events.closed) events.closed(m_ctx);
}

void IsccTcpEnd::Reset() {
  Ptr<TcpSocketBase> socket = DynamicCast<TcpSocketBase>(m_socket);
  socket->SetCloseCallbacks(MakeNullCallback<void, Ptr<Socket>>(), MakeNullCallback<void, Ptr<Socket>>());
  Resetter::Reset(socket);
  Release();
  m_events = {};
}

void IsccTcpEnd::DoDispose() {
  if (m_socket) Release();
  m_events = {};
  m_radio = nullptr;
  Object::DoDispose();
}

} // namespace ns3
