/* SPDX-License-Identifier: GPL-2.0-only */
#include <check.h>
#include <math.h>

#include "iscc-lte-uplink.h"
#include "iscc-random.h"

/* Efficiencies and blocks of three channel qualities, the second of which is no faster. */
static iscc_lte_uplink example(void) {
  iscc_lte_uplink u = {.noise_w = iscc_lte_noise_w(25, 5), .margin = 2, .datagram_max_bytes = 1472};
  iscc_lte_uplink_add(&u, 0.15, 680);
  iscc_lte_uplink_add(&u, 0.23, 680);
  iscc_lte_uplink_add(&u, 5.55, 18336);
  return u;
}

START_TEST(steps_are_the_schedulers_at_the_goodput_left) {
  const iscc_lte_uplink u = example();
  const iscc_goodput goodput = {.wait_s = 0.02, .share = 0.25};
  iscc_link link;
  const double gain = 1e-9, noise_w = 1.380649e-23 * 290 * 4.5e6 * pow(10, 0.5);
  ck_assert_int_eq(iscc_lte_uplink_link(&u, &goodput, gain, &link, NULL), ISCC_OK);
  ck_assert_int_eq(link.rates, 2);
  ck_assert_double_eq_tol(link.rate_bps[0], 0.25 * 680e3, 1e-6);
  ck_assert_double_eq_tol(link.rate_bps[1], 0.25 * 18336e3, 1e-6);
  ck_assert_double_eq(link.access_s, 0.02);
  for (int i = 0; i < 2; i++) {
    const double snr = 5.5293664 * (exp2(i ? 5.55 : 0.15) - 1); /* -ln(0.00025)/1.5 */
    ck_assert_double_eq_tol(link.power_w[i] / (2 * snr * noise_w / gain), 1, 1e-6);
    ck_assert_double_eq_tol(link.air_share[i], 13.0 / 14, 1e-5);
  }
  ck_assert_double_eq_tol(link.snr_per_w * noise_w / gain, 1, 1e-9);
  ck_assert_int_eq(iscc_lte_uplink_link(&u, &goodput, 0, &link, NULL), ISCC_EINVAL);
}
END_TEST

START_TEST(the_rate_of_a_power_is_the_planned_one) {
  const iscc_lte_uplink u = example();
  const iscc_goodput goodput = {.share = 1};
  iscc_link link;
  iscc_lte_uplink_link(&u, &goodput, 1e-9, &link, NULL);
  ck_assert_double_eq(iscc_lte_uplink_rate_bps(&u, 1e-9, link.power_w[1] * (1 - 1e-10)), link.rate_bps[1]);
  ck_assert_double_eq(iscc_lte_uplink_rate_bps(&u, 1e-9, link.power_w[1] * 0.999), link.rate_bps[0]);
  ck_assert_double_eq(iscc_lte_uplink_rate_bps(&u, 1e-9, 0), link.rate_bps[0]);
}
END_TEST

START_TEST(goodput_begins_as_documented) {
  iscc_goodput g;
  iscc_goodput_begin(&g);
  ck_assert(g.wait_s == 0.012 && g.share == 1);
  iscc_goodput_add(&g, 8 * 79, 1e6, 5, 5); /* too short, */
  iscc_goodput_add(&g, 1e4, 1e6, 5, 0);    /* or nothing to divide by */
  ck_assert(g.wait_s == 0.012 && g.share == 1);
  iscc_goodput_add(&g, 1e5, 1e6, 0.016, 0.2); /* half the rate, 4 ms later: a quarter of the way */
  ck_assert_double_eq_tol(g.wait_s, 0.013, 1e-12);
  ck_assert_double_eq_tol(g.share, 0.875, 1e-12);
}
END_TEST

/* Of transfers that scatter around a wait and a share, the mean of what is said is theirs. */
START_TEST(goodput_follows_what_the_cell_leaves) {
  iscc_random r;
  iscc_random_seed(&r, 5, 0, 0, ISCC_STREAM_TEST);
  iscc_goodput g;
  iscc_goodput_begin(&g);
  double wait_s = 0, share = 0;
  for (int i = 0; i < 20000; i++) {
    const double w = iscc_random_between(&r, 0.01, 0.05), s = iscc_random_between(&r, 0.1, 0.3);
    iscc_goodput_add(&g, 1e5, 2e6, w, 1e5 / (s * 2e6));
    if (i >= 100) wait_s += g.wait_s, share += g.share;
  }
  ck_assert_double_eq_tol(wait_s / 19900, 0.03, 0.0005);
  ck_assert_double_eq_tol(share / 19900, 0.2, 0.002);
}
END_TEST

Suite *iscc_suite_lte_uplink(void);
Suite *iscc_suite_lte_uplink(void) {
  Suite *s = suite_create("node: lte uplink");
  TCase *t = tcase_create("lte uplink");
  tcase_add_test(t, steps_are_the_schedulers_at_the_goodput_left);
  tcase_add_test(t, the_rate_of_a_power_is_the_planned_one);
  tcase_add_test(t, goodput_begins_as_documented);
  tcase_add_test(t, goodput_follows_what_the_cell_leaves);
  suite_add_tcase(s, t);
  return s;
}
