/* SPDX-License-Identifier: GPL-2.0-only */
/* A cell as an ns-3 program in C++ sets it up: nodes and a server, ISCC applications on them, trace sources and
 * FlowMonitor as with ns-3's own models. Its tasks are those of the C examples at the same options. With an installation:
 * c++ iscc-native.cc $(pkg-config --cflags --libs iscc-ns3) -lns3-flow-monitor
 *
 * Introduces: IsccHelper, ns3::IsccEdgeNode, ns3::IsccServer, IsccRecorder. */
#include <cstdio>

#include "iscc-cell-program.h"
#include "iscc-handle.h"
#include "iscc-helper.h"
#include "iscc-options.h"
#include "iscc-recorder.h"
#include "ns3/config.h"
#include "ns3/flow-monitor-helper.h"
#include "ns3/rng-seed-manager.h"
#include "ns3/simulator.h"

using namespace ns3;

namespace {

constexpr char kProgram[] = "iscc-native";

/* Trace sources give the C record of the task; here of node 0's first task. */
void OnTask(const char *event, const iscc_task &task) {
  if (task.node || task.number) return;
  std::printf("%12.6f s  %-8s", Simulator::Now().GetSeconds(), event);
  if (const iscc_task_decision *decision = iscc_task_executed(&task))
    std::printf("  split layer %d, P_s %.3f W, P_c %.3f W, %d bits", decision->decision.split,
                decision->decision.sensing_power_w, decision->decision.transmit_power_w,
                decision->decision.bits);
  std::printf("\n");
}

void PrintFlows(Ptr<FlowMonitor> monitor) {
  uint64_t packets = 0, bytes = 0, lost = 0;
  monitor->CheckForLostPackets();
  for (const auto &[id, flow] : monitor->GetFlowStats()) {
    packets += flow.txPackets;
    bytes += flow.txBytes;
    lost += flow.lostPackets;
  }
  std::printf("FlowMonitor: %zu flows, %llu packets, %llu bytes with IP headers, %llu lost\n\n",
              monitor->GetFlowStats().size(), (unsigned long long)packets, (unsigned long long)bytes,
              (unsigned long long)lost);
}

int64_t Run(const iscc_scenario &scenario) {
  RngSeedManager::SetSeed(scenario.seed);
  RngSeedManager::SetRun(scenario.run);
  Ptr<Node> server = CreateObject<Node>();
  NodeContainer nodes(scenario.nodes);
  IsccHelper iscc(scenario);
  iscc.Place(server, nodes);
  iscc.InstallHub(server);
  const NetDeviceContainer devices = iscc.InstallDevices(nodes);
  if (scenario.pcap) iscc.EnablePcap(scenario.pcap, devices);
  const Ptr<IsccServer> at = iscc.InstallServer(server);
  const ApplicationContainer apps = iscc.InstallNodes(nodes, at);

  const std::string path = "/NodeList/*/ApplicationList/*/$ns3::IsccEdgeNode/Task";
  for (const char *event : {"Arrived", "Decided", "Sensed", "Computed", "Sent", "Finished"})
    Config::ConnectWithoutContext(path + event, MakeBoundCallback(&OnTask, event));
  FlowMonitorHelper flows;
  const Ptr<FlowMonitor> monitor = flows.InstallAll();
  IsccRecorder recorder(iscc, kProgram, at, apps);

  if (scenario.stop_s > 0) Simulator::Stop(Seconds(scenario.stop_s));
  IsccRun(apps); // Simulator::Run() until all are idle, or Ctrl-C
  const int64_t run = recorder.End();
  PrintFlows(monitor);
  Simulator::Destroy();
  return run;
}

} // namespace

int main(int argc, char **argv) {
  static const char *const defaults[] = {"--nodes=3", "--tasks=20", nullptr};
  iscc_scenario scenario;
  iscc_error error = {""};
  iscc_status status = iscc_cell_options(argc, argv, "Edge nodes and their server set up in C++.", defaults,
                                         &scenario, &error);
  try {
    if (!status) status = iscc_cell_report(&scenario, Run(scenario), &error);
  } catch (const IsccError &e) {
    status = iscc_fail(&error, e.status, "%s", e.what());
  }
  return status ? iscc_report_failure(kProgram, status, &error) : iscc_cell_exit_status();
}
