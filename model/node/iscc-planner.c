/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-planner.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "iscc-splits.h"
#include "iscc-wire.h"

/* Steps beside the fragments that are rounded up to a nanosecond: sensing, device compute, start and
 * propagation of the uplink, server compute, airtime and propagation of the answer, and one for the
 * arithmetic in between. */
enum { ROUNDED_STEPS = 8 };

/* The solver holds its latency constraint to a relative 1e-9 or better. */
static const double SOLVER_TOLERANCE = 1e-9;
/* Those of them that are over after the device layers. */
enum { ROUNDED_STEPS_DONE = 2 };
/* How far within the nearest relaxation a best effort is asked for, relative. */
static const double JUST_WITHIN = 1e-6;

struct iscc_planner {
  iscc_node_settings settings;
  const iscc_model *model;
  iscc_solver *solver;
  iscc_problem problem;
  iscc_split split[ISCC_LAYERS_MAX + 1];
  size_t split_count;
  int at[ISCC_LAYERS_MAX + 1]; /* place of a layer in split[]; -1: no candidate */
  bool pca;                    /* the scheme: decisions' splits are numbers of components */
  iscc_pca_split component[ISCC_PCA_MAX];
  iscc_accuracy_curve component_measured[ISCC_PCA_MAX];
  size_t component_count;
  iscc_link link; /* the splits' overhead and delay are of this link */
  double rate_bps[ISCC_LINK_RATES_MAX], power_w[ISCC_LINK_RATES_MAX]; /* as the solver sees them */
  double radio_power_w[ISCC_LINK_RATES_MAX];                          /* P_c of each */
  double answer_s; /* what the link says of it, there and back */
  double margin_s;
  /* the last whole decision and all that it hangs on beside the settings; a channel may stay as it is for long */
  iscc_task_decision last;
  iscc_link last_link;
  int64_t last_waited_ns;
  iscc_time_factors last_factors;
};

static iscc_status check_positive(const char *name, double value, const char *unit, iscc_error *error) {
  if (isfinite(value) && value > 0.0) return ISCC_OK;
  return iscc_fail(error, ISCC_EINVAL, "%s: %g %s is not > 0", name, value, unit);
}

static iscc_status check_time(const char *name, double value_s, iscc_error *error) {
  if (isfinite(value_s) && value_s >= 0.0) return ISCC_OK;
  return iscc_fail(error, ISCC_EINVAL, "%s: %g s is not >= 0", name, value_s);
}

static void fill_problem(iscc_planner *p) {
  const iscc_node_settings *s = &p->settings;
  iscc_problem_defaults(&p->problem);
  p->problem.target_accuracy = s->target_accuracy;
  p->problem.max_latency_s = s->max_latency_s;
  p->problem.sensing_time_s = p->model->sensing.chirps * p->model->sensing.chirp_spacing_s;
  p->problem.max_power_w = s->max_power_w;
  p->problem.max_speed_flops = s->max_speed_flops;
  p->problem.server_speed_flops = s->server_speed_flops;
  p->problem.kappa = s->kappa;
  p->problem.bits_min = s->bits_min;
  p->problem.bits_max = s->bits_max;
  p->problem.fixed_sensing_power_w = s->fixed_sensing_power_w;
  iscc_curve_from_model(p->model, s->use_measured_curve, &p->problem.accuracy_curve);
  p->problem.splits = p->split;
  p->problem.split_count = p->split_count;
  p->problem.pca_splits = p->component;
  p->problem.pca_split_count = p->component_count;
}

/* Scheme pca: the model's classifiers on principal components, with modelled inference alone. */
static iscc_status prepare_components(iscc_planner *p, iscc_error *error) {
  iscc_pca_split measured[ISCC_PCA_MAX];
  p->pca = strcmp(p->settings.scheme, "pca") == 0;
  if (!p->pca) return ISCC_OK;
  if (p->settings.inference == ISCC_INFERENCE_REAL)
    return iscc_fail(error, ISCC_EINVAL,
                     "scheme: the weights of 'pca' are not in the model file; use modelled inference");
  iscc_pca_splits_from_model(p->model, true, measured);
  p->component_count = iscc_pca_splits_from_model(p->model, p->settings.use_measured_curve, p->component);
  for (size_t i = 0; i < p->component_count; i++) p->component_measured[i] = measured[i].accuracy_curve;
  return ISCC_OK;
}

static iscc_status prepare(iscc_planner *p, iscc_error *error) {
  const iscc_node_settings *s = &p->settings;
  iscc_status status = iscc_solver_create(s->scheme, &p->solver, error);
  if (status == ISCC_OK) status = prepare_components(p, error);
  if (status == ISCC_OK)
    status = iscc_splits_from_model(p->model, s->candidates, s->candidate_count, p->split, error);
  if (status != ISCC_OK) return status;
  p->split_count = (size_t)s->candidate_count;
  for (int l = 0; l <= ISCC_LAYERS_MAX; l++) p->at[l] = -1;
  for (size_t i = 0; i < p->split_count; i++) p->at[p->split[i].layer] = (int)i;
  fill_problem(p);
  iscc_decision
      trial; /* shows what is wrong before a task arrives: the calibration, a scheme without its split */
  status = iscc_solver_solve(p->solver, &p->problem, &trial, error);
  iscc_solver_forget(p->solver);
  return status;
}

iscc_status iscc_planner_create(const iscc_node_settings *settings, const iscc_model *model,
                                iscc_planner **out, iscc_error *error) {
  *out = NULL;
  iscc_status status = iscc_node_settings_check(settings, model, error);
  if (status != ISCC_OK) return status;
  iscc_planner *p = calloc(1, sizeof *p);
  if (!p) return iscc_fail(error, ISCC_ENOMEM, "planner: out of memory");
  p->settings = *settings;
  p->model = model;
  status = prepare(p, error);
  if (status != ISCC_OK) {
    iscc_planner_destroy(p);
    return status;
  }
  p->settings.scheme = NULL; /* borrowed until here */
  *out = p;
  return ISCC_OK;
}

void iscc_planner_destroy(iscc_planner *planner) {
  if (!planner) return;
  iscc_solver_destroy(planner->solver);
  free(planner);
}

static size_t payload_bytes_of(int features, int bits) {
  return ((size_t)features * (size_t)bits + 7) / 8;
}

static iscc_status check_link(const iscc_link *link, iscc_error *error) {
  if (link->rates < 0 || link->rates > ISCC_LINK_RATES_MAX)
    return iscc_fail(error, ISCC_EINVAL, "link: %d rates are not within 0..%d", link->rates,
                     ISCC_LINK_RATES_MAX);
  iscc_status status = ISCC_OK; /* the solver checks rates by itself */
  if (link->rates == 0) status = check_positive("link bandwidth", link->bandwidth_hz, "Hz", error);
  if (status == ISCC_OK) status = check_positive("link SNR", link->snr_per_w, "1/W", error);
  if (status == ISCC_OK) status = check_positive("link answer rate", link->answer_rate_bps, "bit/s", error);
  if (status != ISCC_OK) return status;
  for (int i = 0; i < link->rates; i++)
    if (!(link->air_share[i] >= 0.0 && link->air_share[i] <= 1.0))
      return iscc_fail(error, ISCC_EINVAL, "link air share: %g is not within 0..1", link->air_share[i]);
  status = check_time("link access", link->access_s, error);
  if (status == ISCC_OK) status = check_time("link answer access", link->answer_access_s, error);
  if (status == ISCC_OK) status = check_time("link propagation", link->propagation_s, error);
  if (status != ISCC_OK) return status;
  if (link->datagram_overhead_bytes < 0 || link->datagram_overhead_bytes > 65535)
    return iscc_fail(error, ISCC_EINVAL, "link overhead: %d bytes are not within 0..65535",
                     link->datagram_overhead_bytes);
  if (link->datagram_max_bytes < ISCC_WIRE_DATAGRAM_MIN)
    return iscc_fail(error, ISCC_EINVAL, "link datagram: %d bytes at most, needs at least %d",
                     link->datagram_max_bytes, ISCC_WIRE_DATAGRAM_MIN);
  return ISCC_OK;
}

/* The bits of one split beside its N_l Q, and the largest number of fragments over Q. */
static int fill_overhead(const iscc_planner *p, const iscc_link *link, iscc_split *split) {
  const int header = 8 * (ISCC_WIRE_FEATURES_HEADER_BYTES + link->datagram_overhead_bytes);
  int most = 0;
  for (int q = p->settings.bits_min; q <= p->settings.bits_max; q++) {
    const size_t bytes = payload_bytes_of(split->features, q);
    int chunk;
    const int fragments = iscc_wire_fragments(bytes, link->datagram_max_bytes, &chunk);
    const double sent = 8.0 * (double)bytes + (double)fragments * header;
    split->overhead_bits[q] =
        p->settings.charge == ISCC_CHARGE_ALL ? sent - (double)split->features * q : 0.0;
    if (fragments > most) most = fragments;
  }
  return most;
}

/* Overhead of a split on a link; *most: the largest number of fragments so far. */
static void charge_split(const iscc_planner *p, const iscc_link *link, iscc_split *split, int *most) {
  if (split->features == 0) return;
  const int fragments = fill_overhead(p, link, split);
  if (fragments > *most) *most = fragments;
}

static iscc_status adopt_link(iscc_planner *p, const iscc_link *link, iscc_error *error) {
  const double answer_bits =
      8.0 * (ISCC_WIRE_ANSWER_BYTES + link->datagram_overhead_bytes + link->answer_ahead_bytes);
  int most = 0;
  for (size_t i = 0; i < p->split_count; i++) charge_split(p, link, &p->split[i], &most);
  for (size_t i = 0; i < p->component_count; i++) charge_split(p, link, &p->component[i].split, &most);
  if (most > ISCC_WIRE_FRAGMENTS_MAX)
    return iscc_fail(
        error, ISCC_EINVAL,
        "link datagram: %d bytes at most cut the features into %d fragments, at most %d are possible",
        link->datagram_max_bytes, most, ISCC_WIRE_FRAGMENTS_MAX);
  p->answer_s = 2.0 * link->propagation_s;
  if (p->settings.charge == ISCC_CHARGE_ALL)
    p->answer_s += link->answer_access_s + answer_bits / link->answer_rate_bps;
  p->margin_s = (most + ROUNDED_STEPS) * 1e-9 + SOLVER_TOLERANCE * p->settings.max_latency_s;
  p->link = *link;
  return ISCC_OK;
}

static bool same_costs(const iscc_link *a, const iscc_link *b) {
  return a->propagation_s == b->propagation_s && a->answer_rate_bps == b->answer_rate_bps &&
         a->answer_access_s == b->answer_access_s &&
         a->datagram_overhead_bytes == b->datagram_overhead_bytes &&
         a->datagram_max_bytes == b->datagram_max_bytes && a->answer_ahead_bytes == b->answer_ahead_bytes;
}

/* What passes beside the bits of whatever is sent. */
static void set_delays(iscc_planner *p, double delay_s) {
  for (size_t i = 0; i < p->split_count; i++) p->split[i].delay_s = p->split[i].features > 0 ? delay_s : 0;
  for (size_t i = 0; i < p->component_count; i++) p->component[i].split.delay_s = delay_s;
}

static int64_t wall_ns(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

/* What of a task is done already. */
typedef struct {
  const iscc_decision *plan; /* as carried out so far; NULL: nothing is done */
  int64_t computed_ns;       /* what the device layers took; < 0: only sensing is done */
} progress;

static iscc_status solve(iscc_planner *p, const progress *done, const iscc_problem *problem, iscc_decision *d,
                         iscc_error *error) {
  if (!done->plan || done->computed_ns < 0) return iscc_solver_solve(p->solver, problem, d, error);
  return iscc_solver_finish(p->solver, problem, done->plan, 1e-9 * (double)done->computed_ns, d, error);
}

/* Nothing is feasible: solves the nearest relaxation instead, if the node is told to and there is one. The
 * decision still tells the conflict and both relaxations. */
static iscc_status make_best_effort(iscc_planner *p, const progress *done, iscc_decision *d,
                                    iscc_error *error) {
  iscc_problem relaxed = p->problem;
  if (p->settings.when_infeasible == ISCC_INFEASIBLE_BEST_ACCURACY && d->highest_accuracy > 0)
    relaxed.target_accuracy = d->highest_accuracy * (1 - JUST_WITHIN);
  else if (p->settings.when_infeasible == ISCC_INFEASIBLE_BEST_LATENCY && isfinite(d->least_latency_s))
    relaxed.max_latency_s = d->least_latency_s * (1 + JUST_WITHIN);
  else
    return ISCC_OK;
  iscc_decision effort;
  const iscc_status status = solve(p, done, &relaxed, &effort, error);
  if (status != ISCC_OK || effort.status == ISCC_DECISION_INFEASIBLE) return status;
  effort.conflict = d->conflict;
  effort.least_latency_s = d->least_latency_s;
  effort.highest_accuracy = d->highest_accuracy;
  *d = effort;
  return ISCC_OK;
}

static double air_share(const iscc_link *link, int i) {
  return link->air_share[i] > 0 ? link->air_share[i] : 1;
}

/* The rates within P_max, as (R', P'); the first of all if none is, and then P_max' is less. A rate that another
 * one beats in both has no place among them. */
static void set_steps(iscc_planner *p, const iscc_link *link, double f) {
  const double most_w = p->problem.max_power_w;
  int n = 0;
  for (int i = 0; i < link->rates && (i == 0 || link->power_w[i] <= most_w); i++) {
    const double power_w = air_share(link, i) * link->power_w[i] / f;
    while (n > 0 && power_w <= p->power_w[n - 1]) n--;
    p->rate_bps[n] = link->rate_bps[i] / f;
    p->power_w[n] = power_w;
    p->radio_power_w[n++] = link->power_w[i];
  }
  p->problem.uplink.steps = n;
  p->problem.uplink.max_power_w = link->power_w[0] <= most_w ? p->power_w[n - 1] : p->power_w[0] / 2;
}

/* The uplink of R'(P') = R(P_c)/f; see the header. */
static void set_uplink(iscc_planner *p, const iscc_link *link, double f) {
  p->problem.uplink.kind = link->rates > 0 ? ISCC_UPLINK_STEPS : ISCC_UPLINK_SHANNON;
  p->problem.uplink.rate_bps = p->rate_bps;
  p->problem.uplink.power_w = p->power_w;
  p->problem.uplink.steps = 0;
  p->problem.uplink.bandwidth_hz = link->bandwidth_hz / f;
  p->problem.uplink.snr_per_w = link->snr_per_w * f;
  p->problem.uplink.max_power_w = p->problem.max_power_w / f;
  if (link->rates > 0) set_steps(p, link, f);
}

/* P_c of P'. */
static double radio_power_w(const iscc_planner *p, double power_w, double f) {
  if (p->problem.uplink.kind == ISCC_UPLINK_SHANNON) return power_w * f;
  for (int i = p->problem.uplink.steps - 1; i >= 0; i--)
    if (p->power_w[i] <= power_w * (1 + JUST_WITHIN)) return power_w / p->power_w[i] * p->radio_power_w[i];
  return power_w;
}

static iscc_status decide(iscc_planner *p, const iscc_link *link, int64_t waited_ns,
                          iscc_time_factors factors, const progress *done, iscc_task_decision *decision,
                          iscc_error *error) {
  iscc_status status = check_link(link, error);
  if (status == ISCC_OK && !same_costs(link, &p->link)) status = adopt_link(p, link, error);
  if (status != ISCC_OK) return status;
  const bool computed = done->plan && done->computed_ns >= 0;
  const double least_s = 1e-9; /* nothing left: the solver shall say so, and takes no budget of 0 */
  const double margin_s = p->margin_s - (computed ? 1e-9 * ROUNDED_STEPS_DONE : 0);
  const double left_s = p->settings.max_latency_s - (double)waited_ns * 1e-9 - margin_s;
  p->problem.max_latency_s = fmax(left_s, least_s);
  p->problem.sensed = done->plan && !computed;
  p->problem.sensed_power_w = done->plan ? done->plan->sensing_power_w : 0;
  set_uplink(p, link, factors.uplink);
  set_delays(p, factors.uplink * link->access_s + factors.answer * p->answer_s);
  decision->transfer_factor = factors.uplink;
  decision->answer_factor = factors.answer;
  decision->answer_s = p->answer_s;
  decision->snr_per_w = link->snr_per_w;
  decision->max_latency_s = p->problem.max_latency_s;
  const int64_t begin_ns = wall_ns();
  status = solve(p, done, &p->problem, &decision->decision, error);
  if (status == ISCC_OK && decision->decision.status == ISCC_DECISION_INFEASIBLE)
    status = make_best_effort(p, done, &decision->decision, error);
  decision->solver_wall_ns = wall_ns() - begin_ns;
  if (decision->decision.bits > 0) decision->decision.latency.uplink += factors.uplink * link->access_s;
  decision->decision.transmit_power_w = radio_power_w(p, decision->decision.transmit_power_w, factors.uplink);
  decision->made = status == ISCC_OK;
  return status;
}

/* Bytes that differ without a meaning cost a decision, no more. */
static bool is_last(const iscc_planner *p, const iscc_link *link, int64_t waited_ns,
                    iscc_time_factors factors) {
  return p->last.made && waited_ns == p->last_waited_ns && factors.uplink == p->last_factors.uplink &&
         factors.answer == p->last_factors.answer && memcmp(link, &p->last_link, sizeof *link) == 0 &&
         same_costs(link, &p->link);
}

iscc_status iscc_planner_decide(iscc_planner *p, const iscc_link *link, int64_t waited_ns,
                                iscc_time_factors factors, iscc_task_decision *decision, iscc_error *error) {
  const progress nothing = {NULL, -1};
  const int64_t begin_ns = wall_ns();
  if (is_last(p, link, waited_ns, factors)) {
    const double true_snr_per_w = decision->true_snr_per_w; /* the host's, not the solver's */
    *decision = p->last;
    decision->true_snr_per_w = true_snr_per_w;
    decision->solver_wall_ns = wall_ns() - begin_ns;
    return ISCC_OK;
  }
  const iscc_status status = decide(p, link, waited_ns, factors, &nothing, decision, error);
  p->last = *decision;
  p->last_link = *link;
  p->last_waited_ns = waited_ns;
  p->last_factors = factors;
  return status;
}

iscc_status iscc_planner_decide_rest(iscc_planner *p, const iscc_link *link, int64_t waited_ns,
                                     iscc_time_factors factors, const iscc_decision *plan,
                                     int64_t computed_ns, iscc_task_decision *decision, iscc_error *error) {
  const progress done = {plan, computed_ns};
  return decide(p, link, waited_ns, factors, &done, decision, error);
}

/* Place of a number of components; component_count without it. */
static size_t component_of(const iscc_planner *p, int components) {
  size_t i = 0;
  while (i < p->component_count && p->component[i].split.layer != components) i++;
  return i;
}

static const iscc_split *split_of(const iscc_planner *p, int layer) {
  if (p->pca) {
    const size_t i = component_of(p, layer);
    return i < p->component_count ? &p->component[i].split : NULL;
  }
  return layer >= 0 && layer <= ISCC_LAYERS_MAX && p->at[layer] >= 0 ? &p->split[p->at[layer]] : NULL;
}

iscc_payload_plan iscc_planner_payload(const iscc_planner *p, int layer, int bits) {
  const iscc_split *split = split_of(p, layer);
  iscc_payload_plan plan = {0};
  if (!split || split->features == 0) return plan;
  plan.wire_split = p->pca ? ISCC_WIRE_PCA + (int)component_of(p, layer) : layer;
  plan.features = split->features;
  plan.payload_bytes = payload_bytes_of(split->features, bits);
  plan.payload_bits = (double)split->features * bits;
  plan.fragments = iscc_wire_fragments(plan.payload_bytes, p->link.datagram_max_bytes, &plan.chunk_bytes);
  return plan;
}

size_t iscc_planner_payload_capacity(const iscc_planner *p) {
  int most = 0;
  for (size_t i = 0; i < p->split_count; i++)
    if (p->split[i].features > most) most = p->split[i].features;
  return payload_bytes_of(most, p->settings.bits_max);
}

double iscc_planner_sensing_time_s(const iscc_planner *p) {
  return p->problem.sensing_time_s;
}

double iscc_planner_device_flops(const iscc_planner *p, int layer, double keep_ratio) {
  const iscc_split *split = split_of(p, layer);
  return split ? fmax(0.0, split->flops_slope * keep_ratio + split->flops_const) : 0.0;
}

double iscc_planner_sensing_energy_j(const iscc_planner *p, const iscc_decision *decision) {
  return decision->sensing_power_w * p->problem.sensing_time_s;
}

double iscc_planner_compute_energy_j(const iscc_planner *p, const iscc_decision *decision) {
  const double flops = iscc_planner_device_flops(p, decision->split, decision->keep_ratio);
  return p->settings.kappa * flops * decision->edge_speed_flops * decision->edge_speed_flops;
}

double iscc_planner_correct_probability(const iscc_planner *p, const iscc_decision *decision) {
  const iscc_split *split = split_of(p, decision->split);
  if (!split) return 0.0;
  iscc_accuracy_curve measured;
  iscc_curve_from_model(p->model, true, &measured);
  if (p->pca) measured = p->component_measured[component_of(p, decision->split)];
  double kept = 1.0 - iscc_split_pruned(split, decision->keep_ratio, -log(decision->keep_ratio));
  if (split->features > 0) kept -= split->quantization_loss[decision->bits];
  return fmin(fmax(iscc_accuracy_curve_at(&measured, decision->sensing_power_w) * kept, 0.0), 1.0);
}
