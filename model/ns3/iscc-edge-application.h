/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-edge-application - ns3::IsccEdgeNode: the node of iscc-edge-node.h as an ns-3 application. C++ only.
 *
 * Its attributes are those of iscc-node-settings.h, read when it starts; what it must agree on with its server are
 * attributes of ns3::IsccServer. Trace sources give the C record of the task as it is at that moment. Errors that show
 * only when it starts are thrown out of Simulator::Run(), as an IsccError that names the node. */
#ifndef ISCC_EDGE_APPLICATION_H
#define ISCC_EDGE_APPLICATION_H

#ifdef __cplusplus

#include <memory>
#include <string>

#include "iscc-server-application.h"
#include "ns3/application-container.h"
#include "ns3/application.h"
#include "ns3/net-device.h"
#include "ns3/nstime.h"
#include "ns3/traced-callback.h"

namespace ns3 {

class IsccEdgeNode : public Application, private iscc_node_settings {
public:
  using TaskTracedCallback = void (*)(const iscc_task &task);
  using StoppedCallback = void (*)(); // of trace sources Stopped and Idle
  static TypeId GetTypeId();
  IsccEdgeNode();
  /* Sets the attributes; id, and what its server decides, stay. */
  void Configure(const iscc_node_settings &settings);
  /* Its random streams are those of this number from now on, whatever its Id. Before it starts. Returns 1. */
  int64_t AssignStreams(int64_t stream);
  /* Draws from a battery of iscc-ns3-energy.h, and stops when that is empty. Before it starts. */
  void DrawFrom(iscc_ns3_handle battery);
  iscc_ns3_handle GetBattery() const { // 0, 0: none
    return m_battery;
  }

  uint32_t GetId() const { // UINT32_MAX: none yet
    return id;
  }
  const iscc_node_settings &GetSettings() const { // as it works by once it has started
    return *this;
  }
  Ptr<NetDevice> GetDevice() const { // null until it starts, unless it was set
    return m_device;
  }
  const iscc_edge_node *GetMachine() const { // null: not started, or disposed of
    return m_edge ? iscc_ns3_edge_machine(m_edge) : nullptr;
  }
  /* Nothing left to do: all arrivals made and none waiting or in service, or stopped. */
  bool IsIdle() const;
  /* Stops it now, once; tasks waiting or in service are traced as finished, unfinished by their outcome. */
  void Finish();
  /* The first thing that went wrong without ending the simulation; "": nothing. */
  std::string GetFault() const;

private:
  template <typename V> static V IsccEdgeNode::*Of(V iscc_node_settings::*field) {
    return field;
  }
  void DoInitialize() override;
  void StartApplication() override;
  void StopApplication() override;
  void DoDispose() override;
  std::string Where() const;
  iscc_status Read(iscc_error *error); // attributes that are texts
  iscc_status Create(iscc_error *error);
  void OnEvent(iscc_task_event event, const iscc_task &task);

  void SetMaxLatency(Time t) {
    max_latency_s = t.GetSeconds();
  }
  Time GetMaxLatency() const {
    return Seconds(max_latency_s);
  }
  void SetUplinkLimit(Time t) {
    uplink_limit_s = t.GetSeconds();
  }
  Time GetUplinkLimit() const {
    return Seconds(uplink_limit_s);
  }
  void SetInterval(Time t) {
    arrivals.interval_s = t.GetSeconds();
  }
  Time GetInterval() const {
    return Seconds(arrivals.interval_s);
  }
  void SetTasks(uint64_t n) {
    arrivals.count = n;
  }
  uint64_t GetTasks() const {
    return arrivals.count;
  }

  Ptr<IsccServer> m_server;
  Ptr<NetDevice> m_device;
  std::string m_scheme, m_arrivals, m_candidates; // what the settings' pointers are of, once it has started
  std::shared_ptr<IsccServing> m_serving;
  iscc_ns3_edge *m_edge{nullptr}; // null: not started, or disposed of
  iscc_ns3_handle m_battery{0, 0};
  int64_t m_stream{-1}; // -1: its Id at its server
  bool m_over{false};
  using TaskTrace = TracedCallback<const iscc_task &>;
  TracedCallback<> m_stopped, m_idle;
  TaskTrace m_arrived, m_decided, m_sensed, m_computed, m_sent, m_finished;
};

/* IsccRun() that ends when all of these IsccEdgeNodes have nothing left to do, at the latest when Simulator::Stop()
 * says. Beacons, walkers and batteries have no end of their own. Throws on applications of other kinds. */
void IsccRun(const ApplicationContainer &nodes);

} // namespace ns3

#endif
#endif
