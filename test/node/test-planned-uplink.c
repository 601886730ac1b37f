/* SPDX-License-Identifier: GPL-2.0-only */
/* What plans make of a link's times: rates, access, shares of air, the learned factor. */
#include <check.h>
#include <math.h>

#include "iscc-fake-scene.h"
#include "iscc-planner.h"
#include "iscc-wire.h"

/* T f and P_c T: the plan with a factor is the least over all plans whose uplink takes so much longer. */
START_TEST(a_transfer_factor_costs_time_and_no_energy) {
  iscc_model *model = iscc_fake_model_create();
  iscc_node_settings settings = iscc_fake_settings(1, 1);
  settings.candidates[0] = 6, settings.candidate_count = 1;
  iscc_planner *planner;
  ck_assert_int_eq(iscc_planner_create(&settings, model, &planner, NULL), ISCC_OK);
  const iscc_link link = {.bandwidth_hz = 1e5,
                          .snr_per_w = 100,
                          .answer_rate_bps = 1e6,
                          .datagram_overhead_bytes = 28,
                          .datagram_max_bytes = 1472};
  double before_j = 0;
  for (double f = 0.5; f < 5; f *= 1.5) { /* a model may be too slow, too */
    iscc_task_decision made;
    const iscc_time_factors factors = {f, 1};
    ck_assert_int_eq(iscc_planner_decide(planner, &link, 0, factors, &made, NULL), ISCC_OK);
    const iscc_decision *d = &made.decision;
    ck_assert_int_eq(d->status, ISCC_DECISION_OPTIMAL);
    ck_assert(made.transfer_factor == f);
    const double modelled_s = d->uplink_bits / (1e5 * log2(1 + 100 * d->transmit_power_w));
    ck_assert_double_eq_tol(d->latency.uplink, f * modelled_s, 1e-9);
    ck_assert_double_eq_tol(d->energy.uplink, d->transmit_power_w * modelled_s, 1e-9 * d->energy.uplink);
    ck_assert_double_le(d->latency.total, 0.8);
    ck_assert_double_gt(d->energy.total, before_j); /* less time is left */
    before_j = d->energy.total;
  }
  iscc_planner_destroy(planner);
  iscc_model_destroy(model);
}
END_TEST

/* A radio that waits half of the time spends half of the energy at the same power and rate. */
START_TEST(waiting_for_the_medium_costs_time_alone) {
  iscc_model *model = iscc_fake_model_create();
  iscc_node_settings settings = iscc_fake_settings(1, 1);
  settings.candidates[0] = 6, settings.candidate_count = 1;
  iscc_planner *planner;
  ck_assert_int_eq(iscc_planner_create(&settings, model, &planner, NULL), ISCC_OK);
  iscc_link link = {.rates = 1,
                    .rate_bps = {3e5},
                    .power_w = {0.7 * settings.max_power_w},
                    .snr_per_w = 100,
                    .answer_rate_bps = 1e6,
                    .datagram_overhead_bytes = 28,
                    .datagram_max_bytes = 1472};
  iscc_task_decision all, half;
  const double f = 1.2;
  const iscc_time_factors factors = {f, 1};
  ck_assert_int_eq(iscc_planner_decide(planner, &link, 0, factors, &all, NULL), ISCC_OK);
  link.air_share[0] = 0.5;
  ck_assert_int_eq(iscc_planner_decide(planner, &link, 0, factors, &half, NULL), ISCC_OK);
  ck_assert_int_eq(half.decision.status, ISCC_DECISION_OPTIMAL);
  ck_assert_double_eq_tol(all.decision.transmit_power_w, link.power_w[0], 1e-9);
  ck_assert_double_eq_tol(half.decision.transmit_power_w, link.power_w[0], 1e-9);
  const double time_s = half.decision.uplink_bits / 3e5;
  ck_assert_double_eq_tol(half.decision.latency.uplink, f * time_s, 1e-9);
  ck_assert_double_eq_tol(half.decision.energy.uplink, 0.5 * link.power_w[0] * time_s, 1e-9);
  link.air_share[0] = 1.1;
  ck_assert_int_eq(iscc_planner_decide(planner, &link, 0, factors, &half, NULL), ISCC_EINVAL);
  link.air_share[0] = 0.5,
  link.power_w[0] = 1.001 * settings.max_power_w; /* is not within P_max all the same */
  ck_assert_int_eq(iscc_planner_decide(planner, &link, 0, factors, &half, NULL), ISCC_OK);
  ck_assert_int_eq(half.decision.status, ISCC_DECISION_INFEASIBLE);
  /* two rates with shares of their own; the faster one for less energy makes the slower one pointless */
  link.power_w[0] = 0.5 * settings.max_power_w, link.power_w[1] = 0.6 * settings.max_power_w;
  link.rates = 2, link.rate_bps[0] = 3e5, link.rate_bps[1] = 4e5, link.air_share[0] = 1,
  link.air_share[1] = 0.8;
  ck_assert_int_eq(iscc_planner_decide(planner, &link, 0, factors, &half, NULL), ISCC_OK);
  ck_assert_double_eq_tol(half.decision.transmit_power_w, link.power_w[1], 1e-9);
  ck_assert_double_eq_tol(half.decision.energy.uplink,
                          0.8 * link.power_w[1] * half.decision.uplink_bits / 4e5, 1e-9);
  iscc_planner_destroy(planner);
  iscc_model_destroy(model);
}
END_TEST

/* T = f (access + bits/R) and g times the answer's own: what is left for the device is as much less, the energy is that of the
 * bits. */
START_TEST(access_costs_time_in_every_plan) {
  iscc_model *model = iscc_fake_model_create();
  iscc_node_settings settings = iscc_fake_settings(1, 1);
  settings.candidates[0] = 6, settings.candidate_count = 1;
  iscc_planner *planner;
  ck_assert_int_eq(iscc_planner_create(&settings, model, &planner, NULL), ISCC_OK);
  iscc_link link = {.rates = 1,
                    .rate_bps = {1e6},
                    .power_w = {0.1},
                    .access_s = 0.02,
                    .answer_access_s = 0.003,
                    .snr_per_w = 100,
                    .answer_rate_bps = 1e6,
                    .datagram_overhead_bytes = 28,
                    .datagram_max_bytes = 1472};
  const double f = 1.5, g = 2, answer_s = 0.003 + 8 * (ISCC_WIRE_ANSWER_BYTES + 28) / 1e6;
  const iscc_time_factors factors = {f, g};
  iscc_task_decision made;
  for (int again = 0; again < 2; again++) { /* the second time with a link that has changed */
    ck_assert_int_eq(iscc_planner_decide(planner, &link, 0, factors, &made, NULL), ISCC_OK);
    const iscc_decision *d = &made.decision;
    ck_assert_int_eq(d->status, ISCC_DECISION_OPTIMAL);
    const double sending_s = d->uplink_bits / 1e6;
    ck_assert_double_eq_tol(d->latency.uplink, f * (link.access_s + sending_s), 1e-12);
    ck_assert_double_eq_tol(d->energy.uplink, 0.1 * sending_s, 1e-12);
    ck_assert_double_eq_tol(d->latency.total,
                            d->latency.sensing + d->latency.compute + d->latency.uplink + d->latency.server +
                                g * answer_s,
                            1e-12);
    ck_assert_double_eq_tol(d->latency.total, made.max_latency_s, 1e-6);
    ck_assert(made.transfer_factor == f && made.answer_factor == g);
    ck_assert_double_eq_tol(made.answer_s, answer_s, 1e-15);
    link.access_s = 0.05;
  }
  ck_assert_double_lt(made.decision.latency.compute, 0.8 - 0.5 - f * 0.05);
  link.access_s = 0.3; /* no time is left */
  ck_assert_int_eq(iscc_planner_decide(planner, &link, 0, factors, &made, NULL), ISCC_OK);
  ck_assert_int_eq(made.decision.status, ISCC_DECISION_INFEASIBLE);
  iscc_planner_destroy(planner);
  iscc_model_destroy(model);
}
END_TEST

Suite *iscc_suite_planned_uplink(void);
Suite *iscc_suite_planned_uplink(void) {
  Suite *s = suite_create("node: planned uplink");
  TCase *t = tcase_create("planned uplink");
  tcase_add_test(t, a_transfer_factor_costs_time_and_no_energy);
  tcase_add_test(t, waiting_for_the_medium_costs_time_alone);
  tcase_add_test(t, access_costs_time_in_every_plan);
  suite_add_tcase(s, t);
  return s;
}
