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
#include "ns3/propagation-loss-model.h"
#include "ns3/wifi-mac.h"
#include "ns3/wifi-mpdu.h"
#include "ns3/wifi-net-device.h"
#include "ns3/wifi-phy.h"
#include "ns3/wifi-radio-energy-model.h"

namespace ns3 {

struct IsccWifiRate {
  WifiMode mode;
  double threshold; // SNR, linear
  double rateBps;   // of full datagrams one by one
};

/* What the devices of one network share. */
class IsccWifiNetwork : public Object {
public:
  static TypeId GetTypeId();

  Ptr<Object> channel; // a YansWifiChannel
  Ptr<PropagationLossModel> loss;
  WifiStandard standard{WIFI_STANDARD_80211n};
  double margin{1}; // of SNR, linear
  /* Of the access point, set with it: noise over the channel, and the least power of a preamble it notices. */
  double noiseW{0}, leastReceivedW{0};
  void MeetAccessPoint(Ptr<WifiNetDevice> device);
  Ptr<WifiNetDevice> accessPoint;
  std::vector<IsccWifiRate> rates; // from the slowest; filled when the first device is there
  uint32_t devices{0};
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
  bool WritePcap(const std::string &name) override;
  iscc_status GetUplink(Ptr<NetDevice> hub, iscc_link *link, iscc_error *error) const override;
  iscc_status GetState(Ptr<NetDevice> hub, iscc_ns3_wifi_link_state *state, iscc_error *error) const;
  /* To the access point. Loss models that draw at random draw anew at each call. */
  double GetGain() const;
  /* For which a rate is used at that gain. */
  double GetLeastPowerW(const IsccWifiRate &rate, double gain) const;
  /* ns-3's WifiRadioEnergyModel, whose transmit current is that of the power sent. */
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
  void End(Ptr<const Packet> packet);
  void TellOf(const Sent &d);
  void OnDepleted();
  void SetOff();
  Sent *Find(Ptr<const Packet> packet, uint64_t *id);

  WifiNetDevice *m_device{nullptr};
  Ptr<IsccWifiNetwork> m_network;
  std::unordered_map<uint64_t, Sent> m_datagrams; // handed over, their end not told yet
  uint64_t m_next{1};
  Ptr<WifiRadioEnergyModel> m_energy;
  double m_voltage{0};
  double m_toldJ{0};
};

} // namespace ns3

#endif
#endif
