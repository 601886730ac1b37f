/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-shannon-radio - the radio of an IsccNetDevice, which makes its own. C++ only. */
#ifndef ISCC_SHANNON_RADIO_H
#define ISCC_SHANNON_RADIO_H

#ifdef __cplusplus

#include "iscc-net-device.h"
#include "iscc-radio.h"

namespace ns3 {

class IsccShannonRadio : public IsccRadio {
public:
  static TypeId GetTypeId();
  explicit IsccShannonRadio(IsccNetDevice *device = nullptr) : m_device(device) {}
  Ptr<NetDevice> GetDevice() const override;
  bool IsHub() const override;
  void Prepare(Ptr<Packet> packet, const iscc_ns3_send_options &options) override;
  iscc_status GetUplink(Ptr<NetDevice> hub, iscc_link *link, iscc_error *error) const override;
  bool WritePcap(const std::string &name) override;
  void SetTransmitted(iscc_ns3_transmitted *fn, void *ctx) override;
  Ptr<DeviceEnergyModel> DrawFrom(Ptr<EnergySource> source, Ptr<IsccEnergyModel> load) override;
  void SwitchOff() override;

private:
  IsccNetDevice *m_device; // aggregated: lives as long
};

} // namespace ns3

#endif
#endif
