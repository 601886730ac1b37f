/* SPDX-License-Identifier: GPL-2.0-only */
/* Same seed and run, same simulation, whoever asks for the state of a link meanwhile and whatever the process
 * simulated before; and runs end when told to. */
#include <check.h>
#include <math.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>

#include "iscc-ns3.h"

enum { PORT = 9, NODES = 2, FRAMES = 30 };

static iscc_error error;
static iscc_ns3_handle channel, hub, hub_socket, device[NODES], socket[NODES];
static struct {
  int64_t airtime_ns[NODES][FRAMES], received_ns[NODES * FRAMES];
  double place_m[3];
  int told[NODES], received;
} seen;

static void must(iscc_status status) {
  ck_assert_msg(status == ISCC_OK, "%s", error.text);
}

static void on_told(void *ctx, uint64_t token, int64_t start_ns, int64_t airtime_ns, double bits,
                    double energy_j) {
  const size_t i = (size_t)ctx;
  (void)token;
  (void)start_ns;
  (void)bits;
  (void)energy_j;
  seen.airtime_ns[i][seen.told[i]++] = airtime_ns;
}

static void on_received(void *ctx, iscc_ns3_handle from, const void *bytes, size_t n_bytes) {
  (void)ctx;
  (void)from;
  (void)bytes;
  (void)n_bytes;
  seen.received_ns[seen.received++] = iscc_ns3_now_ns();
}

static void send(void *ctx) {
  const size_t i = (size_t)ctx;
  const iscc_ns3_send_options options = {0.001, -1, 0};
  must(iscc_ns3_udp_send(socket[i], hub, PORT, NULL, 400, &options, &error));
}

static void ask(void *ctx) {
  iscc_ns3_link_state link;
  must(iscc_ns3_link(device[(size_t)ctx], hub, &link, &error));
}

static iscc_ns3_handle install(const char *mobility, double x_m, int64_t coherence_ns, bool is_hub,
                               uint32_t number, iscc_ns3_handle *node) {
  iscc_ns3_device_settings settings;
  iscc_ns3_handle made;
  iscc_ns3_device_defaults(&settings);
  settings.hub = is_hub;
  settings.coherence_ns = coherence_ns;
  settings.fading_node = number;
  must(iscc_ns3_node_create(node, &error));
  must(iscc_ns3_mobility_install(*node, mobility, (double[]){x_m, 1, 1.5}, &error));
  must(iscc_ns3_device_install(*node, channel, &settings, &made, &error));
  must(iscc_ns3_internet_install(made, &error));
  return made;
}

typedef struct {
  uint64_t run;
  int64_t coherence_ns, stream;
  bool asks;
} variant;

/* Two nodes, one of them walking, that send now and then over random losses to a hub that loses a few frames.
 */
static void simulate(variant v) {
  static const char walk[] = "ns3::RandomWalk2dMobilityModel[Bounds=0|300|-90|90|Mode=Time|Time=0.3s]";
  iscc_ns3_handle node[NODES], hub_node;
  memset(&seen, 0, sizeof seen);
  must(iscc_ns3_begin(3, v.run, &error));
  must(iscc_ns3_channel_create("ns3::FriisPropagationLossModel;ns3::NakagamiPropagationLossModel", &channel,
                               &error));
  must(iscc_ns3_assign_streams(channel, v.stream, &error));
  hub = install("ns3::ConstantPositionMobilityModel", 0, 0, true, 9, &hub_node);
  must(iscc_ns3_device_set_loss(hub, 0.2, 40, &error));
  must(iscc_ns3_udp_open(hub, PORT, on_received, NULL, &hub_socket, &error));
  for (size_t i = 0; i < NODES; i++) {
    device[i] = install(i ? walk : "ns3::ConstantPositionMobilityModel", 100, v.coherence_ns, false,
                        (uint32_t)i, &node[i]);
    must(iscc_ns3_udp_open(device[i], PORT, NULL, NULL, &socket[i], &error));
    must(iscc_ns3_device_on_transmitted(device[i], on_told, (void *)i, &error));
    for (int k = 0; k < FRAMES; k++)
      iscc_ns3_schedule(INT64_C(100000000) * (k + 1) + (int64_t)i, send, (void *)i);
  }
  if (v.asks) /* also in blocks and at instants at which nothing is sent */
    for (int k = 0; k < 500; k++) iscc_ns3_schedule(7777777 * (int64_t)k, ask, (void *)(size_t)(k % NODES));
  must(iscc_ns3_run(4000000000, &error));
  must(iscc_ns3_position(node[1], seen.place_m, &error));
  for (size_t i = 0; i < NODES; i++) ck_assert_int_eq(seen.told[i], FRAMES);
  iscc_ns3_end();
}

START_TEST(asking_for_links_changes_no_run) {
  const int64_t coherence_ns[] = {0, 1000000, 30000000};
  for (int k = 0; k < 3; k++) {
    simulate((variant){.run = 1, .coherence_ns = coherence_ns[k]});
    const __typeof__(seen) first = seen;
    ck_assert_int_ne(first.airtime_ns[0][0], first.airtime_ns[0][FRAMES - 1]);
    ck_assert_int_ne(first.airtime_ns[0][0], first.airtime_ns[1][0]);
    simulate((variant){.run = 1, .coherence_ns = coherence_ns[k], .asks = true});
    ck_assert_mem_eq(first.airtime_ns[0], seen.airtime_ns[0], sizeof seen.airtime_ns[0]);
    for (int i = 0; i < FRAMES; i++) /* the walker: ns-3 rounds its place whenever it is asked for */
      ck_assert_int_le(llabs(first.airtime_ns[1][i] - seen.airtime_ns[1][i]), 1);
    ck_assert_int_eq(first.received, seen.received);
  }
}
END_TEST

START_TEST(simulations_of_one_process_repeat_and_runs_differ) {
  simulate((variant){.run = 1});
  const __typeof__(seen) first = seen;
  ck_assert_int_gt(first.received, NODES * FRAMES / 2);
  ck_assert_int_lt(first.received, NODES * FRAMES);
  simulate((variant){.run = 2});
  ck_assert_mem_ne(first.airtime_ns, seen.airtime_ns, sizeof seen.airtime_ns);
  ck_assert_mem_ne(first.place_m, seen.place_m, sizeof seen.place_m);
  simulate((variant){.run = 1, .stream = 5000});
  ck_assert_mem_ne(first.airtime_ns, seen.airtime_ns, sizeof seen.airtime_ns);
  for (int i = 0; i < 3; i++) ck_assert_double_eq_tol(first.place_m[i], seen.place_m[i], 1e-9);
  simulate((variant){.run = 1});
  ck_assert_mem_eq(&first, &seen, sizeof seen);
}
END_TEST

static double gains[2][4000];
static int gain_count;

static void note_gains(void *ctx) {
  (void)ctx;
  for (size_t i = 0; i < NODES; i++) {
    iscc_ns3_link_state link;
    must(iscc_ns3_link(device[i], hub, &link, &error));
    gains[i][gain_count] = link.large_scale_gain;
  }
  if (++gain_count < 4000) iscc_ns3_schedule(1, note_gains, NULL);
}

static double correlation(const double *a, const double *b, int n) {
  double sum = 0;
  for (int i = 0; i < n; i++) sum += (a[i] - 1) * (b[i] - 1);
  return sum / n;
}

/* Rayleigh fading: exponential of mean and variance 1; bounds are 4.5 standard deviations. */
START_TEST(draws_of_loss_models_are_independent_and_of_their_distribution) {
  iscc_ns3_handle node;
  must(iscc_ns3_begin(1, 1, &error));
  must(iscc_ns3_channel_create("ns3::NakagamiPropagationLossModel[m0=1|m1=1|m2=1]", &channel, &error));
  hub = install("ns3::ConstantPositionMobilityModel", 0, 0, true, 9, &node);
  for (size_t i = 0; i < NODES; i++)
    device[i] = install("ns3::ConstantPositionMobilityModel", 100, 0, false, (uint32_t)i, &node);
  gain_count = 0;
  iscc_ns3_schedule(1, note_gains, NULL);
  must(iscc_ns3_run(0, &error));
  ck_assert_int_eq(gain_count, 4000);
  for (size_t i = 0; i < NODES; i++) {
    double sum = 0;
    for (int k = 0; k < 4000; k++) sum += gains[i][k];
    ck_assert_double_eq_tol(sum / 4000, 1, 4.5 / sqrt(4000));
    ck_assert_double_eq_tol(correlation(gains[i], gains[i], 4000), 1, 4.5 * sqrt(8 / 4000.0));
    ck_assert_double_eq_tol(correlation(gains[i], gains[i] + 1, 3999), 0, 4.5 / sqrt(3999));
  }
  ck_assert_double_eq_tol(correlation(gains[0], gains[1], 4000), 0, 4.5 / sqrt(4000));
  iscc_ns3_end();
}
END_TEST

static void on_alarm(int signal_number) {
  (void)signal_number;
  iscc_ns3_interrupt();
}

static const char *const walks[] = {
    "ns3::RandomWalk2dMobilityModel[Bounds=0|300|-90|90]",
    "ns3::RandomWalk2dMobilityModel[Bounds=0|300|-90|90|Mode=Time|Time=0s]" /* time stands still */};

/* No timer of ours, no packet: only a model of ns-3 has events, and they never end. */
START_TEST(an_interrupt_ends_a_run_of_foreign_events) {
  iscc_ns3_handle node;
  must(iscc_ns3_begin(1, 1, &error));
  must(iscc_ns3_node_create(&node, &error));
  must(iscc_ns3_mobility_install(node, walks[_i], (double[]){7, 0, 0}, &error));
  signal(SIGALRM, on_alarm);
  const struct itimerval soon = {.it_value = {.tv_usec = 100000}};
  ck_assert_int_eq(setitimer(ITIMER_REAL, &soon, NULL), 0);
  must(iscc_ns3_run(0, &error));
  ck_assert(iscc_ns3_interrupted());
  const uint64_t events = iscc_ns3_event_count();
  must(iscc_ns3_run(0, &error)); /* stays interrupted */
  ck_assert_uint_eq(iscc_ns3_event_count(), events);
  iscc_ns3_end();
}
END_TEST

static int inner;

static void run_again_and_end(void *ctx) {
  (void)ctx;
  inner = iscc_ns3_run(0, &error);
  iscc_ns3_end();
  ck_assert_int_eq(iscc_ns3_now_ns(), 5);
}

static void never(void *ctx) {
  (void)ctx;
  ck_abort_msg("fired after the end");
}

START_TEST(runs_do_not_nest_and_can_be_ended_from_within) {
  must(iscc_ns3_begin(1, 1, &error));
  iscc_ns3_schedule(5, run_again_and_end, NULL);
  iscc_ns3_schedule(6, never, NULL);
  must(iscc_ns3_run(0, &error));
  ck_assert_int_eq(inner, ISCC_ESTATE);
  ck_assert_int_eq(iscc_ns3_run(0, &error), ISCC_ESTATE);
  must(iscc_ns3_begin(1, 1, &error));
  iscc_ns3_end();
}
END_TEST

Suite *iscc_suite_ns3_repeats(void);
Suite *iscc_suite_ns3_repeats(void) {
  Suite *s = suite_create("ns3: repeats and ends");
  TCase *t = tcase_create("repeats");
  tcase_set_timeout(t, 60);
  tcase_add_test(t, asking_for_links_changes_no_run);
  tcase_add_test(t, simulations_of_one_process_repeat_and_runs_differ);
  tcase_add_test(t, draws_of_loss_models_are_independent_and_of_their_distribution);
  tcase_add_loop_test(t, an_interrupt_ends_a_run_of_foreign_events, 0, 2);
  tcase_add_test(t, runs_do_not_nest_and_can_be_ended_from_within);
  suite_add_tcase(s, t);
  return s;
}
