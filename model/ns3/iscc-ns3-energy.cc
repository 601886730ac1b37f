/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-ns3-energy.h"

#include <cmath>
#include <cstdlib>
#include <string>

#include "iscc-energy-model.h"
#include "iscc-ns3-state.h"
#include "iscc-ns3-text.h"
#include "iscc-radio.h"
#include "ns3/basic-energy-harvester.h"
#include "ns3/basic-energy-source.h"
#include "ns3/double.h"
#include "ns3/energy-harvester-container.h"
#include "ns3/energy-source-container.h"
#include "ns3/simulator.h"

using namespace ns3;
using namespace iscc_ns3;

namespace {

constexpr double kEmptyShare = 1e-7;                   // of a battery that is given by a number
constexpr double kStepJ = 2e-9;                        // BasicEnergySource counts whole nJ
constexpr int64_t kHarvesterStream = int64_t(1) << 44; // beyond those of mobility and radios
enum { LOAD_IDLE = ISCC_LOAD_COUNT, LOAD_RADIO, LOADS };

/* What the bindings keep of a node's battery. */
class Battery : public Object {
public:
  static TypeId GetTypeId();

  Ptr<Node> node;
  Ptr<EnergySource> source;
  Ptr<IsccEnergyModel> load[LOADS];
  Ptr<IsccSourceMeter> meter;
  Ptr<IsccRadio> radio;
  EventId expected; // the end of a BasicEnergySource
  void (*empty)(void *ctx){nullptr};
  void *ctx{nullptr};
  int64_t emptyNs{-1};

  void OnEmpty();
  void GoDark();
  void Foresee();
  void Look();

private:
  void DoDispose() override;
};

TypeId Battery::GetTypeId() { // ns-3 makes no object without one
  static TypeId tid =
      TypeId("ns3::IsccBattery").SetParent<Object>().SetGroupName("Iscc").HideFromDocumentation();
  return tid;
}

void Battery::OnEmpty() {
  if (emptyNs >= 0) return;
  emptyNs = Simulator::Now().GetNanoSeconds();
  // not at once: the source may be in the midst of a load's change
  Simulator::ScheduleNow(&Battery::GoDark, this);
}

void Battery::GoDark() {
  expected.Cancel();
  if (empty) empty(ctx);
  for (const Ptr<IsccEnergyModel> &l : load) l->SetPowerW(0);
}

/* ns-3 looks at a source when a load changes or an interval has passed; the end is at neither. */
void Battery::Foresee() {
  expected.Cancel();
  if (emptyNs >= 0 || !DynamicCast<BasicEnergySource>(source)) return;
  double powerW = 0;
  for (const Ptr<IsccEnergyModel> &l : load) powerW += l->GetPowerW();
  if (radio) powerW += radio->GetMostDrawnW(); // too early is looked at again
  DoubleValue low;
  source->GetAttribute("BasicEnergyLowBatteryThreshold", low);
  const double leftJ = source->GetRemainingEnergy() - low.Get() * source->GetInitialEnergy();
  const double ns = powerW > 0 ? std::ceil(1e9 * std::max(leftJ, kStepJ) / powerW) : 1e18;
  if (emptyNs >= 0 || ns > 1e17) return; // three years
  expected = Simulator::Schedule(NanoSeconds(int64_t(ns)), &Battery::Look, this);
}

void Battery::Look() { // a harvester may have put the end off
  source->UpdateEnergySource();
  Foresee();
}

void Battery::DoDispose() {
  expected.Cancel();
  node = nullptr;
  source = nullptr;
  meter = nullptr;
  radio = nullptr;
  for (Ptr<IsccEnergyModel> &l : load) l = nullptr;
  Object::DoDispose();
}

iscc_status MakeSource(const std::string &text, Ptr<EnergySource> *source, iscc_error *error) {
  char *end;
  const double joules = std::strtod(text.c_str(), &end);
  if (end == text.c_str() || *end) return IsccMake(text, source, error);
  if (!(joules > 0 && joules <= 1e12))
    return iscc_fail(error, ISCC_EINVAL, "battery: %g J is not within 0..1e12 J, above 0", joules);
  *source = CreateObjectWithAttributes<BasicEnergySource>(
      "BasicEnergySourceInitialEnergyJ", DoubleValue(joules), "BasicEnergyLowBatteryThreshold",
      DoubleValue(kEmptyShare), "BasicEnergyHighBatteryThreshold", DoubleValue(2 * kEmptyShare));
  return ISCC_OK;
}

/* Things that are not aggregated to a node are started by containers that are. */
template <typename Container, typename Item> void KeepAlive(Ptr<Node> node, Ptr<Item> item) {
  Ptr<Container> container = node->GetObject<Container>();
  if (!container) {
    container = CreateObject<Container>();
    node->AggregateObject(container);
  }
  container->Add(item);
}

void Connect(Ptr<Battery> b, Ptr<EnergyHarvester> harvester, bool alone) {
  b->meter = CreateObject<IsccSourceMeter>();
  for (Ptr<IsccEnergyModel> &l : b->load) {
    l = CreateObject<IsccEnergyModel>();
    l->SetEnergySource(b->source);
    l->SetChanged([battery = PeekPointer(b)] { battery->Foresee(); });
    b->source->AppendDeviceEnergyModel(l);
    b->meter->Count(l);
  }
  b->load[LOAD_IDLE]->SetEmpty([battery = PeekPointer(b)] { battery->OnEmpty(); });
  b->meter->Watch(b->source, harvester, alone);
}

iscc_status Check(Ptr<EnergySource> source, double idlePowerW, iscc_error *error) {
  if (!(idlePowerW >= 0 && idlePowerW <= 1e6))
    return iscc_fail(error, ISCC_EINVAL, "idle power: %g W is outside 0..1e6 W", idlePowerW);
  if (!(source->GetInitialEnergy() > 0))
    return iscc_fail(error, ISCC_EINVAL, "battery: its initial energy of %g J is not above 0",
                     source->GetInitialEnergy());
  if (!(source->GetSupplyVoltage() > 0))
    return iscc_fail(error, ISCC_EINVAL, "battery: its supply voltage of %g V is not above 0",
                     source->GetSupplyVoltage());
  return ISCC_OK;
}

/* Puts the node's loads on its source; alone: nothing else draws from it. */
iscc_ns3_handle Load(Ptr<EnergySource> source, Ptr<EnergyHarvester> harvester, bool alone,
                     double idlePowerW) {
  Ptr<Battery> b = CreateObject<Battery>();
  b->node = source->GetNode();
  b->source = source;
  Connect(b, harvester, alone);
  b->load[LOAD_IDLE]->SetPowerW(idlePowerW);
  g_simulation->atStop.push_back([s = PeekPointer(source)] { s->UpdateEnergySource(); });
  return Keep(b);
}

} // namespace

iscc_status iscc_ns3_battery_install(iscc_ns3_handle node, const char *source, const char *harvester,
                                     double idle_power_w, iscc_ns3_handle *battery, iscc_error *error) {
  *battery = {0, 0};
  return Guard(error, [&] {
    Ptr<Node> n = Find<Node>(node);
    if (!n) return Stale(error, "node");
    if (n->GetObject<EnergySourceContainer>())
      return iscc_fail(error, ISCC_ESTATE, "battery: the node has one already");
    Ptr<EnergySource> s;
    Ptr<EnergyHarvester> h;
    iscc_status status = MakeSource(source ? source : "", &s, error);
    if (!status && harvester) status = IsccMake(harvester, &h, error);
    if (!status) status = Check(s, idle_power_w, error);
    if (status) return status;
    s->SetNode(n);
    KeepAlive<EnergySourceContainer>(n, s);
    if (h) {
      h->SetNode(n);
      h->SetEnergySource(s);
      if (Ptr<BasicEnergyHarvester> basic = DynamicCast<BasicEnergyHarvester>(h))
        basic->AssignStreams(kHarvesterStream + n->GetId());
      s->ConnectEnergyHarvester(h);
      KeepAlive<EnergyHarvesterContainer>(n, h);
    }
    *battery = Load(s, h, true, idle_power_w);
    return ISCC_OK;
  });
}

iscc_status iscc_ns3_battery_adopt(iscc_ns3_handle source, double idle_power_w, iscc_ns3_handle *battery,
                                   iscc_error *error) {
  *battery = {0, 0};
  return Guard(error, [&] {
    Ptr<EnergySource> s = Find<EnergySource>(source);
    if (!s) return Stale(error, "energy source");
    if (s->FindDeviceEnergyModels(IsccSourceMeter::GetTypeId()).GetN() > 0)
      return iscc_fail(error, ISCC_ESTATE, "battery: a node's loads draw from this source already");
    if (!s->GetNode()) return iscc_fail(error, ISCC_ESTATE, "battery: the energy source has no node");
    Ptr<EnergyHarvesterContainer> harvesters = s->GetNode()->GetObject<EnergyHarvesterContainer>();
    Ptr<EnergyHarvester> h;
    for (uint32_t i = 0; harvesters && i < harvesters->GetN(); i++)
      if (harvesters->Get(i)->GetEnergySource() == s) {
        if (h) return iscc_fail(error, ISCC_EINVAL, "battery: has more than one harvester");
        h = harvesters->Get(i);
      }
    const iscc_status status = Check(s, idle_power_w, error);
    if (!status) *battery = Load(s, h, false, idle_power_w);
    return status;
  });
}

iscc_status iscc_ns3_battery_feed(iscc_ns3_handle battery, iscc_ns3_handle device, iscc_error *error) {
  return Guard(error, [&] {
    Ptr<Battery> b = Find<Battery>(battery);
    Ptr<NetDevice> d = Find<NetDevice>(device);
    Ptr<IsccRadio> radio = IsccRadio::Of(d);
    if (!b) return Stale(error, "battery");
    if (!radio) return Stale(error, "device");
    if (d->GetNode() != b->node)
      return iscc_fail(error, ISCC_EINVAL, "battery: the device is another node's");
    if (b->radio) return iscc_fail(error, ISCC_ESTATE, "battery: a radio draws from it already");
    b->radio = radio;
    Ptr<DeviceEnergyModel> own = radio->DrawFrom(b->source, b->load[LOAD_RADIO]);
    if (own) b->meter->Count(own);
    b->Foresee(); // it may draw before a load changes
    return ISCC_OK;
  });
}

void iscc_ns3_battery_draw(iscc_ns3_handle battery, iscc_load load, double power_w) {
  Guard(nullptr, [&] {
    Ptr<Battery> b = Find<Battery>(battery);
    if (b && b->emptyNs < 0) b->load[load]->SetPowerW(power_w);
    return ISCC_OK;
  });
}

iscc_status iscc_ns3_battery_on_empty(iscc_ns3_handle battery, void (*fn)(void *ctx), void *ctx,
                                      iscc_error *error) {
  return Guard(error, [&] {
    Ptr<Battery> b = Find<Battery>(battery);
    if (!b) return Stale(error, "battery");
    b->empty = fn;
    b->ctx = ctx;
    return ISCC_OK;
  });
}

iscc_status iscc_ns3_battery_state_of(iscc_ns3_handle battery, iscc_ns3_battery_state *state,
                                      iscc_error *error) {
  return Guard(error, [&] {
    Ptr<Battery> b = Find<Battery>(battery);
    if (!b) return Stale(error, "battery");
    *state = {};
    state->initial_j = b->source->GetInitialEnergy();
    state->remaining_j = b->source->GetRemainingEnergy();
    state->harvested_j = b->meter->GetHarvestedJ();
    state->idle_j = b->load[LOAD_IDLE]->GetTotalEnergyConsumption();
    state->sensing_j = b->load[ISCC_LOAD_SENSING]->GetTotalEnergyConsumption();
    state->compute_j = b->load[ISCC_LOAD_COMPUTE]->GetTotalEnergyConsumption();
    if (b->radio) {
      state->radio_j = b->radio->GetDrawnJ();
      state->listening_j = b->radio->GetListeningJ();
    }
    state->empty_ns = b->emptyNs;
    return ISCC_OK;
  });
}
