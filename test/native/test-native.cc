/* SPDX-License-Identifier: GPL-2.0-only */
/* Edge nodes and server as ns-3 users in C++ meet them: attributes, trace sources, streams, energy, errors. */
#include <cstring>
#include <vector>

#include "iscc-native-cell.h"
#include "iscc-net-device.h"
#include "iscc-run-program.h"
#include "ns3/basic-energy-source-helper.h"
#include "ns3/boolean.h"
#include "ns3/config.h"
#include "ns3/double.h"
#include "ns3/internet-stack-helper.h"
#include "ns3/ipv4-address-helper.h"
#include "ns3/mobility-helper.h"
#include "ns3/pointer.h"
#include "ns3/rng-seed-manager.h"
#include "ns3/simple-device-energy-model.h"
#include "ns3/simulator.h"
#include "ns3/string.h"
#include "ns3/uinteger.h"

// last: a macro of its is a word of C++ headers
#include <check.h>

using namespace ns3;

START_TEST(a_task_passes_the_trace_sources_in_order_with_its_record) {
  NativeCell cell(1, 3);
  cell.helper.SetNodeAttribute("Candidates", StringValue("3"));
  cell.Install();
  ck_assert_uint_eq(cell.Run().size(), 3);
  static const char *const order[] = {"Arrived", "Decided", "Sensed", "Computed", "Sent", "Finished"};
  ck_assert_uint_eq(cell.events.size(), 18);
  for (size_t k = 0; k < cell.events.size(); k++) {
    const NativeCell::Event &e = cell.events[k];
    ck_assert_str_eq(e.name.c_str(), order[k % 6]);
    ck_assert_uint_eq(e.task.number, k / 6);
    ck_assert_int_eq(e.task.at_arrival.made, e.name != "Arrived");
    ck_assert_int_eq(e.task.sensing_j > 0, k % 6 >= 2);
    ck_assert_int_eq(e.task.compute_j > 0, k % 6 >= 3);
    ck_assert_int_eq(e.task.finish_ns > 0, k % 6 == 5);
  }
  const iscc_task &task = cell.events[5].task;
  ck_assert_double_eq_tol(cell.events[2].atS, 1e-9 * double(task.sensing_ns), 1e-9);
  ck_assert_double_eq_tol(cell.events[5].atS, 1e-9 * double(task.finish_ns), 1e-9);
  ck_assert_int_eq(task.outcome, ISCC_OUTCOME_DONE);
}
END_TEST

/* Each attribute of the node, the text it is given, and what shows that it is in force. */
static const struct {
  const char *name, *text;
  bool (*holds)(const iscc_node_settings &s);
} node_attributes[] = {
    {"Scheme", "no-pruning", [](const iscc_node_settings &s) { return !strcmp(s.scheme, "no-pruning"); }},
    {"TargetAccuracy", "0.7", [](const iscc_node_settings &s) { return s.target_accuracy == 0.7; }},
    {"MaxLatency", "900ms", [](const iscc_node_settings &s) { return s.max_latency_s == 0.9; }},
    {"MaxPowerW", "0.5", [](const iscc_node_settings &s) { return s.max_power_w == 0.5; }},
    {"MaxSpeedFlops", "9e6", [](const iscc_node_settings &s) { return s.max_speed_flops == 9e6; }},
    {"Kappa", "2e-21", [](const iscc_node_settings &s) { return s.kappa == 2e-21; }},
    {"FixedSensingPowerW", "0.1", [](const iscc_node_settings &s) { return s.fixed_sensing_power_w == 0.1; }},
    {"BitsMin", "3", [](const iscc_node_settings &s) { return s.bits_min == 3; }},
    {"BitsMax", "7", [](const iscc_node_settings &s) { return s.bits_max == 7; }},
    {"Candidates", "3,8",
     [](const iscc_node_settings &s) {
       return s.candidate_count == 2 && s.candidates[0] == 3 && s.candidates[1] == 8;
     }},
    {"AccuracyCurve", "arctan", [](const iscc_node_settings &s) { return !s.use_measured_curve; }},
    {"WhenInfeasible", "latency",
     [](const iscc_node_settings &s) { return s.when_infeasible == ISCC_INFEASIBLE_BEST_LATENCY; }},
    {"Replan", "stage", [](const iscc_node_settings &s) { return s.replan == ISCC_REPLAN_STAGE; }},
    {"QueueCapacity", "4", [](const iscc_node_settings &s) { return s.queue_capacity == 4; }},
    {"RetryLimit", "2", [](const iscc_node_settings &s) { return s.retry_limit == 2; }},
    {"TransferQuantile", "0.5", [](const iscc_node_settings &s) { return s.transfer_quantile == 0.5; }},
    {"ChannelErrorDb", "1.5", [](const iscc_node_settings &s) { return s.channel_error_db == 1.5; }},
    {"UplinkLimit", "3s", [](const iscc_node_settings &s) { return s.uplink_limit_s == 3; }},
    {"Arrivals", "poisson",
     [](const iscc_node_settings &s) { return s.arrivals.kind == ISCC_ARRIVALS_POISSON; }},
    {"Interval", "2s", [](const iscc_node_settings &s) { return s.arrivals.interval_s == 2; }},
    {"Tasks", "7", [](const iscc_node_settings &s) { return s.arrivals.count == 7; }},
    {"Id", "5", [](const iscc_node_settings &s) { return s.id == 5; }},
};

/* Server and Device aside, which are objects. */
START_TEST(every_attribute_of_the_node_is_in_force_when_it_starts) {
  NativeCell cell;
  cell.Install();
  const TypeId tid = IsccEdgeNode::GetTypeId();
  ck_assert_uint_eq(tid.GetAttributeN(), sizeof node_attributes / sizeof *node_attributes + 2);
  for (const auto &a : node_attributes) {
    struct TypeId::AttributeInformation info;
    ck_assert_msg(tid.LookupAttributeByName(a.name, &info), "no attribute %s", a.name);
    ck_assert_msg(info.help.size() > 5, "%s has no help", a.name);
    Config::Set(std::string("/NodeList/1/ApplicationList/0/$ns3::IsccEdgeNode/") + a.name,
                StringValue(a.text));
  }
  Simulator::Stop(MilliSeconds(1));
  Simulator::Run();
  for (const auto &a : node_attributes)
    ck_assert_msg(a.holds(cell.App()->GetSettings()), "%s is not in force", a.name);
}
END_TEST

START_TEST(attributes_of_the_server_are_in_force_for_its_nodes_too) {
  NativeCell cell;
  cell.Install();
  const std::string path = "/NodeList/0/ApplicationList/0/$ns3::IsccServer/";
  Config::Set(path + "SpeedFlops", DoubleValue(3e10));
  Config::Set(path + "Cores", StringValue("2"));
  Config::Set(path + "Queue", StringValue("deadline"));
  Config::Set(path + "Charge", StringValue("payload"));
  Config::Set(path + "NodeMax", UintegerValue(9));
  Simulator::Stop(MilliSeconds(1));
  Simulator::Run();
  const iscc_server_settings &server = cell.at->GetSettings();
  ck_assert(server.speed_flops == 3e10 && server.cores == 2 && server.queue == ISCC_QUEUE_DEADLINE &&
            server.charge == ISCC_CHARGE_PAYLOAD && server.node_max == 9);
  const iscc_node_settings &node = cell.App()->GetSettings();
  ck_assert(node.server_speed_flops == 3e10 && node.charge == ISCC_CHARGE_PAYLOAD &&
            node.inference == ISCC_INFERENCE_MODEL);
}
END_TEST

START_TEST(a_word_that_is_none_is_refused_where_it_is_set) {
  Ptr<IsccEdgeNode> node = CreateObject<IsccEdgeNode>();
  ck_assert(!node->SetAttributeFailSafe("Scheme", StringValue("cleverest")));
  ck_assert(!node->SetAttributeFailSafe("Replan", StringValue("often")));
  ck_assert(!node->SetAttributeFailSafe("BitsMax", StringValue("40")));
  ck_assert(!Config::SetDefaultFailSafe("ns3::IsccServer::Queue", StringValue("lifo")));
  ck_assert(Config::SetDefaultFailSafe("ns3::IsccServer::Queue", StringValue("deadline")));
  StringValue queue;
  CreateObject<IsccServer>()->GetAttribute("Queue", queue);
  ck_assert(queue.Get() == "deadline");
}
END_TEST

/* What goes wrong only when a node or server starts, and a part of what is thrown. */
static const struct {
  const char *text;
  void (*spoil)(NativeCell &cell);
} late_errors[] = {
    {"ns3::IsccEdgeNode of node 1: Server: is not set",
     [](NativeCell &c) { c.nodes.Get(0)->AddApplication(CreateObject<IsccEdgeNode>()); }},
    {"ns3::IsccServer of node 0: a node starts before it",
     [](NativeCell &c) { c.at->SetStartTime(Seconds(1)); }},
    {"ns3::IsccServer of node 0: no-such-file",
     [](NativeCell &c) { c.at->SetAttribute("ModelFile", StringValue("no-such-file")); }},
    {"ModelFile: is empty", [](NativeCell &c) { c.at->SetAttribute("ModelFile", StringValue("")); }},
    {"Candidates: '3,x'", [](NativeCell &c) { c.App()->SetAttribute("Candidates", StringValue("3,x")); }},
    {"bits: 6..3",
     [](NativeCell &c) {
       c.App()->SetAttribute("BitsMin", StringValue("6"));
       c.App()->SetAttribute("BitsMax", StringValue("3"));
     }},
    {"no-such-arrivals",
     [](NativeCell &c) { c.App()->SetAttribute("Arrivals", StringValue("no-such-arrivals")); }},
    {"node id: 9 is not below the server's node_max 2",
     [](NativeCell &c) {
       c.App()->SetAttribute("Id", UintegerValue(9));
       c.at->SetAttribute("NodeMax", UintegerValue(2));
     }},
    {"node id: 3 is taken",
     [](NativeCell &c) {
       for (uint32_t i = 0; i < 2; i++) c.App(i)->SetAttribute("Id", UintegerValue(3));
     }},
    {"ns3::IsccEdgeNode of node 0: the node has no device of IsccHelper::InstallDevices",
     [](NativeCell &c) {
       c.server->AddApplication(CreateObjectWithAttributes<IsccEdgeNode>("Server", PointerValue(c.at)));
     }},
};

START_TEST(what_is_wrong_at_the_start_is_thrown_and_names_the_node) {
  NativeCell cell(2);
  cell.Install();
  late_errors[_i].spoil(cell);
  ExpectText(Thrown([] { Simulator::Run(); }), late_errors[_i].text);
}
END_TEST

START_TEST(the_helper_throws_one_line) {
  NativeCell cell;
  ExpectText(Thrown([&] { cell.helper.SetUplink("wify"); }),
             "'wify' is not one of shannon, wifi, lr-wpan, lte");
  ExpectText(Thrown([&] { cell.helper.InstallDevices(cell.nodes); }), "InstallHub comes before");
  cell.helper.SetPropagation("ns3::LogDistansePropagationLossModel");
  ExpectText(Thrown([&] { cell.helper.InstallHub(cell.server); }), "LogDistancePropagationLossModel");
}
END_TEST

/* What is set, and what is said of it at once. */
static const struct {
  const char *name;
  Ptr<AttributeValue> value;
  const char *said;
} wrong_attributes[] = {
    {"MaxLatncy", Create<TimeValue>(Seconds(1)),
     "IsccHelper: ns3::IsccEdgeNode: has no attribute 'MaxLatncy'; did you mean MaxLatency?"},
    {"Scheme", Create<StringValue>("joit"),
     "ns3::IsccEdgeNode::Scheme: 'joit' is not a value of it (ns3::StringValue: joint|"},
    {"TargetAccuracy", Create<DoubleValue>(2), "'2' is not a value of it (ns3::DoubleValue: double 0:1)"},
    {"TargetAccuracy", Create<StringValue>("much"), "'much' is not a value of it (ns3::DoubleValue"},
    {"QueueCapacity", Create<DoubleValue>(2), "of another kind is not a value of it (ns3::IntegerValue"},
    {"Interval", Create<StringValue>("2 fortnights"), "'2 fortnights' is not"}, // ns-3 would end the program
    {"AccuracyCurve", Create<StringValue>("fit"), "ns3::StringValue: arctan|measured)"},
    {"TransferQuantile", Create<DoubleValue>(1),
     "'1' is not a value of it (ns3::DoubleValue: double 0:0.999)"},
    {"Tasks", Create<StringValue>("-1"), "'-1' is not a value of it"}, // ns-3 would take it
};

START_TEST(an_attribute_is_checked_when_it_is_set) {
  const auto &wrong = wrong_attributes[_i];
  NativeCell cell;
  ExpectText(Thrown([&] { cell.helper.SetNodeAttribute(wrong.name, *wrong.value); }), wrong.said);
}
END_TEST

START_TEST(each_kind_of_attribute_is_of_its_type) {
  NativeCell cell;
  ExpectText(Thrown([&] { cell.helper.SetDeviceAttribute("Bandwith", DoubleValue(1)); }), "BandwidthHz?");
  ExpectText(Thrown([&] { cell.helper.SetDeviceAttribute("Hub", BooleanValue(true)); }),
             "IsccNetDevice::Hub: cannot be set");
  ExpectText(Thrown([&] { cell.helper.SetServerAttribute("Core", UintegerValue(1)); }), "Cores?");
}
END_TEST

/* Arrivals and inference aside. */
START_TEST(a_node_has_the_defaults_of_the_options) {
  iscc_scenario scenario;
  iscc_scenario_defaults(&scenario);
  const Ptr<IsccEdgeNode> made = CreateObject<IsccEdgeNode>();
  const iscc_node_settings &ours = scenario.node, &node = made->GetSettings();
  ck_assert_str_eq(node.scheme, ours.scheme);
  ck_assert(node.target_accuracy == ours.target_accuracy && node.max_latency_s == ours.max_latency_s);
  ck_assert(node.max_power_w == ours.max_power_w && node.max_speed_flops == ours.max_speed_flops);
  ck_assert(node.kappa == ours.kappa && node.bits_min == ours.bits_min && node.bits_max == ours.bits_max);
  ck_assert(node.when_infeasible == ours.when_infeasible && node.replan == ours.replan);
  ck_assert_int_eq(node.queue_capacity, ours.queue_capacity);
  ck_assert_int_eq(node.retry_limit, ours.retry_limit);
  ck_assert(node.transfer_quantile == ours.transfer_quantile && node.uplink_limit_s == ours.uplink_limit_s);
}
END_TEST

START_TEST(attributes_of_our_device_are_refused_on_other_stacks) {
  NativeCell cell;
  cell.helper.SetUplink("wifi");
  ExpectText(Thrown([&] { cell.helper.InstallHub(cell.server); }),
             "NoiseWPerHz: is of the devices of uplink shannon alone");
}
END_TEST

/* Of one task each: when it arrived. */
static std::vector<int64_t> arrivals_with(int64_t stream, const char *id) {
  RngSeedManager::SetSeed(1);
  RngSeedManager::SetRun(1);
  NativeCell cell(1, 4);
  cell.helper.SetNodeAttribute("Arrivals", StringValue("poisson"));
  cell.helper.SetNodeAttribute("Id", StringValue(id));
  cell.Install();
  if (stream >= 0) ck_assert_int_eq(cell.helper.AssignStreams(cell.nodes, stream), 1);
  std::vector<int64_t> times;
  for (const iscc_task &task : cell.Run()) times.push_back(task.arrival_ns);
  Simulator::Destroy();
  return times;
}

START_TEST(streams_are_those_of_the_number_assigned_else_of_the_id) {
  const std::vector<int64_t> plain = arrivals_with(-1, "0"), other = arrivals_with(-1, "2");
  ck_assert_uint_eq(plain.size(), 4);
  ck_assert(plain != other);
  ck_assert(arrivals_with(-1, "0") == plain); // several simulations in one process
  ck_assert(arrivals_with(2, "0") == other);
  ck_assert(arrivals_with(0, "2") == plain);
}
END_TEST

START_TEST(applications_start_and_stop_when_they_are_told) {
  NativeCell cell(1, 100);
  cell.Install();
  cell.apps.Start(Seconds(10));
  cell.apps.Stop(Seconds(14.2));
  const std::vector<iscc_task> tasks = cell.Run();
  ck_assert_uint_eq(tasks.size(), 5); // at 10, 11, ... 14 s
  ck_assert_int_eq(tasks[0].arrival_ns, 10000000000);
  ck_assert_int_eq(tasks[3].outcome, ISCC_OUTCOME_DONE);
  ck_assert_int_eq(tasks[4].outcome, ISCC_OUTCOME_UNFINISHED);
}
END_TEST

/* Four tasks, 100 s apart, with a slow server that stops at stop_s. */
static std::vector<iscc_task> with_server_until(double stop_s, bool tcp) {
  NativeCell cell(1, 4);
  cell.helper.SetServerAttribute("Transport", StringValue(tcp ? "tcp" : "udp"));
  cell.helper.SetServerAttribute("SpeedFlops", DoubleValue(1e8));
  cell.helper.SetNodeAttribute("Interval", TimeValue(Seconds(100)));
  cell.helper.SetNodeAttribute("Candidates", StringValue("3"));
  cell.Install();
  cell.at->SetStopTime(Seconds(stop_s));
  const std::vector<iscc_task> tasks = cell.Run(1000);
  Simulator::Destroy();
  ck_assert_uint_eq(tasks.size(), 4);
  return tasks;
}

/* Stopped between two tasks, or while it computes one. */
START_TEST(a_server_that_has_stopped_answers_nothing) {
  const bool tcp = _i % 2, at_work = _i / 2;
  const iscc_task task = with_server_until(190, tcp)[1];
  ck_assert_int_gt(task.server_ns, 1000000);
  const int64_t half = task.sensing_ns + task.compute_ns + task.uplink_ns + task.server_ns / 2;
  const std::vector<iscc_task> tasks = with_server_until(at_work ? 100 + 1e-9 * double(half) : 190, tcp);
  ck_assert_int_eq(tasks[0].outcome, ISCC_OUTCOME_DONE);
  ck_assert_int_eq(tasks[1].outcome, at_work ? ISCC_OUTCOME_LOST : ISCC_OUTCOME_DONE);
  if (!at_work) ck_assert_int_eq(tasks[2].outcome, ISCC_OUTCOME_LOST);
}
END_TEST

/* A node whose device and address are set up by ns-3's own means, then the application. */
static Ptr<IsccEdgeNode> add_by_hand(NativeCell *cell, const char *address) {
  NodeContainer node(1);
  MobilityHelper().Install(node);
  InternetStackHelper().Install(node);
  Ptr<IsccNetDevice> device = CreateObject<IsccNetDevice>();
  device->SetAddress(Mac48Address::Allocate());
  node.Get(0)->AddDevice(device);
  device->SetChannel(DynamicCast<IsccChannel>(cell->hub->GetChannel()));
  device->SetAttribute("NoiseWPerHz", DoubleValue(1e-16));
  Ipv4AddressHelper("10.0.0.0", "255.0.0.0", address).Assign(NetDeviceContainer(device));
  return DynamicCast<IsccEdgeNode>(cell->helper.InstallNodes(node, cell->at).Get(0));
}

static void count_done(int *done, const iscc_task &task) {
  *done += task.outcome == ISCC_OUTCOME_DONE;
}

START_TEST(a_device_keeps_the_address_that_a_helper_gave_it) {
  NativeCell cell;
  cell.Install();
  Ptr<IsccEdgeNode> node = add_by_hand(&cell, "0.200.0.1");
  int done = 0;
  ck_assert(node->TraceConnectWithoutContext("TaskFinished", MakeBoundCallback(&count_done, &done)));
  cell.Run();
  ck_assert_int_eq(done, 5);
  char text[40];
  ck_assert_int_eq(iscc_ns3_address(IsccHandleOf(node->GetDevice()), text, sizeof text, NULL), ISCC_OK);
  ck_assert_str_eq(text, "10.200.0.1");
}
END_TEST

START_TEST(an_address_that_is_taken_is_refused) {
  NativeCell cell;
  cell.Install();
  add_by_hand(&cell, "0.0.0.1");
  ExpectText(Thrown([] { Simulator::Run(); }), "another device has the device's address");
}
END_TEST

/* Initial less remaining energy is what the tasks took and the idle node. */
START_TEST(the_energy_of_a_source_goes_into_its_tasks_and_idling) {
  NativeCell cell(2, 5);
  cell.Install();
  BasicEnergySourceHelper source;
  source.Set("BasicEnergySourceInitialEnergyJ", DoubleValue(10));
  const EnergySourceContainer sources = source.Install(cell.nodes);
  const DeviceEnergyModelContainer loads = cell.helper.InstallEnergy(cell.apps, sources, 0.01);
  ck_assert_uint_eq(loads.GetN(), 8); // idle, sensing, device layers, radio of each
  ExpectText(Thrown([&] { cell.helper.InstallEnergy(cell.apps, sources, 0.01); }),
             "draw from this source already");
  ExpectText(Thrown([&] { cell.helper.InstallEnergy(cell.apps, EnergySourceContainer(), 0); }),
             "0 energy sources");
  double taken[2] = {}, remaining[2];
  Simulator::Schedule(Seconds(8), [&] {
    for (uint32_t i = 0; i < 2; i++) remaining[i] = sources.Get(i)->GetRemainingEnergy();
  });
  for (const iscc_task &task : cell.Run(9))
    taken[task.node] += task.sensing_j + task.compute_j + task.uplink_j;
  for (uint32_t i = 0; i < 2; i++) {
    ck_assert_double_gt(taken[i], 0.05);
    ck_assert_double_eq_tol(10 - remaining[i], taken[i] + 0.01 * 8, 1e-6 * (10 - remaining[i]));
  }
}
END_TEST

/* A model of the program's own on the same source is not taken for a rounding of ns-3's. */
START_TEST(others_may_draw_from_the_source) {
  NativeCell cell(1, 5);
  cell.Install();
  BasicEnergySourceHelper helper;
  helper.Set("BasicEnergySourceInitialEnergyJ", DoubleValue(10));
  const EnergySourceContainer sources = helper.Install(cell.nodes);
  Ptr<SimpleDeviceEnergyModel> lamp = CreateObject<SimpleDeviceEnergyModel>();
  lamp->SetEnergySource(sources.Get(0));
  sources.Get(0)->AppendDeviceEnergyModel(lamp);
  lamp->SetCurrentA(0.01);
  cell.helper.InstallEnergy(cell.apps, sources, 0);
  double taken = sources.Get(0)->GetSupplyVoltage() * 0.01 * 8, remaining = 0;
  Simulator::Schedule(Seconds(8), [&] { remaining = sources.Get(0)->GetRemainingEnergy(); });
  for (const iscc_task &task : cell.Run(9)) taken += task.sensing_j + task.compute_j + task.uplink_j;
  ck_assert_double_eq_tol(10 - remaining, taken, 1e-6 * taken);
}
END_TEST

START_TEST(a_node_whose_source_is_empty_stops) {
  NativeCell cell(1, 100);
  cell.Install();
  BasicEnergySourceHelper source;
  source.Set("BasicEnergySourceInitialEnergyJ", DoubleValue(0.1));
  cell.helper.InstallEnergy(cell.apps, source.Install(cell.nodes), 0);
  const std::vector<iscc_task> tasks = cell.Run(200);
  ck_assert_uint_ge(tasks.size(), 2);
  ck_assert_uint_lt(tasks.size(), 50);
  ck_assert_int_eq(tasks.back().outcome, ISCC_OUTCOME_UNFINISHED);
  ck_assert(cell.App()->IsIdle());
}
END_TEST

extern "C" Suite *iscc_suite_native(void) {
  Suite *suite = suite_create("native");
  TCase *tc = tcase_create("native");
  tcase_add_checked_fixture(tc, iscc_run_begin, iscc_run_end);
  tcase_set_timeout(tc, 120);
  tcase_add_test(tc, a_task_passes_the_trace_sources_in_order_with_its_record);
  tcase_add_test(tc, every_attribute_of_the_node_is_in_force_when_it_starts);
  tcase_add_test(tc, attributes_of_the_server_are_in_force_for_its_nodes_too);
  tcase_add_test(tc, a_word_that_is_none_is_refused_where_it_is_set);
  tcase_add_loop_test(tc, what_is_wrong_at_the_start_is_thrown_and_names_the_node, 0,
                      int(sizeof late_errors / sizeof *late_errors));
  tcase_add_test(tc, the_helper_throws_one_line);
  tcase_add_loop_test(tc, an_attribute_is_checked_when_it_is_set, 0,
                      int(sizeof wrong_attributes / sizeof *wrong_attributes));
  tcase_add_test(tc, each_kind_of_attribute_is_of_its_type);
  tcase_add_test(tc, a_node_has_the_defaults_of_the_options);
  tcase_add_test(tc, attributes_of_our_device_are_refused_on_other_stacks);
  tcase_add_test(tc, streams_are_those_of_the_number_assigned_else_of_the_id);
  tcase_add_test(tc, applications_start_and_stop_when_they_are_told);
  tcase_add_loop_test(tc, a_server_that_has_stopped_answers_nothing, 0, 4);
  tcase_add_test(tc, a_device_keeps_the_address_that_a_helper_gave_it);
  tcase_add_test(tc, an_address_that_is_taken_is_refused);
  tcase_add_test(tc, the_energy_of_a_source_goes_into_its_tasks_and_idling);
  tcase_add_test(tc, others_may_draw_from_the_source);
  tcase_add_test(tc, a_node_whose_source_is_empty_stops);
  suite_add_tcase(suite, tc);
  return suite;
}
