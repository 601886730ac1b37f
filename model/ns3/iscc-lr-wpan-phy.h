/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-lr-wpan-phy - ns-3's IEEE 802.15.4 PHY, without the state in which it is busy receiving no frame. C++ only.
 *
 * A frame that is given up to send an acknowledgement sets a flag, which its own end should clear. If another frame
 * is taken before that end, the flag stays until the other's end and keeps the PHY in BUSY_RX without a frame. At the
 * next one ns-3.37 reads the frame that is not there and crashes. Here it is back in RX_ON when the next frame begins.
 * In 3.48 the PHY does not crash, but may stay deaf until it next sends, which this does not mend (doc/contrib.rst). */
#ifndef ISCC_LR_WPAN_PHY_H
#define ISCC_LR_WPAN_PHY_H

#ifdef __cplusplus
#if !defined ISCC_WITHOUT_LR_WPAN && __has_include("ns3/lr-wpan-phy.h")

#include "ns3/lr-wpan-phy.h"

namespace ns3 {
namespace lrwpan {} // namespace lrwpan
using namespace lrwpan;

class IsccLrWpanPhy : public LrWpanPhy {
public:
  static TypeId GetTypeId();
  void StartRx(Ptr<SpectrumSignalParameters> params) override;
};

} // namespace ns3

#endif
#endif
#endif
