/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-campaign-local - the engine of a campaign that is this machine: several processes at a time. */
#ifndef ISCC_CAMPAIGN_LOCAL_H
#define ISCC_CAMPAIGN_LOCAL_H

#include "iscc-campaign-engine.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
  int jobs; /* runs at a time */
} iscc_campaign_local_settings;

/* Errors are those of iscc_pool_open(). */
iscc_campaign_opener iscc_campaign_local_open;

#ifdef __cplusplus
}
#endif
#endif
