/* SPDX-License-Identifier: GPL-2.0-only */
/* How long the rest of a campaign may take. */
#include <check.h>
#include <math.h>

#include "iscc-campaign-forecast.h"

static iscc_moments past(double first_s, double second_s) {
  iscc_moments m = {0};
  iscc_moments_add(&m, first_s);
  iscc_moments_add(&m, second_s);
  return m;
}

START_TEST(each_point_has_its_own_time) {
  const iscc_moments elapsed_s[] = {past(1, 3), past(10, 10), {0}};
  ck_assert_double_eq(iscc_campaign_forecast_s(2, elapsed_s, (const uint32_t[]){4, 1}, 1), 18);
  ck_assert_double_eq(iscc_campaign_forecast_s(2, elapsed_s, (const uint32_t[]){4, 1}, 2), 9);
  ck_assert_double_eq(iscc_campaign_forecast_s(3, elapsed_s, (const uint32_t[]){0, 0, 2}, 1),
                      12); /* as the others */
  ck_assert_double_eq(iscc_campaign_forecast_s(3, elapsed_s, (const uint32_t[]){0, 0, 0}, 1), 0);
}
END_TEST

START_TEST(without_a_past_it_is_not_known) {
  const iscc_moments elapsed_s[] = {{0}, {0}};
  ck_assert(isnan(iscc_campaign_forecast_s(2, elapsed_s, (const uint32_t[]){1, 1}, 1)));
}
END_TEST

Suite *iscc_suite_campaign_forecast(void);
Suite *iscc_suite_campaign_forecast(void) {
  Suite *suite = suite_create("campaign-forecast");
  TCase *tc = tcase_create("campaign-forecast");
  tcase_add_test(tc, each_point_has_its_own_time);
  tcase_add_test(tc, without_a_past_it_is_not_known);
  suite_add_tcase(suite, tc);
  return suite;
}
