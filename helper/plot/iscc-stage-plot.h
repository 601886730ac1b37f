/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-stage-plot - pictures of what a sensing run holds at each stage. */
#ifndef ISCC_STAGE_PLOT_H
#define ISCC_STAGE_PLOT_H

#include "iscc-sensing-stage.h"
#include "iscc-status.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Draws the values of a stage (as iscc_sensing_stage_read() gives them) to a file (iscc-plot.h): echo and
 * filtered as magnitude over fast and slow time in dB, slow-time as curves, spectrogram in dB below its peak,
 * input as it is. title: borrowed, without quotes or newlines. */
iscc_status iscc_stage_plot(const char *path, const char *title, const iscc_sensing_settings *settings,
                            iscc_stage stage, const iscc_stage_shape *shape, const double *values,
                            iscc_error *error);

#ifdef __cplusplus
}
#endif
#endif
