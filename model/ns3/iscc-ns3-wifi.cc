/* SPDX-License-Identifier: GPL-2.0-only */
/* Wi-Fi networks of iscc-ns3-wifi.h. */
#include "iscc-ns3-wifi.h"

#include <cmath>

#include "iscc-link-budget.h"
#include "iscc-ns3-state.h"
#include "iscc-ns3-text.h"
#include "iscc-wifi-radio.h"
#include "ns3/ap-wifi-mac.h"
#include "ns3/boolean.h"
#include "ns3/double.h"
#include "ns3/he-configuration.h"
#include "ns3/he-phy.h"
#include "ns3/ht-configuration.h"
#include "ns3/ht-phy.h"
#include "ns3/mobility-model.h"
#include "ns3/propagation-delay-model.h"
#include "ns3/ssid.h"
#include "ns3/string.h"
#include "ns3/threshold-preamble-detection-model.h"
#include "ns3/vht-phy.h"
#include "ns3/wifi-helper.h"
#include "ns3/yans-wifi-channel.h"
#include "ns3/yans-wifi-helper.h"

using namespace ns3;
using namespace iscc_ns3;

namespace {

struct Standard {
  const char *name;
  WifiStandard standard;
  int rates;
  WifiMode (*mode)(uint8_t index);
  WifiPreamble preamble;
  double symbolS; // without guard interval
};

WifiMode HtMode(uint8_t i) {
  return HtPhy::GetHtMcs(i);
}
WifiMode VhtMode(uint8_t i) {
  return VhtPhy::GetVhtMcs(i);
}
WifiMode HeMode(uint8_t i) {
  return HePhy::GetHeMcs(i);
}

// one stream, 20 MHz; MCS 9 of 802.11ac needs a wider channel
const Standard standards[] = {{"802.11n", WIFI_STANDARD_80211n, 8, HtMode, WIFI_PREAMBLE_HT_MF, 3.2e-6},
                              {"802.11ac", WIFI_STANDARD_80211ac, 9, VhtMode, WIFI_PREAMBLE_VHT_SU, 3.2e-6},
                              {"802.11ax", WIFI_STANDARD_80211ax, 12, HeMode, WIFI_PREAMBLE_HE_SU, 12.8e-6}};

const Standard *FindStandard(const char *name) {
  for (const Standard &s : standards)
    if (name && !strcmp(s.name, name)) return &s;
  return nullptr;
}

constexpr double kBitErrorRate = 1e-6;
constexpr double kWidthHz = 20e6;
constexpr int64_t kFirstStream = int64_t(1) << 41, kStreamsEach = 100;

/* A guard interval as a number of ns, which ns-3 takes before 3.43, and as a Time, which it takes from then on. */
struct GuardInterval {
  Time time;
  operator uint16_t() const {
    return uint16_t(time.GetNanoSeconds());
  }
  operator Time() const {
    return time;
  }
};

/* Of data frames between devices as this one is. */
GuardInterval GuardIntervalOf(Ptr<WifiNetDevice> device) {
  BooleanValue shorter(false);
  if (device->GetHtConfiguration())
    device->GetHtConfiguration()->GetAttribute("ShortGuardIntervalSupported", shorter);
  TimeValue guard(NanoSeconds(shorter.Get() ? 400 : 800));
  if (device->GetHeConfiguration()) device->GetHeConfiguration()->GetAttribute("GuardInterval", guard);
  return {guard.Get()};
}

/* What new objects of a type get: some attributes cannot be read from the object. */
double InitialValue(TypeId type, const char *name) {
  TypeId::AttributeInformation attribute;
  type.LookupAttributeByName(name, &attribute);
  return DynamicCast<const DoubleValue>(attribute.initialValue)->Get();
}

/* What plans need of ns-3's tables. */
void MeetAccessPoint(Ptr<IsccWifiNetwork> network, Ptr<WifiNetDevice> device) {
  const Standard *standard = nullptr;
  for (const Standard &s : standards)
    if (s.standard == network->standard) standard = &s;
  network->accessPoint = device;
  iscc_wifi_uplink &uplink = network->uplink;
  uplink.noise_w = iscc_thermal_noise_w(kWidthHz, InitialValue(WifiPhy::GetTypeId(), "RxNoiseFigure"));
  const double leastDbm = InitialValue(ThresholdPreambleDetectionModel::GetTypeId(), "MinimumRssi");
  uplink.least_received_w = 1e-3 * std::pow(10, 0.1 * leastDbm);
  uplink.datagram_max_bytes = ISCC_NS3_UDP_MAX_BYTES;
  const GuardInterval guard = GuardIntervalOf(device);
  uplink.symbol_s = standard->symbolS + guard.time.GetSeconds();
  for (int i = 0; i < standard->rates; i++) {
    const WifiMode mode = standard->mode(uint8_t(i));
    WifiTxVector vector;
    vector.SetMode(mode);
    vector.SetPreambleType(standard->preamble);
    vector.SetChannelWidth(uint16_t(kWidthHz / 1e6));
    vector.SetNss(1);
    vector.SetNTx(1);
    vector.SetGuardInterval(guard);
    uplink.preamble_s = WifiPhy::CalculatePhyPreambleAndHeaderDuration(vector).GetSeconds();
    const iscc_wifi_mode offered = {i, double(mode.GetDataRate(vector)),
                                    device->GetPhy()->CalculateSnr(vector, kBitErrorRate)};
    iscc_wifi_uplink_add(&uplink, &offered);
    network->modes.push_back(mode);
  }
}

Ptr<WifiNetDevice> MakeDevice(Ptr<IsccWifiNetwork> network, Ptr<Node> node, bool accessPoint) {
  WifiHelper wifi;
  wifi.SetStandard(network->standard);
  const char *lowest = network->standard == WIFI_STANDARD_80211n    ? "HtMcs0"
                       : network->standard == WIFI_STANDARD_80211ac ? "VhtMcs0"
                                                                    : "HeMcs0";
  wifi.SetRemoteStationManager("ns3::ConstantRateWifiManager", "DataMode", StringValue(lowest), "ControlMode",
                               StringValue("OfdmRate6Mbps"));
  YansWifiPhyHelper phy;
  phy.SetChannel(DynamicCast<YansWifiChannel>(network->channel));
  phy.Set("ChannelSettings", StringValue("{36, 20, BAND_5GHZ, 0}"));
  WifiMacHelper mac;
  const Ssid ssid("iscc");
  if (accessPoint)
    mac.SetType("ns3::ApWifiMac", "Ssid", SsidValue(ssid));
  else
    mac.SetType("ns3::StaWifiMac", "Ssid", SsidValue(ssid), "ActiveProbing", BooleanValue(true));
  NetDeviceContainer devices = wifi.Install(phy, mac, node);
  wifi.AssignStreams(devices, network->streams + kStreamsEach * network->devices++);
  return DynamicCast<WifiNetDevice>(devices.Get(0));
}

} // namespace

void iscc_ns3_wifi_defaults(iscc_ns3_wifi_settings *settings) {
  *settings = {"802.11n", nullptr, 3};
}

iscc_status iscc_ns3_wifi_create(const iscc_ns3_wifi_settings *s, iscc_ns3_handle *network,
                                 iscc_error *error) {
  *network = {0, 0};
  return Guard(error, [&] {
    const Standard *standard = FindStandard(s->standard);
    if (!standard)
      return iscc_fail(error, ISCC_EINVAL, "wifi: '%s' is not one of 802.11n, 802.11ac, 802.11ax",
                       s->standard ? s->standard : "");
    if (!(s->margin_db >= 0 && s->margin_db <= 100))
      return iscc_fail(error, ISCC_EINVAL, "wifi margin: %g dB is outside 0..100", s->margin_db);
    Ptr<PropagationLossModel> loss;
    const iscc_status status = IsccMakeLossChain(s->loss_chain ? s->loss_chain : "", &loss, error);
    if (status) return status;
    if (!loss) loss = CreateObject<LogDistancePropagationLossModel>();
    Ptr<YansWifiChannel> channel = CreateObject<YansWifiChannel>();
    channel->SetPropagationLossModel(loss);
    channel->SetPropagationDelayModel(CreateObject<ConstantSpeedPropagationDelayModel>());
    Ptr<IsccWifiNetwork> n = CreateObject<IsccWifiNetwork>();
    n->streams = kFirstStream + TakeNetworkStreams();
    IsccAssignStreams(loss, n->streams - kStreamsEach);
    n->channel = channel;
    n->loss = loss;
    n->standard = standard->standard;
    n->uplink.margin = std::pow(10, 0.1 * s->margin_db);
    *network = Keep(n);
    return ISCC_OK;
  });
}

iscc_status iscc_ns3_wifi_install(iscc_ns3_handle node, iscc_ns3_handle network, bool access_point,
                                  iscc_ns3_handle *device, iscc_error *error) {
  *device = {0, 0};
  return Guard(error, [&] {
    Ptr<Node> n = Find<Node>(node);
    Ptr<IsccWifiNetwork> w = Find<IsccWifiNetwork>(network);
    if (!n) return Stale(error, "node");
    if (!w) return Stale(error, "Wi-Fi network");
    if (!n->GetObject<MobilityModel>())
      return iscc_fail(error, ISCC_ESTATE, "wifi: the node needs a place; install mobility first");
    if (access_point && w->accessPoint)
      return iscc_fail(error, ISCC_ESTATE, "wifi: the network has an access point already");
    if (!access_point && !w->accessPoint)
      return iscc_fail(error, ISCC_ESTATE, "wifi: the network needs its access point first");
    const iscc_status gain =
        access_point ? ISCC_OK : IsccExpectGain(w->loss, n, w->accessPoint->GetNode(), "wifi", error);
    if (gain) return gain;
    Ptr<WifiNetDevice> d = MakeDevice(w, n, access_point);
    if (access_point) MeetAccessPoint(w, d);
    Ptr<IsccWifiRadio> radio = CreateObject<IsccWifiRadio>();
    radio->Watch(d, w);
    d->AggregateObject(radio);
    *device = Keep(d);
    return ISCC_OK;
  });
}
