/* SPDX-License-Identifier: GPL-2.0-only */
/* What our Wi-Fi stations carry beside ns-3's own stations and UDP applications at the same standard, rate, width,
 * frame size and place (test/ns3/programs/iscc-plain-wifi.cc, a program that knows nothing of this project). */
#include <check.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "iscc-ns3-wifi.h"
#include "iscc-run-program.h"
#include "iscc-test-air.h"

enum { PORT = 9, BYTES = 1472, AHEAD = 200, SECONDS = 2, DISTANCE_M = 10 };

static iscc_error error;
static iscc_ns3_handle access_point, station, socket_of_station;
static iscc_ns3_send_options options;
static int received;

static void must(iscc_status status) {
  ck_assert_msg(status == ISCC_OK, "%s", error.text);
}

static double plain(const char *arguments) {
  char command[512];
  snprintf(command, sizeof command, ISCC_TEST_BUILD_DIR "/test/iscc-plain-wifi --uplink=1 --distance=%d %s",
           DISTANCE_M, arguments);
  iscc_run_well(command);
  return strtod(iscc_run_output, NULL);
}

/* The rates of a standard at 20 MHz and one stream, with the guard interval that ns-3 starts from (802.11ax: 3.2 us),
 * and its preamble as ns-3 counts it (without VHT-SIG-B). */
static const struct {
  const char *standard, *mode;
  double preamble_s, phy_bps[12];
  int rates;
} standards[] = {
    {"802.11n", "HtMcs", 36e-6, {6.5e6, 13e6, 19.5e6, 26e6, 39e6, 52e6, 58.5e6, 65e6}, 8},
    {"802.11ac", "VhtMcs", 36e-6, {6.5e6, 13e6, 19.5e6, 26e6, 39e6, 52e6, 58.5e6, 65e6, 78e6}, 9},
    {"802.11ax",
     "HeMcs",
     44e-6,
     {7.3125e6, 14.625e6, 21.9375e6, 29.25e6, 43.875e6, 58.5e6, 65.8125e6, 73.125e6, 87.75e6, 97.5e6,
      109.6875e6, 121.875e6},
     12}};

/* The MCS of a rate; -1: none. */
static int mcs_of(int standard, double rate_bps) {
  for (int k = 0; k < standards[standard].rates; k++)
    if (fabs(rate_bps / standards[standard].phy_bps[k] - 1) < 1e-3) return k;
  return -1;
}

/* ---- always more to send ---- */

static void on_received(void *ctx, iscc_ns3_handle from, const void *bytes, size_t n_bytes) {
  (void)ctx;
  (void)from;
  (void)bytes;
  received += n_bytes == BYTES && iscc_ns3_now_ns() > 1000000000;
}

static void send(void) {
  must(iscc_ns3_udp_send(socket_of_station, access_point, PORT, NULL, BYTES, &options, &error));
}

static void on_told(void *ctx, uint64_t token, int64_t start_ns, int64_t airtime_ns, double bits,
                    double energy_j) {
  (void)ctx;
  (void)token;
  (void)start_ns;
  (void)bits;
  (void)energy_j;
  ck_assert_int_gt(airtime_ns, 0);
  send();
}

static void begin_sending(void *arg) {
  (void)arg;
  for (int i = 0; i < AHEAD; i++) send();
}

static iscc_ns3_handle device_at(double x_m, iscc_ns3_handle network, bool hub) {
  iscc_ns3_handle node, device;
  must(iscc_ns3_node_create(&node, &error));
  must(iscc_ns3_mobility_install(node, "ns3::ConstantPositionMobilityModel", (double[]){x_m, 0, 0}, &error));
  must(iscc_ns3_wifi_install(node, network, hub, &device, &error));
  must(iscc_ns3_internet_install(device, &error));
  return device;
}

/* Goodput of our station in Mbit/s with the least power of link rate `rate`; *mcs is that rate's. */
static double ours(int standard, int rate, int *mcs) {
  iscc_ns3_handle network, ap_socket;
  iscc_ns3_wifi_settings settings;
  iscc_link link;
  received = 0;
  must(iscc_ns3_begin(1, 1, &error));
  iscc_ns3_wifi_defaults(&settings);
  settings.standard = standards[standard].standard;
  must(iscc_ns3_wifi_create(&settings, &network, &error));
  access_point = device_at(0, network, true);
  station = device_at(DISTANCE_M, network, false);
  must(iscc_ns3_udp_open(access_point, PORT, on_received, NULL, &ap_socket, &error));
  must(iscc_ns3_udp_open(station, PORT, NULL, NULL, &socket_of_station, &error));
  must(iscc_ns3_device_on_transmitted(station, on_told, NULL, &error));
  must(iscc_ns3_uplink(station, access_point, &link, &error));
  ck_assert_int_lt(rate, link.rates);
  *mcs = mcs_of(standard, link.rate_bps[rate]);
  options = (iscc_ns3_send_options){.power_w = link.power_w[rate], .charged_bits = -1};
  iscc_ns3_schedule(1000000000, begin_sending, NULL);
  must(iscc_ns3_run((SECONDS + 1) * (int64_t)1000000000, &error));
  iscc_ns3_end();
  return 8e-6 * BYTES * received / SECONDS;
}

/* A frame of 64 kB or 5.5 ms is under way at either end of the two seconds, some 0.25 % of them each; that much and as
 * much again for the draws of back-off, whose mean over 360 frames and more is off by at most 4 * 0.04 %. */
START_TEST(a_station_that_always_sends_carries_what_ns3s_does) {
  static const int rates[] = {0, 2, 4};
  const int standard = _i / 3;
  char arguments[128];
  int mcs;
  const double found = ours(standard, rates[_i % 3], &mcs);
  ck_assert_int_ge(mcs, 0);
  snprintf(arguments, sizeof arguments, "--standard=%s --mode=%s%d --seconds=%d",
           standards[standard].standard, standards[standard].mode, mcs, SECONDS);
  const double expected = plain(arguments);
  ck_assert_double_eq_tol(found, expected, 0.005 * expected);
}
END_TEST

/* ---- transfers of tasks ---- */

/* A node's raw spectrograms of 5292 bytes in four datagrams, over an idle medium, at the rate that its latency limit
 * makes it choose, beside four datagrams of the same sizes handed to ns-3's station at once. Nothing is random
 * in either but the moment between two beacons: they may differ by a slot. */
START_TEST(a_tasks_transfer_takes_as_long_as_ns3s_burst) {
  static const struct {
    int standard;
    double limit_s;
  } rows[] = {{0, 0.5030}, {0, 0.5014}, {0, 0.5011}, {1, 0.5014}, {2, 0.5013}};
  const int standard = rows[_i].standard;
  char command[512], arguments[128];
  snprintf(
      command, sizeof command,
      ISCC_TEST_BUILD_DIR
      "/examples/iscc-wifi-contention --nodes=1 --radius=0 --distance=%d --tasks=40 --arrivals=periodic "
      "--scheme=on-server --bits=8:8 --transfer-quantile=0 --wifi-standard=%s --max-latency=%g --db=w.db",
      DISTANCE_M, standards[standard].standard, rows[_i].limit_s);
  iscc_run_well(command);
  iscc_run_sql("w.db", "SELECT avg(uplink_ns) * 1e-3, avg(datagrams), 1e6 * avg(d.uplink_s) FROM task JOIN "
                       "decision d USING (node_id, task_no) WHERE task_no >= 2 AND outcome = 'done'");
  double value[3];
  char *at = iscc_run_output;
  for (int i = 0; i < 3; i++, at++) value[i] = strtod(at, &at);
  ck_assert_double_eq(value[1], 4);
  /* the plan is as good as a slot, too; of current ns-3's 802.11ax it knows 1 us less */
  ck_assert_double_eq_tol(value[2], value[0], iscc_test_ns3_before(43) ? 9 : 11);
  const double beside_s = 4.5e-6 + (standard == 2 ? 8e-6 : 2e-6) + standards[standard].preamble_s + 48e-6;
  const int mcs = mcs_of(standard, 8 * (5292 + 4 * (20 + 66 + 6)) / (1e-6 * value[2] - beside_s));
  ck_assert_int_ge(mcs, 0);
  snprintf(arguments, sizeof arguments, "--standard=%s --mode=%s%d --burst=4 --last=956 --seconds=40",
           standards[standard].standard, standards[standard].mode, mcs);
  const double expected_us = plain(arguments);
  ck_assert_double_eq_tol(value[0], expected_us, 9);
}
END_TEST

Suite *iscc_suite_ns3_wifi_goodput(void);
Suite *iscc_suite_ns3_wifi_goodput(void) {
  Suite *s = suite_create("ns3: wifi goodput");
  TCase *t = tcase_create("goodput");
  tcase_set_timeout(t, 60);
  tcase_add_checked_fixture(t, iscc_run_begin, iscc_run_end);
  tcase_add_loop_test(t, a_station_that_always_sends_carries_what_ns3s_does, 0, 9);
  tcase_add_loop_test(t, a_tasks_transfer_takes_as_long_as_ns3s_burst, 0, 5);
  suite_add_tcase(s, t);
  return s;
}
