/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-lr-wpan-radio.h" // says whether there is lr-wpan

#ifdef ISCC_HAS_LR_WPAN

#include "iscc-lr-wpan-phy.h"
#include "ns3/lr-wpan-spectrum-signal-parameters.h"

namespace ns3 {

NS_OBJECT_ENSURE_REGISTERED(IsccLrWpanPhy);

namespace {

void LeaveEmptyReception(LrWpanPhy &phy);

/* ns-3 keeps these members to itself; an explicit instantiation may name them all the same. */
template <auto State, auto Current, auto Change> struct Members {
  friend void LeaveEmptyReception(LrWpanPhy &phy) {
    if (phy.*State == IEEE_802_15_4_PHY_BUSY_RX && !(phy.*Current).first)
      (phy.*Change)(IEEE_802_15_4_PHY_RX_ON);
  }
};

template struct Members<&LrWpanPhy::m_trxState, &LrWpanPhy::m_currentRxPacket, &LrWpanPhy::ChangeTrxState>;

} // namespace

TypeId IsccLrWpanPhy::GetTypeId() {
  static TypeId tid = TypeId("ns3::IsccLrWpanPhy").SetParent<LrWpanPhy>().SetGroupName("Iscc");
  return tid;
}

/* While the transceiver turns around to send, RX_ON takes no frame, but counts it as interference. */
void IsccLrWpanPhy::StartRx(Ptr<SpectrumSignalParameters> params) {
  LeaveEmptyReception(*this);
  LrWpanPhy::StartRx(params);
}

} // namespace ns3

#endif
