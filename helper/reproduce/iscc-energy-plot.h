/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-energy-plot - pictures of figs. 9 to 11, a panel for each candidate set.
 *
 *   NAME        energy of every scheme; crosses where one has no allocation
 *   NAME-joint  joint, its certified lower bound and alternating; how far alternating lies above, percent
 *   NAME-check  realised accuracy beside the target: joint and alternating, below the other schemes; taken
 *               away when nothing is checked */
#ifndef ISCC_ENERGY_PLOT_H
#define ISCC_ENERGY_PLOT_H

#include "iscc-energy-figure.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Each as PNG and SVG. */
iscc_status iscc_energy_draw(const iscc_study *study, const char *name, const iscc_energy_results *results,
                             iscc_error *error);

#ifdef __cplusplus
}
#endif
#endif
