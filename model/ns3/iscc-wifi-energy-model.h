/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-wifi-energy-model - ns-3's WifiRadioEnergyModel without its forecasts of the source's end. C++ only.
 *
 * At each change of state ns-3's model schedules its own switching off for the moment at which the source would be empty,
 * were it alone and the state to last. Asking the source for what is left makes it schedule another, which it loses: that
 * one comes true however much is left, and from then on nothing is drawn. Here the radio is off when its PHY is, and
 * whoever watches the source sees to that (iscc_ns3_battery_install). */
#ifndef ISCC_WIFI_ENERGY_MODEL_H
#define ISCC_WIFI_ENERGY_MODEL_H

#ifdef __cplusplus

#include "ns3/energy-source.h"
#include "ns3/wifi-net-device.h"
#include "ns3/wifi-phy.h"
#include "ns3/wifi-radio-energy-model.h"

namespace ns3 {

namespace energy {} // namespace energy
using namespace energy;

class IsccWifiEnergyModel : public WifiRadioEnergyModel {
public:
  static TypeId GetTypeId();

  /* Makes the one of a device that draws from a source, with a transmit current of the power sent over the source's
   * voltage; depleted is called when the source says that it is empty. */
  static Ptr<IsccWifiEnergyModel> Install(Ptr<WifiNetDevice> device, Ptr<EnergySource> source,
                                          Callback<void> depleted);

  void ChangeState(int newState) override;
  void HandleEnergyChanged() override {}

private:
  WifiPhy *m_phy{nullptr}; // which keeps the model
};

} // namespace ns3

#endif
#endif
