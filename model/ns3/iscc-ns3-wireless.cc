/* SPDX-License-Identifier: GPL-2.0-only */
/* The wireless part of iscc-ns3.h: channel, devices, links, traces. */
#include <cerrno>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <string>

#include "iscc-ns3-state.h"
#include "iscc-ns3-text.h"
#include "iscc-ns3-trial.h"
#include "iscc-radio.h"
#include "ns3/boolean.h"
#include "ns3/double.h"
#include "ns3/error-model.h"
#include "ns3/mobility-model.h"
#include "ns3/object-factory.h"
#include "ns3/pointer.h"
#include "ns3/trace-helper.h"

using namespace ns3;
using namespace iscc_ns3;

namespace {

/* Whether an attribute of a device of ours takes a value. */
bool Takes(const char *attribute, double value) {
  TypeId::AttributeInformation info;
  return IsccNetDevice::GetTypeId().LookupAttributeByName(attribute, &info) &&
         info.checker->Check(DoubleValue(value));
}

iscc_status CheckSettings(const iscc_ns3_device_settings *s, iscc_error *error) {
  if (!Takes("BandwidthHz", s->bandwidth_hz))
    return iscc_fail(error, ISCC_EINVAL, "bandwidth_hz: %g is not a finite number of at least 0.001 Hz",
                     s->bandwidth_hz);
  if (!Takes("TxPowerW", s->tx_power_w))
    return iscc_fail(error, ISCC_EINVAL, "tx_power_w: %g is not a finite number of at least 1e-30 W",
                     s->tx_power_w);
  if (!(s->noise_w_per_hz <= 0) && !Takes("NoiseWPerHz", s->noise_w_per_hz))
    return iscc_fail(
        error, ISCC_EINVAL,
        "noise_w_per_hz: %g is neither 0 (thermal noise) nor a finite number of at least 1e-60 W/Hz",
        s->noise_w_per_hz);
  return ISCC_OK;
}

/* Whether the channel's models can say a gain between this node and those that it will talk with; models may
 * refuse places, and the chain may have come by an attribute. */
bool CanTalk(Ptr<IsccChannel> channel, Ptr<Node> node, bool hub) {
  return IsccSurvives([&] {
    Ptr<MobilityModel> here = node->GetObject<MobilityModel>();
    for (std::size_t i = 0; i < channel->GetNDevices(); i++) {
      if (!hub && !channel->At(i)->IsHub()) continue;
      Ptr<MobilityModel> there = channel->At(i)->GetNode()->GetObject<MobilityModel>();
      channel->GetLoss()->CalcRxPower(0, here, there);
      channel->GetLoss()->CalcRxPower(0, there, here);
    }
    return true;
  });
}

Ptr<IsccNetDevice> MakeDevice(const iscc_ns3_device_settings *s) {
  ObjectFactory factory("ns3::IsccNetDevice");
  factory.Set("BandwidthHz", DoubleValue(s->bandwidth_hz));
  factory.Set("TxPowerW", DoubleValue(s->tx_power_w));
  factory.Set("Hub", BooleanValue(s->hub));
  if (s->noise_w_per_hz > 0) factory.Set("NoiseWPerHz", DoubleValue(s->noise_w_per_hz));
  return factory.Create<IsccNetDevice>();
}

/* The two ends of a link, which must be on one channel. */
iscc_status FindLink(iscc_ns3_handle device, iscc_ns3_handle hub, Ptr<IsccNetDevice> *d,
                     Ptr<IsccNetDevice> *h, iscc_error *error) {
  *d = Find<IsccNetDevice>(device);
  *h = Find<IsccNetDevice>(hub);
  if (!*d || !*h) return Stale(error, "device");
  if (*d == *h || (*d)->GetChannel() != (*h)->GetChannel())
    return iscc_fail(error, ISCC_ESTATE, "link: its ends are not two devices of one channel");
  return ISCC_OK;
}

void OnPacket(iscc_ns3_packet_traced *fn, void *ctx, Ptr<const Packet> packet) {
  fn(ctx, packet->GetSize());
}

void OnRate(iscc_ns3_rate_traced *fn, void *ctx, double rateBps, double gain) {
  fn(ctx, rateBps, gain);
}

/* ns-3 ends the program on a callback of another signature than the source's. */
iscc_status Connect(Ptr<Object> object, const char *source, const CallbackBase &callback, iscc_error *error) {
  const auto connect = [&] { return object->TraceConnectWithoutContext(source, callback); };
  if (source && IsccSurvives(connect) && connect()) return ISCC_OK;
  return iscc_fail(error, ISCC_EINVAL, "%s: has no trace source '%s' of this kind",
                   object->GetInstanceTypeId().GetName().c_str(), source ? source : "");
}

} // namespace

iscc_status iscc_ns3_channel_create(const char *loss_chain, iscc_ns3_handle *channel, iscc_error *error) {
  *channel = {0, 0};
  return Guard(error, [&] {
    Ptr<PropagationLossModel> first;
    const iscc_status status = IsccMakeLossChain(loss_chain ? loss_chain : "", &first, error);
    if (status) return status;
    Ptr<IsccChannel> c = CreateObject<IsccChannel>();
    c->SetStream(TakeNetworkStreams());
    if (first) c->SetAttribute("PropagationLossModel", PointerValue(first));
    *channel = Keep(c);
    return ISCC_OK;
  });
}

void iscc_ns3_device_defaults(iscc_ns3_device_settings *settings) {
  *settings = {1e5, 0, 1, 0, 1, 0, false, nullptr, 0};
}

iscc_status iscc_ns3_device_install(iscc_ns3_handle node, iscc_ns3_handle channel,
                                    const iscc_ns3_device_settings *s, iscc_ns3_handle *device,
                                    iscc_error *error) {
  *device = {0, 0};
  return Guard(error, [&] {
    Ptr<Node> n = Find<Node>(node);
    Ptr<IsccChannel> c = Find<IsccChannel>(channel);
    if (!n) return Stale(error, "node");
    if (!c) return Stale(error, "channel");
    if (c->GetLoss() && !n->GetObject<MobilityModel>())
      return iscc_fail(error, ISCC_ESTATE,
                       "device: the loss models need the node's place; install mobility first");
    iscc_status status = CheckSettings(s, error);
    if (status) return status;
    const iscc_channel_gain variation = {
        {g_simulation->seed, g_simulation->run, s->fading_node, s->coherence_ns, s->nakagami_m},
        s->trace,
        s->trace_column};
    status = iscc_fading_check(&variation.fading, error);
    if (!status && s->trace && s->trace_column >= iscc_channel_trace_columns(s->trace))
      status = iscc_fail(error, ISCC_EINVAL, "device: the channel trace has %u columns, none is number %u",
                         iscc_channel_trace_columns(s->trace), s->trace_column);
    if (status) return status;
    if (c->GetLoss() && !CanTalk(c, n, s->hub))
      return iscc_fail(
          error, ISCC_EINVAL,
          "device: ns-3 cannot evaluate the loss models between this node's place and the others");
    Ptr<IsccNetDevice> d = MakeDevice(s);
    d->SetVariation(variation);
    d->SetAddress(Mac48Address::Allocate());
    n->AddDevice(d);
    d->SetChannel(c);
    *device = Keep(d);
    return ISCC_OK;
  });
}

iscc_status iscc_ns3_link(iscc_ns3_handle device, iscc_ns3_handle hub, iscc_ns3_link_state *state,
                          iscc_error *error) {
  return Guard(error, [&] {
    Ptr<IsccNetDevice> d, h;
    const iscc_status status = FindLink(device, hub, &d, &h, error);
    if (status) return status;
    const IsccNetDevice::Link link = d->GetLink(h);
    state->bandwidth_hz = d->GetBandwidthHz();
    state->noise_w = d->GetNoiseW();
    state->gain = link.gain;
    state->large_scale_gain = link.largeScale;
    state->snr_per_w = state->gain / state->noise_w;
    state->hub_tx_power_w = h->GetTxPowerW();
    state->propagation_s = DynamicCast<IsccChannel>(d->GetChannel())->GetDelay(d, h).GetSeconds();
    return ISCC_OK;
  });
}

iscc_status iscc_ns3_link_set_snr(iscc_ns3_handle device, iscc_ns3_handle hub, double snr_per_w,
                                  iscc_error *error) {
  return Guard(error, [&] {
    Ptr<IsccNetDevice> d, h;
    const iscc_status status = FindLink(device, hub, &d, &h, error);
    if (status) return status;
    if (!(snr_per_w > 0 && std::isfinite(snr_per_w)))
      return iscc_fail(error, ISCC_EINVAL, "snr_per_w: %g is not a finite number greater than 0", snr_per_w);
    const double gain = d->GetLink(h).largeScale;
    if (!(gain > 0)) return iscc_fail(error, ISCC_EINVAL, "snr_per_w: the loss models leave a gain of 0");
    const double noise = gain / (snr_per_w * d->GetBandwidthHz());
    if (!Takes("NoiseWPerHz", noise))
      return iscc_fail(error, ISCC_EINVAL,
                       "snr_per_w: %g at a gain of %g asks for a noise density of %g W/Hz", snr_per_w, gain,
                       noise);
    d->SetAttribute("NoiseWPerHz", DoubleValue(noise));
    return ISCC_OK;
  });
}

iscc_status iscc_ns3_device_set_loss(iscc_ns3_handle device, double rate, int64_t stream, iscc_error *error) {
  return Guard(error, [&] {
    Ptr<IsccNetDevice> d = Find<IsccNetDevice>(device);
    if (!d) return Stale(error, "device");
    if (!(rate >= 0 && rate <= 1))
      return iscc_fail(error, ISCC_EINVAL, "packet_error_rate: %g is outside 0..1", rate);
    if (stream < 0) return iscc_fail(error, ISCC_EINVAL, "stream: %lld is negative", (long long)stream);
    Ptr<RateErrorModel> model = CreateObject<RateErrorModel>();
    model->SetUnit(RateErrorModel::ERROR_UNIT_PACKET);
    model->SetRate(rate);
    model->AssignStreams(stream);
    d->SetAttribute("ReceiveErrorModel", PointerValue(model));
    return ISCC_OK;
  });
}

iscc_status iscc_ns3_device_on_transmitted(iscc_ns3_handle device, iscc_ns3_transmitted *fn, void *ctx,
                                           iscc_error *error) {
  return Guard(error, [&] {
    Ptr<IsccRadio> radio = IsccRadio::Of(Find<NetDevice>(device));
    if (!radio) return Stale(error, "device");
    radio->SetTransmitted(fn, ctx);
    return ISCC_OK;
  });
}

iscc_status iscc_ns3_uplink(iscc_ns3_handle device, iscc_ns3_handle hub, iscc_link *link, iscc_error *error) {
  return Guard(error, [&] {
    Ptr<IsccRadio> radio = IsccRadio::Of(Find<NetDevice>(device));
    Ptr<NetDevice> h = Find<NetDevice>(hub);
    return radio && h ? radio->GetUplink(h, link, error) : Stale(error, "device");
  });
}

iscc_status iscc_ns3_device_expect(iscc_ns3_handle device, double power_w, iscc_error *error) {
  return Guard(error, [&] {
    Ptr<IsccRadio> radio = IsccRadio::Of(Find<NetDevice>(device));
    if (!radio) return Stale(error, "device");
    if (!(power_w > 0 && std::isfinite(power_w)))
      return iscc_fail(error, ISCC_EINVAL, "power_w: %g is not a finite number greater than 0", power_w);
    radio->Expect(power_w);
    return ISCC_OK;
  });
}

iscc_status iscc_ns3_device_off(iscc_ns3_handle device, iscc_error *error) {
  return Guard(error, [&] {
    Ptr<IsccRadio> radio = IsccRadio::Of(Find<NetDevice>(device));
    if (!radio) return Stale(error, "device");
    radio->SwitchOff();
    return ISCC_OK;
  });
}

iscc_status iscc_ns3_pcap(iscc_ns3_handle device, const char *prefix, iscc_error *error) {
  return Guard(error, [&] {
    Ptr<NetDevice> d = Find<NetDevice>(device);
    Ptr<IsccRadio> radio = IsccRadio::Of(d);
    if (!radio) return Stale(error, "device");
    if (!prefix || !*prefix)
      return iscc_fail(error, ISCC_EINVAL, "pcap: the prefix of the file name is empty");
    PcapHelper helper;
    const std::string name = helper.GetFilenameFromDevice(prefix, d);
    FILE *probe = fopen(name.c_str(), "wbx"); // ns-3 would abort on a path it cannot open, and cut a file
    if (!probe)
      return iscc_fail(error, ISCC_EIO, "%s: %s%s", name.c_str(), strerror(errno),
                       errno == EEXIST ? "; move it away or choose another prefix" : "");
    fclose(probe);
    if (radio->WritePcap(name)) return ISCC_OK;
    remove(name.c_str());
    return iscc_fail(error, ISCC_EINVAL, "pcap: this radio's frames have no such form");
  });
}

iscc_status iscc_ns3_trace_packets(iscc_ns3_handle object, const char *source, iscc_ns3_packet_traced *fn,
                                   void *ctx, iscc_error *error) {
  return Guard(error, [&] {
    Ptr<Object> o = Find<Object>(object);
    return o ? Connect(o, source, MakeBoundCallback(&OnPacket, fn, ctx), error) : Stale(error, "object");
  });
}

iscc_status iscc_ns3_trace_rates(iscc_ns3_handle device, iscc_ns3_rate_traced *fn, void *ctx,
                                 iscc_error *error) {
  return Guard(error, [&] {
    Ptr<IsccNetDevice> d = Find<IsccNetDevice>(device);
    return d ? Connect(d, "Rate", MakeBoundCallback(&OnRate, fn, ctx), error) : Stale(error, "device");
  });
}

bool iscc_ns3_device_charges_as_told(iscc_ns3_handle device) {
  return bool(Find<IsccNetDevice>(device));
}

bool iscc_ns3_device_joined(iscc_ns3_handle device) {
  Ptr<IsccRadio> radio = g_simulation ? IsccRadio::Of(Find<NetDevice>(device)) : nullptr;
  return radio && radio->HasJoined();
}
