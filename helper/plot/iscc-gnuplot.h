/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-gnuplot - runs one gnuplot script into a picture file; for the iscc-plot files.
 *
 * The picture's kind follows the ending of its path: .png, .svg or .pdf. It is drawn beside its path and
 * renamed when gnuplot has finished without a complaint. gnuplot reads its commands and data from us as
 * standard input and no set-up file of the user. */
#ifndef ISCC_GNUPLOT_H
#define ISCC_GNUPLOT_H

#include <stdbool.h>
#include <stdio.h>

#include "iscc-output-file.h"
#include "iscc-status.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { ISCC_GNUPLOT_FONT_PX = 15 }; /* 11.25 pt: of all texts, in every kind of picture; 96 px are an inch */

typedef struct {
  FILE *script; /* the caller writes commands and data here, unchecked */
  iscc_output_file picture;
} iscc_gnuplot;

/* ISCC_EINVAL unless path ends in .png, .svg or .pdf, naming these. */
iscc_status iscc_gnuplot_check_path(const char *path, iscc_error *error);

/* Opens both files, sets the terminal and these variables: BOLD, the bold font; MARK, the point size of
 * marks; TICK_UP, the vertical offset of the x axis' texts. On failure nothing is to be ended. */
iscc_status iscc_gnuplot_begin(iscc_gnuplot *gnuplot, const char *path, int width_px, int height_px,
                               iscc_error *error);

/* Writes what the script holds so far to a file beside path, renamed when it is whole: `gnuplot FILE >PICTURE` draws
 * it again. */
iscc_status iscc_gnuplot_keep(const iscc_gnuplot *gnuplot, const char *path, iscc_error *error);

/* Drops script and picture in place of iscc_gnuplot_end(). */
void iscc_gnuplot_cancel(iscc_gnuplot *gnuplot);

/* Runs the script. ISCC_EIO says what gnuplot complained of, or that it is not installed; a file of that name
 * is then as it was. */
iscc_status iscc_gnuplot_end(iscc_gnuplot *gnuplot, iscc_error *error);

/* The same after iscc_gnuplot_keep() at kept, unless that is NULL; nothing is drawn if that fails. */
iscc_status iscc_gnuplot_end_keeping(iscc_gnuplot *gnuplot, const char *kept, iscc_error *error);

/* Whether text (NULL: yes) may stand between single quotes in a script: without quotes, backslashes and
 * control characters. */
bool iscc_gnuplot_is_plain(const char *text);

/* Pixels that a text takes at most, at ISCC_GNUPLOT_FONT_PX; 0 for NULL. */
double iscc_gnuplot_text_px(const char *text);

#ifdef __cplusplus
}
#endif
#endif
