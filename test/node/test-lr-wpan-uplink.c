/* SPDX-License-Identifier: GPL-2.0-only */
#include <check.h>

#include "iscc-lr-wpan-uplink.h"

/* O-QPSK at 2.4 GHz: 62 500 symbols/s, two for a byte, ten of synchronization and two of length. */
static const iscc_lr_wpan_uplink radio = {.noise_w = 1e-14,
                                          .least_snr = 4,
                                          .margin = 2,
                                          .symbol_s = 16e-6,
                                          .header_symbols = 12,
                                          .symbols_per_byte = 2};

START_TEST(a_frame_takes_32_us_a_byte) {
  ck_assert_double_eq_tol(iscc_lr_wpan_frame_s(&radio, 127), 32e-6 * (6 + 127), 1e-12);
}
END_TEST

/* Frames of datagrams, by hand: 96 bytes in the first, 104 in each further one. */
START_TEST(rate_and_overhead_are_those_of_full_datagrams) {
  static const struct {
    int bytes, frames;
  } rows[] = {{96, 1}, {97, 2}, {200, 2}, {201, 3}, {408, 4}, {409, 5}, {1232, 12}};
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    iscc_lr_wpan_uplink u = radio;
    u.datagram_max_bytes = rows[i].bytes;
    iscc_link link;
    ck_assert_int_eq(iscc_lr_wpan_uplink_link(&u, 1e-9, 299.792458, &link, NULL), ISCC_OK);
    const int frames = rows[i].frames, overhead = 10 + 4 + 5 * (frames - 1) + 11 * frames;
    const double air_s = 32e-6 * (rows[i].bytes + overhead + 6 * frames);
    const double rest_s = frames * (16e-6 * (70 + 8 + 24 + 40) + 32e-6 * (6 + 5));
    ck_assert_int_eq(link.datagram_overhead_bytes, overhead);
    ck_assert_int_eq(link.datagram_max_bytes, rows[i].bytes);
    ck_assert_int_eq(link.rates, 1);
    ck_assert_double_eq_tol(link.rate_bps[0], 8 * (rows[i].bytes + overhead) / (air_s + rest_s), 1e-6);
    ck_assert_double_eq_tol(link.air_share[0], air_s / (air_s + rest_s), 1e-12);
    ck_assert_double_eq(link.answer_rate_bps, link.rate_bps[0]);
    ck_assert_double_eq_tol(link.power_w[0], 2 * 4 * 1e-14 / 1e-9, 1e-18);
    ck_assert_double_eq_tol(link.propagation_s, 1e-6, 1e-15);
  }
}
END_TEST

START_TEST(no_gain_is_refused) {
  iscc_lr_wpan_uplink u = radio;
  u.datagram_max_bytes = 408;
  iscc_link link;
  ck_assert_int_eq(iscc_lr_wpan_uplink_link(&u, 0, 1, &link, NULL), ISCC_EINVAL);
}
END_TEST

Suite *iscc_suite_lr_wpan_uplink(void);
Suite *iscc_suite_lr_wpan_uplink(void) {
  Suite *s = suite_create("node: lr-wpan uplink");
  TCase *t = tcase_create("lr-wpan uplink");
  tcase_add_test(t, a_frame_takes_32_us_a_byte);
  tcase_add_test(t, rate_and_overhead_are_those_of_full_datagrams);
  tcase_add_test(t, no_gain_is_refused);
  suite_add_tcase(s, t);
  return s;
}
