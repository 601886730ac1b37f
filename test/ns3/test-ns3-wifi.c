/* SPDX-License-Identifier: GPL-2.0-only */
/* Wi-Fi as the uplink: the link that plans are made with, power and energy of what is really sent. */
#include <check.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "iscc-ns3-wifi.h"
#include "iscc-test-air.h"
#include "iscc-test-told.h"
#include "iscc-wifi-uplink.h"

enum { PORT = 9, STATIONS = 2 };

static iscc_error error;
static iscc_ns3_handle network, access_point, ap_socket, station[STATIONS], station_socket[STATIONS];
static iscc_test_told seen[STATIONS];

static void must(iscc_status status) {
  ck_assert_msg(status == ISCC_OK, "%s", error.text);
}

static void received(void *ctx, iscc_ns3_handle from, const void *bytes, size_t n_bytes) {
  (void)ctx;
  (void)bytes;
  (void)n_bytes;
  for (size_t i = 0; i < STATIONS; i++)
    if (from.index == station[i].index) iscc_test_receive(&seen[i]);
}

static iscc_ns3_handle node_at(double x_m) {
  iscc_ns3_handle node;
  must(iscc_ns3_node_create(&node, &error));
  must(iscc_ns3_mobility_install(node, "ns3::ConstantPositionMobilityModel", (const double[3]){x_m, 0, 0},
                                 &error));
  return node;
}

static const char *chain; /* of the next network */
static uint64_t run = 1;

static void begin(const char *standard, const double x_m[STATIONS]) {
  memset(seen, 0, sizeof seen);
  must(iscc_ns3_begin(1, run, &error));
  iscc_ns3_wifi_settings settings;
  iscc_ns3_wifi_defaults(&settings);
  settings.standard = standard;
  settings.loss_chain = chain;
  must(iscc_ns3_wifi_create(&settings, &network, &error));
  must(iscc_ns3_wifi_install(node_at(0), network, true, &access_point, &error));
  must(iscc_ns3_internet_install(access_point, &error));
  must(iscc_ns3_udp_open(access_point, PORT, received, NULL, &ap_socket, &error));
  for (size_t i = 0; i < STATIONS; i++) {
    must(iscc_ns3_wifi_install(node_at(x_m[i]), network, false, &station[i], &error));
    must(iscc_ns3_internet_install(station[i], &error));
    must(iscc_ns3_udp_open(station[i], PORT, NULL, NULL, &station_socket[i], &error));
    must(iscc_ns3_device_on_transmitted(station[i], iscc_test_tell, &seen[i], &error));
  }
}

static const double noise_w = 1.380649e-23 * 290 * 20e6 * 5.0118723362727229; /* 7 dB */
static const double near_m[STATIONS] = {10, 20}, far_m[STATIONS] = {10, 2000};

typedef struct {
  int station;
  size_t n_bytes;
  double power_w;
} sending;

static void send_now(void *arg) {
  const sending *s = arg;
  const iscc_ns3_send_options options = {.power_w = s->power_w, .charged_bits = -1, .token = 42};
  must(iscc_ns3_udp_send(station_socket[s->station], access_point, PORT, NULL, s->n_bytes, &options, &error));
}

static void send_at_1s(sending *s) {
  ck_assert_uint_gt(iscc_ns3_schedule(1000000000, send_now, s), 0);
}

/* ns-3's log-distance model: 46.6777 dB at 1 m, exponent 3; thermal noise of 20 MHz and 7 dB. */
START_TEST(rates_rise_with_power) {
  static const char *const standards[] = {"802.11n", "802.11ac", "802.11ax"};
  static const double fastest_bps[] = {65e6, 78e6, 121.875e6}; /* of their modes */
  begin(standards[_i], near_m);
  iscc_link link;
  must(iscc_ns3_uplink(station[1], access_point, &link, &error));
  const double gain_db = -46.6777 - 30 * log10(20), noise_db = 10 * log10(noise_w);
  ck_assert_double_eq_tol(10 * log10(link.snr_per_w), gain_db - noise_db, 1e-9);
  ck_assert_int_ge(link.rates, 5);
  for (int i = 1; i < link.rates; i++) {
    ck_assert_double_gt(link.rate_bps[i], link.rate_bps[i - 1]);
    ck_assert_double_gt(link.power_w[i], link.power_w[i - 1]);
  }
  ck_assert_double_eq_tol(link.rate_bps[link.rates - 1], fastest_bps[_i], 1);
  /* the least power is that of a preamble at -82 dBm, 3 dB margin on top */
  ck_assert_double_eq_tol(10 * log10(1e3 * link.power_w[0]) + gain_db, -82 + 3, 1e-9);
  /* half a slot, half a symbol, SIFS, block acknowledgement; VHT-SIG-B is not in ns-3's preamble */
  ck_assert_double_eq_tol(link.access_s, 4.5e-6 + (_i < 2 ? 2e-6 + 36e-6 : 8e-6 + 44e-6) + 16e-6 + 32e-6,
                          1e-12);
  ck_assert_double_eq_tol(link.propagation_s, 20 / 299792458.0, 1e-15);
  iscc_ns3_end();
}
END_TEST

/* One gain for all rates of a link, however the loss models draw. */
START_TEST(fading_moves_all_rates_together) {
  chain = "ns3::LogDistancePropagationLossModel;ns3::NakagamiPropagationLossModel";
  begin("802.11n", near_m);
  double first_gain = 0;
  int moved = 0;
  for (int k = 0; k < 50; k++) {
    iscc_link link;
    must(iscc_ns3_uplink(station[1], access_point, &link, &error));
    const double gain = link.snr_per_w * noise_w;
    ck_assert_double_eq_tol(10 * log10(1e3 * link.power_w[0] * gain), -82 + 3, 1e-9);
    for (int i = 1; i < link.rates; i++) ck_assert_double_gt(link.power_w[i], link.power_w[i - 1]);
    if (k == 0) first_gain = gain;
    moved += gain != first_gain;
  }
  ck_assert_int_gt(moved, 40);
  iscc_ns3_end();
  chain = NULL;
}
END_TEST

/* HT mixed format, 20 MHz, MCS 7: 36 us of preamble, then 4 us for each 260 bits of service, frame and tail. */
static double ht_airtime_s(size_t n_bytes) {
  const double bits = 16 + 8.0 * (double)(n_bytes + ISCC_WIFI_HEADER_BYTES) + 6;
  return 36e-6 + 4e-6 * ceil(bits / 260);
}

START_TEST(energy_is_power_times_the_standards_airtime) {
  static const size_t sizes[] = {1, 500, 1472};
  static const double powers[] = {0.05, 0.7};
  for (int i = 0; i < 6; i++) {
    sending s = {0, sizes[i / 2], powers[i % 2]};
    begin("802.11n", near_m);
    send_at_1s(&s);
    must(iscc_ns3_run(1100000000, &error));
    ck_assert_int_eq(seen[0].told, 1);
    ck_assert_int_eq(seen[0].received, 1);
    ck_assert_uint_eq(seen[0].token, 42);
    const double airtime_s = ht_airtime_s(s.n_bytes);
    ck_assert_double_eq_tol(1e-9 * (double)seen[0].airtime_ns, airtime_s, 4.1e-6);
    ck_assert_double_eq_tol(seen[0].energy_j, s.power_w * 1e-9 * (double)seen[0].airtime_ns, 1e-12);
    ck_assert_double_ge(seen[0].bits, 8.0 * (double)(s.n_bytes + ISCC_WIFI_HEADER_BYTES));
    ck_assert_int_gt(seen[0].end_ns, 1000000000);
    iscc_ns3_end();
  }
}
END_TEST

/* Less power, a slower rate: the same datagram is longer on the air. */
START_TEST(power_chooses_the_rate) {
  int64_t before_ns = INT64_MAX;
  begin("802.11n", near_m);
  iscc_link link;
  must(iscc_ns3_uplink(station[0], access_point, &link, &error));
  iscc_ns3_end();
  for (int i = 0; i < link.rates; i++) {
    sending s = {0, 1472, link.power_w[i]};
    begin("802.11n", near_m);
    send_at_1s(&s);
    must(iscc_ns3_run(1100000000, &error));
    ck_assert_int_eq(seen[0].received, 1); /* the margin is enough */
    ck_assert_int_lt(seen[0].airtime_ns, before_ns);
    before_ns = seen[0].airtime_ns;
    iscc_ns3_end();
  }
}
END_TEST

START_TEST(what_never_went_on_the_air_is_told_and_free) {
  sending s = {1, 100, 0.1};
  begin("802.11n", far_m);
  send_at_1s(&s);
  must(iscc_ns3_run(5000000000, &error));
  ck_assert_int_eq(seen[1].told, 1);
  ck_assert_int_eq(seen[1].received, 0);
  ck_assert(seen[1].energy_j == 0 && seen[1].bits == 0);
  iscc_ns3_end();
}
END_TEST

/* So many datagrams of each of the first stations at once, each at the least power that the access point hears. */
enum { RUNS = 4, COUNT = 60 };
typedef struct {
  int arrived;
  double took_s, airtime_s; /* until the last end was told; of all datagrams */
} exchange;

static exchange exchange_of(const double x_m[STATIONS], int senders) {
  static sending s[STATIONS];
  exchange e = {0};
  for (run = 1; run <= RUNS; run++) {
    chain = "ns3::LogDistancePropagationLossModel[Exponent=4]";
    begin("802.11n", x_m);
    for (int i = 0; i < senders; i++) {
      iscc_link link;
      must(iscc_ns3_uplink(station[i], access_point, &link, &error));
      s[i] = (sending){i, 1000, link.power_w[0]};
      for (int k = 0; k < COUNT; k++) send_at_1s(&s[i]);
    }
    must(iscc_ns3_run(4000000000, &error));
    double last_s = 0;
    for (int i = 0; i < senders; i++) {
      ck_assert_int_eq(seen[i].told, COUNT);
      e.arrived += seen[i].received;
      e.airtime_s += 1e-9 * (double)seen[i].airtime_ns;
      last_s = fmax(last_s, 1e-9 * (double)seen[i].end_ns - 1);
    }
    e.took_s += last_s;
    iscc_ns3_end();
  }
  run = 1;
  chain = NULL;
  return e;
}

/* On opposite sides of the access point, 30 m apart, a station is 12 dB weaker at the other than there: below what
 * ns-3 notices. Side by side they wait for each other. */
START_TEST(hidden_stations_collide) {
  static const double sight_m[STATIONS] = {15, 16}, hidden_m[STATIONS] = {15, -15};
  const exchange alone = exchange_of(sight_m, 1), sight = exchange_of(sight_m, 2),
                 hidden = exchange_of(hidden_m, 2);
  ck_assert_int_eq(sight.arrived, 2 * alone.arrived);
  ck_assert_int_lt(hidden.arrived, sight.arrived);
  const bool older = iscc_test_ns3_before(48); /* ns-3.48: 2.43 and 1.20 times as long */
  ck_assert_double_lt(sight.took_s, (older ? 2.4 : 2.5) * alone.took_s);
  ck_assert_double_gt(hidden.took_s, (older ? 1.25 : 1.1) * sight.took_s);
  ck_assert_double_lt(sight.airtime_s, 1.15 * 2 * alone.airtime_s);
  ck_assert_double_gt(hidden.airtime_s, 1.25 * 2 * alone.airtime_s);
}
END_TEST

static void switch_off(void *arg) {
  (void)arg;
  must(iscc_ns3_device_off(station[0], &error));
}

/* At the least power 1400 bytes take over 0.3 ms; the radio goes off so long after it was given them. */
START_TEST(a_radio_switched_off_tells_what_the_cut_frame_cost) {
  iscc_link link;
  begin("802.11n", near_m);
  must(iscc_ns3_uplink(station[0], access_point, &link, &error));
  sending s = {0, 1400, link.power_w[0]};
  send_at_1s(&s);
  iscc_ns3_schedule(1000300000, switch_off, NULL);
  must(iscc_ns3_run(1000300001, &error));
  ck_assert_int_eq(seen[0].told, 1);
  ck_assert_int_eq(seen[0].end_ns, 1000300000);
  ck_assert_int_gt(seen[0].airtime_ns, 300000 - 34000 - 15 * 9000 - 1000);
  ck_assert_int_lt(seen[0].airtime_ns, 300000);
  ck_assert_double_eq_tol(seen[0].energy_j, s.power_w * 1e-9 * (double)seen[0].airtime_ns,
                          1e-9 * seen[0].energy_j);
  ck_assert_int_eq(seen[0].received, 0);
  iscc_ns3_end();
}
END_TEST

START_TEST(mistakes_are_refused) {
  begin("802.11n", near_m);
  iscc_ns3_wifi_settings settings;
  iscc_link link;
  iscc_ns3_handle made;
  iscc_ns3_wifi_defaults(&settings);
  settings.standard = "802.11b";
  ck_assert_int_eq(iscc_ns3_wifi_create(&settings, &made, &error), ISCC_EINVAL);
  ck_assert_str_eq(error.text, "wifi: '802.11b' is not one of 802.11n, 802.11ac, 802.11ax");
  iscc_ns3_wifi_defaults(&settings);
  settings.loss_chain = "ns3::NoSuchLossModel";
  ck_assert_int_eq(iscc_ns3_wifi_create(&settings, &made, &error), ISCC_EINVAL);
  iscc_ns3_wifi_defaults(&settings);
  settings.margin_db = NAN;
  ck_assert_int_eq(iscc_ns3_wifi_create(&settings, &made, &error), ISCC_EINVAL);
  ck_assert_int_eq(iscc_ns3_wifi_install(node_at(1), network, true, &made, &error), ISCC_ESTATE);
  ck_assert_str_eq(error.text, "wifi: the network has an access point already");
  iscc_ns3_wifi_defaults(&settings);
  must(iscc_ns3_wifi_create(&settings, &made, &error));
  iscc_ns3_handle lonely, bare;
  ck_assert_int_eq(iscc_ns3_wifi_install(node_at(1), made, false, &lonely, &error), ISCC_ESTATE);
  must(iscc_ns3_node_create(&bare, &error));
  ck_assert_int_eq(iscc_ns3_wifi_install(bare, network, false, &lonely, &error), ISCC_ESTATE);
  ck_assert_int_eq(iscc_ns3_wifi_install(network, network, false, &lonely, &error), ISCC_ESTATE);
  ck_assert_int_eq(iscc_ns3_uplink(station[0], station[1], &link, &error), ISCC_ESTATE);
  ck_assert_int_eq(iscc_ns3_uplink(access_point, access_point, &link, &error), ISCC_ESTATE);
  ck_assert_int_eq(iscc_ns3_uplink(network, access_point, &link, &error), ISCC_ESTATE);
  const iscc_ns3_handle stale = station[0];
  iscc_ns3_end();
  ck_assert_int_eq(iscc_ns3_uplink(stale, access_point, &link, &error), ISCC_ESTATE);
}
END_TEST

Suite *iscc_suite_ns3_wifi(void);
Suite *iscc_suite_ns3_wifi(void) {
  Suite *s = suite_create("ns3: wifi");
  TCase *t = tcase_create("wifi");
  tcase_set_timeout(t, 60);
  tcase_add_loop_test(t, rates_rise_with_power, 0, 3);
  tcase_add_test(t, fading_moves_all_rates_together);
  tcase_add_test(t, energy_is_power_times_the_standards_airtime);
  tcase_add_test(t, power_chooses_the_rate);
  tcase_add_test(t, what_never_went_on_the_air_is_told_and_free);
  tcase_add_test(t, hidden_stations_collide);
  tcase_add_test(t, a_radio_switched_off_tells_what_the_cut_frame_cost);
  tcase_add_test(t, mistakes_are_refused);
  suite_add_tcase(s, t);
  return s;
}
