/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-planner - turns a node's settings and its link of the moment into an allocation problem, and solves
 * it.
 *
 *   sent(l, Q)  = 8 (ceil(N_l Q / 8) + fragments (own header + link overhead))       bits on the air
 *   uplink      = f (access + sent/rate)                                             s
 *   answer      = g (2 propagation + answer access
 *                    + 8 (answer + link overhead + what goes ahead of it)/answer rate)  s
 *   delay(l)    = f access + answer                                                  s, outside the allocation
 *   budget      = T_max - time waited - margin                                       s, given to the solver
 *
 * The margin covers each rounding up to whole nanoseconds (one per fragment, one per other step) and the
 * solver's own tolerance, so that in a channel that stays as it is no planned task is late. With
 * ISCC_CHARGE_PAYLOAD, sent is N_l Q and the delay without the answer (doc/node.rst).
 *
 * Memory: create allocates; decide never does. Threads: one handle per thread; the model is borrowed. */
#ifndef ISCC_PLANNER_H
#define ISCC_PLANNER_H

#include "iscc-edge-node.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct iscc_planner iscc_planner;

/* ISCC_EINVAL names the setting that is out of its range. */
iscc_status iscc_planner_create(const iscc_node_settings *settings, const iscc_model *model,
                                iscc_planner **out, iscc_error *error);
void iscc_planner_destroy(iscc_planner *planner); /* NULL is fine */

typedef struct { /* planned over modelled time, > 0; iscc-transfer-time.h */
  double uplink, answer;
} iscc_time_factors;

/* Decides for a task that has waited_ns so far, with transfers that take f = factors.uplink times as long as
 * the link says, at the same energy: with P' = a P_c/f, a the link's air share, and R'(P') = R(P_c)/f, the
 * energy is a P_c T_comm = P' bits/R'(P') and the time T_comm f = bits/R'(P'). The planned uplink latency is that
 * time and f access. decision->made is false after a
 * failure only (ISCC_EINVAL:
 * the link is not usable, the text names the field); an infeasible decision is made. */
iscc_status iscc_planner_decide(iscc_planner *planner, const iscc_link *link, int64_t waited_ns,
                                iscc_time_factors factors, iscc_task_decision *decision, iscc_error *error);

/* Decides again what is left of a task whose decision `plan` is being carried out: after sensing (computed_ns
 * < 0), or after the device layers, which took computed_ns. waited_ns: before its turn. An infeasible answer
 * leaves it to the caller whether to keep the plan. */
iscc_status iscc_planner_decide_rest(iscc_planner *planner, const iscc_link *link, int64_t waited_ns,
                                     iscc_time_factors factors, const iscc_decision *plan,
                                     int64_t computed_ns, iscc_task_decision *decision, iscc_error *error);

/* Of the last decided link, split layer and bits: what is sent. All 0 when nothing is. */
typedef struct {
  int wire_split; /* l, or the code of a classifier on principal components */
  int features, fragments, chunk_bytes;
  size_t payload_bytes;
  double payload_bits; /* N_l Q */
} iscc_payload_plan;

size_t
iscc_planner_payload_capacity(const iscc_planner *planner); /* the most payload_bytes of any decision on l */
iscc_payload_plan iscc_planner_payload(const iscc_planner *planner, int split, int bits);

double iscc_planner_sensing_time_s(const iscc_planner *planner);
double iscc_planner_device_flops(const iscc_planner *planner, int split, double keep_ratio); /* F_e(p) */

/* Of a decision: P_s T_sen, and eq. (5) of the device layers. */
double iscc_planner_sensing_energy_j(const iscc_planner *planner, const iscc_decision *decision);
double iscc_planner_compute_energy_j(const iscc_planner *planner, const iscc_decision *decision);

/* Probability that the answer of this decision is right: the measured curve R_0 at P_s times 1 - pruning loss
 * u(p) - quantization loss(Q); within 0..1. */
double iscc_planner_correct_probability(const iscc_planner *planner, const iscc_decision *decision);

#ifdef __cplusplus
}
#endif
#endif
