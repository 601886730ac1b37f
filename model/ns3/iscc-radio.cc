/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-radio.h"

#include "ns3/channel.h"

namespace ns3 {

NS_OBJECT_ENSURE_REGISTERED(IsccRadio);

TypeId IsccRadio::GetTypeId() {
  static TypeId tid = TypeId("ns3::IsccRadio").SetParent<Object>().SetGroupName("Iscc");
  return tid;
}

Ptr<IsccRadio> IsccRadio::Of(Ptr<const NetDevice> device) {
  return device ? device->GetObject<IsccRadio>() : nullptr;
}

bool IsccRadio::Reaches(Ptr<const IsccRadio> other) const {
  return other != this && (IsHub() || other->IsHub()) &&
         GetDevice()->GetChannel() == other->GetDevice()->GetChannel();
}

size_t IsccRadio::GetDatagramMaxBytes() const {
  return ISCC_NS3_UDP_MAX_BYTES;
}

void IsccRadio::DoDispose() {
  m_transmitted = nullptr;
  Object::DoDispose();
}

} // namespace ns3
