/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-campaign-file - what a campaign runs, how often and what is asked of it, from a YAML file.
 *
 *   program: iscc-wifi-contention     a name, looked for beside the iscc command and in PATH, or a path from the file
 *   seed: 1                           RngSeed of all runs
 *   options, grid, zip                see iscc-axes.h
 *   where: [EXPRESSION, ...]          conditions on points, see iscc-grid.h
 *   runs: 30                          replications of each point, RngRun = 1..30; or
 *   runs: {min: 5, max: 100, until: [{metric: M, relative: 0.05}, ...]}
 *                                     as many as it takes for intervals of these half widths; with by: and baseline: of
 *                                     the paired difference to the baseline
 *   confidence: 0.95                  of all intervals
 *   results: database | lines          what the program gives: an iscc database by its option --db, or lines NAME=VALUE on its
 *                                     stdout (iscc-value-lines.h)
 *   metrics: [M, ...]                 what is shown
 *   compare: [{metric: M, by: OPTION, baseline: VALUE}, ...]
 *   timeout: 600                      seconds of wall time after which a run is killed
 *
 * doc/campaign.rst is the reference for users. */
#ifndef ISCC_CAMPAIGN_FILE_H
#define ISCC_CAMPAIGN_FILE_H

#include <stdbool.h>
#include <stdint.h>

#include "iscc-axes.h"

#ifdef __cplusplus
extern "C" {
#endif

enum {
  ISCC_CAMPAIGN_RUNS_MAX = 1000000,     /* replications of a point */
  ISCC_CAMPAIGN_ALL_RUNS_MAX = 10000000 /* points times their greatest number of replications */
};

typedef struct {
  const char *metric, *by,
      *baseline; /* by NULL: the metric itself; else the paired difference to this value of an option */
  bool relative; /* of the mean, or of the baseline's */
  double half_width;
  size_t alone; /* points with another value of that option and no partner with the baseline's */
} iscc_campaign_goal;

typedef struct {
  const char *metric, *by, *baseline;
  size_t alone; /* as of a goal */
} iscc_campaign_comparison;

typedef struct {
  iscc_yaml *yaml; /* holds all texts */
  const char *program;
  uint32_t seed;
  bool prints; /* its results, in lines */
  iscc_axes axes;
  iscc_grid *grid; /* options that are the same in all runs come first */
  long min_runs, max_runs;
  double confidence, timeout_s; /* timeout_s INFINITY: none */
  size_t goals, metrics, comparisons;
  iscc_campaign_goal *goal;
  const char **metric;
  iscc_campaign_comparison *comparison;
} iscc_campaign;

/* ISCC_EFORMAT, ISCC_EINVAL: the text says FILE:LINE. On failure nothing is to be freed. */
iscc_status iscc_campaign_read(const char *path, iscc_campaign *out, iscc_error *error);
void iscc_campaign_free(iscc_campaign *campaign);

#ifdef __cplusplus
}
#endif
#endif
