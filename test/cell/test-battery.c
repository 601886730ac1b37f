/* SPDX-License-Identifier: GPL-2.0-only */
/* Batteries in a recorded run: the audit, lifetimes, what their end does. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "iscc-run-program.h"
#include "iscc-test-air.h"

#define LIFETIME ISCC_TEST_BUILD_DIR "/examples/iscc-battery-lifetime "

static void expect_run(const char *options) {
  char command[1024];
  snprintf(command, sizeof command, LIFETIME "%s", options);
  iscc_run_well(command);
}

static const char *ask(const char *sql) {
  return iscc_run_sql("iscc.db", sql);
}

#define AUDIT "SELECT count(*), sum(abs(relative_difference) > 1e-6), min(given_j) > 0.1 FROM battery_audit"

/* The battery ends in the midst of every stage of a task. */
START_TEST(what_batteries_gave_is_what_was_recorded) {
  static const char *const rows[] = {
      "--nodes=30 --battery=1.5 --distance=40",
      "--nodes=3 --battery=1000 --tasks=50",
      "--nodes=3 --battery=1000 --tasks=50 --charge=payload --idle-power=0",
      "--nodes=5 --battery=2 --loss=0.2",
      "--nodes=5 --battery=2 --coherence=0.05 --inference=real --tasks=20",
      "--nodes=4 --battery=ns3::LiIonEnergySource[LiIonEnergySourceInitialEnergyJ=2]",
      "--nodes=5 --battery=2 "
      "--harvester='ns3::BasicEnergyHarvester[HarvestablePower=ns3::UniformRandomVariable[Min=0|Max=0.03]]'",
      "--nodes=6 --battery=5 --uplink=wifi --radius=30",
      "--nodes=4 --battery=10 --uplink=wifi --radius=30",
      "--nodes=3 --uplink=wifi --idle-power=0.3",
      "--nodes=2 --uplink=wifi --battery=1 --idle-power=0.4 --interval=0.5 --tasks=10",
      "--nodes=3 --uplink=wifi --battery='ns3::BasicEnergySource[BasicEnergySourceInitialEnergyJ=0.3]' "
      "--idle-power=0.1 --interval=0.5 --tasks=10",
      "--nodes=3 --uplink=wifi --battery='ns3::BasicEnergySource[BasicEnergySourceInitialEnergyJ=1]' "
      "--interval=0.5 --tasks=10",
      "--nodes=7 --battery=1 --uplink=lr-wpan --radius=20",
      "--nodes=6 --battery=0.3 --uplink=lte --radius=60",
      "--nodes=3 --battery=0.3 --uplink=lte --radius=200 --transport=tcp"};
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    char expected[32];
    if (strstr(rows[i], "LiIon") && !iscc_test_ns3_before(43)) continue; /* ns-3 has given it up */
    expect_run(rows[i]);
    const int nodes = atoi(strstr(rows[i], "--nodes=") + strlen("--nodes="));
    snprintf(expected, sizeof expected, "%d|0|1\n", nodes);
    ck_assert_msg(strcmp(ask(AUDIT), expected) == 0, "%s: %s", rows[i], iscc_run_output);
    ck_assert_int_eq(iscc_run("rm iscc.db"), 0);
  }
}
END_TEST

/* Found when the energy says so, not at the source's next look a second later: nothing is overdrawn. */
START_TEST(a_wifi_node_ends_when_its_battery_is_empty) {
  expect_run("--nodes=3 --uplink=wifi --battery=1 --idle-power=0.4 --interval=0.5 --tasks=10");
  ck_assert_str_eq(ask("SELECT count(empty_ns), min(remaining_j) >= 0, max(remaining_j) < 1e-6 FROM battery"),
                   "3|1|1\n");
}
END_TEST

/* ns-3's currents of waiting, 0.273 A, and receiving, 0.313 A, at 3 V from the first to the last moment: 0.819..0.939 W.
 * ns-3's own model stops drawing at what it takes for the battery's end, and went on sending. */
START_TEST(a_wifi_radio_listens_to_the_end) {
  expect_run("--nodes=2 --uplink=wifi --battery=5 --idle-power=0 --tasks=100");
  ck_assert_str_eq(
      ask("SELECT count(*), min(listening_j / (1e-9 * empty_ns)) > 0.81, max(listening_j / (1e-9 * "
          "empty_ns)) < 0.9391, min(1e-9 * empty_ns) > 5.2, max(1e-9 * empty_ns) < 6.11 FROM battery"),
      "2|1|1|1|1\n");
  /* and not beyond it, also where no task has come yet */
  iscc_run_well(ISCC_TEST_BUILD_DIR
                "/examples/iscc-factory-cell --nodes=5 --uplink=wifi --battery=0.1 --db=b.db");
  ck_assert_str_eq(iscc_run_sql("b.db", "SELECT count(empty_ns), min(remaining_j) >= 0 FROM battery"),
                   "5|1\n");
}
END_TEST

/* A lithium cell on Wi-Fi ends cleanly; its voltage changes within its radio's states, which ns-3 counts at one. */
START_TEST(a_lithium_cell_feeds_a_wifi_radio) {
  if (!iscc_test_ns3_before(43)) return; /* ns-3 has given it up */
  expect_run("--nodes=3 --uplink=wifi --battery=ns3::LiIonEnergySource[LiIonEnergySourceInitialEnergyJ=5]");
  ck_assert_str_eq(ask("SELECT count(empty_ns), max(abs(relative_difference)) < 1e-3 FROM battery JOIN "
                       "battery_audit USING (run_id, node_id)"),
                   "3|1\n");
}
END_TEST

START_TEST(batteries_end_in_every_stage) {
  expect_run("--nodes=60 --battery=1.5 --arrivals=poisson");
  /* cut while sensing, computing, sending */
  ck_assert_str_eq(
      ask("SELECT count(*) > 5, count(*) FILTER (WHERE compute_ns = 0) > 0, count(*) FILTER (WHERE "
          "compute_ns > 0 AND uplink_ns = 0) > 0, count(*) FILTER (WHERE uplink_ns > 0) > 0 FROM task "
          "WHERE outcome = 'unfinished' AND energy_j > 0"),
      "1|1|1|1\n");
  ck_assert_str_eq(ask(AUDIT), "60|0|1\n");
}
END_TEST

START_TEST(an_empty_battery_ends_its_node) {
  expect_run("--nodes=3 --battery=2");
  ck_assert_ptr_nonnull(strstr(iscc_run_output, "3     of 3 are empty"));
  ck_assert_ptr_nonnull(strstr(iscc_run_output, "Lifetime"));
  ck_assert_str_eq(
      ask("SELECT count(*) FROM task t JOIN battery b USING (run_id, node_id) WHERE arrival_ns > "
          "empty_ns OR finish_ns > empty_ns"),
      "0\n");
  ck_assert_str_eq(
      ask("SELECT count(*), count(empty_ns), max(abs(empty_ns - end_ns)) < 1e11 FROM battery JOIN run "
          "USING (run_id)"),
      "3|3|1\n");
  /* the same node with twice the energy lives about twice as long */
  expect_run("--nodes=1 --battery=2 --coherence=0");
  expect_run("--nodes=1 --battery=4 --coherence=0");
  ck_assert_str_eq(
      ask("SELECT 1.0 * max(empty_ns) / min(empty_ns) BETWEEN 1.9 AND 2.1 FROM battery WHERE run_id > 1"),
      "1\n");
}
END_TEST

START_TEST(a_frugal_scheme_lives_longer) {
  expect_run("--battery=3");
  expect_run("--battery=3 --scheme=on-server --max-latency=1.2");
  expect_run("--battery=3 --max-latency=1.2");
  ck_assert_str_eq(
      ask("SELECT (SELECT empty_ns FROM battery WHERE run_id = 3) > (SELECT empty_ns FROM battery WHERE "
          "run_id = 2)"),
      "1\n");
}
END_TEST

START_TEST(tasks_are_the_same_with_a_battery) {
  expect_run("--battery=1000 --tasks=40");
  expect_run("--battery=none --tasks=40");
  ck_assert_str_eq(
      ask("SELECT count(*) FROM (SELECT task_no, outcome, arrival_ns, finish_ns, energy_j FROM task WHERE "
          "run_id = 1 EXCEPT SELECT task_no, outcome, arrival_ns, finish_ns, energy_j FROM task WHERE "
          "run_id = 2)"),
      "0\n");
  ck_assert_str_eq(ask("SELECT group_concat(run_id) FROM battery"), "1\n");
}
END_TEST

/* What ns-3 lets a source, a harvester or a radio be given shows at the end: the tasks are kept, with a run that failed. */
START_TEST(impossible_energies_fail_the_run) {
  static const char *const rows[][2] = {
      {"--battery='ns3::RvBatteryModel[RvBatteryModelBetaValue=0]'", "J given in all is impossible"},
      {"--battery=5 "
       "--harvester='ns3::BasicEnergyHarvester[HarvestablePower=ns3::ConstantRandomVariable[Constant=-1]]'",
       "J harvested is impossible"},
      {"--battery=5 --uplink=wifi --ns3::WifiRadioEnergyModel::IdleCurrentA=-3",
       "J drawn by the radio is impossible"}};
#ifdef NS3_ASSERT_ENABLE
  if (_i > 0) return; /* in a source tree assertions of ns-3 end the program on these */
#endif
  if (!iscc_test_ns3_before(43)) return; /* it has given up the first */
  char command[512];
  snprintf(command, sizeof command, LIFETIME "--tasks=5 --db=i.db %s", rows[_i][0]);
  ck_assert_int_eq(iscc_run(command), 2);
  ck_assert_msg(strstr(iscc_run_output, rows[_i][1]) != NULL, "%s", iscc_run_output);
  ck_assert_str_eq(iscc_run_sql("i.db",
                                "SELECT status, count(*) > 3, (SELECT count(*) FROM battery) FROM run JOIN "
                                "task USING (run_id)"),
                   "failed|1|0\n");
}
END_TEST

START_TEST(mistakes_get_one_clear_line) {
  static const char *const rows[][2] = {{"--battery=0", "0 J"},
                                        {"--battery=ns3::NoSuch", "ns3::NoSuch"},
                                        {"--harvester=ns3::Node", "EnergyHarvester"},
                                        {"--idle-power=-1", "--idle-power: -1"}};
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    char command[256];
    snprintf(command, sizeof command, LIFETIME "%s", rows[i][0]);
    ck_assert_int_ne(iscc_run(command), 0);
    ck_assert_msg(strstr(iscc_run_output, rows[i][1]) != NULL, "%s: %s", rows[i][0], iscc_run_output);
  }
}
END_TEST

Suite *iscc_suite_battery(void);

Suite *iscc_suite_battery(void) {
  Suite *s = suite_create("cell: batteries");
  TCase *t = tcase_create("battery");
  tcase_set_timeout(t, 60);
  tcase_add_checked_fixture(t, iscc_run_begin, iscc_run_end);
  tcase_add_test(t, what_batteries_gave_is_what_was_recorded);
  tcase_add_test(t, a_wifi_node_ends_when_its_battery_is_empty);
  tcase_add_test(t, a_wifi_radio_listens_to_the_end);
  tcase_add_test(t, a_lithium_cell_feeds_a_wifi_radio);
  tcase_add_test(t, batteries_end_in_every_stage);
  tcase_add_test(t, an_empty_battery_ends_its_node);
  tcase_add_test(t, a_frugal_scheme_lives_longer);
  tcase_add_test(t, tasks_are_the_same_with_a_battery);
  tcase_add_loop_test(t, impossible_energies_fail_the_run, 0, 3);
  tcase_add_test(t, mistakes_get_one_clear_line);
  suite_add_tcase(s, t);
  return s;
}
