/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-energy-model.h"

#include "ns3/basic-energy-source.h"
#include "ns3/double.h"
#include "ns3/simulator.h"
#include "ns3/trace-source-accessor.h"

namespace ns3 {

NS_OBJECT_ENSURE_REGISTERED(IsccEnergyModel);
NS_OBJECT_ENSURE_REGISTERED(IsccSourceMeter);

TypeId IsccEnergyModel::GetTypeId() {
  static TypeId tid =
      TypeId("ns3::IsccEnergyModel")
          .SetParent<DeviceEnergyModel>()
          .SetGroupName("Iscc")
          .AddConstructor<IsccEnergyModel>()
          .AddAttribute("PowerW", "Power drawn from the source now, W.", DoubleValue(0),
                        MakeDoubleAccessor(&IsccEnergyModel::SetPowerW, &IsccEnergyModel::GetPowerW),
                        MakeDoubleChecker<double>(0))
          .AddTraceSource("TotalEnergyConsumption", "Energy drawn until the latest change of power, J.",
                          MakeTraceSourceAccessor(&IsccEnergyModel::m_energyJ),
                          "ns3::TracedValueCallback::Double");
  return tid;
}

void IsccEnergyModel::SetPowerW(double powerW) {
  if (powerW == m_powerW) return;
  if (m_source) m_source->UpdateEnergySource(); // while the power is still the old one
  m_energyJ += m_powerW * (Simulator::Now() - m_since).GetSeconds();
  m_since = Simulator::Now();
  m_powerW = powerW;
  if (m_changed) m_changed();
}

void IsccEnergyModel::SetEnergySource(Ptr<EnergySource> source) {
  m_source = source;
}

double IsccEnergyModel::GetTotalEnergyConsumption() const {
  return m_energyJ + m_powerW * (Simulator::Now() - m_since).GetSeconds();
}

void IsccEnergyModel::HandleEnergyDepletion() {
  const std::function<void()> empty = std::move(m_empty);
  m_empty = nullptr; // some sources say so at every update
  if (empty) empty();
}

void IsccEnergyModel::DoDispose() {
  m_source = nullptr;
  m_empty = m_changed = nullptr;
  DeviceEnergyModel::DoDispose();
}

double IsccEnergyModel::DoGetCurrentA() const {
  return m_powerW > 0 ? m_powerW / m_source->GetSupplyVoltage() : 0;
}

TypeId IsccSourceMeter::GetTypeId() {
  static TypeId tid = TypeId("ns3::IsccSourceMeter")
                          .SetParent<DeviceEnergyModel>()
                          .SetGroupName("Iscc")
                          .AddConstructor<IsccSourceMeter>();
  return tid;
}

void IsccSourceMeter::Watch(Ptr<EnergySource> source, Ptr<EnergyHarvester> harvester, bool alone) {
  m_source = source;
  m_harvester = harvester;
  source->AppendDeviceEnergyModel(this);
  m_corrects = alone && DynamicCast<BasicEnergySource>(source) &&
               source->TraceConnectWithoutContext("RemainingEnergy",
                                                  MakeCallback(&IsccSourceMeter::OnRemaining, this));
}

void IsccSourceMeter::OnRemaining(double before, double after) {
  m_takenJ += before - after;
}

double IsccSourceMeter::DoGetCurrentA() const {
  const double seconds = (Simulator::Now() - m_since).GetSeconds(), volts = m_source->GetSupplyVoltage();
  if (!(seconds > 0)) return 0;
  m_since = Simulator::Now();
  const double leftOutJ = m_drawnJ - m_takenJ, fedJ = m_harvester ? m_harvester->GetPower() * seconds : 0;
  m_harvestedJ += fedJ;
  m_drawnJ -= fedJ;
  for (const Ptr<DeviceEnergyModel> &model : m_models) m_drawnJ += model->GetCurrentA() * volts * seconds;
  return m_corrects ? leftOutJ / (volts * seconds) : 0;
}

void IsccSourceMeter::DoDispose() {
  m_source = nullptr;
  m_harvester = nullptr;
  m_models.clear();
  DeviceEnergyModel::DoDispose();
}

} // namespace ns3
