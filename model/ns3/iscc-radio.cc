/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-radio.h"

#include <cmath>

#include "iscc-ns3-trial.h"
#include "ns3/arp-cache.h"
#include "ns3/channel.h"
#include "ns3/internet-stack-helper.h"
#include "ns3/ipv4-interface.h"
#include "ns3/ipv4-l3-protocol.h"
#include "ns3/mobility-model.h"
#include "ns3/node.h"

namespace ns3 {

NS_OBJECT_ENSURE_REGISTERED(IsccRadio);

TypeId IsccRadio::GetTypeId() {
  static TypeId tid = TypeId("ns3::IsccRadio").SetParent<Object>().SetGroupName("Iscc");
  return tid;
}

Ptr<IsccRadio> IsccRadio::Of(Ptr<const NetDevice> device) {
  return device ? device->GetObject<IsccRadio>() : nullptr;
}

bool IsccRadio::Reaches(Ptr<const IsccRadio> other) const {
  return other != this && (IsHub() || other->IsHub()) &&
         GetDevice()->GetChannel() == other->GetDevice()->GetChannel();
}

size_t IsccRadio::GetDatagramMaxBytes() const {
  return ISCC_NS3_UDP_MAX_BYTES;
}

void IsccRadio::Expect(double) {}

void IsccRadio::Forget(Ptr<const Packet>) {}

bool IsccRadio::WritePcap(const std::string &) {
  return false;
}

Address IsccRadio::Join(Ipv4Address free) {
  Ptr<NetDevice> device = GetDevice();
  if (!device->GetNode()->GetObject<Ipv4>()) {
    InternetStackHelper stack;
    stack.SetIpv6StackInstall(false);
    stack.Install(device->GetNode());
  }
  Ptr<Ipv4> ipv4 = device->GetNode()->GetObject<Ipv4>();
  const int32_t known = ipv4->GetInterfaceForDevice(device);
  if (known >= 0 && ipv4->GetNAddresses(known) > 0) return ipv4->GetAddress(known, 0).GetLocal();
  const uint32_t interface = known >= 0 ? known : ipv4->AddInterface(device);
  ipv4->AddAddress(interface, Ipv4InterfaceAddress(free, Ipv4Mask("255.0.0.0")));
  ipv4->SetMetric(interface, 1);
  ipv4->SetUp(interface);
  return free;
}

void IsccRadio::Know(Ptr<const IsccRadio> peer) {
  Ptr<NetDevice> device = GetDevice();
  Ptr<Ipv4L3Protocol> ipv4 = device->GetNode()->GetObject<Ipv4L3Protocol>();
  Ptr<ArpCache> cache = ipv4->GetInterface(ipv4->GetInterfaceForDevice(device))->GetArpCache();
  const Ipv4Address address = Ipv4Address::ConvertFrom(peer->GetAddress());
  ArpCache::Entry *entry = cache->Lookup(address);
  if (!entry) entry = cache->Add(address);
  entry->SetMacAddress(peer->GetDevice()->GetAddress());
  entry->MarkPermanent();
}

double IsccRadio::GainBetween(Ptr<PropagationLossModel> loss, Ptr<Node> from, Ptr<Node> to) {
  return std::pow(
      10, 0.1 * loss->CalcRxPower(0, from->GetObject<MobilityModel>(), to->GetObject<MobilityModel>()));
}

double IsccRadio::DistanceBetween(Ptr<Node> from, Ptr<Node> to) {
  return from->GetObject<MobilityModel>()->GetDistanceFrom(to->GetObject<MobilityModel>());
}

Ptr<DeviceEnergyModel> IsccRadio::DrawFrom(Ptr<EnergySource>, Ptr<IsccEnergyModel> load) {
  m_load = load;
  return nullptr;
}

double IsccRadio::GetDrawnJ() const {
  return m_load ? m_load->GetTotalEnergyConsumption() : 0;
}

void IsccRadio::DoDispose() {
  m_load = nullptr;
  m_transmitted = nullptr;
  Object::DoDispose();
}

iscc_status IsccExpectGain(Ptr<PropagationLossModel> loss, Ptr<Node> a, Ptr<Node> b, const char *stack,
                           iscc_error *error) {
  const auto say = [&] {
    return std::isfinite(IsccRadio::GainBetween(loss, a, b)) &&
           std::isfinite(IsccRadio::GainBetween(loss, b, a));
  };
  const bool can = IsccSurvives(say) && say(); // in a rehearsal the second time is the trial
  return can ? ISCC_OK
             : iscc_fail(error, ISCC_EINVAL,
                         "%s: ns-3 cannot evaluate the loss models between this node's place and its hub's",
                         stack);
}

} // namespace ns3
