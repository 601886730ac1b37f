/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-edge-application.h"

#include <cstdlib>
#include <sstream>

#include "iscc-handle.h"
#include "iscc-ns3-energy.h"
#include "iscc-radio.h"
#include "iscc-solver.h"
#include "iscc-words-attribute.h"
#include "ns3/double.h"
#include "ns3/integer.h"
#include "ns3/log.h"
#include "ns3/node.h"
#include "ns3/pointer.h"
#include "ns3/simulator.h"
#include "ns3/string.h"
#include "ns3/trace-source-accessor.h"
#include "ns3/uinteger.h"

namespace ns3 {

NS_LOG_COMPONENT_DEFINE("IsccEdgeNode");
NS_OBJECT_ENSURE_REGISTERED(IsccEdgeNode);

namespace {

iscc_node_settings Defaults() {
  iscc_node_settings settings;
  iscc_node_defaults(&settings);
  settings.id = UINT32_MAX;
  return settings;
}

IsccWords Schemes() {
  IsccWords names;
  for (size_t i = 0; iscc_scheme_name(i); i++) names.push_back(iscc_scheme_name(i));
  return names;
}

std::string CandidatesText(const iscc_node_settings &s) {
  std::ostringstream text;
  for (int i = 0; i < s.candidate_count; i++) text << (i ? "," : "") << s.candidates[i];
  return text.str();
}

} // namespace

TypeId IsccEdgeNode::GetTypeId() {
  using Self = IsccEdgeNode;
  using Settings = iscc_node_settings;
  static const iscc_node_settings d = Defaults();
  static const IsccWords schemes = Schemes(), curves = {"arctan", "measured"}, replans = {"never", "stage"},
                         actions = {"drop", "accuracy", "latency"};
  static TypeId tid =
      TypeId("ns3::IsccEdgeNode")
          .SetParent<Application>()
          .SetGroupName("Iscc")
          .AddConstructor<Self>()
          .AddAttribute("Server", "The ns3::IsccServer that finishes its tasks.", PointerValue(),
                        MakePointerAccessor(&Self::m_server), MakePointerChecker<IsccServer>())
          .AddAttribute("Device", "What it sends with; none: the node's first device with a radio of ours.",
                        PointerValue(), MakePointerAccessor(&Self::m_device), MakePointerChecker<NetDevice>())
          .AddAttribute("Id",
                        "Its number in records and at the server, and of its random streams; 4294967295: the "
                        "server's next.",
                        UintegerValue(d.id), MakeUintegerAccessor(Of(&Settings::id)),
                        MakeUintegerChecker<uint32_t>())
          .AddAttribute("Scheme", "How to decide.", StringValue(d.scheme),
                        MakeStringAccessor(&Self::m_scheme), MakeIsccWordsChecker(schemes))
          .AddAttribute("TargetAccuracy", "R_t, above 0 and below 1.", DoubleValue(d.target_accuracy),
                        MakeDoubleAccessor(Of(&Settings::target_accuracy)), MakeDoubleChecker<double>(0, 1))
          .AddAttribute("MaxLatency", "T_max from arrival to answer.", TimeValue(Seconds(d.max_latency_s)),
                        MakeTimeAccessor(&Self::SetMaxLatency, &Self::GetMaxLatency),
                        MakeTimeChecker(NanoSeconds(1)))
          .AddAttribute("MaxPowerW", "P_max of sensing and of sending, W.", DoubleValue(d.max_power_w),
                        MakeDoubleAccessor(Of(&Settings::max_power_w)), MakeDoubleChecker<double>(1e-300))
          .AddAttribute("MaxSpeedFlops", "nu_max of the node, FLOP/s.", DoubleValue(d.max_speed_flops),
                        MakeDoubleAccessor(Of(&Settings::max_speed_flops)), MakeDoubleChecker<double>(1e-300))
          .AddAttribute("Kappa", "Effective switched capacitance, J s^2/FLOP^3.", DoubleValue(d.kappa),
                        MakeDoubleAccessor(Of(&Settings::kappa)), MakeDoubleChecker<double>(1e-300))
          .AddAttribute("FixedSensingPowerW", "P_s of scheme jcc, W; 0: where R_0 is 97 % of its limit.",
                        DoubleValue(d.fixed_sensing_power_w),
                        MakeDoubleAccessor(Of(&Settings::fixed_sensing_power_w)),
                        MakeDoubleChecker<double>(0))
          .AddAttribute("BitsMin", "Least quantization bits Q.", IntegerValue(d.bits_min),
                        MakeIntegerAccessor(Of(&Settings::bits_min)),
                        MakeIntegerChecker<int>(ISCC_BITS_MIN, ISCC_BITS_MAX))
          .AddAttribute("BitsMax", "Most quantization bits Q.", IntegerValue(d.bits_max),
                        MakeIntegerAccessor(Of(&Settings::bits_max)),
                        MakeIntegerChecker<int>(ISCC_BITS_MIN, ISCC_BITS_MAX))
          .AddAttribute("Candidates", "Split layers allowed, separated by commas.",
                        StringValue(CandidatesText(d)), MakeStringAccessor(&Self::m_candidates),
                        MakeStringChecker())
          .AddAttribute("AccuracyCurve", "Plan with the measured table or with the arctan fit.",
                        StringValue(curves[d.use_measured_curve]),
                        MakeIsccWordsAccessor(Of(&Settings::use_measured_curve), curves),
                        MakeIsccWordsChecker(curves))
          .AddAttribute("WhenInfeasible",
                        "drop: no allocation, no energy; accuracy: the highest within T_max; latency: the "
                        "least at R_t.",
                        StringValue(actions[d.when_infeasible]),
                        MakeIsccWordsAccessor(Of(&Settings::when_infeasible), actions),
                        MakeIsccWordsChecker(actions))
          .AddAttribute("Replan",
                        "never, or after each stage: decide what is left again if the link has changed.",
                        StringValue(replans[d.replan]), MakeIsccWordsAccessor(Of(&Settings::replan), replans),
                        MakeIsccWordsChecker(replans))
          .AddAttribute("QueueCapacity", "Tasks that can wait.", IntegerValue(d.queue_capacity),
                        MakeIntegerAccessor(Of(&Settings::queue_capacity)), MakeIntegerChecker<int>(0))
          .AddAttribute("RetryLimit", "Retransmission rounds before a task is lost.",
                        IntegerValue(d.retry_limit), MakeIntegerAccessor(Of(&Settings::retry_limit)),
                        MakeIntegerChecker<int>(0))
          .AddAttribute("TransferQuantile",
                        "Quantile of realised over modelled transfer times that plans count with, 0..0.999; "
                        "0: the model.",
                        DoubleValue(d.transfer_quantile),
                        MakeDoubleAccessor(Of(&Settings::transfer_quantile)),
                        MakeDoubleChecker<double>(0, 0.999))
          .AddAttribute("ChannelErrorDb",
                        "Standard deviation of what its estimate of its gain is wrong by, dB.",
                        DoubleValue(d.channel_error_db), MakeDoubleAccessor(Of(&Settings::channel_error_db)),
                        MakeDoubleChecker<double>(0, 100))
          .AddAttribute("UplinkLimit", "Longest uplink before a task is lost; 0: none.",
                        TimeValue(Seconds(d.uplink_limit_s)),
                        MakeTimeAccessor(&Self::SetUplinkLimit, &Self::GetUplinkLimit),
                        MakeTimeChecker(Time(0)))
          .AddAttribute("Arrivals",
                        "periodic or poisson, from its start on, or a file with one time of the simulation "
                        "in s a line.",
                        StringValue("poisson"), MakeStringAccessor(&Self::m_arrivals), MakeStringChecker())
          .AddAttribute("Interval", "Period, or mean time between Poisson arrivals.",
                        TimeValue(Seconds(d.arrivals.interval_s)),
                        MakeTimeAccessor(&Self::SetInterval, &Self::GetInterval),
                        MakeTimeChecker(NanoSeconds(1)))
          .AddAttribute("Tasks", "How many arrive.", UintegerValue(d.arrivals.count),
                        MakeUintegerAccessor(&Self::SetTasks, &Self::GetTasks),
                        MakeUintegerChecker<uint64_t>())
#define ISCC_TRACE(name, text, member)                                                                       \
  AddTraceSource(name, text, MakeTraceSourceAccessor(&Self::member), "ns3::IsccEdgeNode::TaskTracedCallback")
          .ISCC_TRACE("TaskArrived", "A task has arrived.", m_arrived)
          .ISCC_TRACE("TaskDecided",
                      "At its arrival, at its turn if it waited, and when the rest is decided again.",
                      m_decided)
          .ISCC_TRACE("TaskSensed", "Its sensing is done.", m_sensed)
          .ISCC_TRACE("TaskComputed", "Its device layers are done.", m_computed)
          .ISCC_TRACE("TaskSent", "The last of its datagrams has left for the first time.", m_sent)
          .ISCC_TRACE("TaskFinished", "Its outcome is known, and all of its energy.", m_finished)
          .AddTraceSource("Stopped", "It takes no more tasks: its battery is empty, or it was told to stop.",
                          MakeTraceSourceAccessor(&Self::m_stopped), "ns3::IsccEdgeNode::StoppedCallback")
          .AddTraceSource("Idle", "Nothing is left to do, for good.", MakeTraceSourceAccessor(&Self::m_idle),
                          "ns3::IsccEdgeNode::StoppedCallback");
#undef ISCC_TRACE
  return tid;
}

IsccEdgeNode::IsccEdgeNode() : iscc_node_settings(Defaults()) {}

void IsccEdgeNode::Configure(const iscc_node_settings &settings) {
  const uint32_t kept = id;
  static_cast<iscc_node_settings &>(*this) = settings;
  id = kept;
  m_scheme = settings.scheme;
  m_candidates = CandidatesText(settings);
  m_arrivals = settings.arrivals.kind == ISCC_ARRIVALS_PERIODIC  ? "periodic"
               : settings.arrivals.kind == ISCC_ARRIVALS_POISSON ? "poisson"
                                                                 : settings.arrivals.path;
}

int64_t IsccEdgeNode::AssignStreams(int64_t stream) {
  m_stream = stream;
  return 1;
}

void IsccEdgeNode::DrawFrom(iscc_ns3_handle battery) {
  m_battery = battery;
}

std::string IsccEdgeNode::Where() const {
  return "ns3::IsccEdgeNode of node " + std::to_string(GetNode()->GetId());
}

bool IsccEdgeNode::IsIdle() const {
  return m_edge && iscc_edge_node_idle(iscc_ns3_edge_machine(m_edge));
}

void IsccEdgeNode::Finish() {
  if (!m_edge || m_over) return;
  m_over = true;
  iscc_edge_node_stop(iscc_ns3_edge_machine(m_edge));
  m_stopped();
}

std::string IsccEdgeNode::GetFault() const {
  const char *fault = m_edge ? iscc_edge_node_fault(iscc_ns3_edge_machine(m_edge)) : nullptr;
  return fault ? fault : "";
}

void IsccEdgeNode::OnEvent(iscc_task_event event, const iscc_task &task) {
  static const struct {
    const char *name;
    TaskTrace IsccEdgeNode::*trace;
  } events[ISCC_TASK_EVENT_COUNT] = {
      {"arrived", &IsccEdgeNode::m_arrived}, {"decided", &IsccEdgeNode::m_decided},
      {"sensed", &IsccEdgeNode::m_sensed},   {"computed", &IsccEdgeNode::m_computed},
      {"sent", &IsccEdgeNode::m_sent},       {"finished", &IsccEdgeNode::m_finished}};
  NS_LOG_INFO("node " << id << ", task " << task.number << ": " << events[event].name);
  (this->*events[event].trace)(task);
}

iscc_status IsccEdgeNode::Read(iscc_error *error) {
  scheme = m_scheme.c_str();
  arrivals.kind = m_arrivals == "periodic"  ? ISCC_ARRIVALS_PERIODIC
                  : m_arrivals == "poisson" ? ISCC_ARRIVALS_POISSON
                                            : ISCC_ARRIVALS_FILE;
  arrivals.path = arrivals.kind == ISCC_ARRIVALS_FILE ? m_arrivals.c_str() : nullptr;
  arrivals.start_s = Simulator::Now().GetSeconds();
  candidate_count = 0;
  std::istringstream list(m_candidates);
  for (std::string word; std::getline(list, word, ',');) {
    char *end;
    const long layer = strtol(word.c_str(), &end, 10);
    if (word.empty() || *end || layer < 0 || layer > ISCC_LAYERS_MAX || candidate_count > ISCC_LAYERS_MAX)
      return iscc_fail(error, ISCC_EINVAL, "Candidates: '%s' is no list of split layers, such as 0,3,11",
                       m_candidates.c_str());
    candidates[candidate_count++] = int(layer);
  }
  return ISCC_OK;
}

iscc_status IsccEdgeNode::Create(iscc_error *error) {
  if (!m_server) return iscc_fail(error, ISCC_ESTATE, "Server: is not set; see IsccHelper::InstallNodes");
  if (!m_device) m_device = IsccDeviceOf(GetNode(), false);
  Ptr<IsccRadio> radio = IsccRadio::Of(m_device);
  if (!radio) return iscc_fail(error, ISCC_ESTATE, "the node has no device of IsccHelper::InstallDevices");
  m_serving = m_server->Serve();
  charge = m_server->GetSettings().charge;
  inference = m_server->GetSettings().inference;
  server_speed_flops = m_server->GetSettings().speed_flops;
  first_stream = m_stream < 0 ? m_server->GetFirstStream() : uint64_t(m_stream) - id;
  const iscc_ns3_handle device = IsccHandleOf(m_device);
  iscc_status status = Read(error);
  if (!status && radio->GetAddress().IsInvalid()) status = iscc_ns3_internet_install(device, error);
  const iscc_task_sink sink = {this, nullptr, [](void *self, iscc_task_event event, const iscc_task *task) {
                                 static_cast<IsccEdgeNode *>(self)->OnEvent(event, *task);
                               }};
  if (!status)
    status = iscc_ns3_edge_create(device, m_serving->server, this, m_serving->model, &sink, &m_edge, error);
  if (status) return status;
  iscc_ns3_edge_on_idle(
      m_edge, [](void *self) { static_cast<IsccEdgeNode *>(self)->m_idle(); }, this);
  if (!m_battery.index) return ISCC_OK;
  iscc_ns3_edge_power(m_edge, m_battery);
  return iscc_ns3_battery_on_empty(
      m_battery, [](void *self) { static_cast<IsccEdgeNode *>(self)->Finish(); }, this, error);
}

void IsccEdgeNode::DoInitialize() {
  if (m_server) id = m_server->Register(id);
  Application::DoInitialize();
}

void IsccEdgeNode::StartApplication() {
  NS_LOG_INFO(Where() << " starts");
  IsccExpect(Where(), [this](iscc_error *error) {
    const iscc_status status = Create(error);
    return status ? status : iscc_edge_node_start(iscc_ns3_edge_machine(m_edge), error);
  });
}

void IsccEdgeNode::StopApplication() {
  NS_LOG_INFO(Where() << " stops");
  Finish();
}

void IsccEdgeNode::DoDispose() {
  iscc_ns3_edge_destroy(m_edge);
  m_edge = nullptr;
  m_serving = nullptr;
  m_server = nullptr;
  m_device = nullptr;
  Application::DoDispose();
}

static void CountIdle(std::shared_ptr<uint32_t> left) {
  if (--*left == 0) Simulator::Stop();
}

void IsccRun(const ApplicationContainer &nodes) {
  auto left = std::make_shared<uint32_t>(0); // outlives this, with the connections
  for (uint32_t i = 0; i < nodes.GetN(); i++) {
    Ptr<IsccEdgeNode> node = DynamicCast<IsccEdgeNode>(nodes.Get(i));
    if (!node)
      throw IsccError(ISCC_EINVAL, "IsccRun: application " + std::to_string(i) + " is no IsccEdgeNode");
    if (node->IsIdle()) continue;
    node->TraceConnectWithoutContext("Idle", MakeBoundCallback(&CountIdle, left));
    ++*left;
  }
  if (*left > 0) IsccRun();
}

} // namespace ns3
