/* SPDX-License-Identifier: GPL-2.0-only */
/* IEEE 802.15.4 with 6LoWPAN as the uplink: the link that plans are made with, power and energy of what is really
 * sent, contention and hidden nodes. */
#include <check.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "iscc-ns3-lr-wpan.h"
#include "iscc-test-air.h"
#include "iscc-test-told.h"

enum { HUB_PORT = 4000, NODE_PORT = 4001, NODES_MAX = 5 };
enum { COMPRESSED_BYTES = 10, MAC_BYTES = 11, SYNC_BYTES = 6, ACK_BYTES = 5 };

static const double byte_s = 32e-6, noise_w = 1.3803e-23 * 290 * 5e6; /* as ns-3 has them */

static iscc_error error;
static iscc_ns3_handle network, hub, hub_socket, node[NODES_MAX], node_socket[NODES_MAX];
static iscc_test_told seen[NODES_MAX];
static int nodes;

static void must(iscc_status status) {
  ck_assert_msg(status == ISCC_OK, "%s", error.text);
}

static void received(void *ctx, iscc_ns3_handle from, const void *bytes, size_t n_bytes) {
  (void)ctx;
  for (size_t i = 0; i < n_bytes; i++) ck_assert_int_eq(((const uint8_t *)bytes)[i], 0);
  for (int i = 0; i < nodes; i++)
    if (from.index == node[i].index) iscc_test_receive(&seen[i]);
}

static iscc_ns3_handle node_at(const double place_m[2]) {
  iscc_ns3_handle made;
  must(iscc_ns3_node_create(&made, &error));
  must(iscc_ns3_mobility_install(made, "ns3::ConstantPositionMobilityModel",
                                 (const double[3]){place_m[0], place_m[1], 0}, &error));
  return made;
}

/* n nodes around a hub in the origin. */
static void begin(const iscc_ns3_lr_wpan_settings *settings, int n, const double place_m[][2], uint64_t run) {
  memset(seen, 0, sizeof seen);
  nodes = n;
  must(iscc_ns3_begin(1, run, &error));
  must(iscc_ns3_lr_wpan_create(settings, &network, &error));
  must(iscc_ns3_lr_wpan_install(node_at((const double[2]){0, 0}), network, true, &hub, &error));
  must(iscc_ns3_internet_install(hub, &error));
  must(iscc_ns3_udp_open(hub, HUB_PORT, received, NULL, &hub_socket, &error));
  for (int i = 0; i < n; i++) {
    must(iscc_ns3_lr_wpan_install(node_at(place_m[i]), network, false, &node[i], &error));
    must(iscc_ns3_internet_install(node[i], &error));
    must(iscc_ns3_udp_open(node[i], NODE_PORT, NULL, NULL, &node_socket[i], &error));
    must(iscc_ns3_device_on_transmitted(node[i], iscc_test_tell, &seen[i], &error));
  }
}

static void begin_one(double distance_m, uint64_t run) {
  iscc_ns3_lr_wpan_settings settings;
  iscc_ns3_lr_wpan_defaults(&settings);
  begin(&settings, 1, (const double[1][2]){{distance_m, 0}}, run);
}

typedef struct {
  int node, count;
  size_t n_bytes;
  double power_w;
} sending;

static void send_now(void *arg) {
  const sending *s = arg;
  const iscc_ns3_send_options options = {.power_w = s->power_w, .charged_bits = -1, .token = 42};
  for (int i = 0; i < s->count; i++)
    must(iscc_ns3_udp_send(node_socket[s->node], hub, HUB_PORT, NULL, s->n_bytes, &options, &error));
}

static void send_at(double time_s, sending *s) {
  ck_assert_uint_gt(iscc_ns3_schedule((int64_t)(1e9 * time_s), send_now, s), 0);
}

static double frame_s(size_t payload_bytes) {
  return byte_s * (double)(SYNC_BYTES + MAC_BYTES + COMPRESSED_BYTES + payload_bytes);
}

/* ns-3's O-QPSK: share of frames with an error among so many bits. */
static double error_rate(double snr, int bits) {
  double bit = 0, choose = 1;
  for (int k = 1; k <= 16; k++) {
    choose = choose * (17 - k) / k;
    if (k > 1) bit += (k % 2 ? -1 : 1) * choose * exp(20 * snr * (1.0 / k - 1));
  }
  return 1 - pow(1 - bit * 8 / 15 / 16, bits);
}

/* ns-3's log-distance model: 46.6777 dB at 1 m, exponent 3. */
START_TEST(link_is_that_of_a_full_frame) {
  begin_one(20, 1);
  iscc_link link;
  must(iscc_ns3_uplink(node[0], hub, &link, &error));
  const double gain = pow(10, -4.66777 - 3 * log10(20));
  ck_assert_double_eq_tol(link.snr_per_w * noise_w / gain, 1, 1e-4);
  ck_assert_int_eq(link.rates, 1);
  const double snr = link.power_w[0] * link.snr_per_w / pow(10, 0.3); /* without the margin */
  ck_assert_double_eq_tol(error_rate(snr, 8 * (6 + 127)), 0.01, 1e-4);
  /* four frames, each with 3.5 backoff periods, sensing, turnarounds, acknowledgement and long spacing */
  const double frames_s = byte_s * (408 + 73 + 4 * SYNC_BYTES);
  const double rest_s = 16e-6 * (3.5 * 20 + 8 + 2 * 12 + 40) + byte_s * (SYNC_BYTES + ACK_BYTES);
  ck_assert_int_eq(link.datagram_max_bytes, 408);
  ck_assert_int_eq(link.datagram_overhead_bytes, 73);
  ck_assert_double_eq_tol(link.rate_bps[0], 8 * (408 + 73) / (frames_s + 4 * rest_s), 1e-6);
  ck_assert_double_eq_tol(link.air_share[0], frames_s / (frames_s + 4 * rest_s), 1e-9);
  ck_assert_double_eq_tol(link.propagation_s, 20 / 299792458.0, 1e-15);
  iscc_ns3_end();
}
END_TEST

START_TEST(nothing_but_datagrams_is_on_the_air) {
  begin_one(10, 1);
  must(iscc_ns3_run(0, &error));
  ck_assert_int_lt(iscc_ns3_now_ns(), 1000000);
  iscc_ns3_end();
}
END_TEST

/* One frame holds 104 bytes; a datagram of 105 is cut into 96 and 9, with 4 and 5 bytes more. */
START_TEST(energy_is_power_times_the_standards_airtime) {
  static const struct {
    size_t n_bytes, sent_bytes;
    int frames;
  } sizes[] = {{1, 1 + 21, 1}, {104, 104 + 21, 1}, {105, 105 + 10 + 9 + 22, 2}, {408, 408 + 73, 4}};
  for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
    double energy_j[2];
    for (int twice = 0; twice < 2; twice++) {
      sending s = {0, 1, sizes[i].n_bytes, twice ? 0.02 : 0.01};
      begin_one(10, 1);
      send_at(1, &s);
      must(iscc_ns3_run(0, &error)); /* ends: nothing else is on the air */
      ck_assert_int_eq(seen[0].told, 1);
      ck_assert_int_eq(seen[0].received, 1);
      ck_assert_uint_eq(seen[0].token, 42);
      const double airtime_s = byte_s * (double)(sizes[i].sent_bytes + 6 * (size_t)sizes[i].frames);
      ck_assert_double_eq_tol(1e-9 * (double)seen[0].airtime_ns, airtime_s, 1e-9);
      ck_assert_double_eq_tol(seen[0].energy_j, s.power_w * airtime_s, 1e-15);
      ck_assert_double_eq(seen[0].bits, 8.0 * (double)sizes[i].sent_bytes);
      ck_assert_int_gt(seen[0].end_ns, 1000000000);
      energy_j[twice] = seen[0].energy_j;
      iscc_ns3_end();
    }
    ck_assert_double_eq_tol(energy_j[1] / energy_j[0], 2, 1e-12);
  }
}
END_TEST

/* At a hundredth of the least power nothing arrives: each frame of each datagram is sent four times. */
START_TEST(too_little_power_is_told_and_paid) {
  begin_one(50, 1);
  iscc_link link;
  must(iscc_ns3_uplink(node[0], hub, &link, &error));
  sending s = {0, 3, 100, link.power_w[0] / 100};
  send_at(1, &s);
  must(iscc_ns3_run(0, &error));
  ck_assert_int_eq(seen[0].told, 3);
  ck_assert_int_eq(seen[0].received, 0);
  ck_assert_double_eq_tol(seen[0].energy_j / (s.power_w * frame_s(100)), 3 * 4, 1e-6);
  ck_assert_double_eq(seen[0].bits, 3 * 8.0 * (100 + 21));
  iscc_ns3_end();
}
END_TEST

/* The power set for one datagram holds for its frames alone, in the queue behind others. */
START_TEST(each_datagram_has_its_own_power) {
  begin_one(50, 1);
  iscc_link link;
  must(iscc_ns3_uplink(node[0], hub, &link, &error));
  sending weak = {0, 1, 100, link.power_w[0] / 100}, good = {0, 1, 100, link.power_w[0]};
  send_at(1, &weak);
  send_at(1, &good);
  send_at(1, &weak);
  must(iscc_ns3_run(0, &error));
  ck_assert_int_eq(seen[0].told, 3);
  ck_assert_int_eq(seen[0].received, 1);
  ck_assert_double_eq_tol(seen[0].energy_j, frame_s(100) * (2 * 4 * weak.power_w + good.power_w), 1e-12);
  iscc_ns3_end();
}
END_TEST

/* The least power is enough, and plans know the time. */
START_TEST(plan_is_what_the_air_takes) {
  enum { COUNT = 100 };
  begin_one(50, 1);
  iscc_link link;
  must(iscc_ns3_uplink(node[0], hub, &link, &error));
  sending s = {0, COUNT, 408, link.power_w[0]};
  send_at(1, &s);
  must(iscc_ns3_run(0, &error));
  ck_assert_int_eq(seen[0].received, COUNT);
  const double planned_s = COUNT * 8 * (408 + 73) / link.rate_bps[0];
  ck_assert_double_eq_tol((1e-9 * (double)seen[0].end_ns - 1) / planned_s, 1, 0.04);
  iscc_ns3_end();
}
END_TEST

static uint64_t digest_of_a_busy_run(uint64_t run) {
  static const double places[NODES_MAX][2] = {{9, 0}, {0, 9}, {-9, 0}, {0, -9}, {5, 5}};
  static sending s[NODES_MAX];
  iscc_ns3_lr_wpan_settings settings;
  iscc_ns3_lr_wpan_defaults(&settings);
  begin(&settings, NODES_MAX, places, run);
  for (int i = 0; i < NODES_MAX; i++) {
    s[i] = (sending){i, 4, 300, 0.001};
    send_at(1, &s[i]);
  }
  must(iscc_ns3_run(0, &error));
  int arrived = 0;
  uint64_t digest = 14695981039346656037u;
  for (int i = 0; i < NODES_MAX; i++) {
    ck_assert_int_eq(seen[i].told, 4);
    arrived += seen[i].received;
    digest = (digest ^ (uint64_t)seen[i].end_ns) * 1099511628211u;
    digest = (digest ^ (uint64_t)seen[i].airtime_ns) * 1099511628211u;
  }
  ck_assert_int_gt(arrived, 0);
  iscc_ns3_end();
  return digest;
}

START_TEST(same_run_same_frames) {
  const uint64_t first = digest_of_a_busy_run(1);
  ck_assert_uint_eq(digest_of_a_busy_run(1), first);
  ck_assert_uint_ne(digest_of_a_busy_run(2), first);
}
END_TEST

/* Transmissions of one-frame datagrams by two nodes at once, over what they would be without a loss. */
static double repetition(const double place_m[2][2], int *arrived) {
  enum { COUNT = 60 };
  iscc_ns3_lr_wpan_settings settings;
  iscc_ns3_lr_wpan_defaults(&settings);
  settings.loss_chain = "ns3::LogDistancePropagationLossModel[Exponent=4]";
  begin(&settings, 2, place_m, 1);
  iscc_link link;
  sending s[2];
  double sent_s = 0;
  *arrived = 0;
  for (int i = 0; i < 2; i++) {
    must(iscc_ns3_uplink(node[i], hub, &link, &error));
    s[i] = (sending){i, COUNT, 100, link.power_w[0]};
    send_at(1, &s[i]);
  }
  must(iscc_ns3_run(0, &error));
  for (int i = 0; i < 2; i++) {
    ck_assert_int_eq(seen[i].told, COUNT);
    sent_s += 1e-9 * (double)seen[i].airtime_ns;
    *arrived += seen[i].received;
  }
  iscc_ns3_end();
  return sent_s / (2 * COUNT * frame_s(100));
}

/* Around the hub, 20 m apart, the one is 12 dB weaker at the other than at the hub: below what ns-3 senses. */
START_TEST(hidden_nodes_collide) {
  static const double sight[2][2] = {{10, 0}, {10, 1}}, hidden[2][2] = {{10, 0}, {-10, 0}};
  int arrived_in_sight, arrived_hidden;
  const double in_sight = repetition(sight, &arrived_in_sight);
  const double out_of_sight = repetition(hidden, &arrived_hidden);
  ck_assert_double_lt(in_sight, 1.2);
  ck_assert_double_gt(out_of_sight, 1.5);
  ck_assert_int_lt(arrived_hidden, arrived_in_sight);
}
END_TEST

/* Hidden from each other at one distance, whose backoff slots coincide, a node begins a frame in the nanosecond in which
 * another's ends; the hub takes it, gives it up to acknowledge the other, and must hear the next. */
START_TEST(hub_hears_on_after_a_frame_given_up_to_acknowledge) {
  enum { COUNT = 200 };
  static const double circle[NODES_MAX][2] = {{10, 0}, {0, 10}, {-10, 0}, {0, -10}, {10, 0}};
  iscc_ns3_lr_wpan_settings settings;
  iscc_ns3_lr_wpan_defaults(&settings);
  settings.loss_chain = "ns3::LogDistancePropagationLossModel[Exponent=4]";
  for (uint64_t run = 1; run <= 5; run++) {
    sending s[NODES_MAX];
    iscc_link link;
    int arrived = 0;
    begin(&settings, NODES_MAX, circle, run);
    must(iscc_ns3_uplink(node[0], hub, &link, &error));
    for (int i = 0; i < NODES_MAX; i++) {
      s[i] = (sending){i, COUNT, 408, link.power_w[0]};
      send_at(1, &s[i]);
    }
    must(iscc_ns3_run(0, &error));
    for (int i = 0; i < NODES_MAX; i++) {
      ck_assert_int_eq(seen[i].told, COUNT);
      arrived += seen[i].received;
    }
    /* in ns-3.48 the hub does not crash, but stays deaf until it next sends (doc/ns3.rst) */
    if (iscc_test_ns3_before(48)) ck_assert_int_gt(arrived, COUNT / 5);
    iscc_ns3_end();
  }
}
END_TEST

START_TEST(mistakes_are_refused) {
  begin_one(10, 1);
  iscc_ns3_lr_wpan_settings s;
  iscc_ns3_handle made, bare;
  iscc_link link;
#define REFUSED(field, value)                                                                                \
  iscc_ns3_lr_wpan_defaults(&s);                                                                             \
  s.field = value;                                                                                           \
  ck_assert_int_eq(iscc_ns3_lr_wpan_create(&s, &made, &error), ISCC_EINVAL)
  REFUSED(loss_chain, "ns3::NoSuchLossModel");
  REFUSED(packet_error_rate, 0);
  REFUSED(margin_db, NAN);
  REFUSED(power_w, INFINITY);
  REFUSED(datagram_max_bytes, 1233);
  ck_assert_str_eq(error.text, "lr-wpan datagram: 1233 bytes are outside 160..1232");
  REFUSED(max_be, 9);
  REFUSED(csma_backoffs, 6);
  REFUSED(frame_retries, -1);
#undef REFUSED
  static const double here[2] = {1, 1};
  ck_assert_int_eq(iscc_ns3_lr_wpan_install(node_at(here), network, true, &made, &error), ISCC_ESTATE);
  ck_assert_str_eq(error.text, "lr-wpan: the network has a hub already");
  must(iscc_ns3_node_create(&bare, &error));
  ck_assert_int_eq(iscc_ns3_lr_wpan_install(bare, network, false, &made, &error), ISCC_ESTATE);
  ck_assert_int_eq(iscc_ns3_lr_wpan_install(network, network, false, &made, &error), ISCC_ESTATE);
  iscc_ns3_handle other;
  iscc_ns3_lr_wpan_defaults(&s);
  must(iscc_ns3_lr_wpan_create(&s, &other, &error));
  ck_assert_int_eq(iscc_ns3_lr_wpan_install(node_at(here), other, false, &made, &error), ISCC_ESTATE);
  ck_assert_int_eq(iscc_ns3_uplink(hub, hub, &link, &error), ISCC_ESTATE);
  ck_assert_int_eq(iscc_ns3_uplink(hub, node[0], &link, &error), ISCC_ESTATE);
  const iscc_ns3_send_options options = {.power_w = 0, .charged_bits = -1};
  ck_assert_int_eq(iscc_ns3_udp_send(node_socket[0], hub, HUB_PORT, NULL, 409, &options, &error),
                   ISCC_EINVAL);
  char text[40];
  must(iscc_ns3_address(node[0], text, sizeof text, &error));
  ck_assert_str_eq(text, "fe80::ff:fe00:2");
  iscc_ns3_end();
}
END_TEST

Suite *iscc_suite_ns3_lr_wpan(void);
Suite *iscc_suite_ns3_lr_wpan(void) {
  Suite *s = suite_create("ns3: lr-wpan");
  TCase *t = tcase_create("lr-wpan");
  tcase_set_timeout(t, 60);
  tcase_add_test(t, link_is_that_of_a_full_frame);
  tcase_add_test(t, nothing_but_datagrams_is_on_the_air);
  tcase_add_test(t, energy_is_power_times_the_standards_airtime);
  tcase_add_test(t, too_little_power_is_told_and_paid);
  tcase_add_test(t, each_datagram_has_its_own_power);
  tcase_add_test(t, plan_is_what_the_air_takes);
  tcase_add_test(t, same_run_same_frames);
  tcase_add_test(t, hidden_nodes_collide);
  tcase_add_test(t, hub_hears_on_after_a_frame_given_up_to_acknowledge);
  tcase_add_test(t, mistakes_are_refused);
  suite_add_tcase(s, t);
  return s;
}
