/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-lte-radio - what an LTE device of the bindings does beyond ns-3's: power, time and energy of each datagram,
 * and the goodput that plans are made with. C++ only. Aggregated to a UE's LteUeNetDevice, and to the server's
 * end of its link to the packet gateway.
 *
 * The bytes of a datagram carry a tag through all layers. Each subframe that the UE sends data in, retransmissions
 * too, costs its power times the subframe's duration, shared by bytes among the datagrams in it. A datagram has
 * left when the eNB has received all transport blocks with its bytes, or has any of them sent again no more. */
#ifndef ISCC_LTE_RADIO_H
#define ISCC_LTE_RADIO_H

#ifdef __cplusplus
#if !defined ISCC_WITHOUT_LTE && !defined ISCC_WITHOUT_POINT_TO_POINT &&                                     \
    __has_include("ns3/lte-helper.h") && __has_include("ns3/point-to-point-epc-helper.h")
#define ISCC_HAS_LTE 1

#include <map>
#include <unordered_map>
#include <vector>

#include "iscc-lte-uplink.h"
#include "iscc-ns3-lte.h"
#include "iscc-radio.h"
#include "ns3/event-id.h"
#include "ns3/ipv4-header.h"
#include "ns3/lte-common.h"
#include "ns3/lte-helper.h"
#include "ns3/lte-ue-net-device.h"
#include "ns3/nstime.h"
#include "ns3/packet-burst.h"
#include "ns3/point-to-point-epc-helper.h"
#include "ns3/propagation-loss-model.h"

namespace ns3 {

class IsccLteRadio;

/* What the devices of one cell share. */
class IsccLteNetwork : public Object {
public:
  static TypeId GetTypeId();

  Ptr<LteHelper> lte;
  Ptr<PointToPointEpcHelper> epc;
  Ptr<PropagationLossModel> loss;
  double giveUpS{0};
  uint32_t nodesMax{0}, nodes{0}, soundingMs{0};
  int resourceBlocks{0};
  int64_t streams{0}; // where its random streams begin
  Ptr<NetDevice> hub, enb;
  iscc_lte_uplink uplink{}; // noise and steps are known with the eNB
  void MeetEnb();
  std::unordered_map<uint16_t, IsccLteRadio *> joined; // by RNTI

private:
  void DoDispose() override;
  void OnReception(PhyReceptionStatParameters block);
};

class IsccLteRadio : public IsccRadio {
public:
  static TypeId GetTypeId();
  void Watch(Ptr<NetDevice> device, Ptr<IsccLteNetwork> network);
  Ptr<NetDevice> GetDevice() const override;
  bool IsHub() const override;
  bool Reaches(Ptr<const IsccRadio> other) const override;
  void Prepare(Ptr<Packet> packet, const iscc_ns3_send_options &options) override;
  void Forget(Ptr<const Packet> packet) override;
  bool HasJoined() const override;
  iscc_status GetUplink(Ptr<NetDevice> hub, iscc_link *link, iscc_error *error) const override;
  void Know(Ptr<const IsccRadio> peer) override;
  void Expect(double powerW) override;
  double GetListeningJ() const override;
  void SwitchOff() override;
  void OnReception(bool correct); // of the transport block sent last, at the eNB

private:
  struct Datagram : Sent {
    uint32_t bytesLeft{0}; // not sent yet
    int open{0};           // transport blocks sent and not received
    EventId end;           // told then
  };

  Address Join(Ipv4Address free) override;
  Address JoinAsUe();
  Address JoinAsServer(Ipv4Address free);
  void DoDispose() override;
  double GetGain() const;
  double GetPowerW() const;
  void OnJoined(uint64_t imsi, uint16_t cell, uint16_t rnti);
  void OnOutgoing(const Ipv4Header &header, Ptr<const Packet> packet, uint32_t interface);
  void BeginTransfer();
  bool FindHeader(Ptr<const Packet> pdu, std::map<uint64_t, uint32_t> *bytes) const;
  void OnBurst(Ptr<const PacketBurst> burst);
  void Charge(const std::map<uint64_t, uint32_t> &bytes, uint32_t marked, uint32_t size);
  void OnOffAir(Ptr<const PacketBurst> burst);
  void Leave();
  void End(uint64_t id);
  void TellOf(const Datagram &d);
  void Learn(const Datagram &last);

  NetDevice *m_device{nullptr};
  Ptr<LteUeNetDevice> m_ue; // null: the hub
  Ptr<IsccLteNetwork> m_network;
  std::unordered_map<uint64_t, Datagram> m_datagrams; // handed over, their end not told yet
  uint64_t m_next{1};
  uint32_t m_interface{0}; // of IP
  bool m_off{false};
  double m_toldJ{0};
  int m_newest{-1}, m_sent{-1}; // numbers of RLC PDUs: the latest new one; the one sent last, none: -1
  Time m_sentUntil;
  std::unordered_map<int, std::vector<uint64_t>> m_open; // datagrams in PDUs that the eNB lacks
  /* The transfer under way: handed over, first on the air. */
  Time m_since, m_first;
  double m_transferBits{0}, m_transferRateBps{0};
  bool m_whole{false};    // nothing of it was given up
  iscc_goodput m_goodput; // of earlier ones
};

} // namespace ns3

#endif
#endif
#endif
