/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-campaign-goals - whether a group of points has been repeated often enough.
 *
 * Looks at replications 1..n of each point, those that are done; of a goal with a baseline, at differences of pairs. The rule is that of
 * iscc-sequential.h, that for values 0 and 1 as long as a metric has no others and its name no unit. Depends on nothing but these results: not on how many ran at a time, nor on what ran further. */
#ifndef ISCC_CAMPAIGN_GOALS_H
#define ISCC_CAMPAIGN_GOALS_H

#include "iscc-campaign-points.h"
#include "iscc-campaign-store.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What a look at a group comes to. */
typedef struct {
  int64_t
      next; /* replications that this group is to have now; n when all its goals are reached or n is the campaign's maximum. At most
                  * half as many again as n */
  bool reached;
  bool
      skewed; /* values of a goal are strongly skewed (iscc-warning.h): its interval holds less often than it says */
} iscc_campaign_look;

/* ISCC_EINVAL: a metric that no run has; the text names those there are. */
iscc_status iscc_campaign_goals_look(const iscc_campaign *campaign, const iscc_campaign_points *points,
                                     size_t group, iscc_campaign_store *store, const char *program, int64_t n,
                                     iscc_campaign_look *out, iscc_error *error);

#ifdef __cplusplus
}
#endif
#endif
