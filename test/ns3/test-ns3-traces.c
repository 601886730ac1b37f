/* SPDX-License-Identifier: GPL-2.0-only */
/* Trace sources and pcap's companions: every frame's way through the devices, its drops, its rates. */
#include <check.h>
#include <math.h>
#include <string.h>

#include "iscc-fading.h"
#include "iscc-ns3.h"
#include "iscc-test-air.h"

enum { PORT = 9, HUBS = 2, NODES = 2, DEVICES = HUBS + NODES };

static iscc_error error;
static iscc_ns3_handle channel, device[DEVICES], socket[DEVICES]; /* hubs first */
static int told, told_of_nothing;

static void must(iscc_status status) {
  ck_assert_msg(status == ISCC_OK, "%s", error.text);
}

static void on_told(void *ctx, uint64_t token, int64_t start_ns, int64_t airtime_ns, double bits,
                    double energy_j) {
  (void)ctx;
  (void)token;
  (void)start_ns;
  told++;
  if (airtime_ns == 0 && bits == 0 && energy_j == 0) told_of_nothing++;
}

static void begin_with(int64_t coherence_ns) {
  told = told_of_nothing = 0;
  must(iscc_ns3_begin(1, 1, &error));
  must(iscc_ns3_channel_create("ns3::FriisPropagationLossModel", &channel, &error));
  for (uint32_t i = 0; i < DEVICES; i++) {
    iscc_ns3_handle node;
    iscc_ns3_device_settings settings;
    iscc_ns3_device_defaults(&settings);
    settings.hub = i < HUBS;
    settings.coherence_ns = coherence_ns;
    settings.fading_node = i;
    must(iscc_ns3_node_create(&node, &error));
    must(iscc_ns3_mobility_install(node, "ns3::ConstantPositionMobilityModel", (double[]){40.0 * i, 0, 1.5},
                                   &error));
    must(iscc_ns3_device_install(node, channel, &settings, &device[i], &error));
    must(iscc_ns3_internet_install(device[i], &error));
    must(iscc_ns3_udp_open(device[i], PORT, NULL, NULL, &socket[i], &error));
    must(iscc_ns3_device_on_transmitted(device[i], on_told, NULL, &error));
  }
}

static void begin(void) {
  begin_with(0);
}

static void end(void) {
  iscc_ns3_end();
}

static void send(size_t from, size_t to, size_t n_bytes) {
  const iscc_ns3_send_options options = {0, -1, 0};
  must(iscc_ns3_udp_send(socket[from], device[to], PORT, NULL, n_bytes, &options, &error));
}

static const char *const sources[] = {"MacTx", "PhyTxBegin", "PhyTxEnd",  "PhyRxEnd",
                                      "MacRx", "MacTxDrop",  "PhyTxDrop", "PhyRxDrop"};
enum { MAC_TX, PHY_TX_BEGIN, PHY_TX_END, PHY_RX_END, MAC_RX, MAC_TX_DROP, PHY_TX_DROP, PHY_RX_DROP, SOURCES };

static int count[DEVICES][SOURCES];
static char way[64];
static size_t sizes[64];
static int64_t last_ns[DEVICES][SOURCES];

static void traced(void *ctx, size_t n_bytes) {
  const size_t which = (size_t)ctx, at = strlen(way);
  const size_t i = which / SOURCES, source = which % SOURCES;
  count[i][source]++;
  last_ns[i][source] = iscc_ns3_now_ns();
  if (at + 1 < sizeof way) {
    way[at] = (char)('0' + source);
    sizes[at] = n_bytes;
  }
}

static void trace_all(void) {
  memset(count, 0, sizeof count);
  memset(way, 0, sizeof way);
  for (size_t i = 0; i < DEVICES; i++)
    for (size_t k = 0; k < SOURCES; k++)
      must(iscc_ns3_trace_packets(device[i], sources[k], traced, (void *)(i * SOURCES + k), &error));
}

START_TEST(a_frame_is_seen_all_the_way) {
  trace_all();
  send(2, 0, 100);
  must(iscc_ns3_run(0, &error));
  ck_assert_str_eq(way, "01234");
  for (int k = 0; k < 5; k++) /* above the link 28 bytes of headers, below it 14 more */
    ck_assert_uint_eq(sizes[k], k == MAC_TX || k == MAC_RX ? 128 : 142);
  ck_assert_int_eq(count[2][PHY_TX_END], 1);
  ck_assert_int_eq(count[0][MAC_RX], 1);
  ck_assert_int_eq(last_ns[0][MAC_RX] - last_ns[2][PHY_TX_END], (int64_t)ceil(80 / 0.299792458));
}
END_TEST

START_TEST(frames_that_are_dropped_are_seen_and_told_of) {
  trace_all();
  must(iscc_ns3_set(device[2], "QueuePackets", "2", &error));
  for (int k = 0; k < 5; k++) send(2, 0, 100); /* one on the air, two wait */
  must(iscc_ns3_run(0, &error));
  ck_assert_int_eq(count[2][MAC_TX], 5);
  ck_assert_int_eq(count[2][MAC_TX_DROP], 2);
  ck_assert_int_eq(count[0][MAC_RX], 3);
  ck_assert_int_eq(told, 5);
  ck_assert_int_eq(told_of_nothing, 2);
  must(iscc_ns3_device_set_loss(device[0], 1, 5, &error));
  send(2, 0, 100);
  must(iscc_ns3_run(0, &error));
  ck_assert_int_eq(count[0][PHY_RX_DROP], 1);
  ck_assert_int_eq(count[0][MAC_RX], 3);
  must(iscc_ns3_set(device[2], "MaxAirtime", "1us", &error));
  send(2, 1, 100);
  must(iscc_ns3_run(0, &error));
  ck_assert_int_eq(count[2][PHY_TX_DROP], 1);
  ck_assert_int_eq(count[2][PHY_TX_END], 4);
  ck_assert_int_eq(count[1][PHY_RX_END], 0);
  ck_assert_int_eq(told, 7);
}
END_TEST

START_TEST(broadcasts_reach_their_devices_once) {
  trace_all();
  ck_assert(iscc_test_broadcast(2, 100)); /* a node reaches every hub, one after the other in its band */
  must(iscc_ns3_run(0, &error));
  static const int from_node[DEVICES] = {1, 1, 0, 0}, from_both[DEVICES] = {2, 1, 1, 1};
  for (int i = 0; i < DEVICES; i++) ck_assert_int_eq(count[i][MAC_RX], from_node[i]);
  ck_assert_int_eq(count[2][PHY_TX_END], 2);
  const int64_t start_ns = iscc_ns3_now_ns();
  ck_assert(iscc_test_broadcast(1, 100)); /* a hub reaches everybody, all at once */
  must(iscc_ns3_run(0, &error));
  for (int i = 0; i < DEVICES; i++) ck_assert_int_eq(count[i][MAC_RX], from_both[i]);
  ck_assert_int_eq(count[1][PHY_TX_END], 3);
  static const double distance_m[DEVICES] = {40, 0, 40, 80};
  for (int i = 0; i < DEVICES; i++)
    if (i != 1) {
      const double gain = pow(299792458.0 / 5.15e9 / (4 * acos(-1) * distance_m[i]), 2);
      const double rate = 1e5 * log2(1 + gain / (1.380649e-23 * 290 * 1e5));
      ck_assert_double_eq_tol((double)(last_ns[i][MAC_RX] - start_ns),
                              1e9 * (8 * 114 / rate + distance_m[i] / 299792458.0), 2);
    }
  ck_assert_int_eq(told, 0);
}
END_TEST

static struct {
  int64_t at_ns;
  double rate_bps, gain;
} block[1000];
static int blocks;

static void on_rate(void *ctx, double rate_bps, double gain) {
  (void)ctx;
  block[blocks].at_ns = iscc_ns3_now_ns();
  block[blocks].rate_bps = rate_bps;
  block[blocks++].gain = gain;
}

/* The rates of the blocks, each for its time, carry the frame; each is eq. (7) of its gain. */
START_TEST(rates_of_all_blocks_are_seen) {
  iscc_ns3_end();
  begin_with(500000);
  trace_all();
  blocks = 0;
  must(iscc_ns3_trace_rates(device[3], on_rate, NULL, &error));
  send(3, 0, 1400);
  must(iscc_ns3_run(0, &error));
  ck_assert_int_gt(blocks, 5);
  const iscc_fading fading = {1, 1, 3, 500000, 1};
  const double friis = pow(299792458.0 / 5.15e9 / (4 * acos(-1) * 120), 2);
  double bits = 0;
  for (int k = 0; k < blocks; k++) {
    const int64_t until_ns = k + 1 < blocks ? block[k + 1].at_ns : last_ns[3][PHY_TX_END];
    bits += block[k].rate_bps * 1e-9 * (double)(until_ns - block[k].at_ns);
    if (k > 0) ck_assert_int_eq(block[k].at_ns % 500000, 0);
    const double gain = friis * iscc_fading_gain(&fading, block[k].at_ns);
    ck_assert_double_eq_tol(block[k].gain, gain, 1e-9 * gain);
    const double rate = 1e5 * log2(1 + gain / (1.380649e-23 * 290 * 1e5));
    ck_assert_double_eq_tol(block[k].rate_bps, rate, 1e-9 * rate);
  }
  ck_assert_double_eq_tol(bits, 8 * (1400 + ISCC_NS3_UDP_OVERHEAD_BYTES), 0.01); /* 1 ns at the last rate */
}
END_TEST

START_TEST(sources_that_are_none_are_refused) {
  static const char *const none[] = {"NoSuch", "", "Rate", NULL, "mactx"};
  for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
    ck_assert_int_eq(iscc_ns3_trace_packets(device[0], none[i], traced, NULL, &error), ISCC_EINVAL);
    ck_assert_ptr_nonnull(strstr(error.text, "no trace source"));
  }
  ck_assert_int_eq(iscc_ns3_trace_rates(channel, on_rate, NULL, &error), ISCC_ESTATE);
  ck_assert_int_eq(iscc_ns3_trace_packets((iscc_ns3_handle){0, 0}, "MacTx", traced, NULL, &error),
                   ISCC_ESTATE);
}
END_TEST

START_TEST(mtus_below_the_least_of_ipv4_are_refused) {
  ck_assert_uint_eq(iscc_test_mtu(2), 1500);
  ck_assert(!iscc_test_set_mtu(2, 67));
  ck_assert_uint_eq(iscc_test_mtu(2), 1500);
  ck_assert(iscc_test_set_mtu(2, 68));
  trace_all();
  must(iscc_ns3_udp_send(socket[2], device[0], PORT, NULL, 100, NULL, &error));
  must(iscc_ns3_run(0, &error));
  ck_assert_int_eq(count[0][MAC_RX], 3); /* 108 bytes of UDP in fragments of 48 */
}
END_TEST

Suite *iscc_suite_ns3_traces(void);
Suite *iscc_suite_ns3_traces(void) {
  Suite *s = suite_create("ns3: traces");
  TCase *t = tcase_create("traces");
  tcase_add_checked_fixture(t, begin, end);
  tcase_set_timeout(t, 60);
  tcase_add_test(t, a_frame_is_seen_all_the_way);
  tcase_add_test(t, frames_that_are_dropped_are_seen_and_told_of);
  tcase_add_test(t, broadcasts_reach_their_devices_once);
  tcase_add_test(t, rates_of_all_blocks_are_seen);
  tcase_add_test(t, sources_that_are_none_are_refused);
  tcase_add_test(t, mtus_below_the_least_of_ipv4_are_refused);
  suite_add_tcase(s, t);
  return s;
}
