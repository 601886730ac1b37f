/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-lr-wpan-radio.h"

#ifdef ISCC_HAS_LR_WPAN

#include <cmath>

#include "iscc-link-budget.h"
#include "iscc-net-device.h"
#include "ns3/boolean.h"
#include "ns3/icmpv6-l4-protocol.h"
#include "ns3/internet-stack-helper.h"
#include "ns3/ipv6-interface.h"
#include "ns3/ipv6-l3-protocol.h"
#include "ns3/lr-wpan-csmaca.h"
#include "ns3/lr-wpan-error-model.h"
#include "ns3/lr-wpan-mac.h"
#include "ns3/lr-wpan-phy.h"
#include "ns3/lr-wpan-spectrum-value-helper.h"
#include "ns3/ndisc-cache.h"
#include "ns3/simulator.h"
#include "ns3/spectrum-value.h"
#include "ns3/trace-helper.h"

namespace ns3 {

NS_OBJECT_ENSURE_REGISTERED(IsccLrWpanNetwork);
NS_OBJECT_ENSURE_REGISTERED(IsccLrWpanRadio);

namespace {

constexpr uint32_t kChannel = 11; // ns-3's
double SuccessRate(void *model, double snr) {
  return static_cast<LrWpanErrorModel *>(model)->GetChunkSuccessRate(snr, ISCC_LR_WPAN_FRAME_BITS);
}

} // namespace

TypeId IsccLrWpanNetwork::GetTypeId() {
  static TypeId tid = TypeId("ns3::IsccLrWpanNetwork").SetParent<Object>().SetGroupName("Iscc");
  return tid;
}

void IsccLrWpanNetwork::Meet(Ptr<LrWpanNetDevice> device) {
  Ptr<LrWpanPhy> phy = device->GetPhy();
  uplink.noise_w = LrWpanSpectrumValueHelper::TotalAvgPower(phy->GetNoisePowerSpectralDensity(), kChannel);
  uplink.symbol_s = 1 / phy->GetDataOrSymbolRate(false);
  uplink.symbols_per_byte = phy->GetPhySymbolsPerOctet();
  uplink.header_symbols = double(phy->GetPhySHRDuration()) + uplink.symbols_per_byte;
  uplink.least_snr = iscc_least_snr(SuccessRate, PeekPointer(phy->GetErrorModel()), packetErrorRate);
}

TypeId IsccLrWpanRadio::GetTypeId() {
  static TypeId tid = TypeId("ns3::IsccLrWpanRadio").SetParent<IsccRadio>().SetGroupName("Iscc");
  return tid;
}

void IsccLrWpanRadio::Watch(Ptr<SixLowPanNetDevice> device, Ptr<LrWpanNetDevice> below,
                            Ptr<IsccLrWpanNetwork> network) {
  m_device = PeekPointer(device);
  m_below = below;
  m_network = network;
  Ptr<LrWpanMac> mac = below->GetMac();
  mac->TraceConnectWithoutContext("MacTxEnqueue", MakeCallback(&IsccLrWpanRadio::OnQueued, this));
  mac->TraceConnectWithoutContext("MacTxDequeue", MakeCallback(&IsccLrWpanRadio::OnUnqueued, this));
  below->GetPhy()->TraceConnectWithoutContext("PhyTxBegin", MakeCallback(&IsccLrWpanRadio::OnAir, this));
  below->GetPhy()->TraceConnectWithoutContext("PhyTxEnd", MakeCallback(&IsccLrWpanRadio::OnOffAir, this));
  SetPower(network->powerW);
}

Ptr<NetDevice> IsccLrWpanRadio::GetDevice() const {
  return m_device;
}

bool IsccLrWpanRadio::IsHub() const {
  return m_network->hub == m_device;
}

size_t IsccLrWpanRadio::GetDatagramMaxBytes() const {
  return size_t(m_network->uplink.datagram_max_bytes);
}

/* ---- internet: link-local addresses, which 6LoWPAN leaves out of the frames ---- */

Address IsccLrWpanRadio::Join(Ipv4Address) {
  Ptr<Node> node = m_device->GetNode();
  if (!node->GetObject<Ipv6>()) {
    InternetStackHelper stack;
    stack.SetIpv4StackInstall(false);
    stack.Install(node);
  }
  node->GetObject<Icmpv6L4Protocol>()->SetAttribute("DAD", BooleanValue(false));
  Ptr<Ipv6> ipv6 = node->GetObject<Ipv6>();
  const uint32_t interface = ipv6->AddInterface(m_device);
  ipv6->SetMetric(interface, 1);
  ipv6->SetForwarding(interface, true); // others look for a router, on the air
  ipv6->SetUp(interface);
  return ipv6->GetAddress(interface, 0).GetAddress();
}

void IsccLrWpanRadio::Know(Ptr<const IsccRadio> peer) {
  Ptr<Ipv6L3Protocol> ipv6 = m_device->GetNode()->GetObject<Ipv6L3Protocol>();
  Ptr<NdiscCache> cache = ipv6->GetInterface(ipv6->GetInterfaceForDevice(m_device))->GetNdiscCache();
  const Ipv6Address address = Ipv6Address::ConvertFrom(peer->GetAddress());
  NdiscCache::Entry *entry = cache->Lookup(address);
  if (!entry) entry = cache->Add(address);
  entry->SetMacAddress(peer->GetDevice()->GetAddress());
  entry->MarkPermanent();
}

/* ---- plans ---- */

iscc_status IsccLrWpanRadio::GetUplink(Ptr<NetDevice> hub, iscc_link *link, iscc_error *error) const {
  if (m_network->hub != hub || hub == m_device)
    return iscc_fail(error, ISCC_ESTATE, "link: its ends are not a node and the hub of its network");
  Ptr<Node> here = m_device->GetNode(), there = hub->GetNode();
  return iscc_lr_wpan_uplink_link(&m_network->uplink, GainBetween(m_network->loss, here, there),
                                  DistanceBetween(here, there), link, error);
}

bool IsccLrWpanRadio::WritePcap(const std::string &name) {
  PcapHelper helper;
  Ptr<PcapFileWrapper> file = helper.CreateFile(name, std::ios::out, PcapHelper::DLT_IEEE802_15_4);
  helper.HookDefaultSink<LrWpanMac>(m_below->GetMac(), "PromiscSniffer", file);
  return true;
}

/* ---- what is on the air ---- */

void IsccLrWpanRadio::SetPower(double powerW) {
  if (powerW == m_powerW) return;
  LrWpanSpectrumValueHelper helper;
  m_below->GetPhy()->SetTxPowerSpectralDensity(
      helper.CreateTxPowerSpectralDensity(10 * std::log10(1e3 * powerW), kChannel));
  m_powerW = powerW;
}

void IsccLrWpanRadio::Prepare(Ptr<Packet> packet, const iscc_ns3_send_options &options) {
  IsccTransmissionTag tag;
  tag.token = m_next;
  packet->AddPacketTag(tag); // 6LoWPAN's fragments have it too
  const double powerW = options.power_w > 0 ? options.power_w : m_network->powerW;
  Datagram d;
  d.token = options.token;
  d.powerW = d.framePowerW = powerW;
  m_datagrams[m_next] = d;
  Simulator::ScheduleNow(&IsccLrWpanRadio::EndIfUnsent, this, m_next++);
}

IsccLrWpanRadio::Datagram *IsccLrWpanRadio::Find(Ptr<const Packet> packet, uint64_t *id) {
  IsccTransmissionTag tag;
  if (!packet->PeekPacketTag(tag)) return nullptr;
  auto it = m_datagrams.find(tag.token);
  *id = tag.token;
  return it == m_datagrams.end() ? nullptr : &it->second;
}

void IsccLrWpanRadio::Forget(Ptr<const Packet> packet) {
  uint64_t id;
  if (Find(packet, &id)) m_datagrams.erase(id);
}

/* All frames of a datagram are queued while it is handed over; without one, some layer has dropped it. */
void IsccLrWpanRadio::EndIfUnsent(uint64_t id) {
  auto it = m_datagrams.find(id);
  if (it != m_datagrams.end() && it->second.frames == 0) End(id);
}

void IsccLrWpanRadio::OnQueued(Ptr<const Packet> frame) {
  uint64_t id;
  if (Datagram *d = Find(frame, &id)) d->frames++;
}

void IsccLrWpanRadio::OnAir(Ptr<const Packet> frame) {
  if (m_off) return;
  uint64_t id;
  Datagram *d = Find(frame, &id);
  SetPower(d ? d->powerW : m_network->powerW);
  if (!d) return;
  const double seconds = iscc_lr_wpan_frame_s(&m_network->uplink, frame->GetSize());
  if (PeekPointer(frame) != m_frame) d->bits += 8.0 * frame->GetSize();
  m_frame = PeekPointer(frame);
  d->onAir += Seconds(seconds);
  d->energyJ += d->powerW * seconds;
  d->frameEnd = Simulator::Now() + Seconds(seconds);
  Draw(d->powerW);
}

void IsccLrWpanRadio::OnOffAir(Ptr<const Packet>) {
  Draw(0);
}

/* ns-3's MAC cannot be stopped: it goes on for its retries with a power that nobody hears. */
void IsccLrWpanRadio::SwitchOff() {
  m_off = true;
  Draw(0);
  SetPower(1e-30);
  for (const auto &[id, d] : Cut(&m_datagrams)) TellOf(d);
}

/* Acknowledged, or given up. */
void IsccLrWpanRadio::OnUnqueued(Ptr<const Packet> frame) {
  uint64_t id;
  Datagram *d = Find(frame, &id);
  if (PeekPointer(frame) == m_frame) m_frame = nullptr;
  if (d && --d->frames == 0) End(id);
}

void IsccLrWpanRadio::End(uint64_t id) {
  const Datagram d = m_datagrams[id];
  m_datagrams.erase(id);
  TellOf(d);
}

void IsccLrWpanRadio::TellOf(const Datagram &d) const {
  const int64_t onAir = d.onAir.GetNanoSeconds();
  Tell(d.token, Simulator::Now().GetNanoSeconds() - onAir, onAir, d.bits, d.energyJ);
}

void IsccLrWpanRadio::DoDispose() {
  m_datagrams.clear();
  m_below = nullptr;
  m_network = nullptr;
  IsccRadio::DoDispose();
}

} // namespace ns3

#endif
