/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-net-device - ns-3 device and channel whose rate is R = B log2(1 + g P/(B N_0)), eq. (7). C++ only.
 *
 * A device owns a band of width B, orthogonal to all others; a hub (the server's side) sends to each device
 * in that device's band, over that device's gain, to several at once. g is the gain of the channel's
 * PropagationLossModel chain times the device's own (iscc-channel-gain.h), block fading or a trace; what is
 * random in it is constant within a block. A transmission takes its rate anew at each block's end; while nothing is
 * sent, blocks cost no event. Frames carry an Ethernet header. */
#ifndef ISCC_NET_DEVICE_H
#define ISCC_NET_DEVICE_H

#ifdef __cplusplus

#include <functional>
#include <map>
#include <memory>
#include <vector>

#include "iscc-channel-gain.h"
#include "iscc-indoor-factory-loss.h"
#include "iscc-packet-tags.h"
#include "ns3/callback.h"
#include "ns3/channel-condition-model.h"
#include "ns3/channel.h"
#include "ns3/error-model.h"
#include "ns3/mac48-address.h"
#include "ns3/net-device.h"
#include "ns3/node.h"
#include "ns3/nstime.h"
#include "ns3/packet.h"
#include "ns3/propagation-loss-model.h"
#include "ns3/queue.h"
#include "ns3/traced-callback.h"

namespace ns3 {

class IsccNetDevice;

class IsccChannel : public Channel {
public:
  static TypeId GetTypeId();
  std::size_t GetNDevices() const override;
  Ptr<NetDevice> GetDevice(std::size_t i) const override;
  uint32_t Attach(Ptr<IsccNetDevice> device); // returns its index
  Ptr<IsccNetDevice> Find(Mac48Address address) const;
  /* The linear gain of the loss chain; 0 where the chain has no finite answer. What it draws at random
   * depends on the pair and the epoch alone, so that asking changes nothing. */
  double GetLargeScaleGain(Ptr<const IsccNetDevice> a, Ptr<const IsccNetDevice> b, int64_t epoch) const;
  double
  GetShadowing() const; // what the indoor factory drew for the gain that was asked for last; 0: nothing
  void SetStream(int64_t stream) { // the draws of loss models are derived from it
    m_stream = stream;
  }
  Time GetDelay(Ptr<const IsccNetDevice> a, Ptr<const IsccNetDevice> b) const;
  void Deliver(Ptr<Packet> packet, Ptr<IsccNetDevice> from, Ptr<IsccNetDevice> to);
  /* Tells animations of a frame that begins its last block. */
  void Show(Ptr<const Packet> packet, Ptr<IsccNetDevice> from, Ptr<IsccNetDevice> to, Time airtime);
  Ptr<PropagationLossModel> GetLoss() const;
  void SetLoss(Ptr<PropagationLossModel> first);
  Ptr<IsccNetDevice> At(uint32_t index) const {
    return m_devices[index];
  }

private:
  void DoDispose() override;
  Ptr<PropagationLossModel> m_loss;
  Ptr<IsccIndoorFactoryPropagationLossModel> m_factory; // the first of this kind among them; null: none
  std::vector<std::function<void()>> m_renewals;        // of random variables of the loss models
  std::vector<Ptr<ChannelConditionModel>> m_conditions; // of the 3GPP ones among them
  int64_t m_stream{0};
  double m_speed{299792458.0}; // m/s; 0: no delay
  std::vector<Ptr<IsccNetDevice>> m_devices;
  std::map<Mac48Address, Ptr<IsccNetDevice>> m_byAddress;
  TracedCallback<Ptr<const Packet>, Ptr<NetDevice>, Ptr<NetDevice>, Time, Time> m_txRx;
};

class IsccNetDevice : public NetDevice {
public:
  using RateCallback = void (*)(double rateBps, double gain); // of trace source Rate
  using TransmittedFn = void (*)(void *ctx, uint64_t token, int64_t startNs, int64_t airtimeNs, double bits,
                                 double energyJ);

  static TypeId GetTypeId();
  IsccNetDevice();
  void SetChannel(Ptr<IsccChannel> channel);
  void SetVariation(const iscc_channel_gain &variation) {
    m_variation = variation;
  }
  /* Its fading is that of this stream number from now on. Returns 1, the streams used. */
  int64_t AssignStreams(int64_t stream);
  void SetCoherence(Time coherence) {
    m_variation.fading.coherence_ns = coherence.GetNanoSeconds();
  }
  Time GetCoherence() const {
    return NanoSeconds(m_variation.fading.coherence_ns);
  }
  void SetNakagamiM(double m) {
    m_variation.fading.nakagami_m = m;
  }
  double GetNakagamiM() const {
    return m_variation.fading.nakagami_m;
  }
  void SetTransmitted(TransmittedFn fn, void *ctx);
  /* Called with the power drawn for what is on the air, whenever it changes. */
  void SetDraw(std::function<void(double powerW)> draw) {
    m_draw = std::move(draw);
  }
  /* Sends nothing any more; what waits or is on the air is dropped, and told of as it stands. */
  void SwitchOff();
  bool IsHub() const {
    return m_hub;
  }
  double GetNoiseW() const {
    return m_noisePsd * m_bandwidth;
  }
  double GetBandwidthHz() const {
    return m_bandwidth;
  }
  uint32_t GetIndex() const { // in the channel
    return m_index;
  }
  Ptr<ErrorModel> GetReceiveErrorModel() const {
    return m_error;
  }
  double GetTxPowerW() const {
    return m_txPower;
  }
  struct Link {
    double largeScale, gain; // of the loss chain; with the variation of this device
    double fading;           // of the gain: that of block fading; 0: there is none
    double shadowing;        // first random number of sight and shadowing; 0: there are none
  };
  /* The link to a peer now. What is random in it is of the fading block, or of the instant without fading. */
  Link GetLink(Ptr<const IsccNetDevice> peer) const;
  void Receive(Ptr<Packet> packet);

  // NetDevice
  void SetIfIndex(const uint32_t index) override {
    m_ifIndex = index;
  }
  uint32_t GetIfIndex() const override {
    return m_ifIndex;
  }
  Ptr<Channel> GetChannel() const override {
    return m_channel;
  }
  void SetAddress(Address address) override {
    m_address = Mac48Address::ConvertFrom(address);
  }
  Address GetAddress() const override {
    return m_address;
  }
  bool SetMtu(const uint16_t mtu) override;
  uint16_t GetMtu() const override {
    return m_mtu;
  }
  bool IsLinkUp() const override {
    return bool(m_channel);
  }
  void AddLinkChangeCallback(Callback<void>) override {}
  bool IsBroadcast() const override {
    return true;
  }
  Address GetBroadcast() const override {
    return Mac48Address::GetBroadcast();
  }
  bool IsMulticast() const override {
    return true;
  }
  Address GetMulticast(Ipv4Address group) const override {
    return Mac48Address::GetMulticast(group);
  }
  Address GetMulticast(Ipv6Address group) const override {
    return Mac48Address::GetMulticast(group);
  }
  bool IsBridge() const override {
    return false;
  }
  bool IsPointToPoint() const override {
    return false;
  }
  bool Send(Ptr<Packet> packet, const Address &to, uint16_t protocol) override;
  bool SendFrom(Ptr<Packet> packet, const Address &from, const Address &to, uint16_t protocol) override;
  Ptr<Node> GetNode() const override {
    return m_node;
  }
  void SetNode(Ptr<Node> node) override {
    m_node = node;
  }
  bool NeedsArp() const override {
    return true;
  }
  void SetReceiveCallback(ReceiveCallback cb) override {
    m_receive = cb;
  }
  void SetPromiscReceiveCallback(PromiscReceiveCallback cb) override {
    m_promisc = cb;
  }
  bool SupportsSendFrom() const override {
    return true;
  }

protected:
  void NotifyConstructionCompleted() override;

private:
  struct Transmitter { // sends one packet at a time in one band
    Ptr<Queue<Packet>> queue;
    Ptr<Packet> packet; // on the air; null when idle
    Ptr<IsccNetDevice> to;
    double bitsLeft{0}, bits{0}, powerW{0};
    uint64_t token{0};
    bool tagged{false}; // of a sender that wants to be told
    double airtimeS{0}; // before rounding to nanoseconds: energy is eq. (9) to double precision
    int64_t startNs{0};
    EventId next; // the end, or the next block
  };

  void DoDispose() override;
  Transmitter &TransmitterTo(Ptr<IsccNetDevice> to);
  void Enqueue(Ptr<Packet> frame, Ptr<IsccNetDevice> to);
  void Drop(Ptr<Packet> packet); // before it went on the air
  void Begin(Transmitter *t);
  void Continue(Transmitter *t); // at the start and at each block's end
  void End(Transmitter *t);
  void GiveUp(Transmitter *t); // MaxAirtime has passed
  void Cut(Transmitter *t);    // switched off while on the air
  void Finish(Transmitter *t); // tells the sender and goes on with the next

  Ptr<Node> m_node;
  Ptr<IsccChannel> m_channel;
  Mac48Address m_address;
  uint32_t m_ifIndex{0}, m_index{0};
  uint16_t m_mtu{1500};
  bool m_hub{false};
  double m_bandwidth{1e5}, m_noisePsd{0}, m_txPower{1};
  uint32_t m_queuePackets{1000};
  iscc_channel_gain m_variation{};
  Time m_maxAirtime;
  Ptr<ErrorModel> m_error;
  std::map<IsccNetDevice *, std::unique_ptr<Transmitter>>
      m_transmitters; // a hub: per peer; else one, under null
  std::function<void(double powerW)> m_draw;
  bool m_off{false};
  TransmittedFn m_transmitted{nullptr};
  void *m_transmittedCtx{nullptr};
  ReceiveCallback m_receive;
  PromiscReceiveCallback m_promisc;

  TracedCallback<Ptr<const Packet>> m_macTx, m_macTxDrop, m_macRx, m_phyTxBegin, m_phyTxEnd, m_phyTxDrop,
      m_phyRxEnd, m_phyRxDrop;
  TracedCallback<Ptr<const Packet>> m_promiscSniffer;
  TracedCallback<double, double> m_rate; // rate in bit/s and gain, at each block of a transmission
};

/* What says whether a path is in sight (LOS): parts of a chain of loss models whose random streams are not the chain's. */
std::vector<Ptr<ChannelConditionModel>> IsccConditionsOf(Ptr<PropagationLossModel> first);
/* Fixes the random streams of a chain and of these parts. */
void IsccAssignStreams(Ptr<PropagationLossModel> first, int64_t stream);

/* Asks the loss models of a channel for the gains between its hubs and all others. */
void IsccEvaluateGains(Ptr<const IsccChannel> channel);

} // namespace ns3

#endif
#endif
