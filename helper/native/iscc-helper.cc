/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-helper.h"

#include <cmath>
#include <type_traits>

#include "iscc-cell-record.h"
#include "iscc-cell-stack.h"
#include "iscc-energy-model.h"
#include "iscc-handle.h"
#include "iscc-net-device.h"
#include "iscc-ns3-energy.h"
#include "iscc-ns3-text.h"
#include "ns3/node.h"
#include "ns3/pointer.h"
#include "ns3/string.h"

namespace ns3 {

namespace {

/* Lives as long as its simulation: a handle of one tells whether that is the present one. */
class Mark : public Object {
public:
  static TypeId GetTypeId() { // ns-3 makes no object without one
    static TypeId tid =
        TypeId("ns3::IsccCellMark").SetParent<Object>().SetGroupName("Iscc").HideFromDocumentation();
    return tid;
  }
};

using Attributes = std::vector<std::pair<std::string, Ptr<AttributeValue>>>;

void Keep(Attributes *attributes, TypeId type, const std::string &name, const AttributeValue &value) {
  IsccExpect("IsccHelper", [&](iscc_error *error) { return IsccCheckAttribute(type, name, value, error); });
  attributes->emplace_back(name, value.Copy());
}

void Apply(Ptr<Object> object, const Attributes &attributes) {
  for (const auto &[name, value] : attributes) object->SetAttribute(name, *value); // checked by Keep()
}

[[noreturn]] void Refuse(const std::string &text) {
  throw IsccError(ISCC_ESTATE, "IsccHelper: " + text);
}

/* What an application sends with or is reached at: its attribute, else what it would take. */
template <typename App> Ptr<NetDevice> DeviceFor(Ptr<Node> node, Ptr<App> app) {
  PointerValue device;
  app->GetAttribute("Device", device);
  Ptr<NetDevice> own = device.Get<NetDevice>();
  return own ? own : IsccDeviceOf(node, std::is_same_v<App, IsccServer>);
}

/* A device is of one application of a kind. */
template <typename App> void RefuseSecond(Ptr<Node> node, Ptr<App> app) {
  for (uint32_t k = 0; k < node->GetNApplications(); k++) {
    Ptr<App> other = DynamicCast<App>(node->GetApplication(k));
    if (other && DeviceFor(node, other) == DeviceFor(node, app))
      Refuse("node " + std::to_string(node->GetId()) + " has an " + App::GetTypeId().GetName() +
             " on this device already");
  }
}

} // namespace

IsccHelper::IsccHelper() {
  iscc_scenario_defaults(&m_scenario);
  m_scenario.coherence_s = 0;
  m_scenario.propagation = "ns3::LogDistancePropagationLossModel";
  m_scenario.world.noise_figure_db = 0;
}

IsccHelper::IsccHelper(const iscc_scenario &scenario) : m_scenario(scenario), m_given(true) {}

IsccHelper::~IsccHelper() {
  iscc_cell_world_free(&m_world);
}

void IsccHelper::SetUplink(const std::string &stack) {
  IsccExpect("IsccHelper",
             [&](iscc_error *error) { return iscc_stack_find(stack.c_str(), &m_scenario.uplink, error); });
  if (!m_given) m_scenario.world.noise_figure_db = m_scenario.uplink == ISCC_STACK_SHANNON ? 0 : std::nan("");
}

void IsccHelper::SetPropagation(const std::string &chain) {
  m_propagation = chain;
  m_scenario.propagation = m_propagation.c_str();
}

void IsccHelper::SetDeviceAttribute(const std::string &name, const AttributeValue &value) {
  Keep(&m_device, IsccNetDevice::GetTypeId(), name, value);
}

void IsccHelper::SetNodeAttribute(const std::string &name, const AttributeValue &value) {
  Keep(&m_node, IsccEdgeNode::GetTypeId(), name, value);
}

void IsccHelper::SetServerAttribute(const std::string &name, const AttributeValue &value) {
  Keep(&m_server, IsccServer::GetTypeId(), name, value);
}

void IsccHelper::Enter() {
  if (IsccObjectOf(m_cell)) return;
  m_scenario.node.first_stream = IsccTakeCellStreams();
  m_cell = IsccHandleOf(CreateObject<Mark>());
  m_equipped = false;
}

void IsccHelper::Build(const Step &step) {
  IsccExpect("IsccHelper", [&](iscc_error *error) {
    if (!m_read) {
      const iscc_status status = iscc_cell_world_read(&m_scenario, &m_world, error);
      if (status) return status;
      m_read = true;
    }
    return iscc_ns3_build([](void *ctx, iscc_error *e) { return (*static_cast<const Step *>(ctx))(e); },
                          nullptr, const_cast<Step *>(&step), error);
  });
}

void IsccHelper::Place(Ptr<Node> server, const NodeContainer &nodes) {
  Enter();
  const iscc_ns3_handle hub = IsccHandleOf(server);
  m_scenario.nodes = nodes.GetN();
  Build([&](iscc_error *error) {
    const iscc_world &world = m_scenario.world;
    iscc_status status = world.buildings ? iscc_ns3_buildings_create(world.buildings, error) : ISCC_OK;
    if (!status)
      status = iscc_ns3_mobility_install(hub, "ns3::ConstantPositionMobilityModel", world.server_position_m,
                                         error);
    double position[3];
    for (uint32_t id = 0; id < nodes.GetN() && !status; id++) {
      status = iscc_cell_world_place(&m_world, &m_scenario, id, position, error);
      if (!status)
        status =
            iscc_cell_world_install(&m_world, &m_scenario, id, IsccHandleOf(nodes.Get(id)), position, error);
    }
    return status;
  });
}

iscc_status IsccHelper::Equip(Ptr<Node> node, const iscc_ns3_device_settings &settings,
                              iscc_ns3_handle *device, iscc_error *error) {
  iscc_status status =
      iscc_cell_stack_install(&m_scenario, m_channel, IsccHandleOf(node), &settings, device, error);
  if (status) return status;
  Ptr<IsccNetDevice> own = DynamicCast<IsccNetDevice>(IsccObjectOf(*device));
  if (!own && !m_device.empty())
    return iscc_fail(error, ISCC_EINVAL,
                     "%s: is of the devices of uplink shannon alone; set defaults of ns-3's by "
                     "Config::SetDefault",
                     m_device[0].first.c_str());
  if (own) Apply(own, m_device);
  return iscc_ns3_internet_install(*device, error);
}

Ptr<NetDevice> IsccHelper::InstallHub(Ptr<Node> server) {
  Enter();
  if (IsccObjectOf(m_hub))
    Refuse("InstallHub was called already; one helper is one cell: make another for another server");
  Build([&](iscc_error *error) {
    iscc_ns3_device_settings settings;
    iscc_ns3_device_defaults(&settings);
    settings.hub = true;
    const iscc_status status = iscc_cell_stack_create(&m_scenario, &m_channel, error);
    return status ? status : Equip(server, settings, &m_hub, error);
  });
  IsccExpect("IsccHelper",
             [&](iscc_error *error) { return iscc_cell_stack_tune(&m_scenario, m_channel, m_hub, error); });
  return DynamicCast<NetDevice>(IsccObjectOf(m_hub));
}

iscc_status IsccHelper::EquipNode(Ptr<Node> node, uint32_t id, iscc_ns3_handle *device, iscc_error *error) {
  iscc_ns3_device_settings settings;
  iscc_cell_stack_device(&m_scenario, &m_world, id, &settings);
  iscc_status status = Equip(node, settings, device, error);
  if (status || !m_scenario.battery) return status;
  iscc_ns3_handle battery;
  status = iscc_ns3_battery_install(IsccHandleOf(node), m_scenario.battery, m_scenario.harvester,
                                    m_scenario.idle_power_w, &battery, error);
  if (!status) status = iscc_ns3_battery_feed(battery, *device, error);
  m_batteries[node->GetId()] = battery;
  return status;
}

NetDeviceContainer IsccHelper::InstallDevices(const NodeContainer &nodes) {
  if (!IsccObjectOf(m_hub)) Refuse("InstallHub comes before InstallDevices");
  if (m_equipped) Refuse("InstallDevices was called already; give it all nodes of the cell at once");
  m_scenario.nodes = nodes.GetN();
  std::vector<iscc_ns3_handle> handles(nodes.GetN());
  Build([&](iscc_error *error) {
    iscc_status status = iscc_cell_stack_resize(&m_scenario, m_channel, error);
    for (uint32_t id = 0; id < nodes.GetN() && !status; id++)
      status = EquipNode(nodes.Get(id), id, &handles[id], error);
    return status;
  });
  m_equipped = true;
  NetDeviceContainer devices;
  for (uint32_t id = 0; id < nodes.GetN(); id++) {
    IsccExpect("IsccHelper", [&](iscc_error *error) {
      return iscc_cell_stack_tune_device(&m_scenario, &m_world, id, handles[id], m_hub, error);
    });
    devices.Add(DynamicCast<NetDevice>(IsccObjectOf(handles[id])));
  }
  return devices;
}

Ptr<IsccServer> IsccHelper::InstallServer(Ptr<Node> server) {
  if (!server) Refuse("InstallServer: the node is null");
  Enter();
  char model[4096];
  IsccExpect("IsccHelper", [&](iscc_error *error) {
    return iscc_cell_model_path(&m_scenario, model, sizeof model, error);
  });
  Ptr<IsccServer> app = CreateObject<IsccServer>();
  if (m_given) {
    iscc_server_settings settings{};
    settings.speed_flops = m_scenario.node.server_speed_flops;
    settings.cores = m_scenario.server_cores;
    settings.queue = m_scenario.server_queue;
    settings.inference = m_scenario.node.inference;
    settings.charge = m_scenario.node.charge;
    app->Configure(settings);
    app->SetAttribute("Transport", StringValue(m_scenario.tcp ? "tcp" : "udp"));
  }
  app->SetAttribute("ModelFile", StringValue(model));
  Apply(app, m_server);
  app->SetFirstStream(m_scenario.node.first_stream);
  RefuseSecond<IsccServer>(server, app);
  server->AddApplication(app);
  return app;
}

ApplicationContainer IsccHelper::InstallNodes(const NodeContainer &nodes, Ptr<IsccServer> server) {
  if (!server) Refuse("InstallNodes: the server is null; give it what InstallServer returned");
  for (uint32_t i = 0; i < nodes.GetN(); i++)
    if (!nodes.Get(i)) Refuse("InstallNodes: node " + std::to_string(i) + " of the container is null");
  ApplicationContainer apps;
  for (uint32_t i = 0; i < nodes.GetN(); i++) {
    Ptr<IsccEdgeNode> app = CreateObject<IsccEdgeNode>();
    if (m_given) app->Configure(m_scenario.node);
    app->SetAttribute("Server", PointerValue(server));
    Apply(app, m_node);
    RefuseSecond<IsccEdgeNode>(nodes.Get(i), app);
    app->DrawFrom(GetBattery(nodes.Get(i)));
    nodes.Get(i)->AddApplication(app);
    apps.Add(app);
  }
  return apps;
}

iscc_ns3_handle IsccHelper::GetBattery(Ptr<Node> node) const {
  const auto found = m_batteries.find(node->GetId());
  return found == m_batteries.end() ? iscc_ns3_handle{0, 0} : found->second;
}

DeviceEnergyModelContainer IsccHelper::InstallEnergy(const ApplicationContainer &nodes,
                                                     const EnergySourceContainer &sources,
                                                     double idlePowerW) {
  if (nodes.GetN() != sources.GetN())
    throw IsccError(ISCC_EINVAL, "IsccHelper: " + std::to_string(sources.GetN()) +
                                     " energy sources are not one for "
                                     "each of " +
                                     std::to_string(nodes.GetN()) + " nodes");
  DeviceEnergyModelContainer loads;
  for (uint32_t i = 0; i < nodes.GetN(); i++) {
    Ptr<IsccEdgeNode> app = DynamicCast<IsccEdgeNode>(nodes.Get(i));
    if (!app)
      throw IsccError(ISCC_EINVAL, "IsccHelper: application " + std::to_string(i) + " is no IsccEdgeNode");
    IsccExpect("IsccHelper", [&](iscc_error *error) {
      iscc_ns3_handle battery;
      iscc_status status = iscc_ns3_battery_adopt(IsccHandleOf(sources.Get(i)), idlePowerW, &battery, error);
      if (!status)
        status = iscc_ns3_battery_feed(battery, IsccHandleOf(IsccDeviceOf(app->GetNode(), false)), error);
      if (!status) app->DrawFrom(battery);
      return status;
    });
    loads.Add(sources.Get(i)->FindDeviceEnergyModels(IsccEnergyModel::GetTypeId()));
  }
  return loads;
}

int64_t IsccHelper::AssignStreams(const NodeContainer &nodes, int64_t stream) {
  if (stream < 0)
    throw IsccError(ISCC_EINVAL, "IsccHelper: stream: " + std::to_string(stream) + " is negative");
  for (uint32_t i = 0; i < nodes.GetN(); i++) {
    Ptr<Node> node = nodes.Get(i);
    for (uint32_t k = 0; k < node->GetNDevices(); k++)
      if (Ptr<IsccNetDevice> device = DynamicCast<IsccNetDevice>(node->GetDevice(k)))
        device->AssignStreams(stream + i);
    for (uint32_t k = 0; k < node->GetNApplications(); k++)
      if (Ptr<IsccEdgeNode> app = DynamicCast<IsccEdgeNode>(node->GetApplication(k)))
        app->AssignStreams(stream + i);
  }
  return nodes.GetN();
}

void IsccHelper::EnablePcapInternal(std::string prefix, Ptr<NetDevice> device, bool, bool) {
  IsccExpect("IsccHelper",
             [&](iscc_error *error) { return iscc_ns3_pcap(IsccHandleOf(device), prefix.c_str(), error); });
}

} // namespace ns3
