/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-campaign-record - how a run ended, from its process and what it left, into a database. */
#ifndef ISCC_CAMPAIGN_RECORD_H
#define ISCC_CAMPAIGN_RECORD_H

#include "iscc-campaign-store.h"
#include "iscc-pool.h"
#include "iscc-program-version.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { ISCC_CAMPAIGN_FAILURE_MAX = 512 };

typedef struct {    /* what the runs of a campaign have in common; texts are borrowed */
  const char *path; /* of the executable */
  const char *name; /* of its file */
  const char *sha256;
  const iscc_program_version *version; /* what sha256 is of; runs of any other version are refused */
  const char *iscc_commit;             /* of the command that runs the campaign */
  uint32_t seed;
  bool prints;     /* its results, in lines */
  bool sequential; /* results decide how many replications there are */
  double timeout_s;
} iscc_campaign_program;

typedef struct {
  size_t point;
  int64_t run;
  double elapsed_s; /* wall-clock */
  bool done;
  bool elsewhere; /* it is done, and recorded by another campaign before this one could */
  bool lost;      /* the cluster ended it: nothing is recorded, it may be run again */
  char failure[ISCC_CAMPAIGN_FAILURE_MAX]; /* arguments and reason; empty: done */
} iscc_campaign_end;

/* Adds a run that has ended, and releases it. arguments: JSON. A run that is there already, done, is left alone. ISCC_ESTATE: the program
 * is another one by now, perhaps that of the run; nothing is added. */
iscc_status iscc_campaign_record(iscc_campaign_store *store, const iscc_campaign_program *program,
                                 const char *arguments, iscc_pool_run *run, iscc_campaign_end *end,
                                 iscc_error *error);

/* One line about a run that is not done: the last one of its stderr; of one that is truncated, what was wrong with its results. */
void iscc_campaign_failure(char text[ISCC_CAMPAIGN_FAILURE_MAX], const iscc_execution *execution);

#ifdef __cplusplus
}
#endif
#endif
