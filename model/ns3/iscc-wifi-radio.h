/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-wifi-radio - what a Wi-Fi device of the bindings does beyond ns-3's: power and rate for each datagram,
 * and the time and energy it cost. C++ only. Aggregated to the WifiNetDevice it watches. */
#ifndef ISCC_WIFI_RADIO_H
#define ISCC_WIFI_RADIO_H

#ifdef __cplusplus

#include <unordered_map>
#include <vector>

#include "iscc-ns3-wifi.h"
#include "iscc-radio.h"
#include "iscc-wifi-energy-model.h"
#include "iscc-wifi-uplink.h"
#include "ns3/propagation-loss-model.h"
#include "ns3/wifi-mac.h"
#include "ns3/wifi-mpdu.h"
#include "ns3/wifi-net-device.h"
#include "ns3/wifi-phy.h"

namespace ns3 {

/* What the devices of one network share. */
class IsccWifiNetwork : public Object {
public:
  static TypeId GetTypeId();

  Ptr<Object> channel; // a YansWifiChannel
  Ptr<PropagationLossModel> loss;
  WifiStandard standard{WIFI_STANDARD_80211n};
  iscc_wifi_uplink uplink{}; // its noise, preamble and modes are known with the access point
  Ptr<WifiNetDevice> accessPoint;
  std::vector<WifiMode> modes; // by their index in uplink
  uint32_t devices{0};
  int64_t streams{0}; // where its random streams begin
};

class IsccWifiRadio : public IsccRadio {
public:
  static TypeId GetTypeId();
  void Watch(Ptr<WifiNetDevice> device, Ptr<IsccWifiNetwork> network);
  Ptr<IsccWifiNetwork> GetNetwork() const {
    return m_network;
  }
  Ptr<NetDevice> GetDevice() const override;
  bool IsHub() const override;
  void Prepare(Ptr<Packet> packet, const iscc_ns3_send_options &options) override;
  void Forget(Ptr<const Packet> packet) override;
  bool HasJoined() const override;
  bool WritePcap(const std::string &name) override;
  iscc_status GetUplink(Ptr<NetDevice> hub, iscc_link *link, iscc_error *error) const override;
  /* ns-3's model of a Wi-Fi radio (iscc-wifi-energy-model.h), whose transmit current is that of the power sent. */
  Ptr<DeviceEnergyModel> DrawFrom(Ptr<EnergySource> source, Ptr<IsccEnergyModel> load) override;
  double GetDrawnJ() const override;
  double GetMostDrawnW() const override;
  double GetListeningJ() const override;
  void SwitchOff() override;

private:
  void DoDispose() override;
  void OnFrame(WifiConstPsduMap psdus, WifiTxVector vector, double powerW);
  void OnAcked(Ptr<const WifiMpdu> mpdu);
  void OnDropped(WifiMacDropReason reason, Ptr<const WifiMpdu> mpdu);
  void OnRefused(Ptr<const Packet> packet);
  double GetGain() const; // to the access point
  void End(Ptr<const Packet> packet);
  void TellOf(const Sent &d);
  void OnDepleted();
  void SetOff();
  Sent *Find(Ptr<const Packet> packet, uint64_t *id);

  WifiNetDevice *m_device{nullptr};
  Ptr<IsccWifiNetwork> m_network;
  std::unordered_map<uint64_t, Sent> m_datagrams; // handed over, their end not told yet
  uint64_t m_next{1};
  Ptr<IsccWifiEnergyModel> m_energy;
  double m_voltage{0};
  double m_toldJ{0};
};

} // namespace ns3

#endif
#endif
