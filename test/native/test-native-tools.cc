/* SPDX-License-Identifier: GPL-2.0-only */
/* What ns-3 looks at runs with, on our nodes; and that C++ and C are one simulator. */
#include <sys/stat.h>
#include <unistd.h>

#include <cstring>
#include <fstream>
#include <sstream>

#include "iscc-native-cell.h"
#include "iscc-recorder.h"
#include "iscc-run-program.h"
#include "ns3/animation-interface.h"
#include "ns3/config-store.h"
#include "ns3/config.h"
#include "ns3/double.h"
#include "ns3/flow-monitor-helper.h"
#include "ns3/ipv4-flow-classifier.h"
#include "ns3/log.h"
#include "ns3/simulator.h"
#include "ns3/string.h"

// last: a macro of its is a word of C++ headers
#include <check.h>

using namespace ns3;

static std::string read_all(const std::string &path) {
  std::ifstream file(path);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

START_TEST(flow_monitor_counts_what_the_tasks_sent) {
  NativeCell cell(2, 3);
  cell.Install();
  FlowMonitorHelper flows;
  const Ptr<FlowMonitor> monitor = flows.InstallAll();
  uint64_t datagrams = 0, to_server = 0, answers = 0, bytes = 0, sent = 0;
  for (const iscc_task &task : cell.Run(20)) {
    datagrams += uint64_t(task.datagrams);
    sent += uint64_t(task.sent_bits) / 8;
  }
  const Ptr<Ipv4FlowClassifier> classifier = DynamicCast<Ipv4FlowClassifier>(flows.GetClassifier());
  for (const auto &[id, flow] : monitor->GetFlowStats()) {
    const bool up = classifier->FindFlow(id).destinationPort == ISCC_NS3_SERVER_PORT;
    (up ? to_server : answers) += flow.rxPackets;
    bytes += up ? flow.rxBytes : 0;
  }
  ck_assert_uint_gt(datagrams, 6);
  ck_assert_uint_eq(to_server, datagrams);
  ck_assert_uint_eq(answers, 6);
  ck_assert_uint_eq(bytes, sent - 14 * datagrams); // without the link headers
}
END_TEST

static int count_of(const std::string &text, const std::string &word) {
  int count = 0;
  for (size_t at = text.find(word); at != std::string::npos; at = text.find(word, at + 1)) count++;
  return count;
}

/* A place, and each packet's first and last bit, at sender and receiver. */
START_TEST(netanim_shows_nodes_and_packets) {
  uint64_t datagrams = 0;
  {
    NativeCell cell(1, 2);
    cell.Install();
    AnimationInterface animation(InFolder("run.xml"));
    for (const iscc_task &task : cell.Run()) datagrams += uint64_t(task.datagrams);
    Simulator::Destroy();
  }
  const std::string xml = read_all(InFolder("run.xml"));
  ck_assert_int_eq(count_of(xml, "<node id="), 2);
  ck_assert_int_eq(count_of(xml, "<p fId=\"1\""), int(datagrams));
  ck_assert_int_eq(count_of(xml, "<p fId=\"0\""), 2); // answers
}
END_TEST

START_TEST(pcap_files_hold_the_packets) {
  uint64_t packets = 2; // answers
  double bits = 0;
  {
    NativeCell cell(1, 2);
    cell.Install();
    cell.helper.EnablePcap(InFolder("p"), cell.devices);
    ExpectText(Thrown([&] { cell.helper.EnablePcap(InFolder("p"), cell.devices); }), "move it away");
    for (const iscc_task &task : cell.Run()) {
      packets += uint64_t(task.datagrams);
      bits += task.sent_bits;
    }
    Simulator::Destroy();
  }
  struct stat file;
  ck_assert_int_eq(stat(InFolder("p-1-0.pcap").c_str(), &file), 0);
  ck_assert_int_gt(file.st_size,
                   long(24 + 16 * packets + bits / 8)); // headers and what was sent; answers beside
  ck_assert_int_lt(file.st_size, long(24 + 16 * packets + bits / 8 + 2 * 200));
}
END_TEST

static void use_config_store(const char *mode) {
  Config::SetDefault("ns3::ConfigStore::Filename", StringValue(InFolder("store.txt")));
  Config::SetDefault("ns3::ConfigStore::FileFormat", StringValue("RawText"));
  Config::SetDefault("ns3::ConfigStore::Mode", StringValue(mode));
  ConfigStore store;
  store.ConfigureAttributes();
}

START_TEST(config_store_saves_and_restores) {
  {
    NativeCell cell;
    cell.helper.SetNodeAttribute("TargetAccuracy", DoubleValue(0.75));
    cell.Install();
    use_config_store("Save");
    Simulator::Destroy();
  }
  const std::string text = read_all(InFolder("store.txt"));
  ExpectText(text, "/NodeList/1/$ns3::Node/ApplicationList/0/$ns3::IsccEdgeNode/TargetAccuracy \"0.75\"");
  ExpectText(text, "/NodeList/0/$ns3::Node/ApplicationList/0/$ns3::IsccServer/Queue \"fifo\"");
  NativeCell cell;
  cell.Install();
  use_config_store("Load");
  DoubleValue target;
  cell.App()->GetAttribute("TargetAccuracy", target);
  ck_assert_double_eq(target.Get(), 0.75);
}
END_TEST

static void run_logged(int fd_before) {
  (void)fd_before;
  LogComponentEnable("IsccEdgeNode", LOG_LEVEL_INFO);
  LogComponentEnable("IsccServer", LOG_LEVEL_INFO);
  NativeCell cell(1, 1);
  cell.Install();
  cell.Run();
}

START_TEST(ns_log_tells_what_happens) {
  ck_assert_ptr_nonnull(freopen(InFolder("log").c_str(), "w", stderr)); // where ns-3 logs to
  run_logged(2);
  fflush(stderr);
  const std::string log = read_all(InFolder("log"));
  ExpectText(log, "ns3::IsccServer of node 0 serves 1 nodes");
  ExpectText(log, "node 0, task 0: arrived");
  ExpectText(log, "node 0, task 0: finished");
}
END_TEST

START_TEST(the_recorder_writes_what_was_in_force) {
  NativeCell cell(2, 3);
  cell.Install();
  cell.App(1)->SetAttribute("MaxLatency", TimeValue(MilliSeconds(950)));
  char here[4096];
  ck_assert_ptr_nonnull(getcwd(here, sizeof here));
  ck_assert_int_eq(chdir(iscc_run_folder), 0);
  IsccRecorder recorder(cell.helper, "test", cell.at, cell.apps);
  cell.Run();
  ck_assert_int_eq(recorder.End(), 1);
  ck_assert_int_eq(chdir(here), 0);
  ck_assert_str_eq(iscc_run_sql("iscc.db", "SELECT count(*), sum(node_id = 1) FROM task"), "6|3\n");
  ck_assert_str_eq(iscc_run_sql("iscc.db", "SELECT max_latency_s FROM node ORDER BY node_id"), "0.8\n0.95\n");
  ck_assert_str_eq(iscc_run_sql("iscc.db",
                                "SELECT parameters ->> '$.inference', parameters ->> '$.tasks', "
                                "parameters ->> '$.attributes.ns3::IsccNetDevice.NoiseWPerHz' FROM run"),
                   "model|3|1e-16\n");
}
END_TEST

/* Options that the C example and the C++ one are run with. */
static const char *const same_tasks[] = {
    "--nodes=3 --tasks=10 --arrivals=poisson --loss=0.1 --radius=40 --band=shared",
    "--nodes=3 --tasks=4 --uplink=wifi",
    "--nodes=2 --tasks=3 --uplink=lr-wpan --max-latency=5",
    "--nodes=2 --tasks=4 --uplink=lte --radius=60 --inference=model --scheme=on-server "
    "--mobility='ns3::RandomWalk2dMobilityModel[Bounds=-500|500|-500|500]'",
    "--nodes=2 --tasks=6 --uplink=lte --battery=50 --harvester=ns3::BasicEnergyHarvester --inference=model",
    "--nodes=3 --tasks=5 --transport=tcp --channel-error=2 --replan=stage",
    "--nodes=2 --tasks=40 --battery=0.3 --idle-power=0.001 --inference=model",
    "--tasks=20 --preset=paper --scheme=alternating --inference=model",
    "--nodes=2 --tasks=50 --stop-time=7.3 --inference=model"};

START_TEST(a_program_in_cpp_has_the_tasks_of_one_in_c) {
  std::string native = ISCC_TEST_BUILD_DIR "/examples/iscc-native --db=native.db ",
              plain = ISCC_TEST_BUILD_DIR "/examples/iscc-single-device --db=c.db ";
  iscc_run_well((native + "--nodes=1 " + same_tasks[_i]).c_str());
  iscc_run_well((plain + same_tasks[_i]).c_str());
  iscc_run_compare("native.db", "c.db", "SELECT * FROM task ORDER BY node_id, task_no", true);
  iscc_run_compare("native.db", "c.db", "SELECT * FROM node", true);
  iscc_run_compare("native.db", "c.db", "SELECT * FROM stream", true);
  if (strstr(same_tasks[_i], "battery")) iscc_run_compare("native.db", "c.db", "SELECT * FROM battery", true);
  iscc_run_compare("native.db", "c.db",
                   "SELECT node_id, task_no, turn, split, bits, keep_ratio, sensing_power_w, "
                   "transmit_power_w FROM decision",
                   true);
}
END_TEST

START_TEST(repeated_runs_are_recorded_alike) {
  const std::string run = ISCC_TEST_BUILD_DIR "/examples/iscc-native --tasks=1 --inference=model --uplink=";
  for (const std::string stack : {"shannon", "wifi", "lr-wpan", "lte"}) {
    iscc_run_well((run + stack + " --db=" + stack + "-1.db").c_str());
    iscc_run_well((run + stack + " --db=" + stack + "-2.db").c_str());
    iscc_run_compare((stack + "-1.db").c_str(), (stack + "-2.db").c_str(),
                     "SELECT json_remove(parameters, '$.database') FROM run", true);
  }
}
END_TEST

/* A battery that is empty between two tasks ends the run too; ns-3's own events would go on for ever. */
START_TEST(the_example_ends_with_its_batteries) {
  iscc_run_well("timeout -s KILL 60 " ISCC_TEST_BUILD_DIR
                "/examples/iscc-native --nodes=2 --battery=0.12 --idle-power=0.02 --tasks=10 --interval=10 "
                "--inference=model --db=dark.db");
  ck_assert_str_eq(
      iscc_run_sql(
          "dark.db",
          "SELECT count(*), sum(empty_ns > 0), max(end_ns) < 1e10 FROM battery JOIN run USING (run_id)"),
      "2|2|1\n");
}
END_TEST

/* Also when ns-3 alone has events: beacons, and a task in a thousand hours. */
START_TEST(ctrl_c_ends_the_example) {
  ck_assert_int_eq(iscc_run("timeout --preserve-status -s INT 2 timeout -s KILL 60 " ISCC_TEST_BUILD_DIR
                            "/examples/iscc-native --uplink=wifi --nodes=1 --tasks=2 --interval=3600000 "
                            "--inference=model --db=c.db"),
                   130);
  ck_assert_str_eq(iscc_run_sql("c.db", "SELECT status, count(*) FROM run JOIN task USING (run_id)"),
                   "interrupted|1\n");
}
END_TEST

START_TEST(the_example_refuses_what_the_others_refuse) {
  ck_assert_int_eq(
      iscc_run(ISCC_TEST_BUILD_DIR "/examples/iscc-native --propagation=ns3::FrisPropagationLossModel"), 2);
  ExpectText(iscc_run_output, "ns3::FriisPropagationLossModel");
  ck_assert_int_eq(count_of(iscc_run_output, "\n"), 1);
  ck_assert_int_eq(iscc_run(ISCC_TEST_BUILD_DIR "/examples/iscc-native --nodes=0"), 2);
}
END_TEST

static void expect_documented(TypeId tid) {
  const std::string page = read_all(ISCC_TEST_SOURCE_DIR "/doc/native.rst");
  for (size_t i = 0; i < tid.GetAttributeN(); i++) ExpectText(page, tid.GetAttribute(i).name);
  for (size_t i = 0; i < tid.GetTraceSourceN(); i++)
    ExpectText(page, "``" + tid.GetTraceSource(i).name + "``");
}

START_TEST(the_page_names_every_attribute_and_trace_source) {
  expect_documented(IsccEdgeNode::GetTypeId());
  expect_documented(IsccServer::GetTypeId());
}
END_TEST

extern "C" Suite *iscc_suite_native_tools(void) {
  Suite *suite = suite_create("native-tools");
  TCase *tc = tcase_create("native-tools");
  tcase_add_checked_fixture(tc, iscc_run_begin, iscc_run_end);
  tcase_set_timeout(tc, 120);
  tcase_add_test(tc, flow_monitor_counts_what_the_tasks_sent);
  tcase_add_test(tc, netanim_shows_nodes_and_packets);
  tcase_add_test(tc, pcap_files_hold_the_packets);
  tcase_add_test(tc, config_store_saves_and_restores);
  tcase_add_test(tc, ns_log_tells_what_happens);
  tcase_add_test(tc, the_recorder_writes_what_was_in_force);
  tcase_add_loop_test(tc, a_program_in_cpp_has_the_tasks_of_one_in_c, 0,
                      int(sizeof same_tasks / sizeof *same_tasks));
  tcase_add_test(tc, the_page_names_every_attribute_and_trace_source);
  tcase_add_test(tc, repeated_runs_are_recorded_alike);
  tcase_add_test(tc, the_example_ends_with_its_batteries);
  tcase_add_test(tc, ctrl_c_ends_the_example);
  tcase_add_test(tc, the_example_refuses_what_the_others_refuse);
  suite_add_tcase(suite, tc);
  return suite;
}
