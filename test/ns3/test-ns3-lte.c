/* SPDX-License-Identifier: GPL-2.0-only */
/* LTE as the uplink: the link that plans are made with and what it learns, power and energy of what is really
 * sent, ends that are told whatever happens. */
#include <check.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "iscc-lte-uplink.h"
#include "iscc-ns3-energy.h"
#include "iscc-ns3-lte.h"
#include "iscc-ns3-tcp.h"
#include "iscc-test-air.h"
#include "iscc-test-told.h"

enum { SERVER_PORT = 4000, NODE_PORT = 4001, NODES_MAX = 48, SHARING = 4 };

static const double subframe_s = 1e-3 - 71429e-9 - 1e-9; /* without the sounding symbol, as ns-3 has it */

static iscc_error error;
static iscc_ns3_handle cell, server, server_socket, place[NODES_MAX], node[NODES_MAX], node_socket[NODES_MAX];
static iscc_test_told seen[NODES_MAX];
static iscc_test_uplink air[NODES_MAX]; /* by ns-3's channel */
static int nodes;

static void must(iscc_status status) {
  ck_assert_msg(status == ISCC_OK, "%s", error.text);
}

static void received(void *ctx, iscc_ns3_handle from, const void *bytes, size_t n_bytes) {
  (void)ctx;
  for (size_t k = 0; k < n_bytes; k++) ck_assert_int_eq(((const uint8_t *)bytes)[k], 0);
  for (int i = 0; i < nodes; i++)
    if (from.index == node[i].index) iscc_test_receive(&seen[i]);
}

static iscc_ns3_handle node_at(double x_m, double y_m) {
  iscc_ns3_handle made;
  must(iscc_ns3_node_create(&made, &error));
  must(iscc_ns3_mobility_install(made, "ns3::ConstantPositionMobilityModel", (const double[3]){x_m, y_m, 0},
                                 &error));
  return made;
}

static void begin_with(const iscc_ns3_lte_settings *settings, int n, double distance_m, uint64_t run) {
  memset(seen, 0, sizeof seen);
  nodes = n;
  must(iscc_ns3_begin(1, run, &error));
  must(iscc_ns3_lte_create(settings, &cell, &error));
  must(iscc_ns3_lte_install(node_at(0, 0), cell, true, &server, &error));
  must(iscc_ns3_internet_install(server, &error));
  must(iscc_ns3_udp_open(server, SERVER_PORT, received, NULL, &server_socket, &error));
  for (int i = 0; i < n; i++) {
    const double angle = 2 * 3.14159265358979 * i / n;
    place[i] = node_at(distance_m * cos(angle), distance_m * sin(angle));
    must(iscc_ns3_lte_install(place[i], cell, false, &node[i], &error));
    must(iscc_ns3_internet_install(node[i], &error));
    must(iscc_ns3_udp_open(node[i], NODE_PORT, NULL, NULL, &node_socket[i], &error));
    must(iscc_ns3_device_on_transmitted(node[i], iscc_test_tell, &seen[i], &error));
    iscc_test_watch_uplink((uint32_t)i, &air[i]);
  }
}

static void begin(int n, double distance_m, uint64_t run) {
  iscc_ns3_lte_settings settings;
  iscc_ns3_lte_defaults(&settings);
  settings.nodes = (uint32_t)n;
  begin_with(&settings, n, distance_m, run);
}

static iscc_link link_of(int i) {
  iscc_link link;
  must(iscc_ns3_uplink(node[i], server, &link, &error));
  return link;
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
    must(iscc_ns3_udp_send(node_socket[s->node], server, SERVER_PORT, NULL, s->n_bytes, &options, &error));
}

static void accepted(void *ctx, iscc_ns3_handle from, iscc_ns3_handle connection) {
  (void)ctx, (void)connection;
  seen[0].received += from.index == node[0].index;
}

static void forget(void *arg) {
  (void)arg;
  memset(seen, 0, sizeof seen);
  memset(air, 0, sizeof air);
}

/* What the radio told of a node is what the channel carried of it: no more, no less. */
static void expect_all_told(int i) {
  ck_assert_int_gt(air[i].blocks, 0);
  ck_assert_double_eq_tol(1e-9 * (double)seen[i].airtime_ns / air[i].data_s, 1, 1e-6);
  ck_assert_double_eq_tol(seen[i].energy_j / air[i].data_j, 1, 1e-9);
}

static void at(double time_s, void (*fn)(void *arg), void *arg) {
  ck_assert_uint_gt(iscc_ns3_schedule(llround(1e9 * time_s), fn, arg), 0);
}

static void run_until(double time_s) {
  must(iscc_ns3_run(llround(1e9 * time_s), &error));
}

/* SNR of the least and the greatest modulation and coding of ns-3, their transport blocks (3GPP TS 36.213 table
 * 7.1.7.2.1-1, 25 resource blocks), noise of 5 dB over 25 blocks, log-distance. */
START_TEST(link_has_the_schedulers_steps) {
  begin(1, 100, 1);
  const iscc_link link = link_of(0);
  const double gain = pow(10, -4.66777 - 3 * 2), noise_w = 1.380649e-23 * 290 * 25 * 180e3 * pow(10, 0.5);
  const double gap = -log(5 * 0.00005) / 1.5;
  const int last = link.rates - 1;
  ck_assert_int_gt(last, 10);
  ck_assert_double_eq_tol(link.snr_per_w * noise_w / gain, 1, 1e-9);
  const double least_w = pow(10, 0.1) * gap * (pow(2, 0.15) - 1) / link.snr_per_w;
  const double most_w = pow(10, 0.1) * gap * (pow(2, 5.55) - 1) / link.snr_per_w;
  ck_assert_double_eq_tol(link.power_w[0] / least_w, 1, 1e-6);
  ck_assert_double_eq_tol(link.power_w[last] / most_w, 1, 1e-6);
  ck_assert_double_eq_tol(link.access_s, 0.012, 1e-15);
  ck_assert_double_eq_tol(link.rate_bps[0], 680e3, 1e-6);
  ck_assert_double_eq_tol(link.rate_bps[last], 18336e3, 1e-6);
  ck_assert_double_eq_tol(link.air_share[0], 1e3 * subframe_s, 1e-9);
  for (int i = 1; i <= last; i++) {
    ck_assert_double_gt(link.rate_bps[i], link.rate_bps[i - 1]);
    ck_assert_double_gt(link.power_w[i], link.power_w[i - 1]);
  }
  iscc_ns3_end();
}
END_TEST

/* Of the least modulation a block has 85 bytes, 2 of them RLC's; of the greatest one holds any datagram. */
START_TEST(energy_is_power_times_subframes) {
  static const size_t sizes[] = {1, 100, 1472};
  for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++)
    for (int fast = 0; fast < 2; fast++) {
      begin(1, 100, 1);
      const iscc_link link = link_of(0);
      const double power_w = fast ? 10 * link.power_w[link.rates - 1] : link.power_w[0];
      sending s = {0, 1, sizes[i], power_w};
      must(iscc_ns3_device_expect(node[0], power_w, &error));
      at(1, send_now, &s);
      run_until(2);
      ck_assert_int_eq(seen[0].told, 1);
      ck_assert_int_eq(seen[0].received, 1);
      ck_assert_int_eq(seen[0].told_first, 1);
      ck_assert_uint_eq(seen[0].token, 42);
      const double bytes = (double)sizes[i] + 8 + 20 + 2;
      const double blocks = fast ? 1 : ceil(bytes / 83);
      ck_assert_double_eq_tol(1e-9 * (double)seen[0].airtime_ns, blocks * subframe_s, 1e-7);
      ck_assert_double_eq_tol(seen[0].energy_j / (power_w * blocks * subframe_s), 1, 1e-9);
      ck_assert_double_ge(seen[0].bits, 8 * bytes);
      ck_assert_double_le(seen[0].bits, 8 * blocks * (fast ? 2292 : 85));
      expect_all_told(0);
      /* and a symbol of sounding each 40 ms, of which nobody is told */
      ck_assert_double_eq_tol(air[0].sounding_j / (power_w * 2 / 0.04 * 71.4e-6), 1, 0.1);
      iscc_ns3_end();
    }
}
END_TEST

/* What the eNB assigns is of the power it has heard of: told 50 ms ahead, all blocks arrive at once; told with the
 * datagrams, those of a smaller power are lost, sent again and paid for; their bits count once. */
START_TEST(power_told_late_costs_blocks_sent_again) {
  for (int ahead = 0; ahead < 2; ahead++) {
    begin(1, 100, 1);
    const iscc_link link = link_of(0);
    sending before = {0, 1, 1472, link.power_w[link.rates - 1]}, s = {0, 6, 1472, link.power_w[3]};
    at(1, send_now, &before);
    run_until(1.2);
    forget(NULL);
    if (ahead) must(iscc_ns3_device_expect(node[0], s.power_w, &error));
    at(0.05, send_now, &s);
    run_until(3);
    ck_assert_int_eq(seen[0].told, 6);
    expect_all_told(0);
    ck_assert_double_eq_tol(air[0].data_j / (s.power_w * air[0].data_s), 1, 1e-9);
    ck_assert_double_le(seen[0].bits, 1.05 * 6 * 8 * (1472 + ISCC_LTE_OVERHEAD_BYTES));
    if (ahead) {
      const double block_bits = 1e-3 * link.rate_bps[3];
      ck_assert_int_eq(seen[0].received, 6);
      ck_assert_double_eq_tol(air[0].blocks, 6 * 8 * (1472 + 30) / (block_bits - 16), 1);
    } else {
      ck_assert_double_gt(air[0].data_bits, 1.5 * seen[0].bits);
    }
    iscc_ns3_end();
  }
}
END_TEST

/* Without a modulation for its SNR the eNB gives a UE no block; nor has one that never joined any. */
START_TEST(what_cannot_be_sent_is_told_and_free) {
  begin(1, 100, 1);
  const iscc_link link = link_of(0);
  sending early = {0, 2, 100, 0.1}, weak = {0, 3, 1000, link.power_w[0] / 1000};
  send_now(&early);
  run_until(0.5);
  ck_assert_int_eq(seen[0].told, 2);
  at(0.5, send_now, &weak);
  run_until(2.9);
  ck_assert_int_eq(seen[0].told, 2);
  run_until(3.1);
  ck_assert_int_eq(seen[0].told, 2 + 3); /* 2 s later */
  ck_assert_int_eq(seen[0].received, 0);
  ck_assert_double_eq(seen[0].energy_j, 0);
  ck_assert_double_eq(seen[0].bits, 0);
  iscc_ns3_end();
}
END_TEST

/* Datagrams that were given up are still sent: the battery pays, and no task does. */
START_TEST(what_is_sent_after_its_end_is_listening) {
  iscc_ns3_lte_settings settings;
  iscc_ns3_lte_defaults(&settings);
  settings.give_up_s = 0.03;
  begin_with(&settings, 1, 100, 1);
  iscc_ns3_handle battery;
  iscc_ns3_battery_state state;
  must(iscc_ns3_battery_install(place[0], "100", NULL, 0, &battery, &error));
  must(iscc_ns3_battery_feed(battery, node[0], &error));
  const iscc_link link = link_of(0);
  sending s = {0, 6, 1472, link.power_w[0]};
  must(iscc_ns3_device_expect(node[0], s.power_w, &error));
  at(1, send_now, &s);
  run_until(3);
  must(iscc_ns3_battery_state_of(battery, &state, &error));
  ck_assert_int_eq(seen[0].told, 6);
  ck_assert_int_eq(seen[0].received, 6);
  ck_assert_double_gt(seen[0].energy_j, 0.05 * air[0].data_j);
  ck_assert_double_lt(seen[0].energy_j, 0.5 * air[0].data_j);
  ck_assert_double_eq_tol(state.radio_j / air[0].data_j, 1, 1e-9);
  ck_assert_double_eq_tol((state.radio_j - state.listening_j) / seen[0].energy_j, 1, 1e-9);
  iscc_ns3_end();
}
END_TEST

/* Segments without data too. */
START_TEST(every_segment_of_tcp_is_paid) {
  begin(1, 100, 1);
  const iscc_link link = link_of(0);
  const iscc_ns3_send_options options = {.power_w = link.power_w[2], .charged_bits = -1, .token = 42};
  static const iscc_ns3_tcp_events events;
  iscc_ns3_handle listener, connection;
  uint8_t bytes[20000] = {0};
  must(iscc_ns3_tcp_listen(server, 5000, accepted, NULL, &listener, &error));
  run_until(1);
  must(iscc_ns3_tcp_connect(node[0], server, 5000, &options, &events, NULL, &connection, &error));
  run_until(2);
  ck_assert_int_eq(seen[0].told, 2); /* SYN, its acknowledgement */
  ck_assert_int_eq(seen[0].received, 1);
  expect_all_told(0);
  must(iscc_ns3_tcp_send(connection, bytes, sizeof bytes, bytes, 0, &error));
  run_until(4);
  ck_assert_int_ge(seen[0].told, 2 + 14);
  expect_all_told(0);
  iscc_ns3_end();
}
END_TEST

/* The goodput of earlier transfers is that of the next one; alone in the cell from the first one on, beside a node that
 * sends as well after some. */
START_TEST(link_learns_the_goodput) {
  enum { TRANSFERS = 12, COUNT = 6 };
  begin(2, 100, 1);
  iscc_link link = link_of(0);
  sending s = {0, COUNT, 1472, link.power_w[2]}, other = {1, 60, 1472, link.power_w[2]};
  double off[TRANSFERS], off_j = 0;
  if (_i) {
    must(iscc_ns3_device_expect(node[1], other.power_w, &error));
    for (int i = 0; i < TRANSFERS; i++) at(0.9 + 0.5 * i, send_now, &other);
  }
  for (int i = 0; i < TRANSFERS; i++) {
    const double begin_s = 1 + 0.5 * i;
    link = link_of(0);
    const double sending_s = 8 * COUNT * (1472 + ISCC_LTE_OVERHEAD_BYTES) / link.rate_bps[2];
    memset(&seen[0], 0, sizeof seen[0]);
    at(begin_s - 1e-9 * (double)iscc_ns3_now_ns(), send_now, &s);
    run_until(begin_s + 0.45);
    ck_assert_int_eq(seen[0].received, COUNT);
    off[i] = (link.access_s + sending_s) / (1e-9 * (double)seen[0].end_ns - begin_s) - 1;
    off_j = link.air_share[2] * s.power_w * sending_s / seen[0].energy_j - 1;
  }
  if (_i) {
    ck_assert_int_gt(seen[1].received, 50 * TRANSFERS);
    ck_assert_double_lt(off[0], -0.3);
    ck_assert_double_eq_tol(off[TRANSFERS - 1], 0, 0.06);
  } else {
    ck_assert_double_eq_tol(off[0], 0, 0.01);
    ck_assert_double_eq_tol(off[TRANSFERS - 1], 0, 0.01);
    ck_assert_double_eq_tol(off_j, 0, 0.03);
  }
  iscc_ns3_end();
}
END_TEST

/* Time until all of n nodes have sent. */
static double share_cell(int n, double power_w) {
  static sending s[NODES_MAX];
  double last_s = 0;
  begin(n, 100, 1);
  for (int i = 0; i < n; i++) {
    s[i] = (sending){i, 40, 1472, power_w};
    must(iscc_ns3_device_expect(node[i], power_w, &error));
    at(1, send_now, &s[i]);
  }
  run_until(3);
  for (int i = 0; i < n; i++) {
    ck_assert_int_eq(seen[i].told, 40);
    ck_assert_int_eq(seen[i].received, 40);
    expect_all_told(i);
    last_s = fmax(last_s, 1e-9 * (double)seen[i].end_ns - 1);
  }
  iscc_ns3_end();
  return last_s;
}

/* With power to spare the cell's 25 blocks of a subframe are what there is: four nodes take four times as long, the
 * first 12 ms apart. */
START_TEST(the_cell_is_shared) {
  const double alone_s = share_cell(1, 1) - 0.012, shared_s = share_cell(SHARING, 1) - 0.012;
  ck_assert_double_eq_tol(shared_s / alone_s, SHARING, 0.6);
}
END_TEST

/* More than a sounding period of 40 ms has room for. */
START_TEST(as_many_as_it_was_made_for_join) {
  sending s[NODES_MAX];
  begin(NODES_MAX, 100, 1);
  for (int i = 0; i < NODES_MAX; i++) {
    s[i] = (sending){i, 1, 1472, 0.1};
    at(1, send_now, &s[i]);
  }
  run_until(1.6);
  for (int i = 0; i < NODES_MAX; i++) ck_assert_int_eq(seen[i].received, 1);
  iscc_ns3_end();
}
END_TEST

static uint64_t digest_of(int n) {
  uint64_t digest = 14695981039346656037u;
  for (int i = 0; i < n; i++) {
    ck_assert_int_gt(seen[i].received, 0);
    expect_all_told(i);
    digest = (digest ^ (uint64_t)seen[i].end_ns) * 1099511628211u;
    digest = (digest ^ (uint64_t)seen[i].airtime_ns) * 1099511628211u;
  }
  iscc_ns3_end();
  return digest;
}

static uint64_t run_with_fading(uint64_t run) {
  static sending s[SHARING];
  iscc_ns3_lte_settings settings;
  iscc_ns3_lte_defaults(&settings);
  settings.loss_chain =
      "ns3::LogDistancePropagationLossModel;ns3::NakagamiPropagationLossModel[m0=5|m1=5|m2=5]";
  settings.give_up_s = 10;
  begin_with(&settings, SHARING, 150, run);
  for (int i = 0; i < SHARING; i++) {
    s[i] = (sending){i, 20, 1472, 0.01};
    at(1, send_now, &s[i]);
  }
  run_until(6);
  for (int i = 0; i < SHARING; i++) ck_assert_int_eq(seen[i].told, 20);
  return digest_of(SHARING);
}

/* Powers a little below what the eNB has heard of, for which blocks are lost at random. */
static uint64_t run_with_losses(uint64_t run) {
  enum { SHADES = 40 };
  static sending good, less[SHADES];
  begin(1, 100, run);
  good = (sending){0, 1, 1472, link_of(0).power_w[8]};
  for (int k = 0; k < SHADES; k++) {
    less[k] = (sending){0, 1, 1472, good.power_w * pow(0.95, k + 1)};
    at(1 + 0.2 * k, send_now, &good);
    at(1.05 + 0.2 * k, send_now, &less[k]);
  }
  run_until(10);
  ck_assert_int_eq(seen[0].told, 2 * SHADES);
  return digest_of(1);
}

/* ns-3's automatic streams go on from one simulation to the next: nothing may draw from them. */
START_TEST(same_run_same_blocks) {
  const uint64_t fading = run_with_fading(1), losses = run_with_losses(1);
  ck_assert_uint_eq(run_with_fading(1), fading);
  ck_assert_uint_ne(run_with_fading(2), fading);
  ck_assert_uint_eq(run_with_losses(1), losses);
}
END_TEST

static void switch_off(void *arg) {
  (void)arg;
  must(iscc_ns3_device_off(node[0], &error));
  ck_assert_int_eq(seen[0].told, 40); /* before it returns */
}

/* Cut in the midst of a block or between two; the other node has the cell from then on. */
START_TEST(a_node_switched_off_leaves_the_cell) {
  static const double off_s[] = {1.0301, 1.0305, 1.0309, 1.03095, 1.040001};
  sending s[2] = {{0, 40, 1472, 1}, {1, 40, 1472, 1}};
  begin(2, 100, 1);
  for (int i = 0; i < 2; i++) {
    must(iscc_ns3_device_expect(node[i], 1, &error));
    at(1, send_now, &s[i]);
  }
  at(off_s[_i], switch_off, NULL);
  run_until(3);
  ck_assert_int_eq(seen[0].told, 40);
  ck_assert_int_gt(seen[0].received, 0);
  ck_assert_int_lt(seen[0].received, 40);
  ck_assert_int_eq(seen[1].told, 40);
  ck_assert_int_eq(seen[1].received, 40);
  expect_all_told(1);
  /* what the channel carries to the end, the radio was off for */
  const double into_s = fmod(off_s[_i], 1e-3), unsent_s = fmax(subframe_s - into_s, 0);
  ck_assert_double_eq_tol(seen[0].energy_j / (air[0].data_j - 1 * unsent_s), 1, 1e-9);
  ck_assert_double_eq_tol(1e-9 * (double)seen[0].airtime_ns / (air[0].data_s - unsent_s), 1, 1e-6);
  ck_assert_int_le(seen[0].end_ns, llround(1e9 * off_s[_i]));
  const double took_s = 1e-9 * (double)seen[1].end_ns - 1;
  iscc_ns3_end();
  const double together_s = share_cell(2, 1), alone_s = share_cell(1, 1);
  ck_assert_double_lt(took_s, alone_s + (off_s[_i] - 1 - 0.012) / 2 + 0.008);
  ck_assert_double_lt(took_s, together_s - 0.005);
}
END_TEST

START_TEST(mistakes_are_refused) {
  begin(1, 10, 1);
  iscc_ns3_lte_settings s;
  iscc_ns3_handle made, bare;
  iscc_link link;
#define REFUSED(field, value)                                                                                \
  iscc_ns3_lte_defaults(&s);                                                                                 \
  s.field = value;                                                                                           \
  ck_assert_int_eq(iscc_ns3_lte_create(&s, &made, &error), ISCC_EINVAL)
  REFUSED(loss_chain, "ns3::NoSuchLossModel");
  REFUSED(margin_db, NAN);
  REFUSED(give_up_s, 0);
  REFUSED(nodes, 319);
  REFUSED(resource_blocks, 24);
  ck_assert_str_eq(error.text, "lte resource blocks: 24 is not one of 6, 15, 25, 50, 75, 100");
  must(iscc_ns3_default("ns3::LteEnbRrc::SrsPeriodicity", "20", &error));
  REFUSED(nodes, 19);                                                    /* two turns are ns-3's */
  must(iscc_ns3_default("ns3::LteEnbRrc::SrsPeriodicity", "7", &error)); /* ns-3 would end the program */
  REFUSED(nodes, 1);
  must(iscc_ns3_default("ns3::LteEnbRrc::SrsPeriodicity", "40", &error));
#undef REFUSED
  ck_assert_int_eq(iscc_ns3_lte_install(node_at(1, 1), cell, true, &made, &error), ISCC_ESTATE);
  ck_assert_str_eq(error.text, "lte: the cell has a hub already");
  ck_assert_int_eq(iscc_ns3_lte_install(node_at(1, 1), cell, false, &made, &error), ISCC_EINVAL);
  ck_assert_str_eq(error.text, "lte: the cell was made for 1 nodes");
  ck_assert_int_eq(iscc_ns3_lte_resize(cell, 319, &error), ISCC_EINVAL);
  must(iscc_ns3_lte_resize(cell, 2, &error));
  must(iscc_ns3_lte_install(node_at(1, 1), cell, false, &made, &error));
  ck_assert_int_eq(iscc_ns3_lte_resize(cell, 1, &error), ISCC_EINVAL);
  ck_assert_str_eq(error.text, "lte nodes: 1 are fewer than the 2 that are there");
  ck_assert_int_eq(iscc_ns3_lte_resize(server, 2, &error), ISCC_ESTATE);
  must(iscc_ns3_node_create(&bare, &error));
  ck_assert_int_eq(iscc_ns3_lte_install(bare, cell, false, &made, &error), ISCC_ESTATE);
  ck_assert_int_eq(iscc_ns3_lte_install(cell, cell, false, &made, &error), ISCC_ESTATE);
  ck_assert_int_eq(iscc_ns3_uplink(server, server, &link, &error), ISCC_ESTATE);
  ck_assert_int_eq(iscc_ns3_uplink(server, node[0], &link, &error), ISCC_ESTATE);
  ck_assert_int_eq(iscc_ns3_pcap(node[0], "lte", &error), ISCC_EINVAL);
  iscc_ns3_end();
}
END_TEST

Suite *iscc_suite_ns3_lte(void);
Suite *iscc_suite_ns3_lte(void) {
  Suite *s = suite_create("ns3: lte");
  TCase *t = tcase_create("lte");
  tcase_set_timeout(t, 120);
  tcase_add_test(t, link_has_the_schedulers_steps);
  tcase_add_test(t, energy_is_power_times_subframes);
  tcase_add_test(t, power_told_late_costs_blocks_sent_again);
  tcase_add_test(t, what_cannot_be_sent_is_told_and_free);
  tcase_add_test(t, what_is_sent_after_its_end_is_listening);
  tcase_add_test(t, every_segment_of_tcp_is_paid);
  tcase_add_loop_test(t, link_learns_the_goodput, 0, 2);
  tcase_add_test(t, the_cell_is_shared);
  tcase_add_test(t, as_many_as_it_was_made_for_join);
  tcase_add_test(t, same_run_same_blocks);
  tcase_add_loop_test(t, a_node_switched_off_leaves_the_cell, 0, 5);
  tcase_add_test(t, mistakes_are_refused);
  suite_add_tcase(s, t);
  return s;
}
