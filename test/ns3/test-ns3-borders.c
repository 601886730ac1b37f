/* SPDX-License-Identifier: GPL-2.0-only */
/* What a user can type but ns-3 would abort, hang or count nonsense on: refused in one line, or bounded. */
#include <check.h>
#include <math.h>
#include <string.h>

#include "iscc-ns3-command-line.h"
#include "iscc-ns3.h"

enum { PORT = 9 };

static const char STILL[] = "ns3::ConstantPositionMobilityModel";

static iscc_error error;
static iscc_ns3_handle channel, hub, device, hub_socket, device_socket;
static int received, told;

static void must(iscc_status status) {
  ck_assert_msg(status == ISCC_OK, "%s", error.text);
}

static void refused(iscc_status status, iscc_status expected, const char *names) {
  ck_assert_int_eq(status, expected);
  ck_assert_ptr_null(strchr(error.text, '\n'));
  ck_assert_msg(strstr(error.text, names) != NULL, "'%s' is not in '%s'", names, error.text);
}

static void count_received(void *ctx, iscc_ns3_handle from, const void *bytes, size_t n_bytes) {
  (void)ctx;
  (void)from;
  (void)bytes;
  (void)n_bytes;
  received++;
}

static void count_told(void *ctx, uint64_t token, int64_t start_ns, int64_t airtime_ns, double bits,
                       double energy_j) {
  (void)ctx;
  (void)token;
  (void)bits;
  ck_assert_int_ge(start_ns, 0);
  ck_assert_int_ge(airtime_ns, 0);
  ck_assert(isfinite(energy_j));
  told++;
}

static iscc_status place(const char *mobility, double x_m, iscc_ns3_handle *node) {
  must(iscc_ns3_node_create(node, &error));
  return iscc_ns3_mobility_install(*node, mobility, (double[]){x_m, 1, 1.5}, &error);
}

static iscc_ns3_handle install(double x_m, bool is_hub) {
  iscc_ns3_handle node, made;
  iscc_ns3_device_settings settings;
  iscc_ns3_device_defaults(&settings);
  settings.hub = is_hub;
  must(place(STILL, x_m, &node));
  must(iscc_ns3_device_install(node, channel, &settings, &made, &error));
  must(iscc_ns3_internet_install(made, &error));
  return made;
}

/* A node and a hub, the node first: the order does not matter. */
static void begin(void) {
  received = told = 0;
  must(iscc_ns3_begin(1, 1, &error));
  must(iscc_ns3_channel_create("ns3::FriisPropagationLossModel", &channel, &error));
  device = install(100, false);
  hub = install(0, true);
  must(iscc_ns3_udp_open(hub, PORT, count_received, NULL, &hub_socket, &error));
  must(iscc_ns3_udp_open(device, PORT, count_received, NULL, &device_socket, &error));
  must(iscc_ns3_device_on_transmitted(device, count_told, NULL, &error));
}

static void end(void) {
  iscc_ns3_end();
}

START_TEST(settings_out_of_range_are_refused) {
  static const double noises[] = {1e-70, INFINITY, NAN}, others[] = {0, -1, 1e-40, INFINITY, NAN};
  iscc_ns3_handle node, made;
  must(place(STILL, 5, &node));
  for (size_t i = 0; i < sizeof noises / sizeof *noises; i++) {
    iscc_ns3_device_settings settings;
    iscc_ns3_device_defaults(&settings);
    settings.noise_w_per_hz = noises[i];
    refused(iscc_ns3_device_install(node, channel, &settings, &made, &error), ISCC_EINVAL, "noise_w_per_hz");
  }
  for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
    iscc_ns3_device_settings settings;
    iscc_ns3_device_defaults(&settings);
    settings.tx_power_w = others[i];
    refused(iscc_ns3_device_install(node, channel, &settings, &made, &error), ISCC_EINVAL, "tx_power_w");
    iscc_ns3_device_defaults(&settings);
    settings.bandwidth_hz = others[i];
    refused(iscc_ns3_device_install(node, channel, &settings, &made, &error), ISCC_EINVAL, "bandwidth_hz");
  }
}
END_TEST

START_TEST(signal_to_noise_ratios_out_of_range_are_refused) {
  static const double ratios[] = {0, -3, 1e200, 1e308, INFINITY, NAN};
  for (size_t i = 0; i < sizeof ratios / sizeof *ratios; i++)
    refused(iscc_ns3_link_set_snr(device, hub, ratios[i], &error), ISCC_EINVAL, "snr_per_w");
  must(iscc_ns3_link_set_snr(device, hub, 1e20, &error));
}
END_TEST

START_TEST(ways_of_sending_out_of_range_are_refused) {
  static const double values[] = {INFINITY, -INFINITY, NAN};
  for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
    const iscc_ns3_send_options power = {values[i], -1, 0}, bits = {1, values[i], 0};
    refused(iscc_ns3_udp_send(device_socket, hub, PORT, NULL, 9, &power, &error), ISCC_EINVAL, "power_w");
    refused(iscc_ns3_udp_send(device_socket, hub, PORT, NULL, 9, &bits, &error), ISCC_EINVAL, "charged_bits");
  }
  const iscc_ns3_send_options endless = {1, 1e300, 0};
  must(iscc_ns3_udp_send(device_socket, hub, PORT, NULL, 9, &endless, &error));
  must(iscc_ns3_run(0, &error));
  ck_assert_int_eq(told, 1);
  ck_assert_int_eq(received, 0);
  ck_assert_int_eq(iscc_ns3_now_ns(), 3600000000000);
}
END_TEST

/* Else its frame would wait for an ARP answer that never comes, and nobody be told. */
START_TEST(datagrams_go_to_or_from_a_hub_of_the_same_channel) {
  const iscc_ns3_send_options options = {0, -1, 0};
  const iscc_ns3_handle other = install(30, false), hub_too = install(60, true);
  refused(iscc_ns3_udp_send(device_socket, other, PORT, NULL, 9, &options, &error), ISCC_EINVAL, "a hub");
  refused(iscc_ns3_udp_send(device_socket, device, PORT, NULL, 9, &options, &error), ISCC_EINVAL, "a hub");
  must(iscc_ns3_channel_create("", &channel, &error));
  const iscc_ns3_handle far_hub = install(1, true);
  iscc_ns3_link_state link;
  refused(iscc_ns3_udp_send(device_socket, far_hub, PORT, NULL, 9, &options, &error), ISCC_EINVAL, "a hub");
  refused(iscc_ns3_link(device, far_hub, &link, &error), ISCC_ESTATE, "one channel");
  refused(iscc_ns3_link(device, device, &link, &error), ISCC_ESTATE, "one channel");
  must(iscc_ns3_udp_send(device_socket, hub_too, PORT, NULL, 9, &options, &error));
  must(iscc_ns3_udp_send(device_socket, hub, PORT, NULL, 9, &options, &error));
  must(iscc_ns3_udp_send(hub_socket, device, PORT, NULL, 9, NULL, &error));
  must(iscc_ns3_run(0, &error));
  ck_assert_int_eq(told, 2);
  ck_assert_int_eq(received, 2); /* nobody listens at hub_too */
  ck_assert_uint_le(iscc_ns3_event_count(), 60);
}
END_TEST

static const char *const bad_movements[] = {
    "ns3::HierarchicalMobilityModel", "ns3::RandomWaypointMobilityModel",
    "ns3::RandomWalk2dMobilityModel[Bounds=0|5|-10|10]", /* outside: ns-3 would walk on the spot forever */
    "ns3::RandomWalk2dMobilityModel[Bounds=7|100|-10|10]", "ns3::RandomWalk2dMobilityModel[Bounds=0|100|0]"};

START_TEST(movements_that_ns3_cannot_start_are_refused) {
  iscc_ns3_handle node;
  refused(place(bad_movements[_i], 7, &node), ISCC_EINVAL, "");
}
END_TEST

static const char *const good_movements[] = {
    "ns3::RandomWalk2dMobilityModel[Bounds=0|100|-10|10|Mode=Time|Time=2s]",
    "ns3::RandomWaypointMobilityModel[Speed=ns3::UniformRandomVariable[Min=1|Max=2]|PositionAllocator="
    "ns3::RandomRectanglePositionAllocator[X=ns3::UniformRandomVariable[Min=0|Max=10]|Y=ns3::"
    "ConstantRandomVariable[Constant=3]]]",
    "ns3::GaussMarkovMobilityModel", "ns3::WaypointMobilityModel"};

START_TEST(movements_are_taken_with_all_their_attributes) {
  iscc_ns3_handle node;
  must(place(good_movements[_i], 7, &node));
  must(iscc_ns3_run(1000000000, &error));
}
END_TEST

START_TEST(places_out_of_range_are_refused) {
  static const double places_m[] = {1e300, -2e9, INFINITY, NAN};
  iscc_ns3_handle node;
  for (size_t i = 0; i < sizeof places_m / sizeof *places_m; i++)
    refused(place(STILL, places_m[i], &node), ISCC_EINVAL, "position");
}
END_TEST

START_TEST(slow_waves_arrive_late_not_early) {
  iscc_ns3_link_state link;
  must(iscc_ns3_set(channel, "PropagationSpeedMps", "1e-300", &error));
  must(iscc_ns3_link(device, hub, &link, &error));
  ck_assert_double_eq_tol(link.propagation_s, 1e9, 1);
  must(iscc_ns3_set(channel, "PropagationSpeedMps", "50", &error));
  char value[32];
  must(iscc_ns3_get(channel, "PropagationSpeedMps", value, sizeof value, &error));
  ck_assert_str_eq(value, "50");
  must(iscc_ns3_get(channel, "PropagationSpeedMps", value, 2, &error));
  ck_assert_str_eq(value, "5");
  refused(iscc_ns3_get(channel, "PropagationSpeed", value, sizeof value, &error), ISCC_EINVAL,
          "has no attribute 'PropagationSpeed'");
  must(iscc_ns3_link(device, hub, &link, &error));
  ck_assert_double_eq_tol(link.propagation_s, 2, 1e-9);
}
END_TEST

START_TEST(a_chain_that_came_by_an_attribute_is_tried_too) {
  iscc_ns3_handle node, made;
  iscc_ns3_device_settings settings;
  iscc_ns3_device_defaults(&settings);
  must(place(STILL, 5, &node));
  must(iscc_ns3_set(channel, "PropagationLossModel", "ns3::MatrixPropagationLossModel[DefaultLoss=1e300]",
                    &error));
  must(iscc_ns3_device_install(node, channel, &settings, &made, &error));
  iscc_ns3_link_state link;
  must(iscc_ns3_link(made, hub, &link, &error));
  ck_assert_double_eq(link.gain, 0);
  must(iscc_ns3_set(channel, "PropagationLossModel", "ns3::MatrixPropagationLossModel[DefaultLoss=-1e300]",
                    &error));
  must(iscc_ns3_link(device, hub, &link, &error));
  ck_assert_double_eq(link.gain, 0); /* not infinite */
  refused(iscc_ns3_channel_create("ns3::MatrixPropagationLossModel[DefaultLoss=-1e300]", &made, &error),
          ISCC_EINVAL, "cannot evaluate");
  refused(iscc_ns3_set(device, "Hub", "true", &error), ISCC_EINVAL, "there already");
  refused(iscc_ns3_set(device, "MaxAirtime", "0s", &error), ISCC_EINVAL, "MaxAirtime");
  must(iscc_ns3_set(device, "MaxAirtime", "9e18ns", &error)); /* start + that is past the end of time */
  const iscc_ns3_send_options options = {0, 1e300, 0};
  must(iscc_ns3_run(1000000000000000000, &error));
  must(iscc_ns3_udp_send(device_socket, hub, PORT, NULL, 9, &options, &error));
  must(iscc_ns3_run(1000000000000000009, &error));
  ck_assert_int_eq(told, 0);
}
END_TEST

static const struct {
  const char *text, *question;
} mistyped[] = {
    {"ns3::NakagamiPropagationLosModel", "did you mean ns3::NakagamiPropagationLossModel?"},
    {"nakagami", "did you mean ns3::NakagamiPropagationLossModel?"},
    {"ns3::RandomWalk2dMobilityModel",
     "not a ns3::PropagationLossModel that can be made; did you mean ns3::"},
    {"ns3::PropagationLossModel", "not a ns3::PropagationLossModel that can be made"}, /* abstract */
    {"ns3::LogDistancePropagationLossModel[Exponant=2]", "no attribute 'Exponant'; did you mean Exponent?"},
    {"ns3::LogDistancePropagationLossModel[RefLoss=2]", "did you mean ReferenceLoss?"},
    {"ns3::RandomPropagationLossModel[Variable=ns3::NormalRandomVariabel]",
     "did you mean ns3::NormalRandomVariable?"},
    {"ns3::RandomPropagationLossModel[Variable=ns3::NormalRandomVariable[Varience=2]]",
     "did you mean Variance?"},
    {"ns3::RandomPropagationLossModel[Variable=ns3::FriisPropagationLossModel]",
     "'ns3::FriisPropagationLossModel': is not a ns3::RandomVariableStream"},
    {"ns3::RandomPropagationLossModel[Variable=]", "'': ns-3 has no such type"},
    {"ns3::IsccIndoorFactoryPropagationLossModel[Scenario=XL]", "'XL' is not a value of it"},
    {"ns3::IsccIndoorFactoryPropagationLossModel[Frequency=1e8]", "'1e8' is not a value of it"},
    {"ns3::FriisPropagationLossModel[Frequency=2e9", "brackets"},
    {"ns3::FriisPropagationLossModel[Frequency=2e9]]", "brackets"},
    {"ns3::FriisPropagationLossModel[Frequency=2e9]x", "brackets"},
    {"ns3::ThreeGppUmaPropagationLossModel[ChannelConditionModel=ns3::Building]",
     "'ns3::Building': is not a ns3::ChannelConditionModel that can be made"}};

START_TEST(mistyped_names_are_told_the_nearest) {
  iscc_ns3_handle made;
  refused(iscc_ns3_channel_create(mistyped[_i].text, &made, &error), ISCC_EINVAL, mistyped[_i].question);
}
END_TEST

START_TEST(defaults_and_globals_are_told_the_nearest) {
  refused(iscc_ns3_default("ns3::TcpSockt::SndBufSize", "1", &error), ISCC_EINVAL,
          "did you mean ns3::TcpSocket?");
  refused(iscc_ns3_default("ns3::TcpSocket::SndBuf", "1", &error), ISCC_EINVAL, "did you mean SndBufSize?");
  refused(iscc_ns3_default("SndBufSize", "1", &error), ISCC_EINVAL, "ns3::Type::Attribute");
  refused(iscc_ns3_default("ns3::TcpSocket::SndBufSize", "many", &error), ISCC_EINVAL,
          "ns3::TcpSocket::SndBufSize: 'many' is not a value of it");
}
END_TEST

static const char *const bad_words[] = {"--SimulatorImplementationType=ns3::FriisPropagationLossModel",
                                        "--SimulatorImplementationType=ns3::NoSuch",
                                        "--SchedulerType=ns3::Node",
                                        "--SchedulerType=",
                                        "--ChecksumEnabled=perhaps",
                                        "--RngRun=x",
                                        "--RngRun",
                                        "--RngRun=-1",
                                        "--ns3::TcpSocket::SndBufSize=-1",
                                        "--ns3::IsccNetDevice::QueuePackets=0",
                                        "--ns3::IsccNetDevice::NoSuch=1",
                                        "--ns3::ArpCache::AliveTimeout=long"};

START_TEST(bad_words_on_the_command_line_are_refused) {
  iscc_ns3_end();
  char program[] = "iscc", word[100];
  strcpy(word, bad_words[_i]);
  char *argv[] = {program, word, NULL};
  int argc = 2;
  refused(iscc_ns3_command_line(&argc, argv, &error), ISCC_EINVAL, "--");
  begin();
}
END_TEST

START_TEST(good_words_are_taken_off_the_command_line) {
  iscc_ns3_end();
  char program[] = "iscc", scheduler[] = "--SchedulerType=ns3::HeapScheduler", run_word[] = "--RngRun=7",
       own[] = "--tasks=3";
  char *argv[] = {program, scheduler, own, run_word, NULL};
  int argc = 4;
  must(iscc_ns3_command_line(&argc, argv, &error));
  ck_assert_int_eq(argc, 2);
  ck_assert_str_eq(argv[1], "--tasks=3");
  ck_assert_ptr_null(argv[2]);
  ck_assert_uint_eq(iscc_ns3_command_line_run(), 7);
  begin();
}
END_TEST

#define COUNT(array) ((int)(sizeof(array) / sizeof *(array)))

Suite *iscc_suite_ns3_borders(void);
Suite *iscc_suite_ns3_borders(void) {
  Suite *s = suite_create("ns3: what users can type");
  TCase *t = tcase_create("borders");
  tcase_add_checked_fixture(t, begin, end);
  tcase_set_timeout(t, 60);
  tcase_add_test(t, settings_out_of_range_are_refused);
  tcase_add_test(t, signal_to_noise_ratios_out_of_range_are_refused);
  tcase_add_test(t, ways_of_sending_out_of_range_are_refused);
  tcase_add_test(t, datagrams_go_to_or_from_a_hub_of_the_same_channel);
  tcase_add_loop_test(t, movements_that_ns3_cannot_start_are_refused, 0, COUNT(bad_movements));
  tcase_add_loop_test(t, movements_are_taken_with_all_their_attributes, 0, COUNT(good_movements));
  tcase_add_test(t, places_out_of_range_are_refused);
  tcase_add_test(t, slow_waves_arrive_late_not_early);
  tcase_add_test(t, a_chain_that_came_by_an_attribute_is_tried_too);
  tcase_add_loop_test(t, mistyped_names_are_told_the_nearest, 0, COUNT(mistyped));
  tcase_add_test(t, defaults_and_globals_are_told_the_nearest);
  tcase_add_loop_test(t, bad_words_on_the_command_line_are_refused, 0, COUNT(bad_words));
  tcase_add_test(t, good_words_are_taken_off_the_command_line);
  suite_add_tcase(s, t);
  return s;
}
