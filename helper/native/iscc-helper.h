/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-helper - sets up edge nodes and their server in an ns-3 program in C++, as ns-3's helpers do. C++ only.
 *
 *   IsccHelper iscc;
 *   iscc.SetPropagation("ns3::LogDistancePropagationLossModel[Exponent=2.5]");
 *   iscc.SetNodeAttribute("MaxLatency", TimeValue(MilliSeconds(900)));
 *   iscc.InstallHub(server);
 *   iscc.InstallDevices(nodes);                     // nodes and server have their places
 *   Ptr<IsccServer> at = iscc.InstallServer(server);
 *   ApplicationContainer apps = iscc.InstallNodes(nodes, at);
 *
 * One helper is one cell. It works by the C calls that the C examples use, so that a program in C++ and one in C with
 * the same scenario and seed have the same tasks. RngSeed and RngRun are those at its first call. A simulation's first
 * cell draws from the same random streams as a cell in C, each later helper's (in the order of their first Place,
 * InstallHub or InstallServer) from others.
 *
 * Errors: throws IsccError. Lifetime: keep it until the simulation is over. */
#ifndef ISCC_HELPER_H
#define ISCC_HELPER_H

#ifdef __cplusplus

#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "iscc-cell-world.h"
#include "iscc-edge-application.h"
#include "iscc-scenario.h"
#include "ns3/application-container.h"
#include "ns3/attribute.h"
#include "ns3/device-energy-model-container.h"
#include "ns3/energy-source-container.h"
#include "ns3/net-device-container.h"
#include "ns3/node-container.h"
#include "ns3/trace-helper.h"

namespace ns3 {

namespace energy {} // namespace energy
using namespace energy;

class IsccHelper : public PcapHelperForDevice {
public:
  /* The Shannon channel with log-distance loss, thermal noise and no fading; applications as their attributes are. */
  IsccHelper();
  /* All as the options of the examples say (iscc-scenario.h). Its texts are borrowed. */
  explicit IsccHelper(const iscc_scenario &scenario);
  IsccHelper(const IsccHelper &) = delete;
  IsccHelper &operator=(const IsccHelper &) = delete;
  ~IsccHelper() override;

  /* shannon or another word of --uplink. */
  void SetUplink(const std::string &stack);
  /* A chain of loss models, as of iscc_ns3_channel_create(). */
  void SetPropagation(const std::string &chain);
  /* Of each ns3::IsccNetDevice (of uplink shannon alone), ns3::IsccEdgeNode, ns3::IsccServer that is installed from
   * now on. Names and values are checked at once. */
  void SetDeviceAttribute(const std::string &name, const AttributeValue &value);
  void SetNodeAttribute(const std::string &name, const AttributeValue &value);
  void SetServerAttribute(const std::string &name, const AttributeValue &value);

  /* Puts server and nodes where the scenario says, in place of mobility helpers. */
  void Place(Ptr<Node> server, const NodeContainer &nodes);
  /* The server's radio: a hub of the Shannon channel, an access point, ... with an address. Before the nodes'. */
  Ptr<NetDevice> InstallHub(Ptr<Node> server);
  /* The nodes' radios, with addresses and, where the scenario has one, a battery each. All of the cell at once. */
  NetDeviceContainer InstallDevices(const NodeContainer &nodes);
  Ptr<IsccServer> InstallServer(Ptr<Node> server);
  ApplicationContainer InstallNodes(const NodeContainer &nodes, Ptr<IsccServer> server);
  /* Lets each node draw from a source of its own: idle power, sensing, device layers and radio. Returns these loads. */
  DeviceEnergyModelContainer InstallEnergy(const ApplicationContainer &nodes,
                                           const EnergySourceContainer &sources, double idlePowerW = 0);
  /* Fading and tasks of each node are those of stream, stream + 1, ... Returns the streams used. */
  int64_t AssignStreams(const NodeContainer &nodes, int64_t stream);

  const iscc_cell_world &GetWorld() const {
    return m_world;
  }
  const iscc_scenario &GetScenario() const {
    return m_scenario;
  }
  /* Of the scenario's batteries; none: 0, 0. */
  iscc_ns3_handle GetBattery(Ptr<Node> node) const;

private:
  using Attributes = std::vector<std::pair<std::string, Ptr<AttributeValue>>>;
  using Step = std::function<iscc_status(iscc_error *error)>;
  void EnablePcapInternal(std::string prefix, Ptr<NetDevice> device, bool promiscuous,
                          bool explicitFilename) override;
  void Enter();                 // the simulation
  void Build(const Step &step); // tried in a copy of the process first
  iscc_status Equip(Ptr<Node> node, const iscc_ns3_device_settings &settings, iscc_ns3_handle *device,
                    iscc_error *error);
  iscc_status EquipNode(Ptr<Node> node, uint32_t id, iscc_ns3_handle *device, iscc_error *error);

  iscc_scenario m_scenario{};
  bool m_given{false}; // by the program; else attributes say
  std::string m_propagation;
  iscc_cell_world m_world{};
  bool m_read{false};           // the world's files
  iscc_ns3_handle m_cell{0, 0}; // an object of the simulation that it is in
  iscc_ns3_handle m_channel{0, 0}, m_hub{0, 0};
  bool m_equipped{false};                          // by InstallDevices
  std::map<uint32_t, iscc_ns3_handle> m_batteries; // of node numbers of ns-3
  Attributes m_device, m_node, m_server;
};

} // namespace ns3

#endif
#endif
