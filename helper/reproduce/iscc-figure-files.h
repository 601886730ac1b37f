/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-figure-files - the files of a figure in the study's directory: NAME.csv, NAME.png, NAME.svg. */
#ifndef ISCC_FIGURE_FILES_H
#define ISCC_FIGURE_FILES_H

#include <stdio.h>

#include "iscc-output-file.h"
#include "iscc-plot.h"
#include "iscc-study.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { ISCC_FIGURE_PATH_MAX = 4096 };

/* DIR/NAME.ENDING. */
void iscc_figure_path(const iscc_study *study, const char *name, const char *ending,
                      char path[ISCC_FIGURE_PATH_MAX]);

/* NAME.csv, to be ended with iscc_output_end(); NULL as iscc_output_begin(). */
FILE *iscc_figure_csv(const iscc_study *study, const char *name, iscc_output_file *file, iscc_error *error);

/* NAME.png and NAME.svg. remove: takes them away where they would show what no longer holds. */
iscc_status iscc_figure_draw(const iscc_study *study, const char *name, const iscc_plot_sheet *sheet,
                             const iscc_plot_panel *panels, size_t count, iscc_error *error);
void iscc_figure_remove(const iscc_study *study, const char *name);

#ifdef __cplusplus
}
#endif
#endif
