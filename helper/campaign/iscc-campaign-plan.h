/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-campaign-plan - a campaign before it runs: grid, runs, what is asked. */
#ifndef ISCC_CAMPAIGN_PLAN_H
#define ISCC_CAMPAIGN_PLAN_H

#include <stdio.h>

#include "iscc-campaign-past.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Prints the campaign and its first points, at most so many. program: where it lies. jobs: runs at a time, for the time. */
void iscc_campaign_plan_print(const iscc_campaign *campaign, const char *program,
                              const iscc_campaign_past *past, int jobs, size_t points_max, FILE *out);

/* The command line of a run as a user would type it, in single quotes what a shell would not take as it is. */
void iscc_campaign_command_print(const iscc_campaign *campaign, const char *program, size_t point, long run,
                                 FILE *out);

#ifdef __cplusplus
}
#endif
#endif
