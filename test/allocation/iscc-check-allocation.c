/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-check-allocation.h"

#include <check.h>
#include <math.h>

#include "iscc-random-problem.h"

const iscc_split *iscc_split_of(const iscc_problem *p, const iscc_decision *d) {
  for (size_t i = 0; i < p->split_count; i++)
    if (p->splits[i].layer == d->split) return &p->splits[i];
  ck_abort_msg("split %d is no candidate", d->split);
  return NULL;
}

void iscc_check_allocation(const iscc_problem *p, const iscc_decision *d, int k) {
  const iscc_split *s = iscc_split_of(p, d);
  const double flops = fmax(0, s->flops_slope * d->keep_ratio + s->flops_const);
  const double bits = s->features ? (double)s->features * d->bits + s->overhead_bits[d->bits] : 0;
  double rate = p->uplink.bandwidth_hz * log1p(p->uplink.snr_per_w * d->transmit_power_w) / log(2);
  for (int i = 0; p->uplink.kind == ISCC_UPLINK_STEPS && i < p->uplink.steps; i++)
    if (p->uplink.power_w[i] <= d->transmit_power_w) rate = p->uplink.rate_bps[i];
  const double compute_s = flops > 0 ? flops / d->edge_speed_flops : 0, uplink_s = bits > 0 ? bits / rate : 0;
  const double latency =
      p->sensing_time_s + compute_s + uplink_s + s->server_flops / p->server_speed_flops + s->delay_s;
  const double energy = p->sensing_time_s * d->sensing_power_w +
                        p->kappa * flops * pow(d->edge_speed_flops, 2) + d->transmit_power_w * uplink_s;
  const double accuracy =
      iscc_reference_accuracy(p, d->sensing_power_w) *
      (1 - iscc_reference_pruned(s, d->keep_ratio) - (s->features ? s->quantization_loss[d->bits] : 0));
  ck_assert_msg(latency <= p->max_latency_s * (1 + 1e-12), "%d: %.17g s of %.17g s", k, latency,
                p->max_latency_s);
  ck_assert_msg(accuracy >= p->target_accuracy * (1 - 1e-12), "%d: accuracy %.17g of %.17g", k, accuracy,
                p->target_accuracy);
  ck_assert_msg(fabs(energy - d->energy.total) <= 1e-9 * energy, "%d: %.17g J, said %.17g", k, energy,
                d->energy.total);
  ck_assert(fabs(latency - d->latency.total) <= 1e-9 * latency);
  ck_assert_double_eq_tol(accuracy, d->predicted_accuracy, 1e-9);
  ck_assert(d->keep_ratio > 0 && d->keep_ratio >= s->keep_min && d->keep_ratio <= 1);
  ck_assert(d->sensing_power_w >= 0 && d->sensing_power_w <= p->max_power_w);
  ck_assert(d->transmit_power_w >= 0 && d->transmit_power_w <= iscc_transmit_power_max(p));
  ck_assert(d->edge_speed_flops >= 0 && d->edge_speed_flops <= p->max_speed_flops);
  ck_assert(s->features ? d->bits >= p->bits_min && d->bits <= p->bits_max : d->bits == 0);
}
