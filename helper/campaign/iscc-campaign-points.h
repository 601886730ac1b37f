/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-campaign-points - the points of a campaign as command lines, and which of them stop together.
 *
 * Points that differ in nothing but the options named by 'by' of the campaign's goals are a group: pairs need the same
 * replications of all of them, so they get equally many. */
#ifndef ISCC_CAMPAIGN_POINTS_H
#define ISCC_CAMPAIGN_POINTS_H

#include "iscc-campaign-file.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
  size_t points, groups;
  char **arguments; /* of each point: JSON object of texts, sorted by name */
  size_t *group;    /* of each point, 0..groups-1 */
  size_t *member;   /* points, group by group */
  size_t *first;    /* [groups + 1]: where in member a group begins */
} iscc_campaign_points;

/* No two points are the same (iscc-axes.h). ISCC_ENOMEM. On failure nothing is to be freed. */
iscc_status iscc_campaign_points_make(const iscc_campaign *campaign, iscc_campaign_points *out,
                                      iscc_error *error);
void iscc_campaign_points_free(iscc_campaign_points *points);

#ifdef __cplusplus
}
#endif
#endif
