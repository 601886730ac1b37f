/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-problem.h"

#include <math.h>
#include <string.h>

void iscc_problem_defaults(iscc_problem *p) {
  memset(p, 0, sizeof *p);
  p->target_accuracy = 0.85;
  p->max_latency_s = 0.8;
  p->sensing_time_s = 0.5;
  p->max_power_w = 1;
  p->max_speed_flops = 8e6;
  p->server_speed_flops = 1e11;
  p->kappa = 1e-21;
  p->uplink = (iscc_uplink){.kind = ISCC_UPLINK_SHANNON, .bandwidth_hz = 1e5, .snr_per_w = 100};
  p->bits_min = 2;
  p->bits_max = 8;
}

static iscc_status need_positive(const char *field, double value, iscc_error *error) {
  if (value > 0 && isfinite(value)) return ISCC_OK;
  return iscc_fail(error, ISCC_EINVAL, "%s: %g is not a finite number greater than 0", field, value);
}

static iscc_status need_not_negative(const char *field, double value, iscc_error *error) {
  if (value >= 0 && isfinite(value)) return ISCC_OK;
  return iscc_fail(error, ISCC_EINVAL, "%s: %g is not a finite number of at least 0", field, value);
}

static iscc_status check_scalars(const iscc_problem *p, iscc_error *error) {
  if (!(p->target_accuracy > 0 && p->target_accuracy < 1))
    return iscc_fail(error, ISCC_EINVAL, "target_accuracy: %g is outside (0, 1)", p->target_accuracy);
  iscc_status status = need_positive("max_latency_s", p->max_latency_s, error);
  if (!status) status = need_not_negative("sensing_time_s", p->sensing_time_s, error);
  if (!status) status = need_positive("max_power_w", p->max_power_w, error);
  if (!status) status = need_positive("max_speed_flops", p->max_speed_flops, error);
  if (!status) status = need_positive("server_speed_flops", p->server_speed_flops, error);
  if (!status) status = need_positive("kappa", p->kappa, error);
  if (status) return status;
  if (!(p->bits_min >= 2 && p->bits_min <= p->bits_max && p->bits_max <= ISCC_PROBLEM_BITS_MAX))
    return iscc_fail(error, ISCC_EINVAL, "bits: %d..%d is not a range within 2..%d", p->bits_min, p->bits_max,
                     ISCC_PROBLEM_BITS_MAX);
  if (!(p->fixed_sensing_power_w >= 0 && p->fixed_sensing_power_w <= p->max_power_w))
    return iscc_fail(error, ISCC_EINVAL, "fixed_sensing_power_w: %g is outside (0, max_power_w = %g]",
                     p->fixed_sensing_power_w, p->max_power_w);
  if (p->sensed && !(p->sensed_power_w >= 0 && p->sensed_power_w <= p->max_power_w))
    return iscc_fail(error, ISCC_EINVAL, "sensed_power_w: %g is outside [0, max_power_w = %g]",
                     p->sensed_power_w, p->max_power_w);
  return ISCC_OK;
}

/* A table's columns: finite, the first value not negative, strictly increasing. */
static iscc_status check_increasing(const char *field, const double *value, int count, iscc_error *error) {
  for (int i = 0; i < count; i++) {
    if (!isfinite(value[i]) || value[i] < 0)
      return iscc_fail(error, ISCC_EINVAL, "%s[%d]: %g is not a finite number of at least 0", field, i,
                       value[i]);
    if (i > 0 && !(value[i] > value[i - 1]))
      return iscc_fail(error, ISCC_EINVAL, "%s[%d]: %g is not above the value before it, %g", field, i,
                       value[i], value[i - 1]);
  }
  return ISCC_OK;
}

static iscc_status check_uplink(const iscc_uplink *u, iscc_error *error) {
  if (!(u->max_power_w >= 0 && isfinite(u->max_power_w)))
    return iscc_fail(error, ISCC_EINVAL, "uplink.max_power_w: %g W is not a finite number >= 0",
                     u->max_power_w);
  if (u->kind == ISCC_UPLINK_SHANNON) {
    iscc_status status = need_positive("uplink.bandwidth_hz", u->bandwidth_hz, error);
    return status ? status : need_positive("uplink.snr_per_w", u->snr_per_w, error);
  }
  if (u->kind != ISCC_UPLINK_STEPS)
    return iscc_fail(error, ISCC_EINVAL, "uplink.type: unknown kind %d", u->kind);
  if (u->steps < 1 || !u->rate_bps || !u->power_w)
    return iscc_fail(error, ISCC_EINVAL, "uplink.rate_bps: needs at least one step");
  iscc_status status = check_increasing("uplink.rate_bps", u->rate_bps, u->steps, error);
  if (!status) status = check_increasing("uplink.power_w", u->power_w, u->steps, error);
  if (!status) status = need_positive("uplink.rate_bps[0]", u->rate_bps[0], error);
  return status;
}

static iscc_status check_curve(const iscc_accuracy_curve *c, iscc_error *error) {
  if (c->kind == ISCC_CURVE_ARCTAN) {
    iscc_status status = need_positive("accuracy_curve.a", c->a, error);
    if (!status) status = need_positive("accuracy_curve.b_per_w", c->b_per_w, error);
    if (!status && c->a * 1.57079632679489661923 > 1)
      return iscc_fail(error, ISCC_EINVAL, "accuracy_curve.a: %g is above 2/pi: accuracies would pass 1",
                       c->a);
    return status;
  }
  if (c->kind != ISCC_CURVE_TABLE)
    return iscc_fail(error, ISCC_EINVAL, "accuracy_curve.type: unknown kind %d", c->kind);
  if (c->points < 2 || !c->power_w || !c->accuracy)
    return iscc_fail(error, ISCC_EINVAL, "accuracy_curve.power_w: needs at least two points");
  iscc_status status = check_increasing("accuracy_curve.power_w", c->power_w, c->points, error);
  if (!status) status = check_increasing("accuracy_curve.accuracy", c->accuracy, c->points, error);
  if (status) return status;
  if (c->accuracy[c->points - 1] > 1)
    return iscc_fail(error, ISCC_EINVAL, "accuracy_curve.accuracy[%d]: %g is above 1", c->points - 1,
                     c->accuracy[c->points - 1]);
  for (int i = 2; i < c->points; i++) {
    const double before = (c->accuracy[i - 1] - c->accuracy[i - 2]) / (c->power_w[i - 1] - c->power_w[i - 2]);
    const double after = (c->accuracy[i] - c->accuracy[i - 1]) / (c->power_w[i] - c->power_w[i - 1]);
    if (after > before * (1 + 1e-9))
      return iscc_fail(error, ISCC_EINVAL,
                       "accuracy_curve.accuracy[%d]: the curve turns up, it must be concave", i - 1);
  }
  return ISCC_OK;
}

/* list: the field's name, "splits" or "pca_splits". */
static iscc_status check_split(const iscc_problem *p, const iscc_split *s, const char *list, size_t index,
                               iscc_error *error) {
  const struct {
    const char *name;
    double value;
  } fields[] = {{"flops_slope", s->flops_slope},
                {"server_flops", s->server_flops},
                {"pruning_loss", s->pruning_loss},
                {"pruning_slope", s->pruning_slope},
                {"delay_s", s->delay_s}};
  for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
    if (!(fields[i].value >= 0 && isfinite(fields[i].value)))
      return iscc_fail(error, ISCC_EINVAL, "%s[%zu].%s: %g is not a finite number of at least 0", list, index,
                       fields[i].name, fields[i].value);
  if (!(s->keep_min >= 0 && s->keep_min <= 1))
    return iscc_fail(error, ISCC_EINVAL, "%s[%zu].keep_ratio_min: %g is outside 0..1", list, index,
                     s->keep_min);
  if (!isfinite(s->flops_const))
    return iscc_fail(error, ISCC_EINVAL, "%s[%zu].flops_const: %g is not finite", list, index,
                     s->flops_const);
  if (s->layer < 0)
    return iscc_fail(error, ISCC_EINVAL, "%s[%zu].layer: %d is below 0", list, index, s->layer);
  if (s->features < 0)
    return iscc_fail(error, ISCC_EINVAL, "%s[%zu].features: %d is below 0", list, index, s->features);
  for (int q = p->bits_min; q <= p->bits_max; q++) {
    if (!(s->quantization_loss[q] >= 0 && isfinite(s->quantization_loss[q])))
      return iscc_fail(error, ISCC_EINVAL,
                       "%s[%zu].quantization_loss (Q = %d): %g is not a finite number of at "
                       "least 0",
                       list, index, q, s->quantization_loss[q]);
    if (!(s->overhead_bits[q] >= 0 && isfinite(s->overhead_bits[q])))
      return iscc_fail(error, ISCC_EINVAL,
                       "%s[%zu].overhead_bits (Q = %d): %g is not a finite number of at "
                       "least 0",
                       list, index, q, s->overhead_bits[q]);
  }
  return ISCC_OK;
}

static iscc_status check_pca_splits(const iscc_problem *p, iscc_error *error) {
  if (p->pca_split_count > ISCC_PROBLEM_SPLITS_MAX || (p->pca_split_count > 0 && !p->pca_splits))
    return iscc_fail(error, ISCC_EINVAL, "pca_splits: %zu candidates are outside 0..%d", p->pca_split_count,
                     ISCC_PROBLEM_SPLITS_MAX);
  iscc_status status = ISCC_OK;
  for (size_t i = 0; i < p->pca_split_count && !status; i++) {
    iscc_error inner = {""};
    status = check_split(p, &p->pca_splits[i].split, "pca_splits", i, error);
    if (!status && check_curve(&p->pca_splits[i].accuracy_curve, &inner))
      status = iscc_fail(error, ISCC_EINVAL, "pca_splits[%zu].%s", i, inner.text);
  }
  return status;
}

iscc_status iscc_problem_check(const iscc_problem *p, iscc_error *error) {
  iscc_status status = check_scalars(p, error);
  if (!status) status = check_uplink(&p->uplink, error);
  if (!status) status = check_curve(&p->accuracy_curve, error);
  if (status) return status;
  if (!p->splits || p->split_count < 1 || p->split_count > ISCC_PROBLEM_SPLITS_MAX)
    return iscc_fail(error, ISCC_EINVAL, "splits: %zu candidates are outside 1..%d", p->split_count,
                     ISCC_PROBLEM_SPLITS_MAX);
  for (size_t i = 0; i < p->split_count && !status; i++)
    status = check_split(p, &p->splits[i], "splits", i, error);
  if (!status) status = check_pca_splits(p, error);
  return status;
}
