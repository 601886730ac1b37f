/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-energy-model - what draws from a node's ns-3 EnergySource, and what feeds it. C++ only.
 *
 * IsccEnergyModel: a load of settable power, I = P/V at the source's present voltage. IsccSourceMeter: is asked for its
 * current at each update of the source, as all models are. It adds up what the source is fed by a harvester,
 * P_h dt as the source itself does; and from a BasicEnergySource, which rounds what each update takes to whole
 * nanojoules, it draws what these roundings left out until then, so that they do not pile up, if it knows all that
 * draws from it. */
#ifndef ISCC_ENERGY_MODEL_H
#define ISCC_ENERGY_MODEL_H

#ifdef __cplusplus

#include <functional>
#include <vector>

#include "ns3/device-energy-model.h"
#include "ns3/energy-harvester.h"
#include "ns3/energy-source.h"
#include "ns3/event-id.h"
#include "ns3/nstime.h"
#include "ns3/traced-value.h"

namespace ns3 {

namespace energy {} // namespace energy
using namespace energy;

class IsccEnergyModel : public DeviceEnergyModel {
public:
  static TypeId GetTypeId();
  void SetPowerW(double powerW); // from now on; accounts what was drawn until now
  double GetPowerW() const {
    return m_powerW;
  }
  /* Called when the source says that it is empty, once. */
  void SetEmpty(std::function<void()> empty) {
    m_empty = std::move(empty);
  }
  /* Called after each change of the power. */
  void SetChanged(std::function<void()> changed) {
    m_changed = std::move(changed);
  }

  // DeviceEnergyModel
  void SetEnergySource(Ptr<EnergySource> source) override;
  double GetTotalEnergyConsumption() const override; // J
  void ChangeState(int) override {}
  void HandleEnergyDepletion() override;
  void HandleEnergyRecharged() override {}
  void HandleEnergyChanged() override {}

private:
  void DoDispose() override;
  double DoGetCurrentA() const override;

  Ptr<EnergySource> m_source;
  double m_powerW{0};
  TracedValue<double> m_energyJ{0};
  Time m_since;
  std::function<void()> m_empty, m_changed;
};

class IsccSourceMeter : public DeviceEnergyModel {
public:
  static TypeId GetTypeId();
  /* harvester null: none; alone: nothing draws from the source but the models that are counted. */
  void Watch(Ptr<EnergySource> source, Ptr<EnergyHarvester> harvester, bool alone);
  /* A model of that source; the meter must know all of them. */
  void Count(Ptr<DeviceEnergyModel> model) {
    m_models.push_back(model);
  }
  double GetHarvestedJ() const {
    return m_harvestedJ;
  }

  // DeviceEnergyModel
  void SetEnergySource(Ptr<EnergySource>) override {}
  double GetTotalEnergyConsumption() const override {
    return 0;
  }
  void ChangeState(int) override {}
  void HandleEnergyDepletion() override {}
  void HandleEnergyRecharged() override {}
  void HandleEnergyChanged() override {}

private:
  void DoDispose() override;
  double DoGetCurrentA() const override;
  void OnRemaining(double before, double after);

  Ptr<EnergySource> m_source;
  Ptr<EnergyHarvester> m_harvester;
  bool m_corrects{false};
  double m_takenJ{0}; // by the source's count
  std::vector<Ptr<DeviceEnergyModel>> m_models;
  mutable double m_harvestedJ{0}, m_drawnJ{0}; // by ours, until the latest update
  mutable Time m_since;
};

} // namespace ns3

#endif
#endif
