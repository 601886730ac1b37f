/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-wifi-radio.h"

#include <algorithm>
#include <cmath>

#include "iscc-net-device.h"
#include "ns3/double.h"
#include "ns3/simulator.h"
#include "ns3/sta-wifi-mac.h"
#include "ns3/string.h"
#include "ns3/uinteger.h"
#include "ns3/wifi-mac.h"
#include "ns3/wifi-mpdu.h"
#include "ns3/wifi-psdu.h"
#include "ns3/wifi-remote-station-manager.h"
#include "ns3/yans-wifi-helper.h"

namespace ns3 {

NS_OBJECT_ENSURE_REGISTERED(IsccWifiNetwork);
NS_OBJECT_ENSURE_REGISTERED(IsccWifiRadio);

TypeId IsccWifiNetwork::GetTypeId() {
  static TypeId tid = TypeId("ns3::IsccWifiNetwork").SetParent<Object>().SetGroupName("Iscc");
  return tid;
}

TypeId IsccWifiRadio::GetTypeId() {
  static TypeId tid = TypeId("ns3::IsccWifiRadio").SetParent<IsccRadio>().SetGroupName("Iscc");
  return tid;
}

void IsccWifiRadio::Watch(Ptr<WifiNetDevice> device, Ptr<IsccWifiNetwork> network) {
  m_device = PeekPointer(device);
  m_network = network;
  device->GetPhy()->TraceConnectWithoutContext("PhyTxPsduBegin", MakeCallback(&IsccWifiRadio::OnFrame, this));
  device->GetMac()->TraceConnectWithoutContext("AckedMpdu", MakeCallback(&IsccWifiRadio::OnAcked, this));
  device->GetMac()->TraceConnectWithoutContext("DroppedMpdu", MakeCallback(&IsccWifiRadio::OnDropped, this));
  device->GetMac()->TraceConnectWithoutContext("MacTxDrop", MakeCallback(&IsccWifiRadio::OnRefused, this));
}

Ptr<NetDevice> IsccWifiRadio::GetDevice() const {
  return m_device;
}

bool IsccWifiRadio::IsHub() const {
  return m_network->accessPoint == m_device;
}

double IsccWifiRadio::GetGain() const {
  return GainBetween(m_network->loss, m_device->GetNode(), m_network->accessPoint->GetNode());
}

iscc_status IsccWifiRadio::GetUplink(Ptr<NetDevice> hub, iscc_link *link, iscc_error *error) const {
  if (m_network->accessPoint != hub || hub == m_device)
    return iscc_fail(error, ISCC_ESTATE, "link: its ends are not a station and its access point");
  return iscc_wifi_uplink_link(&m_network->uplink, GetGain(),
                               DistanceBetween(m_device->GetNode(), hub->GetNode()), link, error);
}

void IsccWifiRadio::Prepare(Ptr<Packet> packet, const iscc_ns3_send_options &options) {
  IsccTransmissionTag tag;
  tag.token = m_next;
  packet->AddPacketTag(tag);
  Sent d;
  d.token = options.token;
  d.bits = 8.0 * packet->GetSize();
  m_datagrams[m_next++] = d;
  if (!(options.power_w > 0)) return;
  const double dbm = 10 * std::log10(1e3 * options.power_w);
  m_device->GetPhy()->SetTxPowerStart(dbm);
  m_device->GetPhy()->SetTxPowerEnd(dbm);
  const int mode = iscc_wifi_uplink_mode(&m_network->uplink, GetGain(), options.power_w);
  m_device->GetRemoteStationManager()->SetAttribute("DataMode",
                                                    StringValue(m_network->modes[mode].GetUniqueName()));
}

IsccWifiRadio::Sent *IsccWifiRadio::Find(Ptr<const Packet> packet, uint64_t *id) {
  IsccTransmissionTag tag;
  if (!packet->PeekPacketTag(tag)) return nullptr;
  auto it = m_datagrams.find(tag.token);
  *id = tag.token;
  return it == m_datagrams.end() ? nullptr : &it->second;
}

void IsccWifiRadio::Forget(Ptr<const Packet> packet) {
  uint64_t id;
  if (Find(packet, &id)) m_datagrams.erase(id);
}

bool IsccWifiRadio::HasJoined() const {
  Ptr<StaWifiMac> station = DynamicCast<StaWifiMac>(m_device->GetMac());
  return !station || station->IsAssociated();
}

bool IsccWifiRadio::WritePcap(const std::string &name) {
  YansWifiPhyHelper helper;
  helper.EnablePcap(name, Ptr<NetDevice>(m_device), true, true);
  return true;
}

void IsccWifiRadio::OnFrame(WifiConstPsduMap psdus, WifiTxVector vector, double powerW) {
  const Time duration = WifiPhy::CalculateTxDuration(psdus, vector, m_device->GetPhy()->GetPhyBand());
  for (const auto &[station, psdu] : psdus)
    for (const auto &mpdu : *PeekPointer(psdu)) {
      uint64_t id;
      Sent *d = Find(mpdu->GetPacket(), &id);
      if (!d) continue;
      const double share = double(mpdu->GetSize()) / psdu->GetSize();
      d->bits = 8.0 * mpdu->GetSize();
      d->onAir += duration * share;
      d->energyJ += powerW * duration.GetSeconds() * share;
      d->frameEnd = Simulator::Now() + duration;
      d->framePowerW = powerW * share;
      d->frameShare = share;
    }
}

void IsccWifiRadio::End(Ptr<const Packet> packet) {
  uint64_t id;
  Sent *found = Find(packet, &id);
  if (!found) return;
  const Sent d = *found;
  m_datagrams.erase(id);
  TellOf(d);
}

void IsccWifiRadio::TellOf(const Sent &d) {
  m_toldJ += d.energyJ;
  const int64_t now = Simulator::Now().GetNanoSeconds(), onAir = d.onAir.GetNanoSeconds();
  Tell(d.token, now - onAir, onAir, onAir > 0 ? d.bits : 0, d.energyJ);
}

Ptr<DeviceEnergyModel> IsccWifiRadio::DrawFrom(Ptr<EnergySource> source, Ptr<IsccEnergyModel>) {
  // ns-3 aborts when a station that is off finds that it has missed beacons
  m_device->GetMac()->SetAttributeFailSafe("MaxMissedBeacons", UintegerValue(1000000000));
  m_voltage = source->GetSupplyVoltage();
  // not at once: the source may be found empty while the PHY tells of a change, which it goes on with; and for good
  m_energy = IsccWifiEnergyModel::Install(m_device, source, MakeCallback(&IsccWifiRadio::OnDepleted, this));
  return m_energy;
}

void IsccWifiRadio::OnDepleted() {
  Simulator::ScheduleNow(&IsccWifiRadio::SetOff, this);
}

void IsccWifiRadio::SetOff() {
  if (!m_device->GetPhy()->IsStateOff()) m_device->GetPhy()->SetOffMode();
}

double IsccWifiRadio::GetMostDrawnW() const {
  if (!m_energy) return 0;
  const double listeningA = std::max({m_energy->GetIdleCurrentA(), m_energy->GetCcaBusyCurrentA(),
                                      m_energy->GetRxCurrentA(), m_energy->GetSwitchingCurrentA()});
  const double sendingW = 1e-3 * std::pow(10, 0.1 * m_device->GetPhy()->GetTxPowerEnd());
  return std::max(listeningA * m_voltage, sendingW);
}

double IsccWifiRadio::GetDrawnJ() const {
  return m_energy ? m_energy->GetTotalEnergyConsumption() : 0;
}

double IsccWifiRadio::GetListeningJ() const {
  return GetDrawnJ() - m_toldJ;
}

void IsccWifiRadio::SwitchOff() {
  SetOff(); // unless an empty battery has done it
  for (const auto &[id, d] : Cut(&m_datagrams)) TellOf(d);
}

void IsccWifiRadio::OnAcked(Ptr<const WifiMpdu> mpdu) {
  End(mpdu->GetPacket());
}

void IsccWifiRadio::OnDropped(WifiMacDropReason, Ptr<const WifiMpdu> mpdu) {
  End(mpdu->GetPacket());
}

void IsccWifiRadio::OnRefused(Ptr<const Packet> packet) {
  End(packet);
}

void IsccWifiRadio::DoDispose() {
  m_energy = nullptr;
  m_network = nullptr;
  IsccRadio::DoDispose();
}

} // namespace ns3
