/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-native-cell.h"

#include "iscc-run-program.h"
#include "ns3/config.h"
#include "ns3/double.h"
#include "ns3/mobility-helper.h"
#include "ns3/mobility-model.h"
#include "ns3/simulator.h"
#include "ns3/string.h"
#include "ns3/uinteger.h"

// last: a macro of its is a word of C++ headers
#include <check.h>

using namespace ns3;

static void on_event(NativeCell *cell, std::string name, const iscc_task &task) {
  cell->events.push_back({name, Simulator::Now().GetSeconds(), task});
}

NativeCell::NativeCell(uint32_t count, uint64_t tasks) : server(CreateObject<Node>()), nodes(count) {
  MobilityHelper mobility;
  mobility.Install(server);
  mobility.Install(nodes);
  for (uint32_t i = 0; i < count; i++)
    nodes.Get(i)->GetObject<MobilityModel>()->SetPosition(Vector(40, i, 0));
  helper.SetServerAttribute("Inference", StringValue("model"));
  helper.SetNodeAttribute("Tasks", UintegerValue(tasks));
  helper.SetNodeAttribute("Interval", TimeValue(Seconds(1)));
  helper.SetNodeAttribute("Arrivals", StringValue("periodic"));
  helper.SetDeviceAttribute("NoiseWPerHz", DoubleValue(1e-16)); // 15 dB at 1 W
}

void NativeCell::Install() {
  hub = helper.InstallHub(server);
  devices = helper.InstallDevices(nodes);
  at = helper.InstallServer(server);
  apps = helper.InstallNodes(nodes, at);
  for (const char *name : {"Arrived", "Decided", "Sensed", "Computed", "Sent", "Finished"})
    ck_assert(Config::ConnectWithoutContextFailSafe(
        std::string("/NodeList/*/ApplicationList/*/$ns3::IsccEdgeNode/Task") + name,
        MakeBoundCallback(&on_event, this, std::string(name))));
}

Ptr<IsccEdgeNode> NativeCell::App(uint32_t i) const {
  return DynamicCast<IsccEdgeNode>(apps.Get(i));
}

std::vector<iscc_task> NativeCell::Run(double stopS) {
  if (stopS > 0) Simulator::Stop(Seconds(stopS));
  Simulator::Run();
  std::vector<iscc_task> tasks;
  for (const Event &e : events)
    if (e.name == "Finished") tasks.push_back(e.task);
  return tasks;
}

void ExpectText(const std::string &text, const std::string &part) {
  ck_assert_msg(text.find(part) != std::string::npos, "'%s' is not in '%.500s'", part.c_str(), text.c_str());
}

std::string InFolder(const char *name) {
  return std::string(iscc_run_folder) + "/" + name;
}
