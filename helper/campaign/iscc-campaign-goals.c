/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-campaign-goals.h"

#include <math.h>
#include <string.h>

#include "iscc-moments.h"
#include "iscc-sequential.h"

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

/* Values of a point, or differences to its baseline; scale: the baseline's mean, for relative goals. */
static iscc_status gather(const look *l, const iscc_campaign_goal *goal, size_t point, const size_t *baseline,
                          iscc_moments *values, iscc_moments *base) {
  iscc_status status = ISCC_OK;
  *values = *base = (iscc_moments){0};
  for (int64_t run = 1; !status && run <= l->n; run++) {
    double value, other = 0;
    status = value_at(l, point, run, goal->metric, &value);
    if (!status && baseline) status = value_at(l, *baseline, run, goal->metric, &other);
    if (status || isnan(value) || isnan(other)) continue;
    iscc_moments_add(values, value - other);
    iscc_moments_add(base, other);
  }
  return status;
}

/* Raises *needed to the replications that a point is to have next for a goal; leaves it when that is reached. */
static iscc_status look_at_point(const look *l, const iscc_campaign_goal *goal, size_t point,
                                 double *needed) {
  size_t baseline = 0;
  iscc_moments values, base;
  if (goal->by && strcmp(value_of(l->c, point, goal->by), goal->baseline) == 0) return ISCC_OK;
  if (goal->by && !find_baseline(l, goal, point, &baseline)) return ISCC_OK; /* 'where' left it out */
  iscc_status status = gather(l, goal, point, goal->by ? &baseline : NULL, &values, &base);
  if (!status && values.count == 0)
    status = iscc_campaign_store_check_metric(l->store, l->program, goal->metric, l->error);
  if (status) return status;
  if (values.count == 0) { /* and more runs would hardly change that */
    *needed = fmax(*needed, (double)l->n);
    return ISCC_OK;
  }
  const bool scaled = goal->by && goal->relative; /* relative to the baseline's mean, not to the difference */
  const iscc_sequential_rule rule = {.confidence = l->c->confidence,
                                     .width = scaled ? goal->half_width * fabs(base.mean) : goal->half_width,
                                     .relative = goal->relative && !scaled,
                                     .minimum = (size_t)l->c->min_runs};
  if (values.count < 2 || !(rule.width > 0)) {
    *needed = fmax(*needed, ceil(1.5 * (double)l->n));
    return ISCC_OK;
  }
  const iscc_sequential_look seen = iscc_sequential_look_at(&rule, &values);
  if (!seen.reached) *needed = fmax(*needed, (double)iscc_sequential_next(&seen, (size_t)l->n));
  return ISCC_OK;
}

iscc_status iscc_campaign_goals_look(const iscc_campaign *c, const iscc_campaign_points *points, size_t group,
                                     iscc_campaign_store *store, const char *program, int64_t n,
                                     int64_t *next, bool *reached, iscc_error *error) {
  const look l = {c, points, store, program, n, error};
  double needed = 0;
  iscc_status status = ISCC_OK;
  for (size_t m = points->first[group]; !status && m < points->first[group + 1]; m++)
    for (size_t i = 0; !status && i < c->goals; i++)
      status = look_at_point(&l, c->goal + i, points->member[m], &needed);
  *reached = needed == 0;
  *next = *reached ? n : (int64_t)fmax((double)n, fmin(needed, (double)c->max_runs));
  return status;
}
