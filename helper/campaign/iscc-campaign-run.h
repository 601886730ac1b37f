/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-campaign-run - runs what a campaign still lacks and adds it to its database.
 *
 * Each run is a process of its own that is added with all its rows in one transaction; killed at any moment, the campaign loses
 * the runs in flight, and the next call goes on. Points are repeated group by group (iscc-campaign-points.h) to the
 * minimum, then, while goals are not reached, to what the results so far ask for. Which runs come to be depends on their results
 * alone, so the database holds the same for any number of jobs, but for the order and wall-clock columns. Longest first, as far as
 * times are known. */
#ifndef ISCC_CAMPAIGN_RUN_H
#define ISCC_CAMPAIGN_RUN_H

#include "iscc-campaign-engine.h"
#include "iscc-campaign-file.h"
#include "iscc-campaign-record.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
  const char *program; /* path of the executable */
  const char *database;
  const char *iscc_commit;             /* of the program that runs the campaign, for the record */
  iscc_campaign_opener *open_engine;   /* what carries the runs out, iscc_campaign_local_open() say */
  const void *engine_settings;         /* for it */
  int jobs;                            /* runs at a time, for the time to go; 0: not known */
  bool no_wait;                        /* with a queue: only put into it what is wanted now */
  bool retry_failed;                   /* run again what failed, was timed out or truncated */
  bool mix_programs;                   /* although results of another program or model file are there */
  void (*waits)(const char *database); /* called when another process has locked it for 2 s; NULL: not told */
} iscc_campaign_settings;

typedef struct {
  int64_t before;        /* done runs that were there */
  int64_t done;          /* of this call */
  int64_t failed;        /* of this call: recorded, and not done */
  int64_t failed_before; /* that were not run again */
  int64_t elsewhere;     /* done, but recorded by another campaign meanwhile */
  int64_t lost;          /* twice by the cluster */
  int64_t queued;        /* left in the cluster's queue (no_wait) */
  size_t groups_open;    /* whose goals are not reached with the greatest number of runs */
  size_t groups_skewed;  /* whose goals were looked at by values that are strongly skewed */
  char first_failure[ISCC_CAMPAIGN_FAILURE_MAX]; /* arguments and reason; empty: none */
} iscc_campaign_outcome;

/* Shows a progress bar on stderr; holds back SIGINT, SIGTERM and SIGHUP while it works; one call at a time in a process. While another process
 * locks the database, runs in flight go on and end in time, and nothing new begins. Fails with
 * ISCC_EINTR: stopped by one of these signals; runs in flight are dropped, those in a cluster's queue stay there; outcome is set;
 * ISCC_EINVAL: what is wrong with the file or its place beside what the database holds (another program or model, another spelling of a number),
 * or with the environment;
 * ISCC_ESTATE: another campaign works on the database, or the program's files changed meanwhile;
 * ISCC_EFORMAT: the database is none of ours;
 * ISCC_EIO: a file, a program or the cluster cannot be reached; ISCC_ENOMEM. */
iscc_status iscc_campaign_run(const iscc_campaign *campaign, const iscc_campaign_settings *settings,
                              iscc_campaign_outcome *outcome, iscc_error *error);

#ifdef __cplusplus
}
#endif
#endif
