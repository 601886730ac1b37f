/* SPDX-License-Identifier: GPL-2.0-only */
/* Attributes of ns-3 as users type them: what would end the program or never end is refused, the rest is no other run
 * for having been tried. */
#include <check.h>
#include <stdio.h>
#include <string.h>

#include "iscc-run-program.h"

#define SINGLE ISCC_TEST_BUILD_DIR "/examples/iscc-single-device --tasks=2 --db=r.db "
#define SOURCE "--battery='ns3::BasicEnergySource["

static const struct {
  const char *options, *says;
} fatal[] = {
    {"--uplink=wifi --ns3::ApWifiMac::BeaconInterval=1s",
     "ns-3 ends the program with ns3::ApWifiMac::BeaconInterval=1s: beacon interval should be multiple"},
    {"--uplink=wifi --ns3::ApWifiMac::BeaconInterval=0s",
     "never gets past 0 s of simulated time with ns3::Ap"},
    {"--uplink=wifi --ns3::WifiNetDevice::Mtu=10", "Mtu of 10 bytes is below IPv4's least, 68"},
    {"--uplink=lte --ns3::LteHelper::Scheduler=ns3::Node",
     "ends the program with ns3::LteHelper::Scheduler=ns3::Node"},
    {"--transport=tcp --ns3::TcpL4Protocol::SocketType=ns3::Node",
     "ends the program with ns3::TcpL4Protocol::SocketType"},
    {"--SimulatorImplementationType=ns3::RealtimeSimulatorImpl", "is not ns3::DefaultSimulatorImpl"},
    {"--ns3::PacketSink::Local=1.2.3.999", "'1.2.3.999' is not a value of it"},
    {"--ns3::PacketSink::Local=02-06-0a:00:00:01:50", "'02-06-0a:00:00:01:50' is not a value of it"},
    {SOURCE "PeriodicEnergyUpdateInterval=0s]'",
     "never gets past 0 s of simulated time with PeriodicEnergyUpdate"},
    {"--battery=9 --harvester='ns3::BasicEnergyHarvester[PeriodicHarvestedPowerUpdateInterval=0s]'",
     "never gets past 0 s of simulated time with PeriodicHarvestedPowerUpdateInterval=0s"},
    {SOURCE "BasicEnergySupplyVoltageV=0]'", "its supply voltage of 0 V is not above 0"},
    {"--ns3::IsccNetDevice::BandwidthHz=5",
     "--ns3::IsccNetDevice::BandwidthHz: has no effect in this program; give --b"},
    {"--uplink=lte --ns3::LteHelper::Scheduler=ns3::PfFfMacSheduler",
     "'ns3::PfFfMacSheduler': ns-3 has no such type; did you mean ns3::PfFfMacScheduler"},
    {"--transport=tcp --ns3::TcpL4Protocol::SocketType=ns3::TcpNewRenoo",
     "no such type; did you mean ns3::TcpNewReno"},
    {"--SchedulerType=ns3::HeapSchedular", "no such type; did you mean ns3::HeapScheduler"},
    {"--mobility='ns3::ConstantVelocityMobilityModel[Velocity=1:0:0]'",
     "Velocity: ns-3 lets it be read alone"},
    {"--propagation=", "--propagation: is empty; none is the word for no models"},
    {"--propagation='ns3::FriisPropagationLossModel;;'", "'': ns-3 has no such type"},
    {"--propagation=';'", "'': ns-3 has no such type"},
    {"--buildings=", "--buildings: is empty; leave it out"},
    {"--buildings=';'", "'': ns-3 has no such type"},
    {"--coherence=1e-12", "--coherence: 1e-12 is neither 0, a static channel, nor 1e-6 or more"},
    {"--ns3::IsccEdgeNode::Tasks=5",
     "--ns3::IsccEdgeNode::Tasks: has no effect in this program; give the option"},
    {SOURCE "BasicEnergySupplyVoltageV=-3]'", "its supply voltage of -3 V is not above 0"},
};

START_TEST(what_ends_ns3_is_refused) {
  char command[512];
  snprintf(command, sizeof command, SINGLE "--pcap=frames %s", fatal[_i].options);
  if (strstr(command, "lte")) snprintf(command, sizeof command, SINGLE "%s", fatal[_i].options);
  ck_assert_msg(iscc_run(command) == 2, "%s: %s", command, iscc_run_output);
  ck_assert_msg(strstr(iscc_run_output, fatal[_i].says) != NULL, "%s: %s", command, iscc_run_output);
  ck_assert_msg(strchr(iscc_run_output, '\n') == strrchr(iscc_run_output, '\n'), "%s", iscc_run_output);
  ck_assert_int_ne(iscc_run("ls | grep -E 'r.db|frames'"), 0); /* nothing was begun */
}
END_TEST

/* ns-3's own defaults, typed: both runs are the same, and the rehearsal of the second leaves nothing behind. */
START_TEST(a_rehearsal_leaves_no_trace) {
  static const char *const options[] = {"--uplink=wifi --ns3::WifiNetDevice::Mtu=2296",
                                        "--transport=tcp --ns3::TcpSocket::ConnCount=6",
                                        "--inference=real --ns3::ArpCache::DeadTimeout=100s"};
  char command[512];
  const char *option = options[_i], *second = strchr(option, ' ');
  snprintf(command, sizeof command, SINGLE "--tasks=5 %.*s --db=plain.db", (int)(second - option), option);
  iscc_run_well(command);
  snprintf(command, sizeof command, SINGLE "--tasks=5 %s --pcap=frames --db=typed.db", option);
  iscc_run_well(command);
  iscc_run_compare("plain.db", "typed.db", "SELECT * FROM task", true);
  ck_assert_str_eq(iscc_run_sql("typed.db", "SELECT count(*) FROM run"), "1\n");
}
END_TEST

#define CHANGES "SELECT json_extract(parameters, '$.ns3') FROM run ORDER BY run_id DESC LIMIT 1"

/* Two runs with different results have different parameters. */
START_TEST(what_is_not_ns3s_own_is_recorded) {
  static const char *const programs[] = {"iscc-single-device", "iscc-native"};
  static const char *const rows[][3] = {
      {"", "", "\n"},
      {"--ns3::TcpSocketBase::MinRto=200ms --SchedulerType=ns3::HeapScheduler --RngRun=3", "",
       "{\"ns3::TcpSocketBase::MinRto\":\"+2e+08ns\",\"SchedulerType\":\"ns3::HeapScheduler\"}\n"},
      {"", "NS_ATTRIBUTE_DEFAULT='ns3::ArpCache::DeadTimeout=9s' ",
       "{\"NS_ATTRIBUTE_DEFAULT\":\"ns3::ArpCache::DeadTimeout=9s\"}\n"}};
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    char command[512];
    snprintf(command, sizeof command, "%s" ISCC_TEST_BUILD_DIR "/examples/%s --tasks=2 --db=r.db %s",
             rows[i][1], programs[_i], rows[i][0]);
    iscc_run_well(command);
    ck_assert_str_eq(iscc_run_sql("r.db", CHANGES), rows[i][2]);
  }
}
END_TEST

#define COUNT(array) ((int)(sizeof(array) / sizeof *(array)))

Suite *iscc_suite_attributes(void);

Suite *iscc_suite_attributes(void) {
  Suite *s = suite_create("cell: attributes of ns-3");
  TCase *t = tcase_create("attributes");
  tcase_set_timeout(t, 60);
  tcase_add_checked_fixture(t, iscc_run_begin, iscc_run_end);
  tcase_add_loop_test(t, what_ends_ns3_is_refused, 0, COUNT(fatal));
  tcase_add_loop_test(t, a_rehearsal_leaves_no_trace, 0, 3);
  tcase_add_loop_test(t, what_is_not_ns3s_own_is_recorded, 0, 2);
  suite_add_tcase(s, t);
  return s;
}
