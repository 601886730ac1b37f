/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-lr-wpan-radio - what an IEEE 802.15.4 device of the bindings does beyond ns-3's: the power of each frame,
 * and the time and energy of each datagram's frames. C++ only. Aggregated to the SixLowPanNetDevice on top of the
 * LrWpanNetDevice it watches. */
#ifndef ISCC_LR_WPAN_RADIO_H
#define ISCC_LR_WPAN_RADIO_H

#ifdef __cplusplus
#if !defined ISCC_WITHOUT_LR_WPAN && !defined ISCC_WITHOUT_SIXLOWPAN &&                                      \
    __has_include("ns3/lr-wpan-net-device.h") && __has_include("ns3/sixlowpan-net-device.h")
#define ISCC_HAS_LR_WPAN 1

#include <unordered_map>

#include "iscc-lr-wpan-uplink.h"
#include "iscc-ns3-lr-wpan.h"
#include "iscc-radio.h"
#include "ns3/lr-wpan-net-device.h"
#include "ns3/propagation-loss-model.h"
#include "ns3/sixlowpan-net-device.h"
#include "ns3/spectrum-channel.h"

namespace ns3 {
namespace lrwpan {} // namespace lrwpan
using namespace lrwpan;

/* What the devices of one network share. */
class IsccLrWpanNetwork : public Object {
public:
  static TypeId GetTypeId();

  Ptr<SpectrumChannel> channel;
  Ptr<PropagationLossModel> loss;
  double packetErrorRate{0}, powerW{0};
  iscc_lr_wpan_uplink uplink{}; // noise, SNR and times are known with the first device
  uint8_t maxBe{5}, csmaBackoffs{4}, frameRetries{3};
  Ptr<NetDevice> hub;
  uint16_t devices{0};
  int64_t streams{0}; // where its random streams begin
  void Meet(Ptr<LrWpanNetDevice> device);
};

class IsccLrWpanRadio : public IsccRadio {
public:
  static TypeId GetTypeId();
  void Watch(Ptr<SixLowPanNetDevice> device, Ptr<LrWpanNetDevice> below, Ptr<IsccLrWpanNetwork> network);
  Ptr<NetDevice> GetDevice() const override;
  bool IsHub() const override;
  void Prepare(Ptr<Packet> packet, const iscc_ns3_send_options &options) override;
  void Forget(Ptr<const Packet> packet) override;
  size_t GetDatagramMaxBytes() const override;
  bool WritePcap(const std::string &name) override;
  iscc_status GetUplink(Ptr<NetDevice> hub, iscc_link *link, iscc_error *error) const override;
  void Know(Ptr<const IsccRadio> peer) override;
  void SwitchOff() override;

private:
  struct Datagram : Sent {
    double powerW{0};
    int frames{0}; // queued, their end not known
  };

  Address Join(Ipv4Address free) override;
  void DoDispose() override;
  void OnQueued(Ptr<const Packet> frame);
  void OnUnqueued(Ptr<const Packet> frame);
  void OnAir(Ptr<const Packet> frame);
  void OnOffAir(Ptr<const Packet> frame);
  void End(uint64_t id);
  void TellOf(const Datagram &d) const;
  void EndIfUnsent(uint64_t id);
  Datagram *Find(Ptr<const Packet> packet, uint64_t *id);
  void SetPower(double powerW);

  SixLowPanNetDevice *m_device{nullptr};
  Ptr<LrWpanNetDevice> m_below;
  Ptr<IsccLrWpanNetwork> m_network;
  std::unordered_map<uint64_t, Datagram> m_datagrams; // handed over, their end not told yet
  uint64_t m_next{1};
  double m_powerW{0}; // of the radio as it is set
  bool m_off{false};
  const Packet *m_frame{nullptr}; // on the air last, its end not known: seen again it is a retransmission
};

} // namespace ns3

#endif
#endif
#endif
