/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-grid-partners.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
  const iscc_grid *grid;
  size_t by;
} sorting;

/* By all options but one. */
static int by_others(const void *a, const void *b, void *ctx) {
  const sorting *s = ctx;
  int order = 0;
  for (size_t o = 0; order == 0 && o < iscc_grid_options(s->grid); o++)
    if (o != s->by)
      order = strcmp(iscc_grid_value(s->grid, *(const size_t *)a, o),
                     iscc_grid_value(s->grid, *(const size_t *)b, o));
  return order;
}

/* Of points that are the same in all others, up to the end of which the place is returned. */
static size_t count_group(sorting *s, const size_t *point, size_t points, size_t begin, const char *baseline,
                          size_t *with, size_t *without) {
  size_t end = begin, others = 0;
  bool there = false;
  for (; end < points && by_others(point + begin, point + end, s) == 0; end++) {
    const bool is_baseline = strcmp(iscc_grid_value(s->grid, point[end], s->by), baseline) == 0;
    there |= is_baseline;
    others += !is_baseline;
  }
  *(there ? with : without) += others;
  return end;
}

iscc_status iscc_grid_partners_count(const iscc_grid *grid, const char *option, const char *baseline,
                                     size_t *with, size_t *without, iscc_error *error) {
  sorting s = {.grid = grid};
  const size_t points = iscc_grid_points(grid);
  size_t *point = malloc(points * sizeof *point);
  if (!point) return iscc_fail(error, ISCC_ENOMEM, "campaign: out of memory");
  while (strcmp(iscc_grid_name(grid, s.by), option) != 0) s.by++;
  for (size_t p = 0; p < points; p++) point[p] = p;
  qsort_r(point, points, sizeof *point, by_others, &s);
  *with = *without = 0;
  for (size_t begin = 0; begin < points;)
    begin = count_group(&s, point, points, begin, baseline, with, without);
  free(point);
  return ISCC_OK;
}
