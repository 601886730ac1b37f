/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-wifi-energy-model.h"

#include "ns3/double.h"
#include "ns3/wifi-tx-current-model.h"

namespace ns3 {

NS_OBJECT_ENSURE_REGISTERED(IsccWifiEnergyModel);

TypeId IsccWifiEnergyModel::GetTypeId() {
  static TypeId tid = TypeId("ns3::IsccWifiEnergyModel")
                          .SetParent<WifiRadioEnergyModel>()
                          .SetGroupName("Iscc")
                          .AddConstructor<IsccWifiEnergyModel>();
  return tid;
}

Ptr<IsccWifiEnergyModel> IsccWifiEnergyModel::Install(Ptr<WifiNetDevice> device, Ptr<EnergySource> source,
                                                      Callback<void> depleted) {
  Ptr<IsccWifiEnergyModel> model = CreateObject<IsccWifiEnergyModel>();
  model->m_phy = PeekPointer(device->GetPhy());
  model->m_phy->SetWifiRadioEnergyModel(model);
  model->SetEnergyDepletionCallback(depleted);
  source->AppendDeviceEnergyModel(model);
  model->SetEnergySource(source);
  model->m_phy->RegisterListener(model->GetPhyListener());
  Ptr<LinearWifiTxCurrentModel> current = CreateObject<LinearWifiTxCurrentModel>();
  current->SetAttribute("Eta", DoubleValue(1));
  current->SetAttribute("Voltage", DoubleValue(source->GetSupplyVoltage()));
  current->SetAttribute("IdleCurrent", DoubleValue(0));
  model->SetTxCurrentModel(current);
  return model;
}

void IsccWifiEnergyModel::ChangeState(int newState) {
  const bool forecast = WifiPhyState(newState) == WifiPhyState::OFF && !m_phy->IsStateOff();
  if (!forecast) WifiRadioEnergyModel::ChangeState(newState);
}

} // namespace ns3
