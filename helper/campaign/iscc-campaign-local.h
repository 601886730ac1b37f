/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-campaign-local - the engine of a campaign that is this machine: several processes at a time. */
#ifndef ISCC_CAMPAIGN_LOCAL_H
#define ISCC_CAMPAIGN_LOCAL_H

#include "iscc-campaign-engine.h"
#include "iscc-campaign-points.h"

#ifdef __cplusplus
extern "C" {
#endif

/* jobs: runs at a time. All is borrowed until the engine is closed. Errors are those of iscc_campaign_pool_open(). */
iscc_status iscc_campaign_local_open(const iscc_campaign_program *program, const iscc_campaign_points *points,
                                     iscc_campaign_store *store, const char *database, int jobs,
                                     iscc_campaign_engine *out, iscc_error *error);

#ifdef __cplusplus
}
#endif
#endif
