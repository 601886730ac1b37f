/* SPDX-License-Identifier: GPL-2.0-only */
#include <check.h>
#include <math.h>

#include "iscc-link-budget.h"

START_TEST(noise_is_thermal) {
  /* -174 dBm/Hz, as everybody knows it: 1 MHz at 7 dB is -107 dBm */
  ck_assert_double_eq_tol(10 * log10(1e3 * iscc_thermal_noise_w(1e6, 7)), -106.98, 0.01);
  ck_assert_double_eq_tol(iscc_thermal_noise_w(2e6, 7) / iscc_thermal_noise_w(1e6, 4), 2 * pow(10, 0.3),
                          1e-9);
}
END_TEST

START_TEST(a_link_without_a_gain_is_refused) {
  iscc_link link = {.rates = 3, .access_s = 1};
  iscc_error error;
  ck_assert_int_eq(iscc_link_budget(1e-8, 2e-14, 299792.458, &link, &error), ISCC_OK);
  ck_assert_double_eq_tol(link.snr_per_w, 5e5, 1e-6);
  ck_assert_double_eq_tol(link.propagation_s, 1e-3, 1e-15);
  ck_assert(link.rates == 0 && link.access_s == 0);
  static const double gains[] = {0, -1, (double)INFINITY, (double)NAN};
  for (size_t i = 0; i < sizeof gains / sizeof *gains; i++)
    ck_assert_int_eq(iscc_link_budget(gains[i], 1e-14, 1, &link, &error), ISCC_EINVAL);
  ck_assert_str_eq(error.text, "link: the loss models leave a gain of nan");
}
END_TEST

static double success(void *ctx, double snr) {
  return 1 - exp(-snr / *(const double *)ctx);
}

/* 1 - success = e^(-snr/a): 1 % at a ln 100. */
START_TEST(the_least_snr_is_where_the_failures_are_few_enough) {
  double a = 3;
  ck_assert_double_eq_tol(iscc_least_snr(success, &a, 0.01) / (3 * log(100)), 1, 1e-9);
  ck_assert_double_eq_tol(iscc_least_snr(success, &a, 0.2) / (3 * log(5)), 1, 1e-9);
  a = 1e9; /* none is */
  ck_assert_double_eq_tol(iscc_least_snr(success, &a, 0.01), 1e4, 1e-6);
}
END_TEST

Suite *iscc_suite_link_budget(void);
Suite *iscc_suite_link_budget(void) {
  Suite *s = suite_create("node: link budget");
  TCase *t = tcase_create("link budget");
  tcase_add_test(t, noise_is_thermal);
  tcase_add_test(t, a_link_without_a_gain_is_refused);
  tcase_add_test(t, the_least_snr_is_where_the_failures_are_few_enough);
  suite_add_tcase(s, t);
  return s;
}
