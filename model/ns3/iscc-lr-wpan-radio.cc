/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-lr-wpan-radio.h"

#ifdef ISCC_HAS_LR_WPAN

#include <algorithm>
#include <cmath>

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
#include "ns3/mobility-model.h"
#include "ns3/ndisc-cache.h"
#include "ns3/simulator.h"
#include "ns3/spectrum-value.h"
#include "ns3/trace-helper.h"

namespace ns3 {

NS_OBJECT_ENSURE_REGISTERED(IsccLrWpanNetwork);
NS_OBJECT_ENSURE_REGISTERED(IsccLrWpanRadio);

namespace {

constexpr uint32_t kChannel = 11; // ns-3's
/* Bytes of a frame: MAC header with short addresses of one PAN, and FCS; synchronization and length before it. */
constexpr int kMacBytes = 9 + 2, kPhyBytes = 6, kAckBytes = 5, kFrameBytesMax = 127;
/* IPv6 and UDP compressed (IPHC and NHC, ports and all); fragmentation headers; payload of fragments, multiples of 8. */
constexpr int kCompressedBytes = 10, kFirstHeader = 4, kNextHeader = 5, kFirstPayload = 96,
              kNextPayload = 104;
/* Symbols beside a frame and its acknowledgement: 3.5 backoff periods of 20 on average, sensing, two turnarounds,
 * the spacing after a long frame. */
constexpr double kWaitSymbols = 3.5 * 20 + 8 + 2 * 12 + 40;

} // namespace

TypeId IsccLrWpanNetwork::GetTypeId() {
  static TypeId tid = TypeId("ns3::IsccLrWpanNetwork").SetParent<Object>().SetGroupName("Iscc");
  return tid;
}

void IsccLrWpanNetwork::Meet(Ptr<LrWpanNetDevice> device) {
  Ptr<LrWpanPhy> phy = device->GetPhy();
  noiseW = LrWpanSpectrumValueHelper::TotalAvgPower(phy->GetNoisePowerSpectralDensity(), kChannel);
  symbolS = 1 / phy->GetDataOrSymbolRate(false);
  symbolsPerByte = phy->GetPhySymbolsPerOctet();
  headerSymbols = double(phy->GetPhySHRDuration()) + symbolsPerByte;
  double low = -10, high = 40; // dB
  for (int i = 0; i < 60; i++) {
    const double middle = (low + high) / 2;
    const double success = phy->GetErrorModel()->GetChunkSuccessRate(std::pow(10, 0.1 * middle),
                                                                     8 * (kPhyBytes + kFrameBytesMax));
    (1 - success > packetErrorRate ? low : high) = middle;
  }
  leastSnr = std::pow(10, 0.1 * high);
}

int IsccLrWpanNetwork::GetFrames() const {
  const int beyond = std::max(0, datagramMaxBytes - kFirstPayload);
  return 1 + (beyond + kNextPayload - 1) / kNextPayload;
}

int IsccLrWpanNetwork::GetOverheadBytes() const {
  return kCompressedBytes + kFirstHeader + (GetFrames() - 1) * kNextHeader + GetFrames() * kMacBytes;
}

double IsccLrWpanNetwork::GetRateBps() const {
  const int bytes = datagramMaxBytes + GetOverheadBytes();
  const double symbols =
      GetFrames() * (2 * headerSymbols + kAckBytes * symbolsPerByte + kWaitSymbols) + bytes * symbolsPerByte;
  return 8 * bytes / (symbols * symbolS);
}

double IsccLrWpanNetwork::GetAirShare() const {
  const int bytes = datagramMaxBytes + GetOverheadBytes();
  const double airS = (GetFrames() * headerSymbols + bytes * symbolsPerByte) * symbolS;
  return airS * GetRateBps() / (8 * bytes);
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
  return size_t(m_network->datagramMaxBytes);
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
  Ptr<MobilityModel> here = m_device->GetNode()->GetObject<MobilityModel>(),
                     there = hub->GetNode()->GetObject<MobilityModel>();
  const double gain = std::pow(10, 0.1 * m_network->loss->CalcRxPower(0, here, there));
  if (!(gain > 0 && std::isfinite(gain)))
    return iscc_fail(error, ISCC_EINVAL, "link: the loss models leave a gain of %g", gain);
  *link = {};
  link->rates = 1;
  link->rate_bps[0] = link->answer_rate_bps = m_network->GetRateBps();
  link->power_w[0] = m_network->margin * m_network->leastSnr * m_network->noiseW / gain;
  link->air_share[0] = m_network->GetAirShare();
  link->snr_per_w = gain / m_network->noiseW;
  link->propagation_s = here->GetDistanceFrom(there) / 299792458.0;
  link->datagram_overhead_bytes = m_network->GetOverheadBytes();
  link->datagram_max_bytes = m_network->datagramMaxBytes;
  return ISCC_OK;
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
  const double seconds =
      m_network->symbolS * (m_network->headerSymbols + m_network->symbolsPerByte * double(frame->GetSize()));
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
