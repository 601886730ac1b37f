/* SPDX-License-Identifier: GPL-2.0-only */
/* The bindings: time and timers, handles, and every text that a user can type. */
#include <check.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "iscc-ns3.h"

static iscc_error error;
static char order[64];
static int64_t fired_ns[16];
static int fired;

static void begin(void) {
  ck_assert_msg(iscc_ns3_begin(1, 1, &error) == ISCC_OK, "%s", error.text);
  order[0] = '\0';
  fired = 0;
}

static void end(void) {
  iscc_ns3_end();
}

static void run(void) {
  ck_assert_msg(iscc_ns3_run(0, &error) == ISCC_OK, "%s", error.text);
}

/* A timer's argument that names it. */
static void *letter(char c) {
  static char letters[128];
  letters[(int)c] = c;
  return &letters[(int)c];
}

static void note(void *name) {
  strncat(order, name, 1);
  fired_ns[fired++] = iscc_ns3_now_ns();
}

START_TEST(equal_times_fire_in_the_order_of_their_scheduling) {
  iscc_ns3_schedule(20, note, letter('d'));
  iscc_ns3_schedule(10, note, letter('a'));
  iscc_ns3_schedule(10, note, letter('b'));
  iscc_ns3_schedule(0, note, letter('0'));
  iscc_ns3_schedule(10, note, letter('c'));
  run();
  ck_assert_str_eq(order, "0abcd");
  ck_assert_int_eq(fired_ns[0], 0);
  ck_assert_int_eq(fired_ns[3], 10);
  ck_assert_int_eq(fired_ns[4], 20);
}
END_TEST

static uint64_t other;

static void cancel_other(void *name) {
  note(name);
  iscc_ns3_cancel(other);
}

static void schedule_again(void *name) {
  note(name);
  iscc_ns3_schedule(5, note, letter('n'));
}

START_TEST(cancelled_timers_do_not_fire_and_old_ids_cancel_nothing) {
  const uint64_t first = iscc_ns3_schedule(1, note, letter('x'));
  iscc_ns3_cancel(first);
  iscc_ns3_cancel(first);
  iscc_ns3_cancel(0);
  iscc_ns3_cancel(UINT64_MAX);
  other = iscc_ns3_schedule(3, note, letter('y'));
  iscc_ns3_schedule(2, cancel_other, letter('a')); /* takes the place of first in the pool */
  iscc_ns3_cancel(first);
  run();
  ck_assert_str_eq(order, "a");
  const uint64_t old = iscc_ns3_schedule(1, schedule_again, letter('b'));
  ck_assert_uint_ne(old, 0);
  ck_assert_msg(iscc_ns3_run(iscc_ns3_now_ns() + 2, &error) == ISCC_OK, "%s", error.text);
  iscc_ns3_cancel(old); /* fired: its place belongs to "n" now */
  run();
  ck_assert_str_eq(order, "abn");
}
END_TEST

START_TEST(impossible_timers_are_refused) {
  ck_assert_uint_eq(iscc_ns3_schedule(-1, note, letter('x')), 0);
  ck_assert_uint_eq(iscc_ns3_schedule(1, NULL, NULL), 0);
  iscc_ns3_schedule(1000, note, letter('a'));
  run();
  ck_assert_uint_eq(iscc_ns3_schedule(INT64_MAX, note, letter('x')), 0); /* past the end of time */
  ck_assert_uint_ne(iscc_ns3_schedule(INT64_MAX - 1000, note, letter('b')), 0);
  ck_assert_int_eq(iscc_ns3_run(999, &error), ISCC_EINVAL);
  ck_assert_ptr_nonnull(strstr(error.text, "has passed"));
  iscc_ns3_end();
  ck_assert_uint_eq(iscc_ns3_schedule(1, note, letter('x')), 0);
}
END_TEST

static void interrupt(void *name) {
  note(name);
  iscc_ns3_interrupt();
}

static void stop(void *name) {
  note(name);
  iscc_ns3_stop();
}

START_TEST(a_run_ends_when_told_and_goes_on_later) {
  iscc_ns3_schedule(1, stop, letter('a'));
  iscc_ns3_schedule(2, interrupt, letter('b'));
  iscc_ns3_schedule(3, note, letter('c'));
  run();
  ck_assert_str_eq(order, "a");
  ck_assert(!iscc_ns3_interrupted());
  run();
  ck_assert_str_eq(order, "ab");
  ck_assert(iscc_ns3_interrupted());
  iscc_ns3_end();
  begin();
  ck_assert(!iscc_ns3_interrupted());
  ck_assert_int_eq(iscc_ns3_now_ns(), 0);
}
END_TEST

START_TEST(handles_are_of_one_simulation_and_one_kind) {
  iscc_ns3_handle node, channel, device;
  ck_assert_int_eq(iscc_ns3_begin(1, 1, &error), ISCC_ESTATE);
  ck_assert_int_eq(iscc_ns3_node_create(&node, &error), ISCC_OK);
  ck_assert_int_eq(iscc_ns3_channel_create(NULL, &channel, &error), ISCC_OK);
  iscc_ns3_device_settings settings;
  iscc_ns3_device_defaults(&settings);
  ck_assert_int_eq(iscc_ns3_device_install(channel, channel, &settings, &device, &error), ISCC_ESTATE);
  ck_assert_int_eq(iscc_ns3_device_install(node, node, &settings, &device, &error), ISCC_ESTATE);
  ck_assert_int_eq(iscc_ns3_internet_install(node, &error), ISCC_ESTATE);
  const iscc_ns3_handle none = {0, 0}, beyond = {1000, node.generation};
  ck_assert_int_eq(iscc_ns3_internet_install(none, &error), ISCC_ESTATE);
  ck_assert_int_eq(iscc_ns3_internet_install(beyond, &error), ISCC_ESTATE);
  iscc_ns3_end();
  double place[3];
  ck_assert_int_eq(iscc_ns3_position(node, place, &error), ISCC_ESTATE);
  begin();
  ck_assert_int_eq(iscc_ns3_position(node, place, &error), ISCC_ESTATE);
  ck_assert_ptr_nonnull(strstr(error.text, "of this simulation"));
  iscc_ns3_end();
  ck_assert_int_eq(iscc_ns3_begin(0, 1, &error), ISCC_EINVAL);
  begin();
}
END_TEST

static const char *const bad_chains[] = {
    "Friis",
    "ns3::NoSuchModel",
    "ns3::",
    "[",
    "]",
    "=",
    "\x1b[31m",
    "ns3::PropagationLossModel",
    "ns3::ConstantPositionMobilityModel",
    "ns3::FriisPropagationLossModel[",
    "ns3::FriisPropagationLossModel[Frequency]",
    "ns3::FriisPropagationLossModel[Frequency=]",
    "ns3::FriisPropagationLossModel[Frequency=fast]",
    "ns3::FriisPropagationLossModel[NoSuch=1]",
    "ns3::FriisPropagationLossModel[Frequency=1e9|]x",
    "ns3::NakagamiPropagationLossModel[ErlangRv=nonsense]",
    "ns3::RandomPropagationLossModel[Variable=ns3::NoSuchRandomVariable]",
    "ns3::MatrixPropagationLossModel[DefaultLoss=1e400x]",
    "ns3::FriisPropagationLossModel;;ns3::Nothing",
    "ns3::ThreeGppUmaPropagationLossModel[ChannelConditionModel=ns3::Nothing]"};

START_TEST(bad_loss_chains_get_one_clear_line) {
  iscc_ns3_handle channel;
  ck_assert_int_eq(iscc_ns3_channel_create(bad_chains[_i], &channel, &error), ISCC_EINVAL);
  ck_assert_uint_gt(strlen(error.text), 10);
  ck_assert_ptr_null(strchr(error.text, '\n'));
  ck_assert_uint_eq(channel.index, 0);
}
END_TEST

static const char *const good_chains[] = {
    "",
    " ns3::FriisPropagationLossModel ",
    "ns3::HybridBuildingsPropagationLossModel",
    "ns3::LogDistancePropagationLossModel[Exponent=2.7|ReferenceLoss=40];ns3::NakagamiPropagationLossModel",
    "ns3::RandomPropagationLossModel[Variable=ns3::NormalRandomVariable[Mean=3|Variance=9]]",
    "ns3::RangePropagationLossModel[MaxRange=5]"};

START_TEST(good_loss_chains_are_taken) {
  iscc_ns3_handle channel;
  ck_assert_msg(iscc_ns3_channel_create(good_chains[_i], &channel, &error) == ISCC_OK, "%s", error.text);
}
END_TEST

START_TEST(bad_attributes_and_places_are_refused) {
  static const char *const attributes[][2] = {{"ns3::NoSuch::X", "1"},
                                              {"ns3::IsccNetDevice::NoSuch", "1"},
                                              {"ns3::IsccNetDevice::BandwidthHz", "wide"},
                                              {"ns3::IsccNetDevice::BandwidthHz", "-1"},
                                              {"BandwidthHz", "1"},
                                              {"", ""}};
  for (size_t i = 0; i < sizeof attributes / sizeof *attributes; i++)
    ck_assert_msg(iscc_ns3_default(attributes[i][0], attributes[i][1], &error) == ISCC_EINVAL, "%s = %s",
                  attributes[i][0], attributes[i][1]);
  iscc_ns3_handle node;
  ck_assert_int_eq(iscc_ns3_node_create(&node, &error), ISCC_OK);
  const double nowhere[3] = {0, NAN, 0}, here[3] = {1, 2, 3};
  ck_assert_int_eq(iscc_ns3_mobility_install(node, "ns3::ConstantPositionMobilityModel", nowhere, &error),
                   ISCC_EINVAL);
  ck_assert_int_eq(iscc_ns3_mobility_install(node, "ns3::FriisPropagationLossModel", here, &error),
                   ISCC_EINVAL);
  ck_assert_int_eq(iscc_ns3_mobility_install(node, "ns3::MobilityModel", here, &error), ISCC_EINVAL);
  ck_assert_int_eq(iscc_ns3_mobility_install(node, "ns3::ConstantVelocityMobilityModel", here, &error),
                   ISCC_OK);
  ck_assert_int_eq(iscc_ns3_mobility_install(node, "ns3::ConstantPositionMobilityModel", here, &error),
                   ISCC_ESTATE);
  double place[3];
  ck_assert_int_eq(iscc_ns3_position(node, place, &error), ISCC_OK);
  ck_assert(place[0] == 1 && place[1] == 2 && place[2] == 3);
}
END_TEST

Suite *iscc_suite_ns3_bindings(void);
Suite *iscc_suite_ns3_bindings(void) {
  Suite *s = suite_create("ns3: bindings");
  TCase *t = tcase_create("bindings");
  tcase_add_checked_fixture(t, begin, end);
  tcase_set_timeout(t, 60);
  tcase_add_test(t, equal_times_fire_in_the_order_of_their_scheduling);
  tcase_add_test(t, cancelled_timers_do_not_fire_and_old_ids_cancel_nothing);
  tcase_add_test(t, impossible_timers_are_refused);
  tcase_add_test(t, a_run_ends_when_told_and_goes_on_later);
  tcase_add_test(t, handles_are_of_one_simulation_and_one_kind);
  tcase_add_loop_test(t, bad_loss_chains_get_one_clear_line, 0,
                      (int)(sizeof bad_chains / sizeof *bad_chains));
  tcase_add_loop_test(t, good_loss_chains_are_taken, 0, (int)(sizeof good_chains / sizeof *good_chains));
  tcase_add_test(t, bad_attributes_and_places_are_refused);
  suite_add_tcase(s, t);
  return s;
}
