/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-lte-radio.h"

#ifdef ISCC_HAS_LTE

#include <algorithm>
#include <cmath>

#include "iscc-net-device.h"
#include "ns3/boolean.h"
#include "ns3/epc-ue-nas.h"
#include "ns3/internet-stack-helper.h"
#include "ns3/ipv4-l3-protocol.h"
#include "ns3/ipv4-static-routing-helper.h"
#include "ns3/lte-amc.h"
#include "ns3/lte-enb-net-device.h"
#include "ns3/lte-enb-phy.h"
#include "ns3/lte-radio-bearer-tag.h"
#include "ns3/lte-rlc-header.h"
#include "ns3/lte-rrc-protocol-ideal.h"
#include "ns3/lte-rrc-protocol-real.h"
#include "ns3/lte-spectrum-phy.h"
#include "ns3/lte-ue-phy.h"
#include "ns3/lte-ue-rrc.h"
#include "ns3/simulator.h"

namespace ns3 {

NS_OBJECT_ENSURE_REGISTERED(IsccLteNetwork);
NS_OBJECT_ENSURE_REGISTERED(IsccLteRadio);

namespace {

constexpr int64_t kSendingNs = ISCC_LTE_SENDING_NS;
constexpr int64_t kLastHopeMs = 40; // a retransmission would have begun by then
constexpr uint32_t kUdpHeaderBytes = 8;
constexpr uint32_t kHeaderPduBytes = 2 + 2 + 20; // RLC, PDCP, IP
constexpr uint8_t kFirstDataChannel = 3;
constexpr double kSilentDbm = -270; // that nobody hears

} // namespace

TypeId IsccLteNetwork::GetTypeId() {
  static TypeId tid = TypeId("ns3::IsccLteNetwork").SetParent<Object>().SetGroupName("Iscc");
  return tid;
}

/* The modulations and codings as ns-3's schedulers choose them by the SNR of the uplink. */
void IsccLteNetwork::MeetEnb() {
  const double figureDb = DynamicCast<LteEnbNetDevice>(enb)->GetPhy()->GetNoiseFigure();
  uplink.noise_w = iscc_lte_noise_w(resourceBlocks, figureDb);
  uplink.datagram_max_bytes = ISCC_NS3_UDP_MAX_BYTES;
  Ptr<LteAmc> amc = CreateObject<LteAmc>();
  for (int cqi = 1; cqi <= 15; cqi++)
    iscc_lte_uplink_add(&uplink, amc->GetSpectralEfficiencyFromCqi(cqi),
                        amc->GetUlTbSizeFromMcs(amc->GetMcsFromCqi(cqi), resourceBlocks));
  DynamicCast<LteEnbNetDevice>(enb)->GetPhy()->GetUplinkSpectrumPhy()->TraceConnectWithoutContext(
      "UlPhyReception", MakeCallback(&IsccLteNetwork::OnReception, this));
}

void IsccLteNetwork::OnReception(PhyReceptionStatParameters block) {
  auto it = joined.find(block.m_rnti);
  if (it != joined.end()) it->second->OnReception(block.m_correctness);
}

void IsccLteNetwork::DoDispose() {
  if (epc) epc->Dispose();
  if (lte) lte->Dispose();
  epc = nullptr;
  lte = nullptr;
  hub = enb = nullptr;
  Object::DoDispose();
}

TypeId IsccLteRadio::GetTypeId() {
  static TypeId tid = TypeId("ns3::IsccLteRadio").SetParent<IsccRadio>().SetGroupName("Iscc");
  return tid;
}

void IsccLteRadio::Watch(Ptr<NetDevice> device, Ptr<IsccLteNetwork> network) {
  m_device = PeekPointer(device);
  m_network = network;
  m_ue = DynamicCast<LteUeNetDevice>(device);
  iscc_goodput_begin(&m_goodput);
  if (!m_ue) return;
  m_ue->GetPhy()->SetAttribute("EnableUplinkPowerControl", BooleanValue(false));
  m_ue->GetPhy()->GetUplinkSpectrumPhy()->TraceConnectWithoutContext(
      "TxStart", MakeCallback(&IsccLteRadio::OnBurst, this));
  m_ue->GetPhy()->GetUplinkSpectrumPhy()->TraceConnectWithoutContext(
      "TxEnd", MakeCallback(&IsccLteRadio::OnOffAir, this));
  m_ue->GetRrc()->TraceConnectWithoutContext("ConnectionEstablished",
                                             MakeCallback(&IsccLteRadio::OnJoined, this));
}

Ptr<NetDevice> IsccLteRadio::GetDevice() const {
  return m_device;
}

bool IsccLteRadio::IsHub() const {
  return !m_ue;
}

bool IsccLteRadio::Reaches(Ptr<const IsccRadio> other) const {
  Ptr<const IsccLteRadio> peer = DynamicCast<const IsccLteRadio>(other);
  return peer && peer->m_network == m_network && peer->IsHub() != IsHub();
}

/* ---- internet: the EPC's addresses and routes ---- */

void IsccLteRadio::Know(Ptr<const IsccRadio>) {}

Address IsccLteRadio::Join(Ipv4Address free) {
  return m_ue ? JoinAsUe() : JoinAsServer(free);
}

Address IsccLteRadio::JoinAsUe() {
  Ptr<Node> node = m_device->GetNode();
  if (!node->GetObject<Ipv4>()) {
    InternetStackHelper stack;
    stack.SetIpv6StackInstall(false);
    stack.Install(node);
  }
  const Ipv4Address address = m_network->epc->AssignUeIpv4Address(NetDeviceContainer(m_ue)).GetAddress(0);
  Ptr<Ipv4> ipv4 = node->GetObject<Ipv4>();
  m_interface = uint32_t(ipv4->GetInterfaceForDevice(m_device));
  Ipv4StaticRoutingHelper().GetStaticRouting(ipv4)->SetDefaultRoute(
      m_network->epc->GetUeDefaultGatewayAddress(), m_interface);
  node->GetObject<Ipv4L3Protocol>()->TraceConnectWithoutContext(
      "SendOutgoing", MakeCallback(&IsccLteRadio::OnOutgoing, this));
  m_network->lte->Attach(m_ue, m_network->enb);
  return address;
}

Address IsccLteRadio::JoinAsServer(Ipv4Address free) {
  const Address address = IsccRadio::Join(free);
  Ptr<Channel> link = m_device->GetChannel();
  Ptr<NetDevice> gateway = link->GetDevice(link->GetDevice(0) == m_device ? 1 : 0);
  const Ipv4Address gatewayAddress("10.255.255.254");
  Ptr<Ipv4> there = gateway->GetNode()->GetObject<Ipv4>(), here = m_device->GetNode()->GetObject<Ipv4>();
  const uint32_t interface = there->AddInterface(gateway);
  there->AddAddress(interface, Ipv4InterfaceAddress(gatewayAddress, Ipv4Mask("255.0.0.0")));
  there->SetUp(interface);
  Ipv4StaticRoutingHelper().GetStaticRouting(here)->AddNetworkRouteTo(
      Ipv4Address("7.0.0.0"), Ipv4Mask("255.0.0.0"), gatewayAddress,
      uint32_t(here->GetInterfaceForDevice(m_device)));
  return address;
}

/* ---- plans ---- */

double IsccLteRadio::GetGain() const {
  return GainBetween(m_network->loss, m_device->GetNode(), m_network->enb->GetNode());
}

iscc_status IsccLteRadio::GetUplink(Ptr<NetDevice> hub, iscc_link *link, iscc_error *error) const {
  if (!m_ue || m_network->hub != hub)
    return iscc_fail(error, ISCC_ESTATE, "link: its ends are not a UE and the server of its cell");
  return iscc_lte_uplink_link(&m_network->uplink, &m_goodput, GetGain(), link, error);
}

/* The last datagram of a transfer has left, or has been given up before any was on the air. */
void IsccLteRadio::Learn(const Datagram &last) {
  if (!m_whole || m_first.IsNegative()) return;
  iscc_goodput_add(&m_goodput, m_transferBits, m_transferRateBps, (m_first - m_since).GetSeconds(),
                   (last.frameEnd - m_first).GetSeconds());
}

/* ---- what is on the air ---- */

double IsccLteRadio::GetPowerW() const {
  return 1e-3 * std::pow(10, 0.1 * m_ue->GetPhy()->GetTxPower());
}

/* The eNB hears of it with the next sounding. */
void IsccLteRadio::Expect(double powerW) {
  if (m_ue && !m_off) m_ue->GetPhy()->SetTxPower(10 * std::log10(1e3 * powerW));
}

void IsccLteRadio::Prepare(Ptr<Packet> packet, const iscc_ns3_send_options &options) {
  if (!m_ue) return; // the eNB sends at its own power, and its sendings are told to nobody
  if (options.power_w > 0) Expect(options.power_w);
  if (m_datagrams.empty()) BeginTransfer();
  IsccTransmissionTag tag;
  tag.token = m_next;
  packet->AddPacketTag(tag);
  Datagram d;
  d.token = options.token;
  d.frameEnd = Simulator::Now();
  d.end = Simulator::ScheduleNow(&IsccLteRadio::End, this, m_next); // unless it goes out
  m_datagrams[m_next++] = d;
}

/* The radio cuts and joins packets: from here on each byte has the tag. */
void IsccLteRadio::OnOutgoing(const Ipv4Header &, Ptr<const Packet> packet, uint32_t interface) {
  IsccTransmissionTag tag;
  if (interface != m_interface || !ConstCast<Packet>(packet)->RemovePacketTag(tag)) return;
  auto it = m_datagrams.find(tag.token);
  if (it == m_datagrams.end() || m_off || m_ue->GetNas()->GetState() != EpcUeNas::ACTIVE) return;
  packet->AddByteTag(tag);
  Datagram &d = it->second;
  d.bytesLeft = packet->GetSize();
  d.end.Cancel();
  d.end = Simulator::Schedule(Seconds(m_network->giveUpS), &IsccLteRadio::End, this, tag.token);
  m_transferBits += 8.0 * (packet->GetSize() + ISCC_LTE_OVERHEAD_BYTES - kUdpHeaderBytes);
}

void IsccLteRadio::BeginTransfer() {
  m_transferRateBps = iscc_lte_uplink_rate_bps(&m_network->uplink, GetGain(), GetPowerW());
  m_since = Simulator::Now();
  m_first = Time(-1);
  m_transferBits = 0;
  m_whole = true;
}

bool IsccLteRadio::HasJoined() const {
  return !m_ue || m_ue->GetNas()->GetState() == EpcUeNas::ACTIVE;
}

void IsccLteRadio::Forget(Ptr<const Packet> packet) {
  IsccTransmissionTag tag;
  if (!packet->PeekPacketTag(tag)) return;
  auto it = m_datagrams.find(tag.token);
  if (it == m_datagrams.end()) return;
  it->second.end.Cancel();
  m_datagrams.erase(it);
}

void IsccLteRadio::OnJoined(uint64_t, uint16_t, uint16_t rnti) {
  m_network->joined[rnti] = this;
  m_newest = m_sent = -1;
  m_open.clear();
}

static int SequenceOf(Ptr<const Packet> pdu) {
  LteRlcHeader header;
  pdu->PeekHeader(header);
  return header.GetSequenceNumber().GetValue(); // modulo 1024
}

/* Adds the bytes of each datagram in a packet; returns how many there are. */
static uint32_t CountMarked(Ptr<const Packet> packet, std::map<uint64_t, uint32_t> *bytes) {
  uint32_t marked = 0;
  for (ByteTagIterator i = packet->GetByteTagIterator(); i.HasNext();) {
    ByteTagIterator::Item item = i.Next();
    if (item.GetTypeId() != IsccTransmissionTag::GetTypeId()) continue;
    IsccTransmissionTag tag;
    item.GetTag(tag);
    (*bytes)[tag.token] += item.GetEnd() - item.GetStart();
    marked += item.GetEnd() - item.GetStart();
  }
  return marked;
}

/* A block that ends within a datagram's IP header has none of the bytes with its tag. */
bool IsccLteRadio::FindHeader(Ptr<const Packet> pdu, std::map<uint64_t, uint32_t> *bytes) const {
  LteRadioBearerTag bearer;
  if (pdu->GetSize() > kHeaderPduBytes || !pdu->PeekPacketTag(bearer) || bearer.GetLcid() < kFirstDataChannel)
    return false;
  auto repeated = m_open.find(SequenceOf(pdu));
  uint64_t id = repeated != m_open.end() ? repeated->second[0] : m_next;
  for (const auto &[other, d] : m_datagrams)
    if (repeated == m_open.end() && d.bytesLeft > 0) id = std::min(id, other); // the one that is sent next
  if (id == m_next) return false;
  (*bytes)[id] = 0;
  return true;
}

void IsccLteRadio::OnBurst(Ptr<const PacketBurst> burst) {
  m_sent = -1;
  if (!burst || m_off) return;
  std::map<uint64_t, uint32_t> bytes;
  uint32_t marked = 0;
  for (auto pdu = burst->Begin(); pdu != burst->End(); ++pdu) {
    const uint32_t found = CountMarked(*pdu, &bytes);
    if (found > 0 || (bytes.empty() && FindHeader(*pdu, &bytes))) m_sent = SequenceOf(*pdu);
    marked += found;
  }
  if (m_sent < 0) return;
  m_sentUntil = Simulator::Now() + NanoSeconds(kSendingNs);
  if (m_first < m_since) m_first = Simulator::Now();
  Draw(GetPowerW());
  Charge(bytes, marked, burst->GetSize());
}

/* Bytes of datagrams that were given up still take their share. */
void IsccLteRadio::Charge(const std::map<uint64_t, uint32_t> &bytes, uint32_t marked, uint32_t size) {
  const bool isNew = m_newest < 0 || ((m_sent - m_newest) & 1023) - 1u < 511u; // else a retransmission
  if (isNew) {
    m_newest = m_sent;
    m_open.erase(m_sent); // of the same number before
  }
  for (const auto &[id, n] : bytes) {
    auto it = m_datagrams.find(id);
    if (it == m_datagrams.end()) continue;
    Datagram &d = it->second;
    d.frameShare = marked > 0 ? double(n) / marked : 1;
    d.framePowerW = d.frameShare * GetPowerW();
    d.energyJ += d.framePowerW * 1e-9 * double(kSendingNs);
    d.onAir += NanoSeconds(kSendingNs) * d.frameShare;
    d.frameEnd = m_sentUntil;
    if (!isNew) continue;
    d.bits += 8.0 * d.frameShare * size;
    d.bytesLeft -= std::min(d.bytesLeft, n);
    d.open++;
    m_open[m_sent].push_back(id);
  }
}

void IsccLteRadio::OnOffAir(Ptr<const PacketBurst>) {
  Draw(0);
}

/* ns-3 tells of blocks that it expected and that were not sent, too. */
void IsccLteRadio::OnReception(bool correct) {
  if (Simulator::Now() != m_sentUntil) return;
  auto block = m_open.find(m_sent);
  if (block == m_open.end()) return;
  const std::vector<uint64_t> ids = block->second;
  if (correct) m_open.erase(block);
  for (uint64_t id : ids) {
    auto it = m_datagrams.find(id);
    if (it == m_datagrams.end()) continue;
    Datagram &d = it->second;
    if (correct) d.open--;
    if (d.bytesLeft > 0) continue;
    d.end.Cancel();
    if (d.open == 0)
      End(id);
    else
      d.end = Simulator::Schedule(MilliSeconds(kLastHopeMs), &IsccLteRadio::End, this, id);
  }
}

void IsccLteRadio::End(uint64_t id) {
  const Datagram d = m_datagrams[id];
  m_datagrams.erase(id);
  if (d.bytesLeft > 0) m_whole = false;
  if (m_datagrams.empty()) {
    m_open.clear();
    Learn(d);
  }
  TellOf(d);
}

void IsccLteRadio::TellOf(const Datagram &d) {
  m_toldJ += d.energyJ;
  const int64_t end = std::min(d.frameEnd, Simulator::Now()).GetNanoSeconds(),
                onAir = d.onAir.GetNanoSeconds();
  Tell(d.token, end - onAir, onAir, d.bits, d.energyJ);
}

/* What is sent of datagrams after their end was told. */
double IsccLteRadio::GetListeningJ() const {
  return std::max(GetDrawnJ() - m_toldJ, 0.0);
}

/* Its context is taken from the eNB, as ns-3 does it when a link fails: one that still had bytes to send would keep
 * its part of the cell. */
void IsccLteRadio::Leave() {
  Ptr<LteUeRrc> rrc = m_ue->GetRrc();
  m_ue->GetPhy()->SetTxPower(kSilentDbm);
  if (rrc->GetState() != LteUeRrc::CONNECTED_NORMALLY) return;
  m_network->joined.erase(rrc->GetRnti());
  LteUeRrcSapUser *eNb = nullptr;
  if (Ptr<LteUeRrcProtocolIdeal> ideal = rrc->GetObject<LteUeRrcProtocolIdeal>())
    eNb = ideal->GetLteUeRrcSapUser();
  else if (Ptr<LteUeRrcProtocolReal> real = rrc->GetObject<LteUeRrcProtocolReal>())
    eNb = real->GetLteUeRrcSapUser();
  if (eNb) eNb->SendIdealUeContextRemoveRequest(rrc->GetRnti());
  m_ue->GetNas()->Disconnect();
}

void IsccLteRadio::SwitchOff() {
  if (m_off) return;
  m_off = true;
  Draw(0);
  if (m_ue) Leave();
  m_open.clear();
  for (auto &[id, d] : Cut(&m_datagrams)) {
    EventId(d.end).Cancel();
    TellOf(d);
  }
}

void IsccLteRadio::DoDispose() {
  m_datagrams.clear();
  m_ue = nullptr;
  m_network = nullptr;
  IsccRadio::DoDispose();
}

} // namespace ns3

#endif
