/* SPDX-License-Identifier: GPL-2.0-only */
/* Batteries: what loads and radios draw, when a source is empty, what a harvester feeds. */
#include <check.h>
#include <math.h>
#include <string.h>

#include "iscc-ns3-energy.h"
#include "iscc-ns3-wifi.h"
#include "iscc-test-air.h"

static iscc_error error;
static iscc_ns3_handle node, battery;

static void must(iscc_status status) {
  ck_assert_msg(status == ISCC_OK, "%s", error.text);
}

static iscc_ns3_handle node_at(double x_m) {
  iscc_ns3_handle made;
  must(iscc_ns3_node_create(&made, &error));
  must(iscc_ns3_mobility_install(made, "ns3::ConstantPositionMobilityModel", (const double[3]){x_m, 0, 0},
                                 &error));
  return made;
}

static void begin(const char *source, const char *harvester, double idle_power_w) {
  must(iscc_ns3_begin(1, 1, &error));
  node = node_at(10);
  must(iscc_ns3_battery_install(node, source, harvester, idle_power_w, &battery, &error));
}

static iscc_ns3_battery_state state_now(void) {
  iscc_ns3_battery_state state;
  must(iscc_ns3_battery_state_of(battery, &state, &error));
  return state;
}

typedef struct {
  int64_t at_ns;
  iscc_load load;
  double power_w;
} change;

static void make_change(void *arg) {
  const change *c = arg;
  iscc_ns3_battery_draw(battery, c->load, c->power_w);
}

static void schedule_changes(change *list, int count) {
  for (int i = 0; i < count; i++)
    ck_assert_uint_gt(iscc_ns3_schedule(list[i].at_ns, make_change, &list[i]), 0);
}

static int64_t emptied_ns;

static void on_empty(void *ctx) {
  (void)ctx;
  ck_assert_int_eq(emptied_ns, -1); /* once */
  emptied_ns = iscc_ns3_now_ns();
  iscc_ns3_stop();
}

static void watch_end(void) {
  emptied_ns = -1;
  must(iscc_ns3_battery_on_empty(battery, on_empty, NULL, &error));
}

#define IDEAL_100_J                                                                                          \
  "ns3::BasicEnergySource[BasicEnergySourceInitialEnergyJ=100|BasicEnergyLowBatteryThreshold=0.1|"           \
  "BasicEnergySupplyVoltageV=5]"

START_TEST(loads_draw_their_power_over_time) {
  begin(IDEAL_100_J, NULL, 0.25);
  change list[] = {{1000000000, ISCC_LOAD_SENSING, 2},
                   {2500000000, ISCC_LOAD_SENSING, 0},
                   {2000000000, ISCC_LOAD_COMPUTE, 4},
                   {2250000000, ISCC_LOAD_COMPUTE, 0}};
  schedule_changes(list, 4);
  must(iscc_ns3_run(4000000000, &error));
  const iscc_ns3_battery_state s = state_now();
  ck_assert(s.initial_j == 100 && s.harvested_j == 0 && s.radio_j == 0 && s.empty_ns == -1);
  ck_assert_double_eq_tol(s.idle_j, 0.25 * 4, 1e-12);
  ck_assert_double_eq_tol(s.sensing_j, 2 * 1.5, 1e-12);
  ck_assert_double_eq_tol(s.compute_j, 4 * 0.25, 1e-12);
  ck_assert_double_eq_tol(s.remaining_j, 100 - 1 - 3 - 1, 1e-7); /* ns-3 rounds each update to 1 nJ */
  iscc_ns3_end();
}
END_TEST

/* 90 J may be drawn: 0.25 J each second, and 2 W from 10 s on: 10 s and 87.5 J at 2.25 W. */
START_TEST(the_end_comes_when_the_energy_is_gone) {
  begin(IDEAL_100_J, NULL, 0.25);
  change list[] = {{10000000000, ISCC_LOAD_SENSING, 2}};
  schedule_changes(list, 1);
  watch_end();
  must(iscc_ns3_run(1000000000000, &error));
  ck_assert_double_eq_tol(1e-9 * (double)emptied_ns, 10 + 87.5 / 2.25, 1e-7);
  ck_assert_int_eq(state_now().empty_ns, emptied_ns);
  iscc_ns3_end();
}
END_TEST

START_TEST(nothing_is_drawn_from_an_empty_battery) {
  begin("1", NULL, 0.5);
  change list[] = {{3000000000, ISCC_LOAD_SENSING, 2}};
  schedule_changes(list, 1);
  must(iscc_ns3_run(10000000000, &error)); /* empty after 2 s, nobody stops */
  const iscc_ns3_battery_state s = state_now();
  ck_assert_double_eq_tol(1e-9 * (double)s.empty_ns, 2, 1e-6);
  ck_assert_double_eq_tol(s.idle_j, 1, 1e-6);
  ck_assert(s.sensing_j == 0);
  ck_assert_double_eq_tol(s.remaining_j, 0, 1e-6);
  iscc_ns3_end();
}
END_TEST

START_TEST(a_harvester_feeds_it) {
  begin("10", "ns3::BasicEnergyHarvester[HarvestablePower=ns3::ConstantRandomVariable[Constant=0.3]]", 0.5);
  watch_end();
  must(iscc_ns3_run(1000000000000, &error));
  const iscc_ns3_battery_state s = state_now();
  ck_assert_double_eq_tol(1e-9 * (double)s.empty_ns, 10 / 0.2, 1e-4); /* a net 0.2 W */
  ck_assert_double_eq_tol(s.harvested_j, 0.3 * 50, 1e-4);
  ck_assert_double_eq_tol(s.initial_j + s.harvested_j - s.remaining_j, s.idle_j, 1e-6 * s.idle_j);
  iscc_ns3_end();
}
END_TEST

/* The voltage of a lithium cell falls as it is used; joules are still joules. */
START_TEST(a_lithium_battery_gives_what_is_drawn) {
  if (!iscc_test_ns3_before(43)) return; /* ns-3 has given it up */
  begin("ns3::LiIonEnergySource[LiIonEnergySourceInitialEnergyJ=2000]", NULL, 0.5);
  change list[] = {{10000000000, ISCC_LOAD_COMPUTE, 3}, {300000000000, ISCC_LOAD_COMPUTE, 0}};
  schedule_changes(list, 2);
  must(iscc_ns3_run(500000000000, &error));
  const iscc_ns3_battery_state s = state_now();
  ck_assert_double_eq_tol(s.compute_j, 3 * 290, 1e-9);
  ck_assert_double_eq_tol(s.initial_j - s.remaining_j, s.idle_j + s.compute_j,
                          1e-6 * (s.idle_j + s.compute_j));
  iscc_ns3_end();
}
END_TEST

/* ns-3's currents at 3 V: waiting 0.273 A, receiving 0.313 A; sending P_c. */
START_TEST(a_wifi_radio_draws_for_listening_too) {
  iscc_ns3_handle network, access_point, station, socket, ap_socket;
  iscc_ns3_wifi_settings settings;
  begin("1000", NULL, 0);
  iscc_ns3_wifi_defaults(&settings);
  must(iscc_ns3_wifi_create(&settings, &network, &error));
  must(iscc_ns3_wifi_install(node_at(0), network, true, &access_point, &error));
  must(iscc_ns3_wifi_install(node, network, false, &station, &error));
  must(iscc_ns3_internet_install(access_point, &error));
  must(iscc_ns3_internet_install(station, &error));
  must(iscc_ns3_udp_open(station, 9, NULL, NULL, &socket, &error));
  must(iscc_ns3_udp_open(access_point, 9, NULL, NULL, &ap_socket, &error));
  must(iscc_ns3_battery_feed(battery, station, &error));
  iscc_test_radio radio;
  iscc_test_watch_radio(0, &radio);
  must(iscc_ns3_run(1000000000, &error)); /* it has joined */
  const iscc_ns3_send_options options = {.power_w = 0.5, .charged_bits = -1};
  for (int i = 0; i < 50; i++) must(iscc_ns3_udp_send(socket, access_point, 9, NULL, 1400, &options, &error));
  must(iscc_ns3_run(3000000000, &error));
  const iscc_ns3_battery_state s = state_now();
  ck_assert_double_gt(radio.tx_s, 0.005);
  ck_assert_double_gt(radio.rx_s, 0.001);
  const double waiting_s = 3 - radio.tx_s - radio.rx_s;
  const double radio_j = radio.tx_j + 3 * (0.273 * waiting_s + 0.313 * radio.rx_s);
  ck_assert_double_eq_tol(s.radio_j, radio_j, 1e-6 * radio_j);
  ck_assert_double_eq_tol(s.initial_j - s.remaining_j, radio_j, 1e-6 * radio_j);
  /* 50 datagrams at 0.5 W, some in one frame; what else was sent are short frames */
  ck_assert_double_lt(s.radio_j - s.listening_j, radio.tx_j);
  ck_assert_double_gt(s.radio_j - s.listening_j, 0.8 * radio.tx_j);
  iscc_ns3_end();
}
END_TEST

START_TEST(mistakes_are_refused) {
  static const struct {
    const char *source, *harvester, *text;
    double idle_power_w;
  } rows[] = {{"0", NULL, "0 J", 0},
              {"-3", NULL, "-3 J", 0},
              {"nan", NULL, "nan J", 0},
              {"ns3::Node", NULL, "EnergySource", 0},
              {"ns3::NoSource", NULL, "ns3::NoSource", 0},
              {"ns3::BasicEnergySource[Volt=3]", NULL, "Volt", 0},
              {"ns3::BasicEnergySource[BasicEnergySourceInitialEnergyJ=0]", NULL, "initial energy", 0},
              {"1", "ns3::BasicEnergySource", "EnergyHarvester", 0},
              {"1", NULL, "idle power: -1 W", -1}};
  must(iscc_ns3_begin(1, 1, &error));
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    node = node_at(1);
    const iscc_status status = iscc_ns3_battery_install(node, rows[i].source, rows[i].harvester,
                                                        rows[i].idle_power_w, &battery, &error);
    ck_assert_int_eq(status, ISCC_EINVAL);
    ck_assert_msg(strstr(error.text, rows[i].text) != NULL, "%s: %s", rows[i].source, error.text);
  }
  must(iscc_ns3_battery_install(node, "1", NULL, 0, &battery, &error));
  ck_assert_int_eq(iscc_ns3_battery_install(node, "1", NULL, 0, &battery, &error), ISCC_ESTATE);
  ck_assert_int_eq(iscc_ns3_battery_feed(node, node, &error), ISCC_ESTATE);
  iscc_ns3_end();
}
END_TEST

Suite *iscc_suite_ns3_energy(void);

Suite *iscc_suite_ns3_energy(void) {
  Suite *s = suite_create("ns3: energy");
  TCase *t = tcase_create("energy");
  tcase_add_test(t, loads_draw_their_power_over_time);
  tcase_add_test(t, the_end_comes_when_the_energy_is_gone);
  tcase_add_test(t, nothing_is_drawn_from_an_empty_battery);
  tcase_add_test(t, a_harvester_feeds_it);
  tcase_add_test(t, a_lithium_battery_gives_what_is_drawn);
  tcase_add_test(t, a_wifi_radio_draws_for_listening_too);
  tcase_add_test(t, mistakes_are_refused);
  suite_add_tcase(s, t);
  return s;
}
