/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-campaign-spelling - points that a database has already, their numbers written otherwise.
 *
 * A run is known by the text of its arguments. Where a database has --x=0.80 and a campaign asks for --x=0.8, the same replications
 * would be run and counted twice. */
#ifndef ISCC_CAMPAIGN_SPELLING_H
#define ISCC_CAMPAIGN_SPELLING_H

#include "iscc-campaign-points.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ISCC_EINVAL: the database holds runs of the program whose arguments equal those of a point as numbers, not as texts. A database that
 * is not there is fine. */
iscc_status iscc_campaign_spelling_check(const iscc_campaign_points *points, const char *program,
                                         const char *database, iscc_error *error);

/* The same of all runs of another database beside those of a database, before the other is merged into it. */
iscc_status iscc_campaign_spelling_check_other(const char *database, const char *other, iscc_error *error);

#ifdef __cplusplus
}
#endif
#endif
