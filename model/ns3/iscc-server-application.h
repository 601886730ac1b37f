/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-server-application - ns3::IsccServer: the edge server of iscc-ns3-edge.h as an ns-3 application. C++ only.
 *
 * Its attributes are what server and nodes must agree on. They are read when the first node starts, or when it starts
 * itself. It must not start after a node that it serves. What shows only then (an unreadable model file, a node without
 * our radio) is thrown out of Simulator::Run(), as an IsccError that names the node. */
#ifndef ISCC_SERVER_APPLICATION_H
#define ISCC_SERVER_APPLICATION_H

#ifdef __cplusplus

#include <memory>
#include <string>
#include <vector>

#include "iscc-ns3-edge.h"
#include "ns3/application.h"
#include "ns3/net-device.h"

namespace ns3 {

/* The first device of a node that has a radio of ours, at the server's side or not; null: none. */
Ptr<NetDevice> IsccDeviceOf(Ptr<Node> node, bool hub);

/* A server at work and its model; nodes keep it as long as they need it. */
struct IsccServing {
  IsccServing() = default;
  IsccServing(const IsccServing &) = delete;
  IsccServing &operator=(const IsccServing &) = delete;
  ~IsccServing();
  iscc_model *model{nullptr};
  iscc_ns3_server *server{nullptr};
};

class IsccServer : public Application, private iscc_server_settings {
public:
  static TypeId GetTypeId();
  IsccServer();
  void Configure(const iscc_server_settings &settings); // all but node_max
  /* It draws nothing at random. Returns 0, the streams used. */
  int64_t AssignStreams(int64_t stream);

  /* Of a node that draws from the streams of its number: what is added to that. Before nodes start. */
  void SetFirstStream(uint64_t stream) {
    m_firstStream = stream;
  }
  uint64_t GetFirstStream() const {
    return m_firstStream;
  }
  /* Of a node that it will serve: the number that it has here, the smallest that is free if wanted is UINT32_MAX. */
  uint32_t Register(uint32_t wanted);
  /* The server at work, for the node that asks. */
  std::shared_ptr<IsccServing> Serve();
  const iscc_server_settings &GetSettings() const {
    return *this;
  }
  const iscc_model *GetModel() const { // null until it serves
    return m_serving ? m_serving->model : nullptr;
  }
  std::string GetModelFile() const {
    return m_modelFile;
  }
  bool UsesTcp() const {
    return m_tcp;
  }
  /* The first thing that went wrong without ending the simulation; "": nothing. */
  std::string GetFault() const;

private:
  template <typename V> static V IsccServer::*Of(V iscc_server_settings::*field) {
    return field;
  }
  void StartApplication() override;
  void StopApplication() override;
  void DoDispose() override;
  std::string Where() const;

  Ptr<NetDevice> m_device;
  std::string m_modelFile;
  std::shared_ptr<IsccServing> m_serving; // null: not yet
  std::vector<bool> m_taken;              // node numbers
  uint32_t m_free{0};                     // those below are taken
  uint32_t m_nodeMax{0};
  uint64_t m_firstStream{0};
  bool m_tcp{false};
};

} // namespace ns3

#endif
#endif
