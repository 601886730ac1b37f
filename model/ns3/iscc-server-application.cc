/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-server-application.h"

#include <algorithm>

#include "iscc-handle.h"
#include "iscc-radio.h"
#include "iscc-words-attribute.h"
#include "ns3/double.h"
#include "ns3/integer.h"
#include "ns3/log.h"
#include "ns3/node.h"
#include "ns3/pointer.h"
#include "ns3/simulator.h"
#include "ns3/uinteger.h"

namespace ns3 {

NS_LOG_COMPONENT_DEFINE("IsccServer");
NS_OBJECT_ENSURE_REGISTERED(IsccServer);

Ptr<NetDevice> IsccDeviceOf(Ptr<Node> node, bool hub) {
  for (uint32_t i = 0; i < node->GetNDevices(); i++) {
    Ptr<IsccRadio> radio = IsccRadio::Of(node->GetDevice(i));
    if (radio && radio->IsHub() == hub) return node->GetDevice(i);
  }
  return nullptr;
}

TypeId IsccServer::GetTypeId() {
  using Self = IsccServer;
  using Settings = iscc_server_settings;
  static const IsccWords queues = {"fifo", "deadline"}, inferences = {"model", "real"},
                         charges = {"all", "payload"}, transports = {"udp", "tcp"};
  static TypeId tid =
      TypeId("ns3::IsccServer")
          .SetParent<Application>()
          .SetGroupName("Iscc")
          .AddConstructor<Self>()
          .AddAttribute("SpeedFlops", "nu_s of each core, FLOP/s.", DoubleValue(1e11),
                        MakeDoubleAccessor(Of(&Settings::speed_flops)), MakeDoubleChecker<double>(1e-300))
          .AddAttribute("Cores", "Tasks computed at once.", IntegerValue(1),
                        MakeIntegerAccessor(Of(&Settings::cores)),
                        MakeIntegerChecker<int>(1, ISCC_SERVER_CORES_MAX))
          .AddAttribute("Queue", "Who is next when a core is free: fifo, or deadline, the earliest first.",
                        StringValue(queues[0]), MakeIsccWordsAccessor(Of(&Settings::queue), queues),
                        MakeIsccWordsChecker(queues))
          .AddAttribute("Inference",
                        "Of server and nodes. real: sense, compute and send for real; model: draw from the "
                        "calibrated accuracy.",
                        StringValue(inferences[1]),
                        MakeIsccWordsAccessor(Of(&Settings::inference), inferences),
                        MakeIsccWordsChecker(inferences))
          .AddAttribute("Charge",
                        "What costs time and energy on the air: all that is sent, or the payload alone, eqs. "
                        "(7)-(9).",
                        StringValue(charges[0]), MakeIsccWordsAccessor(Of(&Settings::charge), charges),
                        MakeIsccWordsChecker(charges))
          .AddAttribute("Transport", "Of features and answers: udp or tcp.", StringValue(transports[0]),
                        MakeIsccWordsAccessor(&Self::m_tcp, transports), MakeIsccWordsChecker(transports))
          .AddAttribute("ModelFile",
                        "The trained network; IsccHelper names the one that comes with the module.",
                        StringValue(), MakeStringAccessor(&Self::m_modelFile), MakeStringChecker())
          .AddAttribute("NodeMax", "Nodes that it can serve; 0: those that are there when it starts.",
                        UintegerValue(0), MakeUintegerAccessor(&Self::m_nodeMax),
                        MakeUintegerChecker<uint32_t>())
          .AddAttribute("Device", "Where it is reached; none: the node's first device that can be a hub.",
                        PointerValue(), MakePointerAccessor(&Self::m_device),
                        MakePointerChecker<NetDevice>());
  return tid;
}

IsccServing::~IsccServing() {
  iscc_ns3_server_destroy(server);
  iscc_model_destroy(model);
}

IsccServer::IsccServer() : iscc_server_settings{} {}

void IsccServer::Configure(const iscc_server_settings &settings) {
  static_cast<iscc_server_settings &>(*this) = settings;
}

int64_t IsccServer::AssignStreams(int64_t) {
  return 0;
}

std::string IsccServer::Where() const {
  return "ns3::IsccServer of node " + std::to_string(GetNode()->GetId());
}

uint32_t IsccServer::Register(uint32_t wanted) {
  uint32_t id = wanted;
  if (id == UINT32_MAX) {
    while (m_free < m_taken.size() && m_taken[m_free]) m_free++;
    id = m_free;
  }
  if (id >= m_taken.size()) m_taken.resize(size_t(id) + 1);
  m_taken[id] = true; // a number that two nodes want is refused when the second one starts
  return id;
}

std::shared_ptr<IsccServing> IsccServer::Serve() {
  if (m_serving) return m_serving;
  auto serving = std::make_shared<IsccServing>();
  IsccExpect(Where(), [&](iscc_error *error) {
    if (Simulator::Now() < m_startTime)
      return iscc_fail(error, ISCC_ESTATE,
                       "a node starts before it: set StartTime to that of the first node");
    if (!m_device) m_device = IsccDeviceOf(GetNode(), true);
    if (!m_device)
      return iscc_fail(error, ISCC_ESTATE,
                       "the node has no device that is a hub: see IsccHelper::InstallHub");
    if (m_modelFile.empty())
      return iscc_fail(error, ISCC_EINVAL, "ModelFile: is empty; name a trained network");
    const iscc_ns3_handle hub = IsccHandleOf(m_device);
    node_max = m_nodeMax ? m_nodeMax : std::max(uint32_t(m_taken.size()), 1u);
    iscc_status status = iscc_model_read(m_modelFile.c_str(), &serving->model, error);
    if (!status && IsccRadio::Of(m_device)->GetAddress().IsInvalid())
      status = iscc_ns3_internet_install(hub, error);
    if (!status) status = iscc_ns3_server_create(hub, this, serving->model, &serving->server, error);
    if (!status && m_tcp) status = iscc_ns3_server_use_tcp(serving->server, error);
    return status;
  });
  NS_LOG_INFO(Where() << " serves " << node_max << " nodes");
  m_serving = serving;
  return m_serving;
}

std::string IsccServer::GetFault() const {
  const char *fault = m_serving ? iscc_server_fault(iscc_ns3_server_machine(m_serving->server)) : nullptr;
  return fault ? fault : "";
}

void IsccServer::StartApplication() {
  Serve();
}

void IsccServer::StopApplication() {
  NS_LOG_INFO(Where() << " stops");
  if (m_serving) iscc_ns3_server_stop(m_serving->server);
}

void IsccServer::DoDispose() {
  m_serving = nullptr;
  m_device = nullptr;
  Application::DoDispose();
}

} // namespace ns3
