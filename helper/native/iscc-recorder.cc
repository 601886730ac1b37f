/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-recorder.h"

#include <jansson.h>

#include <cstdlib>

#include "iscc-cell-record.h"
#include "iscc-handle.h"
#include "iscc-json-text.h"
#include "ns3/callback.h"
#include "ns3/mobility-model.h"
#include "ns3/simulator.h"
#include "ns3/string.h"

namespace ns3 {

namespace {

/* Whether a value is told as the place of an object in memory, another one in every run. */
bool IsPointer(const std::string &valueType) {
  return valueType == "ns3::PointerValue" || valueType == "ns3::ObjectPtrContainerValue";
}

/* Adds the attributes of an object that can be told as texts. */
void AddAttributes(json_t *all, Ptr<Object> object) {
  if (!object) return;
  json_t *own = json_object();
  const TypeId tid = object->GetInstanceTypeId();
  for (std::size_t i = 0; i < tid.GetAttributeN(); i++) {
    StringValue text;
    const std::string name = tid.GetAttribute(i).name;
    if (!IsPointer(tid.GetAttribute(i).checker->GetValueTypeName()) &&
        object->GetAttributeFailSafe(name, text))
      json_object_set_new(own, name.c_str(), json_string(text.Get().c_str()));
  }
  json_object_set_new(all, tid.GetName().c_str(), own);
}

std::string SourceText(Ptr<Node> node, const iscc_scenario &scenario) {
  Ptr<EnergySourceContainer> sources = node->GetObject<EnergySourceContainer>();
  if (scenario.battery || !sources) return scenario.battery ? scenario.battery : "";
  return sources->Get(0)->GetInstanceTypeId().GetName();
}

} // namespace

IsccRecorder::IsccRecorder(const IsccHelper &helper, const std::string &program, Ptr<IsccServer> server,
                           const ApplicationContainer &nodes, const std::string &database)
    : m_helper(helper), m_program(program), m_server(server), m_nodes(nodes) {
  for (uint32_t i = 0; i < nodes.GetN(); i++) {
    Ptr<IsccEdgeNode> node = At(i);
    if (!node)
      throw IsccError(ISCC_EINVAL, "IsccRecorder: application " + std::to_string(i) + " is no IsccEdgeNode");
    Ptr<MobilityModel> mobility = node->GetNode()->GetObject<MobilityModel>();
    m_places.push_back(mobility ? mobility->GetPosition() : Vector());
    node->TraceConnectWithoutContext("TaskFinished", MakeCallback(&IsccRecorder::OnTask, this));
  }
  IsccExpect("IsccRecorder", [&](iscc_error *error) {
    const char *path = database.empty() ? m_helper.GetScenario().database : database.c_str();
    return iscc_record_open(path, 0, &m_record, error);
  });
}

IsccRecorder::~IsccRecorder() {
  for (uint32_t i = 0; i < m_nodes.GetN(); i++)
    At(i)->TraceDisconnectWithoutContext("TaskFinished", MakeCallback(&IsccRecorder::OnTask, this));
  iscc_record_close(m_record);
}

Ptr<IsccEdgeNode> IsccRecorder::At(uint32_t i) const {
  return DynamicCast<IsccEdgeNode>(m_nodes.Get(i));
}

std::string IsccRecorder::GetParameters() const {
  iscc_scenario scenario = m_helper.GetScenario();
  scenario.nodes = m_nodes.GetN();
  if (m_nodes.GetN() > 0) scenario.node = At(0)->GetSettings();
  scenario.server_cores = m_server->GetSettings().cores;
  scenario.server_queue = m_server->GetSettings().queue;
  scenario.tcp = m_server->UsesTcp();
  json_t *parameters = iscc_cell_record_parameters(&scenario), *attributes = json_object();
  AddAttributes(attributes, m_server);
  if (m_nodes.GetN() > 0) {
    AddAttributes(attributes, At(0));
    AddAttributes(attributes, At(0)->GetDevice());
  }
  json_object_set_new(parameters, "attributes", attributes);
  char *text = iscc_json_text(parameters);
  json_decref(parameters);
  const std::string result = text ? text : "{}";
  free(text);
  return result;
}

iscc_status IsccRecorder::Begin(iscc_error *error) {
  m_begun = true;
  iscc_scenario scenario = m_helper.GetScenario();
  scenario.seed = iscc_ns3_seed();
  scenario.run = iscc_ns3_run_number();
  const iscc_model *model = m_server->GetModel();
  iscc_status status = iscc_cell_record_begin(m_record, &scenario, m_program.c_str(), GetParameters().c_str(),
                                              model ? m_server->GetModelFile().c_str() : nullptr,
                                              model ? model->sha256 : nullptr, error);
  for (uint32_t i = 0; i < m_nodes.GetN() && !status; i++) {
    const double position[] = {m_places[i].x, m_places[i].y, m_places[i].z};
    status = iscc_cell_record_node(m_record, &At(i)->GetSettings(), position, error);
  }
  return status;
}

void IsccRecorder::OnTask(const iscc_task &task) {
  if (!m_begun) m_status = Begin(&m_error);
  if (!m_status) m_status = iscc_record_task(m_record, &task, &m_error);
  if (m_status) Simulator::Stop();
}

int64_t IsccRecorder::End() {
  int64_t run = 0;
  for (uint32_t i = 0; i < m_nodes.GetN(); i++) At(i)->Finish();
  if (m_status) throw IsccError(m_status, std::string("IsccRecorder: ") + m_error.text);
  IsccExpect("IsccRecorder", [&](iscc_error *error) {
    iscc_status status = m_begun ? ISCC_OK : Begin(error);
    for (uint32_t i = 0; i < m_nodes.GetN() && !status; i++) {
      const iscc_ns3_handle battery = At(i)->GetBattery();
      const std::string source = SourceText(At(i)->GetNode(), m_helper.GetScenario());
      if (battery.index)
        status = iscc_cell_record_battery(m_record, At(i)->GetId(), source.c_str(), battery, error);
    }
    if (!status)
      status = iscc_cell_record_streams(
          m_record, &m_helper.GetWorld().positions, m_nodes.GetN(),
          [](void *ctx, uint32_t i) { return static_cast<IsccRecorder *>(ctx)->At(i)->GetMachine(); }, this,
          error);
    const iscc_run_status how = iscc_ns3_interrupted() ? ISCC_RUN_INTERRUPTED : ISCC_RUN_DONE;
    return status ? status : iscc_record_end(m_record, how, iscc_ns3_now_ns(), &run, error);
  });
  return run;
}

} // namespace ns3
