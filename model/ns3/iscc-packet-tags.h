/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-packet-tags - what rides on packets through ns-3's stack to our own device. C++ only. */
#ifndef ISCC_PACKET_TAGS_H
#define ISCC_PACKET_TAGS_H

#ifdef __cplusplus

#include "ns3/tag.h"

namespace ns3 {

/* Rides on a packet: transmit power, bits that cost airtime, and a token given back at the end. */
class IsccTransmissionTag : public Tag {
public:
  static TypeId GetTypeId();
  TypeId GetInstanceTypeId() const override;
  uint32_t GetSerializedSize() const override;
  void Serialize(TagBuffer buffer) const override;
  void Deserialize(TagBuffer buffer) override;
  void Print(std::ostream &os) const override;

  double powerW{0};       // <= 0: the device's own
  double chargedBits{-1}; // < 0: the whole frame
  uint64_t token{0};
};

/* Rides on a copy of a broadcast while it waits: which device it is for. */
class IsccPeerTag : public Tag {
public:
  static TypeId GetTypeId();
  TypeId GetInstanceTypeId() const override;
  uint32_t GetSerializedSize() const override;
  void Serialize(TagBuffer buffer) const override;
  void Deserialize(TagBuffer buffer) override;
  void Print(std::ostream &os) const override;

  uint32_t index{0}; // in the channel
};

} // namespace ns3

#endif
#endif
