/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-net-device.h"

#include <algorithm>
#include <cmath>

#include "iscc-link-budget.h"
#include "iscc-problem.h"
#include "iscc-random.h"
#include "iscc-shannon-radio.h"
#include "ns3/boolean.h"
#include "ns3/double.h"
#include "ns3/drop-tail-queue.h"
#include "ns3/ethernet-header.h"
#include "ns3/log.h"
#include "ns3/mobility-model.h"
#include "ns3/node.h"
#include "ns3/pointer.h"
#include "ns3/random-variable-stream.h"
#include "ns3/rng-seed-manager.h"
#include "ns3/simulator.h"
#include "ns3/trace-source-accessor.h"
#include "ns3/uinteger.h"

namespace ns3 {

NS_LOG_COMPONENT_DEFINE("IsccNetDevice");
NS_OBJECT_ENSURE_REGISTERED(IsccChannel);
NS_OBJECT_ENSURE_REGISTERED(IsccNetDevice);

/* ---- channel ---- */

TypeId IsccChannel::GetTypeId() {
  static TypeId tid =
      TypeId("ns3::IsccChannel")
          .SetParent<Channel>()
          .SetGroupName("Iscc")
          .AddConstructor<IsccChannel>()
          .AddAttribute("PropagationLossModel", "First of the chain of loss models; none: gain 1.",
                        PointerValue(), MakePointerAccessor(&IsccChannel::SetLoss, &IsccChannel::GetLoss),
                        MakePointerChecker<PropagationLossModel>())
          .AddAttribute("PropagationSpeedMps", "Propagation speed in m/s; 0: packets arrive at once.",
                        DoubleValue(299792458.0), MakeDoubleAccessor(&IsccChannel::m_speed),
                        MakeDoubleChecker<double>(0))
          .AddTraceSource(
              "TxRxPointToPoint",
              "A frame's last block goes on the air: packet, sender, receiver, time on the air and until "
              "the last bit is received; for NetAnim",
              MakeTraceSourceAccessor(&IsccChannel::m_txRx),
              "ns3::PointToPointChannel::TxRxAnimationCallback");
  return tid;
}

std::size_t IsccChannel::GetNDevices() const {
  return m_devices.size();
}

Ptr<NetDevice> IsccChannel::GetDevice(std::size_t i) const {
  return m_devices[i];
}

uint32_t IsccChannel::Attach(Ptr<IsccNetDevice> device) {
  m_devices.push_back(device);
  m_byAddress[Mac48Address::ConvertFrom(device->GetAddress())] = device;
  return m_devices.size() - 1;
}

Ptr<IsccNetDevice> IsccChannel::Find(Mac48Address address) const {
  auto it = m_byAddress.find(address);
  return it == m_byAddress.end() ? nullptr : it->second;
}

double IsccChannel::GetLargeScaleGain(Ptr<const IsccNetDevice> a, Ptr<const IsccNetDevice> b,
                                      int64_t epoch) const {
  if (!m_loss) return 1;
  iscc_random random; // the generator chooses the stream, ns-3 seeds it with RngSeed and RngRun
  iscc_random_seed_at(&random, uint64_t(m_stream), a->GetIndex(), b->GetIndex(), ISCC_STREAM_FADING,
                      uint64_t(epoch));
  for (const auto &renew : m_renewals) renew();
  m_loss->AssignStreams(int64_t(iscc_random_u64(&random) >> 2));
  for (const auto &condition : m_conditions) condition->AssignStreams(int64_t(iscc_random_u64(&random) >> 2));
  Ptr<MobilityModel> from = a->GetNode()->GetObject<MobilityModel>(),
                     to = b->GetNode()->GetObject<MobilityModel>();
  // 3GPP shadowing of a pair that stands still is what it stays to be from the second time on
  if (!m_conditions.empty()) m_loss->CalcRxPower(0, from, to);
  const double gain = std::pow(10, 0.1 * m_loss->CalcRxPower(0, from, to));
  return std::isfinite(gain) ? gain : 0;
}

double IsccChannel::GetShadowing() const {
  return m_factory ? m_factory->GetDrawn() : 0;
}

Time IsccChannel::GetDelay(Ptr<const IsccNetDevice> a, Ptr<const IsccNetDevice> b) const {
  Ptr<MobilityModel> from = a->GetNode()->GetObject<MobilityModel>(),
                     to = b->GetNode()->GetObject<MobilityModel>();
  if (m_speed <= 0 || !from || !to) return Time(0);
  const double delayNs = std::ceil(1e9 * from->GetDistanceFrom(to) / m_speed);
  return NanoSeconds(delayNs < 1e18 ? int64_t(delayNs) : 1000000000000000000); // 31 years stand for never
}

void IsccChannel::Deliver(Ptr<Packet> packet, Ptr<IsccNetDevice> from, Ptr<IsccNetDevice> to) {
  Simulator::ScheduleWithContext(to->GetNode()->GetId(), GetDelay(from, to), &IsccNetDevice::Receive, to,
                                 packet);
}

void IsccChannel::Show(Ptr<const Packet> packet, Ptr<IsccNetDevice> from, Ptr<IsccNetDevice> to,
                       Time airtime) {
  if (!m_txRx.IsEmpty()) m_txRx(packet, from, to, airtime, airtime + GetDelay(from, to));
}

Ptr<PropagationLossModel> IsccChannel::GetLoss() const {
  return m_loss;
}

/* A variable like that one which remembers nothing. Normal and gamma variables draw two values at once and
 * keep one, whatever stream they are given in between; null for others, which keep none. */
static Ptr<RandomVariableStream> FreshLike(Ptr<RandomVariableStream> old) {
  Ptr<RandomVariableStream> fresh;
  if (Ptr<NormalRandomVariable> normal = DynamicCast<NormalRandomVariable>(old))
    fresh = CreateObjectWithAttributes<NormalRandomVariable>("Mean", DoubleValue(normal->GetMean()),
                                                             "Variance", DoubleValue(normal->GetVariance()),
                                                             "Bound", DoubleValue(normal->GetBound()));
  if (Ptr<GammaRandomVariable> gamma = DynamicCast<GammaRandomVariable>(old))
    fresh = CreateObjectWithAttributes<GammaRandomVariable>("Alpha", DoubleValue(gamma->GetAlpha()), "Beta",
                                                            DoubleValue(gamma->GetBeta()));
  if (fresh) fresh->SetAntithetic(old->IsAntithetic());
  return fresh;
}

std::vector<Ptr<ChannelConditionModel>> IsccConditionsOf(Ptr<PropagationLossModel> first) {
  std::vector<Ptr<ChannelConditionModel>> conditions;
  for (Ptr<PropagationLossModel> model = first; model; model = model->GetNext()) {
    PointerValue value;
    if (!model->GetAttributeFailSafe("ChannelConditionModel", value)) continue;
    if (Ptr<ChannelConditionModel> condition = value.Get<ChannelConditionModel>())
      conditions.push_back(condition);
  }
  return conditions;
}

void IsccAssignStreams(Ptr<PropagationLossModel> first, int64_t stream) {
  stream += first->AssignStreams(stream);
  for (const auto &condition : IsccConditionsOf(first)) stream += condition->AssignStreams(stream);
}

void IsccChannel::SetLoss(Ptr<PropagationLossModel> first) {
  m_loss = first;
  m_conditions = IsccConditionsOf(first);
  m_renewals.clear();
  m_factory = nullptr;
  for (Ptr<PropagationLossModel> model = first; model && !m_factory; model = model->GetNext())
    m_factory = DynamicCast<IsccIndoorFactoryPropagationLossModel>(model);
  for (Ptr<PropagationLossModel> model = first; model; model = model->GetNext())
    for (TypeId tid = model->GetInstanceTypeId(); tid != Object::GetTypeId(); tid = tid.GetParent())
      for (std::size_t i = 0; i < tid.GetAttributeN(); i++) {
        const std::string name = tid.GetAttribute(i).name;
        PointerValue value;
        if (!model->GetAttributeFailSafe(name, value)) continue;
        Ptr<RandomVariableStream> variable = value.Get<RandomVariableStream>();
        if (!variable || !FreshLike(variable)) continue;
        PropagationLossModel *holder = PeekPointer(model);
        m_renewals.push_back([=] { holder->SetAttribute(name, PointerValue(FreshLike(variable))); });
      }
}

void IsccEvaluateGains(Ptr<const IsccChannel> channel) {
  if (!channel->GetLoss()) return;
  for (std::size_t h = 0; h < channel->GetNDevices(); h++) {
    if (!channel->At(h)->IsHub()) continue;
    for (std::size_t i = 0; i < channel->GetNDevices(); i++) {
      if (i == h) continue;
      channel->GetLargeScaleGain(channel->At(i), channel->At(h), 0);
      channel->GetLargeScaleGain(channel->At(h), channel->At(i), 0);
    }
  }
}

void IsccChannel::DoDispose() {
  m_devices.clear();
  m_byAddress.clear();
  SetLoss(nullptr);
  Channel::DoDispose();
}

/* ---- device ---- */

TypeId IsccNetDevice::GetTypeId() {
  static TypeId tid =
      TypeId("ns3::IsccNetDevice")
          .SetParent<NetDevice>()
          .SetGroupName("Iscc")
          .AddConstructor<IsccNetDevice>()
          .AddAttribute("BandwidthHz", "Width of the device's own band, Hz.", DoubleValue(1e5),
                        MakeDoubleAccessor(&IsccNetDevice::m_bandwidth), MakeDoubleChecker<double>(1e-3))
          .AddAttribute("NoiseWPerHz", "Noise power density N_0, W/Hz; thermal noise at 290 K unless set.",
                        DoubleValue(iscc_thermal_noise_w(1, 0)),
                        MakeDoubleAccessor(&IsccNetDevice::m_noisePsd), MakeDoubleChecker<double>(1e-60))
          .AddAttribute("TxPowerW", "Transmit power of packets that name none, W.", DoubleValue(1),
                        MakeDoubleAccessor(&IsccNetDevice::m_txPower), MakeDoubleChecker<double>(1e-30))
          .AddAttribute("Hub", "The server's side: sends in each peer's band.",
                        TypeId::ATTR_GET | TypeId::ATTR_CONSTRUCT, BooleanValue(false),
                        MakeBooleanAccessor(&IsccNetDevice::m_hub), MakeBooleanChecker())
          .AddAttribute("Coherence", "Time that block fading stays as it is; 0: no fading.", TimeValue(),
                        MakeTimeAccessor(&IsccNetDevice::SetCoherence, &IsccNetDevice::GetCoherence),
                        MakeTimeChecker(Time(0)))
          .AddAttribute("NakagamiM", "Shape of block fading; 1: Rayleigh.", DoubleValue(1),
                        MakeDoubleAccessor(&IsccNetDevice::SetNakagamiM, &IsccNetDevice::GetNakagamiM),
                        MakeDoubleChecker<double>(0.5))
          .AddAttribute("QueuePackets", "Packets that can wait in each band.", UintegerValue(1000),
                        MakeUintegerAccessor(&IsccNetDevice::m_queuePackets),
                        MakeUintegerChecker<uint32_t>(1))
          .AddAttribute("MaxAirtime", "A frame on the air for so long is given up.", TimeValue(Hours(1)),
                        MakeTimeAccessor(&IsccNetDevice::m_maxAirtime), MakeTimeChecker(NanoSeconds(1)))
          .AddAttribute("ReceiveErrorModel", "Drops packets on reception.", PointerValue(),
                        MakePointerAccessor(&IsccNetDevice::m_error), MakePointerChecker<ErrorModel>())
#define ISCC_TRACE(name, text, member)                                                                       \
  AddTraceSource(name, text, MakeTraceSourceAccessor(&IsccNetDevice::member), "ns3::Packet::TracedCallback")
          .ISCC_TRACE("MacTx", "A packet from above for the air", m_macTx)
          .ISCC_TRACE("MacTxDrop", "A packet dropped: queue full or no such peer", m_macTxDrop)
          .ISCC_TRACE("MacRx", "A packet from the air for above", m_macRx)
          .ISCC_TRACE("PhyTxBegin", "A frame starts on the air", m_phyTxBegin)
          .ISCC_TRACE("PhyTxEnd", "A frame is off the air", m_phyTxEnd)
          .ISCC_TRACE("PhyTxDrop", "A frame given up on the air: after MaxAirtime, or switched off",
                      m_phyTxDrop)
          .ISCC_TRACE("PhyRxEnd", "A frame has come in", m_phyRxEnd)
          .ISCC_TRACE("PhyRxDrop", "A frame dropped by the error model", m_phyRxDrop)
          .ISCC_TRACE("PromiscSniffer", "Every frame sent or received, for pcap", m_promiscSniffer)
#undef ISCC_TRACE
          .AddTraceSource("Rate", "Rate (bit/s) and gain at each block of a transmission",
                          MakeTraceSourceAccessor(&IsccNetDevice::m_rate),
                          "ns3::IsccNetDevice::RateCallback");
  return tid;
}

IsccNetDevice::IsccNetDevice() {
  m_variation.fading.seed = RngSeedManager::GetSeed();
  m_variation.fading.run = RngSeedManager::GetRun();
}

int64_t IsccNetDevice::AssignStreams(int64_t stream) {
  m_variation.fading.node = uint64_t(stream);
  return 1;
}

void IsccNetDevice::NotifyConstructionCompleted() {
  NetDevice::NotifyConstructionCompleted();
  AggregateObject(CreateObject<IsccShannonRadio>(this));
}

void IsccNetDevice::SetChannel(Ptr<IsccChannel> channel) {
  m_channel = channel;
  m_index = channel->Attach(this);
}

void IsccNetDevice::SetTransmitted(TransmittedFn fn, void *ctx) {
  m_transmitted = fn;
  m_transmittedCtx = ctx;
}

bool IsccNetDevice::SetMtu(const uint16_t mtu) {
  if (mtu < 68) return false; // the least that IPv4 allows
  m_mtu = mtu;
  return true;
}

IsccNetDevice::Link IsccNetDevice::GetLink(Ptr<const IsccNetDevice> peer) const {
  const int64_t now = Simulator::Now().GetNanoSeconds();
  const double largeScale =
      m_channel->GetLargeScaleGain(this, peer, iscc_channel_gain_block(&m_variation, now));
  const double variation = iscc_channel_gain_at(&m_variation, now);
  return {largeScale, largeScale * variation, iscc_channel_gain_fades(&m_variation) ? variation : 0,
          m_channel->GetShadowing()};
}

bool IsccNetDevice::Send(Ptr<Packet> packet, const Address &to, uint16_t protocol) {
  return SendFrom(packet, m_address, to, protocol);
}

bool IsccNetDevice::SendFrom(Ptr<Packet> packet, const Address &from, const Address &to, uint16_t protocol) {
  m_macTx(packet);
  const Mac48Address destination = Mac48Address::ConvertFrom(to);
  EthernetHeader header(false);
  header.SetSource(Mac48Address::ConvertFrom(from));
  header.SetDestination(destination);
  header.SetLengthType(protocol);
  packet->AddHeader(header);
  if (destination.IsGroup()) { // nodes reach the hubs, a hub reaches everybody
    for (std::size_t i = 0; i < m_channel->GetNDevices(); i++) {
      Ptr<IsccNetDevice> peer = DynamicCast<IsccNetDevice>(m_channel->GetDevice(i));
      if (peer == this || !(m_hub || peer->IsHub())) continue;
      Ptr<Packet> copy = packet->Copy();
      IsccPeerTag tag;
      tag.index = i;
      copy->ReplacePacketTag(tag);
      Enqueue(copy, peer);
    }
    return true;
  }
  Ptr<IsccNetDevice> peer = m_channel->Find(destination);
  if (!peer) {
    Drop(packet);
    return false;
  }
  Enqueue(packet, peer);
  return true;
}

/* A node has one band whoever it sends to; a hub has one per peer. */
IsccNetDevice::Transmitter &IsccNetDevice::TransmitterTo(Ptr<IsccNetDevice> to) {
  std::unique_ptr<Transmitter> &t = m_transmitters[m_hub ? PeekPointer(to) : nullptr];
  if (!t) {
    t = std::make_unique<Transmitter>();
    Ptr<DropTailQueue<Packet>> queue = CreateObject<DropTailQueue<Packet>>();
    queue->SetMaxSize(QueueSize(QueueSizeUnit::PACKETS, m_queuePackets));
    t->queue = queue;
    t->to = to;
  }
  return *t;
}

void IsccNetDevice::Enqueue(Ptr<Packet> frame, Ptr<IsccNetDevice> to) {
  Transmitter &t = TransmitterTo(to);
  if (m_off || !t.queue->Enqueue(frame)) {
    Drop(frame);
    return;
  }
  if (!t.packet) Begin(&t);
}

/* Its sender is told all the same: it waits for the end of every datagram it handed over. */
void IsccNetDevice::Drop(Ptr<Packet> packet) {
  m_macTxDrop(packet);
  IsccTransmissionTag tag;
  if (packet->PeekPacketTag(tag) && m_transmitted)
    m_transmitted(m_transmittedCtx, tag.token, Simulator::Now().GetNanoSeconds(), 0, 0, 0);
}

void IsccNetDevice::Begin(Transmitter *t) {
  t->packet = t->queue->Dequeue();
  if (!t->packet) return;
  EthernetHeader header(false);
  IsccPeerTag peer;
  t->packet->PeekHeader(header); // a node's peer changes from packet to packet
  t->to =
      t->packet->RemovePacketTag(peer) ? m_channel->At(peer.index) : m_channel->Find(header.GetDestination());
  IsccTransmissionTag tag;
  t->tagged = t->packet->RemovePacketTag(tag);
  t->powerW = tag.powerW > 0 ? tag.powerW : m_txPower;
  t->bits = t->bitsLeft = tag.chargedBits >= 0 ? tag.chargedBits : 8.0 * t->packet->GetSize();
  t->token = tag.token;
  t->airtimeS = 0;
  t->startNs = Simulator::Now().GetNanoSeconds();
  m_phyTxBegin(t->packet);
  m_promiscSniffer(t->packet);
  Continue(t);
}

void IsccNetDevice::Continue(Transmitter *t) {
  const int64_t now = Simulator::Now().GetNanoSeconds();
  // the band, the noise and the fading are those of the node's side of the link
  IsccNetDevice *owner = m_hub ? PeekPointer(t->to) : this;
  const IsccNetDevice *other = m_hub ? this : PeekPointer(t->to);
  const double gain = owner->GetLink(other).gain;
  const iscc_uplink uplink = {
      ISCC_UPLINK_SHANNON, owner->m_bandwidth, gain / owner->GetNoiseW(), nullptr, nullptr, 0, 0};
  const double rate = iscc_uplink_rate_bps(&uplink, t->powerW);
  m_rate(rate, gain);
  const int64_t giveUp = t->startNs + std::min(m_maxAirtime.GetNanoSeconds(), INT64_MAX - t->startNs);
  const int64_t until = std::min(iscc_channel_gain_end_ns(&owner->m_variation, now), giveUp);
  const double needNs = t->bitsLeft > 0 ? std::ceil(1e9 * t->bitsLeft / rate) : 0;
  if (needNs <= double(until - now)) {
    const double needS = t->bitsLeft > 0 ? t->bitsLeft / rate : 0;
    t->airtimeS += needS;
    t->bitsLeft = 0;
    if (m_draw && needNs > 0) m_draw(t->powerW * needS / (1e-9 * needNs)); // rounding up costs nothing
    t->next = Simulator::Schedule(NanoSeconds(int64_t(needNs)), &IsccNetDevice::End, this, t);
    m_channel->Show(t->packet, this, t->to, NanoSeconds(int64_t(needNs)));
    return;
  }
  t->bitsLeft -= rate * 1e-9 * double(until - now);
  t->airtimeS += 1e-9 * double(until - now);
  if (m_draw) m_draw(t->powerW);
  t->next = Simulator::Schedule(NanoSeconds(until - now),
                                until == giveUp ? &IsccNetDevice::GiveUp : &IsccNetDevice::Continue, this, t);
}

void IsccNetDevice::End(Transmitter *t) {
  m_phyTxEnd(t->packet);
  m_channel->Deliver(t->packet, this, t->to);
  Finish(t);
}

void IsccNetDevice::GiveUp(Transmitter *t) {
  m_phyTxDrop(t->packet);
  Finish(t);
}

/* Airtime, and bits by their share of it, were counted up to the event that is not to come. */
void IsccNetDevice::Cut(Transmitter *t) {
  const double whole = t->airtimeS;
  t->airtimeS = std::min(whole, 1e-9 * double(Simulator::Now().GetNanoSeconds() - t->startNs));
  if (whole > 0) t->bits = (t->bits - t->bitsLeft) * t->airtimeS / whole;
  t->next.Cancel();
  m_phyTxDrop(t->packet);
  Finish(t);
}

void IsccNetDevice::SwitchOff() {
  m_off = true;
  for (auto &[peer, t] : m_transmitters) {
    while (Ptr<Packet> frame = t->queue->Dequeue()) Drop(frame);
    if (t->packet) Cut(t.get());
  }
}

void IsccNetDevice::Finish(Transmitter *t) {
  t->packet = nullptr;
  if (m_draw) m_draw(0);
  const int64_t airtime = Simulator::Now().GetNanoSeconds() - t->startNs;
  if (m_transmitted && t->tagged)
    m_transmitted(m_transmittedCtx, t->token, t->startNs, airtime, t->bits, t->airtimeS * t->powerW);
  if (!t->packet) Begin(t); // the sender may have handed over the next already
}

void IsccNetDevice::Receive(Ptr<Packet> packet) {
  m_phyRxEnd(packet);
  if (m_error && m_error->IsCorrupt(packet)) {
    m_phyRxDrop(packet);
    return;
  }
  m_promiscSniffer(packet);
  EthernetHeader header(false);
  packet->RemoveHeader(header);
  m_macRx(packet);
  const Mac48Address to = header.GetDestination();
  const PacketType type = to == m_address    ? PACKET_HOST
                          : to.IsBroadcast() ? PACKET_BROADCAST
                                             : PACKET_OTHERHOST;
  if (!m_promisc.IsNull()) m_promisc(this, packet, header.GetLengthType(), header.GetSource(), to, type);
  if (type != PACKET_OTHERHOST) m_receive(this, packet, header.GetLengthType(), header.GetSource());
}

void IsccNetDevice::DoDispose() {
  m_transmitters.clear();
  m_channel = nullptr;
  m_node = nullptr;
  m_error = nullptr;
  m_receive = ReceiveCallback();
  m_promisc = PromiscReceiveCallback();
  m_draw = nullptr;
  NetDevice::DoDispose();
}

} // namespace ns3
