/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-indoor-factory-loss.h"

#include "ns3/boolean.h"
#include "ns3/double.h"
#include "ns3/mobility-model.h"
#include "ns3/node.h"
#include "ns3/rng-seed-manager.h"
#include "ns3/string.h"

namespace ns3 {

NS_OBJECT_ENSURE_REGISTERED(IsccIndoorFactoryPropagationLossModel);

TypeId IsccIndoorFactoryPropagationLossModel::GetTypeId() {
  using Self = IsccIndoorFactoryPropagationLossModel;
  static TypeId tid =
      TypeId("ns3::IsccIndoorFactoryPropagationLossModel")
          .SetParent<PropagationLossModel>()
          .SetGroupName("Iscc")
          .AddConstructor<Self>()
          .AddAttribute("Scenario", "SL, DL, SH, DH (sparse or dense clutter, low or high station) or HH.",
                        StringValue("DH"), MakeStringAccessor(&Self::SetScenario, &Self::GetScenario),
                        MakeStringChecker())
          .AddAttribute("Frequency", "Carrier frequency in Hz.", DoubleValue(3.5e9),
                        MakeDoubleAccessor(&Self::m_frequency), MakeDoubleChecker<double>(0.5e9, 100e9))
          .AddAttribute("ClutterDensity",
                        "Share of the floor that clutter covers; 0: 3GPP's for the scenario.", DoubleValue(0),
                        MakeDoubleAccessor(&Self::m_density), MakeDoubleChecker<double>(0, 0.999))
          .AddAttribute("ClutterSizeM", "Size of the clutter in m; 0: 3GPP's for the scenario.",
                        DoubleValue(0), MakeDoubleAccessor(&Self::m_size), MakeDoubleChecker<double>(0, 1e6))
          .AddAttribute("ClutterHeightM", "Height of the clutter in m; 0: 3GPP's for the scenario.",
                        DoubleValue(0), MakeDoubleAccessor(&Self::m_height),
                        MakeDoubleChecker<double>(0, 1e6))
          .AddAttribute("ShadowingEnabled", "Whether there is shadowing.", BooleanValue(true),
                        MakeBooleanAccessor(&Self::m_shadowing), MakeBooleanChecker());
  return tid;
}

bool IsccIndoorFactoryPropagationLossModel::SetScenario(std::string name) {
  return iscc_indoor_factory_kind_find(name.c_str(), &m_kind);
}

std::string IsccIndoorFactoryPropagationLossModel::GetScenario() const {
  return iscc_indoor_factory_kind_name(m_kind);
}

double IsccIndoorFactoryPropagationLossModel::DoCalcRxPower(double txPowerDbm, Ptr<MobilityModel> a,
                                                            Ptr<MobilityModel> b) const {
  const iscc_indoor_factory factory = {RngSeedManager::GetSeed(),
                                       RngSeedManager::GetRun(),
                                       m_kind,
                                       m_frequency,
                                       m_density,
                                       m_size,
                                       m_height,
                                       m_shadowing};
  const Vector at = a->GetPosition(), to = b->GetPosition();
  const double atM[3] = {at.x, at.y, at.z}, toM[3] = {to.x, to.y, to.z};
  return txPowerDbm - iscc_indoor_factory_link_db(&factory, a->GetObject<Node>()->GetId(), atM,
                                                  b->GetObject<Node>()->GetId(), toM, &m_drawn);
}

int64_t IsccIndoorFactoryPropagationLossModel::DoAssignStreams(int64_t) {
  return 0;
}

} // namespace ns3
