/* SPDX-License-Identifier: GPL-2.0-only */
#include <check.h>
#include <math.h>

#include "iscc-wifi-uplink.h"

static const double GAIN = 1e-8;

/* Three modes that are used, one that is pointless, and two below the preamble's detection. */
static iscc_wifi_uplink example(void) {
  static const iscc_wifi_mode offered[] = {
      {0, 6.5e6, 1}, {1, 13e6, 2}, {2, 19.5e6, 9}, {3, 20e6, 9}, {4, 26e6, 40}};
  iscc_wifi_uplink u = {.noise_w = 1e-13,
                        .least_received_w = 5e-13,
                        .margin = 2,
                        .preamble_s = 40e-6,
                        .symbol_s = 4e-6,
                        .datagram_max_bytes = 1472};
  for (int i = 0; i < 5; i++) iscc_wifi_uplink_add(&u, &offered[i]);
  return u;
}

START_TEST(each_rate_has_its_least_power) {
  const iscc_wifi_uplink u = example();
  iscc_link link;
  ck_assert_int_eq(iscc_wifi_uplink_link(&u, GAIN, 30, &link, NULL), ISCC_OK);
  /* the slowest two need 5e-13 W to be noticed at all: the faster one is for the same */
  static const double rates_bps[] = {13e6, 19.5e6, 26e6}, received_w[] = {5e-13, 9e-13, 40e-13};
  ck_assert_int_eq(link.rates, 3);
  for (int i = 0; i < 3; i++) {
    ck_assert_double_eq(link.rate_bps[i], rates_bps[i]);
    ck_assert_double_eq_tol(link.power_w[i], 2 * received_w[i] / GAIN, 1e-12);
  }
  ck_assert_double_eq_tol(link.snr_per_w, GAIN / 1e-13, 1e-6);
  ck_assert_double_eq_tol(link.access_s, 6.5e-6 + 40e-6 + 16e-6 + 32e-6, 1e-12);
  ck_assert_double_eq_tol(link.answer_access_s, 43e-6 + 67.5e-6 + 40e-6, 1e-12);
  ck_assert_double_eq(link.answer_rate_bps, 6.5e6);
  ck_assert_int_eq(link.datagram_overhead_bytes, 66 + 6);
  ck_assert_int_eq(link.datagram_max_bytes, 1472);
  ck_assert_int_eq(iscc_wifi_uplink_link(&u, 0, 30, &link, NULL), ISCC_EINVAL);
}
END_TEST

/* The mode that is sent with is the one that was planned with, also of a power rounded down in its last digits. */
START_TEST(the_mode_of_a_power_is_the_planned_one) {
  const iscc_wifi_uplink u = example();
  iscc_link link;
  iscc_wifi_uplink_link(&u, GAIN, 30, &link, NULL);
  static const int indices[] = {1, 2, 4};
  for (int i = 0; i < 3; i++) {
    ck_assert_int_eq(iscc_wifi_uplink_mode(&u, GAIN, link.power_w[i] * (1 - 1e-10)), indices[i]);
    ck_assert_int_eq(iscc_wifi_uplink_mode(&u, GAIN, link.power_w[i] * 1.001), indices[i]);
    if (i) ck_assert_int_eq(iscc_wifi_uplink_mode(&u, GAIN, link.power_w[i] * 0.999), indices[i - 1]);
  }
  ck_assert_int_eq(iscc_wifi_uplink_mode(&u, GAIN, 0), 0);
}
END_TEST

START_TEST(there_is_room_for_so_many_modes) {
  iscc_wifi_uplink u = {.noise_w = 1e-13, .margin = 1, .datagram_max_bytes = 1472};
  for (int i = 0; i < ISCC_WIFI_MODES_MAX + 3; i++)
    iscc_wifi_uplink_add(&u, &(iscc_wifi_mode){i, 1e6 * (i + 1), i + 1});
  iscc_link link;
  ck_assert_int_eq(iscc_wifi_uplink_link(&u, GAIN, 30, &link, NULL), ISCC_OK);
  ck_assert_int_eq(link.rates, ISCC_WIFI_MODES_MAX);
}
END_TEST

Suite *iscc_suite_wifi_uplink(void);
Suite *iscc_suite_wifi_uplink(void) {
  Suite *s = suite_create("node: wifi uplink");
  TCase *t = tcase_create("wifi uplink");
  tcase_add_test(t, each_rate_has_its_least_power);
  tcase_add_test(t, the_mode_of_a_power_is_the_planned_one);
  tcase_add_test(t, there_is_room_for_so_many_modes);
  suite_add_tcase(s, t);
  return s;
}
