/* SPDX-License-Identifier: GPL-2.0-only */
/* The wireless device: eq. (7) on the air, gains of ns-3's loss models, fading, bands, losses, pcap. */
#include <check.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "iscc-fading.h"
#include "iscc-ns3.h"

enum { PORT = 9, NODES = 3 };

static const double C_MPS = 299792458.0;

static iscc_error error;
static iscc_ns3_handle channel, hub, hub_socket, device[NODES], socket[NODES];
static struct {
  int told, received;
  int64_t start_ns[2000], airtime_ns[2000], received_ns[2000];
  double bits, energy_j;
  size_t bytes;
} seen[NODES];

static void must(iscc_status status) {
  ck_assert_msg(status == ISCC_OK, "%s", error.text);
}

static void told(void *ctx, uint64_t token, int64_t start_ns, int64_t airtime_ns, double bits,
                 double energy_j) {
  const size_t i = (size_t)ctx;
  ck_assert_uint_eq(token, (uint64_t)seen[i].told);
  seen[i].start_ns[seen[i].told] = start_ns;
  seen[i].airtime_ns[seen[i].told++] = airtime_ns;
  seen[i].bits = bits;
  seen[i].energy_j = energy_j;
}

static void received(void *ctx, iscc_ns3_handle from, const void *bytes, size_t n_bytes) {
  (void)ctx;
  (void)bytes;
  for (size_t i = 0; i < NODES; i++)
    if (from.index == device[i].index) {
      seen[i].received_ns[seen[i].received++] = iscc_ns3_now_ns();
      seen[i].bytes = n_bytes;
    }
}

static iscc_ns3_handle device_at(double x_m, const iscc_ns3_device_settings *settings) {
  iscc_ns3_handle node, made;
  const double place_m[3] = {x_m, 0, 1.5};
  must(iscc_ns3_node_create(&node, &error));
  must(iscc_ns3_mobility_install(node, "ns3::ConstantPositionMobilityModel", place_m, &error));
  must(iscc_ns3_device_install(node, channel, settings, &made, &error));
  must(iscc_ns3_internet_install(made, &error));
  return made;
}

/* A hub at 0 and nodes at x_m[i], the settings alike. */
static void begin(uint64_t run, const char *chain, const double x_m[NODES],
                  const iscc_ns3_device_settings *settings) {
  memset(seen, 0, sizeof seen);
  must(iscc_ns3_begin(1, run, &error));
  must(iscc_ns3_channel_create(chain, &channel, &error));
  iscc_ns3_device_settings own = *settings;
  own.hub = true;
  hub = device_at(0, &own);
  must(iscc_ns3_udp_open(hub, PORT, received, NULL, &hub_socket, &error));
  own.hub = false;
  for (size_t i = 0; i < NODES; i++) {
    own.fading_node = (uint32_t)i;
    device[i] = device_at(x_m[i], &own);
    must(iscc_ns3_udp_open(device[i], PORT, NULL, NULL, &socket[i], &error));
    must(iscc_ns3_device_on_transmitted(device[i], told, (void *)i, &error));
  }
}

static void send(size_t i, size_t n_bytes, double power_w, double charged_bits, int token) {
  const iscc_ns3_send_options options = {power_w, charged_bits, (uint64_t)token};
  must(iscc_ns3_udp_send(socket[i], hub, PORT, NULL, n_bytes, &options, &error));
}

static iscc_ns3_link_state link_of(size_t i) {
  iscc_ns3_link_state link;
  must(iscc_ns3_link(device[i], hub, &link, &error));
  return link;
}

static iscc_ns3_device_settings defaults(void) {
  iscc_ns3_device_settings settings;
  iscc_ns3_device_defaults(&settings);
  return settings;
}

static const double near_m[NODES] = {100, 250, 700};
static const char FRIIS[] = "ns3::FriisPropagationLossModel[Frequency=2.4e9]";

static double friis(double distance_m) {
  return pow(C_MPS / 2.4e9 / (4 * acos(-1) * distance_m), 2);
}

static double log_distance(double distance_m) {
  return pow(10, -(40 + 27 * log10(distance_m)) / 10);
}

START_TEST(gains_are_those_of_the_loss_models) {
  const iscc_ns3_device_settings settings = defaults();
  begin(1, FRIIS, near_m, &settings);
  for (size_t i = 0; i < NODES; i++) ck_assert_double_eq_tol(link_of(i).gain / friis(near_m[i]), 1, 1e-9);
  iscc_ns3_end();
  begin(1,
        "ns3::FriisPropagationLossModel[Frequency=2.4e9]; "
        "ns3::LogDistancePropagationLossModel[Exponent=2.7|ReferenceLoss=40]",
        near_m, &settings);
  for (size_t i = 0; i < NODES; i++) {
    const iscc_ns3_link_state link = link_of(i);
    ck_assert_double_eq_tol(link.gain / (friis(near_m[i]) * log_distance(near_m[i])), 1, 1e-9);
    ck_assert_double_eq(link.gain, link.large_scale_gain);
    ck_assert_double_eq_tol(link.propagation_s, near_m[i] / C_MPS, 1e-9);
  }
  iscc_ns3_end();
}
END_TEST

START_TEST(airtime_and_energy_follow_eq_7) {
  static const double powers_w[] = {0.01, 0.5, 0}; /* 0: the device's own */
  iscc_ns3_device_settings settings = defaults();
  settings.tx_power_w = 0.7;
  settings.bandwidth_hz = 3e5;
  begin(1, FRIIS, near_m, &settings);
  for (int k = 0; k < 3; k++)
    for (size_t i = 0; i < NODES; i++) {
      const double charged = k == 1 ? 1234.5 : -1;
      send(i, 1000, powers_w[k], charged, k);
      must(iscc_ns3_run(0, &error));
      const double power = powers_w[k] > 0 ? powers_w[k] : 0.7;
      const double bits = charged < 0 ? 8 * (1000 + ISCC_NS3_UDP_OVERHEAD_BYTES) : charged;
      const double noise_w = 1.380649e-23 * 290 * 3e5;
      const double time_s = bits / (3e5 * log2(1 + friis(near_m[i]) * power / noise_w));
      ck_assert_int_eq(seen[i].told, k + 1);
      ck_assert_double_eq_tol((double)seen[i].airtime_ns[k], 1e9 * time_s, 1 + 1e-9 * 1e9 * time_s);
      ck_assert_double_ge((double)seen[i].airtime_ns[k], 1e9 * time_s * (1 - 1e-9)); /* never early */
      ck_assert_double_eq_tol(seen[i].energy_j, power * time_s, 1e-9 * power * time_s);
      ck_assert_double_eq(seen[i].bits, bits);
      ck_assert_int_eq(seen[i].received, k + 1);
      ck_assert_uint_eq(seen[i].bytes, 1000);
      ck_assert_int_eq(seen[i].received_ns[k],
                       seen[i].start_ns[k] + seen[i].airtime_ns[k] + (int64_t)ceil(1e9 * near_m[i] / C_MPS));
    }
  iscc_ns3_end();
}
END_TEST

START_TEST(noise_grows_with_the_band) {
  iscc_ns3_device_settings settings = defaults();
  double noise_w[2], snr[2];
  for (int k = 0; k < 2; k++) {
    settings.bandwidth_hz = k ? 5e5 : 1e5;
    begin(1, FRIIS, near_m, &settings);
    noise_w[k] = link_of(0).noise_w;
    snr[k] = link_of(0).snr_per_w;
    iscc_ns3_end();
  }
  ck_assert_double_eq_tol(noise_w[1] / noise_w[0], 5, 1e-12);
  ck_assert_double_eq_tol(snr[0] / snr[1], 5, 1e-12);
  begin(1, FRIIS, near_m, &settings);
  must(iscc_ns3_link_set_snr(device[1], hub, 37, &error));
  ck_assert_double_eq_tol(link_of(1).snr_per_w, 37, 1e-9);
  ck_assert_double_eq_tol(link_of(0).snr_per_w, snr[1], 1e-9 * snr[1]);
  ck_assert_int_eq(iscc_ns3_link_set_snr(device[1], hub, -1, &error), ISCC_EINVAL);
  iscc_ns3_end();
}
END_TEST

START_TEST(bands_are_orthogonal_and_one_band_is_a_queue) {
  const iscc_ns3_device_settings settings = defaults();
  int64_t alone[NODES];
  for (size_t i = 0; i < NODES; i++) {
    begin(1, FRIIS, near_m, &settings);
    send(i, 700, 0.1, -1, 0);
    must(iscc_ns3_run(0, &error));
    alone[i] = seen[i].airtime_ns[0];
    iscc_ns3_end();
  }
  begin(1, FRIIS, near_m, &settings);
  for (size_t i = 0; i < NODES; i++)
    for (int k = 0; k < 3; k++) send(i, 700, 0.1, -1, k);
  must(iscc_ns3_run(0, &error));
  for (size_t i = 0; i < NODES; i++)
    for (int k = 0; k < 3; k++) {
      ck_assert_int_eq(seen[i].airtime_ns[k], alone[i]);
      ck_assert_int_eq(seen[i].start_ns[k], k * alone[i]);
    }
  iscc_ns3_end();
}
END_TEST

/* The bits of every block that a transmission passes, summed here, are the frame's. */
START_TEST(a_transmission_takes_the_rate_of_each_block) {
  iscc_ns3_device_settings settings = defaults();
  settings.coherence_ns = 2000000;
  settings.nakagami_m = 1.5;
  begin(5, FRIIS, near_m, &settings);
  for (size_t i = 0; i < NODES; i++) must(iscc_ns3_link_set_snr(device[i], hub, 10, &error));
  double snr_now = link_of(0).snr_per_w;
  const iscc_fading fading = {1, 5, 0, settings.coherence_ns, settings.nakagami_m};
  ck_assert_double_eq_tol(snr_now, 10 * iscc_fading_gain(&fading, 0), 1e-9 * snr_now);
  for (int k = 0; k < 200; k++) send(0, 1000, 0.4, -1, k);
  must(iscc_ns3_run(0, &error));
  ck_assert_int_eq(seen[0].told, 200);
  int passed = 0;
  for (int k = 0; k < 200; k++) {
    const int64_t end_ns = seen[0].start_ns[k] + seen[0].airtime_ns[k];
    double bits = 0;
    for (int64_t at = seen[0].start_ns[k]; at < end_ns; passed++) {
      const int64_t until = (at / settings.coherence_ns + 1) * settings.coherence_ns;
      const int64_t to = until < end_ns ? until : end_ns;
      bits += 1e5 * log2(1 + 10 * iscc_fading_gain(&fading, at) * 0.4) * 1e-9 * (double)(to - at);
      at = to;
    }
    ck_assert_msg(fabs(bits - 8336) < 0.001, "frame %d: %.6f bits", k, bits); /* 1 ns is at most that */
  }
  ck_assert_int_gt(passed, 400);
  iscc_ns3_end();
}
END_TEST

static void nothing(void *ctx) {
  (void)ctx;
}

START_TEST(blocks_cost_no_events_while_nothing_is_sent) {
  iscc_ns3_device_settings settings = defaults();
  settings.coherence_ns = 1000000;
  begin(1, FRIIS, near_m, &settings);
  iscc_ns3_schedule(1000000000000, nothing, NULL);
  must(iscc_ns3_run(0, &error));
  ck_assert_int_eq(iscc_ns3_now_ns(), 1000000000000);
  ck_assert_uint_le(iscc_ns3_event_count(), 20); /* a million blocks have passed */
  iscc_ns3_end();
}
END_TEST

static const char RANDOM[] = "ns3::FriisPropagationLossModel;ns3::NakagamiPropagationLossModel";

static void measure_random(uint64_t run, bool ask, int64_t coherence_ns, int64_t airtime_ns[20]) {
  iscc_ns3_device_settings settings = defaults();
  settings.coherence_ns = coherence_ns;
  begin(run, RANDOM, near_m, &settings);
  must(iscc_ns3_assign_streams(channel, 500, &error));
  for (int k = 0; k < 20; k++) {
    send(0, 500, 0.001, -1, k);
    if (ask) ck_assert_double_eq(link_of(0).gain, link_of(0).gain); /* the same when asked again */
    must(iscc_ns3_run(0, &error));
    airtime_ns[k] = seen[0].airtime_ns[k];
  }
  iscc_ns3_end();
}

START_TEST(random_losses_are_drawn_once_and_repeat_by_seed_and_run) {
  int64_t first[20], asked[20], other_run[20];
  for (int64_t coherence_ns = 0; coherence_ns <= 50000000; coherence_ns += 50000000) {
    measure_random(1, false, coherence_ns, first);
    measure_random(1, true, coherence_ns, asked);
    measure_random(2, false, coherence_ns, other_run);
    ck_assert_mem_eq(first, asked, sizeof first);
    ck_assert_mem_ne(first, other_run, sizeof first);
    ck_assert_int_ne(first[0], first[19]);
  }
}
END_TEST

START_TEST(frames_without_a_way_through_are_given_up) {
  iscc_ns3_device_settings settings = defaults();
  settings.coherence_ns = 50000000;
  begin(1, "ns3::RangePropagationLossModel[MaxRange=150]", near_m, &settings);
  must(iscc_ns3_set(device[1], "MaxAirtime", "10s", &error));
  send(0, 500, 1, -1, 0);
  send(1, 500, 1, -1, 0); /* out of range */
  send(1, 500, 1, -1, 1);
  must(iscc_ns3_run(0, &error));
  ck_assert_int_eq(seen[0].received, 1);
  ck_assert_int_eq(seen[1].received, 0);
  ck_assert_int_eq(seen[1].told, 2); /* told that it is over, and what it cost */
  ck_assert_int_eq(seen[1].airtime_ns[0], 10000000000);
  ck_assert_double_eq_tol(seen[1].energy_j, 10, 1e-9);
  iscc_ns3_end();
}
END_TEST

START_TEST(the_error_model_drops_its_share) {
  const iscc_ns3_device_settings settings = defaults();
  begin(1, FRIIS, near_m, &settings);
  must(iscc_ns3_device_set_loss(hub, 0.3, 77, &error));
  for (int k = 0; k < 1000; k++) {
    send(0, 100, 1, -1, k);
    must(iscc_ns3_run(0, &error));
  }
  ck_assert_int_eq(seen[0].told, 1000);
  ck_assert_int_gt(seen[0].received, 700 - 58); /* 4 standard deviations */
  ck_assert_int_lt(seen[0].received, 700 + 58);
  ck_assert_int_eq(iscc_ns3_device_set_loss(hub, 1.1, 77, &error), ISCC_EINVAL);
  iscc_ns3_end();
}
END_TEST

START_TEST(options_are_of_one_frame) {
  const iscc_ns3_device_settings settings = defaults();
  const iscc_ns3_send_options options = {1, 100, 0};
  begin(1, FRIIS, near_m, &settings);
  ck_assert_int_eq(
      iscc_ns3_udp_send(socket[0], hub, PORT, NULL, ISCC_NS3_UDP_MAX_BYTES + 1, &options, &error),
      ISCC_EINVAL);
  ck_assert_int_eq(iscc_ns3_udp_send(socket[0], hub, PORT, NULL, 65508, NULL, &error), ISCC_EINVAL);
  must(iscc_ns3_udp_send(socket[0], hub, PORT, NULL, 5000, NULL, &error)); /* IP cuts it and joins it */
  must(iscc_ns3_udp_send(socket[0], hub, PORT, NULL, ISCC_NS3_UDP_MAX_BYTES, &options, &error));
  must(iscc_ns3_run(0, &error));
  ck_assert_int_eq(seen[0].told, 1);
  ck_assert_int_eq(seen[0].received, 2);
  iscc_ns3_end();
}
END_TEST

static uint32_t word(const unsigned char *at) {
  return (uint32_t)at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24;
}

START_TEST(pcap_files_hold_every_frame_and_are_never_overwritten) {
  char folder[] = "/tmp/iscc-test-pcap-XXXXXX", prefix[64], name[96];
  ck_assert_ptr_nonnull(mkdtemp(folder));
  snprintf(prefix, sizeof prefix, "%s/air", folder);
  const iscc_ns3_device_settings settings = defaults();
  begin(1, FRIIS, near_m, &settings);
  must(iscc_ns3_pcap(device[0], prefix, &error));
  ck_assert_int_eq(iscc_ns3_pcap(device[0], NULL, &error), ISCC_EINVAL);
  ck_assert_int_eq(iscc_ns3_pcap(device[0], "", &error), ISCC_EINVAL);
  ck_assert_int_eq(iscc_ns3_pcap(device[0], "/no/such/folder/x", &error), ISCC_EIO);
  for (int k = 0; k < 5; k++) send(0, 100 + (size_t)k, 1, -1, k);
  must(iscc_ns3_run(0, &error));
  iscc_ns3_end();
  snprintf(name, sizeof name, "%s-1-0.pcap", prefix);
  FILE *f = fopen(name, "rb");
  ck_assert_msg(f != NULL, "%s", name);
  unsigned char head[24], record[16], frame[2048];
  ck_assert_uint_eq(fread(head, 1, sizeof head, f), sizeof head);
  ck_assert_uint_eq(word(head), 0xa1b2c3d4);
  ck_assert_uint_eq(word(head + 20), 1); /* Ethernet */
  int64_t before_us = -1;
  for (int k = 0; k < 5; k++) {
    ck_assert_uint_eq(fread(record, 1, sizeof record, f), sizeof record);
    const uint32_t size = word(record + 8);
    ck_assert_uint_eq(size, 100 + (uint32_t)k + ISCC_NS3_UDP_OVERHEAD_BYTES);
    const int64_t time_us = (int64_t)word(record) * 1000000 + word(record + 4);
    ck_assert_int_gt(time_us, before_us);
    ck_assert_int_eq(time_us, seen[0].start_ns[k] / 1000);
    before_us = time_us;
    ck_assert_uint_eq(fread(frame, 1, size, f), size);
    ck_assert_uint_eq(frame[12] << 8 | frame[13], 0x0800); /* IPv4 */
    ck_assert_uint_eq(frame[14 + 9], 17);                  /* UDP */
  }
  ck_assert_int_eq(fgetc(f), EOF);
  const long size = ftell(f);
  fclose(f);
  begin(1, FRIIS, near_m, &settings);
  ck_assert_int_eq(iscc_ns3_pcap(device[0], prefix, &error), ISCC_EIO);
  ck_assert_ptr_nonnull(strstr(error.text, "another prefix"));
  iscc_ns3_end();
  f = fopen(name, "rb");
  ck_assert_int_eq(fseek(f, 0, SEEK_END), 0);
  ck_assert_int_eq(ftell(f), size);
  fclose(f);
  ck_assert_int_eq(unlink(name), 0);
  ck_assert_int_eq(rmdir(folder), 0);
}
END_TEST

Suite *iscc_suite_net_device(void);
Suite *iscc_suite_net_device(void) {
  Suite *s = suite_create("ns3: wireless device");
  TCase *t = tcase_create("device");
  tcase_set_timeout(t, 60);
  tcase_add_test(t, gains_are_those_of_the_loss_models);
  tcase_add_test(t, airtime_and_energy_follow_eq_7);
  tcase_add_test(t, noise_grows_with_the_band);
  tcase_add_test(t, bands_are_orthogonal_and_one_band_is_a_queue);
  tcase_add_test(t, a_transmission_takes_the_rate_of_each_block);
  tcase_add_test(t, blocks_cost_no_events_while_nothing_is_sent);
  tcase_add_test(t, random_losses_are_drawn_once_and_repeat_by_seed_and_run);
  tcase_add_test(t, frames_without_a_way_through_are_given_up);
  tcase_add_test(t, the_error_model_drops_its_share);
  tcase_add_test(t, options_are_of_one_frame);
  tcase_add_test(t, pcap_files_hold_every_frame_and_are_never_overwritten);
  suite_add_tcase(s, t);
  return s;
}
