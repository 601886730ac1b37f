/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-plot-axis - a frame's place, texts, ranges and round values to mark on its axes; for the iscc-plot
 * files. */
#ifndef ISCC_PLOT_AXIS_H
#define ISCC_PLOT_AXIS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
  double low, high; /* INFINITY, -INFINITY before the first value */
  bool log;         /* to the base of 10; values that are not > 0 have no place on it */
} iscc_plot_axis;

/* An axis without values. */
iscc_plot_axis iscc_plot_axis_empty(bool log);

/* Whether a value has a place on the axis. */
bool iscc_plot_axis_shows(const iscc_plot_axis *axis, double value);

/* Widens the axis to hold a value; others than those it shows change nothing. */
void iscc_plot_axis_include(iscc_plot_axis *axis, double value);

/* Fixes the ends: wished values that the axis shows are taken, others are found from the values so far; with
 * `room`, the found ones leave some space at the ends. Both 0 mean nothing is wished. Afterwards low < high.
 */
void iscc_plot_axis_settle(iscc_plot_axis *axis, double wished_low, double wished_high, bool room);

enum { ISCC_PLOT_TICKS_MAX = 64, ISCC_PLOT_TICK_TEXT = 32 };

typedef struct {
  double at[ISCC_PLOT_TICKS_MAX];
  char text[ISCC_PLOT_TICKS_MAX][ISCC_PLOT_TICK_TEXT]; /* such as 0.25 or 2×10⁶ */
  size_t count;
  double text_px; /* of the longest */
} iscc_plot_ticks;

/* Round values within the settled ends, about as many as wanted. */
void iscc_plot_ticks_choose(iscc_plot_ticks *ticks, const iscc_plot_axis *axis, double wanted);

/* Names at 1, 2, ..., at most ISCC_PLOT_TICKS_MAX; long ones are cut. */
void iscc_plot_ticks_name(iscc_plot_ticks *ticks, const char *const *names, size_t count);

/* Writes "set xtics ..." or "set ytics ..." (name is 'x' or 'y'); without texts, marks only. */
void iscc_plot_ticks_write(const iscc_plot_ticks *ticks, char name, bool texts, FILE *script);

/* A frame on a picture, in px from the picture's lower left corner. */
typedef struct {
  double picture_width, picture_height;
  double left, right, bottom, top;
  double below; /* of a strip under the frame, which the x axis' texts stand under */
  double y_text_px;
} iscc_plot_box;

/* Room around a box: at its left beside the ticks' texts, and below and above it, with and without a text. */
enum {
  ISCC_PLOT_ROOM_LEFT = 54,
  ISCC_PLOT_ROOM_BELOW = 54,
  ISCC_PLOT_ROOM_BELOW_BARE = 33,
  ISCC_PLOT_ROOM_ABOVE = 30,
  ISCC_PLOT_ROOM_ABOVE_BARE = 12
};

/* Writes the margins that place the frame. */
void iscc_plot_box_write(const iscc_plot_box *box, FILE *script);

/* Writes a title above a box and the labels of its axes as gnuplot labels; each may be NULL. gnuplot's own
 * titles have other places in each kind of picture. */
void iscc_plot_box_label(const iscc_plot_box *box, const char *title, const char *x_label,
                         const char *y_label, FILE *script);

#ifdef __cplusplus
}
#endif
#endif
