/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-packet-tags.h"

namespace ns3 {

NS_OBJECT_ENSURE_REGISTERED(IsccTransmissionTag);
NS_OBJECT_ENSURE_REGISTERED(IsccPeerTag);

TypeId IsccTransmissionTag::GetTypeId() {
  static TypeId tid = TypeId("ns3::IsccTransmissionTag")
                          .SetParent<Tag>()
                          .SetGroupName("Iscc")
                          .AddConstructor<IsccTransmissionTag>();
  return tid;
}

TypeId IsccTransmissionTag::GetInstanceTypeId() const {
  return GetTypeId();
}

uint32_t IsccTransmissionTag::GetSerializedSize() const {
  return 24;
}

void IsccTransmissionTag::Serialize(TagBuffer buffer) const {
  buffer.WriteDouble(powerW);
  buffer.WriteDouble(chargedBits);
  buffer.WriteU64(token);
}

void IsccTransmissionTag::Deserialize(TagBuffer buffer) {
  powerW = buffer.ReadDouble();
  chargedBits = buffer.ReadDouble();
  token = buffer.ReadU64();
}

void IsccTransmissionTag::Print(std::ostream &os) const {
  os << "power " << powerW << " W, charged " << chargedBits << " bit, token " << token;
}

TypeId IsccPeerTag::GetTypeId() {
  static TypeId tid =
      TypeId("ns3::IsccPeerTag").SetParent<Tag>().SetGroupName("Iscc").AddConstructor<IsccPeerTag>();
  return tid;
}

TypeId IsccPeerTag::GetInstanceTypeId() const {
  return GetTypeId();
}

uint32_t IsccPeerTag::GetSerializedSize() const {
  return 4;
}

void IsccPeerTag::Serialize(TagBuffer buffer) const {
  buffer.WriteU32(index);
}

void IsccPeerTag::Deserialize(TagBuffer buffer) {
  index = buffer.ReadU32();
}

void IsccPeerTag::Print(std::ostream &os) const {
  os << "for device " << index;
}

} // namespace ns3
