/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-figures - which figures there are, and the results of all of them. */
#ifndef ISCC_FIGURES_H
#define ISCC_FIGURES_H

#include "iscc-energy-figure.h"
#include "iscc-losses-figure.h"
#include "iscc-sensing-figure.h"
#include "iscc-study.h"
#include "iscc-weights-figure.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum {
  ISCC_FIGURE_4,
  ISCC_FIGURE_7,
  ISCC_FIGURE_8,
  ISCC_FIGURE_9,
  ISCC_FIGURE_10,
  ISCC_FIGURE_11,
  ISCC_TABLE_3,
  ISCC_FIGURES /* how many */
} iscc_figure;

enum { ISCC_ENERGY_FIGURES = ISCC_FIGURES - ISCC_FIGURE_9 };

typedef struct {
  bool have[ISCC_FIGURES]; /* measured */
  iscc_sensing_results sensing;
  iscc_weights_results weights;
  iscc_losses_results losses;
  iscc_energy_results energy[ISCC_ENERGY_FIGURES]; /* figs. 9, 10, 11 and Table III */
} iscc_reproduction;

const char *iscc_figure_name(iscc_figure figure); /* "fig4", ..., "table3" */
/* ISCC_EINVAL lists the names. */
iscc_status iscc_figure_find(const char *name, iscc_figure *figure, iscc_error *error);

#ifdef __cplusplus
}
#endif
#endif
