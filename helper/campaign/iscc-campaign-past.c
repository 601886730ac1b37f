/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-campaign-past.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "iscc-campaign-points.h"
#include "iscc-campaign-spelling.h"
#include "iscc-campaign-store.h"

typedef struct { /* of one point */
  const iscc_campaign *c;
  int64_t done, done_of_least, failed, failed_of_least, known;
  double sum_s;
} tally;

static void take(void *ctx, int64_t run, iscc_execution_outcome outcome, double elapsed_s) {
  tally *t = ctx;
  const bool done = outcome == ISCC_EXECUTION_DONE;
  if (run < 1 || run > t->c->max_runs) return;
  t->known++;
  t->sum_s += elapsed_s;
  t->done += done;
  t->failed += !done;
  t->done_of_least += done && run <= t->c->min_runs;
  t->failed_of_least += !done && run <= t->c->min_runs;
}

/* Sums the points; those without a past wait for the mean of the others. */
static void sum_up(const iscc_campaign *c, const tally *point, size_t points, int jobs,
                   iscc_campaign_past *out) {
  double sum_s = 0;
  int64_t known = 0;
  for (size_t p = 0; p < points; p++) {
    sum_s += point[p].sum_s;
    known += point[p].known;
  }
  const double mean_s = known ? sum_s / (double)known : (double)NAN;
  for (size_t p = 0; p < points; p++) {
    const tally *t = point + p;
    const double each_s = (t->known ? t->sum_s / (double)t->known : mean_s) / jobs;
    const int64_t least = c->min_runs - t->done_of_least - t->failed_of_least,
                  most = c->max_runs - t->done - t->failed;
    out->done += t->done;
    out->failed += t->failed;
    out->least += least;
    out->most += most;
    out->least_s += each_s * (double)least;
    out->most_s += each_s * (double)most;
  }
}

iscc_status iscc_campaign_past_read(const iscc_campaign *c, const char *program, const char *database,
                                    int jobs, iscc_campaign_past *out, iscc_error *error) {
  iscc_campaign_points points;
  iscc_campaign_store *store = NULL;
  memset(out, 0, sizeof *out);
  iscc_status status = iscc_campaign_points_make(c, &points, error);
  if (status) return status;
  tally *point = calloc(points.points, sizeof *point);
  if (!point) status = iscc_fail(error, ISCC_ENOMEM, "campaign: out of memory");
  if (!status && access(database, F_OK) == 0) status = iscc_campaign_store_open_read(database, &store, error);
  if (!status && store) status = iscc_campaign_spelling_check(&points, program, database, error);
  for (size_t p = 0; !status && p < points.points; p++) {
    point[p].c = c;
    if (store)
      status = iscc_campaign_store_runs(store, program, points.arguments[p], c->seed, take, &point[p], error);
  }
  if (!status) sum_up(c, point, points.points, jobs, out);
  iscc_campaign_store_close(store);
  free(point);
  iscc_campaign_points_free(&points);
  return status;
}
