/* SPDX-License-Identifier: GPL-2.0-only */
/* Several cells in one program: each draws at random for itself. And what a helper refuses to do twice. */
#include <cmath>
#include <vector>

#include "iscc-edge-application.h"
#include "iscc-native-cell.h"
#include "iscc-run-program.h"
#include "ns3/double.h"
#include "ns3/mobility-helper.h"
#include "ns3/mobility-model.h"
#include "ns3/pointer.h"
#include "ns3/simulator.h"
#include "ns3/string.h"
#include "ns3/uinteger.h"

// last: a macro of its is a word of C++ headers
#include <check.h>

using namespace ns3;

enum { TASKS = 12, NODES = 2 };

static const char log_distance[] = "ns3::LogDistancePropagationLossModel";

static void keep(std::vector<iscc_task> *tasks, const iscc_task &task) {
  tasks->push_back(task);
}

/* What cells are told before they are installed. */
struct Setting {
  const char *stack, *arrivals, *loss;
  double coherence_s;
};

/* A server and nodes 20 m from it that keep their tasks. */
struct RandomCell {
  explicit RandomCell(const Setting &s) : server(CreateObject<Node>()), nodes(NODES) {
    MobilityHelper mobility;
    mobility.Install(server);
    mobility.Install(nodes);
    for (uint32_t i = 0; i < NODES; i++)
      nodes.Get(i)->GetObject<MobilityModel>()->SetPosition(Vector(20, i, 0));
    helper.SetUplink(s.stack);
    helper.SetPropagation(s.loss);
    if (s.coherence_s > 0) helper.SetDeviceAttribute("Coherence", TimeValue(Seconds(s.coherence_s)));
    helper.SetServerAttribute("Inference", StringValue("model"));
    helper.SetNodeAttribute("Tasks", UintegerValue(TASKS));
    helper.SetNodeAttribute("Arrivals", StringValue(s.arrivals));
    helper.SetNodeAttribute("MaxLatency", TimeValue(Seconds(5))); // enough for 250 kbit/s
    helper.SetNodeAttribute("TransferQuantile", DoubleValue(0));
  }
  void Install() {
    helper.InstallHub(server);
    helper.InstallDevices(nodes);
    apps = helper.InstallNodes(nodes, helper.InstallServer(server));
    for (uint32_t i = 0; i < NODES; i++) {
      apps.Get(i)->SetStartTime(Seconds(2)); // all have joined
      apps.Get(i)->TraceConnectWithoutContext("TaskFinished", MakeBoundCallback(&keep, &tasks));
    }
  }
  /* Of each task, in the order of nodes and arrivals. */
  std::vector<int64_t> All(int64_t iscc_task::*what) const {
    std::vector<int64_t> all(NODES * TASKS);
    for (const iscc_task &task : tasks) all.at(task.node * TASKS + task.number) = task.*what;
    return all;
  }

  std::vector<int> Outcomes() const {
    std::vector<int> all(NODES * TASKS);
    for (const iscc_task &task : tasks) all.at(task.node * TASKS + task.number) = task.correct;
    return all;
  }

  IsccHelper helper;
  Ptr<Node> server;
  NodeContainer nodes;
  ApplicationContainer apps;
  std::vector<iscc_task> tasks;
};

/* Runs until all are idle. */
static void run(const std::vector<RandomCell *> &cells) {
  ApplicationContainer apps;
  for (const RandomCell *cell : cells) apps.Add(cell->apps);
  Simulator::Stop(Seconds(300));
  IsccRun(apps);
  for (const RandomCell *cell : cells) ck_assert_uint_eq(cell->tasks.size(), NODES * TASKS);
}

static const Setting shannon = {"shannon", "poisson", log_distance, 0.001};

START_TEST(a_second_cell_has_arrivals_and_outcomes_of_its_own) {
  RandomCell one(shannon), other(shannon);
  one.Install();
  other.Install();
  run({&one, &other});
  ck_assert(one.All(&iscc_task::arrival_ns) != other.All(&iscc_task::arrival_ns));
  ck_assert(one.Outcomes() != other.Outcomes());
}
END_TEST

/* With two, the order of installation says which one is the first; and the first is as it is alone. */
START_TEST(the_first_cell_is_as_it_is_alone) {
  std::vector<int64_t> arrivals, uplinks;
  {
    RandomCell alone(shannon);
    alone.Install();
    run({&alone});
    arrivals = alone.All(&iscc_task::arrival_ns);
    uplinks = alone.All(&iscc_task::uplink_ns);
    Simulator::Destroy();
  }
  RandomCell second(shannon), first(shannon);
  first.Install();
  second.Install();
  run({&second, &first});
  ck_assert(first.All(&iscc_task::arrival_ns) == arrivals);
  ck_assert(first.All(&iscc_task::uplink_ns) == uplinks);
}
END_TEST

#ifdef ISCC_HAS_LTE
/* ns-3 would end the program. */
START_TEST(a_second_lte_cell_is_refused) {
  const Setting lte = {"lte", "periodic", log_distance, 0};
  RandomCell one(lte), other(lte);
  one.Install();
  ExpectText(Thrown([&] { other.Install(); }), "IsccHelper: lte: there is a cell already");
}
END_TEST
#endif

START_TEST(streams_that_are_assigned_are_those_of_a_cell_whichever_it_is) {
  RandomCell one(shannon), other(shannon);
  one.Install();
  other.Install();
  ck_assert_int_eq(other.helper.AssignStreams(other.nodes, 0), NODES);
  run({&one, &other});
  ck_assert(one.All(&iscc_task::arrival_ns) == other.All(&iscc_task::arrival_ns));
  ck_assert(one.All(&iscc_task::uplink_ns) == other.All(&iscc_task::uplink_ns));
}
END_TEST

static const char nakagami[] = "ns3::LogDistancePropagationLossModel;ns3::NakagamiPropagationLossModel";

/* Where tasks come at equal times, transfers differ by what the air draws alone: fading, loss models, back-off. */
static const Setting airs[] = {
    {"shannon", "periodic", log_distance, 0.001},
    {"shannon", "periodic", nakagami, 0},
    {"wifi", "periodic", log_distance, 0},
    {"lr-wpan", "periodic", log_distance, 0},
};

START_TEST(the_air_of_a_second_cell_is_its_own) {
  RandomCell one(airs[_i]), other(airs[_i]);
  one.Install();
  other.Install();
  for (uint32_t i = 0; i < NODES; i++) // all that is not the air's
    DynamicCast<IsccEdgeNode>(other.apps.Get(i))->AssignStreams(i);
  run({&one, &other});
  ck_assert(one.All(&iscc_task::arrival_ns) == other.All(&iscc_task::arrival_ns));
  ck_assert(one.All(&iscc_task::uplink_ns) != other.All(&iscc_task::uplink_ns));
}
END_TEST

/* A scenario's cell, put where it says: all tasks, and whether its nodes are where another's are. */
struct ScenarioCell {
  explicit ScenarioCell(const iscc_scenario &scenario)
      : helper(scenario), server(CreateObject<Node>()), nodes(NODES) {
    helper.Place(server, nodes);
    helper.InstallHub(server);
    helper.InstallDevices(nodes);
    apps = helper.InstallNodes(nodes, helper.InstallServer(server));
    for (uint32_t i = 0; i < NODES; i++) {
      DynamicCast<IsccEdgeNode>(apps.Get(i))->AssignStreams(i); // its tasks are those of any first cell
      apps.Get(i)->TraceConnectWithoutContext("TaskFinished", MakeBoundCallback(&keep, &tasks));
    }
  }
  double X(uint32_t i) const {
    return nodes.Get(i)->GetObject<MobilityModel>()->GetPosition().x;
  }
  std::vector<int> Retransmissions() const {
    std::vector<int> all(NODES * TASKS);
    for (const iscc_task &task : tasks) all.at(task.node * TASKS + task.number) = task.retransmissions;
    return all;
  }

  IsccHelper helper;
  Ptr<Node> server;
  NodeContainer nodes;
  ApplicationContainer apps;
  std::vector<iscc_task> tasks;
};

static iscc_scenario periodic_scenario() {
  iscc_scenario scenario;
  iscc_scenario_defaults(&scenario);
  scenario.nodes = NODES;
  scenario.coherence_s = 0;
  scenario.node.inference = ISCC_INFERENCE_MODEL;
  scenario.node.arrivals.kind = ISCC_ARRIVALS_PERIODIC;
  scenario.node.arrivals.count = TASKS;
  return scenario;
}

START_TEST(a_second_cell_has_places_of_its_own) {
  iscc_scenario scenario = periodic_scenario();
  scenario.radius_m = 30;
  const ScenarioCell one(scenario), other(scenario);
  for (uint32_t i = 0; i < NODES; i++) ck_assert_double_gt(std::fabs(one.X(i) - other.X(i)), 1e-3);
}
END_TEST

START_TEST(a_second_cell_loses_other_packets) {
  iscc_scenario scenario = periodic_scenario();
  scenario.loss = 0.2;
  const ScenarioCell one(scenario), other(scenario);
  for (uint32_t i = 0; i < NODES; i++) ck_assert_double_eq(one.X(i), other.X(i));
  IsccRun();
  const std::vector<int> none(NODES * TASKS);
  ck_assert_uint_eq(one.tasks.size(), NODES * TASKS);
  ck_assert(one.Retransmissions() != none);
  ck_assert(other.Retransmissions() != none);
  ck_assert(one.Retransmissions() != other.Retransmissions());
}
END_TEST

/* What is called, and what is thrown before ns-3 sees it. */
static const struct {
  const char *text;
  void (*call)(NativeCell &cell);
} refusals[] = {
    {"IsccHelper: InstallNodes: the server is null; give it what InstallServer returned",
     [](NativeCell &c) { c.helper.InstallNodes(c.nodes, nullptr); }},
    {"IsccHelper: InstallNodes: node 0 of the container is null",
     [](NativeCell &c) { c.helper.InstallNodes(NodeContainer(Ptr<Node>()), c.at); }},
    {"IsccHelper: node 1 has an ns3::IsccEdgeNode on this device already",
     [](NativeCell &c) { c.helper.InstallNodes(c.nodes, c.at); }},
    {"IsccHelper: node 1 has an ns3::IsccEdgeNode on this device already",
     [](NativeCell &c) {
       c.helper.SetNodeAttribute("Device", PointerValue(c.devices.Get(0)));
       c.helper.InstallNodes(c.nodes, c.at);
     }},
    {"IsccHelper: InstallServer: the node is null", [](NativeCell &c) { c.helper.InstallServer(nullptr); }},
    {"IsccHelper: node 0 has an ns3::IsccServer on this device already",
     [](NativeCell &c) { c.helper.InstallServer(c.server); }},
    {"IsccHelper: InstallHub was called already; one helper is one cell",
     [](NativeCell &c) { c.helper.InstallHub(c.server); }},
    {"IsccHelper: InstallDevices was called already; give it all nodes of the cell at once",
     [](NativeCell &c) { c.helper.InstallDevices(c.nodes); }},
    {"IsccHelper: stream: -1 is negative", [](NativeCell &c) { c.helper.AssignStreams(c.nodes, -1); }},
};

START_TEST(what_ns3_would_end_on_or_pass_in_silence_is_thrown) {
  NativeCell cell;
  cell.Install();
  const std::string said = Thrown([&] { refusals[_i].call(cell); });
  ExpectText(said, refusals[_i].text);
  ck_assert(said.find('\n') == std::string::npos);
}
END_TEST

/* Applications that a program adds itself show only at the start. */
static const struct {
  const char *text;
  void (*add)(NativeCell &cell);
} additions[] = {
    {"node id: 1's device is that of node 0 already",
     [](NativeCell &c) {
       c.nodes.Get(0)->AddApplication(CreateObjectWithAttributes<IsccEdgeNode>("Server", PointerValue(c.at)));
     }},
    {"ns3::IsccServer of node 0: udp: port 4000 of the device is taken",
     [](NativeCell &c) {
       c.server->AddApplication(
           CreateObjectWithAttributes<IsccServer>("ModelFile", StringValue(c.at->GetModelFile())));
     }},
};

START_TEST(a_second_application_on_a_device_is_thrown_at_the_start) {
  NativeCell cell;
  cell.Install();
  additions[_i].add(cell);
  ExpectText(Thrown([] { Simulator::Run(); }), additions[_i].text);
}
END_TEST

/* Of a simulation of its own. */
static std::vector<int64_t> transfers_of(const Setting &setting) {
  std::vector<int64_t> transfers;
  {
    RandomCell cell(setting);
    cell.Install();
    run({&cell});
    transfers = cell.All(&iscc_task::uplink_ns);
    for (int64_t arrival : cell.All(&iscc_task::arrival_ns)) transfers.push_back(arrival);
  }
  Simulator::Destroy();
  return transfers;
}

static const Setting repeated[] = {
    {"shannon", "poisson", nakagami, 0.001},
    {"wifi", "poisson", nakagami, 0},
    {"lr-wpan", "poisson", nakagami, 0},
#ifdef ISCC_HAS_LTE
    {"lte", "poisson", nakagami, 0},
#endif
};

/* Whatever the process has simulated before: numbers of nodes and addresses begin anew, streams are fixed. */
START_TEST(simulations_of_one_process_are_the_same_on_every_stack) {
  const std::vector<int64_t> first = transfers_of(repeated[_i]);
  transfers_of(shannon);
  transfers_of(airs[2]);
  ck_assert(transfers_of(repeated[_i]) == first);
}
END_TEST

START_TEST(a_helper_serves_the_next_simulation_too) {
  RandomCell cell(shannon);
  cell.Install();
  run({&cell});
  const std::vector<int64_t> arrivals = cell.All(&iscc_task::arrival_ns);
  Simulator::Destroy();
  cell.tasks.clear();
  cell.server = CreateObject<Node>();
  cell.nodes = NodeContainer(NODES);
  MobilityHelper().Install(cell.server);
  MobilityHelper().Install(cell.nodes);
  cell.Install();
  run({&cell});
  ck_assert(cell.All(&iscc_task::arrival_ns) == arrivals);
}
END_TEST

extern "C" Suite *iscc_suite_native_cells(void) {
  Suite *suite = suite_create("native-cells");
  TCase *tc = tcase_create("native-cells");
  tcase_add_checked_fixture(tc, iscc_run_begin, iscc_run_end);
  tcase_set_timeout(tc, 120);
  tcase_add_test(tc, a_second_cell_has_arrivals_and_outcomes_of_its_own);
  tcase_add_test(tc, the_first_cell_is_as_it_is_alone);
#ifdef ISCC_HAS_LTE
  tcase_add_test(tc, a_second_lte_cell_is_refused);
#endif
  tcase_add_test(tc, streams_that_are_assigned_are_those_of_a_cell_whichever_it_is);
  tcase_add_loop_test(tc, the_air_of_a_second_cell_is_its_own, 0, int(sizeof airs / sizeof *airs));
  tcase_add_test(tc, a_second_cell_has_places_of_its_own);
  tcase_add_test(tc, a_second_cell_loses_other_packets);
  tcase_add_loop_test(tc, what_ns3_would_end_on_or_pass_in_silence_is_thrown, 0,
                      int(sizeof refusals / sizeof *refusals));
  tcase_add_loop_test(tc, a_second_application_on_a_device_is_thrown_at_the_start, 0,
                      int(sizeof additions / sizeof *additions));
  tcase_add_loop_test(tc, simulations_of_one_process_are_the_same_on_every_stack, 0,
                      int(sizeof repeated / sizeof *repeated));
  tcase_add_test(tc, a_helper_serves_the_next_simulation_too);
  suite_add_tcase(suite, tc);
  return suite;
}
