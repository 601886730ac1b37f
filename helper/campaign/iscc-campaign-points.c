/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-campaign-points.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

static json_t *object_of(const iscc_campaign *c, size_t point) {
  json_t *object = json_object();
  for (size_t o = 0; object && o < iscc_grid_options(c->grid); o++)
    json_object_set_new(object, iscc_grid_name(c->grid, o), json_string(iscc_grid_value(c->grid, point, o)));
  return object;
}

static char *text_of(const json_t *object) {
  return object ? json_dumps(object, JSON_SORT_KEYS | JSON_COMPACT) : NULL;
}

/* The group that a point without the options of goals belongs to; a new one if it is the first. */
static iscc_status find_group(const iscc_campaign *c, json_t *object, json_t *groups, size_t *group) {
  for (size_t i = 0; i < c->goals; i++)
    if (c->goal[i].by) json_object_del(object, c->goal[i].by);
  char *rest = text_of(object);
  const json_t *known = rest ? json_object_get(groups, rest) : NULL;
  iscc_status status = rest ? ISCC_OK : ISCC_ENOMEM;
  *group = known ? (size_t)json_integer_value(known) : json_object_size(groups);
  if (rest && !known && json_object_set_new(groups, rest, json_integer((json_int_t)*group)))
    status = ISCC_ENOMEM;
  free(rest);
  return status;
}

/* Points by group, by counting. */
static iscc_status list_members(iscc_campaign_points *p) {
  p->member = calloc(p->points, sizeof *p->member);
  p->first = calloc(p->groups + 2, sizeof *p->first);
  if (!p->member || !p->first) return ISCC_ENOMEM;
  for (size_t i = 0; i < p->points; i++) p->first[p->group[i] + 2]++;
  for (size_t g = 2; g <= p->groups; g++) p->first[g] += p->first[g - 1];
  for (size_t i = 0; i < p->points; i++) p->member[p->first[p->group[i] + 1]++] = i;
  return ISCC_OK;
}

iscc_status iscc_campaign_points_make(const iscc_campaign *c, iscc_campaign_points *out, iscc_error *error) {
  const size_t points = iscc_grid_points(c->grid);
  json_t *groups = json_object();
  *out = (iscc_campaign_points){.points = points,
                                .arguments = calloc(points, sizeof *out->arguments),
                                .group = calloc(points, sizeof *out->group)};
  iscc_status status = groups && out->arguments && out->group ? ISCC_OK : ISCC_ENOMEM;
  for (size_t p = 0; !status && p < points; p++) {
    json_t *object = object_of(c, p);
    out->arguments[p] = text_of(object);
    status = out->arguments[p] ? ISCC_OK : ISCC_ENOMEM;
    if (!status) status = find_group(c, object, groups, &out->group[p]);
    json_decref(object);
  }
  out->groups = json_object_size(groups);
  json_decref(groups);
  if (!status) status = list_members(out);
  if (!status) return ISCC_OK;
  iscc_campaign_points_free(out);
  return iscc_fail(error, status, "campaign: out of memory, or an option that is not UTF-8");
}

void iscc_campaign_points_free(iscc_campaign_points *points) {
  for (size_t p = 0; points->arguments && p < points->points; p++) free(points->arguments[p]);
  free(points->arguments);
  free(points->group);
  free(points->member);
  free(points->first);
  memset(points, 0, sizeof *points);
}
