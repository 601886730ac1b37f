/* SPDX-License-Identifier: GPL-2.0-only */
/* A channel from a file over ns-3: the link, the rate of what nodes and hub send, frames that see it change. */
#include <check.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "iscc-ns3.h"

enum { PORT = 9, NODES = 2, FRAMES = 60, LINES = 400 };

static const double BANDWIDTH_HZ = 1e5, POWER_W = 0.4;
static const int64_t LINE_NS = 7000000;

static iscc_error error;
static iscc_channel_trace *trace;
static iscc_ns3_handle channel, hub, hub_socket, device[NODES], socket[NODES];
static struct {
  int told;
  int64_t start_ns[FRAMES], airtime_ns[FRAMES];
} seen[NODES];

static void must(iscc_status status) {
  ck_assert_msg(status == ISCC_OK, "%s", error.text);
}

/* SNR of a node's line in dB. */
static double line_db(int node, int64_t line) {
  return (double)((line * 7 + 3 * node) % 31) - 5;
}

static double snr_at(int node, int64_t time_ns) {
  const int64_t line = time_ns / LINE_NS;
  return pow(10, 0.1 * line_db(node, line < LINES ? line : LINES - 1));
}

static void write_trace(void) {
  char path[] = "/tmp/iscc-test-trace-XXXXXX";
  FILE *f = fdopen(mkstemp(path), "w");
  for (int line = 0; line < LINES; line++)
    fprintf(f, "%.3f %g %g\n", 1e-9 * (double)(LINE_NS * line), line_db(0, line), line_db(1, line));
  fclose(f);
  must(iscc_channel_trace_read(path, &trace, &error));
  unlink(path);
}

static void told(void *ctx, uint64_t token, int64_t start_ns, int64_t airtime_ns, double bits,
                 double energy_j) {
  const size_t i = (size_t)ctx;
  ck_assert_double_eq(bits, 8 * (600 + ISCC_NS3_UDP_OVERHEAD_BYTES));
  ck_assert_double_eq_tol(energy_j, POWER_W * 1e-9 * (double)airtime_ns, 1e-9 * FRAMES);
  ck_assert_uint_eq(token, (uint64_t)seen[i].told);
  seen[i].start_ns[seen[i].told] = start_ns;
  seen[i].airtime_ns[seen[i].told++] = airtime_ns;
}

static iscc_ns3_handle install(double x_m, const iscc_ns3_device_settings *settings) {
  iscc_ns3_handle node, made;
  must(iscc_ns3_node_create(&node, &error));
  must(iscc_ns3_mobility_install(node, "ns3::ConstantPositionMobilityModel", (const double[3]){x_m, 0, 0},
                                 &error));
  must(iscc_ns3_device_install(node, channel, settings, &made, &error));
  must(iscc_ns3_internet_install(made, &error));
  return made;
}

static void begin(void) {
  memset(seen, 0, sizeof seen);
  write_trace();
  must(iscc_ns3_begin(1, 1, &error));
  must(iscc_ns3_channel_create(NULL, &channel, &error));
  iscc_ns3_device_settings settings;
  iscc_ns3_device_defaults(&settings);
  settings.bandwidth_hz = BANDWIDTH_HZ;
  settings.hub = true;
  hub = install(0, &settings);
  must(iscc_ns3_udp_open(hub, PORT, NULL, NULL, &hub_socket, &error));
  settings.hub = false;
  settings.coherence_ns = 1000; /* the trace is in place of it */
  settings.trace = trace;
  for (size_t i = 0; i < NODES; i++) {
    settings.trace_column = (uint32_t)i;
    device[i] = install(20, &settings);
    must(iscc_ns3_udp_open(device[i], PORT, NULL, NULL, &socket[i], &error));
    must(iscc_ns3_device_on_transmitted(device[i], told, (void *)i, &error));
    must(iscc_ns3_link_set_snr(device[i], hub, 1, &error));
  }
}

static void end(void) {
  iscc_ns3_end();
  iscc_channel_trace_destroy(trace);
}

static void check_links(void *ctx) {
  (void)ctx;
  for (int i = 0; i < NODES; i++) {
    iscc_ns3_link_state link;
    const double snr = snr_at(i, iscc_ns3_now_ns());
    must(iscc_ns3_link(device[i], hub, &link, &error));
    ck_assert_double_eq_tol(link.snr_per_w, snr, 1e-9 * snr);
  }
}

START_TEST(links_are_the_files) {
  for (int64_t line = 0; line < LINES + 9; line++) {
    iscc_ns3_schedule(line * LINE_NS, check_links, NULL);
    iscc_ns3_schedule((line + 1) * LINE_NS - 1, check_links, NULL);
  }
  must(iscc_ns3_run(0, &error));
  ck_assert_int_eq(iscc_ns3_now_ns(), (LINES + 9) * LINE_NS - 1);
}
END_TEST

/* The bits that each line of the file lets pass, summed here, are the frame's. */
START_TEST(frames_take_the_rate_of_each_line) {
  for (int k = 0; k < FRAMES; k++)
    for (int i = 0; i < NODES; i++) {
      const iscc_ns3_send_options options = {POWER_W, -1, (uint64_t)k};
      must(iscc_ns3_udp_send(socket[i], hub, PORT, NULL, 600, &options, &error));
    }
  must(iscc_ns3_run(0, &error));
  int passed = 0;
  for (int i = 0; i < NODES; i++) {
    ck_assert_int_eq(seen[i].told, FRAMES);
    for (int k = 0; k < FRAMES; k++) {
      const int64_t end_ns = seen[i].start_ns[k] + seen[i].airtime_ns[k];
      double bits = 0;
      for (int64_t at = seen[i].start_ns[k]; at < end_ns; passed++) {
        const int64_t next = (at / LINE_NS + 1) * LINE_NS, to = next < end_ns ? next : end_ns;
        bits += BANDWIDTH_HZ * log2(1 + snr_at(i, at) * POWER_W) * 1e-9 * (double)(to - at);
        at = to;
      }
      ck_assert_msg(fabs(bits - 8 * 642) < 0.001, "node %d, frame %d: %.6f bits", i, k, bits);
    }
  }
  ck_assert_int_gt(passed, 3 * NODES * FRAMES);
}
END_TEST

static double hub_rates[4 * LINES];
static int hub_blocks;

static void on_rate(void *ctx, double rate_bps, double gain) {
  (void)ctx;
  (void)gain;
  hub_rates[hub_blocks++] = rate_bps;
}

START_TEST(answers_take_the_nodes_channel) {
  must(iscc_ns3_trace_rates(hub, on_rate, NULL, &error));
  must(iscc_ns3_udp_send(hub_socket, device[1], PORT, NULL, 1400, NULL, &error));
  must(iscc_ns3_run(0, &error));
  ck_assert_int_gt(hub_blocks, 2);
  for (int k = 0; k < hub_blocks; k++)
    ck_assert_double_eq_tol(hub_rates[k], BANDWIDTH_HZ * log2(1 + snr_at(1, k * LINE_NS)), 1e-6);
}
END_TEST

START_TEST(a_column_that_is_not_there_is_refused) {
  iscc_ns3_device_settings settings;
  iscc_ns3_handle node, made;
  iscc_ns3_device_defaults(&settings);
  settings.trace = trace;
  settings.trace_column = NODES;
  must(iscc_ns3_node_create(&node, &error));
  ck_assert_int_eq(iscc_ns3_device_install(node, channel, &settings, &made, &error), ISCC_EINVAL);
  ck_assert_str_eq(error.text, "device: the channel trace has 2 columns, none is number 2");
}
END_TEST

Suite *iscc_suite_ns3_channel_trace(void);
Suite *iscc_suite_ns3_channel_trace(void) {
  Suite *s = suite_create("ns3: channel from a file");
  TCase *t = tcase_create("trace");
  tcase_add_checked_fixture(t, begin, end);
  tcase_set_timeout(t, 60);
  tcase_add_test(t, links_are_the_files);
  tcase_add_test(t, frames_take_the_rate_of_each_line);
  tcase_add_test(t, answers_take_the_nodes_channel);
  tcase_add_test(t, a_column_that_is_not_there_is_refused);
  suite_add_tcase(s, t);
  return s;
}
