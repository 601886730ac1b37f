/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-native-cell - a server and nodes set up in C++, and all that happens to their tasks: for tests. */
#ifndef ISCC_NATIVE_CELL_H
#define ISCC_NATIVE_CELL_H

#ifdef __cplusplus

#include <string>
#include <vector>

#include "iscc-handle.h"
#include "iscc-helper.h"

/* A server and nodes 40 m from it with modelled inference and a task each second. */
struct NativeCell {
  explicit NativeCell(uint32_t count = 1, uint64_t tasks = 5);
  void Install();
  ns3::Ptr<ns3::IsccEdgeNode> App(uint32_t i = 0) const;
  /* The tasks that have finished when nothing is left to do, or at stopS > 0. */
  std::vector<iscc_task> Run(double stopS = 0);

  struct Event {
    std::string name; // of the trace source, without Task
    double atS;
    iscc_task task;
  };
  ns3::IsccHelper helper;
  ns3::Ptr<ns3::Node> server;
  ns3::NodeContainer nodes;
  ns3::Ptr<ns3::NetDevice> hub;
  ns3::NetDeviceContainer devices;
  ns3::Ptr<ns3::IsccServer> at;
  ns3::ApplicationContainer apps;
  std::vector<Event> events;
};

/* What a call throws; "" when nothing. */
template <typename Call> std::string Thrown(Call call) {
  try {
    call();
  } catch (const ns3::IsccError &e) {
    return e.what();
  }
  return "";
}

/* Fails the test unless part is in text. */
void ExpectText(const std::string &text, const std::string &part);

/* In the folder of the present test. */
std::string InFolder(const char *name);

#endif
#endif
