/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-node-settings.h"

#include <math.h>
#include <string.h>

enum { QUEUE_MAX = 1000000 };

void iscc_node_defaults(iscc_node_settings *settings) {
  static const int candidates[] = {0, 3, 6, 8, 10, 11};
  *settings =
      (iscc_node_settings){.scheme = "joint",
                           .target_accuracy = 0.85,
                           .max_latency_s = 0.8,
                           .max_power_w = 1.0,
                           .max_speed_flops = 8e6,
                           .server_speed_flops = 1e11,
                           .kappa = 1e-21,
                           .bits_min = 2,
                           .bits_max = 8,
                           .candidate_count = sizeof candidates / sizeof *candidates,
                           .use_measured_curve = true,
                           .charge = ISCC_CHARGE_ALL,
                           .inference = ISCC_INFERENCE_MODEL,
                           .queue_capacity = 10,
                           .retry_limit = 3,
                           .transfer_quantile = 0.95,
                           .arrivals = {.kind = ISCC_ARRIVALS_POISSON, .interval_s = 2.0, .count = 100}};
  memcpy(settings->candidates, candidates, sizeof candidates);
}

static iscc_status check_positive(const iscc_node_settings *s, iscc_error *error) {
  const struct {
    const char *name, *unit;
    double value;
  } positive[] = {{"max latency", "s", s->max_latency_s},
                  {"max power", "W", s->max_power_w},
                  {"max speed", "FLOP/s", s->max_speed_flops},
                  {"server speed", "FLOP/s", s->server_speed_flops},
                  {"kappa", "J s^2/FLOP^3", s->kappa}};
  for (size_t i = 0; i < sizeof positive / sizeof *positive; i++)
    if (!isfinite(positive[i].value) || positive[i].value <= 0.0)
      return iscc_fail(error, ISCC_EINVAL, "%s: %g %s is not > 0", positive[i].name, positive[i].value,
                       positive[i].unit);
  return ISCC_OK;
}

/* What the allocation is told. */
static iscc_status check_problem(const iscc_node_settings *s, iscc_error *error) {
  const iscc_status status = check_positive(s, error);
  if (status != ISCC_OK) return status;
  if (!(s->target_accuracy > 0.0 && s->target_accuracy < 1.0))
    return iscc_fail(error, ISCC_EINVAL, "target accuracy: %g is not within 0..1", s->target_accuracy);
  if (s->max_latency_s > 1e6)
    return iscc_fail(error, ISCC_EINVAL, "max latency: %g s is above 1e6 s", s->max_latency_s);
  if (s->bits_min < ISCC_BITS_MIN || s->bits_max > ISCC_BITS_MAX || s->bits_min > s->bits_max)
    return iscc_fail(error, ISCC_EINVAL, "bits: %d..%d is no range within %d..%d", s->bits_min, s->bits_max,
                     ISCC_BITS_MIN, ISCC_BITS_MAX);
  return ISCC_OK;
}

static iscc_status check_candidates(const iscc_node_settings *s, const iscc_model *model, iscc_error *error) {
  const int layers = model->network.layers;
  if (s->candidate_count < 1 || s->candidate_count > layers + 1)
    return iscc_fail(error, ISCC_EINVAL, "candidates: %d split layers are not within 1..%d",
                     s->candidate_count, layers + 1);
  for (int i = 0; i < s->candidate_count; i++)
    if (s->candidates[i] < 0 || s->candidates[i] > layers)
      return iscc_fail(error, ISCC_EINVAL, "candidates: split layer %d is not within 0..%d", s->candidates[i],
                       layers);
  return ISCC_OK;
}

iscc_status iscc_node_settings_check(const iscc_node_settings *s, const iscc_model *model,
                                     iscc_error *error) {
  iscc_status status = check_problem(s, error);
  if (status == ISCC_OK) status = check_candidates(s, model, error);
  if (status != ISCC_OK) return status;
  if (s->charge != ISCC_CHARGE_ALL && s->charge != ISCC_CHARGE_PAYLOAD)
    return iscc_fail(error, ISCC_EINVAL, "charge: %d is neither all nor payload", (int)s->charge);
  if (s->when_infeasible < ISCC_INFEASIBLE_DROP || s->when_infeasible > ISCC_INFEASIBLE_BEST_LATENCY)
    return iscc_fail(error, ISCC_EINVAL, "when infeasible: %d is no action", (int)s->when_infeasible);
  if (s->replan != ISCC_REPLAN_NEVER && s->replan != ISCC_REPLAN_STAGE)
    return iscc_fail(error, ISCC_EINVAL, "replan: %d is neither never nor stage", (int)s->replan);
  if (s->queue_capacity < 0 || s->queue_capacity > QUEUE_MAX)
    return iscc_fail(error, ISCC_EINVAL, "queue capacity: %d is not within 0..%d", s->queue_capacity,
                     QUEUE_MAX);
  if (!(s->transfer_quantile >= 0.0 && s->transfer_quantile < 1.0))
    return iscc_fail(error, ISCC_EINVAL, "transfer quantile: %g is not within 0..1", s->transfer_quantile);
  if (s->retry_limit < 0) return iscc_fail(error, ISCC_EINVAL, "retry limit: %d is negative", s->retry_limit);
  if (!(s->channel_error_db >= 0.0 && s->channel_error_db <= 100.0))
    return iscc_fail(error, ISCC_EINVAL, "channel error: %g dB is not within 0..100 dB", s->channel_error_db);
  if (!isfinite(s->uplink_limit_s) || s->uplink_limit_s < 0.0 || s->uplink_limit_s > 1e9)
    return iscc_fail(error, ISCC_EINVAL, "uplink limit: %g s is not within 0..1e9 s (0: no limit)",
                     s->uplink_limit_s);
  return ISCC_OK;
}
