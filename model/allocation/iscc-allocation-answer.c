/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-allocation-answer.h"

#include <math.h>

iscc_decision iscc_answer_blank(iscc_decision_status status) {
  return (iscc_decision){.status = status,
                         .least_latency_s = NAN,
                         .highest_accuracy = NAN,
                         .lower_bound_j = NAN,
                         .relative_gap = NAN};
}

typedef struct { /* what the infeasible answer needs, gathered over all pairs */
  bool accuracy_reachable, time_reachable;
  double least_latency_s, highest_accuracy;
} relaxation;

static void note_relaxation(relaxation *r, const iscc_pair *a, iscc_pair_status status) {
  const iscc_problem *problem = a->problem;
  const double ceiling = iscc_accuracy_curve_at(&problem->accuracy_curve, problem->max_power_w);
  const double spare = a->budget_s - a->uplink_least_s;
  if (status != ISCC_PAIR_NEEDS_ACCURACY) {
    const double least = a->split->flops_slope > 0 ? iscc_pair_least_keep(a, a->ceiling, 0) : 1;
    r->accuracy_reachable = true;
    const double busy = a->uplink_least_s + iscc_pair_flops(a, least) / problem->max_speed_flops;
    r->least_latency_s = fmin(r->least_latency_s, problem->max_latency_s - a->budget_s + busy);
  }
  if (spare < 0) return;
  const double most = spare * problem->max_speed_flops;
  double keep = 1;
  if (iscc_pair_flops(a, 1) > most) keep = (most - a->split->flops_const) / a->split->flops_slope;
  if (!(keep >= a->keep_floor)) return;
  r->time_reachable = true;
  r->highest_accuracy = fmax(r->highest_accuracy, ceiling * fmax(0, iscc_pair_accuracy_factor(a, keep)));
}

static void note_all_relaxations(relaxation *r, const iscc_problem *problem) {
  for (size_t i = 0; i < problem->split_count; i++) {
    const iscc_split *split = &problem->splits[i];
    for (int bits = iscc_pair_first_bits(problem, split); bits <= iscc_pair_last_bits(problem, split); bits++)
      for (int step = iscc_pair_first_step(problem, bits); step <= iscc_pair_last_step(problem, bits);
           step++) {
        iscc_pair pair;
        const iscc_pair_status status = iscc_pair_init(&pair, problem, split, bits, step);
        note_relaxation(r, &pair, status);
      }
  }
}

static unsigned binding_of(const iscc_pair *a, const iscc_decision *d) {
  const iscc_problem *p = a->problem;
  unsigned binding = ISCC_CONSTRAINT_ACCURACY | ISCC_CONSTRAINT_LATENCY;
  const double near_one = 1 - 1e-9;
  if (d->sensing_power_w >= p->max_power_w * near_one) binding |= ISCC_CONSTRAINT_SENSING_POWER;
  if (d->transmit_power_w >= iscc_transmit_power_max(p) * near_one) binding |= ISCC_CONSTRAINT_TRANSMIT_POWER;
  if (d->edge_speed_flops >= p->max_speed_flops * near_one) binding |= ISCC_CONSTRAINT_SPEED;
  if (d->keep_ratio >= 1) binding |= ISCC_CONSTRAINT_KEEP_RATIO;
  if (d->predicted_accuracy > p->target_accuracy * (1 + 1e-9)) binding &= ~(unsigned)ISCC_CONSTRAINT_ACCURACY;
  if (d->latency.total < p->max_latency_s * near_one) binding &= ~(unsigned)ISCC_CONSTRAINT_LATENCY;
  return binding;
}

void iscc_answer_allocation(const iscc_pair *a, double keep_ratio, double uplink_s, double compute_s,
                            iscc_decision *d) {
  const iscc_problem *p = a->problem;
  const double flops = iscc_pair_flops(a, keep_ratio);
  d->split = a->split->layer;
  d->bits = a->bits;
  d->keep_ratio = keep_ratio;
  d->sensing_power_w = fmin(p->max_power_w, iscc_pair_sensing(a, keep_ratio).power_w * (1 + 1e-12));
  d->transmit_power_w = fmin(iscc_transmit_power_max(p), iscc_pair_uplink_power(a, uplink_s));
  d->edge_speed_flops = flops > 0 ? fmin(p->max_speed_flops, flops / compute_s) : 0;
  d->uplink_bits = a->sent_bits;
  d->latency.sensing = p->sensing_time_s;
  d->latency.compute = flops > 0 ? flops / d->edge_speed_flops : 0;
  d->latency.uplink =
      a->sent_bits > 0 ? a->sent_bits / iscc_uplink_rate_bps(&p->uplink, d->transmit_power_w) : 0;
  d->latency.server = a->split->server_flops / p->server_speed_flops;
  d->latency.total =
      d->latency.sensing + d->latency.compute + d->latency.uplink + d->latency.server + a->split->delay_s;
  d->energy.sensing = p->sensing_time_s * d->sensing_power_w;
  d->energy.compute = p->kappa * flops * d->edge_speed_flops * d->edge_speed_flops;
  d->energy.uplink = d->transmit_power_w * d->latency.uplink;
  d->energy.total = d->energy.sensing + d->energy.compute + d->energy.uplink;
  d->predicted_accuracy = iscc_accuracy_curve_at(&p->accuracy_curve, d->sensing_power_w) *
                          iscc_pair_accuracy_factor(a, keep_ratio);
  d->binding = binding_of(a, d);
}

void iscc_answer_infeasible(const iscc_problem *problem, iscc_decision *d) {
  relaxation found = {.least_latency_s = INFINITY}, *r = &found;
  note_all_relaxations(r, problem);
  d->status = ISCC_DECISION_INFEASIBLE;
  d->conflict = r->accuracy_reachable ? ISCC_CONSTRAINT_ACCURACY | ISCC_CONSTRAINT_LATENCY |
                                            ISCC_CONSTRAINT_TRANSMIT_POWER | ISCC_CONSTRAINT_SPEED
                                      : ISCC_CONSTRAINT_ACCURACY | ISCC_CONSTRAINT_SENSING_POWER;
  if (!r->time_reachable)
    d->conflict = (d->conflict & ~(unsigned)ISCC_CONSTRAINT_ACCURACY) | ISCC_CONSTRAINT_LATENCY;
  d->least_latency_s = r->accuracy_reachable ? r->least_latency_s : (double)NAN;
  d->highest_accuracy = r->time_reachable ? r->highest_accuracy : (double)NAN;
}
