/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-campaign-past - what a database already holds of a campaign, and how long the rest may take.
 *
 * The time is that of past runs at the same point, or of all points where one has none yet, over the runs at a time: wall-clock,
 * as they were, also when others ran beside them. */
#ifndef ISCC_CAMPAIGN_PAST_H
#define ISCC_CAMPAIGN_PAST_H

#include "iscc-campaign-file.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
  int64_t done, failed;   /* replications within the campaign's maximum */
  int64_t least, most;    /* runs that are still to do, for the minimum and the maximum of replications */
  double least_s, most_s; /* how long they may take; NAN: nothing of it has run yet */
} iscc_campaign_past;

/* database: need not exist, then all is still to do. program: name of its file. ISCC_EIO, ISCC_EFORMAT: it cannot be read. */
iscc_status iscc_campaign_past_read(const iscc_campaign *campaign, const char *program, const char *database,
                                    int jobs, iscc_campaign_past *out, iscc_error *error);

#ifdef __cplusplus
}
#endif
#endif
