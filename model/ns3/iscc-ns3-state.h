/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-ns3-state - private to the bindings: the simulation under way and its handles. C++ only. */
#ifndef ISCC_NS3_STATE_H
#define ISCC_NS3_STATE_H

#ifdef __cplusplus

#include <exception>
#include <functional>
#include <map>
#include <memory>
#include <unordered_map>
#include <vector>

#include "iscc-handle.h"
#include "iscc-net-device.h"
#include "iscc-ns3.h"
#include "iscc-radio.h"
#include "ns3/event-id.h"
#include "ns3/mobility-model.h"
#include "ns3/object.h"
#include "ns3/socket.h"

namespace iscc_ns3 {

using namespace ns3;

struct TimerSlot {
  EventId event;
  void (*fn)(void *);
  void *arg;
  uint32_t generation;
  bool pending;
};

struct UdpEnd { // a socket and who listens to it
  Ptr<Socket> socket;
  iscc_ns3_received *fn;
  void *ctx;
  std::vector<uint8_t> buffer;
};

struct Simulation {
  std::vector<Ptr<Object>> objects; // handle index - 1
  std::unordered_map<const Object *, uint32_t> indices;
  std::vector<std::unique_ptr<UdpEnd>> sockets;
  std::map<Address, iscc_ns3_handle> deviceOfAddress;
  std::vector<Ptr<IsccRadio>> hubs, others; // with an address
  std::vector<TimerSlot> timers;
  std::vector<uint32_t> freeTimers;
  uint32_t seed, nextAddress;
  uint64_t run;
  uint32_t cells{0}, networks{0};            // that have taken random streams: the next has its own
  uint16_t shortAddresses{0};                // of IEEE 802.15.4 devices
  std::vector<std::function<void()>> atStop; // called before a run is stopped: some models refuse after that
  bool lte{false};                           // an LTE cell is there
  bool running{false}, ending{false};        // below Simulator::Run(); to be ended after it
  bool adopted{false};                       // a C++ program's own: it runs and destroys it itself
};

extern std::unique_ptr<Simulation> g_simulation; // ns-3 itself is one simulation per process
extern uint32_t g_generation;

/* Makes a simulation that a C++ program runs known to the bindings, until Simulator::Destroy(). */
void Adopt();

/* Of a network that is being made: what is added to its streams of ns-3, 0 for the first of the simulation. */
inline int64_t TakeNetworkStreams() {
  return int64_t(uint64_t(g_simulation->networks++) << ISCC_CELL_STREAM_BITS);
}

/* Runs body; what it throws becomes a status. */
template <typename Body> iscc_status Guard(iscc_error *error, Body body) noexcept {
  try {
    if (!g_simulation) return iscc_fail(error, ISCC_ESTATE, "ns-3: no simulation is under way");
    return body();
  } catch (const IsccError &e) {
    return iscc_fail(error, e.status, "%s", e.what());
  } catch (const std::exception &e) {
    return iscc_fail(error, ISCC_ELIBRARY, "ns-3: %s", e.what());
  } catch (...) {
    return iscc_fail(error, ISCC_ELIBRARY, "ns-3: unknown exception");
  }
}

inline iscc_ns3_handle Keep(Ptr<Object> object) {
  uint32_t &index = g_simulation->indices[PeekPointer(object)];
  if (!index) {
    g_simulation->objects.push_back(object);
    index = uint32_t(g_simulation->objects.size());
  }
  return {index, g_generation};
}

template <typename T> Ptr<T> Find(iscc_ns3_handle h) {
  if (h.generation != g_generation || h.index < 1 || h.index > g_simulation->objects.size()) return nullptr;
  return DynamicCast<T>(g_simulation->objects[h.index - 1]);
}

/* Puts a model that knows its place on a node, which learns what building it is in: loss models ask for it. */
void Stand(Ptr<Node> node, Ptr<MobilityModel> model);

inline iscc_status Stale(iscc_error *error, const char *what) {
  return iscc_fail(error, ISCC_ESTATE, "ns-3: the handle is not a %s of this simulation", what);
}

/* Of internet addresses: a port of a radio's node; the radio of a device with an address, or null; the device
 * that a socket's peer is of, none if unknown. */
Address EndOf(Ptr<const IsccRadio> radio, uint16_t port);
Ptr<IsccRadio> FindAddressed(iscc_ns3_handle device);
iscc_ns3_handle DeviceAt(const Address &from);

} // namespace iscc_ns3

#endif
#endif
