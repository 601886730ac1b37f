/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-plot-map - colour maps side by side, as PNG, SVG or PDF; see iscc-plot.h for paths and texts. */
#ifndef ISCC_PLOT_MAP_H
#define ISCC_PLOT_MAP_H

#include <stddef.h>

#include "iscc-plot.h"
#include "iscc-status.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
  const char *title;                       /* of this map */
  size_t rows, columns;                    /* y and x */
  double x_first, x_last, y_first, y_last; /* centres of the outermost cells */
  const double *values;                    /* rows x columns, borrowed */
} iscc_plot_map;

/* 1..4 colour maps side by side, one colour scale from low to high (values outside take the end colours). */
iscc_status iscc_plot_maps(const char *path, const iscc_plot_frame *frame, const iscc_plot_map *maps,
                           size_t count, const char *scale_label, double low, double high, iscc_error *error);

#ifdef __cplusplus
}
#endif
#endif
