/* SPDX-License-Identifier: GPL-2.0-only */
/* IEEE 802.15.4 networks of iscc-ns3-lr-wpan.h. */
#include "iscc-ns3-lr-wpan.h"

#include <cmath>

#include "iscc-lr-wpan-radio.h"
#include "iscc-ns3-state.h"
#include "iscc-ns3-text.h"
#include "iscc-wire.h"

void iscc_ns3_lr_wpan_defaults(iscc_ns3_lr_wpan_settings *settings) {
  *settings = {nullptr, 0.01, 3, 0.1, ISCC_NS3_LR_WPAN_DATAGRAM_BYTES, 5, 4, 3};
}

#ifdef ISCC_HAS_LR_WPAN

#include "iscc-lr-wpan-phy.h"
#include "ns3/lr-wpan-csmaca.h"
#include "ns3/lr-wpan-mac.h"
#include "ns3/lr-wpan-phy.h"
#include "ns3/mobility-model.h"
#include "ns3/propagation-delay-model.h"
#include "ns3/single-model-spectrum-channel.h"
#include "ns3/sixlowpan-helper.h"

using namespace ns3;
using namespace iscc_ns3;

namespace {

constexpr uint16_t kPan = 1, kDevicesMax = 65000;
constexpr int64_t kFirstStream = int64_t(1) << 42, kStreamsEach = 100;

iscc_status CheckSettings(const iscc_ns3_lr_wpan_settings *s, iscc_error *error) {
  if (!(s->packet_error_rate >= 1e-6 && s->packet_error_rate <= 0.5))
    return iscc_fail(error, ISCC_EINVAL, "lr-wpan packet error rate: %g is outside 1e-6..0.5",
                     s->packet_error_rate);
  if (!(s->margin_db >= 0 && s->margin_db <= 100))
    return iscc_fail(error, ISCC_EINVAL, "lr-wpan margin: %g dB is outside 0..100", s->margin_db);
  if (!(s->power_w > 0 && std::isfinite(s->power_w)))
    return iscc_fail(error, ISCC_EINVAL, "lr-wpan power: %g W is not a finite number greater than 0",
                     s->power_w);
  if (s->datagram_max_bytes < ISCC_WIRE_DATAGRAM_MIN ||
      s->datagram_max_bytes > ISCC_NS3_LR_WPAN_DATAGRAM_BYTES_MAX)
    return iscc_fail(error, ISCC_EINVAL, "lr-wpan datagram: %d bytes are outside %d..%d",
                     s->datagram_max_bytes, int(ISCC_WIRE_DATAGRAM_MIN),
                     int(ISCC_NS3_LR_WPAN_DATAGRAM_BYTES_MAX));
  if (s->max_be < 3 || s->max_be > 8 || s->csma_backoffs < 0 || s->csma_backoffs > 5 ||
      s->frame_retries < 0 || s->frame_retries > 7)
    return iscc_fail(
        error, ISCC_EINVAL,
        "lr-wpan MAC: max_be %d, csma_backoffs %d, frame_retries %d are not within 3..8, 0..5, 0..7",
        s->max_be, s->csma_backoffs, s->frame_retries);
  return ISCC_OK;
}

Ptr<LrWpanNetDevice> MakeDevice(Ptr<IsccLrWpanNetwork> network, Ptr<Node> node) {
  Ptr<LrWpanNetDevice> device = CreateObject<LrWpanNetDevice>();
  Ptr<LrWpanPhy> phy = CreateObject<IsccLrWpanPhy>();
  device->SetPhy(phy);
  device->GetMac()->SetPhy(phy); // later versions leave it with its first
  device->SetChannel(network->channel);
  node->AddDevice(device);
  device->SetNode(node);
  phy->SetMobility(node->GetObject<MobilityModel>());
  const uint16_t number = ++network->devices;
  const uint16_t own = ++g_simulation->shortAddresses; // one internet, whatever the networks
  const uint8_t bytes[2] = {uint8_t(own >> 8), uint8_t(own & 255)};
  Mac16Address address;
  address.CopyFrom(bytes);
  device->GetMac()->SetPanId(kPan);
  device->GetMac()->SetShortAddress(address);
  device->GetMac()->SetMacMaxFrameRetries(network->frameRetries);
  device->GetCsmaCa()->SetMacMaxBE(network->maxBe);
  device->GetCsmaCa()->SetMacMaxCSMABackoffs(network->csmaBackoffs);
  device->AssignStreams(network->streams + kStreamsEach * number);
  return device;
}

} // namespace

iscc_status iscc_ns3_lr_wpan_create(const iscc_ns3_lr_wpan_settings *s, iscc_ns3_handle *network,
                                    iscc_error *error) {
  *network = {0, 0};
  return Guard(error, [&] {
    iscc_status status = CheckSettings(s, error);
    if (status) return status;
    Ptr<PropagationLossModel> loss;
    status = IsccMakeLossChain(s->loss_chain ? s->loss_chain : "", &loss, error);
    if (status) return status;
    if (!loss) loss = CreateObject<LogDistancePropagationLossModel>();
    Ptr<SingleModelSpectrumChannel> channel = CreateObject<SingleModelSpectrumChannel>();
    channel->AddPropagationLossModel(loss);
    channel->SetPropagationDelayModel(CreateObject<ConstantSpeedPropagationDelayModel>());
    Ptr<IsccLrWpanNetwork> n = CreateObject<IsccLrWpanNetwork>();
    n->streams = kFirstStream + TakeNetworkStreams();
    IsccAssignStreams(loss, n->streams);
    n->channel = channel;
    n->loss = loss;
    n->uplink.margin = std::pow(10, 0.1 * s->margin_db);
    n->packetErrorRate = s->packet_error_rate;
    n->powerW = s->power_w;
    n->uplink.datagram_max_bytes = s->datagram_max_bytes;
    n->maxBe = uint8_t(s->max_be);
    n->csmaBackoffs = uint8_t(s->csma_backoffs);
    n->frameRetries = uint8_t(s->frame_retries);
    *network = Keep(n);
    return ISCC_OK;
  });
}

iscc_status iscc_ns3_lr_wpan_install(iscc_ns3_handle node, iscc_ns3_handle network, bool hub,
                                     iscc_ns3_handle *device, iscc_error *error) {
  *device = {0, 0};
  return Guard(error, [&] {
    Ptr<Node> n = Find<Node>(node);
    Ptr<IsccLrWpanNetwork> w = Find<IsccLrWpanNetwork>(network);
    if (!n) return Stale(error, "node");
    if (!w) return Stale(error, "lr-wpan network");
    if (!n->GetObject<MobilityModel>())
      return iscc_fail(error, ISCC_ESTATE, "lr-wpan: the node needs a place; install mobility first");
    if (hub && w->hub) return iscc_fail(error, ISCC_ESTATE, "lr-wpan: the network has a hub already");
    if (!hub && !w->hub) return iscc_fail(error, ISCC_ESTATE, "lr-wpan: the network needs its hub first");
    if (g_simulation->shortAddresses == kDevicesMax)
      return iscc_fail(error, ISCC_EINVAL, "lr-wpan: a simulation has at most %d devices", int(kDevicesMax));
    const iscc_status gain = hub ? ISCC_OK : IsccExpectGain(w->loss, n, w->hub->GetNode(), "lr-wpan", error);
    if (gain) return gain;
    Ptr<LrWpanNetDevice> below = MakeDevice(w, n);
    Ptr<SixLowPanNetDevice> d =
        DynamicCast<SixLowPanNetDevice>(SixLowPanHelper().Install(NetDeviceContainer(below)).Get(0));
    d->AssignStreams(w->streams + kStreamsEach * w->devices + kStreamsEach / 2);
    if (hub) {
      w->hub = d;
      w->Meet(below);
    }
    Ptr<IsccLrWpanRadio> radio = CreateObject<IsccLrWpanRadio>();
    radio->Watch(d, below, w);
    d->AggregateObject(radio);
    *device = Keep(d);
    return ISCC_OK;
  });
}

#else

iscc_status iscc_ns3_lr_wpan_create(const iscc_ns3_lr_wpan_settings *, iscc_ns3_handle *network,
                                    iscc_error *error) {
  *network = {0, 0};
  return iscc_fail(error, ISCC_ELIBRARY,
                   "lr-wpan: this ns-3 has no modules lr-wpan and sixlowpan; shannon and wifi do without");
}

iscc_status iscc_ns3_lr_wpan_install(iscc_ns3_handle, iscc_ns3_handle, bool, iscc_ns3_handle *device,
                                     iscc_error *error) {
  *device = {0, 0};
  return iscc_fail(error, ISCC_ELIBRARY,
                   "lr-wpan: this ns-3 has no modules lr-wpan and sixlowpan; shannon and wifi do without");
}

#endif
