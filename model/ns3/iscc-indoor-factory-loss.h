/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-indoor-factory-loss - ns3::IsccIndoorFactoryPropagationLossModel: 3GPP's indoor factory, which ns-3 lacks, as
 * iscc-indoor-factory.h has it. C++ only. */
#ifndef ISCC_INDOOR_FACTORY_LOSS_H
#define ISCC_INDOOR_FACTORY_LOSS_H

#ifdef __cplusplus

#include <string>

#include "iscc-indoor-factory.h"
#include "ns3/propagation-loss-model.h"

namespace ns3 {

/* Its random draws are those of RngSeed, RngRun and the pair of places; it takes no stream. */
class IsccIndoorFactoryPropagationLossModel : public PropagationLossModel {
public:
  static TypeId GetTypeId();
  double GetDrawn() const { // the first random number of the link that was asked for last
    return m_drawn;
  }

private:
  bool SetScenario(std::string name);
  std::string GetScenario() const;
  double DoCalcRxPower(double txPowerDbm, Ptr<MobilityModel> a, Ptr<MobilityModel> b) const override;
  int64_t DoAssignStreams(int64_t stream) override;

  iscc_indoor_factory_kind m_kind{ISCC_INF_DH};
  double m_frequency{0}, m_density{0}, m_size{0}, m_height{0};
  bool m_shadowing{true};
  mutable double m_drawn{0};
};

} // namespace ns3

#endif
#endif
