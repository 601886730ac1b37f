/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-ns3.h"

#include <csignal>
#include <cstring>
#include <string>

#include "iscc-ns3-state.h"
#include "iscc-ns3-text.h"
#include "ns3/boolean.h"
#include "ns3/double.h"
#include "ns3/error-model.h"
#include "ns3/mobility-model.h"
#include "ns3/pointer.h"
#include "ns3/rng-seed-manager.h"
#include "ns3/simulator.h"
#include "ns3/string.h"
#include "ns3/trace-helper.h"
#if __has_include("ns3/version-defines.h")
#include "ns3/version-defines.h"
#endif

using namespace ns3;

namespace iscc_ns3 {
std::unique_ptr<Simulation> g_simulation;
uint32_t g_generation = 0;
} // namespace iscc_ns3

using namespace iscc_ns3;

namespace {

volatile std::sig_atomic_t g_interrupted = 0;

void FireTimer(uint32_t index) {
  Simulation &sim = *g_simulation;
  TimerSlot &slot = sim.timers[index];
  void (*fn)(void *) = slot.fn;
  void *arg = slot.arg;
  slot.pending = false;
  slot.generation++;
  sim.freeTimers.push_back(index);
  fn(arg);
  if (g_interrupted) Simulator::Stop();
}

} // namespace

/* ---- simulation ---- */

iscc_status iscc_ns3_begin(uint32_t seed, uint64_t run, iscc_error *error) {
  if (g_simulation) return iscc_fail(error, ISCC_ESTATE, "ns-3: a simulation is under way; end it first");
  if (seed == 0) return iscc_fail(error, ISCC_EINVAL, "RngSeed: 0 is outside 1..4294967295");
  RngSeedManager::SetSeed(seed);
  RngSeedManager::SetRun(run);
  g_simulation = std::make_unique<Simulation>();
  g_simulation->seed = seed;
  g_simulation->run = run;
  g_simulation->nextAddress = Ipv4Address("10.0.0.1").Get();
  g_generation++;
  g_interrupted = 0;
  return ISCC_OK;
}

void iscc_ns3_end(void) {
  if (!g_simulation) return;
  g_simulation->timers.clear();
  for (auto &end : g_simulation->sockets) end->socket->SetRecvCallback(MakeNullCallback<void, Ptr<Socket>>());
  Simulator::Destroy();
  g_simulation.reset();
  g_generation++;
}

iscc_status iscc_ns3_run(int64_t stop_ns, iscc_error *error) {
  return Guard(error, [&] {
    EventId stop;
    if (stop_ns > 0) {
      if (stop_ns < Simulator::Now().GetNanoSeconds())
        return iscc_fail(error, ISCC_EINVAL, "stop time: %lld ns has passed", (long long)stop_ns);
      stop = Simulator::Schedule(NanoSeconds(stop_ns) - Simulator::Now(),
                                 static_cast<void (*)()>(&Simulator::Stop));
    }
    Simulator::Run();
    Simulator::Cancel(stop);
    return ISCC_OK;
  });
}

void iscc_ns3_stop(void) {
  if (g_simulation) Simulator::Stop();
}

void iscc_ns3_interrupt(void) {
  g_interrupted = 1;
}

bool iscc_ns3_interrupted(void) {
  return g_interrupted != 0;
}

int64_t iscc_ns3_now_ns(void) {
  return g_simulation ? Simulator::Now().GetNanoSeconds() : 0;
}

uint64_t iscc_ns3_event_count(void) {
  return g_simulation ? Simulator::GetEventCount() : 0;
}

uint32_t iscc_ns3_seed(void) {
  return RngSeedManager::GetSeed();
}

uint64_t iscc_ns3_run_number(void) {
  return RngSeedManager::GetRun();
}

const char *iscc_ns3_version(void) {
#if __has_include("ns3/version-defines.h")
  static const std::string text = std::to_string(NS3_VERSION_MAJOR) + "." + std::to_string(NS3_VERSION_MINOR);
  return text.c_str();
#else
  return "unknown";
#endif
}

uint64_t iscc_ns3_schedule(int64_t delay_ns, void (*fn)(void *arg), void *arg) {
  if (!g_simulation || delay_ns < 0 || !fn || delay_ns > INT64_MAX - Simulator::Now().GetNanoSeconds())
    return 0;
  Simulation &sim = *g_simulation;
  uint32_t index;
  if (sim.freeTimers.empty()) {
    index = sim.timers.size();
    sim.timers.push_back({EventId(), nullptr, nullptr, 0, false});
    sim.freeTimers.reserve(sim.timers.capacity()); // firing must not allocate
  } else {
    index = sim.freeTimers.back();
    sim.freeTimers.pop_back();
  }
  TimerSlot &slot = sim.timers[index];
  slot.fn = fn;
  slot.arg = arg;
  slot.pending = true;
  slot.event = Simulator::Schedule(NanoSeconds(delay_ns), &FireTimer, index);
  return (uint64_t(slot.generation) << 32 | index) + 1;
}

void iscc_ns3_cancel(uint64_t id) {
  if (!g_simulation || id == 0) return;
  const uint32_t index = uint32_t(id - 1), generation = uint32_t((id - 1) >> 32);
  if (index >= g_simulation->timers.size()) return;
  TimerSlot &slot = g_simulation->timers[index];
  if (!slot.pending || slot.generation != generation) return;
  Simulator::Cancel(slot.event);
  slot.pending = false;
  slot.generation++;
  g_simulation->freeTimers.push_back(index);
}

iscc_status iscc_ns3_default(const char *attribute, const char *value, iscc_error *error) {
  return Guard(error, [&] { return IsccSetDefault(attribute, value, error); });
}

iscc_status iscc_ns3_set(iscc_ns3_handle object, const char *attribute, const char *value,
                         iscc_error *error) {
  return Guard(error, [&] {
    Ptr<Object> o = Find<Object>(object);
    return o ? IsccSetAttribute(o, attribute, value, error) : Stale(error, "object");
  });
}

iscc_status iscc_ns3_get(iscc_ns3_handle object, const char *attribute, char *value, size_t n,
                         iscc_error *error) {
  return Guard(error, [&] {
    Ptr<Object> o = Find<Object>(object);
    if (!o) return Stale(error, "object");
    StringValue text;
    if (!o->GetAttributeFailSafe(attribute, text))
      return iscc_fail(error, ISCC_EINVAL, "%s: has no attribute '%s'",
                       o->GetInstanceTypeId().GetName().c_str(), attribute);
    snprintf(value, n, "%s", text.Get().c_str());
    return ISCC_OK;
  });
}

iscc_status iscc_ns3_assign_streams(iscc_ns3_handle object, int64_t stream, iscc_error *error) {
  return Guard(error, [&] {
    if (Ptr<IsccChannel> channel = Find<IsccChannel>(object)) {
      if (channel->GetLoss()) channel->GetLoss()->AssignStreams(stream);
      return ISCC_OK;
    }
    Ptr<Node> node = Find<Node>(object);
    if (!node) return Stale(error, "channel or node");
    if (Ptr<MobilityModel> mobility = node->GetObject<MobilityModel>()) mobility->AssignStreams(stream);
    return ISCC_OK;
  });
}

/* ---- nodes and places ---- */

iscc_status iscc_ns3_node_create(iscc_ns3_handle *node, iscc_error *error) {
  *node = {0, 0};
  return Guard(error, [&] {
    *node = Keep(CreateObject<Node>());
    return ISCC_OK;
  });
}

iscc_status iscc_ns3_mobility_install(iscc_ns3_handle node, const char *type, const double position_m[3],
                                      iscc_error *error) {
  return Guard(error, [&] {
    Ptr<Node> n = Find<Node>(node);
    if (!n) return Stale(error, "node");
    for (int i = 0; i < 3; i++)
      if (!std::isfinite(position_m[i]))
        return iscc_fail(error, ISCC_EINVAL, "position: %g is not finite", position_m[i]);
    if (n->GetObject<MobilityModel>())
      return iscc_fail(error, ISCC_ESTATE, "mobility: the node has a model already");
    Ptr<MobilityModel> model;
    const iscc_status status = IsccMake(type, &model, error);
    if (status) return status;
    model->SetPosition(Vector(position_m[0], position_m[1], position_m[2]));
    n->AggregateObject(model);
    return ISCC_OK;
  });
}

iscc_status iscc_ns3_position(iscc_ns3_handle node, double position_m[3], iscc_error *error) {
  return Guard(error, [&] {
    Ptr<Node> n = Find<Node>(node);
    if (!n) return Stale(error, "node");
    Ptr<MobilityModel> model = n->GetObject<MobilityModel>();
    if (!model) return iscc_fail(error, ISCC_ESTATE, "position: the node has no mobility model");
    const Vector p = model->GetPosition();
    position_m[0] = p.x;
    position_m[1] = p.y;
    position_m[2] = p.z;
    return ISCC_OK;
  });
}

/* ---- wireless channel ---- */

iscc_status iscc_ns3_channel_create(const char *loss_chain, iscc_ns3_handle *channel, iscc_error *error) {
  *channel = {0, 0};
  return Guard(error, [&] {
    Ptr<PropagationLossModel> first;
    const iscc_status status = IsccMakeLossChain(loss_chain ? loss_chain : "", &first, error);
    if (status) return status;
    Ptr<IsccChannel> c = CreateObject<IsccChannel>();
    if (first) c->SetAttribute("PropagationLossModel", PointerValue(first));
    *channel = Keep(c);
    return ISCC_OK;
  });
}

void iscc_ns3_device_defaults(iscc_ns3_device_settings *settings) {
  *settings = {1e5, 0, 1, 0, 1, 0, false};
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
    if (!(s->bandwidth_hz >= 1e-3 && std::isfinite(s->bandwidth_hz)))
      return iscc_fail(error, ISCC_EINVAL, "bandwidth_hz: %g is below 0.001 Hz", s->bandwidth_hz);
    if (!(s->tx_power_w > 0 && std::isfinite(s->tx_power_w)))
      return iscc_fail(error, ISCC_EINVAL, "tx_power_w: %g is not greater than 0 W", s->tx_power_w);
    const iscc_fading fading = {g_simulation->seed, g_simulation->run, s->fading_node, s->coherence_ns,
                                s->nakagami_m};
    const iscc_status status = iscc_fading_check(&fading, error);
    if (status) return status;
    Ptr<IsccNetDevice> d = CreateObject<IsccNetDevice>();
    d->SetAttribute("BandwidthHz", DoubleValue(s->bandwidth_hz));
    d->SetAttribute("TxPowerW", DoubleValue(s->tx_power_w));
    d->SetAttribute("Hub", BooleanValue(s->hub));
    if (s->noise_w_per_hz > 0) d->SetAttribute("NoiseWPerHz", DoubleValue(s->noise_w_per_hz));
    d->SetFading(fading);
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
    Ptr<IsccNetDevice> d = Find<IsccNetDevice>(device), h = Find<IsccNetDevice>(hub);
    if (!d || !h) return Stale(error, "device");
    const IsccNetDevice::Link &link = d->GetLink(h, Simulator::Now().GetNanoSeconds());
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
    Ptr<IsccNetDevice> d = Find<IsccNetDevice>(device), h = Find<IsccNetDevice>(hub);
    if (!d || !h) return Stale(error, "device");
    if (!(snr_per_w > 0 && std::isfinite(snr_per_w)))
      return iscc_fail(error, ISCC_EINVAL, "snr_per_w: %g is not a finite number greater than 0", snr_per_w);
    const double gain = d->GetLink(h, Simulator::Now().GetNanoSeconds()).largeScale;
    if (!(gain > 0)) return iscc_fail(error, ISCC_EINVAL, "snr_per_w: the loss models leave a gain of 0");
    d->SetAttribute("NoiseWPerHz", DoubleValue(gain / (snr_per_w * d->GetBandwidthHz())));
    return ISCC_OK;
  });
}

iscc_status iscc_ns3_device_set_loss(iscc_ns3_handle device, double rate, int64_t stream, iscc_error *error) {
  return Guard(error, [&] {
    Ptr<IsccNetDevice> d = Find<IsccNetDevice>(device);
    if (!d) return Stale(error, "device");
    if (!(rate >= 0 && rate <= 1))
      return iscc_fail(error, ISCC_EINVAL, "packet_error_rate: %g is outside 0..1", rate);
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
    Ptr<IsccNetDevice> d = Find<IsccNetDevice>(device);
    if (!d) return Stale(error, "device");
    d->SetTransmitted(fn, ctx);
    return ISCC_OK;
  });
}

iscc_status iscc_ns3_pcap(iscc_ns3_handle device, const char *prefix, iscc_error *error) {
  return Guard(error, [&] {
    Ptr<IsccNetDevice> d = Find<IsccNetDevice>(device);
    if (!d) return Stale(error, "device");
    if (!prefix || !*prefix)
      return iscc_fail(error, ISCC_EINVAL, "pcap: the prefix of the file name is empty");
    PcapHelper helper;
    const std::string name = helper.GetFilenameFromDevice(prefix, d);
    FILE *probe = fopen(name.c_str(), "wbx"); // ns-3 would abort on a path it cannot open, and cut a file
    if (!probe)
      return iscc_fail(error, ISCC_EIO, "%s: %s%s", name.c_str(), strerror(errno),
                       errno == EEXIST ? "; move it away or choose another prefix" : "");
    fclose(probe);
    Ptr<PcapFileWrapper> file = helper.CreateFile(name, std::ios::out, PcapHelper::DLT_EN10MB);
    helper.HookDefaultSink<IsccNetDevice>(d, "PromiscSniffer", file);
    return ISCC_OK;
  });
}
