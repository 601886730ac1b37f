/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-campaign-picture - a chart as files: the picture, its numbers as CSV beside it, the gnuplot script that draws it.
 *
 * With `against`, a line for each value of `by` over the other option; else a point for each value. Intervals are bars; lines are moved sideways by
 * 0.6 % of the x axis from each other, so that all bars are seen. With a
 * baseline a second frame has the relative differences to it. A point without any value of the metric is a cross in a strip below
 * the frame. The names of CSV and script are the picture's with .csv and .gp; `gnuplot FILE.gp >FILE.svg` draws an SVG again. */
#ifndef ISCC_CAMPAIGN_PICTURE_H
#define ISCC_CAMPAIGN_PICTURE_H

#include <limits.h>

#include "iscc-campaign-chart.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { ISCC_CHART_VALUES_MAX = 16, ISCC_CHART_LABEL_MAX = 128 };

/* "energy per task (mJ)" of energy_per_task_j, and what the values are multiplied with for it: 1000 where all are below 0.1 and
 * the unit is J, s or W, else 1. largest: of the absolute values. */
double iscc_chart_metric_label(const char *metric, double largest, char label[ISCC_CHART_LABEL_MAX]);

/* "max-latency (s)": the option, with its unit if `examples` (it is one of the examples') and it has one. */
void iscc_chart_option_label(const char *option, bool examples, char label[ISCC_CHART_LABEL_MAX]);

/* path without its ending, with another one such as ".csv". */
void iscc_chart_path(const char *path, const char *ending, char out[PATH_MAX]);

/* Each file is written beside its place and renamed when it is whole: the CSV, the script, then the picture. ISCC_EINVAL: path
 * ends in none of .png, .svg and .pdf, or `by` has more than ISCC_CHART_VALUES_MAX values. ISCC_EIO: a file could not be written, or
 * gnuplot failed; CSV and script stay then. */
iscc_status iscc_chart_draw(const iscc_chart *chart, const iscc_chart_question *question, const char *path,
                            iscc_error *error);

#ifdef __cplusplus
}
#endif
#endif
