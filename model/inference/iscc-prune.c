/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-prune.h"

#include <float.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>

struct iscc_pruner {
  const float *weight;
  size_t n;
  uint32_t rank[]; /* rank[i]: how many weights are pruned before weight i */
};

typedef struct {
  float magnitude;
  uint32_t index;
} ranked;

static int by_magnitude_then_index(const void *left, const void *right) {
  const ranked *a = left, *b = right;
  if (a->magnitude != b->magnitude) return a->magnitude < b->magnitude ? -1 : 1;
  return a->index < b->index ? -1 : a->index > b->index;
}

iscc_status iscc_pruner_create(const float *weight, size_t n, iscc_pruner **out, iscc_error *error) {
  *out = NULL;
  if (n == 0 || n > UINT32_MAX)
    return iscc_fail(error, ISCC_EINVAL, "weights to prune: %zu is outside 1..%u", n, UINT32_MAX);
  iscc_pruner *pruner = malloc(sizeof *pruner + n * sizeof *pruner->rank);
  ranked *order = malloc(n * sizeof *order);
  if (!pruner || !order) {
    free(pruner), free(order);
    return iscc_fail(error, ISCC_ENOMEM, "out of memory ranking %zu weights", n);
  }
  for (size_t i = 0; i < n; i++) order[i] = (ranked){.magnitude = fabsf(weight[i]), .index = (uint32_t)i};
  qsort(order, n, sizeof *order, by_magnitude_then_index);
  for (size_t i = 0; i < n; i++) pruner->rank[order[i].index] = (uint32_t)i;
  pruner->weight = weight;
  pruner->n = n;
  free(order);
  *out = pruner;
  return ISCC_OK;
}

void iscc_pruner_destroy(iscc_pruner *pruner) {
  free(pruner);
}

size_t iscc_prune_kept(size_t n, double keep_ratio) {
  const double exact = keep_ratio * (double)n, whole = round(exact);
  /* 0.55 * 7200 is 3960 plus a rounding error: that must not keep one weight more. */
  const double kept = fabs(exact - whole) <= 4 * DBL_EPSILON * exact ? whole : ceil(exact);
  return kept >= (double)n ? n : kept > 0 ? (size_t)kept : 0;
}

void iscc_pruner_apply(const iscc_pruner *pruner, size_t kept, float *pruned) {
  const size_t cut = kept < pruner->n ? pruner->n - kept : 0;
  for (size_t i = 0; i < pruner->n; i++) pruned[i] = pruner->rank[i] >= cut ? pruner->weight[i] : 0.0f;
}
