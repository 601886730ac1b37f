/* SPDX-License-Identifier: GPL-2.0-only */
/* ns-3's Wi-Fi with ns-3's UDP applications and nothing of this project: what tests and doc/validation.rst compare
 * with. An access point, one station, one constant rate; as in ns-3's example wifi-ht-network unless options
 * say otherwise.
 *
 * --burst=0: the sender always has more to send; prints the goodput, Mbit/s.
 * --burst=N: each second N datagrams at once, the last one of --last bytes; prints the mean time until the last is
 * acknowledged, us, the first three seconds left out. */
#include <cstdio>
#include <string>

#include "ns3/applications-module.h"
#include "ns3/core-module.h"
#include "ns3/internet-module.h"
#include "ns3/mobility-module.h"
#include "ns3/network-module.h"
#include "ns3/wifi-mac.h"
#include "ns3/wifi-mpdu.h"
#include "ns3/wifi-net-device.h"
#include "ns3/yans-wifi-helper.h"

using namespace ns3;

namespace {

constexpr uint16_t kPort = 9;
constexpr int kFirstBurst = 3;

struct Settings {
  std::string standard{"802.11n"}, mode{"HtMcs7"};
  uint32_t bytes{1472}, burst{0}, last{1472};
  double seconds{10}, distance{1};
  bool uplink{false};
};

const std::pair<const char *, WifiStandard> standards[] = {{"802.11n", WIFI_STANDARD_80211n},
                                                           {"802.11ac", WIFI_STANDARD_80211ac},
                                                           {"802.11ax", WIFI_STANDARD_80211ax}};

/* The station first. */
NetDeviceContainer MakeDevices(const Settings &s, const NodeContainer &nodes) {
  YansWifiPhyHelper phy;
  phy.SetChannel(YansWifiChannelHelper::Default().Create());
  phy.Set("ChannelSettings", StringValue("{36, 20, BAND_5GHZ, 0}"));
  WifiHelper wifi;
  for (const auto &[name, standard] : standards)
    if (s.standard == name) wifi.SetStandard(standard);
  wifi.SetRemoteStationManager("ns3::ConstantRateWifiManager", "DataMode", StringValue(s.mode), "ControlMode",
                               StringValue(s.mode));
  WifiMacHelper mac;
  mac.SetType("ns3::StaWifiMac", "Ssid", SsidValue(Ssid("plain-wifi")));
  NetDeviceContainer devices = wifi.Install(phy, mac, nodes.Get(0));
  mac.SetType("ns3::ApWifiMac", "EnableBeaconJitter", BooleanValue(false), "Ssid",
              SsidValue(Ssid("plain-wifi")));
  devices.Add(wifi.Install(phy, mac, nodes.Get(1)));
  return devices;
}

void Place(const Settings &s, const NodeContainer &nodes) {
  MobilityHelper mobility;
  Ptr<ListPositionAllocator> places = CreateObject<ListPositionAllocator>();
  places->Add(Vector(0, 0, 0));
  places->Add(Vector(s.distance, 0, 0));
  mobility.SetPositionAllocator(places);
  mobility.Install(nodes);
}

void Send(Ptr<Node> from, Ipv4Address to, uint32_t datagrams, uint32_t bytes, Time interval, Time begin,
          Time end) {
  if (datagrams == 0) return;
  UdpClientHelper client(to, kPort);
  client.SetAttribute("MaxPackets", UintegerValue(datagrams));
  client.SetAttribute("Interval", TimeValue(interval));
  client.SetAttribute("PacketSize", UintegerValue(bytes));
  ApplicationContainer app = client.Install(from);
  app.Start(begin);
  app.Stop(end);
}

struct Bursts {
  double sumUs{0};
  int counted{0};
  uint32_t each, acknowledged{0};
};

void OnAcknowledged(Bursts *b, Ptr<const WifiMpdu> mpdu) {
  if (mpdu->GetPacketSize() < 100) return; // address resolution
  if (++b->acknowledged < b->each) return;
  const double now = Simulator::Now().GetSeconds();
  b->acknowledged = 0;
  if (now < kFirstBurst) return;
  b->sumUs += 1e6 * (now - std::floor(now));
  b->counted++;
}

} // namespace

int main(int argc, char **argv) {
  Settings s;
  CommandLine options;
  options.AddValue("standard", "802.11n, 802.11ac or 802.11ax", s.standard);
  options.AddValue("mode", "of data, such as HtMcs7", s.mode);
  options.AddValue("bytes", "of a datagram", s.bytes);
  options.AddValue("burst", "datagrams at once each second; 0: always more", s.burst);
  options.AddValue("last", "bytes of the last of them", s.last);
  options.AddValue("seconds", "that are measured", s.seconds);
  options.AddValue("distance", "m", s.distance);
  options.AddValue("uplink", "the station sends, else the access point", s.uplink);
  options.Parse(argc, argv);

  NodeContainer nodes(2);
  NetDeviceContainer devices = MakeDevices(s, nodes);
  Place(s, nodes);
  InternetStackHelper().Install(nodes.Get(1)); // in this order, as the example's streams are
  InternetStackHelper().Install(nodes.Get(0));
  Ipv4AddressHelper addresses("192.168.1.0", "255.255.255.0");
  Ipv4InterfaceContainer interfaces = addresses.Assign(devices);
  const uint32_t from = s.uplink ? 0 : 1, to = 1 - from;
  const Time end = Seconds(s.seconds + 1);
  UdpServerHelper server(kPort);
  ApplicationContainer sink = server.Install(nodes.Get(to));
  sink.Start(Seconds(0));
  sink.Stop(end);

  Bursts bursts;
  bursts.each = s.burst;
  if (s.burst == 0) {
    Send(nodes.Get(from), interfaces.GetAddress(to), UINT32_MAX, s.bytes, MicroSeconds(10), Seconds(1), end);
  } else {
    DynamicCast<WifiNetDevice>(devices.Get(from))
        ->GetMac()
        ->TraceConnectWithoutContext("AckedMpdu", MakeBoundCallback(&OnAcknowledged, &bursts));
    for (int k = 1; k <= s.seconds; k++) {
      Send(nodes.Get(from), interfaces.GetAddress(to), s.burst - 1, s.bytes, Time(0), Seconds(k), end);
      Send(nodes.Get(from), interfaces.GetAddress(to), 1, s.last, Time(0), Seconds(k), end);
    }
  }
  Simulator::Stop(end);
  Simulator::Run();
  if (s.burst)
    std::printf("%.3f\n", bursts.sumUs / bursts.counted);
  else
    std::printf("%.6f\n", 8e-6 * s.bytes * DynamicCast<UdpServer>(sink.Get(0))->GetReceived() / s.seconds);
  Simulator::Destroy();
  return 0;
}
