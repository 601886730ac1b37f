/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-campaign-goals.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "iscc-metric-unit.h"
#include "iscc-moments.h"
#include "iscc-paired-shares.h"
#include "iscc-paired.h"
#include "iscc-sequential.h"
#include "iscc-warning.h"

typedef struct {
  const iscc_campaign *c;
  const iscc_campaign_points *points;
  iscc_campaign_store *store;
  const char *program;
  int64_t n;
  iscc_error *error;
} look;

static const char *value_of(const iscc_campaign *c, size_t point, const char *option) {
  for (size_t o = 0; o < iscc_grid_options(c->grid); o++)
    if (strcmp(iscc_grid_name(c->grid, o), option) == 0) return iscc_grid_value(c->grid, point, o);
  return "";
}

/* The point that has the baseline's value and else the same. */
static bool find_baseline(const look *l, const iscc_campaign_goal *goal, size_t point, size_t *baseline) {
  const size_t group = l->points->group[point];
  for (size_t m = l->points->first[group]; m < l->points->first[group + 1]; m++) {
    *baseline = l->points->member[m];
    bool same = true;
    for (size_t o = 0; same && o < iscc_grid_options(l->c->grid); o++) {
      const bool by = strcmp(iscc_grid_name(l->c->grid, o), goal->by) == 0;
      const char *wanted = by ? goal->baseline : iscc_grid_value(l->c->grid, point, o);
      same = strcmp(iscc_grid_value(l->c->grid, *baseline, o), wanted) == 0;
    }
    if (same) return true;
  }
  return false;
}

static iscc_status value_at(const look *l, size_t point, int64_t run, const char *metric, double *value) {
  return iscc_campaign_store_metric(l->store, l->program, l->points->arguments[point], l->c->seed, run,
                                    metric, value, l->error);
}

/* Values of a point beside those of its baseline, 0 without one. */
typedef struct {
  double *value, *other;
  size_t n;
} sample;

static iscc_status gather(const look *l, const iscc_campaign_goal *goal, size_t point, const size_t *baseline,
                          sample *s) {
  iscc_status status = ISCC_OK;
  s->n = 0;
  for (int64_t run = 1; !status && run <= l->n; run++) {
    double value, other = 0;
    status = value_at(l, point, run, goal->metric, &value);
    if (!status && baseline) status = value_at(l, *baseline, run, goal->metric, &other);
    if (status || isnan(value) || isnan(other)) continue;
    s->value[s->n] = value;
    s->other[s->n++] = other;
  }
  return status;
}

/* A metric with a unit is none of successes, even if it was 0 each time. */
static bool are_successes(const iscc_campaign_goal *goal, const sample *s) {
  return !iscc_metric_unit_of(goal->metric) && iscc_are_binary(s->value, s->n) &&
         iscc_are_binary(s->other, s->n);
}

static iscc_sequential_look look_at_successes(const iscc_sequential_rule *rule, bool paired,
                                              const sample *s) {
  size_t count[2][2] = {{0, 0}, {0, 0}};
  for (size_t i = 0; i < s->n; i++) count[s->value[i] > 0][s->other[i] > 0]++;
  if (!paired) return iscc_sequential_look_at_share(rule, count[1][0], s->n);
  return iscc_sequential_look_at_paired_shares(rule, count[1][1], count[1][0], count[0][1], count[0][0]);
}

/* Raises *needed to the replications that a point is to have next for a goal; leaves it when that is reached. */
static void look_at_sample(const look *l, const iscc_campaign_goal *goal, sample *s, double *needed,
                           iscc_campaign_look *out) {
  iscc_moments values = {0}, base = {0};
  for (size_t i = 0; i < s->n; i++) {
    iscc_moments_add_difference(&values, s->value[i], s->other[i]);
    iscc_moments_add(&base, s->other[i]);
  }
  const bool scaled = goal->by && goal->relative; /* relative to the baseline's mean, not to the difference */
  const iscc_sequential_rule rule = {.confidence = l->c->confidence,
                                     .width = scaled ? goal->half_width * fabs(base.mean) : goal->half_width,
                                     .relative = goal->relative && !scaled,
                                     .minimum = (size_t)l->c->min_runs};
  if (s->n < 2 || !(rule.width > 0)) {
    *needed = fmax(*needed, ceil(1.5 * (double)l->n));
    return;
  }
  const bool successes = are_successes(goal, s);
  const iscc_sequential_look seen =
      successes ? look_at_successes(&rule, goal->by, s) : iscc_sequential_look_at(&rule, &values);
  if (!seen.reached) *needed = fmax(*needed, (double)iscc_sequential_next(&seen, (size_t)l->n));
  iscc_paired_differences(s->value, s->other, s->n, s->value);
  out->skewed |= !successes && iscc_warning_of(s->value, s->n) == ISCC_WARNING_SKEWED;
}

static iscc_status look_at_point(const look *l, const iscc_campaign_goal *goal, size_t point, sample *s,
                                 double *needed, iscc_campaign_look *out) {
  size_t baseline = 0;
  if (goal->by && strcmp(value_of(l->c, point, goal->by), goal->baseline) == 0) return ISCC_OK;
  if (goal->by && !find_baseline(l, goal, point, &baseline)) return ISCC_OK; /* 'where' left it out */
  iscc_status status = gather(l, goal, point, goal->by ? &baseline : NULL, s);
  if (!status && s->n == 0)
    status = iscc_campaign_store_check_metric(l->store, l->program, goal->metric, l->error);
  if (status) return status;
  if (s->n)
    look_at_sample(l, goal, s, needed, out);
  else /* and more runs would hardly change that */
    *needed = fmax(*needed, (double)l->n);
  return ISCC_OK;
}

iscc_status iscc_campaign_goals_look(const iscc_campaign *c, const iscc_campaign_points *points, size_t group,
                                     iscc_campaign_store *store, const char *program, int64_t n,
                                     iscc_campaign_look *out, iscc_error *error) {
  const look l = {c, points, store, program, n, error};
  sample s = {calloc((size_t)n + 1, sizeof(double)), calloc((size_t)n + 1, sizeof(double)), 0};
  double needed = 0;
  iscc_status status = ISCC_OK;
  if (!s.value || !s.other) status = iscc_fail(error, ISCC_ENOMEM, "goals: out of memory");
  *out = (iscc_campaign_look){.next = n};
  for (size_t m = points->first[group]; !status && m < points->first[group + 1]; m++)
    for (size_t i = 0; !status && i < c->goals; i++)
      status = look_at_point(&l, c->goal + i, points->member[m], &s, &needed, out);
  out->reached = needed == 0;
  if (!out->reached) out->next = (int64_t)fmax((double)n, fmin(needed, (double)c->max_runs));
  free(s.value);
  free(s.other);
  return status;
}
