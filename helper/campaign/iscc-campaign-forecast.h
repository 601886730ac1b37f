/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-campaign-forecast - how long the runs that are still wanted may take.
 *
 *   left = sum over points of open[p] mean[p] / jobs
 *
 * mean[p]: of the past runs at that point; of all points where it has none yet. */
#ifndef ISCC_CAMPAIGN_FORECAST_H
#define ISCC_CAMPAIGN_FORECAST_H

#include <stddef.h>
#include <stdint.h>

#include "iscc-moments.h"

#ifdef __cplusplus
extern "C" {
#endif

/* elapsed_s: of each point's runs, s; open: runs of each that have not ended. NaN: some are open and none has run. */
double iscc_campaign_forecast_s(size_t points, const iscc_moments *elapsed_s, const uint32_t *open, int jobs);

#ifdef __cplusplus
}
#endif
#endif
