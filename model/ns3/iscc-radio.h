/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-radio - what the bindings need of a radio, whatever stack it is of. C++ only. One is aggregated to each
 * device that tasks are sent with; the rest of the bindings knows radios by this class alone. */
#ifndef ISCC_RADIO_H
#define ISCC_RADIO_H

#ifdef __cplusplus

#include <algorithm>
#include <map>
#include <string>
#include <unordered_map>

#include "iscc-energy-model.h"
#include "iscc-host.h"
#include "iscc-ns3.h"
#include "ns3/address.h"
#include "ns3/ipv4-address.h"
#include "ns3/net-device.h"
#include "ns3/object.h"
#include "ns3/packet.h"
#include "ns3/propagation-loss-model.h"
#include "ns3/simulator.h"

namespace ns3 {

class IsccRadio : public Object {
public:
  static TypeId GetTypeId();
  /* The radio of a device; null: it has none. */
  static Ptr<IsccRadio> Of(Ptr<const NetDevice> device);

  virtual Ptr<NetDevice> GetDevice() const = 0; // the one that addresses belong to
  virtual bool IsHub() const = 0;               // the server's side
  /* Whether the two are a hub and another device of one network. Told of both alike. */
  virtual bool Reaches(Ptr<const IsccRadio> other) const;
  /* Marks the packet, which is sent next, with its options; sets up the radio for it where it must. */
  virtual void Prepare(Ptr<Packet> packet, const iscc_ns3_send_options &options) = 0;
  /* Application bytes of a datagram with options, at most. */
  virtual size_t GetDatagramMaxBytes() const;
  /* The link to the hub as it is now, for plans. */
  virtual iscc_status GetUplink(Ptr<NetDevice> hub, iscc_link *link, iscc_error *error) const = 0;

  /* Whether what is sent now can reach the hub: some networks must be joined first. */
  virtual bool HasJoined() const {
    return true;
  }

  /* Tells ahead with what power the next datagrams will be sent; most radios need not know. */
  virtual void Expect(double powerW);

  /* ns-3 did not take the packet: no end will be told. */
  virtual void Forget(Ptr<const Packet> packet);

  /* Gives the device its address, free unless the device has one or the stack its own; of type Ipv4Address or
   * Ipv6Address. */
  void JoinInternet(Ipv4Address free) {
    m_address = Join(free);
  }
  Address GetAddress() const { // invalid: none yet
    return m_address;
  }
  /* So that no address resolution takes air time which no plan knows of. */
  virtual void Know(Ptr<const IsccRadio> peer);

  /* Writes what is sent and received to a new file; false: this radio cannot. */
  virtual bool WritePcap(const std::string &name);

  /* Of a loss chain between two nodes' places, linear. Models that draw at random draw anew at each call. */
  static double GainBetween(Ptr<PropagationLossModel> loss, Ptr<Node> from, Ptr<Node> to);
  static double DistanceBetween(Ptr<Node> from, Ptr<Node> to);

  /* Who is told the end of each datagram that Prepare() saw, exactly once. */
  virtual void SetTransmitted(iscc_ns3_transmitted *fn, void *ctx) {
    m_transmitted = fn;
    m_ctx = ctx;
  }

  /* Draws from a battery from now on: a load while frames of datagrams with options are on the air, unless the
   * stack has an energy model of its own, which is returned. */
  virtual Ptr<DeviceEnergyModel> DrawFrom(Ptr<EnergySource> source, Ptr<IsccEnergyModel> load);
  virtual double GetDrawnJ() const; // so far
  /* A bound of what its own energy model draws now or after its next change; 0: it draws through the load. */
  virtual double GetMostDrawnW() const {
    return 0;
  }
  /* Of what was drawn: not for such frames. */
  virtual double GetListeningJ() const {
    return 0;
  }
  /* Stops for good, a frame on the air in the midst of it. All datagrams are told of before it returns, with
   * what they cost so far. */
  virtual void SwitchOff() = 0;

protected:
  virtual Address Join(Ipv4Address free);
  void DoDispose() override;
  void Draw(double powerW) const {
    if (m_load) m_load->SetPowerW(powerW);
  }
  void Tell(uint64_t token, int64_t startNs, int64_t airtimeNs, double bits, double energyJ) const {
    if (m_transmitted) m_transmitted(m_ctx, token, startNs, airtimeNs, bits, energyJ);
  }

  /* What every radio knows of a datagram that was handed over and is not told of yet. */
  struct Sent {
    uint64_t token{0};
    double bits{0}, energyJ{0};
    Time onAir;            // in all
    Time frameEnd;         // of the latest frame,
    double framePowerW{0}; // the datagram's share of its power
    double frameShare{1};  // and of its time
  };
  /* All of them in the order they were sent, with what is not to come of a frame on the air taken off. */
  template <typename Datagram>
  static std::map<uint64_t, Datagram> Cut(std::unordered_map<uint64_t, Datagram> *datagrams) {
    std::map<uint64_t, Datagram> left(datagrams->begin(), datagrams->end());
    datagrams->clear();
    for (auto &[id, d] : left) {
      const Time cut = std::max(d.frameEnd - Simulator::Now(), Time(0));
      d.onAir = std::max(d.onAir - cut * d.frameShare, Time(0));
      d.energyJ -= d.framePowerW * cut.GetSeconds();
    }
    return left;
  }

private:
  Address m_address;
  iscc_ns3_transmitted *m_transmitted{nullptr};
  void *m_ctx{nullptr};
  Ptr<IsccEnergyModel> m_load;
};

/* ISCC_EINVAL unless the loss models say a gain between the places of two nodes, both ways: models may refuse places,
 * and ns-3 ends or crashes on some. stack begins the text. */
iscc_status IsccExpectGain(Ptr<PropagationLossModel> loss, Ptr<Node> a, Ptr<Node> b, const char *stack,
                           iscc_error *error);

} // namespace ns3

#endif
#endif
